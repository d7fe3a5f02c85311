//go:build crash

package crashtest

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// point is a moment of the desk's work at which it can be killed.
type point string

const (
	afterSearch  point = "after search"  // the server has named new mail
	midSpool     point = "mid-spool"     // half of a mail has come
	afterRename  point = "after rename"  // one mail lies in its file, the next of its batch is asked for
	beforeCommit point = "before commit" // the last file of a batch has its name
	afterCommit  point = "after commit"  // the log tells of a mail
	beforeData   point = "before DATA"   // written down as sending, DATA not at the server
	midData      point = "mid-DATA"      // half of a mail is out
	afterDot     point = "after the dot" // the last byte is out
	afterData    point = "after DATA"    // the server has taken it, the desk has not heard
	afterAnswer  point = "after answer"  // the desk has heard, and may have written it down
)

// gate stands between the desk and the mail servers and reads along. It is
// where the desk's moments can be seen from outside, to the byte.
type gate struct {
	imap, smtp net.Listener
	spring     func(point) // kills the desk

	mu      sync.Mutex
	set     point          // the trap, or nothing
	handed  []uint32       // mails handed over since it was set
	highest uint64         // newest UID asked for
	named   []uint32       // UIDs of the search that sprang the trap
	fetched map[uint32]int // how often each mail was handed over whole
	last    uint32         // the one that is being handed over
	done    chan struct{}  // closed when the trap springs
	conns   map[net.Conn]bool
	all     sync.WaitGroup

	sending atomic.Int64 // mails that are on their way out
}

func newGate(t *testing.T, imap, smtp string) *gate {
	t.Helper()
	g := &gate{fetched: map[uint32]int{}, conns: map[net.Conn]bool{}}
	g.imap = g.listen(t, imap, func(near, far net.Conn) (func(), func()) {
		return func() { g.asksIMAP(near, far) }, func() { g.answersIMAP(far, near) }
	})
	g.smtp = g.listen(t, smtp, func(near, far net.Conn) (func(), func()) {
		s := &submission{gate: g}
		return func() { s.asks(near, far) }, func() { s.answers(far, near) }
	})
	t.Cleanup(func() {
		g.imap.Close()
		g.smtp.Close()
		g.mu.Lock()
		for c := range g.conns {
			c.Close()
		}
		g.mu.Unlock()
		g.all.Wait()
	})
	return g
}

// listen passes connections on to a server, each way by its own reader.
func (g *gate) listen(t *testing.T, server string, pair func(near, far net.Conn) (asks, answers func())) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g.all.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server)
			if err != nil {
				near.Close()
				continue
			}
			g.keep(near, far)
			asks, answers := pair(near, far)
			for _, way := range []func(){asks, answers} {
				g.all.Go(func() { way(); near.Close(); far.Close() })
			}
		}
	})
	return l
}

func (g *gate) keep(conns ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		g.conns[c] = true
	}
}

// arm sets the trap. The channel is closed once it has sprung.
func (g *gate) arm(p point) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.set, g.handed, g.named, g.done = p, nil, nil, make(chan struct{})
	return g.done
}

// at springs the trap if it stands at p, and tells whether it did.
func (g *gate) at(p point) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.set != p {
		return false
	}
	g.set = ""
	g.spring(p)
	close(g.done)
	return true
}

func (g *gate) awaits(p point) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.set == p
}

var (
	fetchUID = regexp.MustCompile(`(?i)UID FETCH (\d+) \((.*)\)`)
	hits     = regexp.MustCompile(`^\* (?:SEARCH|ESEARCH .*ALL) ([\d :,]+)`)
	literal  = regexp.MustCompile(`\{(\d+)\}\r\n$`)
	number   = regexp.MustCompile(`\d+`)
)

// asksIMAP passes the desk's commands on.
func (g *gate) asksIMAP(near, far net.Conn) {
	for r := bufio.NewReader(near); ; {
		line, err := r.ReadBytes('\n')
		if m := fetchUID.FindSubmatch(line); m != nil {
			g.mu.Lock()
			uid, _ := strconv.ParseUint(string(m[1]), 10, 32)
			again := len(g.handed) > 0
			g.highest = max(g.highest, uid)
			if bytes.Contains(bytes.ToUpper(m[2]), []byte("BODY")) {
				g.last = uint32(uid)
			}
			g.mu.Unlock()
			if again && g.at(afterRename) {
				return
			}
		}
		if _, werr := far.Write(line); err != nil || werr != nil {
			return
		}
	}
}

// answersIMAP passes the server's answers on, literals as what they are.
func (g *gate) answersIMAP(far, near net.Conn) {
	news := false
	for r := bufio.NewReader(far); ; {
		line, err := r.ReadBytes('\n')
		if _, werr := near.Write(line); err != nil || werr != nil {
			return
		}
		if m := hits.FindSubmatch(line); m != nil {
			news = g.found(string(m[1])) || news
		}
		if news && line[0] != '*' {
			news = false
			if g.at(afterSearch) {
				return
			}
		}
		if m := literal.FindSubmatch(line); m != nil {
			n, _ := strconv.ParseInt(string(m[1]), 10, 64)
			if !g.body(r, near, n) {
				return
			}
		}
	}
}

// found notes what a search named, and tells whether any of it is new.
func (g *gate) found(set string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	var fresh []uint32
	for _, n := range number.FindAllString(set, -1) {
		if uid, _ := strconv.ParseUint(n, 10, 32); uid > g.highest {
			fresh = append(fresh, uint32(uid))
		}
	}
	if g.set == afterSearch && len(fresh) > 0 {
		g.named = fresh
	}
	return len(fresh) > 0
}

// body passes a literal on: half of it where the trap stands there.
func (g *gate) body(from io.Reader, to io.Writer, n int64) bool {
	if g.awaits(midSpool) {
		_, err := io.CopyN(to, from, n/2)
		return !g.at(midSpool) && err == nil
	}
	if _, err := io.CopyN(to, from, n); err != nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.handed = append(g.handed, g.last)
	g.fetched[g.last]++
	return true
}

// submission is one SMTP connection through the gate.
type submission struct {
	*gate
	mu     sync.Mutex
	open   bool // a mail is on its way
	dotted bool // the whole mail is out
}

// begin and end count the mail that is on its way.
func (s *submission) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open {
		s.open = true
		s.sending.Add(1)
	}
}

func (s *submission) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		s.open = false
		s.sending.Add(-1)
	}
}

func (s *submission) asks(near, far net.Conn) {
	for r := bufio.NewReader(near); ; {
		line, err := r.ReadBytes('\n')
		if strings.HasPrefix(strings.ToUpper(string(line)), "MAIL ") {
			s.begin()
		}
		data := strings.EqualFold(strings.TrimSpace(string(line)), "DATA")
		if data && s.at(beforeData) {
			return
		}
		if _, werr := far.Write(line); err != nil || werr != nil {
			return
		}
		if data && !s.content(r, far) {
			return
		}
	}
}

// content passes a mail on up to its dot.
func (s *submission) content(from *bufio.Reader, to io.Writer) bool {
	for lines := 0; ; lines++ {
		line, err := from.ReadBytes('\n')
		if err != nil || lines == 8 && s.at(midData) {
			return false
		}
		dot := string(line) == ".\r\n"
		if dot {
			s.mu.Lock()
			s.dotted = true
			s.mu.Unlock()
		}
		if _, err := to.Write(line); err != nil {
			return false
		}
		if dot {
			return !s.at(afterDot)
		}
	}
}

func (s *submission) answers(far, near net.Conn) {
	defer s.end()
	for r := bufio.NewReader(far); ; {
		line, err := r.ReadBytes('\n')
		s.mu.Lock()
		verdict := s.dotted
		s.dotted = false
		s.mu.Unlock()
		if verdict && err == nil && s.at(afterData) {
			return
		}
		if _, werr := near.Write(line); err != nil || werr != nil {
			return
		}
		if verdict && s.at(afterAnswer) {
			return
		}
		if verdict {
			s.end()
		}
	}
}

// fileNamed springs the trap once a file has its name: what is left of its
// mail's way is the commit.
func (g *gate) fileNamed(name string) {
	for end := time.Now().Add(patience); g.awaits(beforeCommit) && time.Now().Before(end); time.Sleep(50 * time.Microsecond) {
		if _, err := os.Stat(name); err == nil {
			g.at(beforeCommit)
		}
	}
}
