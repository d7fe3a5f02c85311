package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"aparte/internal/connector"
)

const (
	chunk    = 1 << 20  // of a message that is fetched in pieces
	maxFetch = 40 << 20 // a larger one stays at the server, save for its header
	maxStub  = 64 << 10 // of that header
	restless = 30 * time.Second
)

// leftBehind is put in front of a header whose message is too large to fetch.
const leftBehind = "X-Aparte-Left-Behind"

// Fetch streams a message. Nothing is written that the server has not
// confirmed: the library hands over a literal that was cut short as if it were
// whole.
func (c *Connector) Fetch(ctx context.Context, item connector.Item, into io.Writer) error {
	k, err := readKey(item.Key)
	if err != nil {
		return connector.Permanent(err)
	}
	select {
	case c.fetching <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.fetching }()
	counted := &counter{w: into}
	reused := c.kept != nil
	err = c.fetch(ctx, k, counted)
	if reused && c.kept == nil && counted.n == 0 && ctx.Err() == nil && counted.err == nil {
		err = c.fetch(ctx, k, counted) // the line had died while it was waiting
	}
	return err
}

// fetch holds c.fetching. The line is kept for the next item if it is still well.
func (c *Connector) fetch(ctx context.Context, k key, into io.Writer) error {
	l := c.kept
	c.kept = nil
	if l == nil {
		var err error
		if l, err = c.watchInbox(ctx); err != nil {
			return err
		}
	}
	stop := context.AfterFunc(ctx, l.wire.drop)
	err := l.fetch(ctx, k, into)
	if !stop() || err != nil && !connector.IsGone(err) {
		l.end()
		return err
	}
	c.kept = l
	return err
}

// retire ends the fetching line once it has had nothing to do for a while.
func (c *Connector) retire() {
	select {
	case c.fetching <- struct{}{}:
	default:
		return
	}
	defer func() { <-c.fetching }()
	if c.kept != nil && time.Since(c.kept.used) > restless {
		c.kept.end()
		c.kept = nil
	}
}

type counter struct {
	w   io.Writer
	n   int64
	err error
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	c.err = err
	return n, err
}

func (l *line) fetch(ctx context.Context, k key, into io.Writer) error {
	if k.folder != inbox || k.validity != l.box.UIDValidity {
		return connector.Gone(fmt.Errorf("the server has renumbered the folder"))
	}
	size, err := l.size(ctx, imap.UID(k.uid))
	if err != nil {
		return err
	}
	if size > maxFetch {
		return l.stub(ctx, imap.UID(k.uid), size, into)
	}
	return l.whole(ctx, imap.UID(k.uid), size, into)
}

// size asks how large a message is; 0 if the server does not say.
func (l *line) size(ctx context.Context, uid imap.UID) (int64, error) {
	var size int64
	err := l.ask(ctx, func() error {
		list, err := l.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
		for _, m := range list {
			if m.UID == uid {
				size = max(size, m.RFC822Size)
			}
		}
		return err
	})
	if err != nil || size > 0 {
		return size, err
	}
	there, err := l.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{imap.UIDSetNum(uid)}})
	if err == nil && len(there) == 0 {
		err = connector.Gone(fmt.Errorf("the message is no longer in the folder"))
	}
	return 0, err
}

// whole fetches a message at once if it is small, and else in pieces. The
// short piece is the end, whatever the server announced: some count their line
// ends in another way.
func (l *line) whole(ctx context.Context, uid imap.UID, size int64, into io.Writer) error {
	if size > 0 && size <= chunk {
		b, err := l.piece(ctx, uid, nil, 2*chunk)
		if err != nil {
			return err
		}
		l.compare(ctx, size, int64(len(b)))
		return put(into, b)
	}
	at := int64(0)
	for at <= 2*maxFetch {
		b, err := l.piece(ctx, uid, &imap.SectionPartial{Offset: at, Size: chunk}, chunk)
		if err != nil {
			return err
		}
		if err := put(into, b); err != nil {
			return err
		}
		at += int64(len(b))
		if len(b) < chunk {
			l.compare(ctx, size, at)
			return nil
		}
	}
	return connector.Permanent(fmt.Errorf("the message has no end"))
}

func (l *line) compare(ctx context.Context, announced, got int64) {
	if announced != got {
		l.c.Log.InfoContext(ctx, "server announced another size", "account", l.c.Account, "announced", announced, "got", got)
	}
}

func put(into io.Writer, b []byte) error {
	if _, err := into.Write(b); err != nil {
		return fmt.Errorf("keep the message: %w", err)
	}
	return nil
}

// stub fetches the header of a message that is too large, under a line that
// says so.
func (l *line) stub(ctx context.Context, uid imap.UID, size int64, into io.Writer) error {
	b, err := l.section(ctx, imap.UIDSetNum(uid), uid, maxStub, &imap.FetchItemBodySection{
		Specifier: imap.PartSpecifierHeader, Peek: true, Partial: &imap.SectionPartial{Size: maxStub}})
	if err != nil {
		return err
	}
	return put(into, append(fmt.Appendf(nil, "%s: %d\r\n", leftBehind, size), b...))
}

// piece fetches bytes of a message by its UID, and by its number where the
// server's answer to that gets lost in the library: when it tells the UID only
// after the bytes, or flags in between.
func (l *line) piece(ctx context.Context, uid imap.UID, part *imap.SectionPartial, most int64) ([]byte, error) {
	what := &imap.FetchItemBodySection{Peek: true, Partial: part}
	b, err := l.section(ctx, imap.UIDSetNum(uid), uid, most, what)
	if !errors.Is(err, errMissing) {
		return b, err
	}
	var seq imap.SeqSet
	err = l.ask(ctx, func() error {
		data, err := l.Search(&imap.SearchCriteria{UID: []imap.UIDSet{imap.UIDSetNum(uid)}}, nil).Wait()
		if err == nil {
			seq, _ = data.All.(imap.SeqSet)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(seq) != 1 || seq[0].Start != seq[0].Stop || seq[0].Start == 0 {
		return nil, connector.Gone(errMissing)
	}
	return l.section(ctx, seq, uid, most, what)
}

var (
	errMissing = errors.New("the server answered without the message")
	errCut     = errors.New("the server broke off inside the message")
)

// section fetches one section of one message, and gives it only if its UID is
// right, every announced byte came, and the server said OK.
func (l *line) section(ctx context.Context, set imap.NumSet, uid imap.UID, most int64, what *imap.FetchItemBodySection) ([]byte, error) {
	var got []byte
	var wrong error
	err := l.within(ctx, l.c.Progress, most+maxStub, func() error {
		cmd := l.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{what}})
		for m := cmd.Next(); m != nil; m = cmd.Next() {
			b, err := body(m, uid, most)
			if err != nil {
				wrong = err
			}
			if b != nil {
				got = b
			}
		}
		return cmd.Close()
	})
	switch {
	case err != nil:
		return nil, err
	case wrong != nil:
		return nil, explain(ctx, l.c.Settings.IMAP, wrong)
	case got == nil:
		return nil, errMissing
	}
	return got, nil
}

// body reads one answer to the end, and its bytes if it is about this UID; nil
// if it holds none.
func body(m *imapclient.FetchMessageData, uid imap.UID, most int64) ([]byte, error) {
	var b bytes.Buffer
	var seen imap.UID
	var came bool
	var wrong error
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			seen = item.UID
		case imapclient.FetchItemDataBodySection:
			came = true
			if item.Literal == nil {
				continue // NIL: there is nothing at this offset
			}
			n, err := io.Copy(&b, io.LimitReader(item.Literal, most+1))
			switch {
			case err != nil:
				wrong = err
			case n != item.Literal.Size() || n > most:
				wrong = errCut
			}
		}
	}
	if seen != uid || !came {
		return nil, wrong
	}
	return append([]byte{}, b.Bytes()...), wrong
}
