package outbox

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/store"

	"github.com/google/go-cmp/cmp"
)

func TestQueuedMessageIsSentOnce(t *testing.T) {
	t.Parallel()
	w, f := newWorld(t), farSide(takes)
	w.write("d1", start, to("p@partner.test"))
	w.run(f)
	d := w.awaitState("d1", desk.Sent)
	if d.SettledAt.IsZero() || d.ExternalID != "id-m-d1" || d.Rendered == "" {
		t.Errorf("settled as %+v", d)
	}
	if diff := cmp.Diff([][]string{{"p@partner.test"}}, f.sent()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"delivery.sent"}, w.told()); diff != "" {
		t.Error(diff)
	}
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		e, err := tx.Evidence(t.Context(), desk.Inbound{Refs: []desk.Ref{{ID: "anchor"}, {ID: "id-m-d1"}}})
		if len(e.Refs) != 2 || !e.Refs[0].Ours {
			t.Errorf("the conversation is not known by its ids: %+v", e.Refs)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUndoWindowHoldsAMessageBack(t *testing.T) {
	t.Parallel()
	w, f := newWorld(t), farSide(takes)
	w.write("d1", start.Add(10*time.Second), to("p@partner.test"))
	w.write("d2", start, to("q@partner.test"))
	w.run(f)
	w.awaitState("d2", desk.Sent)
	if got := w.delivery("d1").State; got != desk.Queued {
		t.Errorf("d1 is %s before its time", got)
	}
	w.pass(10 * time.Second)
	w.awaitState("d1", desk.Sent)
}

func TestEachBccGoesAlone(t *testing.T) {
	t.Parallel()
	w, f := newWorld(t), farSide(takes)
	hidden := func(a string) desk.Recipient {
		return desk.Recipient{Address: desk.Address{Email: a}, Class: desk.Bcc}
	}
	w.write("d1", start, to("a@p.test"), hidden("h1@p.test"), desk.Recipient{Address: desk.Address{Email: "c@p.test"}, Class: desk.Cc}, hidden("h2@p.test"))
	w.run(f)
	w.awaitState("d1", desk.Sent)
	if diff := cmp.Diff([][]string{{"a@p.test", "c@p.test"}, {"h1@p.test"}, {"h2@p.test"}}, f.sent()); diff != "" {
		t.Error(diff)
	}
	for _, p := range f.parcels[1:] {
		if !bytes.Equal(p.Bytes, f.parcels[0].Bytes) {
			t.Error("a Bcc got other bytes")
		}
	}
}

func TestOneRefusedOfThree(t *testing.T) {
	t.Parallel()
	mixed := func(p connector.Parcel) (desk.Receipt, error) {
		r, err := takes(p)
		r.Outcomes[1] = desk.Outcome{Address: p.To[1].Email, State: desk.Failed, Code: 550, Text: "no such user"}
		return r, err
	}
	w := newWorld(t)
	w.write("d1", start, to("a@p.test"), to("b@p.test"), to("c@p.test"))
	w.run(farSide(mixed))
	d := w.awaitState("d1", desk.Failed)
	var states []desk.Progress
	for _, r := range d.Recipients {
		states = append(states, r.State)
	}
	if diff := cmp.Diff([]desk.Progress{desk.Sent, desk.Failed, desk.Sent}, states); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"delivery.failed"}, w.told()); diff != "" {
		t.Error(diff)
	}
}

func TestGreylistedIsTriedAgainWithTheSameBytes(t *testing.T) {
	t.Parallel()
	w, f := newWorld(t), farSide(greys, takes)
	w.write("d1", start, to("p@p.test"))
	w.run(f)
	d := w.await("d1", "waiting", func(d desk.Delivery) bool { return d.DueAt.After(start) && d.Lease.IsZero() })
	if d.State != desk.Queued || !d.DueAt.Equal(start.Add(time.Minute)) {
		t.Errorf("%s, due %v", d.State, d.DueAt)
	}
	w.pass(time.Minute)
	w.awaitState("d1", desk.Sent)
	if len(f.parcels) != 2 || !bytes.Equal(f.parcels[0].Bytes, f.parcels[1].Bytes) || f.renders != 1 {
		t.Errorf("%d attempts, %d renders", len(f.parcels), f.renders)
	}
}

func TestCutAfterTheDotIsUnsureAndNeverResent(t *testing.T) {
	t.Parallel()
	w, f := newWorld(t), farSide(cuts)
	w.write("d1", start, to("p@p.test"))
	w.run(f)
	w.awaitState("d1", desk.Unsure)
	w.pass(24 * time.Hour)
	w.write("d2", w.clock(), to("q@p.test"))
	w.out.Wake("")
	w.awaitState("d2", desk.Unsure)
	if diff := cmp.Diff([][]string{{"p@p.test"}, {"q@p.test"}}, f.sent()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"delivery.unsure", "delivery.unsure"}, w.told()); diff != "" {
		t.Error(diff)
	}
}

// TestCrash goes through the table of the design: at each point the process
// ends, and another one goes on.
func TestCrash(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		leave  func(*testing.T, *world) // what the dead process left
		next   func(*far) connector.Connector
		want   desk.Progress
		sent   int // by the next process
		events []string
	}{
		{"after the commit, before the claim", func(*testing.T, *world) {},
			func(f *far) connector.Connector { return f }, desk.Sent, 1, []string{"delivery.sent"}},
		{"claimed, not yet dialled", claimOnly,
			func(f *far) connector.Connector { return f }, desk.Sent, 1, []string{"delivery.sent"}},
		{"rendered, not yet dialled", func(t *testing.T, w *world) { dieIn(t, w, false) },
			func(f *far) connector.Connector { return f }, desk.Sent, 1, []string{"delivery.sent"}},
		{"in the transaction, and nobody can tell", func(t *testing.T, w *world) { dieIn(t, w, true) },
			func(f *far) connector.Connector { return f }, desk.Unsure, 0, []string{"delivery.unsure"}},
		{"in the transaction, and the far side has it", func(t *testing.T, w *world) { dieIn(t, w, true) },
			func(f *far) connector.Connector { return &keeper{far: f, found: true} }, desk.Sent, 0, []string{"delivery.sent"}},
		{"in the transaction, and the far side surely has it not", func(t *testing.T, w *world) { dieIn(t, w, true) },
			func(f *far) connector.Connector { return &keeper{far: f, conclusive: true} }, desk.Sent, 1, []string{"delivery.sent"}},
		{"in the transaction, and not finding it proves nothing", func(t *testing.T, w *world) { dieIn(t, w, true) },
			func(f *far) connector.Connector { return &keeper{far: f} }, desk.Unsure, 0, []string{"delivery.unsure"}},
		{"in the transaction, and the far side cannot be asked", func(t *testing.T, w *world) { dieIn(t, w, true); w.pass(askFor) },
			func(f *far) connector.Connector { return &keeper{far: f, err: errors.New("down")} }, desk.Unsure, 0, []string{"delivery.unsure"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, f := newWorld(t), farSide(takes)
			w.write("d1", start, to("p@p.test"))
			tt.leave(t, w)
			w.pass(2 * time.Minute)
			w.out = w.outbox()
			w.run(tt.next(f))
			d := w.awaitState("d1", tt.want)
			if len(f.sent()) != tt.sent || d.SettledAt.IsZero() {
				t.Errorf("sent %d times, settled at %v", len(f.sent()), d.SettledAt)
			}
			if diff := cmp.Diff(tt.events, w.told()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func claimOnly(_ *testing.T, w *world) {
	w.update(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Claim(ctx, "support", lease, 1)
		return err
	})
}

// dieIn leaves what a process leaves that dies while it sends: before or after
// the point of no return. Nothing is written after that moment.
func dieIn(t *testing.T, w *world, committed bool) {
	t.Helper()
	worker := &worker{Outbox: w.out, account: "support", connector: farSide(takes)}
	claimOnly(t, w)
	d := w.delivery("d1")
	if _, err := worker.bytesOf(t.Context(), &d); err != nil {
		t.Fatal(err)
	}
	if !committed {
		return
	}
	if err := worker.commit(t.Context(), "d1", []desk.Address{{Email: "p@p.test"}}); err != nil {
		t.Fatal(err)
	}
}

// recall takes d1 back, as an agent would who is quicker than the line.
func (w *world) recall() {
	w.update(func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Delivery(ctx, "d1")
		if err != nil {
			return err
		}
		d.State, d.Recipients[0].State, d.SettledAt = desk.Recalled, desk.Recalled, tx.Now()
		return tx.SaveDelivery(ctx, d)
	})
}

func TestRecalledStaysRecalledWhenTheAttemptFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tried := make(chan struct{})
	f := farSide(func(connector.Parcel) (desk.Receipt, error) {
		defer close(tried)
		w.recall()
		return desk.Receipt{}, connector.Permanent(errors.New("550 no"))
	})
	w.write("d1", start, to("p@p.test"))
	stop := w.run(f)
	<-tried
	stop()
	w.awaitState("d1", desk.Recalled)
	if told := w.told(); len(told) != 0 {
		t.Errorf("a recalled message was told as %v", told)
	}
}

func TestRecallBeforeThePointOfNoReturnWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := farSide(func(p connector.Parcel) (desk.Receipt, error) {
		w.recall()
		return takes(p)
	})
	w.write("d1", start, to("p@p.test"))
	w.run(f)
	w.awaitState("d1", desk.Recalled)
	if _, halted := w.out.Trouble("support"); halted || len(w.told()) != 0 {
		t.Errorf("a recall made trouble, or was told as %v", w.told())
	}
}

func TestWrongPasswordHaltsTheAccountAndKeepsTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := farSide(breaks(connector.NeedsCare(errors.New("535 no"))), takes)
	w.write("d1", start, to("p@p.test"))
	w.write("d2", start.Add(time.Millisecond), to("q@p.test"))
	w.run(f)
	w.await("d1", "halted", func(desk.Delivery) bool { _, halted := w.out.Trouble("support"); return halted })
	trouble, _ := w.out.Trouble("support")
	if diff := cmp.Diff(Trouble{Err: "535 no", Care: true, Next: start.Add(careWait)}, trouble); diff != "" {
		t.Error(diff)
	}
	w.pass(time.Minute)
	if got := w.delivery("d1"); got.State != desk.Queued || len(f.sent()) != 1 {
		t.Errorf("%s after %d tries", got.State, len(f.sent()))
	}
	w.pass(careWait)
	w.awaitState("d1", desk.Sent)
	w.awaitState("d2", desk.Sent)
	w.await("d2", "well again", func(desk.Delivery) bool { _, halted := w.out.Trouble("support"); return !halted })
}

func TestBrokenLineIsTriedAgainWhenTheNetworkIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := farSide(breaks(errors.New("no route")), takes)
	w.write("d1", start, to("p@p.test"))
	w.run(f)
	w.await("d1", "halted", func(desk.Delivery) bool { _, halted := w.out.Trouble("support"); return halted })
	w.out.Wake("support") // news is no reason to dial
	w.out.Resume("support")
	w.awaitState("d1", desk.Sent)
}

func TestShutdownWaitsForATransactionUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	under, goOn := make(chan struct{}), make(chan struct{})
	f := farSide(func(p connector.Parcel) (desk.Receipt, error) {
		r, err := takes(p)
		close(under)
		<-goOn
		return r, err
	})
	w.write("d1", start, to("p@p.test"))
	stop := w.run(f)
	<-under
	time.AfterFunc(50*time.Millisecond, func() { close(goOn) })
	stop()
	if got := w.delivery("d1").State; got != desk.Sent {
		t.Errorf("after the shutdown it is %s", got)
	}
}

func TestShutdownBeforeThePointOfNoReturnSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dialled := make(chan struct{})
	var once sync.Once
	f := &dialler{far: farSide(takes), dialled: func() { once.Do(func() { close(dialled) }) }}
	w.write("d1", start, to("p@p.test"))
	stop := w.run(f)
	<-dialled
	stop()
	if got := w.delivery("d1"); got.State != desk.Queued || !got.Lease.IsZero() {
		t.Errorf("after the shutdown it is %s, leased until %v", got.State, got.Lease)
	}
}

// dialler dials until it is told to stop.
type dialler struct {
	*far
	dialled func()
}

func (d *dialler) Send(ctx context.Context, _ connector.Parcel) (desk.Receipt, error) {
	d.dialled()
	<-ctx.Done()
	return desk.Receipt{}, ctx.Err()
}

func TestRetriesFollowTheTable(t *testing.T) {
	t.Parallel()
	w, f := newWorld(t), farSide(greys)
	w.write("d1", start, to("p@p.test"))
	w.run(f)
	var waits []time.Duration
	last := time.Time{}
	for {
		d := w.await("d1", "tried again", func(d desk.Delivery) bool {
			return d.Lease.IsZero() && d.DueAt.After(w.clock()) || d.State == desk.Failed
		})
		if d.State == desk.Failed {
			break
		}
		if !last.Equal(d.DueAt) {
			waits = append(waits, d.DueAt.Sub(w.clock()))
			last = d.DueAt
		}
		if want := waiting(d, w.clock()); d.State != want {
			t.Errorf("after %v it is %s, want %s", w.clock().Sub(start), d.State, want)
		}
		w.pass(d.DueAt.Sub(w.clock()))
	}
	m, h := time.Minute, time.Hour
	want := []time.Duration{m, 5 * m, 15 * m, 30 * m, h, 2 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h, 4 * h}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Error(diff)
	}
}

func TestLineBackoffGrowsFromTheFirst(t *testing.T) {
	t.Parallel()
	var got []time.Duration
	for n := range 8 {
		got = append(got, lineBackoff(n+1))
	}
	s, m := time.Second, time.Minute
	if diff := cmp.Diff([]time.Duration{30 * s, m, 2 * m, 4 * m, 8 * m, 15 * m, 15 * m, 15 * m}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTooManyRecipientsGoInSeveralTransactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := func(p connector.Parcel) (desk.Receipt, error) {
		r, err := each(desk.Outcome{State: desk.Queued, Code: 452, Enhanced: "4.5.3"})(p)
		if err == nil {
			r.Outcomes[0].State, r.Outcomes[0].Code, r.Outcomes[0].Enhanced = desk.Sent, 250, ""
		}
		return r, err
	}
	f := farSide(one)
	w.write("d1", start, to("a@p.test"), to("b@p.test"), to("c@p.test"))
	w.run(f)
	w.awaitState("d1", desk.Sent)
	if diff := cmp.Diff([][]string{{"a@p.test", "b@p.test", "c@p.test"}, {"b@p.test", "c@p.test"}, {"c@p.test"}}, f.sent()); diff != "" {
		t.Error(diff)
	}
}
