package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"aparte/internal/desk"
	"aparte/internal/vault"
)

// order is a command that a desk carries out: the one that runs on the folder,
// where it takes effect at once, or else one opened for it.
type order interface {
	name() string   // "agent add"
	folder() string // of the desk
	// prepare runs where the command was typed: it reads files and stdin.
	prepare(p *program) (vault.Secret, error)
	// on runs where the desk is. What it writes goes to stdout.
	on(ctx context.Context, a *App, secret vault.Secret, out io.Writer) error
}

// founder is an order that makes a new desk where there is none yet.
type founder interface{ founds() }

// carryOut runs an order on its desk.
func (p *program) carryOut(o order) error {
	secret, err := o.prepare(p)
	if err != nil {
		return err
	}
	dir := o.folder()
	if _, founds := o.(founder); !founds && !hasDesk(dir) {
		return noDesk(dir)
	}
	ctx, cancel := context.WithTimeout(p.ctx, orderWait)
	defer cancel()
	a, err := Open(ctx, Config{Data: dir, Mode: forCommand, UI: p.ui, Log: p.log})
	if isInUse(err) {
		socket, err := socketOf(ctx, dir)
		if err != nil {
			return err
		}
		return send(ctx, socket, o, secret, p.out)
	}
	if err != nil {
		return err
	}
	defer a.Close()
	return o.on(ctx, a, secret, p.out)
}

// hasDesk tells whether there is a desk in a folder.
func hasDesk(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, deskFile))
	return err == nil
}

func noDesk(dir string) error {
	return &desk.Error{Fault: desk.NotFound, Code: "desk_not_found", Field: "data", Msg: "there is no desk in " + dir,
		Hint: "Name another folder with --data, or make a desk there with aparte serve or aparte agent add."}
}

// maxSecret is the longest password taken, in bytes.
const maxSecret = 1000

// passwordFlag takes a password from stdin: none is ever an argument.
type passwordFlag struct {
	PasswordStdin bool `help:"Read the password from stdin, one line."`
}

func (f passwordFlag) read(p *program) (vault.Secret, error) {
	if !f.PasswordStdin {
		return "", desk.Refuse("password", "password_missing", "a password is needed", "Give it on stdin with --password-stdin.")
	}
	b, err := io.ReadAll(io.LimitReader(p.in, maxSecret+2))
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimSuffix(line, "\r")
	switch {
	case line == "":
		return "", desk.Refuse("password", "password_missing", "there is no password on stdin", "Write it as one line.")
	case len(line) > maxSecret:
		return "", desk.Refuse("password", "password_too_long", "the password on stdin is too long", "Take one of at most 1,000 bytes.")
	}
	return vault.Secret(line), nil
}

// nothing is for orders that read nothing.
type nothing struct{}

func (nothing) prepare(*program) (vault.Secret, error) { return "", nil }

// orders are all that a running desk carries out, by name.
var orders = byName(
	func() order { return new(agentAdd) },
	func() order { return new(agentList) },
	func() order { return new(agentDisable) },
	func() order { return new(tokenNew) },
	func() order { return new(tokenList) },
	func() order { return new(tokenRevoke) },
	func() order { return new(mailboxAdd) },
	func() order { return new(mailboxList) },
	func() order { return new(mailboxTest) },
	func() order { return new(doctorCommand) },
	func() order { return new(showOrder) },
)

func byName(blanks ...func() order) map[string]func() order {
	m := map[string]func() order{}
	for _, blank := range blanks {
		m[blank().name()] = blank
	}
	return m
}
