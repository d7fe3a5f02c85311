package stage

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// framePolicy is the Content-Security-Policy of a mail's HTML: no scripts, no
// forms, nothing from outside. The frame may open links in a new window.
const framePolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox"

// frameStyle is what a mail looks like that brings no style of its own.
const frameStyle = `:root{color-scheme:light dark}
body{margin:1rem 1.25rem;font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;color:#1a2030;background:#fff;overflow-wrap:anywhere}
a{color:#2c44b0}img{max-width:100%;height:auto}table{max-width:100%}
blockquote{margin:.75rem 0 .75rem .25rem;padding-left:.75rem;border-left:3px solid #c3c9d5;color:#555e70}
pre{white-space:pre-wrap}
@media(prefers-color-scheme:dark){body{color:#e7eaf0;background:#171a21}a{color:#a9baff}blockquote{border-color:#4a5366;color:#a6afbe}}`

var (
	// shown is what foreign HTML may be: text, its structure, links, and
	// pictures that came with the mail.
	shown = framePolicyOf("img")
	// quoted is the same without pictures, for they do not travel with a quote.
	quoted = framePolicyOf()
	// words leaves the text alone.
	words = bluemonday.StrictPolicy().AddSpaceWhenStrippingTag(true)

	picture = regexp.MustCompile(`^image/(png|jpeg|gif|webp)$`)
	cidURL  = regexp.MustCompile(`^cid:[^\s"'<>]+$`)
	inlined = regexp.MustCompile(`src="cid:([^"]*)"`)
	block   = regexp.MustCompile(`(?i)<(br|/p|/div|/li|/tr|/h[1-6]|/blockquote)\b[^>]*>`)
)

func framePolicyOf(more ...string) *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "div", "span", "b", "strong", "i", "em", "s", "u", "small", "sub", "sup", "hr",
		"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^cite$`)).OnElements("blockquote")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowURLSchemeWithCustomPolicy("cid", func(*url.URL) bool { return true })
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	if slices.Contains(more, "img") {
		p.AllowAttrs("src").Matching(cidURL).OnElements("img")
		p.AllowAttrs("alt").OnElements("img")
	}
	return p
}

// textOf is the text of HTML, for mails that bring no other.
func textOf(s string) string {
	plain := words.Sanitize(block.ReplaceAllString(s, "$0\n"))
	var lines []string
	for line := range strings.Lines(html.UnescapeString(plain)) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// document is the mail as a page of its own: its HTML made harmless, its own
// pictures put in, or its text if it has no HTML.
func (m Mail) document() []byte {
	body := "<pre>" + html.EscapeString(m.Text) + "</pre>"
	if m.HTML != "" {
		body = inlined.ReplaceAllStringFunc(shown.Sanitize(m.HTML), m.pictureFor)
	}
	return []byte("<!doctype html><meta charset=\"utf-8\"><title>" + html.EscapeString(m.Subject) + "</title><style>" +
		frameStyle + "</style>" + body)
}

// pictureFor turns src="cid:…" into the picture's bytes, or into nothing.
func (m Mail) pictureFor(src string) string {
	id, err := url.PathUnescape(html.UnescapeString(inlined.FindStringSubmatch(src)[1]))
	if err != nil {
		return `src=""`
	}
	for _, f := range m.Files {
		if f.ContentID == id && picture.MatchString(f.Type) {
			return `src="data:` + f.Type + `;base64,` + base64.StdEncoding.EncodeToString(f.Data) + `"`
		}
	}
	return `src=""`
}
