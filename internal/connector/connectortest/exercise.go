// Package connectortest is the connector contract in a form that can be run:
// what every kind of channel must do, tried on the real thing over a far side
// that misbehaves on demand.
package connectortest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/connector"
)

// World is a channel's far side with one account on it, new and empty.
type World struct {
	// Connect makes a connector that takes everything there is.
	Connect func(t *testing.T) connector.Connector
	// Arrive puts a message there, from somebody else, with words to know it by.
	Arrive func(t *testing.T, words string)
	// Vanish takes the newest message away again; nil where that cannot be.
	Vanish func(t *testing.T)
	// CutNext breaks the line in the middle of the next message fetched.
	CutNext func()
}

const patience = 15 * time.Second

var errKeep = errors.New("cannot keep it")

// Exercise runs the contract. Each claim gets a world of its own.
func Exercise(t *testing.T, world func(t *testing.T) World) {
	for name, claim := range map[string]func(*testing.T, World){
		"items come in order, and an empty look is told":  inOrder,
		"discovery goes on from every cursor":             resume,
		"discovery stops where an item cannot be kept":    stopOnFail,
		"the same thing has the same key for every line":  sameKey,
		"what is gone does not stand in the way":          gone,
		"a line cut inside a message gives nothing":       cut,
		"discovery ends within a second of being told to": cancel,
		"a message reads the same twice":                  readTwice,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claim(t, world(t))
		})
	}
}

// discover collects until enough says so, and tells the cursor after each lot.
func discover(t *testing.T, c connector.Connector, from connector.Cursor, n int) ([]connector.Item, []connector.Cursor) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var items []connector.Item
	var cursors []connector.Cursor
	enough := errors.New("enough")
	err := c.Discover(ctx, from, func(f connector.Found) error {
		items, cursors = append(items, f.Items...), append(cursors, f.After)
		if len(items) >= n {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Fatalf("found %d of %d: %v", len(items), n, err)
	}
	return items, cursors
}

func fetch(t *testing.T, c connector.Connector, i connector.Item) ([]byte, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var b bytes.Buffer
	err := c.Fetch(ctx, i, &b)
	return b.Bytes(), err
}

func inOrder(t *testing.T, w World) {
	c := w.Connect(t)
	if items, cursors := discover(t, c, "", 0); len(items) != 0 || len(cursors) != 1 {
		t.Fatalf("an empty look told %d items in %d lots", len(items), len(cursors))
	}
	words := []string{"alpha", "beta", "gamma"}
	for _, word := range words {
		w.Arrive(t, word)
	}
	items, _ := discover(t, c, "", len(words))
	for i, word := range words {
		b, err := fetch(t, c, items[i])
		if err != nil || !bytes.Contains(b, []byte(word)) {
			t.Errorf("item %d is not %s: %v", i, word, err)
		}
	}
}

func resume(t *testing.T, w World) {
	c := w.Connect(t)
	var all []connector.Item
	var cursors []connector.Cursor
	at := connector.Cursor("")
	for _, word := range []string{"alpha", "beta", "gamma"} {
		w.Arrive(t, word)
		items, after := discover(t, c, at, 1)
		at = after[len(after)-1]
		all, cursors = append(all, items...), append(cursors, at)
	}
	for i, from := range cursors[:len(cursors)-1] {
		got, _ := discover(t, w.Connect(t), from, len(all)-i-1)
		if d := cmp.Diff(all[i+1:], got); d != "" {
			t.Errorf("from cursor %d (-want +got):\n%s", i, d)
		}
	}
}

func stopOnFail(t *testing.T, w World) {
	c := w.Connect(t)
	w.Arrive(t, "alpha")
	calls := 0
	err := c.Discover(t.Context(), "", func(connector.Found) error { calls++; return errKeep })
	if !errors.Is(err, errKeep) || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
	if items, _ := discover(t, c, "", 1); len(items) != 1 {
		t.Errorf("%d items when asked again", len(items))
	}
	err = c.Fetch(t.Context(), first(t, c), failing{})
	if !errors.Is(err, errKeep) {
		t.Errorf("a full disk gives %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errKeep }

func first(t *testing.T, c connector.Connector) connector.Item {
	t.Helper()
	items, _ := discover(t, c, "", 1)
	return items[0]
}

func sameKey(t *testing.T, w World) {
	w.Arrive(t, "alpha")
	if d := cmp.Diff(first(t, w.Connect(t)), first(t, w.Connect(t))); d != "" {
		t.Error(d)
	}
}

func gone(t *testing.T, w World) {
	if w.Vanish == nil {
		t.Skip("nothing can be taken away here")
	}
	c := w.Connect(t)
	w.Arrive(t, "alpha")
	w.Arrive(t, "beta")
	items, _ := discover(t, c, "", 2)
	w.Vanish(t)
	if _, err := fetch(t, c, items[1]); !connector.IsGone(err) || !connector.IsPermanent(err) {
		t.Errorf("what is gone gives %v", err)
	}
	if b, err := fetch(t, c, items[0]); err != nil || !bytes.Contains(b, []byte("alpha")) {
		t.Errorf("the other gives %v", err)
	}
	if err := c.Fetch(t.Context(), connector.Item{Key: "no key of ours"}, io.Discard); !connector.IsPermanent(err) {
		t.Errorf("a foreign key gives %v", err)
	}
}

func cut(t *testing.T, w World) {
	c := w.Connect(t)
	w.Arrive(t, "alpha")
	item := first(t, c)
	w.CutNext()
	if b, err := fetch(t, c, item); err == nil || len(b) > 0 || connector.IsPermanent(err) {
		t.Errorf("%d bytes and %v", len(b), err)
	}
	if b, err := fetch(t, c, item); err != nil || !bytes.Contains(b, []byte("alpha")) {
		t.Errorf("the next try: %v", err)
	}
}

func cancel(t *testing.T, w World) {
	c := w.Connect(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var told time.Time
	err := c.Discover(ctx, "", func(connector.Found) error { told = time.Now(); stop(); return nil })
	if took := time.Since(told); !errors.Is(err, context.Canceled) || took > time.Second {
		t.Errorf("%v after %s", err, took)
	}
}

func readTwice(t *testing.T, w World) {
	c := w.Connect(t)
	w.Arrive(t, "alpha")
	item := first(t, c)
	raw, err := fetch(t, c, item)
	if err != nil {
		t.Fatal(err)
	}
	once, twice := c.Read(t.Context(), item, raw), c.Read(t.Context(), item, raw)
	if d := cmp.Diff(once, twice); d != "" || once.Key != item.Key || once.ExternalID == "" {
		t.Errorf("key %q, id %q (-once +twice):\n%s", once.Key, once.ExternalID, d)
	}
}
