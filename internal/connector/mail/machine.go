package mail

import (
	"bytes"
	"regexp"
	"strings"

	"aparte/internal/desk"
)

// maxHops is how many servers a mail may pass before it counts as going round.
const maxHops = 50

// writing says who wrote a mail, a person or a machine, and reads a report.
// X-Auto-Response-Suppress says nothing here: Exchange writes it on people's
// mail too. Precedence: list and bulk do not either.
func (c *Connector) writing(m *desk.Inbound, h head, w *walker) {
	m.Looped = c.Instance != "" && strings.EqualFold(h.get(loopField), c.Instance) || len(h.all("Received")) > maxHops
	precedence := strings.ToLower(h.get("Precedence"))
	m.List = h.has("List-Id") || h.has("List-Post") || precedence == "list"
	path, _, _ := strings.Cut(h.get("Return-Path"), "(")
	null := strings.Join(strings.Fields(path), "") == "<>"
	switch {
	case w.reports == "feedback-report":
		m.Writer = desk.AbuseReport
	case w.reports == "delivery-status" && (null || !h.has("Return-Path")):
		m.Writer, m.Report = desk.BounceMail, c.report(w)
	case w.reports != "":
		m.Writer = desk.AutoOther
	default:
		if r, ok := c.probably(*m, h, null); ok {
			m.Writer, m.Report = desk.BounceMail, r
			return
		}
		m.Writer = c.machine(*m, h, null, precedence)
	}
}

func (c *Connector) machine(m desk.Inbound, h head, null bool, precedence string) desk.Writing {
	auto, _, _ := strings.Cut(strings.ToLower(h.get("Auto-Submitted")), ";")
	auto, _, _ = strings.Cut(strings.TrimSpace(auto), " ")
	local, _ := desk.SplitAddress(m.Sender().Key())
	switch {
	case auto == "auto-replied", h.has("X-Autoreply"), h.has("X-Autorespond"), h.has("X-Autoresponder"), h.has("X-Vacation"),
		precedence == "auto_reply":
		return desk.AutoReply
	case auto != "" && auto != "no", local == "mailer-daemon", local == "postmaster":
		return desk.AutoOther
	case null:
		return desk.AutoReply
	case answersUs(m) && away.MatchString(m.Subject):
		return desk.AutoReply
	}
	return desk.ByPerson
}

func answersUs(m desk.Inbound) bool {
	for _, r := range m.Refs {
		if r.Signed && r.Answer {
			return true
		}
	}
	return false
}

// away is how the subjects of absence notes begin, in twelve languages. It
// counts only for an answer to a mail of ours.
var away = regexp.MustCompile(`(?i)^\s*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|` +
	`réponse automatique|absence|automatische antwort|abwesenheit|respuesta automática|fuera de (la )?oficina|` +
	`risposta automatica|fuori sede|resposta automática|ausência|automatisch antwoord|afwezig|autosvar|automatiskt svar|` +
	`automaattinen vastaus|automatyczna odpowiedź|automatická odpověď|автоответ|автоматический ответ|自动答复|自動応答)`)

// report reads RFC 3464: groups of fields, the first about the message and the
// others about one recipient each.
func (c *Connector) report(w *walker) *desk.Report {
	r := &desk.Report{}
	for _, id := range w.returned {
		if ours, ok := c.signed(id); ok {
			r.Original = append(r.Original, ours)
		}
	}
	rest := w.status
	for first := true; len(rest) > 0 && len(r.Recipients) < maxParts; first = false {
		var group head
		rest = bytes.TrimLeft(rest, "\r\n")
		group, rest = splitMessage(rest)
		if first && group.get("Action") == "" {
			r.EnvelopeID = desk.OneLine(group.get("Original-Envelope-Id"), 100)
			continue
		}
		if len(group.fields) == 0 {
			break
		}
		r.Recipients = append(r.Recipients, reported(group))
	}
	return r
}

// reported reads one group. The address that we wrote goes before the one that
// some server made of it.
func reported(g head) desk.Reported {
	address := afterType(g.get("Original-Recipient"))
	if address == "" {
		address = afterType(g.get("Final-Recipient"))
	}
	action, _, _ := strings.Cut(strings.ToLower(g.get("Action")), " ")
	status, _, _ := strings.Cut(g.get("Status"), " ")
	return desk.Reported{Address: strings.Trim(address, "<> "), Action: action, Status: desk.OneLine(status, 20),
		Text: desk.OneLine(decodeWords(afterType(g.get("Diagnostic-Code"))), maxWords)}
}

// afterType cuts "rfc822; " from a value.
func afterType(s string) string {
	if _, v, ok := strings.Cut(s, ";"); ok {
		return strings.TrimSpace(v)
	}
	return strings.TrimSpace(s)
}
