package intake

import (
	"context"
	"errors"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/route"
	"aparte/internal/store"
)

// accept stores what was fetched: many messages in one commit, each under its
// own savepoint. What failed is written down, and set aside after the last try.
func (l *line) accept(ctx context.Context, batch []try) error {
	if len(batch) == 0 {
		return nil
	}
	policy := l.Policy()
	taken := 0
	err := l.Store.Update(ctx, func(tx *store.Tx) error {
		taken = 0
		for _, t := range batch {
			if t.err == nil {
				t.err = tx.Savepoint(ctx, func() error { return take(ctx, tx, t, policy) })
			}
			switch {
			case t.err == nil:
				taken++
			case ctx.Err() != nil:
				return ctx.Err()
			case errors.Is(t.err, errTaken):
			case connector.IsGone(t.err):
				if _, err := tx.TakeItem(ctx, t.item.Account, t.item.Key, ""); err != nil {
					return err
				}
			default:
				if err := l.missed(ctx, tx, t); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil && taken > 0 {
		l.say(func(h *desk.Health) { h.Receives += int64(taken) })
	}
	return err
}

// take puts one message where it belongs and marks its item as taken by it.
func take(ctx context.Context, tx *store.Tx, t try, policy route.Policy) error {
	id, err := settle(ctx, tx, t.arrival, policy)
	if err != nil {
		return err
	}
	fresh, err := tx.TakeItem(ctx, t.item.Account, t.item.Key, id)
	if err == nil && !fresh {
		err = errTaken
	}
	return err
}

// settle tells which message an arrival is. One that came by another way
// before, into another of our mailboxes, is that message and gets no second row.
func settle(ctx context.Context, tx *store.Tx, a place.Arrival, policy route.Policy) (desk.MessageID, error) {
	twin, err := tx.MessageByCore(ctx, a.Mail.CoreSum)
	if desk.FaultOf(err) != desk.NotFound {
		return twin.ID, err
	}
	evidence, err := tx.Evidence(ctx, a.Mail)
	if err != nil {
		return "", err
	}
	return place.CarryOut(ctx, tx, a, route.Decide(a.Mail, evidence), policy)
}

// missed writes a failed try down. After the last one the item waits for a
// person, and nothing waits for it.
func (l *line) missed(ctx context.Context, tx *store.Tx, t try) error {
	l.Log.WarnContext(ctx, "item not taken", "account", l.account.ID, "attempts", t.item.Attempts+1, "err", t.err)
	if !lastTry(t) {
		return tx.PostponeItem(ctx, t.item.Account, t.item.Key, tx.Now().Add(backlog(t.item.Attempts)), why(t.err))
	}
	if err := tx.SetItemAside(ctx, t.item.Account, t.item.Key, why(t.err)); err != nil {
		return err
	}
	return aside(ctx, tx, t)
}

// aside makes the quarantine entry of an item that could not be taken, with
// its original where there is one.
func aside(ctx context.Context, tx *store.Tx, t try) error {
	reason := "unreadable"
	if t.raw == "" {
		reason = "unfetched"
	}
	mail := t.arrival.Mail
	m := desk.Message{ID: desk.MessageID(desk.NewID()), Direction: desk.In, OccurredAt: tx.Now(),
		Author: mail.Sender(), Subject: mail.Subject, Preview: why(t.err), Grade: desk.Other, Human: true,
		Problems: []string{reason}, Reasons: []string{reason}, Raw: t.raw}
	if err := tx.AddMessage(ctx, m, desk.Body{}); err != nil {
		return err
	}
	return tx.AddQuarantined(ctx, desk.Quarantined{ID: desk.QuarantineID(desk.NewID()), Account: t.item.Account,
		Message: m.ID, Reason: reason, Reasons: []string{reason}})
}
