package mailroom

import (
	"crypto/subtle"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// Inbox, Sent and Junk are the folders that every account has.
	Inbox = "INBOX"
	Sent  = "Sent"
	Junk  = "Junk"

	maxFolderName = 200
)

// Account is a person's mailbox in the room. The address logs in, by IMAP and
// by SMTP; mail to it with any plus part, to an alias, and in any case of
// letters arrives in its INBOX. It may send from the same addresses.
type Account struct {
	Address  string
	Password string
	Name     string
	Aliases  []string
}

// account is guarded by Room.mu.
type account struct {
	Account
	base    string
	domain  string
	dir     string // empty in memory
	folders map[string]*folder
	bytes   int64
	version uint64
	changed chan struct{} // closed at the next change, then replaced
}

// AddUser makes a mailbox, or brings back the one that Config.Dir kept. Adding
// an address again changes its password, name and aliases and keeps its mail.
func (r *Room) AddUser(a Account) error {
	base, domain, err := splitAddress(a.Address)
	if err != nil {
		return fmt.Errorf("add user: %w", err)
	}
	names := []string{base}
	for _, alias := range a.Aliases {
		other, _, err := splitAddress(alias)
		if err != nil {
			return fmt.Errorf("add alias: %w", err)
		}
		names = append(names, other)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.accounts[base]
	for _, name := range names {
		if taken := r.accounts[name]; taken != nil && taken != old {
			return fmt.Errorf("add user: an address is taken by another account")
		}
	}
	if old == nil {
		if old, err = r.openAccount(base, domain); err != nil {
			return fmt.Errorf("add user: %w", err)
		}
	}
	old.Account = a
	for _, name := range names {
		r.accounts[name] = old
	}
	return nil
}

// openAccount makes the account with what its folder on disk holds.
func (r *Room) openAccount(base, domain string) (*account, error) {
	a := &account{base: base, domain: domain, folders: make(map[string]*folder), changed: make(chan struct{})}
	if r.config.Dir != "" {
		a.dir = filepath.Join(r.config.Dir, "mail", url.PathEscape(base))
		if err := os.MkdirAll(a.dir, 0o700); err != nil {
			return nil, err
		}
	}
	names := []string{Inbox, Sent, Junk}
	for _, name := range keptFolders(a.dir) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if _, err := a.createFolder(name); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// keptFolders lists the folders that have a directory in dir.
func keptFolders(dir string) []string {
	if dir == "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		name, err := url.PathUnescape(e.Name())
		if err == nil && e.IsDir() && folderNameOK(name) {
			names = append(names, name)
		}
	}
	return names
}

func folderNameOK(name string) bool {
	if name == "" || len(name) > maxFolderName || strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
		return part == "" || part == "." || part == ".."
	})
}

// canonicalFolder maps every spelling of INBOX to the one (RFC 9051 §5.1).
func canonicalFolder(name string) string {
	if strings.EqualFold(name, Inbox) {
		return Inbox
	}
	return name
}

func (a *account) createFolder(name string) (*folder, error) {
	f, err := openFolder(a, name, a.folderDir(name))
	if err != nil {
		return nil, err
	}
	a.folders[name] = f
	return f, nil
}

func (a *account) folderDir(name string) string {
	if a.dir == "" {
		return ""
	}
	return filepath.Join(a.dir, url.PathEscape(name))
}

// bump wakes all who wait for a change in this account.
func (a *account) bump() {
	a.version++
	close(a.changed)
	a.changed = make(chan struct{})
}

func (a *account) closeFiles() error {
	for _, f := range a.folders {
		if err := f.disk.close(); err != nil {
			return err
		}
	}
	return nil
}

// owns says whether an address is this account's own, with or without a plus
// part.
func (a *account) owns(address string) bool {
	base, _, err := splitAddress(address)
	if err != nil {
		return false
	}
	if base == a.base {
		return true
	}
	return slices.ContainsFunc(a.Aliases, func(alias string) bool {
		other, _, err := splitAddress(alias)
		return err == nil && other == base
	})
}

// account finds the account of an address; nil if there is none.
func (r *Room) account(address string) *account {
	base, _, err := splitAddress(address)
	if err != nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.accounts[base]
}

// knowsDomain says whether any account lives in a domain.
func (r *Room) knowsDomain(domain string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for base := range r.accounts {
		if strings.HasSuffix(base, "@"+domain) {
			return true
		}
	}
	return false
}

// login returns the account whose own address and password these are.
func (r *Room) login(username, password string) *account {
	a := r.account(username)
	if a == nil || r.faults.refusesLogin(a.base) {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if subtle.ConstantTimeCompare([]byte(a.Password), []byte(password)) != 1 {
		return nil
	}
	return a
}
