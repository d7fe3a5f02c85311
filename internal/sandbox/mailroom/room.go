// Package mailroom is the outside mail world of the sandbox and of the tests:
// one IMAP server and one SMTP submission server on loopback, speaking the real
// protocols over memory.
//
// It exists so that everything that talks to mail servers can be tried against
// one that behaves, or that misbehaves on demand (see the faults). It refuses
// to be an internet mail server: it listens on loopback only, takes mail only
// from people who log in, delivers only to its own accounts, and nothing it
// accepts ever leaves the computer.
package mailroom

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"
)

const (
	defaultHostname   = "mail.sandbox.example"
	defaultMaxBytes   = 30 << 20
	defaultMaxMailbox = 512 << 20
	maxRecipients     = 100
	maxFolders        = 200
	stopTimeout       = 5 * time.Second
)

// Config says how a Room is to be. The zero Config is a room in memory on free
// ports.
type Config struct {
	// Dir, when set, keeps mailboxes, certificate and ports, so that a room
	// started on it again is the same room: same messages, same UIDs, same
	// UIDVALIDITY. Accounts are not kept; add them again.
	Dir string
	// Listen holds the addresses to listen on. An empty one is a port on
	// 127.0.0.1 that the system chooses, or the one this Dir had before if it
	// is still free. Only loopback addresses are taken.
	Listen Addrs
	// Hostname is how the servers call themselves in greetings and in the
	// trace headers, and the authserv-id of their Authentication-Results.
	// Empty is mail.sandbox.example.
	Hostname string
	// MaxBytes is the largest message taken, announced as SIZE and as
	// APPENDLIMIT. 0 is 30 MiB.
	MaxBytes int64
	// MaxMailbox is the most bytes one account holds over all folders, after
	// which mail for it is put off with 452. 0 is 512 MiB.
	MaxMailbox int64
	// RequireTLS refuses logins on connections without TLS.
	RequireTLS bool
	// Now is the clock for received times. Nil is time.Now.
	Now func() time.Time
	// Log receives notes of the servers; never content, addresses or
	// passwords. Nil discards them.
	Log *slog.Logger
}

// Addrs holds one host:port for each listener. IMAP and SMTP are plain with
// STARTTLS offered; IMAPS and SMTPS speak TLS from the first byte.
type Addrs struct {
	IMAP  string `json:"imap"`
	IMAPS string `json:"imaps"`
	SMTP  string `json:"smtp"`
	SMTPS string `json:"smtps"`
}

// Room is a running mail world. Its methods may be called from any goroutine,
// also while clients are connected.
type Room struct {
	config Config
	addrs  Addrs
	cert   certificate
	log    *slog.Logger

	journal journal
	faults  faults

	mu       sync.Mutex
	accounts map[string]*account // by base address, aliases too
	sessions map[*session]struct{}
	closed   bool

	listeners []*listener
	imap      *imapserver.Server
	smtp      *smtp.Server
	serving   sync.WaitGroup
	talking   sync.WaitGroup // IMAP sessions
	detach    func() bool
	closeOnce sync.Once
}

// Start opens the four listeners and serves until Close or until ctx ends,
// whichever is first.
func Start(ctx context.Context, c Config) (*Room, error) {
	r := &Room{
		config:   c.withDefaults(),
		accounts: make(map[string]*account),
		sessions: make(map[*session]struct{}),
	}
	r.log = r.config.Log
	cert, err := loadCertificate(r.config.Dir, time.Now())
	if err != nil {
		return nil, fmt.Errorf("mailroom certificate: %w", err)
	}
	r.cert = cert
	if err := r.listen(ctx); err != nil {
		return nil, fmt.Errorf("mailroom: %w", err)
	}
	r.serve()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.detach = context.AfterFunc(ctx, func() { _ = r.Close() })
	return r, nil
}

func (c Config) withDefaults() Config {
	if c.Hostname == "" {
		c.Hostname = defaultHostname
	}
	if c.MaxBytes <= 0 {
		c.MaxBytes = defaultMaxBytes
	}
	if c.MaxMailbox <= 0 {
		c.MaxMailbox = defaultMaxMailbox
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Addrs returns the addresses that the room listens on.
func (r *Room) Addrs() Addrs { return r.addrs }

// Hostname returns the name that the servers use, which is also the
// authserv-id of the Authentication-Results they write.
func (r *Room) Hostname() string { return r.config.Hostname }

// CertPEM returns the self-made certificate of all TLS in the room, valid for
// localhost, 127.0.0.1 and ::1, to be trusted as its own root.
func (r *Room) CertPEM() []byte { return r.cert.pem }

func (r *Room) tlsConfig() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{r.cert.pair},
		MinVersion:   tls.VersionTLS12,
	}
}

// serve starts the servers on their listeners. listeners holds, in this order,
// IMAP, IMAPS, SMTP, SMTPS.
func (r *Room) serve() {
	r.imap = r.newIMAP()
	r.smtp = r.newSMTP()
	tlsConfig := r.tlsConfig()
	imaps := tls.NewListener(r.listeners[1], tlsConfig)
	smtps := tls.NewListener(r.listeners[3], tlsConfig)
	for _, serve := range []func() error{
		func() error { return r.imap.Serve(r.listeners[0]) },
		func() error { return r.imap.Serve(imaps) },
		func() error { return r.smtp.Serve(r.listeners[2]) },
		func() error { return r.smtp.Serve(smtps) },
	} {
		r.serving.Go(func() {
			if err := serve(); err != nil && !r.isClosed() {
				r.log.Error("mailroom listener ended", "err", err)
			}
		})
	}
}

// Close cuts every connection, stops listening and returns when all that the
// room had started has ended. Closing twice is allowed.
func (r *Room) Close() error {
	var err error
	r.closeOnce.Do(func() { err = r.close() })
	return err
}

func (r *Room) close() error {
	r.mu.Lock()
	r.detach()
	r.closed = true
	r.mu.Unlock()
	r.faults.release()
	var errs []error
	for _, l := range r.listeners {
		errs = append(errs, l.Close())
	}
	r.serving.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	errs = append(errs, r.smtp.Shutdown(ctx), r.imap.Close())
	r.talking.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.accounts {
		errs = append(errs, a.closeFiles())
	}
	return errors.Join(errs...)
}

func (r *Room) isClosed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}
