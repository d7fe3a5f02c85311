package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"aparte/internal/desk"
)

//go:embed migrations/*.sql
var migrations embed.FS

// schema is the migrations that this version knows.
func schema() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is a constant
	}
	return files
}

// migrate brings the database up to date. Before it changes an older desk it
// copies the file aside; a newer desk is refused and left alone.
func (s *Store) migrate(ctx context.Context, files fs.FS) error {
	p, err := goose.NewProvider(s.engine.dialect, s.write, files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return unreadable(err)
	case have > want:
		return tooNew(have, want)
	case have == want:
		return nil
	}
	if have > 0 && s.engine.copyAside != nil {
		if err := s.engine.copyAside(ctx, s.write, have); err != nil {
			return fmt.Errorf("copy the desk aside before changing it: %w", err)
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the desk up to date: %w", err)
	}
	return nil
}

func unreadable(err error) error {
	return &desk.Error{Fault: desk.Unavailable, Code: "desk_unreadable", Err: err,
		Msg:  "the desk's database cannot be opened",
		Hint: "Check that the data folder exists, is yours to write, and that its disk is not full."}
}

func tooNew(have, want int64) error {
	return &desk.Error{Fault: desk.Conflict, Code: "desk_newer",
		Msg:  fmt.Sprintf("this desk was written by a newer version (schema %d, this program knows %d)", have, want),
		Hint: "Start it with the newer version of aparte; nothing was changed."}
}

// Schema is the version of the tables.
func (t *Tx) Schema(ctx context.Context) (int64, error) {
	var n int64
	err := t.q.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&n)
	return n, err
}
