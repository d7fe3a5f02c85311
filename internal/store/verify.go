package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"aparte/internal/desk"
)

// Verify folds the whole log from nothing and tells where a stored ticket, a
// conversation or a view's count says something else, one line each. It names
// fields and ids, never what anybody wrote.
func (t *Tx) Verify(ctx context.Context) ([]string, error) {
	r := replay{map[desk.TicketID]desk.Ticket{}, map[desk.ConversationID]desk.Conversation{}}
	for after := desk.Seq(0); ; {
		const page = 10_000
		events, err := t.EventsAfter(ctx, after, page)
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		for _, e := range events {
			if after++; e.Seq != after {
				return []string{fmt.Sprintf("the log has no event %d", after)}, nil
			}
			r.fold(e)
		}
		if len(events) < page {
			break
		}
	}
	return r.compare(ctx, t)
}

// replay is what the log says that the desk's rows should be.
type replay struct {
	tickets       map[desk.TicketID]desk.Ticket
	conversations map[desk.ConversationID]desk.Conversation
}

func (r replay) fold(e desk.Event) {
	if e.Ticket == "" {
		return
	}
	ticket, before := r.tickets[e.Ticket], r.conversations[e.Conversation]
	after := before
	if e.Conversation != "" {
		after.Apply(e)
		r.conversations[e.Conversation] = after
	}
	ticket.Apply(e)
	ticket.Count(before, after)
	r.tickets[e.Ticket] = ticket
}

func (r replay) compare(ctx context.Context, t *Tx) ([]string, error) {
	tickets, err := collect(ctx, t, scanTicket, `SELECT `+ticketColumns+` FROM ticket t`)
	if err != nil {
		return nil, fmt.Errorf("read tickets: %w", err)
	}
	conversations, err := collect(ctx, t, scanConversation, `SELECT `+conversationColumns+` FROM conversation c`)
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	counts, err := collect(ctx, t, scanCount, `SELECT name, value FROM tally WHERE value <> 0`)
	if err != nil {
		return nil, fmt.Errorf("read counts: %w", err)
	}
	wrong := differences("ticket", tickets, r.tickets, func(k desk.Ticket) desk.TicketID { return k.ID })
	wrong = append(wrong, differences("conversation", conversations, r.conversations,
		func(c desk.Conversation) desk.ConversationID { return c.ID })...)
	wrong = append(wrong, differences("count", counts, r.counts(), func(c count) string { return c.Name })...)
	slices.Sort(wrong)
	return wrong, nil
}

func (r replay) counts() map[string]count {
	all := map[string]count{}
	for _, k := range r.tickets {
		for _, name := range tallies(k) {
			all[name] = count{name, all[name].Value + 1}
		}
	}
	return all
}

// differences compares stored rows with what they should be.
func differences[K comparable, V any](what string, stored []V, want map[K]V, key func(V) K) []string {
	var wrong []string
	for _, have := range stored {
		id := key(have)
		if w, ok := want[id]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s %v is stored, and the log does not know it", what, id))
		} else if fields := unlike(have, w); len(fields) > 0 {
			wrong = append(wrong, fmt.Sprintf("%s %v differs from the log in %v", what, id, fields))
		}
	}
	if n := len(want) - len(stored); n > 0 {
		wrong = append(wrong, fmt.Sprintf("%d rows of kind %s are missing", n, what))
	}
	return wrong
}

// unlike names the fields in which two structs differ.
func unlike(a, b any) []string {
	var fields []string
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			fields = append(fields, x.Type().Field(i).Name)
		}
	}
	return fields
}
