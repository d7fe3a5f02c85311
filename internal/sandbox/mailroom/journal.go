package mailroom

import (
	"slices"
	"sync"
	"time"
)

// maxJournal bounds the journal; the oldest entries are forgotten first.
const maxJournal = 20_000

// Entry is one thing that a client did: an SMTP transaction, a login, or an
// IMAP command. It never holds a password or the content of a message.
type Entry struct {
	At       time.Time
	Protocol string // "smtp" or "imap"
	Account  string // who was logged in; empty before
	// Command is the IMAP command with its mailbox, numbers or flags, or
	// "MAIL" for an SMTP transaction and "AUTH" for a login.
	Command string
	// From, Rcpts and Bytes tell of an SMTP transaction. Bytes is 0 if no
	// content came.
	From  string
	Rcpts []Rcpt
	Bytes int
	// Outcome is the answer given: "250" or an SMTP refusal, "OK" or an IMAP
	// refusal; "aborted" for a transaction without DATA, and "cut" where the
	// connection was cut on purpose after delivery.
	Outcome string
}

// Rcpt is one recipient as named in RCPT, with the answer it got.
type Rcpt struct {
	Address string
	Outcome string
}

type journal struct {
	mu      sync.Mutex
	entries []Entry
}

func (j *journal) add(e Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.entries) >= maxJournal {
		j.entries = slices.Delete(j.entries, 0, maxJournal/10)
	}
	j.entries = append(j.entries, e)
}

// Journal returns what clients have done so far, oldest first: the newest
// 20,000 entries at most.
func (r *Room) Journal() []Entry {
	r.journal.mu.Lock()
	defer r.journal.mu.Unlock()
	return slices.Clone(r.journal.entries)
}
