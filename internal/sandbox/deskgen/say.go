package deskgen

import (
	"html"
	"strings"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// hear lets somebody outside say something.
func (l *life) hear(tx *store.Tx, c *talk, greeting string, from []string, attention bool) error {
	m := l.message(c, desk.In)
	m.Author, m.Grade, m.Reasons = c.with.Address, desk.Verified, []string{"token"}
	m.Recipients = []desk.Recipient{{Address: desk.Address{Name: l.box.Name, Email: l.box.Address}, Class: desk.To}}
	e, err := l.tell(tx, c.with.as(), c.id, desk.MessageReceived{Message: m.ID, Human: true, Grade: m.Grade,
		Reasons: m.Reasons, Attention: attention})
	if err != nil {
		return err
	}
	return l.keep(tx, m, e, l.words(greeting, from, c.with.Name), false)
}

// speak lets the agent write to the other end of a conversation.
func (l *life) speak(tx *store.Tx, c *talk, from []string) error {
	m := l.message(c, desk.Out)
	m.Author, m.Agent = desk.Address{Name: l.agent.Name, Email: l.box.Address}, l.agent.ID
	to := desk.Recipient{Address: c.with.Address, Class: desk.To}
	m.Recipients = []desk.Recipient{to}
	d := desk.Delivery{ID: desk.DeliveryID(l.w.id()), Message: m.ID, Conversation: c.id, Account: l.box.ID,
		DueAt: tx.Now().Add(undo), EnvelopeTag: l.w.text(20), ExternalID: m.ExternalID, Recipients: []desk.Progressing{{Recipient: to}}}
	e, err := l.tell(tx, l.agent.As(), c.id, desk.MessageWritten{Message: m.ID, Delivery: d.ID, Attends: true})
	if err != nil {
		return err
	}
	if err := l.keep(tx, m, e, l.words(l.talk.greeting, from, l.agent.Name), true); err != nil {
		return err
	}
	if err := tx.MarkRead(l.w.ctx, l.agent.ID, c.id, e.Seq); err != nil {
		return err
	}
	return l.send(tx, c, d)
}

// undo is how long a mail may be taken back.
const undo = 10 * time.Second

// send lets the outbox carry a message off; the server refuses a few.
func (l *life) send(tx *store.Tx, c *talk, d desk.Delivery) error {
	if err := tx.Enqueue(l.w.ctx, d); err != nil {
		return err
	}
	d.State, d.Attempts, d.SettledAt = desk.Sent, 1, d.DueAt.Add(time.Second)
	var facts desk.Facts = desk.DeliverySent{Message: d.Message, Delivery: d.ID}
	p := &d.Recipients[0]
	if l.w.rand.IntN(2000) == 0 {
		d.State, p.Code, p.Enhanced, p.Text = desk.Failed, 550, "5.1.1", "no such user here"
		facts = desk.DeliveryFailed{Message: d.Message, Delivery: d.ID, Recipients: []string{p.Email}, Reason: p.Text}
	}
	p.State, p.Attempts, p.At = d.State, 1, d.SettledAt
	if err := tx.SaveDelivery(l.w.ctx, d); err != nil {
		return err
	}
	_, err := l.tell(tx, desk.Machine("outbox"), c.id, facts)
	return err
}

func (l *life) note(tx *store.Tx, c *talk) error {
	m := l.message(c, desk.Note)
	m.Author, m.Agent, m.ExternalID = desk.Address{Name: l.agent.Name, Email: l.agent.Email}, l.agent.ID, ""
	e, err := l.tell(tx, l.agent.As(), c.id, desk.NoteAdded{Message: m.ID})
	if err != nil {
		return err
	}
	return l.keep(tx, m, e, l.fill(pick(l.w, l.talk.notes)), false)
}

func (l *life) message(c *talk, way desk.Direction) desk.Message {
	id := l.w.id()
	return desk.Message{ID: desk.MessageID(id), Conversation: c.id, Direction: way, Subject: "Re: " + c.subject, Human: true,
		ExternalID: id + "@" + c.with.Domain()}
}

func (l *life) keep(tx *store.Tx, m desk.Message, e desk.Event, text string, ours bool) error {
	m.Seq, m.OccurredAt, m.Preview = e.Seq, e.OccurredAt, desk.OneLine(text, 200)
	l.w.said++
	paragraphs := strings.ReplaceAll(html.EscapeString(text), "\n\n", "</p><p>")
	if err := tx.AddMessage(l.w.ctx, m, desk.Body{HTML: "<p>" + paragraphs + "</p>", Text: text}); err != nil {
		return err
	}
	return tx.Refer(l.w.ctx, m.ExternalID, m.Conversation, m.ID, ours)
}

// words makes a mail: a greeting, one to four things to say, and a name.
func (l *life) words(greeting string, from []string, name string) string {
	said := []string{greeting, l.fill(pick(l.w, from))}
	for range l.w.rand.IntN(4) {
		said = append(said, l.fill(pick(l.w, l.talk.more)))
	}
	return strings.Join(append(said, l.talk.regards+"\n"+name), "\n\n")
}

// fill puts an order number, a city, a thing and a day into a sentence.
func (l *life) fill(s string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	return strings.NewReplacer(
		"{order}", l.talk.order+itoa(10000+l.w.rand.IntN(90000)),
		"{city}", pick(l.w, cities),
		"{thing}", pick(l.w, l.talk.things),
		"{day}", pick(l.w, l.talk.days),
	).Replace(s)
}
