package mailroom

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

var (
	errLoginFirst  = smtpError(530, 5, 7, 0, "Authentication required")
	errNotYours    = smtpError(553, 5, 7, 1, "Sender address is not yours")
	errNoSuchUser  = smtpError(550, 5, 1, 1, "No such user here")
	errNoSuchHost  = smtpError(550, 5, 1, 2, "Domain not found; nothing leaves this sandbox")
	errBadMailbox  = smtpError(501, 5, 1, 3, "Bad recipient address")
	errMailboxFull = smtpError(452, 4, 2, 2, "Mailbox full")
	errNotFiled    = smtpError(451, 4, 3, 0, "Could not be filed")
)

func smtpError(code, class, subject, detail int, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}
}

func (r *Room) newSMTP() *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &submission{room: r, conn: c}, nil
	}))
	s.Domain = r.config.Hostname
	s.TLSConfig = r.tlsConfig()
	s.MaxMessageBytes = r.config.MaxBytes
	s.MaxRecipients = maxRecipients
	s.AllowInsecureAuth = !r.config.RequireTLS
	s.EnableSMTPUTF8 = true
	s.ReadTimeout = 5 * time.Minute
	s.WriteTimeout = 5 * time.Minute
	s.ErrorLog = serverLog{r.log, "smtp"}
	return s
}

// submission is one SMTP session. The server calls it from one goroutine, save
// for Logout, which touches nothing.
type submission struct {
	room *Room
	conn *smtp.Conn
	user *account

	open  bool // MAIL was accepted
	from  string
	rcpts []string
	told  []Rcpt
}

var _ smtp.AuthSession = (*submission)(nil)

// AuthMechanisms lists what AUTH offers.
func (s *submission) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

// Auth starts a login.
func (s *submission) Auth(mech string) (sasl.Server, error) {
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(identity, username, password string) error {
			if identity != "" && identity != username {
				return smtp.ErrAuthFailed
			}
			return s.login(username, password)
		}), nil
	case sasl.Login:
		return &loginServer{login: s.login}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *submission) login(username, password string) error {
	user := s.room.login(username, password)
	if user == nil {
		s.room.journal.add(s.entry("AUTH", smtp.ErrAuthFailed))
		return smtp.ErrAuthFailed
	}
	s.user = user
	s.room.journal.add(s.entry("AUTH", nil))
	return nil
}

// Mail accepts a sender who is the one logged in, or the null sender of
// automatic answers (RFC 3834 §3.3).
func (s *submission) Mail(from string, _ *smtp.MailOptions) error {
	if s.user == nil {
		return errLoginFirst
	}
	s.room.mu.Lock()
	own := from == "" || s.user.owns(from)
	s.room.mu.Unlock()
	if !own {
		e := s.entry("MAIL", errNotYours)
		e.From = from
		s.room.journal.add(e)
		return errNotYours
	}
	s.open, s.from = true, from
	return nil
}

// Rcpt accepts recipients who have a mailbox here and no fault.
func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	if refusal := s.judge(to); refusal != nil {
		s.told = append(s.told, Rcpt{to, outcome(refusal)})
		return refusal
	}
	s.told = append(s.told, Rcpt{to, outcome(nil)})
	s.rcpts = append(s.rcpts, to)
	return nil
}

func (s *submission) judge(to string) *smtp.SMTPError {
	base, domain, err := splitAddress(to)
	switch {
	case err != nil:
		return errBadMailbox
	case !s.room.knowsDomain(domain):
		return errNoSuchHost
	case s.room.account(to) == nil:
		return errNoSuchUser
	}
	return s.room.faults.refusal(base)
}

// Data reads the content and delivers a copy to each recipient.
func (s *submission) Data(r io.Reader) error {
	if wait := s.room.faults.stall(); wait != nil {
		<-wait
	}
	raw, err := io.ReadAll(r)
	if err == nil {
		err = s.deliver(raw)
	}
	e := s.transaction(err)
	e.Bytes = len(raw)
	if err == nil && s.room.faults.takeDrop() {
		e.Outcome = "cut"
		_ = s.conn.Conn().Close()
	}
	s.room.journal.add(e)
	s.open = false
	return err
}

func (s *submission) deliver(raw []byte) error {
	host := s.room.config.Hostname
	raw = withoutForgeries(raw, host)
	for i, to := range s.rcpts {
		if slices.Contains(s.rcpts[:i], to) {
			continue
		}
		env := envelope{from: s.from, rcpt: to, helo: s.conn.Hostname(), with: s.protocol(), user: s.user}
		err := s.room.deliver(env, append(env.results(host, raw), raw...))
		switch {
		case errors.Is(err, errFull):
			return errMailboxFull
		case err != nil:
			s.room.log.Error("mail not filed", "err", err)
			return errNotFiled
		}
	}
	return nil
}

// protocol is the word of RFC 3848 for how the mail came.
func (s *submission) protocol() string {
	if _, ok := s.conn.TLSConnectionState(); ok {
		return "ESMTPSA"
	}
	return "ESMTPA"
}

// Reset forgets the transaction. One that had begun and did not end with its
// content is noted as aborted.
func (s *submission) Reset() {
	if s.open {
		e := s.transaction(nil)
		e.Outcome = "aborted"
		s.room.journal.add(e)
	}
	s.open, s.from, s.rcpts, s.told = false, "", nil, nil
}

// Logout has nothing to free.
func (s *submission) Logout() error { return nil }

func (s *submission) transaction(err error) Entry {
	e := s.entry("MAIL", err)
	e.From, e.Rcpts = s.from, s.told
	return e
}

func (s *submission) entry(command string, err error) Entry {
	e := Entry{At: s.room.config.Now(), Protocol: "smtp", Command: command, Outcome: outcome(err)}
	if s.user != nil {
		e.Account = s.user.base
	}
	return e
}

// outcome words an SMTP answer as code, enhanced code and text.
func outcome(err error) string {
	var refusal *smtp.SMTPError
	switch {
	case err == nil:
		return "250"
	case errors.As(err, &refusal):
		c := refusal.EnhancedCode
		return fmt.Sprintf("%d %d.%d.%d %s", refusal.Code, c[0], c[1], c[2], refusal.Message)
	}
	return "554 " + err.Error()
}

// loginServer is the LOGIN mechanism: two questions, two answers.
type loginServer struct {
	login    func(username, password string) error
	username string
	asked    int
}

// Next takes the client's answer and asks the next question.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case l.asked == 0 && response == nil:
		l.asked = 1
		return []byte("Username:"), false, nil
	case l.asked < 2:
		l.asked, l.username = 2, string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.login(l.username, string(response))
}

// serverLog passes the notes of a protocol library on.
type serverLog struct {
	log    *slog.Logger
	server string
}

// Printf notes what a library has to say: panics as errors, the rest, such as
// clients that went away, for debugging. Only errors among args are kept, for
// others may hold what a client sent.
func (l serverLog) Printf(format string, args ...any) {
	attrs := []any{"server", l.server, "note", format}
	for _, arg := range args {
		if err, ok := arg.(error); ok {
			attrs = append(attrs, "err", err)
		}
	}
	if strings.HasPrefix(format, "panic") {
		l.log.Error("mailroom server panic", append(attrs, "stack", fmt.Sprint(args...))...)
		return
	}
	l.log.Debug("mailroom server note", attrs...)
}

// Println is Printf for plain values.
func (l serverLog) Println(args ...any) { l.Printf("%v", args...) }
