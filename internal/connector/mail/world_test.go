package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/sandbox/mailroom"
)

const (
	support = "support@aparte.example"
	partner = "dispatch@swiftcargo.example"
	secret  = "correct horse"
	patient = 10 * time.Second
)

var signingKey = []byte("a key of thirty-two bytes, no less")

func world(t *testing.T) *mailroom.Room {
	t.Helper()
	r, err := mailroom.Start(t.Context(), mailroom.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	for _, a := range []string{support, partner} {
		if err := r.AddUser(mailroom.Account{Address: a, Password: secret}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// configured is a mailbox that begins with everything and waits for nobody long.
func configured(r *mailroom.Room) Config {
	a := r.Addrs()
	local := func(addr string) string { return strings.Replace(addr, "127.0.0.1", "localhost", 1) }
	return Config{
		Account: "support", Address: support, Name: "Support", Key: signingKey, Instance: "desk-one",
		Password: func() string { return secret },
		Settings: Settings{IMAP: local(a.IMAPS), SMTP: local(a.SMTP), IMAPTLS: Implicit, SMTPTLS: StartTLS, User: support,
			CA: string(r.CertPEM()), Since: FromAll},
		Patience: 2 * time.Second, Progress: 2 * time.Second, Verdict: 2 * time.Second,
		Settle: 50 * time.Millisecond,
	}
}

func connected(t *testing.T, r *mailroom.Room, change ...func(*Config)) *Connector {
	t.Helper()
	config := configured(r)
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func letter(subject string) []byte {
	return fmt.Appendf(nil, "From: Dispatch <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s@test>\r\n\r\nHello about %s.\r\n",
		partner, support, subject, strings.ReplaceAll(subject, " ", "-"), subject)
}

var errEnough = errors.New("enough")

// items discovers until n items came, and tells the cursor after them.
func items(t *testing.T, c *Connector, from connector.Cursor, n int) ([]connector.Item, connector.Cursor) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	var list []connector.Item
	err := c.Discover(ctx, from, func(f connector.Found) error {
		list, from = append(list, f.Items...), f.After
		if len(list) >= n {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatalf("discovered %d items of %d: %v", len(list), n, err)
	}
	return list, from
}

func fetched(t *testing.T, c *Connector, item connector.Item) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	var b bytes.Buffer
	if err := c.Fetch(ctx, item, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func outgoing() connector.Outgoing {
	return connector.Outgoing{
		Message: "m1", Side: desk.PartnerSide, Conversation: "c1", From: desk.Address{Name: "Zoë Martin", Email: support},
		To: []desk.Address{{Name: "Dispatch, Swift Cargo", Email: partner}}, Subject: "Où est le colis n° 12 ?",
		HTML: "<p>Bonjour — <strong>où</strong> est-il ?</p>", Text: "Bonjour — où est-il ?\n",
		At: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), Token: "0123456789abcdefghjk", ThreadKey: "0123456789abcdefghjkmnpqr0",
		InReplyTo: "first@swiftcargo.example", References: []string{"first@swiftcargo.example"},
		Files: []connector.File{{Name: "Übersicht – \"x\".pdf", Type: "application/pdf",
			Open: func() (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader("%PDF-1.4 " + strings.Repeat("x", 300))), nil
			}}},
	}
}

func rendered(t *testing.T, c *Connector, out connector.Outgoing) connector.Rendered {
	t.Helper()
	r, err := c.Render(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mailroomAccount(address string) mailroom.Account {
	return mailroom.Account{Address: address, Password: secret}
}
