package mail

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

// scripted is an SMTP server that answers by a table: the beginning of a
// command, and what is said to it. An empty answer closes the line.
type scripted struct {
	answers map[string]string
	mu      sync.Mutex
	heard   []string
}

func (s *scripted) lines() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.heard, "\n")
}

func (s *scripted) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patient))
	_, _ = conn.Write([]byte("220 scripted.example\r\n"))
	in := bufio.NewReader(conn)
	for data := false; ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		s.mu.Lock()
		s.heard = append(s.heard, line)
		s.mu.Unlock()
		word := strings.ToUpper(strings.TrimRight(strings.SplitN(line, " ", 2)[0], "\r\n"))
		if data && word != "." {
			continue
		}
		data = word == "DATA"
		answer, ok := s.answers[word]
		if !ok {
			answer = "250 fine"
		}
		if answer == "" {
			return
		}
		if _, err := conn.Write([]byte(answer + "\r\n")); err != nil {
			return
		}
	}
}

// played starts the server, and gives a connector that sends through it.
func played(t *testing.T, s *scripted, mode TLSMode) *Connector {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { s.serve(conn) })
		}
	})
	c, err := New(Config{Account: "support", Address: support, Key: signingKey, Password: func() string { return secret },
		Settings: Settings{IMAP: "127.0.0.1:1", SMTP: l.Addr().String(), IMAPTLS: NoTLS, SMTPTLS: mode, User: support},
		Patience: 2 * time.Second, Progress: 2 * time.Second, Verdict: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(); _ = l.Close(); running.Wait() })
	return c
}

func greeting() map[string]string {
	return map[string]string{"EHLO": "250-scripted.example\r\n250-DSN\r\n250 AUTH PLAIN", "AUTH": "235 in", "DATA": "354 go on"}
}

func parcel(to string) connector.Parcel {
	return connector.Parcel{Bytes: []byte("Subject: x\r\n\r\nHello.\r\n"), To: []desk.Address{{Email: to}}, EnvelopeID: "d1"}
}

func TestServerWithoutStartTLSNeverHearsThePassword(t *testing.T) {
	t.Parallel()
	s := &scripted{answers: greeting()}
	s.answers["STARTTLS"] = "502 no"
	_, err := played(t, s, StartTLS).Send(t.Context(), parcel(partner))
	if err == nil || strings.Contains(s.lines(), "AUTH") || strings.Contains(s.lines(), "MAIL") {
		t.Errorf("%v after\n%s", err, s.lines())
	}
}

// A server that closes for now (421) has taken nothing: the message was not
// even offered, and may be tried again.
func TestServerThatClosesBeforeDataCommitsNothing(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"MAIL", "RCPT"} {
		s := &scripted{answers: greeting()}
		s.answers[at] = "421 4.3.2 closing"
		p := parcel(partner)
		p.Committing = func() error { t.Error("committed after 421 to " + at); return nil }
		receipt, err := played(t, s, NoTLS).Send(t.Context(), p)
		for _, o := range receipt.Outcomes {
			if o.State == desk.Sent || o.State == desk.Failed || o.State == desk.Unsure {
				t.Errorf("%s: %+v", at, o)
			}
		}
		if err == nil && len(receipt.Outcomes) == 0 || strings.Contains(s.lines(), "DATA") {
			t.Errorf("%s: %v after\n%s", at, err, s.lines())
		}
	}
}

// Nothing in an address may become a parameter of a command.
func TestAddressAddsNoParameterToACommand(t *testing.T) {
	t.Parallel()
	s := &scripted{answers: greeting()}
	c := played(t, s, NoTLS)
	for _, to := range []string{"a@b.example> NOTIFY=NEVER", "a@b.example>\r\nDATA", "a b@c.example"} {
		receipt, err := c.Send(t.Context(), parcel(to))
		if err == nil && len(receipt.Outcomes) == 1 && receipt.Outcomes[0].State == desk.Sent {
			t.Errorf("%q was sent to", to)
		}
	}
	if strings.Contains(s.lines(), "NEVER") || strings.Contains(s.lines(), "RCPT") || strings.Contains(s.lines(), "DATA") {
		t.Error(s.lines())
	}
}
