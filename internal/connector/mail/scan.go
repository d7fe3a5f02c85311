package mail

import (
	"sort"
	"strconv"
	"strings"

	"aparte/internal/desk"
)

const (
	maxIDs       = 100
	maxAddresses = 500
)

// isID tells whether a text may stand between < and > as an id.
func isID(s string) bool {
	return len(s) >= 3 && len(s) <= 250 && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > 0x7e || r == '<' || r == '>'
	})
}

// scanIDs finds every <id> of a field in one pass, whatever stands between them.
func scanIDs(s string) []string {
	var ids []string
	open := -1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<':
			open = i + 1
		case '>':
			if open >= 0 && isID(s[open:i]) {
				ids = append(ids, s[open:i])
			}
			open = -1
		}
	}
	return ids
}

// scanAddresses reads an address list in one pass: "Name" <a@b>, a@b (Name),
// groups, and whatever else stands there. What is in quotes or comments is
// never an address.
func scanAddresses(s string) []desk.Address {
	var list []desk.Address
	var phrase, comment, angle strings.Builder
	depth, inAngle, inQuote, hadAngle := 0, false, false, false
	flush := func() {
		if a, ok := oneAddress(phrase.String(), comment.String(), angle.String(), hadAngle); ok && len(list) < maxAddresses {
			list = append(list, a)
		}
		phrase.Reset()
		comment.Reset()
		angle.Reset()
		inAngle, hadAngle = false, false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && (inQuote || depth > 0) && i+1 < len(s):
			i++
			target(&phrase, &comment, depth).WriteByte(s[i])
		case c == '"' && depth == 0:
			inQuote = !inQuote
		case inQuote:
			if inAngle {
				angle.WriteByte(c)
			} else {
				phrase.WriteByte(c)
			}
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
			comment.WriteByte(c)
		case c == '<':
			inAngle, hadAngle = true, true
			angle.Reset()
		case c == '>':
			inAngle = false
		case inAngle:
			angle.WriteByte(c)
		case c == ',' || c == ';':
			flush()
		case c == ':':
			phrase.Reset() // the name of a group
		default:
			phrase.WriteByte(c)
		}
	}
	flush()
	return list
}

func target(phrase, comment *strings.Builder, depth int) *strings.Builder {
	if depth > 0 {
		return comment
	}
	return phrase
}

func oneAddress(phrase, comment, angle string, hadAngle bool) (desk.Address, bool) {
	name, email := phrase, angle
	if !hadAngle {
		name, email = comment, phrase
	}
	if i := strings.LastIndexByte(email, ':'); i >= 0 && strings.HasPrefix(strings.TrimSpace(email), "@") {
		email = email[i+1:] // a route of the eighties
	}
	email = strings.TrimSpace(plainText(email))
	local, domain := desk.SplitAddress(email)
	if local == "" || domain == "" || len(email) > 254 || strings.ContainsFunc(email, func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == '<' || r == '>' || r == 0xFFFD
	}) {
		return desk.Address{}, false
	}
	return desk.Address{Name: desk.OneLine(decodeWords(name), 120), Email: email}, true
}

// parameters reads "value; name=text; …" as in Content-Type, with the
// continuations and charsets of RFC 2231 and the RFC 2047 words that stand
// there against the rules.
func parameters(s string) (string, map[string]string) {
	value, rest, _ := strings.Cut(s, ";")
	raw := map[string]string{}
	for n := 0; rest != "" && n < 100; n++ {
		var name, text string
		name, text, rest = nextParameter(rest)
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			if _, twice := raw[name]; !twice {
				raw[name] = text
			}
		}
	}
	return strings.ToLower(strings.TrimSpace(value)), joined(raw)
}

func nextParameter(s string) (name, text, rest string) {
	i := strings.IndexAny(s, "=;")
	if i < 0 || s[i] == ';' {
		if i < 0 {
			return "", "", ""
		}
		return "", "", s[i+1:]
	}
	name = s[:i]
	s = strings.TrimLeft(s[i+1:], " \t")
	if !strings.HasPrefix(s, `"`) {
		text, rest, _ = strings.Cut(s, ";")
		return name, strings.TrimSpace(text), rest
	}
	var b strings.Builder
	for i = 1; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	_, rest, _ = strings.Cut(s[min(i+1, len(s)):], ";")
	return name, b.String(), rest
}

type piece struct {
	at      int
	encoded bool
	text    string
}

func joined(raw map[string]string) map[string]string {
	out := map[string]string{}
	split := map[string][]piece{}
	for name, text := range raw {
		base, tail, star := strings.Cut(name, "*")
		if !star {
			if _, better := split[name]; !better {
				out[name] = decodeWords(text)
			}
			continue
		}
		p := piece{encoded: tail == "" || strings.HasSuffix(tail, "*"), text: text}
		p.at, _ = strconv.Atoi(strings.TrimSuffix(tail, "*"))
		split[base] = append(split[base], p)
	}
	for name, pieces := range split {
		sort.Slice(pieces, func(i, j int) bool { return pieces[i].at < pieces[j].at })
		out[name] = extended(pieces)
	}
	return out
}

func extended(pieces []piece) string {
	var b []byte
	label := ""
	for i, p := range pieces {
		text := p.text
		if i == 0 && p.encoded {
			if parts := strings.SplitN(text, "'", 3); len(parts) == 3 {
				label, text = parts[0], parts[2]
			}
		}
		if p.encoded {
			b = append(b, unquote([]byte(strings.ReplaceAll(strings.ReplaceAll(text, "=", "=3D"), "%", "=")))...)
		} else {
			b = append(b, text...)
		}
	}
	s, _ := toUTF8(label, b)
	return s
}
