//go:build window

package windowtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the built program with its window.
type program struct {
	cmd   *exec.Cmd
	at    string // of the inspector
	lines chan string
	log   *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start runs the program in a home of its own. Inspected, it lets the test
// look into its window.
func start(t *testing.T, home string, inspected bool, args ...string) *program {
	t.Helper()
	bin := os.Getenv("APARTE_BIN")
	if bin == "" {
		t.Fatal("APARTE_BIN names no program; run make check-window")
	}
	p := &program{cmd: exec.Command(bin, args...), lines: make(chan string, 16), log: new(safeBuffer)}
	p.cmd.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home,
		"LANG=en_GB.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1")
	if inspected {
		p.at = freeAddress(t)
		p.cmd.Env = append(p.cmd.Env, "WEBKIT_INSPECTOR_HTTP_SERVER="+p.at)
	}
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
		close(p.lines)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // most have ended
		if t.Failed() {
			t.Log(p.log.String())
		}
	})
	return p
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// line waits for a line on stdout that begins with a word.
func (p *program) line(t *testing.T, word string) string {
	t.Helper()
	for {
		select {
		case l, open := <-p.lines:
			if rest, ok := strings.CutPrefix(l, word+" "); ok {
				return rest
			}
			if !open {
				t.Fatalf("the program ended: %s", p.log.String())
			}
		case <-time.After(patience):
			t.Fatalf("no %q line", word)
		}
	}
}

// stop ends the program as a session's end does, and wants it to end well.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the program did not end cleanly: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the program did not end within 10 s")
	}
}

// listening counts the TCP sockets on which the process itself listens.
func (p *program) listening(t *testing.T) int {
	t.Helper()
	pid := p.cmd.Process.Pid
	open := map[string]bool{}
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil {
			open[to] = true
		}
	}
	n := 0
	for _, file := range []string{"tcp", "tcp6"} {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(string(b), "\n") {
			const listen = "0A" // the state's number in the kernel
			if f := strings.Fields(l); len(f) > 9 && f[3] == listen && open["socket:["+f[9]+"]"] {
				n++
			}
		}
	}
	return n
}

// outside is the stage: the people whom the desk writes to.
type outside struct{ url string }

// letter is a mail as somebody on the stage sees it.
type letter struct {
	UID     uint32
	Subject string
	Text    string
	From    []struct{ Name, Address string }
}

func (o outside) call(t *testing.T, method, path string, in, out any) {
	t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, o.url+"/stage/people/"+path, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatalf("%s %s: %s", method, path, answer.Status)
	}
	if out != nil {
		if err := json.NewDecoder(answer.Body).Decode(out); err != nil {
			t.Fatal(err)
		}
	}
}

// got waits for a mail in somebody's box, by a part of its subject.
func (o outside) got(t *testing.T, who, subject string) letter {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var box struct{ Messages []letter }
		o.call(t, http.MethodGet, who+"/messages", nil, &box)
		for _, m := range box.Messages {
			if strings.Contains(m.Subject, subject) {
				var whole letter
				o.call(t, http.MethodGet, fmt.Sprintf("%s/messages/%d", who, m.UID), nil, &whole)
				return whole
			}
		}
	}
	t.Fatalf("%s never got %q", who, subject)
	return letter{}
}
