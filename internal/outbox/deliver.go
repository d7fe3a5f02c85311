package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/store"
)

const (
	// settleTime is how long writing an outcome down may take after a shutdown began.
	settleTime = 10 * time.Second
	// grace is how long a shutdown waits for a transaction past the point of no return.
	grace = 10 * time.Second
	// stumble is the wait after our own mistake with one delivery.
	stumble = 5 * time.Minute
	maxText = 300
)

// deliver brings one claimed delivery as far as it can come now, and lets go
// of it. A breakdown of one delivery stops no other.
func (w *worker) deliver(ctx context.Context, d desk.Delivery) {
	defer func() {
		if r := recover(); r != nil {
			w.postpone(ctx, d, fmt.Errorf("sending broke down: %v", r))
		}
	}()
	if hanging(d, w.Store.Now()) {
		w.confirm(ctx, d)
		return
	}
	b, err := w.bytesOf(ctx, &d)
	switch {
	case ctx.Err() != nil:
		w.change(ctx, d.ID, func(*desk.Delivery, time.Time) {}) // lets go of the claim
		return
	case connector.IsPermanent(err) || refusal(err):
		w.giveUp(ctx, d, err)
		return
	case err != nil:
		w.postpone(ctx, d, err)
		return
	}
	for _, to := range parcels(d, w.Store.Now()) {
		if ctx.Err() != nil {
			break
		}
		if !w.attempt(ctx, d, b, to) {
			break
		}
	}
	w.change(ctx, d.ID, func(*desk.Delivery, time.Time) {})
}

// refusal tells whether the message itself cannot be sent as it is.
func refusal(err error) bool { return err != nil && desk.FaultOf(err) == desk.Invalid }

// hanging tells whether an attempt of this delivery never told its end, and it
// is time to ask about it.
func hanging(d desk.Delivery, now time.Time) bool {
	for _, r := range d.Recipients {
		if r.State == desk.Sending && !r.NextAt.After(now) {
			return true
		}
	}
	return false
}

// parcels sorts those whose turn it is into transactions: To and Cc together,
// each Bcc alone, so that nobody learns of them by the envelope.
func parcels(d desk.Delivery, now time.Time) [][]desk.Address {
	var open []desk.Address
	var hidden [][]desk.Address
	for _, r := range d.Recipients {
		switch {
		case r.State != desk.Queued && r.State != desk.Delayed || r.NextAt.After(now):
		case r.Class == desk.Bcc:
			hidden = append(hidden, []desk.Address{r.Address})
		default:
			open = append(open, r.Address)
		}
	}
	if len(open) == 0 {
		return hidden
	}
	return append([][]desk.Address{open}, hidden...)
}

// attempt makes one transaction and settles it. It tells whether the line is
// good for another one.
func (w *worker) attempt(ctx context.Context, d desk.Delivery, b []byte, to []desk.Address) bool {
	timed, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	var committed atomic.Bool
	sending, stop := lasting(timed, &committed)
	defer stop()
	recalled := false
	receipt, err := w.connector.Send(sending, connector.Parcel{Bytes: b, To: to, EnvelopeTag: d.EnvelopeTag, EnvelopeID: string(d.ID),
		Committing: func() error {
			committed.Store(true)
			if timed.Err() != nil {
				return timed.Err()
			}
			err := w.commit(timed, d.ID, to)
			recalled = errors.Is(err, errRecalled)
			return err
		}})
	switch {
	case recalled:
		return true
	case connector.IsPermanent(err):
		w.settle(ctx, d.ID, to, all(to, desk.Outcome{State: desk.Failed, Text: err.Error()}))
		return true
	case err != nil:
		w.change(ctx, d.ID, func(d *desk.Delivery, now time.Time) { backInLine(d, to, now) })
		if ctx.Err() == nil {
			w.halt(ctx, err)
		}
		return false
	}
	w.resume(ctx)
	w.settle(ctx, d.ID, to, receipt.Outcomes)
	return true
}

// lasting makes a context that ends with ctx before the point of no return,
// and some time after it from then on.
func lasting(ctx context.Context, committed *atomic.Bool) (context.Context, func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		if !committed.Load() {
			cancel()
			return
		}
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-longer.Done():
		}
	})
	return longer, func() { unhook(); cancel() }
}

// errRecalled breaks an attempt off whose message was taken back meanwhile.
var errRecalled = errors.New("the message was taken back")

// commit writes down, before anything leaves, that it may have left.
func (w *worker) commit(ctx context.Context, id desk.DeliveryID, to []desk.Address) error {
	return w.update(ctx, id, func(_ *store.Tx, d *desk.Delivery, now time.Time) error {
		for _, r := range among(d, to) {
			if r.State != desk.Queued && r.State != desk.Delayed {
				return errRecalled
			}
			r.State, r.At = desk.Sending, now
		}
		d.State = desk.Overall(d.Recipients)
		return nil
	})
}

// among gives the recipients of a delivery that to names.
func among(d *desk.Delivery, to []desk.Address) []*desk.Progressing {
	var all []*desk.Progressing
	for i := range d.Recipients {
		for _, a := range to {
			if d.Recipients[i].Key() == a.Key() {
				all = append(all, &d.Recipients[i])
				break
			}
		}
	}
	return all
}

func all(to []desk.Address, o desk.Outcome) []desk.Outcome {
	list := make([]desk.Outcome, len(to))
	for i, a := range to {
		list[i] = o
		list[i].Address = a.Email
	}
	return list
}

// backInLine undoes sending for those to whom nothing was handed over.
func backInLine(d *desk.Delivery, to []desk.Address, now time.Time) {
	for _, r := range among(d, to) {
		if r.State == desk.Sending || r.State == desk.Queued {
			r.State = waiting(*d, now)
		}
	}
}
