package store

import (
	"context"
	"fmt"

	"aparte/internal/desk"
)

const conversationColumns = `c.id, c.home, c.side, c.channel, c.account, c.subject, c.state, c.turn, c.starter, c.token,
	c.thread_key, c.created_at, c.last_at, c.last_seq, c.news_seq, c.last_message, c.messages, c.done_at, c.version`

func conversationFields(c *desk.Conversation) []any {
	return []any{&c.ID, &c.Home, &c.Side, &c.Channel, &c.Account, &c.Subject, &c.State, &c.Turn, &c.Starter, &c.Token,
		&c.ThreadKey, stamp{&c.CreatedAt}, stamp{&c.LastAt}, &c.LastSeq, &c.NewsSeq, &c.Last, &c.Messages,
		stamp{&c.DoneAt}, &c.Version}
}

func scanConversation(r scanner) (desk.Conversation, error) {
	var c desk.Conversation
	err := r.Scan(conversationFields(&c)...)
	if missing(err) {
		err = desk.Missing("conversation")
	}
	return c, err
}

// Conversation finds a conversation by its id.
func (t *Tx) Conversation(ctx context.Context, id desk.ConversationID) (desk.Conversation, error) {
	return scanConversation(t.row(ctx,
		`SELECT `+conversationColumns+` FROM conversation c WHERE c.id = $1`, id))
}

// CustomerThread finds a ticket's customer thread.
func (t *Tx) CustomerThread(ctx context.Context, ticket desk.TicketID) (desk.Conversation, error) {
	return scanConversation(t.row(ctx, `SELECT `+conversationColumns+`
		FROM conversation c WHERE c.home = $1 AND c.side = 'customer'`, ticket))
}

func (t *Tx) saveConversation(ctx context.Context, c desk.Conversation) error {
	return t.changedOne(ctx, "save conversation", `INSERT INTO conversation
		(id, home, side, channel, account, subject, state, turn, starter, token, thread_key,
		 created_at, last_at, last_seq, news_seq, last_message, messages, done_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (id) DO UPDATE SET home = $2, account = $5, subject = $6, state = $7, turn = $8, token = $10,
		 last_at = $13, last_seq = $14, news_seq = $15, last_message = $16, messages = $17, done_at = $18, version = $19`,
		c.ID, c.Home, c.Side, c.Channel, c.Account, c.Subject, c.State, c.Turn, c.Starter, c.Token, c.ThreadKey,
		ms(c.CreatedAt), ms(c.LastAt), int64(c.LastSeq), int64(c.NewsSeq), c.Last, c.Messages, ms(c.DoneAt), c.Version)
}

// ConversationRow is a conversation as lists show it.
type ConversationRow struct {
	desk.Conversation
	Number  int64  // of its home ticket
	Ticket  string // that ticket's subject
	Preview string // of the last message
	Author  string // of the last message
	Way     desk.Direction
	Unread  bool // has news for this agent
	ReadTo  desk.Seq
	Moved   bool // it lives on another ticket now, and is linked here
}

const conversationRow = `SELECT ` + conversationColumns + `, COALESCE(k.number, 0), COALESCE(k.subject, ''),
		COALESCE(m.preview, ''), COALESCE(NULLIF(m.author_name, ''), m.author_email, ''), COALESCE(m.direction, ''),
		c.news_seq > COALESCE(r.seq, a.start_seq, 0), COALESCE(r.seq, a.start_seq, 0)
	FROM conversation c
	LEFT JOIN ticket k ON k.id = c.home
	LEFT JOIN message m ON m.id = c.last_message
	LEFT JOIN agent a ON a.id = $1
	LEFT JOIN read_mark r ON r.conversation = c.id AND r.agent = $1 `

func scanConversationRow(r scanner) (ConversationRow, error) {
	var row ConversationRow
	err := r.Scan(append(conversationFields(&row.Conversation), &row.Number, &row.Ticket, &row.Preview, &row.Author,
		&row.Way, truth{&row.Unread}, &row.ReadTo)...)
	if missing(err) {
		err = desk.Missing("conversation")
	}
	return row, err
}

// ConversationFor finds a conversation as agent sees it.
func (t *Tx) ConversationFor(ctx context.Context, agent desk.AgentID, id desk.ConversationID) (ConversationRow, error) {
	return scanConversationRow(t.row(ctx, conversationRow+`WHERE c.id = $2`, agent, id))
}

// Conversations lists a ticket's conversations as agent sees them: the
// customer thread, then open side conversations, then done ones, newest first;
// those that have moved to a follow-up stand last.
func (t *Tx) Conversations(ctx context.Context, agent desk.AgentID, ticket desk.TicketID) ([]ConversationRow, error) {
	rows, err := collect(ctx, t, scanConversationRow, conversationRow+`
		WHERE c.home = $2 OR c.id IN (SELECT l.conversation FROM conversation_link l WHERE l.ticket = $2)
		ORDER BY c.home <> $2, c.side, c.state = 'done', c.last_at DESC, c.id`, agent, ticket)
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	for i := range rows {
		rows[i].Moved = rows[i].Home != ticket
	}
	return rows, nil
}

// SideQuery asks for side conversations of the whole desk, newest first.
type SideQuery struct {
	For     desk.AgentID
	State   desk.State
	Turn    desk.Turn
	Channel desk.Channel
	Unread  bool
	Since   int64 // last message at or after this many UTC milliseconds
	After   SideAfter
	Limit   int
}

// SideAfter names where a page of side conversations ended.
type SideAfter struct {
	LastAt int64
	ID     desk.ConversationID
}

// Sides lists side conversations of the whole desk.
func (t *Tx) Sides(ctx context.Context, q SideQuery) ([]ConversationRow, error) {
	f := filter{args: []any{q.For}}
	f.add("c.side = 'side'")
	if q.State != "" {
		f.add("c.state = ?", q.State)
	}
	if q.Turn != "" {
		f.add("c.turn = ?", q.Turn)
	}
	if q.Channel != "" {
		f.add("c.channel = ?", q.Channel)
	}
	if q.Unread {
		f.add("c.news_seq > COALESCE(r.seq, a.start_seq, 0)")
	}
	if q.Since > 0 {
		f.add("c.last_at >= ?", q.Since)
	}
	if q.After != (SideAfter{}) {
		f.add("(c.last_at, c.id) < (?, ?)", q.After.LastAt, q.After.ID)
	}
	where := f.where()
	return collect(ctx, t, scanConversationRow, conversationRow+` WHERE `+where+`
		ORDER BY c.last_at DESC, c.id DESC LIMIT $`+itoa(len(f.args)+1), append(f.args, q.Limit)...)
}

// LinkConversation keeps a link on a ticket that a conversation has left.
func (t *Tx) LinkConversation(ctx context.Context, ticket desk.TicketID, c desk.ConversationID) error {
	return t.exec(ctx, `INSERT INTO conversation_link (ticket, conversation) VALUES ($1, $2)
		ON CONFLICT DO NOTHING`, ticket, c)
}

func scanParticipant(r scanner) (desk.Participant, error) {
	var p desk.Participant
	err := r.Scan(&p.Conversation, &p.Address.Name, &p.Address.Email, &p.Class, &p.Contact, boolean{&p.Confirmed}, stamp{&p.AddedAt})
	return p, err
}

// Participants lists who takes part in a conversation, in the order in which they came.
func (t *Tx) Participants(ctx context.Context, c desk.ConversationID) ([]desk.Participant, error) {
	return collect(ctx, t, scanParticipant, `SELECT conversation, name, email, class, contact, confirmed, added_at
		FROM participant WHERE conversation = $1 ORDER BY added_at, class DESC, email_key`, c)
}

// ParticipantsOf lists the participants of several conversations at once.
func (t *Tx) ParticipantsOf(ctx context.Context, ids []desk.ConversationID) ([]desk.Participant, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return collect(ctx, t, scanParticipant, `SELECT conversation, name, email, class, contact, confirmed, added_at
		FROM participant WHERE conversation IN (`+placeholders(1, len(ids))+`)
		ORDER BY added_at, class DESC, email_key`, args...)
}

// SetParticipant adds somebody, or changes their line and whether they are
// confirmed. A known name is not replaced by an empty one, and a confirmed
// participant stays confirmed.
func (t *Tx) SetParticipant(ctx context.Context, p desk.Participant) error {
	err := t.exec(ctx, `INSERT INTO participant
		(conversation, email_key, name, email, class, contact, confirmed, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (conversation, email_key) DO UPDATE SET class = $5,
		  name = CASE WHEN $3 = '' THEN participant.name ELSE $3 END,
		  confirmed = CASE WHEN participant.confirmed = 1 THEN 1 ELSE $7 END`,
		p.Conversation, p.Address.Key(), p.Address.Name, p.Address.Email, p.Class, p.Contact, flag(p.Confirmed), ms(t.at))
	if err != nil {
		return fmt.Errorf("set participant: %w", err)
	}
	return nil
}

// DropParticipant takes somebody out of a conversation.
func (t *Tx) DropParticipant(ctx context.Context, c desk.ConversationID, key string) error {
	return t.exec(ctx, `DELETE FROM participant WHERE conversation = $1 AND email_key = $2`, c, key)
}
