package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"golang.org/x/net/idna"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

// submission is one SMTP connection that is logged in.
type submission struct {
	*smtp.Client
	c    *Connector
	wire *wire
}

// Send makes one attempt. Up to the final dot of the message an error means
// that nobody has got anything; from there on only the server's answer counts,
// and without one the outcome is unsure.
func (c *Connector) Send(ctx context.Context, p connector.Parcel) (desk.Receipt, error) {
	s, err := c.submit(ctx)
	if err != nil {
		return desk.Receipt{}, err
	}
	defer s.end()
	stop := context.AfterFunc(ctx, s.wire.drop)
	defer stop()
	receipt, err := s.send(ctx, p, stop)
	if errors.Is(err, errUncommitted) {
		return receipt, err
	}
	return receipt, explain(ctx, c.Settings.SMTP, s.wire.because(err))
}

// errUncommitted is trouble of the desk's own, and not of the line.
var errUncommitted = errors.New("the attempt could not be written down")

// submit connects and logs in.
func (c *Connector) submit(ctx context.Context) (*submission, error) {
	w, err := c.dial(ctx, c.Settings.SMTP)
	if err != nil {
		return nil, err
	}
	s := &submission{c: c, wire: w}
	stop := context.AfterFunc(ctx, w.drop)
	defer stop()
	if err := s.begin(ctx); err != nil {
		s.end()
		return nil, explain(ctx, c.Settings.SMTP, err)
	}
	if err := s.login(); err != nil {
		s.end()
		return nil, explain(ctx, c.Settings.SMTP, err)
	}
	return s, nil
}

// begin makes the line secret and says hello in the name of the mail domain:
// filters dislike "localhost".
func (s *submission) begin(ctx context.Context) error {
	address := s.c.Settings.SMTP
	var conn net.Conn = s.wire
	var err error
	switch s.c.Settings.SMTPTLS {
	case Implicit:
		if conn, err = s.c.secure(ctx, s.wire, address); err != nil {
			return err
		}
		s.Client = smtp.NewClient(conn)
	case StartTLS:
		off := s.wire.watch(s.c.Patience, maxAnswer)
		s.Client, err = smtp.NewClientStartTLS(conn, s.c.trust(address))
		off()
		if err != nil {
			return noStartTLS(address, s.wire.because(err))
		}
	default:
		s.Client = smtp.NewClient(conn)
	}
	s.CommandTimeout, s.SubmissionTimeout = s.c.Patience, s.c.Verdict
	if err := s.Hello(s.c.domain); err != nil {
		return err
	}
	if size, ok := s.MaxMessageSize(); ok {
		s.c.limit.Store(int64(size))
	}
	return nil
}

// noStartTLS tells a server without STARTTLS, for which the library has no
// error of its own, from a line that broke.
func noStartTLS(address string, err error) error {
	var n net.Error
	var refused *smtp.SMTPError
	if errors.As(err, &refused) || errors.As(err, &n) || !strings.HasPrefix(err.Error(), "smtp:") {
		return err
	}
	return lacks(address, "starttls_missing", "does not offer STARTTLS", "Choose implicit TLS, usually on port 465.")
}

func (s *submission) login() error {
	address, user := s.c.Settings.SMTP, s.c.Settings.User
	var how sasl.Client
	switch {
	case s.SupportsAuth(sasl.Plain):
		how = sasl.NewPlainClient("", user, s.c.Password())
	case s.SupportsAuth(sasl.Login):
		how = sasl.NewLoginClient(user, s.c.Password())
	default:
		return lacks(address, "login_disabled", "takes no password on this line", "Check the port: 465 or 587, and not 25.")
	}
	err := s.Auth(how)
	var refused *smtp.SMTPError
	if errors.As(err, &refused) && refused.Code != 421 {
		return refusedLogin(address, err)
	}
	return err
}

// end says goodbye to nobody: after the server's answer there is nothing left
// to say, and before it there is nothing to save.
func (s *submission) end() {
	if s.Client != nil {
		_ = s.Client.Close()
	}
	s.c.forget(s.wire)
}

// send runs one transaction. Once it is committed, the end of ctx no longer
// cuts the line: a message that is half out is worth the wait for its answer.
func (s *submission) send(ctx context.Context, p connector.Parcel, uncut func() bool) (desk.Receipt, error) {
	if limit, ok := s.MaxMessageSize(); ok && limit > 0 && len(p.Bytes) > limit {
		return same(p.To, tooLarge(len(p.Bytes), limit)), nil
	}
	if err := s.from(p); err != nil {
		return refusal(p.To, err)
	}
	outcomes, accepted, err := s.recipients(p)
	if err != nil || accepted == 0 {
		return desk.Receipt{Outcomes: outcomes}, err
	}
	if p.Committing != nil {
		if err := p.Committing(); err != nil {
			return desk.Receipt{}, errors.Join(errUncommitted, err)
		}
	}
	if !uncut() {
		return desk.Receipt{}, ctx.Err()
	}
	verdict, err := s.data(p.Bytes)
	if err != nil {
		return desk.Receipt{}, err
	}
	for i, o := range outcomes {
		if o.State == desk.Sending {
			address := o.Address
			outcomes[i] = verdict
			outcomes[i].Address = address
		}
	}
	return desk.Receipt{Outcomes: outcomes, Server: verdict.Text}, nil
}

// from opens the transaction in the name of an address that is secret, so that
// a bounce names its delivery. A server that does not know plus addresses gets
// the plain one.
func (s *submission) from(p connector.Parcel) error {
	options := &smtp.MailOptions{Size: int64(len(p.Bytes)), UTF8: s.needsUTF8(p.To)}
	if ok, _ := s.Extension("DSN"); ok {
		options.Return, options.EnvelopeID = smtp.DSNReturnHeaders, p.EnvelopeID
	}
	if p.EnvelopeTag == "" {
		return s.Mail(s.c.Address, options)
	}
	err := s.Mail(s.c.plus(string(desk.BounceToken)+p.EnvelopeTag), options)
	var refused *smtp.SMTPError
	if errors.As(err, &refused) && (refused.Code == 550 || refused.Code == 553 || refused.Code == 501) {
		return s.Mail(s.c.Address, options)
	}
	return err
}

func (s *submission) needsUTF8(to []desk.Address) bool {
	ok, _ := s.Extension("SMTPUTF8")
	for _, a := range to {
		if ok && !ascii(a.Email) {
			return true
		}
	}
	return false
}

// plus makes an address of this mailbox with a tag.
func (c *Connector) plus(tag string) string {
	base, _ := desk.SplitPlus(c.Address)
	local, domain := desk.SplitAddress(base)
	return local + "+" + tag + "@" + domain
}

// recipients names them all. An accepted one is Sending until the message's
// own answer; an error means that the server gave up on the whole transaction.
func (s *submission) recipients(p connector.Parcel) ([]desk.Outcome, int, error) {
	options := &smtp.RcptOptions{Notify: []smtp.DSNNotify{smtp.DSNNotifyFailure, smtp.DSNNotifyDelayed}}
	outcomes, accepted := make([]desk.Outcome, 0, len(p.To)), 0
	for _, to := range p.To {
		o := desk.Outcome{Address: to.Email, State: desk.Sending}
		address, err := s.envelope(to)
		if err == nil {
			err = s.Rcpt(address, options)
		}
		switch {
		case err == nil:
			accepted++
		case closing(err):
			return nil, 0, err
		default:
			o = failure(to.Email, err)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, accepted, nil
}

// envelope is a recipient as SMTP may say it. The check is strict, for what
// stands here becomes part of a command.
func (s *submission) envelope(to desk.Address) (string, error) {
	parsed, err := desk.ParseAddress(to.Email)
	if err != nil || parsed.Email != strings.TrimSpace(to.Email) {
		return "", &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 3}, Message: "not a mail address"}
	}
	if ascii(parsed.Email) {
		return parsed.Email, nil
	}
	local, domain := desk.SplitAddress(parsed.Email)
	if d, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = d
	}
	if ok, _ := s.Extension("SMTPUTF8"); !ok && !ascii(local+domain) {
		return "", &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 6, 7},
			Message: "our mail server does not take addresses with such letters"}
	}
	return local + "@" + domain, nil
}

// data hands the message over. An error means that the final dot was not
// written; a verdict is the server's, or that there is none.
func (s *submission) data(b []byte) (desk.Outcome, error) {
	s.wire.mu.Lock()
	s.wire.patience = s.c.Progress
	s.wire.mu.Unlock()
	w, err := s.Data()
	if err != nil {
		var refused *smtp.SMTPError
		if errors.As(err, &refused) && !closing(err) {
			return failure("", err), nil
		}
		return desk.Outcome{}, err
	}
	if _, err := w.Write(b); err != nil {
		return desk.Outcome{}, err
	}
	answer, err := w.CloseWithResponse()
	if err == nil {
		return desk.Outcome{State: desk.Sent, Code: 250, Text: desk.OneLine(answer.StatusText, maxWords)}, nil
	}
	var refused *smtp.SMTPError
	if errors.As(err, &refused) {
		return failure("", err), nil
	}
	return desk.Outcome{State: desk.Unsure, Text: "the line was cut before the server confirmed"}, nil
}

// closing is the server hanging up, or a line that broke.
func closing(err error) bool {
	var refused *smtp.SMTPError
	return !errors.As(err, &refused) || refused.Code == 421
}

// refusal is one answer for all.
func refusal(to []desk.Address, err error) (desk.Receipt, error) {
	if closing(err) {
		return desk.Receipt{}, err
	}
	return same(to, failure("", err)), nil
}

func same(to []desk.Address, o desk.Outcome) desk.Receipt {
	r := desk.Receipt{Server: o.Text}
	for _, a := range to {
		o.Address = a.Email
		r.Outcomes = append(r.Outcomes, o)
	}
	return r
}

// failure is what a refusal means for a recipient: 4xx is for now, 5xx for ever.
func failure(address string, err error) desk.Outcome {
	var refused *smtp.SMTPError
	if !errors.As(err, &refused) {
		return desk.Outcome{Address: address, State: desk.Queued, Text: desk.OneLine(err.Error(), maxWords)}
	}
	o := desk.Outcome{Address: address, State: desk.Failed, Code: refused.Code, Text: desk.OneLine(refused.Message, maxWords)}
	if e := refused.EnhancedCode; e[0] > 0 {
		o.Enhanced = fmt.Sprintf("%d.%d.%d", e[0], e[1], e[2])
	}
	if refused.Code/100 == 4 {
		o.State, o.RetryIn = desk.Queued, soon(o)
	}
	return o
}

// soon is how long a refusal for now asks us to wait: greylisting wants to see
// the same mail again, and a full transaction only the next one. Otherwise the
// outbox knows best.
func soon(o desk.Outcome) time.Duration {
	switch o.Enhanced {
	case "4.5.3":
		return time.Second
	case "4.7.1", "4.7.0":
		return time.Minute
	}
	return 0
}

func tooLarge(have, limit int) desk.Outcome {
	const mega = 1 << 20
	return desk.Outcome{State: desk.Failed, Code: 552, Enhanced: "5.3.4",
		Text: fmt.Sprintf("the message has %.1f MB, and our mail server takes %.1f MB", float64(have)/mega, float64(limit)/mega)}
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e || r < 0x20 })
}
