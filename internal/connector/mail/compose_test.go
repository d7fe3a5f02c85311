package mail

import (
	"bytes"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestComposedMail(t *testing.T) {
	t.Parallel()
	got := rendered(t, unplugged(t), outgoing()).Bytes
	const golden = "testdata/side.eml"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Error("(-want +got):\n" + d)
	}
}

func TestSameMessageIsComposedTheSameTwice(t *testing.T) {
	t.Parallel()
	c := unplugged(t)
	if d := cmp.Diff(rendered(t, c, outgoing()), rendered(t, c, outgoing())); d != "" {
		t.Error(d)
	}
}

// canonical asserts what every composed mail is: ASCII, CRLF, short lines.
func canonical(t *testing.T, b []byte) {
	t.Helper()
	for _, line := range bytes.SplitAfter(b, []byte("\n")) {
		body, ok := bytes.CutSuffix(line, []byte("\r\n"))
		if len(line) > 0 && (!ok || bytes.ContainsAny(body, "\r\n\x00") || len(body) > 998 || !ascii(string(bytes.ReplaceAll(body, []byte("\t"), nil)))) {
			t.Fatalf("line %q", line)
		}
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("Hello", "Ann", "text\r\n.\r\nmore", "a.pdf")
	f.Add("x\r\nBcc: y@z.example", "\"A\" <b>\r\n", "lone\rcr\nand \x00", "\"\r\n.exe")
	f.Add(strings.Repeat("é", 300), "=?utf-8?q?x?=", "é€😀 \n \n", "日本語.txt")
	c := unplugged(f)
	f.Fuzz(func(t *testing.T, subject, name, text, file string) {
		out := outgoing()
		out.Subject, out.From.Name, out.Text, out.HTML = subject, name, text, ""
		out.Files = []connector.File{{Name: file, Type: "text/plain", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(text)), nil
		}}}
		r, err := c.Render(t.Context(), out)
		if err != nil {
			t.Fatal(err)
		}
		canonical(t, r.Bytes)
		m := c.Read(t.Context(), connector.Item{Key: "k"}, r.Bytes)
		if m.ExternalID != r.ExternalID || len(m.Problems) > 0 || len(m.From) != 1 || len(m.To) != 1 || len(m.Cc) != 0 || !m.Looped {
			t.Errorf("id %q, problems %v, from %v", m.ExternalID, m.Problems, m.From)
		}
		if len(m.Files) != 1 || string(m.Files[0].Bytes) != text {
			t.Errorf("files %+v", m.Files)
		}
		if m.CoreSum != r.CoreSum || len(m.Threads) != 1 || m.Threads[0] != out.ThreadKey {
			t.Errorf("core %s, threads %v", m.CoreSum, m.Threads)
		}
	})
}

func TestAddressThatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"a@b.example> NOTIFY=NEVER", "zoë@b.example", "a b@c.example", ""} {
		out := outgoing()
		out.To = []desk.Address{{Email: bad}}
		if _, err := unplugged(t).Render(t.Context(), out); !connector.IsPermanent(err) || desk.FaultOf(err) != desk.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
