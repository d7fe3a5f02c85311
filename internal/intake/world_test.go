package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/route"
	"aparte/internal/store"
)

// world is a desk with two mailboxes and an intake.
type world struct {
	t       *testing.T
	store   *store.Store
	blobs   *blob.Store
	in      *Intake
	changed chan struct{}
	health  chan desk.Health

	mu    sync.Mutex
	ahead time.Duration // of the store's clock
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, changed: make(chan struct{}, 1), health: make(chan desk.Health, 1000)}
	dir := t.TempDir()
	var err error
	if w.blobs, err = blob.Open(filepath.Join(dir, "files")); err != nil {
		t.Fatal(err)
	}
	w.store, err = store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "desk.db"), Now: w.clock,
		Log: slog.New(slog.DiscardHandler), Changed: func(store.Change) { poke(w.changed) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	w.in = New(Options{Store: w.store, Blobs: w.blobs, Log: slog.New(slog.DiscardHandler),
		Policy: func() route.Policy { return route.Policy{} }, Jitter: func(time.Duration) time.Duration { return 0 }})
	err = w.store.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(
			tx.SaveAccount(t.Context(), desk.Account{ID: "support", Channel: desk.Mail, Address: "support@help.test"}),
			tx.SaveAccount(t.Context(), desk.Account{ID: "sales", Channel: desk.Mail, Address: "sales@help.test"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.ahead)
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
}

// run runs a line until the test or the returned function ends it.
func (w *world) run(account desk.AccountID, c connector.Connector) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() {
		result <- w.in.Run(ctx, desk.Account{ID: account, Channel: desk.Mail}, c, func(h desk.Health) {
			select {
			case w.health <- h:
			default:
			}
		})
	}()
	var once sync.Once
	var err error
	stop = func() error {
		once.Do(func() {
			cancel()
			select {
			case err = <-result:
			case <-time.After(20 * time.Second):
				w.t.Error("the intake did not end")
			}
		})
		return err
	}
	w.t.Cleanup(func() { _ = stop() })
	return stop
}

// state is what a desk holds after taking mail in.
type state struct {
	Tickets     []string // subjects
	Quarantined []string // reasons
	Pending     int
}

func (w *world) look() state {
	w.t.Helper()
	var s state
	ctx := context.Background()
	err := w.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Tickets(ctx, store.TicketQuery{View: store.ViewAll, Limit: 1000})
		for _, r := range rows {
			s.Tickets = append([]string{r.Subject}, s.Tickets...)
		}
		q, err2 := tx.Quarantine(ctx, "", 1000)
		for _, e := range q {
			s.Quarantined = append(s.Quarantined, e.Reason)
		}
		for _, a := range []desk.AccountID{"support", "sales"} {
			due, err := tx.Pending(ctx, a, 1000)
			if err != nil {
				return err
			}
			if _, any, err := tx.NextPending(ctx, a); err != nil || any {
				s.Pending += max(1, len(due))
			}
		}
		return errors.Join(err, err2)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) await(what string, is func(state) bool) state {
	w.t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		s := w.look()
		if is(s) {
			return s
		}
		select {
		case <-w.changed:
		case <-deadline:
			w.t.Fatalf("not %s: %+v", what, s)
		}
	}
}

func (w *world) awaitHealth(is func(desk.Health) bool) desk.Health {
	w.t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		select {
		case h := <-w.health:
			if is(h) {
				return h
			}
		case <-deadline:
			w.t.Fatal("the health was never so")
		}
	}
}

// box is a far side that holds items and fails on demand.
type box struct {
	connector.Connector // what a test does not need breaks it

	mu      sync.Mutex
	keys    []string
	mail    map[string]string
	looks   int
	discern []error          // what each look ends with, before the line holds; nil for one that holds
	fetches map[string]int   // how often each was asked for
	fail    map[string]error // by key
	more    chan struct{}
}

func newBox(mail ...string) *box {
	b := &box{mail: map[string]string{}, fetches: map[string]int{}, fail: map[string]error{}, more: make(chan struct{}, 1)}
	for _, m := range mail {
		b.put(m)
	}
	return b
}

// put lays "key|subject" into the box.
func (b *box) put(m string) {
	key, _, _ := strings.Cut(m, "|")
	b.mu.Lock()
	b.keys = append(b.keys, key)
	b.mail[key] = m
	b.mu.Unlock()
	poke(b.more)
}

func (b *box) Discover(ctx context.Context, from connector.Cursor, found func(connector.Found) error) error {
	b.mu.Lock()
	b.looks++
	var fails error
	if b.looks <= len(b.discern) {
		fails = b.discern[b.looks-1]
	}
	b.mu.Unlock()
	if fails != nil {
		return fails
	}
	n := 0
	fmt.Sscan(string(from), &n)
	for {
		b.mu.Lock()
		f := connector.Found{}
		for _, k := range b.keys[n:] {
			f.Items = append(f.Items, connector.Item{Key: k})
		}
		n = len(b.keys)
		f.After = connector.Cursor(fmt.Sprint(n))
		b.mu.Unlock()
		if err := found(f); err != nil {
			return err
		}
		select {
		case <-b.more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (b *box) Fetch(_ context.Context, it connector.Item, into io.Writer) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fetches[it.Key]++
	if err := b.fail[it.Key]; err != nil {
		return err
	}
	_, err := io.WriteString(into, b.mail[it.Key])
	return err
}

func (b *box) Read(_ context.Context, it connector.Item, raw []byte) desk.Inbound {
	_, subject, _ := strings.Cut(string(raw), "|")
	if subject == "panic" {
		panic("a reader's mistake")
	}
	sum := sha256.Sum256([]byte(subject))
	return desk.Inbound{ExternalID: subject + "@cust.test", CoreSum: hex.EncodeToString(sum[:]), Writer: desk.ByPerson,
		From: []desk.Address{{Email: "cleo@cust.test"}}, Subject: subject, Body: desk.Body{HTML: subject, Text: subject},
		Files: []desk.File{{Name: "a.txt", Type: "text/plain", Bytes: []byte("file of " + subject)}}}
}
