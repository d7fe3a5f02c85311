package mailroom

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

var (
	// ErrNoAccount says that an address has no mailbox in this room.
	ErrNoAccount = errors.New("no such account")
	// ErrNoFolder says that an account has no folder of that name.
	ErrNoFolder = errors.New("no such folder")
	// ErrNoMessage says that a folder has no message with that UID.
	ErrNoMessage = errors.New("no such message")

	errFull = errors.New("mailbox is full")
)

// Message is one mail in a folder. Raw must not be changed.
type Message struct {
	UID      uint32
	Raw      []byte
	Received time.Time
	Seen     bool
	Flags    []string
}

func (m *message) public() Message {
	p := Message{UID: uint32(m.uid), Raw: m.raw, Received: m.received, Seen: m.has(imap.FlagSeen)}
	for _, f := range m.flags {
		p.Flags = append(p.Flags, string(f))
	}
	return p
}

// folderOf finds a folder of an account. Room.mu must be held.
func (r *Room) folderOf(address, name string) (*folder, error) {
	base, _, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	a := r.accounts[base]
	if a == nil {
		return nil, ErrNoAccount
	}
	f := a.folders[canonicalFolder(name)]
	if f == nil {
		return nil, ErrNoFolder
	}
	return f, nil
}

// Messages returns what a folder holds, oldest first; nothing if there is no
// such account or folder.
func (r *Room) Messages(address, folder string) []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := r.folderOf(address, folder)
	if err != nil {
		return nil
	}
	all := make([]Message, 0, len(f.messages))
	for _, m := range f.messages {
		all = append(all, m.public())
	}
	return all
}

// Message returns one message of a folder.
func (r *Room) Message(address, folder string, uid uint32) (Message, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := r.folderOf(address, folder)
	if err != nil {
		return Message{}, err
	}
	i := f.index(imap.UID(uid))
	if i < 0 {
		return Message{}, ErrNoMessage
	}
	return f.messages[i].public(), nil
}

// Folders returns the names of an account's folders, sorted.
func (r *Room) Folders(address string) []string {
	a := r.account(address)
	if a == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	for name := range a.folders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// EverReceived says whether any message was ever filed in the folder, also if
// it has been moved or deleted since.
func (r *Room) EverReceived(address, folder string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := r.folderOf(address, folder)
	return err == nil && f.uidNext > 1
}

// Changes returns a number that grows with every change in any folder of the
// account, and a channel that is closed at the next change.
func (r *Room) Changes(address string) (version uint64, next <-chan struct{}, err error) {
	a := r.account(address)
	if a == nil {
		return 0, nil, ErrNoAccount
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return a.version, a.changed, nil
}

// Wait returns the oldest message in the account's INBOX for which match says
// yes (any message if match is nil), waiting for it until ctx ends.
func (r *Room) Wait(ctx context.Context, address string, match func(Message) bool) (Message, error) {
	for {
		_, next, err := r.Changes(address)
		if err != nil {
			return Message{}, err
		}
		all := r.Messages(address, Inbox)
		for _, m := range all {
			if match == nil || match(m) {
				return m, nil
			}
		}
		select {
		case <-next:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("no such message among the %d in the inbox: %w", len(all), ctx.Err())
		}
	}
}

// WaitCount returns the messages of the account's INBOX once there are n,
// waiting for them until ctx ends.
func (r *Room) WaitCount(ctx context.Context, address string, n int) ([]Message, error) {
	for {
		_, next, err := r.Changes(address)
		if err != nil {
			return nil, err
		}
		all := r.Messages(address, Inbox)
		if len(all) >= n {
			return all, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return nil, fmt.Errorf("%d of %d messages in the inbox: %w", len(all), n, ctx.Err())
		}
	}
}

// Inject delivers a mail as if another server had brought it: with Return-Path
// (from its From), Delivered-To (to, as given) and Received on top, and with
// CRLF line ends. It adds no Authentication-Results.
func (r *Room) Inject(to string, raw []byte) error {
	if int64(len(raw)) > r.config.MaxBytes {
		return errors.New("inject: message is too large")
	}
	raw = crlf(raw)
	env := envelope{rcpt: to, with: "ESMTP", helo: "outside.example"}
	if from, err := mail.ParseAddress(firstField(raw, "From")); err == nil {
		env.from = from.Address
	}
	if err := r.deliver(env, raw); err != nil {
		return fmt.Errorf("inject: %w", err)
	}
	return nil
}

// Append files the bytes in a folder as they are, as a mail client would.
func (r *Room) Append(address, folder string, raw []byte, seen bool) (uid uint32, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := r.folderOf(address, folder)
	if err != nil {
		return 0, err
	}
	var flags []imap.Flag
	if seen {
		flags = append(flags, imap.FlagSeen)
	}
	m, err := r.file(f, bytes.Clone(raw), r.config.Now(), flags)
	if err != nil {
		return 0, err
	}
	return uint32(m.uid), nil
}

// MarkSeen sets \Seen on a message.
func (r *Room) MarkSeen(address, folder string, uid uint32) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := r.folderOf(address, folder)
	if err != nil {
		return err
	}
	i := f.index(imap.UID(uid))
	if i < 0 {
		return ErrNoMessage
	}
	m := f.messages[i]
	return f.setFlags(m, append(slices.Clone(m.flags), imap.FlagSeen), nil)
}

// ChangeUIDValidity gives every folder of the account a new UIDVALIDITY and
// numbers its messages anew, and cuts the sessions that had one selected.
func (r *Room) ChangeUIDValidity(address string) error {
	a := r.account(address)
	if a == nil {
		return ErrNoAccount
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range a.folders {
		if err := f.renumber(); err != nil {
			return fmt.Errorf("change uidvalidity: %w", err)
		}
		r.cutViews(f)
	}
	return nil
}

// file adds a message to a folder within the account's quota. Room.mu must be
// held.
func (r *Room) file(f *folder, raw []byte, received time.Time, flags []imap.Flag) (*message, error) {
	if f.account.bytes+int64(len(raw)) > r.config.MaxMailbox {
		return nil, errFull
	}
	return f.add(raw, received, flags)
}

// deliver puts a mail with its trace header into the INBOX of its recipient.
func (r *Room) deliver(env envelope, raw []byte) error {
	return r.deliverAt(env, raw, r.config.Now())
}

func (r *Room) deliverAt(env envelope, raw []byte, at time.Time) error {
	a := r.account(env.rcpt)
	if a == nil {
		return ErrNoAccount
	}
	traced := append(env.trace(r.config.Hostname, at), raw...)
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := r.file(a.folders[Inbox], traced, at, nil)
	return err
}
