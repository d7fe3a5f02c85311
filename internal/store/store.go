// Package store holds SQL and nothing but SQL: what the desk knows, in one
// text for two engines. Update and View are the only ways in; methods on Tx
// are short and named for what they find or write.
//
// It has no opinion on who may do what, and no rule of the product beyond the
// folding of events, which is desk's.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"aparte/internal/desk"
)

// Change tells those who wait what a commit brought.
type Change struct {
	Seq   desk.Seq // the newest event; 0 if the commit held none
	Hints []string // topics that are no events: "drafts:AGENT", "read:AGENT", "counts"
}

// Options say where a desk is kept.
type Options struct {
	Path    string       // the SQLite file
	DSN     string       // of a PostgreSQL database in collation C, instead of a file
	Cache   int          // megabytes of the file that the writer keeps at hand; 0 for 32
	Log     *slog.Logger // required
	Now     func() time.Time
	Changed func(Change) // called after each commit that changed something; must not block
}

// Store is an open desk database.
type Store struct {
	write   *sql.DB
	read    *sql.DB
	engine  engine
	log     *slog.Logger
	now     func() time.Time
	changed func(Change)
}

// Open opens the desk at o.Path, makes it if there is none, and brings an
// older one up to date.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, schema()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(o Options) (*Store, error) {
	e := sqliteEngine(o.Path, cmp.Or(o.Cache, 32))
	if o.DSN != "" {
		e = postgresEngine(o.DSN)
	}
	s := &Store{engine: e, log: o.Log, now: o.Now, changed: o.Changed}
	if s.now == nil {
		s.now = time.Now
	}
	if s.changed == nil {
		s.changed = func(Change) {}
	}
	var err error
	if s.write, err = e.connect(e.writeDSN, 1); err != nil {
		return nil, fmt.Errorf("open desk: %w", err)
	}
	if s.read, err = e.connect(e.readDSN, readers); err != nil {
		return nil, errors.Join(fmt.Errorf("open desk for reading: %w", err), s.write.Close())
	}
	return s, nil
}

// readers is how many reads may go on side by side.
const readers = 4

// Close lets go of the database.
func (s *Store) Close() error {
	return errors.Join(s.read.Close(), s.write.Close())
}

// Now is the desk's clock, in what the store can keep.
func (s *Store) Now() time.Time { return desk.Millis(s.now()) }

// Tx is one transaction. Its methods fail once it has ended.
type Tx struct {
	q      *sql.Tx
	engine engine
	at     time.Time
	change Change
	used   map[string]*sql.Stmt // texts run before; nil until the second time
	log    *pen                 // nil in a reading transaction
}

// pen is where a writing transaction stands in the log, and the rows that it
// has folded so far. Only Append writes those, so none of them goes stale.
type pen struct {
	seq           desk.Seq
	tickets       map[desk.TicketID]desk.Ticket
	conversations map[desk.ConversationID]desk.Conversation
}

func newPen(seq desk.Seq) *pen {
	return &pen{seq, map[desk.TicketID]desk.Ticket{}, map[desk.ConversationID]desk.Conversation{}}
}

// Now is the transaction's time: all that happens in it happens at once.
func (t *Tx) Now() time.Time { return t.at }

// Backdate sets the transaction's time for what follows: whoever brings an old
// story into the desk tells it with its own dates.
func (t *Tx) Backdate(at time.Time) { t.at = desk.Millis(at) }

// Hint tells waiters, after the commit, of a change that is no event.
func (t *Tx) Hint(topic string) { t.change.Hints = append(t.change.Hints, topic) }

// Update runs f in a writing transaction. It commits if f returns nil, and
// undoes everything otherwise. f must have no effects outside of the
// transaction: it may be run again.
func (s *Store) Update(ctx context.Context, f func(*Tx) error) error {
	var change Change
	err := s.engine.retry(ctx, func() error {
		var err error
		change, err = s.update(ctx, f)
		return err
	})
	if err != nil {
		return err
	}
	if change.Seq > 0 || len(change.Hints) > 0 {
		s.changed(change)
	}
	return nil
}

func (s *Store) update(ctx context.Context, f func(*Tx) error) (Change, error) {
	q, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return Change{}, fmt.Errorf("begin: %w", err)
	}
	defer q.Rollback() // does nothing after a commit
	t := &Tx{q: q, engine: s.engine, at: s.Now(), used: map[string]*sql.Stmt{}}
	start, err := t.takeLog(ctx)
	if err != nil {
		return Change{}, err
	}
	if err := f(t); err != nil {
		return Change{}, err
	}
	if t.log.seq != start {
		if err := t.exec(ctx, `UPDATE counter SET value = $1 WHERE name = 'seq'`, int64(t.log.seq)); err != nil {
			return Change{}, fmt.Errorf("count events: %w", err)
		}
	}
	if err := q.Commit(); err != nil {
		return Change{}, fmt.Errorf("commit: %w", err)
	}
	return t.change, nil
}

// takeLog takes the counter row first, so that numbers become visible in order
// and two writers never wait for each other crosswise.
func (t *Tx) takeLog(ctx context.Context) (desk.Seq, error) {
	var seq desk.Seq
	err := t.row(ctx, `UPDATE counter SET value = value WHERE name = 'seq' RETURNING value`).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("take the counter: %w", err)
	}
	t.log = newPen(seq)
	return seq, nil
}

// View runs f in a reading transaction, which sees the desk as it was at one
// moment, whatever is written meanwhile.
func (s *Store) View(ctx context.Context, f func(*Tx) error) error {
	q, err := s.read.BeginTx(ctx, s.engine.reading)
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer q.Rollback() // a reading transaction has nothing to commit
	return f(&Tx{q: q, engine: s.engine, at: s.Now(), used: map[string]*sql.Stmt{}})
}

// Savepoint runs f so that its failure undoes only what f did. Many inbound
// messages may so share one commit (ruling 14).
func (t *Tx) Savepoint(ctx context.Context, f func() error) error {
	if err := t.exec(ctx, `SAVEPOINT one`); err != nil {
		return err
	}
	change, seq := t.change, t.log.seq
	if err := f(); err != nil {
		t.change, t.log = change, newPen(seq)
		return errors.Join(err, t.exec(ctx, `ROLLBACK TO SAVEPOINT one`), t.exec(ctx, `RELEASE SAVEPOINT one`))
	}
	return t.exec(ctx, `RELEASE SAVEPOINT one`)
}

// Seq is the newest event's number.
func (t *Tx) Seq(ctx context.Context) (desk.Seq, error) {
	if t.log != nil {
		return t.log.seq, nil
	}
	var n desk.Seq
	err := t.row(ctx, `SELECT value FROM counter WHERE name = 'seq'`).Scan(&n)
	return n, err
}

func (t *Tx) next(ctx context.Context, counter string) (int64, error) {
	var n int64
	err := t.row(ctx,
		`UPDATE counter SET value = value + 1 WHERE name = $1 RETURNING value`, counter).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", counter, err)
	}
	return n, nil
}

// again gives a prepared statement for a text that this transaction has run
// before, and nil the first time: compiling is most of what a small statement
// costs, and in a small transaction each is run once.
func (t *Tx) again(ctx context.Context, text string) *sql.Stmt {
	s, used := t.used[text]
	if used && s == nil {
		s, _ = t.q.PrepareContext(ctx, text) // running the text itself will tell what is wrong with it
	}
	t.used[text] = s
	return s
}

func (t *Tx) row(ctx context.Context, text string, args ...any) *sql.Row {
	if s := t.again(ctx, text); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return t.q.QueryRowContext(ctx, text, args...)
}

func (t *Tx) run(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if s := t.again(ctx, text); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return t.q.ExecContext(ctx, text, args...)
}

func (t *Tx) exec(ctx context.Context, text string, args ...any) error {
	_, err := t.run(ctx, text, args...)
	return err
}

// changedOne runs a statement that must change exactly one row.
func (t *Tx) changedOne(ctx context.Context, what, text string, args ...any) error {
	r, err := t.run(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("%s: %d rows changed, not one", what, n))
	}
	return nil
}
