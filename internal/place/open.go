package place

import (
	"context"
	"fmt"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// NewTicket is what a ticket begins with.
type NewTicket struct {
	ID        desk.TicketID // made here if empty
	Subject   string
	Requester desk.Contact
	Mailbox   desk.AccountID
	Channel   desk.Channel
	Status    desk.Status
	Group     desk.GroupID
	Assignee  desk.AgentID
	Tags      []string
	Follows   desk.TicketID
}

// maxSubject is the longest subject a ticket keeps, in characters.
const maxSubject = 300

// OpenTicket opens a ticket with its customer thread and returns the thread.
func OpenTicket(ctx context.Context, tx *store.Tx, by desk.Actor, n NewTicket) (desk.Conversation, error) {
	number, err := tx.NextTicketNumber(ctx)
	if err != nil {
		return desk.Conversation{}, err
	}
	if n.ID == "" {
		n.ID = desk.TicketID(desk.NewID())
	}
	subject := desk.OneLine(n.Subject, maxSubject)
	if _, _, err := tx.Append(ctx, desk.Event{Ticket: n.ID, By: by, Facts: desk.TicketOpened{
		Number: number, Subject: subject, Requester: n.Requester.ID, Mailbox: n.Mailbox, Status: n.Status,
		Priority: desk.Normal, Group: n.Group, Assignee: n.Assignee, Tags: n.Tags, Follows: n.Follows,
	}}); err != nil {
		return desk.Conversation{}, fmt.Errorf("open ticket: %w", err)
	}
	c, err := Start(ctx, tx, by, n.ID, "", desk.Start{Side: desk.CustomerSide, Channel: n.Channel, Account: n.Mailbox, Subject: subject})
	if err != nil {
		return c, err
	}
	return c, tx.SetParticipant(ctx, desk.Participant{Conversation: c.ID, Class: desk.To, Contact: n.Requester.ID, Confirmed: true,
		Address: desk.Address{Name: n.Requester.Name, Email: n.Requester.Email}})
}

// tokenLength is a reply address's secret in characters: 100 random bits.
const tokenLength = 20

// Start begins a conversation on a ticket and gives it its secrets.
func Start(ctx context.Context, tx *store.Tx, by desk.Actor, ticket desk.TicketID, id desk.ConversationID, s desk.Start) (desk.Conversation, error) {
	if id == "" {
		id = desk.ConversationID(desk.NewID())
	}
	s.Token, s.ThreadKey = desk.RandomText(tokenLength), desk.NewThreadKey()
	var facts desk.Facts = desk.SideOpened{Start: s}
	if s.Side == desk.CustomerSide {
		facts = desk.ConversationStarted{Start: s}
	}
	if _, _, err := tx.Append(ctx, desk.Event{Ticket: ticket, Conversation: id, By: by, Facts: facts}); err != nil {
		return desk.Conversation{}, fmt.Errorf("start conversation: %w", err)
	}
	return tx.Conversation(ctx, id)
}
