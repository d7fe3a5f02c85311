package desk

import "time"

// Side tells a ticket's customer thread from its side conversations. Promise
// X1 hangs on it: nothing ever crosses from one to the other by itself.
type Side string

// The two sides.
const (
	CustomerSide Side = "customer"
	PartnerSide  Side = "side"
)

// Channel is the way a conversation travels: an open word, because channels
// will be added. A window that does not know one shows a plain line.
type Channel string

// The channels.
const (
	Mail  Channel = "mail"
	Slack Channel = "slack"
)

// Turn says by the last human message who should speak next.
type Turn string

// The turns.
const (
	Ours   Turn = "ours"
	Theirs Turn = "theirs"
	Nobody Turn = "" // nothing was said yet
)

// State is whether a side conversation is still going on.
type State string

// The states.
const (
	StateOpen State = "open"
	StateDone State = "done"
)

// Conversation is an ordered list of messages with participants: a ticket's
// customer thread or one of its side conversations.
type Conversation struct {
	ID      ConversationID
	Home    TicketID // the ticket it belongs to now (S8)
	Side    Side
	Channel Channel
	Account AccountID // the mailbox or workspace that carries it
	Subject string
	State   State
	Turn    Turn
	Starter AgentID // who began it; empty where a customer did

	Token     string // the reply address's secret: support+s<Token>@…
	ThreadKey string // 16 random bytes in base 32: the anchor's and Outlook's name for it

	CreatedAt time.Time
	LastAt    time.Time // when the last message was said
	LastSeq   Seq       // the last message's event
	NewsSeq   Seq       // the last event worth an unread mark: past an agent's read mark, it is unread
	Last      MessageID
	Messages  int
	DoneAt    time.Time
	Version   int64
}

// Apply folds one event into the conversation.
func (c *Conversation) Apply(e Event) {
	c.Version++
	switch f := e.Facts.(type) {
	case ConversationStarted:
		c.start(e, f.Start)
	case SideOpened:
		c.start(e, f.Start)
	case MessageReceived:
		c.said(e, f.Message)
		if f.Human {
			c.Turn, c.NewsSeq = Ours, e.Seq
		}
	case MessageWritten:
		c.said(e, f.Message)
		c.Turn, c.NewsSeq = Theirs, e.Seq
	case NoteAdded:
		c.said(e, f.Message)
		c.NewsSeq = e.Seq
	case SideDone:
		c.State, c.DoneAt = StateDone, e.At
	case SideReopened:
		c.State, c.DoneAt = StateOpen, time.Time{}
	case DeliveryRecalled:
		c.Turn = f.Turn
	case SideMoved:
		c.move(e.Ticket, f)
	}
}

func (c *Conversation) start(e Event, s Start) {
	c.ID, c.Home = e.Conversation, e.Ticket
	c.Side, c.Channel, c.Account = s.Side, s.Channel, s.Account
	c.Subject, c.Starter = s.Subject, s.Starter
	c.Token, c.ThreadKey = s.Token, s.ThreadKey
	c.State = StateOpen
	c.CreatedAt, c.LastAt = e.At, e.At
}

// move takes the conversation out of one ticket and puts it into the other.
// Between the two events it is nowhere, so that each ticket counts it once.
func (c *Conversation) move(at TicketID, f SideMoved) {
	if at == f.From {
		c.Home = ""
		return
	}
	c.Home = f.To
}

func (c *Conversation) said(e Event, m MessageID) {
	c.LastAt, c.LastSeq, c.Last = e.OccurredAt, e.Seq, m
	c.Messages++
}

// Participant is somebody in a conversation.
type Participant struct {
	Conversation ConversationID
	Address      Address
	Class        Class // where the next message would put them
	Contact      ContactID
	// Confirmed is false for somebody who only turned up in inbound mail: shown,
	// highlighted, and never written to until an agent keeps them (E5, L6).
	Confirmed bool
	AddedAt   time.Time
}
