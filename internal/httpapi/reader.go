package httpapi

import (
	"cmp"
	"context"
	"time"

	"aparte/internal/auth"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/wire"
)

// reader is one look at the desk by one actor: it turns the desk's words into
// the wire's, and leaves out what the actor may not see.
type reader struct {
	tx      *store.Tx
	by      desk.Actor
	agents  map[desk.AgentID]desk.Agent
	numbers map[desk.TicketID]int64
}

// read lets f look at the desk as the caller may see it.
func (s *server) read(ctx context.Context, f func(*reader) error) error {
	by, ok := auth.ActorOf(ctx)
	if !ok {
		return loginNeeded
	}
	return s.Store.View(ctx, func(tx *store.Tx) error {
		list, err := tx.Agents(ctx)
		if err != nil {
			return err
		}
		r := &reader{tx: tx, by: by, agents: make(map[desk.AgentID]desk.Agent, len(list)), numbers: map[desk.TicketID]int64{}}
		for _, a := range list {
			r.agents[a.ID] = a
		}
		return f(r)
	})
}

// actor is who the request is from; the door has seen to it that there is one.
func actor(ctx context.Context) desk.Actor {
	by, _ := auth.ActorOf(ctx)
	return by
}

// number tells the number of a ticket; 0 where there is none.
func (r *reader) number(ctx context.Context, id desk.TicketID) (int64, error) {
	if id == "" {
		return 0, nil
	}
	if n, known := r.numbers[id]; known {
		return n, nil
	}
	k, err := r.tx.Ticket(ctx, id)
	if err != nil {
		return 0, err
	}
	r.numbers[id] = k.Number
	return k.Number, nil
}

func (r *reader) agent(id desk.AgentID) *wire.AgentRef {
	if id == "" {
		return nil
	}
	return &wire.AgentRef{ID: string(id), Name: r.agents[id].Name}
}

func (r *reader) row(k store.TicketRow) wire.TicketRow {
	return wire.TicketRow{
		ID: string(k.ID), Number: k.Number, Subject: k.Subject, Status: string(k.Status), Priority: string(k.Priority),
		Requester: contact(k.Who), Assignee: r.agent(k.Assignee), Tags: words(k.Tags), Preview: k.Preview, Unread: k.Unread,
		SidesOpen: k.SidesOpen, SidesOurs: k.SidesOurs, SidesUnread: k.SidesUnread, Attention: k.NeedsAttention(),
		CreatedAt: k.CreatedAt, UpdatedAt: k.UpdatedAt, Version: k.Version,
	}
}

func contact(c desk.Contact) wire.Contact {
	return wire.Contact{ID: string(c.ID), Name: c.Name, Email: c.Email, Partner: c.Partner}
}

// words keeps an empty list from becoming null.
func words(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// conversations turns rows into the wire's form, with their participants.
func (r *reader) conversations(ctx context.Context, rows []store.ConversationRow) ([]wire.Conversation, error) {
	ids := make([]desk.ConversationID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	people, err := r.tx.ParticipantsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	customers := map[desk.TicketID]string{}
	list := make([]wire.Conversation, len(rows))
	for i, row := range rows {
		list[i] = r.conversation(row)
		who, err := r.customer(ctx, row.Home, customers)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if p.Conversation == row.ID && r.seesParticipant(p) {
				list[i].Participants = append(list[i].Participants, wire.Participant{Name: p.Address.Name, Email: p.Address.Email,
					Class: string(p.Class), Confirmed: p.Confirmed, Customer: p.Address.Key() == who})
			}
		}
	}
	return list, nil
}

// seesParticipant hides who is in Bcc. Their sender sees them on the message
// itself, and admins everywhere (E6).
func (r *reader) seesParticipant(p desk.Participant) bool {
	return p.Class != desk.Bcc || r.by.May(desk.AdminRight)
}

// customer is the address of a ticket's requester.
func (r *reader) customer(ctx context.Context, id desk.TicketID, known map[desk.TicketID]string) (string, error) {
	if key, ok := known[id]; ok {
		return key, nil
	}
	k, err := r.tx.Ticket(ctx, id)
	if err != nil {
		return "", err
	}
	c, err := r.tx.Contact(ctx, k.Requester)
	if err != nil {
		return "", err
	}
	known[id] = desk.Address{Email: c.Email}.Key()
	return known[id], nil
}

func (r *reader) conversation(c store.ConversationRow) wire.Conversation {
	return wire.Conversation{
		ID: string(c.ID), Ticket: c.Number, TicketTitle: c.Ticket, Subject: c.Subject, Kind: string(c.Side),
		Channel: string(c.Channel), State: string(c.State), Turn: cmp.Or(string(c.Turn), "nobody"), Unread: c.Unread,
		ReadTo: int64(c.ReadTo), LastSeq: int64(c.LastSeq), Moved: c.Moved, Starter: r.agent(c.Starter),
		Participants: []wire.Participant{}, Preview: c.Preview, LastAuthor: c.Author, LastWay: string(c.Way), LastAt: c.LastAt,
		Messages: c.Messages, CreatedAt: c.CreatedAt, DoneAt: moment(c.DoneAt), Version: c.Version,
	}
}

// messages turns messages into the wire's form, with their words.
func (r *reader) messages(ctx context.Context, ms []desk.Message) ([]wire.Message, error) {
	ids := make([]desk.MessageID, len(ms))
	for i := range ms {
		ids[i] = ms[i].ID
	}
	deliveries, err := r.tx.DeliveriesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]wire.Message, len(ms))
	for i, m := range ms {
		b, err := r.tx.Body(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		list[i] = r.message(m, b)
		if d, sent := deliveries[m.ID]; sent {
			list[i].Delivery = delivery(d, r.seesBcc(m))
		}
	}
	return list, nil
}

// seesBcc: the sender and admins see who else got a message (E6).
func (r *reader) seesBcc(m desk.Message) bool {
	return r.by.May(desk.AdminRight) || m.Agent != "" && m.Agent == r.by.Agent
}

func (r *reader) message(m desk.Message, b desk.Body) wire.Message {
	w := wire.Message{
		ID: string(m.ID), Conversation: string(m.Conversation), Direction: string(m.Direction), Seq: int64(m.Seq),
		OccurredAt: m.OccurredAt, Author: person(m.Author), Agent: r.agent(m.Agent), Subject: m.Subject, Preview: m.Preview,
		HTML: b.HTML, Text: b.Text, HasQuoted: b.Quoted != "", Grade: string(m.Grade), Automatic: !m.Human,
		Flags: words(m.Flags), Reasons: words(m.Reasons), Problems: words(m.Problems),
		To: []wire.Person{}, Cc: []wire.Person{}, Bcc: []wire.Person{},
		Attachments: attachments(m.Attachments), Original: m.Raw != "",
	}
	lines := map[desk.Class]*[]wire.Person{desk.To: &w.To, desk.Cc: &w.Cc, desk.Bcc: &w.Bcc}
	for _, p := range m.Recipients {
		line, known := lines[p.Class]
		if known && (p.Class != desk.Bcc || r.seesBcc(m)) {
			*line = append(*line, person(p.Address))
		}
	}
	return w
}

func person(a desk.Address) wire.Person { return wire.Person{Name: a.Name, Email: a.Email} }

func attachments(files []desk.Attachment) []wire.Attachment {
	list := make([]wire.Attachment, len(files))
	for i, f := range files {
		list[i] = attachment(f)
	}
	return list
}

func attachment(f desk.Attachment) wire.Attachment {
	return wire.Attachment{ID: string(f.ID), Name: f.Name, Type: f.Type, Size: f.Size, Inline: f.Inline}
}

func delivery(d desk.Delivery, bcc bool) *wire.Delivery {
	w := wire.Delivery{ID: string(d.ID), State: string(d.State), DueAt: d.DueAt, Recipients: []wire.DeliveryRecipient{}}
	for _, p := range d.Recipients {
		if p.Class == desk.Bcc && !bcc {
			continue
		}
		w.Recipients = append(w.Recipients, wire.DeliveryRecipient{Person: person(p.Address), Class: string(p.Class),
			State: string(p.State), Text: p.Text})
	}
	return &w
}
