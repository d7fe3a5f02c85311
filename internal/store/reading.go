package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"aparte/internal/desk"
)

// MarkRead moves an agent's read mark in a conversation forward; never back.
func (t *Tx) MarkRead(ctx context.Context, a desk.AgentID, c desk.ConversationID, upTo desk.Seq) error {
	if a == "" {
		return nil
	}
	err := t.exec(ctx, `INSERT INTO read_mark (agent, conversation, seq) VALUES ($1, $2, $3)
		ON CONFLICT (agent, conversation) DO UPDATE SET seq = $3 WHERE read_mark.seq < $3`, a, c, int64(upTo))
	if err != nil {
		return fmt.Errorf("mark read: %w", err)
	}
	t.Hint("read:" + string(a))
	return nil
}

// ReadMark tells how far an agent has read a conversation.
func (t *Tx) ReadMark(ctx context.Context, a desk.AgentID, c desk.ConversationID) (desk.Seq, error) {
	var n desk.Seq
	err := t.row(ctx, `SELECT COALESCE(
		(SELECT seq FROM read_mark WHERE agent = $1 AND conversation = $2),
		(SELECT start_seq FROM agent WHERE id = $1), 0)`, a, c).Scan(&n)
	return n, err
}

// Draft is what an agent has typed and not yet sent, in one composer.
type Draft struct {
	Composer  string // "conversation:ID", "side:TICKET" and the like
	Body      json.RawMessage
	UpdatedAt time.Time
}

// SaveDraft keeps a draft.
func (t *Tx) SaveDraft(ctx context.Context, a desk.AgentID, d Draft) error {
	t.Hint("drafts:" + string(a))
	return t.exec(ctx, `INSERT INTO draft (agent, composer, body, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (agent, composer) DO UPDATE SET body = $3, updated_at = $4`,
		a, d.Composer, string(d.Body), ms(t.at))
}

// DropDraft forgets a draft, if there is one.
func (t *Tx) DropDraft(ctx context.Context, a desk.AgentID, composer string) error {
	t.Hint("drafts:" + string(a))
	return t.exec(ctx, `DELETE FROM draft WHERE agent = $1 AND composer = $2`, a, composer)
}

// Drafts lists an agent's drafts, newest first.
func (t *Tx) Drafts(ctx context.Context, a desk.AgentID) ([]Draft, error) {
	return collect(ctx, t, func(r scanner) (d Draft, err error) {
		var body string
		err = r.Scan(&d.Composer, &body, stamp{&d.UpdatedAt})
		d.Body = json.RawMessage(body)
		return d, err
	}, `SELECT composer, body, updated_at FROM draft WHERE agent = $1 ORDER BY updated_at DESC, composer`, a)
}
