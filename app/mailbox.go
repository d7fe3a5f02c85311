package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"

	"aparte/internal/accounts"
	"aparte/internal/connector/mail"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// mailboxFlags say where a mailbox is.
type mailboxFlags struct {
	dataFlag
	passwordFlag
	Address string `required:"" placeholder:"A" help:"Mail address of the mailbox."`
	Name    string `placeholder:"N" help:"Name, as people read it (default: the address)."`
	IMAP    string `name:"imap" placeholder:"HOST:PORT" help:"IMAP server."`
	IMAPTLS string `name:"imap-tls" enum:"implicit,starttls,none" default:"implicit" help:"implicit, starttls, or none (on this computer only)."`
	SMTP    string `name:"smtp" placeholder:"HOST:PORT" help:"SMTP server."`
	SMTPTLS string `name:"smtp-tls" enum:"implicit,starttls,none" default:"implicit" help:"implicit, starttls, or none (on this computer only)."`
	User    string `placeholder:"U" help:"User name at both servers (default: the address)."`
	CA      string `name:"ca" placeholder:"FILE" type:"path" help:"A certificate in PEM to trust beside the system's."`
	PEM     string `kong:"-"` // what the file holds: the desk may not be allowed to read it
}

// readCA reads the certificate where the command was typed.
func (f *mailboxFlags) readCA() error {
	if f.CA == "" {
		return nil
	}
	b, err := os.ReadFile(f.CA)
	if err != nil {
		return &desk.Error{Fault: desk.Invalid, Code: "certificate_unreadable", Field: "ca", Msg: "the certificate " + f.CA + " cannot be read",
			Hint: "Give a PEM file with --ca.", Err: err}
	}
	f.PEM = string(b)
	return nil
}

// account is what the flags say, with the password given.
func (f *mailboxFlags) account(secret vault.Secret) (accounts.NewAccount, error) {
	s := mail.Settings{IMAP: f.IMAP, SMTP: f.SMTP, IMAPTLS: mail.TLSMode(f.IMAPTLS), SMTPTLS: mail.TLSMode(f.SMTPTLS),
		User: cmp.Or(f.User, f.Address), CA: f.PEM}
	if _, err := desk.ParseAddress(f.Address); err != nil {
		return accounts.NewAccount{}, err
	}
	return accounts.NewAccount{ID: desk.AccountID(desk.NewID()), Channel: desk.Mail, Name: cmp.Or(f.Name, f.Address),
		Address: f.Address, Settings: s.JSON(), Secret: secret}, s.Validate()
}

// mailboxAdd adds a mailbox. A running desk opens it at once.
type mailboxAdd struct{ mailboxFlags }

func (mailboxAdd) name() string { return "mailbox add" }
func (mailboxAdd) founds()      {}

// Run adds the mailbox.
func (c *mailboxAdd) Run(p *program) error { return p.carryOut(c) }

func (c *mailboxAdd) prepare(p *program) (vault.Secret, error) {
	if err := c.readCA(); err != nil {
		return "", err
	}
	return c.read(p)
}

func (c *mailboxAdd) on(ctx context.Context, a *App, secret vault.Secret, out io.Writer) error {
	n, err := c.account(secret)
	if err != nil {
		return err
	}
	added, err := a.accounts.Add(ctx, console, n)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "added", added.Address)
	return err
}

// mailboxList lists the mailboxes, one a line. Only a running desk knows how
// they are doing.
type mailboxList struct {
	dataFlag
	nothing
}

func (mailboxList) name() string { return "mailbox list" }

// Run prints the list.
func (c *mailboxList) Run(p *program) error { return p.carryOut(c) }

func (c *mailboxList) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	list, err := a.mailboxes(ctx)
	if err != nil {
		return err
	}
	return table(out, "ADDRESS\tNAME\tSINCE\tSTATE", list, func(m desk.Account) string {
		state := onOff(m.StoppedAt, "stopped")
		if h := a.accounts.Health(m.ID); m.StoppedAt.IsZero() && h.State != "" {
			state = string(h.State)
		}
		return fmt.Sprintf("%s\t%s\t%s\t%s", m.Address, m.Name, day(m.CreatedAt), state)
	})
}

func (a *App) mailboxes(ctx context.Context) (list []desk.Account, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Accounts(ctx)
		return err
	})
	return list, err
}

// mailboxTest tests a mailbox step by step: one that the flags describe, or one
// of the desk where there is nothing but its address.
type mailboxTest struct{ mailboxFlags }

func (mailboxTest) name() string { return "mailbox test" }

// Run prints each step, and fails if one of them does.
func (c *mailboxTest) Run(p *program) error { return p.carryOut(c) }

func (c *mailboxTest) prepare(p *program) (vault.Secret, error) {
	if c.IMAP == "" && c.SMTP == "" && !c.PasswordStdin {
		return "", nil
	}
	if err := c.readCA(); err != nil {
		return "", err
	}
	return c.read(p)
}

func (c *mailboxTest) on(ctx context.Context, a *App, secret vault.Secret, out io.Writer) error {
	n, err := c.subject(ctx, a, secret)
	if err != nil {
		return err
	}
	var failed error
	err = a.accounts.Test(ctx, n, func(k desk.Check) {
		if !k.OK && failed == nil {
			failed = &desk.Error{Fault: desk.Unavailable, Code: "mailbox_" + k.Name, Msg: "the mailbox does not work: " + k.Text, Hint: k.Hint}
		}
		fmt.Fprintln(out, checkLine(k)) // kept in memory
	})
	return cmp.Or(failed, err)
}

func checkLine(k desk.Check) string {
	verdict, hint := "pass", ""
	if !k.OK {
		verdict = "FAIL"
	}
	if k.Hint != "" {
		hint = "; " + lowerFirst(k.Hint)
	}
	return fmt.Sprintf("%-10s %s  %s%s", k.Name, verdict, desk.OneLine(k.Text, maxSentence), hint)
}

// subject is the mailbox to be tested.
func (c *mailboxTest) subject(ctx context.Context, a *App, secret vault.Secret) (accounts.NewAccount, error) {
	if secret != "" {
		return c.account(secret)
	}
	list, err := a.mailboxes(ctx)
	if err != nil {
		return accounts.NewAccount{}, err
	}
	for _, m := range list {
		if (desk.Address{Email: m.Address}).Key() == (desk.Address{Email: c.Address}).Key() {
			return accounts.NewAccount{ID: m.ID, Channel: m.Channel, Name: m.Name, Address: m.Address, Settings: m.Settings}, nil
		}
	}
	return accounts.NewAccount{}, &desk.Error{Fault: desk.NotFound, Code: "mailbox_not_found", Field: "address",
		Msg: "this desk has no mailbox " + desk.OneLine(c.Address, 80), Hint: "See aparte mailbox list, or give its servers to test one that is not added."}
}
