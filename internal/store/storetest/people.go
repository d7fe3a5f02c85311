package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/desk"
	"aparte/internal/store"
)

func tokenStandsForItsAgent(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	d.Do(func(tx *store.Tx) error {
		return tx.AddAPIToken(d.ctx, desk.APIToken{ID: "p", Agent: d.Agent.ID, Name: "script"}, "hash")
	})
	find := func(hash string) (fault desk.Fault) {
		d.See(func(tx *store.Tx) error {
			a, _, err := tx.AgentByToken(d.ctx, hash)
			if err == nil && a.ID != d.Agent.ID {
				t.Errorf("the token stands for %s", a.ID)
			}
			fault = desk.FaultOf(err)
			return nil
		})
		return fault
	}
	disable := func(at time.Time) {
		a := d.Agent
		a.DisabledAt = at
		d.Do(func(tx *store.Tx) error { return tx.SaveAgent(d.ctx, a) })
	}
	var got []desk.Fault
	got = append(got, find("hash"), find("other"))
	d.Do(func(tx *store.Tx) error { return tx.TouchAPIToken(d.ctx, "p") })
	disable(d.Now())
	got = append(got, find("hash"))
	disable(time.Time{})
	got = append(got, find("hash"))
	d.Do(func(tx *store.Tx) error { return tx.RevokeAPIToken(d.ctx, "p") })
	d.Do(func(tx *store.Tx) error { return tx.RevokeAPIToken(d.ctx, "p") })
	got = append(got, find("hash"))
	want := []desk.Fault{"", desk.NotFound, desk.NotFound, "", desk.NotFound}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("good, unknown, disabled, enabled, revoked (-want +got):\n%s", diff)
	}
	d.See(func(tx *store.Tx) error {
		list, err := tx.APITokens(d.ctx, d.Agent.ID)
		if len(list) != 1 || list[0].UsedAt.IsZero() || list[0].RevokedAt.IsZero() {
			t.Errorf("the agent's tokens: %+v", list)
		}
		return err
	})
}

func sessionLivesUntilItExpires(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	s := store.Sessions{Store: d.Store}
	find := func(token string) string {
		data, found, err := s.Find(token)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return "gone"
		}
		return string(data)
	}
	keep := func(token, data string) {
		if err := s.Commit(token, []byte(data), d.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	keep("a", "one")
	keep("a", "two\x00")
	keep("b", "three")
	got := []string{find("a"), find("b"), find("c")}
	if err := s.Delete("b"); err != nil {
		t.Fatal(err)
	}
	got = append(got, find("b"))
	d.Clock.Pass(time.Hour)
	got = append(got, find("a"))
	keep("d", "four")
	got = append(got, find("d"))
	if diff := cmp.Diff([]string{"two\x00", "three", "gone", "gone", "gone", "four"}, got); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
}

func whatIsKeptComesBack(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	d.Do(func(tx *store.Tx) error { return tx.SetSetting(d.ctx, "undo_seconds", "5") })
	d.Do(func(tx *store.Tx) error { return tx.SetSetting(d.ctx, "undo_seconds", "10") })
	draft := store.Draft{Composer: "conversation:1", Body: json.RawMessage(`{"html":"<p>é</p>"}`)}
	d.Do(func(tx *store.Tx) error { return tx.SaveDraft(d.ctx, d.Agent.ID, draft) })
	d.Do(func(tx *store.Tx) error {
		return tx.SaveDraft(d.ctx, d.Agent.ID, store.Draft{Composer: "conversation:2", Body: json.RawMessage(`{}`)})
	})
	d.Do(func(tx *store.Tx) error { return tx.DropDraft(d.ctx, d.Agent.ID, "conversation:2") })
	a := d.Mailbox
	a.Secret, a.Name = []byte{0, 1, 255}, "Help"
	d.Do(func(tx *store.Tx) error { return tx.SaveAccount(d.ctx, a) })
	c := d.Ticket("eva@example.com", "Order")
	m := desk.Message{ID: "m", Conversation: c.ID, Direction: desk.In, OccurredAt: d.Now(), StoredAt: d.Now(), Author: desk.Address{Name: "Éva", Email: "eva@example.com"},
		Subject: "Order", Preview: "…", Grade: desk.Known, Human: true, Flags: []string{"f"}, Reasons: []string{"r"}, Problems: []string{"p"},
		ExternalID: "x@y", InReplyTo: "w@y", Raw: "raw", CoreSum: "core",
		Recipients:  []desk.Recipient{{Address: desk.Address{Email: "support@lumen.example"}, Class: desk.To}, {Address: desk.Address{Email: "a@b.c"}, Class: desk.Cc}},
		Attachments: []desk.Attachment{{ID: "f", Message: "m", Name: "a.png", Type: "image/png", Size: 3, Sum: "s", ContentID: "cid", Inline: true}}}
	body := desk.Body{HTML: "<p>é</p>", Quoted: "<p>old</p>", Text: "é"}
	d.Do(func(tx *store.Tx) error {
		m.Attachments[0].CreatedAt = tx.Now()
		return tx.AddMessage(d.ctx, m, body)
	})
	d.See(func(tx *store.Tx) error {
		undo, err := tx.Setting(d.ctx, "undo_seconds")
		unset, err2 := tx.Setting(d.ctx, "nothing")
		drafts, err3 := tx.Drafts(d.ctx, d.Agent.ID)
		account, err4 := tx.AccountByAddress(d.ctx, desk.Mail, "SUPPORT@lumen.example")
		message, err5 := tx.Message(d.ctx, "m")
		words, err6 := tx.Body(d.ctx, "m")
		for _, err := range []error{err, err2, err3, err4, err5, err6} {
			if err != nil {
				return err
			}
		}
		draft.UpdatedAt = drafts[0].UpdatedAt
		a.CreatedAt, a.Version = account.CreatedAt, 2
		want := []any{"10", "", []store.Draft{draft}, a, m, body}
		if diff := cmp.Diff(want, []any{undo, unset, drafts, account, message, words}); diff != "" {
			t.Errorf("what came back (-want +got):\n%s", diff)
		}
		return nil
	})
}
