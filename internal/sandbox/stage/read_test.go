package stage

import (
	"bytes"
	"net/mail"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// FuzzReplyToAnything reads any bytes as a mail and answers it. Reading never
// fails, what is shown has no script, and the answer is one well-formed mail
// whose header holds no line that the original smuggled in.
func FuzzReplyToAnything(f *testing.F) {
	s := &Stage{}
	s.fillIn()
	for _, x := range samples() {
		p, _ := (&Stage{cast: Cast()}).person(x.from)
		l := s.blank(p)
		l.Subject, l.Text, l.HTML, l.Files = x.subject, x.text, x.html, nil
		f.Add(l.bytes())
	}
	f.Add([]byte(strings.ReplaceAll(question, "\n", "\r\n")))
	f.Add([]byte("From: =?utf-8?q?a=0D=0ABcc:_x@y?= <a@b>\r\nReply-To: \"x\\\r\n y\"@b\r\nSubject: =?x?q?=0A?=\r\nMessage-ID: <a b>\r\n\r\nx"))
	f.Add([]byte("no header at all"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n--b"))
	f.Add([]byte("Content-Type: text/html; charset=utf-7\r\n\r\n<svg><script>x</script><img src=cid:%zz><a href='java\tscript:x'>"))
	p := Cast()[0]
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Read(raw)
		if !utf8.ValidString(m.Text + m.HTML + m.Subject) {
			t.Fatal("not UTF-8")
		}
		harmless(t, m.document())
		out := s.reply(p, m, "Thanks", true).bytes()
		h, err := mail.ReadMessage(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{
			"From": true, "To": true, "Cc": true, "Subject": true, "Date": true, "Message-Id": true, "In-Reply-To": true,
			"References": true, "Mime-Version": true, "Content-Type": true, "Content-Transfer-Encoding": true,
		}
		for name, values := range h.Header {
			if !known[name] || len(values) != 1 {
				t.Fatalf("%s: %q", name, values)
			}
		}
	})
}

// harmless fails on elements and attributes that do something.
func harmless(t *testing.T, document []byte) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(document))
	for z.Next() != html.ErrorToken {
		tag := z.Token()
		if tag.Type != html.StartTagToken && tag.Type != html.SelfClosingTagToken {
			continue
		}
		switch tag.Data {
		case "script", "iframe", "object", "embed", "form", "input", "base", "link", "svg", "math":
			t.Fatalf("<%s> in %q", tag.Data, document)
		}
		for _, a := range tag.Attr {
			link := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || (a.Key == "href" || a.Key == "src") && strings.HasPrefix(link, "javascript:") {
				t.Fatalf("%s=%q", a.Key, a.Val)
			}
		}
	}
}
