package mail

import (
	"slices"
	"strings"

	"aparte/internal/desk"
)

const (
	resultsField = "Authentication-Results"
	maxResults   = 16 << 10 // of one field that is read
)

// result is one method's verdict in a field of results, as dmarc=pass
// header.from=example.com.
type result struct {
	method, verdict string
	properties      map[string]string
}

// authOf says what is proven of the sender. A second From makes every proof
// worthless: it may be about the other one. Only the topmost field of results
// is read, and only if it names a server that the mailbox's settings trust:
// whatever stands below may have come with the mail.
func (c *Connector) authOf(h head, from []desk.Address) desk.Auth {
	if len(h.all("From")) > 1 || len(from) > 1 {
		return desk.Auth{Result: desk.AuthFail, Reason: "several_from"}
	}
	if len(from) == 0 || len(c.Settings.AuthservIDs) == 0 || !h.has(resultsField) {
		return desk.Auth{Result: desk.AuthNone}
	}
	server, results, ok := readResults(h.get(resultsField))
	if !ok || !slices.ContainsFunc(c.Settings.AuthservIDs, func(id string) bool { return strings.EqualFold(id, server) }) {
		return desk.Auth{Result: desk.AuthNone}
	}
	return judged(results, domainOf(from[0].Email))
}

// judged takes the DMARC verdict over the domain that stands in From. Two
// verdicts that differ are none, and so is one over another domain.
func judged(results []result, domain string) desk.Auth {
	verdict, about := "", ""
	for _, r := range results {
		if r.method != "dmarc" {
			continue
		}
		if verdict != "" && (verdict != r.verdict || about != r.properties["header.from"]) {
			return desk.Auth{Result: desk.AuthNone, Reason: "dmarc_ambiguous"}
		}
		verdict, about = r.verdict, r.properties["header.from"]
	}
	if domain == "" || about == "" || domainOf("x@"+about) != domain {
		return desk.Auth{Result: desk.AuthNone}
	}
	switch verdict {
	case "pass":
		return desk.Auth{Result: desk.AuthPass, Reason: "dmarc", Domain: domain}
	case "fail":
		return desk.Auth{Result: desk.AuthFail, Reason: "dmarc", Domain: domain}
	}
	return desk.Auth{Result: desk.AuthNone}
}

// readResults reads a field of RFC 8601: the server that speaks, and its
// results. A field with an open quote or comment says nothing at all, for
// nobody knows where its parts end.
func readResults(s string) (server string, results []result, ok bool) {
	if len(s) > maxResults {
		return "", nil, false
	}
	parts, ok := resultParts(s)
	if !ok || len(parts) == 0 || len(parts[0]) == 0 || len(parts[0]) > 2 {
		return "", nil, false
	}
	if len(parts[0]) == 2 && parts[0][1] != "1" { // the version of the format
		return "", nil, false
	}
	for _, words := range parts[1:] {
		if r, ok := oneResult(words); ok {
			results = append(results, r)
		}
	}
	return parts[0][0], results, !strings.Contains(parts[0][0], "=")
}

func oneResult(words []string) (result, bool) {
	if len(words) == 0 {
		return result{}, false
	}
	method, verdict, ok := strings.Cut(words[0], "=")
	method, _, _ = strings.Cut(strings.ToLower(method), "/")
	if !ok || method == "" || verdict == "" {
		return result{}, false
	}
	r := result{method: method, verdict: strings.ToLower(verdict), properties: map[string]string{}}
	for _, w := range words[1:] {
		name, value, ok := strings.Cut(w, "=")
		name = strings.ToLower(name)
		if _, twice := r.properties[name]; ok && twice {
			return result{method: method, verdict: "ambiguous"}, true
		}
		if ok {
			r.properties[name] = strings.ToLower(value)
		}
	}
	return r, true
}

// resultParts cuts a field at its semicolons, and each part into words. What is
// in a comment is left out; what is in quotes is the text of its word and cuts
// nothing. Space around = belongs to no word.
func resultParts(s string) (parts [][]string, ok bool) {
	var words []string
	var word strings.Builder
	depth, quoted, glue := 0, false, false
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
		glue = false
	}
	gap := false
	for i := 0; i < len(s); i++ {
		ch := s[i]
		switch {
		case ch == '\\' && (quoted || depth > 0) && i+1 < len(s):
			i++
			if quoted {
				word.WriteByte(s[i])
			}
		case ch == '"' && depth == 0:
			if !quoted && gap && !glue {
				end()
			}
			quoted, gap = !quoted, false
		case quoted:
			word.WriteByte(ch)
		case ch == '(':
			depth++
			gap = true
		case ch == ')' && depth > 0:
			depth--
		case depth > 0:
		case ch == ';':
			end()
			parts, words, gap = append(parts, words), nil, false
		case ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n':
			gap = true
		default:
			if gap && !glue && ch != '=' {
				end()
			}
			word.WriteByte(ch)
			gap, glue = false, ch == '='
		}
	}
	end()
	return append(parts, words), depth == 0 && !quoted
}
