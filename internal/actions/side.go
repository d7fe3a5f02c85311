package actions

import (
	"cmp"
	"context"

	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/store"
)

// NewSide is a side conversation to start, with its first message.
type NewSide struct {
	ID             desk.ConversationID
	Message        desk.MessageID // made from ID if empty
	Channel        desk.Channel
	To, Cc, Bcc    []desk.Address
	Subject, HTML  string
	Attachments    []desk.AttachmentID
	Comments       []desk.MessageID
	NotesConfirmed bool // as in Draft
}

// maxSubject is the longest subject, in characters.
const maxSubject = 300

// StartSide starts a side conversation on a ticket, also on a closed one.
func (a *Actions) StartSide(ctx context.Context, by desk.Actor, ticket desk.TicketID, n NewSide) (c desk.Conversation, err error) {
	if err := need(by, desk.SideWrite); err != nil {
		return c, err
	}
	if n.Channel != desk.Mail {
		return c, desk.Refuse("channel", "channel_off", "this desk has no such channel", "Start it by e-mail.")
	}
	if n.Subject = desk.OneLine(n.Subject, maxSubject); n.Subject == "" {
		return c, desk.Refuse("subject", "subject_missing", "the message has no subject", "Write one: it names the thread in the partner's mail client.")
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		c, err = tx.Conversation(ctx, n.ID)
		switch {
		case err == nil && c.Side == desk.PartnerSide && c.Starter == by.Agent:
			return startedBefore(ctx, tx, by, n)
		case err == nil:
			return idTaken("conversation")
		case desk.FaultOf(err) != desk.NotFound:
			return err
		}
		c, err = startSide(ctx, tx, by, ticket, n)
		return err
	})
	return c, err
}

// startedBefore makes sure that a side conversation asked for twice is asked
// for in the same words.
func startedBefore(ctx context.Context, tx *store.Tx, by desk.Actor, n NewSide) error {
	r, err := enter(ctx, tx, by, n.ID)
	if err != nil {
		return err
	}
	_, err = r.once(ctx, n.first(), n.HTML)
	return err
}

// first is the id of a side conversation's first message.
func (n NewSide) first() desk.MessageID { return cmp.Or(n.Message, desk.MessageID(n.ID)+"-1") }

func startSide(ctx context.Context, tx *store.Tx, by desk.Actor, ticket desk.TicketID, n NewSide) (desk.Conversation, error) {
	k, err := tx.Ticket(ctx, ticket)
	if err != nil {
		return desk.Conversation{}, err
	}
	mailbox, err := sender(ctx, tx, k.Mailbox)
	if err != nil {
		return desk.Conversation{}, err
	}
	c, err := place.Start(ctx, tx, by, k.ID, n.ID, desk.Start{Side: desk.PartnerSide, Channel: n.Channel, Account: mailbox.ID,
		Subject: n.Subject, Starter: by.Agent})
	if err != nil {
		return c, err
	}
	r, err := enter(ctx, tx, by, c.ID)
	if err != nil {
		return c, err
	}
	if !r.settings.MailSides {
		return c, sidesOff()
	}
	first := Draft{ID: n.first(), To: n.To, Cc: n.Cc, Bcc: n.Bcc, HTML: n.HTML,
		Attachments: n.Attachments, Comments: n.Comments, NotesConfirmed: n.NotesConfirmed}
	if _, err := r.once(ctx, first.ID, first.HTML); desk.FaultOf(err) != desk.NotFound {
		return c, orElse(err, desk.Stale("conversation"))
	}
	if _, err := r.say(ctx, first); err != nil {
		return c, err
	}
	if c, err = tx.Conversation(ctx, c.ID); err != nil {
		return c, err
	}
	return c, tx.DropDraft(ctx, by.Agent, sideComposer(k))
}

// orElse is err, or what else is wrong where that is nothing.
func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// sender finds the mailbox to write from: the one asked for, or the first.
func sender(ctx context.Context, tx *store.Tx, want desk.AccountID) (desk.Account, error) {
	if want != "" {
		a, err := tx.Account(ctx, want)
		if desk.FaultOf(err) != desk.NotFound {
			return a, err
		}
	}
	all, err := tx.Accounts(ctx)
	if err != nil {
		return desk.Account{}, err
	}
	for _, a := range all {
		if a.Channel == desk.Mail && a.StoppedAt.IsZero() {
			return a, nil
		}
	}
	return desk.Account{}, &desk.Error{Fault: desk.Conflict, Code: "mailbox_missing", Field: "mailbox",
		Msg: "this desk has no mailbox to write from", Hint: "An admin can add one in the settings."}
}

// Done marks a side conversation as done. The ticket stays as it is.
func (a *Actions) Done(ctx context.Context, by desk.Actor, c desk.ConversationID) (desk.Conversation, error) {
	return a.setState(ctx, by, c, desk.StateDone, desk.SideDone{})
}

// Reopen takes a done side conversation up again.
func (a *Actions) Reopen(ctx context.Context, by desk.Actor, c desk.ConversationID) (desk.Conversation, error) {
	return a.setState(ctx, by, c, desk.StateOpen, desk.SideReopened{})
}

func (a *Actions) setState(ctx context.Context, by desk.Actor, id desk.ConversationID, s desk.State, f desk.Facts) (c desk.Conversation, err error) {
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		r, err := enter(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if r.talk.Side != desk.PartnerSide {
			return desk.Refuse("state", "not_a_side_conversation", "a customer thread has no such state", "Solve the ticket instead.")
		}
		if c = r.talk; c.State == s {
			return nil
		}
		if _, _, err = tx.Append(ctx, desk.Event{Ticket: r.ticket.ID, Conversation: id, By: by, Facts: f}); err != nil {
			return err
		}
		c, err = tx.Conversation(ctx, id)
		return err
	})
	return c, err
}
