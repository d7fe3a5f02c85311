package mailroom

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/mail"
	"strings"
	"time"
)

// maxHeader is how far into a message the trace code looks for header fields.
const maxHeader = 256 << 10

// envelope is what is known of a mail beside its bytes.
type envelope struct {
	from, rcpt string
	helo, with string
	// user is the account that sent it, nil for mail from elsewhere.
	user *account
}

// trace returns the header fields that a delivering server puts on top.
func (e envelope) trace(host string, now time.Time) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", e.from)
	fmt.Fprintf(&b, "Delivered-To: %s\r\n", e.rcpt)
	fmt.Fprintf(&b, "Received: from %s ([127.0.0.1])\r\n\tby %s with %s id %s\r\n\tfor <%s>;\r\n\t%s\r\n",
		word(e.helo), host, e.with, rand.Text()[:12], e.rcpt, now.Format(time.RFC1123Z))
	return b.Bytes()
}

// results returns an Authentication-Results field. The sender logged in, which
// stands for the SPF and DKIM of the sender's own domain; dmarc passes where
// the one address in From is of that domain (RFC 7489 §3.1).
func (e envelope) results(host string, raw []byte) []byte {
	verdict, from := "fail", "invalid"
	if domain, ok := fromDomain(raw); ok {
		from = domain
		if domain == e.user.domain {
			verdict = "pass"
		}
	}
	return fmt.Appendf(nil,
		"Authentication-Results: %s;\r\n\tauth=pass smtp.auth=%s;\r\n\tspf=pass smtp.mailfrom=%s;\r\n\tdmarc=%s header.from=%s\r\n",
		host, e.user.base, e.user.domain, verdict, from)
}

// fromDomain returns the domain of From if there is exactly one field with
// exactly one address whose domain is a plain one.
func fromDomain(raw []byte) (string, bool) {
	var values []string
	for _, f := range headerFields(raw) {
		if strings.EqualFold(f.name, "From") {
			values = append(values, f.value())
		}
	}
	if len(values) != 1 {
		return "", false
	}
	list, err := mail.ParseAddressList(values[0])
	if err != nil || len(list) != 1 {
		return "", false
	}
	_, domain, err := splitAddress(list[0].Address)
	if err != nil || domain != word(domain) {
		return "", false
	}
	return domain, true
}

// word makes foreign text safe to stand alone in a header.
func word(s string) string {
	s = strings.Map(func(c rune) rune {
		if c == '.' || c == '-' || c == '_' || c == ':' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return -1
	}, s)
	if s == "" {
		return "unknown"
	}
	return s[:min(len(s), maxAddress)]
}

// withoutForgeries drops the fields that only a delivering server may write:
// Return-Path, and Authentication-Results in our name (RFC 8601 §5).
func withoutForgeries(raw []byte, host string) []byte {
	var out []byte
	from := 0
	for _, f := range headerFields(raw) {
		forged := strings.EqualFold(f.name, "Return-Path") ||
			strings.EqualFold(f.name, "Authentication-Results") && claims(f.value(), host)
		if forged {
			out = append(out, raw[from:f.start]...)
			from = f.end
		}
	}
	if from == 0 {
		return raw
	}
	return append(out, raw[from:]...)
}

func claims(value, host string) bool {
	return strings.Contains(strings.ToLower(value), strings.ToLower(host))
}

// field is a header field: its name, where its lines lie in the message, and
// its lines.
type field struct {
	name       string
	start, end int
	lines      []byte // after the colon, folded
}

// value returns the unfolded value.
func (f field) value() string {
	v := strings.NewReplacer("\r\n", "", "\n", "").Replace(string(f.lines))
	return strings.TrimSpace(v)
}

// headerFields finds the fields of a header, in order. Lines that are no field
// are passed over, and the search ends at the empty line or at 256 KiB.
func headerFields(raw []byte) []field {
	var fields []field
	limit := min(len(raw), maxHeader)
	for at := 0; at < limit; {
		end := lineEnd(raw, at)
		line := bytes.TrimRight(raw[at:end], "\r\n")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if n := len(fields); n > 0 && fields[n-1].end == at {
				fields[n-1].end = end
				fields[n-1].lines = raw[fields[n-1].start+len(fields[n-1].name)+1 : end]
			}
		} else if name, _, ok := bytes.Cut(line, []byte(":")); ok && len(name) > 0 && !bytes.ContainsAny(name, " \t") {
			fields = append(fields, field{name: string(name), start: at, end: end, lines: raw[at+len(name)+1 : end]})
		}
		at = end
	}
	return fields
}

func lineEnd(raw []byte, at int) int {
	if i := bytes.IndexByte(raw[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(raw)
}

func firstField(raw []byte, name string) string {
	for _, f := range headerFields(raw) {
		if strings.EqualFold(f.name, name) {
			return f.value()
		}
	}
	return ""
}

// crlf gives every line the end that SMTP demands.
func crlf(raw []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(raw) + len(raw)/30)
	for i, c := range raw {
		if c == '\n' && (i == 0 || raw[i-1] != '\r') {
			out.WriteByte('\r')
		}
		out.WriteByte(c)
	}
	return out.Bytes()
}
