package stage

import (
	"strings"
	"testing"
	"time"

	"aparte/internal/sandbox/mailroom"

	"github.com/google/go-cmp/cmp"
)

// seeded returns what the desk's inbox holds after Seed.
func seeded(t *testing.T, w world) []mailroom.Message {
	t.Helper()
	if err := w.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w.room.Messages(defaultSupport, mailroom.Inbox)
}

// withoutTrace is a mail from its From on: what its sender wrote.
func withoutTrace(m mailroom.Message) string {
	_, rest, _ := strings.Cut(string(m.Raw), "\r\nFrom: ")
	return rest
}

func TestSeedIsTheSameEverywhereAndHappensOnce(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	one, two := seeded(t, w), seeded(t, other)
	if len(one) != len(samples()) || len(one) != len(two) {
		t.Fatalf("%d and %d mails of %d", len(one), len(two), len(samples()))
	}
	for i := range one {
		if diff := cmp.Diff(withoutTrace(one[i]), withoutTrace(two[i])); diff != "" {
			t.Error(diff)
		}
	}
	if again := seeded(t, newWorldIn(t, w.room)); len(again) != len(one) {
		t.Errorf("%d mails after seeding again, want %d", len(again), len(one))
	}
}

func TestSeedLooksLikeAWeekOfMail(t *testing.T) {
	t.Parallel()
	var last time.Time
	langs, kinds := map[string]int{}, map[string]int{}
	w := newWorld(t)
	for _, m := range seeded(t, w) {
		mail := Read(m.Raw)
		if !mail.Date.Equal(m.Received) || m.Received.Before(last) || m.Received.After(noon) || noon.Sub(m.Received) > 8*day {
			t.Errorf("%q is of %v, received %v, after %v", mail.Subject, mail.Date, m.Received, last)
		}
		last = m.Received
		p, ok := w.person(mail.From[0].Address)
		if !ok || mail.Subject == "" || len(mail.Text) < 80 || !strings.Contains(string(m.Raw), "dmarc=pass") {
			t.Errorf("%q from %v: %q", mail.Subject, mail.From, mail.Text)
		}
		langs[p.Lang]++
		for kind, is := range map[string]bool{
			"answer": mail.InReplyTo != "", "html": mail.HTML != "", "copy": len(mail.Cc) > 0, "table": strings.Contains(mail.HTML, "<table"),
			"picture": len(mail.Files) > 0 && mail.Files[0].ContentID != "", "file": len(mail.Files) > 0 && mail.Files[0].ContentID == "",
		} {
			if is {
				kinds[kind]++
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"en": 7, "fr": 6}, langs); diff != "" {
		t.Error(diff)
	}
	want := map[string]int{"answer": 1, "html": 3, "copy": 1, "table": 1, "picture": 1, "file": 4}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
}
