package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/desk"
	"aparte/internal/store"
)

func (d *Desk) page(c desk.Conversation, p store.Page) (words []string) {
	d.t.Helper()
	d.See(func(tx *store.Tx) error {
		list, err := tx.Messages(d.ctx, c.ID, p)
		for _, m := range list {
			words = append(words, m.Preview)
		}
		return err
	})
	return words
}

func messagesComeInPages(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	var said []desk.Message
	for i := range 7 {
		said = append(said, d.Receive(c, "eva@example.com", fmt.Sprint(i)))
	}
	rows := []struct {
		name string
		page store.Page
		want []string
	}{
		{"the newest", store.Page{Limit: 3}, []string{"4", "5", "6"}},
		{"older ones", store.Page{Before: said[4].Seq, Limit: 3}, []string{"1", "2", "3"}},
		{"the oldest", store.Page{Before: said[1].Seq, Limit: 3}, []string{"0"}},
		{"newer ones", store.Page{After: said[4].Seq, Limit: 3}, []string{"5", "6"}},
		{"around one", store.Page{Around: said[3].Seq, Limit: 4}, []string{"1", "2", "3", "4"}},
		{"around the first", store.Page{Around: said[0].Seq, Limit: 4}, []string{"0", "1", "2", "3"}},
		{"around the last", store.Page{Around: said[6].Seq, Limit: 4}, []string{"4", "5", "6"}},
	}
	for _, r := range rows {
		if diff := cmp.Diff(r.want, d.page(c, r.page)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.name, diff)
		}
	}
}

func (d *Desk) tickets(q store.TicketQuery) (subjects []string) {
	d.t.Helper()
	q.For, q.Limit = d.Agent.ID, 50
	d.See(func(tx *store.Tx) error {
		rows, err := tx.Tickets(d.ctx, q)
		for _, r := range rows {
			subjects = append(subjects, r.Subject)
		}
		return err
	})
	return subjects
}

func viewsHoldWhatTheySay(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	mine, free, solved, closed, waits := d.Ticket("a@example.com", "mine"), d.Ticket("b@example.com", "free"),
		d.Ticket("c@example.com", "solved"), d.Ticket("d@example.com", "closed"), d.Ticket("e@example.com", "waits")
	d.Append(desk.Event{Ticket: mine.Home, Facts: desk.TicketAssigned{Assignee: d.Agent.ID}})
	d.Status(solved.Home, desk.Solved)
	d.Status(closed.Home, desk.Closed)
	d.Status(waits.Home, desk.Solved)
	d.Append(desk.Event{Ticket: waits.Home, Conversation: waits.ID, Facts: desk.MessageReceived{Human: true, Attention: true}})
	want := map[store.View][]string{
		store.ViewMine: {"mine"}, store.ViewUnassigned: {"free"}, store.ViewUnsolved: {"mine", "free"},
		store.ViewAttention: {"waits"}, store.ViewSolved: {"waits", "solved"},
		store.ViewAll: {"waits", "closed", "solved", "mine", "free"},
	}
	var counts map[store.View]int
	d.See(func(tx *store.Tx) (err error) { counts, err = tx.ViewCounts(d.ctx, d.Agent.ID); return err })
	for _, v := range store.Views() {
		got := d.tickets(store.TicketQuery{View: v})
		if diff := cmp.Diff(want[v], got); diff != "" {
			t.Errorf("view %s (-want +got):\n%s", v, diff)
		}
		if counts[v] != len(got) {
			t.Errorf("view %s counts %d and holds %d", v, counts[v], len(got))
		}
	}
	rows := []struct {
		q    store.TicketQuery
		want []string
	}{
		{store.TicketQuery{Status: desk.Closed}, []string{"closed"}},
		{store.TicketQuery{Assignee: d.Agent.ID}, []string{"mine"}},
		{store.TicketQuery{Requester: d.TicketRow(free.Home).Requester}, []string{"free"}},
	}
	for _, r := range rows {
		if diff := cmp.Diff(r.want, d.tickets(r.q)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", r.q, diff)
		}
	}
}

func ticketPagesNeitherRepeatNorSkip(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	var want, got []string
	for i := range 7 {
		c := d.Ticket("eva@example.com", fmt.Sprint(i))
		d.Receive(c, "eva@example.com", "about "+fmt.Sprint(i))
		want = append(want, "about "+fmt.Sprint(i)+" true 0")
	}
	slices.Reverse(want)
	d.See(func(tx *store.Tx) error {
		q := store.TicketQuery{View: store.ViewUnsolved, For: d.Agent.ID, Limit: 3}
		for {
			rows, err := tx.Tickets(d.ctx, q)
			if err != nil || len(rows) == 0 {
				return err
			}
			if err := tx.Unread(d.ctx, d.Agent.ID, rows); err != nil {
				return err
			}
			for _, r := range rows {
				got = append(got, fmt.Sprint(r.Preview, " ", r.Unread, " ", r.SidesUnread))
			}
			last := rows[len(rows)-1]
			q.After = store.TicketAfter{UpdatedAt: last.UpdatedAt.UnixMilli(), Number: last.Number}
		}
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("all pages (-want +got):\n%s", diff)
	}
}

func (d *Desk) sides(q store.SideQuery) (subjects []string) {
	d.t.Helper()
	q.For, q.Limit = d.Agent.ID, 2
	d.See(func(tx *store.Tx) error {
		for {
			rows, err := tx.Sides(d.ctx, q)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, r := range rows {
				subjects = append(subjects, r.Subject)
				q.After = store.SideAfter{LastAt: r.LastAt.UnixMilli(), ID: r.ID}
			}
		}
	})
	return subjects
}

func sidesAreFound(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	ours, theirs, done := d.Side(c.Home, "a@x.example", "ours"), d.Side(c.Home, "b@x.example", "theirs"), d.Side(c.Home, "c@x.example", "done")
	d.Write(theirs, "b@x.example", "Could you?")
	d.Receive(ours, "a@x.example", "We could.")
	m := d.Receive(done, "c@x.example", "All done.")
	d.Append(desk.Event{Ticket: c.Home, Conversation: done.ID, Facts: desk.SideDone{}})
	d.Do(func(tx *store.Tx) error { return tx.MarkRead(d.ctx, d.Agent.ID, done.ID, m.Seq) })
	rows := []struct {
		q    store.SideQuery
		want []string
	}{
		{store.SideQuery{}, []string{"done", "ours", "theirs"}},
		{store.SideQuery{State: desk.StateOpen}, []string{"ours", "theirs"}},
		{store.SideQuery{Turn: desk.Ours, State: desk.StateOpen}, []string{"ours"}},
		{store.SideQuery{Channel: desk.Slack}, nil},
		{store.SideQuery{Unread: true}, []string{"ours", "theirs"}},
		{store.SideQuery{Since: d.Conversation(ours.ID).LastAt.UnixMilli()}, []string{"done", "ours"}},
	}
	for _, r := range rows {
		if diff := cmp.Diff(r.want, d.sides(r.q)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", r.q, diff)
		}
	}
}

func readMarksGoForward(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	first, second := d.Receive(c, "eva@example.com", "One"), d.Receive(c, "eva@example.com", "Two")
	late := desk.Agent{ID: "late", Email: "late@lumen.example", Name: "Late", Role: desk.RoleAgent}
	d.Do(func(tx *store.Tx) error {
		if err := tx.MarkRead(d.ctx, d.Agent.ID, c.ID, second.Seq); err != nil {
			return err
		}
		if err := tx.MarkRead(d.ctx, d.Agent.ID, c.ID, first.Seq); err != nil {
			return err
		}
		return tx.SaveAgent(d.ctx, late)
	})
	d.See(func(tx *store.Tx) error {
		for agent, want := range map[desk.AgentID]desk.Seq{d.Agent.ID: second.Seq, late.ID: second.Seq, "nobody": 0} {
			got, err := tx.ReadMark(d.ctx, agent, c.ID)
			if err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s has read up to %d, want %d", agent, got, want)
			}
			row, err := tx.ConversationFor(d.ctx, agent, c.ID)
			if err != nil {
				return err
			}
			if unread := want < second.Seq; row.Unread != unread || row.ReadTo != want {
				t.Errorf("%s: unread %v, read to %d", agent, row.Unread, row.ReadTo)
			}
		}
		return nil
	})
}
