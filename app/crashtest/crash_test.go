//go:build crash

// Package crashtest kills the real program in the middle of its work, starts
// it again, and in the end holds what the desk has against what the world
// sent and got. Nothing in the program knows of it: it is watched through a
// gate between it and its mail servers. `make crash` builds what it needs.
package crashtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"aparte/internal/sandbox/mailroom"
	"aparte/internal/wire"
)

// anyMoment is a kill by the clock.
const anyMoment point = "any moment"

var points = []point{beforeData, beforeCommit, afterData, afterSearch, midSpool, afterCommit, midData, afterRename, afterDot,
	afterAnswer, anyMoment}

func killsWanted(t *testing.T) int {
	t.Helper()
	text := os.Getenv("CRASH_KILLS")
	if text == "" {
		return 15
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("CRASH_KILLS=%q is no number of kills", text)
	}
	return n
}

func TestNothingIsLostOrDoubledByKills(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range killsWanted(t) {
		w.round(t, points[i%len(points)])
	}
	got := w.settle(t, verdict.clean)
	w.desk.stop(t)
	w.table(t)
	if !got.clean() {
		t.Error(got)
	}
	t.Logf("%d mails in, %d messages out: %s", len(w.Sent), len(w.Asked), got)
	if busy := w.busy(); 2*busy < len(w.kills) {
		t.Errorf("%d of %d kills hit work in flight, want half at least", busy, len(w.kills))
	}
}

// The three faults that a desk like this can have are planted from outside: the
// world is made to look as the fault would have left it.

func TestAcknowledgingBeforeTheCommitIsCaught(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.round(t, midSpool)
	w.expunge(t, w.gate.last) // what was acknowledged is gone from the server
	if got := w.settle(t, verdict.loses); got.Lost == 0 {
		t.Errorf("a mail that was acknowledged too early is not missed: %s", got)
	}
}

func TestCursorBeforeTheCommitIsCaught(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.round(t, afterSearch)
	w.expunge(t, w.gate.named...) // what a cursor has passed is never listed again
	if got := w.settle(t, verdict.loses); got.Lost == 0 {
		t.Errorf("mail that the cursor passed too early is not missed: %s", got)
	}
}

func TestResendingAfterAnUnclearDataIsCaught(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.round(t, afterData)
	for _, address := range addresses() { // the same bytes go out once more
		for _, m := range w.room.Messages(address, mailroom.Inbox) {
			if err := w.room.Inject(address, m.Raw); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := w.settle(t, verdict.doubles); got.Doubled == 0 {
		t.Errorf("a message that came twice is not seen: %s", got)
	}
}

// round makes traffic both ways, kills the desk at a point, and starts it again.
func (w *world) round(t *testing.T, p point) {
	t.Helper()
	watched, n := w.watch(t), len(w.kills)
	sprung := w.gate.arm(p)
	o := w.ask()
	var asking sync.WaitGroup
	var failed error
	asking.Go(func() { failed = w.desk.try(t.Context(), "POST", o.path, o.body, nil) })
	w.write(t)
	if p != beforeCommit { // that batch is one mail, and its file the last one
		for range batch - 1 {
			w.write(t)
		}
		w.again(t, n)
		w.answer(t)
	}
	w.after(p)
	select {
	case <-sprung:
	case <-time.After(patience):
		t.Fatalf("the desk did not come to %q in %s\n%s", p, patience, tail(w.desk.log.String()))
	}
	asking.Wait()
	w.stopWatch(watched)
	w.desk.kill()
	if failed != nil {
		if !errors.Is(failed, errDied) {
			t.Fatal(failed)
		}
		w.owed = append(w.owed, o)
	}
	w.desk.start(t)
	for _, o := range w.owed {
		w.desk.call(t, "POST", o.path, o.body, nil)
	}
	w.owed = nil
}

// after springs the traps that the gate cannot see: one by the desk's files,
// and one by the clock.
func (w *world) after(p point) {
	switch p {
	case beforeCommit:
		mails := w.room.Messages(support, mailroom.Inbox)
		sum := fmt.Sprintf("%x", sha256.Sum256(mails[len(mails)-1].Raw))
		name := filepath.Join(w.desk.data, "blobs", sum[:2], sum)
		w.gate.all.Go(func() { w.gate.fileNamed(name) })
	case anyMoment:
		time.AfterFunc(rand.N(300*time.Millisecond), func() { w.gate.at(anyMoment) })
	}
}

// pull is the power cut. It is called at most once for each trap.
func (w *world) pull(p point) {
	k := kill{at: p, in: w.sent.Load() - w.known.Load(), out: w.gate.sending.Load(), saw: map[uint32]int{}}
	for _, uid := range w.gate.handed {
		k.saw[uid] = w.gate.fetched[uid]
	}
	w.kills = append(w.kills, k)
	_ = w.desk.cmd.Process.Kill()
}

// watching is the follower of one desk's log.
type watching struct {
	stop context.CancelFunc
	done chan struct{}
}

// watch counts what the log tells of mail that was taken.
func (w *world) watch(t *testing.T) watching {
	ctx, stop := context.WithCancel(t.Context())
	f := watching{stop: stop, done: make(chan struct{})}
	go func() {
		defer close(f.done)
		for ctx.Err() == nil {
			var news wire.News
			if w.desk.try(ctx, "GET", fmt.Sprintf("/api/events?after=%d&wait=25", w.cursor), nil, &news) != nil {
				return
			}
			w.cursor = news.Cursor
			mails := int64(0)
			for _, e := range news.Events {
				if e.Kind == "message.received" {
					mails++
				}
			}
			if w.known.Add(mails); mails > 0 {
				w.gate.at(afterCommit)
			}
		}
	}()
	return f
}

func (w *world) stopWatch(f watching) {
	f.stop()
	<-f.done
}

// settle waits until the desk has looked at every mail and both worlds compare
// as asked for, and tells how they do in the end.
func (w *world) settle(t *testing.T, good func(verdict) bool) verdict {
	t.Helper()
	w.answer(t)
	w.write(t) // everything before it was looked at once this one is there
	last := w.roots[len(w.roots)-1]
	var got verdict
	end := time.Now().Add(3 * time.Minute) // a desk asks about a cut after one
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for ; ; <-tick.C {
		in := w.inside(t)
		w.Received = w.arrived()
		got = compare(w.outside, in)
		if len(in.Taken[last]) > 0 && good(got) || time.Now().After(end) {
			return got
		}
	}
}

// expunge takes mails away from the desk's mailbox.
func (w *world) expunge(t *testing.T, uids ...uint32) {
	t.Helper()
	c, err := imapclient.DialInsecure(w.room.Addrs().IMAP, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}
	for _, step := range []func() error{
		func() error { return c.Login(support, password).Wait() },
		func() error { _, err := c.Select(mailroom.Inbox, nil).Wait(); return err },
		func() error { return c.Store(set, deleted, nil).Close() },
		func() error { return c.Expunge().Close() },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) busy() int {
	n := 0
	for _, k := range w.kills {
		if k.in+k.out > 0 {
			n++
		}
	}
	return n
}

// table prints the kills of each point and what they hit. A mail that had been
// fetched and was fetched again was not committed.
func (w *world) table(t *testing.T) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%d kills\n%-16s %5s %9s %9s %9s %9s %9s\n", len(w.kills), "point", "kills", "in flight", "mails in", "out",
		"fetched", "and again")
	for _, p := range points {
		var n, busy, saw, again int
		var in, out int64
		for _, k := range w.kills {
			if k.at != p {
				continue
			}
			n++
			in, out, saw = in+k.in, out+k.out, saw+len(k.saw)
			for uid, times := range k.saw {
				if w.gate.fetched[uid] > times {
					again++
				}
			}
			if k.in+k.out > 0 {
				busy++
			}
		}
		fmt.Fprintf(&b, "%-16s %5d %9d %9d %9d %9d %9d\n", p, n, busy, in, out, saw, again)
	}
	t.Log(b.String())
}
