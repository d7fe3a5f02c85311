package mail

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"aparte/internal/desk"
)

// inbox is the folder that is watched.
const inbox = "INBOX"

// maxAnswer caps the bytes of an answer that holds no message: enough for the
// numbers of two million mails.
const maxAnswer = 16 << 20

// line is one IMAP connection that is logged in and has the inbox open for
// reading. It is used by one goroutine.
type line struct {
	*imapclient.Client
	c    *Connector
	wire *wire
	box  *imap.SelectData
	news chan struct{} // something has changed at the server
	used time.Time
}

// connect opens a line up to the login.
func (c *Connector) connect(ctx context.Context) (*line, error) {
	l, err := c.greet(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.login(ctx); err != nil {
		l.end()
		return nil, err
	}
	return l, nil
}

// watchInbox opens a line and the inbox on it. EXAMINE, and not SELECT: this
// connector changes nothing in the mailbox.
func (c *Connector) watchInbox(ctx context.Context) (*line, error) {
	l, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	err = l.ask(ctx, func() (err error) {
		l.box, err = l.Select(inbox, &imap.SelectOptions{ReadOnly: true}).Wait()
		return err
	})
	if err != nil {
		l.end()
		return nil, err
	}
	return l, nil
}

// greet connects, makes the line secret and reads the greeting.
func (c *Connector) greet(ctx context.Context) (*line, error) {
	address := c.Settings.IMAP
	w, err := c.dial(ctx, address)
	if err != nil {
		return nil, err
	}
	l := &line{c: c, wire: w, news: make(chan struct{}, 1), used: time.Now()}
	stop := context.AfterFunc(ctx, w.drop)
	defer stop()
	if err := l.begin(ctx, address); err != nil {
		l.end()
		return nil, err
	}
	return l, nil
}

func (l *line) begin(ctx context.Context, address string) error {
	options := &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(*imapclient.UnilateralDataMailbox) { l.wake() },
		Expunge: func(uint32) { l.wake() },
	}}
	var conn net.Conn = l.wire
	switch l.c.Settings.IMAPTLS {
	case Implicit:
		t, err := l.c.secure(ctx, l.wire, address)
		if err != nil {
			return err
		}
		conn = t
	case StartTLS:
		options.TLSConfig = l.c.trust(address)
		return l.ask(ctx, func() (err error) {
			l.Client, err = imapclient.NewStartTLS(conn, options)
			var refused *imap.Error
			if errors.As(err, &refused) {
				return lacks(address, "starttls_missing", "does not offer STARTTLS", "Choose implicit TLS, usually on port 993.")
			}
			return err
		})
	}
	l.Client = imapclient.New(conn, options)
	return l.ask(ctx, l.WaitGreeting)
}

func (l *line) wake() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// login proves who we are, by the best way that the server offers. The
// settings see to it that the line is secret, or does not leave this computer.
func (l *line) login(ctx context.Context) error {
	address, user := l.c.Settings.IMAP, l.c.Settings.User
	return l.ask(ctx, func() error {
		if l.State() == imap.ConnStateAuthenticated {
			return nil
		}
		caps, err := l.Caps(), error(nil)
		switch {
		case caps.Has("AUTH=PLAIN"):
			err = l.Authenticate(sasl.NewPlainClient("", user, l.c.Password()))
		case caps.Has(imap.CapLoginDisabled):
			return lacks(address, "login_disabled", "takes no password on this line", "Choose implicit TLS, usually on port 993.")
		default:
			err = l.Login(user, l.c.Password()).Wait()
		}
		var refused *imap.Error
		if errors.As(err, &refused) && !passing[refused.Code] {
			return refusedLogin(address, err)
		}
		return err
	})
}

// passing are refusals of a login that have nothing to do with the password.
var passing = map[imap.ResponseCode]bool{
	imap.ResponseCodeUnavailable: true, imap.ResponseCodeInUse: true, imap.ResponseCodeLimit: true,
	imap.ResponseCodeServerBug: true,
}

// ask runs a command under the watchdog.
func (l *line) ask(ctx context.Context, command func() error) error {
	return l.within(ctx, l.c.Patience, maxAnswer, command)
}

func (l *line) within(ctx context.Context, silence time.Duration, budget int64, command func() error) error {
	off := l.wire.watch(silence, budget)
	err := command()
	off()
	l.used = time.Now()
	return explain(ctx, l.c.Settings.IMAP, l.wire.because(err))
}

// end closes the line at once: the raw connection first, because the library's
// own Close waits for whoever still reads.
func (l *line) end() {
	l.c.forget(l.wire)
	if l.Client != nil {
		_ = l.Client.Close()
	}
}

// rest waits until there may be news: pushed, where the server does that, or
// else after a while. It ends early when the line breaks or ctx ends.
func (l *line) rest(ctx context.Context, quick bool) error {
	if !l.Caps().Has(imap.CapIdle) {
		l.c.mode.Store("poll")
		if err := l.doze(ctx, l.c.PollEvery); err != nil {
			return err
		}
		return l.ask(ctx, func() error { return l.Noop().Wait() })
	}
	l.c.mode.Store("idle")
	wait := l.c.IdleFor
	if quick {
		wait = min(wait, l.c.Settle)
	}
	return l.idle(ctx, wait)
}

func (l *line) idle(ctx context.Context, wait time.Duration) error {
	var idle *imapclient.IdleCommand
	err := l.ask(ctx, func() (err error) {
		idle, err = l.Idle()
		return err
	})
	if err != nil {
		return err
	}
	slept := l.doze(ctx, wait)
	err = l.ask(ctx, func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
	if slept != nil {
		return slept
	}
	return err
}

var errSlept = &desk.Error{Fault: desk.Unavailable, Code: "computer_slept", Msg: "this computer was asleep",
	Hint: "It connects again by itself."}

// doze waits for news, a time, or the end. A laptop that was closed meanwhile
// has lost its connections, whatever they say: that is seen in the wall clock
// having run ahead of the other.
func (l *line) doze(ctx context.Context, wait time.Duration) error {
	begun := time.Now()
	enough := time.NewTimer(wait)
	defer enough.Stop()
	glance := time.NewTicker(10 * time.Second)
	defer glance.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.news:
			return nil
		case <-enough.C:
			return nil
		case <-l.Closed():
			return explain(ctx, l.c.Settings.IMAP, l.wire.because(net.ErrClosed))
		case <-glance.C:
			now := time.Now()
			if now.Round(0).Sub(begun.Round(0))-now.Sub(begun) > 30*time.Second {
				return errSlept
			}
		}
	}
}
