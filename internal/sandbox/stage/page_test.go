package stage

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func fetch(t *testing.T, w world, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", path, answer.Status, err)
	}
	return answer, string(b)
}

var inline = regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|<style|\son\w+=|\sstyle=|javascript:|https?://`)

func TestPageRunsNothingThatItsPolicyForbids(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	answer, page := fetch(t, w, "/", http.Header{"Accept-Language": {"fr-CA, en;q=0.5"}})
	if got := answer.Header.Get("Content-Security-Policy"); got != pagePolicy {
		t.Errorf("policy %q", got)
	}
	if found := inline.FindString(page); found != "" {
		t.Errorf("the page has %q", found)
	}
	if !strings.Contains(page, `<html lang="fr"`) || !strings.Contains(page, "<h1>Aparté — la scène</h1>") {
		t.Error("the page is not French")
	}
	for _, path := range regexp.MustCompile(`/stage/[a-z]+\.(?:js|css)`).FindAllString(page, -1) {
		fetch(t, w, path, nil)
	}
	if _, page := fetch(t, w, "/stage/?lang=en", nil); !strings.Contains(page, "<h1>Aparté — the stage</h1>") {
		t.Error("the page is not English")
	}
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	texts := map[string]map[string]string{}
	for _, lang := range []string{"en", "fr"} {
		_, body := fetch(t, w, "/stage/words?lang="+lang, nil)
		var words map[string]string
		if err := json.Unmarshal([]byte(body), &words); err != nil {
			t.Fatal(err)
		}
		texts[lang] = words
	}
	for key, en := range texts["en"] {
		if fr := texts["fr"][key]; fr == "" || fr == en {
			t.Errorf("%s is %q in English and %q in French", key, en, fr)
		}
	}
	if len(texts["en"]) != len(texts["fr"]) {
		t.Errorf("%d texts in English, %d in French", len(texts["en"]), len(texts["fr"]))
	}
}

func TestStageAnswersLoopbackNamesAndItsOwnPageOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		host, site string
		want       int
	}{
		{"127.0.0.1:8080", "same-origin", http.StatusUnprocessableEntity},
		{"localhost", "", http.StatusUnprocessableEntity},
		{"[::1]:9", "", http.StatusUnprocessableEntity},
		{"stage.example:8080", "same-origin", http.StatusForbidden},
		{"127.0.0.1.example", "", http.StatusForbidden},
		{"127.0.0.1:8080", "cross-site", http.StatusForbidden},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/stage/people/"+customer+"/send", bytes.NewBufferString(`{"to":["x"]}`))
		r.Host = test.host
		if test.site != "" {
			r.Header.Set("Sec-Fetch-Site", test.site)
		}
		got := httptest.NewRecorder()
		w.Handler().ServeHTTP(got, r)
		if got.Code != test.want {
			t.Errorf("%s from %q: %d, want %d", test.host, test.site, got.Code, test.want)
		}
	}
}

func TestAnswersHoldNoPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, body := fetch(t, w, "/stage/people", nil)
	for _, p := range append(w.everybody(), defaultSupport) {
		if strings.Contains(body, w.password(p)) {
			t.Errorf("the password of %s is told", p)
		}
	}
}

func TestMailIsShownWithoutWhatItMightDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := `From: Eve <eve@elsewhere.example>
Subject: <b>hi</b>
MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html

<p onclick="x()">Look</p><script>x()</script><style>p{}</style><img src="cid:one"><img src="https://elsewhere.example/t.png">
<a href="javascript:x()">a</a><a href="https://elsewhere.example/">b</a><form action="/stage/people"><input></form><meta http-equiv="refresh" content="0">
--b
Content-Type: image/png
Content-ID: <one>

png
--b
Content-Type: text/html
Content-Disposition: attachment; filename="x.html"

<script>x()</script>
--b--
`
	if err := w.room.Inject(customer, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	answer, body := fetch(t, w, "/stage/people/"+customer+"/messages/1/page", nil)
	want := `<!doctype html><meta charset="utf-8"><title>&lt;b&gt;hi&lt;/b&gt;</title><style>` + frameStyle + `</style>` +
		`<p>Look</p><img src="data:image/png;base64,cG5n">` + "\n" +
		`a<a href="https://elsewhere.example/" rel="nofollow noreferrer noopener" target="_blank">b</a>` + "\n"
	if strings.TrimSpace(body) != strings.TrimSpace(want) || answer.Header.Get("Content-Security-Policy") != framePolicy {
		t.Errorf("got %s", body)
	}
	file, _ := fetch(t, w, "/stage/people/"+customer+"/messages/1/files/1", nil)
	if got := file.Header.Get("Content-Type") + " " + file.Header.Get("Content-Disposition"); got != "application/octet-stream attachment; filename=x.html" {
		t.Errorf("the file comes as %q", got)
	}
}
