package app

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"aparte/internal/auth"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// console is who gives orders on the command line: whoever may read the data
// folder owns the desk.
var console = desk.Machine("console")

// agents lists everybody with a login.
func (a *App) agents(ctx context.Context) (list []desk.Agent, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Agents(ctx)
		return err
	})
	return list, err
}

// agent finds somebody with a login by address.
func (a *App) agent(ctx context.Context, email string) (who desk.Agent, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		who, err = tx.AgentByEmail(ctx, email)
		return err
	})
	if desk.FaultOf(err) == desk.NotFound {
		err = &desk.Error{Fault: desk.NotFound, Code: "agent_not_found", Field: "email", Msg: "nobody here has the address " + desk.OneLine(email, 80),
			Hint: "See aparte agent list."}
	}
	return who, err
}

// agentAdd adds somebody with a login.
type agentAdd struct {
	dataFlag
	passwordFlag
	Email string `required:"" placeholder:"E" help:"Mail address, which is the login."`
	Name  string `required:"" placeholder:"N" help:"Name, as people outside read it."`
	Role  string `enum:"admin,agent" default:"agent" help:"admin or agent."`
}

func (agentAdd) name() string { return "agent add" }
func (agentAdd) founds()      {}

// Run adds the agent.
func (c *agentAdd) Run(p *program) error { return p.carryOut(c) }

func (c *agentAdd) prepare(p *program) (vault.Secret, error) { return c.read(p) }

func (c *agentAdd) on(ctx context.Context, a *App, secret vault.Secret, out io.Writer) error {
	who, err := a.auth.AddAgent(ctx, console, auth.NewAgent{Email: c.Email, Name: c.Name, Role: desk.Role(c.Role), Password: secret.Reveal()})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "added %s %s as %s\n", who.Role, who.Name, who.Email)
	return err
}

// agentList lists everybody with a login, one a line.
type agentList struct {
	dataFlag
	nothing
}

func (agentList) name() string { return "agent list" }

// Run prints the list.
func (c *agentList) Run(p *program) error { return p.carryOut(c) }

func (c *agentList) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	agents, err := a.agents(ctx)
	if err != nil {
		return err
	}
	return table(out, "EMAIL\tNAME\tROLE\tSINCE\tSTATE", agents, func(g desk.Agent) string {
		return fmt.Sprintf("%s\t%s\t%s\t%s\t%s", g.Email, g.Name, g.Role, day(g.CreatedAt), onOff(g.DisabledAt, "disabled"))
	})
}

// agentDisable takes somebody's login away. What they wrote stays theirs.
type agentDisable struct {
	dataFlag
	nothing
	Email string `required:"" placeholder:"E" help:"Whose login."`
}

func (agentDisable) name() string { return "agent disable" }

// Run disables the agent.
func (c *agentDisable) Run(p *program) error { return p.carryOut(c) }

func (c *agentDisable) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	who, err := a.agent(ctx, c.Email)
	if err != nil {
		return err
	}
	off := true
	if _, err := a.auth.ChangeAgent(ctx, console, who.ID, auth.AgentChange{Disabled: &off}); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "disabled", who.Email)
	return err
}

// tokenNew makes a token and prints it, alone on stdout.
type tokenNew struct {
	dataFlag
	nothing
	Agent string `required:"" placeholder:"E" help:"Mail address of the agent that the program acts as."`
	Name  string `required:"" placeholder:"N" help:"What the token is for."`
}

func (tokenNew) name() string { return "token new" }

// Run makes the token.
func (c *tokenNew) Run(p *program) error { return p.carryOut(c) }

func (c *tokenNew) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	who, err := a.agent(ctx, c.Agent)
	if err != nil {
		return err
	}
	if !who.DisabledAt.IsZero() {
		return &desk.Error{Fault: desk.Conflict, Code: "agent_disabled", Field: "agent", Msg: who.Email + " is disabled", Hint: "Choose somebody else."}
	}
	_, text, err := a.auth.NewToken(ctx, who.As(), c.Name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, text)
	return err
}

// tokenList lists somebody's tokens, one a line.
type tokenList struct {
	dataFlag
	nothing
	Agent string `required:"" placeholder:"E" help:"Whose tokens."`
}

func (tokenList) name() string { return "token list" }

// Run prints the list.
func (c *tokenList) Run(p *program) error { return p.carryOut(c) }

func (c *tokenList) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	tokens, err := a.tokens(ctx, c.Agent)
	if err != nil {
		return err
	}
	return table(out, "ID\tNAME\tSINCE\tUSED\tSTATE", tokens, func(t desk.APIToken) string {
		used := "never"
		if !t.UsedAt.IsZero() {
			used = day(t.UsedAt)
		}
		return fmt.Sprintf("%s\t%s\t%s\t%s\t%s", t.ID, t.Name, day(t.CreatedAt), used, onOff(t.RevokedAt, "revoked"))
	})
}

func (a *App) tokens(ctx context.Context, email string) (list []desk.APIToken, err error) {
	who, err := a.agent(ctx, email)
	if err != nil {
		return nil, err
	}
	err = a.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.APITokens(ctx, who.ID)
		return err
	})
	return list, err
}

// tokenRevoke ends the tokens of one name.
type tokenRevoke struct {
	dataFlag
	nothing
	Agent string `required:"" placeholder:"E" help:"Whose token."`
	Name  string `required:"" placeholder:"N" help:"Its name, or its id."`
}

func (tokenRevoke) name() string { return "token revoke" }

// Run revokes the token.
func (c *tokenRevoke) Run(p *program) error { return p.carryOut(c) }

func (c *tokenRevoke) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	tokens, err := a.tokens(ctx, c.Agent)
	if err != nil {
		return err
	}
	ended := 0
	for _, t := range tokens {
		if (t.Name != c.Name && string(t.ID) != c.Name) || !t.RevokedAt.IsZero() {
			continue
		}
		if err := a.auth.RevokeToken(ctx, console, t.ID); err != nil {
			return err
		}
		ended++
	}
	if ended == 0 {
		return &desk.Error{Fault: desk.NotFound, Code: "token_not_found", Field: "name", Msg: "there is no active token of this name",
			Hint: "See aparte token list."}
	}
	_, err = fmt.Fprintln(out, "revoked", ended)
	return err
}

// table prints rows in aligned columns.
func table[T any](out io.Writer, head string, rows []T, line func(T) string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, head) // kept in memory until Flush
	for _, r := range rows {
		fmt.Fprintln(w, line(r))
	}
	return w.Flush()
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func onOff(end time.Time, word string) string {
	if end.IsZero() {
		return "active"
	}
	return word
}
