package httpapi

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"aparte/internal/desk"
)

// pagePolicy is what the page of the UI may do. Nothing comes from outside of
// the desk, and no form leaves it.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// ui serves the files of the page. Its routes are in the hash, so that every
// path is a file or nothing. There are no validators, no 304 and no redirects:
// a webview hangs on them.
func (s *server) ui() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			s.noSuchCall(w, r)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if name == "" {
			name = s.front()
		}
		b, err := fs.ReadFile(s.UI, name)
		if err != nil {
			s.refuse(w, r, desk.Missing("page"))
			return
		}
		s.dress(w.Header(), name)
		w.Write(b)
	})
}

// front is the page itself, or what stands for it in a build without one.
func (s *server) front() string {
	if _, err := fs.Stat(s.UI, "index.html"); err != nil {
		return "unbuilt.html"
	}
	return "index.html"
}

func (s *server) dress(h http.Header, name string) {
	kind := mime.TypeByExtension(path.Ext(name))
	if fixed, ok := mediaTypes[path.Ext(name)]; ok {
		kind = fixed // the system's own table may say otherwise, and a script of a wrong type does not run
	}
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	if strings.HasPrefix(name, "assets/") { // named by content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
}

var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2", ".json": "application/json", ".png": "image/png",
}
