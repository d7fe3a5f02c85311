package actions

import (
	"context"
	"fmt"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// recipients reads whom a draft is for. Each address is once among them, on
// the line where it stands first; nobody is there but by an agent's own hand.
func (r *room) recipients(ctx context.Context, d Draft) ([]desk.Recipient, error) {
	list, err := typed(d)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		if list, err = r.usual(ctx); err != nil {
			return nil, err
		}
	}
	if len(list) == 0 {
		return nil, desk.Refuse("to", "recipients_missing", "the message has no recipient", "Add at least one address.")
	}
	return list, r.within(ctx, list)
}

func typed(d Draft) ([]desk.Recipient, error) {
	var list []desk.Recipient
	seen := map[string]bool{}
	for _, line := range []struct {
		class desk.Class
		who   []desk.Address
	}{{desk.To, d.To}, {desk.Cc, d.Cc}, {desk.Bcc, d.Bcc}} {
		for _, p := range line.who {
			strict, err := address(p, string(line.class))
			if err != nil {
				return nil, err
			}
			if key := strict.Key(); !seen[key] {
				seen[key] = true
				list = append(list, desk.Recipient{Address: strict, Class: line.class})
			}
		}
	}
	return list, nil
}

// address reads one address as strictly as a mail server would.
func address(p desk.Address, field string) (desk.Address, error) {
	strict, err := desk.ParseAddress(p.Email)
	if e, ok := err.(*desk.Error); ok {
		e.Field = field
	}
	if name := desk.OneLine(p.Name, 120); name != "" {
		strict.Name = name
	}
	return strict, err
}

// usual are the participants whom an agent has written to or kept. Those who
// only turned up are not among them, nor those in Bcc. A customer thread goes to
// the requester where it has nobody else.
func (r *room) usual(ctx context.Context) ([]desk.Recipient, error) {
	all, err := r.tx.Participants(ctx, r.talk.ID)
	if err != nil {
		return nil, err
	}
	var list []desk.Recipient
	for _, p := range all {
		if p.Confirmed && p.Class != desk.Bcc {
			list = append(list, desk.Recipient{Address: p.Address, Class: p.Class})
		}
	}
	if len(list) > 0 || r.talk.Side != desk.CustomerSide {
		return list, nil
	}
	who, err := r.tx.Contact(ctx, r.ticket.Requester)
	return []desk.Recipient{{Address: desk.Address{Name: who.Name, Email: who.Email}, Class: desk.To}}, err
}

// within holds a message to the desk's limits, and away from its own mailboxes.
func (r *room) within(ctx context.Context, list []desk.Recipient) error {
	outside := 0
	for _, p := range list {
		base, _ := desk.SplitPlus(p.Key())
		_, err := r.tx.AccountByAddress(ctx, desk.Mail, base)
		switch {
		case err == nil:
			return desk.Refuse(string(p.Class), "recipient_is_ours", "“"+p.Email+"” is a mailbox of this desk", "Write to somebody else; for colleagues there are internal notes.")
		case desk.FaultOf(err) != desk.NotFound:
			return err
		}
		colleague, err := isAgent(ctx, r.tx, p.Address)
		if err != nil {
			return err
		}
		if !colleague {
			outside++
		}
	}
	if n := r.settings.MaxPeople; len(list) > n {
		return desk.Refuse("to", "recipients_too_many", fmt.Sprintf("%d recipients are more than the limit of %d", len(list), n), "Remove some, or ask an admin to raise the limit.")
	}
	if n := r.settings.MaxOutside; outside > n {
		return desk.Refuse("to", "recipients_too_many_outside", fmt.Sprintf("%d recipients who are not agents are more than the limit of %d", outside, n),
			"Remove some, or ask an admin to raise the limit.")
	}
	return nil
}

func isAgent(ctx context.Context, tx *store.Tx, p desk.Address) (bool, error) {
	_, err := tx.AgentByEmail(ctx, p.Email)
	if desk.FaultOf(err) == desk.NotFound {
		return false, nil
	}
	return err == nil, err
}

// welcome makes recipients participants: an agent wrote to them by hand. Whom
// the desk did not know becomes a partner, never a customer (E8).
func (r *room) welcome(ctx context.Context, list []desk.Recipient) error {
	for _, p := range list {
		seat := desk.Participant{Conversation: r.talk.ID, Address: p.Address, Class: p.Class, Confirmed: true}
		colleague, err := isAgent(ctx, r.tx, p.Address)
		if err != nil {
			return err
		}
		if !colleague {
			contact, err := r.tx.Meet(ctx, p.Address, true)
			if err != nil {
				return err
			}
			seat.Contact = contact.ID
		}
		if err := r.tx.SetParticipant(ctx, seat); err != nil {
			return err
		}
	}
	return nil
}

// KeepParticipant confirms somebody who turned up in a conversation: from now
// on answers go to them too.
func (a *Actions) KeepParticipant(ctx context.Context, by desk.Actor, c desk.ConversationID, email string) error {
	return a.store.Update(ctx, func(tx *store.Tx) error {
		r, err := enter(ctx, tx, by, c)
		if err != nil {
			return err
		}
		p, err := r.participant(ctx, email)
		if err != nil || p.Confirmed {
			return err
		}
		p.Confirmed = true
		if err := tx.SetParticipant(ctx, p); err != nil {
			return err
		}
		_, _, err = tx.Append(ctx, desk.Event{Ticket: r.ticket.ID, Conversation: c, By: by, Facts: desk.SideJoined{Address: p.Address.Email}})
		return err
	})
}

// DropParticipant takes somebody out of a conversation.
func (a *Actions) DropParticipant(ctx context.Context, by desk.Actor, c desk.ConversationID, email string) error {
	return a.store.Update(ctx, func(tx *store.Tx) error {
		r, err := enter(ctx, tx, by, c)
		if err != nil {
			return err
		}
		p, err := r.participant(ctx, email)
		if desk.FaultOf(err) == desk.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		tx.Hint("delivery:" + string(c))
		return tx.DropParticipant(ctx, c, p.Address.Key())
	})
}

func (r *room) participant(ctx context.Context, email string) (desk.Participant, error) {
	all, err := r.tx.Participants(ctx, r.talk.ID)
	if err != nil {
		return desk.Participant{}, err
	}
	for _, p := range all {
		if p.Address.Key() == (desk.Address{Email: email}).Key() {
			return p, nil
		}
	}
	return desk.Participant{}, desk.Missing("participant")
}
