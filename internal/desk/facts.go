package desk

import "encoding/json"

// The facts, one type a kind. Fields are small: ids, states and numbers.
type (
	// MessageReceived: somebody outside said something.
	MessageReceived struct {
		Message   MessageID `json:"message"`
		Contact   ContactID `json:"contact,omitempty"`
		Human     bool      `json:"human"`               // false for automatic replies and reports
		Grade     Grade     `json:"grade,omitempty"`     // how sure we are of the sender
		Reasons   []string  `json:"reasons,omitempty"`   // why it is here, as codes
		Flags     []string  `json:"flags,omitempty"`     // what an agent should notice, as codes
		Attention bool      `json:"attention,omitempty"` // puts the ticket into "needs attention"
	}
	// MessageWritten: an agent wrote to people outside.
	MessageWritten struct {
		Message  MessageID  `json:"message"`
		Delivery DeliveryID `json:"delivery"`
		Attends  bool       `json:"attends,omitempty"` // takes the ticket out of "needs attention"
	}
	// MessageMoved: a message was put into another conversation.
	MessageMoved struct {
		Message MessageID      `json:"message"`
		From    ConversationID `json:"from"`
		To      ConversationID `json:"to"`
		Reason  string         `json:"reason"`
	}
	// NoteAdded: an agent wrote an internal note. It has no way to the outbox.
	NoteAdded struct {
		Message MessageID `json:"message"`
	}
	// DeliverySent: the far server took a message for everybody addressed.
	DeliverySent struct {
		Message  MessageID  `json:"message"`
		Delivery DeliveryID `json:"delivery"`
	}
	// DeliveryFailed: at least one recipient will not get it.
	DeliveryFailed struct {
		Message    MessageID  `json:"message"`
		Delivery   DeliveryID `json:"delivery"`
		Recipients []string   `json:"recipients"`
		Reason     string     `json:"reason"` // the server's words, capped
	}
	// DeliveryUnsure: the line was cut before the far side confirmed.
	DeliveryUnsure struct {
		Message  MessageID  `json:"message"`
		Delivery DeliveryID `json:"delivery"`
	}
	// DeliveryRecalled: an agent took it back in time.
	DeliveryRecalled struct {
		Message  MessageID  `json:"message"`
		Delivery DeliveryID `json:"delivery"`
		Turn     Turn       `json:"turn"` // whose turn it was before, and is again
	}
	// DeliveryReported: a bounce or a delay notice came for one recipient.
	DeliveryReported struct {
		Message   MessageID  `json:"message"`
		Delivery  DeliveryID `json:"delivery"`
		Recipient string     `json:"recipient"`
		State     Progress   `json:"state"`
		Reason    string     `json:"reason"`
	}
	// TicketOpened: a ticket began.
	TicketOpened struct {
		Number    int64     `json:"number"`
		Subject   string    `json:"subject"`
		Requester ContactID `json:"requester"`
		Mailbox   AccountID `json:"mailbox"`
		Status    Status    `json:"status"`
		Priority  Priority  `json:"priority"`
		Group     GroupID   `json:"group,omitempty"`
		Assignee  AgentID   `json:"assignee,omitempty"`
		Tags      []string  `json:"tags,omitempty"`
		Follows   TicketID  `json:"follows,omitempty"`
	}
	// TicketStatus: its status changed.
	TicketStatus struct {
		From   Status `json:"from"`
		To     Status `json:"to"`
		Reason string `json:"reason,omitempty"` // "customer_replied" and the like; empty when an agent chose
	}
	// TicketAssigned: somebody else has it now, or nobody.
	TicketAssigned struct {
		Assignee AgentID `json:"assignee"`
		Group    GroupID `json:"group"`
	}
	// TicketPriority: its priority changed.
	TicketPriority struct {
		From Priority `json:"from"`
		To   Priority `json:"to"`
	}
	// TicketTagged: its tags are these now.
	TicketTagged struct {
		Tags []string `json:"tags"`
	}
	// TicketSubject: an agent gave it another subject.
	TicketSubject struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	// TicketFollowed: a follow-up was opened for this closed ticket.
	TicketFollowed struct {
		By     TicketID `json:"by"`
		Number int64    `json:"number"`
	}
	// TicketAttended: an agent has looked at what waited.
	TicketAttended struct{}
	// ConversationStarted: a ticket's customer thread began.
	ConversationStarted struct{ Start }
	// SideOpened: an agent began a side conversation.
	SideOpened struct{ Start }
	// SideDone: a side conversation was marked as done.
	SideDone struct{}
	// SideReopened: it goes on.
	SideReopened struct {
		Reason string `json:"reason,omitempty"` // empty when an agent chose
	}
	// SideJoined: an agent kept somebody who had turned up by himself.
	SideJoined struct {
		Address string `json:"address"`
	}
	// SideMoved: it has another home now (S8, S19). Told twice, first on the
	// ticket it leaves and then on the one it comes to.
	SideMoved struct {
		From TicketID `json:"from"`
		To   TicketID `json:"to"`
	}
	// EventRedacted: what another event told was erased by law.
	EventRedacted struct {
		Event EventID `json:"event"`
	}
	// Unknown stands for a kind of a newer version.
	Unknown struct {
		Of   Kind
		Body json.RawMessage
	}
)

// Start is what a conversation begins with.
type Start struct {
	Side      Side      `json:"side"`
	Channel   Channel   `json:"channel"`
	Account   AccountID `json:"account"`
	Subject   string    `json:"subject"`
	Starter   AgentID   `json:"starter,omitempty"`
	Token     string    `json:"token"`      // a secret: never leaves the desk but in a reply address
	ThreadKey string    `json:"thread_key"` // likewise
}

func (MessageReceived) Kind() Kind     { return KindMessageReceived }
func (MessageWritten) Kind() Kind      { return KindMessageWritten }
func (MessageMoved) Kind() Kind        { return KindMessageMoved }
func (NoteAdded) Kind() Kind           { return KindNoteAdded }
func (DeliverySent) Kind() Kind        { return KindDeliverySent }
func (DeliveryFailed) Kind() Kind      { return KindDeliveryFailed }
func (DeliveryUnsure) Kind() Kind      { return KindDeliveryUnsure }
func (DeliveryRecalled) Kind() Kind    { return KindDeliveryRecalled }
func (DeliveryReported) Kind() Kind    { return KindDeliveryReported }
func (TicketOpened) Kind() Kind        { return KindTicketOpened }
func (TicketStatus) Kind() Kind        { return KindTicketStatus }
func (TicketAssigned) Kind() Kind      { return KindTicketAssigned }
func (TicketPriority) Kind() Kind      { return KindTicketPriority }
func (TicketTagged) Kind() Kind        { return KindTicketTagged }
func (TicketSubject) Kind() Kind       { return KindTicketSubject }
func (TicketFollowed) Kind() Kind      { return KindTicketFollowed }
func (TicketAttended) Kind() Kind      { return KindTicketAttended }
func (ConversationStarted) Kind() Kind { return KindConversationStarted }
func (SideOpened) Kind() Kind          { return KindSideOpened }
func (SideDone) Kind() Kind            { return KindSideDone }
func (SideReopened) Kind() Kind        { return KindSideReopened }
func (SideJoined) Kind() Kind          { return KindSideJoined }
func (SideMoved) Kind() Kind           { return KindSideMoved }
func (EventRedacted) Kind() Kind       { return KindEventRedacted }

// Kind tells the unknown kind's own name.
func (u Unknown) Kind() Kind { return u.Of }
