package mail

import (
	"bytes"
	"testing"

	"github.com/emersion/go-imap/v2"

	"aparte/internal/connector"
	"aparte/internal/connector/connectortest"
)

func TestMailKeepsTheContract(t *testing.T) {
	t.Parallel()
	connectortest.Exercise(t, func(t *testing.T) connectortest.World {
		room := world(t)
		return connectortest.World{
			Connect: func(t *testing.T) connector.Connector { return connected(t, room) },
			Arrive: func(t *testing.T, words string) {
				if err := room.Inject(support, append(letter(words), bytes.Repeat([]byte("and more\r\n"), 100)...)); err != nil {
					t.Fatal(err)
				}
			},
			Vanish:  func(t *testing.T) { expungeNewest(t, connected(t, room)) },
			CutNext: func() { room.CutLiteral(1) },
		}
	})
}

// expungeNewest deletes the newest mail of the inbox, as another program would.
func expungeNewest(t *testing.T, c *Connector) {
	t.Helper()
	l, err := c.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.end()
	box, err := l.Select(inbox, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}, Silent: true}
	if err := l.Store(imap.SeqSetNum(box.NumMessages), deleted, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if err := l.Expunge().Close(); err != nil {
		t.Fatal(err)
	}
}
