package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"aparte/internal/accounts"
	"aparte/internal/actions"
	"aparte/internal/auth"
	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/feed"
	"aparte/internal/httpapi"
	"aparte/internal/intake"
	"aparte/internal/outbox"
	"aparte/internal/route"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
	"aparte/internal/vault"
	"aparte/internal/wire"
)

const password = "correct horse battery"

// site is a desk behind its API, with a ticket of Lena's, a side conversation
// with Mia, and two agents: Ada, an admin, and Bob.
type site struct {
	*storetest.Desk
	t       *testing.T
	ctx     context.Context
	feed    *feed.Feed
	auth    *auth.Auth
	blobs   *blob.Store
	handler http.Handler
	by      desk.Actor // who asks; nobody where it has no kind
	ada     desk.Actor
	bob     desk.Actor

	thread desk.Conversation
	first  desk.Message // Lena's
	side   desk.Conversation
}

// line is a mailbox that can be tested and is never run.
type line struct{ connector.Connector }

func (line) Close() error { return nil }
func (line) Check(_ context.Context, report func(desk.Check)) error {
	report(desk.Check{Name: "connect", OK: true, Text: "there"})
	return nil
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, ctx: storetest.Context(t), feed: feed.New()}
	s.Desk = storetest.NewDesk(t, storetest.SQLite(t), func(o *store.Options) {
		o.Changed = func(c store.Change) { s.feed.Advance(c.Seq, c.Hints) }
	})
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	keys, err := vault.Open(t.TempDir(), vault.Options{})
	if err == nil {
		s.blobs, err = blob.Open(t.TempDir())
	}
	if err != nil {
		t.Fatal(err)
	}
	s.auth = auth.New(auth.Options{Store: s.Store, Log: log})
	lines := accounts.New(accounts.Options{Store: s.Store, Vault: keys, Log: log,
		Intake: intake.New(intake.Options{Store: s.Store, Blobs: s.blobs, Log: log, Policy: func() route.Policy { return route.Policy{} }}),
		Outbox: outbox.New(outbox.Options{Store: s.Store, Blobs: s.blobs, Log: log}),
		Build: map[desk.Channel]accounts.Factory{
			desk.Mail: func(desk.Account, vault.Secret) (connector.Connector, error) { return line{}, nil },
		}})
	s.handler = httpapi.New(httpapi.Options{Store: s.Store, Actions: actions.New(actions.Options{Store: s.Store, Blobs: s.blobs, Log: log}),
		Accounts: lines, Feed: s.feed, Blobs: s.blobs, Auth: s.auth, Mode: "serve", Version: "test", Log: log,
		UI: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "assets/a-1.js": {Data: []byte("1")}}})
	s.people()
	s.thread = s.Ticket("lena@customer.example", "My order")
	s.first = s.Receive(s.thread, "lena@customer.example", "Where is it?")
	s.side = s.Side(s.thread.Home, "mia@carrier.example", "Parcel 7")
	return s
}

func (s *site) people() {
	s.t.Helper()
	bob, err := s.auth.AddAgent(s.ctx, desk.Machine("test"), auth.NewAgent{ID: "bob", Email: "bob@lumen.example", Name: "Bob Ray",
		Role: desk.RoleAgent})
	if err != nil {
		s.t.Fatal(err)
	}
	s.ada, s.bob = s.Agent.As(), bob.As()
	s.by = s.ada
}

// as asks as somebody else.
func (s *site) as(by desk.Actor) *site {
	other := *s
	other.by = by
	return &other
}

// answer is what came back.
type answer struct {
	t *testing.T
	*http.Response
	body []byte
}

// ask sends a request: a body that is bytes as it is, anything else as JSON.
func (s *site) ask(method, path string, in any) answer {
	s.t.Helper()
	return s.askFrom(s.ctx, method, path, in)
}

func (s *site) askFrom(ctx context.Context, method, path string, in any) answer {
	s.t.Helper()
	body, raw := in.([]byte)
	if !raw && in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			s.t.Fatal(err)
		}
	}
	if s.by.Kind != "" {
		ctx = auth.WithActor(ctx, s.by)
	}
	r := httptest.NewRequestWithContext(ctx, method, path, bytes.NewReader(body))
	if in != nil && !raw {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return answer{s.t, w.Result(), w.Body.Bytes()}
}

// into reads a good answer.
func (a answer) into(status int, v any) {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%d, not %d: %s", a.StatusCode, status, a.body)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
}

// refused checks a problem document.
func (a answer) refused(status int, code string) wire.Problem {
	a.t.Helper()
	var p wire.Problem
	err := json.Unmarshal(a.body, &p)
	if err != nil || a.StatusCode != status || p.Code != code || p.Status != status || p.Title == "" ||
		a.Header.Get("Content-Type") != "application/problem+json" {
		a.t.Errorf("%d %s %s, not %d %s: %v", a.StatusCode, a.Header.Get("Content-Type"), a.body, status, code, errors.Join(err))
	}
	return p
}

func (s *site) holds(what, text, part string, want bool) {
	s.t.Helper()
	if strings.Contains(text, part) != want {
		s.t.Errorf("%s holds %q: %v; it is %s", what, part, !want, text)
	}
}

func (s *site) write(id string, change ...func(*wire.NewMessage)) wire.Message {
	s.t.Helper()
	n := wire.NewMessage{ID: id, Kind: "message", HTML: "<p>Any news?</p>"}
	for _, f := range change {
		f(&n)
	}
	var m wire.Message
	s.ask("POST", "/api/conversations/"+string(s.side.ID)+"/messages", n).into(http.StatusCreated, &m)
	return m
}

func (s *site) quarantine(id string) {
	s.t.Helper()
	m := desk.Message{ID: desk.MessageID("held-" + id), Direction: desk.In, Author: desk.Address{Email: "eve@else.example"}, Subject: "Re", Human: true,
		Grade: desk.Other, OccurredAt: s.Now()}
	s.Do(func(tx *store.Tx) error {
		if err := tx.AddMessage(s.ctx, m, desk.Body{Text: "Hello"}); err != nil {
			return err
		}
		return tx.AddQuarantined(s.ctx, desk.Quarantined{ID: desk.QuarantineID(id), Account: s.Mailbox.ID, Message: m.ID, Reason: "stranger"})
	})
}
