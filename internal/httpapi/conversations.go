package httpapi

import (
	"context"
	"net/http"
	"time"

	"aparte/internal/actions"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/wire"
)

func (s *server) conversations() {
	op(s, call(http.MethodGet, "/api/conversations/{id}", "get-conversation", "One conversation"), s.getConversation)
	op(s, call(http.MethodPatch, "/api/conversations/{id}", "change-conversation", "Mark a side conversation as done, or reopen it"), s.changeConversation)
	op(s, call(http.MethodGet, "/api/conversations/{id}/messages", "list-messages", "Its messages, the newest page unless asked otherwise"), s.listMessages)
	op(s, creates(call(http.MethodPost, "/api/conversations/{id}/messages", "write-message", "Write a message or an internal note")), s.writeMessage)
	o := call(http.MethodPost, "/api/conversations/{id}/read", "mark-read", "Move your read mark forward")
	o.DefaultStatus = http.StatusNoContent
	op(s, o, s.markRead)
	op(s, call(http.MethodPost, "/api/conversations/{id}/participants", "change-participant", "Keep or remove somebody who turned up"), s.changeParticipant)
}

func (s *server) sides() {
	op(s, call(http.MethodGet, "/api/side-conversations", "list-side-conversations", "Side conversations of the whole desk, newest first"), s.listSides)
}

func (s *server) getConversation(ctx context.Context, in *ByID) (*body[wire.Conversation], error) {
	return s.showConversation(ctx, desk.ConversationID(in.ID))
}

func (s *server) showConversation(ctx context.Context, id desk.ConversationID) (*body[wire.Conversation], error) {
	var out body[wire.Conversation]
	return &out, s.read(ctx, func(r *reader) error {
		row, err := r.tx.ConversationFor(ctx, r.by.Agent, id)
		if err != nil {
			return err
		}
		list, err := r.conversations(ctx, []store.ConversationRow{row})
		if err != nil {
			return err
		}
		out.Body = list[0]
		return nil
	})
}

type conversationPatch struct {
	ByID
	Body wire.ConversationPatch
}

func (s *server) changeConversation(ctx context.Context, in *conversationPatch) (*body[wire.Conversation], error) {
	id, change := desk.ConversationID(in.ID), s.Actions.Reopen
	if in.Body.State == string(desk.StateDone) {
		change = s.Actions.Done
	}
	if _, err := change(ctx, actor(ctx), id); err != nil {
		return nil, err
	}
	return s.showConversation(ctx, id)
}

type messageQuery struct {
	ByID
	Before int64 `query:"before" minimum:"0" doc:"seq: older messages than this one"`
	After  int64 `query:"after" minimum:"0" doc:"seq: newer messages than this one"`
	Around int64 `query:"around" minimum:"0" doc:"seq: the page with this message in its middle"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listMessages(ctx context.Context, in *messageQuery) (*body[wire.MessagePage], error) {
	var out body[wire.MessagePage]
	return &out, s.read(ctx, func(r *reader) error {
		id := desk.ConversationID(in.ID)
		if _, err := r.tx.Conversation(ctx, id); err != nil {
			return err
		}
		ms, err := r.tx.Messages(ctx, id, store.Page{Before: desk.Seq(in.Before), After: desk.Seq(in.After),
			Around: desk.Seq(in.Around), Limit: in.Limit})
		if err != nil {
			return err
		}
		if out.Body.Messages, err = r.messages(ctx, ms); err != nil {
			return err
		}
		if err := r.neighbours(ctx, id, ms, &out.Body); err != nil {
			return err
		}
		out.Body.Seq, err = r.seq(ctx)
		return err
	})
}

// neighbours fills in whether there is more on either side of a page.
func (r *reader) neighbours(ctx context.Context, id desk.ConversationID, ms []desk.Message, page *wire.MessagePage) error {
	if len(ms) == 0 {
		return nil
	}
	first, last := ms[0].Seq, ms[len(ms)-1].Seq
	older, err := r.tx.Messages(ctx, id, store.Page{Before: first, Limit: 1})
	if err != nil {
		return err
	}
	newer, err := r.tx.Messages(ctx, id, store.Page{After: last, Limit: 1})
	if err != nil {
		return err
	}
	if len(older) > 0 {
		page.Before = int64(first)
	}
	if len(newer) > 0 {
		page.After = int64(last)
	}
	return nil
}

type newMessage struct {
	ByID
	Body wire.NewMessage
}

func (s *server) writeMessage(ctx context.Context, in *newMessage) (*body[wire.Message], error) {
	n, c := in.Body, desk.ConversationID(in.ID)
	m, err := s.write(ctx, c, n)
	if err != nil {
		return nil, err
	}
	return s.showMessage(ctx, m.ID)
}

func (s *server) write(ctx context.Context, c desk.ConversationID, n wire.NewMessage) (desk.Message, error) {
	files := ids[desk.AttachmentID](n.Attachments)
	if n.Kind == "note" {
		return s.Actions.Note(ctx, actor(ctx), c, actions.NoteDraft{ID: desk.MessageID(n.ID), HTML: n.HTML, Attachments: files})
	}
	d := actions.Draft{ID: desk.MessageID(n.ID), To: people(n.To), Cc: people(n.Cc), Bcc: people(n.Bcc), HTML: n.HTML,
		Attachments: files, Comments: ids[desk.MessageID](n.Comments), NotesConfirmed: n.NotesConfirmed, SeenUpTo: desk.Seq(n.SeenUpTo), Anyway: n.Anyway}
	if n.Status != nil {
		d.Status = desk.Status(*n.Status)
	}
	return s.Actions.Write(ctx, actor(ctx), c, d)
}

type readMark struct {
	ByID
	Body wire.ReadMark
}

func (s *server) markRead(ctx context.Context, in *readMark) (*nothing, error) {
	return nil, s.Actions.MarkRead(ctx, actor(ctx), desk.ConversationID(in.ID), desk.Seq(in.Body.UpTo))
}

type participantPatch struct {
	ByID
	Body wire.ParticipantPatch
}

func (s *server) changeParticipant(ctx context.Context, in *participantPatch) (*body[wire.Conversation], error) {
	id, change := desk.ConversationID(in.ID), s.Actions.DropParticipant
	if in.Body.Keep {
		change = s.Actions.KeepParticipant
	}
	if err := change(ctx, actor(ctx), id, in.Body.Email); err != nil {
		return nil, err
	}
	return s.showConversation(ctx, id)
}

type sideQuery struct {
	List
	State   string    `query:"state" enum:"open,done"`
	Turn    string    `query:"turn" enum:"ours,theirs"`
	Channel string    `query:"channel" maxLength:"32"`
	Unread  bool      `query:"unread" doc:"only those with news for you"`
	Since   time.Time `query:"since" doc:"only those with a message since then"`
}

func (s *server) listSides(ctx context.Context, in *sideQuery) (*body[wire.ConversationPage], error) {
	q := store.SideQuery{State: desk.State(in.State), Turn: desk.Turn(in.Turn), Channel: desk.Channel(in.Channel),
		Unread: in.Unread, Limit: in.Limit + 1}
	if !in.Since.IsZero() {
		q.Since = in.Since.UnixMilli()
	}
	if err := resume(in.After, &q.After); err != nil {
		return nil, err
	}
	var out body[wire.ConversationPage]
	return &out, s.read(ctx, func(r *reader) error {
		q.For = r.by.Agent
		rows, err := r.tx.Sides(ctx, q)
		if err != nil {
			return err
		}
		rows, more := page(rows, in.Limit)
		if more {
			last := rows[len(rows)-1]
			out.Body.Next = next(store.SideAfter{LastAt: last.LastAt.UnixMilli(), ID: last.ID})
		}
		if out.Body.Conversations, err = r.conversations(ctx, rows); err != nil {
			return err
		}
		out.Body.Seq, err = r.seq(ctx)
		return err
	})
}
