package richtext

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// markup writes lines of plain text as HTML: line breaks, quotes from ">" on,
// and links to click.
func markup(lines []string) string {
	var b strings.Builder
	depth := 0
	for i, line := range lines {
		level, rest := quoteLevel(line)
		for ; depth < level; depth++ {
			b.WriteString("<blockquote>")
		}
		if depth > level {
			b.WriteString(strings.Repeat("</blockquote>", depth-level))
			depth = level
		} else if i > 0 && !strings.HasSuffix(b.String()[max(0, b.Len()-12):], "<blockquote>") {
			b.WriteString("<br>")
		}
		writeLine(&b, rest)
		b.WriteByte('\n')
	}
	b.WriteString(strings.Repeat("</blockquote>", depth))
	return b.String()
}

// quoteLevel counts the ">" that a line begins with.
func quoteLevel(line string) (int, string) {
	level := 0
	for level < maxIndent {
		rest := strings.TrimPrefix(line, " ")
		if !strings.HasPrefix(rest, ">") || strings.HasPrefix(rest, ">From ") {
			break
		}
		line = rest[1:]
		level++
	}
	if level > 0 {
		line = strings.TrimPrefix(line, " ")
	}
	return level, line
}

var clickable = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"\x60]{2,999}|\b[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\b`)

func writeLine(b *strings.Builder, line string) {
	at := 0
	for _, m := range clickable.FindAllStringIndex(line, -1) {
		start, end := m[0], m[0]+linkLength(line[m[0]:m[1]])
		b.WriteString(spaces(html.EscapeString(line[at:start])))
		href := line[start:end]
		if !strings.Contains(href, "://") {
			href = "mailto:" + href
		}
		b.WriteString(`<a href="` + html.EscapeString(href) + `">` + html.EscapeString(line[start:end]) + `</a>`)
		at = end
	}
	b.WriteString(spaces(html.EscapeString(line[at:])))
}

// linkLength leaves out what ends a sentence and not an address.
func linkLength(s string) int {
	for {
		t := strings.TrimRight(s, ".,;:!?'*_")
		if strings.HasSuffix(t, ")") && strings.Count(t, "(") < strings.Count(t, ")") {
			t = t[:len(t)-1]
		}
		if len(t) == len(s) {
			return len(s)
		}
		s = t
	}
}

// spaces keeps the gaps that align columns.
func spaces(s string) string {
	s = strings.ReplaceAll(s, "\t", "    ")
	if strings.HasPrefix(s, " ") {
		s = "\u00a0" + s[1:]
	}
	return strings.ReplaceAll(s, "  ", " \u00a0")
}
