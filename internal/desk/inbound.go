package desk

import "time"

// Inbound is one message from outside as its connector read it: facts of the
// channel turned into the desk's words, and nothing decided yet.
type Inbound struct {
	Account AccountID
	Channel Channel
	Key     string // the connector's name of the item; the same item is taken once

	ExternalID string // the channel's own id of the message; made from the content if it had none
	Raw        []byte // the bytes as they came
	RawSum     string // sum of the stored original, once intake has stored it
	CoreSum    string // sum of the bytes without trace headers: the same mail by two ways is equal

	Writer Writing // was it written by a person?
	From   []Address
	// ReplyTo is shown where it differs from From; it never makes somebody a requester by itself.
	ReplyTo   []Address
	To        []Address
	Cc        []Address
	Delivered []string // envelope recipients, as the receiving server wrote them down
	Subject   string
	SentAt    time.Time // as the sender claims; zero if unreadable
	TakenAt   time.Time // when the receiving server got it

	Tokens  []Token  // reply tokens of ours among the addresses, surest place first
	Refs    []Ref    // ids that it answers or continues, nearest first
	Threads []string // Thread-Index names, base 32
	Auth    Auth
	Looped  bool // carries our own loop mark
	List    bool // came through a mailing list

	Body     Body
	Says     string // the new words alone, as plain text: what a preview shows
	Files    []File
	Problems []string // codes of what could not be read as sent
	Report   *Report  // where it is a delivery report
}

// Writing says who wrote a message: a person, or which kind of machine.
type Writing string

// The kinds of writing.
const (
	ByPerson    Writing = "person"
	AutoReply   Writing = "auto_reply" // out of office and the like
	AutoOther   Writing = "automatic"  // a notification, a newsletter
	BounceMail  Writing = "bounce"     // a delivery report
	AbuseReport Writing = "abuse"      // a complaint about a mail of ours
)

// Token is a reply token found in an address of ours.
type Token struct {
	Kind  TokenKind
	Text  string
	Place string // "delivered", "to": where it stood
}

// TokenKind is the letter before a token's text in an address.
type TokenKind string

// The kinds of token.
const (
	CustomerToken TokenKind = "t"
	SideToken     TokenKind = "s"
	BounceToken   TokenKind = "b"
)

// Ref is an id that a message refers to.
type Ref struct {
	ID     string // without brackets
	Signed bool   // carries our signature: we made it
	Answer bool   // stood in In-Reply-To
}

// Auth is what is known about the sender's claim.
type Auth struct {
	Result AuthResult
	Reason string // a code
	Domain string // the domain that was proven
}

// AuthResult is the verdict over the sender's address.
type AuthResult string

// The verdicts.
const (
	AuthNone AuthResult = "none" // nothing known
	AuthPass AuthResult = "pass"
	AuthFail AuthResult = "fail"
)

// File is an attachment of an inbound message, still in memory.
type File struct {
	Name      string
	Type      string
	ContentID string
	Inline    bool
	Bytes     []byte
}

// Report is a delivery report (RFC 3464): what became of a mail of ours.
type Report struct {
	EnvelopeID string   // our own envelope id, if it came back
	Original   []string // ids found in the returned headers
	Recipients []Reported
}

// Reported is the report's word on one recipient.
type Reported struct {
	Address string
	Action  string // failed, delayed, delivered, relayed, expanded
	Status  string // enhanced status code
	Text    string // diagnostic, capped
}

// Sender is who a message claims to be from: the first From address.
func (m Inbound) Sender() Address {
	if len(m.From) == 0 {
		return Address{}
	}
	return m.From[0]
}
