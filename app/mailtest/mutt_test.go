//go:build realmail

package mailtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// muttReplies lets a person answer the last mail of their INBOX in mutt,
// unattended: mutt runs on a terminal of its own and gets its keys by "push".
func (s *servers) muttReplies(t *testing.T, name, domain, words string) {
	t.Helper()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "Mail"), 0o700); err != nil {
		t.Fatal(err)
	}
	editor := filepath.Join(home, "editor")
	script := fmt.Sprintf("#!/bin/sh\n{ printf '%%s\\n\\n' \"%s\"; cat \"$1\"; } > \"$1.new\" && mv \"$1.new\" \"$1\"\n", words)
	if err := os.WriteFile(editor, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	rc := filepath.Join(home, "muttrc")
	if err := os.WriteFile(rc, fmt.Appendf(nil, `set realname="Mia Carrier"
set from="%[1]s@%[2]s"
set use_from=yes
set imap_user="%[1]s"
set imap_pass="%[3]s"
set smtp_url="smtp://%[1]s@127.0.0.1:%[4]d/"
set smtp_pass="%[3]s"
set ssl_starttls=yes
set ssl_force_tls=yes
set ssl_verify_host=no
set certificate_file="%[5]s"
set editor="%[6]s"
set folder="%[7]s/Mail"
set record=""
set postponed="%[7]s/Mail/postponed"
set header_cache=""
set message_cachedir=""
set fast_reply=yes
set include=yes
set reply_to=yes
set confirmappend=no
set delete=no
set quit=yes
set crypt_use_gpgme=no
set sendmail_wait=0
set sleep_time=0
`, name, domain, password, s.Submission, s.Certificate, editor, home), 0o600); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(home, "log")
	command := fmt.Sprintf("mutt -n -F %s -f imaps://127.0.0.1:%d/INBOX -e 'push <last-entry><reply><send-message><exit>'", rc, s.IMAPS)
	cmd := exec.CommandContext(t.Context(), "timeout", "60", "script", "-qc", command, log)
	cmd.Env = append(os.Environ(), "HOME="+home, "TERM=xterm", "LANG=C.UTF-8", "LINES=40", "COLUMNS=120")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("mutt: %v\n%s\n%s", err, out, tail(log))
	}
}
