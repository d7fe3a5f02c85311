package httpapi

import (
	"context"
	"net/http"

	"aparte/internal/auth"
	"aparte/internal/desk"
	"aparte/internal/richtext"
	"aparte/internal/wire"
)

func (s *server) agents() {
	op(s, call(http.MethodGet, "/api/agents", "list-agents", "Everybody with a login"), s.listAgents)
	op(s, creates(call(http.MethodPost, "/api/agents", "create-agent", "Add a login (admins)")), s.createAgent)
	op(s, call(http.MethodPatch, "/api/agents/{id}", "change-agent", "Change an agent (admins; your own name, signature and password)"), s.changeAgent)
}

func agent(a desk.Agent) wire.Agent {
	return wire.Agent{ID: string(a.ID), Email: a.Email, Name: a.Name, Role: string(a.Role), Signature: a.Signature,
		Disabled: !a.DisabledAt.IsZero(), CreatedAt: a.CreatedAt, Version: a.Version}
}

func (s *server) listAgents(ctx context.Context, _ *nothing) (*body[wire.AgentList], error) {
	out := body[wire.AgentList]{Body: wire.AgentList{Agents: []wire.Agent{}}}
	return &out, s.read(ctx, func(r *reader) error {
		list, err := r.tx.Agents(ctx)
		for _, a := range list {
			out.Body.Agents = append(out.Body.Agents, agent(a))
		}
		return err
	})
}

func (s *server) createAgent(ctx context.Context, in *body[wire.NewAgent]) (*body[wire.Agent], error) {
	n := in.Body
	a, err := s.Auth.AddAgent(ctx, actor(ctx), auth.NewAgent{ID: desk.AgentID(n.ID), Email: n.Email, Name: n.Name,
		Role: desk.Role(n.Role), Password: n.Password})
	return &body[wire.Agent]{Body: agent(a)}, err
}

type agentPatch struct {
	ByID
	Body wire.AgentPatch
}

func (s *server) changeAgent(ctx context.Context, in *agentPatch) (*body[wire.Agent], error) {
	p := in.Body
	if p.Signature != nil {
		clean, _ := richtext.FromEditor(*p.Signature)
		p.Signature = &clean
	}
	a, err := s.Auth.ChangeAgent(ctx, actor(ctx), desk.AgentID(in.ID), auth.AgentChange{Name: p.Name, Role: word[desk.Role](p.Role),
		Signature: p.Signature, Disabled: p.Disabled, Password: p.Password})
	return &body[wire.Agent]{Body: agent(a)}, err
}

func (s *server) tokens() {
	op(s, call(http.MethodGet, "/api/tokens", "list-tokens", "Your keys for programs"), s.listTokens)
	op(s, creates(call(http.MethodPost, "/api/tokens", "create-token", "Make a key; its text is shown this once")), s.createToken)
	o := call(http.MethodDelete, "/api/tokens/{id}", "revoke-token", "End a key for good")
	o.DefaultStatus = http.StatusNoContent
	op(s, o, s.revokeToken)
}

func token(t desk.APIToken) wire.Token {
	return wire.Token{ID: string(t.ID), Name: t.Name, CreatedAt: t.CreatedAt, UsedAt: moment(t.UsedAt), Revoked: !t.RevokedAt.IsZero()}
}

func (s *server) listTokens(ctx context.Context, _ *nothing) (*body[wire.TokenList], error) {
	out := body[wire.TokenList]{Body: wire.TokenList{Tokens: []wire.Token{}}}
	return &out, s.read(ctx, func(r *reader) error {
		list, err := r.tx.APITokens(ctx, r.by.Agent)
		for _, t := range list {
			out.Body.Tokens = append(out.Body.Tokens, token(t))
		}
		return err
	})
}

func (s *server) createToken(ctx context.Context, in *body[wire.NewToken]) (*body[wire.Token], error) {
	t, text, err := s.Auth.NewToken(ctx, actor(ctx), in.Body.Name)
	w := token(t)
	w.Text = text
	return &body[wire.Token]{Body: w}, err
}

func (s *server) revokeToken(ctx context.Context, in *ByID) (*nothing, error) {
	return nil, s.Auth.RevokeToken(ctx, actor(ctx), desk.APITokenID(in.ID))
}

func (s *server) session() {
	op(s, call(http.MethodGet, "/api/me", "get-me", "Who you are and what you may do"), s.getMe)
	op(s, open(call(http.MethodPost, "/api/session", "log-in", "Log in; the answer sets the cookie")), s.logIn)
	o := open(call(http.MethodDelete, "/api/session", "log-out", "Log out"))
	o.DefaultStatus = http.StatusNoContent
	op(s, o, s.logOut)
}

func (s *server) getMe(ctx context.Context, _ *nothing) (*body[wire.Me], error) {
	var out body[wire.Me]
	return &out, s.read(ctx, func(r *reader) error {
		a, err := r.tx.Agent(ctx, r.by.Agent)
		out.Body = s.me(a)
		return err
	})
}

func (s *server) me(a desk.Agent) wire.Me {
	me := wire.Me{Agent: agent(a), Rights: []string{}, Mode: s.Mode, Version: s.Version, Stage: s.Stage}
	for _, r := range a.Role.Rights() {
		me.Rights = append(me.Rights, string(r))
	}
	return me
}

func (s *server) logIn(ctx context.Context, in *body[wire.Login]) (*body[wire.Me], error) {
	a, err := s.Auth.Login(ctx, in.Body.Email, in.Body.Password)
	return &body[wire.Me]{Body: s.me(a)}, err
}

func (s *server) logOut(ctx context.Context, _ *nothing) (*nothing, error) {
	return nil, s.Auth.Logout(ctx)
}
