package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// traces are the header fields that servers add or change on a mail's way.
var traces = map[string]bool{
	"received": true, "delivered-to": true, "return-path": true, "envelope-to": true, "delivery-date": true,
	"authentication-results": true, "received-spf": true, "dkim-signature": true, "domainkey-signature": true,
	"dkim-filter": true, "status": true, "lines": true, "content-length": true, "errors-to": true,
	"autocrypt": true, "thread-index": true, "mime-version": true,
}

func trace(name string) bool {
	name = strings.ToLower(name)
	return traces[name] || strings.HasPrefix(name, "x-") || strings.HasPrefix(name, "arc-") || strings.HasPrefix(name, "resent-")
}

// coreSum is the sum of what stays the same of a mail on all its ways: the
// fields that are no trace, unfolded, and the body with CRLF and without empty
// lines at its end. Two copies of one mail are equal by it, and a mail with
// other words under the same Message-ID is not.
func coreSum(raw []byte) string {
	head, body := splitMessage(raw)
	h := sha256.New()
	for _, f := range head.fields {
		if !trace(f.name) {
			h.Write([]byte(strings.ToLower(f.name) + ":" + strings.Join(strings.Fields(f.value), " ") + "\r\n"))
		}
	}
	h.Write([]byte("\r\n"))
	body = bytes.TrimRight(body, "\r\n")
	for len(body) > 0 {
		line, rest, _ := bytes.Cut(body, []byte("\n"))
		h.Write(bytes.TrimSuffix(line, []byte("\r")))
		h.Write([]byte("\r\n"))
		body = rest
	}
	return hex.EncodeToString(h.Sum(nil))
}
