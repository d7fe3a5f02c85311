package store

import (
	"context"
	"fmt"
	"time"

	"aparte/internal/desk"
)

const messageColumns = `m.id, m.conversation, m.direction, m.seq, m.occurred_at, m.stored_at, m.author_name, m.author_email,
	m.agent, m.contact, m.subject, m.preview, m.grade, m.human, m.flags, m.reasons, m.problems, m.external_id,
	m.in_reply_to, m.raw, m.core_sum, m.moved`

func scanMessage(r scanner) (desk.Message, error) {
	var m desk.Message
	err := r.Scan(&m.ID, &m.Conversation, &m.Direction, &m.Seq, stamp{&m.OccurredAt}, stamp{&m.StoredAt},
		&m.Author.Name, &m.Author.Email, &m.Agent, &m.Contact, &m.Subject, &m.Preview, &m.Grade, boolean{&m.Human},
		texts{&m.Flags}, texts{&m.Reasons}, texts{&m.Problems}, &m.ExternalID, &m.InReplyTo, &m.Raw, &m.CoreSum, &m.Moved)
	if missing(err) {
		err = desk.Missing("message")
	}
	return m, err
}

// Message finds a message with its recipients and attachments.
func (t *Tx) Message(ctx context.Context, id desk.MessageID) (desk.Message, error) {
	m, err := scanMessage(t.row(ctx, `SELECT `+messageColumns+` FROM message m WHERE m.id = $1`, id))
	if err != nil {
		return m, err
	}
	one := []desk.Message{m}
	err = t.complete(ctx, one)
	return one[0], err
}

// Page asks for part of a conversation's messages. At most one of Before,
// After and Around is set; none asks for the newest.
type Page struct {
	Before desk.Seq // messages older than this one's
	After  desk.Seq // messages newer than this one's
	Around desk.Seq // this one, as many older ones as fit half a page, and newer ones
	Limit  int
}

// Messages lists a page of a conversation's messages, oldest first.
func (t *Tx) Messages(ctx context.Context, c desk.ConversationID, p Page) ([]desk.Message, error) {
	list, err := t.messagePage(ctx, c, p)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return list, t.complete(ctx, list)
}

func (t *Tx) messagePage(ctx context.Context, c desk.ConversationID, p Page) ([]desk.Message, error) {
	switch {
	case p.Around > 0:
		older, err := t.messagesBefore(ctx, c, p.Around, p.Limit/2)
		if err != nil {
			return nil, err
		}
		rest, err := t.messagesAfter(ctx, c, ">=", p.Around, p.Limit-len(older))
		return append(older, rest...), err
	case p.After > 0:
		return t.messagesAfter(ctx, c, ">", p.After, p.Limit)
	case p.Before > 0:
		return t.messagesBefore(ctx, c, p.Before, p.Limit)
	}
	return t.messagesBefore(ctx, c, 0, p.Limit)
}

// messagesAfter lists the first messages from an event on: ">=" with the
// event's own, ">" without.
func (t *Tx) messagesAfter(ctx context.Context, c desk.ConversationID, from string, seq desk.Seq, limit int) ([]desk.Message, error) {
	return collect(ctx, t, scanMessage, `SELECT `+messageColumns+` FROM message m
		WHERE m.conversation = $1 AND (m.occurred_at, m.seq) `+from+`
		  (SELECT x.occurred_at, x.seq FROM event x WHERE x.seq = $2)
		ORDER BY m.occurred_at, m.seq LIMIT $3`, c, int64(seq), limit)
}

// messagesBefore lists the last messages before an event, or the newest where
// seq is 0.
func (t *Tx) messagesBefore(ctx context.Context, c desk.ConversationID, seq desk.Seq, limit int) ([]desk.Message, error) {
	before, args := "", []any{c, limit}
	if seq > 0 {
		before = `AND (m.occurred_at, m.seq) < (SELECT x.occurred_at, x.seq FROM event x WHERE x.seq = $3)`
		args = append(args, int64(seq))
	}
	return collect(ctx, t, scanMessage, `SELECT * FROM (SELECT `+messageColumns+` FROM message m
		WHERE m.conversation = $1 `+before+` ORDER BY m.occurred_at DESC, m.seq DESC LIMIT $2) AS m
		ORDER BY m.occurred_at, m.seq`, args...)
}

// complete adds recipients and attachments to messages.
func (t *Tx) complete(ctx context.Context, ms []desk.Message) error {
	if len(ms) == 0 {
		return nil
	}
	at := make(map[desk.MessageID]*desk.Message, len(ms))
	ids := make([]any, len(ms))
	for i := range ms {
		at[ms[i].ID], ids[i] = &ms[i], ms[i].ID
	}
	in := `(` + placeholders(1, len(ids)) + `)`
	people, err := collect(ctx, t, scanAddressed, `SELECT message, class, name, email FROM message_recipient
		WHERE message IN `+in+` ORDER BY message, position`, ids...)
	if err != nil {
		return fmt.Errorf("list recipients: %w", err)
	}
	for _, p := range people {
		at[p.message].Recipients = append(at[p.message].Recipients, p.Recipient)
	}
	files, err := collect(ctx, t, scanAttachment, `SELECT `+attachmentColumns+` FROM attachment f
		WHERE f.message IN `+in+` ORDER BY f.message, f.position`, ids...)
	for _, f := range files {
		at[f.Message].Attachments = append(at[f.Message].Attachments, f)
	}
	return err
}

type addressed struct {
	message desk.MessageID
	desk.Recipient
}

func scanAddressed(r scanner) (addressed, error) {
	var a addressed
	err := r.Scan(&a.message, &a.Class, &a.Name, &a.Email)
	return a, err
}

// Body finds a message's words.
func (t *Tx) Body(ctx context.Context, id desk.MessageID) (desk.Body, error) {
	var b desk.Body
	err := t.row(ctx, `SELECT html, quoted, plain FROM message_body WHERE message = $1`, id).
		Scan(&b.HTML, &b.Quoted, &b.Text)
	if missing(err) {
		err = desk.Missing("message")
	}
	return b, err
}

// Bodies finds the words of several messages at once.
func (t *Tx) Bodies(ctx context.Context, ids []desk.MessageID) (map[desk.MessageID]desk.Body, error) {
	found := make(map[desk.MessageID]desk.Body, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	_, err := collect(ctx, t, func(r scanner) (desk.MessageID, error) {
		var id desk.MessageID
		var b desk.Body
		err := r.Scan(&id, &b.HTML, &b.Quoted, &b.Text)
		found[id] = b
		return id, err
	}, `SELECT message, html, quoted, plain FROM message_body WHERE message IN (`+placeholders(1, len(ids))+`)`, args...)
	return found, err
}

// AddMessage stores a message with its words, recipients and attachments.
func (t *Tx) AddMessage(ctx context.Context, m desk.Message, b desk.Body) error {
	if m.StoredAt.IsZero() {
		m.StoredAt = t.at
	}
	err := t.exec(ctx, `INSERT INTO message
		(id, conversation, direction, seq, occurred_at, stored_at, author_name, author_email, agent, contact, subject,
		 preview, grade, human, flags, reasons, problems, external_id, in_reply_to, raw, core_sum, moved)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		m.ID, m.Conversation, m.Direction, int64(m.Seq), ms(m.OccurredAt), ms(m.StoredAt), m.Author.Name, m.Author.Email,
		m.Agent, m.Contact, m.Subject, m.Preview, m.Grade, flag(m.Human), list(m.Flags), list(m.Reasons), list(m.Problems),
		m.ExternalID, m.InReplyTo, m.Raw, m.CoreSum, m.Moved)
	if err != nil {
		return fmt.Errorf("add message: %w", err)
	}
	if err := t.exec(ctx, `INSERT INTO message_body (message, html, quoted, plain) VALUES ($1, $2, $3, $4)`,
		m.ID, b.HTML, b.Quoted, b.Text); err != nil {
		return fmt.Errorf("add message body: %w", err)
	}
	return t.addParts(ctx, m)
}

func (t *Tx) addParts(ctx context.Context, m desk.Message) error {
	for i, r := range m.Recipients {
		if err := t.exec(ctx, `INSERT INTO message_recipient (message, position, class, name, email, email_key)
			VALUES ($1, $2, $3, $4, $5, $6)`, m.ID, i, r.Class, r.Name, r.Email, r.Key()); err != nil {
			return fmt.Errorf("add recipient: %w", err)
		}
	}
	for i, f := range m.Attachments {
		f.Message = m.ID
		if err := t.saveAttachment(ctx, f, i); err != nil {
			return err
		}
	}
	return nil
}

// PlaceMessage puts a message into a conversation, at an event's place.
func (t *Tx) PlaceMessage(ctx context.Context, id desk.MessageID, c desk.ConversationID, seq desk.Seq) error {
	return t.changedOne(ctx, "place message", `UPDATE message SET
		moved = CASE WHEN conversation <> $2 THEN conversation ELSE moved END, conversation = $2, seq = $3
		WHERE id = $1`, id, c, int64(seq))
}

// MessageByCore finds a stored inbound message with the same content.
func (t *Tx) MessageByCore(ctx context.Context, core string) (desk.Message, error) {
	return scanMessage(t.row(ctx, `SELECT `+messageColumns+` FROM message m
		WHERE m.core_sum = $1 AND m.core_sum <> '' AND m.direction = 'in' ORDER BY m.stored_at, m.id LIMIT 1`, core))
}

const attachmentColumns = `f.id, f.message, f.name, f.type, f.size, f.sum, f.content_id, f.inline_part, f.owner, f.created_at`

func scanAttachment(r scanner) (desk.Attachment, error) {
	var f desk.Attachment
	err := r.Scan(&f.ID, &f.Message, &f.Name, &f.Type, &f.Size, &f.Sum, &f.ContentID, boolean{&f.Inline}, &f.Owner, stamp{&f.CreatedAt})
	if missing(err) {
		err = desk.Missing("attachment")
	}
	return f, err
}

// Attachment finds a file by its id.
func (t *Tx) Attachment(ctx context.Context, id desk.AttachmentID) (desk.Attachment, error) {
	return scanAttachment(t.row(ctx, `SELECT `+attachmentColumns+` FROM attachment f WHERE f.id = $1`, id))
}

// TicketAttachments lists every file on a ticket, of either kind of
// conversation, newest first.
func (t *Tx) TicketAttachments(ctx context.Context, ticket desk.TicketID) ([]desk.Attachment, error) {
	return collect(ctx, t, scanAttachment, `SELECT `+attachmentColumns+` FROM attachment f
		JOIN message m ON m.id = f.message JOIN conversation c ON c.id = m.conversation
		WHERE c.home = $1 ORDER BY m.occurred_at DESC, f.position`, ticket)
}

func (t *Tx) saveAttachment(ctx context.Context, f desk.Attachment, position int) error {
	err := t.exec(ctx, `INSERT INTO attachment
		(id, message, position, name, type, size, sum, content_id, inline_part, owner, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET message = $2, position = $3, size = $6, sum = $7, content_id = $8, inline_part = $9`,
		f.ID, f.Message, position, f.Name, f.Type, f.Size, f.Sum, f.ContentID, flag(f.Inline), f.Owner, ms(t.at))
	if err != nil {
		return fmt.Errorf("save attachment: %w", err)
	}
	return nil
}

// SaveUpload keeps an uploaded file's row until a message takes it.
func (t *Tx) SaveUpload(ctx context.Context, f desk.Attachment) error {
	return t.saveAttachment(ctx, f, 0)
}

// Refer remembers an id by which mail may name a conversation.
func (t *Tx) Refer(ctx context.Context, externalID string, c desk.ConversationID, m desk.MessageID, ours bool) error {
	if externalID == "" {
		return nil
	}
	err := t.exec(ctx, `INSERT INTO reference (external_id, conversation, message, ours) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, externalID, c, m, flag(ours))
	if err != nil {
		return fmt.Errorf("remember reference: %w", err)
	}
	return nil
}

// Cited tells when the latest of the messages was said that go by these ids in
// a conversation; zero if none does.
func (t *Tx) Cited(ctx context.Context, c desk.ConversationID, externalIDs []string) (time.Time, error) {
	var at time.Time
	if len(externalIDs) == 0 {
		return at, nil
	}
	args := []any{c}
	for _, id := range externalIDs {
		args = append(args, id)
	}
	err := t.q.QueryRowContext(ctx, `SELECT COALESCE(MAX(m.occurred_at), 0) FROM reference r JOIN message m ON m.id = r.message
		WHERE r.conversation = $1 AND r.external_id IN (`+placeholders(2, len(externalIDs))+`)`, args...).Scan(stamp{&at})
	return at, err
}

// References lists the external ids of a conversation's last messages, oldest
// first, for the References header of the next one. One query and one
// conversation: an id of the other side cannot come in (L3).
func (t *Tx) References(ctx context.Context, c desk.ConversationID, limit int) ([]string, error) {
	return collect(ctx, t, func(r scanner) (id string, err error) { return id, r.Scan(&id) },
		`SELECT external_id FROM (SELECT m.external_id, m.occurred_at, m.seq FROM message m
			LEFT JOIN delivery d ON d.message = m.id
			WHERE m.conversation = $1 AND m.external_id <> '' AND m.direction <> 'note'
			  AND (m.direction = 'in' OR d.state <> 'recalled')
			ORDER BY m.occurred_at DESC, m.seq DESC LIMIT $2) AS last
		ORDER BY occurred_at, seq`, c, limit)
}
