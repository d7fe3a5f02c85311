package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"aparte/internal/desk"
)

const apiTokenColumns = `p.id, p.agent, p.name, p.created_at, p.used_at, p.revoked_at`

func apiTokenFields(p *desk.APIToken) []any {
	return []any{&p.ID, &p.Agent, &p.Name, stamp{&p.CreatedAt}, stamp{&p.UsedAt}, stamp{&p.RevokedAt}}
}

func scanAPIToken(r scanner) (desk.APIToken, error) {
	var p desk.APIToken
	err := r.Scan(apiTokenFields(&p)...)
	if missing(err) {
		err = desk.Missing("token")
	}
	return p, err
}

// AddAPIToken keeps a new token of an agent by its hash. The token itself is
// never stored.
func (t *Tx) AddAPIToken(ctx context.Context, p desk.APIToken, hash string) error {
	err := t.exec(ctx, `INSERT INTO api_token (id, agent, name, hash, created_at) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, p.Agent, p.Name, hash, ms(t.at))
	if err != nil {
		return fmt.Errorf("add api token: %w", err)
	}
	return nil
}

// AgentByToken finds the agent that a token's hash stands for. A revoked
// token and one of a disabled agent stand for nobody.
func (t *Tx) AgentByToken(ctx context.Context, hash string) (desk.Agent, desk.APIToken, error) {
	p, err := scanAPIToken(t.row(ctx, `SELECT `+apiTokenColumns+` FROM api_token p
		JOIN agent a ON a.id = p.agent WHERE p.hash = $1 AND p.revoked_at = 0 AND a.disabled_at = 0`, hash))
	if err != nil {
		return desk.Agent{}, p, err
	}
	a, err := t.Agent(ctx, p.Agent)
	return a, p, err
}

// TouchAPIToken writes down that a token was used now.
func (t *Tx) TouchAPIToken(ctx context.Context, id desk.APITokenID) error {
	return t.exec(ctx, `UPDATE api_token SET used_at = $2 WHERE id = $1 AND used_at < $2`, id, ms(t.at))
}

// APITokens lists an agent's tokens, oldest first, the revoked ones too.
func (t *Tx) APITokens(ctx context.Context, agent desk.AgentID) ([]desk.APIToken, error) {
	return collect(ctx, t, scanAPIToken, `SELECT `+apiTokenColumns+` FROM api_token p
		WHERE p.agent = $1 ORDER BY p.created_at, p.id`, agent)
}

// APIToken finds a token by its id.
func (t *Tx) APIToken(ctx context.Context, id desk.APITokenID) (desk.APIToken, error) {
	return scanAPIToken(t.row(ctx, `SELECT `+apiTokenColumns+` FROM api_token p WHERE p.id = $1`, id))
}

// RevokeAPIToken ends a token for good. Asking twice changes nothing.
func (t *Tx) RevokeAPIToken(ctx context.Context, id desk.APITokenID) error {
	if _, err := t.APIToken(ctx, id); err != nil {
		return err
	}
	return t.exec(ctx, `UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0`, id, ms(t.at))
}

// Session finds a login session that has not expired.
func (t *Tx) Session(ctx context.Context, token string) (data []byte, found bool, err error) {
	var text string
	err = t.row(ctx, `SELECT data FROM session WHERE token = $1 AND expires_at > $2`, token, ms(t.at)).Scan(&text)
	switch {
	case missing(err):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	data, err = base64.StdEncoding.DecodeString(text)
	return data, err == nil, err
}

// SaveSession keeps a login session until it expires.
func (t *Tx) SaveSession(ctx context.Context, token string, data []byte, expires time.Time) error {
	return t.exec(ctx, `INSERT INTO session (token, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = $2, expires_at = $3`,
		token, base64.StdEncoding.EncodeToString(data), ms(expires))
}

// DropSession ends a login session, if there is one.
func (t *Tx) DropSession(ctx context.Context, token string) error {
	return t.exec(ctx, `DELETE FROM session WHERE token = $1`, token)
}

// DropExpiredSessions forgets sessions that have expired.
func (t *Tx) DropExpiredSessions(ctx context.Context) error {
	return t.exec(ctx, `DELETE FROM session WHERE expires_at <= $1`, ms(t.at))
}

// Sessions keeps login sessions as alexedwards/scs asks for them: it is an
// scs.CtxStore. The caller has hashed the tokens (scs's HashTokenInStore).
type Sessions struct{ Store *Store }

// sessionWait is how long a call without a deadline of its own may take.
const sessionWait = 10 * time.Second

// FindCtx finds the data of a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.Store.View(ctx, func(tx *Tx) error {
		data, found, err = tx.Session(ctx, token)
		return err
	})
	return data, found, err
}

// CommitCtx keeps a session, and forgets those that have expired.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	return s.Store.Update(ctx, func(tx *Tx) error {
		if err := tx.DropExpiredSessions(ctx); err != nil {
			return err
		}
		return tx.SaveSession(ctx, token, data, expires)
	})
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.Store.Update(ctx, func(tx *Tx) error { return tx.DropSession(ctx, token) })
}

// Find is FindCtx where there is no context.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), sessionWait)
	defer cancel()
	return s.FindCtx(ctx, token)
}

// Commit is CommitCtx where there is no context.
func (s Sessions) Commit(token string, data []byte, expires time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), sessionWait)
	defer cancel()
	return s.CommitCtx(ctx, token, data, expires)
}

// Delete is DeleteCtx where there is no context.
func (s Sessions) Delete(token string) error {
	ctx, cancel := context.WithTimeout(context.Background(), sessionWait)
	defer cancel()
	return s.DeleteCtx(ctx, token)
}
