package mail

import (
	"bytes"
	"mime"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"

	"aparte/internal/desk"
)

const (
	loopField = "X-Aparte-Loop"
	mailDate  = "Mon, 02 Jan 2006 15:04:05 -0700" // RFC 5322 §3.3
	maxLine   = 76
)

// header builds a message's header. What goes in has no line break of its own:
// add cleans every value, so that no text of anybody can begin a field.
type header struct{ b bytes.Buffer }

// add writes a field, folded at spaces. An empty value is no field.
func (h *header) add(name, value string) {
	value = oneLine(value)
	if value == "" {
		return
	}
	h.b.WriteString(name + ":")
	width := len(name) + 1
	for i, word := range strings.Split(value, " ") {
		if i > 0 && width+1+len(word) > maxLine && word != "" {
			h.b.WriteString("\r\n")
			width = 0
		}
		h.b.WriteString(" " + word)
		width += 1 + len(word)
	}
	h.b.WriteString("\r\n")
}

func (h *header) bytes() []byte { return h.b.Bytes() }

// oneLine makes control characters spaces, and takes those at the ends away.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return ' '
		}
		return r
	}, s))
}

// encoded writes text as RFC 2047 wants it where it is more than ASCII.
func encoded(s string) string { return mime.QEncoding.Encode("utf-8", oneLine(s)) }

// address writes one address for a header. Its domain is written in ASCII, so
// that every server can read it; a name before the @ that is not ASCII cannot
// be helped, and is refused.
func address(a desk.Address) (string, error) {
	p, err := desk.ParseAddress(a.Email)
	if err != nil {
		return "", err
	}
	local, domain := desk.SplitAddress(p.Email)
	if domain, err = idna.Lookup.ToASCII(domain); err != nil || !ascii(local) {
		return "", &desk.Error{Fault: desk.Invalid, Code: "address_not_ascii", Field: "to", Err: err,
			Msg: "“" + desk.OneLine(a.Email, 80) + "” holds letters that many mail servers do not take", Hint: "Ask for another address."}
	}
	m := mail.Address{Name: desk.OneLine(a.Name, 120), Address: local + "@" + domain}
	return m.String(), nil
}

func addressLine(list []desk.Address) (string, error) {
	var words []string
	for _, a := range list {
		w, err := address(a)
		if err != nil {
			return "", err
		}
		words = append(words, w)
	}
	return strings.Join(words, ", "), nil
}

// domainOf is the part of an address after the @, in ASCII where it can be.
func domainOf(email string) string {
	_, domain := desk.SplitAddress(strings.ToLower(strings.TrimSpace(email)))
	if d, err := idna.Lookup.ToASCII(domain); err == nil {
		return d
	}
	return domain
}
