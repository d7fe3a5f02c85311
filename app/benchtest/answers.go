//go:build bench

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"aparte/internal/desk"
	"aparte/internal/wire"
)

const (
	answers = 40 // of a partner, one after the other
	partner = "partner"
)

// answers measures what a partner's answer needs from being sent to being in
// the API, over the sandbox's real servers. The mail client's own submission,
// with TLS and login, is part of it.
func (b bench) answers(ctx context.Context) ([]figure, error) {
	dir, err := os.MkdirTemp("", "aparte-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	p, err := launch(ctx, nil, b.server, "sandbox", "--data", dir, "--listen", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer p.end()
	s := &scene{program: p}
	if s.desk, err = p.line("ready"); err != nil {
		return nil, err
	}
	if s.stage, err = p.line("stage"); err != nil {
		return nil, err
	}
	if err := s.ask(ctx); err != nil {
		return nil, err
	}
	var took sample
	for i := range answers {
		one, err := s.answer(ctx, fmt.Sprintf("It left the depot this morning, parcel %d.", i+1))
		if err != nil {
			return nil, err
		}
		took = append(took, one)
	}
	return []figure{{fmt.Sprintf("partner's answer, sent to in the API (%d)", answers),
		"p50 " + ms(took.at(0.5)) + ", p95 " + ms(took.at(0.95)), "p95 1000 ms", "the submission is part of it"}}, p.stop()
}

// scene is a side conversation in the sandbox.
type scene struct {
	*program
	desk, stage  string // addresses
	who          string // the partner
	uid          int64  // of the question, in the partner's mailbox
	conversation string
	cursor       int64
}

// ask starts a side conversation with a partner, and waits until they have it.
func (s *scene) ask(ctx context.Context) error {
	var settings wire.Settings
	if err := s.call(ctx, http.MethodGet, s.desk+"/api/settings", nil, &settings); err != nil {
		return err
	}
	settings.UndoSeconds = 0
	if err := s.call(ctx, http.MethodPut, s.desk+"/api/settings", settings, nil); err != nil {
		return err
	}
	if err := s.choosePartner(ctx); err != nil {
		return err
	}
	ticket, err := s.firstTicket(ctx)
	if err != nil {
		return err
	}
	seen, err := s.mailbox(ctx)
	if err != nil {
		return err
	}
	var c wire.Conversation
	err = s.call(ctx, http.MethodPost, fmt.Sprintf("%s/api/tickets/%d/side-conversations", s.desk, ticket), wire.NewSideConversation{
		ID: strings.ToLower(desk.NewID()), Channel: "mail", To: []wire.Person{{Email: s.who}}, Subject: "Where is it?",
		HTML: "<p>Where is the parcel now?</p>"}, &c)
	if err != nil {
		return err
	}
	s.conversation = c.ID
	for box := seen; ; {
		if err := s.call(ctx, http.MethodGet, fmt.Sprintf("%s/stage/people/%s/wait?after=%d", s.stage, s.who, box.Version), nil, &box); err != nil {
			return err
		}
		if box, err = s.mailbox(ctx); err != nil {
			return err
		}
		if len(box.Messages) > len(seen.Messages) {
			s.uid = box.Messages[0].UID
			return s.fromNow(ctx)
		}
	}
}

// box is a mailbox on the stage, the newest first.
type box struct {
	Version  int64
	Messages []struct{ UID int64 }
}

func (s *scene) mailbox(ctx context.Context) (b box, err error) {
	return b, s.call(ctx, http.MethodGet, s.stage+"/stage/people/"+s.who+"/messages", nil, &b)
}

func (s *scene) choosePartner(ctx context.Context) error {
	var cast struct {
		People []struct{ Address, Role string }
	}
	if err := s.call(ctx, http.MethodGet, s.stage+"/stage/people", nil, &cast); err != nil {
		return err
	}
	for _, p := range cast.People {
		if p.Role == partner {
			s.who = p.Address
			return nil
		}
	}
	return fmt.Errorf("there is no partner on the stage")
}

// firstTicket waits for a ticket to be there, and returns its number.
func (s *scene) firstTicket(ctx context.Context) (int64, error) {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		var page wire.TicketPage
		if err := s.fromNow(ctx); err != nil {
			return 0, err
		}
		if err := s.call(ctx, http.MethodGet, s.desk+"/api/tickets?view=unsolved", nil, &page); err != nil {
			return 0, err
		}
		if len(page.Tickets) > 0 {
			return page.Tickets[0].Number, nil
		}
		if _, err := s.news(ctx); err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("the sandbox has no ticket after %s", patience)
}

// fromNow moves the cursor to the end of the log.
func (s *scene) fromNow(ctx context.Context) error {
	var n wire.News
	err := s.call(ctx, http.MethodGet, s.desk+"/api/events", nil, &n)
	s.cursor = n.Cursor
	return err
}

// news waits for the next events.
func (s *scene) news(ctx context.Context) ([]wire.Event, error) {
	var n wire.News
	err := s.call(ctx, http.MethodGet, fmt.Sprintf("%s/api/events?after=%d&wait=25", s.desk, s.cursor), nil, &n)
	s.cursor = n.Cursor
	return n.Events, err
}

// answer sends the partner's answer, and returns what it needed to be news.
func (s *scene) answer(ctx context.Context, words string) (time.Duration, error) {
	sent := make(chan error, 1)
	begin := time.Now()
	go func() {
		sent <- s.call(ctx, http.MethodPost, fmt.Sprintf("%s/stage/people/%s/messages/%d/reply", s.stage, s.who, s.uid),
			map[string]any{"text": words}, nil)
	}()
	for end := begin.Add(patience); time.Now().Before(end); {
		events, err := s.news(ctx)
		took := time.Since(begin)
		if err != nil {
			return 0, err
		}
		for _, e := range events {
			if e.Kind == string(desk.KindMessageReceived) && e.Conversation == s.conversation {
				return took, <-sent
			}
		}
	}
	return 0, fmt.Errorf("an answer was not in the API after %s", patience)
}
