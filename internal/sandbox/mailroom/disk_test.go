package mailroom

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/google/go-cmp/cmp"
)

func TestRoomComesBackAsItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := world(t, Config{Dir: dir})
	inject(t, first, "one", "two", "three")
	m := openMailbox(t, first, desk)
	selected := m.open(t, Inbox)
	if err := m.Create("Aparte/Processed", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Move(imap.UIDSetNum(1), "Aparte/Processed").Wait(); err != nil {
		t.Fatal(err)
	}
	if err := first.MarkSeen(desk, Inbox, 3); err != nil {
		t.Fatal(err)
	}
	inbox, processed := first.Messages(desk, Inbox), first.Messages(desk, "Aparte/Processed")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	second := world(t, Config{Dir: dir})
	if diff := cmp.Diff(inbox, second.Messages(desk, Inbox)); diff != "" {
		t.Errorf("inbox (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(processed, second.Messages(desk, "Aparte/Processed")); diff != "" {
		t.Errorf("processed (-want +got):\n%s", diff)
	}
	again := openMailbox(t, second, desk).open(t, Inbox)
	if again.UIDValidity != selected.UIDValidity || again.UIDNext != 4 {
		t.Errorf("UIDVALIDITY %d and UIDNEXT %d, want %d and 4", again.UIDValidity, again.UIDNext, selected.UIDValidity)
	}
	if !bytes.Equal(first.CertPEM(), second.CertPEM()) || first.Addrs() != second.Addrs() {
		t.Error("certificate or ports changed")
	}
}

func TestNewRoomHasNewUIDValidity(t *testing.T) {
	t.Parallel()
	a := openMailbox(t, world(t, Config{}), desk).open(t, Inbox)
	b := openMailbox(t, world(t, Config{}), desk).open(t, Inbox)
	if a.UIDValidity == b.UIDValidity || a.UIDValidity == 0 {
		t.Errorf("UIDVALIDITY %d and %d", a.UIDValidity, b.UIDValidity)
	}
}

func TestTornIndexLineIsForgotten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := world(t, Config{Dir: dir})
	inject(t, first, "kept", "torn")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "mail", "support@aparte.example", Inbox, indexFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b[:len(b)-10], 0o600); err != nil {
		t.Fatal(err)
	}
	second := world(t, Config{Dir: dir})
	inject(t, second, "after")
	all := second.Messages(desk, Inbox)
	if len(all) != 2 || !strings.Contains(string(all[1].Raw), "about after") {
		t.Errorf("%d messages", len(all))
	}
}

func TestDeletedFolderStaysDeleted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := world(t, Config{Dir: dir})
	m := openMailbox(t, first, desk)
	for _, name := range []string{"Gone", "Old"} {
		if err := m.Create(name, nil).Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Delete("Gone").Wait(); err != nil {
		t.Fatal(err)
	}
	if err := m.Rename("Old", "A/B", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"A/B", Inbox, Junk, Sent}, world(t, Config{Dir: dir}).Folders(desk)); diff != "" {
		t.Error(diff)
	}
}

func FuzzReadIndex(f *testing.F) {
	f.Add([]byte("{\"op\":\"folder\",\"uidvalidity\":7,\"uidnext\":3}\n{\"op\":\"add\",\"uid\":2,\"at\":\"2026-01-01T00:00:00Z\"}\n"))
	f.Add([]byte("{\"op\":\"flags\",\"uid\":2,\"flags\":[\"a\",\"A\"]}\n{\"op\":\"gone\",\"uid\":2}\n{\"op\":\"add\",\"uid\":4294967295}\n{\"o"))
	f.Fuzz(func(t *testing.T, b []byte) {
		x := readIndex(bytes.NewReader(b))
		for uid := range x.messages {
			if uid == 0 || uid >= x.uidNext {
				t.Errorf("UID %d with UIDNEXT %d", uid, x.uidNext)
			}
		}
	})
}
