package place

import (
	"context"
	"fmt"
	"time"

	"aparte/internal/desk"
	"aparte/internal/route"
	"aparte/internal/store"
)

// join adds a message to a conversation that exists.
func join(ctx context.Context, tx *store.Tx, a Arrival, d route.Decision, policy route.Policy) (desk.MessageID, error) {
	p, err := tx.Place(ctx, d.Conversation, a.Mail.Sender())
	if err != nil {
		return "", fmt.Errorf("find the place: %w", err)
	}
	effect := route.Effects(d, p, policy)
	c, err := tx.Conversation(ctx, d.Conversation)
	if err != nil {
		return "", err
	}
	if effect.FollowUp {
		if c, err = followUp(ctx, tx, c); err != nil {
			return "", fmt.Errorf("follow up: %w", err)
		}
	}
	contact, err := tx.Meet(ctx, a.Mail.Sender(), c.Side == desk.PartnerSide)
	if err != nil {
		return "", fmt.Errorf("meet the sender: %w", err)
	}
	m := message(a, d, contact.ID)
	if m.OccurredAt, err = notBefore(ctx, tx, c, a.Mail.Refs, m.OccurredAt); err != nil {
		return "", err
	}
	if err := receive(ctx, tx, a, m, c, effect); err != nil {
		return "", err
	}
	return m.ID, after(ctx, tx, c, p, effect)
}

// notBefore puts an answer after what it answers: a mail server's clock may be
// behind ours, and counts in seconds.
func notBefore(ctx context.Context, tx *store.Tx, c desk.Conversation, refs []desk.Ref, at time.Time) (time.Time, error) {
	var ids []string
	for _, r := range refs {
		ids = append(ids, r.ID)
	}
	cited, err := tx.Cited(ctx, c.ID, ids)
	if err != nil {
		return at, fmt.Errorf("find what is answered: %w", err)
	}
	if cited.After(at) {
		return cited, nil
	}
	return at, nil
}

// after appends what a message changed beside being there.
func after(ctx context.Context, tx *store.Tx, c desk.Conversation, p route.Place, e route.Effect) error {
	by := desk.Machine("intake")
	if e.Reopen {
		if _, _, err := tx.Append(ctx, desk.Event{Ticket: c.Home, Conversation: c.ID, By: by,
			Facts: desk.SideReopened{Reason: "answered"}}); err != nil {
			return err
		}
	}
	if e.Status == "" {
		return nil
	}
	reason := "customer_replied"
	if c.Side == desk.PartnerSide {
		reason = "side_answered"
	}
	_, _, err := tx.Append(ctx, desk.Event{Ticket: c.Home, By: by,
		Facts: desk.TicketStatus{From: p.Status, To: e.Status, Reason: reason}})
	return err
}

// followUp finds or opens the follow-up of a closed ticket and tells which of
// its conversations a message for c belongs to now: the side conversation
// itself, moved to its new home, or the follow-up's own customer thread.
func followUp(ctx context.Context, tx *store.Tx, c desk.Conversation) (desk.Conversation, error) {
	closed, err := tx.Ticket(ctx, c.Home)
	if err != nil {
		return c, err
	}
	next, err := tx.FollowUp(ctx, closed.ID)
	if desk.FaultOf(err) == desk.NotFound {
		next, err = openFollowUp(ctx, tx, closed)
	}
	if err != nil {
		return c, err
	}
	if c.Side == desk.CustomerSide {
		return tx.CustomerThread(ctx, next.ID)
	}
	return Move(ctx, tx, desk.Machine("intake"), c, next.ID)
}

func openFollowUp(ctx context.Context, tx *store.Tx, closed desk.Ticket) (desk.Ticket, error) {
	requester, err := tx.Contact(ctx, closed.Requester)
	if err != nil {
		return desk.Ticket{}, err
	}
	assignee, err := stillHere(ctx, tx, closed.Assignee)
	if err != nil {
		return desk.Ticket{}, err
	}
	by := desk.Machine("intake")
	c, err := OpenTicket(ctx, tx, by, NewTicket{Subject: closed.Subject, Requester: requester, Mailbox: closed.Mailbox,
		Channel: desk.Mail, Status: desk.Open, Group: closed.Group, Assignee: assignee, Tags: closed.Tags, Follows: closed.ID})
	if err != nil {
		return desk.Ticket{}, err
	}
	next, err := tx.Ticket(ctx, c.Home)
	if err != nil {
		return next, err
	}
	_, _, err = tx.Append(ctx, desk.Event{Ticket: closed.ID, By: by,
		Facts: desk.TicketFollowed{By: next.ID, Number: next.Number}})
	return next, err
}

// stillHere leaves the assignee empty where that agent is gone (T7).
func stillHere(ctx context.Context, tx *store.Tx, id desk.AgentID) (desk.AgentID, error) {
	if id == "" {
		return "", nil
	}
	a, err := tx.Agent(ctx, id)
	switch {
	case desk.FaultOf(err) == desk.NotFound:
		return "", nil
	case err != nil:
		return "", err
	case !a.DisabledAt.IsZero():
		return "", nil
	}
	return id, nil
}

// Move gives a side conversation another home and leaves a link (S8, S19).
func Move(ctx context.Context, tx *store.Tx, by desk.Actor, c desk.Conversation, to desk.TicketID) (desk.Conversation, error) {
	facts := desk.SideMoved{From: c.Home, To: to}
	for _, ticket := range []desk.TicketID{facts.From, facts.To} {
		if _, _, err := tx.Append(ctx, desk.Event{Ticket: ticket, Conversation: c.ID, By: by, Facts: facts}); err != nil {
			return c, err
		}
	}
	if err := tx.LinkConversation(ctx, facts.From, c.ID); err != nil {
		return c, err
	}
	return tx.Conversation(ctx, c.ID)
}
