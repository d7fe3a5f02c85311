package stage

import (
	"fmt"
	"html"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// maxReferences keeps a long thread's header short: its root and its newest.
const maxReferences = 20

// reply is what a mail client makes of a mail and some words: to whom it says
// (Reply-To before From), in its thread, with the original quoted.
func (s *Stage) reply(p Person, m Mail, words string, all bool) letter {
	l := s.blank(p)
	l.To, l.Cc = m.answerTo(p.Address, all)
	l.Subject = prefixed("Re:", m.Subject, "re:", "re :", "rép:")
	l.InReplyTo, l.References = m.ID, m.thread()
	intro := attribution(p.Lang, m)
	l.Text = strings.TrimRight(words, "\n") + "\n\n" + intro + "\n" + quote(m.Text)
	if m.HTML != "" {
		l.HTML = paragraphs(words) + "<div>" + html.EscapeString(intro) + "</div>\n<blockquote type=\"cite\">" +
			quoted.Sanitize(m.HTML) + "</blockquote>\n"
	}
	return l
}

// forward is a new mail with the original, and its files, in it.
func (s *Stage) forward(p Person, m Mail, words string, to []mail.Address) letter {
	l := s.blank(p)
	l.To = to
	l.References = m.thread()
	line, from, date, subject, rcpt := "Forwarded message", "From", "Date", "Subject", "To"
	l.Subject = prefixed("Fwd:", m.Subject, "fwd:", "fw:", "tr:")
	if p.Lang == "fr" {
		line, from, date, subject, rcpt = "Message transféré", "De", "Date", "Objet", "À"
		l.Subject = prefixed("TR:", m.Subject, "fwd:", "fw:", "tr:", "tr :")
	}
	l.Text = fmt.Sprintf("%s\n\n---------- %s ----------\n%s: %s\n%s: %s\n%s: %s\n%s: %s\n\n%s\n",
		strings.TrimRight(words, "\n"), line, from, legible(m.From), date, m.Date.Format(time.RFC1123Z),
		subject, m.Subject, rcpt, legible(m.To), m.Text)
	for _, f := range m.Files {
		f.ContentID = ""
		l.Files = append(l.Files, f)
	}
	return l
}

// blank is a mail of a person with nothing in it yet.
func (s *Stage) blank(p Person) letter {
	return letter{From: mail.Address{Name: p.Name, Address: p.Address}, Date: s.now(), ID: newID(p.Address)}
}

// answerTo names who gets the answer: the sender, or for one's own mail those
// it went to; with all, everybody else but oneself as a copy.
func (m Mail) answerTo(self string, all bool) (to, cc []mail.Address) {
	to = m.ReplyTo
	if len(to) == 0 {
		to = m.From
	}
	if len(to) == 1 && strings.EqualFold(to[0].Address, self) {
		to = m.To
	}
	seen := []string{strings.ToLower(self)}
	to = fresh(to, &seen)
	if all {
		cc = fresh(slices.Concat(m.To, m.Cc), &seen)
	}
	return to, cc
}

// fresh returns the addresses not seen before, and marks them as seen.
func fresh(list []mail.Address, seen *[]string) []mail.Address {
	var out []mail.Address
	for _, a := range list {
		key := strings.ToLower(a.Address)
		if key != "" && !slices.Contains(*seen, key) {
			*seen = append(*seen, key)
			out = append(out, a)
		}
	}
	return out
}

// thread is the References of an answer (RFC 5322 §3.6.4).
func (m Mail) thread() []string {
	refs := slices.Clone(m.References)
	if len(refs) == 0 && m.InReplyTo != "" {
		refs = []string{m.InReplyTo}
	}
	if m.ID != "" {
		refs = append(refs, m.ID)
	}
	if len(refs) > maxReferences {
		refs = append(refs[:1], refs[len(refs)-maxReferences+1:]...)
	}
	return refs
}

func prefixed(prefix, subject string, known ...string) string {
	lower := strings.ToLower(strings.TrimSpace(subject))
	for _, k := range known {
		if strings.HasPrefix(lower, k) {
			return subject
		}
	}
	return prefix + " " + subject
}

// attribution is the line over a quote, as a mail client of that language
// writes it.
func attribution(lang string, m Mail) string {
	at := m.Date
	if lang == "fr" {
		return fmt.Sprintf("Le %02d/%02d/%d à %02d:%02d, %s a écrit :",
			at.Day(), int(at.Month()), at.Year(), at.Hour(), at.Minute(), legible(m.From))
	}
	return fmt.Sprintf("On %s, %s wrote:", at.Format("Mon, 2 Jan 2006 at 15:04"), legible(m.From))
}

// legible writes addresses for people, not for headers.
func legible(list []mail.Address) string {
	var names []string
	for _, a := range list {
		if a.Name != "" && a.Address != "" {
			names = append(names, a.Name+" <"+a.Address+">")
		} else {
			names = append(names, a.Name+a.Address)
		}
	}
	return strings.Join(names, ", ")
}

func quote(s string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(s, "\n") + "\n") {
		if strings.HasPrefix(line, ">") || line == "\n" {
			b.WriteString(">" + line)
		} else {
			b.WriteString("> " + line)
		}
	}
	return b.String()
}

// paragraphs makes HTML of typed words.
func paragraphs(words string) string {
	var b strings.Builder
	for _, p := range strings.Split(strings.TrimSpace(strings.ReplaceAll(words, "\r\n", "\n")), "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>\n") + "</p>\n")
	}
	return b.String()
}
