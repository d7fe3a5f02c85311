package store

import (
	"context"
	"fmt"

	"aparte/internal/desk"
	"aparte/internal/route"
)

// Evidence looks up everything that routing needs to know about a message.
func (t *Tx) Evidence(ctx context.Context, m desk.Inbound) (route.Evidence, error) {
	e := route.Evidence{Places: map[desk.ConversationID]route.Place{}}
	steps := []func(context.Context, desk.Inbound, *route.Evidence) error{
		t.senderEvidence, t.tokenEvidence, t.refEvidence, t.threadEvidence, t.placeEvidence,
	}
	for _, step := range steps {
		if err := step(ctx, m, &e); err != nil {
			return e, fmt.Errorf("gather evidence: %w", err)
		}
	}
	return e, nil
}

func (t *Tx) exists(ctx context.Context, text string, args ...any) (bool, error) {
	var n int64
	err := t.row(ctx, `SELECT COUNT(*) FROM (`+text+`) AS found`, args...).Scan(&n)
	return n > 0, err
}

func (t *Tx) senderEvidence(ctx context.Context, m desk.Inbound, e *route.Evidence) error {
	key := m.Sender().Key()
	base, _ := desk.SplitPlus(key)
	var err error
	if e.FromUs, err = t.exists(ctx, `SELECT 1 FROM account WHERE channel = $1 AND address_key = $2`, m.Channel, base); err != nil {
		return err
	}
	if e.FromAgent, err = t.exists(ctx, `SELECT 1 FROM agent WHERE email_key = $1`, key); err != nil {
		return err
	}
	e.Echo, err = t.exists(ctx, `SELECT 1 FROM reference r JOIN message m ON m.id = r.message
		WHERE r.external_id = $1 AND r.ours = 1 AND m.direction = 'out' AND m.core_sum = $2`, m.ExternalID, m.CoreSum)
	return err
}

func (t *Tx) tokenEvidence(ctx context.Context, m desk.Inbound, e *route.Evidence) error {
	for _, token := range m.Tokens {
		if token.Kind == desk.BounceToken {
			continue
		}
		hit := route.TokenHit{Token: token}
		err := t.row(ctx, `SELECT id, 0 FROM conversation WHERE token = $1
			UNION ALL SELECT conversation, 1 FROM withdrawn_token WHERE token = $1`, token.Text).
			Scan(&hit.Conversation, boolean{&hit.Revoked})
		switch {
		case missing(err):
			continue
		case err != nil:
			return err
		}
		e.Tokens = append(e.Tokens, hit)
		e.Places[hit.Conversation] = route.Place{}
	}
	return nil
}

func (t *Tx) refEvidence(ctx context.Context, m desk.Inbound, e *route.Evidence) error {
	for _, ref := range m.Refs {
		hits, err := collect(ctx, t, func(r scanner) (h route.RefHit, err error) {
			return h, r.Scan(&h.Conversation, boolean{&h.Ours})
		}, `SELECT conversation, ours FROM reference WHERE external_id = $1 ORDER BY ours DESC LIMIT 2`, ref.ID)
		if err != nil {
			return err
		}
		if len(hits) == 0 && ref.Signed {
			e.Orphans++
		}
		for _, h := range hits[:min(1, len(hits))] {
			h.Ref, h.Shared = ref, len(hits) > 1
			e.Refs = append(e.Refs, h)
			e.Places[h.Conversation] = route.Place{}
		}
	}
	return nil
}

func (t *Tx) threadEvidence(ctx context.Context, m desk.Inbound, e *route.Evidence) error {
	for _, name := range m.Threads {
		var hit route.ThreadHit
		err := t.row(ctx, `SELECT id FROM conversation WHERE thread_key = $1`, name).Scan(&hit.Conversation)
		switch {
		case missing(err):
			continue
		case err != nil:
			return err
		}
		e.Threads = append(e.Threads, hit)
		e.Places[hit.Conversation] = route.Place{}
	}
	return nil
}

func (t *Tx) placeEvidence(ctx context.Context, m desk.Inbound, e *route.Evidence) error {
	for id := range e.Places {
		p, err := t.Place(ctx, id, m.Sender())
		if err != nil {
			return err
		}
		e.Places[id] = p
	}
	return nil
}

// Place tells how a conversation stands, and how somebody stands to it.
func (t *Tx) Place(ctx context.Context, id desk.ConversationID, sender desk.Address) (route.Place, error) {
	p := route.Place{Conversation: id}
	err := t.row(ctx, `SELECT c.side, c.state, k.id, k.status,
		  EXISTS (SELECT 1 FROM participant x WHERE x.conversation = c.id AND x.email_key = $2 AND x.confirmed = 1),
		  q.email_key = $2,
		  EXISTS (SELECT 1 FROM participant x JOIN conversation s ON s.id = x.conversation
		    WHERE s.home = k.id AND s.side = 'side' AND x.email_key = $2)
		FROM conversation c JOIN ticket k ON k.id = c.home JOIN contact q ON q.id = k.requester
		WHERE c.id = $1`, id, sender.Key()).
		Scan(&p.Side, &p.State, &p.Ticket, &p.Status, truth{&p.Participant}, truth{&p.Requester}, truth{&p.Partner})
	return p, err
}
