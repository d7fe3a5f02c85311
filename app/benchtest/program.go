//go:build bench

package main

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
	"strings"
	"syscall"
	"time"
)

// patience is how long anything may take before it counts as broken.
const patience = time.Minute

// program is one of ours while it runs.
type program struct {
	cmd   *exec.Cmd
	begun time.Time
	said  chan string // lines of stdout
	log   *bytes.Buffer
	token string // for the API, where it asks for one
	ended bool
}

func launch(ctx context.Context, env []string, bin string, args ...string) (*program, error) {
	p := &program{cmd: exec.CommandContext(ctx, bin, args...), said: make(chan string, 16), log: new(bytes.Buffer)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = p.log
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = patience
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.begun = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.said)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.said <- s.Text()
		}
	}()
	return p, nil
}

// line waits for a line that begins with a word, and returns the rest of it.
func (p *program) line(word string) (string, error) {
	late := time.After(patience)
	for {
		select {
		case l, open := <-p.said:
			if rest, is := strings.CutPrefix(l, word+" "); is {
				return rest, nil
			}
			if !open {
				return "", fmt.Errorf("%s ended before it said %q: %s", p.cmd.Path, word, p.log)
			}
		case <-late:
			return "", fmt.Errorf("%s did not say %q within %s", p.cmd.Path, word, patience)
		}
	}
}

// end stops the program where something else has failed; after stop it does nothing.
func (p *program) end() {
	if !p.ended {
		_ = p.stop() // the failure before is what is told
	}
}

// stop ends the program as a service manager does.
func (p *program) stop() error {
	p.ended = true
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	for range p.said { // its pipe has to be read to the end first
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s did not end cleanly: %w: %s", p.cmd.Path, err, p.log)
	}
	return nil
}

// call sends JSON and reads JSON; in and out may be nil.
func (p *program) call(ctx context.Context, method, url string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	body := new(bytes.Buffer)
	if in != nil {
		if err := json.NewEncoder(body).Encode(in); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %s", method, url, answer.Status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
