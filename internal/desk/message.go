package desk

import "time"

// Direction tells which way a message went.
type Direction string

// The directions.
const (
	In   Direction = "in"   // somebody outside wrote it
	Out  Direction = "out"  // an agent wrote it to people outside
	Note Direction = "note" // an agent wrote it to agents; it never leaves
)

// Grade says how sure the desk is that a sender is who the mail claims. It
// limits what a message may cause, and never whether it is kept.
type Grade string

// The grades, from the surest.
const (
	Verified Grade = "verified" // one From, aligned authentication, a participant
	Known    Grade = "known"    // a participant's address, nothing proven
	Other    Grade = "other"    // the right address to answer to, an unknown sender
	Suspect  Grade = "suspect"  // claims to be somebody, and authentication failed
	Robot    Grade = "machine"  // written by a machine
)

// Message is one thing said in a conversation. Its words live in a Body.
type Message struct {
	ID           MessageID
	Conversation ConversationID
	Direction    Direction
	Seq          Seq // of the event that brought it
	OccurredAt   time.Time
	StoredAt     time.Time

	Author   Address   // who said it, as they called themselves
	Agent    AgentID   // where an agent of the desk wrote it
	Contact  ContactID // where a contact did
	Subject  string
	Preview  string // one line, at most 200 characters
	Grade    Grade
	Human    bool
	Flags    []string // what an agent should notice, as codes
	Reasons  []string // why it is in this conversation, as codes
	Problems []string // what could not be read, as codes

	ExternalID string // the channel's own id: a Message-ID without brackets
	InReplyTo  string
	Raw        string // sum of the blob with the original bytes; empty if none
	CoreSum    string // sum of the bytes without trace headers

	Recipients  []Recipient
	Attachments []Attachment
	Moved       ConversationID // where it was first, if it was moved
}

// Body is a message's words, sanitised.
type Body struct {
	HTML   string // the new words
	Quoted string // quoted history, folded behind a toggle
	Text   string // for search and previews
}

// Attachment is a file that belongs to a message or waits for one.
type Attachment struct {
	ID        AttachmentID
	Message   MessageID // empty while a draft holds it
	Name      string
	Type      string // media type, sniffed and lower case
	Size      int64
	Sum       string // of the blob
	ContentID string // set for pictures inside the text
	Inline    bool
	Owner     AgentID // who uploaded it
	CreatedAt time.Time
}

// Delivery is an outbound message on its way: one row a message, with an
// outcome for each recipient.
type Delivery struct {
	ID           DeliveryID
	Message      MessageID
	Conversation ConversationID
	Account      AccountID
	State        Progress // the least advanced of its recipients
	DueAt        time.Time
	QueuedAt     time.Time
	SettledAt    time.Time
	Lease        time.Time // until when a worker holds it
	Attempts     int
	Rendered     string // blob with the exact bytes; empty until the first attempt
	EnvelopeTag  string // b<token>: bounces come back to it
	ExternalID   string
	Recipients   []Progressing
	Version      int64
}

// Progress is how far a delivery or one of its recipients has come.
type Progress string

// The states. Queued may be recalled; sending is in somebody's hands; the
// last four are ends, though an agent may retry failed and unsure.
const (
	Queued    Progress = "queued"
	Sending   Progress = "sending"
	Sent      Progress = "sent"      // the mail server took it
	Delivered Progress = "delivered" // a report says it arrived
	Delayed   Progress = "delayed"   // still trying, for longer than usual
	Failed    Progress = "failed"
	Unsure    Progress = "unsure" // cut off before the server confirmed; never resent by itself
	Recalled  Progress = "recalled"
)

// Settled tells whether the outbox has nothing more to do.
func (p Progress) Settled() bool {
	return p != Queued && p != Sending && p != Delayed
}

// Progressing is one recipient of a delivery.
type Progressing struct {
	Recipient
	State    Progress
	Attempts int
	NextAt   time.Time
	Code     int    // the server's reply code, 0 if none
	Enhanced string // the enhanced code of RFC 3463, such as "5.1.1"
	Text     string // the server's own words, capped
	At       time.Time
}

// Overall is the state of the whole delivery: what a person should hear first.
// Trouble goes before waiting, and waiting before success.
func Overall(rs []Progressing) Progress {
	for _, p := range []Progress{Sending, Unsure, Failed, Delayed, Queued, Recalled, Sent, Delivered} {
		for _, r := range rs {
			if r.State == p {
				return p
			}
		}
	}
	return Queued
}
