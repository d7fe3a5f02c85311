//go:build realmail

// Package mailtest drives the real program against Dovecot, Postfix and mutt,
// all on loopback and in a folder of their own. It needs root and Debian's
// packages; `make check-mail` sees to them.
package mailtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

//go:embed dovecot.conf.tmpl
var dovecotConf string

//go:embed main.cf.tmpl
var mainCf string

//go:embed master.cf.tmpl
var masterCf string

// password is everybody's, on servers that only this computer can reach.
const password = "correct horse battery"

// servers are Dovecot and Postfix as one test run has them.
type servers struct {
	Dir                                       string
	IMAP, IMAPS, LMTP, SASL                   int
	SMTP, Submission, Submissions             int
	UID, GID                                  int
	Certificate, Key, DovecotConf, PostfixDir string
}

// start brings both servers up and takes them down at the end of the test.
func start(t *testing.T) *servers {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("Dovecot and Postfix can only be started by root; run make check-mail as root")
	}
	s := &servers{Dir: worldDir(t)}
	s.ports(t)
	s.owner(t)
	s.certificate(t)
	s.dovecot(t)
	s.postfix(t)
	s.await(t, s.IMAPS, s.Submission)
	return s
}

// worldDir is a folder that the servers' own users may enter, with a path
// short enough for their sockets.
func worldDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "apmail")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (s *servers) ports(t *testing.T) {
	t.Helper()
	for _, p := range []*int{&s.IMAP, &s.IMAPS, &s.LMTP, &s.SASL, &s.SMTP, &s.Submission, &s.Submissions} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // held until all are chosen, so that no two are the same
		*p = l.Addr().(*net.TCPAddr).Port
	}
}

// owner picks whom the mailboxes belong to: a system user that every Debian has.
func (s *servers) owner(t *testing.T) {
	t.Helper()
	u, err := user.Lookup("mail")
	if err != nil {
		t.Fatal(err)
	}
	s.UID, _ = strconv.Atoi(u.Uid)
	s.GID, _ = strconv.Atoi(u.Gid)
	boxes := filepath.Join(s.Dir, "mail")
	if err := os.Mkdir(boxes, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(boxes, s.UID, s.GID); err != nil {
		t.Fatal(err)
	}
}

func (s *servers) certificate(t *testing.T) {
	t.Helper()
	s.Certificate, s.Key = filepath.Join(s.Dir, "cert.pem"), filepath.Join(s.Dir, "key.pem")
	must(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
		"-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", s.Key, "-out", s.Certificate)
}

func (s *servers) dovecot(t *testing.T) {
	t.Helper()
	s.DovecotConf = filepath.Join(s.Dir, "dovecot.conf")
	s.write(t, s.DovecotConf, dovecotConf)
	must(t, "dovecot", "-c", s.DovecotConf)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(tail(filepath.Join(s.Dir, "dovecot.log")))
		}
		must(t, "doveadm", "-c", s.DovecotConf, "stop")
	})
}

func (s *servers) postfix(t *testing.T) {
	t.Helper()
	s.PostfixDir = filepath.Join(s.Dir, "pf")
	data := filepath.Join(s.PostfixDir, "data")
	if err := os.MkdirAll(filepath.Join(s.PostfixDir, "queue"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	must(t, "chown", "postfix", data)
	s.write(t, filepath.Join(s.PostfixDir, "main.cf"), mainCf)
	s.write(t, filepath.Join(s.PostfixDir, "master.cf"), masterCf)
	must(t, "postfix", "-c", s.PostfixDir, "start")
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(tail(filepath.Join(s.PostfixDir, "mail.log")))
		}
		must(t, "postfix", "-c", s.PostfixDir, "stop")
	})
}

func (s *servers) write(t *testing.T, path, text string) {
	t.Helper()
	var b bytes.Buffer
	if err := template.Must(template.New("").Parse(text)).Execute(&b, s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// await returns when every port answers.
func (s *servers) await(t *testing.T, ports ...int) {
	t.Helper()
	for _, p := range ports {
		eventually(t, fmt.Sprintf("port %d answers", p), func() bool {
			c, err := net.DialTimeout("tcp", s.at(p), time.Second)
			if err == nil {
				c.Close()
			}
			return err == nil
		})
	}
}

func (s *servers) at(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// person makes a mailbox; the part before the @ logs in.
func (s *servers) person(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(s.Dir, "users"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "%s:{PLAIN}%s\n", name, password); err != nil {
		t.Fatal(err)
	}
}

// trust is how a client of these servers checks them.
func (s *servers) trust(t *testing.T) *tls.Config {
	t.Helper()
	pem, err := os.ReadFile(s.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &tls.Config{RootCAs: roots, ServerName: "localhost"}
}

// submit sends a mail as a person would, over STARTTLS and with a login.
func (s *servers) submit(t *testing.T, from, to, raw string) {
	t.Helper()
	c, err := smtp.DialStartTLS(s.at(s.Submission), s.trust(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	name, _, _ := strings.Cut(from, "@")
	if err := c.Auth(sasl.NewPlainClient("", name, password)); err != nil {
		t.Fatal(err)
	}
	if err := c.SendMail(from, []string{to}, strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil {
		t.Fatal(err)
	}
}

// mails reads what lies in a person's INBOX, as the server keeps it.
func (s *servers) mails(t *testing.T, name string) []string {
	t.Helper()
	var all []string
	for _, folder := range []string{"new", "cur"} {
		paths, err := filepath.Glob(filepath.Join(s.Dir, "mail", name, "Maildir", folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(b))
		}
	}
	return all
}

const patience = 30 * time.Second

// eventually asks again until ok, and fails when patience runs out. It is for
// what lies outside of the program and gives no signal.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited %s in vain until %s", patience, what)
		case <-tick.C:
		}
	}
}

// must runs a command to its end. Its output goes into a file and not into a
// pipe: a daemon keeps what it inherits, and a pipe would never end.
func must(t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, tail(out.Name()))
	}
}

func tail(path string) string {
	b, _ := os.ReadFile(path) // a missing log says as much
	return path + ":\n" + string(b[max(0, len(b)-4000):])
}
