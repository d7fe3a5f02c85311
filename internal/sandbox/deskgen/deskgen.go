// Package deskgen invents a desk of any size that could be a real one: three
// years of tickets in English and French, with answers, notes and side
// conversations, told through the store as the product tells them. The schema
// is judged by it. The same seed tells the same story.
package deskgen

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// The desk's three years.
var (
	opening = time.Date(2023, 11, 20, 7, 0, 0, 0, time.UTC)
	today   = time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
)

// stepsPerCommit bounds a transaction: large enough that the disk is not
// waited for, small enough for memory.
const stepsPerCommit = 20_000

// Make writes a desk with size tickets and ten times as many messages into
// dir/desk.db, which must not exist. Its mailboxes are stopped. It calls
// progress, which may be nil, after each commit.
func Make(ctx context.Context, dir string, size int, seed uint64, progress func(done, of int)) error {
	path := filepath.Join(dir, "desk.db")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is already there: remove it, or name another folder", path)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Path: path, Cache: 256, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Now: func() time.Time { return opening }})
	if err != nil {
		return err
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	w := &world{ctx: ctx, rand: rand.New(rand.NewPCG(seed, 2)), size: size}
	return errors.Join(w.tell(s, progress), s.Close())
}

// world is the story while it is told.
type world struct {
	ctx   context.Context
	rand  *rand.Rand
	size  int
	begun int   // tickets that have begun
	lens  []int // lengths of the next tickets, in messages
	lives lives // tickets with something still to come
	said  int   // messages so far
	moved bool  // the agents have their logins

	customers []person
	partners  []person
}

func (w *world) tell(s *store.Store, progress func(done, of int)) error {
	w.people()
	if err := s.Update(w.ctx, w.mailboxes); err != nil {
		return err
	}
	// Nobody else has this file open, so that no transaction is run twice.
	for w.begun < w.size || len(w.lives) > 0 {
		if err := s.Update(w.ctx, w.chapter); err != nil {
			return fmt.Errorf("after %d messages: %w", w.said, err)
		}
		progress(w.said, 10*w.size)
	}
	return nil
}

// chapter tells the next steps, whosever they are, in the order of time.
func (w *world) chapter(tx *store.Tx) error {
	for range stepsPerCommit {
		if err := w.agents(tx); err != nil {
			return err
		}
		if w.begun < w.size && (len(w.lives) == 0 || w.nextBegin().Before(w.lives[0].at)) {
			heap.Push(&w.lives, w.newLife())
		}
		if len(w.lives) == 0 {
			return nil
		}
		l := w.lives[0]
		tx.Backdate(l.at)
		if err := l.step(tx); err != nil {
			return err
		}
		if l.over() {
			heap.Pop(&w.lives)
		} else {
			heap.Fix(&w.lives, 0)
		}
	}
	return nil
}

// nextBegin spreads tickets evenly over the years.
func (w *world) nextBegin() time.Time {
	const lastDay = 8 * time.Hour
	span := today.Add(-lastDay).Sub(opening)
	return opening.Add(time.Duration(float64(span) * float64(w.begun) / float64(w.size)))
}

func (w *world) mailboxes(tx *store.Tx) error {
	for _, a := range mailboxes {
		tx.Backdate(opening)
		a.StoppedAt = today // nobody shall dial a server that does not exist
		if err := tx.SaveAccount(w.ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// agents gives everybody a login shortly before the end: a new agent has read
// all there is, so that only the last days are unread.
func (w *world) agents(tx *store.Tx) error {
	if w.moved || w.said < w.size*10*98/100 {
		return nil
	}
	w.moved = true
	tx.Backdate(today)
	for _, a := range staff {
		if err := tx.SaveAgent(w.ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// lengths of twenty tickets, in messages: two hundred together.
var lengths = []int{2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 12, 14, 16, 20, 26, 38}

func (w *world) length() int {
	if len(w.lens) == 0 {
		for _, i := range w.rand.Perm(len(lengths)) {
			w.lens = append(w.lens, lengths[i])
		}
	}
	n := w.lens[0]
	w.lens = w.lens[1:]
	return n
}

// id is an identifier as desk.NewID makes them, but foretold by the seed.
func (w *world) id() string { return w.text(26) }

func (w *world) text(n int) string {
	b := make([]byte, (n*5+7)/8)
	for i := range b {
		b[i] = byte(w.rand.Uint32())
	}
	return desk.Encode32(b)[:n]
}

func pick[T any](w *world, list []T) T { return list[w.rand.IntN(len(list))] }

// chance is true in so many of a hundred cases.
func (w *world) chance(percent int) bool { return w.rand.IntN(100) < percent }

// lives is a heap of tickets by what comes next.
type lives []*life

func (h lives) Len() int           { return len(h) }
func (h lives) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h lives) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *lives) Push(x any)        { *h = append(*h, x.(*life)) }
func (h *lives) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
