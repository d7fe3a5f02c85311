package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// The cost of a password hash (RFC 9106, the second choice): 64 MiB, three
// passes. Two at once at most, so that logins cannot eat the machine.
const (
	memory     = 64 << 10 // KiB
	passes     = 3
	lanes      = 1
	keyLength  = 32
	saltLength = 16
	maxHashing = 2
)

// hash makes what is stored of a password, in the usual text form.
func (a *Auth) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt) // never fails: crypto/rand ends the program instead
	key, err := a.key(ctx, password, salt)
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes,
		b.EncodeToString(salt), b.EncodeToString(key)), err
}

func (a *Auth) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case a.hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-a.hashing }()
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, keyLength), nil
}

// matches does the same work for every account, for one without a password
// and for none at all, so that the time it takes tells nothing.
func (a *Auth) matches(ctx context.Context, stored, password string) (bool, error) {
	parts := strings.Split(stored, "$")
	salt, want := make([]byte, saltLength), make([]byte, keyLength)
	usable := len(parts) == 6 && parts[1] == "argon2id"
	if usable {
		b := base64.RawStdEncoding
		var saltErr, keyErr error
		salt, saltErr = b.DecodeString(parts[4])
		want, keyErr = b.DecodeString(parts[5])
		usable = saltErr == nil && keyErr == nil
	}
	got, err := a.key(ctx, password, salt)
	return subtle.ConstantTimeCompare(got, want) == 1 && usable, err
}

// Login begins a session for the request in ctx. Wrong address, wrong
// password and disabled agent are refused in the same words.
func (a *Auth) Login(ctx context.Context, email, password string) (desk.Agent, error) {
	from, asked := ctx.Value(addressKey).(string)
	if !asked {
		return desk.Agent{}, &desk.Error{Fault: desk.Conflict, Code: "no_login_here", Msg: "this desk knows who you are without a login",
			Hint: "Logins are for a desk that is shared with aparte serve."}
	}
	account := desk.Address{Email: email}.Key()
	if wait := a.limit.wait(account, from); wait > 0 {
		return desk.Agent{}, &desk.Error{Fault: desk.Unavailable, Code: "too_many_attempts", Msg: "too many attempts to log in",
			Hint: fmt.Sprintf("Wait %d seconds and try again.", int(wait.Seconds())+1)}
	}
	who, stored, err := a.find(ctx, email)
	if err != nil {
		return desk.Agent{}, err
	}
	ok, err := a.matches(ctx, stored, password)
	if err != nil {
		return desk.Agent{}, err
	}
	if !ok || who.ID == "" || !who.DisabledAt.IsZero() {
		a.limit.failed(account, from)
		a.log.InfoContext(ctx, "login refused")
		return desk.Agent{}, &desk.Error{Fault: desk.Forbidden, Code: "login_failed", Field: "password",
			Msg: "this address and password do not belong together", Hint: "Check both; an admin can set a new password."}
	}
	a.limit.passed(account)
	if err := a.sessions.RenewToken(ctx); err != nil {
		return desk.Agent{}, fmt.Errorf("begin session: %w", err)
	}
	a.sessions.Put(ctx, sessionAgent, string(who.ID))
	a.sessions.Put(ctx, sessionTrace, trace(stored))
	return who, nil
}

// find looks an agent up; nobody comes back empty, and without an error.
func (a *Auth) find(ctx context.Context, email string) (who desk.Agent, stored string, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		if who, err = tx.AgentByEmail(ctx, email); err != nil {
			return err
		}
		stored, err = tx.Password(ctx, who.ID)
		return err
	})
	if desk.FaultOf(err) == desk.NotFound {
		return desk.Agent{}, "", nil
	}
	return who, stored, err
}

// Logout ends the session of the request in ctx, if it has one.
func (a *Auth) Logout(ctx context.Context) error {
	if _, asked := ctx.Value(addressKey).(string); !asked {
		return nil // the window and the sandbox have no session to end
	}
	return a.sessions.Destroy(ctx)
}
