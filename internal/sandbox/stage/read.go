package stage

import (
	"bytes"
	"io"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // old charsets, which customers' clients still use
	gomail "github.com/emersion/go-message/mail"
)

const (
	maxParts   = 200
	maxDepth   = 20
	maxText    = 2 << 20 // bytes of text that are shown
	maxHeader  = 1 << 20
	maxSnippet = 140 // characters
)

// Mail is a mail as a client reads it. Reading never fails: what cannot be
// understood is shown as it came.
type Mail struct {
	From, To, Cc, ReplyTo []mail.Address
	Subject               string
	Date                  time.Time // zero if the mail does not say
	ID, InReplyTo         string
	References            []string
	Automatic             bool   // says that a machine wrote it (RFC 3834)
	Text, HTML            string // either may be empty
	Files                 []File
}

// Read understands a mail as far as possible.
func Read(raw []byte) Mail {
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return Mail{Text: printable(raw)}
	}
	m := readHeader(gomail.Header{Header: e.Header})
	count := 0
	m.collect(e, 0, &count)
	if m.Text == "" && m.HTML != "" {
		m.Text = textOf(m.HTML)
	}
	return m
}

func readHeader(h gomail.Header) Mail {
	subject, err := h.Subject()
	if err != nil {
		subject = h.Get("Subject")
	}
	date, _ := h.Date()
	m := Mail{
		From: people(h, "From"), To: people(h, "To"), Cc: people(h, "Cc"), ReplyTo: people(h, "Reply-To"),
		Subject: printable([]byte(subject)), Date: date,
		ID: first(ids(h.Get("Message-Id"))), InReplyTo: first(ids(h.Get("In-Reply-To"))), References: ids(h.Get("References")),
	}
	auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	m.Automatic = auto != "" && auto != "no"
	return m
}

// people reads an address field; one that is no list of addresses is shown as
// a name.
func people(h gomail.Header, field string) []mail.Address {
	if h.Get(field) == "" {
		return nil
	}
	list, err := h.AddressList(field)
	if err != nil {
		return []mail.Address{{Name: printable([]byte(h.Get(field)))}}
	}
	var out []mail.Address
	for _, a := range list {
		out = append(out, mail.Address{Name: printable([]byte(a.Name)), Address: printable([]byte(a.Address))})
	}
	return out
}

var idPattern = regexp.MustCompile(`<[!-;=?-~]{1,250}>`)

// ids finds the message ids of a field, whatever stands between them.
func ids(field string) []string { return idPattern.FindAllString(field, -1) }

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// collect sorts a part and all parts in it into text, HTML and files.
func (m *Mail) collect(e *message.Entity, depth int, count *int) {
	*count++
	if depth > maxDepth || *count > maxParts {
		return
	}
	if parts := e.MultipartReader(); parts != nil {
		for {
			p, err := parts.NextPart()
			if p == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			m.collect(p, depth+1, count)
		}
	}
	m.leaf(e)
}

func (m *Mail) leaf(e *message.Entity) {
	kind, params, _ := e.Header.ContentType()
	if kind == "" {
		kind = "text/plain"
	}
	disposition, more, _ := e.Header.ContentDisposition()
	name := more["filename"]
	if name == "" {
		name = params["name"]
	}
	body, _ := io.ReadAll(e.Body) // a part that breaks off is shown as far as it goes
	attached := disposition == "attachment" || name != ""
	switch {
	case kind == "text/plain" && !attached:
		m.Text = joined(m.Text, printable(body[:min(len(body), maxText)]))
	case kind == "text/html" && !attached:
		m.HTML = joined(m.HTML, printable(body[:min(len(body), maxText)]))
	default:
		id := strings.Trim(e.Header.Get("Content-Id"), "<> \t")
		m.Files = append(m.Files, File{Name: printable([]byte(name)), Type: kind, ContentID: printable([]byte(id)), Data: body})
	}
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "\n" + b
}

// printable makes valid UTF-8 of any bytes, without controls, and with plain
// line feeds.
func printable(b []byte) string {
	s := strings.ReplaceAll(strings.ToValidUTF8(string(b), "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0 {
			return -1
		}
		return c
	}, s)
}

// snippet is the beginning of the text on one line.
func (m Mail) snippet() string {
	var fresh []string
	for line := range strings.Lines(m.Text) {
		if !strings.HasPrefix(line, ">") {
			fresh = append(fresh, line)
		}
	}
	words := []rune(strings.Join(strings.Fields(strings.Join(fresh, " ")), " "))
	if len(words) > maxSnippet {
		return string(words[:maxSnippet-1]) + "…"
	}
	return string(words)
}
