package actions

import (
	"context"
	"strings"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// MarkRead moves the actor's read mark in a conversation forward.
func (a *Actions) MarkRead(ctx context.Context, by desk.Actor, c desk.ConversationID, upTo desk.Seq) error {
	return a.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Conversation(ctx, c); err != nil {
			return err
		}
		seq, err := tx.Seq(ctx)
		if err != nil {
			return err
		}
		return tx.MarkRead(ctx, by.Agent, c, min(upTo, seq))
	})
}

// maxDraft is the most that one draft may weigh, in bytes.
const maxDraft = 2 << 20

// SaveDraft keeps what the actor has typed in one composer.
func (a *Actions) SaveDraft(ctx context.Context, by desk.Actor, d store.Draft) (store.Draft, error) {
	kind, rest, _ := strings.Cut(d.Composer, ":")
	switch {
	case kind == "" || rest == "" && kind != "ticket":
		return d, desk.Refuse("composer", "composer_unknown", "there is no such composer", "Name it like conversation:ID.")
	case len(d.Body) > maxDraft:
		return d, desk.Refuse("body", "draft_too_big", "the draft is too long to be kept", "Shorten it, or attach a file.")
	}
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		d.UpdatedAt = tx.Now()
		return tx.SaveDraft(ctx, by.Agent, d)
	})
	return d, err
}

// DropDraft forgets a draft.
func (a *Actions) DropDraft(ctx context.Context, by desk.Actor, composer string) error {
	return a.store.Update(ctx, func(tx *store.Tx) error { return tx.DropDraft(ctx, by.Agent, composer) })
}
