package app

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
	"github.com/alecthomas/kong"
)

// command is one line of the usage, with its flags filled in.
type command interface {
	Run(p *program) error
}

// usage is the command line, to the letter. Every flag has an APARTE_… twin in
// the environment; a flag goes before its twin.
type usage struct {
	Window  windowCommand  `cmd:"" default:"withargs" help:"The window on this computer's own desk; also what aparte does without a command."`
	Serve   serveCommand   `cmd:"" help:"A desk for a team: the same pages and API over HTTP(S)."`
	Sandbox sandboxCommand `cmd:"" help:"A complete desk with its outside world on loopback."`
	Agent   struct {
		Add     agentAdd     `cmd:"" help:"Add somebody with a login."`
		List    agentList    `cmd:"" help:"List everybody with a login."`
		Disable agentDisable `cmd:"" help:"Take somebody's login away."`
	} `cmd:"" help:"People with a login."`
	Token struct {
		New    tokenNew    `cmd:"" help:"Make a token for a program; it is printed once, alone."`
		List   tokenList   `cmd:"" help:"List somebody's tokens."`
		Revoke tokenRevoke `cmd:"" help:"End a token."`
	} `cmd:"" help:"Tokens for programs."`
	Mailbox struct {
		Add  mailboxAdd  `cmd:"" help:"Add a mailbox."`
		List mailboxList `cmd:"" help:"List the mailboxes."`
		Test mailboxTest `cmd:"" help:"Test a mailbox step by step, one of the desk or one not yet added."`
	} `cmd:"" help:"Mailboxes."`
	Doctor  doctorCommand  `cmd:"" help:"Check a desk and say what is wrong with it."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// dataFlag says which desk. It is part of every command that needs one.
type dataFlag struct {
	Data string `placeholder:"DIR" type:"path" help:"The desk's data folder (default: ${data})."`
}

// folder is where the desk is kept.
func (d dataFlag) folder() string {
	if d.Data == "" {
		return defaultData()
	}
	return d.Data
}

// defaultData is the platform's own place: XDG_DATA_HOME on Linux.
func defaultData() string { return filepath.Join(xdg.DataHome, "aparte") }

// parse reads a command line. Done is true where all that was asked for was
// help, which it has printed. Its errors are one sentence and mean wrong usage.
func parse(args []string, out io.Writer) (cmd command, done bool, err error) {
	var u usage
	k, err := kong.New(&u, kong.Name("aparte"), kong.DefaultEnvars("APARTE"), kong.Writers(out, out),
		kong.Description("Aparté, a helpdesk that you run yourself."),
		kong.Vars{"data": defaultData(), "listen": defaultListen},
		kong.Exit(func(int) { done = true }))
	if err != nil {
		return nil, false, fmt.Errorf("the command line is made wrongly: %w", err)
	}
	ctx, err := k.Parse(args)
	if done {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, wrongUsage(err)
	}
	cmd, fine := ctx.Selected().Target.Addr().Interface().(command)
	if !fine {
		return nil, false, fmt.Errorf("%s is no command of its own; see aparte --help", ctx.Selected().Name)
	}
	if v, checks := cmd.(interface{ check() error }); checks {
		if err := v.check(); err != nil {
			return nil, false, err
		}
	}
	return cmd, false, nil
}

func wrongUsage(err error) error {
	where := "aparte --help"
	var bad *kong.ParseError
	if errors.As(err, &bad) && bad.Context != nil && bad.Context.Selected() != nil {
		where = strings.TrimSuffix(bad.Context.Selected().FullPath(), " window") + " --help"
	}
	return fmt.Errorf("%w; see %s", err, where)
}

type versionCommand struct{}

// Run prints the version, alone on its line.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.out, "aparte", Version)
	return err
}
