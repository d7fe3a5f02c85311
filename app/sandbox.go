package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"aparte/internal/accounts"
	"aparte/internal/auth"
	"aparte/internal/connector/mail"
	"aparte/internal/desk"
	"aparte/internal/sandbox/mailroom"
	"aparte/internal/sandbox/stage"
	"aparte/internal/vault"
)

// sandboxCommand is a complete desk with its outside world on loopback.
type sandboxCommand struct {
	Data   string `placeholder:"DIR" type:"path" help:"Keep the sandbox here (default: a temporary folder that is removed)."`
	Listen string `placeholder:"ADDR" help:"Loopback address and port of the desk (default: ${listen}, or a free port if that is taken)."`
	Window bool   `help:"Open the window on it; the desk itself then listens on no port."`
}

func (c *sandboxCommand) check() error {
	if c.Listen == "" {
		return nil
	}
	if err := checkListen(c.Listen, "sandbox"); err != nil {
		return err
	}
	if !isLoopback(c.Listen) {
		return fmt.Errorf("the sandbox lets everybody in and listens on loopback only; write --listen like %s", defaultListen)
	}
	return nil
}

// Run plays until the program is told to stop.
func (c *sandboxCommand) Run(p *program) error {
	if c.Window {
		if err := canOpenWindow(); err != nil {
			return err
		}
	}
	dir := c.Data
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "aparte-sandbox-"); err != nil {
			return fmt.Errorf("make a folder for the sandbox: %w", err)
		}
		defer os.RemoveAll(dir)
	}
	return c.play(p, dir)
}

func (c *sandboxCommand) play(p *program, dir string) (err error) {
	// The world outlives the desk, which settles with it until it has closed.
	ctx, stop := context.WithCancel(context.WithoutCancel(p.ctx))
	defer stop()
	stageListener, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer stageListener.Close()
	stageURL := "http://" + stageListener.Addr().String()
	a, err := Open(p.ctx, Config{Data: dir, Mode: modeSandbox, UI: p.ui, Log: p.log, Stage: stageURL})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	world, err := a.openWorld(ctx, dir)
	if err != nil {
		return err
	}
	defer world.room.Close()
	beside := func(ctx context.Context) error { return world.run(ctx, stageListener) }
	if c.Window {
		fmt.Fprintln(p.out, "stage", stageURL)
		return p.openWindow(a, world.user, beside)
	}
	l, err := c.listen()
	if err != nil {
		return err
	}
	defer l.Close()
	return a.Run(p.ctx, beside, func(ctx context.Context) error {
		fmt.Fprintf(p.out, "ready http://%s\nstage %s\n", l.Addr(), stageURL)
		return serveUntil(ctx, httpServer(onLoopback(a.handler, world.user), a.log), l)
	})
}

// listen takes the port asked for; if none was, the usual one or a free one.
func (c *sandboxCommand) listen() (net.Listener, error) {
	l, err := listen(cmp.Or(c.Listen, defaultListen))
	if err != nil && c.Listen == "" {
		return listen("127.0.0.1:0")
	}
	return l, err
}

// world is what is outside of the sandbox's desk, and who uses the desk.
type world struct {
	room  *mailroom.Room
	stage *stage.Stage
	user  desk.Actor
}

// The sandbox's people, the user first. Nobody needs their password.
var staff = []auth.NewAgent{
	{ID: "sandbox-alex-moreau", Email: "alex.moreau@aparte.example", Name: "Alex Moreau", Role: desk.RoleAdmin},
	{ID: "sandbox-noor-haddad", Email: "noor.haddad@aparte.example", Name: "Noor Haddad", Role: desk.RoleAgent},
}

// openWorld starts the mail servers, puts the cast and their mail there, and
// makes the desk's people and mailbox if they are not yet there.
func (a *App) openWorld(ctx context.Context, dir string) (w *world, err error) {
	w = new(world)
	w.room, err = mailroom.Start(ctx, mailroom.Config{Dir: filepath.Join(dir, "mailroom"), Log: a.log})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.room.Close())
		}
	}()
	if w.stage, err = stage.New(stage.Options{Room: w.room, Key: a.vault.Derive("stage"), Log: a.log}); err != nil {
		return nil, err
	}
	if err := w.stage.Seed(ctx); err != nil {
		return nil, err
	}
	setup := desk.Machine("sandbox")
	for i, n := range staff {
		agent, err := a.auth.AddAgent(ctx, setup, n)
		if err != nil {
			return nil, fmt.Errorf("add the sandbox's people: %w", err)
		}
		if i == 0 {
			w.user = agent.As()
		}
	}
	return w, a.addStageMailbox(ctx, setup, w.stage.DeskMailbox())
}

// addStageMailbox gives the desk its mailbox in the mailroom. The room may have
// other ports than the last time.
func (a *App) addStageMailbox(ctx context.Context, by desk.Actor, m stage.Mailbox) error {
	settings := mail.Settings{IMAP: m.Addrs.IMAPS, SMTP: m.Addrs.SMTPS, IMAPTLS: mail.Implicit, SMTPTLS: mail.Implicit,
		User: m.User, CA: string(m.CertPEM), Since: mail.FromAll}.JSON()
	const id desk.AccountID = "sandbox-support"
	_, err := a.accounts.Add(ctx, by, accounts.NewAccount{ID: id, Channel: desk.Mail, Name: m.Name, Address: m.Address,
		Settings: settings, Secret: vault.Secret(m.Password)})
	if err == nil {
		_, err = a.accounts.Update(ctx, by, id, accounts.Change{Settings: &settings})
	}
	if err != nil {
		return fmt.Errorf("add the sandbox's mailbox: %w", err)
	}
	return nil
}

// run plays the stage and serves its page until ctx ends.
func (w *world) run(ctx context.Context, l net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.stage.Run(ctx) })
	group.Go(func() error {
		s := &http.Server{Handler: w.stage.Handler(), ReadHeaderTimeout: stopWait}
		s.BaseContext = func(net.Listener) context.Context { return ctx } // ends its long polls
		return serveUntil(ctx, s, l)
	})
	return group.Wait()
}

// onLoopback logs the sandbox's user in by itself: a request without a token is
// theirs, if it came by a loopback name. A website that had its own name point
// here comes by that name, and gets nowhere.
func onLoopback(next http.Handler, by desk.Actor) http.Handler {
	theirs := asActor(next, by)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopbackName(r.Host):
			http.Error(w, "the sandbox answers to loopback names only", http.StatusMisdirectedRequest)
		case r.Header.Get("Authorization") != "":
			next.ServeHTTP(w, r)
		default:
			theirs.ServeHTTP(w, r)
		}
	})
}

func loopbackName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}
