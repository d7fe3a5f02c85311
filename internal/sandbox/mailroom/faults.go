package mailroom

import (
	"crypto/tls"
	"net"
	"sync"

	"github.com/emersion/go-smtp"
)

// faults holds what is to go wrong. Every fault is off at first, takes effect
// at once, and works on connections that are already open too. A fault for what
// is no address panics: it is a mistake in the test that sets it.
type faults struct {
	mu        sync.Mutex
	refused   map[string]*smtp.SMTPError
	greylist  map[string]int
	noLogin   map[string]bool
	dropData  int
	cutBodies int
	stalled   chan struct{} // closed to let DATA go on; nil when not stalled
	silent    chan struct{} // closed to let IMAP answer again; nil when not silent
	released  bool
}

// RefuseRecipient answers every RCPT for the account (whatever its plus part)
// with an SMTP code from 400 to 599 and a text. Code 0 takes it back.
func (r *Room) RefuseRecipient(address string, code int, text string) {
	base := mustBase(address)
	f := &r.faults
	f.mu.Lock()
	defer f.mu.Unlock()
	if code < 400 || code > 599 {
		delete(f.refused, base)
		return
	}
	if f.refused == nil {
		f.refused = make(map[string]*smtp.SMTPError)
	}
	f.refused[base] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 0}, Message: text}
}

// Greylist answers the next n RCPTs for the account with 451 4.7.1.
func (r *Room) Greylist(address string, n int) {
	base := mustBase(address)
	f := &r.faults
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.greylist == nil {
		f.greylist = make(map[string]int)
	}
	f.greylist[base] = n
}

// RefuseLogin makes every login of the account fail, by IMAP and by SMTP, as if
// its password had been changed. Sessions that are logged in stay so.
func (r *Room) RefuseLogin(address string, on bool) {
	base := mustBase(address)
	f := &r.faults
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.noLogin == nil {
		f.noLogin = make(map[string]bool)
	}
	f.noLogin[base] = on
}

// DropAfterData delivers the next n messages but cuts the SMTP connection
// instead of answering 250, so that the sender cannot know.
func (r *Room) DropAfterData(n int) {
	r.faults.mu.Lock()
	defer r.faults.mu.Unlock()
	r.faults.dropData = n
}

// CutLiteral cuts the IMAP connection in the middle of each of the next n
// message literals of FETCH. The middle is exact on connections without TLS
// and for bodies of 200 bytes or more; under TLS the cut falls on a record,
// at or before the middle.
func (r *Room) CutLiteral(n int) {
	r.faults.mu.Lock()
	defer r.faults.mu.Unlock()
	r.faults.cutBodies = n
}

// StallData makes the SMTP server stop reading once DATA has begun, until it is
// turned off or the room closes; what came meanwhile is then read and delivered
// if it is whole.
func (r *Room) StallData(on bool) {
	r.faults.mu.Lock()
	defer r.faults.mu.Unlock()
	r.faults.stalled = r.faults.toggle(r.faults.stalled, on)
}

// SilentIMAP makes the IMAP servers stop writing, on open connections and on
// new ones, as if the far side had gone to sleep. When turned off, what was
// held back is written.
func (r *Room) SilentIMAP(on bool) {
	r.faults.mu.Lock()
	defer r.faults.mu.Unlock()
	r.faults.silent = r.faults.toggle(r.faults.silent, on)
}

// CutIMAP cuts every IMAP connection at once. New ones are welcome.
func (r *Room) CutIMAP() {
	r.listeners[0].cutAll()
	r.listeners[1].cutAll()
}

func mustBase(address string) string {
	base, _, err := splitAddress(address)
	if err != nil {
		panic("mailroom: fault for " + address + ": " + err.Error())
	}
	return base
}

func (f *faults) toggle(now chan struct{}, on bool) chan struct{} {
	switch {
	case on && now == nil && !f.released:
		return make(chan struct{})
	case !on && now != nil:
		close(now)
		return nil
	}
	return now
}

// release ends every wait for good.
func (f *faults) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.released = true
	f.stalled = f.toggle(f.stalled, false)
	f.silent = f.toggle(f.silent, false)
}

func (f *faults) silence() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.silent
}

func (f *faults) stall() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stalled
}

func (f *faults) refusesLogin(base string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.noLogin[base]
}

// refusal returns the answer that a fault has for this recipient, or nil.
func (f *faults) refusal(base string) *smtp.SMTPError {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.refused[base]; err != nil {
		return err
	}
	if f.greylist[base] > 0 {
		f.greylist[base]--
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted, try again later"}
	}
	return nil
}

func (f *faults) takeDrop() bool { return f.take(&f.dropData) }

func (f *faults) takeCut() bool { return f.take(&f.cutBodies) }

func (f *faults) take(n *int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if *n <= 0 {
		return false
	}
	*n--
	return true
}

// rawConn digs out our own connection from below TLS, nil if there is none.
func rawConn(c net.Conn) *conn {
	for {
		switch inner := c.(type) {
		case *conn:
			return inner
		case *tls.Conn:
			c = inner.NetConn()
		default:
			return nil
		}
	}
}
