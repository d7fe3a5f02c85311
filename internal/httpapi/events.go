package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"aparte/internal/desk"
	"aparte/internal/feed"
	"aparte/internal/wire"
)

func (s *server) events() {
	op(s, call(http.MethodGet, "/api/events", "poll-events",
		"What happened since a seq; waits for something to happen if asked to"), s.pollEvents)
}

type eventQuery struct {
	After  int64 `query:"after" minimum:"-1" default:"-1" doc:"cursor of the answer before; absent: from now on, which answers at once"`
	Hinted int64 `query:"hinted" minimum:"0" doc:"hinted of the answer before"`
	Wait   int   `query:"wait" minimum:"0" maximum:"25" doc:"seconds"`
}

// maxEvents is how many events one answer holds; the next answer goes on.
const maxEvents = 500

func (s *server) pollEvents(ctx context.Context, in *eventQuery) (*body[wire.News], error) {
	// The window's requests never end by themselves: this wait has its own end.
	ctx, cancel := context.WithTimeout(ctx, time.Duration(in.Wait)*time.Second)
	defer cancel()
	out := body[wire.News]{Body: wire.News{Events: []wire.Event{}, Hints: []wire.Hint{}, Cursor: in.After, Hinted: in.Hinted}}
	if in.After < 0 {
		return &out, s.fromNow(context.WithoutCancel(ctx), &out.Body)
	}
	by := actor(ctx)
	for {
		err := s.newEvents(context.WithoutCancel(ctx), &out.Body)
		if err != nil || len(out.Body.Events) > 0 {
			s.gather(by, s.Feed.Wait(past, desk.Seq(out.Body.Cursor), out.Body.Hinted), &out.Body)
			return &out, err
		}
		news := s.Feed.Wait(ctx, desk.Seq(out.Body.Cursor), out.Body.Hinted)
		s.gather(by, news, &out.Body)
		if len(out.Body.Hints) > 0 || ctx.Err() != nil || s.Feed.Closed() {
			return &out, s.newEvents(context.WithoutCancel(ctx), &out.Body)
		}
	}
}

// past is a context that has ended: waiting in it looks and does not wait.
var past = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// fromNow fills in where the log and the hints stand.
func (s *server) fromNow(ctx context.Context, news *wire.News) error {
	news.Hinted = s.Feed.Wait(past, 0, 0).Cursor
	return s.read(ctx, func(r *reader) (err error) {
		news.Cursor, err = r.seq(ctx)
		return err
	})
}

// newEvents fills in events newer than the cursor, and moves it.
func (s *server) newEvents(ctx context.Context, news *wire.News) error {
	return s.read(ctx, func(r *reader) error {
		events, err := r.tx.EventsAfter(ctx, desk.Seq(news.Cursor), maxEvents)
		if err != nil || len(events) == 0 {
			return err
		}
		news.Cursor = int64(events[len(events)-1].Seq)
		news.Events, err = r.events(ctx, events)
		return err
	})
}

// gather keeps the hints that concern the caller: read marks and drafts are
// each agent's own.
func (s *server) gather(by desk.Actor, news feed.News, into *wire.News) {
	into.Hinted = news.Cursor
	for _, h := range news.Hints {
		topic, whose, _ := strings.Cut(h.Topic, ":")
		if (topic == "read" || topic == "drafts") && whose != string(by.Agent) {
			continue
		}
		into.Hints = append(into.Hints, wire.Hint{Topic: h.Topic, Version: h.Version})
	}
}

// events renders events for whoever reads.
func (r *reader) events(ctx context.Context, list []desk.Event) ([]wire.Event, error) {
	all := make([]wire.Event, 0, len(list))
	for _, e := range list {
		w, err := r.event(ctx, e)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

func (r *reader) event(ctx context.Context, e desk.Event) (wire.Event, error) {
	number, err := r.number(ctx, e.Ticket)
	if err != nil {
		return wire.Event{}, err
	}
	facts, err := r.facts(ctx, e.Facts)
	return wire.Event{Seq: int64(e.Seq), ID: string(e.ID), Kind: string(e.Kind), Ticket: number, Conversation: string(e.Conversation),
		OccurredAt: e.OccurredAt, At: e.At, By: wire.EventActor{Kind: string(e.By.Kind), Agent: string(e.By.Agent), Name: e.By.Name},
		Facts: facts}, err
}
