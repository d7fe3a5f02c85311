package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"

	"aparte/internal/auth"
	"aparte/internal/desk"
	"aparte/internal/vault"
)

// The smallest window in which three panes have room, and a new one's size.
const (
	minWidth, minHeight = 900, 600
	newWidth, newHeight = 1280, 800
)

const placeFile = "window.json"

// frame is what a window is made of.
type frame struct {
	title string
	page  http.Handler
	place string // the file that remembers size and place
}

// place is where a window was when it was closed.
type place struct {
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Known     bool `json:"known"` // X and Y mean something
	Maximised bool `json:"maximised"`
}

// loadPlace reads where a window was. What cannot be read is a new window's.
func loadPlace(file string) place {
	var p place
	b, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(b, &p) != nil || p.Width < minWidth || p.Height < minHeight || p.Width > 20_000 || p.Height > 20_000 {
		return place{Width: newWidth, Height: newHeight}
	}
	return p
}

// save keeps the place. Losing it is no reason to keep a window open.
func (p place) save(file string) {
	if b, err := json.Marshal(p); err == nil {
		_ = os.WriteFile(file, b, 0o600)
	}
}

// hasDisplay tells whether a window could open here.
func hasDisplay() bool {
	return runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

var errWindowless = &desk.Error{Fault: desk.Unavailable, Code: "window_missing", Msg: "this build has no window",
	Hint: "Use aparte serve or aparte sandbox with a browser, or the desktop build."}

func noDisplay(err error) error {
	return &desk.Error{Fault: desk.Unavailable, Code: "display_missing", Err: err, Msg: "there is no display to open a window on",
		Hint: "Start it in a graphical session, or use aparte serve or aparte sandbox with a browser."}
}

// canOpenWindow tells why no window can open, if so.
func canOpenWindow() error {
	switch {
	case !hasWindow:
		return errWindowless
	case !hasDisplay():
		return noDisplay(nil)
	}
	return nil
}

// windowCommand is the window on this computer's own desk. The desk listens on
// no port: the page asks it inside of the process.
type windowCommand struct {
	dataFlag
}

// Run opens the window, or brings the one that is open on this desk forward.
func (c *windowCommand) Run(p *program) error {
	if err := canOpenWindow(); err != nil {
		return err
	}
	a, err := Open(p.ctx, Config{Data: c.folder(), Mode: modeWindow, UI: p.ui, Keyring: true, Log: p.log})
	if isInUse(err) {
		return p.showOther(c.folder(), err)
	}
	if err != nil {
		return err
	}
	defer a.Close()
	owner, err := a.owner(p.ctx)
	if err != nil {
		return err
	}
	return p.openWindow(a, owner, nil)
}

// showOther asks the window that runs on a folder to come forward.
func (p *program) showOther(dir string, inUse error) error {
	who, err := holderOf(dir)
	if err != nil || who.Mode != modeWindow {
		return inUse
	}
	socket, err := socketOf(p.ctx, dir)
	if err != nil {
		return err
	}
	return send(p.ctx, socket, new(showOrder), "", io.Discard)
}

// showOrder brings a desk's window forward.
type showOrder struct {
	nothing
	Route string
}

func (showOrder) name() string   { return "show" }
func (showOrder) folder() string { return "" }

func (c *showOrder) on(_ context.Context, a *App, _ vault.Secret, _ io.Writer) error {
	s := a.shell.Load()
	if s == nil {
		return &desk.Error{Fault: desk.Conflict, Code: "window_missing", Msg: "this desk has no window open", Hint: "Use it in a browser."}
	}
	s.goTo(c.Route)
	return nil
}

// openWindow runs a desk with a window on it, and returns when both have
// ended. Beside may run with them.
func (p *program) openWindow(a *App, as desk.Actor, beside func(context.Context) error) error {
	var s *shell
	d := newDesktop(func(route string) { s.goTo(route) })
	s = newShell(d, asActor(a.handler, as), p.log)
	a.shell.Store(s)
	defer close(s.ended)

	// The desk outlives the window, so that the page's last requests are answered.
	ctx, stop := context.WithCancel(context.WithoutCancel(p.ctx))
	defer stop()
	failed, fail := context.WithCancel(context.Background())
	defer fail()
	ended := make(chan error, 1)
	go func() {
		defer fail()
		ended <- a.Run(ctx, d.Run, beside)
	}()
	err := d.run(p.ctx, failed, frame{title: "Aparté", page: s, place: filepath.Join(a.config.Data, placeFile)})
	stop()
	return errors.Join(err, <-ended)
}

// asActor makes every request somebody's: in the window there is no login,
// since whoever sits before it owns the desk.
func asActor(next http.Handler, by desk.Actor) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(auth.WithActor(r.Context(), by)))
	})
}

// owner is the admin whom the window acts as: the first one of the desk, or on
// a new desk one named after the system's user.
func (a *App) owner(ctx context.Context) (desk.Actor, error) {
	agents, err := a.agents(ctx)
	if err != nil {
		return desk.Actor{}, err
	}
	var first desk.Agent
	for _, g := range agents {
		if g.Role == desk.RoleAdmin && g.DisabledAt.IsZero() && (first.ID == "" || g.CreatedAt.Before(first.CreatedAt)) {
			first = g
		}
	}
	if first.ID != "" {
		return first.As(), nil
	}
	name, login := systemUser()
	made, err := a.auth.AddAgent(ctx, desk.Machine("setup"), auth.NewAgent{Email: login + "@localhost", Name: name, Role: desk.RoleAdmin})
	if err != nil {
		return desk.Actor{}, fmt.Errorf("make the desk's owner: %w", err)
	}
	return made.As(), nil
}

// systemUser is who runs the program, as the system knows them.
func systemUser() (name, login string) {
	u, err := user.Current()
	if err != nil {
		return "Owner", "owner"
	}
	login = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, strings.ToLower(filepath.Base(strings.ReplaceAll(u.Username, `\`, "/"))))
	name, _, _ = strings.Cut(u.Name, ",") // the GECOS field goes on with rooms and telephones
	return cmp.Or(strings.TrimSpace(name), login, "Owner"), cmp.Or(login, "owner")
}
