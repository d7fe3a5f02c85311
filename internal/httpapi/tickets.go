package httpapi

import (
	"cmp"
	"context"
	"net/http"

	"aparte/internal/actions"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/wire"
)

func (s *server) tickets() {
	op(s, call(http.MethodGet, "/api/views", "list-views", "The built-in views with their counts"), s.listViews)
	op(s, call(http.MethodGet, "/api/tickets", "list-tickets", "A view's tickets, newest change first"), s.listTickets)
	op(s, creates(call(http.MethodPost, "/api/tickets", "create-ticket", "Open a ticket by hand")), s.createTicket)
	op(s, call(http.MethodGet, "/api/tickets/{number}", "get-ticket", "A ticket with its conversations"), s.getTicket)
	op(s, call(http.MethodPatch, "/api/tickets/{number}", "change-ticket", "Change a ticket"), s.changeTicket)
	op(s, call(http.MethodGet, "/api/tickets/{number}/timeline", "list-timeline", "A ticket's events, oldest first"), s.listTimeline)
	op(s, call(http.MethodGet, "/api/tickets/{number}/attachments", "list-attachments", "Every file on a ticket"), s.listAttachments)
	op(s, creates(call(http.MethodPost, "/api/tickets/{number}/side-conversations", "start-side-conversation",
		"Start a side conversation with its first message")), s.startSide)
}

// ByNumber is an input that names a ticket.
type ByNumber struct {
	Number int64 `path:"number" minimum:"1" doc:"what people quote"`
}

func (s *server) listViews(ctx context.Context, _ *nothing) (*body[wire.Views], error) {
	out := body[wire.Views]{Body: wire.Views{Views: []wire.ViewCount{}}}
	return &out, s.read(ctx, func(r *reader) error {
		counts, err := r.tx.ViewCounts(ctx, r.by.Agent)
		if err != nil {
			return err
		}
		for _, v := range store.Views() {
			out.Body.Views = append(out.Body.Views, wire.ViewCount{View: string(v), Count: counts[v]})
		}
		out.Body.Quarantine, err = r.tx.QuarantineSize(ctx)
		return err
	})
}

type ticketQuery struct {
	List
	View      string `query:"view" enum:"mine,unassigned,unsolved,attention,solved,all" default:"all"`
	Status    string `query:"status" enum:"new,open,pending,on-hold,solved,closed"`
	Assignee  string `query:"assignee" maxLength:"64" doc:"agent id"`
	Requester string `query:"requester" maxLength:"64" doc:"contact id"`
	Q         string `query:"q" maxLength:"200" doc:"a number, or words of the subject or the requester"`
}

func (s *server) listTickets(ctx context.Context, in *ticketQuery) (*body[wire.TicketPage], error) {
	q := store.TicketQuery{View: store.View(in.View), Status: desk.Status(in.Status), Assignee: desk.AgentID(in.Assignee),
		Requester: desk.ContactID(in.Requester), Text: in.Q, Limit: in.Limit + 1}
	if err := resume(in.After, &q.After); err != nil {
		return nil, err
	}
	out := body[wire.TicketPage]{Body: wire.TicketPage{Tickets: []wire.TicketRow{}}}
	return &out, s.read(ctx, func(r *reader) error {
		q.For = r.by.Agent
		rows, err := r.tx.Tickets(ctx, q)
		if err != nil {
			return err
		}
		rows, more := page(rows, in.Limit)
		if err := r.tx.Unread(ctx, r.by.Agent, rows); err != nil {
			return err
		}
		for _, k := range rows {
			out.Body.Tickets = append(out.Body.Tickets, r.row(k))
		}
		if more {
			last := rows[len(rows)-1]
			out.Body.Next = next(store.TicketAfter{UpdatedAt: last.UpdatedAt.UnixMilli(), Number: last.Number})
		}
		out.Body.Seq, err = r.seq(ctx)
		return err
	})
}

func (r *reader) seq(ctx context.Context) (int64, error) {
	seq, err := r.tx.Seq(ctx)
	return int64(seq), err
}

func (s *server) createTicket(ctx context.Context, in *body[wire.NewTicket]) (*body[wire.Ticket], error) {
	n := in.Body
	k, err := s.Actions.OpenTicket(ctx, actor(ctx), actions.NewTicket{ID: desk.TicketID(n.ID), Requester: typed(n.Requester),
		Subject: n.Subject, HTML: n.HTML, Mailbox: desk.AccountID(n.Mailbox), Send: n.Send, Attachments: ids[desk.AttachmentID](n.Attachments)})
	if err != nil {
		return nil, err
	}
	return s.showTicket(ctx, k.Number)
}

func (s *server) getTicket(ctx context.Context, in *ByNumber) (*body[wire.Ticket], error) {
	return s.showTicket(ctx, in.Number)
}

func (s *server) showTicket(ctx context.Context, number int64) (*body[wire.Ticket], error) {
	var out body[wire.Ticket]
	return &out, s.read(ctx, func(r *reader) error {
		k, err := r.tx.TicketByNumber(ctx, number)
		if err != nil {
			return err
		}
		out.Body, err = r.ticket(ctx, k)
		return err
	})
}

// ticket turns a ticket into its full form.
func (r *reader) ticket(ctx context.Context, k desk.Ticket) (wire.Ticket, error) {
	who, err := r.tx.Contact(ctx, k.Requester)
	if err != nil {
		return wire.Ticket{}, err
	}
	rows := []store.TicketRow{{Ticket: k, Who: who}}
	if err := r.tx.Unread(ctx, r.by.Agent, rows); err != nil {
		return wire.Ticket{}, err
	}
	w := wire.Ticket{TicketRow: r.row(rows[0]), Mailbox: string(k.Mailbox), SolvedAt: moment(k.SolvedAt), ClosedAt: moment(k.ClosedAt)}
	if err := r.mailbox(ctx, k.Mailbox, &w); err != nil {
		return w, err
	}
	if err := r.links(ctx, k, &w); err != nil {
		return w, err
	}
	conversations, err := r.tx.Conversations(ctx, r.by.Agent, k.ID)
	if err != nil {
		return w, err
	}
	if w.Conversations, err = r.conversations(ctx, conversations); err != nil {
		return w, err
	}
	w.Seq, err = r.seq(ctx)
	return w, err
}

// mailbox fills in where answers leave from. A ticket may outlive its mailbox.
func (r *reader) mailbox(ctx context.Context, id desk.AccountID, w *wire.Ticket) error {
	a, err := r.tx.Account(ctx, id)
	if desk.FaultOf(err) == desk.NotFound {
		return nil
	}
	w.MailboxName, w.MailboxEmail = a.Name, a.Address
	return err
}

// links fills in which tickets this one follows and is followed by.
func (r *reader) links(ctx context.Context, k desk.Ticket, w *wire.Ticket) error {
	w.FollowedBy = []wire.TicketLink{}
	later, err := r.tx.FollowUps(ctx, k.ID)
	if err != nil {
		return err
	}
	for _, l := range later {
		w.FollowedBy = append(w.FollowedBy, link(l))
	}
	if k.Follows == "" {
		return nil
	}
	before, err := r.tx.Ticket(ctx, k.Follows)
	if err != nil {
		return err
	}
	l := link(before)
	w.Follows = &l
	return nil
}

func link(k desk.Ticket) wire.TicketLink {
	return wire.TicketLink{Number: k.Number, Subject: k.Subject, Status: string(k.Status)}
}

type ticketPatch struct {
	ByNumber
	Body wire.TicketPatch
}

func (s *server) changeTicket(ctx context.Context, in *ticketPatch) (*body[wire.Ticket], error) {
	k, err := s.ticketByNumber(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	p := in.Body
	_, err = s.Actions.Change(ctx, actor(ctx), k.ID, actions.TicketChange{Version: p.Version, Status: word[desk.Status](p.Status),
		Assignee: word[desk.AgentID](p.Assignee), Priority: word[desk.Priority](p.Priority), Subject: p.Subject, Tags: p.Tags,
		Attended: p.Attended})
	if err != nil {
		return nil, s.withCurrent(ctx, err, in.Number)
	}
	return s.showTicket(ctx, in.Number)
}

// withCurrent adds to a conflict what the ticket is now (ruling 20).
func (s *server) withCurrent(ctx context.Context, err error, number int64) error {
	if desk.FaultOf(err) != desk.Conflict {
		return err
	}
	now, readErr := s.showTicket(ctx, number)
	if readErr != nil {
		return readErr
	}
	f := s.problem(ctx, err)
	f.Ticket = &now.Body
	return f
}

func (s *server) ticketByNumber(ctx context.Context, number int64) (k desk.Ticket, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		k, err = tx.TicketByNumber(ctx, number)
		return err
	})
	return k, err
}

type timelineQuery struct {
	ByNumber
	List
}

func (s *server) listTimeline(ctx context.Context, in *timelineQuery) (*body[wire.Timeline], error) {
	var after store.TimelineAfter
	if err := resume(in.After, &after); err != nil {
		return nil, err
	}
	out := body[wire.Timeline]{Body: wire.Timeline{Events: []wire.Event{}}}
	return &out, s.read(ctx, func(r *reader) error {
		k, err := r.tx.TicketByNumber(ctx, in.Number)
		if err != nil {
			return err
		}
		events, err := r.tx.Timeline(ctx, k.ID, after, in.Limit+1)
		if err != nil {
			return err
		}
		events, more := page(events, in.Limit)
		if more {
			last := events[len(events)-1]
			out.Body.Next = next(store.TimelineAfter{OccurredAt: last.OccurredAt.UnixMilli(), Seq: last.Seq})
		}
		if out.Body.Events, err = r.events(ctx, events); err != nil {
			return err
		}
		out.Body.Seq, err = r.seq(ctx)
		return err
	})
}

func (s *server) listAttachments(ctx context.Context, in *ByNumber) (*body[wire.AttachmentList], error) {
	var out body[wire.AttachmentList]
	return &out, s.read(ctx, func(r *reader) error {
		k, err := r.tx.TicketByNumber(ctx, in.Number)
		if err != nil {
			return err
		}
		files, err := r.tx.TicketAttachments(ctx, k.ID)
		out.Body.Attachments = attachments(files)
		return err
	})
}

type newSide struct {
	ByNumber
	Body wire.NewSideConversation
}

func (s *server) startSide(ctx context.Context, in *newSide) (*body[wire.Conversation], error) {
	k, err := s.ticketByNumber(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	n := in.Body
	c, err := s.Actions.StartSide(ctx, actor(ctx), k.ID, actions.NewSide{
		ID: desk.ConversationID(n.ID), Message: desk.MessageID(cmp.Or(n.Message, n.ID+"-1")), Channel: desk.Channel(n.Channel),
		To: people(n.To), Cc: people(n.Cc), Bcc: people(n.Bcc), Subject: n.Subject, HTML: n.HTML,
		Attachments: ids[desk.AttachmentID](n.Attachments), Comments: ids[desk.MessageID](n.Comments),
		NotesConfirmed: n.NotesConfirmed})
	if err != nil {
		return nil, err
	}
	return s.showConversation(ctx, c.ID)
}

// ids gives untyped ids their type.
func ids[T ~string](list []string) []T {
	typed := make([]T, len(list))
	for i, id := range list {
		typed[i] = T(id)
	}
	return typed
}

func word[T ~string](s *string) *T {
	if s == nil {
		return nil
	}
	t := T(*s)
	return &t
}

func typed(p wire.Person) desk.Address { return desk.Address{Name: p.Name, Email: p.Email} }

func people(list []wire.Person) []desk.Address {
	all := make([]desk.Address, len(list))
	for i, p := range list {
		all[i] = typed(p)
	}
	return all
}
