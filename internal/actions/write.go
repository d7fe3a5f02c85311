package actions

import (
	"context"
	"strings"
	"time"

	"aparte/internal/desk"
	"aparte/internal/richtext"
	"aparte/internal/store"
)

// Draft is a message to people outside, as its composer made it.
type Draft struct {
	ID          desk.MessageID // made by the writer: the same id is written once
	To, Cc, Bcc []desk.Address // all empty: the confirmed participants
	HTML        string
	Attachments []desk.AttachmentID
	Comments    []desk.MessageID // messages of the ticket to quote
	// NotesConfirmed says that internal notes among Comments, and files of notes, may leave.
	NotesConfirmed bool
	SeenUpTo       desk.Seq    // the newest event the writer had read; 0 if unknown
	Anyway         bool        // send although something newer came
	Status         desk.Status // the ticket's new status; empty for the usual one
}

// Write says something in a conversation to the people outside. It leaves
// after the desk's undo time; until then it can be recalled.
func (a *Actions) Write(ctx context.Context, by desk.Actor, c desk.ConversationID, d Draft) (m desk.Message, err error) {
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		r, err := enter(ctx, tx, by, c)
		if err != nil {
			return err
		}
		if m, err = r.once(ctx, d.ID, d.HTML); desk.FaultOf(err) != desk.NotFound {
			return err
		}
		if err := r.mayWrite(ctx, d); err != nil {
			return err
		}
		if m, err = r.say(ctx, d); err != nil {
			return err
		}
		return r.status(ctx, d.Status)
	})
	return m, err
}

// room is a conversation with all that a verb in it needs to know.
type room struct {
	tx       *store.Tx
	by       desk.Actor
	talk     desk.Conversation
	ticket   desk.Ticket
	settings desk.Settings
}

func enter(ctx context.Context, tx *store.Tx, by desk.Actor, id desk.ConversationID) (*room, error) {
	r := &room{tx: tx, by: by}
	var err error
	if r.talk, err = tx.Conversation(ctx, id); err != nil {
		return nil, err
	}
	if err := need(by, writeRight(r.talk.Side)); err != nil {
		return nil, err
	}
	if r.ticket, err = tx.Ticket(ctx, r.talk.Home); err != nil {
		return nil, err
	}
	r.settings, err = tx.Settings(ctx)
	return r, err
}

// once finds a message that was asked for before. The same id for something
// else, or for other words, is a conflict: to take it for the same would lose
// them. A new id is NotFound.
func (r *room) once(ctx context.Context, id desk.MessageID, html string) (desk.Message, error) {
	if id == "" {
		return desk.Message{}, desk.Refuse("id", "id_missing", "the message has no id", "Make one before sending, so that asking twice sends once.")
	}
	m, err := r.tx.Message(ctx, id)
	if err != nil {
		return m, err
	}
	stored, err := r.tx.Body(ctx, id)
	if err != nil {
		return m, err
	}
	words, _ := inlined(html)
	clean, _ := richtext.FromEditor(scrub(words))
	same := stored.HTML == clean || strings.HasPrefix(stored.HTML, clean+"<blockquote>") // comments stand behind the words
	if !same || m.Conversation != r.talk.ID || m.Agent != r.by.Agent {
		return m, idTaken("message")
	}
	return m, nil
}

// idTaken refuses an id that was given to something else before.
func idTaken(what string) error {
	return &desk.Error{Fault: desk.Conflict, Code: "id_taken", Field: "id", Msg: "this id belongs to another " + what, Hint: "Make a new one."}
}

func (r *room) mayWrite(ctx context.Context, d Draft) error {
	switch {
	case r.talk.Side == desk.CustomerSide && r.ticket.Status == desk.Closed:
		return &desk.Error{Fault: desk.Conflict, Code: "ticket_closed", Msg: "this ticket is closed, and its customer thread can only be read",
			Hint: "Open a new ticket for the customer."}
	case r.talk.Side == desk.PartnerSide && !r.settings.MailSides:
		return sidesOff()
	case d.SeenUpTo > 0 && !d.Anyway:
		return r.nothingNewer(ctx, d.SeenUpTo)
	}
	return nil
}

func sidesOff() error {
	return &desk.Error{Fault: desk.Forbidden, Code: "side_conversations_off", Msg: "side conversations by e-mail are switched off",
		Hint: "An admin can switch them on in the settings."}
}

// lookBack is how many messages are looked at for something newer.
const lookBack = 50

// nothingNewer keeps a reply from going out over a message that its writer has
// not seen (T11).
func (r *room) nothingNewer(ctx context.Context, seen desk.Seq) error {
	latest, err := r.tx.Messages(ctx, r.talk.ID, store.Page{Limit: lookBack})
	if err != nil {
		return err
	}
	for _, m := range latest {
		if m.Seq > seen && m.Human && m.Direction != desk.Note && (m.Agent == "" || m.Agent != r.by.Agent) {
			return &desk.Error{Fault: desk.Conflict, Code: "newer_message", Msg: "something newer was said while you were writing",
				Hint: "Read it, and send again if your words still hold."}
		}
	}
	return nil
}

// say is the one way to people outside. Mailbox, thread and secrets are the
// conversation's own: nothing of the ticket's other conversations comes in but
// what the agent chose to quote or attach.
func (r *room) say(ctx context.Context, d Draft) (desk.Message, error) {
	people, err := r.recipients(ctx, d)
	if err != nil {
		return desk.Message{}, err
	}
	m, words, err := r.compose(ctx, d)
	if err != nil {
		return m, err
	}
	account, err := r.tx.Account(ctx, r.talk.Account)
	if err != nil {
		return m, err
	}
	m.Author, m.Recipients = desk.Address{Name: r.by.Name, Email: account.Address}, people
	out := desk.Delivery{ID: desk.DeliveryID(desk.NewID()), Message: m.ID, Conversation: r.talk.ID, Account: account.ID,
		DueAt: r.tx.Now().Add(time.Duration(r.settings.UndoSeconds) * time.Second), EnvelopeTag: desk.RandomText(envelopeTag)}
	for _, p := range people {
		out.Recipients = append(out.Recipients, desk.Progressing{Recipient: p, State: desk.Queued})
	}
	if m, err = r.keep(ctx, m, words, desk.MessageWritten{Message: m.ID, Delivery: out.ID, Attends: r.ticket.NeedsAttention()}); err != nil {
		return m, err
	}
	if err := r.welcome(ctx, people); err != nil {
		return m, err
	}
	if err := r.tx.Enqueue(ctx, out); err != nil {
		return m, err
	}
	return m, r.tx.DropDraft(ctx, r.by.Agent, "conversation:"+string(r.talk.ID))
}

// envelopeTag is the secret of a bounce address in characters: 100 random bits.
const envelopeTag = 20

// compose makes the message of a draft: clean words, quoted comments, files.
func (r *room) compose(ctx context.Context, d Draft) (desk.Message, desk.Body, error) {
	html, pictures := inlined(d.HTML)
	quotes, err := r.quotes(ctx, d)
	if err != nil {
		return desk.Message{}, desk.Body{}, err
	}
	clean, text := richtext.FromEditor(scrub(html + quotes))
	files, err := r.files(ctx, d, pictures)
	if err != nil {
		return desk.Message{}, desk.Body{}, err
	}
	if strings.TrimSpace(text) == "" && len(files) == 0 {
		return desk.Message{}, desk.Body{}, desk.Refuse("html", "text_missing", "the message is empty", "Write something, or attach a file.")
	}
	return desk.Message{ID: d.ID, Conversation: r.talk.ID, Direction: desk.Out, OccurredAt: r.tx.Now(), Agent: r.by.Agent,
		Author: desk.Address{Name: r.by.Name}, Subject: r.talk.Subject, Preview: desk.OneLine(text, previewRunes), Human: true,
		Attachments: files}, desk.Body{HTML: clean, Text: text}, nil
}

const previewRunes = 200

// keep appends the event of a message and stores the message at its place.
func (r *room) keep(ctx context.Context, m desk.Message, words desk.Body, f desk.Facts) (desk.Message, error) {
	e, _, err := r.tx.Append(ctx, desk.Event{ID: desk.EventID("said-" + m.ID), Ticket: r.ticket.ID, Conversation: r.talk.ID, By: r.by, Facts: f})
	if err != nil {
		return m, err
	}
	m.Seq = e.Seq
	if err := r.tx.AddMessage(ctx, m, words); err != nil {
		return m, err
	}
	return m, r.tx.MarkRead(ctx, r.by.Agent, r.talk.ID, e.Seq)
}

// status sets what the writer chose; the first answer to a new ticket opens it.
func (r *room) status(ctx context.Context, chosen desk.Status) error {
	if chosen == "" && r.ticket.Status == desk.New && r.talk.Side == desk.CustomerSide {
		chosen = desk.Open
	}
	if chosen == "" || chosen == r.ticket.Status {
		return nil
	}
	return moveStatus(ctx, r.tx, r.by, r.ticket, chosen)
}

// NoteDraft is an internal note.
type NoteDraft struct {
	ID          desk.MessageID
	HTML        string
	Attachments []desk.AttachmentID
}

// Note adds words for agents alone. They never leave the desk.
func (a *Actions) Note(ctx context.Context, by desk.Actor, c desk.ConversationID, n NoteDraft) (m desk.Message, err error) {
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		r, err := enter(ctx, tx, by, c)
		if err != nil {
			return err
		}
		if m, err = r.once(ctx, n.ID, n.HTML); desk.FaultOf(err) != desk.NotFound {
			return err
		}
		m, err = r.note(ctx, n)
		return err
	})
	return m, err
}

func (r *room) note(ctx context.Context, n NoteDraft) (desk.Message, error) {
	m, words, err := r.compose(ctx, Draft{ID: n.ID, HTML: n.HTML, Attachments: n.Attachments, NotesConfirmed: true})
	if err != nil {
		return m, err
	}
	m.Direction = desk.Note
	if m, err = r.keep(ctx, m, words, desk.NoteAdded{Message: m.ID}); err != nil {
		return m, err
	}
	return m, r.tx.DropDraft(ctx, r.by.Agent, "note:"+string(r.talk.ID))
}
