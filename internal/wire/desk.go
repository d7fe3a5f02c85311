package wire

import "time"

// Event is one line of the log, rendered for whoever asks.
type Event struct {
	Seq          int64          `json:"seq"`
	ID           string         `json:"id"`
	Kind         string         `json:"kind" doc:"a fact in the past tense; new kinds may come, show them as one plain line"`
	Ticket       int64          `json:"ticket,omitempty" doc:"number"`
	Conversation string         `json:"conversation,omitempty"`
	OccurredAt   time.Time      `json:"occurred_at"`
	At           time.Time      `json:"at"`
	By           EventActor     `json:"by"`
	Facts        map[string]any `json:"facts" nullable:"false" doc:"ids and small facts of this kind; never a secret"`
}

// EventActor is who did it.
type EventActor struct {
	Kind  string `json:"kind" enum:"agent,contact,machine"`
	Agent string `json:"agent,omitempty"`
	Name  string `json:"name"`
}

// Hint says that something that is no event changed: ask again for it.
type Hint struct {
	Topic   string `json:"topic" example:"counts"`
	Version int64  `json:"version"`
}

// News is the answer of the change feed.
type News struct {
	Events []Event `json:"events" nullable:"false"`
	Cursor int64   `json:"cursor" doc:"pass as after"`
	Hints  []Hint  `json:"hints" nullable:"false"`
	Hinted int64   `json:"hinted" doc:"pass as hinted"`
}

// Timeline is a page of a ticket's events, oldest first.
type Timeline struct {
	Events []Event `json:"events" nullable:"false"`
	Next   string  `json:"next,omitempty"`
	Seq    int64   `json:"seq"`
}

// ViewCount is how many tickets a view holds.
type ViewCount struct {
	View  string `json:"view"`
	Count int    `json:"count"`
}

// Views lists the built-in views with their counts.
type Views struct {
	Views      []ViewCount `json:"views" nullable:"false"`
	Quarantine int         `json:"quarantine" doc:"mail that waits for a decision"`
}

// Me is who the caller is and what they may do.
type Me struct {
	Agent   Agent    `json:"agent"`
	Rights  []string `json:"rights" nullable:"false"`
	Mode    string   `json:"mode" enum:"window,sandbox,serve"`
	Version string   `json:"version"`
	Stage   string   `json:"stage,omitempty" doc:"address of the sandbox's stage"`
}

// Agent is a person with a login.
type Agent struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	Role      string    `json:"role" enum:"admin,agent"`
	Signature string    `json:"signature" doc:"HTML"`
	Disabled  bool      `json:"disabled"`
	CreatedAt time.Time `json:"created_at"`
	Version   int64     `json:"version"`
}

// AgentList is everybody with a login.
type AgentList struct {
	Agents []Agent `json:"agents" nullable:"false"`
}

// NewAgent adds a login.
type NewAgent struct {
	ID       string `json:"id" minLength:"8" maxLength:"64" pattern:"^[0-9a-z-]+$"`
	Email    string `json:"email" maxLength:"254"`
	Name     string `json:"name" minLength:"1" maxLength:"120"`
	Role     string `json:"role" enum:"admin,agent"`
	Password string `json:"password" minLength:"10" maxLength:"200" doc:"never comes back"`
}

// AgentPatch changes an agent; what is absent stays.
type AgentPatch struct {
	Name      *string `json:"name,omitempty" minLength:"1" maxLength:"120"`
	Role      *string `json:"role,omitempty" enum:"admin,agent"`
	Signature *string `json:"signature,omitempty" maxLength:"20000"`
	Disabled  *bool   `json:"disabled,omitempty"`
	Password  *string `json:"password,omitempty" minLength:"10" maxLength:"200"`
}

// Login asks for a session.
type Login struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"200"`
}

// Token is a key for programs. Its text is shown once, when it is made.
type Token struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty"`
	Revoked   bool       `json:"revoked"`
	Text      string     `json:"text,omitempty" doc:"only in the answer that made it"`
}

// TokenList is the caller's tokens.
type TokenList struct {
	Tokens []Token `json:"tokens" nullable:"false"`
}

// NewToken asks for a token.
type NewToken struct {
	Name string `json:"name" minLength:"1" maxLength:"80"`
}

// Mailbox is an address the desk receives on and sends from, without its password.
type Mailbox struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
	MailboxServers
	Stopped   bool          `json:"stopped"`
	Health    MailboxHealth `json:"health"`
	CreatedAt time.Time     `json:"created_at"`
	Version   int64         `json:"version"`
}

// MailboxServers says where a mailbox's servers are.
type MailboxServers struct {
	IMAP    string `json:"imap" maxLength:"260" doc:"host:port" example:"imap.example.com:993"`
	IMAPTLS string `json:"imap_tls" enum:"implicit,starttls,none"`
	SMTP    string `json:"smtp" maxLength:"260" doc:"host:port" example:"smtp.example.com:465"`
	SMTPTLS string `json:"smtp_tls" enum:"implicit,starttls,none"`
	User    string `json:"user" maxLength:"254"`
	CA      string `json:"ca,omitempty" maxLength:"20000" doc:"PEM of a certificate to trust beside the system's"`
}

// MailboxHealth is how a mailbox is doing.
type MailboxHealth struct {
	State   string     `json:"state" enum:"starting,connected,reconnecting,needs_attention,stopped"`
	Since   *time.Time `json:"since,omitempty"`
	CheckAt *time.Time `json:"check_at,omitempty" doc:"the last successful look for mail"`
	NextAt  *time.Time `json:"next_at,omitempty"`
	Mode    string     `json:"mode,omitempty" doc:"idle or poll"`
	Error   string     `json:"error,omitempty" doc:"the server's own words"`
	Hint    string     `json:"hint,omitempty"`
}

// MailboxList is every mailbox.
type MailboxList struct {
	Mailboxes []Mailbox `json:"mailboxes" nullable:"false"`
}

// NewMailbox adds a mailbox, or says what to test.
type NewMailbox struct {
	ID      string `json:"id" minLength:"8" maxLength:"64" pattern:"^[0-9a-z-]+$"`
	Name    string `json:"name" minLength:"1" maxLength:"120"`
	Address string `json:"address" maxLength:"254"`
	MailboxServers
	Password string `json:"password" maxLength:"500" doc:"kept sealed; never comes back"`
}

// MailboxPatch changes a mailbox; what is absent stays.
type MailboxPatch struct {
	Name     *string         `json:"name,omitempty" minLength:"1" maxLength:"120"`
	Servers  *MailboxServers `json:"servers,omitempty"`
	Password *string         `json:"password,omitempty" maxLength:"500"`
	Stopped  *bool           `json:"stopped,omitempty"`
}

// Check is one line of a mailbox's test.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
}

// CheckList is a mailbox's test, line by line.
type CheckList struct {
	Checks []Check `json:"checks" nullable:"false"`
}

// Settings is what an admin decided for the whole desk.
type Settings struct {
	MailSides    bool `json:"mail_side_conversations" doc:"off: the API refuses new ones and answers to old ones"`
	ReopenDone   bool `json:"reopen_done" doc:"a human answer reopens a done side conversation"`
	ReopenSolved bool `json:"reopen_solved" doc:"a human answer in a side conversation reopens a solved ticket"`
	UndoSeconds  int  `json:"undo_seconds" minimum:"0" maximum:"120" doc:"how long an outbound message can be taken back"`
	MaxPeople    int  `json:"max_recipients" minimum:"1" maximum:"500"`
	MaxOutside   int  `json:"max_outside_recipients" minimum:"1" maximum:"500" doc:"of them, those who are not agents"`
}

// ContactList is contacts that match what was typed.
type ContactList struct {
	Contacts []Contact `json:"contacts" nullable:"false"`
}

// QuarantineEntry is inbound mail that waits for a person's decision.
type QuarantineEntry struct {
	ID        string    `json:"id"`
	Reason    string    `json:"reason" doc:"a code"`
	Reasons   []string  `json:"reasons" nullable:"false"`
	Message   Message   `json:"message"`
	Suggest   string    `json:"suggest,omitempty" doc:"conversation it may belong to"`
	Ticket    int64     `json:"ticket,omitempty" doc:"number of that conversation's ticket"`
	CreatedAt time.Time `json:"created_at"`
}

// QuarantinePage is a page of undecided mail, oldest first.
type QuarantinePage struct {
	Entries []QuarantineEntry `json:"entries" nullable:"false"`
	Next    string            `json:"next,omitempty"`
}

// QuarantineAccept says which conversation an entry belongs to.
type QuarantineAccept struct {
	Conversation string `json:"conversation" maxLength:"64"`
}

// Health is how the desk is doing. It holds no secret and no address.
type Health struct {
	Ready      bool            `json:"ready"`
	Version    string          `json:"version"`
	Schema     int64           `json:"schema"`
	Seq        int64           `json:"seq"`
	Connectors []ConnectorLine `json:"connectors" nullable:"false"`
	Outbox     OutboxHealth    `json:"outbox"`
	Quarantine int             `json:"quarantine"`
}

// ConnectorLine is one mailbox or workspace in the health report.
type ConnectorLine struct {
	ID      string `json:"id"`
	Channel string `json:"channel"`
	State   string `json:"state"`
}

// OutboxHealth is how much waits to leave.
type OutboxHealth struct {
	Waiting int        `json:"waiting"`
	Oldest  *time.Time `json:"oldest,omitempty"`
}
