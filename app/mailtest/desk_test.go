//go:build realmail

package mailtest

import (
	"bufio"
	"bytes"
	"encoding/json"
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

	"aparte/internal/desk"
	"aparte/internal/wire"
)

// running is the real program, serving a desk of its own.
type running struct {
	bin, data, url, token string
}

// serve starts the program as an operator would, with a login and a token.
func serve(t *testing.T) *running {
	t.Helper()
	bin := os.Getenv("APARTE_BIN")
	if bin == "" {
		t.Fatal("APARTE_BIN names no program; run make check-mail")
	}
	r := &running{bin: bin, data: filepath.Join(t.TempDir(), "desk")}
	r.run(t, password, "agent", "add", "--email", "lea@help.test", "--name", "Léa Martin", "--role", "admin", "--password-stdin")
	r.token = strings.TrimSpace(r.run(t, "", "token", "new", "--agent", "lea@help.test", "--name", "test"))

	cmd := exec.Command(bin, "serve", "--data", r.data, "--listen", "127.0.0.1:0")
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve did not end cleanly: %v", err)
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("serve said nothing: %v", err)
	}
	r.url = strings.TrimSpace(strings.TrimPrefix(line, "ready "))
	return r
}

// run runs one command on the desk and returns what it printed.
func (r *running) run(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command(r.bin, append(args, "--data", r.data)...)
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("aparte %s: %v: %s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// call asks the API; in and out may be nil.
func (r *running) call(t *testing.T, method, path string, in, out any) {
	t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(t.Context(), method, r.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+r.token)
	q.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode >= 300 {
		t.Fatalf("%s %s: %s: %s", method, path, a.Status, b)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(b, out); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, b)
	}
}

// until follows the change feed until ok, from the beginning of the log.
func (r *running) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	var cursor, hinted int64
	for end := time.Now().Add(patience); !ok(); {
		if time.Now().After(end) {
			t.Fatalf("waited %s in vain until %s", patience, what)
		}
		var news wire.News
		r.call(t, "GET", fmt.Sprintf("/api/events?after=%d&hinted=%d&wait=5", cursor, hinted), nil, &news)
		cursor, hinted = news.Cursor, news.Hinted
	}
}

func (r *running) tickets(t *testing.T) []wire.TicketRow {
	t.Helper()
	var page wire.TicketPage
	r.call(t, "GET", "/api/tickets?view=all", nil, &page)
	return page.Tickets
}

func (r *running) messages(t *testing.T, conversation string) []wire.Message {
	t.Helper()
	var page wire.MessagePage
	r.call(t, "GET", "/api/conversations/"+conversation+"/messages", nil, &page)
	return page.Messages
}

// ask starts a side conversation by e-mail on a ticket.
func (r *running) ask(t *testing.T, ticket int64, to, subject, html string) wire.Conversation {
	t.Helper()
	var c wire.Conversation
	r.call(t, "POST", fmt.Sprintf("/api/tickets/%d/side-conversations", ticket), wire.NewSideConversation{
		ID: desk.NewID(), Channel: "mail", To: []wire.Person{{Email: to}}, Subject: subject, HTML: html,
	}, &c)
	return c
}
