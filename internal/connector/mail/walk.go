package mail

import (
	"bytes"
	"net/http"
	"path"
	"strings"

	"aparte/internal/desk"
	"aparte/internal/richtext"
)

const (
	maxDepth    = 20
	maxParts    = 500
	maxFiles    = 100
	maxText     = 2 << 20
	maxFileName = 180
)

// text is a piece of a body in the order in which it is read.
type text struct {
	html bool
	text string
}

// content is what a part and all below it hold.
type content struct {
	texts []text
	files []desk.File
}

// walker reads the tree of parts, within the limits.
type walker struct {
	parts    int
	files    int
	problems map[string]bool
	status   []byte   // of a delivery report
	returned []string // header of the mail that a report is about
	reports  string   // report-type of the outermost multipart/report
}

func (w *walker) problem(code string) { w.problems[code] = true }

func (w *walker) part(h head, body []byte, depth int) content {
	w.parts++
	if depth > maxDepth || w.parts > maxParts {
		w.problem("too_many_parts")
		w.problem("unreadable")
		return content{}
	}
	kind, params := parameters(h.get("Content-Type"))
	switch {
	case strings.HasPrefix(kind, "multipart/") && params["boundary"] != "":
		if kind == "multipart/report" && w.reports == "" {
			w.reports = strings.ToLower(params["report-type"])
		}
		return w.multi(kind, params["boundary"], body, depth)
	case strings.HasPrefix(kind, "multipart/"):
		w.problem("boundary_missing")
		kind = "text/plain"
	}
	return w.leaf(kind, params, h, body)
}

func (w *walker) multi(kind, boundary string, body []byte, depth int) content {
	raws, closed := splitParts(body, boundary, maxParts-w.parts+1)
	if !closed {
		w.problem("truncated")
	}
	var all, best content
	for _, raw := range raws {
		h, b := splitMessage(raw)
		c := w.part(h, b, depth+1)
		all.files = append(all.files, c.files...)
		all.texts = append(all.texts, c.texts...)
		if len(c.texts) > 0 && (len(best.texts) == 0 || rich(c) || !rich(best)) {
			best = c
		}
		if w.parts > maxParts {
			break
		}
	}
	if kind == "multipart/alternative" {
		all.texts = best.texts
	}
	return all
}

func rich(c content) bool {
	for _, t := range c.texts {
		if t.html {
			return true
		}
	}
	return false
}

// splitParts cuts a multipart body at its boundary lines, in one pass.
func splitParts(body []byte, boundary string, most int) (parts [][]byte, closed bool) {
	border := []byte("--" + boundary)
	begun, from := false, 0
	for at := 0; at < len(body); {
		line, next := nextLine(body, at)
		if rest, ok := bytes.CutPrefix(line, border); ok {
			end := bytes.HasPrefix(rest, []byte("--"))
			if end || len(bytes.TrimSpace(rest)) == 0 {
				if begun {
					parts = append(parts, trimBreak(body[from:at]))
				}
				begun, from = true, next
				if end || len(parts) > most {
					return parts, true
				}
			}
		}
		at = next
	}
	if begun {
		return append(parts, body[from:]), false
	}
	return [][]byte{append([]byte("\r\n"), body...)}, false
}

func trimBreak(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

func (w *walker) leaf(kind string, params map[string]string, h head, body []byte) content {
	how, more := parameters(h.get("Content-Disposition"))
	name := more["filename"]
	if name == "" {
		name = params["name"]
	}
	switch kind {
	case "message/delivery-status", "message/global-delivery-status", "message/feedback-report":
		w.status = decoded(h, body)
		return content{}
	case "text/rfc822-headers", "message/rfc822", "message/global":
		if w.reports != "" {
			original, _ := splitMessage(decoded(h, body))
			w.returned = append(w.returned, scanIDs(original.get("Message-ID"))...)
		}
	}
	isText := kind == "" || kind == "text/plain" || kind == "text/html"
	if isText && how != "attachment" && name == "" {
		return content{texts: []text{w.words(kind, params, decoded(h, body))}}
	}
	return w.file(kind, name, how, h, body)
}

func (w *walker) words(kind string, params map[string]string, b []byte) text {
	if len(b) > maxText {
		w.problem("text_cut")
		b = b[:maxText]
	}
	s, known := toUTF8(params["charset"], b)
	if !known {
		w.problem("charset_unknown")
	}
	s = strings.ReplaceAll(s, "\x00", "")
	if strings.EqualFold(params["format"], "flowed") {
		s = unflow(s, strings.EqualFold(params["delsp"], "yes"))
	}
	return text{html: kind == "text/html", text: s}
}

// unflow puts the lines of RFC 3676 together again.
func unflow(s string, delsp bool) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if line == "-- " || strings.HasPrefix(line, ">") || !strings.HasSuffix(line, " ") {
			b.WriteString(strings.TrimPrefix(line, " ") + "\n")
			continue
		}
		line = strings.TrimPrefix(line, " ")
		if delsp {
			line = strings.TrimSuffix(line, " ")
		}
		b.WriteString(line)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (w *walker) file(kind, name, how string, h head, body []byte) content {
	w.files++
	if w.files > maxFiles {
		w.problem("too_many_files")
		return content{}
	}
	b := decoded(h, body)
	if name == "" && (kind == "message/rfc822" || kind == "message/global") {
		inner, _ := splitMessage(b)
		name = desk.OneLine(decodeWords(inner.get("Subject")), 80) + ".eml"
	}
	ids := scanIDs(h.get("Content-ID"))
	f := desk.File{Name: safeName(name), Type: sniffed(kind, b), Bytes: b}
	if len(ids) > 0 {
		f.ContentID = ids[0]
	} else if id := strings.TrimSpace(h.get("Content-ID")); isID(id) {
		f.ContentID = id
	}
	f.Inline = f.ContentID != "" && how != "attachment" && strings.HasPrefix(f.Type, "image/")
	return content{files: []desk.File{f}}
}

func decoded(h head, body []byte) []byte {
	switch strings.ToLower(strings.TrimSpace(h.get("Content-Transfer-Encoding"))) {
	case "base64":
		return unbase64(body)
	case "quoted-printable":
		return unquote(body)
	}
	return body
}

// sniffed is what a file is by its bytes, where they tell, and else what it
// says that it is.
func sniffed(declared string, b []byte) string {
	found, _, _ := strings.Cut(http.DetectContentType(b[:min(len(b), 512)]), ";")
	declared = mediaType(declared)
	switch {
	case found == "application/octet-stream", found == "application/zip", found == "text/xml":
		return declared
	case found == "text/plain":
		if strings.HasPrefix(declared, "text/") || !strings.HasPrefix(declared, "image/") && declared != "application/octet-stream" {
			return declared
		}
	}
	return found
}

// safeName is a file name that is a name only: no folder, no control or
// direction character, none that Windows keeps for itself.
func safeName(name string) string {
	name = path.Base(strings.ReplaceAll(desk.OneLine(name, 1000), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*/`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimRight(strings.TrimSpace(name), ". ")
	if name == "" || name == "." {
		return "attachment"
	}
	stem, _, _ := strings.Cut(name, ".")
	if reserved[strings.ToUpper(strings.TrimSpace(stem))] {
		name = "_" + name
	}
	return cutName(name)
}

var reserved = map[string]bool{"CON": true, "PRN": true, "AUX": true, "NUL": true,
	"COM1": true, "COM2": true, "COM3": true, "COM4": true, "LPT1": true, "LPT2": true, "LPT3": true}

// cutName cuts a long name and keeps its ending.
func cutName(name string) string {
	if len(name) <= maxFileName {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	return strings.ToValidUTF8(name[:maxFileName-len(ext)], "") + ext
}

// bodyFrom makes safe words of the texts, and tells which of them are new.
func bodyFrom(c *content) (b desk.Body, says string) {
	for _, t := range c.texts {
		read := richtext.FromPlain
		if t.html {
			read = richtext.FromMail
		}
		p := read(t.text)
		b.HTML, b.Quoted = b.HTML+p.Reply, b.Quoted+p.Quoted
		b.Text = strings.TrimSpace(b.Text + "\n" + p.Text)
		says = strings.TrimSpace(says + "\n" + p.ReplyText)
	}
	for i := range c.files {
		f := &c.files[i]
		f.Inline = f.Inline && strings.Contains(b.HTML+b.Quoted, "cid:"+f.ContentID)
	}
	return b, says
}
