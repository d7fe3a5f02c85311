package stage

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"golang.org/x/text/language"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page run its own files and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

var languages = language.NewMatcher([]language.Tag{language.English, language.French})

// routes builds the handler: the page with its files, then the JSON.
func (s *Stage) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	if err := s.routePage(mux); err != nil {
		return nil, err
	}
	mux.HandleFunc("GET /stage/people", s.listPeople)
	mux.HandleFunc("GET /stage/wait", s.waitForAll)
	mux.HandleFunc("GET /stage/people/{address}/wait", s.as(s.waitForOne))
	mux.HandleFunc("GET /stage/people/{address}/messages", s.as(s.listMessages))
	mux.HandleFunc("GET /stage/people/{address}/messages/{uid}", s.reading(s.showMessage))
	mux.HandleFunc("GET /stage/people/{address}/messages/{uid}/page", s.reading(s.showDocument))
	mux.HandleFunc("GET /stage/people/{address}/messages/{uid}/files/{n}", s.reading(s.showFile))
	mux.HandleFunc("POST /stage/people/{address}/messages/{uid}/seen", s.reading(s.markSeen))
	mux.HandleFunc("POST /stage/people/{address}/messages/{uid}/reply", s.reading(s.postReply))
	mux.HandleFunc("POST /stage/people/{address}/messages/{uid}/forward", s.reading(s.postForward))
	mux.HandleFunc("POST /stage/people/{address}/send", s.as(s.postMail))
	mux.HandleFunc("POST /stage/people/{address}/answers", s.as(s.postAnswers))
	return guarded(http.NewCrossOriginProtection().Handler(mux)), nil
}

// guarded answers only those who reached us by a loopback name, so that no
// website can come in by a name of its own that points here, and says what
// every answer may do in a browser.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackName(r.Host) {
			problem(w, http.StatusForbidden, "host", "The stage answers on this computer only.")
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func loopbackName(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	at, err := netip.ParseAddr(name)
	return err == nil && at.IsLoopback()
}

// routePage serves the page and its files.
func (s *Stage) routePage(mux *http.ServeMux) error {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return err
	}
	page, err := template.ParseFS(files, "stage.html")
	if err != nil {
		return err
	}
	texts, err := loadWords(files)
	if err != nil {
		return err
	}
	mux.Handle("GET /{$}", http.RedirectHandler("/stage/", http.StatusFound))
	mux.Handle("GET /stage", http.RedirectHandler("/stage/", http.StatusFound))
	mux.HandleFunc("GET /stage/{$}", func(w http.ResponseWriter, r *http.Request) {
		lang := langOf(r)
		w.Header().Set("Content-Security-Policy", pagePolicy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		view := struct {
			Lang, Support string
			Words         map[string]string
		}{lang, s.support, texts[lang]}
		if err := page.Execute(w, view); err != nil {
			s.log.ErrorContext(r.Context(), "stage page not written", "err", err)
		}
	})
	mux.HandleFunc("GET /stage/words", func(w http.ResponseWriter, r *http.Request) { answer(w, texts[langOf(r)]) })
	for _, name := range []string{"stage.css", "stage.js", "api.js", "compose.js", "reader.js"} {
		if err := routeFile(mux, files, name); err != nil {
			return err
		}
	}
	return nil
}

// routeFile serves one file, with a tag by which a browser may keep it.
func routeFile(mux *http.ServeMux, files fs.FS, name string) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	mux.HandleFunc("GET /stage/"+name, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", tag)
		http.ServeFileFS(w, r, files, name)
	})
	return nil
}

// loadWords reads the texts of the page in each language.
func loadWords(files fs.FS) (map[string]map[string]string, error) {
	texts := make(map[string]map[string]string)
	for _, lang := range []string{"en", "fr"} {
		b, err := fs.ReadFile(files, lang+".json")
		if err != nil {
			return nil, err
		}
		var t map[string]string
		if err := json.Unmarshal(b, &t); err != nil {
			return nil, err
		}
		texts[lang] = t
	}
	return texts, nil
}

// langOf is the language asked for by ?lang=, else the one that the browser
// prefers, else English.
func langOf(r *http.Request) string {
	asked := r.URL.Query().Get("lang")
	if asked == "en" || asked == "fr" {
		return asked
	}
	if _, i := language.MatchStrings(languages, r.Header.Get("Accept-Language")); i == 1 {
		return "fr"
	}
	return "en"
}
