package desk

import "time"

// Role is a named set of rights.
type Role string

// The roles every desk has.
const (
	RoleAdmin Role = "admin"
	RoleAgent Role = "agent"
)

// Right is one thing that a role may allow.
type Right string

// The rights (S18). Reading is for everybody with a login.
const (
	TicketWrite Right = "ticket.write" // answer customers, change tickets
	SideWrite   Right = "side.write"   // start and answer side conversations
	AdminRight  Right = "admin"        // settings, people, quarantine's discard
)

// Rights lists what a role allows.
func (r Role) Rights() []Right {
	if r == RoleAdmin {
		return []Right{TicketWrite, SideWrite, AdminRight}
	}
	return []Right{TicketWrite, SideWrite}
}

// Agent is a person with a login.
type Agent struct {
	ID         AgentID
	Email      string
	Name       string
	Role       Role
	Signature  string // HTML, put under what the agent writes
	CreatedAt  time.Time
	DisabledAt time.Time // zero while the agent may log in
	StartSeq   Seq       // a new agent has read everything up to here
	Version    int64
}

// APIToken lets a program act as an agent. The secret is shown once, when the
// token is made, and kept as a hash.
type APIToken struct {
	ID        APITokenID
	Agent     AgentID
	Name      string // what it is for, in its owner's words
	CreatedAt time.Time
	UsedAt    time.Time // zero while it was never used
	RevokedAt time.Time // zero while it is good
}

// Actor is who does something: an agent, or a part of the desk itself.
type Actor struct {
	Kind  ActorKind
	Agent AgentID // where Kind is ByAgent
	Name  string  // as shown; a machine's name is a stable word such as "intake"
	Role  Role
}

// ActorKind tells agents, people outside and machines apart.
type ActorKind string

// The kinds of actor.
const (
	ByAgent   ActorKind = "agent"
	ByContact ActorKind = "contact"
	ByMachine ActorKind = "machine"
)

// Machine is a part of the desk that acts by rule.
func Machine(name string) Actor { return Actor{Kind: ByMachine, Name: name} }

// As makes the actor that an agent is.
func (a Agent) As() Actor {
	return Actor{Kind: ByAgent, Agent: a.ID, Name: a.Name, Role: a.Role}
}

// May tells whether the actor has a right. Machines act by rules that an
// admin made, and have them all.
func (a Actor) May(r Right) bool {
	if a.Kind == ByMachine {
		return true
	}
	for _, have := range a.Role.Rights() {
		if have == r && a.Kind == ByAgent {
			return true
		}
	}
	return false
}

// Contact is a person outside the desk.
type Contact struct {
	ID        ContactID
	Name      string
	Email     string
	Partner   bool // known only from side conversations
	CreatedAt time.Time
	UpdatedAt time.Time
}
