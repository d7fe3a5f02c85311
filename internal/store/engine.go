package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// engine is what differs between the databases; all else is one text.
type engine struct {
	driver     string
	writeDSN   string
	readDSN    string
	dialect    goose.Dialect
	lockClause string           // of the claim: workers side by side must not take the same rows
	reading    *sql.TxOptions   // one moment's view of the desk
	busy       func(error) bool // somebody else holds what we need: try again
	copyAside  func(ctx context.Context, db *sql.DB, version int64) error
}

// sqliteEngine opens files. Pragmas stand in the connection string, where
// they hold for every connection of a pool. The writer waits for the disk
// (synchronous FULL): an acknowledged mail must survive a power cut. It empties
// the log of writes every 4000 pages, 16 MB: after the usual 1000, on a large
// desk, more than one message in a hundred would wait for that.
func sqliteEngine(path string, cache int) engine {
	common := []string{"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)", "temp_store(2)"}
	return engine{
		driver: "sqlite",
		writeDSN: dsn(path, "immediate", append(common, "synchronous(FULL)", "wal_autocheckpoint(4000)",
			fmt.Sprintf("cache_size(-%d000)", cache))...),
		readDSN: dsn(path, "deferred", append(common, "query_only(1)", "cache_size(-32000)")...),
		dialect: goose.DialectSQLite3,
		busy:    sqliteBusy,
		copyAside: func(ctx context.Context, db *sql.DB, version int64) error {
			return copyFileAside(ctx, db, filepath.Join(filepath.Dir(path), fmt.Sprintf("before-%d.db", version)))
		},
	}
}

// copyFileAside keeps a copy of the desk under a name that exists only once
// the copy is whole. One from an earlier try stays as it is.
func copyFileAside(ctx context.Context, db *sql.DB, to string) error {
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO $1`, part); err != nil {
		return err
	}
	return os.Rename(part, to)
}

func dsn(path, lock string, pragmas ...string) string {
	v := url.Values{"_txlock": {lock}}
	for _, p := range pragmas {
		v.Add("_pragma", p)
	}
	// A path may hold any character that a URL gives a meaning to.
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

func sqliteBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

func (e engine) connect(dsn string, conns int) (*sql.DB, error) {
	db, err := sql.Open(e.driver, dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// retry runs f again while the engine says that somebody else was in the way.
func (e engine) retry(ctx context.Context, f func() error) error {
	const tries = 5
	for n := 1; ; n++ {
		err := f()
		if err == nil || n == tries || !e.busy(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(time.Duration(n) * 20 * time.Millisecond):
		}
	}
}

// placeholders writes "$from, $from+1, …" for n values.
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + itoa(from+i))
	}
	return b.String()
}
