package richtext

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// foldTree takes quoted history out of a body into a tree of its own; nil
// where none was told apart. It knows the marks of mail programs, and the
// phrases of words.go.
func foldTree(body *html.Node) *html.Node {
	at := findQuote(body)
	if at == nil || at == body || forwarded(at) {
		return nil
	}
	if !sayEnough(textBefore(body, at)) {
		return nil
	}
	return splitAt(body, at)
}

// findQuote finds the element with which quoted history begins, if it goes on
// to the end.
func findQuote(body *html.Node) *html.Node {
	for n := range body.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case opensHistory(n):
			return n
		case holdsHistory(n) && !followed(body, n):
			return withAttribution(n)
		}
	}
	return nil
}

// opensHistory tells whether everything from n on is quoted: the ways of
// Outlook and its kin, which put no element around what they quote.
func opensHistory(n *html.Node) bool {
	id := attr(n, "id")
	switch {
	case id == "divRplyFwdMsg", id == "appendonsend", id == "mail-editor-reference-message-container",
		id == "OLK_SRC_BODY_SECTION", id == "zwchr", id == "stopSpelling" && n.Data == "hr":
		return true
	case hasClass(n, "ms-outlook-mobile-reference-message"):
		return true
	case n.Data == "hr" && attr(n, "data-marker") == "__DIVIDER__":
		return true
	case n.Data == "hr" && headerAfter(n):
		return true
	case n.Data == "div" && outlookBorder(attr(n, "style")):
		return true
	case n.Data == "p" || n.Data == "div":
		return n.Data == "p" && headerText(n) || separatorText(n)
	}
	return false
}

// holdsHistory tells whether n is an element that a mail program puts around
// what it quotes.
func holdsHistory(n *html.Node) bool {
	id := attr(n, "id")
	switch {
	case hasClass(n, "gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "tutanota_quote",
		"zmail_extra", "ntes-mailmaster-quote", "mailru-blockquote", "moz-cite-prefix", "gmail_attr"):
		return true
	case id == "isForwardContent" || strings.HasPrefix(id, "mail-app-auto-quote"):
		return true
	case n.Data == "blockquote":
		return attr(n, "type") == "cite" || attributes(phrase(wordsBefore(n)))
	}
	return false
}

var (
	borderTop  = regexp.MustCompile(`border-top:\s*solid\s+#(e1e1e1|b5c4df)\s+1(\.0)?pt`)
	borderTop2 = regexp.MustCompile(`border-top:\s*1(\.0)?pt\s+solid\s+(#(e1e1e1|b5c4df)|rgb\((225, ?225, ?225|181, ?196, ?223)\))`)
)

// outlookBorder is the line over a quoted header in Outlook since 2007.
func outlookBorder(style string) bool {
	style = strings.ToLower(style)
	return borderTop.MatchString(style) || borderTop2.MatchString(style)
}

func headerAfter(n *html.Node) bool {
	for s, steps := n.NextSibling, 0; s != nil && steps < maxSteps; s, steps = s.NextSibling, steps+1 {
		if words := blockText(s); strings.TrimSpace(words) != "" {
			return headerBlock(strings.Split(words, "\n"))
		}
	}
	return false
}

func headerText(n *html.Node) bool {
	return headerBlock(strings.Split(blockText(n), "\n"))
}

func separatorText(n *html.Node) bool {
	if n.FirstChild == nil || n.FirstChild.Type != html.TextNode || holdsBlock(n) {
		return false
	}
	return matches(separators, phrase(blockText(n)))
}

// Bounds of what the rules look at around one element, so that a mail made to
// be slow is not.
const (
	maxBlockText  = 4 << 10 // of its words, in bytes
	maxBlockNodes = 500     // of what is in it
	maxSteps      = 100     // of what stands beside it
)

// blockText gives an element's first words, line by line.
func blockText(n *html.Node) string {
	p := &plain{}
	p.begin(n)
	return strings.TrimSpace(p.out.String())
}

// begin writes as much of n as the rules look at.
func (p *plain) begin(n *html.Node) {
	nodes := 0
	for c := range n.Descendants() {
		nodes++
		switch {
		case p.out.Len() > maxBlockText || nodes > maxBlockNodes:
			return
		case c.Type == html.TextNode:
			p.say(c.Data)
		case c.Type == html.ElementNode && (c.Data == "br" || blocks[c.Data]):
			p.flush()
		}
	}
	if n.Type == html.TextNode {
		p.say(n.Data)
	}
	p.flush()
}

// wordsBefore gives the words right before a quote, up to its own line's begin.
func wordsBefore(n *html.Node) string {
	words := ""
	for s, steps := before(n), 0; s != nil && steps < maxSteps; s, steps = before(s), steps+1 {
		words = strings.TrimSpace(blockText(s)) + " " + words
		inline := s.Type == html.TextNode || s.Type == html.ElementNode && !blocks[s.Data] && s.Data != "br"
		if len(words) > maxPhrase || !inline && strings.TrimSpace(words) != "" {
			break
		}
	}
	return strings.TrimSpace(words)
}

// before is what stands before n, out of the elements that n is first in.
func before(n *html.Node) *html.Node {
	for n != nil && n.PrevSibling == nil {
		n = n.Parent
		if n == nil || n.Data == "body" {
			return nil
		}
	}
	if n == nil {
		return nil
	}
	return n.PrevSibling
}

// withAttribution moves the cut up to the line that introduces the quote.
func withAttribution(quote *html.Node) *html.Node {
	at, words, steps := quote, "", 0
	for s := before(quote); s != nil && steps < maxSteps; s = before(s) {
		steps++
		words = strings.TrimSpace(strings.TrimSpace(blockText(s)) + " " + words)
		if len(words) > maxPhrase {
			return at
		}
		if attributes(phrase(words)) || hasClass(s, "moz-cite-prefix", "gmail_attr") {
			return s
		}
	}
	return at
}

// followed tells whether words of the sender stand after a quote: then answers
// are mixed with it, and all is shown. Where too much stands after it to look
// at, so is it.
func followed(body, quote *html.Node) bool {
	steps := 0
	for n := quote; n != body; n = n.Parent {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if steps++; steps > maxSteps || !belongsToQuote(s) && wordCount(blockText(s)) > 0 {
				return true
			}
		}
	}
	return false
}

// belongsToQuote tells what may stand after a quote without being an answer:
// a further quote, or a signature.
func belongsToQuote(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	return holdsHistory(n) || n.Data == "blockquote" || attr(n, "id") == "Signature" ||
		hasClass(n, "gmail_signature", "moz-signature", "protonmail_signature_block")
}

// forwarded tells whether what would be folded is a mail handed on.
func forwarded(at *html.Node) bool {
	lines := strings.Split(blockText(at), "\n")
	if s := before(at); s != nil {
		lines = append(strings.Split(blockText(s), "\n"), lines...)
	}
	for _, line := range lines[:min(len(lines), 12)] {
		if matches(forwards, phrase(line)) {
			return true
		}
	}
	return false
}

// textBefore gives the words before a place, and how many lines stand after it.
func textBefore(body, at *html.Node) (reply string, quoted int) {
	p, q := &plain{}, 0
	after := false
	for n := range body.Descendants() {
		after = after || n == at
		switch {
		case n.Type == html.TextNode && !after:
			p.say(n.Data)
		case n.Type == html.ElementNode && (n.Data == "br" || blocks[n.Data]):
			p.flush()
			if after {
				q++
			}
		}
	}
	p.flush()
	return p.out.String(), q
}
