package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/desk"
)

// next is a schema of a later version: this one's and one step more.
func next(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	names, err := fs.Glob(schema(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(schema(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	files["9998_a_later_table.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE later (id TEXT PRIMARY KEY);\n" +
		"ALTER TABLE ticket ADD COLUMN later TEXT NOT NULL DEFAULT '';\n")}
	return files
}

func migrated(t *testing.T, path string, versions ...fs.FS) (*Store, error) {
	t.Helper()
	s, err := connect(Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, files := range versions {
		if err := s.migrate(t.Context(), files); err != nil {
			return s, err
		}
	}
	return s, nil
}

// shape is a database's schema as it is written in it.
func shape(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT type || ' ' || name || ': ' || COALESCE(sql, '') FROM sqlite_master ORDER BY type, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

func TestMigratedDeskEqualsFreshOne(t *testing.T) {
	t.Parallel()
	old, err := migrated(t, filepath.Join(t.TempDir(), "aparte.db"), schema(), next(t))
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := migrated(t, filepath.Join(t.TempDir(), "aparte.db"), next(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shape(t, fresh.read), shape(t, old.read)); diff != "" {
		t.Errorf("schema (-fresh +migrated):\n%s", diff)
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "aparte.db")
	s, err := migrated(t, path, schema())
	if err != nil {
		t.Fatal(err)
	}
	before := content(t, s)
	if err := s.migrate(t.Context(), schema()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, content(t, s)) {
		t.Error("the file changed")
	}
}

// content is a desk's file with everything written into it.
func content(t *testing.T, s *Store) []byte {
	t.Helper()
	if _, err := s.write.ExecContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	var path string
	if err := s.write.QueryRowContext(t.Context(), `SELECT file FROM pragma_database_list`).Scan(&path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOlderDeskIsCopiedAsideBeforeItChanges(t *testing.T) {
	t.Parallel()
	// The name holds what a connection string would take for its own.
	dir := filepath.Join(t.TempDir(), "Zoé's desk 100% ?#1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := migrated(t, filepath.Join(dir, "aparte.db"), schema())
	if err != nil {
		t.Fatal(err)
	}
	// What an interrupted copy left is no copy.
	if err := os.WriteFile(filepath.Join(dir, "before-1.db.part"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := shape(t, s.read)
	if err := s.migrate(t.Context(), next(t)); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	if diff := cmp.Diff([]string{"aparte.db", "aparte.db-shm", "aparte.db-wal", "before-1.db"}, names); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	aside, err := connect(Options{Path: filepath.Join(dir, "before-1.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer aside.Close()
	if diff := cmp.Diff(want, shape(t, aside.read)); diff != "" {
		t.Errorf("the copy's schema (-old +copy):\n%s", diff)
	}
}

func TestNewDeskIsNotCopiedAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := migrated(t, filepath.Join(dir, "aparte.db"), schema()); err != nil {
		t.Fatal(err)
	}
	if copies, _ := filepath.Glob(filepath.Join(dir, "before-*")); len(copies) > 0 {
		t.Errorf("copies of nothing: %v", copies)
	}
}

func TestNewerDeskIsRefusedWithAdviceAndLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "aparte.db")
	newer, err := migrated(t, path, next(t))
	if err != nil {
		t.Fatal(err)
	}
	before := content(t, newer)
	_, err = Open(t.Context(), Options{Path: path})
	var e *desk.Error
	if !errors.As(err, &e) || e.Code != "desk_newer" || e.Fault != desk.Conflict || e.Hint == "" {
		t.Errorf("refused with %v", err)
	}
	if !bytes.Equal(before, content(t, newer)) {
		t.Error("the newer desk's file changed")
	}
}

func TestFailedMigrationLeavesTheDeskAsItWas(t *testing.T) {
	t.Parallel()
	s, err := migrated(t, filepath.Join(t.TempDir(), "aparte.db"), schema())
	if err != nil {
		t.Fatal(err)
	}
	before := shape(t, s.read)
	broken := next(t)
	broken["9999_broken.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE half (id TEXT);\nCREATE TABLE half (id TEXT);\n")}
	delete(broken, "9998_a_later_table.sql")
	if err := s.migrate(t.Context(), broken); err == nil {
		t.Fatal("a broken migration went through")
	}
	if diff := cmp.Diff(before, shape(t, s.read)); diff != "" {
		t.Errorf("schema (-before +after):\n%s", diff)
	}
}

func TestFileThatIsNoDeskIsRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "aparte.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Path: path})
	var e *desk.Error
	if !errors.As(err, &e) || e.Fault != desk.Unavailable || e.Hint == "" {
		t.Errorf("refused with %v", err)
	}
}

func TestVerifyFindsWhatTheLogDoesNotTell(t *testing.T) {
	t.Parallel()
	s, err := migrated(t, filepath.Join(t.TempDir(), "aparte.db"), schema())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), oneTicket); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`UPDATE ticket SET status = 'solved', sides = 3`, `UPDATE tally SET value = 7 WHERE name = 'all'`,
		`DELETE FROM conversation`,
	} {
		if _, err := s.write.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	if err := s.View(t.Context(), func(tx *Tx) (err error) { got, err = tx.Verify(t.Context()); return err }); err != nil {
		t.Fatal(err)
	}
	want := []string{"1 rows of kind conversation are missing", "count all differs from the log in [Value]",
		"ticket k differs from the log in [Status Sides]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("complaints (-want +got):\n%s", diff)
	}
}

func oneTicket(tx *Tx) error {
	ctx := context.Background()
	c, err := tx.Meet(ctx, desk.Address{Email: "eva@example.com"}, false)
	if err != nil {
		return err
	}
	for _, e := range []desk.Event{
		{Ticket: "k", Facts: desk.TicketOpened{Number: 1, Subject: "Order", Requester: c.ID, Status: desk.New, Priority: desk.Normal}},
		{Ticket: "k", Conversation: "c", Facts: desk.ConversationStarted{Start: desk.Start{Side: desk.CustomerSide, Token: "t", ThreadKey: "h"}}},
	} {
		if _, _, err := tx.Append(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
