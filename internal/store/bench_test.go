package store_test

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"aparte/internal/desk"
	"aparte/internal/sandbox/deskgen"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
)

// The benchmarks run on the desk in the folder that APARTE_BENCH_DESK names
// (make desk SIZE=100000), or on a small one made for the occasion. They add
// a few messages to it. Each reports its median and its 99th percentile, and
// stands beside what the engine needs for the least of its kind.

var benchDesk = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv("APARTE_BENCH_DESK"); dir != "" {
		return filepath.Join(dir, "desk.db"), nil
	}
	dir, err := os.MkdirTemp("", "aparte-bench-")
	if err != nil {
		return "", err
	}
	benchMade = dir
	return filepath.Join(dir, "desk.db"), deskgen.Make(context.Background(), dir, 2000, 1, nil)
})

// TestMain takes away the desk that was made here.
func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(benchMade)
	os.Exit(code)
}

var benchMade string

const owner desk.AgentID = "ada"

func openBench(b *testing.B) *store.Store {
	b.Helper()
	path, err := benchDesk()
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.Context(), store.Options{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// measure times each call of f, and reports what a person would feel.
func measure(b *testing.B, f func() error) {
	b.Helper()
	if err := f(); err != nil { // the first one opens connections
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	at := func(part float64) float64 {
		return float64(took[int(part*float64(len(took)-1))]) / float64(time.Millisecond)
	}
	b.ReportMetric(at(0.50), "ms-p50")
	b.ReportMetric(at(0.99), "ms-p99")
}

func BenchmarkList(b *testing.B) {
	s := openBench(b)
	ctx := context.Background()
	for _, v := range store.Views() {
		b.Run(string(v), func(b *testing.B) {
			measure(b, func() error {
				return s.View(ctx, func(tx *store.Tx) error {
					rows, err := tx.Tickets(ctx, store.TicketQuery{View: v, For: owner, Limit: 50})
					if err != nil {
						return err
					}
					if err := tx.Unread(ctx, owner, rows); err != nil {
						return err
					}
					_, err = tx.ViewCounts(ctx, owner)
					return err
				})
			})
		})
	}
}

func BenchmarkSides(b *testing.B) {
	s := openBench(b)
	ctx := context.Background()
	for name, q := range map[string]store.SideQuery{
		"all": {}, "open": {State: desk.StateOpen}, "ours": {State: desk.StateOpen, Turn: desk.Ours}, "unread": {Unread: true},
	} {
		q.For, q.Limit = owner, 50
		b.Run(name, func(b *testing.B) {
			measure(b, func() error {
				return s.View(ctx, func(tx *store.Tx) error {
					_, err := tx.Sides(ctx, q)
					return err
				})
			})
		})
	}
}

// numbers is how many tickets the desk has.
func numbers(b *testing.B, s *store.Store) int64 {
	b.Helper()
	var n int
	err := s.View(b.Context(), func(tx *store.Tx) error {
		counts, err := tx.ViewCounts(b.Context(), owner)
		n = counts[store.ViewAll]
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return int64(n)
}

func BenchmarkOpen(b *testing.B) {
	s := openBench(b)
	n := numbers(b, s)
	ctx := context.Background()
	measure(b, func() error {
		return s.View(ctx, func(tx *store.Tx) error { return look(ctx, tx, 1+rand.Int64N(n)) })
	})
}

// look reads what the window shows when a ticket is opened.
func look(ctx context.Context, tx *store.Tx, number int64) error {
	k, err := tx.TicketByNumber(ctx, number)
	if err != nil {
		return err
	}
	if _, err := tx.Contact(ctx, k.Requester); err != nil {
		return err
	}
	list, err := tx.Conversations(ctx, owner, k.ID)
	if err != nil {
		return err
	}
	ids := make([]desk.ConversationID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	if _, err := tx.ParticipantsOf(ctx, ids); err != nil {
		return err
	}
	said, err := tx.Messages(ctx, list[0].ID, store.Page{Limit: 50})
	if err != nil {
		return err
	}
	names := make([]desk.MessageID, len(said))
	for i, m := range said {
		names[i] = m.ID
	}
	if _, err := tx.Bodies(ctx, names); err != nil {
		return err
	}
	_, err = tx.DeliveriesOf(ctx, names)
	return err
}

func BenchmarkWrite(b *testing.B) {
	s := openBench(b)
	n := numbers(b, s)
	ctx := context.Background()
	measure(b, func() error {
		return s.Update(ctx, func(tx *store.Tx) error { return write(ctx, tx, 1+rand.Int64N(n)) })
	})
}

// write does what actions do when an agent answers a customer.
func write(ctx context.Context, tx *store.Tx, number int64) error {
	k, err := tx.TicketByNumber(ctx, number)
	if err != nil {
		return err
	}
	c, err := tx.CustomerThread(ctx, k.ID)
	if err != nil {
		return err
	}
	to := desk.Recipient{Address: desk.Address{Email: "eva@post.example"}, Class: desk.To}
	m := desk.Message{ID: desk.MessageID(desk.NewID()), Conversation: c.ID, Direction: desk.Out, Human: true, Agent: owner,
		Preview: "Thank you, it is on its way.", Recipients: []desk.Recipient{to}}
	d := desk.Delivery{ID: desk.DeliveryID(desk.NewID()), Message: m.ID, Conversation: c.ID, Account: c.Account,
		DueAt: tx.Now().Add(time.Hour), EnvelopeTag: desk.RandomText(20), Recipients: []desk.Progressing{{Recipient: to}}}
	e, _, err := tx.Append(ctx, desk.Event{Ticket: k.ID, Conversation: c.ID, By: desk.Actor{Kind: desk.ByAgent, Agent: owner},
		Facts: desk.MessageWritten{Message: m.ID, Delivery: d.ID}})
	if err != nil {
		return err
	}
	m.Seq, m.OccurredAt = e.Seq, e.OccurredAt
	if err := tx.AddMessage(ctx, m, desk.Body{HTML: "<p>Thank you, it is on its way.</p>", Text: m.Preview}); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, d); err != nil {
		return err
	}
	return tx.MarkRead(ctx, owner, c.ID, e.Seq)
}

// BenchmarkRaw is what the engine needs for one row, and for one commit that
// waits for the disk.
func BenchmarkRaw(b *testing.B) {
	openBench(b)
	path, err := benchDesk()
	if err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	b.Run("read", func(b *testing.B) {
		measure(b, func() error {
			var n int64
			return db.QueryRow(`SELECT value FROM counter WHERE name = 'seq'`).Scan(&n)
		})
	})
	b.Run("commit", func(b *testing.B) {
		measure(b, func() error {
			// Another value each time: the engine does not write a page that stays as it was.
			_, err := db.Exec(`INSERT INTO setting (name, value) VALUES ('bench', $1) ON CONFLICT (name) DO UPDATE SET value = $1`, desk.NewID())
			return err
		})
	})
}

// TestDeskOpensAndAnswers keeps the benchmarks' own steps right.
func TestDeskOpensAndAnswers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := deskgen.Make(t.Context(), dir, 20, 1, nil); err != nil {
		t.Fatal(err)
	}
	s := storetest.OpenAt(t, store.Options{Path: filepath.Join(dir, "desk.db")})
	ctx := storetest.Context(t)
	if err := s.Update(ctx, func(tx *store.Tx) error { return write(ctx, tx, 7) }); err != nil {
		t.Fatal(err)
	}
	if err := s.View(ctx, func(tx *store.Tx) error { return look(ctx, tx, 7) }); err != nil {
		t.Fatal(err)
	}
}
