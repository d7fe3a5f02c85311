package store

import (
	"context"
	"fmt"
	"time"

	"aparte/internal/desk"
)

// Item is one thing that a connector found and the desk has still to take.
type Item struct {
	Account  desk.AccountID
	Key      string
	Size     int64
	Attempts int
}

// Discovered keeps what a connector found as to-do rows, together with its
// cursor. What is known already stays as it is. It tells how many are new.
func (t *Tx) Discovered(ctx context.Context, account desk.AccountID, items []Item, cursor string) (int, error) {
	fresh := 0
	for i, it := range items {
		r, err := t.run(ctx, `INSERT INTO item (account, key, state, size, found_at, place)
			VALUES ($1, $2, 'pending', $3, $4, $5) ON CONFLICT DO NOTHING`, account, it.Key, it.Size, ms(t.at), i)
		if err != nil {
			return 0, fmt.Errorf("keep item: %w", err)
		}
		n, err := r.RowsAffected()
		if err != nil {
			return 0, err
		}
		fresh += int(n)
	}
	return fresh, t.changedOne(ctx, "move cursor", `UPDATE account SET position = $2 WHERE id = $1`, account, cursor)
}

// Pending lists items of an account that are due, in the order in which they
// were found.
func (t *Tx) Pending(ctx context.Context, account desk.AccountID, limit int) ([]Item, error) {
	return collect(ctx, t, func(r scanner) (i Item, err error) {
		return i, r.Scan(&i.Account, &i.Key, &i.Size, &i.Attempts)
	}, `SELECT account, key, size, attempts FROM item
		WHERE account = $1 AND state = 'pending' AND next_at <= $2 ORDER BY found_at, place LIMIT $3`,
		account, ms(t.at), limit)
}

// NextPending tells when the next item of an account is due; zero if none is.
func (t *Tx) NextPending(ctx context.Context, account desk.AccountID) (time.Time, bool, error) {
	var n, at int64
	err := t.row(ctx, `SELECT COUNT(*), COALESCE(MIN(next_at), 0) FROM item
		WHERE account = $1 AND state = 'pending'`, account).Scan(&n, &at)
	return time.UnixMilli(at).UTC(), n > 0, err
}

// TakeItem marks an item as taken, by the message it became. It tells false
// if it was taken before: the caller must then change nothing.
func (t *Tx) TakeItem(ctx context.Context, account desk.AccountID, key string, m desk.MessageID) (bool, error) {
	r, err := t.run(ctx, `UPDATE item SET state = 'done', message = $3, error = ''
		WHERE account = $1 AND key = $2 AND state = 'pending'`, account, key, m)
	if err != nil {
		return false, fmt.Errorf("take item: %w", err)
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// PostponeItem writes down a failed try and when to try again.
func (t *Tx) PostponeItem(ctx context.Context, account desk.AccountID, key string, next time.Time, why string) error {
	return t.changedOne(ctx, "postpone item", `UPDATE item SET attempts = attempts + 1, next_at = $3, error = $4
		WHERE account = $1 AND key = $2`, account, key, ms(next), why)
}

// SetItemAside stops trying an item; a person is told by a quarantine entry.
func (t *Tx) SetItemAside(ctx context.Context, account desk.AccountID, key, why string) error {
	return t.changedOne(ctx, "set item aside", `UPDATE item SET state = 'set_aside', attempts = attempts + 1, error = $3
		WHERE account = $1 AND key = $2`, account, key, why)
}
