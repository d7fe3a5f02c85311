package httpapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html/template"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// family is the first word of a path, by which the document is ordered.
func family(path string) string {
	word, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/"), "/")
	return word
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// operations lists every call of the document, by path and method.
func operations(doc *huma.OpenAPI) []*huma.Operation {
	var all []*huma.Operation
	for _, item := range doc.Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if o != nil {
				all = append(all, o)
			}
		}
	}
	slices.SortFunc(all, func(a, b *huma.Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return all
}

// written writes the document as it is served and kept.
func written(doc *huma.OpenAPI) []byte {
	raw, err := json.Marshal(doc)
	if err != nil {
		panic("the API cannot be described: " + err.Error()) // a mistake in a shape, found by every test
	}
	var out bytes.Buffer
	json.Indent(&out, raw, "", "  ") // what was just marshalled is well-formed
	out.WriteByte('\n')
	return out.Bytes()
}

// raw documents and mounts a call whose bytes are not JSON.
func (s *server) raw(o huma.Operation, h http.HandlerFunc) {
	s.api.OpenAPI().AddOperation(&o)
	s.mux.HandleFunc(o.Method+" "+o.Path, h)
}

// bytesOf describes an answer that is a stream of bytes.
func bytesOf(mediaType, what string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: what, Content: map[string]*huma.MediaType{
		mediaType: {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}}}
}

func inPath(name string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}
}

func inQuery(name, kind, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: kind}}
}

// describePages mounts the document itself, and a page on which to read it.
func (s *server) describePages() {
	o := open(call(http.MethodGet, "/api/openapi.json", "get-openapi", "This document"))
	o.Responses = bytesOf("application/json", "OpenAPI 3.1")
	s.raw(o, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(s.document)
	})
	o = open(call(http.MethodGet, "/api/docs", "get-docs", "This document as a page"))
	o.Responses = bytesOf("text/html", "A page without outside assets")
	s.raw(o, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		docsPage.Execute(w, s.docs()) // an error is the reader's broken line
	})
}

type docsCall struct {
	ID, Method, Path, Summary, Body, Answer string
	Params                                  []*huma.Param
}

type docsShape struct {
	Name   string
	Fields []docsField
}

type docsField struct{ Name, Type, Doc string }

// docs is the document in the words of the page.
func (s *server) docs() map[string]any {
	doc := s.api.OpenAPI()
	var calls []docsCall
	for _, o := range operations(doc) {
		c := docsCall{ID: o.OperationID, Method: o.Method, Path: o.Path, Summary: o.Summary, Params: o.Parameters}
		if o.RequestBody != nil {
			c.Body = shapeOf(o.RequestBody.Content)
		}
		for status, r := range o.Responses {
			if status != "default" {
				c.Answer = strings.TrimSpace(status + " " + shapeOf(r.Content))
			}
		}
		calls = append(calls, c)
	}
	return map[string]any{"Title": doc.Info.Title, "About": doc.Info.Description, "Calls": calls, "Shapes": shapes(doc)}
}

func shapes(doc *huma.OpenAPI) []docsShape {
	var all []docsShape
	for name, schema := range doc.Components.Schemas.Map() {
		shape := docsShape{Name: name}
		for field, f := range schema.Properties {
			shape.Fields = append(shape.Fields, docsField{field, typeName(f), f.Description})
		}
		slices.SortFunc(shape.Fields, func(a, b docsField) int { return cmp.Compare(a.Name, b.Name) })
		all = append(all, shape)
	}
	slices.SortFunc(all, func(a, b docsShape) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func shapeOf(content map[string]*huma.MediaType) string {
	for mediaType, c := range content {
		if c.Schema != nil && c.Schema.Ref != "" {
			return refName(c.Schema.Ref)
		}
		return mediaType
	}
	return ""
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

func typeName(f *huma.Schema) string {
	switch {
	case f.Ref != "":
		return refName(f.Ref)
	case f.Type == "array" && f.Items != nil:
		return "list of " + typeName(f.Items)
	case len(f.Enum) > 0:
		var words []string
		for _, e := range f.Enum {
			if word, ok := e.(string); ok && word != "" {
				words = append(words, word)
			}
		}
		return strings.Join(words, " | ")
	}
	return strings.TrimSpace(f.Type + " " + f.Format)
}

var docsPage = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}} API</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
code { font-family: ui-monospace, monospace; } td, th { text-align: left; vertical-align: top; padding: .1rem 1rem .1rem 0; }
</style></head><body>
<h1>{{.Title}} API</h1><p>{{.About}}</p><p>For programs: <a href="/api/openapi.json">openapi.json</a></p>
<h2>Calls</h2>
{{range .Calls}}<h3 id="{{.ID}}"><code>{{.Method}} {{.Path}}</code></h3><p>{{.Summary}}</p><table>
{{if .Body}}<tr><th>takes</th><td><a href="#shape-{{.Body}}">{{.Body}}</a></td></tr>{{end}}
{{if .Answer}}<tr><th>answers</th><td>{{.Answer}}</td></tr>{{end}}
{{range .Params}}<tr><td><code>{{.Name}}</code></td><td>{{.In}}{{if .Description}}: {{.Description}}{{end}}</td></tr>{{end}}</table>
{{end}}<h2>Shapes</h2>
{{range .Shapes}}<h3 id="shape-{{.Name}}">{{.Name}}</h3><table>
{{range .Fields}}<tr><td><code>{{.Name}}</code></td><td>{{.Type}}</td><td>{{.Doc}}</td></tr>{{end}}</table>
{{end}}</body></html>
`))
