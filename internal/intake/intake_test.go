package intake

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/route"
	"aparte/internal/store"

	"github.com/google/go-cmp/cmp"
)

func TestMailBecomesATicketWithItsOriginal(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox("1|printer", "2|phone")
	w.run("support", b)
	s := w.await("two tickets", func(s state) bool { return len(s.Tickets) == 2 })
	if diff := cmp.Diff(state{Tickets: []string{"printer", "phone"}}, s); diff != "" {
		t.Error(diff)
	}
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		k, err := tx.TicketByNumber(t.Context(), 1)
		if err != nil {
			return err
		}
		c, err := tx.CustomerThread(t.Context(), k.ID)
		if err != nil {
			return err
		}
		m, err := tx.Message(t.Context(), c.Last)
		if err != nil {
			return err
		}
		raw, err := w.blobs.Bytes(m.Raw, 100)
		if string(raw) != "1|printer" || err != nil {
			t.Errorf("original %q, %v", raw, err)
		}
		file, err := w.blobs.Bytes(m.Attachments[0].Sum, 100)
		if string(file) != "file of printer" {
			t.Errorf("file %q", file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHundredMailsSurviveARestartInTheMiddle(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox()
	for i := range 100 {
		b.put(fmt.Sprintf("%d|mail %d", i, i))
	}
	stop := w.run("support", b)
	w.await("some tickets", func(s state) bool { return len(s.Tickets) > 0 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	w.run("support", b)
	s := w.await("done", func(s state) bool { return len(s.Tickets) >= 100 && s.Pending == 0 })
	seen := map[string]bool{}
	for _, subject := range s.Tickets {
		seen[subject] = true
	}
	if len(s.Tickets) != 100 || len(seen) != 100 {
		t.Errorf("%d tickets, %d different", len(s.Tickets), len(seen))
	}
}

func TestSameMailInTwoMailboxesIsOneMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("support", newBox("1|to both of you"))
	w.await("a ticket", func(s state) bool { return len(s.Tickets) == 1 })
	w.run("sales", newBox("7|to both of you", "8|to sales"))
	s := w.await("all taken", func(s state) bool { return len(s.Tickets) == 2 && s.Pending == 0 })
	if diff := cmp.Diff([]string{"to both of you", "to sales"}, s.Tickets); diff != "" {
		t.Error(diff)
	}
}

func TestPoisonIsSetAsideWithItsOriginal(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox("1|panic", "2|after it")
	w.run("support", b)
	w.await("the next one", func(s state) bool { return len(s.Tickets) == 1 })
	for range maxTries - 1 {
		tries := b.fetched("1")
		w.pass(time.Hour)
		poke(b.more)
		w.awaitHealthTry(b, "1", tries)
	}
	s := w.await("set aside", func(s state) bool { return len(s.Quarantined) == 1 && s.Pending == 0 })
	if diff := cmp.Diff(state{Tickets: []string{"after it"}, Quarantined: []string{"unreadable"}}, s); diff != "" {
		t.Error(diff)
	}
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		q, err := tx.Quarantine(t.Context(), "", 10)
		if err != nil {
			return err
		}
		m, err := tx.Message(t.Context(), q[0].Message)
		if err != nil {
			return err
		}
		raw, err := w.blobs.Bytes(m.Raw, 100)
		if string(raw) != "1|panic" {
			t.Errorf("original %q", raw)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *box) fetched(key string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fetches[key]
}

// awaitHealthTry waits until an item was asked for again and that was written down.
func (w *world) awaitHealthTry(b *box, key string, tries int) {
	w.t.Helper()
	deadline := time.After(15 * time.Second)
	for b.fetched(key) == tries || w.due(key) {
		select {
		case <-w.health:
		case <-w.changed:
		case <-time.After(20 * time.Millisecond): // a postponement changes nothing that anybody is told of
		case <-deadline:
			w.t.Fatalf("%s was not tried again", key)
		}
	}
}

func (w *world) due(key string) bool {
	w.t.Helper()
	found := false
	err := w.store.View(context.Background(), func(tx *store.Tx) error {
		due, err := tx.Pending(context.Background(), "support", 100)
		for _, it := range due {
			found = found || it.Key == key
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func TestWhatCanNeverBeHadIsSetAsideAtOnce(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox("1|gone", "2|here")
	b.fail["1"] = connector.Permanent(errors.New("no such item"))
	w.run("support", b)
	s := w.await("set aside", func(s state) bool { return len(s.Quarantined) == 1 && len(s.Tickets) == 1 })
	if diff := cmp.Diff(state{Tickets: []string{"here"}, Quarantined: []string{"unfetched"}}, s); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsGoneLeavesNothing(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox("1|moved away", "2|here")
	b.fail["1"] = connector.Gone(errors.New("no such item"))
	w.run("support", b)
	s := w.await("all done", func(s state) bool { return len(s.Tickets) == 1 && s.Pending == 0 })
	if diff := cmp.Diff(state{Tickets: []string{"here"}}, s); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenLineIsDialledAgain(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox("1|printer")
	b.discern = []error{errors.New("reset"), errors.New("reset again")}
	w.run("support", b)
	h := w.awaitHealth(func(h desk.Health) bool { return h.State == desk.Reconnecting })
	if h.LastErr != "reset" {
		t.Errorf("said %q", h.LastErr)
	}
	w.awaitHealth(func(h desk.Health) bool { return h.State == desk.Connected && h.LastErr == "" })
	w.await("a ticket", func(s state) bool { return len(s.Tickets) == 1 })
}

func TestWrongPasswordIsTriedThreeTimes(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox()
	wrong := connector.NeedsCare(&desk.Error{Fault: desk.Unavailable, Msg: "NO login failed", Hint: "Type the password again."})
	b.discern = []error{wrong, wrong, wrong, wrong, wrong}
	w.run("support", b)
	h := w.awaitHealth(func(h desk.Health) bool { return h.State == desk.NeedsCare })
	if h.LastErr != "NO login failed" || h.Hint != "Type the password again." || b.looks != 3 {
		t.Errorf("%d tries, said %q, %q", b.looks, h.LastErr, h.Hint)
	}
}

func TestCheckNowDialsAgain(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox()
	w.run("support", b)
	first := w.awaitHealth(func(h desk.Health) bool { return h.State == desk.Connected })
	w.pass(time.Second)
	w.in.CheckNow("support")
	w.awaitHealth(func(h desk.Health) bool { return h.State == desk.Connected && h.CheckAt.After(first.CheckAt) })
	if b.looks != 2 {
		t.Errorf("looked %d times", b.looks)
	}
}

func TestItemTakenMeanwhileChangesNothing(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBox("1|printer")
	var once sync.Once
	w.in.Policy = func() route.Policy { // between fetching and storing
		once.Do(func() {
			ctx := context.Background()
			if err := w.store.Update(ctx, func(tx *store.Tx) error {
				_, err := tx.TakeItem(ctx, "support", "1", "another")
				return err
			}); err != nil {
				t.Error(err)
			}
			b.put("2|phone")
		})
		return route.Policy{}
	}
	w.run("support", b)
	s := w.await("a ticket", func(s state) bool { return len(s.Tickets) > 0 && s.Pending == 0 })
	if diff := cmp.Diff(state{Tickets: []string{"phone"}}, s); diff != "" {
		t.Error(diff)
	}
}

func TestBackoffDoublesUpToFiveMinutes(t *testing.T) {
	t.Parallel()
	var got []time.Duration
	for n := range 12 {
		got = append(got, backoff(n+1)/time.Second)
	}
	if diff := cmp.Diff([]time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSleepOfTheComputerIsSeenByItsClocks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		wall, mono time.Duration
		want       bool
	}{
		{10 * time.Second, 10 * time.Second, false},
		{35 * time.Second, 34 * time.Second, false}, // busy, not asleep
		{time.Hour, 10 * time.Second, true},
		{-time.Hour, 10 * time.Second, true},
	} {
		if got := jumped(tt.wall, tt.mono); got != tt.want {
			t.Errorf("jumped(%v, %v) = %v", tt.wall, tt.mono, got)
		}
	}
}
