package vault

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that never prints: formatting, logging or encoding it, also
// inside of something else, gives three dots (promise X6). It is no key for a map.
type Secret string

const dots = "•••"

// Reveal gives the secret itself. It is called where the secret leaves for
// the server it belongs to, and nowhere else.
func (s Secret) Reveal() string { return string(s) }

// String hides the secret.
func (s Secret) String() string { return dots }

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return dots }

// Format hides the secret from every verb but %p, wrong ones too.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, dots) }

// LogValue hides the secret from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// MarshalText hides the secret from JSON and its kin.
func (s Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }
