package httpapi

import (
	"context"
	"net/http"

	"aparte/internal/desk"
	"aparte/internal/wire"
)

func (s *server) quarantine() {
	op(s, call(http.MethodGet, "/api/quarantine", "list-quarantine", "Mail that waits for a decision, oldest first"), s.listQuarantine)
	op(s, call(http.MethodPost, "/api/quarantine/{id}/accept", "accept-quarantined", "Put it into a conversation"), s.acceptQuarantined)
	op(s, call(http.MethodPost, "/api/quarantine/{id}/ticket", "ticket-quarantined", "Make a ticket of it"), s.ticketQuarantined)
	o := call(http.MethodPost, "/api/quarantine/{id}/discard", "discard-quarantined", "Put it away")
	o.DefaultStatus = http.StatusNoContent
	op(s, o, s.discardQuarantined)
}

func (s *server) listQuarantine(ctx context.Context, in *List) (*body[wire.QuarantinePage], error) {
	var after desk.QuarantineID
	if err := resume(in.After, &after); err != nil {
		return nil, err
	}
	out := body[wire.QuarantinePage]{Body: wire.QuarantinePage{Entries: []wire.QuarantineEntry{}}}
	return &out, s.read(ctx, func(r *reader) error {
		rows, err := r.tx.Quarantine(ctx, after, in.Limit+1)
		if err != nil {
			return err
		}
		rows, more := page(rows, in.Limit)
		for _, q := range rows {
			w, err := r.quarantined(ctx, q)
			if err != nil {
				return err
			}
			out.Body.Entries = append(out.Body.Entries, w)
		}
		if more {
			out.Body.Next = next(rows[len(rows)-1].ID)
		}
		return nil
	})
}

func (r *reader) quarantined(ctx context.Context, q desk.Quarantined) (wire.QuarantineEntry, error) {
	m, err := r.tx.Message(ctx, q.Message)
	if err != nil {
		return wire.QuarantineEntry{}, err
	}
	ms, err := r.messages(ctx, []desk.Message{m})
	if err != nil {
		return wire.QuarantineEntry{}, err
	}
	number, err := r.number(ctx, q.Ticket)
	return wire.QuarantineEntry{ID: string(q.ID), Reason: q.Reason, Reasons: words(q.Reasons), Message: ms[0],
		Suggest: string(q.Suggest), Ticket: number, CreatedAt: q.CreatedAt}, err
}

type quarantineAccept struct {
	ByID
	Body wire.QuarantineAccept
}

func (s *server) acceptQuarantined(ctx context.Context, in *quarantineAccept) (*body[wire.Conversation], error) {
	c, err := s.Actions.Accept(ctx, actor(ctx), desk.QuarantineID(in.ID), desk.ConversationID(in.Body.Conversation))
	if err != nil {
		return nil, err
	}
	return s.showConversation(ctx, c.ID)
}

func (s *server) ticketQuarantined(ctx context.Context, in *ByID) (*body[wire.Ticket], error) {
	k, err := s.Actions.MakeTicket(ctx, actor(ctx), desk.QuarantineID(in.ID))
	if err != nil {
		return nil, err
	}
	return s.showTicket(ctx, k.Number)
}

func (s *server) discardQuarantined(ctx context.Context, in *ByID) (*nothing, error) {
	return nil, s.Actions.Discard(ctx, actor(ctx), desk.QuarantineID(in.ID))
}
