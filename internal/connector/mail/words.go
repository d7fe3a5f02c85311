package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding/charmap"
)

const maxEncodedWords = 1000 // in one field

// decodeWords turns RFC 2047 words into text. Neighbours are put together
// before they are decoded: some programs cut in the middle of a letter. What
// is no such word stays as it is.
func decodeWords(s string) string {
	var b strings.Builder
	var label string
	var run []byte
	flush := func() {
		if len(run) > 0 {
			text, _ := toUTF8(label, run)
			b.WriteString(text)
			run = nil
		}
	}
	for left := maxEncodedWords; left > 0; left-- {
		i, w, ok := nextWord(s)
		if !ok {
			break
		}
		if gap := s[:i]; len(run) == 0 || strings.TrimSpace(gap) != "" || !strings.EqualFold(label, w.label) {
			wasWord := len(run) > 0
			flush()
			if !wasWord || strings.TrimSpace(gap) != "" {
				b.WriteString(plainText(gap))
			}
		}
		label, run, s = w.label, append(run, w.text...), s[i+w.length:]
	}
	flush()
	b.WriteString(plainText(s))
	return b.String()
}

// plainText is text that claims no encoding: UTF-8 where it is that, else the
// commonest of the others.
func plainText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	text, _ := toUTF8("windows-1252", []byte(s))
	return text
}

type encodedWord struct {
	label  string
	text   []byte
	length int
}

// nextWord finds the next encoded word: =?label?q?text?=
func nextWord(s string) (int, encodedWord, bool) {
	for at := 0; ; {
		i := strings.Index(s[at:], "=?")
		if i < 0 {
			return 0, encodedWord{}, false
		}
		at += i
		if w, ok := readWord(s[at:]); ok {
			return at, w, true
		}
		at += 2
	}
}

func readWord(s string) (encodedWord, bool) {
	const longest = 1000
	window := s[:min(len(s), longest)]
	label, rest, ok := strings.Cut(window[2:], "?")
	how, rest, ok2 := strings.Cut(rest, "?")
	text, _, ok3 := strings.Cut(rest, "?=")
	if !ok || !ok2 || !ok3 || len(label) > 60 || len(how) != 1 || strings.ContainsAny(label, " \"") {
		return encodedWord{}, false
	}
	label, _, _ = strings.Cut(label, "*") // a language may follow (RFC 2231 §5)
	w := encodedWord{label: label, length: 2 + len(window[2:]) - len(rest) + len(text) + 2}
	switch how {
	case "q", "Q":
		w.text = unquote([]byte(strings.ReplaceAll(text, "_", " ")))
	case "b", "B":
		w.text = unbase64([]byte(text))
	default:
		return encodedWord{}, false
	}
	return w, true
}

// toUTF8 decodes bytes by the name of a charset, and tells whether it knew it.
// What it does not know is read as windows-1252, in which every byte is
// something; UTF-7 is never decoded, for it hides what a text says.
func toUTF8(label string, b []byte) (string, bool) {
	label = strings.ToLower(strings.Trim(label, `"' `))
	switch label {
	case "", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit":
		if utf8.Valid(b) {
			return string(b), true
		}
		text, _ := charmap.Windows1252.NewDecoder().Bytes(b)
		return string(text), label == "" || label == "unknown-8bit"
	case "iso-8859-1", "latin1":
		label = "windows-1252"
	}
	if r, err := charset.Reader(label, bytes.NewReader(b)); err == nil && !strings.Contains(label, "utf-7") {
		if text, err := io.ReadAll(r); err == nil {
			return strings.ToValidUTF8(string(text), "\uFFFD"), true
		}
	}
	if utf8.Valid(b) {
		return string(b), false
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(b)
	return string(text), false
}

// unbase64 decodes what can be decoded: foreign characters are passed over, and
// a last group that is short gives what it holds.
func unbase64(b []byte) []byte {
	clean := make([]byte, 0, len(b))
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean)
	return out[:n]
}

// unquote decodes quoted-printable; what is wrong in it stays as it is.
func unquote(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		rest := b[i+1:]
		switch {
		case len(rest) >= 2 && hexOf(rest[0]) >= 0 && hexOf(rest[1]) >= 0:
			out = append(out, byte(hexOf(rest[0])<<4|hexOf(rest[1])))
			i += 2
		case bytes.HasPrefix(rest, []byte("\r\n")):
			i += 2
		case bytes.HasPrefix(rest, []byte("\n")):
			i++
		default:
			out = append(out, '=')
		}
	}
	return out
}

func hexOf(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
