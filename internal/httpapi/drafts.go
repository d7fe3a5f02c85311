package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/wire"
)

func (s *server) drafts() {
	op(s, call(http.MethodGet, "/api/drafts", "list-drafts", "What you have typed and not sent"), s.listDrafts)
	op(s, call(http.MethodPut, "/api/drafts/{composer}", "save-draft", "Keep a draft"), s.saveDraft)
	o := call(http.MethodDelete, "/api/drafts/{composer}", "drop-draft", "Forget a draft")
	o.DefaultStatus = http.StatusNoContent
	op(s, o, s.dropDraft)
}

// ByComposer is an input that names a composer.
type ByComposer struct {
	Composer string `path:"composer" maxLength:"120" example:"conversation:01j9"`
}

func (s *server) listDrafts(ctx context.Context, _ *nothing) (*body[wire.DraftList], error) {
	out := body[wire.DraftList]{Body: wire.DraftList{Drafts: []wire.Draft{}}}
	return &out, s.read(ctx, func(r *reader) error {
		list, err := r.tx.Drafts(ctx, r.by.Agent)
		if err != nil {
			return err
		}
		for _, d := range list {
			w, err := draft(d)
			if err != nil {
				return err
			}
			out.Body.Drafts = append(out.Body.Drafts, w)
		}
		return nil
	})
}

func draft(d store.Draft) (wire.Draft, error) {
	w := wire.Draft{Composer: d.Composer, UpdatedAt: d.UpdatedAt}
	return w, json.Unmarshal(d.Body, &w.Body)
}

type draftBody struct {
	ByComposer
	Body wire.DraftBody
}

func (s *server) saveDraft(ctx context.Context, in *draftBody) (*body[wire.Draft], error) {
	raw, err := json.Marshal(in.Body.Body)
	if err != nil {
		return nil, desk.Refuse("body", "draft_malformed", "the draft cannot be kept", "")
	}
	d, err := s.Actions.SaveDraft(ctx, actor(ctx), store.Draft{Composer: in.Composer, Body: raw})
	if err != nil {
		return nil, err
	}
	w, err := draft(d)
	return &body[wire.Draft]{Body: w}, err
}

func (s *server) dropDraft(ctx context.Context, in *ByComposer) (*nothing, error) {
	return nil, s.Actions.DropDraft(ctx, actor(ctx), in.Composer)
}
