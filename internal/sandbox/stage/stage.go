// Package stage is the cast of the sandbox: customers and partners with
// mailboxes of their own in a mailroom, the mail that they have already sent,
// and a page where one plays them.
//
// Everything a person on the stage does is ordinary mail by SMTP, so the desk
// cannot tell the sandbox from the world. The stage refuses to know the desk:
// it knows an address to write to, and no more.
package stage

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"aparte/internal/sandbox/mailroom"
)

const (
	defaultSupport = "support@aparte.example"
	supportName    = "Support"
	defaultPause   = 3 * time.Second
)

// Options says what a Stage is made of.
type Options struct {
	// Room is where everybody has a mailbox. It stays the caller's to close.
	Room *mailroom.Room
	// SupportAddress is the desk's mailbox. Empty is support@aparte.example.
	SupportAddress string
	// Key is what the passwords are derived from: the same key gives the same
	// passwords, as a desk needs that remembers them. Empty draws one.
	Key []byte
	// Pause is how long a partner thinks before answering by itself. 0 is 3 s.
	Pause time.Duration
	// Now is the clock of the mails. Nil is time.Now.
	Now func() time.Time
	// Log gets what goes wrong; no addresses, no content. Nil discards it.
	Log *slog.Logger
}

// Stage is the outside world of a sandbox. Its methods may be called from any
// goroutine.
type Stage struct {
	room    *mailroom.Room
	support string
	key     []byte
	pause   time.Duration
	now     func() time.Time
	log     *slog.Logger
	cast    []Person
	page    http.Handler

	mu        sync.Mutex
	answering map[string]bool // partners who answer by themselves
	switched  chan struct{}   // closed at the next change of answering, then replaced
}

// New gives everybody of the cast, and the desk, a mailbox in the room.
func New(o Options) (*Stage, error) {
	if o.Room == nil {
		return nil, errors.New("stage: there is no mailroom")
	}
	s := &Stage{
		room: o.Room, support: o.SupportAddress, key: o.Key, pause: o.Pause, now: o.Now, log: o.Log,
		cast: Cast(), answering: make(map[string]bool), switched: make(chan struct{}),
	}
	s.fillIn()
	accounts := []mailroom.Account{{Address: s.support, Name: supportName, Password: s.password(s.support)}}
	for _, p := range s.cast {
		accounts = append(accounts, mailroom.Account{Address: p.Address, Name: p.Name, Password: s.password(p.Address)})
	}
	for _, a := range accounts {
		if err := s.room.AddUser(a); err != nil {
			return nil, fmt.Errorf("stage: %w", err)
		}
	}
	page, err := s.routes()
	if err != nil {
		return nil, fmt.Errorf("stage: %w", err)
	}
	s.page = page
	return s, nil
}

func (s *Stage) fillIn() {
	if s.support == "" {
		s.support = defaultSupport
	}
	if len(s.key) == 0 {
		s.key = []byte(rand.Text())
	}
	if s.pause <= 0 {
		s.pause = defaultPause
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
}

// password derives the password of a mailbox.
func (s *Stage) password(address string) string {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte("mailbox " + address))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// Mailbox is all that a mail client needs to use a mailbox of the room.
type Mailbox struct {
	Address  string
	Name     string
	User     string
	Password string
	Addrs    mailroom.Addrs
	CertPEM  []byte // the root to trust on IMAPS, SMTPS and after STARTTLS
}

// DeskMailbox returns the mailbox that the desk is to add. Its inbox may hold
// mail from before, so the desk must take what is there, not only what comes.
func (s *Stage) DeskMailbox() Mailbox {
	return Mailbox{
		Address: s.support, Name: supportName, User: s.support, Password: s.password(s.support),
		Addrs: s.room.Addrs(), CertPEM: s.room.CertPEM(),
	}
}

// Handler serves the page and its JSON, all below /stage/, to loopback names
// only.
func (s *Stage) Handler() http.Handler { return s.page }
