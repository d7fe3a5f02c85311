package stage

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"aparte/internal/sandbox/mailroom"
)

const (
	customer = "olivia.bennett@postbox.example"
	partner  = "dispatch@swiftcargo.example"
	patient  = 10 * time.Second
)

var noon = time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)

// world is a stage in a room, with its page served.
type world struct {
	*Stage
	room *mailroom.Room
	url  string
}

func newWorld(t *testing.T) world {
	t.Helper()
	room, err := mailroom.Start(t.Context(), mailroom.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = room.Close() })
	return newWorldIn(t, room)
}

func newWorldIn(t *testing.T, room *mailroom.Room) world {
	t.Helper()
	s, err := New(Options{Room: room, Pause: time.Millisecond, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return world{s, room, server.URL}
}

func (w world) do(t *testing.T, method, path string, body, into any, want int) {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, w.url+path, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != want {
		t.Fatalf("%s %s: %s, want %d", method, path, answer.Status, want)
	}
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
}

// arrival waits for the first mail of somebody's inbox.
func (w world) arrival(t *testing.T, address string) Mail {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	m, err := w.room.Wait(ctx, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Read(m.Raw)
}

func (w world) trust() *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(w.DeskMailbox().CertPEM)
	return &tls.Config{RootCAs: roots, ServerName: "localhost"}
}

// deskWrites submits a mail as the desk's outbox would.
func (w world) deskWrites(t *testing.T, to, raw string) {
	t.Helper()
	box := w.DeskMailbox()
	c, err := smtp.DialTLS(box.Addrs.SMTPS, w.trust())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", box.User, box.Password)); err != nil {
		t.Fatal(err)
	}
	if err := c.SendMail(box.Address, []string{to}, strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil {
		t.Fatal(err)
	}
}

const question = `From: Ada at the desk <support@aparte.example>
To: SwiftCargo Dispatch <dispatch@swiftcargo.example>, Northgate Warehouse <stock@northgate-warehouse.example>
Cc: accounts@ledgerline.example
Reply-To: Support <support+s1a2b3c@aparte.example>
Subject: Where is parcel 20391?
Date: Tue, 06 May 2031 11:30:00 +0000
Message-ID: <k.one@aparte.example>
References: <anchor@aparte.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Could you <b>look</b>?</p>
`

func TestCustomersMailReachesTheDeskOverIMAP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var sent sentJSON
	w.do(t, "POST", "/stage/people/"+customer+"/send", mailRequest{
		Subject: "Où est ma lampe ?", Text: "Hello,\n\nwhere is it?",
		Attachments: []upload{{Name: "reçu.txt", Type: "text/plain", Base64: []byte("paid")}},
	}, &sent, http.StatusCreated)

	box := w.DeskMailbox()
	c, err := imapclient.DialTLS(box.Addrs.IMAPS, &imapclient.Options{TLSConfig: w.trust()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(box.User, box.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	all, err := c.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
	if err != nil || len(all) != 1 {
		t.Fatalf("%d mails, %v", len(all), err)
	}
	want := Mail{
		From: []mail.Address{{Name: "Olivia Bennett", Address: customer}}, To: []mail.Address{{Address: defaultSupport}},
		Subject: "Où est ma lampe ?", Date: noon, ID: sent.MessageID, Text: "Hello,\n\nwhere is it?\n",
		Files: []File{{Name: "reçu.txt", Type: "text/plain", Data: []byte("paid")}},
	}
	got := Read(all[0].BodySection[0].Bytes)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if kept := w.room.Messages(customer, mailroom.Sent); len(kept) != 1 || !kept[0].Seen {
		t.Errorf("in Sent: %+v", kept)
	}
}

func TestPartnersReplyObeysReplyToAndCitesTheQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deskWrites(t, partner, question)
	w.arrival(t, partner)
	w.do(t, "POST", "/stage/people/"+partner+"/messages/1/reply", map[string]any{"text": "It is in <Leeds>.", "all": true}, nil, http.StatusCreated)

	got := w.arrival(t, defaultSupport)
	want := Mail{
		From: []mail.Address{{Name: "SwiftCargo Dispatch", Address: partner}},
		To:   []mail.Address{{Name: "Support", Address: "support+s1a2b3c@aparte.example"}},
		Cc: []mail.Address{
			{Name: "Northgate Warehouse", Address: "stock@northgate-warehouse.example"}, {Address: "accounts@ledgerline.example"},
		},
		Subject: "Re: Where is parcel 20391?", Date: noon, ID: got.ID, InReplyTo: "<k.one@aparte.example>",
		References: []string{"<anchor@aparte.example>", "<k.one@aparte.example>"},
		Text: "It is in <Leeds>.\n\nOn Tue, 6 May 2031 at 11:30, Ada at the desk <support@aparte.example> wrote:\n" +
			"> Could you look ?\n",
		HTML: "<p>It is in &lt;Leeds&gt;.</p>\n<div>On Tue, 6 May 2031 at 11:30, Ada at the desk &lt;support@aparte.example&gt; wrote:</div>\n" +
			"<blockquote type=\"cite\"><p>Could you <b>look</b>?</p>\n</blockquote>\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestServersRefusalIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var told struct{ Code, Detail string }
	w.do(t, "POST", "/stage/people/"+partner+"/send", mailRequest{To: []string{"nobody@aparte.example"}}, &told, http.StatusUnprocessableEntity)
	if told.Code != "refused" || told.Detail != "550 No such user here" {
		t.Errorf("told %+v", told)
	}
	w.do(t, "POST", "/stage/people/"+partner+"/send", mailRequest{To: []string{"no address"}}, &told, http.StatusUnprocessableEntity)
	if told.Code != "to_invalid" {
		t.Errorf("told %+v", told)
	}
	if n := len(w.room.Messages(partner, mailroom.Sent)); n != 0 {
		t.Errorf("%d in Sent", n)
	}
}

func TestForwardCarriesTheFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(t, "POST", "/stage/people/"+customer+"/send", mailRequest{
		To: []string{partner}, Subject: "Label", Text: "Here.", Attachments: []upload{{Name: "label.pdf", Type: "application/pdf", Base64: paper("label")}},
	}, nil, http.StatusCreated)
	w.arrival(t, partner)
	w.do(t, "POST", "/stage/people/"+partner+"/messages/1/forward",
		map[string]any{"to": []string{defaultSupport}, "text": "See below."}, nil, http.StatusCreated)
	got := w.arrival(t, defaultSupport)
	if got.Subject != "Fwd: Label" || !strings.HasPrefix(got.Text, "See below.\n\n---------- Forwarded message ----------\nFrom: Olivia Bennett") {
		t.Errorf("%q: %q", got.Subject, got.Text)
	}
	if diff := cmp.Diff([]File{{Name: "label.pdf", Type: "application/pdf", Data: paper("label")}}, got.Files); diff != "" {
		t.Error(diff)
	}
}

func TestPartnerAnswersAloneOnlyWhenSwitchedOnAndOnlyPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	w.do(t, "POST", "/stage/people/"+partner+"/answers", map[string]any{"on": true}, nil, http.StatusNoContent)
	w.deskWrites(t, partner, strings.Replace(question, "MIME-Version", "Auto-Submitted: auto-replied\nMIME-Version", 1))
	w.deskWrites(t, "stock@northgate-warehouse.example", question)
	w.deskWrites(t, partner, question)
	if got := w.arrival(t, defaultSupport); got.From[0].Address != partner || !strings.Contains(got.Text, "Leeds depot") {
		t.Errorf("answer from %v: %s", got.From, got.Text)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := len(w.room.Messages(defaultSupport, mailroom.Inbox)); n != 1 {
		t.Errorf("%d answers, want 1", n)
	}
}

func TestWaitEndsWithTheNextMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var before, after struct{ Version uint64 }
	w.do(t, "GET", "/stage/people", nil, &before, http.StatusOK)
	told := make(chan struct{})
	go func() {
		defer close(told)
		w.do(t, "GET", "/stage/wait?after=0", nil, &after, http.StatusOK)
	}()
	w.deskWrites(t, partner, question)
	select {
	case <-told:
	case <-time.After(patient):
		t.Fatal("nothing was told")
	}
	if after.Version == before.Version {
		t.Errorf("version is still %d", after.Version)
	}
}

func TestPasswordsFollowFromTheKey(t *testing.T) {
	t.Parallel()
	room, err := mailroom.Start(t.Context(), mailroom.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = room.Close() })
	password := func(key string) string {
		s, err := New(Options{Room: room, Key: []byte(key)})
		if err != nil {
			t.Fatal(err)
		}
		return s.DeskMailbox().Password
	}
	a, again, b := password("a"), password("a"), password("b")
	drawn, drawnAgain := password(""), password("")
	if a != again || a == b || drawn == drawnAgain {
		t.Error("passwords do not follow from the key")
	}
}
