package mail

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"aparte/internal/connector"
)

const (
	batch   = 500     // items handed over at once
	maxList = 1 << 20 // numbers taken from one answer

	// resync is how far back a mailbox is listed again when its server has
	// renumbered it. What was taken already is known by its content.
	resync = 7 * day
)

// Discover lists what is new in the inbox: a search after connecting, after
// each push, and after each IDLE even if nothing was pushed, because servers
// forget to.
func (c *Connector) Discover(ctx context.Context, from connector.Cursor, found func(connector.Found) error) error {
	l, err := c.watchInbox(ctx)
	if err != nil {
		return err
	}
	defer l.end()
	stop := context.AfterFunc(ctx, l.wire.drop)
	defer stop()
	cur, news, err := l.settle(ctx, readCursor(from))
	if err != nil {
		return err
	}
	for quick := false; ; {
		// A server may forget what came just before IDLE began: after news, and
		// every other time, the next look is soon.
		quick = len(news) > 0 || !quick
		if cur, err = hand(cur, news, found); err != nil {
			return err
		}
		c.retire()
		if err := l.rest(ctx, quick); err != nil {
			return err
		}
		if news, err = l.after(ctx, cur.Last); err != nil {
			return err
		}
		cur = cur.at(c.Now())
	}
}

// hand hands the news over in lots, each with the cursor after it. It calls
// found once where there is nothing.
func hand(cur cursor, uids []uint32, found func(connector.Found) error) (cursor, error) {
	for first := true; first || len(uids) > 0; first = false {
		lot := uids[:min(len(uids), batch)]
		uids = uids[len(lot):]
		var items []connector.Item
		for _, uid := range lot {
			items = append(items, connector.Item{Key: key{inbox, cur.Validity, uid}.String()})
			cur.Last = max(cur.Last, uid)
		}
		if err := found(connector.Found{Items: items, After: cur.text()}); err != nil {
			return cur, err
		}
	}
	return cur, nil
}

// settle brings a cursor to the folder as it is now, and lists what is new
// since: a first look begins where the settings say, and a folder that was
// renumbered is listed again for a week.
func (l *line) settle(ctx context.Context, cur cursor) (cursor, []uint32, error) {
	now := l.c.Now()
	switch {
	case cur.Validity == l.box.UIDValidity:
		news, err := l.after(ctx, cur.Last)
		return cur.at(now), news, err
	case cur.Validity != 0:
		return l.renumbered(ctx, cur)
	}
	cur = cursor{Validity: l.box.UIDValidity}.at(now)
	if l.c.Settings.Since == FromAll {
		news, err := l.after(ctx, 0)
		return cur, news, err
	}
	return l.fromNow(ctx, cur)
}

// slack is how far a mail server's clock may be behind ours. A mail too many at
// the beginning does less harm than one too few.
const slack = time.Minute

// fromNow begins at the moment when the mailbox was added, and not at the first
// look: somebody may have written in between.
func (l *line) fromNow(ctx context.Context, cur cursor) (cursor, []uint32, error) {
	now := l.c.Now()
	began := l.c.Began
	if began.IsZero() || began.After(now) {
		began = now
	}
	cur.Began = began.Unix()
	var err error
	if cur.Last, err = l.last(ctx); err != nil || l.c.Began.IsZero() {
		return cur, nil, err
	}
	since := began.Add(-slack).Truncate(time.Second)
	uids, err := l.search(ctx, &imap.SearchCriteria{Since: since.Add(-day)}) // in whole days of the server's own zone
	if err != nil {
		return cur, nil, err
	}
	uids, err = l.notBefore(ctx, uids, since)
	return cur, uids, err
}

// last is the highest UID that the folder has given away.
func (l *line) last(ctx context.Context) (uint32, error) {
	if l.box.UIDNext > 0 {
		return uint32(l.box.UIDNext) - 1, nil
	}
	all, err := l.after(ctx, 0)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[len(all)-1], nil
}

func (l *line) renumbered(ctx context.Context, old cursor) (cursor, []uint32, error) {
	cur := cursor{Validity: l.box.UIDValidity, Began: old.Began}.at(l.c.Now())
	since := time.Unix(max(old.Looked, old.Began), 0).Add(-resync)
	uids, err := l.search(ctx, &imap.SearchCriteria{Since: since})
	if err != nil {
		return cur, nil, err
	}
	if uids, err = l.notBefore(ctx, uids, time.Unix(old.Began, 0)); err != nil {
		return cur, nil, err
	}
	if cur.Last, err = l.last(ctx); err != nil {
		return cur, nil, err
	}
	l.c.Log.WarnContext(ctx, "mailbox was renumbered by its server", "account", l.c.Account, "again", len(uids))
	return cur, uids, nil
}

// notBefore keeps what arrived since a moment: SEARCH knows whole days only.
func (l *line) notBefore(ctx context.Context, uids []uint32, began time.Time) ([]uint32, error) {
	if began.Unix() <= 0 || len(uids) == 0 {
		return uids, nil
	}
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	early := map[uint32]bool{}
	err := l.ask(ctx, func() error {
		list, err := l.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true}).Collect()
		for _, m := range list {
			early[uint32(m.UID)] = !m.InternalDate.IsZero() && m.InternalDate.Before(began)
		}
		return err
	})
	return slices.DeleteFunc(uids, func(uid uint32) bool { return early[uid] }), err
}

// after lists the UIDs above one, in order. "n:*" always names the last message,
// even where its number is smaller.
func (l *line) after(ctx context.Context, last uint32) ([]uint32, error) {
	uids, err := l.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{{{Start: imap.UID(last) + 1}}}})
	return slices.DeleteFunc(uids, func(uid uint32) bool { return uid <= last }), err
}

func (l *line) search(ctx context.Context, what *imap.SearchCriteria) ([]uint32, error) {
	var uids []uint32
	err := l.ask(ctx, func() error {
		data, err := l.UIDSearch(what, nil).Wait()
		if err == nil {
			uids = numbers(data.All)
		}
		return err
	})
	return uids, err
}

// numbers lists a set, as far as a sane server would go: a range costs few
// bytes and names four thousand million messages.
func numbers(set imap.NumSet) []uint32 {
	ranges, _ := set.(imap.UIDSet)
	var list []uint32
	for _, r := range ranges {
		for n := uint64(r.Start); n <= uint64(r.Stop) && r.Start > 0 && len(list) < maxList; n++ {
			list = append(list, uint32(n))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
