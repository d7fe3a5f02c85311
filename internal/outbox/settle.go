package outbox

import (
	"context"
	"slices"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/store"
)

// update changes a delivery as it is now and tells the log what that means.
func (w *worker) update(ctx context.Context, id desk.DeliveryID, f func(*store.Tx, *desk.Delivery, time.Time) error) error {
	return w.Store.Update(ctx, func(tx *store.Tx) error {
		d, err := tx.Delivery(ctx, id)
		if err != nil {
			return err
		}
		was := d
		was.Recipients = slices.Clone(d.Recipients)
		if err := f(tx, &d, tx.Now()); err != nil {
			return err
		}
		if err := tx.SaveDelivery(ctx, d); err != nil {
			return err
		}
		return tell(ctx, tx, was, d)
	})
}

// change changes a delivery, works out what is left to do, and lets go of the
// claim. A shutdown does not keep it from writing an outcome down.
func (w *worker) change(ctx context.Context, id desk.DeliveryID, f func(*desk.Delivery, time.Time)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err := w.update(ctx, id, func(_ *store.Tx, d *desk.Delivery, now time.Time) error {
		f(d, now)
		conclude(d, now)
		return nil
	})
	if err != nil {
		w.Log.ErrorContext(ctx, "settling a delivery failed", "delivery", id, "err", err)
	}
}

// conclude works out the state of the whole, and when there is more to do.
func conclude(d *desk.Delivery, now time.Time) {
	d.State, d.Lease = desk.Overall(d.Recipients), time.Time{}
	next := time.Time{}
	for _, r := range d.Recipients {
		if r.State.Settled() {
			continue
		}
		at := r.NextAt
		if at.IsZero() {
			at = d.DueAt
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if next.IsZero() {
		d.SettledAt = now
		return
	}
	d.DueAt, d.SettledAt = next, time.Time{}
}

// settle writes down what became of each recipient of one transaction.
func (w *worker) settle(ctx context.Context, id desk.DeliveryID, to []desk.Address, outcomes []desk.Outcome) {
	w.change(ctx, id, func(d *desk.Delivery, now time.Time) {
		accepted := slices.ContainsFunc(outcomes, func(o desk.Outcome) bool { return o.State == desk.Sent })
		for _, r := range among(d, to) {
			i := slices.IndexFunc(outcomes, func(o desk.Outcome) bool { return (desk.Address{Email: o.Address}).Key() == r.Key() })
			if i < 0 || r.State == desk.Recalled {
				continue // still sending: confirm will ask about it; or taken back while the line was made
			}
			w.outcome(d, r, outcomes[i], accepted, now)
		}
	})
}

// outcome settles one recipient.
func (w *worker) outcome(d *desk.Delivery, r *desk.Progressing, o desk.Outcome, accepted bool, now time.Time) {
	r.Code, r.Enhanced, r.Text, r.At, r.NextAt = o.Code, o.Enhanced, desk.OneLine(o.Text, maxText), now, time.Time{}
	if o.Code == 452 && o.Enhanced == "4.5.3" && accepted {
		r.State, r.NextAt = waiting(*d, now), now // too many at once: the rest goes now
		return
	}
	r.Attempts++
	switch o.State {
	case desk.Sent, desk.Failed:
		r.State = o.State
	case desk.Unsure:
		r.State = w.unsure()
		r.NextAt = now.Add(askAfter)
	default:
		if tooLate(*d, r.Attempts, now) {
			r.State = desk.Failed
			return
		}
		r.State = waiting(*d, now)
		r.NextAt = now.Add(max(w.Jitter(refused(r.Attempts)), o.RetryIn))
	}
}

// unsure is the state after a cut: to be asked about where the channel can
// tell, and the agent's to decide where it cannot.
func (w *worker) unsure() desk.Progress {
	if _, ok := w.connector.(connector.Confirmer); ok {
		return desk.Sending
	}
	return desk.Unsure
}

// postpone lets a delivery wait after trouble that is not the line's.
func (w *worker) postpone(ctx context.Context, d desk.Delivery, err error) {
	if connector.IsCare(err) {
		w.halt(ctx, err)
	}
	w.Log.ErrorContext(ctx, "delivery postponed", "delivery", d.ID, "err", err)
	w.change(ctx, d.ID, func(d *desk.Delivery, now time.Time) {
		for i := range d.Recipients {
			if r := &d.Recipients[i]; r.State == desk.Queued || r.State == desk.Delayed {
				r.State, r.NextAt = waiting(*d, now), now.Add(stumble)
			}
		}
	})
}

// giveUp fails everybody who still waits: the message cannot be made. Whoever
// may have got it already is asked about first.
func (w *worker) giveUp(ctx context.Context, d desk.Delivery, err error) {
	w.change(ctx, d.ID, func(d *desk.Delivery, now time.Time) {
		for i := range d.Recipients {
			if r := &d.Recipients[i]; r.State == desk.Queued || r.State == desk.Delayed {
				r.State, r.Text, r.At = desk.Failed, desk.OneLine(err.Error(), maxText), now
			}
		}
	})
}

// tell appends what an agent should hear of a change: that it went out, that
// somebody will not get it, or that nobody knows.
func tell(ctx context.Context, tx *store.Tx, was, is desk.Delivery) error {
	c, err := tx.Conversation(ctx, is.Conversation)
	if err != nil {
		return err
	}
	for _, facts := range news(was, is) {
		if _, _, err := tx.Append(ctx, desk.Event{Ticket: c.Home, Conversation: c.ID, By: desk.Machine("outbox"), Facts: facts}); err != nil {
			return err
		}
	}
	return nil
}

func news(was, is desk.Delivery) []desk.Facts {
	var all []desk.Facts
	var failed []string
	reason, unsure, sent := "", false, true
	for i, r := range is.Recipients {
		fresh := i >= len(was.Recipients) || was.Recipients[i].State != r.State
		sent = sent && (r.State == desk.Sent || r.State == desk.Delivered)
		switch {
		case fresh && r.State == desk.Failed:
			failed, reason = append(failed, r.Email), r.Text
		case fresh && r.State == desk.Unsure:
			unsure = true
		}
	}
	if len(failed) > 0 {
		all = append(all, desk.DeliveryFailed{Message: is.Message, Delivery: is.ID, Recipients: failed, Reason: reason})
	}
	if unsure {
		all = append(all, desk.DeliveryUnsure{Message: is.Message, Delivery: is.ID})
	}
	if sent && was.SettledAt.IsZero() && !is.SettledAt.IsZero() {
		all = append(all, desk.DeliverySent{Message: is.Message, Delivery: is.ID})
	}
	return all
}
