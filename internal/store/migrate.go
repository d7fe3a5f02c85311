package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"

	"aparte/internal/desk"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database up to date. Before it changes an older desk it
// copies the file aside; a newer desk is refused and left alone.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
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
	if err := s.copyAside(ctx, have); err != nil {
		return fmt.Errorf("copy the desk aside before changing it: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the desk up to date: %w", err)
	}
	return nil
}

func (s *Store) copyAside(ctx context.Context, have int64) error {
	if have == 0 || s.engine.backup == nil {
		return nil
	}
	path := strings.TrimPrefix(strings.SplitN(s.engine.writeDSN, "?", 2)[0], "file:")
	to := filepath.Join(filepath.Dir(path), fmt.Sprintf("before-%d.db", have))
	if _, err := os.Stat(to); err == nil {
		return nil // kept from an earlier try
	}
	return s.engine.backup(ctx, s.write, to)
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
