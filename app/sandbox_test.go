package app_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestSandboxLogsInByItselfAndLeavesNothing(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	box := startIn(t, []string{"TMPDIR=" + temp}, "sandbox", "--listen", "127.0.0.1:0")
	url, stage := box.line(t, "ready"), box.line(t, "stage")
	var me struct{ Agent struct{ Name string } }
	fetch(t, url+"/api/me", &me)
	if me.Agent.Name != "Alex Moreau" {
		t.Errorf("logged in as %q", me.Agent.Name)
	}
	var people struct{ People []any }
	fetch(t, stage+"/stage/people", &people)
	if len(people.People) == 0 {
		t.Error("nobody is on the stage")
	}
	if code := asHost(t, url+"/api/me", "evil.example"); code != http.StatusMisdirectedRequest {
		t.Errorf("by a foreign name: %d, want 421", code)
	}
	box.stop(t)
	left, err := filepath.Glob(filepath.Join(temp, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestMailboxTestNamesCauseAndCure(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "box")
	box := start(t, "sandbox", "--data", data, "--listen", "127.0.0.1:0")
	url := box.line(t, "ready")
	var list struct {
		Mailboxes []struct{ Address, IMAP, SMTP, CA string }
	}
	fetch(t, url+"/api/mailboxes", &list)
	m := list.Mailboxes[0]
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(m.CA), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "", "mailbox", "test", "--data", data, "--address", m.Address); !strings.Contains(out, "receive    pass") {
		t.Errorf("the desk's own mailbox:\n%s", out)
	}
	rows := []struct {
		name string
		args []string
		want string // cause; cure
	}{
		{"wrong password", []string{"--imap", m.IMAP, "--ca", ca}, "refuses the login.*; check user name and password"},
		{"untrusted certificate", []string{"--imap", m.IMAP}, "is not trusted; add the server's certificate"},
		{"wrong host", []string{"--imap", "no-such-host.invalid:993"}, "there is no server called no-such-host.invalid.*; check the spelling"},
		{"wrong port", []string{"--imap", "127.0.0.1:1"}, "takes no connections; check the port"},
		{"no server", []string{"--imap", "nonsense"}, "is not a server and a port; write it like"},
		{"no certificate", []string{"--imap", m.IMAP, "--ca", ca + "x"}, "cannot be read.*; give a PEM file"},
		{"in the clear", []string{"--imap", "mail.example.com:143", "--imap-tls", "none"}, "needs TLS; choose"},
	}
	for _, r := range rows {
		args := append([]string{"mailbox", "test", "--data", data, "--address", m.Address, "--smtp", m.SMTP, "--password-stdin"}, r.args...)
		got := run(t, "not the password\n", args...)
		if got.code != 1 || strings.Count(got.err, "\n") != 1 || !regexp.MustCompile("^aparte: .*"+r.want).MatchString(got.err) {
			t.Errorf("%s: exit %d, stderr %q; want exit 1 and one line with %q", r.name, got.code, got.err, r.want)
		}
		if strings.Contains(got.out+got.err, "not the password") {
			t.Errorf("%s: the password is in what it wrote", r.name)
		}
	}
	box.stop(t)
}

func TestSandboxWithDataKeepsItsState(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "box")
	type page struct {
		Tickets []struct{ Number int64 }
	}
	count := func() (n int) {
		box := start(t, "sandbox", "--data", data, "--listen", "127.0.0.1:0")
		url := box.line(t, "ready")
		for end := time.Now().Add(patience); time.Now().Before(end) && n < 12; {
			var list page
			fetch(t, url+"/api/tickets?view=all&limit=200", &list)
			n = len(list.Tickets)
			var news struct{ Cursor, Hinted int64 }
			fetch(t, url+"/api/events?wait=1", &news)
		}
		box.stop(t)
		return n
	}
	if first, second := count(), count(); first < 12 || second != first {
		t.Errorf("%d tickets, and %d after a restart", first, second)
	}
}

func fetch(t *testing.T, url string, into any) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", url, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func asHost(t *testing.T, url, host string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}
