package store

import (
	"context"
	"fmt"

	"aparte/internal/desk"
)

// tally keeps the counts of views right, by what a change of one ticket adds
// and takes away. Counting a hundred thousand rows on each request would be
// the alternative (ruling 15).
func (t *Tx) tally(ctx context.Context, was, is desk.Ticket) error {
	diff := map[string]int{}
	for _, name := range tallies(was) {
		diff[name]--
	}
	for _, name := range tallies(is) {
		diff[name]++
	}
	for name, by := range diff {
		if by == 0 {
			continue
		}
		err := t.exec(ctx, `INSERT INTO tally (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = tally.value + $2`, name, by)
		if err != nil {
			return fmt.Errorf("tally %s: %w", name, err)
		}
		t.Hint("counts")
	}
	return nil
}

// tallies names the counts that a ticket is part of.
func tallies(k desk.Ticket) []string {
	if k.ID == "" {
		return nil
	}
	names := []string{"all"}
	switch {
	case k.Status.Unsolved() && k.Assignee == "":
		names = append(names, "unsolved", "unassigned")
	case k.Status.Unsolved():
		names = append(names, "unsolved", "mine:"+string(k.Assignee))
	case k.Status == desk.Solved:
		names = append(names, "solved")
	}
	if k.NeedsAttention() {
		names = append(names, "attention")
	}
	return names
}

// count is one row of the tally.
type count struct {
	Name  string
	Value int
}

func scanCount(r scanner) (count, error) {
	var c count
	err := r.Scan(&c.Name, &c.Value)
	return c, err
}

// ViewCounts tells how many tickets each built-in view holds for an agent.
func (t *Tx) ViewCounts(ctx context.Context, agent desk.AgentID) (map[View]int, error) {
	mine := string(ViewMine) + ":" + string(agent)
	rows, err := collect(ctx, t, scanCount, `SELECT name, value FROM tally WHERE name IN ('unassigned', 'unsolved', 'attention', 'solved', 'all', $1)`, mine)
	if err != nil {
		return nil, fmt.Errorf("read view counts: %w", err)
	}
	counts := map[View]int{}
	for _, c := range rows {
		if c.Name == mine {
			c.Name = string(ViewMine)
		}
		counts[View(c.Name)] = c.Value
	}
	return counts, nil
}
