// Package intake is what comes in: it keeps one line to each account open,
// spools what is found, and puts each message where routing says, in one
// transaction a message. It never loses an item: one that cannot be taken
// waits for a person, with its original.
package intake

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/route"
	"aparte/internal/store"
)

// Options are what an intake works with. All are required but Jitter.
type Options struct {
	Store  *store.Store
	Blobs  *blob.Store
	Log    *slog.Logger
	Policy func() route.Policy
	// Jitter picks a wait between nothing and its argument; at random where nil.
	Jitter func(time.Duration) time.Duration
}

// Intake takes mail in.
type Intake struct {
	Options

	mu    sync.Mutex
	lines map[desk.AccountID]*line
}

// New makes an intake. It does nothing before Run.
func New(o Options) *Intake {
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return rand.N(d + 1) }
	}
	return &Intake{Options: o, lines: map[desk.AccountID]*line{}}
}

// Run keeps an account's line open until ctx ends, and says by health how it
// is doing. It returns an error only where a person must act: after three
// tries that failed for the same reason, such as a wrong password.
func (in *Intake) Run(ctx context.Context, account desk.Account, c connector.Connector, health func(desk.Health)) error {
	l := &line{Intake: in, account: account, connector: c, report: health,
		found: make(chan struct{}, 1), again: make(chan struct{}, 1)}
	in.enter(l)
	defer in.leave(l)
	l.say(func(h *desk.Health) { h.State, h.Since = desk.Starting, in.Store.Now() })
	ctx, stop := context.WithCancel(ctx)
	var others sync.WaitGroup
	others.Go(func() { l.takeAll(ctx) })
	others.Go(func() { l.watchClock(ctx) })
	err := l.watch(ctx)
	stop()
	others.Wait()
	return err
}

// CheckNow drops an account's line and dials again at once.
func (in *Intake) CheckNow(id desk.AccountID) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if l := in.lines[id]; l != nil {
		poke(l.again)
	}
}

func (in *Intake) enter(l *line) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.lines[l.account.ID] = l
}

func (in *Intake) leave(l *line) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.lines[l.account.ID] == l {
		delete(in.lines, l.account.ID)
	}
}

// poke signals without waiting: one signal that is not read yet is enough.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// line is one account's line while Run lasts.
type line struct {
	*Intake
	account   desk.Account
	connector connector.Connector
	report    func(desk.Health)
	found     chan struct{} // there is something to take
	again     chan struct{} // dial again at once

	mu     sync.Mutex
	health desk.Health
}

func (l *line) say(change func(*desk.Health)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.health.State
	change(&l.health)
	if l.health.State != was {
		l.health.Since = l.Store.Now()
	}
	l.report(l.health)
}

func (l *line) connected() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.health.State == desk.Connected
}

// Back-off of a broken line: 1, 2, 4 … 300 s with full jitter,
// from the start again after two minutes of health.
const (
	firstWait = time.Second
	longest   = 300 * time.Second
	healthy   = 2 * time.Minute
	careTries = 3
)

// backoff is the longest wait before a try, by how many have failed.
func backoff(failed int) time.Duration {
	if failed > 9 {
		return longest
	}
	return min(firstWait<<max(failed-1, 0), longest)
}

// errAgain breaks a line off that is to be dialled anew.
var errAgain = errors.New("dialling again")

// watch discovers until ctx ends or a person must act.
func (l *line) watch(ctx context.Context) error {
	failed, care := 0, 0
	for {
		start, looked, err := time.Now(), false, error(nil)
		err = l.discover(ctx, func() { looked = true })
		if ctx.Err() != nil {
			return nil
		}
		if looked {
			care = 0
		}
		if time.Since(start) >= healthy && looked {
			failed = 0
		}
		if errors.Is(err, errAgain) {
			continue
		}
		failed++
		if connector.IsCare(err) {
			care++
		}
		if care >= careTries {
			l.trouble(desk.NeedsCare, err, time.Time{})
			return err
		}
		if !l.pause(ctx, err, l.Jitter(backoff(failed))) {
			return nil
		}
	}
}

// pause waits before the next try; false where ctx ends first.
func (l *line) pause(ctx context.Context, err error, wait time.Duration) bool {
	l.Log.WarnContext(ctx, "line broken", "account", l.account.ID, "wait", wait, "err", err)
	l.trouble(desk.Reconnecting, err, l.Store.Now().Add(wait))
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.again:
	case <-ctx.Done():
		return false
	}
	return true
}

// maxErrorText caps what a server's words take in a health note.
const maxErrorText = 300

func (l *line) trouble(state desk.HealthState, err error, next time.Time) {
	l.say(func(h *desk.Health) {
		h.State, h.NextAt, h.LastErr, h.Hint = state, next, "", ""
		if err != nil {
			h.LastErr = desk.OneLine(err.Error(), maxErrorText)
		}
		var e *desk.Error
		if errors.As(err, &e) {
			h.LastErr, h.Hint = desk.OneLine(e.Msg, maxErrorText), e.Hint
		}
	})
}

// discover looks for news until the line breaks.
func (l *line) discover(ctx context.Context, looked func()) error {
	var from string
	err := l.Store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(ctx, l.account.ID)
		from = a.Cursor
		return err
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-l.again:
			stop(errAgain)
		case <-ended:
		}
	})
	err = l.connector.Discover(ctx, connector.Cursor(from), func(f connector.Found) error {
		err := l.keep(ctx, &from, f)
		if err == nil {
			looked()
		}
		return err
	})
	close(ended)
	waiting.Wait()
	if errors.Is(context.Cause(ctx), errAgain) {
		return errAgain
	}
	if err == nil {
		err = errors.New("the line was closed")
	}
	return err
}

// keep writes down what was found, and that the line is well.
func (l *line) keep(ctx context.Context, cursor *string, f connector.Found) error {
	if len(f.Items) > 0 || string(f.After) != *cursor {
		items := make([]store.Item, len(f.Items))
		for i, it := range f.Items {
			items[i] = store.Item{Account: l.account.ID, Key: it.Key, Size: it.Size}
		}
		err := l.Store.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.Discovered(ctx, l.account.ID, items, string(f.After))
			return err
		})
		if err != nil {
			return err
		}
		*cursor = string(f.After)
	}
	poke(l.found)
	l.say(func(h *desk.Health) {
		h.State, h.CheckAt, h.NextAt, h.LastErr, h.Hint = desk.Connected, l.Store.Now(), time.Time{}, "", ""
		if m, ok := l.connector.(connector.Moder); ok {
			h.Mode = m.Mode()
		}
	})
	return nil
}
