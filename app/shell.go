package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"aparte/internal/desk"
)

// native is what the desktop can do for the page in the window.
type native interface {
	open(address string) error                   // in the system's browser or mail program
	saveAs(name string) (path string, err error) // by the system's dialog; "" if the person thought better of it
	notify(n notice) error
	raise()
}

// notice is a system notification. Clicking on it brings the window forward, at Route.
type notice struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Route string `json:"route"`
}

const (
	maxShellBody = 64 << 10
	maxTitle     = 120 // characters
	maxText      = 400
	maxRoute     = 300
	maxClicks    = 25 * time.Second
)

// shell is the HTTP surface of the desktop, below /shell/, in front of the
// desk's own handler. It is mounted in the window alone, so that a browser
// never finds it.
type shell struct {
	native native
	desk   http.Handler
	log    *slog.Logger
	mux    *http.ServeMux
	clicks chan string   // routes asked for from outside of the page
	ended  chan struct{} // closed when the window goes
}

func newShell(n native, desk http.Handler, log *slog.Logger) *shell {
	s := &shell{native: n, desk: desk, log: log, mux: http.NewServeMux(), clicks: make(chan string, 16), ended: make(chan struct{})}
	s.mux.HandleFunc("GET /shell/about", s.about)
	s.mux.HandleFunc("POST /shell/open", s.openLink)
	s.mux.HandleFunc("POST /shell/save", s.save)
	s.mux.HandleFunc("POST /shell/notify", s.notify)
	s.mux.HandleFunc("POST /shell/badge", s.badge)
	s.mux.HandleFunc("GET /shell/clicks", s.waitForClick)
	s.mux.Handle("/", desk)
	return s
}

// ServeHTTP makes up for what a webview's requests lack: a panic would end the
// program, nobody cancels their context, and their writer cannot flush.
func (s *shell) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), maxRequest)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			s.log.ErrorContext(ctx, "request panicked", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			w.WriteHeader(http.StatusInternalServerError)
		}
	}()
	s.mux.ServeHTTP(&pageWriter{w, cancel}, r.WithContext(ctx))
}

// maxRequest ends what a page that went away has left behind.
const maxRequest = 10 * time.Minute

// pageWriter is a webview's response. A write that fails is the only sign that
// the page has gone.
type pageWriter struct {
	http.ResponseWriter
	cancel context.CancelFunc
}

// Write writes straight to the page.
func (w *pageWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	if err != nil {
		w.cancel()
	}
	return n, err
}

// Flush has nothing to do: no write is held back.
func (w *pageWriter) Flush() {}

// SetReadDeadline does nothing: the request's own deadline holds.
func (w *pageWriter) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing, as SetReadDeadline.
func (w *pageWriter) SetWriteDeadline(time.Time) error { return nil }

func (s *shell) about(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]string{"version": Version, "platform": runtime.GOOS})
}

// openLink opens an address outside. Only those kinds that a mail may hold are
// taken: a file: or a program's own scheme could start anything.
func (s *shell) openLink(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL string `json:"url"`
	}
	if !s.read(w, r, &in) {
		return
	}
	u, err := url.Parse(in.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
		s.refuse(w, r, desk.Refuse("url", "link_refused", "this link is of a kind that is not opened", "Only web and mail addresses are."))
		return
	}
	if err := s.native.open(u.String()); err != nil {
		s.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// save asks where to, and writes there what the desk serves at a path.
func (s *shell) save(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Path string `json:"path"`
		Name string `json:"name"`
	}
	if !s.read(w, r, &in) {
		return
	}
	if !strings.HasPrefix(in.Path, "/api/") {
		s.refuse(w, r, desk.Refuse("path", "path_refused", "only what the desk serves can be saved", "Save an attachment or an original message."))
		return
	}
	to, err := s.native.saveAs(fileName(in.Name))
	if err == nil && to != "" {
		err = s.fetchInto(r.Context(), in.Path, to)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]bool{"saved": to != ""})
}

// fileName is a name without folders.
func fileName(name string) string {
	name = filepath.Base(strings.ReplaceAll(desk.OneLine(name, 200), `\`, "/"))
	if name == "." || name == ".." || name == "/" || name == "" {
		return "file"
	}
	return name
}

// fetchInto writes what the desk answers beside the goal first, so that a
// failure leaves what was there before.
func (s *shell) fetchInto(ctx context.Context, path, to string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return desk.Refuse("path", "path_refused", "this address cannot be read", "Save it from the page.")
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".aparte-*")
	if err != nil {
		return unsaved(to, err)
	}
	into := &fileWriter{file: f, header: http.Header{}, status: http.StatusOK}
	s.desk.ServeHTTP(into, r)
	err = errors.Join(into.err, f.Sync(), f.Close())
	switch {
	case into.status != http.StatusOK:
		err = &desk.Error{Fault: desk.NotFound, Code: "file_not_found", Msg: "the desk does not serve this file", Hint: "Load the ticket again."}
	case err == nil:
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is of no use to anybody
		return unsaved(to, err)
	}
	return nil
}

func unsaved(to string, err error) error {
	var e *desk.Error
	if errors.As(err, &e) {
		return err
	}
	return &desk.Error{Fault: desk.Unavailable, Code: "not_saved", Msg: "the file could not be saved as " + filepath.Base(to), Err: err,
		Hint: "Choose another folder, or make room on the disk."}
}

// fileWriter is a response that goes to a file.
type fileWriter struct {
	file   *os.File
	header http.Header
	status int
	err    error
}

// Header is kept and not used.
func (w *fileWriter) Header() http.Header { return w.header }

// WriteHeader keeps the status.
func (w *fileWriter) WriteHeader(status int) { w.status = status }

// Write goes to the file.
func (w *fileWriter) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	w.err = errors.Join(w.err, err)
	return n, err
}

func (s *shell) notify(w http.ResponseWriter, r *http.Request) {
	var n notice
	if !s.read(w, r, &n) {
		return
	}
	n.Title, n.Body, n.Route = desk.OneLine(n.Title, maxTitle), desk.OneLine(n.Body, maxText), desk.OneLine(n.Route, maxRoute)
	if err := s.native.notify(n); err != nil {
		s.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// badge takes the count of unread things. No desktop that we build for has a
// place to show it without a tray or a launcher of its own kind, so that it
// ends here.
func (s *shell) badge(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Count int `json:"count"`
	}
	if s.read(w, r, &in) {
		w.WriteHeader(http.StatusNoContent)
	}
}

// goTo brings the window forward and has the page open a route; none leaves
// the page where it is.
func (s *shell) goTo(route string) {
	s.native.raise()
	if route == "" {
		return
	}
	select {
	case s.clicks <- route:
	default: // a page that asks for none of sixteen will not want the next
	}
}

// waitForClick answers with the next route asked for from outside, or with an
// empty one when ?wait= seconds (at most 25) have passed.
func (s *shell) waitForClick(w http.ResponseWriter, r *http.Request) {
	seconds, _ := strconv.Atoi(r.URL.Query().Get("wait")) // 0 is not to wait
	wait := time.NewTimer(min(time.Duration(max(seconds, 0))*time.Second, maxClicks))
	defer wait.Stop()
	route := ""
	select {
	case route = <-s.clicks:
	case <-wait.C:
	case <-s.ended:
	case <-r.Context().Done():
	}
	answer(w, http.StatusOK, map[string]string{"route": route})
}

func (s *shell) read(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxShellBody)).Decode(into); err != nil {
		s.refuse(w, r, desk.Refuse("", "body_malformed", "this request cannot be read", "Send one JSON object."))
		return false
	}
	return true
}

// refuse answers with a problem document, as the API does.
func (s *shell) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var e *desk.Error
	if !errors.As(err, &e) {
		s.log.ErrorContext(r.Context(), "shell request failed", "path", r.URL.Path, "err", err)
		e = &desk.Error{Fault: desk.Internal, Code: "internal", Msg: "this did not work"}
	}
	status := map[desk.Fault]int{desk.Invalid: http.StatusUnprocessableEntity, desk.NotFound: http.StatusNotFound,
		desk.Unavailable: http.StatusServiceUnavailable}[e.Fault]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": e.Msg, "status": status, "code": e.Code, "field": e.Field, "hint": e.Hint})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // whoever asked may have gone
}
