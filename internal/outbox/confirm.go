package outbox

import (
	"context"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

const (
	askAfter  = time.Minute      // a provider may take as long to file what it sent
	askAgain  = time.Minute      // when it could not be asked
	askFor    = 30 * time.Minute // then nobody knows
	maxResent = 3
)

// confirm finds out what became of an attempt that was cut off after the point
// of no return. What the far side has is sent; what it certainly has not goes
// out again, with the same bytes; the rest is unsure, and an agent decides (X3).
func (w *worker) confirm(ctx context.Context, d desk.Delivery) {
	since, now := hangingSince(d), w.Store.Now()
	asker, ok := w.connector.(connector.Confirmer)
	if !ok {
		w.resolve(ctx, d, desk.Unsure)
		return
	}
	if ready := since.Add(askAfter); now.Before(ready) {
		w.askAt(ctx, d, ready)
		return
	}
	found, conclusive, err := asker.Confirm(ctx, d.ExternalID)
	switch {
	case ctx.Err() != nil || err != nil && now.Sub(since) < askFor:
		w.askAt(ctx, d, now.Add(askAgain))
	case err == nil && found && !partly(d):
		w.resolve(ctx, d, desk.Sent)
	case err == nil && !found && conclusive:
		w.resolve(ctx, d, desk.Queued)
	default:
		w.resolve(ctx, d, desk.Unsure)
	}
}

// hangingSince is when the attempt passed the point of no return.
func hangingSince(d desk.Delivery) time.Time {
	var since time.Time
	for _, r := range d.Recipients {
		if r.State == desk.Sending && r.At.After(since) {
			since = r.At
		}
	}
	return since
}

// askAt lets those who hang wait for the far side's word.
func (w *worker) askAt(ctx context.Context, d desk.Delivery, at time.Time) {
	w.change(ctx, d.ID, func(d *desk.Delivery, _ time.Time) {
		for i := range d.Recipients {
			if r := &d.Recipients[i]; r.State == desk.Sending {
				r.NextAt = at
			}
		}
	})
}

// resolve gives those who hang the state that was found out.
func (w *worker) resolve(ctx context.Context, d desk.Delivery, to desk.Progress) {
	w.change(ctx, d.ID, func(d *desk.Delivery, now time.Time) {
		for i := range d.Recipients {
			r := &d.Recipients[i]
			if r.State != desk.Sending {
				continue
			}
			r.State, r.At, r.NextAt = to, now, time.Time{}
			if to != desk.Queued {
				continue
			}
			if r.Attempts++; r.Attempts >= maxResent {
				r.State = desk.Unsure
			}
		}
	})
}

// partly tells whether another transaction of this delivery went through: then
// a copy at the far side may be that one's, and proves nothing.
func partly(d desk.Delivery) bool {
	for _, r := range d.Recipients {
		if r.State == desk.Sent || r.State == desk.Delivered {
			return true
		}
	}
	return false
}
