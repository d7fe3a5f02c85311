package mailroom

import (
	"strings"
	"testing"
	"time"
)

func TestPastMailLooksAsIfItHadComeThen(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	then := time.Date(2031, 4, 5, 6, 7, 8, 0, time.UTC)
	if err := r.SubmitAt(then, carrier, mailFrom(carrier, desk, "old"), desk); err != nil {
		t.Fatal(err)
	}
	got, kept := r.Messages(desk, Inbox), r.Messages(carrier, Sent)
	if len(got) != 1 || len(kept) != 1 {
		t.Fatalf("%d delivered, %d kept", len(got), len(kept))
	}
	if !got[0].Received.Equal(then) || got[0].Seen || !kept[0].Received.Equal(then) || !kept[0].Seen {
		t.Errorf("delivered %+v, kept %+v", got[0], kept[0])
	}
	for _, want := range []string{"Return-Path: <" + carrier + ">", "dmarc=pass", then.Format(time.RFC1123Z)} {
		if !strings.Contains(string(got[0].Raw), want) {
			t.Errorf("no %q in %s", want, got[0].Raw)
		}
	}
}

func TestPastMailNeedsASenderAndARecipient(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	raw := mailFrom(carrier, desk, "old")
	if err := r.SubmitAt(time.Now(), "nobody@aparte.example", raw, desk); err == nil {
		t.Error("a stranger sent")
	}
	if err := r.SubmitAt(time.Now(), carrier, raw, "nobody@aparte.example"); err == nil {
		t.Error("a stranger received")
	}
}
