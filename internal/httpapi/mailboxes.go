package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"aparte/internal/accounts"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/vault"
	"aparte/internal/wire"
)

func (s *server) mailboxes() {
	op(s, call(http.MethodGet, "/api/mailboxes", "list-mailboxes", "Every mailbox and how it is doing"), s.listMailboxes)
	op(s, creates(call(http.MethodPost, "/api/mailboxes", "create-mailbox", "Add a mailbox (admins)")), s.createMailbox)
	o := call(http.MethodPost, "/api/mailboxes/test", "test-mailbox", "Try a mailbox's servers, line by line (admins)")
	o.BodyReadTimeout = -1 // silent servers take their time
	op(s, o, s.testMailbox)
	op(s, call(http.MethodPatch, "/api/mailboxes/{id}", "change-mailbox", "Change, stop or start a mailbox (admins)"), s.changeMailbox)
	o = call(http.MethodPost, "/api/mailboxes/{id}/check", "check-mailbox", "Look for mail now")
	o.DefaultStatus = http.StatusAccepted
	op(s, o, s.checkMailbox)
}

// mailbox shows servers and user to admins alone; everybody else sees the
// name, the address and how it is doing.
func (s *server) mailbox(by desk.Actor, a desk.Account) (wire.Mailbox, error) {
	h := s.Accounts.Health(a.ID)
	w := wire.Mailbox{ID: string(a.ID), Name: a.Name, Address: a.Address, Stopped: !a.StoppedAt.IsZero(), CreatedAt: a.CreatedAt,
		Version: a.Version, Health: wire.MailboxHealth{State: string(h.State), Since: moment(h.Since), CheckAt: moment(h.CheckAt),
			NextAt: moment(h.NextAt), Mode: h.Mode, Error: h.LastErr, Hint: h.Hint}}
	if !by.May(desk.AdminRight) {
		return w, nil
	}
	return w, json.Unmarshal([]byte(a.Settings), &w.MailboxServers)
}

func (s *server) listMailboxes(ctx context.Context, _ *nothing) (*body[wire.MailboxList], error) {
	out := body[wire.MailboxList]{Body: wire.MailboxList{Mailboxes: []wire.Mailbox{}}}
	return &out, s.read(ctx, func(r *reader) error {
		list, err := r.tx.Accounts(ctx)
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Channel != desk.Mail {
				continue
			}
			w, err := s.mailbox(r.by, a)
			if err != nil {
				return err
			}
			out.Body.Mailboxes = append(out.Body.Mailboxes, w)
		}
		return nil
	})
}

func newMailbox(n wire.NewMailbox) (accounts.NewAccount, error) {
	settings, err := json.Marshal(n.MailboxServers)
	return accounts.NewAccount{ID: desk.AccountID(n.ID), Channel: desk.Mail, Name: n.Name, Address: n.Address,
		Settings: string(settings), Secret: vault.Secret(n.Password)}, err
}

func (s *server) createMailbox(ctx context.Context, in *body[wire.NewMailbox]) (*body[wire.Mailbox], error) {
	n, err := newMailbox(in.Body)
	if err != nil {
		return nil, err
	}
	a, err := s.Accounts.Add(ctx, actor(ctx), n)
	if err != nil {
		return nil, err
	}
	return s.showMailbox(ctx, a)
}

func (s *server) showMailbox(ctx context.Context, a desk.Account) (*body[wire.Mailbox], error) {
	w, err := s.mailbox(actor(ctx), a)
	return &body[wire.Mailbox]{Body: w}, err
}

func (s *server) testMailbox(ctx context.Context, in *body[wire.NewMailbox]) (*body[wire.CheckList], error) {
	if !actor(ctx).May(desk.AdminRight) {
		return nil, desk.Denied(desk.AdminRight)
	}
	n, err := newMailbox(in.Body)
	if err != nil {
		return nil, err
	}
	out := body[wire.CheckList]{Body: wire.CheckList{Checks: []wire.Check{}}}
	err = s.Accounts.Test(ctx, n, func(c desk.Check) {
		out.Body.Checks = append(out.Body.Checks, wire.Check{Name: c.Name, OK: c.OK, Text: c.Text, Hint: c.Hint})
	})
	if n := len(out.Body.Checks); n > 0 && !out.Body.Checks[n-1].OK {
		err = nil // a step that failed is what the test was asked for, and stands on its line
	}
	return &out, err
}

type mailboxPatch struct {
	ByID
	Body wire.MailboxPatch
}

func (s *server) changeMailbox(ctx context.Context, in *mailboxPatch) (*body[wire.Mailbox], error) {
	id, by, p := desk.AccountID(in.ID), actor(ctx), in.Body
	was, err := s.account(ctx, id)
	if err != nil {
		return nil, err
	}
	change, err := mailboxChange(was, p)
	if err == nil && change != (accounts.Change{}) {
		_, err = s.Accounts.Update(ctx, by, id, change)
	}
	if err == nil && p.Stopped != nil {
		err = s.turn(ctx, by, id, *p.Stopped)
	}
	if err != nil {
		return nil, err
	}
	a, err := s.account(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.showMailbox(ctx, a)
}

func (s *server) account(ctx context.Context, id desk.AccountID) (a desk.Account, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		a, err = tx.Account(ctx, id)
		return err
	})
	return a, err
}

// mailboxChange keeps those settings of a mailbox that the API does not know.
func mailboxChange(was desk.Account, p wire.MailboxPatch) (accounts.Change, error) {
	change := accounts.Change{Name: p.Name}
	if p.Password != nil {
		secret := vault.Secret(*p.Password)
		change.Secret = &secret
	}
	if p.Servers == nil {
		return change, nil
	}
	known := map[string]any{}
	if err := json.Unmarshal([]byte(was.Settings), &known); err != nil {
		return change, err
	}
	fresh, err := json.Marshal(p.Servers)
	if err != nil {
		return change, err
	}
	if err := json.Unmarshal(fresh, &known); err != nil {
		return change, err
	}
	merged, err := json.Marshal(known)
	text := string(merged)
	change.Settings = &text
	return change, err
}

// turn stops or starts a mailbox.
func (s *server) turn(ctx context.Context, by desk.Actor, id desk.AccountID, off bool) error {
	if off {
		return s.Accounts.Stop(ctx, by, id)
	}
	return s.Accounts.Start(ctx, by, id)
}

func (s *server) checkMailbox(ctx context.Context, in *ByID) (*nothing, error) {
	return nil, s.read(ctx, func(r *reader) error {
		a, err := r.tx.Account(ctx, desk.AccountID(in.ID))
		if err == nil {
			s.Accounts.CheckNow(a.ID)
		}
		return err
	})
}
