package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"aparte/internal/desk"
	"aparte/internal/vault"
)

const (
	controlDir  = "control" // in the data folder, for its owner alone
	maxSocket   = 100       // bytes of a socket's path; Linux takes 107, macOS 103
	maxOrder    = 1 << 20
	orderWait   = 2 * time.Minute // a mailbox's test talks to slow servers
	controlWait = 5 * time.Second // until a desk that has just started listens
)

// control is the door by which commands reach a running desk (ruling 21): a
// local socket that only the desk's owner can open, since the folder around it
// is theirs alone.
type control struct {
	listener net.Listener
	path     string
	made     string // a folder made for the socket elsewhere; empty if none was
}

// openControl listens beside the desk's data, or in the runtime folder where
// the data folder's name is too long for a socket.
func openControl(dir string) (*control, error) {
	c := &control{path: filepath.Join(dir, controlDir, "socket")}
	home := filepath.Dir(c.path)
	if len(c.path) > maxSocket {
		var err error
		if home, err = os.MkdirTemp(os.Getenv("XDG_RUNTIME_DIR"), "aparte-"); err != nil {
			return nil, fmt.Errorf("make a place for the control socket: %w", err)
		}
		c.path, c.made = filepath.Join(home, "socket"), home
	}
	err := errors.Join(os.MkdirAll(home, 0o700), os.Chmod(home, 0o700))
	if err != nil {
		return nil, folderTrouble(dir, err)
	}
	// We own the folder, so what is there was left by a desk that was killed.
	if err := os.Remove(c.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, folderTrouble(dir, err)
	}
	if c.listener, err = net.Listen("unix", c.path); err != nil {
		return nil, fmt.Errorf("open the control socket: %w", err)
	}
	return c, os.Chmod(c.path, 0o600)
}

// Run carries out orders on a until ctx ends.
func (c *control) Run(ctx context.Context, a *App) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /order", func(w http.ResponseWriter, r *http.Request) { a.takeOrder(w, r) })
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	return serveUntil(ctx, s, c.listener)
}

// Close ends the socket. It is needed only where Run was never called.
func (c *control) Close() error {
	err := c.listener.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	if c.made != "" {
		err = errors.Join(err, os.RemoveAll(c.made))
	}
	return err
}

// envelope is an order on its way through the socket.
type envelope struct {
	Order  string          `json:"order"`
	Fields json.RawMessage `json:"fields"`
	Secret string          `json:"secret,omitempty"` // what came by --password-stdin
}

// reply is what a desk says to an order.
type reply struct {
	Text  string   `json:"text"` // for stdout
	Error *trouble `json:"error,omitempty"`
}

// trouble is a desk.Error on its way back.
type trouble struct {
	Fault desk.Fault `json:"fault"`
	Code  string     `json:"code"`
	Field string     `json:"field"`
	Msg   string     `json:"msg"`
	Hint  string     `json:"hint"`
}

func (a *App) takeOrder(w http.ResponseWriter, r *http.Request) {
	var e envelope
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxOrder)).Decode(&e); err != nil {
		http.Error(w, "this order cannot be read", http.StatusBadRequest)
		return
	}
	blank, known := orders[e.Order]
	if !known {
		http.Error(w, "this desk does not know the order "+e.Order, http.StatusNotFound)
		return
	}
	o := blank()
	if err := json.Unmarshal(e.Fields, o); err != nil {
		http.Error(w, "this order cannot be read", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), orderWait)
	defer cancel()
	var text bytes.Buffer
	err := o.on(ctx, a, vault.Secret(e.Secret), &text)
	a.log.InfoContext(ctx, "order carried out", "order", e.Order, "ok", err == nil)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answerTo(text.String(), err)) // whoever asked may have gone
}

func answerTo(text string, err error) reply {
	var e *desk.Error
	switch {
	case errors.As(err, &e):
		return reply{Text: text, Error: &trouble{e.Fault, e.Code, e.Field, e.Error(), e.Hint}}
	case err != nil:
		return reply{Text: text, Error: &trouble{Fault: desk.Internal, Msg: err.Error()}}
	}
	return reply{Text: text}
}

// send has a running desk carry out an order, and writes what it says to out.
func send(ctx context.Context, socket string, o order, secret vault.Secret, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, orderWait)
	defer cancel()
	fields, err := json.Marshal(o)
	if err != nil {
		return err
	}
	body, err := json.Marshal(envelope{o.name(), fields, secret.Reveal()})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://desk/order", bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := socketClient(socket).Do(r)
	if err != nil {
		return &desk.Error{Fault: desk.Unavailable, Code: "desk_silent", Err: err,
			Msg: "the running desk does not answer", Hint: "Try again, or start it anew."}
	}
	defer answer.Body.Close()
	return hear(answer, out)
}

func hear(answer *http.Response, out io.Writer) error {
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 500)) // what is missing is the server's to say
		return fmt.Errorf("the running desk refused: %s", bytes.TrimSpace(text))
	}
	var said reply
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return fmt.Errorf("hear the running desk: %w", err)
	}
	if _, err := io.WriteString(out, said.Text); err != nil {
		return err
	}
	if e := said.Error; e != nil {
		return &desk.Error{Fault: e.Fault, Code: e.Code, Field: e.Field, Msg: e.Msg, Hint: e.Hint}
	}
	return nil
}

func socketClient(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		},
	}}
}

// socketOf waits until the desk that owns a folder says where it takes orders.
func socketOf(ctx context.Context, dir string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, controlWait)
	defer cancel()
	for {
		if h, err := holderOf(dir); err == nil && h.Socket != "" {
			return h.Socket, nil
		}
		select {
		case <-ctx.Done():
			return "", &desk.Error{Fault: desk.Unavailable, Code: "desk_silent",
				Msg: "the desk that runs on " + dir + " takes no orders", Hint: "Wait until it is ready, or start it anew."}
		case <-time.After(20 * time.Millisecond):
		}
	}
}
