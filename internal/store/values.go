package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ms turns a time into what is stored: UTC milliseconds, 0 for never.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// stamp scans stored milliseconds into a time.
type stamp struct{ t *time.Time }

func (s stamp) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return errors.New("a stored time is no number")
	}
	*s.t = time.Time{}
	if n != 0 {
		*s.t = time.UnixMilli(n).UTC()
	}
	return nil
}

// texts scans a stored JSON list of words; none is nil.
type texts struct{ list *[]string }

func (x texts) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("a stored list is no text")
	}
	*x.list = nil
	if s == "" || s == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(s), x.list)
}

func list(words []string) string {
	if len(words) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(words) // a list of strings always has a form
	return string(b)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// boolean scans a stored 0 or 1.
type boolean struct{ b *bool }

func (x boolean) Scan(v any) error {
	n, ok := v.(int64)
	*x.b = ok && n != 0
	return nil
}

type scanner interface{ Scan(...any) error }

// collect reads all rows of a query through one scan function.
func collect[T any](ctx context.Context, t *Tx, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	rows, err := t.q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

func missing(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// truth scans the result of a comparison, which the engines give as a number
// or as a truth value.
type truth struct{ b *bool }

func (x truth) Scan(v any) error {
	switch v := v.(type) {
	case bool:
		*x.b = v
	case int64:
		*x.b = v != 0
	default:
		return errors.New("a comparison gave neither number nor truth")
	}
	return nil
}
