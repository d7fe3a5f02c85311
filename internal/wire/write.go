package wire

import "time"

// NewTicket asks for a ticket by hand.
type NewTicket struct {
	ID          string   `json:"id" minLength:"8" maxLength:"64" pattern:"^[0-9a-z-]+$" doc:"made by the client; the same id makes one ticket"`
	Requester   Person   `json:"requester"`
	Subject     string   `json:"subject" minLength:"1" maxLength:"300"`
	HTML        string   `json:"html,omitempty" maxLength:"1000000"`
	Mailbox     string   `json:"mailbox,omitempty" doc:"id; the first mailbox if absent"`
	Send        bool     `json:"send,omitempty" doc:"mail the requester; otherwise the text is an internal note"`
	Attachments []string `json:"attachments,omitempty" maxItems:"50" nullable:"false"`
}

// TicketPatch changes a ticket; what is absent stays.
type TicketPatch struct {
	Version  int64     `json:"version" doc:"as last read; a stale one answers 409"`
	Status   *string   `json:"status,omitempty" enum:"open,pending,on-hold,solved,closed"`
	Priority *string   `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	Assignee *string   `json:"assignee,omitempty" doc:"agent id; empty for nobody"`
	Subject  *string   `json:"subject,omitempty" minLength:"1" maxLength:"300"`
	Tags     *[]string `json:"tags,omitempty" maxItems:"50" nullable:"false"`
	Attended *bool     `json:"attended,omitempty" doc:"true takes the ticket out of needs attention"`
}

// NewSideConversation starts a side conversation with its first message.
type NewSideConversation struct {
	ID             string   `json:"id" minLength:"8" maxLength:"64" pattern:"^[0-9a-z-]+$"`
	Message        string   `json:"message,omitempty" maxLength:"64" pattern:"^[0-9a-z-]*$" doc:"id of its first message; made from id if absent"`
	Channel        string   `json:"channel" enum:"mail,slack"`
	To             []Person `json:"to,omitempty" maxItems:"500" nullable:"false"`
	Cc             []Person `json:"cc,omitempty" maxItems:"500" nullable:"false"`
	Bcc            []Person `json:"bcc,omitempty" maxItems:"500" nullable:"false"`
	Subject        string   `json:"subject,omitempty" maxLength:"300" doc:"mandatory for mail"`
	HTML           string   `json:"html" maxLength:"1000000"`
	Attachments    []string `json:"attachments,omitempty" maxItems:"50" nullable:"false" doc:"ids of uploads or of files on the ticket"`
	Comments       []string `json:"comments,omitempty" maxItems:"200" nullable:"false" doc:"ids of messages to quote"`
	NotesConfirmed bool     `json:"notes_confirmed,omitempty" doc:"internal notes among the comments, and files of notes, may leave"`
}

// ConversationPatch marks a side conversation as done or reopens it.
type ConversationPatch struct {
	State string `json:"state" enum:"open,done"`
}

// NewMessage writes into a conversation.
type NewMessage struct {
	ID             string   `json:"id" minLength:"8" maxLength:"64" pattern:"^[0-9a-z-]+$"`
	Kind           string   `json:"kind" enum:"message,note"`
	To             []Person `json:"to,omitempty" maxItems:"500" nullable:"false" doc:"absent: the confirmed participants"`
	Cc             []Person `json:"cc,omitempty" maxItems:"500" nullable:"false"`
	Bcc            []Person `json:"bcc,omitempty" maxItems:"500" nullable:"false"`
	HTML           string   `json:"html" maxLength:"1000000"`
	Attachments    []string `json:"attachments,omitempty" maxItems:"50" nullable:"false"`
	Comments       []string `json:"comments,omitempty" maxItems:"200" nullable:"false"`
	NotesConfirmed bool     `json:"notes_confirmed,omitempty" doc:"internal notes among the comments, and files of notes, may leave"`
	SeenUpTo       int64    `json:"seen_up_to,omitempty" doc:"the newest seq the writer had read; something newer from people answers 409 newer_message"`
	Anyway         bool     `json:"anyway,omitempty" doc:"send although something newer came"`
	Status         *string  `json:"status,omitempty" enum:"open,pending,on-hold,solved" doc:"set the ticket's status with it"`
}

// ReadMark moves the caller's read mark.
type ReadMark struct {
	UpTo int64 `json:"up_to" minimum:"0" doc:"seq; never moves back"`
}

// ParticipantPatch keeps or removes somebody who turned up.
type ParticipantPatch struct {
	Email string `json:"email" maxLength:"254"`
	Keep  bool   `json:"keep" doc:"true confirms; false removes"`
}

// NewUpload announces a file; its bytes follow by PUT in slices.
type NewUpload struct {
	ID   string `json:"id" minLength:"8" maxLength:"64" pattern:"^[0-9a-z-]+$"`
	Name string `json:"name" minLength:"1" maxLength:"255"`
	Type string `json:"type" maxLength:"127"`
	Size int64  `json:"size" minimum:"0" maximum:"1073741824"`
}

// Upload is how far a file has come.
type Upload struct {
	Attachment
	Offset   int64 `json:"offset" doc:"bytes held; go on from here"`
	Complete bool  `json:"complete"`
}

// Draft is what an agent has typed and not sent, in one composer.
type Draft struct {
	Composer  string         `json:"composer" doc:"conversation:ID, side:TICKET_NUMBER, note:ID"`
	Body      map[string]any `json:"body" nullable:"false" doc:"the composer's own form"`
	UpdatedAt time.Time      `json:"updated_at"`
}

// DraftBody saves a draft.
type DraftBody struct {
	Body map[string]any `json:"body" nullable:"false"`
}

// DraftList is all drafts of the caller.
type DraftList struct {
	Drafts []Draft `json:"drafts" nullable:"false"`
}
