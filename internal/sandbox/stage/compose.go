package stage

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
	"unicode"
)

const base64Line = 76 // RFC 2045 §6.8

// File is an attachment, or a picture in the text if it has a ContentID.
type File struct {
	Name      string
	Type      string
	ContentID string
	Data      []byte
}

// letter is a mail to be written.
type letter struct {
	From       mail.Address
	To, Cc     []mail.Address
	Subject    string
	Date       time.Time
	ID         string // with its angle brackets, as all ids here
	InReplyTo  string
	References []string
	Extra      []string // more header fields, whole
	Text, HTML string
	Files      []File
}

// newID makes a Message-ID in the sender's domain.
func newID(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return "<" + strings.ToLower(rand.Text()) + "@" + domain + ">"
}

// bytes writes the mail. The same letter gives the same bytes.
func (l letter) bytes() []byte {
	var b bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	field("From", l.From.String())
	field("To", addresses(l.To))
	field("Cc", addresses(l.Cc))
	field("Subject", encoded(l.Subject))
	field("Date", l.Date.Format(time.RFC1123Z))
	field("Message-ID", l.ID)
	field("In-Reply-To", l.InReplyTo)
	field("References", strings.Join(l.References, "\r\n "))
	for _, f := range l.Extra {
		b.WriteString(f + "\r\n")
	}
	field("MIME-Version", "1.0")
	body := l.body()
	b.WriteString(body.header)
	b.WriteString("\r\n")
	b.Write(body.content)
	return b.Bytes()
}

func addresses(list []mail.Address) string {
	var words []string
	for _, a := range list {
		words = append(words, a.String())
	}
	return strings.Join(words, ",\r\n ")
}

// encoded makes a header value of any text: one line, ASCII, folded between
// encoded words (RFC 2047).
func encoded(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, s)
	return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", s), "?= =?", "?=\r\n =?")
}

// part is a piece of a mail: its header lines, and what follows them.
type part struct {
	header  string
	content []byte
}

func (l letter) body() part {
	var pictures, files []part
	for _, f := range l.Files {
		if f.ContentID != "" && l.HTML != "" {
			pictures = append(pictures, f.part("inline"))
		} else {
			files = append(files, f.part("attachment"))
		}
	}
	whole := text("plain", l.Text)
	if l.HTML != "" {
		html := text("html", l.HTML)
		if len(pictures) > 0 {
			html = l.bundle("related", append([]part{html}, pictures...))
		}
		whole = l.bundle("alternative", []part{whole, html})
	}
	if len(files) > 0 {
		whole = l.bundle("mixed", append([]part{whole}, files...))
	}
	return whole
}

func text(kind, s string) part {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.ReplaceAll(strings.TrimRight(s, "\n")+"\n", "\r\n", "\n")))
	_ = w.Close()
	return part{
		header: "Content-Type: text/" + kind + "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
		// The writer passes line feeds through; mail wants them with a return.
		content: bytes.ReplaceAll(bytes.ReplaceAll(b.Bytes(), []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n")),
	}
}

func (f File) part(disposition string) part {
	kind, _, err := mime.ParseMediaType(f.Type)
	if err != nil || !strings.Contains(kind, "/") || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
		kind = "application/octet-stream"
	}
	name := map[string]string{}
	if f.Name != "" {
		name["filename"] = f.Name
	}
	header := "Content-Type: " + kind + "\r\nContent-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: " + mime.FormatMediaType(disposition, name) + "\r\n"
	if f.ContentID != "" {
		header += "Content-ID: <" + f.ContentID + ">\r\n"
	}
	var b bytes.Buffer
	for line := base64.StdEncoding.EncodeToString(f.Data); line != ""; {
		n := min(base64Line, len(line))
		b.WriteString(line[:n] + "\r\n")
		line = line[n:]
	}
	return part{header, b.Bytes()}
}

// bundle puts parts into one. The boundary follows from the mail's id and the
// kind, so nested bundles differ.
func (l letter) bundle(kind string, parts []part) part {
	sum := sha256.Sum256([]byte(kind + l.ID))
	boundary := "=_" + hex.EncodeToString(sum[:12])
	var b bytes.Buffer
	for _, p := range parts {
		fmt.Fprintf(&b, "--%s\r\n%s\r\n%s\r\n", boundary, p.header, p.content)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return part{"Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n", b.Bytes()}
}
