package store

import (
	"context"
	"fmt"

	"aparte/internal/desk"
)

const quarantineColumns = `q.id, q.account, q.message, q.reason, q.reasons, q.suggest, q.ticket, q.created_at, q.settled_at,
	q.settled_by, q.outcome`

func scanQuarantined(r scanner) (desk.Quarantined, error) {
	var q desk.Quarantined
	err := r.Scan(&q.ID, &q.Account, &q.Message, &q.Reason, texts{&q.Reasons}, &q.Suggest, &q.Ticket, stamp{&q.CreatedAt},
		stamp{&q.SettledAt}, &q.SettledBy, &q.Outcome)
	if missing(err) {
		err = desk.Missing("quarantine_entry")
	}
	return q, err
}

// Quarantine lists undecided mail, oldest first, from after on.
func (t *Tx) Quarantine(ctx context.Context, after desk.QuarantineID, limit int) ([]desk.Quarantined, error) {
	return collect(ctx, t, scanQuarantined, `SELECT `+quarantineColumns+` FROM quarantine q
		WHERE q.settled_at = 0 AND (q.created_at, q.id) >
		  (COALESCE((SELECT x.created_at FROM quarantine x WHERE x.id = $1), 0), $1)
		ORDER BY q.created_at, q.id LIMIT $2`, after, limit)
}

// Quarantined finds one entry.
func (t *Tx) Quarantined(ctx context.Context, id desk.QuarantineID) (desk.Quarantined, error) {
	return scanQuarantined(t.row(ctx, `SELECT `+quarantineColumns+` FROM quarantine q WHERE q.id = $1`, id))
}

// AddQuarantined puts a stored message into quarantine.
func (t *Tx) AddQuarantined(ctx context.Context, q desk.Quarantined) error {
	err := t.exec(ctx, `INSERT INTO quarantine (id, account, message, reason, reasons, suggest, ticket, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		q.ID, q.Account, q.Message, q.Reason, list(q.Reasons), q.Suggest, q.Ticket, ms(t.at))
	if err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	t.Hint("quarantine")
	return nil
}

// SettleQuarantined writes down what a person decided. It fails with a
// conflict if somebody decided before.
func (t *Tx) SettleQuarantined(ctx context.Context, id desk.QuarantineID, by desk.AgentID, outcome string) error {
	r, err := t.run(ctx, `UPDATE quarantine SET settled_at = $2, settled_by = $3, outcome = $4
		WHERE id = $1 AND settled_at = 0`, id, ms(t.at), by, outcome)
	if err != nil {
		return fmt.Errorf("settle quarantine: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return desk.Stale("quarantine_entry")
	}
	t.Hint("quarantine")
	return nil
}

// QuarantineSize counts undecided mail.
func (t *Tx) QuarantineSize(ctx context.Context) (int, error) {
	var n int
	err := t.row(ctx, `SELECT COUNT(*) FROM quarantine WHERE settled_at = 0`).Scan(&n)
	return n, err
}
