package mailroom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
)

const portsFile = "ports.json"

var errNotLoopback = errors.New("only loopback addresses are served")

// listen opens the four listeners and remembers their ports in Dir.
func (r *Room) listen(ctx context.Context) error {
	before := r.rememberedAddrs()
	want := []*string{&r.addrs.IMAP, &r.addrs.IMAPS, &r.addrs.SMTP, &r.addrs.SMTPS}
	given := []string{r.config.Listen.IMAP, r.config.Listen.IMAPS, r.config.Listen.SMTP, r.config.Listen.SMTPS}
	old := []string{before.IMAP, before.IMAPS, before.SMTP, before.SMTPS}
	for i := range want {
		l, err := listenLoopback(ctx, given[i], old[i])
		if err != nil {
			for _, opened := range r.listeners {
				_ = opened.Close()
			}
			return err
		}
		*want[i] = l.Addr().String()
		r.listeners = append(r.listeners, r.newListener(l, i < 2))
	}
	return r.rememberAddrs()
}

// listenLoopback listens on the address given; without one, on the address of
// before if that is free, else on any port.
func listenLoopback(ctx context.Context, given, before string) (net.Listener, error) {
	var lc net.ListenConfig
	if given != "" {
		at, err := netip.ParseAddrPort(given)
		if err != nil || !at.Addr().IsLoopback() {
			return nil, fmt.Errorf("listen on %q: %w", given, errNotLoopback)
		}
		return lc.Listen(ctx, "tcp", given)
	}
	if at, err := netip.ParseAddrPort(before); err == nil && at.Addr().IsLoopback() {
		if l, err := lc.Listen(ctx, "tcp", before); err == nil {
			return l, nil
		}
	}
	return lc.Listen(ctx, "tcp", "127.0.0.1:0")
}

func (r *Room) rememberedAddrs() (a Addrs) {
	if r.config.Dir == "" {
		return Addrs{}
	}
	b, err := os.ReadFile(filepath.Join(r.config.Dir, portsFile))
	if err != nil || json.Unmarshal(b, &a) != nil {
		return Addrs{}
	}
	return a
}

func (r *Room) rememberAddrs() error {
	if r.config.Dir == "" {
		return nil
	}
	b, err := json.Marshal(r.addrs)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(r.config.Dir, portsFile), b)
}

// listener hands out connections that can be silenced and cut from outside,
// below TLS.
type listener struct {
	net.Listener
	silent func() <-chan struct{} // what to wait for before writing; nil for nothing

	mu    sync.Mutex
	conns map[*conn]struct{}
	down  bool
}

func (r *Room) newListener(l net.Listener, isIMAP bool) *listener {
	silent := func() <-chan struct{} { return nil }
	if isIMAP {
		silent = r.faults.silence
	}
	return &listener{Listener: l, silent: silent, conns: make(map[*conn]struct{})}
}

// Accept waits for the next connection; after Close there is none.
func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: inner, from: l, gone: make(chan struct{}), left: -1}
	l.mu.Lock()
	down := l.down
	if !down {
		l.conns[c] = struct{}{}
	}
	l.mu.Unlock()
	if down {
		_ = inner.Close()
		return nil, net.ErrClosed
	}
	return c, nil
}

// Close stops listening and cuts every connection that is left. The servers
// close their listeners again, which changes nothing.
func (l *listener) Close() error {
	l.mu.Lock()
	again := l.down
	l.down = true
	l.mu.Unlock()
	if again {
		return nil
	}
	err := l.Listener.Close()
	l.cutAll()
	return err
}

func (l *listener) cutAll() {
	l.mu.Lock()
	var open []*conn
	for c := range l.conns {
		open = append(open, c)
	}
	l.mu.Unlock()
	for _, c := range open {
		_ = c.Close()
	}
}

// conn is a connection that may fall silent, or be cut after some more bytes.
type conn struct {
	net.Conn
	from      *listener
	gone      chan struct{}
	closeOnce sync.Once

	mu   sync.Mutex
	left int // bytes to write before the cut; -1 for no cut
}

// Write waits out a silence, then writes, up to the cut if one is set.
func (c *conn) Write(b []byte) (int, error) {
	if wait := c.from.silent(); wait != nil {
		select {
		case <-wait:
		case <-c.gone:
			return 0, net.ErrClosed
		}
	}
	keep, cut := c.allowance(len(b))
	n, err := c.Conn.Write(b[:keep])
	if cut {
		_ = c.Close()
		return n, net.ErrClosed
	}
	return n, err
}

// allowance says how many of n bytes may still pass and whether that is the end.
func (c *conn) allowance(n int) (keep int, cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left < 0 {
		return n, false
	}
	if n < c.left {
		c.left -= n
		return n, false
	}
	return c.left, true
}

// cutAfter closes the connection once n more bytes have been written.
func (c *conn) cutAfter(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = n
}

// Close closes the connection and forgets it.
func (c *conn) Close() error {
	err := net.ErrClosed
	c.closeOnce.Do(func() {
		close(c.gone)
		c.from.mu.Lock()
		delete(c.from.conns, c)
		c.from.mu.Unlock()
		err = c.Conn.Close()
	})
	return err
}
