package accounts

import (
	"context"
	"errors"
	"sync"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// line is one account that runs: its intake and its outbox over one connector.
type line struct {
	*Accounts
	account desk.Account
	stop    context.CancelFunc
	done    chan struct{}

	health desk.Health // this and spent under the accounts' mutex
	spent  bool        // to be ended and begun anew
}

func (l *line) ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// closeAfter is how long a shutdown waits for a transaction that has passed
// the point of no return, before the connector is closed under it.
const closeAfter = 12 * time.Second

// run works until ctx ends. Where the account cannot even begin, it waits so,
// for a person.
func (l *line) run(ctx context.Context) {
	c, err := l.connect(l.account)
	if err != nil {
		l.Log.WarnContext(ctx, "account cannot start", "account", l.account.ID, "err", err)
		l.say(ctx, careFor(err, l.Store.Now()))
		<-ctx.Done()
		return
	}
	var workers sync.WaitGroup
	workers.Go(func() {
		if err := l.Intake.Run(ctx, l.account, c, func(h desk.Health) { l.say(ctx, h) }); err != nil {
			l.Log.WarnContext(ctx, "account needs care", "account", l.account.ID, "err", err)
		}
	})
	workers.Go(func() {
		if err := l.Outbox.Run(ctx, l.account.ID, c); err != nil {
			l.Log.ErrorContext(ctx, "outbox ended", "account", l.account.ID, "err", err)
		}
	})
	ended := make(chan struct{})
	go func() { workers.Wait(); close(ended) }()
	<-ctx.Done()
	timer := time.NewTimer(closeAfter)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
	}
	if err := c.Close(); err != nil {
		l.Log.InfoContext(ctx, "line not closed cleanly", "account", l.account.ID, "err", err)
	}
	<-ended
}

// say keeps an account's health, and hints where its light changed. A line that
// is back tells the outbox that it may be, too.
func (l *line) say(ctx context.Context, h desk.Health) {
	l.mu.Lock()
	changed := l.health.State != h.State
	l.health = h
	l.mu.Unlock()
	if !changed || ctx.Err() != nil {
		return
	}
	if h.State == desk.Connected {
		l.Outbox.Resume(l.account.ID)
	}
	err := l.Store.Update(ctx, func(tx *store.Tx) error {
		tx.Hint("accounts")
		return nil
	})
	if err != nil && ctx.Err() == nil {
		l.Log.WarnContext(ctx, "hint not given", "err", err)
	}
}

func careFor(err error, now time.Time) desk.Health {
	h := desk.Health{State: desk.NeedsCare, Since: now, LastErr: desk.OneLine(err.Error(), 300)}
	var e *desk.Error
	if errors.As(err, &e) {
		h.LastErr, h.Hint = e.Msg, e.Hint
	}
	return h
}

// label is what an account's secret is sealed under.
func label(id desk.AccountID) string { return "account:" + string(id) }

// connect makes the connector of a stored account.
func (a *Accounts) connect(account desk.Account) (connector.Connector, error) {
	secret, err := a.Vault.Open(label(account.ID), account.Secret)
	if err != nil {
		return nil, &desk.Error{Fault: desk.Unavailable, Code: "secret_sealed", Err: err,
			Msg: "the stored password cannot be opened", Hint: "Type the password of this account again."}
	}
	return a.build(account, secret)
}

func (a *Accounts) build(account desk.Account, secret vault.Secret) (connector.Connector, error) {
	make := a.Build[account.Channel]
	if make == nil {
		return nil, desk.Refuse("channel", "channel_unknown", "this desk knows no channel of that kind", "Choose one of those offered.")
	}
	return make(account, secret)
}
