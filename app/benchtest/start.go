//go:build bench

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	starts = 7
	// idle is how long a server is left alone before its memory is read.
	idle = 5 * time.Second
)

// start measures from exec to ready on an existing desk, and what memory an
// idle server holds.
func (b bench) start(ctx context.Context) ([]figure, error) {
	var ready sample
	for range starts + 1 { // the first one may have to migrate, and fills the disk's cache
		p, _, err := b.serve(ctx)
		if err != nil {
			return nil, err
		}
		ready = append(ready, time.Since(p.begun))
		if err := p.stop(); err != nil {
			return nil, err
		}
	}
	ready = ready[1:]
	bare, err := times(starts, func() error { return exec.CommandContext(ctx, b.server, "version").Run() })
	if err != nil {
		return nil, err
	}
	held, err := b.memory(ctx)
	if err != nil {
		return nil, err
	}
	return []figure{
		{"server, exec to ready", "median " + ms(ready.at(0.5)), "200 ms", "aparte version: " + ms(bare.at(0.5))},
		{"server memory, idle for 5 s", megabytes(held), "50 MB", ""},
	}, nil
}

// serve starts a server on the desk and waits until it answers.
func (b bench) serve(ctx context.Context) (*program, string, error) {
	p, err := launch(ctx, nil, b.server, "serve", "--data", b.desk, "--listen", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	url, err := p.line("ready")
	if err != nil {
		p.end()
	}
	return p, url, err
}

// memory reads what an idle server holds, in bytes.
func (b bench) memory(ctx context.Context) (int64, error) {
	p, _, err := b.serve(ctx)
	if err != nil {
		return 0, err
	}
	defer p.end()
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(idle): // the figure is about time that passes
	}
	held, err := resident(p.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	return held, p.stop()
}

func resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "VmRSS:" {
			kilo, err := strconv.ParseInt(words[1], 10, 64)
			return kilo << 10, err
		}
	}
	return 0, fmt.Errorf("process %d tells no VmRSS", pid)
}

// size measures the program with the window, and the one without beside it.
func (b bench) size(context.Context) ([]figure, error) {
	server, err := os.Stat(b.server)
	if err != nil {
		return nil, err
	}
	f := figure{"program with the window", "not built here", "35 MB", "the server: " + megabytes(server.Size())}
	if b.desktop == "" {
		return []figure{f}, nil
	}
	desktop, err := os.Stat(b.desktop)
	if err != nil {
		return nil, err
	}
	f.measured = megabytes(desktop.Size())
	return []figure{f}, nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
