package desk

import (
	"slices"
	"time"
)

// Status is where a ticket stands.
type Status string

// The states of a ticket, in the order of its life.
const (
	New     Status = "new"     // nobody has answered yet
	Open    Status = "open"    // it is our turn
	Pending Status = "pending" // we wait for the customer
	OnHold  Status = "on-hold" // we wait for somebody else
	Solved  Status = "solved"  // answered; a customer's reply opens it again
	Closed  Status = "closed"  // for good; what still arrives opens a follow-up
)

// Statuses lists every status.
func Statuses() []Status { return []Status{New, Open, Pending, OnHold, Solved, Closed} }

// Valid tells whether s is one of the six.
func (s Status) Valid() bool { return slices.Contains(Statuses(), s) }

// May tells whether an agent may move a ticket from s to next. A closed
// ticket stays closed, and nothing becomes new again.
func (s Status) May(next Status) bool {
	return next.Valid() && s != Closed && next != New && s != next
}

// Unsolved tells whether somebody still has work with it.
func (s Status) Unsolved() bool { return s != Solved && s != Closed }

// Priority is how urgent a ticket is.
type Priority string

// The priorities.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Valid tells whether p is one of the four.
func (p Priority) Valid() bool { return p == Low || p == Normal || p == High || p == Urgent }

// Ticket is one customer's request: a row folded from its events.
type Ticket struct {
	ID        TicketID
	Number    int64 // what people quote; from 1, without gaps
	Subject   string
	Requester ContactID
	Mailbox   AccountID // answers leave from here
	Status    Status
	Priority  Priority
	Group     GroupID
	Assignee  AgentID // empty while nobody has it
	Tags      []string
	Follows   TicketID // the closed ticket that this one follows up

	CreatedAt time.Time
	UpdatedAt time.Time // the last thing that happened
	SolvedAt  time.Time // zero unless solved or closed
	ClosedAt  time.Time // zero unless closed

	Sides       int       // side conversations at home here
	SidesOpen   int       // of them, open ones
	SidesOurs   int       // of them, those where it is our turn
	AttentionAt time.Time // since when something waits that no status shows; zero if nothing
	LastSeq     Seq       // the last event of the ticket or of its conversations
	Version     int64     // grows with every change
}

// NeedsAttention tells whether something waits here that the status does not
// show: an answer on a solved ticket, an answer to a done side conversation,
// a delivery that failed.
func (t Ticket) NeedsAttention() bool { return !t.AttentionAt.IsZero() }

// Apply folds one event into the ticket. Replaying a ticket's events from the
// first gives the stored row.
func (t *Ticket) Apply(e Event) {
	t.UpdatedAt = e.At
	t.LastSeq = e.Seq
	t.Version++
	switch f := e.Facts.(type) {
	case TicketOpened:
		t.open(e, f)
	case TicketStatus:
		t.setStatus(f.To, e.At)
	case TicketAssigned:
		t.Assignee, t.Group = f.Assignee, f.Group
	case TicketPriority:
		t.Priority = f.To
	case TicketTagged:
		t.Tags = slices.Clone(f.Tags)
	case TicketSubject:
		t.Subject = f.To
	case TicketAttended:
		t.AttentionAt = time.Time{}
	case MessageReceived:
		if f.Attention {
			t.attend(e.At)
		}
	case MessageWritten:
		if f.Attends {
			t.AttentionAt = time.Time{}
		}
	case DeliveryFailed, DeliveryUnsure:
		t.attend(e.At)
	}
}

func (t *Ticket) open(e Event, f TicketOpened) {
	t.ID, t.Number, t.Subject = e.Ticket, f.Number, f.Subject
	t.Requester, t.Mailbox = f.Requester, f.Mailbox
	t.Status, t.Priority = f.Status, f.Priority
	t.Group, t.Assignee = f.Group, f.Assignee
	t.Tags = slices.Clone(f.Tags)
	t.Follows = f.Follows
	t.CreatedAt = e.At
}

func (t *Ticket) setStatus(to Status, at time.Time) {
	t.Status = to
	switch {
	case to == Solved:
		t.SolvedAt, t.AttentionAt = at, time.Time{}
	case to == Closed:
		t.ClosedAt = at
		if t.SolvedAt.IsZero() {
			t.SolvedAt = at
		}
	default:
		t.SolvedAt = time.Time{}
	}
}

func (t *Ticket) attend(at time.Time) {
	if t.AttentionAt.IsZero() {
		t.AttentionAt = at
	}
}

// Count keeps the list's columns about side conversations: how many live
// here, how many are open, and in how many open ones it is our turn. It takes
// the conversation as it was before an event and as it is after it.
func (t *Ticket) Count(before, after Conversation) {
	t.count(before, -1)
	t.count(after, +1)
}

func (t *Ticket) count(c Conversation, sign int) {
	if c.Side != PartnerSide || c.Home != t.ID {
		return
	}
	t.Sides += sign
	if c.State != StateOpen {
		return
	}
	t.SidesOpen += sign
	if c.Turn == Ours {
		t.SidesOurs += sign
	}
}
