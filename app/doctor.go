package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"time"

	"aparte/internal/connector/mail"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/vault"
)

// minFree is how much room a desk's disk should have, in bytes.
const minFree = 200 << 20

// doctorCommand looks at a desk and says what is wrong with it. A running desk
// looks at itself.
type doctorCommand struct {
	dataFlag
	nothing
}

func (doctorCommand) name() string { return "doctor" }

// Run prints numbered checks, and fails if one of them does.
func (c *doctorCommand) Run(p *program) error {
	dir := c.folder()
	if !hasDesk(dir) {
		return examine(p.ctx, patient{dir: dir, ui: p.ui, trouble: missingDesk(dir)}, p.out)
	}
	ctx, cancel := context.WithTimeout(p.ctx, orderWait)
	defer cancel()
	a, err := Open(ctx, Config{Data: dir, Mode: forCommand, UI: p.ui, Log: p.log})
	if isInUse(err) {
		return p.carryOut(c)
	}
	if err != nil {
		return examine(ctx, patient{dir: dir, ui: p.ui, trouble: err}, p.out)
	}
	defer a.Close()
	return c.on(ctx, a, "", p.out)
}

func (c *doctorCommand) on(ctx context.Context, a *App, _ vault.Secret, out io.Writer) error {
	return examine(ctx, patient{dir: a.config.Data, ui: a.config.UI, app: a}, out)
}

// missingDesk tells apart a folder that cannot be used and one without a desk.
func missingDesk(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return noDesk(dir)
	case err != nil:
		return folderTrouble(dir, err)
	case !info.IsDir():
		return folderTrouble(dir, nil)
	}
	return noDesk(dir)
}

// patient is what the doctor looks at.
type patient struct {
	dir     string
	ui      fs.FS
	app     *App  // nil where the desk could not be opened
	trouble error // why it could not
}

// check is one thing to look at. It says what it found, or what is wrong.
type check struct {
	name string
	look func(ctx context.Context, p patient) (string, error)
}

// checks are in the order in which one would look.
var checks = []check{
	{"data folder", checkFolder},
	{"disk space", checkSpace},
	{"database", checkDatabase},
	{"vault", checkVault},
	{"people", checkPeople},
	{"mailboxes", checkMailboxes},
	{"pages", checkPages},
	{"window", checkWindow},
}

// examine runs all checks and prints each with its number. It fails if one of
// them does.
func examine(ctx context.Context, p patient, out io.Writer) error {
	failed := 0
	for i, c := range checks {
		text, err := c.look(ctx, p)
		verdict := "pass"
		if err != nil {
			verdict, text = "FAIL", sentence(err)
			failed++
		}
		if _, err := fmt.Fprintf(out, "%2d. %-12s %s  %s\n", i+1, c.name, verdict, text); err != nil {
			return err
		}
	}
	if failed > 0 {
		return &desk.Error{Fault: desk.Unavailable, Code: "checks_failed", Msg: fmt.Sprintf("%d of %d checks failed", failed, len(checks)),
			Hint: "Do what each of them says, from the first on."}
	}
	return nil
}

func checkFolder(_ context.Context, p patient) (string, error) {
	if p.app == nil {
		return "", p.trouble
	}
	f, err := os.CreateTemp(p.dir, "doctor-")
	if err != nil {
		return "", folderTrouble(p.dir, err)
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return "", folderTrouble(p.dir, err)
	}
	return p.dir + " can be written, and is held by this desk alone", nil
}

func checkSpace(_ context.Context, p patient) (string, error) {
	free, err := freeSpace(p.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "not looked at: there is no such folder", nil
	}
	if err != nil {
		return "", folderTrouble(p.dir, err)
	}
	if free < minFree {
		return "", &desk.Error{Fault: desk.Unavailable, Code: "disk_low", Msg: fmt.Sprintf("only %d MB are free", free>>20),
			Hint: "Make room: a desk that cannot write takes no mail."}
	}
	return fmt.Sprintf("%d MB are free", free>>20), nil
}

// errUnopened is the finding of every check that needs an open desk.
var errUnopened = &desk.Error{Fault: desk.Unavailable, Code: "desk_unopened", Msg: "not looked at, since the desk cannot be opened",
	Hint: "Mend the first check."}

func checkDatabase(ctx context.Context, p patient) (string, error) {
	if p.app == nil {
		return "", errUnopened
	}
	var seq desk.Seq
	err := p.app.store.View(ctx, func(tx *store.Tx) (err error) {
		seq, err = tx.Seq(ctx)
		return err
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("opens and is up to date; its log holds %d events", seq), nil
}

func checkVault(ctx context.Context, p patient) (string, error) {
	if p.app == nil {
		return "", errUnopened
	}
	const label = "doctor"
	sealed, err := p.app.vault.Seal(label, "well")
	if err != nil {
		return "", err
	}
	if back, err := p.app.vault.Open(label, sealed); err != nil || back.Reveal() != "well" {
		return "", errors.Join(errors.New("the vault does not open what it sealed"), err)
	}
	return "seals and opens", nil
}

func checkPeople(ctx context.Context, p patient) (string, error) {
	if p.app == nil {
		return "", errUnopened
	}
	agents, err := p.app.agents(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range agents {
		if a.Role == desk.RoleAdmin && a.DisabledAt.IsZero() {
			return fmt.Sprintf("%d with a login", len(agents)), nil
		}
	}
	return "", &desk.Error{Fault: desk.NotFound, Code: "admin_missing", Msg: "nobody can log in as an admin",
		Hint: "Add one with aparte agent add --role admin."}
}

// dialWait is how long a mail server may take to answer the doctor.
const dialWait = 5 * time.Second

// checkMailboxes sees whether each mail server can be reached, and whether a
// running desk waits for a person. It logs in nowhere and sends nothing; that
// is what aparte mailbox test is for.
func checkMailboxes(ctx context.Context, p patient) (string, error) {
	if p.app == nil {
		return "", errUnopened
	}
	list, err := p.app.mailboxes(ctx)
	if err != nil {
		return "", err
	}
	for _, m := range list {
		if !m.StoppedAt.IsZero() {
			continue
		}
		if h := p.app.accounts.Health(m.ID); h.State == desk.NeedsCare {
			return "", &desk.Error{Fault: desk.Unavailable, Code: "mailbox_needs_care", Msg: m.Address + " waits for you: " + h.LastErr, Hint: h.Hint}
		}
		if err := reach(ctx, m); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d, and their servers can be reached", len(list)), nil
}

func reach(ctx context.Context, m desk.Account) error {
	s, err := mail.ParseSettings(m.Settings)
	if err != nil {
		return err
	}
	d := net.Dialer{Timeout: dialWait}
	for _, server := range []string{s.IMAP, s.SMTP} {
		conn, err := d.DialContext(ctx, "tcp", server)
		if err != nil {
			return &desk.Error{Fault: desk.Unavailable, Code: "server_unreachable", Msg: server + " of " + m.Address + " cannot be reached", Err: err,
				Hint: "Check the server's name, its port and the network; aparte mailbox test tells more."}
		}
		_ = conn.Close() // nothing was said
	}
	return nil
}

func checkPages(_ context.Context, p patient) (string, error) {
	if _, err := fs.Stat(p.ui, "index.html"); err != nil {
		return "", &desk.Error{Fault: desk.Unavailable, Code: "pages_unbuilt", Msg: "this program was built without its pages",
			Hint: "Build it with make server or make desktop."}
	}
	return "built in", nil
}

func checkWindow(context.Context, patient) (string, error) {
	switch {
	case !hasWindow:
		return "this build has none; serve and sandbox need none", nil
	case !hasDisplay():
		return "built in, but there is no display here; serve and sandbox need none", nil
	}
	return "built in, and there is a display", nil
}
