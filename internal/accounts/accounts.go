// Package accounts is the desk's doors to the outside: it adds, tests, changes
// and stops mailboxes and workspaces, keeps a line running for each that is
// not stopped, and tells how they are doing. It speaks no protocol; what a
// channel needs is made by the factory that the program gives it.
package accounts

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/intake"
	"aparte/internal/outbox"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// Factory makes the connector of an account. It dials nothing.
type Factory func(a desk.Account, secret vault.Secret) (connector.Connector, error)

// Options are what accounts work with. All are required.
type Options struct {
	Store  *store.Store
	Vault  *vault.Vault
	Intake *intake.Intake
	Outbox *outbox.Outbox
	Build  map[desk.Channel]Factory
	Log    *slog.Logger
}

// Accounts runs the desk's lines.
type Accounts struct {
	Options
	reload chan struct{}

	mu      sync.Mutex
	lines   map[desk.AccountID]*line
	stopped map[desk.AccountID]desk.Health
}

// New makes the accounts of a desk. No line is open before Run.
func New(o Options) *Accounts {
	return &Accounts{Options: o, reload: make(chan struct{}, 1),
		lines: map[desk.AccountID]*line{}, stopped: map[desk.AccountID]desk.Health{}}
}

// retryLoad is the wait after the list of accounts could not be read.
const retryLoad = 5 * time.Second

// Run keeps a line for each account that is not stopped, until ctx ends and
// all lines have.
func (a *Accounts) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	for {
		wait := time.Hour
		if err := a.reconcile(ctx, &running); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "reading accounts failed", "err", err)
			wait = retryLoad
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-a.reload:
		case <-timer.C:
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

// Reload looks at the accounts again, because they may have changed.
func (a *Accounts) Reload() {
	select {
	case a.reload <- struct{}{}:
	default:
	}
}

// reconcile starts and ends lines until they are what the store says.
func (a *Accounts) reconcile(ctx context.Context, running *sync.WaitGroup) error {
	var list []desk.Account
	err := a.Store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Accounts(ctx)
		return err
	})
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, account := range list {
		l := a.lines[account.ID]
		if l != nil && (l.account.Version != account.Version || l.spent) {
			l.stop()
			if !l.ended() {
				continue // it says so when it has, and we come again
			}
			delete(a.lines, account.ID)
			l = nil
		}
		switch {
		case !account.StoppedAt.IsZero():
			a.stopped[account.ID] = desk.Health{State: desk.Stopped, Since: account.StoppedAt}
		case l == nil:
			delete(a.stopped, account.ID)
			a.start(ctx, account, running)
		}
	}
	return nil
}

// start opens a line. The caller holds the mutex.
func (a *Accounts) start(ctx context.Context, account desk.Account, running *sync.WaitGroup) {
	ctx, stop := context.WithCancel(ctx)
	l := &line{Accounts: a, account: account, stop: stop, done: make(chan struct{}),
		health: desk.Health{State: desk.Starting, Since: a.Store.Now()}}
	a.lines[account.ID] = l
	running.Go(func() {
		defer stop()
		l.run(ctx)
		close(l.done)
		a.Reload()
	})
}

// Health tells how an account is doing; Stopped where nothing runs.
func (a *Accounts) Health(id desk.AccountID) desk.Health {
	a.mu.Lock()
	defer a.mu.Unlock()
	if l := a.lines[id]; l != nil {
		return a.merged(id, l.health)
	}
	if h, ok := a.stopped[id]; ok {
		return h
	}
	return desk.Health{State: desk.Stopped}
}

// All tells how every account is doing.
func (a *Accounts) All() map[desk.AccountID]desk.Health {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := map[desk.AccountID]desk.Health{}
	for id, h := range a.stopped {
		all[id] = h
	}
	for id, l := range a.lines {
		all[id] = a.merged(id, l.health)
	}
	return all
}

// merged adds what keeps an account from sending: a line that takes mail in
// and cannot send is not well.
func (a *Accounts) merged(id desk.AccountID, h desk.Health) desk.Health {
	t, halted := a.Outbox.Trouble(id)
	if !halted || h.State != desk.Connected && h.State != desk.Starting {
		return h
	}
	h.State, h.LastErr, h.Hint, h.NextAt = desk.Reconnecting, t.Err, t.Hint, t.Next
	if t.Care {
		h.State = desk.NeedsCare
	}
	return h
}

// CheckNow looks for news on an account at once. One that waits for a person
// is started again.
func (a *Accounts) CheckNow(id desk.AccountID) {
	a.mu.Lock()
	l := a.lines[id]
	if l != nil && (l.health.State == desk.NeedsCare || a.merged(id, l.health).State == desk.NeedsCare) {
		l.spent = true
	}
	a.mu.Unlock()
	a.Intake.CheckNow(id)
	a.Outbox.Resume(id)
	a.Reload()
}
