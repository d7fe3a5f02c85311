package desk

import "time"

// Account is one door to the outside: a mailbox or a workspace.
type Account struct {
	ID        AccountID
	Channel   Channel
	Name      string // as people see it: "Support"
	Address   string // the mail address, or the workspace's name
	Settings  string // JSON that only the connector reads; holds no secret
	Secret    []byte // sealed by the vault
	Cursor    string // opaque to everybody but the connector
	CreatedAt time.Time
	StoppedAt time.Time // zero while it runs
	Version   int64
}

// Health is how an account is doing, as its receiver last said.
type Health struct {
	State    HealthState
	Since    time.Time
	CheckAt  time.Time // the last successful look for news
	NextAt   time.Time // the next try, where one is waited for
	Mode     string    // "idle" or "poll"
	LastErr  string    // the server's own words, capped, no secret
	Hint     string
	Receives int64
}

// HealthState is a traffic light.
type HealthState string

// The lights.
const (
	Starting     HealthState = "starting"
	Connected    HealthState = "connected"
	Reconnecting HealthState = "reconnecting"
	NeedsCare    HealthState = "needs_attention" // waits for a person: a wrong password
	Stopped      HealthState = "stopped"
)

// Receipt is what a connector says after one attempt to send: an outcome for
// each recipient, and the far side's own id.
type Receipt struct {
	Outcomes []Outcome
	Server   string // what the server said on accepting, capped
}

// Outcome is one recipient's result of one attempt.
type Outcome struct {
	Address  string   // as given
	State    Progress // Sent, Failed, Unsure, or Queued to try again later
	Code     int
	Enhanced string
	Text     string
	RetryIn  time.Duration // a wish of the far side; zero if none
}

// Check is one line of an account's self-test.
type Check struct {
	Name string `json:"name"` // connect, tls, login, folders, idle, smtp, send, receive, plus
	OK   bool   `json:"ok"`
	Text string `json:"text"` // the server's own words or what was found
	Hint string `json:"hint,omitempty"`
}

// Quarantined is inbound mail that waits for a person's decision.
type Quarantined struct {
	ID        QuarantineID
	Account   AccountID
	Message   MessageID
	Reason    string // a code
	Reasons   []string
	Suggest   ConversationID // where it may belong
	Ticket    TicketID       // of the suggestion
	CreatedAt time.Time
	SettledAt time.Time
	SettledBy AgentID
	Outcome   string // accepted, ticket, discarded
}
