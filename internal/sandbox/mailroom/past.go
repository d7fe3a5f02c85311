package mailroom

import (
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
)

// SubmitAt does what a submission by an account would have done at a time in
// the past: every recipient gets the mail with its trace and
// Authentication-Results headers, received at that time, and the sender keeps
// a copy in Sent. No fault applies to it and the journal does not tell of it.
func (r *Room) SubmitAt(at time.Time, from string, raw []byte, to ...string) error {
	sender := r.account(from)
	if sender == nil {
		return fmt.Errorf("submit: %w", ErrNoAccount)
	}
	raw = crlf(raw)
	host := r.config.Hostname
	for _, rcpt := range to {
		env := envelope{from: from, rcpt: rcpt, helo: "localhost", with: "ESMTPSA", user: sender}
		if err := r.deliverAt(env, append(env.results(host, raw), raw...), at); err != nil {
			return fmt.Errorf("submit: %w", err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := r.file(sender.folders[Sent], raw, at, []imap.Flag{imap.FlagSeen}); err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	return nil
}
