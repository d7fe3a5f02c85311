package auth_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"aparte/internal/auth"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
)

const password = "correct horse battery"

// gate is a desk behind a login, which answers with the name of who asks.
type gate struct {
	*storetest.Desk
	*auth.Auth
	t       *testing.T
	ctx     context.Context
	handler http.Handler
	clock   *storetest.Clock
}

func newGate(t *testing.T, tls bool) *gate {
	t.Parallel()
	g := &gate{Desk: storetest.NewDesk(t, storetest.SQLite(t)), t: t, ctx: storetest.Context(t), clock: storetest.NewClock()}
	g.Auth = auth.New(auth.Options{Store: g.Store, TLS: tls, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: g.clock.Now})
	word := password
	if _, err := g.ChangeAgent(g.ctx, desk.Machine("test"), g.Agent.ID, auth.AgentChange{Password: &word}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/me", func(w http.ResponseWriter, r *http.Request) {
		by, _ := auth.ActorOf(r.Context())
		io.WriteString(w, by.Name)
	})
	mux.HandleFunc("POST /api/login", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Email, Password string }
		json.NewDecoder(r.Body).Decode(&in)
		if _, err := g.Login(r.Context(), in.Email, in.Password); err != nil {
			http.Error(w, err.(*desk.Error).Code, http.StatusUnauthorized)
		}
	})
	mux.HandleFunc("POST /api/logout", func(w http.ResponseWriter, r *http.Request) {
		if err := g.Logout(r.Context()); err != nil {
			t.Error(err)
		}
	})
	g.handler = g.Middleware(mux)
	return g
}

func (g *gate) ask(method, path, body string, change ...func(*http.Request)) *http.Response {
	g.t.Helper()
	r := httptest.NewRequestWithContext(g.ctx, method, path, strings.NewReader(body))
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w.Result()
}

func (g *gate) login(email, word string) (*http.Cookie, string) {
	g.t.Helper()
	in, _ := json.Marshal(map[string]string{"Email": email, "Password": word})
	r := g.ask("POST", "/api/login", string(in))
	for _, c := range r.Cookies() {
		return c, ""
	}
	return nil, text(r)
}

func text(r *http.Response) string {
	b, _ := io.ReadAll(r.Body)
	return strings.TrimSpace(string(b))
}

func with(c *http.Cookie) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(c) }
}

func bearer(t string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+t) }
}

func TestSessionLastsFromLoginToLogout(t *testing.T) {
	g := newGate(t, false)
	c, code := g.login("ADA@lumen.example", password)
	if c == nil {
		t.Fatalf("refused: %s", code)
	}
	if c.Name != "aparte" || !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie on plain loopback: %v", c)
	}
	if who := text(g.ask("GET", "/api/me", "", with(c))); who != "Ada Martin" {
		t.Errorf("the session is %q", who)
	}
	g.ask("POST", "/api/logout", "", with(c))
	if who := text(g.ask("GET", "/api/me", "", with(c))); who != "" {
		t.Errorf("after logging out: %q", who)
	}
}

func TestCookieIsBoundToTLS(t *testing.T) {
	g := newGate(t, true)
	if c, _ := g.login("ada@lumen.example", password); c == nil || c.Name != "__Host-aparte" || !c.Secure || c.Path != "/" {
		t.Errorf("cookie: %v", c)
	}
}

func TestDisabledAgentIsOutAtOnce(t *testing.T) {
	g := newGate(t, false)
	c, _ := g.login("ada@lumen.example", password)
	_, key, err := g.NewToken(g.ctx, g.Agent.As(), "script")
	if err != nil {
		t.Fatal(err)
	}
	a := g.Agent
	a.DisabledAt = time.Now()
	g.Do(func(tx *store.Tx) error { return tx.SaveAgent(g.ctx, a) })
	if who := text(g.ask("GET", "/api/me", "", with(c))) + text(g.ask("GET", "/api/me", "", bearer(key))); who != "" {
		t.Errorf("a disabled agent is %q", who)
	}
	if _, code := g.login("ada@lumen.example", password); code != "login_failed" {
		t.Errorf("a disabled agent logs in: %q", code)
	}
}

func TestNewPasswordEndsOldSessions(t *testing.T) {
	g := newGate(t, false)
	c, _ := g.login("ada@lumen.example", password)
	word := "another long password"
	if _, err := g.ChangeAgent(g.ctx, g.Agent.As(), g.Agent.ID, auth.AgentChange{Password: &word}); err != nil {
		t.Fatal(err)
	}
	if who := text(g.ask("GET", "/api/me", "", with(c))); who != "" {
		t.Errorf("with the old password's session: %q", who)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	g := newGate(t, false)
	for range 5 {
		if _, code := g.login("ada@lumen.example", "wrong"); code != "login_failed" {
			t.Fatalf("refused with %q", code)
		}
	}
	if _, code := g.login("ada@lumen.example", password); code != "too_many_attempts" {
		t.Errorf("after five failures: %q", code)
	}
	if _, code := g.login("nobody@lumen.example", password); code != "login_failed" {
		t.Errorf("nobody is refused with %q", code)
	}
	g.clock.Pass(61 * time.Second)
	if c, code := g.login("ada@lumen.example", password); c == nil {
		t.Errorf("after the wait: %q", code)
	}
}

func TestTokenIsStoredAsAHashAndEnds(t *testing.T) {
	g := newGate(t, false)
	made, key, err := g.NewToken(g.ctx, g.Agent.As(), "script")
	if err != nil || len(key) != 44 || !strings.HasPrefix(key, "apt_") {
		t.Fatalf("token of %d characters, %v", len(key), err)
	}
	if who := text(g.ask("GET", "/api/me", "", bearer(key))); who != "Ada Martin" {
		t.Errorf("the token is %q", who)
	}
	if err := g.RevokeToken(g.ctx, g.Agent.As(), made.ID); err != nil {
		t.Fatal(err)
	}
	if who := text(g.ask("GET", "/api/me", "", bearer(key))); who != "" {
		t.Errorf("the revoked token is %q", who)
	}
}

func TestOtherSitesCannotSend(t *testing.T) {
	g := newGate(t, false)
	r := g.ask("POST", "/api/logout", "", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	var p struct{ Code string }
	if err := json.Unmarshal([]byte(text(r)), &p); err != nil || r.StatusCode != http.StatusForbidden || p.Code != "cross_origin" {
		t.Errorf("another site's POST answers %d %q: %v", r.StatusCode, p.Code, err)
	}
}

func TestLastAdminStays(t *testing.T) {
	g := newGate(t, false)
	off, role := true, desk.RoleAgent
	for _, c := range []auth.AgentChange{{Disabled: &off}, {Role: &role}} {
		_, err := g.ChangeAgent(g.ctx, g.Agent.As(), g.Agent.ID, c)
		if e, ok := err.(*desk.Error); !ok || e.Code != "last_admin" {
			t.Errorf("the last admin goes: %v", err)
		}
	}
}

func TestAgentsChangeThemselvesAndNobodyElse(t *testing.T) {
	g := newGate(t, false)
	bob, err := g.AddAgent(g.ctx, g.Agent.As(), auth.NewAgent{Email: "bob@lumen.example", Name: "Bob", Role: desk.RoleAgent, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	name, role := "Robert", desk.RoleAdmin
	if got, err := g.ChangeAgent(g.ctx, bob.As(), bob.ID, auth.AgentChange{Name: &name}); err != nil || got.Name != name {
		t.Errorf("own name: %v, %v", got.Name, err)
	}
	for id, c := range map[desk.AgentID]auth.AgentChange{g.Agent.ID: {Name: &name}, bob.ID: {Role: &role}} {
		if _, err := g.ChangeAgent(g.ctx, bob.As(), id, c); desk.FaultOf(err) != desk.Forbidden {
			t.Errorf("an agent changes %s: %v", id, err)
		}
	}
	_, err = g.AddAgent(g.ctx, g.Agent.As(), auth.NewAgent{Email: "BOB@lumen.example", Name: "B", Role: desk.RoleAgent, Password: password})
	if desk.FaultOf(err) != desk.Conflict {
		t.Errorf("the same address twice: %v", err)
	}
}

func TestWindowNeedsNoLogin(t *testing.T) {
	g := newGate(t, false)
	r := g.ask("GET", "/api/me", "", func(r *http.Request) {
		*r = *r.WithContext(auth.WithActor(r.Context(), g.Agent.As()))
	})
	if who := text(r); who != "Ada Martin" {
		t.Errorf("the window is %q", who)
	}
}
