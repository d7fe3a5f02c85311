package richtext

import "strings"

// Bounds of the search for quoted history in plain text.
const (
	maxFoldLines = 1000
	maxFoldBytes = 200 << 10
	longQuote    = 20 // lines: beside fewer than two words, so much is shown whole
)

// foldLines tells at which line quoted history begins. It marks only what
// stands at the end: where answers stand between quotes, or nothing stands
// before them, all is shown.
func foldLines(lines []string) (at int, ok bool) {
	size := 0
	for i, line := range lines {
		if size += len(line) + 1; i >= maxFoldLines || size > maxFoldBytes {
			return 0, false
		}
		p := phrase(line)
		switch {
		case p == "":
		case matches(forwards, p):
			return 0, false
		case matches(separators, p), headerBlock(lines[i:]):
			return i, worthFolding(lines, i)
		case strings.HasPrefix(line, ">"):
			return i, worthFolding(lines, i) && !interleaved(lines[i:])
		case underscores(p) && headerBlock(nextWords(lines[i+1:])):
			return i, worthFolding(lines, i)
		default:
			if n := attribution(lines[i:]); n > 0 {
				return i, worthFolding(lines, i) && !interleaved(lines[i+n:])
			}
		}
	}
	return 0, false
}

// underscores is Outlook's line between an answer and what it quotes.
func underscores(p string) bool { return len(p) >= 10 && strings.Trim(p, "_") == "" }

func nextWords(lines []string) []string {
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			return lines[i:]
		}
	}
	return nil
}

// maxWrapped is over how many lines an attribution may be wrapped.
const maxWrapped = 4

// attribution tells how many lines introduce a quote here; 0 if none do.
func attribution(lines []string) int {
	joined := ""
	for n := 0; n < maxWrapped && n < len(lines); n++ {
		p := phrase(lines[n])
		if p == "" || strings.HasPrefix(p, ">") {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + p)
		if len(joined) > maxPhrase {
			return 0
		}
		if attributes(joined) {
			return n + 1
		}
	}
	return 0
}

// headerBlock tells whether lines begin with a quoted mail's header: who from,
// and at least one more of when, to whom and what about.
func headerBlock(lines []string) bool {
	if len(lines) == 0 || !headings["from"].MatchString(phrase(lines[0])) {
		return false
	}
	seen := map[string]bool{}
	for _, line := range lines[1:min(len(lines), 6)] {
		p := phrase(line)
		for name, re := range headings {
			if name != "from" && re.MatchString(p) {
				seen[name] = true
			}
		}
	}
	return len(seen) >= 2 || seen["sent"] || seen["subject"]
}

// interleaved tells whether words stand between or after the quotes. A line
// right under a quoted one is that one's wrapped end, and what follows "-- "
// is a signature.
func interleaved(lines []string) bool {
	quoting := false
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, ">"):
			quoting = true
		case !quoting || strings.TrimSpace(line) == "":
		case line == "-- " || line == "--":
			return false
		case i > 0 && strings.HasPrefix(lines[i-1], ">"):
		default:
			return true
		}
	}
	return false
}

// worthFolding tells whether what stands before a quote says something by itself.
func worthFolding(lines []string, at int) bool {
	return sayEnough(strings.Join(lines[:at], "\n"), len(lines)-at)
}

func sayEnough(reply string, quoted int) bool {
	n := wordCount(reply)
	return n >= 2 || n == 1 && quoted <= longQuote
}
