// Package auth makes a request into an actor: by the window's own word, by a
// session's cookie, or by a token. It keeps the logins of agents, and lets
// nobody guess them.
package auth

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// Options say how a desk is reached.
type Options struct {
	Store *store.Store
	TLS   bool // served over TLS: the cookie is bound to it
	Log   *slog.Logger
	Now   func() time.Time // the clock of the login limits; time.Now if nil
}

// Auth knows who is who.
type Auth struct {
	store    *store.Store
	log      *slog.Logger
	sessions *scs.SessionManager
	origins  *http.CrossOriginProtection
	limit    *limiter
	hashing  chan struct{} // as many password hashes at once as it holds
}

// How long a session lasts: without a request, and at most.
const (
	idle     = 12 * time.Hour
	lifetime = 7 * 24 * time.Hour
)

// New makes the door of a desk.
func New(o Options) *Auth {
	if o.Now == nil {
		o.Now = time.Now
	}
	m := scs.New()
	m.Store = &calm{Sessions: store.Sessions{Store: o.Store}, kept: map[string]keeping{}}
	m.IdleTimeout, m.Lifetime, m.HashTokenInStore = idle, lifetime, true
	m.Cookie.Name, m.Cookie.Path = "aparte", "/"
	m.Cookie.HttpOnly, m.Cookie.SameSite = true, http.SameSiteLaxMode
	if o.TLS {
		m.Cookie.Name, m.Cookie.Secure = "__Host-aparte", true
	}
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(foreign))
	return &Auth{store: o.Store, log: o.Log, sessions: m, origins: origins,
		limit: newLimiter(o.Now), hashing: make(chan struct{}, maxHashing)}
}

// foreign refuses what another site had a browser send.
func foreign(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusForbidden)
	io.WriteString(w, `{"type":"about:blank","title":"another site sent this request","status":403,"code":"cross_origin",`+
		`"hint":"Use the desk's own page, or send a token from a program."}`)
}

type contextKey int

const (
	actorKey contextKey = iota
	addressKey
)

// WithActor says who a request is from: the window and the sandbox know
// without asking.
func WithActor(ctx context.Context, a desk.Actor) context.Context {
	return context.WithValue(ctx, actorKey, a)
}

// ActorOf tells who a request is from; false for nobody.
func ActorOf(ctx context.Context) (desk.Actor, bool) {
	a, ok := ctx.Value(actorKey).(desk.Actor)
	return a, ok
}

// Middleware finds out who a request is from, and refuses what another site
// had a browser send.
func (a *Auth) Middleware(next http.Handler) http.Handler {
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by, err := a.Actor(r)
		switch {
		case err == nil:
			r = r.WithContext(WithActor(r.Context(), by))
		case !errors.Is(err, errNobody):
			a.log.ErrorContext(r.Context(), "cannot tell who asks", "err", err)
		}
		next.ServeHTTP(w, r)
	})
	asked := a.sessions.LoadAndSave(known)
	return a.origins.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := ActorOf(r.Context()); ok || !strings.HasPrefix(r.URL.Path, "/api/") {
			next.ServeHTTP(w, r)
			return
		}
		asked.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), addressKey, address(r))))
	}))
}

// address is the client's, without its port.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

var errNobody = errors.New("nobody")

// Actor tells who a request is from. The error is not nil where it is from
// nobody who may log in.
func (a *Auth) Actor(r *http.Request) (desk.Actor, error) {
	if by, ok := ActorOf(r.Context()); ok {
		return by, nil
	}
	if text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return a.byToken(r.Context(), text)
	}
	return a.bySession(r.Context())
}

// A session holds who logged in, and a trace of the password it was done with:
// a new password ends the sessions of the old one.
const (
	sessionAgent = "agent"
	sessionTrace = "trace"
)

// trace tells one password's hash from another and gives nothing of it away.
func trace(stored string) string { return tokenHash(stored)[:16] }

func (a *Auth) bySession(ctx context.Context) (desk.Actor, error) {
	id := a.sessions.GetString(ctx, sessionAgent)
	if id == "" {
		return desk.Actor{}, errNobody
	}
	var who desk.Agent
	var stored string
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		if who, err = tx.Agent(ctx, desk.AgentID(id)); err != nil {
			return err
		}
		stored, err = tx.Password(ctx, who.ID)
		return err
	})
	switch {
	case desk.FaultOf(err) == desk.NotFound:
		return desk.Actor{}, errNobody
	case err != nil:
		return desk.Actor{}, err
	case !who.DisabledAt.IsZero() || a.sessions.GetString(ctx, sessionTrace) != trace(stored):
		return desk.Actor{}, errNobody
	}
	return who.As(), nil
}
