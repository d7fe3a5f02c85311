package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/desk"
	"aparte/internal/store"
)

func fourClaimersNeverShare(t *testing.T, fresh Fresh) {
	const claimers, deliveries = 4, 24
	o := fresh(t)
	d := NewDesk(t, o)
	c := d.Ticket("eva@example.com", "Order")
	for range deliveries {
		d.Write(c, "eva@example.com", "Soon.")
	}
	stores := []*store.Store{d.Store}
	for len(stores) < claimers {
		stores = append(stores, OpenAt(t, o, func(o *store.Options) { o.Now = d.Clock.Now }))
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	claims := map[desk.DeliveryID]int{}
	for _, s := range stores {
		group.Go(func() {
			for {
				got, err := claim(d.ctx, s, d.Mailbox.ID, time.Minute, 3)
				if err != nil {
					t.Error(err)
				}
				if len(got) == 0 {
					return
				}
				mu.Lock()
				for _, v := range got {
					claims[v.ID]++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	for id, n := range claims {
		if n != 1 {
			t.Errorf("delivery %s was claimed %d times", id, n)
		}
	}
	if len(claims) != deliveries {
		t.Errorf("%d of %d deliveries were claimed", len(claims), deliveries)
	}
}

func claim(ctx context.Context, s *store.Store, account desk.AccountID, lease time.Duration, limit int) (got []desk.Delivery, err error) {
	err = s.Update(ctx, func(tx *store.Tx) error {
		got, err = tx.Claim(ctx, account, lease, limit)
		return err
	})
	return got, err
}

func (d *Desk) claim(lease time.Duration) []desk.Delivery {
	d.t.Helper()
	got, err := claim(d.ctx, d.Store, d.Mailbox.ID, lease, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

func (d *Desk) nextDue() (at time.Time) {
	d.t.Helper()
	d.See(func(tx *store.Tx) (err error) { at, err = tx.NextDue(d.ctx, d.Mailbox.ID); return err })
	return at
}

func deliveryWaitsAndOutlives(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	if at := d.nextDue(); !at.IsZero() {
		t.Errorf("an empty outbox has something due at %v", at)
	}
	_, v := d.Write(c, "eva@example.com", "Soon.")
	v.DueAt = d.Now().Add(10 * time.Second)
	d.Do(func(tx *store.Tx) error { return tx.SaveDelivery(d.ctx, v) })
	if got := d.claim(time.Minute); len(got) != 0 {
		t.Error("claimed before it was due")
	}
	if at := d.nextDue(); !at.Equal(v.DueAt) {
		t.Errorf("next due at %v, want %v", at, v.DueAt)
	}
	d.Clock.Pass(10 * time.Second)
	if got := d.claim(time.Minute); len(got) != 1 || got[0].Attempts != 1 || len(got[0].Recipients) != 1 {
		t.Fatalf("claimed when due: %+v", got)
	}
	if got := d.claim(time.Minute); len(got) != 0 {
		t.Error("claimed twice within one lease")
	}
	d.Clock.Pass(time.Minute)
	got := d.claim(time.Minute)
	if len(got) != 1 || got[0].Attempts != 2 {
		t.Fatalf("claimed after a dead worker's lease: %+v", got)
	}
	v = got[0]
	v.State, v.SettledAt, v.Recipients[0].State = desk.Sent, d.Now(), desk.Sent
	d.Do(func(tx *store.Tx) error { return tx.SaveDelivery(d.ctx, v) })
	d.Clock.Pass(time.Hour)
	if got := d.claim(time.Minute); len(got) != 0 {
		t.Error("claimed after it was settled")
	}
}

func deliveryIsFoundByEveryName(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	c := d.Ticket("eva@example.com", "Order")
	m, v := d.Write(c, "eva@example.com", "Soon.")
	v.Rendered, v.ExternalID = "sum", "k.1@lumen.example"
	d.Do(func(tx *store.Tx) error {
		if err := tx.SetRendered(d.ctx, v, "core"); err != nil {
			return err
		}
		return tx.Refer(d.ctx, v.ExternalID, c.ID, m.ID, true)
	})
	if err := d.Update(d.ctx, func(tx *store.Tx) error { return tx.SetRendered(d.ctx, v, "core") }); err == nil {
		t.Error("the bytes of a delivery were replaced")
	}
	d.See(func(tx *store.Tx) error {
		byTag, errTag := tx.DeliveryByTag(d.ctx, v.EnvelopeTag)
		byName, errName := tx.DeliveryByExternalID(d.ctx, v.ExternalID)
		byMessage, errMessage := tx.DeliveriesOf(d.ctx, []desk.MessageID{m.ID})
		for _, err := range []error{errTag, errName, errMessage} {
			if err != nil {
				return err
			}
		}
		want := v
		for name, got := range map[string]desk.Delivery{"tag": byTag, "id": byName, "message": byMessage[m.ID]} {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("found by %s (-want +got):\n%s", name, diff)
			}
		}
		waiting, oldest, err := tx.Outbox(d.ctx)
		if waiting != 1 || !oldest.Equal(v.QueuedAt) {
			t.Errorf("the outbox holds %d since %v", waiting, oldest)
		}
		refs, errRefs := tx.References(d.ctx, c.ID, 10)
		if diff := cmp.Diff([]string{v.ExternalID}, refs); diff != "" {
			t.Errorf("references (-want +got):\n%s", diff)
		}
		if err == nil {
			err = errRefs
		}
		return err
	})
}

func (d *Desk) pending() (keys []string) {
	d.t.Helper()
	d.See(func(tx *store.Tx) error {
		items, err := tx.Pending(d.ctx, d.Mailbox.ID, 10)
		for _, i := range items {
			keys = append(keys, i.Key)
		}
		return err
	})
	return keys
}

func (d *Desk) discover(cursor string, keys ...string) (fresh int) {
	d.t.Helper()
	var items []store.Item
	for _, k := range keys {
		items = append(items, store.Item{Key: k})
	}
	d.Do(func(tx *store.Tx) (err error) {
		fresh, err = tx.Discovered(d.ctx, d.Mailbox.ID, items, cursor)
		return err
	})
	return fresh
}

func itemsAreTakenOnce(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	got := []int{d.discover("1", "b", "a"), d.discover("2", "a", "c", "b")}
	if diff := cmp.Diff([]int{2, 1}, got); diff != "" {
		t.Errorf("new items (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"b", "a", "c"}, d.pending()); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	var taken []bool
	for range 2 {
		d.Do(func(tx *store.Tx) error {
			ok, err := tx.TakeItem(d.ctx, d.Mailbox.ID, "a", "m1")
			taken = append(taken, ok)
			return err
		})
	}
	if diff := cmp.Diff([]bool{true, false}, taken); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	d.See(func(tx *store.Tx) error {
		a, err := tx.Account(d.ctx, d.Mailbox.ID)
		if a.Cursor != "2" {
			t.Errorf("the cursor is %q", a.Cursor)
		}
		return err
	})
}

func poisonItemStepsAside(t *testing.T, fresh Fresh) {
	d := NewDesk(t, fresh(t))
	d.discover("1", "good", "bad")
	later := d.Now().Add(time.Minute)
	d.Do(func(tx *store.Tx) error { return tx.PostponeItem(d.ctx, d.Mailbox.ID, "bad", later, "cut off") })
	if diff := cmp.Diff([]string{"good"}, d.pending()); diff != "" {
		t.Errorf("pending while the bad one waits (-want +got):\n%s", diff)
	}
	d.Clock.Pass(time.Hour)
	if diff := cmp.Diff([]string{"good", "bad"}, d.pending()); diff != "" {
		t.Errorf("pending when its time has come (-want +got):\n%s", diff)
	}
	d.Do(func(tx *store.Tx) error { return tx.SetItemAside(d.ctx, d.Mailbox.ID, "bad", "cut off") })
	if diff := cmp.Diff([]string{"good"}, d.pending()); diff != "" {
		t.Errorf("pending after the bad one was set aside (-want +got):\n%s", diff)
	}
}
