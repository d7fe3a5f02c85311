// Package place carries a routing decision out, in the caller's transaction:
// it stores the message, opens what must be opened, and appends the events
// that tell of it. Intake uses it for what arrives, and actions for what a
// person lets out of quarantine. It decides nothing.
package place

import (
	"cmp"
	"context"
	"fmt"

	"aparte/internal/desk"
	"aparte/internal/route"
	"aparte/internal/store"
)

// Arrival is an inbound message whose files are stored.
type Arrival struct {
	Mail  desk.Inbound
	Files []desk.Attachment
}

// CarryOut does what was decided and tells the id of the stored message;
// empty where there is none to store.
func CarryOut(ctx context.Context, tx *store.Tx, a Arrival, d route.Decision, policy route.Policy) (desk.MessageID, error) {
	switch d.Verdict {
	case route.Ignore:
		return "", nil
	case route.Settle:
		return report(ctx, tx, a, d)
	case route.Quarantine:
		return quarantine(ctx, tx, a, d)
	case route.Open:
		return open(ctx, tx, a, d)
	case route.Join:
		return join(ctx, tx, a, d, policy)
	}
	return "", fmt.Errorf("no way to carry out %q", d.Verdict)
}

// message makes the row of an inbound message.
func message(a Arrival, d route.Decision, contact desk.ContactID) desk.Message {
	m := a.Mail
	return desk.Message{
		ID: desk.MessageID(desk.NewID()), Direction: desk.In, OccurredAt: desk.Millis(m.TakenAt),
		Author: m.Sender(), Contact: contact, Subject: m.Subject, Preview: preview(m),
		Grade: d.Grade, Human: d.Grade != desk.Robot, Flags: d.Flags, Reasons: d.Reasons, Problems: m.Problems,
		ExternalID: m.ExternalID, InReplyTo: answered(m), Raw: m.RawSum, CoreSum: m.CoreSum,
		Recipients: recipients(m), Attachments: a.Files,
	}
}

const previewRunes = 200

// preview is one line of what is new; where all of it is quoted, of that.
func preview(m desk.Inbound) string { return desk.OneLine(cmp.Or(m.Says, m.Body.Text), previewRunes) }

func answered(m desk.Inbound) string {
	for _, r := range m.Refs {
		if r.Answer {
			return r.ID
		}
	}
	return ""
}

func recipients(m desk.Inbound) []desk.Recipient {
	var all []desk.Recipient
	for _, a := range m.To {
		all = append(all, desk.Recipient{Address: a, Class: desk.To})
	}
	for _, a := range m.Cc {
		all = append(all, desk.Recipient{Address: a, Class: desk.Cc})
	}
	return all
}

// quarantine stores a message where a person will decide about it.
func quarantine(ctx context.Context, tx *store.Tx, a Arrival, d route.Decision) (desk.MessageID, error) {
	m := message(a, d, "")
	if err := tx.AddMessage(ctx, m, a.Mail.Body); err != nil {
		return "", err
	}
	q := desk.Quarantined{ID: desk.QuarantineID(desk.NewID()), Account: a.Mail.Account, Message: m.ID,
		Reason: d.Reasons[len(d.Reasons)-1], Reasons: d.Reasons, Suggest: d.Suggest}
	if d.Suggest != "" {
		c, err := tx.Conversation(ctx, d.Suggest)
		if err != nil {
			return "", err
		}
		q.Ticket = c.Home
	}
	return m.ID, tx.AddQuarantined(ctx, q)
}

// open makes a new ticket of a message.
func open(ctx context.Context, tx *store.Tx, a Arrival, d route.Decision) (desk.MessageID, error) {
	contact, err := tx.Meet(ctx, a.Mail.Sender(), false)
	if err != nil {
		return "", fmt.Errorf("meet the sender: %w", err)
	}
	by := desk.Actor{Kind: desk.ByContact, Name: a.Mail.Sender().Label()}
	c, err := OpenTicket(ctx, tx, by, NewTicket{Subject: a.Mail.Subject, Requester: contact, Mailbox: a.Mail.Account,
		Channel: a.Mail.Channel, Status: desk.New})
	if err != nil {
		return "", err
	}
	m := message(a, d, contact.ID)
	return m.ID, receive(ctx, tx, a, m, c, route.Effect{Human: m.Human})
}

// receive puts a message into a conversation and tells of it.
func receive(ctx context.Context, tx *store.Tx, a Arrival, m desk.Message, c desk.Conversation, e route.Effect) error {
	m.Conversation = c.ID
	event, _, err := tx.Append(ctx, desk.Event{
		Ticket: c.Home, Conversation: c.ID, OccurredAt: m.OccurredAt,
		By: desk.Actor{Kind: desk.ByContact, Name: m.Author.Label()},
		Facts: desk.MessageReceived{Message: m.ID, Contact: m.Contact, Human: e.Human, Grade: m.Grade,
			Reasons: m.Reasons, Flags: m.Flags, Attention: e.Attention},
	})
	if err != nil {
		return err
	}
	m.Seq = event.Seq
	if err := tx.AddMessage(ctx, m, a.Mail.Body); err != nil {
		return err
	}
	return remember(ctx, tx, a, m, c)
}

// remember keeps the ids by which later mail may name this conversation, and
// who turned up in it. Nobody becomes a participant by a mail's own word:
// those who are new wait, unconfirmed, for an agent.
func remember(ctx context.Context, tx *store.Tx, a Arrival, m desk.Message, c desk.Conversation) error {
	if err := tx.Refer(ctx, m.ExternalID, c.ID, m.ID, false); err != nil {
		return err
	}
	if err := learn(ctx, tx, a.Mail, m, c); err != nil {
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

// maxPeople caps how many strangers one mail may bring in.
const maxPeople = 50

// learn remembers what an answer to our token calls our message: some servers
// give outgoing mail another id than ours, and later answers will cite that.
func learn(ctx context.Context, tx *store.Tx, in desk.Inbound, m desk.Message, c desk.Conversation) error {
	if len(m.Reasons) == 0 || m.Reasons[len(m.Reasons)-1] != "token" {
		return nil
	}
	for _, r := range in.Refs {
		if r.Answer && !r.Signed {
			return tx.Refer(ctx, r.ID, c.ID, "", false)
		}
	}
	return nil
}

func turnUp(ctx context.Context, tx *store.Tx, p desk.Recipient, c desk.Conversation) error {
	base, _ := desk.SplitPlus(p.Key())
	if p.Email == "" {
		return nil
	}
	_, err := tx.AccountByAddress(ctx, c.Channel, base)
	if desk.FaultOf(err) != desk.NotFound {
		return err // one of our own addresses, or trouble
	}
	if c.Side == desk.PartnerSide {
		if _, err := tx.Meet(ctx, p.Address, true); err != nil {
			return fmt.Errorf("meet a partner: %w", err)
		}
	}
	known, err := tx.Place(ctx, c.ID, p.Address)
	if err != nil || known.Participant {
		return err
	}
	return tx.SetParticipant(ctx, desk.Participant{Conversation: c.ID, Address: p.Address, Class: p.Class})
}
