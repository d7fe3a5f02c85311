package accounts

import (
	"context"
	"strings"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// NewAccount is what an account begins with.
type NewAccount struct {
	ID       desk.AccountID // made by the caller: the same id is added once
	Channel  desk.Channel
	Name     string // as people see it; the address where empty
	Address  string
	Settings string // JSON that only the connector reads; no secret
	Secret   vault.Secret
}

// Change says what is to be different; nil leaves a field as it is.
type Change struct {
	Version  int64 // of the account as it was seen; 0 for whatever it is
	Name     *string
	Settings *string
	Secret   *vault.Secret
}

const maxName = 80

// Add makes an account and starts it at once. Adding the same id again gives
// the account that is there; an address that has an account is a conflict.
func (a *Accounts) Add(ctx context.Context, by desk.Actor, n NewAccount) (desk.Account, error) {
	if !by.May(desk.AdminRight) {
		return desk.Account{}, desk.Denied(desk.AdminRight)
	}
	account, err := a.account(n)
	if err != nil {
		return account, err
	}
	err = a.Store.Update(ctx, func(tx *store.Tx) error {
		first, err := tx.Account(ctx, n.ID)
		if desk.FaultOf(err) != desk.NotFound {
			account = first
			return err
		}
		if err := free(ctx, tx, account); err != nil {
			return err
		}
		if err := tx.SaveAccount(ctx, account); err != nil {
			return err
		}
		account, err = tx.Account(ctx, account.ID)
		return err
	})
	if err != nil {
		return account, err
	}
	a.Reload()
	return account, nil
}

// account checks what somebody typed, and seals the secret.
func (a *Accounts) account(n NewAccount) (desk.Account, error) {
	account := desk.Account{ID: n.ID, Channel: n.Channel, Name: desk.OneLine(n.Name, maxName),
		Address: strings.TrimSpace(n.Address), Settings: n.Settings}
	if n.ID == "" {
		return account, desk.Refuse("id", "id_missing", "the account has no id", "Make a random one first.")
	}
	if n.Channel == desk.Mail {
		address, err := desk.ParseAddress(account.Address)
		if err != nil {
			return account, err
		}
		account.Address = address.Email
	}
	if account.Name == "" {
		account.Name = account.Address
	}
	if err := a.sound(account, n.Secret); err != nil {
		return account, err
	}
	sealed, err := a.Vault.Seal(label(n.ID), n.Secret)
	account.Secret = sealed
	return account, err
}

// sound tells whether a connector can be made of it. It dials nothing.
func (a *Accounts) sound(account desk.Account, secret vault.Secret) error {
	c, err := a.build(account, secret)
	if err != nil {
		return err
	}
	return c.Close()
}

// free makes sure that an address has no other account.
func free(ctx context.Context, tx *store.Tx, account desk.Account) error {
	_, err := tx.AccountByAddress(ctx, account.Channel, account.Address)
	switch {
	case desk.FaultOf(err) == desk.NotFound:
		return nil
	case err != nil:
		return err
	}
	return &desk.Error{Fault: desk.Conflict, Code: "address_in_use", Field: "address",
		Msg: "this address has an account already", Hint: "Change that account instead of adding another."}
}

// Update changes an account; its line starts again with what is new.
func (a *Accounts) Update(ctx context.Context, by desk.Actor, id desk.AccountID, change Change) (desk.Account, error) {
	return a.alter(ctx, by, id, func(account *desk.Account) error {
		if change.Version != 0 && change.Version != account.Version {
			return desk.Stale("mailbox")
		}
		if change.Name != nil {
			account.Name = desk.OneLine(*change.Name, maxName)
		}
		if change.Settings != nil {
			account.Settings = *change.Settings
		}
		secret, err := a.secret(*account, change.Secret)
		if err != nil {
			return err
		}
		if err := a.sound(*account, secret); err != nil || change.Secret == nil {
			return err
		}
		account.Secret, err = a.Vault.Seal(label(id), secret)
		return err
	})
}

// secret is the new secret, or else the one that is stored.
func (a *Accounts) secret(account desk.Account, fresh *vault.Secret) (vault.Secret, error) {
	if fresh != nil {
		return *fresh, nil
	}
	return a.Vault.Open(label(account.ID), account.Secret)
}

// Stop ends an account's line. What is queued waits.
func (a *Accounts) Stop(ctx context.Context, by desk.Actor, id desk.AccountID) error {
	_, err := a.alter(ctx, by, id, func(account *desk.Account) error {
		if account.StoppedAt.IsZero() {
			account.StoppedAt = a.Store.Now()
		}
		return nil
	})
	return err
}

// Start lets a stopped account run again.
func (a *Accounts) Start(ctx context.Context, by desk.Actor, id desk.AccountID) error {
	_, err := a.alter(ctx, by, id, func(account *desk.Account) error {
		account.StoppedAt = time.Time{}
		return nil
	})
	return err
}

func (a *Accounts) alter(ctx context.Context, by desk.Actor, id desk.AccountID, f func(*desk.Account) error) (desk.Account, error) {
	var account desk.Account
	if !by.May(desk.AdminRight) {
		return account, desk.Denied(desk.AdminRight)
	}
	err := a.Store.Update(ctx, func(tx *store.Tx) (err error) {
		if account, err = tx.Account(ctx, id); err != nil {
			return err
		}
		if err := f(&account); err != nil {
			return err
		}
		if err := tx.SaveAccount(ctx, account); err != nil {
			return err
		}
		account, err = tx.Account(ctx, id)
		return err
	})
	if err == nil {
		a.Reload()
	}
	return account, err
}

// testTime is how long a self-test may take.
const testTime = 60 * time.Second

// Test tries an account's configuration step by step, without adding or
// changing anything. For an account that is there, what n leaves empty is
// taken from it.
func (a *Accounts) Test(ctx context.Context, n NewAccount, report func(desk.Check)) error {
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	account, secret, err := a.toTest(ctx, n)
	if err != nil {
		return err
	}
	c, err := a.build(account, secret)
	if err != nil {
		return err
	}
	defer c.Close() // a test keeps nothing
	checker, ok := c.(connector.Checker)
	if !ok {
		return desk.Refuse("channel", "no_test", "this kind of channel has no test", "Add the account and watch its state.")
	}
	return checker.Check(ctx, report)
}

func (a *Accounts) toTest(ctx context.Context, n NewAccount) (desk.Account, vault.Secret, error) {
	account := desk.Account{ID: n.ID, Channel: n.Channel, Name: n.Name, Address: n.Address, Settings: n.Settings}
	if n.ID == "" || n.Secret != "" && n.Settings != "" {
		return account, n.Secret, nil
	}
	stored := desk.Account{}
	err := a.Store.View(ctx, func(tx *store.Tx) (err error) {
		stored, err = tx.Account(ctx, n.ID)
		return err
	})
	switch {
	case desk.FaultOf(err) == desk.NotFound:
		return account, n.Secret, nil
	case err != nil:
		return account, "", err
	}
	if n.Settings != "" {
		stored.Settings = n.Settings
	}
	if n.Secret != "" {
		return stored, n.Secret, nil
	}
	secret, err := a.Vault.Open(label(n.ID), stored.Secret)
	return stored, secret, err
}
