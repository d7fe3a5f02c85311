// Package richtext turns HTML and plain text from outside into what the desk
// may show, and what an agent composed into what leaves. Sanitize is the wall
// between foreign HTML and a window (promise X5); quoted history is folded
// away and never deleted. It knows nothing of mail, tickets or the desk.
package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// Parts is an inbound message's words. Nothing is dropped: what is not in
// Reply is in Quoted.
type Parts struct {
	Reply     string // sanitised HTML of the new words
	Quoted    string // sanitised HTML of the history that it quotes; empty if none was told apart
	Text      string // plain text of both
	ReplyText string // plain text of Reply
	Remote    bool   // there were pictures to fetch from elsewhere; they are left out
}

// maxInput bounds what is read of one body, in bytes. The rest stays in the
// original.
const maxInput = 4 << 20

// FromMail reads a foreign HTML body. Pictures that came with the message
// keep their cid: address; remote ones are left out, and Parts.Remote tells.
func FromMail(source string) Parts {
	source = clip(source)
	body, err := parse(source)
	if err != nil {
		return FromPlain(tagless(source)) // nested beyond all measure: its words remain
	}
	remote := prepare(body)
	quoted := foldTree(body)
	p := Parts{Remote: remote}
	trimBlank(body)
	p.Reply, p.ReplyText = finish(body)
	p.Text = p.ReplyText
	if quoted != nil {
		var text string
		p.Quoted, text = finish(quoted)
		p.Text = strings.TrimSpace(p.Text + "\n\n" + text)
	}
	return p
}

func finish(root *html.Node) (clean, text string) {
	clean = Sanitize(render(root))
	return clean, textOf(clean, false)
}

// FromPlain reads a foreign plain text: escaped, with links to click and
// quoted history folded.
func FromPlain(text string) Parts {
	text = tidy(clip(text))
	lines := strings.Split(text, "\n")
	p := Parts{Text: text}
	reply, quoted := lines, []string(nil)
	if at, ok := foldLines(lines); ok {
		reply, quoted = lines[:at], lines[at:]
	}
	p.ReplyText = strings.TrimSpace(strings.Join(reply, "\n"))
	p.Reply = Sanitize(markup(reply))
	if len(quoted) > 0 {
		p.Quoted = Sanitize(markup(quoted))
	}
	return p
}

// FromEditor turns what a composer made into what leaves: clean HTML of few
// elements, and a plain text that says the same.
func FromEditor(source string) (clean, text string) {
	source = clip(source)
	body, err := parse(source)
	if err != nil {
		return FromEditor(markup(strings.Split(tidy(tagless(source)), "\n")))
	}
	for n := range body.Descendants() {
		simplify(n)
	}
	clean = settled(render(body), editorPolicy.Sanitize)
	return clean, textOf(clean, true)
}

func clip(s string) string {
	if len(s) > maxInput {
		s = s[:maxInput]
	}
	return strings.ToValidUTF8(s, "�")
}

// tidy makes line ends one kind and drops control characters.
func tidy(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	return strings.TrimRight(text, " \t\n")
}
