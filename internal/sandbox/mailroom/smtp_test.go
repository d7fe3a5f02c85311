package mailroom

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestMailArrivesWithItsTrace(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	raw := mailFrom(carrier, "Support+s123abc@aparte.example", "pallet")
	mustSubmit(t, r, carrier, raw, "Support+s123abc@aparte.example")

	got, err := r.Wait(within10s(t), desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range headerFields(got.Raw) {
		names = append(names, f.name)
	}
	want := []string{"Return-Path", "Delivered-To", "Received", "Authentication-Results", "From", "To", "Subject", "Message-ID"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	for name, value := range map[string]string{
		"Return-Path":            "<" + carrier + ">",
		"Delivered-To":           "Support+s123abc@aparte.example",
		"Authentication-Results": "mail.sandbox.example;\tauth=pass smtp.auth=dispatch@swiftcargo.example;\tspf=pass smtp.mailfrom=swiftcargo.example;\tdmarc=pass header.from=swiftcargo.example",
	} {
		if got := firstField(got.Raw, name); got != value {
			t.Errorf("%s: want %q, got %q", name, value, got)
		}
	}
	if !strings.HasSuffix(string(got.Raw), string(raw)) {
		t.Errorf("the mail itself was changed:\n%s", got.Raw)
	}
	if !strings.Contains(firstField(got.Raw, "Received"), "with ESMTPSA") {
		t.Errorf("Received does not say ESMTPSA: %s", firstField(got.Raw, "Received"))
	}
}

func TestForgedTraceIsDroppedAndForgedFromFails(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	forged := "Authentication-Results: mail.sandbox.example; dmarc=pass\r\n header.from=bank.example\r\nReturn-Path: <x@y>\r\n"
	mustSubmit(t, r, carrier, append([]byte(forged), mailFrom("boss@bank.example", desk, "urgent")...), desk)
	m, err := r.Wait(within10s(t), desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw := string(m.Raw)
	if strings.Contains(raw, "dmarc=pass") || strings.Contains(raw, "<x@y>") {
		t.Errorf("a forged field was kept:\n%s", raw)
	}
	if !strings.Contains(raw, "dmarc=fail header.from=bank.example") {
		t.Errorf("the forged From was not noticed:\n%s", raw)
	}
}

func TestTwoFromFieldsDoNotPass(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	mustSubmit(t, r, carrier, append([]byte("From: <a@swiftcargo.example>\r\n"), mailFrom(carrier, desk, "two")...), desk)
	m, err := r.Wait(within10s(t), desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(firstField(m.Raw, "Authentication-Results"), "dmarc=fail") {
		t.Errorf("two From fields passed:\n%s", m.Raw)
	}
}

func TestEachRecipientGetsACopyOfItsOwn(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	mustSubmit(t, r, carrier, mailFrom(carrier, desk, "twice"), desk, "support+a@aparte.example", carrier)
	all, err := r.WaitCount(within10s(t), desk, 2)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{firstField(all[0].Raw, "Delivered-To"), firstField(all[1].Raw, "Delivered-To")}
	if diff := cmp.Diff([]string{desk, "support+a@aparte.example"}, got); diff != "" {
		t.Error(diff)
	}
	if n := len(r.Messages(carrier, "inbox")); n != 1 {
		t.Errorf("carrier has %d messages, want 1", n)
	}
}

func TestRecipientsThatAreRefused(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	for to, want := range map[string]smtp.EnhancedCode{
		"nobody@aparte.example": {5, 1, 1},
		"+x@aparte.example":     {5, 1, 3},
		"someone@elsewhere.net": {5, 1, 2},
	} {
		err := submit(t, r, carrier, mailFrom(carrier, to, "lost"), to)
		code := 550
		if want[2] == 3 {
			code = 501
		}
		if got := refusal(t, err, code).EnhancedCode; got != want {
			t.Errorf("%s: want %v, got %v", to, want, got)
		}
	}
}

func TestOnlyOwnersSend(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	if err := r.AddUser(Account{Address: "ana@shop.example", Password: secret, Aliases: []string{"ana@home.example"}}); err != nil {
		t.Fatal(err)
	}
	c, err := smtp.DialTLS(r.Addrs().SMTPS, trust(r))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	refusal(t, c.Mail("ana@shop.example", nil), 530)
	refusal(t, c.Auth(sasl.NewPlainClient("", "ana@shop.example", "wrong")), 535)
	if err := c.Auth(sasl.NewLoginClient("Ana@shop.example", secret)); err != nil {
		t.Fatal(err)
	}
	refusal(t, c.Mail("support@aparte.example", nil), 553)
	for _, own := range []string{"ana@shop.example", "Ana+news@shop.example", "ana@home.example", ""} {
		if err := c.Mail(own, nil); err != nil {
			t.Errorf("own address %q: %v", own, err)
		}
		if err := c.Reset(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTLSCanBeDemanded(t *testing.T) {
	t.Parallel()
	r := world(t, Config{RequireTLS: true})
	c, err := smtp.Dial(r.Addrs().SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	refusal(t, c.Auth(sasl.NewPlainClient("", desk, secret)), 523)
}

func TestStrangersDoNotTrustTheCertificate(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	if _, err := smtp.DialTLS(r.Addrs().SMTPS, &tls.Config{ServerName: "localhost"}); err == nil {
		t.Error("the certificate was trusted without being known")
	}
}

func TestTooLargeIsRefusedBeforeAndAfter(t *testing.T) {
	t.Parallel()
	r := world(t, Config{MaxBytes: 2000})
	big := append(mailFrom(carrier, desk, "big"), strings.Repeat("x\r\n", 1000)...)
	refusal(t, submit(t, r, carrier, big, desk), 552)

	c, err := smtp.DialStartTLS(r.Addrs().SMTP, trust(r))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", carrier, secret)); err != nil {
		t.Fatal(err)
	}
	if size, ok := c.MaxMessageSize(); !ok || size != 2000 {
		t.Errorf("announced size is %d, %v", size, ok)
	}
	refusal(t, c.Mail(carrier, &smtp.MailOptions{Size: 3000}), 552)
	if n := len(r.Messages(desk, Inbox)); n != 0 {
		t.Errorf("%d messages were delivered", n)
	}
}

func TestFullMailboxPutsMailOff(t *testing.T) {
	t.Parallel()
	r := world(t, Config{MaxMailbox: 1000})
	mustSubmit(t, r, carrier, mailFrom(carrier, desk, "first"), desk)
	big := append(mailFrom(carrier, desk, "second"), strings.Repeat("x\r\n", 300)...)
	refusal(t, submit(t, r, carrier, big, desk), 452)
}

func TestRefusalsOnDemand(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	r.RefuseRecipient(desk, 450, "Busy, dear")
	if got := refusal(t, submit(t, r, carrier, mailFrom(carrier, desk, "a"), "support+x@aparte.example"), 450).Message; got != "Busy, dear" {
		t.Errorf("text is %q", got)
	}
	r.RefuseRecipient(desk, 0, "")
	r.Greylist(desk, 2)
	for range 2 {
		refusal(t, submit(t, r, carrier, mailFrom(carrier, desk, "a"), desk), 451)
	}
	mustSubmit(t, r, carrier, mailFrom(carrier, desk, "a"), desk)
	r.RefuseLogin(carrier, true)
	refusal(t, submit(t, r, carrier, mailFrom(carrier, desk, "b"), desk), 535)
	r.RefuseLogin(carrier, false)
	mustSubmit(t, r, carrier, mailFrom(carrier, desk, "b"), desk)
}

func TestDropAfterDataDeliversButDoesNotSay(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	r.DropAfterData(1)
	err := submit(t, r, carrier, mailFrom(carrier, desk, "unsure"), desk)
	if _, isAnswer := err.(*smtp.SMTPError); err == nil || isAnswer {
		t.Errorf("the sender was told: %v", err)
	}
	if _, err := r.Wait(within10s(t), desk, nil); err != nil {
		t.Fatal(err)
	}
	mustSubmit(t, r, carrier, mailFrom(carrier, desk, "sure"), desk)
}

func TestStalledDataGoesOnWhenLetGo(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	r.StallData(true)
	done := make(chan error, 1)
	c, err := smtp.Dial(r.Addrs().SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SubmissionTimeout = 50 * time.Millisecond
	if err := c.Auth(sasl.NewPlainClient("", carrier, secret)); err != nil {
		t.Fatal(err)
	}
	go func() {
		done <- c.SendMail(carrier, []string{desk}, strings.NewReader(string(mailFrom(carrier, desk, "slow"))))
	}()
	if err := <-done; err == nil {
		t.Fatal("a stalled server answered")
	}
	if n := len(r.Messages(desk, Inbox)); n != 0 {
		t.Fatalf("%d messages while stalled", n)
	}
	r.StallData(false)
	if _, err := r.Wait(within10s(t), desk, nil); err != nil {
		t.Fatal(err)
	}
}

func TestJournalTellsWhatWasSent(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	raw := mailFrom(carrier, desk, "noted")
	c, err := smtp.Dial(r.Addrs().SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", carrier, secret)); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail(carrier, nil); err != nil {
		t.Fatal(err)
	}
	refusal(t, c.Rcpt("no@aparte.example", nil), 550)
	if err := c.Rcpt(desk, nil); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := []Entry{
		{Protocol: "smtp", Account: carrier, Command: "AUTH", Outcome: "250"},
		{Protocol: "smtp", Account: carrier, Command: "MAIL", From: carrier, Bytes: len(raw), Outcome: "250", Rcpts: []Rcpt{
			{"no@aparte.example", "550 5.1.1 No such user here"}, {desk, "250"},
		}},
	}
	if diff := cmp.Diff(want, r.Journal(), cmpopts.IgnoreFields(Entry{}, "At")); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

func TestRoomListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:25", "localhost:0"} {
		if r, err := Start(t.Context(), Config{Listen: Addrs{SMTP: address}}); err == nil {
			_ = r.Close()
			t.Errorf("listens on %q", address)
		}
	}
}
