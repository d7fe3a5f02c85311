// Package connector is the contract with the outside: what every kind of
// channel does for the desk, and how it tells trouble from the end.
//
// A connector speaks one protocol and decides nothing. It never knows the
// store, and the desk never knows its protocol.
package connector

import (
	"context"
	"errors"
	"io"
	"time"

	"aparte/internal/desk"
)

// Cursor is a connector's own memory of how far it has discovered. It is
// opaque to the desk, and empty at first.
type Cursor string

// Item is one thing out there that the desk should take. Key names it within
// its account for ever: the same key is stored once.
type Item struct {
	Key  string
	Size int64 // bytes as announced; 0 if unknown
}

// Found is what Discover hands over: some items and the cursor after them.
// Either is stored with the other, in one transaction.
type Found struct {
	Items []Item
	After Cursor
}

// Connector is one account's line to its channel. Its methods may be called
// from several goroutines.
type Connector interface {
	// Discover watches for what is new since from, and calls found with each
	// lot, in order, until ctx ends or the line breaks. It calls found once
	// after every successful look, with no items if there was nothing, so that
	// the caller knows the line is well. When found fails, Discover returns that
	// error and may be asked again from the last cursor that was kept.
	Discover(ctx context.Context, from Cursor, found func(Found) error) error

	// Fetch streams an item's bytes. It returns nil only when every byte has
	// been written and the far side has confirmed them. A Permanent error means
	// this item can never be had.
	Fetch(ctx context.Context, item Item, into io.Writer) error

	// Read turns an item's bytes into the desk's words. It never fails: what
	// cannot be read comes back with a problem noted, and with its raw bytes.
	Read(ctx context.Context, item Item, raw []byte) desk.Inbound

	// Render makes the bytes of an outbound message. It is called once a
	// message; the bytes are stored before the first attempt and never change.
	Render(ctx context.Context, out Outgoing) (Rendered, error)

	// Send makes one attempt for the recipients given and returns an outcome
	// for each. An error means that nothing was handed over to anybody.
	Send(ctx context.Context, parcel Parcel) (desk.Receipt, error)

	// Close ends all lines at once.
	Close() error
}

// Outgoing is an outbound message before it has bytes.
type Outgoing struct {
	Message      desk.MessageID
	Side         desk.Side
	Conversation desk.ConversationID
	From         desk.Address // the agent's name, the mailbox's address
	To, Cc       []desk.Address
	Subject      string
	HTML, Text   string // from richtext.FromEditor
	At           time.Time
	Token        string   // the conversation's reply token
	ThreadKey    string   // the conversation's thread key
	InReplyTo    string   // external id of the message answered; empty for the first
	References   []string // external ids of the conversation so far, oldest first
	Files        []File
}

// File is an attachment to send.
type File struct {
	Name, Type, ContentID string
	Inline                bool
	Size                  int64
	Open                  func() (io.ReadCloser, error)
}

// Rendered is a message as it will leave, each time it is tried.
type Rendered struct {
	Bytes      []byte
	ExternalID string   // its Message-ID without brackets
	Anchors    []string // further ids by which answers may name the conversation
	CoreSum    string   // as desk.Inbound's: recognises the message when a copy comes back
}

// Parcel is one attempt: bytes and the people they are for in this transaction.
type Parcel struct {
	Bytes       []byte
	To          []desk.Address
	EnvelopeTag string // bounces come back to support+<tag>@…
	EnvelopeID  string // comes back in delivery reports (RFC 3461 ENVID)
	// Committing is called once, just before the point of no return. If it
	// fails, the attempt is broken off and nobody has received anything.
	Committing func() error
}

// Checker is a connector that can test its own configuration, step by step.
type Checker interface {
	Check(ctx context.Context, report func(desk.Check)) error
}

// Confirmer is a connector that can tell whether a message went out.
type Confirmer interface {
	// Confirm looks for the message at the far side. Conclusive is false where
	// not finding it proves nothing.
	Confirm(ctx context.Context, externalID string) (found, conclusive bool, err error)
}

// Limits says what a channel refuses, so that a composer can say so first.
type Limits struct {
	MaxBytes int64 // of the whole message as rendered; 0 if unknown
}

// Limiter is a connector that knows its channel's limits.
type Limiter interface {
	Limits() Limits
}

// Moder is a connector that watches in more than one way.
type Moder interface {
	Mode() string // "idle" where news is pushed, "poll" where it is asked for; empty before the first look
}

// trouble marks an error with whether trying again can help.
type trouble struct {
	err       error
	permanent bool
	care      bool
	gone      bool
}

func (t *trouble) Error() string { return t.err.Error() }
func (t *trouble) Unwrap() error { return t.err }

// Permanent marks an error that trying again cannot mend.
func Permanent(err error) error { return &trouble{err: err, permanent: true} }

// IsPermanent tells whether an error was marked. Unknown means temporary.
func IsPermanent(err error) bool {
	var t *trouble
	return errors.As(err, &t) && t.permanent
}

// Gone marks the error of an item that is no longer at the far side, or goes by
// another key there now. It is permanent, and nobody's fault: there is nothing
// left to take, and nothing to put aside for a person.
func Gone(err error) error { return &trouble{err: err, permanent: true, gone: true} }

// IsGone tells whether an item is no longer there.
func IsGone(err error) bool {
	var t *trouble
	return errors.As(err, &t) && t.gone
}

// NeedsCare marks an error that only a person can mend, such as a wrong
// password: the desk stops trying after a few times, and says so.
func NeedsCare(err error) error { return &trouble{err: err, care: true} }

// IsCare tells whether an error waits for a person.
func IsCare(err error) bool {
	var t *trouble
	return errors.As(err, &t) && t.care
}
