package stage

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"aparte/internal/sandbox/mailroom"
)

// sample is a mail that somebody has already sent to the desk.
type sample struct {
	key        string // names it, in its Message-ID and for parent
	from       string
	ago        time.Duration
	cc         []string
	subject    string
	text, html string
	files      []File
	extra      []string
	parent     string // the key of the sender's own mail that this one answers
}

// samples returns all of them, in the order in which they were sent.
func samples() []sample {
	all := append(englishSamples(), frenchSamples()...)
	slices.SortStableFunc(all, func(a, b sample) int { return int(b.ago - a.ago) })
	return all
}

// Seed puts the sample mails into the desk's inbox, dated over the past week,
// and into the senders' Sent. It does so once in the life of a room: where the
// desk has ever had mail, it changes nothing.
func (s *Stage) Seed(ctx context.Context) error {
	if s.room.EverReceived(s.support, mailroom.Inbox) {
		return nil
	}
	now := s.now()
	sent := make(map[string]letter)
	for _, x := range samples() {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		l, err := s.letterOf(x, now.Add(-x.ago), sent)
		if err != nil {
			return fmt.Errorf("seed %s: %w", x.key, err)
		}
		sent[x.key] = l
		to := append([]string{s.support}, x.cc...)
		if err := s.room.SubmitAt(l.Date, x.from, l.bytes(), to...); err != nil {
			return fmt.Errorf("seed %s: %w", x.key, err)
		}
	}
	return nil
}

// letterOf writes a sample as its sender's client would have.
func (s *Stage) letterOf(x sample, at time.Time, sent map[string]letter) (letter, error) {
	p, ok := s.person(x.from)
	if !ok {
		return letter{}, fmt.Errorf("%s is not on the stage", x.from)
	}
	l := s.blank(p)
	l.Subject, l.Text, l.HTML, l.Files, l.Extra = x.subject, x.text, x.html, x.files, x.extra
	if x.parent != "" {
		before, ok := sent[x.parent]
		if !ok {
			return letter{}, fmt.Errorf("%s comes before its parent", x.key)
		}
		l = s.reply(p, Read(before.bytes()), x.text, true)
		l.Files = x.files
	}
	l.Date = at.Truncate(time.Second)
	_, domain, _ := strings.Cut(p.Address, "@")
	l.ID = "<" + x.key + "@" + domain + ">"
	l.To, l.Cc = []mail.Address{{Name: supportName, Address: s.support}}, nil
	for _, address := range x.cc {
		other, _ := s.person(address)
		l.Cc = append(l.Cc, mail.Address{Name: other.Name, Address: address})
	}
	return l, nil
}
