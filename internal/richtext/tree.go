package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads HTML as a browser would and returns its body. It fails where
// elements are nested deeper than 512.
func parse(source string) (*html.Node, error) {
	doc, err := html.ParseWithOptions(strings.NewReader(source), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Body && n.Type == html.ElementNode {
			return n, nil
		}
	}
	return &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}, nil // a frameset has none
}

// render writes what stands in root, balanced.
func render(root *html.Node) string {
	var b strings.Builder
	for n := range root.ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			return "" // raw text where HTML allows none: nothing a person could read
		}
	}
	return b.String()
}

// tagless gives the words between tags, however the tags are nested.
func tagless(source string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == "" {
				b.WriteString(z.Token().Data)
			}
		case html.StartTagToken:
			name := z.Token().Data
			if name == "script" || name == "style" || name == "title" {
				skip = name
			}
			if blocks[name] || name == "br" {
				b.WriteString("\n")
			}
		case html.EndTagToken:
			if z.Token().Data == skip {
				skip = ""
			}
		}
	}
}

// blocks are elements that begin on a line of their own.
var blocks = map[string]bool{
	"p": true, "div": true, "blockquote": true, "ul": true, "ol": true, "li": true, "pre": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "table": true, "tr": true,
	"dl": true, "dt": true, "dd": true, "center": true, "address": true, "article": true, "section": true,
	"header": true, "footer": true, "main": true, "aside": true, "figure": true, "figcaption": true, "caption": true,
}

// spaced are blocks with a blank line before and after them in plain text.
var spaced = map[string]bool{
	"p": true, "blockquote": true, "ul": true, "ol": true, "pre": true, "table": true, "dl": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "figure": true,
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, names ...string) bool {
	for _, class := range strings.Fields(attr(n, "class")) {
		if slices.Contains(names, class) {
			return true
		}
	}
	return false
}

// splitAt takes n and everything after it out of root, into a tree of its own
// that keeps the elements around it.
func splitAt(root, n *html.Node) *html.Node {
	var below *html.Node
	for {
		parent := n.Parent
		shell := &html.Node{Type: parent.Type, Data: parent.Data, DataAtom: parent.DataAtom, Attr: slices.Clone(parent.Attr)}
		if below != nil {
			shell.AppendChild(below)
			n = n.NextSibling // n itself was split
		}
		for n != nil {
			next := n.NextSibling
			parent.RemoveChild(n)
			shell.AppendChild(n)
			n = next
		}
		if parent == root {
			return shell
		}
		below, n = shell, parent
	}
}

// trimBlank drops empty lines at the end.
func trimBlank(root *html.Node) {
	for n := root.LastChild; n != nil; n = root.LastChild {
		trimBlank(n)
		if n.FirstChild != nil || !blankLeaf(n) {
			return
		}
		root.RemoveChild(n)
	}
}

func blankLeaf(n *html.Node) bool {
	switch n.Type {
	case html.TextNode:
		return strings.TrimSpace(n.Data) == ""
	case html.CommentNode:
		return true
	case html.ElementNode:
		return n.Data == "br" || n.Data == "span" || n.Data == "font" || blocks[n.Data] && n.Data != "hr"
	}
	return false
}

// simplify makes a composer's element one of those that leave: a div is a
// paragraph where it holds words alone, and an empty paragraph is a blank line.
func simplify(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	if n.Data == "div" && !holdsBlock(n) {
		n.Data, n.DataAtom = "p", atom.P
	}
	if n.Data == "p" && n.FirstChild == nil {
		n.AppendChild(&html.Node{Type: html.ElementNode, Data: "br", DataAtom: atom.Br})
	}
}

func holdsBlock(n *html.Node) bool {
	nodes := 0
	for c := range n.Descendants() {
		if nodes++; nodes > maxBlockNodes {
			return true
		}
		if c.Type == html.ElementNode && blocks[c.Data] {
			return true
		}
	}
	return false
}
