// Package actions is what agents can do. Each verb names who acts, checks the
// rule, appends events, and puts a delivery into the outbox if the world must
// hear of it.
//
// There is one way to write to anybody, say: the conversation decides mailbox,
// thread and who may be addressed, so that promise X1 has a single place to be
// kept. A note is another verb, with no path to the outbox.
package actions

import (
	"context"
	"log/slog"

	"aparte/internal/blob"
	"aparte/internal/desk"
	"aparte/internal/store"
)

// Options are the rooms that actions works in.
type Options struct {
	Store *store.Store
	Blobs *blob.Store
	Log   *slog.Logger
}

// Actions carries out what agents ask for.
type Actions struct {
	store *store.Store
	blobs *blob.Store
	log   *slog.Logger
}

// New makes the verbs of a desk.
func New(o Options) *Actions { return &Actions{store: o.Store, blobs: o.Blobs, log: o.Log} }

// Settings tells what was decided for the whole desk.
func (a *Actions) Settings(ctx context.Context) (s desk.Settings, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		s, err = tx.Settings(ctx)
		return err
	})
	return s, err
}

// SetSettings decides for the whole desk.
func (a *Actions) SetSettings(ctx context.Context, by desk.Actor, s desk.Settings) (desk.Settings, error) {
	switch {
	case !by.May(desk.AdminRight):
		return s, desk.Denied(desk.AdminRight)
	case s.UndoSeconds < 0 || s.UndoSeconds > 120:
		return s, desk.Refuse("undo_seconds", "undo_seconds_range", "a message can be held back for 0 to 120 seconds", "Choose a number between.")
	case s.MaxPeople < 1 || s.MaxOutside < 1 || s.MaxOutside > s.MaxPeople:
		return s, desk.Refuse("max_outside_recipients", "recipient_limits", "the limit for people outside is above the limit for all",
			"Choose a smaller number.")
	}
	err := a.store.Update(ctx, func(tx *store.Tx) error { return tx.SaveSettings(ctx, s) })
	return s, err
}

// writeRight is the right that answering on a side of a ticket takes.
func writeRight(s desk.Side) desk.Right {
	if s == desk.PartnerSide {
		return desk.SideWrite
	}
	return desk.TicketWrite
}

func need(by desk.Actor, r desk.Right) error {
	if !by.May(r) {
		return desk.Denied(r)
	}
	return nil
}
