// Package route answers one question, purely: given an inbound message and
// what the store found about it, what becomes of it?
//
// Three steps, each a function of values: Classify says what kind of thing it
// is, Decide where it belongs, Effects what else it changes. No step reads the
// words of a message, a number in a subject or an address without our secret
// as authority (promise X4): only what this desk signed or gave out can join a
// side conversation.
package route

import "aparte/internal/desk"

// Evidence is what the store knows about an inbound message.
type Evidence struct {
	FromUs    bool // the sender is one of our own mailboxes
	FromAgent bool // the sender's address is an agent's
	Echo      bool // it is a mail of ours that came back unchanged
	Blocked   bool

	Tokens  []TokenHit  // one for each token of the message that this desk gave out
	Refs    []RefHit    // one for each id that is known, nearest first
	Threads []ThreadHit // one for each Thread-Index name that is known
	Orphans int         // signed ids whose row is gone, as after a restore

	Places map[desk.ConversationID]Place // every conversation named above
}

// TokenHit is a token that names a conversation.
type TokenHit struct {
	Token        desk.Token
	Conversation desk.ConversationID
	Revoked      bool
}

// RefHit is an id that names a conversation.
type RefHit struct {
	Ref          desk.Ref
	Conversation desk.ConversationID
	Ours         bool // this desk made the id; otherwise it came in with a mail
	Shared       bool // the same foreign id is known in more than one conversation
}

// ThreadHit is a Thread-Index name that names a conversation.
type ThreadHit struct{ Conversation desk.ConversationID }

// Place is a conversation as routing sees it, and how the sender stands to it.
type Place struct {
	Conversation desk.ConversationID
	Side         desk.Side
	State        desk.State
	Ticket       desk.TicketID
	Status       desk.Status
	Participant  bool // the sender is a confirmed participant
	Requester    bool // the sender is the ticket's requester
	Partner      bool // the sender takes part in a side conversation of the ticket
}

// Class is what kind of thing a message is.
type Class string

// The classes, in the order in which they are looked for.
const (
	Unreadable Class = "unreadable" // R1: over a limit, or beyond reading
	EchoOfOurs Class = "echo"       // R2: a copy of what we sent
	Loop       Class = "loop"       // R3: a desk of Aparté answering itself
	Bounce     Class = "report"     // R4: a delivery report
	Complaint  Class = "complaint"  // R5: an abuse report
	Automatic  Class = "automatic"  // R6, R24: written by a machine
	Listed     Class = "list"       // R23: through a mailing list
	Personal   Class = "personal"
)

// Classify says what kind of thing a message is.
func Classify(m desk.Inbound, e Evidence) Class {
	switch {
	case has(m.Problems, "unreadable"):
		return Unreadable
	case e.Echo && e.FromUs:
		return EchoOfOurs
	case m.Looped:
		return Loop
	case m.Writer == desk.BounceMail:
		return Bounce
	case m.Writer == desk.AbuseReport:
		return Complaint
	case m.Writer == desk.AutoReply || m.Writer == desk.AutoOther:
		return Automatic
	case m.List:
		return Listed
	}
	return Personal
}

// Verdict is what becomes of a message.
type Verdict string

// The verdicts.
const (
	Join       Verdict = "join"       // a conversation that exists
	Open       Verdict = "open"       // a new ticket
	Quarantine Verdict = "quarantine" // a person decides
	Ignore     Verdict = "ignore"     // stored as taken, shown nowhere: our own echo
	Settle     Verdict = "settle"     // news of a delivery
)

// Decision is a verdict with everything that led to it. Reasons and flags are
// codes that a window turns into words.
type Decision struct {
	Class        Class
	Verdict      Verdict
	Conversation desk.ConversationID // where Verdict is Join
	Grade        desk.Grade
	Reasons      []string
	Flags        []string
	Suggest      desk.ConversationID // for quarantine and new tickets: where it may belong
}

func has(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
