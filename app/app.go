package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"aparte/internal/blob"
	"aparte/internal/feed"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// The names in a data folder.
const (
	deskFile = "desk.db"
	blobDir  = "blobs"
)

// Config says which desk to open, and for what.
type Config struct {
	Data    string // the data folder; made if there is none
	Mode    string // serve, sandbox, window, or command for one order
	UI      fs.FS  // the built frontend, index.html at its root
	Keyring bool   // a new desk keeps its master key in the system's keyring, if there is one
	Log     *slog.Logger
}

// App is one desk with all its parts.
type App struct {
	config Config
	log    *slog.Logger

	lock    *lock
	control *control
	store   *store.Store
	feed    *feed.Feed
	vault   *vault.Vault
	blobs   *blob.Store

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
	dir := a.config.Data
	if a.lock, err = takeLock(ctx, dir, a.config.Mode); err != nil {
		return err
	}
	a.closes(a.lock.release)
	a.feed = feed.New()
	a.closes(func() error { a.feed.Close(); return nil })
	a.store, err = store.Open(ctx, store.Options{Path: filepath.Join(dir, deskFile), Log: a.log, Changed: a.changed})
	if err != nil {
		return err
	}
	a.closes(a.store.Close)
	if err := a.catchUp(ctx); err != nil {
		return err
	}
	if a.vault, err = vault.Open(dir, vault.Options{Keyring: a.config.Keyring}); err != nil {
		return err
	}
	if a.blobs, err = blob.Open(filepath.Join(dir, blobDir)); err != nil {
		return fmt.Errorf("open the desk's files: %w", err)
	}
	return nil
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
}

func (a *App) closes(f func() error) { a.closing = append(a.closing, f) }

// Run runs the desk until ctx ends or a part of it fails, and returns when
// all that it started has ended.
func (a *App) Run(ctx context.Context) error {
	var err error
	if a.control, err = openControl(a.config.Data); err != nil {
		return err
	}
	defer a.control.Close()
	if err := a.lock.announce(a.config.Mode, a.control.path); err != nil {
		return folderTrouble(a.config.Data, err)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.control.Run(ctx, a) })
	return group.Wait()
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
