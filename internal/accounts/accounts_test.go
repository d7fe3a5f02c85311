package accounts

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/intake"
	"aparte/internal/outbox"
	"aparte/internal/route"
	"aparte/internal/store"
	"aparte/internal/vault"

	"github.com/google/go-cmp/cmp"
)

var (
	admin = desk.Actor{Kind: desk.ByAgent, Agent: "ann", Role: desk.RoleAdmin}
	agent = desk.Actor{Kind: desk.ByAgent, Agent: "bob", Role: desk.RoleAgent}
)

// world is a desk whose channel is made by the test.
type world struct {
	t        *testing.T
	store    *store.Store
	accounts *Accounts
	changed  chan struct{}

	mu    sync.Mutex
	built []string // secrets with which a line was made
	open  int      // connectors that are not closed
	fail  error    // what every look ends with
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, changed: make(chan struct{}, 1)}
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	blobs, err := blob.Open(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := vault.Open(dir, vault.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.store, err = store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "desk.db"), Log: log, Changed: func(store.Change) {
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	w.accounts = New(Options{Store: w.store, Vault: keys, Log: log, Build: map[desk.Channel]Factory{desk.Mail: w.build},
		Intake: intake.New(intake.Options{Store: w.store, Blobs: blobs, Log: log, Policy: func() route.Policy { return route.Policy{} },
			Jitter: func(time.Duration) time.Duration { return 0 }}),
		Outbox: outbox.New(outbox.Options{Store: w.store, Blobs: blobs, Log: log})})
	return w
}

func (w *world) build(a desk.Account, secret vault.Secret) (connector.Connector, error) {
	if a.Settings == "broken" {
		return nil, desk.Refuse("settings", "host_missing", "there is no host", "Name one.")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.built = append(w.built, secret.Reveal())
	w.open++
	return &wire{world: w, secret: secret.Reveal()}, nil
}

// wire is a far side without news.
type wire struct {
	connector.Connector // what a test does not need breaks it
	world               *world
	secret              string
}

func (c *wire) Discover(ctx context.Context, _ connector.Cursor, found func(connector.Found) error) error {
	c.world.mu.Lock()
	fail := c.world.fail
	c.world.mu.Unlock()
	if fail != nil {
		return fail
	}
	if err := found(connector.Found{}); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (c *wire) Close() error {
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	c.world.open--
	return nil
}

func (c *wire) Check(ctx context.Context, report func(desk.Check)) error {
	deadline, ok := ctx.Deadline()
	report(desk.Check{Name: "login", OK: c.secret == "right" && ok && time.Until(deadline) <= testTime})
	return nil
}

func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = w.accounts.Run(ctx) }()
	stop = func() {
		cancel()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			w.t.Error("accounts did not end")
		}
	}
	w.t.Cleanup(stop)
	return stop
}

func (w *world) await(id desk.AccountID, state desk.HealthState) desk.Health {
	w.t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		h := w.accounts.Health(id)
		if h.State == state {
			return h
		}
		select {
		case <-w.changed:
		case <-time.After(20 * time.Millisecond): // a state may come between two hints
		case <-deadline:
			w.t.Fatalf("%s is %+v, not %s", id, h, state)
		}
	}
}

func support(secret vault.Secret) NewAccount {
	return NewAccount{ID: "a1", Channel: desk.Mail, Name: "Support", Address: "support@help.test", Settings: "{}", Secret: secret}
}

func (w *world) add(n NewAccount) desk.Account {
	w.t.Helper()
	a, err := w.accounts.Add(w.t.Context(), admin, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func TestAddedAccountRunsAtOnceAndItsSecretIsSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	a := w.add(support("right"))
	w.await("a1", desk.Connected)
	if strings.Contains(string(a.Secret), "right") || w.built[len(w.built)-1] != "right" {
		t.Errorf("sealed as %q, built with %v", a.Secret, w.built)
	}
	again := w.add(support("right"))
	if diff := cmp.Diff(a, again); diff != "" {
		t.Errorf("adding twice made another: %s", diff)
	}
}

func TestAddIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		by   desk.Actor
		n    NewAccount
		want desk.Fault
	}{
		{"to who is no admin", agent, support("x"), desk.Forbidden},
		{"for an address that has one", admin, NewAccount{ID: "a2", Channel: desk.Mail, Address: "Support@Help.test"}, desk.Conflict},
		{"for no address", admin, NewAccount{ID: "a2", Channel: desk.Mail, Address: "support"}, desk.Invalid},
		{"for an unknown channel", admin, NewAccount{ID: "a2", Channel: "pigeon", Address: "x"}, desk.Invalid},
		{"for broken settings", admin, NewAccount{ID: "a2", Channel: desk.Mail, Address: "b@help.test", Settings: "broken"}, desk.Invalid},
		{"without an id", admin, NewAccount{Channel: desk.Mail, Address: "b@help.test"}, desk.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.add(support("right"))
			if _, err := w.accounts.Add(t.Context(), tt.by, tt.n); desk.FaultOf(err) != tt.want {
				t.Errorf("Add = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestStoppedAccountHasNoLineUntilItStarts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	w.add(support("right"))
	w.await("a1", desk.Connected)
	if err := w.accounts.Stop(t.Context(), admin, "a1"); err != nil {
		t.Fatal(err)
	}
	w.await("a1", desk.Stopped)
	if diff := cmp.Diff(desk.Stopped, w.accounts.All()["a1"].State); diff != "" {
		t.Error(diff)
	}
	if err := w.accounts.Start(t.Context(), admin, "a1"); err != nil {
		t.Fatal(err)
	}
	w.await("a1", desk.Connected)
}

func TestNewPasswordRestartsTheLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fail = connector.NeedsCare(errors.New("NO login failed"))
	w.run()
	a := w.add(support("wrong"))
	h := w.await("a1", desk.NeedsCare)
	if h.LastErr != "NO login failed" {
		t.Errorf("said %q", h.LastErr)
	}
	w.mu.Lock()
	w.fail = nil
	w.mu.Unlock()
	right := vault.Secret("right")
	if _, err := w.accounts.Update(t.Context(), admin, "a1", Change{Version: a.Version, Secret: &right}); err != nil {
		t.Fatal(err)
	}
	w.await("a1", desk.Connected)
	if got := w.built[len(w.built)-1]; got != "right" {
		t.Errorf("runs with %q", got)
	}
	name := "Help"
	if _, err := w.accounts.Update(t.Context(), admin, "a1", Change{Version: a.Version, Name: &name}); desk.FaultOf(err) != desk.Conflict {
		t.Errorf("an old version was taken: %v", err)
	}
}

func TestCheckNowStartsWhatWaitedForAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fail = connector.NeedsCare(errors.New("NO login failed"))
	w.run()
	w.add(support("right"))
	w.await("a1", desk.NeedsCare)
	w.mu.Lock()
	w.fail = nil
	w.mu.Unlock()
	w.accounts.CheckNow("a1")
	w.await("a1", desk.Connected)
}

func TestEverythingIsClosedWhenRunEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stop := w.run()
	w.add(support("right"))
	w.add(NewAccount{ID: "a2", Channel: desk.Mail, Address: "sales@help.test"})
	w.await("a1", desk.Connected)
	w.await("a2", desk.Connected)
	stop()
	if w.open != 0 {
		t.Errorf("%d connectors left open", w.open)
	}
}

func TestTestChangesNothingAndUsesWhatIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := func(n NewAccount) (got []desk.Check) {
		t.Helper()
		if err := w.accounts.Test(t.Context(), n, func(c desk.Check) { got = append(got, c) }); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if diff := cmp.Diff([]desk.Check{{Name: "login", OK: true}}, check(support("right"))); diff != "" {
		t.Error(diff)
	}
	if len(w.accounts.All()) != 0 || w.open != 0 {
		t.Error("a test left something")
	}
	w.add(support("right"))
	if diff := cmp.Diff([]desk.Check{{Name: "login", OK: true}}, check(NewAccount{ID: "a1"})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]desk.Check{{Name: "login", OK: false}}, check(NewAccount{ID: "a1", Secret: "wrong"})); diff != "" {
		t.Error(diff)
	}
}
