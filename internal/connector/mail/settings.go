package mail

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"aparte/internal/desk"
)

// TLSMode says how a line is made secret.
type TLSMode string

// The modes. Nothing is opportunistic: with StartTLS a server that does not
// offer it is refused before the password is sent.
const (
	Implicit TLSMode = "implicit" // TLS from the first byte: ports 993 and 465
	StartTLS TLSMode = "starttls" // begun in the clear: ports 143 and 587
	NoTLS    TLSMode = "none"     // on this computer only
)

// Where a new mailbox begins.
const (
	FromNow = "now" // what arrives from now on
	FromAll = "all" // everything that is in the folder
)

// Settings is how a mailbox is reached: the JSON in an account's settings. It
// holds no secret.
type Settings struct {
	IMAP    string  `json:"imap"` // host:port
	SMTP    string  `json:"smtp"`
	IMAPTLS TLSMode `json:"imap_tls"`
	SMTPTLS TLSMode `json:"smtp_tls"`
	User    string  `json:"user"`
	CA      string  `json:"ca,omitempty"`    // PEM of a certificate to trust beside the system's
	Since   string  `json:"since,omitempty"` // "now" or "all"; empty is now

	// AuthservIDs are the names under which the receiving server writes what it
	// found about a sender (RFC 8601 §2.5). Empty: nobody's findings count.
	AuthservIDs []string `json:"authserv_ids,omitempty"`
}

// ParseSettings reads what JSON wrote, and fills in what may be left out.
func ParseSettings(text string) (Settings, error) {
	var s Settings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, &desk.Error{Fault: desk.Invalid, Code: "settings_malformed", Field: "settings",
			Msg: "the settings of this mailbox cannot be read", Hint: "Enter the mailbox's servers again.", Err: err}
	}
	if s.IMAPTLS == "" {
		s.IMAPTLS = Implicit
	}
	if s.SMTPTLS == "" {
		s.SMTPTLS = Implicit
	}
	if s.Since == "" {
		s.Since = FromNow
	}
	return s, s.Validate()
}

// JSON writes the settings as they are stored.
func (s Settings) JSON() string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("mail settings hold something that is no JSON: " + err.Error())
	}
	return string(b)
}

// Validate refuses settings that could never work, or that would send the
// password in the clear.
func (s Settings) Validate() error {
	if err := server("imap", "993", s.IMAP, s.IMAPTLS); err != nil {
		return err
	}
	if err := server("smtp", "465", s.SMTP, s.SMTPTLS); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(s.User) == "":
		return desk.Refuse("user", "user_missing", "a user name is missing", "It is often the whole mail address.")
	case strings.ContainsFunc(s.User, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return desk.Refuse("user", "user_malformed", "the user name holds a control character", "Type it again by hand.")
	case s.Since != "" && s.Since != FromNow && s.Since != FromAll:
		return desk.Refuse("since", "since_unknown", "a mailbox begins with “now” or with “all”", "Choose one of the two.")
	case s.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(s.CA)):
		return desk.Refuse("ca", "certificate_malformed", "the certificate is not in PEM form",
			"It begins with -----BEGIN CERTIFICATE-----.")
	}
	return nil
}

func server(field, port, address string, mode TLSMode) error {
	host, p, err := net.SplitHostPort(address)
	n, bad := strconv.ParseUint(p, 10, 16)
	switch {
	case err != nil || host == "" || bad != nil || n == 0 || strings.ContainsAny(host, " \t\r\n/@"):
		return desk.Refuse(field, "server_malformed", "“"+desk.OneLine(address, 80)+"” is not a server and a port",
			"Write it like "+field+".example.com:"+port+".")
	case mode != Implicit && mode != StartTLS && mode != NoTLS:
		return desk.Refuse(field+"_tls", "tls_unknown", "the way to secure the line is unknown", "Choose implicit or starttls.")
	case mode == NoTLS && !loopback(host):
		return desk.Refuse(field+"_tls", "tls_needed", "a line to another computer needs TLS",
			"Choose implicit (port "+port+") or starttls.")
	}
	return nil
}

// loopback tells whether a host can only be this computer.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Config is one mailbox, and what the desk lends its connector.
type Config struct {
	Account  desk.AccountID
	Address  string // the mailbox's own address, without a plus part
	Name     string // as people outside read it, where an agent has no name
	Settings Settings
	Began    time.Time     // when the mailbox was added: what came since is taken from the first look on
	Password func() string // asked for at each login, and never kept
	Key      []byte        // signs Message-IDs
	Instance string        // this desk's mark against loops
	Log      *slog.Logger
	Now      func() time.Time

	IdleFor   time.Duration // one IDLE at most; 0 is 5 min
	PollEvery time.Duration // between looks without IDLE; 0 is 60 s
	Settle    time.Duration // the first look after a quiet one; 0 is 20 s
	Patience  time.Duration // for an answer, and for a write; 0 is 30 s
	Progress  time.Duration // for the next byte of a message, and of one sent; 0 is 60 s
	Verdict   time.Duration // for the answer to a message sent; 0 is 10 min
}

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		at *time.Duration
		is time.Duration
	}{
		{&c.IdleFor, 5 * time.Minute}, {&c.PollEvery, time.Minute}, {&c.Settle, 20 * time.Second},
		{&c.Patience, 30 * time.Second}, {&c.Progress, time.Minute}, {&c.Verdict, 10 * time.Minute},
	} {
		if *d.at <= 0 {
			*d.at = d.is
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Password == nil {
		c.Password = func() string { return "" }
	}
	return c
}

func (c Config) validate() error {
	if _, err := desk.ParseAddress(c.Address); err != nil {
		return fmt.Errorf("address of the mailbox: %w", err)
	}
	if len(c.Key) < 16 {
		return fmt.Errorf("mail connector: a key of %d bytes signs nothing", len(c.Key))
	}
	return c.Settings.Validate()
}
