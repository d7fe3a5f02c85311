package outbox

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/store"
)

const (
	maxReferences = 20
	maxRendered   = 64 << 20
)

// bytesOf gives a delivery's bytes. They are made once, before the first
// attempt, and are on the disk to stay before anything leaves.
func (w *worker) bytesOf(ctx context.Context, d *desk.Delivery) ([]byte, error) {
	if d.Rendered != "" {
		return w.Blobs.Bytes(d.Rendered, maxRendered)
	}
	var out connector.Outgoing
	err := w.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, err = w.outgoing(ctx, tx, *d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("gather a message: %w", err)
	}
	r, err := w.connector.Render(ctx, out)
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	sum, _, err := w.Blobs.Put(bytes.NewReader(r.Bytes))
	if err != nil {
		return nil, fmt.Errorf("keep rendered bytes: %w", err)
	}
	d.Rendered, d.ExternalID = sum, r.ExternalID
	return r.Bytes, w.Store.Update(ctx, func(tx *store.Tx) error { return remember(ctx, tx, *d, r) })
}

// remember keeps what the world will call the message, so that answers find
// the conversation.
func remember(ctx context.Context, tx *store.Tx, d desk.Delivery, r connector.Rendered) error {
	if err := tx.SetRendered(ctx, d, r.CoreSum); err != nil {
		return err
	}
	if err := tx.Refer(ctx, r.ExternalID, d.Conversation, d.Message, true); err != nil {
		return err
	}
	for _, anchor := range r.Anchors {
		if err := tx.Refer(ctx, anchor, d.Conversation, "", true); err != nil {
			return err
		}
	}
	return nil
}

// outgoing gathers a message as it will leave. Everything comes from one
// conversation, so nothing of the other side can come in (X1, L3).
func (w *worker) outgoing(ctx context.Context, tx *store.Tx, d desk.Delivery) (connector.Outgoing, error) {
	m, err := tx.Message(ctx, d.Message)
	if err != nil {
		return connector.Outgoing{}, err
	}
	body, err := tx.Body(ctx, d.Message)
	if err != nil {
		return connector.Outgoing{}, err
	}
	c, err := tx.Conversation(ctx, d.Conversation)
	if err != nil {
		return connector.Outgoing{}, err
	}
	account, err := tx.Account(ctx, d.Account)
	if err != nil {
		return connector.Outgoing{}, err
	}
	refs, err := tx.References(ctx, d.Conversation, maxReferences)
	out := connector.Outgoing{Message: m.ID, Side: c.Side, Conversation: c.ID,
		From: desk.Address{Name: m.Author.Name, Email: account.Address}, Subject: m.Subject,
		HTML: body.HTML, Text: body.Text, At: m.OccurredAt, Token: c.Token, ThreadKey: c.ThreadKey,
		InReplyTo: m.InReplyTo, References: refs, Files: w.files(m)}
	if out.InReplyTo == "" && len(refs) > 0 {
		out.InReplyTo = refs[len(refs)-1]
	}
	for _, r := range m.Recipients {
		switch r.Class {
		case desk.To:
			out.To = append(out.To, r.Address)
		case desk.Cc:
			out.Cc = append(out.Cc, r.Address)
		}
	}
	return out, err
}

func (w *worker) files(m desk.Message) []connector.File {
	var all []connector.File
	for _, f := range m.Attachments {
		all = append(all, connector.File{Name: f.Name, Type: f.Type, ContentID: f.ContentID, Inline: f.Inline, Size: f.Size,
			Open: func() (io.ReadCloser, error) { return w.Blobs.Get(f.Sum) }})
	}
	return all
}
