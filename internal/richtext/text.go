package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// textOf writes sanitised HTML as plain text: lists with their marks, quotes
// behind ">", links as "label <url>" where links is set, else by their label.
func textOf(clean string, links bool) string {
	body, err := parse(clean)
	if err != nil {
		return tidy(tagless(clean))
	}
	p := &plain{links: links}
	p.children(body)
	p.flush()
	return p.out.String()
}

// maxIndent is how many quotes and lists show their nesting.
const maxIndent = 10

// plain writes plain text line by line.
type plain struct {
	out    strings.Builder
	line   strings.Builder
	prefix string // begins each line: quote marks and indents
	marker string // stands once in place of the prefix: an item's bullet
	gap    bool   // a blank line is due before the next one,
	before string // with this prefix
	links  bool
	pre    int
	depth  int
	counts map[*html.Node]int // of numbered lists: items so far
}

func (p *plain) children(n *html.Node) {
	for c := range n.ChildNodes() {
		p.node(c)
	}
}

func (p *plain) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		p.say(n.Data)
	case n.Type != html.ElementNode:
	case n.Data == "br":
		p.breakLine()
	case n.Data == "hr":
		p.para()
		p.line.WriteString("---")
		p.para()
	case n.Data == "img":
		if alt := strings.TrimSpace(attr(n, "alt")); alt != "" {
			p.say("[" + alt + "]")
		}
	case n.Data == "a":
		p.link(n)
	case n.Data == "td" || n.Data == "th":
		p.children(n)
		p.say(" ")
	case blocks[n.Data]:
		p.block(n)
	default:
		p.children(n)
	}
}

func (p *plain) block(n *html.Node) {
	p.edge(n)
	switch n.Data {
	case "blockquote":
		p.indented(n, p.prefix+"> ", "")
	case "li":
		mark := p.bullet(n)
		p.indented(n, p.prefix+strings.Repeat(" ", len(mark)), p.prefix+mark)
	case "pre":
		p.pre++
		p.children(n)
		p.flush()
		p.pre--
	default:
		p.children(n)
	}
	p.edge(n)
}

// edge is a block's beginning or end: a new line, or a blank one. A list
// inside of a list's item stands close.
func (p *plain) edge(n *html.Node) {
	list := n.Data == "ul" || n.Data == "ol"
	if spaced[n.Data] && !(list && inItem(n)) && !(n.Data == "p" && inItem(n)) {
		p.para()
		return
	}
	p.flush()
}

func inItem(n *html.Node) bool { return n.Parent != nil && n.Parent.Data == "li" }

func (p *plain) indented(n *html.Node, prefix, marker string) {
	was := p.prefix
	if p.depth++; p.depth <= maxIndent {
		p.prefix, p.marker = prefix, marker
	}
	p.children(n)
	p.flush()
	p.depth--
	p.prefix, p.marker = was, ""
}

// bullet is what begins a list's item.
func (p *plain) bullet(li *html.Node) string {
	list := li.Parent
	if list == nil || list.Data != "ol" {
		return "- "
	}
	if p.counts == nil {
		p.counts = map[*html.Node]int{}
	}
	n, begun := p.counts[list]
	if !begun {
		n = 1
		if start, err := strconv.Atoi(attr(list, "start")); err == nil {
			n = start
		}
	}
	p.counts[list] = n + 1
	return strconv.Itoa(n) + ". "
}

// link writes a link's label, and its address where the label does not say it.
func (p *plain) link(a *html.Node) {
	start := p.line.Len()
	p.children(a)
	href := attr(a, "href")
	label := ""
	if p.line.Len() >= start {
		label = strings.TrimSpace(p.line.String()[start:])
	}
	switch bare := strings.TrimPrefix(href, "mailto:"); {
	case href == "" || label == href || label == bare || strings.TrimSuffix(href, "/") == label:
	case !p.links && label != "":
	case label == "":
		p.say(href)
	default:
		p.say(" <" + bare + ">")
	}
}

// say adds words, with white space as a browser shows it.
func (p *plain) say(s string) {
	if p.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				p.breakLine()
			}
			p.line.WriteString(line)
		}
		return
	}
	s = strings.ReplaceAll(s, "\u00a0", " ")
	fields := strings.Fields(s)
	if startsBlank(s) && p.line.Len() > 0 && !strings.HasSuffix(p.line.String(), " ") {
		p.line.WriteByte(' ')
	}
	p.line.WriteString(strings.Join(fields, " "))
	if len(fields) > 0 && startsBlank(s[len(s)-1:]) {
		p.line.WriteByte(' ')
	}
}

func startsBlank(s string) bool { return s != "" && strings.ContainsRune(" \t\r\n\f", rune(s[0])) }

// breakLine ends a line, also an empty one.
func (p *plain) breakLine() {
	if strings.TrimSpace(p.line.String()) == "" {
		p.line.Reset()
		p.para()
		return
	}
	p.flush()
}

// para ends a line and asks for a blank one before the next. Where two meet,
// at the edge of a quote, the blank line belongs to what is outside.
func (p *plain) para() {
	p.flush()
	if !p.gap || len(p.prefix) < len(p.before) {
		p.before = p.prefix
	}
	p.gap = true
}

// flush writes the line, if there is one.
func (p *plain) flush() {
	line := strings.TrimRight(p.line.String(), " \t")
	p.line.Reset()
	if line == "" {
		return
	}
	if p.out.Len() > 0 {
		p.out.WriteByte('\n')
		if p.gap {
			p.out.WriteString(strings.TrimRight(p.before, " ") + "\n")
		}
	}
	p.gap = false
	if p.marker != "" {
		p.out.WriteString(p.marker + line)
		p.marker = ""
		return
	}
	p.out.WriteString(p.prefix + line)
}
