package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/store"
)

var start = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

// world is a desk with one mailbox, one side conversation and a clock that
// stands until it is moved.
type world struct {
	t       *testing.T
	store   *store.Store
	blobs   *blob.Store
	out     *Outbox
	changed chan struct{}

	mu  sync.Mutex
	now time.Time

	conversation desk.Conversation
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: start, changed: make(chan struct{}, 1)}
	dir := t.TempDir()
	var err error
	if w.blobs, err = blob.Open(filepath.Join(dir, "files")); err != nil {
		t.Fatal(err)
	}
	w.store, err = store.Open(context.Background(), store.Options{Path: filepath.Join(dir, "desk.db"),
		Log: slog.New(slog.DiscardHandler), Now: w.clock, Changed: func(store.Change) {
			select {
			case w.changed <- struct{}{}:
			default:
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	w.out = w.outbox()
	w.update(w.furnish)
	return w
}

func (w *world) outbox() *Outbox {
	return New(Options{Store: w.store, Blobs: w.blobs, Log: slog.New(slog.DiscardHandler),
		Jitter: func(d time.Duration) time.Duration { return d }})
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// pass moves the clock and wakes the outbox, as its own timer would.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	w.now = w.now.Add(d)
	w.mu.Unlock()
	w.out.Wake("support")
}

func (w *world) update(f func(context.Context, *store.Tx) error) {
	w.t.Helper()
	ctx := w.t.Context()
	if err := w.store.Update(ctx, func(tx *store.Tx) error { return f(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) furnish(ctx context.Context, tx *store.Tx) error {
	if err := tx.SaveAccount(ctx, desk.Account{ID: "support", Channel: desk.Mail, Name: "Support", Address: "support@help.test"}); err != nil {
		return err
	}
	who, err := tx.Meet(ctx, desk.Address{Name: "Cleo", Email: "cleo@cust.test"}, false)
	if err != nil {
		return err
	}
	thread, err := place.OpenTicket(ctx, tx, desk.Machine("test"), place.NewTicket{Subject: "Broken", Requester: who,
		Mailbox: "support", Channel: desk.Mail, Status: desk.New})
	if err != nil {
		return err
	}
	w.conversation, err = place.Start(ctx, tx, desk.Machine("test"), thread.Home, "", desk.Start{Side: desk.PartnerSide,
		Channel: desk.Mail, Account: "support", Subject: "Can you look?"})
	return err
}

// write queues a message to some people, as actions would.
func (w *world) write(id desk.DeliveryID, due time.Time, to ...desk.Recipient) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *store.Tx) error {
		m := desk.Message{ID: desk.MessageID("m-" + id), Conversation: w.conversation.ID, Direction: desk.Out, OccurredAt: tx.Now(),
			Author: desk.Address{Name: "Ann"}, Subject: "Can you look?", Recipients: to}
		e, _, err := tx.Append(ctx, desk.Event{Ticket: w.conversation.Home, Conversation: w.conversation.ID, By: desk.Machine("test"),
			Facts: desk.MessageWritten{Message: m.ID, Delivery: id}})
		if err != nil {
			return err
		}
		m.Seq = e.Seq
		if err := tx.AddMessage(ctx, m, desk.Body{HTML: "<p>Hi</p>", Text: "Hi"}); err != nil {
			return err
		}
		d := desk.Delivery{ID: id, Message: m.ID, Conversation: w.conversation.ID, Account: "support", DueAt: due,
			EnvelopeTag: "tag-" + string(id)}
		for _, r := range to {
			d.Recipients = append(d.Recipients, desk.Progressing{Recipient: r})
		}
		return tx.Enqueue(ctx, d)
	})
}

// run runs the outbox until the test or the returned function ends it.
func (w *world) run(c connector.Connector) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	out := w.out
	go func() { defer close(done); _ = out.Run(ctx, "support", c) }()
	stop = func() {
		cancel()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			w.t.Error("the outbox did not end")
		}
	}
	w.t.Cleanup(stop)
	return stop
}

func (w *world) delivery(id desk.DeliveryID) desk.Delivery {
	w.t.Helper()
	var d desk.Delivery
	err := w.store.View(w.t.Context(), func(tx *store.Tx) (err error) {
		d, err = tx.Delivery(w.t.Context(), id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// await waits until a delivery is as asked for.
func (w *world) await(id desk.DeliveryID, what string, is func(desk.Delivery) bool) desk.Delivery {
	w.t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		d := w.delivery(id)
		if is(d) {
			return d
		}
		select {
		case <-w.changed:
		case <-deadline:
			w.t.Fatalf("%s is not %s but %+v", id, what, d)
		}
	}
}

func (w *world) awaitState(id desk.DeliveryID, s desk.Progress) desk.Delivery {
	w.t.Helper()
	return w.await(id, string(s), func(d desk.Delivery) bool { return d.State == s && d.Lease.IsZero() })
}

// told lists the deliveries' events so far.
func (w *world) told() []string {
	w.t.Helper()
	var kinds []string
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		events, err := tx.EventsAfter(w.t.Context(), 0, 1000)
		for _, e := range events {
			if strings.HasPrefix(string(e.Kind), "delivery.") {
				kinds = append(kinds, string(e.Kind))
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return kinds
}

// far is a far side that does as it is told, one answer a transaction; the
// last answer repeats.
type far struct {
	connector.Connector // what a test does not need breaks it

	mu      sync.Mutex
	answers []func(connector.Parcel) (desk.Receipt, error)
	parcels []connector.Parcel
	renders int
}

func (f *far) Render(_ context.Context, out connector.Outgoing) (connector.Rendered, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.renders++
	return connector.Rendered{Bytes: fmt.Appendf(nil, "render %d of %s", f.renders, out.Message),
		ExternalID: "id-" + string(out.Message), Anchors: []string{"anchor"}, CoreSum: "core"}, nil
}

func (f *far) Send(_ context.Context, p connector.Parcel) (desk.Receipt, error) {
	f.mu.Lock()
	f.parcels = append(f.parcels, p)
	answer := f.answers[min(len(f.parcels), len(f.answers))-1]
	f.mu.Unlock()
	return answer(p)
}

func (f *far) sent() [][]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all [][]string
	for _, p := range f.parcels {
		var to []string
		for _, a := range p.To {
			to = append(to, a.Email)
		}
		all = append(all, to)
	}
	return all
}

// The answers of a far side.
func each(o desk.Outcome) func(connector.Parcel) (desk.Receipt, error) {
	return func(p connector.Parcel) (desk.Receipt, error) {
		if err := p.Committing(); err != nil {
			return desk.Receipt{}, err
		}
		return desk.Receipt{Outcomes: all(p.To, o)}, nil
	}
}

var (
	takes = each(desk.Outcome{State: desk.Sent, Code: 250})
	greys = each(desk.Outcome{State: desk.Queued, Code: 451, Text: "later"})
	cuts  = each(desk.Outcome{State: desk.Unsure})
)

func breaks(err error) func(connector.Parcel) (desk.Receipt, error) {
	return func(connector.Parcel) (desk.Receipt, error) { return desk.Receipt{}, err }
}

func farSide(answers ...func(connector.Parcel) (desk.Receipt, error)) *far {
	return &far{answers: answers}
}

// keeper is a far side that can be asked what it has.
type keeper struct {
	*far
	found, conclusive bool
	err               error
}

func (k *keeper) Confirm(context.Context, string) (bool, bool, error) {
	return k.found, k.conclusive, k.err
}

func to(addr string) desk.Recipient {
	return desk.Recipient{Address: desk.Address{Email: addr}, Class: desk.To}
}
