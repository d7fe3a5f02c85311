package httpapi

import (
	"context"
	"net/http"

	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/wire"
)

func (s *server) health() {
	op(s, open(call(http.MethodGet, "/api/health", "get-health", "How the desk is doing; 200 only when it can serve")), s.getHealth)
}

func (s *server) getHealth(ctx context.Context, _ *nothing) (*body[wire.Health], error) {
	out := body[wire.Health]{Body: wire.Health{Ready: true, Version: s.Version, Connectors: []wire.ConnectorLine{}}}
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		h := &out.Body
		accounts, err := tx.Accounts(ctx)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			h.Connectors = append(h.Connectors, wire.ConnectorLine{ID: string(a.ID), Channel: string(a.Channel),
				State: string(s.Accounts.Health(a.ID).State)})
		}
		seq, err := tx.Seq(ctx)
		if err != nil {
			return err
		}
		waiting, oldest, err := tx.Outbox(ctx)
		if err != nil {
			return err
		}
		h.Seq, h.Outbox = int64(seq), wire.OutboxHealth{Waiting: waiting, Oldest: moment(oldest)}
		if h.Schema, err = tx.Schema(ctx); err != nil {
			return err
		}
		h.Quarantine, err = tx.QuarantineSize(ctx)
		return err
	})
	if err != nil {
		return nil, &desk.Error{Fault: desk.Unavailable, Code: "not_ready", Err: err, Msg: "the desk's database does not answer",
			Hint: "See the desk's log, and run aparte doctor."}
	}
	return &out, nil
}
