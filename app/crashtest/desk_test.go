//go:build crash

package crashtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"aparte/internal/wire"
)

const (
	password = "correct horse battery"
	support  = "support@help.test"
	patience = 30 * time.Second
)

// program is the real program on one folder, started as often as it is killed.
type program struct {
	bin, data, url, token string
	cmd                   *exec.Cmd
	log                   bytes.Buffer
}

// found makes a desk with one agent and one mailbox behind the gate.
func found(t *testing.T, g *gate) *program {
	t.Helper()
	bin := os.Getenv("APARTE_BIN")
	if bin == "" {
		t.Fatal("APARTE_BIN names no program; run make crash")
	}
	p := &program{bin: bin, data: filepath.Join(t.TempDir(), "desk")}
	p.run(t, password, "agent", "add", "--email", "lea@help.test", "--name", "Léa Martin", "--role", "admin", "--password-stdin")
	p.token = strings.TrimSpace(p.run(t, "", "token", "new", "--agent", "lea@help.test", "--name", "test"))
	p.run(t, password, "mailbox", "add", "--address", support, "--name", "Support",
		"--imap", g.imap.Addr().String(), "--imap-tls", "none", "--smtp", g.smtp.Addr().String(), "--smtp-tls", "none", "--password-stdin")
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Log(tail(p.log.String()))
		}
	})
	return p
}

// run runs one command on the desk and returns what it printed.
func (p *program) run(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command(p.bin, append(args, "--data", p.data)...)
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("aparte %s: %v: %s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// start serves until the program is killed or stopped.
func (p *program) start(t *testing.T) {
	t.Helper()
	p.cmd = exec.Command(p.bin, "serve", "--data", p.data, "--listen", "127.0.0.1:0")
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("serve said nothing: %v\n%s", err, tail(p.log.String()))
	}
	p.url = strings.TrimSpace(strings.TrimPrefix(line, "ready "))
}

// kill is the power cut: SIGKILL, and nothing of the process is left.
func (p *program) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.cmd = nil
}

// stop ends the program as an operator would.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("serve did not end cleanly: %v", err)
	}
	p.cmd = nil
}

// try asks the API; in and out may be nil. A desk that dies is an error.
func (p *program) try(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(ctx, method, p.url+path, body)
	if err != nil {
		return err
	}
	q.Header.Set("Authorization", "Bearer "+p.token)
	q.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return errors.Join(errDied, err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	switch {
	case err != nil:
		return errors.Join(errDied, err)
	case a.StatusCode >= 300:
		return fmt.Errorf("%s %s: %s: %s", method, path, a.Status, b)
	case out == nil:
		return nil
	}
	return json.Unmarshal(b, out)
}

// errDied says that the desk did not answer. The request may count.
var errDied = errors.New("the desk did not answer")

func (p *program) call(t *testing.T, method, path string, in, out any) {
	t.Helper()
	if err := p.try(t.Context(), method, path, in, out); err != nil {
		t.Fatal(err)
	}
}

func (p *program) tickets(t *testing.T) []wire.TicketRow {
	t.Helper()
	var all []wire.TicketRow
	for after := ""; ; {
		var page wire.TicketPage
		p.call(t, "GET", "/api/tickets?view=all&limit=200&after="+after, nil, &page)
		all = append(all, page.Tickets...)
		if after = page.Next; after == "" {
			return all
		}
	}
}

func tail(s string) string { return s[max(0, len(s)-6000):] }
