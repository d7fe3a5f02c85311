package deskgen_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/desk"
	"aparte/internal/sandbox/deskgen"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
)

const size = 200

func made(t *testing.T, seed uint64) *store.Store {
	t.Helper()
	dir := t.TempDir()
	if err := deskgen.Make(t.Context(), dir, size, seed, nil); err != nil {
		t.Fatal(err)
	}
	return storetest.OpenAt(t, store.Options{Path: filepath.Join(dir, "desk.db"), Log: slog.New(slog.DiscardHandler)})
}

// story is what the log tells, without the ids that the store makes itself.
func story(t *testing.T, s *store.Store) (lines []string, messages, sides int) {
	t.Helper()
	ctx := storetest.Context(t)
	err := s.View(ctx, func(tx *store.Tx) error {
		events, err := tx.EventsAfter(ctx, 0, 1<<20)
		for _, e := range events {
			lines = append(lines, string(e.Ticket)+" "+string(e.Conversation)+" "+string(e.Kind)+" "+e.At.String()+" "+e.By.Name)
			switch e.Kind {
			case desk.KindMessageReceived, desk.KindMessageWritten, desk.KindNoteAdded:
				messages++
			case desk.KindSideOpened:
				sides++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines, messages, sides
}

func TestSameSeedTellsTheSameStory(t *testing.T) {
	t.Parallel()
	first, messages, sides := story(t, made(t, 1))
	second, _, _ := story(t, made(t, 1))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two tellings differ:\n%.2000s", diff)
	}
	if messages != 10*size {
		t.Errorf("%d messages, want %d", messages, 10*size)
	}
	if sides < size/10 || sides > size/4 {
		t.Errorf("%d side conversations on %d tickets", sides, size)
	}
	if other, _, _ := story(t, made(t, 2)); cmp.Equal(first, other) {
		t.Error("another seed tells the same story")
	}
}

func TestExistingDeskIsNotOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := deskgen.Make(t.Context(), dir, 1, 1, nil); err != nil {
		t.Fatal(err)
	}
	if err := deskgen.Make(t.Context(), dir, 1, 1, nil); err == nil {
		t.Error("a desk was written over another")
	}
}
