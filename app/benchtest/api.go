//go:build bench

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"strings"

	"aparte/internal/desk"
	"aparte/internal/wire"
)

// calls is how often each call of the API is made.
const calls = 1000

// api measures what the window would wait for: the same three things by the
// server's own API, on the desk that the store was measured on.
func (b bench) api(ctx context.Context) ([]figure, error) {
	of := []string{"--data", b.desk, "--agent", "ada@lumen.example", "--name", "bench"}
	out, err := exec.CommandContext(ctx, b.server, append([]string{"token", "new"}, of...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("make a token: %w", err)
	}
	defer exec.Command(b.server, append([]string{"token", "revoke"}, of...)...).Run() // the desk is nobody's
	p, url, err := b.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer p.end()
	p.token = strings.TrimSpace(string(out))
	var page wire.TicketPage
	if err := p.call(ctx, http.MethodGet, url+"/api/tickets?view=all&limit=200", nil, &page); err != nil {
		return nil, err
	}
	newest := int64(1)
	for _, t := range page.Tickets {
		newest = max(newest, t.Number)
	}
	file, err := times(calls, func() error { return p.call(ctx, http.MethodGet, url+"/", nil, nil) })
	if err != nil {
		return nil, err
	}
	list, err := times(calls, func() error { return p.call(ctx, http.MethodGet, url+"/api/tickets?view=unsolved", nil, nil) })
	if err != nil {
		return nil, err
	}
	open, err := times(calls, func() error { return opened(ctx, p, url, 1+rand.Int64N(newest)) })
	if err != nil {
		return nil, err
	}
	write, err := written(ctx, p, url, page.Tickets)
	if err != nil {
		return nil, err
	}
	least := "a file of the page: " + file.p50p99()
	return []figure{
		{"API: list the unsolved", list.p50p99(), "p99 15 ms", least},
		{"API: open a ticket and its thread", open.p50p99(), "p99 10 ms", least},
		{"API: write a message", write.p50p99(), "p99 10 ms", least},
	}, p.stop()
}

// opened asks for what the window shows of a ticket: itself, and the newest of its first thread.
func opened(ctx context.Context, p *program, url string, number int64) error {
	var t wire.Ticket
	if err := p.call(ctx, http.MethodGet, fmt.Sprintf("%s/api/tickets/%d", url, number), nil, &t); err != nil {
		return err
	}
	return p.call(ctx, http.MethodGet, url+"/api/conversations/"+t.Conversations[0].ID+"/messages", nil, nil)
}

// written writes to customers of tickets that are not closed. The desk's mailbox is stopped: nothing leaves.
func written(ctx context.Context, p *program, url string, tickets []wire.TicketRow) (sample, error) {
	var threads []string
	for _, row := range tickets {
		if row.Status == "closed" || len(threads) == 20 {
			continue
		}
		var t wire.Ticket
		if err := p.call(ctx, http.MethodGet, fmt.Sprintf("%s/api/tickets/%d", url, row.Number), nil, &t); err != nil {
			return nil, err
		}
		threads = append(threads, t.Conversations[0].ID)
	}
	if len(threads) == 0 {
		return nil, fmt.Errorf("none of the newest tickets is open")
	}
	i := 0
	return times(calls, func() error {
		i++
		return p.call(ctx, http.MethodPost, url+"/api/conversations/"+threads[i%len(threads)]+"/messages",
			wire.NewMessage{ID: strings.ToLower(desk.NewID()), Kind: "message", HTML: "<p>Thank you, it is on its way.</p>", Anyway: true}, nil)
	})
}
