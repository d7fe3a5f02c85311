package feed

import (
	"context"
	"fmt"
	"testing"
	"time"

	"aparte/internal/desk"

	"github.com/google/go-cmp/cmp"
)

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// ended is a context that has no time left.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func topics(n News) []string {
	var all []string
	for _, h := range n.Hints {
		all = append(all, h.Topic)
	}
	return all
}

func TestWaitReturnsAtOnceWhenTheLogIsAhead(t *testing.T) {
	t.Parallel()
	f := New()
	f.Advance(7, nil)
	if got := f.Wait(within(t), 6, f.cursor).Seq; got != 7 {
		t.Errorf("seq = %d, want 7", got)
	}
}

func TestWaiterIsWokenByTheNextNews(t *testing.T) {
	t.Parallel()
	for name, advance := range map[string]func(*Feed){
		"an event": func(f *Feed) { f.Advance(1, nil) },
		"a hint":   func(f *Feed) { f.Advance(0, []string{"counts"}) },
		"the end":  func(f *Feed) { f.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, got := New(), make(chan News)
			cursor := f.cursor
			go func() { got <- f.Wait(within(t), 0, cursor) }()
			advance(f)
			select {
			case <-got:
			case <-time.After(10 * time.Second):
				t.Fatal("nobody woke the waiter")
			}
		})
	}
}

func TestWaitWithoutNewsEndsWithItsContext(t *testing.T) {
	t.Parallel()
	f := New()
	f.Advance(3, []string{"counts"})
	want := News{Seq: 3, Cursor: f.cursor}
	if diff := cmp.Diff(want, f.Wait(ended(), 3, f.cursor)); diff != "" {
		t.Error(diff)
	}
}

func TestHintsAreThoseChangedSinceTheCursor(t *testing.T) {
	t.Parallel()
	f := New()
	f.Advance(0, []string{"counts", "agents"})
	first := f.Wait(within(t), 0, 1)
	f.Advance(0, []string{"counts"})
	second := f.Wait(within(t), 0, first.Cursor)
	if diff := cmp.Diff([]string{"agents", "counts"}, topics(first)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"counts"}, topics(second)); diff != "" {
		t.Error(diff)
	}
}

func TestCursorFromAnotherRunIsOld(t *testing.T) {
	t.Parallel()
	f := New()
	for _, cursor := range []int64{0, f.cursor - 1, f.cursor + 1_000_000} {
		if got := f.Wait(ended(), 0, cursor).Cursor; got != f.cursor {
			t.Errorf("cursor after %d = %d, want %d", cursor, got, f.cursor)
		}
	}
}

func TestManyTopicsAreForgottenOldestFirst(t *testing.T) {
	t.Parallel()
	f := New()
	for i := range maxTopics + 1 {
		f.Advance(0, []string{fmt.Sprint("delivery:", i)})
	}
	if _, ok := f.hints[fmt.Sprint("delivery:", maxTopics)]; !ok || len(f.hints) > maxTopics {
		t.Errorf("%d topics kept, the newest among them: %v", len(f.hints), ok)
	}
}

func TestSeqNeverGoesBack(t *testing.T) {
	t.Parallel()
	f := New()
	f.Advance(9, nil)
	f.Advance(4, nil)
	if got := f.Wait(within(t), 0, f.cursor).Seq; got != desk.Seq(9) {
		t.Errorf("seq = %d, want 9", got)
	}
}
