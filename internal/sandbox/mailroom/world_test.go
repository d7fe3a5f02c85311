package mailroom

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	desk    = "support@aparte.example"
	carrier = "dispatch@swiftcargo.example"
	secret  = "correct horse"
	patient = 10 * time.Second
)

// world starts a room with two people.
func world(t *testing.T, c Config) *Room {
	t.Helper()
	r, err := Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, address := range []string{desk, carrier} {
		if err := r.AddUser(Account{Address: address, Password: secret}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func within10s(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	t.Cleanup(cancel)
	return ctx
}

func trust(r *Room) *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(r.CertPEM())
	return &tls.Config{RootCAs: roots, ServerName: "localhost"}
}

// mailFrom is a small mail with a body to recognise it by.
func mailFrom(from, to, subject string) []byte {
	return fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s@test>\r\n\r\nHello about %s.\r\n",
		from, to, subject, strings.ReplaceAll(subject, " ", "-"), subject)
}

// submit logs in over STARTTLS and sends one mail.
func submit(t *testing.T, r *Room, from string, raw []byte, to ...string) error {
	t.Helper()
	c, err := smtp.DialStartTLS(r.Addrs().SMTP, trust(r))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	base, _, _ := splitAddress(from)
	if err := c.Auth(sasl.NewPlainClient("", base, secret)); err != nil {
		return err
	}
	return c.SendMail(from, to, strings.NewReader(string(raw)))
}

func mustSubmit(t *testing.T, r *Room, from string, raw []byte, to ...string) {
	t.Helper()
	if err := submit(t, r, from, raw, to...); err != nil {
		t.Fatal(err)
	}
}

// mailbox is an IMAP client that is logged in, with its news.
type mailbox struct {
	*imapclient.Client
	exists chan uint32
	gone   chan uint32
}

func openMailbox(t *testing.T, r *Room, address string) *mailbox {
	t.Helper()
	m := &mailbox{exists: make(chan uint32, 100), gone: make(chan uint32, 100)}
	options := &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				m.exists <- *data.NumMessages
			}
		},
		Expunge: func(seq uint32) { m.gone <- seq },
	}}
	c, err := imapclient.DialInsecure(r.Addrs().IMAP, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	m.Client = c
	if err := c.Login(address, secret).Wait(); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *mailbox) open(t *testing.T, folder string) *imap.SelectData {
	t.Helper()
	data, err := m.Select(folder, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// next waits for a number on a channel.
func next(t *testing.T, from <-chan uint32) uint32 {
	t.Helper()
	select {
	case n := <-from:
		return n
	case <-time.After(patient):
		t.Fatal("nothing came")
		return 0
	}
}

// whole fetches messages with their bytes.
func (m *mailbox) whole(set imap.NumSet) ([]*imapclient.FetchMessageBuffer, error) {
	return m.Fetch(set, &imap.FetchOptions{
		UID: true, Flags: true, RFC822Size: true,
		BodySection: []*imap.FetchItemBodySection{{Peek: true}},
	}).Collect()
}

// refusal asserts that err is an SMTP answer with a code.
func refusal(t *testing.T, err error, code int) *smtp.SMTPError {
	t.Helper()
	var answer *smtp.SMTPError
	if !errors.As(err, &answer) || answer.Code != code {
		t.Fatalf("want SMTP answer %d, got %v", code, err)
	}
	return answer
}

func readAll(t *testing.T, r io.Reader) []byte {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
