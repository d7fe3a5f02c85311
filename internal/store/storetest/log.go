package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/desk"
	"aparte/internal/store"
)

var errChangedMind = errors.New("changed its mind")

func numbersAreGapless(t *testing.T, fresh Fresh) {
	const writers, rounds = 4, 15
	o := fresh(t)
	first := NewDesk(t, o)
	c := first.Ticket("eva@example.com", "Order")
	stores := []*store.Store{first.Store}
	for len(stores) < writers {
		stores = append(stores, OpenAt(t, o))
	}
	ctx := Context(t)
	var group sync.WaitGroup
	done := make(chan struct{})
	for n, s := range stores {
		group.Go(func() {
			for i := range rounds {
				if err := tag(ctx, s, c.Home, fmt.Sprintf("w%d-%d", n, i), i%3 == 2); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	go func() { group.Wait(); close(done) }()
	last := follow(t, ctx, first.Store, done)
	if want := desk.Seq(2 + writers*rounds*2/3); last != want {
		t.Errorf("the log ends at %d, want %d", last, want)
	}
}

func tag(ctx context.Context, s *store.Store, ticket desk.TicketID, word string, regret bool) error {
	err := s.Update(ctx, func(tx *store.Tx) error {
		_, _, err := tx.Append(ctx, desk.Event{Ticket: ticket, By: desk.Machine("test"), Facts: desk.TicketTagged{Tags: []string{word}}})
		if err == nil && regret {
			err = errChangedMind
		}
		return err
	})
	if regret && errors.Is(err, errChangedMind) {
		return nil
	}
	return err
}

// follow reads the log while others write it, as the change feed does, and
// fails at the first number that is not the next one.
func follow(t *testing.T, ctx context.Context, s *store.Store, done <-chan struct{}) desk.Seq {
	var seen desk.Seq
	for ended := false; !ended; {
		select {
		case <-done:
			ended = true
		default:
		}
		err := s.View(ctx, func(tx *store.Tx) error {
			events, err := tx.EventsAfter(ctx, seen, 1000)
			for _, e := range events {
				if e.Seq != seen+1 {
					t.Errorf("event %d came after %d", e.Seq, seen)
				}
				seen = e.Seq
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return seen
}

func sameEventIsToldOnce(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	once := desk.Event{ID: "once", Ticket: c.Home, By: d.Agent.As(), Facts: desk.TicketTagged{Tags: []string{"a"}}}
	first := d.Append(once)
	before := d.TicketRow(c.Home)
	once.Facts = desk.TicketTagged{Tags: []string{"b"}}
	d.Do(func(tx *store.Tx) error {
		again, stored, err := tx.Append(d.ctx, once)
		if stored {
			t.Error("the second telling was stored")
		}
		if diff := cmp.Diff(first, again, ignoreRole); diff != "" {
			t.Errorf("the event that came back (-first +second):\n%s", diff)
		}
		return err
	})
	if diff := cmp.Diff(before, d.TicketRow(c.Home)); diff != "" {
		t.Errorf("the ticket changed:\n%s", diff)
	}
}

// ignoreRole: a role is checked when something is done and not written down.
var ignoreRole = cmp.Transformer("actor", func(a desk.Actor) string { return fmt.Sprint(a.Kind, a.Agent, a.Name) })

func savepointUndoesOnlyItself(t *testing.T, fresh Fresh) {
	var changes []store.Change
	d := NewDesk(t, fresh(t), func(o *store.Options) { o.Changed = func(c store.Change) { changes = append(changes, c) } })
	c := d.Ticket("eva@example.com", "Order")
	tagged := func(tx *store.Tx, word string) error {
		tx.Hint("hint:" + word)
		_, _, err := tx.Append(d.ctx, desk.Event{Ticket: c.Home, By: d.Agent.As(), Facts: desk.TicketTagged{Tags: []string{word}}})
		return err
	}
	d.Do(func(tx *store.Tx) error {
		return tx.Savepoint(d.ctx, func() error { return tagged(tx, "good") })
	})
	changes = nil
	d.Do(func(tx *store.Tx) error {
		err := tx.Savepoint(d.ctx, func() error { return errors.Join(tagged(tx, "poison"), errChangedMind) })
		if !errors.Is(err, errChangedMind) {
			t.Errorf("the failure came back as %v", err)
		}
		return tx.Savepoint(d.ctx, func() error { return tagged(tx, "better") })
	})
	if diff := cmp.Diff([]string{"better"}, d.TicketRow(c.Home).Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]store.Change{{Seq: 4, Hints: []string{"hint:better"}}}, changes); diff != "" {
		t.Errorf("what waiters heard (-want +got):\n%s", diff)
	}
}

func waitersHearOfCommitsOnly(t *testing.T, fresh Fresh) {
	var changes []store.Change
	d := NewDesk(t, fresh(t), func(o *store.Options) { o.Changed = func(c store.Change) { changes = append(changes, c) } })
	c := d.Ticket("eva@example.com", "Order")
	changes = nil
	if err := tag(d.ctx, d.Store, c.Home, "kept", false); err != nil {
		t.Fatal(err)
	}
	if err := tag(d.ctx, d.Store, c.Home, "undone", true); err != nil {
		t.Fatal(err)
	}
	d.Do(func(tx *store.Tx) error { return tx.MarkRead(d.ctx, d.Agent.ID, c.ID, 3) })
	d.Do(func(*store.Tx) error { return nil })
	want := []store.Change{{Seq: 3}, {Hints: []string{"read:ada"}}}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("what waiters heard (-want +got):\n%s", diff)
	}
}

func viewSeesOneMoment(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	d.See(func(tx *store.Tx) error {
		before, err := tx.Seq(d.ctx)
		if err != nil {
			return err
		}
		d.Receive(c, "eva@example.com", "Where is it?")
		after, err := tx.Seq(d.ctx)
		if before != after {
			t.Errorf("the view moved from event %d to %d", before, after)
		}
		return err
	})
}

func timelineGoesByOccurrence(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	long := d.Now().Add(-time.Hour)
	late := d.Append(desk.Event{Ticket: c.Home, OccurredAt: long, Facts: desk.TicketTagged{Tags: []string{"late"}}})
	for range 5 {
		d.Append(desk.Event{Ticket: c.Home, OccurredAt: long.Add(2 * time.Hour), Facts: desk.TicketAttended{}})
	}
	d.Ticket("other@example.com", "Another")
	var forward, backward []desk.Event
	d.See(func(tx *store.Tx) error {
		forward = pages(t, func(at store.TimelineAfter) ([]desk.Event, error) { return tx.Timeline(d.ctx, c.Home, at, 3) }, false)
		backward = pages(t, func(at store.TimelineAfter) ([]desk.Event, error) { return tx.TimelineEnd(d.ctx, c.Home, at, 3) }, true)
		return nil
	})
	if len(forward) != 8 || forward[0].ID != late.ID {
		t.Errorf("the timeline has %d events and begins with %v", len(forward), forward[0].Kind)
	}
	if diff := cmp.Diff(forward, backward); diff != "" {
		t.Errorf("forward and backward differ:\n%s", diff)
	}
}

// pages reads a timeline page by page to its end, or from its end backwards.
func pages(t *testing.T, page func(store.TimelineAfter) ([]desk.Event, error), backward bool) (all []desk.Event) {
	t.Helper()
	var at store.TimelineAfter
	for {
		part, err := page(at)
		if err != nil {
			t.Fatal(err)
		}
		if len(part) == 0 {
			return all
		}
		edge := part[len(part)-1]
		if backward {
			edge, all = part[0], append(part, all...)
		} else {
			all = append(all, part...)
		}
		at = store.TimelineAfter{OccurredAt: edge.OccurredAt.UnixMilli(), Seq: edge.Seq}
	}
}

func foldsMatchTheLog(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order 7")
	side := d.Side(c.Home, "depot@haul.example", "Where is parcel 7?")
	other := d.Side(c.Home, "lab@tests.example", "A sample")
	d.Receive(c, "eva@example.com", "Where is it?")
	_, v := d.Write(side, "depot@haul.example", "Have you seen it?")
	d.Receive(side, "depot@haul.example", "Yes.")
	d.Note(side, "They have it.")
	d.Append(desk.Event{Ticket: c.Home, Conversation: other.ID, Facts: desk.SideDone{}})
	d.Append(desk.Event{Ticket: c.Home, Conversation: side.ID, Facts: desk.DeliveryFailed{Message: v.Message, Delivery: v.ID}})
	d.Append(desk.Event{Ticket: c.Home, Facts: desk.TicketAssigned{Assignee: d.Agent.ID}})
	d.Status(c.Home, desk.Pending)
	k := d.TicketRow(c.Home)
	type sum struct {
		Sides, Open, Ours int
		Status            desk.Status
		Waits             bool
		Turn              desk.Turn
		Messages          int
	}
	now := d.Conversation(side.ID)
	got := sum{k.Sides, k.SidesOpen, k.SidesOurs, k.Status, k.NeedsAttention(), now.Turn, now.Messages}
	if diff := cmp.Diff(sum{2, 1, 1, desk.Pending, true, desk.Ours, 3}, got); diff != "" {
		t.Errorf("folded rows (-want +got):\n%s", diff)
	}
	d.Append(desk.Event{Ticket: c.Home, Conversation: side.ID, Facts: desk.DeliveryRecalled{Message: v.Message, Delivery: v.ID, Turn: desk.Nobody}})
	if k = d.TicketRow(c.Home); k.SidesOurs != 0 {
		t.Errorf("after a recall it is our turn in %d side conversations", k.SidesOurs)
	}
}

func movedSideCountsOnce(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	from, to := d.Ticket("eva@example.com", "Old"), d.Ticket("eva@example.com", "New")
	side := d.Side(from.Home, "depot@haul.example", "Parcel")
	facts := desk.SideMoved{From: from.Home, To: to.Home}
	d.Append(desk.Event{Ticket: from.Home, Conversation: side.ID, Facts: facts})
	d.Append(desk.Event{Ticket: to.Home, Conversation: side.ID, Facts: facts})
	d.Do(func(tx *store.Tx) error { return tx.LinkConversation(d.ctx, from.Home, side.ID) })
	got := []int{d.TicketRow(from.Home).Sides, d.TicketRow(to.Home).Sides}
	if diff := cmp.Diff([]int{0, 1}, got); diff != "" {
		t.Errorf("sides before and after (-want +got):\n%s", diff)
	}
	d.See(func(tx *store.Tx) error {
		rows, err := tx.Conversations(d.ctx, d.Agent.ID, from.Home)
		var moved []bool
		for _, r := range rows {
			moved = append(moved, r.Moved)
		}
		if diff := cmp.Diff([]bool{false, true}, moved); diff != "" {
			t.Errorf("the old ticket's conversations, moved or not (-want +got):\n%s", diff)
		}
		return err
	})
}
