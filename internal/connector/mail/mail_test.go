package mail

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

func TestMessageGoesOutAndItsAnswerComesBack(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	out := rendered(t, c, outgoing())
	committed := false
	receipt, err := c.Send(t.Context(), connector.Parcel{Bytes: out.Bytes, To: []desk.Address{{Email: partner}},
		EnvelopeTag: "bcdefghjkmnpqrstvwxy", EnvelopeID: "d1", Committing: func() error { committed = true; return nil }})
	if err != nil || !committed || receipt.Outcomes[0].State != desk.Sent {
		t.Fatalf("sent: %+v, committed %v, %v", receipt, committed, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	got, err := room.Wait(ctx, partner, nil)
	if err != nil {
		t.Fatal(err)
	}
	if sum := coreSum(got.Raw); sum != out.CoreSum {
		t.Error("the copy that arrived has another core sum")
	}
	back := c.Read(t.Context(), connector.Item{Key: "k"}, got.Raw)
	if back.Subject != "Où est le colis n° 12 ?" || !strings.Contains(back.Body.Text, "où est-il") || len(back.Problems) > 0 {
		t.Errorf("read back: %q %q %v", back.Subject, back.Body.Text, back.Problems)
	}
	if len(back.Files) != 1 || back.Files[0].Name != "Übersicht – _x_.pdf" || back.Files[0].Type != "application/pdf" {
		t.Errorf("files: %+v", back.Files)
	}
	answer := "From: Dispatch <" + partner + ">\r\nTo: <support+S0123456789ABCDEFGHJK@aparte.example>\r\nSubject: Re: x\r\n" +
		"Message-ID: <a1@swiftcargo.example>\r\nIn-Reply-To: <" + strings.ToUpper(out.ExternalID) + ">\r\nReferences: <" + out.Anchors[0] + ">\r\n\r\nIci.\r\n"
	if err := room.Inject(support, []byte(answer)); err != nil {
		t.Fatal(err)
	}
	list, _ := items(t, c, "", 1)
	in := c.Read(t.Context(), list[0], fetched(t, c, list[0]))
	want := []desk.Ref{{ID: out.ExternalID, Signed: true, Answer: true}, {ID: out.Anchors[0], Signed: true}}
	if d := cmp.Diff(want, in.Refs); d != "" {
		t.Error("refs (-want +got):\n" + d)
	}
	if d := cmp.Diff([]desk.Token{{Kind: desk.SideToken, Text: "0123456789abcdefghjk", Place: "to"}}, in.Tokens); d != "" {
		t.Error("tokens (-want +got):\n" + d)
	}
	if in.Writer != desk.ByPerson || in.Sender().Email != partner {
		t.Errorf("writer %q, sender %q", in.Writer, in.Sender().Email)
	}
}

func TestPushedMailIsFoundWithoutPolling(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room, func(c *Config) { c.Settle = time.Hour; c.IdleFor = time.Hour; c.Settings.Since = FromNow })
	_ = room.Inject(support, letter("old"))
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	var keys []string
	err := c.Discover(ctx, "", func(f connector.Found) error {
		if f.After == "" {
			t.Error("no cursor")
		}
		for _, i := range f.Items {
			keys = append(keys, i.Key)
		}
		if len(keys) > 0 {
			return errEnough
		}
		return room.Inject(support, letter("new"))
	})
	if !errors.Is(err, errEnough) || len(keys) != 1 || !strings.HasSuffix(keys[0], "/2") {
		t.Fatalf("keys %v, %v", keys, err)
	}
}

func TestDiscoverGoesOnFromItsCursor(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	for _, s := range []string{"one", "two"} {
		_ = room.Inject(support, letter(s))
	}
	_, cursor := items(t, c, "", 2)
	_ = room.Inject(support, letter("three"))
	list, _ := items(t, c, cursor, 1)
	if b := fetched(t, c, list[0]); !bytes.Contains(b, []byte("Subject: three")) || len(list) != 1 {
		t.Errorf("%d items, the first is %q", len(list), b)
	}
}

func TestCutLiteralWritesNothingAndIsFetchedAgain(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	_ = room.Inject(support, append(letter("cut"), bytes.Repeat([]byte("line of text\r\n"), 100)...))
	list, _ := items(t, c, "", 1)
	room.CutLiteral(1)
	var b bytes.Buffer
	if err := c.Fetch(t.Context(), list[0], &b); err == nil || b.Len() > 0 {
		t.Errorf("%d bytes, error %v", b.Len(), err)
	}
	if got := fetched(t, c, list[0]); bytes.Count(got, []byte("line of text")) != 100 {
		t.Errorf("%d bytes at the second try", len(got))
	}
}

func TestLargeMessageComesInPiecesByteForByte(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	big := append(letter("big"), bytes.Repeat([]byte("0123456789abcdef\r\n"), 150_000)...)
	_ = room.Inject(support, big)
	list, _ := items(t, c, "", 1)
	if got := fetched(t, c, list[0]); !bytes.HasSuffix(got, big[len(letter("big")):]) {
		t.Errorf("%d bytes fetched of %d", len(got), len(big))
	}
}

func TestSilentServerIsLeft(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room, func(c *Config) { c.Patience = 200 * time.Millisecond })
	room.SilentIMAP(true)
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	err := c.Discover(ctx, "", func(connector.Found) error { return nil })
	var told *desk.Error
	if !errors.As(err, &told) || told.Code != "server_silent" || connector.IsCare(err) {
		t.Errorf("got %v", err)
	}
}

func TestRenumberedMailboxIsListedAgainUnderNewKeys(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	_ = room.Inject(support, letter("one"))
	old, cursor := items(t, c, "", 1)
	if err := room.ChangeUIDValidity(support); err != nil {
		t.Fatal(err)
	}
	now, _ := items(t, c, cursor, 1)
	if now[0].Key == old[0].Key {
		t.Error("the key is the same")
	}
	if err := c.Fetch(t.Context(), old[0], &bytes.Buffer{}); !connector.IsGone(err) {
		t.Errorf("the old key gives %v", err)
	}
}

func TestCancelledDiscoverEndsWithinASecond(t *testing.T) {
	t.Parallel()
	c := connected(t, world(t))
	ctx, cancel := context.WithCancel(t.Context())
	begun := time.Now()
	err := c.Discover(ctx, "", func(connector.Found) error { begun = time.Now(); cancel(); return nil })
	if took := time.Since(begun); !errors.Is(err, context.Canceled) || took > time.Second {
		t.Errorf("%v after %s", err, took)
	}
}

func TestTroubleIsToldWithItsCure(t *testing.T) {
	t.Parallel()
	room := world(t)
	closed := "localhost:1"
	cases := []struct {
		name   string
		change func(*Config)
		code   string
		care   bool
	}{
		{"wrong password", func(c *Config) { c.Password = func() string { return "no" } }, "login_refused", true},
		{"untrusted certificate", func(c *Config) { c.Settings.CA = "" }, "certificate_untrusted", true},
		{"wrong port", func(c *Config) { c.Settings.IMAP, c.Settings.SMTP = closed, closed }, "connection_refused", false},
		{"unknown host", func(c *Config) { c.Settings.IMAP, c.Settings.SMTP = "mail.invalid:993", "mail.invalid:465" }, "host_unknown", false},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			c := connected(t, room, k.change)
			receiving := c.Discover(t.Context(), "", func(connector.Found) error { return nil })
			_, sending := c.Send(t.Context(), connector.Parcel{Bytes: letter("x"), To: []desk.Address{{Email: partner}}})
			for _, err := range []error{receiving, sending} {
				var told *desk.Error
				if !errors.As(err, &told) || told.Code != k.code || told.Hint == "" || connector.IsCare(err) != k.care {
					t.Errorf("got %v (%+v)", err, told)
				}
			}
		})
	}
}

func TestOutcomeOfEachRecipient(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	other := "grey@swiftcargo.example"
	_ = room.AddUser(mailroomAccount(other))
	room.Greylist(other, 1)
	receipt, err := c.Send(t.Context(), connector.Parcel{Bytes: letter("x"), To: []desk.Address{
		{Email: partner}, {Email: "nobody@swiftcargo.example"}, {Email: other}, {Email: "a@b.example> NOTIFY=NEVER"}}})
	if err != nil {
		t.Fatal(err)
	}
	var states []desk.Progress
	for _, o := range receipt.Outcomes {
		states = append(states, o.State)
	}
	if d := cmp.Diff([]desk.Progress{desk.Sent, desk.Failed, desk.Queued, desk.Failed}, states); d != "" {
		t.Error("states (-want +got):\n" + d)
	}
}

func TestLineCutAfterTheFinalDotIsUnsure(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	room.DropAfterData(1)
	receipt, err := c.Send(t.Context(), connector.Parcel{Bytes: letter("x"), To: []desk.Address{{Email: partner}}})
	if err != nil || receipt.Outcomes[0].State != desk.Unsure {
		t.Errorf("%+v, %v", receipt, err)
	}
	room.StallData(true)
	receipt, err = c.Send(t.Context(), connector.Parcel{Bytes: letter("y"), To: []desk.Address{{Email: partner}}})
	if err != nil || receipt.Outcomes[0].State != desk.Unsure {
		t.Errorf("stalled: %+v, %v", receipt, err)
	}
}

func TestFailedCommitSendsNothing(t *testing.T) {
	t.Parallel()
	room := world(t)
	c := connected(t, room)
	_, err := c.Send(t.Context(), connector.Parcel{Bytes: letter("x"), To: []desk.Address{{Email: partner}},
		Committing: func() error { return errEnough }})
	if !errors.Is(err, errEnough) || len(room.Messages(partner, "INBOX")) > 0 {
		t.Errorf("%v", err)
	}
}

func TestSelfTestGoesAllTheWay(t *testing.T) {
	t.Parallel()
	c := connected(t, world(t))
	var names []string
	err := c.Check(t.Context(), func(k desk.Check) {
		if !k.OK {
			t.Errorf("%+v", k)
		}
		names = append(names, k.Name)
	})
	want := []string{"connect", "tls", "login", "folders", "idle", "smtp", "send", "receive", "plus"}
	if d := cmp.Diff(want, names); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

// The first look comes some time after a mailbox was added; a customer may be quicker.
func TestMailBetweenAddingAndTheFirstLookIsTaken(t *testing.T) {
	t.Parallel()
	room := world(t)
	ctx := t.Context()
	if err := room.SubmitAt(time.Now().Add(-time.Hour), partner, letter("long before"), support); err != nil {
		t.Fatal(err)
	}
	if err := room.Inject(support, letter("just now")); err != nil {
		t.Fatal(err)
	}
	c := connected(t, room, func(c *Config) { c.Settings.Since, c.Began = FromNow, time.Now() })
	found, _ := items(t, c, "", 1)
	var raw bytes.Buffer
	if err := c.Fetch(ctx, found[0], &raw); err != nil {
		t.Fatal(err)
	}
	if m := c.Read(ctx, found[0], raw.Bytes()); m.Subject != "just now" {
		t.Errorf("the first look found %q", m.Subject)
	}
}
