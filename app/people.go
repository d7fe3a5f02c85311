package app

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// agents lists everybody with a login.
func (a *App) agents(ctx context.Context) (list []desk.Agent, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Agents(ctx)
		return err
	})
	return list, err
}

// agentList lists everybody with a login, one a line.
type agentList struct {
	dataFlag
	nothing
}

func (agentList) name() string { return "agent list" }

// Run prints the list.
func (c *agentList) Run(p *program) error { return p.carryOut(c) }

func (c *agentList) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	agents, err := a.agents(ctx)
	if err != nil {
		return err
	}
	return table(out, "EMAIL\tNAME\tROLE\tSINCE\tSTATE", agents, func(g desk.Agent) string {
		return fmt.Sprintf("%s\t%s\t%s\t%s\t%s", g.Email, g.Name, g.Role, day(g.CreatedAt), onOff(g.DisabledAt, "disabled"))
	})
}

// table prints rows in aligned columns.
func table[T any](out io.Writer, head string, rows []T, line func(T) string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, head) // kept in memory until Flush
	for _, r := range rows {
		fmt.Fprintln(w, line(r))
	}
	return w.Flush()
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func onOff(end time.Time, word string) string {
	if end.IsZero() {
		return "active"
	}
	return word
}
