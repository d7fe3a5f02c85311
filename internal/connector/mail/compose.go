package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/url"
	"strings"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

const (
	maxSubject = 250 // characters
	maxCited   = 20  // ids in References beside the anchor
)

// Render composes a message: canonical bytes with CRLF and ASCII only, so that
// no server has a reason to change them. People in Bcc are in no header; they
// are not even known here.
func (c *Connector) Render(_ context.Context, out connector.Outgoing) (connector.Rendered, error) {
	id, anchor := c.messageID(out.Side, out.Message), c.anchorID(out.Side, out.Conversation)
	h, err := c.envelopeFields(out)
	if err != nil {
		return connector.Rendered{}, connector.Permanent(fmt.Errorf("compose: %w", err))
	}
	h.add("Message-ID", "<"+id+">")
	c.threading(h, out, anchor)
	h.add(loopField, c.Instance)
	h.add("MIME-Version", "1.0")
	body, err := bodyOf(out, id)
	if err != nil {
		return connector.Rendered{}, fmt.Errorf("compose: %w", err)
	}
	var b bytes.Buffer
	b.Write(h.bytes())
	if err := body.write(&b, sealOf(id), 0); err != nil {
		return connector.Rendered{}, fmt.Errorf("compose: %w", err)
	}
	return connector.Rendered{Bytes: b.Bytes(), ExternalID: id, Anchors: []string{anchor}, CoreSum: coreSum(b.Bytes())}, nil
}

// envelopeFields writes who and what.
func (c *Connector) envelopeFields(out connector.Outgoing) (*header, error) {
	h := &header{}
	from := out.From
	if from.Email == "" {
		from.Email = c.Address
	}
	if from.Name == "" {
		from.Name = c.Name
	}
	h.add("Date", out.At.Format(mailDate))
	lines := []struct {
		name string
		list []desk.Address
	}{
		{"From", []desk.Address{from}},
		{"Reply-To", c.replyTo(out, from)},
		{"To", out.To},
		{"Cc", out.Cc},
	}
	for _, l := range lines {
		value, err := addressLine(l.list)
		if err != nil {
			return nil, err
		}
		h.add(l.name, value)
	}
	h.add("Subject", encoded(desk.OneLine(out.Subject, maxSubject)))
	return h, nil
}

// replyTo is the secret address of the conversation.
func (c *Connector) replyTo(out connector.Outgoing, from desk.Address) []desk.Address {
	if out.Token == "" {
		return nil
	}
	return []desk.Address{{Name: from.Name, Email: c.plus(letterOf(out.Side) + out.Token)}}
}

// threading writes what an answer will carry back. Nothing of another
// conversation is ever in it.
func (c *Connector) threading(h *header, out connector.Outgoing, anchor string) {
	if isID(out.InReplyTo) {
		h.add("In-Reply-To", "<"+out.InReplyTo+">")
	}
	cited := []string{"<" + anchor + ">"}
	for _, id := range out.References[max(0, len(out.References)-maxCited):] {
		if isID(id) && id != anchor {
			cited = append(cited, "<"+id+">")
		}
	}
	h.add("References", strings.Join(cited, " "))
	if index, ok := threadIndex(out.ThreadKey, out.At); ok {
		h.add("Thread-Topic", encoded(desk.OneLine(withoutRe(out.Subject), maxSubject)))
		h.add("Thread-Index", index)
	}
}

func withoutRe(subject string) string {
	for {
		s := strings.TrimSpace(subject)
		if len(s) < 3 || !strings.EqualFold(s[:3], "re:") {
			return s
		}
		subject = s[3:]
	}
}

// sealOf makes the part of the boundaries that no body can hold by accident.
func sealOf(id string) string {
	sum := sha256.Sum256([]byte("boundary " + id))
	return desk.Encode32(sum[:nameBytes])
}

// node is a part of a message, or parts together.
type node struct {
	fields [][2]string // beside Content-Type
	kind   string
	leaf   func(io.Writer) error
	parts  []*node
}

// bodyOf builds the tree of parts: levels that hold one part only are left out.
func bodyOf(out connector.Outgoing, id string) (*node, error) {
	body := quoted("text/plain", out.Text)
	if out.HTML != "" {
		page := "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n" + out.HTML + "\n</body></html>\n"
		body = together("multipart/alternative", body, quoted("text/html", page))
	}
	var inside, beside []*node
	for _, f := range out.Files {
		if f.Open == nil {
			return nil, fmt.Errorf("attachment of %s cannot be opened", id)
		}
		if f.Inline && isID(f.ContentID) {
			inside = append(inside, attachment(f))
		} else {
			beside = append(beside, attachment(f))
		}
	}
	if len(inside) > 0 {
		body = together("multipart/related", append([]*node{body}, inside...)...)
	}
	if len(beside) > 0 {
		body = together("multipart/mixed", append([]*node{body}, beside...)...)
	}
	return body, nil
}

func together(kind string, parts ...*node) *node { return &node{kind: kind, parts: parts} }

// quoted is a text part. Quoted-printable keeps every line short and every
// byte plain, so that no server along the way can end the message early.
func quoted(kind, text string) *node {
	return &node{
		kind:   kind + "; charset=utf-8",
		fields: [][2]string{{"Content-Transfer-Encoding", "quoted-printable"}},
		leaf: func(w io.Writer) error {
			q := quotedprintable.NewWriter(w)
			if _, err := io.WriteString(q, unixLines(strings.ToValidUTF8(text, "\uFFFD"))); err != nil {
				return err
			}
			return q.Close()
		},
	}
}

// unixLines ends every line with LF alone, the last one too.
func unixLines(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s
}

func attachment(f connector.File) *node {
	kind := mediaType(f.Type)
	name := safeName(f.Name)
	how := "attachment"
	n := &node{fields: [][2]string{{"Content-Transfer-Encoding", "base64"}}}
	if f.Inline && isID(f.ContentID) {
		how = "inline"
		n.fields = append(n.fields, [2]string{"Content-ID", "<" + f.ContentID + ">"})
	}
	n.kind = kind + `; name="` + asciiName(name) + `"`
	n.fields = append(n.fields, [2]string{"Content-Disposition", how + fileName(name)})
	n.leaf = func(w io.Writer) error {
		r, err := f.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		lines := &liner{w: w}
		b64 := base64.NewEncoder(base64.StdEncoding, lines)
		if _, err := io.Copy(b64, r); err != nil {
			return err
		}
		if err := b64.Close(); err != nil {
			return err
		}
		return lines.end()
	}
	return n
}

// mediaType is what may stand in Content-Type. Text is sent as bytes all the
// same, and what we could not mean is left to the receiver.
func mediaType(s string) string {
	kind, sub, ok := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "/")
	token := func(t string) bool {
		return t != "" && !strings.ContainsFunc(t, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("-+.", r))
		})
	}
	if !ok || !token(kind) || !token(sub) || kind == "multipart" || kind == "message" {
		return "application/octet-stream"
	}
	return kind + "/" + sub
}

// fileName writes a name twice: in ASCII for old programs, and as RFC 2231
// wants it where that is not the whole name.
func fileName(name string) string {
	plain := asciiName(name)
	s := `; filename="` + plain + `"`
	if plain != name {
		s += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return s
}

func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, name)
}

// write writes a part with its header.
func (n *node) write(b *bytes.Buffer, seal string, level int) error {
	h := &header{}
	border := fmt.Sprintf("=_%d_%s", level, seal)
	if n.parts != nil {
		h.add("Content-Type", n.kind+`; boundary="`+border+`"`)
	} else {
		h.add("Content-Type", n.kind)
	}
	for _, f := range n.fields {
		h.add(f[0], f[1])
	}
	b.Write(h.bytes())
	b.WriteString("\r\n")
	if n.parts == nil {
		return n.leaf(b)
	}
	for _, p := range n.parts {
		b.WriteString("--" + border + "\r\n")
		if err := p.write(b, seal, level+1); err != nil {
			return err
		}
		b.WriteString("\r\n")
	}
	b.WriteString("--" + border + "--\r\n")
	return nil
}

// liner breaks base64 into lines.
type liner struct {
	w  io.Writer
	at int
}

func (l *liner) Write(b []byte) (int, error) {
	done := 0
	for len(b) > 0 {
		n := min(len(b), maxLine-l.at)
		if _, err := l.w.Write(b[:n]); err != nil {
			return done, err
		}
		done, b, l.at = done+n, b[n:], l.at+n
		if l.at == maxLine {
			if err := l.end(); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

// end ends a line that has begun.
func (l *liner) end() error {
	if l.at == 0 {
		return nil
	}
	l.at = 0
	_, err := io.WriteString(l.w, "\r\n")
	return err
}
