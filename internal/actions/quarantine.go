package actions

import (
	"context"

	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/store"
)

// Accept puts quarantined mail into the conversation that a person chose.
func (a *Actions) Accept(ctx context.Context, by desk.Actor, id desk.QuarantineID, to desk.ConversationID) (c desk.Conversation, err error) {
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		r, err := enter(ctx, tx, by, to)
		if err != nil {
			return err
		}
		m, err := release(ctx, tx, by, id, "accepted")
		if err != nil {
			return err
		}
		c, err = place.Accept(ctx, tx, m, r.talk, r.settings)
		return err
	})
	return c, err
}

// MakeTicket makes a ticket of quarantined mail.
func (a *Actions) MakeTicket(ctx context.Context, by desk.Actor, id desk.QuarantineID) (k desk.Ticket, err error) {
	if err := need(by, desk.TicketWrite); err != nil {
		return k, err
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		m, err := release(ctx, tx, by, id, "ticket")
		if err != nil {
			return err
		}
		q, err := tx.Quarantined(ctx, id)
		if err != nil {
			return err
		}
		if _, err := desk.ParseAddress(m.Author.Email); err != nil {
			return &desk.Error{Fault: desk.Conflict, Code: "sender_missing", Msg: "this mail has no sender to answer to",
				Hint: "Put it into a conversation, or discard it."}
		}
		k, err = place.TicketOf(ctx, tx, m, q.Account)
		return err
	})
	return k, err
}

// Discard puts quarantined mail away. It stays on record.
func (a *Actions) Discard(ctx context.Context, by desk.Actor, id desk.QuarantineID) error {
	if err := need(by, desk.AdminRight); err != nil {
		return err
	}
	return a.store.Update(ctx, func(tx *store.Tx) error {
		_, err := release(ctx, tx, by, id, "discarded")
		return err
	})
}

// release settles an entry, once, and hands over its message.
func release(ctx context.Context, tx *store.Tx, by desk.Actor, id desk.QuarantineID, outcome string) (desk.Message, error) {
	q, err := tx.Quarantined(ctx, id)
	if err != nil {
		return desk.Message{}, err
	}
	if err := tx.SettleQuarantined(ctx, id, by.Agent, outcome); err != nil {
		return desk.Message{}, err
	}
	return tx.Message(ctx, q.Message)
}
