package richtext

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

var (
	number  = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,3})?%?$`)
	colour  = regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|[a-z]{3,25}|rgba?\([0-9\s,.%/]{5,40}\))$`)
	link    = regexp.MustCompile(`(?i)^(https?://|mailto:|tel:)`)
	ownLink = regexp.MustCompile(`(?i)^(https?://|mailto:)`)
	cid     = regexp.MustCompile(`(?i)^cid:[^\s"'<>\\]{1,250}$`)
	words   = regexp.MustCompile(`^[^<>]{0,500}$`)
)

// mailPolicy is the one policy for HTML from outside: text,
// structure, tables, links that a person may follow, and pictures that came
// along. No element runs, loads, submits or has a name that a page could find.
var mailPolicy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "div", "span", "hr", "wbr", "center", "address", "article", "section", "header",
		"footer", "main", "aside", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li",
		"dl", "dt", "dd", "blockquote", "pre", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub",
		"sup", "small", "big", "tt", "code", "kbd", "samp", "var", "q", "cite", "abbr", "mark", "font",
		"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col")
	p.AllowNoAttrs().OnElements("big", "main", "dl", "font")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.RequireNoReferrerOnLinks(true)
	p.AllowAttrs("href").Matching(link).OnElements("a")
	p.AllowAttrs("src").Matching(cid).OnElements("img")
	p.AllowAttrs("alt", "title").Matching(words).OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img", "table", "td", "th", "col", "colgroup", "tr")
	p.AllowAttrs("colspan", "rowspan", "span", "start", "border", "cellpadding", "cellspacing").Matching(number).
		OnElements("td", "th", "col", "colgroup", "ol", "table")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`(?i)^(left|right|center|justify)$`)).Globally()
	p.AllowAttrs("valign").Matching(regexp.MustCompile(`(?i)^(top|middle|bottom|baseline)$`)).OnElements("td", "th", "tr")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("color").Matching(colour).OnElements("font")
	p.AllowAttrs("bgcolor").Matching(colour).OnElements("table", "tr", "td", "th")
	p.AllowStyles("color", "background-color").Matching(colour).Globally()
	p.AllowStyles("font-weight").Matching(regexp.MustCompile(`^(bold|bolder|normal|lighter|[1-9]00)$`)).Globally()
	p.AllowStyles("font-style").MatchingEnum("italic", "normal", "oblique").Globally()
	p.AllowStyles("text-decoration").MatchingEnum("underline", "line-through", "none").Globally()
	p.AllowStyles("text-align").MatchingEnum("left", "right", "center", "justify", "start", "end").Globally()
	p.SkipElementsContent("svg", "math", "head", "template", "select", "textarea", "audio", "video", "canvas", "applet")
	return p
}()

// editorPolicy is for what an agent composes: few elements, each of which a
// plain text can say too.
var editorPolicy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "b", "em", "i", "s", "u", "ul", "ol", "li", "blockquote", "code", "pre",
		"h1", "h2", "h3")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https", "mailto", "cid")
	p.AllowAttrs("href").Matching(ownLink).OnElements("a")
	p.AllowAttrs("src").Matching(cid).OnElements("img")
	p.AllowAttrs("alt").Matching(words).OnElements("img")
	p.AllowAttrs("width", "height", "start").Matching(number).OnElements("img", "ol")
	p.SkipElementsContent("svg", "math", "head", "template", "select", "textarea", "audio", "video", "canvas", "applet")
	return p
}()

// Sanitize makes foreign HTML safe to show in a document of its own, and
// balanced. Sanitising what is sanitised changes nothing.
func Sanitize(source string) string {
	return settled(clip(source), func(s string) string {
		body, err := parse(s)
		if err != nil {
			return html.EscapeString(tidy(tagless(s)))
		}
		prepare(body)
		return mailPolicy.Sanitize(render(body))
	})
}

// maxRounds is how often a policy may run until its result stays the same.
const maxRounds = 4

// settled runs a policy and balances its result until neither changes
// anything. What will not settle is foul, and only its words are kept.
func settled(source string, policy func(string) string) string {
	for range maxRounds {
		clean := balanced(policy(source))
		if clean == source {
			return clean
		}
		source = clean
	}
	if clean := balanced(policy(source)); clean == source {
		return clean
	}
	return html.EscapeString(tidy(tagless(source)))
}

func balanced(s string) string {
	body, err := parse(s)
	if err != nil {
		return html.EscapeString(tidy(tagless(s)))
	}
	return render(body)
}

// prepare changes what the policy cannot: links lose what a person does not
// see, and remote pictures are counted. It tells whether there were any.
func prepare(body *html.Node) (remote bool) {
	for n := range body.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for i, a := range n.Attr {
			switch {
			case a.Key == "href" && n.Data == "a":
				n.Attr[i].Val = plainMailto(a.Val)
			case loads(n.Data, a):
				remote = true
			}
		}
	}
	return remote
}

var remoteAddress = regexp.MustCompile(`(?i)^\s*(https?:)?//`)

// loads tells whether an attribute would fetch something from elsewhere.
func loads(element string, a html.Attribute) bool {
	switch a.Key {
	case "src", "background", "srcset", "poster":
		return element != "script" && remoteAddress.MatchString(a.Val)
	case "style":
		return strings.Contains(strings.ToLower(a.Val), "url(")
	}
	return false
}

// plainMailto keeps a mailto link's address and subject: a body, a Bcc or a
// file to attach would be written in an agent's name.
func plainMailto(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || !strings.EqualFold(u.Scheme, "mailto") {
		return href
	}
	keep := url.Values{}
	if subject := u.Query().Get("subject"); subject != "" {
		keep.Set("subject", subject)
	}
	u.RawQuery, u.Fragment = strings.ReplaceAll(keep.Encode(), "+", "%20"), ""
	return u.String()
}
