package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"syscall"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

// maxWords caps what is kept of a server's own words.
const maxWords = 300

// explain turns what went wrong on a line into one sentence that names the
// cause and one that names the cure. What only a person can mend is marked so.
// The end of ctx is nobody's fault and stays as it is.
func explain(ctx context.Context, address string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var told *desk.Error
	if err == nil || errors.As(err, &told) {
		return err
	}
	if e := certificate(address, err); e != nil {
		return connector.NeedsCare(e)
	}
	return network(address, err)
}

func certificate(address string, err error) error {
	host := hostOf(address)
	var name x509.HostnameError
	var untrusted *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &name):
		return &desk.Error{Fault: desk.Unavailable, Code: "certificate_other_name", Err: err,
			Msg:  "the certificate of " + host + " was made for another name",
			Hint: "Use the name that the certificate is made for, or ask whoever runs the server."}
	case errors.As(err, &untrusted):
		return &desk.Error{Fault: desk.Unavailable, Code: "certificate_untrusted", Err: err,
			Msg:  "the certificate of " + host + " is not trusted",
			Hint: "Add the server's certificate to this mailbox's settings if you know that it is the right one."}
	case errors.As(err, &noTLS):
		return &desk.Error{Fault: desk.Unavailable, Code: "tls_not_spoken", Err: err,
			Msg:  host + " does not begin with TLS",
			Hint: "Choose starttls, or the port for TLS: 993 for IMAP, 465 for SMTP."}
	}
	return nil
}

func network(address string, err error) error {
	host := hostOf(address)
	e := &desk.Error{Fault: desk.Unavailable, Code: "line_broken", Err: err, Msg: "the line to " + host + " broke",
		Hint: "It is tried again by itself."}
	var dns *net.DNSError
	var refusedIMAP *imap.Error
	var refusedSMTP *smtp.SMTPError
	switch {
	case errors.As(err, &refusedIMAP), errors.As(err, &refusedSMTP):
		e.Code, e.Msg = "server_refused", host+" says: "+words(err)
	case errors.As(err, &dns):
		e.Code, e.Msg = "host_unknown", "there is no server called "+host
		e.Hint = "Check the spelling of the server's name, and that this computer is online."
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Code, e.Msg = "connection_refused", host+" takes no connections"
		e.Hint = "Check the port: 993 or 143 for IMAP, 465 or 587 for SMTP."
	case errors.Is(err, errSilent), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), timedOut(err):
		e.Code, e.Msg = "server_silent", host+" does not answer"
		e.Hint = "Check the server's name and port; a firewall may be in between."
	case errors.Is(err, errFlood):
		e.Code, e.Msg = "server_floods", host+" sends more than it was asked for"
	}
	return e
}

func timedOut(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// refusedLogin is a login that the server refused. Trying again would only
// lock the account.
func refusedLogin(address string, err error) error {
	return connector.NeedsCare(&desk.Error{Fault: desk.Unavailable, Code: "login_refused", Err: err,
		Msg:  hostOf(address) + " refuses the login: " + words(err),
		Hint: "Check user name and password; some providers want a password made for this app."})
}

// lacks is a server that cannot do what we need.
func lacks(address, code, what, hint string) error {
	return connector.NeedsCare(&desk.Error{Fault: desk.Unavailable, Code: code, Msg: hostOf(address) + " " + what, Hint: hint})
}

// words is what the server itself said, cut.
func words(err error) string {
	var i *imap.Error
	var s *smtp.SMTPError
	switch {
	case errors.As(err, &i):
		return desk.OneLine(i.Text, maxWords)
	case errors.As(err, &s):
		return desk.OneLine(s.Message, maxWords)
	}
	return desk.OneLine(err.Error(), maxWords)
}
