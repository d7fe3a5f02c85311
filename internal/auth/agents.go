package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// NewAgent is a login to add.
type NewAgent struct {
	ID       desk.AgentID // made here if empty
	Email    string
	Name     string
	Role     desk.Role
	Password string // empty: the agent cannot log in until an admin sets one
}

// minPassword is the shortest password, in bytes.
const minPassword = 10

// AddAgent adds a login. The same id twice adds one.
func (a *Auth) AddAgent(ctx context.Context, by desk.Actor, n NewAgent) (desk.Agent, error) {
	if !by.May(desk.AdminRight) {
		return desk.Agent{}, desk.Denied(desk.AdminRight)
	}
	address, err := desk.ParseAddress(n.Email)
	if err != nil {
		return desk.Agent{}, err
	}
	who := desk.Agent{ID: n.ID, Email: address.Email, Name: desk.OneLine(cmp.Or(n.Name, address.Email), 120), Role: n.Role}
	if who.ID == "" {
		who.ID = desk.AgentID(desk.NewID())
	}
	if who.Role != desk.RoleAdmin && who.Role != desk.RoleAgent {
		return desk.Agent{}, desk.Refuse("role", "role_unknown", "there is no such role", "Choose admin or agent.")
	}
	hash, err := a.newPassword(ctx, n.Password)
	if err != nil {
		return desk.Agent{}, err
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		known, err := tx.AgentByEmail(ctx, who.Email)
		switch {
		case err == nil && known.ID == n.ID:
			who = known
			return nil
		case err == nil:
			return &desk.Error{Fault: desk.Conflict, Code: "agent_exists", Field: "email", Msg: "an agent has this address already",
				Hint: "Change that agent, or choose another address."}
		case desk.FaultOf(err) != desk.NotFound:
			return err
		}
		if who, err = saved(ctx, tx, who); err != nil || hash == "" {
			return err
		}
		return tx.SetPassword(ctx, who.ID, hash)
	})
	return who, err
}

func saved(ctx context.Context, tx *store.Tx, a desk.Agent) (desk.Agent, error) {
	if err := tx.SaveAgent(ctx, a); err != nil {
		return a, err
	}
	return tx.Agent(ctx, a.ID)
}

func (a *Auth) newPassword(ctx context.Context, password string) (string, error) {
	switch {
	case password == "":
		return "", nil
	case len(password) < minPassword:
		return "", desk.Refuse("password", "password_short", fmt.Sprintf("the password has fewer than %d characters", minPassword),
			"Choose a longer one.")
	}
	return a.hash(ctx, password)
}

// AgentChange changes an agent; what is nil stays.
type AgentChange struct {
	Name      *string
	Role      *desk.Role
	Signature *string // HTML, already cleaned
	Disabled  *bool
	Password  *string
}

// ChangeAgent changes an agent. Agents may change their own name, signature
// and password; everything else is for admins. The last admin stays one.
func (a *Auth) ChangeAgent(ctx context.Context, by desk.Actor, id desk.AgentID, c AgentChange) (who desk.Agent, err error) {
	own := by.Kind == desk.ByAgent && by.Agent == id && c.Role == nil && c.Disabled == nil
	if !own && !by.May(desk.AdminRight) {
		return who, desk.Denied(desk.AdminRight)
	}
	var hash string
	if c.Password != nil {
		if hash, err = a.newPassword(ctx, *c.Password); err != nil {
			return who, err
		}
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if who, err = tx.Agent(ctx, id); err != nil {
			return err
		}
		if err := keepAdmin(ctx, tx, who, c); err != nil {
			return err
		}
		if who, err = saved(ctx, tx, c.applied(who, tx.Now())); err != nil || hash == "" {
			return err
		}
		return tx.SetPassword(ctx, id, hash)
	})
	return who, err
}

func (c AgentChange) applied(a desk.Agent, now time.Time) desk.Agent {
	if c.Name != nil {
		a.Name = cmp.Or(desk.OneLine(*c.Name, 120), a.Name)
	}
	if c.Role != nil {
		a.Role = *c.Role
	}
	if c.Signature != nil {
		a.Signature = *c.Signature
	}
	switch {
	case c.Disabled == nil:
	case !*c.Disabled:
		a.DisabledAt = time.Time{}
	case a.DisabledAt.IsZero():
		a.DisabledAt = now
	}
	return a
}

// keepAdmin refuses a change that would leave the desk without an admin.
func keepAdmin(ctx context.Context, tx *store.Tx, was desk.Agent, c AgentChange) error {
	after := c.applied(was, tx.Now())
	if was.Role != desk.RoleAdmin || !was.DisabledAt.IsZero() || after.Role == desk.RoleAdmin && after.DisabledAt.IsZero() {
		return nil
	}
	list, err := tx.Agents(ctx)
	if err != nil {
		return err
	}
	for _, other := range list {
		if other.ID != was.ID && other.Role == desk.RoleAdmin && other.DisabledAt.IsZero() {
			return nil
		}
	}
	return &desk.Error{Fault: desk.Conflict, Code: "last_admin", Msg: "this is the desk's last admin",
		Hint: "Make somebody else an admin first."}
}

// tokenPrefix makes a token recognisable to whoever finds one lying around.
const tokenPrefix = "apt_"

// NewToken makes a token for the actor. Its text is returned this once; the
// desk keeps a hash.
func (a *Auth) NewToken(ctx context.Context, by desk.Actor, name string) (t desk.APIToken, text string, err error) {
	if by.Agent == "" {
		return t, "", desk.Denied(desk.TicketWrite)
	}
	t = desk.APIToken{ID: desk.APITokenID(desk.NewID()), Agent: by.Agent, Name: desk.OneLine(name, 80)}
	text = tokenPrefix + desk.RandomText(40)
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddAPIToken(ctx, t, tokenHash(text)); err != nil {
			return err
		}
		t, err = tx.APIToken(ctx, t.ID)
		return err
	})
	return t, text, err
}

func tokenHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// RevokeToken ends a token, of the actor's own or, for an admin, of anybody.
func (a *Auth) RevokeToken(ctx context.Context, by desk.Actor, id desk.APITokenID) error {
	return a.store.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.APIToken(ctx, id)
		if err != nil {
			return err
		}
		if t.Agent != by.Agent && !by.May(desk.AdminRight) {
			return desk.Missing("token")
		}
		return tx.RevokeAPIToken(ctx, id)
	})
}

// usedEvery is how exactly a token's last use is known.
const usedEvery = time.Minute

func (a *Auth) byToken(ctx context.Context, text string) (desk.Actor, error) {
	var who desk.Agent
	var t desk.APIToken
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		who, t, err = tx.AgentByToken(ctx, tokenHash(text))
		return err
	})
	if desk.FaultOf(err) == desk.NotFound {
		return desk.Actor{}, errNobody
	}
	if err == nil && a.store.Now().Sub(t.UsedAt) > usedEvery {
		err = a.store.Update(ctx, func(tx *store.Tx) error { return tx.TouchAPIToken(ctx, t.ID) })
	}
	return who.As(), err
}
