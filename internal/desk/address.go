package desk

import (
	"net/mail"
	"strings"
)

// Address is somebody's name and mail address, or a channel's own handle
// where the channel is not mail.
type Address struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email"`
}

// Limits of RFC 5321 §4.5.3.1: octets of a local part and of a whole address.
const (
	maxLocalPart = 64
	maxAddress   = 254
)

// Key is the address as it is compared: lower case, no space around it.
func (a Address) Key() string { return strings.ToLower(strings.TrimSpace(a.Email)) }

// String writes the address for a person to read.
func (a Address) String() string {
	if a.Name == "" {
		return a.Email
	}
	return a.Name + " <" + a.Email + ">"
}

// Label is the name, or the address where there is no name.
func (a Address) Label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Email
}

// Domain is what stands after the last @, in lower case.
func (a Address) Domain() string {
	_, d := SplitAddress(a.Key())
	return d
}

// SplitAddress cuts an address at its last @.
func SplitAddress(addr string) (local, domain string) {
	i := strings.LastIndexByte(addr, '@')
	if i < 0 {
		return addr, ""
	}
	return addr[:i], addr[i+1:]
}

// SplitPlus cuts the part after the first + from an address:
// "support+x@d" is "support@d" and "x".
func SplitPlus(addr string) (base, tag string) {
	local, domain := SplitAddress(addr)
	i := strings.IndexByte(local, '+')
	if i < 0 {
		return addr, ""
	}
	return local[:i] + "@" + domain, local[i+1:]
}

// ParseAddress reads one address as a person types it ("a@b.c" or "Name <a@b.c>").
// It refuses what no mail server would take, and what could change the meaning
// of an SMTP command.
func ParseAddress(s string) (Address, error) {
	bad := func(why string) (Address, error) {
		return Address{}, &Error{Fault: Invalid, Code: "address_malformed", Field: "to",
			Msg: "“" + OneLine(s, 80) + "” is not a mail address: " + why, Hint: "Write it like name@example.com."}
	}
	p, err := mail.ParseAddress(strings.TrimSpace(s))
	if err != nil {
		return bad("it cannot be read")
	}
	local, domain := SplitAddress(p.Address)
	switch {
	case local == "" || domain == "":
		return bad("one side of the @ is empty")
	case len(local) > maxLocalPart || len(p.Address) > maxAddress:
		return bad("it is too long")
	case strings.ContainsAny(p.Address, "<>\"\\ \t\r\n\x00") || hasControl(p.Address):
		return bad("it holds a character that is not allowed")
	case !plain(p.Address):
		return bad("it needs quotes")
	case !strings.Contains(domain, ".") && domain != "localhost":
		return bad("the part after the @ has no dot")
	case strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, ".."):
		return bad("the part after the @ has a dot too many")
	}
	return Address{Name: OneLine(p.Name, 120), Email: p.Address}, nil
}

// plain tells whether an address means the same when it stands alone, as it
// does in an SMTP command. Reading takes quotes off that it may depend on.
func plain(addr string) bool {
	p, err := mail.ParseAddress(addr)
	return err == nil && p.Name == "" && p.Address == addr
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

// Recipient is one address and the line it stands on.
type Recipient struct {
	Address
	Class Class `json:"class"`
}

// Class is the line of a message that an address stands on.
type Class string

// The lines of a message.
const (
	To  Class = "to"
	Cc  Class = "cc"
	Bcc Class = "bcc"
)
