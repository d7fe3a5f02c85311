package app_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestWrongUsageExits2WithOneSentence(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name string
		args []string
		want string
	}{
		{"unknown command", []string{"sing"}, "unexpected argument sing"},
		{"unknown flag", []string{"serve", "--port", "80"}, "unknown flag --port"},
		{"command without its verb", []string{"agent"}, `expected one of "add", "list", "disable"`},
		{"missing flags", []string{"agent", "add"}, "missing flags: --email"},
		{"unknown role", []string{"agent", "add", "--email", "a@b.example", "--name", "A", "--role", "king"}, "--role must be one of"},
		{"listen on nothing", []string{"serve", "--listen", "here"}, `"here" is not an address`},
		{"certificate without key", []string{"serve", "--tls-cert", "c.pem"}, "go together"},
		{"sandbox for everybody", []string{"sandbox", "--listen", "0.0.0.0:0"}, "loopback only"},
		{"password as an argument", []string{"agent", "add", "--password", "secret"}, "unknown flag --password"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "", r.args...)
			if got.code != 2 || got.out != "" || strings.Count(got.err, "\n") != 1 || !strings.Contains(got.err, r.want) {
				t.Errorf("aparte %v: exit %d, stdout %q, stderr %q; want exit 2 and one line with %q", r.args, got.code, got.out, got.err, r.want)
			}
		})
	}
}

func TestTroubleExits1AndNamesCauseAndCure(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	made := filepath.Join(dir, "made")
	must(t, "correct horse\n", "agent", "add", "--data", made, "--email", "a@b.example", "--name", "A", "--role", "admin", "--password-stdin")

	rows := []struct {
		name  string
		stdin string
		args  []string
		want  string // cause; cure
	}{
		{"data is a file", "", []string{"serve", "--data", file}, "is not a folder; choose another one with --data"},
		{"data below a file", "", []string{"serve", "--data", filepath.Join(file, "x")}, "is not a folder; choose another one with --data"},
		{"no desk there", "", []string{"agent", "list", "--data", filepath.Join(dir, "none")}, "there is no desk in .*; name another folder"},
		{"port in use", "", []string{"serve", "--data", filepath.Join(dir, "d"), "--listen", taken.Addr().String()},
			"is in use by another program; stop that one, or choose another port with --listen"},
		{"not our address", "", []string{"serve", "--data", filepath.Join(dir, "e"), "--listen", "192.0.2.1:0"}, "is not one of this computer; choose"},
		{"certificate missing", "", []string{"serve", "--data", filepath.Join(dir, "f"), "--listen", "127.0.0.1:0", "--tls-cert", file, "--tls-key", file},
			"the certificate cannot be used.*; give matching PEM files"},
		{"no password", "", []string{"agent", "add", "--data", made, "--email", "b@b.example", "--name", "B"}, "a password is needed; give it on stdin"},
		{"empty password", "", []string{"agent", "add", "--data", made, "--email", "b@b.example", "--name", "B", "--password-stdin"},
			"no password on stdin; write it as one line"},
		{"short password", "short\n", []string{"agent", "add", "--data", made, "--email", "b@b.example", "--name", "B", "--password-stdin"},
			"fewer than 10 characters; choose a longer one"},
		{"malformed address", "correct horse\n", []string{"agent", "add", "--data", made, "--email", "nobody", "--name", "B", "--password-stdin"},
			"is not a mail address.*; write it like"},
		{"nobody of that address", "", []string{"token", "new", "--data", made, "--agent", "x@y.example", "--name", "n"},
			"nobody here has the address x@y.example; see aparte agent list"},
		{"no window in this build", "", []string{"sandbox", "--window"}, "no window; use aparte serve or aparte sandbox"},
		{"no window at all", "", nil, "no window; use aparte serve"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, r.stdin, r.args...)
			line := regexp.MustCompile(`(?m)^aparte: .*` + r.want)
			if got.code != 1 || got.out != "" || !line.MatchString(got.err) {
				t.Errorf("aparte %v: exit %d, stdout %q, stderr %q; want exit 1 and a line with %q", r.args, got.code, got.out, got.err, r.want)
			}
		})
	}
}

func TestReadOnlyFolderIsSaidSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "desk")
	if err := os.Mkdir(data, 0o555); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := command(ctx, "serve", "--data", data, "--listen", "127.0.0.1:0")
	if os.Geteuid() == 0 { // root writes everywhere: be somebody else
		for d := dir; d != filepath.Dir(d) && d != os.TempDir(); d = filepath.Dir(d) {
			if err := os.Chmod(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	got := finish(t, cmd, "")
	if want := "is read-only for this user; make it writable"; got.code != 1 || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, stderr %q; want exit 1 and %q", got.code, got.err, want)
	}
}

func TestSecondDeskIsRefusedWithTheFirstOnesNumber(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "desk")
	first := start(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	first.line(t, "ready")
	got := run(t, "", "serve", "--data", data, "--listen", "127.0.0.1:0")
	want := fmt.Sprintf("is in use by process %d (aparte serve); close that one first", first.cmd.Process.Pid)
	if got.code != 1 || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, stderr %q; want exit 1 and %q", got.code, got.err, want)
	}
	first.stop(t)
}

func TestFolderOfAKilledDeskIsFree(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "desk")
	first := start(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	first.line(t, "ready")
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-first.ended
	second := start(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	second.line(t, "ready")
	second.stop(t)
}

func TestCommandsBesideARunningDeskTakeEffectAtOnce(t *testing.T) {
	t.Parallel()
	// The name is too long for a socket beside the data.
	data := filepath.Join(t.TempDir(), strings.Repeat("long", 25))
	desk := start(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	url := desk.line(t, "ready")
	if code := status(t, url+"/api/me", ""); code != http.StatusUnauthorized {
		t.Fatalf("without a login: %d, want 401", code)
	}
	must(t, "correct horse\n", "agent", "add", "--data", data, "--email", "lea@b.example", "--name", "Léa", "--role", "admin", "--password-stdin")
	token := must(t, "", "token", "new", "--data", data, "--agent", "lea@b.example", "--name", "robot")
	if !regexp.MustCompile(`^\S{20,}\n$`).MatchString(token) {
		t.Fatalf("token new wrote %q, want the token alone", token)
	}
	token = strings.TrimSpace(token)
	if code := status(t, url+"/api/me", token); code != http.StatusOK {
		t.Errorf("with the new token: %d, want 200", code)
	}
	if list := must(t, "", "agent", "list", "--data", data); !strings.Contains(list, "lea@b.example") {
		t.Errorf("agent list wrote %q", list)
	}
	must(t, "", "token", "revoke", "--data", data, "--agent", "lea@b.example", "--name", "robot")
	if code := status(t, url+"/api/me", token); code != http.StatusUnauthorized {
		t.Errorf("with the revoked token: %d, want 401", code)
	}
	if got := run(t, "", "agent", "disable", "--data", data, "--email", "lea@b.example"); got.code != 1 || !strings.Contains(got.err, "last admin") {
		t.Errorf("disabling the last admin: exit %d, %q", got.code, got.err)
	}
	desk.stop(t)
}

func TestControlSocketIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "desk")
	desk := start(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	desk.line(t, "ready")
	for path, want := range map[string]os.FileMode{data: 0o700, filepath.Join(data, "control"): 0o700, filepath.Join(data, "control", "socket"): 0o600,
		filepath.Join(data, "desk.db"): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(path), got, want)
		}
	}
	desk.stop(t)
}

func TestServeStopsInTimeWithAPollOpen(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "desk")
	must(t, "correct horse\n", "agent", "add", "--data", data, "--email", "a@b.example", "--name", "A", "--role", "admin", "--password-stdin")
	token := strings.TrimSpace(must(t, "", "token", "new", "--data", data, "--agent", "a@b.example", "--name", "n"))
	desk := start(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	url := desk.line(t, "ready")
	polled := make(chan int, 1)
	go func() { polled <- status(t, url+"/api/events?after=1000000&hinted=99999999999999&wait=25", token) }()
	if took := desk.stop(t); took > 10*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	<-polled
}

func TestOffLoopbackIsHTTPSWithAFingerprint(t *testing.T) {
	t.Parallel()
	desk := start(t, "serve", "--data", filepath.Join(t.TempDir(), "desk"), "--listen", "0.0.0.0:0")
	if url := desk.line(t, "ready"); !strings.HasPrefix(url, "https://") {
		t.Errorf("ready at %s, want https", url)
	}
	desk.stop(t)
	if log := desk.log.String(); !regexp.MustCompile(`fingerprint=([0-9A-F]{2}:){31}[0-9A-F]{2}`).MatchString(log) {
		t.Errorf("no fingerprint in the log:\n%s", log)
	}
}

func TestEveryFlagHasATwinInTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "sandbox", "agent add", "token new", "mailbox add", "doctor"} {
		help := must(t, "", append(strings.Fields(command), "--help")...)
		for _, f := range regexp.MustCompile(`--(\[?no-\]?)?([a-z][a-z-]+)`).FindAllStringSubmatch(help, -1) {
			twin := "$APARTE_" + strings.ToUpper(strings.ReplaceAll(f[2], "-", "_"))
			if f[2] != "help" && f[2] != "window" && !strings.Contains(strings.Join(strings.Fields(help), ""), twin) {
				t.Errorf("aparte %s: --%s has no %s", command, f[2], twin)
			}
		}
	}
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := command(ctx, "agent", "list")
	cmd.Env = append(cmd.Env, "APARTE_DATA="+dir)
	if got := finish(t, cmd, ""); !strings.Contains(got.err, "there is no desk in "+dir) {
		t.Errorf("APARTE_DATA was not heard: %q", got.err)
	}
}

func TestDoctorNumbersItsChecksAndFails(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "desk")
	must(t, "correct horse\n", "agent", "add", "--data", data, "--email", "a@b.example", "--name", "A", "--role", "agent", "--password-stdin")
	desk := start(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	desk.line(t, "ready")
	got := run(t, "", "doctor", "--data", data)
	if got.code != 1 || !regexp.MustCompile(`(?m)^ 1\. data folder\s+pass .*\n(.*\n)+ \d\. people\s+FAIL .*; add one with aparte agent add`).MatchString(got.out) {
		t.Errorf("exit %d:\n%s%s", got.code, got.out, got.err)
	}
	desk.stop(t)
}

func status(t *testing.T, url, token string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0 // the desk may have gone
	}
	defer answer.Body.Close()
	return answer.StatusCode
}
