package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"aparte/internal/accounts"
	"aparte/internal/actions"
	"aparte/internal/auth"
	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/connector/mail"
	"aparte/internal/desk"
	"aparte/internal/feed"
	"aparte/internal/httpapi"
	"aparte/internal/intake"
	"aparte/internal/outbox"
	"aparte/internal/route"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// The names in a data folder.
const (
	deskFile = "desk.db"
	blobDir  = "blobs"
)

// The modes of a desk, as /api/me and the lock file say them.
const (
	modeServe   = "serve"
	modeSandbox = "sandbox"
	modeWindow  = "window"
)

// Config says which desk to open, and for what.
type Config struct {
	Data    string // the data folder; made if there is none
	Mode    string // serve, sandbox, window, or command for one order
	UI      fs.FS  // the built frontend, index.html at its root
	TLS     bool   // people come over HTTPS
	Keyring bool   // a new desk keeps its master key in the system's keyring, if there is one
	Stage   string // the sandbox's stage, as an address
	Log     *slog.Logger
}

// App is one desk with all its parts.
type App struct {
	config Config
	log    *slog.Logger

	lock     *lock
	feed     *feed.Feed
	store    *store.Store
	vault    *vault.Vault
	blobs    *blob.Store
	actions  *actions.Actions
	outbox   *outbox.Outbox
	accounts *accounts.Accounts
	auth     *auth.Auth
	handler  http.Handler
	shell    atomic.Pointer[shell] // the window on this desk, if there is one

	closing []func() error // in the order of opening
}

// Open takes the data folder and builds every part of the desk, from the
// bottom to the top. Nothing runs before Run.
func Open(ctx context.Context, c Config) (*App, error) {
	a := &App{config: c, log: c.Log}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	c := a.config
	if a.lock, err = takeLock(ctx, c.Data, c.Mode); err != nil {
		return err
	}
	a.closes(a.lock.release)
	a.feed = feed.New()
	a.closes(func() error { a.feed.Close(); return nil })
	a.store, err = store.Open(ctx, store.Options{Path: filepath.Join(c.Data, deskFile), Log: a.log, Changed: a.changed})
	if err != nil {
		return err
	}
	a.closes(a.store.Close)
	if a.vault, err = vault.Open(c.Data, vault.Options{Keyring: c.Keyring}); err != nil {
		return err
	}
	if a.blobs, err = blob.Open(filepath.Join(c.Data, blobDir)); err != nil {
		return fmt.Errorf("open the desk's files: %w", err)
	}
	a.actions = actions.New(actions.Options{Store: a.store, Blobs: a.blobs, Log: a.log})
	in := intake.New(intake.Options{Store: a.store, Blobs: a.blobs, Log: a.log, Policy: a.policy})
	a.outbox = outbox.New(outbox.Options{Store: a.store, Blobs: a.blobs, Log: a.log})
	a.accounts = accounts.New(accounts.Options{Store: a.store, Vault: a.vault, Intake: in, Outbox: a.outbox, Log: a.log,
		Build: map[desk.Channel]accounts.Factory{
			desk.Mail: a.mailbox,
		}})
	a.auth = auth.New(auth.Options{Store: a.store, TLS: c.TLS, Log: a.log})
	a.handler = httpapi.New(httpapi.Options{Store: a.store, Actions: a.actions, Accounts: a.accounts, Feed: a.feed, Blobs: a.blobs,
		Auth: a.auth, UI: c.UI, Version: Version, Mode: c.Mode, Stage: c.Stage, Log: a.log})
	return a.catchUp(ctx)
}

// mailbox makes the line to one mailbox.
func (a *App) mailbox(m desk.Account, secret vault.Secret) (connector.Connector, error) {
	settings, err := mail.ParseSettings(m.Settings)
	if err != nil {
		return nil, err
	}
	return mail.New(mail.Config{Account: m.ID, Address: m.Address, Name: m.Name, Settings: settings, Began: m.CreatedAt, Password: secret.Reveal,
		Key: a.vault.Derive("message-id"), Instance: hex.EncodeToString(a.vault.Derive("instance")[:8]),
		Log: a.log})
}

// policy is what an admin decided about answers that come late.
func (a *App) policy() route.Policy {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	s, err := a.actions.Settings(ctx)
	if err != nil {
		a.log.Error("settings not read; late answers reopen nothing", "err", err)
	}
	return route.Policy{ReopenDone: s.ReopenDone, ReopenSolved: s.ReopenSolved}
}

// catchUp tells the feed how far the log has come before anybody waits.
func (a *App) catchUp(ctx context.Context) error {
	return a.store.View(ctx, func(tx *store.Tx) error {
		seq, err := tx.Seq(ctx)
		a.feed.Advance(seq, nil)
		return err
	})
}

// changed passes on what a commit brought. It must not block.
func (a *App) changed(c store.Change) {
	a.feed.Advance(c.Seq, c.Hints)
	if a.outbox != nil {
		a.outbox.Wake("")
	}
}

func (a *App) closes(f func() error) { a.closing = append(a.closing, f) }

// Run runs the desk, and what is to run beside it, until ctx ends or a part
// fails. It returns when all that it started has ended.
func (a *App) Run(ctx context.Context, beside ...func(context.Context) error) error {
	door, err := openControl(a.config.Data)
	if err != nil {
		return err
	}
	defer door.Close()
	if err := a.lock.announce(a.config.Mode, door.path); err != nil {
		return folderTrouble(a.config.Data, err)
	}
	told := ctx
	group, ctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(ctx, a.feed.Close)() // whoever waits for news goes home
	group.Go(func() error { return door.Run(ctx, a) })
	group.Go(func() error { return a.accounts.Run(ctx) })
	for _, run := range beside {
		if run != nil {
			group.Go(func() error { return run(ctx) })
		}
	}
	err = group.Wait()
	if told.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // being told to stop is no failure
	}
	return err
}

// closeWait is how long the parts of a desk may take to end.
const closeWait = 10 * time.Second

// Close walks back what Open built, within 10 s.
func (a *App) Close() error {
	done := make(chan error, 1)
	go func() {
		var errs []error
		for i := len(a.closing) - 1; i >= 0; i-- {
			errs = append(errs, a.closing[i]())
		}
		done <- errors.Join(errs...)
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(closeWait):
		return errors.New("close the desk: it did not end in time")
	}
}
