package mailroom

import (
	"errors"
	"strings"
)

const maxAddress = 254

var errAddress = errors.New("not a mail address")

// splitAddress returns the account that an address belongs to, without plus
// part and in lower case, and its domain.
func splitAddress(address string) (base, domain string, err error) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 || len(address) > maxAddress || strings.ContainsAny(address, "\r\n\x00<>") {
		return "", "", errAddress
	}
	local, _, _ := strings.Cut(strings.ToLower(address[:at]), "+")
	domain = strings.ToLower(address[at+1:])
	if local == "" {
		return "", "", errAddress
	}
	return local + "@" + domain, domain, nil
}
