package storetest

import (
	"context"
	"testing"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// Desk is a store with a mailbox and an agent, and short ways to make things
// happen on it. Each step takes a second of its clock.
type Desk struct {
	*store.Store
	Clock   *Clock
	Mailbox desk.Account
	Agent   desk.Agent

	t   testing.TB
	ctx context.Context
}

// NewDesk opens a desk where o says.
func NewDesk(t testing.TB, o store.Options, change ...func(*store.Options)) *Desk {
	t.Helper()
	d := &Desk{Clock: NewClock(), t: t, ctx: Context(t)}
	if o.Now == nil {
		o.Now = d.Clock.Now
	}
	d.Store = OpenAt(t, o, change...)
	d.Mailbox = desk.Account{ID: "support", Channel: desk.Mail, Name: "Support", Address: "support@lumen.example", Settings: "{}"}
	d.Agent = desk.Agent{ID: "ada", Email: "ada@lumen.example", Name: "Ada Martin", Role: desk.RoleAdmin}
	d.Do(func(tx *store.Tx) error {
		if err := tx.SaveAccount(d.ctx, d.Mailbox); err != nil {
			return err
		}
		return tx.SaveAgent(d.ctx, d.Agent)
	})
	return d
}

// Do writes; a failure ends the test.
func (d *Desk) Do(f func(*store.Tx) error) {
	d.t.Helper()
	d.Clock.Pass(time.Second)
	if err := d.Update(d.ctx, f); err != nil {
		d.t.Fatal(err)
	}
}

// See reads; a failure ends the test.
func (d *Desk) See(f func(*store.Tx) error) {
	d.t.Helper()
	if err := d.View(d.ctx, f); err != nil {
		d.t.Fatal(err)
	}
}

// Append tells one event.
func (d *Desk) Append(e desk.Event) desk.Event {
	d.t.Helper()
	if e.By.Kind == "" {
		e.By = d.Agent.As()
	}
	d.Do(func(tx *store.Tx) (err error) {
		e, _, err = tx.Append(d.ctx, e)
		return err
	})
	return e
}

// Ticket opens a ticket of somebody and returns its customer thread.
func (d *Desk) Ticket(from, subject string) desk.Conversation {
	d.t.Helper()
	var requester desk.Contact
	var number int64
	d.Do(func(tx *store.Tx) (err error) {
		if requester, err = tx.Meet(d.ctx, desk.Address{Email: from}, false); err != nil {
			return err
		}
		number, err = tx.NextTicketNumber(d.ctx)
		return err
	})
	e := d.Append(desk.Event{Ticket: desk.TicketID(desk.NewID()), Facts: desk.TicketOpened{Number: number, Subject: subject,
		Requester: requester.ID, Mailbox: d.Mailbox.ID, Status: desk.New, Priority: desk.Normal}})
	c := d.start(e.Ticket, desk.ConversationStarted{Start: d.beginning(desk.CustomerSide, subject)})
	d.Join(c, from, true)
	return c
}

// Side opens a side conversation on a ticket, with one confirmed partner.
func (d *Desk) Side(ticket desk.TicketID, with, subject string) desk.Conversation {
	d.t.Helper()
	c := d.start(ticket, desk.SideOpened{Start: d.beginning(desk.PartnerSide, subject)})
	d.Join(c, with, true)
	return c
}

func (d *Desk) beginning(side desk.Side, subject string) desk.Start {
	return desk.Start{Side: side, Channel: desk.Mail, Account: d.Mailbox.ID, Subject: subject,
		Token: desk.RandomText(20), ThreadKey: desk.NewThreadKey()}
}

func (d *Desk) start(ticket desk.TicketID, f desk.Facts) desk.Conversation {
	d.t.Helper()
	e := d.Append(desk.Event{Ticket: ticket, Conversation: desk.ConversationID(desk.NewID()), Facts: f})
	return d.Conversation(e.Conversation)
}

// Join makes somebody a participant.
func (d *Desk) Join(c desk.Conversation, email string, confirmed bool) {
	d.t.Helper()
	d.Do(func(tx *store.Tx) error {
		return tx.SetParticipant(d.ctx, desk.Participant{Conversation: c.ID, Address: desk.Address{Email: email},
			Class: desk.To, Confirmed: confirmed})
	})
}

// Receive lets a person outside say something.
func (d *Desk) Receive(c desk.Conversation, from, text string) desk.Message {
	d.t.Helper()
	m := desk.Message{ID: desk.MessageID(desk.NewID()), Direction: desk.In, Author: desk.Address{Email: from}, Human: true,
		ExternalID: desk.NewID() + "@" + desk.Address{Email: from}.Domain()}
	return d.say(c, m, text, desk.MessageReceived{Message: m.ID, Human: true, Grade: desk.Known})
}

// Write lets the agent say something to somebody outside; it waits in the outbox.
func (d *Desk) Write(c desk.Conversation, to, text string) (desk.Message, desk.Delivery) {
	d.t.Helper()
	line := desk.Recipient{Address: desk.Address{Email: to}, Class: desk.To}
	m := desk.Message{ID: desk.MessageID(desk.NewID()), Direction: desk.Out, Human: true, Agent: d.Agent.ID,
		Author: desk.Address{Name: d.Agent.Name, Email: d.Mailbox.Address}, Recipients: []desk.Recipient{line}}
	v := desk.Delivery{ID: desk.DeliveryID(desk.NewID()), Message: m.ID, Conversation: c.ID, Account: d.Mailbox.ID,
		DueAt: d.Now(), EnvelopeTag: desk.RandomText(20), Recipients: []desk.Progressing{{Recipient: line}}}
	m = d.say(c, m, text, desk.MessageWritten{Message: m.ID, Delivery: v.ID})
	d.Do(func(tx *store.Tx) (err error) {
		if err = tx.Enqueue(d.ctx, v); err == nil {
			v, err = tx.Delivery(d.ctx, v.ID)
		}
		return err
	})
	return m, v
}

// Note lets the agent write an internal note.
func (d *Desk) Note(c desk.Conversation, text string) desk.Message {
	d.t.Helper()
	m := desk.Message{ID: desk.MessageID(desk.NewID()), Direction: desk.Note, Human: true, Agent: d.Agent.ID}
	return d.say(c, m, text, desk.NoteAdded{Message: m.ID})
}

func (d *Desk) say(c desk.Conversation, m desk.Message, text string, f desk.Facts) desk.Message {
	d.t.Helper()
	e := d.Append(desk.Event{Ticket: d.Conversation(c.ID).Home, Conversation: c.ID, Facts: f})
	m.Conversation, m.Seq, m.OccurredAt, m.Preview = c.ID, e.Seq, e.OccurredAt, text
	d.Do(func(tx *store.Tx) error {
		if err := tx.AddMessage(d.ctx, m, desk.Body{HTML: "<p>" + text + "</p>", Text: text}); err != nil {
			return err
		}
		return tx.Refer(d.ctx, m.ExternalID, c.ID, m.ID, false)
	})
	return m
}

// Status gives a ticket another status.
func (d *Desk) Status(ticket desk.TicketID, to desk.Status) {
	d.t.Helper()
	d.Append(desk.Event{Ticket: ticket, Facts: desk.TicketStatus{From: d.TicketRow(ticket).Status, To: to}})
}

// TicketRow is a ticket as it is stored now.
func (d *Desk) TicketRow(id desk.TicketID) (k desk.Ticket) {
	d.t.Helper()
	d.See(func(tx *store.Tx) (err error) { k, err = tx.Ticket(d.ctx, id); return err })
	return k
}

// Conversation is a conversation as it is stored now.
func (d *Desk) Conversation(id desk.ConversationID) (c desk.Conversation) {
	d.t.Helper()
	d.See(func(tx *store.Tx) (err error) { c, err = tx.Conversation(d.ctx, id); return err })
	return c
}

// Events lists the whole log.
func (d *Desk) Events() (all []desk.Event) {
	d.t.Helper()
	d.See(func(tx *store.Tx) (err error) { all, err = tx.EventsAfter(d.ctx, 0, 10_000); return err })
	return all
}
