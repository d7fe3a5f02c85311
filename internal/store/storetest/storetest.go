// Package storetest says what a store must do, on any engine, and lends tests
// a desk to do it on. Every desk it opens is checked at the end against its
// own log: whatever a test did, replaying the events gives the stored rows.
package storetest

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"aparte/internal/store"
)

// patience is how long anything in a test may take before it counts as stuck.
const patience = 30 * time.Second

// Context ends before a stuck test would.
func Context(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	t.Cleanup(cancel)
	return ctx
}

// Open opens a new desk in a folder of its own, which is checked and closed
// when the test ends.
func Open(t testing.TB, change ...func(*store.Options)) *store.Store {
	t.Helper()
	return OpenAt(t, SQLite(t), change...)
}

// SQLite says where a new desk may be kept in a file.
func SQLite(t testing.TB) store.Options {
	return store.Options{Path: filepath.Join(t.TempDir(), "aparte.db")}
}

// OpenAt opens a desk that is checked and closed when the test ends.
func OpenAt(t testing.TB, o store.Options, change ...func(*store.Options)) *store.Store {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	for _, f := range change {
		f(&o)
	}
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open a desk: %v", err)
	}
	t.Cleanup(func() {
		Verify(t, s)
		if err := s.Close(); err != nil {
			t.Errorf("close the desk: %v", err)
		}
	})
	return s
}

// Verify fails a test whose desk is not what its log tells.
func Verify(t testing.TB, s *store.Store) {
	t.Helper()
	ctx := Context(t)
	err := s.View(ctx, func(tx *store.Tx) error {
		wrong, err := tx.Verify(ctx)
		for _, line := range wrong {
			t.Errorf("replay: %s", line)
		}
		return err
	})
	if err != nil {
		t.Errorf("replay the log: %v", err)
	}
}

// Clock is a clock that moves only when it is told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts a clock on a morning in May.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)} }

// Now tells the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Pass lets some time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
