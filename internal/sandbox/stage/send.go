package stage

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"aparte/internal/sandbox/mailroom"
)

// sendWithin bounds a submission as a whole.
const sendWithin = time.Minute

var (
	errNobody = errors.New("no recipient")
	errRoots  = errors.New("the mailroom's certificate cannot be read")
)

// send submits a mail by SMTP, with STARTTLS and login, and files a copy in
// Sent as a mail client does. If the server refuses one recipient, nobody gets
// the mail, and the error has the server's words.
func (s *Stage) send(ctx context.Context, p Person, l letter) error {
	rcpts := slices.Concat(l.To, l.Cc)
	if len(rcpts) == 0 {
		return errNobody
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	raw := l.bytes()
	if err := s.submit(ctx, p.Address, rcpts, raw); err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	if _, err := s.room.Append(p.Address, mailroom.Sent, raw, true); err != nil {
		return fmt.Errorf("file in sent: %w", err)
	}
	return nil
}

func (s *Stage) submit(ctx context.Context, from string, rcpts []mail.Address, raw []byte) error {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(s.room.CertPEM()) {
		return errRoots
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.room.Addrs().SMTP)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	c, err := smtp.NewClientStartTLS(conn, &tls.Config{RootCAs: roots, ServerName: "localhost"})
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", from, s.password(from))); err != nil {
		return err
	}
	var to []string
	for _, r := range rcpts {
		to = append(to, r.Address)
	}
	if err := c.SendMail(from, to, bytes.NewReader(raw)); err != nil {
		return err
	}
	return c.Quit()
}
