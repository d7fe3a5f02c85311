package actions

import (
	"context"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// Recall takes a message back before it leaves. Once the outbox has it in
// hand, it is too late.
func (a *Actions) Recall(ctx context.Context, by desk.Actor, id desk.DeliveryID) (d desk.Delivery, err error) {
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if d, err = tx.Delivery(ctx, id); err != nil {
			return err
		}
		r, err := enter(ctx, tx, by, d.Conversation)
		if err != nil || d.State == desk.Recalled {
			return err
		}
		if !waiting(d, tx.Now()) {
			return &desk.Error{Fault: desk.Conflict, Code: "too_late", Msg: "the message is on its way already",
				Hint: "Write another one to put it right."}
		}
		return r.recall(ctx, &d)
	})
	return d, err
}

// waiting tells whether nobody has begun to send a delivery.
func waiting(d desk.Delivery, now time.Time) bool {
	for _, p := range d.Recipients {
		if p.State != desk.Queued {
			return false
		}
	}
	return d.State == desk.Queued && !d.Lease.After(now)
}

func (r *room) recall(ctx context.Context, d *desk.Delivery) error {
	turn, err := r.turnWithout(ctx, d.Message)
	if err != nil {
		return err
	}
	for i := range d.Recipients {
		d.Recipients[i].State, d.Recipients[i].At = desk.Recalled, r.tx.Now()
	}
	d.State, d.SettledAt = desk.Recalled, r.tx.Now()
	if err := r.tx.SaveDelivery(ctx, *d); err != nil {
		return err
	}
	_, _, err = r.tx.Append(ctx, desk.Event{Ticket: r.ticket.ID, Conversation: r.talk.ID, By: r.by,
		Facts: desk.DeliveryRecalled{Message: d.Message, Delivery: d.ID, Turn: turn}})
	return err
}

// turnWithout tells whose turn it is if a message was never said: by the last
// other human one.
func (r *room) turnWithout(ctx context.Context, gone desk.MessageID) (desk.Turn, error) {
	latest, err := r.tx.Messages(ctx, r.talk.ID, store.Page{Limit: lookBack})
	if err != nil {
		return "", err
	}
	ids := make([]desk.MessageID, len(latest))
	for i, m := range latest {
		ids[i] = m.ID
	}
	deliveries, err := r.tx.DeliveriesOf(ctx, ids)
	if err != nil {
		return "", err
	}
	turn := desk.Nobody
	for _, m := range latest {
		switch {
		case m.ID == gone || !m.Human || deliveries[m.ID].State == desk.Recalled:
		case m.Direction == desk.In:
			turn = desk.Ours
		case m.Direction == desk.Out:
			turn = desk.Theirs
		}
	}
	return turn, nil
}

// Retry sends a message again to those whom it did not reach, or of whom that
// is not known: the agent has decided.
func (a *Actions) Retry(ctx context.Context, by desk.Actor, id desk.DeliveryID) (d desk.Delivery, err error) {
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if d, err = tx.Delivery(ctx, id); err != nil {
			return err
		}
		if _, err := enter(ctx, tx, by, d.Conversation); err != nil {
			return err
		}
		again := false
		for i := range d.Recipients {
			p := &d.Recipients[i]
			if p.State == desk.Failed || p.State == desk.Unsure {
				p.State, p.Attempts, p.NextAt, again = desk.Queued, 0, time.Time{}, true
			}
		}
		if !again {
			return &desk.Error{Fault: desk.Conflict, Code: "nothing_to_retry", Msg: "there is nobody left whom this message did not reach",
				Hint: "Look at its recipients again."}
		}
		d.State, d.DueAt, d.SettledAt, d.Lease, d.Attempts = desk.Overall(d.Recipients), tx.Now(), time.Time{}, time.Time{}, 0
		return tx.SaveDelivery(ctx, d)
	})
	return d, err
}
