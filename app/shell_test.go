package app

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakeNative is a desktop that writes down what it was asked for.
type fakeNative struct {
	opened []string
	saveTo string
	shown  []notice
	raised int
	fails  error
}

func (f *fakeNative) open(address string) error {
	f.opened = append(f.opened, address)
	return f.fails
}

func (f *fakeNative) saveAs(string) (string, error) { return f.saveTo, f.fails }

func (f *fakeNative) notify(n notice) error {
	f.shown = append(f.shown, n)
	return f.fails
}

func (f *fakeNative) raise() { f.raised++ }

func ask(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

func testShell(n native) *shell {
	desk := http.NewServeMux()
	desk.HandleFunc("GET /api/attachments/1", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("bytes")) })
	desk.HandleFunc("GET /api/panic", func(http.ResponseWriter, *http.Request) { panic("oh") })
	return newShell(n, desk, slog.New(slog.DiscardHandler))
}

func TestOnlyWebAndMailLinksAreOpened(t *testing.T) {
	t.Parallel()
	n := &fakeNative{}
	s := testShell(n)
	for link, want := range map[string]int{
		"https://example.com/a?b=c": 204, "mailto:a@b.example": 204, "http://x.example": 204,
		"file:///etc/passwd": 422, "javascript:alert(1)": 422, "steam://run/1": 422, "/relative": 422, "": 422, "HTTPS://up.example": 204,
	} {
		if got := ask(s, "POST", "/shell/open", `{"url":"`+link+`"}`).Code; got != want {
			t.Errorf("open %q: %d, want %d", link, got, want)
		}
	}
	if len(n.opened) != 4 {
		t.Errorf("opened %v", n.opened)
	}
}

func TestSaveWritesWhatTheDeskServes(t *testing.T) {
	t.Parallel()
	to := filepath.Join(t.TempDir(), "café.txt")
	s := testShell(&fakeNative{saveTo: to})
	if w := ask(s, "POST", "/shell/save", `{"path":"/api/attachments/1","name":"café.txt"}`); w.Body.String() != `{"saved":true}`+"\n" {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if b, err := os.ReadFile(to); err != nil || string(b) != "bytes" {
		t.Errorf("saved %q, %v", b, err)
	}
}

func TestFailedSaveLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	to := filepath.Join(dir, "old")
	if err := os.WriteFile(to, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := testShell(&fakeNative{saveTo: to})
	for _, path := range []string{"/api/attachments/2", "/etc/passwd"} {
		if w := ask(s, "POST", "/shell/save", `{"path":"`+path+`","name":"x"}`); w.Code < 400 {
			t.Errorf("saving %s answered %d", path, w.Code)
		}
	}
	left, err := os.ReadDir(dir)
	if b, readErr := os.ReadFile(to); err != nil || readErr != nil || string(b) != "old" || len(left) != 1 {
		t.Errorf("now %q in a folder of %d, %v %v", b, len(left), err, readErr)
	}
}

func TestThinkingBetterOfSavingSavesNothing(t *testing.T) {
	t.Parallel()
	if w := ask(testShell(&fakeNative{}), "POST", "/shell/save", `{"path":"/api/attachments/1","name":"x"}`); w.Body.String() != `{"saved":false}`+"\n" {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
}

func TestFileNameHoldsNoFolder(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a.pdf": "a.pdf", "../../x": "x", `C:\y\z.doc`: "z.doc", "": "file", "a\nb": "a b"} {
		if got := fileName(name); got != want {
			t.Errorf("fileName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	t.Parallel()
	if got := ask(testShell(&fakeNative{}), "GET", "/api/panic", "").Code; got != http.StatusInternalServerError {
		t.Errorf("answered %d", got)
	}
}

func TestBrokenWriteEndsTheRequest(t *testing.T) {
	t.Parallel()
	var ended error
	desk := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("to nobody"))
		ended = r.Context().Err()
	})
	s := newShell(&fakeNative{}, desk, slog.New(slog.DiscardHandler))
	s.ServeHTTP(brokenWriter{httptest.NewRecorder()}, httptest.NewRequest("GET", "/", nil))
	if ended == nil {
		t.Error("the request goes on")
	}
}

type brokenWriter struct{ http.ResponseWriter }

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestNotificationIsOneLineEach(t *testing.T) {
	t.Parallel()
	n := &fakeNative{}
	ask(testShell(n), "POST", "/shell/notify", `{"title":"A\nB","body":"`+strings.Repeat("x", 1000)+`","route":"/tickets/1"}`)
	want := []notice{{Title: "A B", Body: strings.Repeat("x", maxText-1) + "…", Route: "/tickets/1"}}
	if diff := cmp.Diff(want, n.shown); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
}

func TestClickReachesThePageThatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &fakeNative{}
		s := testShell(n)
		got := make(chan string, 1)
		go func() { got <- ask(s, "GET", "/shell/clicks?wait=25", "").Body.String() }()
		synctest.Wait()
		s.goTo("/tickets/7")
		if body := <-got; body != `{"route":"/tickets/7"}`+"\n" || n.raised != 1 {
			t.Errorf("the page heard %s; raised %d times", body, n.raised)
		}
		begin := time.Now()
		if body := ask(s, "GET", "/shell/clicks?wait=99", "").Body.String(); body != `{"route":""}`+"\n" || time.Since(begin) != maxClicks {
			t.Errorf("without a click it heard %s after %v", body, time.Since(begin))
		}
	})
}

func TestPlaceThatMakesNoSenseIsForgotten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), placeFile)
	fresh := place{Width: newWidth, Height: newHeight}
	for _, text := range []string{"", "{", `{"width":5,"height":5}`, `{"width":99999,"height":700}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := loadPlace(file); got != fresh {
			t.Errorf("from %q: %+v", text, got)
		}
	}
	want := place{Width: 1000, Height: 700, X: 3, Y: 4, Known: true}
	want.save(file)
	if got := loadPlace(file); got != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
}
