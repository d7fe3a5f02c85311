// Package app is the program: configuration, wiring, modes and the window.
// It is the only place that knows every room of the house.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"aparte/internal/desk"
)

// Version is what `aparte version` prints; release builds set it by the linker.
var Version = "0.1.0-dev"

// Exit codes, as scripts rely on them.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// program is what every command gets: the way in and out.
type program struct {
	ctx    context.Context // ends on SIGTERM and on an interrupt
	ui     fs.FS           // the built frontend, index.html at its root
	in     io.Reader
	out    io.Writer
	errors io.Writer
	log    *slog.Logger
}

// Main runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage.
func Main(ui fs.FS, args []string) int {
	privately()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dist, err := fs.Sub(ui, "frontend/dist")
	if err != nil {
		panic(err) // only for a malformed name
	}
	p := &program{ctx: ctx, ui: dist, in: os.Stdin, out: os.Stdout, errors: os.Stderr,
		log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	return p.run(args)
}

func (p *program) run(args []string) int {
	cmd, done, err := parse(args, p.out)
	switch {
	case err != nil:
		fmt.Fprintln(p.errors, "aparte:", err)
		return exitUsage
	case done:
		return exitDone
	}
	if err := cmd.Run(p); err != nil {
		fmt.Fprintln(p.errors, "aparte:", sentence(err))
		return exitFailed
	}
	return exitDone
}

// sentence makes one line of an error: what happened and what to do.
func sentence(err error) string {
	var e *desk.Error
	if !errors.As(err, &e) {
		return desk.OneLine(err.Error(), maxSentence)
	}
	text := e.Error()
	if hint := strings.TrimSuffix(e.Hint, "."); hint != "" {
		text += "; " + lowerFirst(hint)
	}
	return desk.OneLine(text, maxSentence)
}

// maxSentence bounds what a command says, in characters: a server's own words may be in it.
const maxSentence = 600

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s // an abbreviation stays
}
