package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"aparte/internal/desk"
)

const accountColumns = `id, channel, name, address, settings, secret, position, created_at, stopped_at, version`

func scanAccount(r scanner) (desk.Account, error) {
	var a desk.Account
	var secret string
	err := r.Scan(&a.ID, &a.Channel, &a.Name, &a.Address, &a.Settings, &secret, &a.Cursor, stamp{&a.CreatedAt},
		stamp{&a.StoppedAt}, &a.Version)
	switch {
	case missing(err):
		return a, desk.Missing("mailbox")
	case err != nil:
		return a, err
	}
	a.Secret, err = base64.StdEncoding.DecodeString(secret)
	return a, err
}

// Account finds a mailbox or workspace by its id.
func (t *Tx) Account(ctx context.Context, id desk.AccountID) (desk.Account, error) {
	return scanAccount(t.row(ctx, `SELECT `+accountColumns+` FROM account WHERE id = $1`, id))
}

// Accounts lists every mailbox and workspace, oldest first.
func (t *Tx) Accounts(ctx context.Context) ([]desk.Account, error) {
	return collect(ctx, t, scanAccount, `SELECT `+accountColumns+` FROM account ORDER BY created_at, id`)
}

// SaveAccount adds an account or changes its settings. The cursor is left alone.
func (t *Tx) SaveAccount(ctx context.Context, a desk.Account) error {
	err := t.exec(ctx, `INSERT INTO account (id, channel, name, address, address_key, settings, secret, position, created_at, stopped_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9)
		ON CONFLICT (id) DO UPDATE SET name = $3, settings = $6, secret = $7, stopped_at = $9, version = account.version + 1`,
		a.ID, a.Channel, a.Name, a.Address, desk.Address{Email: a.Address}.Key(), a.Settings,
		base64.StdEncoding.EncodeToString(a.Secret), ms(t.at), ms(a.StoppedAt))
	if err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	t.Hint("accounts")
	return nil
}

// AccountByAddress finds an account by its channel and address.
func (t *Tx) AccountByAddress(ctx context.Context, c desk.Channel, address string) (desk.Account, error) {
	return scanAccount(t.row(ctx, `SELECT `+accountColumns+` FROM account
		WHERE channel = $1 AND address_key = $2`, c, desk.Address{Email: address}.Key()))
}

// Setting reads a setting of the desk; empty if it was never set.
func (t *Tx) Setting(ctx context.Context, name string) (string, error) {
	var v string
	err := t.row(ctx, `SELECT value FROM setting WHERE name = $1`, name).Scan(&v)
	if missing(err) {
		return "", nil
	}
	return v, err
}

// SetSetting changes a setting of the desk.
func (t *Tx) SetSetting(ctx context.Context, name, value string) error {
	t.Hint("settings")
	return t.exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = $2`, name, value)
}

// settingsName is where the desk's settings are kept, as one JSON object: what
// a later version adds begins with its default.
const settingsName = "desk"

// Settings reads what was decided for the whole desk.
func (t *Tx) Settings(ctx context.Context) (desk.Settings, error) {
	s := desk.DefaultSettings()
	text, err := t.Setting(ctx, settingsName)
	if err != nil || text == "" {
		return s, err
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("read the desk's settings: %w", err)
	}
	return s, nil
}

// SaveSettings keeps what was decided for the whole desk.
func (t *Tx) SaveSettings(ctx context.Context, s desk.Settings) error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the desk's settings: %w", err)
	}
	return t.SetSetting(ctx, settingsName, string(text))
}
