package actions

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/store"
)

func sideComposer(k desk.Ticket) string { return "side:" + strconv.FormatInt(k.Number, 10) }

// NewTicket is a ticket that an agent opens by hand.
type NewTicket struct {
	ID          desk.TicketID
	Requester   desk.Address
	Subject     string
	HTML        string
	Mailbox     desk.AccountID // the first one if empty
	Send        bool           // mail the requester; otherwise the words are a note
	Attachments []desk.AttachmentID
}

// OpenTicket opens a ticket for somebody, with or without mailing them (T2).
func (a *Actions) OpenTicket(ctx context.Context, by desk.Actor, n NewTicket) (k desk.Ticket, err error) {
	if err := need(by, desk.TicketWrite); err != nil {
		return k, err
	}
	if n.Requester, err = address(n.Requester, "requester"); err != nil {
		return k, err
	}
	if n.Subject = desk.OneLine(n.Subject, maxSubject); n.Subject == "" {
		return k, desk.Refuse("subject", "subject_missing", "the ticket has no subject", "Write one line that says what it is about.")
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if k, err = tx.Ticket(ctx, n.ID); desk.FaultOf(err) != desk.NotFound {
			return err
		}
		k, err = openTicket(ctx, tx, by, n)
		return err
	})
	return k, err
}

func openTicket(ctx context.Context, tx *store.Tx, by desk.Actor, n NewTicket) (desk.Ticket, error) {
	mailbox, err := sender(ctx, tx, n.Mailbox)
	if err != nil {
		return desk.Ticket{}, err
	}
	who, err := tx.Meet(ctx, n.Requester, false)
	if err != nil {
		return desk.Ticket{}, err
	}
	status := desk.New
	if n.Send {
		status = desk.Open
	}
	c, err := place.OpenTicket(ctx, tx, by, place.NewTicket{ID: n.ID, Subject: n.Subject, Requester: who, Mailbox: mailbox.ID,
		Channel: desk.Mail, Status: status})
	if err != nil {
		return desk.Ticket{}, err
	}
	r, err := enter(ctx, tx, by, c.ID)
	if err != nil {
		return desk.Ticket{}, err
	}
	if err := r.begin(ctx, n); err != nil {
		return desk.Ticket{}, err
	}
	return tx.Ticket(ctx, c.Home)
}

// begin says the first words of a ticket that was opened by hand.
func (r *room) begin(ctx context.Context, n NewTicket) error {
	id := desk.MessageID(n.ID) + "-1"
	if n.Send {
		_, err := r.say(ctx, Draft{ID: id, To: []desk.Address{n.Requester}, HTML: n.HTML, Attachments: n.Attachments})
		return err
	}
	if n.HTML == "" && len(n.Attachments) == 0 {
		return nil
	}
	_, err := r.note(ctx, NoteDraft{ID: id, HTML: n.HTML, Attachments: n.Attachments})
	return err
}

// TicketChange changes a ticket; what is nil stays.
type TicketChange struct {
	Version  int64 // as last read
	Status   *desk.Status
	Assignee *desk.AgentID // empty for nobody
	Priority *desk.Priority
	Subject  *string
	Tags     *[]string
	Attended *bool // true takes it out of "needs attention"
}

// Change changes a ticket that nobody else changed meanwhile.
func (a *Actions) Change(ctx context.Context, by desk.Actor, id desk.TicketID, c TicketChange) (k desk.Ticket, err error) {
	if err := need(by, desk.TicketWrite); err != nil {
		return k, err
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if k, err = tx.Ticket(ctx, id); err != nil {
			return err
		}
		if k.Version != c.Version {
			return desk.Stale("ticket")
		}
		changes, err := c.facts(ctx, tx, k)
		if err != nil {
			return err
		}
		for _, f := range changes {
			if _, _, err := tx.Append(ctx, desk.Event{Ticket: id, By: by, Facts: f}); err != nil {
				return err
			}
		}
		k, err = tx.Ticket(ctx, id)
		return err
	})
	return k, err
}

// facts tells what really changes.
func (c TicketChange) facts(ctx context.Context, tx *store.Tx, k desk.Ticket) ([]desk.Facts, error) {
	var list []desk.Facts
	if c.Assignee != nil && *c.Assignee != k.Assignee {
		if err := mayHave(ctx, tx, *c.Assignee); err != nil {
			return nil, err
		}
		list = append(list, desk.TicketAssigned{Assignee: *c.Assignee, Group: k.Group})
	}
	if c.Priority != nil && *c.Priority != k.Priority {
		if !c.Priority.Valid() {
			return nil, desk.Refuse("priority", "priority_unknown", "there is no such priority", "Choose low, normal, high or urgent.")
		}
		list = append(list, desk.TicketPriority{From: k.Priority, To: *c.Priority})
	}
	if c.Subject != nil {
		subject := desk.OneLine(*c.Subject, maxSubject)
		if subject == "" {
			return nil, desk.Refuse("subject", "subject_missing", "the ticket has no subject", "Write one line that says what it is about.")
		}
		if subject != k.Subject {
			list = append(list, desk.TicketSubject{From: k.Subject, To: subject})
		}
	}
	if c.Tags != nil {
		if tags := tidy(*c.Tags); !slices.Equal(tags, k.Tags) {
			list = append(list, desk.TicketTagged{Tags: tags})
		}
	}
	if c.Attended != nil && *c.Attended && k.NeedsAttention() {
		list = append(list, desk.TicketAttended{})
	}
	if c.Status != nil && *c.Status != k.Status {
		if err := mayMove(k.Status, *c.Status); err != nil {
			return nil, err
		}
		list = append(list, desk.TicketStatus{From: k.Status, To: *c.Status})
	}
	return list, nil
}

func mayMove(from, to desk.Status) error {
	if from.May(to) {
		return nil
	}
	return &desk.Error{Fault: desk.Conflict, Code: "status_move", Field: "status",
		Msg: fmt.Sprintf("a ticket cannot go from %s to %s", from, to), Hint: "A closed ticket stays closed; open a new one instead."}
}

func moveStatus(ctx context.Context, tx *store.Tx, by desk.Actor, k desk.Ticket, to desk.Status) error {
	if err := mayMove(k.Status, to); err != nil {
		return err
	}
	_, _, err := tx.Append(ctx, desk.Event{Ticket: k.ID, By: by, Facts: desk.TicketStatus{From: k.Status, To: to}})
	return err
}

// mayHave refuses to give a ticket to somebody who cannot log in.
func mayHave(ctx context.Context, tx *store.Tx, id desk.AgentID) error {
	if id == "" {
		return nil
	}
	a, err := tx.Agent(ctx, id)
	if err == nil && !a.DisabledAt.IsZero() {
		return desk.Refuse("assignee", "agent_disabled", a.Name+" cannot log in any more", "Assign it to somebody else.")
	}
	return err
}

const (
	maxTag  = 40 // characters
	maxTags = 50
)

// tidy makes tags that compare: small letters, each once, in order.
func tidy(tags []string) []string {
	var list []string
	for _, t := range tags {
		if t = strings.ToLower(desk.OneLine(t, maxTag)); t != "" {
			list = append(list, t)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), maxTags)]
}
