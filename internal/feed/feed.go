// Package feed is who waits for news of the desk: a wake-up, and never the
// news itself. It holds the newest sequence number and a version for each
// hint; the log is the truth, so a wake-up that is lost loses nothing.
package feed

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"aparte/internal/desk"
)

// Feed wakes those who wait. The zero value is of no use; call New.
type Feed struct {
	mu     sync.Mutex
	wake   chan struct{} // closed by the next news, and replaced
	seq    desk.Seq
	cursor int64            // the newest hint's version
	hints  map[string]int64 // topic to version
	closed bool
}

// News tells how far the desk has come, and which hints changed.
type News struct {
	Seq    desk.Seq
	Hints  []Hint // oldest change first
	Cursor int64  // to pass next time
}

// Hint says that something changed which is no event: a read mark, a draft, a
// count. Versions grow, also from one run of the desk to the next.
type Hint struct {
	Topic   string
	Version int64
}

// New makes a feed without news. Its versions start from the clock, so that a
// cursor from before a restart is always an old one.
func New() *Feed {
	return &Feed{wake: make(chan struct{}), cursor: time.Now().UnixMilli(), hints: map[string]int64{}}
}

// Advance tells everybody who waits that the log has grown up to seq and that
// the topics in hints changed. A seq of 0 brings hints alone. It never blocks.
func (f *Feed) Advance(seq desk.Seq, hints []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq = max(f.seq, seq)
	if len(hints) > 0 {
		f.cursor = max(f.cursor+1, time.Now().UnixMilli())
	}
	for _, topic := range hints {
		f.hints[topic] = f.cursor
	}
	f.forget()
	f.rouse()
}

// maxTopics bounds the memory of a feed that runs for years. Hints may be
// lost: they only say that it is worth looking.
const maxTopics = 4096

// forget drops the older half of too many topics.
func (f *Feed) forget() {
	if len(f.hints) <= maxTopics {
		return
	}
	for _, h := range f.changed(0)[:maxTopics/2] {
		delete(f.hints, h.Topic)
	}
}

func (f *Feed) rouse() {
	if f.closed {
		return
	}
	close(f.wake)
	f.wake = make(chan struct{})
}

// Wait returns at once if there is something newer than after or hintsAfter,
// and otherwise at the next news. When ctx ends first, it returns the current
// cursors and no hints; the caller sets the deadline.
func (f *Feed) Wait(ctx context.Context, after desk.Seq, hintsAfter int64) News {
	for {
		news, fresh, wake := f.look(after, hintsAfter)
		if fresh {
			return news
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return News{Seq: news.Seq, Cursor: news.Cursor}
		}
	}
}

// look tells what is newer, and what to wait for where nothing is. A hint
// cursor from the future comes from a clock that was set back: it is as old
// as can be.
func (f *Feed) look(after desk.Seq, hintsAfter int64) (News, bool, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if hintsAfter > f.cursor {
		hintsAfter = 0
	}
	news := News{Seq: f.seq, Hints: f.changed(hintsAfter), Cursor: f.cursor}
	return news, f.closed || f.seq > after || f.cursor > hintsAfter, f.wake
}

func (f *Feed) changed(since int64) []Hint {
	var all []Hint
	for topic, version := range f.hints {
		if version > since {
			all = append(all, Hint{topic, version})
		}
	}
	slices.SortFunc(all, func(a, b Hint) int {
		return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Topic, b.Topic))
	})
	return all
}

// Close wakes everybody; from then on nobody waits.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.wake)
	}
}

// Closed tells whether waiting is over for good.
func (f *Feed) Closed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}
