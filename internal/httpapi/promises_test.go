package httpapi_test

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/wire"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

// original stores a message with its raw bytes.
func (s *site) original(raw string) desk.MessageID {
	s.t.Helper()
	sum, _, err := s.blobs.Put(strings.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	m := desk.Message{ID: "original", Direction: desk.In, Raw: sum, Human: true, OccurredAt: s.Now()}
	s.Do(func(tx *store.Tx) error { return tx.AddMessage(s.ctx, m, desk.Body{}) })
	return m.ID
}

func TestNobodyGetsIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	nobody := s.as(desk.Actor{})
	for _, path := range []string{"/api/me", "/api/tickets", "/api/events", "/api/messages/" + string(s.first.ID) + "/body",
		"/api/attachments/x", "/api/uploads/x", "/api/no-such-call"} {
		nobody.ask("GET", path, nil).refused(http.StatusUnauthorized, "login_needed")
	}
	s.ask("GET", "/api/no-such-call", nil).refused(http.StatusNotFound, "no_such_call")
}

func TestBccIsForTheSenderAndAdmins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const secret = "quiet@carrier.example"
	s.as(s.bob).write("message-1", func(n *wire.NewMessage) {
		n.To, n.Bcc = []wire.Person{{Email: "mia@carrier.example"}}, []wire.Person{{Email: secret}}
	})
	s.as(s.ada).write("message-2", func(n *wire.NewMessage) {
		n.To, n.Bcc = []wire.Person{{Email: "mia@carrier.example"}}, []wire.Person{{Email: "hidden@carrier.example"}}
	})
	var d desk.Delivery
	s.See(func(tx *store.Tx) (err error) { d, err = tx.DeliveryOf(s.ctx, "message-2"); return err })
	s.Append(desk.Event{Ticket: s.thread.Home, Conversation: s.side.ID, By: desk.Machine("outbox"),
		Facts: desk.DeliveryFailed{Message: "message-2", Delivery: d.ID, Recipients: []string{"hidden@carrier.example"}, Reason: "hidden@carrier.example is unknown"}})
	pages := []string{"/api/events?after=0", "/api/tickets/1/timeline", "/api/conversations/" + string(s.side.ID),
		"/api/conversations/" + string(s.side.ID) + "/messages", "/api/tickets/1"}
	for _, page := range pages {
		s.holds(page+" for Bob", string(s.as(s.bob).ask("GET", page, nil).body), "hidden@carrier.example", false)
	}
	s.holds("messages for Bob", string(s.as(s.bob).ask("GET", pages[3], nil).body), secret, true)
	s.holds("messages for Ada", string(s.ask("GET", pages[3], nil).body), secret, true)
}

func TestSecretsOfAConversationNeverLeave(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.write("message-1")
	for _, page := range []string{"/api/events?after=0", "/api/tickets/1/timeline", "/api/tickets/1",
		"/api/conversations/" + string(s.side.ID) + "/messages", "/api/side-conversations"} {
		text := string(s.ask("GET", page, nil).body)
		for _, secret := range []string{s.side.Token, s.thread.Token, s.side.ThreadKey, s.thread.ThreadKey, "thread_key"} {
			s.holds(page, text, secret, false)
		}
	}
}

func TestPollWakesWithACommit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var from wire.News
	s.ask("GET", "/api/events", nil).into(200, &from)
	if len(from.Events) > 0 || from.Cursor == 0 {
		t.Fatalf("from now: %+v", from)
	}
	news, late := make(chan answer, 1), make(chan time.Time, 1)
	path := "/api/events?wait=20&after=" + number(from.Cursor) + "&hinted=" + number(from.Hinted)
	go func() { news <- s.ask("GET", path, nil); late <- time.Now() }()
	s.markForBob() // a hint of somebody else's wakes nobody
	at := time.Now()
	s.Receive(s.side, "mia@carrier.example", "Found it")
	var got wire.News
	if (<-news).into(200, &got); len(got.Events) == 0 || got.Events[0].Kind != "message.received" {
		t.Errorf("woke with %+v", got)
	}
	if took := (<-late).Sub(at); took > 2*time.Second {
		t.Errorf("woke after %v", took)
	}
}

// markForBob moves a read mark of Bob's.
func (s *site) markForBob() {
	s.t.Helper()
	s.Do(func(tx *store.Tx) error { return tx.MarkRead(s.ctx, s.bob.Agent, s.thread.ID, 1) })
}

func TestPollEndsByItselfAndWithTheDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var from, got wire.News
	s.ask("GET", "/api/events", nil).into(200, &from)
	path := "/api/events?after=" + number(from.Cursor) + "&hinted=" + number(from.Hinted)
	for _, wait := range []string{"", "&wait=1"} {
		if s.ask("GET", path+wait, nil).into(200, &got); len(got.Events)+len(got.Hints) > 0 || got.Cursor != from.Cursor {
			t.Errorf("nothing happened, and yet %+v", got)
		}
	}
	ended := make(chan answer, 1)
	go func() { ended <- s.ask("GET", path+"&wait=25", nil) }()
	s.feed.Close()
	select {
	case a := <-ended:
		a.into(200, nil)
	case <-time.After(10 * time.Second):
		t.Error("the poll outlives the desk")
	}
}

func TestHintsOfOthersAreNotTold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var from, mine, bobs wire.News
	s.ask("GET", "/api/events", nil).into(200, &from)
	s.ask("PUT", "/api/drafts/side:1", wire.DraftBody{Body: map[string]any{"html": "x"}}).into(200, nil)
	path := "/api/events?after=" + number(from.Cursor) + "&hinted=" + number(from.Hinted)
	s.ask("GET", path, nil).into(200, &mine)
	s.as(s.bob).ask("GET", path, nil).into(200, &bobs)
	if len(mine.Hints) != 1 || mine.Hints[0].Topic != "drafts:ada" || len(bobs.Hints) != 0 {
		t.Errorf("mine %+v, Bob's %+v", mine.Hints, bobs.Hints)
	}
}

func TestMistakeOfOursIsShownAsItsIdAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	s.askFrom(ctx, "GET", "/api/tickets", nil).refused(http.StatusServiceUnavailable, "gone")
	s.Do(func(tx *store.Tx) error {
		return tx.SetSetting(s.ctx, "desk", "{broken secret")
	})
	a := s.ask("GET", "/api/settings", nil)
	if p := a.refused(http.StatusInternalServerError, "internal"); p.ID == "" {
		t.Error("no id to look for")
	}
	s.holds("the answer", string(a.body), "broken", false)
}

func TestPageIsServedWithItsPolicy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	nobody := s.as(desk.Actor{})
	a := nobody.ask("GET", "/", nil)
	a.into(200, nil)
	s.holds("the page's policy", a.Header.Get("Content-Security-Policy"), "script-src 'self';", true)
	s.holds("the page", string(a.body), "<!doctype html>", true)
	a = nobody.ask("GET", "/assets/a-1.js", nil)
	a.into(200, nil)
	s.holds("a script's type", a.Header.Get("Content-Type"), "text/javascript", true)
	s.holds("a script's life", a.Header.Get("Cache-Control"), "immutable", true)
	if a.Header.Get("ETag")+a.Header.Get("Last-Modified") != "" {
		t.Error("a webview hangs on validators")
	}
	nobody.ask("GET", "/assets/none.js", nil).refused(404, "page_not_found")
}

func TestTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	big := append([]byte(`{"id":"message-1","kind":"message","html":"`), bytes.Repeat([]byte("x"), 9<<20)...)
	if a := s.ask("POST", "/api/conversations/"+string(s.side.ID)+"/messages", append(big, `"}`...)); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("9 MB of JSON answer %d", a.StatusCode)
	}
}
