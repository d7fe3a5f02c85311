package store

import (
	"context"
	"fmt"
	"strings"

	"aparte/internal/desk"
)

const agentColumns = `id, email, name, role, signature, created_at, disabled_at, start_seq, version`

func scanAgent(r scanner) (desk.Agent, error) {
	var a desk.Agent
	err := r.Scan(&a.ID, &a.Email, &a.Name, &a.Role, &a.Signature, stamp{&a.CreatedAt}, stamp{&a.DisabledAt}, &a.StartSeq, &a.Version)
	if missing(err) {
		err = desk.Missing("agent")
	}
	return a, err
}

// Agent finds an agent by id.
func (t *Tx) Agent(ctx context.Context, id desk.AgentID) (desk.Agent, error) {
	return scanAgent(t.row(ctx, `SELECT `+agentColumns+` FROM agent WHERE id = $1`, id))
}

// AgentByEmail finds an agent by address.
func (t *Tx) AgentByEmail(ctx context.Context, email string) (desk.Agent, error) {
	return scanAgent(t.row(ctx, `SELECT `+agentColumns+` FROM agent WHERE email_key = $1`,
		desk.Address{Email: email}.Key()))
}

// Agents lists everybody with a login, by name.
func (t *Tx) Agents(ctx context.Context) ([]desk.Agent, error) {
	return collect(ctx, t, scanAgent, `SELECT `+agentColumns+` FROM agent ORDER BY name, id`)
}

// SaveAgent adds an agent or changes one. A new agent has read all there is.
func (t *Tx) SaveAgent(ctx context.Context, a desk.Agent) error {
	seq, err := t.Seq(ctx)
	if err != nil {
		return err
	}
	err = t.exec(ctx, `INSERT INTO agent (id, email, email_key, name, role, signature, created_at, disabled_at, start_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET name = $4, role = $5, signature = $6, disabled_at = $8, version = agent.version + 1`,
		a.ID, a.Email, desk.Address{Email: a.Email}.Key(), a.Name, a.Role, a.Signature, ms(t.at), ms(a.DisabledAt), int64(seq))
	if err != nil {
		return fmt.Errorf("save agent: %w", err)
	}
	t.Hint("agents")
	return nil
}

// Password reads an agent's password hash; empty if none was set.
func (t *Tx) Password(ctx context.Context, id desk.AgentID) (string, error) {
	var hash string
	err := t.row(ctx, `SELECT password FROM agent WHERE id = $1`, id).Scan(&hash)
	if missing(err) {
		err = desk.Missing("agent")
	}
	return hash, err
}

// SetPassword keeps an agent's password hash.
func (t *Tx) SetPassword(ctx context.Context, id desk.AgentID, hash string) error {
	return t.changedOne(ctx, "set password", `UPDATE agent SET password = $2 WHERE id = $1`, id, hash)
}

const contactColumns = `id, name, email, partner, created_at, updated_at`

func scanContact(r scanner) (desk.Contact, error) {
	var c desk.Contact
	err := r.Scan(&c.ID, &c.Name, &c.Email, boolean{&c.Partner}, stamp{&c.CreatedAt}, stamp{&c.UpdatedAt})
	if missing(err) {
		err = desk.Missing("contact")
	}
	return c, err
}

// Contact finds a person outside the desk.
func (t *Tx) Contact(ctx context.Context, id desk.ContactID) (desk.Contact, error) {
	return scanContact(t.row(ctx, `SELECT `+contactColumns+` FROM contact WHERE id = $1`, id))
}

// ContactByEmail finds a person outside the desk by address.
func (t *Tx) ContactByEmail(ctx context.Context, email string) (desk.Contact, error) {
	return scanContact(t.row(ctx, `SELECT `+contactColumns+` FROM contact WHERE email_key = $1`,
		desk.Address{Email: email}.Key()))
}

// Meet finds the contact with an address, or makes one. Somebody first met as
// a partner stays one until they write in as a customer; a name is filled in
// where there was none.
func (t *Tx) Meet(ctx context.Context, a desk.Address, partner bool) (desk.Contact, error) {
	return scanContact(t.row(ctx, `INSERT INTO contact (id, name, email, email_key, partner, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (email_key) DO UPDATE SET
		  name = CASE WHEN contact.name = '' THEN $2 ELSE contact.name END,
		  partner = CASE WHEN $5 = 0 THEN 0 ELSE contact.partner END
		RETURNING `+contactColumns, desk.NewID(), a.Name, a.Email, a.Key(), flag(partner), ms(t.at)))
}

// Suggest lists contacts whose name or address begins with what was typed, at most limit.
func (t *Tx) Suggest(ctx context.Context, typed string, limit int) ([]desk.Contact, error) {
	key := strings.ToLower(strings.TrimSpace(typed))
	return collect(ctx, t, scanContact, `SELECT `+contactColumns+` FROM contact
		WHERE (email_key >= $1 AND email_key < $2) OR lower(name) LIKE $3 OR lower(name) LIKE $4
		ORDER BY updated_at DESC, id LIMIT $5`, key, key+"\U0010ffff", likePrefix(key), "% "+likePrefix(key), limit)
}

func likePrefix(s string) string {
	return strings.NewReplacer("%", "", "_", "", "\\", "").Replace(s) + "%"
}
