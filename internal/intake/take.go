package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"aparte/internal/blob"
	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/store"
)

const (
	maxBatch      = 50       // messages that share a commit (ruling 14)
	maxBatchBytes = 16 << 20 // of originals in memory at once, beyond the first
	maxRaw        = 64 << 20 // of one original
	maxTries      = 5        // then an item is set aside
	maxStraight   = 3        // failures one after the other end a round: the line may be down
	fetchTime     = 15 * time.Minute
	shortWait     = 5 * time.Second
)

// retry is the wait after a failed try of one item, by how many have failed.
var retry = [...]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute}

// takeAll takes what was found until ctx ends.
func (l *line) takeAll(ctx context.Context) {
	for ctx.Err() == nil {
		wait, err := l.drain(ctx)
		if err != nil && ctx.Err() == nil {
			l.Log.ErrorContext(ctx, "taking mail failed", "account", l.account.ID, "err", err)
			wait = shortWait
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-l.found:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// drain takes everything that is due, and tells how long nothing more is.
func (l *line) drain(ctx context.Context) (time.Duration, error) {
	straight := 0
	for {
		due, next, err := l.pending(ctx)
		if err != nil || len(due) == 0 {
			return next, err
		}
		batch := l.fetchSome(ctx, due, &straight)
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if err := l.accept(ctx, batch); err != nil {
			return 0, err
		}
		if len(batch) == 0 || straight >= maxStraight {
			return shortWait, nil
		}
	}
}

// pending lists what is due, or tells when something will be.
func (l *line) pending(ctx context.Context) (due []store.Item, next time.Duration, err error) {
	err = l.Store.View(ctx, func(tx *store.Tx) error {
		if due, err = tx.Pending(ctx, l.account.ID, maxBatch); err != nil || len(due) > 0 {
			return err
		}
		at, any, err := tx.NextPending(ctx, l.account.ID)
		next = time.Hour
		if any {
			next = max(at.Sub(tx.Now()), 10*time.Millisecond)
		}
		return err
	})
	return due, next, err
}

// try is one item with what came of fetching it.
type try struct {
	item    store.Item
	arrival place.Arrival
	raw     string // sum of the original, once it is stored
	err     error
}

// fetchSome fetches due items, as many as one commit takes. What failed for
// want of a line is left out, to be tried when the line is back.
func (l *line) fetchSome(ctx context.Context, due []store.Item, straight *int) []try {
	var batch []try
	size := int64(0)
	for _, it := range due {
		if ctx.Err() != nil || *straight >= maxStraight || size > maxBatchBytes {
			break
		}
		t := try{item: it}
		n := int64(0)
		t.arrival, t.raw, n, t.err = l.fetch(ctx, it)
		size += n
		switch {
		case t.err == nil || connector.IsPermanent(t.err):
			*straight = 0
		case ctx.Err() != nil:
			return batch
		case connector.IsCare(t.err), errors.Is(t.err, errOurs), t.raw == "" && !l.connected():
			*straight = maxStraight
			continue
		default:
			*straight++
		}
		batch = append(batch, t)
	}
	return batch
}

// fetch spools an item's original to the disk to stay, reads it, and stores
// its files. A panic of a reader is that item's failure.
func (l *line) fetch(ctx context.Context, it store.Item) (a place.Arrival, sum string, size int64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("reading an item broke down: %v", r)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	item := connector.Item{Key: it.Key, Size: it.Size}
	w, err := l.Blobs.New()
	if err != nil {
		return a, "", 0, errors.Join(errOurs, err)
	}
	defer w.Discard()
	if err := l.connector.Fetch(ctx, item, spool{w}); err != nil {
		return a, "", 0, fmt.Errorf("fetch: %w", err)
	}
	if sum, size, err = w.Commit(); err != nil {
		return a, "", 0, errors.Join(errOurs, err)
	}
	raw, err := l.Blobs.Bytes(sum, maxRaw)
	switch {
	case errors.Is(err, blob.ErrTooBig):
		return a, sum, 0, connector.Permanent(err)
	case err != nil:
		return a, sum, 0, errors.Join(errOurs, err)
	}
	a, err = l.read(ctx, item, raw, sum)
	return a, sum, size, err
}

// errOurs marks the desk's own trouble, such as a full disk: it counts against
// no item.
var errOurs = errors.New("the desk cannot store files")

// spool marks a failing write as ours.
type spool struct{ io.Writer }

func (s spool) Write(b []byte) (int, error) {
	n, err := s.Writer.Write(b)
	if err != nil {
		err = errors.Join(errOurs, err)
	}
	return n, err
}

func (l *line) read(ctx context.Context, item connector.Item, raw []byte, sum string) (place.Arrival, error) {
	m := l.connector.Read(ctx, item, raw)
	m.Account, m.Channel, m.Key = l.account.ID, l.account.Channel, item.Key
	m.RawSum, m.Raw = sum, nil
	if m.TakenAt.IsZero() {
		m.TakenAt = l.Store.Now()
	}
	a := place.Arrival{}
	for _, f := range m.Files {
		fileSum, size, err := l.Blobs.Put(bytes.NewReader(f.Bytes))
		if err != nil {
			return a, errors.Join(errOurs, err)
		}
		a.Files = append(a.Files, desk.Attachment{ID: desk.AttachmentID(desk.NewID()), Name: f.Name, Type: f.Type,
			Size: size, Sum: fileSum, ContentID: f.ContentID, Inline: f.Inline})
	}
	m.Files = nil
	a.Mail = m
	return a, nil
}

// backlog is the wait before an item's next try.
func backlog(attempts int) time.Duration { return retry[min(attempts, len(retry)-1)] }

// why is an error for the item's row: one line, capped.
func why(err error) string { return desk.OneLine(err.Error(), maxErrorText) }

// lastTry tells whether an item is not tried again.
func lastTry(t try) bool {
	return connector.IsPermanent(t.err) || t.item.Attempts+1 >= maxTries
}

// errTaken undoes what was done for an item that somebody took before.
var errTaken = errors.New("this item was taken before")
