package place

import (
	"context"

	"aparte/internal/desk"
	"aparte/internal/route"
	"aparte/internal/store"
)

// Accept puts a stored message that waited in quarantine into the conversation
// that a person chose. It has the effects that it would have had on arrival,
// and nobody becomes a participant by it.
func Accept(ctx context.Context, tx *store.Tx, m desk.Message, c desk.Conversation, s desk.Settings) (desk.Conversation, error) {
	p, err := tx.Place(ctx, c.ID, m.Author)
	if err != nil {
		return c, err
	}
	effect := route.Effects(route.Decision{Grade: m.Grade}, p, route.Policy{ReopenDone: s.ReopenDone, ReopenSolved: s.ReopenSolved})
	if effect.FollowUp {
		if c, err = followUp(ctx, tx, c); err != nil {
			return c, err
		}
	}
	if err := settleIn(ctx, tx, m, c, effect); err != nil {
		return c, err
	}
	if err := after(ctx, tx, c, p, effect); err != nil {
		return c, err
	}
	return tx.Conversation(ctx, c.ID)
}

// TicketOf makes a ticket of a stored message that waited in quarantine.
func TicketOf(ctx context.Context, tx *store.Tx, m desk.Message, mailbox desk.AccountID) (desk.Ticket, error) {
	who, err := tx.Meet(ctx, m.Author, false)
	if err != nil {
		return desk.Ticket{}, err
	}
	by := desk.Actor{Kind: desk.ByContact, Name: m.Author.Label()}
	c, err := OpenTicket(ctx, tx, by, NewTicket{Subject: m.Subject, Requester: who, Mailbox: mailbox, Channel: desk.Mail, Status: desk.New})
	if err != nil {
		return desk.Ticket{}, err
	}
	m.Contact = who.ID
	if err := settleIn(ctx, tx, m, c, route.Effect{Human: m.Human}); err != nil {
		return desk.Ticket{}, err
	}
	return tx.Ticket(ctx, c.Home)
}

// settleIn tells of a message that is stored already, and gives it its place.
func settleIn(ctx context.Context, tx *store.Tx, m desk.Message, c desk.Conversation, e route.Effect) error {
	event, _, err := tx.Append(ctx, desk.Event{ID: desk.EventID("placed-" + m.ID), Ticket: c.Home, Conversation: c.ID, OccurredAt: m.OccurredAt,
		By: desk.Actor{Kind: desk.ByContact, Name: m.Author.Label()},
		Facts: desk.MessageReceived{Message: m.ID, Contact: m.Contact, Human: e.Human, Grade: m.Grade,
			Reasons: append(m.Reasons, "accepted_by_agent"), Flags: m.Flags, Attention: e.Attention}})
	if err != nil {
		return err
	}
	if err := tx.PlaceMessage(ctx, m.ID, c.ID, event.Seq); err != nil {
		return err
	}
	if err := tx.Refer(ctx, m.ExternalID, c.ID, m.ID, false); err != nil {
		return err
	}
	people := append([]desk.Recipient{{Address: m.Author, Class: desk.To}}, m.Recipients...)
	for _, p := range people[:min(len(people), maxPeople)] {
		if err := turnUp(ctx, tx, p, c); err != nil {
			return err
		}
	}
	return nil
}
