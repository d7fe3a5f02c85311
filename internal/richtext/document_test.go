package richtext

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

// pixel is a PNG of one point.
var pixel, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

var scripts = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

func TestPolicyKnowsTheOneScript(t *testing.T) {
	t.Parallel()
	doc := Document(Frame{HTML: "<p>a</p><script>alert(1)</script>", Quoted: "<p>b</p>", QuotedLabel: `Show "history"`})
	all := scripts.FindAllSubmatch(doc, -1)
	if len(all) != 1 || bytes.Count(doc, []byte("<script")) != 1 {
		t.Fatalf("%d scripts in\n%s", len(all), doc)
	}
	sum := sha256.Sum256(all[0][1])
	if want := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(FramePolicy, want) {
		t.Errorf("the policy %q lacks %q", FramePolicy, want)
	}
	for _, word := range []string{"default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'", "sandbox allow-scripts"} {
		if !strings.Contains(FramePolicy, word) {
			t.Errorf("the policy lacks %q", word)
		}
	}
}

func TestQuotedStandsBehindANamedButton(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		frame Frame
		want  []string
		not   []string
	}{
		{"folded", Frame{Quoted: "<p>b</p>", QuotedLabel: `Show "history"`}, []string{`aria-expanded="false"`, `aria-label="Show &#34;history&#34;"`, `<div id="quoted" hidden>`}, nil},
		{"shown", Frame{Quoted: "<p>b</p>", ShowQuoted: true}, []string{`aria-expanded="true"`, `<div id="quoted">`}, nil},
		{"none", Frame{HTML: "<p>b</p>"}, nil, []string{"<button", `id="quoted"`}},
		{"language", Frame{Lang: `fr"><script>`}, []string{`lang="fr&#34;&gt;&lt;script&gt;"`}, nil},
		{"light", Frame{HTML: "<p>b</p>"}, []string{`class="light"`}, nil},
		{"dark", Frame{HTML: "<p>b</p>", Dark: true}, []string{`class="dark"`}, nil},
		{"dark, with colours of its own", Frame{HTML: `<p style="color:#000">b</p>`, Dark: true}, []string{`class="dark paper"`}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := string(Document(tt.frame))
			for _, w := range tt.want {
				if !strings.Contains(doc, w) {
					t.Errorf("lacks %s:\n%s", w, doc)
				}
			}
			for _, w := range tt.not {
				if strings.Contains(doc, w) {
					t.Errorf("has %s", w)
				}
			}
		})
	}
}

func TestOnlyRasterPicturesComeIn(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{
		"ok@x": pixel, "svg@x": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"html@x": []byte("<html><script>alert(1)</script>"), "big@x": append(bytes.Clone(pixel), make([]byte, maxPicture)...),
	}
	image := func(id string) (string, []byte, bool) {
		data, ok := files[id]
		return "image/png", data, ok
	}
	tests := map[string]bool{"cid:ok@x": true, "CID:ok@x": true, "cid:svg@x": false, "cid:html@x": false, "cid:big@x": false, "cid:none@x": false}
	for src, want := range tests {
		doc := string(Document(Frame{HTML: `<img alt="what it shows" src="` + src + `">`, Image: image}))
		if got := strings.Contains(doc, `src="data:image/png;base64,`); got != want || !strings.Contains(doc, "what it shows") {
			t.Errorf("%s comes in: %v", src, got)
		}
	}
}
