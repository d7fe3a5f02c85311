// Package wire is the JSON that the outside sees, apart from desk so that
// renaming a Go field never breaks anybody's program. Plain structs with the
// tags that the API document is written from; no rule of the product.
//
// Ids are opaque text, times RFC 3339 in UTC, ticket numbers integers. A list
// that holds nothing is [], never null.
package wire

import "time"

// Person is somebody's name and address.
type Person struct {
	Name  string `json:"name,omitempty" maxLength:"200" doc:"as they call themselves" example:"Mia Carrier"`
	Email string `json:"email" maxLength:"254" doc:"mail address" example:"mia@carrier.example"`
}

// Contact is a person outside the desk.
type Contact struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Partner bool   `json:"partner" doc:"known only from side conversations"`
}

// AgentRef names an agent wherever one is mentioned.
type AgentRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// TicketRow is a ticket as lists show it.
type TicketRow struct {
	ID          string    `json:"id"`
	Number      int64     `json:"number" doc:"what people quote"`
	Subject     string    `json:"subject"`
	Status      string    `json:"status" enum:"new,open,pending,on-hold,solved,closed"`
	Priority    string    `json:"priority" enum:"low,normal,high,urgent"`
	Requester   Contact   `json:"requester"`
	Assignee    *AgentRef `json:"assignee,omitempty"`
	Tags        []string  `json:"tags" nullable:"false"`
	Preview     string    `json:"preview" doc:"of the customer thread's last message, one line"`
	Unread      bool      `json:"unread" doc:"the customer thread has news for you"`
	SidesOpen   int       `json:"sides_open" doc:"open side conversations"`
	SidesOurs   int       `json:"sides_ours" doc:"of them, those where it is our turn"`
	SidesUnread int       `json:"sides_unread" doc:"side conversations with news for you"`
	Attention   bool      `json:"attention" doc:"something waits that the status does not show"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	Version     int64     `json:"version"`
}

// TicketPage is a page of a list of tickets.
type TicketPage struct {
	Tickets []TicketRow `json:"tickets" nullable:"false"`
	Next    string      `json:"next,omitempty" doc:"pass as after for the next page; absent on the last"`
	Seq     int64       `json:"seq" doc:"the log was read at this event"`
}

// Ticket is one ticket with its conversations, the customer thread first.
type Ticket struct {
	TicketRow
	Mailbox       string         `json:"mailbox" doc:"id of the mailbox that answers leave from"`
	MailboxName   string         `json:"mailbox_name"`
	MailboxEmail  string         `json:"mailbox_email"`
	Follows       *TicketLink    `json:"follows,omitempty" doc:"the closed ticket that this one follows up"`
	FollowedBy    []TicketLink   `json:"followed_by" nullable:"false"`
	SolvedAt      *time.Time     `json:"solved_at,omitempty"`
	ClosedAt      *time.Time     `json:"closed_at,omitempty"`
	Conversations []Conversation `json:"conversations" nullable:"false"`
	Seq           int64          `json:"seq"`
}

// TicketLink names another ticket.
type TicketLink struct {
	Number  int64  `json:"number"`
	Subject string `json:"subject"`
	Status  string `json:"status"`
}

// Conversation is a ticket's customer thread or one of its side conversations.
type Conversation struct {
	ID           string        `json:"id"`
	Ticket       int64         `json:"ticket" doc:"number of the ticket it is at home in"`
	Subject      string        `json:"subject"`
	Kind         string        `json:"kind" enum:"customer,side"`
	Channel      string        `json:"channel" doc:"an open word: mail, slack, and others to come"`
	State        string        `json:"state" enum:"open,done"`
	Turn         string        `json:"turn" enum:"ours,theirs,nobody" doc:"who should speak next, by the last human message"`
	Unread       bool          `json:"unread" doc:"has news for you"`
	ReadTo       int64         `json:"read_to" doc:"seq up to which you have read"`
	LastSeq      int64         `json:"last_seq"`
	Moved        bool          `json:"moved" doc:"it lives on another ticket now and is linked here"`
	Starter      *AgentRef     `json:"starter,omitempty"`
	Participants []Participant `json:"participants" nullable:"false"`
	Preview      string        `json:"preview"`
	LastAuthor   string        `json:"last_author"`
	LastWay      string        `json:"last_way" enum:"in,out,note," doc:"which way the last message went"`
	LastAt       time.Time     `json:"last_at"`
	Messages     int           `json:"messages"`
	CreatedAt    time.Time     `json:"created_at"`
	DoneAt       *time.Time    `json:"done_at,omitempty"`
	Version      int64         `json:"version"`
	TicketTitle  string        `json:"ticket_subject" doc:"subject of its home ticket"`
}

// Participant is somebody in a conversation.
type Participant struct {
	Name      string `json:"name,omitempty"`
	Email     string `json:"email"`
	Class     string `json:"class" enum:"to,cc,bcc" doc:"the line the next message would put them on"`
	Confirmed bool   `json:"confirmed" doc:"false for somebody who only turned up; never written to until kept"`
	Customer  bool   `json:"customer" doc:"is the ticket's requester"`
}

// ConversationPage is a page of side conversations of the whole desk.
type ConversationPage struct {
	Conversations []Conversation `json:"conversations" nullable:"false"`
	Next          string         `json:"next,omitempty"`
	Seq           int64          `json:"seq"`
}

// Message is one thing said in a conversation.
type Message struct {
	ID           string       `json:"id"`
	Conversation string       `json:"conversation"`
	Direction    string       `json:"direction" enum:"in,out,note"`
	Seq          int64        `json:"seq"`
	OccurredAt   time.Time    `json:"occurred_at"`
	Author       Person       `json:"author"`
	Agent        *AgentRef    `json:"agent,omitempty" doc:"where an agent of the desk wrote it"`
	Subject      string       `json:"subject"`
	Preview      string       `json:"preview"`
	HTML         string       `json:"html" doc:"the new words, sanitised; show foreign mail through /api/messages/{id}/body instead"`
	Text         string       `json:"text"`
	HasQuoted    bool         `json:"has_quoted" doc:"quoted history is folded behind ?quoted=true of the body"`
	Grade        string       `json:"grade" enum:"verified,known,other,suspect,machine,"`
	Automatic    bool         `json:"automatic" doc:"written by a machine"`
	Flags        []string     `json:"flags" nullable:"false" doc:"what to notice, as codes"`
	Reasons      []string     `json:"reasons" nullable:"false" doc:"why it is here, as codes"`
	Problems     []string     `json:"problems" nullable:"false" doc:"what could not be read, as codes"`
	To           []Person     `json:"to" nullable:"false"`
	Cc           []Person     `json:"cc" nullable:"false"`
	Bcc          []Person     `json:"bcc" nullable:"false" doc:"only for the sender and admins"`
	Attachments  []Attachment `json:"attachments" nullable:"false"`
	Delivery     *Delivery    `json:"delivery,omitempty"`
	Original     bool         `json:"original" doc:"the raw message can be had"`
}

// MessagePage is a page of a conversation, oldest first.
type MessagePage struct {
	Messages []Message `json:"messages" nullable:"false"`
	Before   int64     `json:"before,omitempty" doc:"pass as before for older messages; absent at the beginning"`
	After    int64     `json:"after,omitempty" doc:"pass as after for newer messages; absent at the end"`
	Seq      int64     `json:"seq"`
}

// Attachment is a file of a message, or one uploaded for one.
type Attachment struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size" doc:"bytes"`
	Inline bool   `json:"inline" doc:"a picture inside the text"`
}

// Delivery is an outbound message on its way.
type Delivery struct {
	ID         string              `json:"id"`
	State      string              `json:"state" enum:"queued,sending,sent,delivered,delayed,failed,unsure,recalled"`
	DueAt      time.Time           `json:"due_at" doc:"until then it can be recalled"`
	Recipients []DeliveryRecipient `json:"recipients" nullable:"false"`
}

// DeliveryRecipient is what became of a message for one recipient.
type DeliveryRecipient struct {
	Person
	Class string `json:"class" enum:"to,cc,bcc"`
	State string `json:"state" enum:"queued,sending,sent,delivered,delayed,failed,unsure,recalled"`
	Text  string `json:"text,omitempty" doc:"the server's own words"`
}
