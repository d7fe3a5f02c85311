package mailroom

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

const maxKeywords = 50 // flags of one message

var errFlags = errors.New("too many flags on one message")

// message is what a folder holds. All but flags never changes.
type message struct {
	uid      imap.UID
	raw      []byte
	received time.Time
	flags    []imap.Flag // sorted; replaced, never changed in place
}

func (m *message) has(flag imap.Flag) bool {
	return slices.ContainsFunc(m.flags, func(f imap.Flag) bool { return strings.EqualFold(string(f), string(flag)) })
}

// folder is guarded by Room.mu.
type folder struct {
	account     *account
	name        string
	subscribed  bool
	uidValidity uint32
	uidNext     imap.UID
	messages    []*message // by UID
	tracker     *imapserver.MailboxTracker
	idlers      map[chan struct{}]struct{} // one-slot wake-ups of sessions in IDLE
	disk        *folderDisk                // nil in memory
}

// openFolder makes a folder, with what dir holds if dir is not empty.
func openFolder(a *account, name, dir string) (*folder, error) {
	f := &folder{
		account: a, name: name, subscribed: true, uidValidity: newUIDValidity(), uidNext: 1,
		idlers: make(map[chan struct{}]struct{}),
	}
	if dir != "" {
		if err := f.load(dir); err != nil {
			return nil, err
		}
	}
	f.tracker = imapserver.NewMailboxTracker(uint32(len(f.messages)))
	return f, nil
}

// newUIDValidity draws a value that two runs are not likely to share, so that a
// client can never take a fresh room for the one it knew.
func newUIDValidity() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return binary.BigEndian.Uint32(b[:])&0x7fffffff | 1
}

func (f *folder) specialUse() []imap.MailboxAttr {
	switch f.name {
	case Sent:
		return []imap.MailboxAttr{imap.MailboxAttrSent}
	case Junk:
		return []imap.MailboxAttr{imap.MailboxAttrJunk}
	}
	return nil
}

// add files a message at the end and tells everybody.
func (f *folder) add(raw []byte, received time.Time, flags []imap.Flag) (*message, error) {
	m := &message{uid: f.uidNext, raw: raw, received: received, flags: sortFlags(flags)}
	if len(m.flags) > maxKeywords {
		return nil, errFlags
	}
	if err := f.disk.add(m); err != nil {
		return nil, err
	}
	f.uidNext++
	f.messages = append(f.messages, m)
	f.account.bytes += int64(len(raw))
	f.tracker.QueueNumMessages(uint32(len(f.messages)))
	f.wake()
	return m, nil
}

// setFlags replaces the flags of a message. source, if not nil, already knows.
func (f *folder) setFlags(m *message, flags []imap.Flag, source *imapserver.SessionTracker) error {
	flags = sortFlags(flags)
	if slices.Equal(flags, m.flags) {
		return nil
	}
	if len(flags) > maxKeywords {
		return errFlags
	}
	if err := f.disk.flags(m.uid, flags); err != nil {
		return err
	}
	m.flags = flags
	if i := f.index(m.uid); i >= 0 {
		f.tracker.QueueMessageFlags(uint32(i)+1, m.uid, m.flags, source)
	}
	f.wake()
	return nil
}

// remove takes messages out for good and tells everybody.
func (f *folder) remove(gone []*message) error {
	for _, m := range gone {
		i := f.index(m.uid)
		if i < 0 {
			continue
		}
		if err := f.disk.remove(m.uid); err != nil {
			return err
		}
		f.messages = slices.Delete(f.messages, i, i+1)
		f.account.bytes -= int64(len(m.raw))
		f.tracker.QueueExpunge(uint32(i) + 1)
	}
	f.wake()
	return nil
}

// renumber gives the folder a new UIDVALIDITY and its messages new UIDs. Views
// on it are worthless afterwards.
func (f *folder) renumber() error {
	for old := f.uidValidity; f.uidValidity == old; {
		f.uidValidity = newUIDValidity()
	}
	for i, m := range f.messages {
		f.messages[i] = &message{uid: imap.UID(i + 1), raw: m.raw, received: m.received, flags: m.flags}
	}
	f.uidNext = imap.UID(len(f.messages) + 1)
	f.wake()
	return f.disk.rewrite(f)
}

// index finds a UID, -1 if it is not there.
func (f *folder) index(uid imap.UID) int {
	i, ok := slices.BinarySearchFunc(f.messages, uid, func(m *message, uid imap.UID) int { return int(m.uid) - int(uid) })
	if !ok {
		return -1
	}
	return i
}

// wake tells the sessions in IDLE, and those who wait for the account.
func (f *folder) wake() {
	for idler := range f.idlers {
		select {
		case idler <- struct{}{}:
		default: // it has a wake-up waiting
		}
	}
	f.account.bump()
}

func (f *folder) count(flag imap.Flag) (n uint32) {
	for _, m := range f.messages {
		if m.has(flag) {
			n++
		}
	}
	return n
}

func (f *folder) size() (n int64) {
	for _, m := range f.messages {
		n += int64(len(m.raw))
	}
	return n
}

// allFlags lists the flags in use.
func (f *folder) allFlags() []imap.Flag {
	all := []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft}
	for _, m := range f.messages {
		all = append(all, m.flags...)
	}
	return sortFlags(all)
}

// sortFlags returns the flags sorted and each once, whatever its case.
func sortFlags(flags []imap.Flag) []imap.Flag {
	sorted := slices.Clone(flags)
	byFold := func(a, b imap.Flag) int {
		return strings.Compare(strings.ToLower(string(a)), strings.ToLower(string(b)))
	}
	slices.SortStableFunc(sorted, byFold)
	return slices.CompactFunc(sorted, func(a, b imap.Flag) bool { return byFold(a, b) == 0 })
}
