package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"aparte/internal/desk"
)

// stopWait is how long requests may take to end when the desk stops.
const stopWait = 5 * time.Second

// defaultListen is where a desk listens unless it is told otherwise.
const defaultListen = "127.0.0.1:8080"

// serveCommand is a desk for a team.
type serveCommand struct {
	dataFlag
	Listen  string `placeholder:"ADDR" default:"${listen}" help:"Address and port to listen on. Off loopback it always is HTTPS."`
	TLSCert string `name:"tls-cert" placeholder:"FILE" type:"path" help:"Certificate chain in PEM. Off loopback, without one, the desk makes its own."`
	TLSKey  string `name:"tls-key" placeholder:"FILE" type:"path" help:"The certificate's key in PEM."`
}

func (c *serveCommand) check() error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together; give both or neither; see aparte serve --help")
	}
	return checkListen(c.Listen, "serve")
}

// checkListen refuses what can be no address to listen on: wrong usage.
func checkListen(address, command string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("%q is not an address to listen on; write it like %s; see aparte %s --help", address, defaultListen, command)
	}
	return nil
}

// Run serves until the program is told to stop.
func (c *serveCommand) Run(p *program) error {
	a, err := Open(p.ctx, Config{Data: c.folder(), Mode: modeServe, UI: p.ui, Log: p.log, TLS: c.secure()})
	if err != nil {
		return err
	}
	defer a.Close()
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	scheme := "http"
	if c.secure() {
		cert, err := c.certificate(a.config.Data)
		if err != nil {
			return err
		}
		p.log.Info("serving over tls", "fingerprint", fingerprint(cert))
		l, scheme = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12,
			NextProtos: []string{"h2", "http/1.1"}}), "https"
	}
	if err := a.hintAtFirstAgent(p.ctx); err != nil {
		return err
	}
	return a.Run(p.ctx, func(ctx context.Context) error {
		if _, err := fmt.Fprintf(p.out, "ready %s://%s\n", scheme, visible(l.Addr())); err != nil {
			return err
		}
		return serveUntil(ctx, httpServer(a.handler, a.log), l)
	})
}

// hintAtFirstAgent says how one gets into a desk that nobody can log in to.
func (a *App) hintAtFirstAgent(ctx context.Context) error {
	agents, err := a.agents(ctx)
	if err == nil && len(agents) == 0 {
		a.log.WarnContext(ctx, "nobody can log in yet", "hint",
			"aparte agent add --data "+a.config.Data+" --email YOU --name NAME --role admin --password-stdin")
	}
	return err
}

// secure tells whether the desk speaks TLS: always off loopback.
func (c *serveCommand) secure() bool { return c.TLSCert != "" || !isLoopback(c.Listen) }

func isLoopback(address string) bool {
	host, _, _ := net.SplitHostPort(address) // checked before
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *serveCommand) certificate(dir string) (tls.Certificate, error) {
	if c.TLSCert == "" {
		return ownCertificate(dir, c.Listen)
	}
	cert, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return cert, &desk.Error{Fault: desk.Invalid, Code: "certificate_unusable", Field: "tls-cert", Err: err,
			Msg: "the certificate cannot be used", Hint: "Give matching PEM files with --tls-cert and --tls-key."}
	}
	return cert, nil
}

// fingerprint is what people compare: the SHA-256 of the certificate.
func fingerprint(c tls.Certificate) string {
	return strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", sha256.Sum256(c.Certificate[0])), " ", ":"))
}

// listen opens a port, or says in a sentence why it cannot.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	e := &desk.Error{Fault: desk.Unavailable, Code: "listen_failed", Field: "listen"}
	var unknown *net.DNSError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		e.Code, e.Msg = "port_in_use", "the address "+address+" is in use by another program"
		e.Hint = "Stop that one, or choose another port with --listen."
	case errors.Is(err, syscall.EACCES):
		e.Msg, e.Hint = "the address "+address+" is not allowed for this user", "Choose a port from 1024 on with --listen."
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &unknown):
		e.Msg, e.Hint = "the address "+address+" is not one of this computer", "Choose another one with --listen."
	default:
		e.Msg, e.Hint, e.Err = "the address "+address+" cannot be listened on", "Choose another one with --listen.", err
	}
	return nil, e
}

// visible is a listener's address as somebody can type it.
func visible(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		name, _ := os.Hostname()
		return net.JoinHostPort(cmp.Or(name, "localhost"), port)
	}
	return at.String()
}

// httpServer serves people and programs. Its waits leave room for long polls
// (25 s) and for large files on slow lines.
func httpServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute,
		WriteTimeout: 15 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

// serveUntil serves until ctx ends, and lets requests in hand end first.
func serveUntil(ctx context.Context, s *http.Server, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
	defer cancel()
	if err := s.Shutdown(wait); err != nil {
		_ = s.Close() // cuts those that did not end in time
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
