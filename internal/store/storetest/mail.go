package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aparte/internal/desk"
	"aparte/internal/store"
)

func evidenceFindsEveryCarrier(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	side := d.Side(c.Home, "depot@haul.example", "Parcel")
	theirs := d.Receive(side, "depot@haul.example", "Yes.")
	ours, _ := d.Write(side, "depot@haul.example", "Thanks.")
	d.Do(func(tx *store.Tx) error { return tx.Refer(d.ctx, "k.1@lumen.example", side.ID, ours.ID, true) })
	mail := desk.Inbound{
		Channel: desk.Mail, From: []desk.Address{{Email: "Depot@Haul.example"}},
		Tokens:  []desk.Token{{Kind: desk.SideToken, Text: side.Token}, {Kind: desk.SideToken, Text: "guessed"}, {Kind: desk.BounceToken, Text: side.Token}},
		Refs:    []desk.Ref{{ID: "k.1@lumen.example", Signed: true}, {ID: theirs.ExternalID}, {ID: "gone@lumen.example", Signed: true}, {ID: "foreign@x"}},
		Threads: []string{side.ThreadKey, "unknown"},
	}
	d.See(func(tx *store.Tx) error {
		e, err := tx.Evidence(d.ctx, mail)
		if err != nil {
			return err
		}
		got := []int{len(e.Tokens), len(e.Refs), len(e.Threads), e.Orphans, len(e.Places)}
		if diff := cmp.Diff([]int{1, 2, 1, 1, 1}, got); diff != "" {
			t.Errorf("tokens, ids, threads, orphans, places (-want +got):\n%s", diff)
		}
		if !e.Refs[0].Ours || e.Refs[1].Ours || !e.Places[side.ID].Participant {
			t.Errorf("ours, theirs, participant: %+v", e)
		}
		mail.From[0].Email = "SUPPORT+t123@lumen.example"
		e, err = tx.Evidence(d.ctx, mail)
		if !e.FromUs || e.FromAgent || e.Places[side.ID].Participant {
			t.Errorf("our own address is seen as %+v", e)
		}
		return err
	})
}

func placeTellsWhoTheSenderIs(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	side := d.Side(c.Home, "depot@haul.example", "Parcel")
	d.Join(side, "stranger@x.example", false)
	type who struct{ Participant, Requester, Partner bool }
	rows := []struct {
		c    desk.Conversation
		from string
		want who
	}{
		{c, "Eva@example.com", who{Participant: true, Requester: true}},
		{c, "depot@haul.example", who{Partner: true}},
		{side, "depot@haul.example", who{Participant: true, Partner: true}},
		{side, "eva@example.com", who{Requester: true}},
		{side, "stranger@x.example", who{Partner: true}},
		{side, "nobody@x.example", who{}},
	}
	d.See(func(tx *store.Tx) error {
		for _, r := range rows {
			p, err := tx.Place(d.ctx, r.c.ID, desk.Address{Email: r.from})
			if err != nil {
				return err
			}
			if got := (who{p.Participant, p.Requester, p.Partner}); got != r.want {
				t.Errorf("%s in the %s conversation: %+v, want %+v", r.from, p.Side, got, r.want)
			}
		}
		return nil
	})
}

func confirmedStaysConfirmed(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	d.Do(func(tx *store.Tx) error {
		named := desk.Participant{Conversation: c.ID, Address: desk.Address{Name: "Eva Roth", Email: "eva@example.com"}, Class: desk.Cc}
		if err := tx.SetParticipant(d.ctx, named); err != nil {
			return err
		}
		named.Address.Name = ""
		return tx.SetParticipant(d.ctx, named)
	})
	d.Join(c, "gone@example.com", true)
	d.Do(func(tx *store.Tx) error { return tx.DropParticipant(d.ctx, c.ID, "gone@example.com") })
	d.See(func(tx *store.Tx) error {
		got, err := tx.Participants(d.ctx, c.ID)
		want := []desk.Participant{{Conversation: c.ID, Address: desk.Address{Name: "Eva Roth", Email: "eva@example.com"}, Class: desk.Cc, Confirmed: true}}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(desk.Participant{}, "AddedAt")); diff != "" {
			t.Errorf("participants (-want +got):\n%s", diff)
		}
		return err
	})
}

func peopleAreMetOnce(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	meet := func(name, email string, partner bool) (c desk.Contact) {
		d.Do(func(tx *store.Tx) (err error) {
			c, err = tx.Meet(d.ctx, desk.Address{Name: name, Email: email}, partner)
			return err
		})
		return c
	}
	first := meet("", "Zoé@haul.example", true)
	second := meet("Zoé Blanc", "zoé@haul.example", false)
	third := meet("Somebody Else", "ZOÉ@haul.example", true)
	want := desk.Contact{ID: first.ID, Name: "Zoé Blanc", Email: "Zoé@haul.example", CreatedAt: first.CreatedAt, UpdatedAt: first.UpdatedAt}
	for _, got := range []desk.Contact{second, third} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("met again (-want +got):\n%s", diff)
		}
	}
	meet("Max Orr", "orr@x.example", true)
	d.See(func(tx *store.Tx) error {
		for typed, want := range map[string]int{"zoé": 1, "BLANC": 1, "orr@": 1, "%": 2, "quux": 0} {
			got, err := tx.Suggest(d.ctx, typed, 5)
			if err != nil {
				return err
			}
			if len(got) != want {
				t.Errorf("%q suggests %d people, want %d", typed, len(got), want)
			}
		}
		return nil
	})
}

func quarantineIsDecidedOnce(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	for _, id := range []string{"1", "2", "3"} {
		d.Do(func(tx *store.Tx) error {
			m := desk.Message{ID: desk.MessageID(id), Direction: desk.In, OccurredAt: d.Now()}
			if err := tx.AddMessage(d.ctx, m, desk.Body{}); err != nil {
				return err
			}
			return tx.AddQuarantined(d.ctx, desk.Quarantined{ID: desk.QuarantineID(id), Account: d.Mailbox.ID, Message: m.ID, Reason: "loop"})
		})
	}
	d.Do(func(tx *store.Tx) error { return tx.SettleQuarantined(d.ctx, "2", d.Agent.ID, "discarded") })
	err := d.Update(d.ctx, func(tx *store.Tx) error { return tx.SettleQuarantined(d.ctx, "2", d.Agent.ID, "ticket") })
	if desk.FaultOf(err) != desk.Conflict {
		t.Errorf("the second decision gave %v", err)
	}
	d.See(func(tx *store.Tx) error {
		n, err := tx.QuarantineSize(d.ctx)
		if err != nil || n != 2 {
			t.Errorf("%d entries wait: %v", n, err)
		}
		rest, err := tx.Quarantine(d.ctx, "1", 5)
		if err != nil || len(rest) != 1 || rest[0].ID != "3" {
			t.Errorf("after the first: %+v, %v", rest, err)
		}
		settled, err := tx.Quarantined(d.ctx, "2")
		if settled.Outcome != "discarded" || settled.SettledBy != d.Agent.ID {
			t.Errorf("settled as %+v", settled)
		}
		return err
	})
}
