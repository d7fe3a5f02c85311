// Package desk is the vocabulary of a helpdesk: tickets, conversations,
// messages, the events that tell their story, and the pure rules about them.
//
// It knows nobody: no database, no protocol, no HTTP. What a support lead
// would say about the product is said here once, and every other room uses
// these words.
package desk

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"
)

// Identifiers are opaque text made by the writer before anything is stored,
// so that asking twice for the same thing makes it once.
type (
	TicketID       string
	ConversationID string
	MessageID      string
	EventID        string
	DeliveryID     string
	ContactID      string
	AgentID        string
	APITokenID     string
	GroupID        string
	AccountID      string
	AttachmentID   string
	QuarantineID   string
)

// Seq is the place of an event in the desk's log: the first event is 1, and
// numbers become visible in order, without gaps.
type Seq int64

// crockford is Crockford's base 32 in lower case: no i, l, o or u, so that a
// token survives being read aloud and being folded to one case by a gateway.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID makes an identifier of 130 random bits in 26 lower-case letters and digits.
func NewID() string { return RandomText(26) }

// RandomText makes n characters of unguessable lower-case base 32, five
// random bits each.
func RandomText(n int) string {
	b := make([]byte, (n*5+7)/8)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return crockford.EncodeToString(b)[:n]
}

// NewThreadKey makes a conversation's thread key: 16 random bytes, as many as
// Outlook's Thread-Index has room for, in the alphabet of RandomText.
func NewThreadKey() string {
	b := make([]byte, 16)
	rand.Read(b)
	return crockford.EncodeToString(b)
}

// Decode32 reads what Encode32 wrote.
func Decode32(s string) ([]byte, error) { return crockford.DecodeString(s) }

// Encode32 writes bytes in the alphabet of RandomText.
func Encode32(b []byte) string { return crockford.EncodeToString(b) }

// Millis cuts a time to what the desk stores: UTC milliseconds.
func Millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// OneLine makes a subject or a name from foreign text: control characters
// (line breaks and NUL among them) become spaces, runs of space become one,
// and what is longer than max runes is cut.
func OneLine(s string, max int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r == 0x7f, r >= 0x80 && r < 0xa0:
			return ' '
		case r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1 // direction overrides hide what a name really says
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > max {
		return strings.TrimSpace(string(r[:max-1])) + "…"
	}
	return s
}
