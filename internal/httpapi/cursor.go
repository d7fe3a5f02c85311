package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"aparte/internal/desk"
)

// next writes where a page ended, in a form that means nothing to the reader.
func next(at any) string {
	b, err := json.Marshal(at)
	if err != nil {
		panic("a cursor of numbers and text always has a form: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// resume reads what next wrote. Empty stands for the first page.
func resume(cursor string, into any) error {
	if cursor == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		err = d.Decode(into)
	}
	if err != nil {
		return desk.Refuse("after", "cursor_malformed", "this is no place in the list", "Pass next as it was given, or leave after out.")
	}
	return nil
}

// page cuts a list that was asked for one more than fits, and tells whether
// there is more.
func page[T any](rows []T, limit int) ([]T, bool) {
	if len(rows) > limit {
		return rows[:limit], true
	}
	return rows, false
}
