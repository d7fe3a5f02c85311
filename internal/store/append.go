package store

import (
	"context"
	"fmt"

	"aparte/internal/desk"
)

// Append writes events into the log and folds each into its ticket and its
// conversation. It is the only writer of those two. An event whose id is
// already there is not told twice: stored is false, and the event that comes
// back is the one that was first.
func (t *Tx) Append(ctx context.Context, e desk.Event) (_ desk.Event, stored bool, err error) {
	if e.ID == "" {
		e.ID = desk.EventID(desk.NewID())
	} else if first, err := t.eventByID(ctx, e.ID); err == nil || !missing(err) {
		return first, false, err
	}
	t.log.seq++
	e.Seq, e.At, e.Kind = t.log.seq, t.at, e.Facts.Kind()
	if e.OccurredAt.IsZero() {
		e.OccurredAt = e.At
	}
	e.OccurredAt = desk.Millis(e.OccurredAt)
	if err := t.insertEvent(ctx, e); err != nil {
		return e, false, fmt.Errorf("append %s: %w", e.Kind, err)
	}
	if err := t.fold(ctx, e); err != nil {
		return e, false, fmt.Errorf("fold %s: %w", e.Kind, err)
	}
	t.change.Seq = e.Seq
	return e, true, nil
}

// fold applies an event to the rows it concerns. An event of quarantined mail
// concerns none.
func (t *Tx) fold(ctx context.Context, e desk.Event) error {
	if e.Ticket == "" {
		return nil
	}
	ticket, known := t.log.tickets[e.Ticket]
	var err error
	if !known {
		ticket, err = t.Ticket(ctx, e.Ticket)
	}
	if desk.FaultOf(err) == desk.NotFound && e.Kind == desk.KindTicketOpened {
		ticket, err = desk.Ticket{}, nil
	}
	if err != nil {
		return err
	}
	was := ticket
	before, after, err := t.foldConversation(ctx, e)
	if err != nil {
		return err
	}
	ticket.Apply(e)
	ticket.Count(before, after)
	if err := t.saveTicket(ctx, ticket); err != nil {
		return err
	}
	t.log.tickets[ticket.ID] = ticket
	return t.tally(ctx, was, ticket)
}

func (t *Tx) foldConversation(ctx context.Context, e desk.Event) (before, after desk.Conversation, err error) {
	if e.Conversation == "" {
		return before, after, nil
	}
	before, known := t.log.conversations[e.Conversation]
	if !known {
		before, err = t.Conversation(ctx, e.Conversation)
	}
	starts := e.Kind == desk.KindConversationStarted || e.Kind == desk.KindSideOpened
	if desk.FaultOf(err) == desk.NotFound && starts {
		err = nil
	}
	if err != nil {
		return before, after, err
	}
	after = before
	after.Apply(e)
	if err = t.saveConversation(ctx, after); err == nil {
		t.log.conversations[after.ID] = after
	}
	return before, after, err
}

func (t *Tx) insertEvent(ctx context.Context, e desk.Event) error {
	facts, err := desk.EncodeFacts(e.Facts)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO event
		(seq, id, ticket, conversation, kind, occurred_at, at, by_kind, by_agent, by_name, facts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		int64(e.Seq), e.ID, e.Ticket, e.Conversation, e.Kind, ms(e.OccurredAt), ms(e.At),
		e.By.Kind, e.By.Agent, e.By.Name, string(facts))
}

const eventColumns = `seq, id, ticket, conversation, kind, occurred_at, at, by_kind, by_agent, by_name, facts`

func scanEvent(r scanner) (desk.Event, error) {
	var e desk.Event
	var facts string
	err := r.Scan(&e.Seq, &e.ID, &e.Ticket, &e.Conversation, &e.Kind, stamp{&e.OccurredAt}, stamp{&e.At},
		&e.By.Kind, &e.By.Agent, &e.By.Name, &facts)
	if err != nil {
		return e, err
	}
	e.Facts, err = desk.DecodeFacts(e.Kind, []byte(facts))
	return e, err
}

func (t *Tx) eventByID(ctx context.Context, id desk.EventID) (desk.Event, error) {
	return scanEvent(t.row(ctx, `SELECT `+eventColumns+` FROM event WHERE id = $1`, id))
}

// EventByID finds an event by the id its writer gave it.
func (t *Tx) EventByID(ctx context.Context, id desk.EventID) (desk.Event, error) {
	e, err := t.eventByID(ctx, id)
	if missing(err) {
		err = desk.Missing("event")
	}
	return e, err
}

// EventsAfter lists events newer than after, oldest first, at most limit.
func (t *Tx) EventsAfter(ctx context.Context, after desk.Seq, limit int) ([]desk.Event, error) {
	return collect(ctx, t, scanEvent, `SELECT `+eventColumns+`
		FROM event WHERE seq > $1 ORDER BY seq LIMIT $2`, int64(after), limit)
}

// TimelineAfter names where a page of a timeline ends.
type TimelineAfter struct {
	OccurredAt int64 // UTC milliseconds
	Seq        desk.Seq
}

// Timeline lists a ticket's events in the order in which they happened,
// oldest first, from after on, at most limit.
func (t *Tx) Timeline(ctx context.Context, ticket desk.TicketID, after TimelineAfter, limit int) ([]desk.Event, error) {
	return collect(ctx, t, scanEvent, `SELECT `+eventColumns+`
		FROM event WHERE ticket = $1 AND (occurred_at, seq) > ($2, $3)
		ORDER BY occurred_at, seq LIMIT $4`, ticket, after.OccurredAt, int64(after.Seq), limit)
}

// TimelineEnd lists a ticket's newest events, oldest of them first.
func (t *Tx) TimelineEnd(ctx context.Context, ticket desk.TicketID, before TimelineAfter, limit int) ([]desk.Event, error) {
	if before == (TimelineAfter{}) {
		before.OccurredAt = 1 << 62
	}
	return collect(ctx, t, scanEvent, `SELECT `+eventColumns+` FROM (
			SELECT `+eventColumns+` FROM event WHERE ticket = $1 AND (occurred_at, seq) < ($2, $3)
			ORDER BY occurred_at DESC, seq DESC LIMIT $4) AS newest
		ORDER BY occurred_at, seq`, ticket, before.OccurredAt, int64(before.Seq), limit)
}
