package accounts

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"testing"
	"time"

	"aparte/internal/connector"
	imapsmtp "aparte/internal/connector/mail"
	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/sandbox/mailroom"
	"aparte/internal/store"
	"aparte/internal/vault"
)

const (
	ours     = "support@help.test"
	customer = "cleo@cust.test"
	partner  = "dispatch@partner.test"
)

// mailWorld is a desk with a mailbox on a real mail server, and people outside.
func mailWorld(t *testing.T) (*world, *mailroom.Room) {
	t.Helper()
	room, err := mailroom.Start(t.Context(), mailroom.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = room.Close() })
	for _, address := range []string{ours, customer, partner} {
		if err := room.AddUser(mailroom.Account{Address: address, Password: "right"}); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t)
	w.accounts.Build[desk.Mail] = func(a desk.Account, secret vault.Secret) (connector.Connector, error) {
		s, err := imapsmtp.ParseSettings(a.Settings)
		if err != nil {
			return nil, err
		}
		return imapsmtp.New(imapsmtp.Config{Account: a.ID, Address: a.Address, Name: a.Name, Settings: s, Password: secret.Reveal,
			Key: w.accounts.Vault.Derive("message-id"), Instance: "desk1", Log: slog.New(slog.DiscardHandler), Now: time.Now})
	}
	w.run()
	at := room.Addrs()
	w.add(NewAccount{ID: "a1", Channel: desk.Mail, Name: "Support", Address: ours, Secret: "right", Settings: imapsmtp.Settings{
		IMAP: at.IMAPS, SMTP: at.SMTPS, IMAPTLS: imapsmtp.Implicit, SMTPTLS: imapsmtp.Implicit, User: ours, CA: string(room.CertPEM())}.JSON()})
	w.await("a1", desk.Connected)
	return w, room
}

func inject(t *testing.T, room *mailroom.Room, to, raw string) {
	t.Helper()
	if err := room.Inject(to, []byte(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil {
		t.Fatal(err)
	}
}

func complaint(subject string) string {
	return "From: Cleo <" + customer + ">\nTo: " + ours + "\nSubject: " + subject + "\nMessage-ID: <" + strings.ReplaceAll(subject, " ", ".") +
		"@cust.test>\nDate: Wed, 25 Nov 2026 09:00:00 +0000\nContent-Type: text/plain\n\nIt does not work.\n"
}

// ticket waits for the ticket with a subject.
func (w *world) ticket(subject string) desk.Ticket {
	w.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		var found desk.Ticket
		err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
			rows, err := tx.Tickets(w.t.Context(), store.TicketQuery{View: store.ViewAll, Limit: 100})
			for _, r := range rows {
				if r.Subject == subject {
					found = r.Ticket
				}
			}
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
		if found.ID != "" {
			return found
		}
		select {
		case <-w.changed:
		case <-time.After(50 * time.Millisecond): // another waiter may have had the signal
		case <-deadline:
			w.t.Fatalf("no ticket %q", subject)
		}
	}
}

// ask starts a side conversation with the partner, as actions would, and tells
// the ids of the conversation and of the delivery.
func (w *world) ask(ticket desk.TicketID) (desk.ConversationID, desk.DeliveryID) {
	w.t.Helper()
	ctx := w.t.Context()
	to := desk.Recipient{Address: desk.Address{Email: partner}, Class: desk.To}
	d := desk.Delivery{ID: desk.DeliveryID(desk.NewID()), Message: desk.MessageID(desk.NewID()), Account: "a1",
		EnvelopeTag: desk.RandomText(20), Recipients: []desk.Progressing{{Recipient: to}}}
	err := w.store.Update(ctx, func(tx *store.Tx) error {
		c, err := place.Start(ctx, tx, desk.Machine("test"), ticket, "", desk.Start{Side: desk.PartnerSide, Channel: desk.Mail,
			Account: "a1", Subject: "Where is it?"})
		if err != nil {
			return err
		}
		d.Conversation, d.DueAt = c.ID, tx.Now()
		if err := tx.SetParticipant(ctx, desk.Participant{Conversation: c.ID, Address: to.Address, Class: desk.To, Confirmed: true}); err != nil {
			return err
		}
		m := desk.Message{ID: d.Message, Conversation: c.ID, Direction: desk.Out, OccurredAt: tx.Now(), Author: desk.Address{Name: "Ann"},
			Subject: c.Subject, Recipients: []desk.Recipient{to}}
		e, _, err := tx.Append(ctx, desk.Event{Ticket: ticket, Conversation: c.ID, By: desk.Machine("test"),
			Facts: desk.MessageWritten{Message: m.ID, Delivery: d.ID}})
		if err != nil {
			return err
		}
		m.Seq = e.Seq
		if err := tx.AddMessage(ctx, m, desk.Body{HTML: "<p>Where is it?</p>", Text: "Where is it?"}); err != nil {
			return err
		}
		return tx.Enqueue(ctx, d)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.accounts.Outbox.Wake("")
	return d.Conversation, d.ID
}

// delivery waits for a delivery to be as asked for.
func (w *world) delivery(id desk.DeliveryID, is func(desk.Delivery) bool) desk.Delivery {
	w.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		var d desk.Delivery
		err := w.store.View(w.t.Context(), func(tx *store.Tx) (err error) {
			d, err = tx.Delivery(w.t.Context(), id)
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
		if is(d) {
			return d
		}
		select {
		case <-w.changed:
		case <-time.After(50 * time.Millisecond): // another waiter may have had the signal
		case <-deadline:
			w.t.Fatalf("the delivery stays so: %+v", d)
		}
	}
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestPartnerIsAskedAndAnswersByMail(t *testing.T) {
	t.Parallel()
	w, room := mailWorld(t)
	inject(t, room, ours, complaint("My parcel"))
	c, d := w.ask(w.ticket("My parcel").ID)
	got, err := room.Wait(within(t), partner, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.delivery(d, func(d desk.Delivery) bool { return d.State == desk.Sent })
	m, err := mail.ReadMessage(strings.NewReader(string(got.Raw)))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := mail.ParseAddress(m.Header.Get("Reply-To"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(got.Raw), "My parcel") || strings.Contains(string(got.Raw), customer) {
		t.Error("the partner reads of the customer")
	}
	inject(t, room, reply.Address, "From: Dispatch <"+partner+">\nTo: "+reply.Address+"\nSubject: Re: Where is it?\nMessage-ID: <a1@partner.test>\n"+
		"In-Reply-To: "+m.Header.Get("Message-ID")+"\nContent-Type: text/plain\n\nOn its way.\n")
	deadline := time.After(30 * time.Second)
	for {
		var side desk.Conversation
		if err := w.store.View(t.Context(), func(tx *store.Tx) (err error) {
			side, err = tx.Conversation(t.Context(), c)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if side.Messages == 2 {
			if side.Turn != desk.Ours {
				t.Errorf("it is %q's turn", side.Turn)
			}
			return
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			t.Fatal("the answer did not come into the side conversation")
		}
	}
}

func TestOutcomesOfARealServer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		bend  func(*mailroom.Room)
		state desk.Progress
		code  int
	}{
		{"unknown recipient", func(r *mailroom.Room) { r.RefuseRecipient(partner, 550, "no such user") }, desk.Failed, 550},
		{"cut after the dot, and asked for later", func(r *mailroom.Room) { r.DropAfterData(1) }, desk.Sending, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, room := mailWorld(t)
			inject(t, room, ours, complaint("My parcel"))
			ticket := w.ticket("My parcel")
			tt.bend(room)
			_, id := w.ask(ticket.ID)
			d := w.delivery(id, func(d desk.Delivery) bool { return d.State == tt.state && d.Lease.IsZero() })
			if got := d.Recipients[0].Code; got != tt.code {
				t.Errorf("code %d, want %d: %s", got, tt.code, d.Recipients[0].Text)
			}
		})
	}
}

func TestGreylistedByARealServerWaitsAMinute(t *testing.T) {
	t.Parallel()
	w, room := mailWorld(t)
	inject(t, room, ours, complaint("My parcel"))
	ticket := w.ticket("My parcel")
	room.Greylist(partner, 1)
	_, id := w.ask(ticket.ID)
	d := w.delivery(id, func(d desk.Delivery) bool { return d.Recipients[0].Code == 451 && d.Lease.IsZero() })
	if wait := d.DueAt.Sub(w.store.Now()); wait < 30*time.Second || wait > 2*time.Minute {
		t.Errorf("waits %v", wait)
	}
}

func TestCutLinesLoseNothing(t *testing.T) {
	t.Parallel()
	w, room := mailWorld(t)
	room.CutLiteral(1)
	inject(t, room, ours, complaint("cut in the middle"+strings.Repeat(" long", 3)))
	w.ticket("cut in the middle" + strings.Repeat(" long", 3))
	room.CutIMAP()
	inject(t, room, ours, complaint("after the cut"))
	w.ticket("after the cut")
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Tickets(t.Context(), store.TicketQuery{View: store.ViewAll, Limit: 100})
		if len(rows) != 2 {
			t.Errorf("%d tickets", len(rows))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestChangedPasswordIsSaid(t *testing.T) {
	t.Parallel()
	w, room := mailWorld(t)
	room.RefuseLogin(ours, true)
	room.CutIMAP()
	h := w.await("a1", desk.NeedsCare)
	if h.LastErr == "" || h.Hint == "" {
		t.Errorf("says %q, %q", h.LastErr, h.Hint)
	}
	room.RefuseLogin(ours, false)
	w.accounts.CheckNow("a1")
	w.await("a1", desk.Connected)
}

func TestStopsInTheMiddleLoseNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	w, room := mailWorld(t)
	const many = 40
	for i := range many {
		inject(t, room, ours, complaint(fmt.Sprint("mail ", i)))
		if i%10 != 9 {
			continue
		}
		if err := w.accounts.Stop(t.Context(), admin, "a1"); err != nil {
			t.Fatal(err)
		}
		w.await("a1", desk.Stopped)
		if err := w.accounts.Start(t.Context(), admin, "a1"); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	for i := range many {
		w.ticket(fmt.Sprint("mail ", i))
	}
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Tickets(t.Context(), store.TicketQuery{View: store.ViewAll, Limit: 1000})
		for _, r := range rows {
			seen[r.Subject]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) != many {
		t.Errorf("%d different tickets", len(seen))
	}
	for subject, n := range seen {
		if n != 1 {
			t.Errorf("%q came %d times", subject, n)
		}
	}
}
