// Package outbox is what goes out: a small state machine over deliveries. It
// claims what is due, sends the same bytes each time, and settles each
// recipient by itself. It knows undo, retries, leases and confirmation, and
// neither mail nor Slack.
package outbox

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/store"
)

// Options are what an outbox works with. All are required but Jitter.
type Options struct {
	Store *store.Store
	Blobs *blob.Store
	Log   *slog.Logger
	// Jitter picks a wait within a fifth of its argument; at random where nil.
	Jitter func(time.Duration) time.Duration
}

// Outbox sends what waits.
type Outbox struct {
	Options

	mu      sync.Mutex
	workers map[desk.AccountID]*worker
}

// New makes an outbox. It does nothing before Run.
func New(o Options) *Outbox {
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return d - d/5 + rand.N(2*d/5+1) }
	}
	return &Outbox{Options: o, workers: map[desk.AccountID]*worker{}}
}

// Trouble is why an account does not send for now. What is queued stays so.
type Trouble struct {
	Err  string // the server's own words, capped
	Hint string
	Care bool // a person must act
	Next time.Time
}

// Run sends for one account until ctx ends. Whoever held claims of this
// account before is gone: there is one worker an account.
func (o *Outbox) Run(ctx context.Context, account desk.AccountID, c connector.Connector) error {
	w := &worker{Outbox: o, account: account, connector: c, wake: make(chan struct{}, 1)}
	o.enter(w)
	defer o.leave(w)
	for ctx.Err() == nil {
		err := o.Store.Update(ctx, func(tx *store.Tx) error { return tx.ReleaseClaims(ctx, account) })
		if err == nil {
			break
		}
		o.Log.ErrorContext(ctx, "releasing claims failed", "account", account, "err", err)
		w.sleep(ctx, storeTrouble)
	}
	for ctx.Err() == nil {
		w.sleep(ctx, w.untilDue(ctx))
		w.round(ctx)
	}
	return nil
}

// Wake says that something may be due on an account, or on any where the
// account is empty. It is cheap and never blocks.
func (o *Outbox) Wake(account desk.AccountID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, w := range o.workers {
		if account != "" && account != id {
			continue
		}
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// Resume tries an account again at once that halted because its line broke:
// there is reason to think that the network is back. One that waits for a
// person stays halted.
func (o *Outbox) Resume(account desk.AccountID) {
	o.mu.Lock()
	w := o.workers[account]
	broken := w != nil && w.trouble != nil && !w.trouble.Care
	o.mu.Unlock()
	if broken {
		w.hurry.Store(true)
		o.Wake(account)
	}
}

// Trouble tells why an account does not send for now, if it does not.
func (o *Outbox) Trouble(account desk.AccountID) (Trouble, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w := o.workers[account]
	if w == nil || w.trouble == nil {
		return Trouble{}, false
	}
	return *w.trouble, true
}

func (o *Outbox) enter(w *worker) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.workers[w.account] = w
}

func (o *Outbox) leave(w *worker) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.workers[w.account] == w {
		delete(o.workers, w.account)
	}
}

// worker is one account's sending while Run lasts.
type worker struct {
	*Outbox
	account   desk.AccountID
	connector connector.Connector
	wake      chan struct{}

	failed   int       // lines that broke in a row
	resumeAt time.Time // no try before
	trouble  *Trouble  // under the outbox's mutex
	hurry    atomic.Bool
}

const (
	longSleep    = time.Hour       // with nothing to do
	storeTrouble = 5 * time.Second // when the store cannot be asked
	lease        = 15 * time.Minute
	attemptTime  = 12 * time.Minute // of one transaction; less than the lease
	perRound     = 1                // a claim is held only while it is worked on
)

// untilDue tells how long there is nothing to do.
func (w *worker) untilDue(ctx context.Context) time.Duration {
	var at time.Time
	err := w.Store.View(ctx, func(tx *store.Tx) (err error) {
		at, err = tx.NextDue(ctx, w.account)
		return err
	})
	switch {
	case err != nil:
		return storeTrouble
	case at.IsZero():
		return longSleep
	}
	if at.Before(w.resumeAt) {
		at = w.resumeAt
	}
	return min(at.Sub(w.Store.Now()), longSleep)
}

// sleep waits for d, or until somebody says that something may be due.
func (w *worker) sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.wake:
	case <-ctx.Done():
	}
}

// round works on what is due.
func (w *worker) round(ctx context.Context) {
	if w.hurry.Swap(false) {
		w.resumeAt = time.Time{}
	}
	if ctx.Err() != nil || w.Store.Now().Before(w.resumeAt) {
		return
	}
	var claimed []desk.Delivery
	err := w.Store.View(ctx, func(tx *store.Tx) error {
		at, err := tx.NextDue(ctx, w.account)
		if err == nil && (at.IsZero() || at.After(tx.Now())) {
			err = errNothing
		}
		return err
	})
	if err == nil {
		err = w.Store.Update(ctx, func(tx *store.Tx) (err error) {
			claimed, err = tx.Claim(ctx, w.account, lease, perRound)
			return err
		})
	}
	switch {
	case errors.Is(err, errNothing) || ctx.Err() != nil:
	case err != nil:
		w.Log.ErrorContext(ctx, "claiming deliveries failed", "account", w.account, "err", err)
		w.sleep(ctx, storeTrouble)
	}
	for _, d := range claimed {
		w.deliver(ctx, d)
	}
}

var errNothing = errors.New("nothing is due")

// halt stops the account's sending for a while. The queue stays.
func (w *worker) halt(ctx context.Context, err error) {
	w.failed++
	wait := w.Jitter(lineBackoff(w.failed))
	if connector.IsCare(err) {
		wait = careWait
	}
	w.resumeAt = w.Store.Now().Add(wait)
	t := &Trouble{Err: desk.OneLine(err.Error(), maxText), Care: connector.IsCare(err), Next: w.resumeAt}
	var e *desk.Error
	if errors.As(err, &e) {
		t.Err, t.Hint = desk.OneLine(e.Msg, maxText), e.Hint
	}
	w.Log.WarnContext(ctx, "sending halted", "account", w.account, "wait", wait, "err", err)
	w.tell(ctx, t)
}

// resume notes that the line works.
func (w *worker) resume(ctx context.Context) {
	w.failed, w.resumeAt = 0, time.Time{}
	if _, halted := w.Trouble(w.account); halted {
		w.tell(ctx, nil)
	}
}

func (w *worker) tell(ctx context.Context, t *Trouble) {
	w.mu.Lock()
	w.trouble = t
	w.mu.Unlock()
	err := w.Store.Update(ctx, func(tx *store.Tx) error {
		tx.Hint("accounts")
		return nil
	})
	if err != nil && ctx.Err() == nil {
		w.Log.WarnContext(ctx, "hint not given", "err", err)
	}
}
