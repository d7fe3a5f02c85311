package richtext

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"

	"golang.org/x/net/html"
)

// Frame is what a document for the opaque frame holds.
type Frame struct {
	HTML        string // sanitised new words
	Quoted      string // sanitised history, behind a button; may be empty
	ShowQuoted  bool   // the button starts pressed
	QuotedLabel string // what a screen reader says for the button
	Lang        string // of the page, such as "fr"
	Dark        bool
	// Image finds a picture that came with the message by its Content-ID.
	Image func(contentID string) (mediaType string, data []byte, ok bool)
}

//go:embed frame.js
var frameScript string

//go:embed frame.css
var frameStyle string

// FramePolicy is the Content-Security-Policy header value for Document: it
// loads nothing, and runs one script, known by its hash.
var FramePolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" + scriptHash() +
	"'; base-uri 'none'; form-action 'none'; sandbox allow-scripts"

func scriptHash() string {
	sum := sha256.Sum256([]byte(frameScript))
	return base64.StdEncoding.EncodeToString(sum[:])
}

var page = template.Must(template.New("frame").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><style>{{.Style}}</style></head>
<body class="{{.Class}}"><div>{{.Reply}}</div>
{{- if .Quoted}}
<button type="button" aria-expanded="{{.Shown}}" aria-controls="quoted"{{with .Label}} aria-label="{{.}}" title="{{.}}"{{end}}>…</button>
<div id="quoted"{{if not .Shown}} hidden{{end}}>{{.Quoted}}</div>
{{- end}}
{{.Script}}</body></html>
`))

// Document makes a complete document of a message, for a frame of opaque
// origin with FramePolicy as its header. What it is given is sanitised again,
// so that an old message is shown by today's rules. Its one script posts
// {aparte: "height", height} and {aparte: "link", href} to the parent.
func Document(f Frame) []byte {
	room := int64(maxPictures)
	reply, quoted := f.pictures(Sanitize(f.HTML), &room), f.pictures(Sanitize(f.Quoted), &room)
	var b bytes.Buffer
	err := page.Execute(&b, map[string]any{
		"Lang": f.Lang, "Label": f.QuotedLabel, "Shown": f.ShowQuoted, "Class": f.class(reply + quoted),
		"Style": template.CSS(frameStyle), "Reply": template.HTML(reply), "Quoted": template.HTML(quoted),
		"Script": template.HTML("<script>" + frameScript + "</script>"),
	})
	if err != nil {
		panic(err) // the template and its fields are ours
	}
	return b.Bytes()
}

// class says how the words are coloured. A mail with colours of its own was
// written for white paper, and gets it in a dark window too.
func (f Frame) class(shown string) string {
	switch {
	case !f.Dark:
		return "light"
	case ownColours(shown):
		return "dark paper"
	}
	return "dark"
}

func ownColours(shown string) bool {
	for _, mark := range []string{"color:", "bgcolor=", "<font color="} {
		if strings.Contains(shown, mark) {
			return true
		}
	}
	return false
}

// Bounds of the pictures in one document, in bytes.
const (
	maxPicture  = 5 << 20
	maxPictures = 20 << 20
)

// raster are the kinds of picture that a document may hold: none of them can
// hold a script.
var raster = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/bmp": true,
}

// pictures puts the pictures that came along into the HTML itself. One that is
// missing, too big or no raster picture leaves its description.
func (f Frame) pictures(clean string, room *int64) string {
	if !strings.Contains(clean, "<img") {
		return clean
	}
	body, err := parse(clean)
	if err != nil {
		return clean
	}
	for n := range body.Descendants() {
		if n.Type != html.ElementNode || n.Data != "img" {
			continue
		}
		src := f.picture(attr(n, "src"), room)
		kept := n.Attr[:0]
		for _, a := range n.Attr {
			if a.Key != "src" {
				kept = append(kept, a)
			}
		}
		n.Attr = kept
		if src != "" {
			n.Attr = append(n.Attr, html.Attribute{Key: "src", Val: src})
		}
	}
	return render(body)
}

func (f Frame) picture(src string, room *int64) string {
	if f.Image == nil || len(src) < 4 || !strings.EqualFold(src[:4], "cid:") {
		return ""
	}
	_, data, ok := f.Image(src[4:])
	size := int64(len(data))
	kind := http.DetectContentType(data) // by its bytes: what the sender calls it proves nothing
	if !ok || size == 0 || size > maxPicture || size > *room || !raster[kind] {
		return ""
	}
	*room -= size
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}
