package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

var (
	errSilent = errors.New("the server fell silent")
	errFlood  = errors.New("the server sent more than was asked for")
)

// wire is a connection that cannot hang: each write has a deadline of its own,
// and while an answer is awaited a watchdog closes it if no byte comes. The
// libraries above close politely, and wait for the far side to do the same;
// only closing the raw connection ends everything at once.
type wire struct {
	net.Conn
	patience time.Duration // of one write

	mu     sync.Mutex
	dog    *time.Timer
	within time.Duration
	budget int64
	fault  error
}

// watch arms the watchdog: the next byte must come within a time, and no more
// than budget bytes in all. The function that it returns takes it off again.
func (w *wire) watch(within time.Duration, budget int64) (off func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	dog := time.AfterFunc(within, func() { w.fail(errSilent) })
	w.dog, w.within, w.budget = dog, within, budget
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		dog.Stop()
		w.dog = nil
	}
}

// fail drops the connection, for a reason that the caller will hear of.
func (w *wire) fail(why error) {
	w.mu.Lock()
	if w.fault == nil {
		w.fault = why
	}
	w.mu.Unlock()
	w.drop()
}

func (w *wire) drop() { _ = w.Conn.Close() }

// because puts our own reason for closing in the place of the noise that it
// made in the layers above.
func (w *wire) because(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil && w.fault != nil {
		return w.fault
	}
	return err
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 && !w.heard(int64(n)) {
		w.fail(errFlood)
		return 0, errFlood
	}
	return n, err
}

func (w *wire) heard(n int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dog == nil {
		return true
	}
	w.budget -= n
	w.dog.Reset(w.within)
	return w.budget >= 0
}

func (w *wire) Write(b []byte) (int, error) {
	if err := w.Conn.SetWriteDeadline(time.Now().Add(w.patience)); err != nil {
		return 0, err
	}
	return w.Conn.Write(b)
}

// SetDeadline bounds reading only; writing is bounded by Write.
func (w *wire) SetDeadline(t time.Time) error { return w.Conn.SetReadDeadline(t) }

// SetWriteDeadline does nothing: each Write sets its own.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

var alive = net.KeepAliveConfig{Enable: true, Idle: 60 * time.Second, Interval: 20 * time.Second, Count: 3}

// dial connects, in the clear.
func (c *Connector) dial(ctx context.Context, address string) (*wire, error) {
	d := net.Dialer{Timeout: c.Patience, KeepAliveConfig: alive}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, explain(ctx, address, err)
	}
	w := &wire{Conn: conn, patience: c.Patience}
	if err := c.keep(w); err != nil {
		return nil, err
	}
	return w, nil
}

// secure puts TLS around a connection and has the certificate checked.
func (c *Connector) secure(ctx context.Context, w *wire, address string) (net.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	t := tls.Client(w, c.trust(address))
	if err := t.HandshakeContext(limited); err != nil {
		return nil, explain(ctx, address, err)
	}
	return t, nil
}

// trust is the system's list of authorities, and the one certificate that
// somebody entered for this mailbox. There is no way to skip the check.
func (c *Connector) trust(address string) *tls.Config {
	host, _, _ := net.SplitHostPort(address)
	t := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if c.Settings.CA == "" {
		return t
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	roots.AppendCertsFromPEM([]byte(c.Settings.CA))
	t.RootCAs = roots
	return t
}

func hostOf(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return fmt.Sprintf("%s (port %s)", host, port)
}
