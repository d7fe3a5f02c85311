// Package mail is the line to one mailbox: IMAP brings messages in, SMTP takes
// them out.
//
// It turns foreign bytes into the desk's words and back, and holds
// connections; it decides nothing, stores nothing and logs neither content nor
// addresses. Everything that a stranger can write is read with a limit, and
// every wait has an end.
package mail

import (
	"errors"
	"sync"
	"sync/atomic"

	"aparte/internal/connector"
)

// Connector is one mailbox. Its methods may be called from several goroutines.
// It holds at most two IMAP lines (one that watches, one that fetches) and one
// SMTP line for each Send that runs.
type Connector struct {
	Config
	domain string // of the mailbox

	fetching chan struct{} // held by whoever uses kept
	kept     *line         // the line that fetches, between two items
	limit    atomic.Int64  // what the SMTP server last said that it takes
	mode     atomic.Value  // string

	mu     sync.Mutex
	open   map[*wire]struct{}
	closed bool
}

var (
	_ connector.Connector = (*Connector)(nil)
	_ connector.Checker   = (*Connector)(nil)
	_ connector.Confirmer = (*Connector)(nil)
	_ connector.Limiter   = (*Connector)(nil)
	_ connector.Moder     = (*Connector)(nil)
)

// New makes a connector. It connects to nothing yet.
func New(c Config) (*Connector, error) {
	c = c.withDefaults()
	if err := c.validate(); err != nil {
		return nil, err
	}
	return &Connector{Config: c, domain: domainOf(c.Address), fetching: make(chan struct{}, 1), open: map[*wire]struct{}{}}, nil
}

var errClosed = errors.New("mail connector is closed")

// Close ends all lines at once. What runs on them fails.
func (c *Connector) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for w := range c.open {
		w.drop()
	}
	return nil
}

// Mode tells how the mailbox is watched.
func (c *Connector) Mode() string {
	mode, _ := c.mode.Load().(string)
	return mode
}

// Limits tells what the mail server takes, once it has been asked.
func (c *Connector) Limits() connector.Limits {
	return connector.Limits{MaxBytes: c.limit.Load()}
}

// keep and forget hold the list of open lines, for Close.
func (c *Connector) keep(w *wire) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		w.drop()
		return errClosed
	}
	c.open[w] = struct{}{}
	return nil
}

func (c *Connector) forget(w *wire) {
	w.drop()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, w)
}
