package mail

import (
	"bytes"
	"context"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

// Read turns a message into the desk's words. It is total: what cannot be read
// is noted, and the original is kept beside.
func (c *Connector) Read(_ context.Context, item connector.Item, raw []byte) desk.Inbound {
	h, body := splitMessage(lines(raw))
	w := &walker{problems: map[string]bool{}}
	all := w.part(h, body, 0)
	m := desk.Inbound{Account: c.Account, Channel: desk.Mail, Key: item.Key, Raw: raw, CoreSum: coreSum(raw)}
	c.people(&m, h)
	c.marks(&m, h)
	m.Subject = desk.OneLine(decodeWords(h.get("Subject")), maxSubject)
	m.SentAt = when(h.get("Date"))
	m.TakenAt = c.taken(h)
	m.Body, m.Says = bodyFrom(&all)
	m.Files = all.files
	m.Auth = c.authOf(h, m.From)
	c.writing(&m, h, w)
	if h.cut {
		w.problem("header_cut")
	}
	if h.has(leftBehind) && len(h.fields) > 0 && strings.EqualFold(h.fields[0].name, leftBehind) {
		w.problem("left_on_server")
	}
	for code := range w.problems {
		m.Problems = append(m.Problems, code)
	}
	slices.Sort(m.Problems)
	return m
}

// lines gives a message that ends its lines with CR alone, as some old gateways
// write them, ends that are read everywhere else.
func lines(raw []byte) []byte {
	if bytes.IndexByte(raw, '\n') >= 0 {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
}

// people reads who wrote to whom, by the header and by the envelope.
func (c *Connector) people(m *desk.Inbound, h head) {
	m.From = addressesOf(h, "From")
	if len(m.From) == 0 {
		m.From = append(addressesOf(h, "Sender"), addressesOf(h, "Return-Path")...)
		m.From = m.From[:min(1, len(m.From))]
	}
	m.ReplyTo, m.To, m.Cc = addressesOf(h, "Reply-To"), addressesOf(h, "To"), addressesOf(h, "Cc")
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To"} {
		for _, a := range addressesOf(h, name) {
			m.Delivered = append(m.Delivered, a.Email)
		}
	}
	for _, addr := range m.Delivered {
		addToken(m, addr, "delivered")
	}
	for _, a := range slices.Concat(m.To, m.Cc, addressesOf(h, "Resent-To")) {
		addToken(m, a.Email, "to")
	}
}

func addressesOf(h head, name string) []desk.Address {
	var list []desk.Address
	for _, v := range h.all(name) {
		list = append(list, scanAddresses(v)...)
	}
	return list[:min(len(list), maxAddresses)]
}

var tokenForm = regexp.MustCompile(`^[tsb][0-9a-hjkmnp-tv-z]{20}$`)

// addToken takes a secret of ours out of an address. Whose mailbox it stands
// behind does not matter: nobody guesses 100 bits.
func addToken(m *desk.Inbound, addr, place string) {
	_, tag := desk.SplitPlus(strings.ToLower(addr))
	if !tokenForm.MatchString(tag) {
		return
	}
	t := desk.Token{Kind: desk.TokenKind(tag[:1]), Text: tag[1:], Place: place}
	for _, have := range m.Tokens {
		if have.Kind == t.Kind && have.Text == t.Text {
			return
		}
	}
	m.Tokens = append(m.Tokens, t)
}

// marks reads the ids that a mail has and cites.
func (c *Connector) marks(m *desk.Inbound, h head) {
	m.ExternalID = contentID(m.CoreSum)
	if ids := scanIDs(h.get("Message-ID")); len(ids) > 0 {
		m.ExternalID = ids[0]
		if ours, ok := c.signed(ids[0]); ok {
			m.ExternalID = ours
		}
	}
	seen := map[string]bool{m.ExternalID: true}
	for _, id := range scanIDs(strings.Join(h.all("In-Reply-To"), " ")) {
		c.cite(m, id, true, seen)
	}
	cited := scanIDs(strings.Join(h.all("References"), " "))
	slices.Reverse(cited)
	for _, id := range cited {
		c.cite(m, id, false, seen)
	}
	for _, v := range h.all("Thread-Index") {
		if name, ok := threadName(v); ok && !slices.Contains(m.Threads, name) && len(m.Threads) < 5 {
			m.Threads = append(m.Threads, name)
		}
	}
}

// cite notes an id: the nearest hundred, and every one of ours beyond.
func (c *Connector) cite(m *desk.Inbound, id string, answer bool, seen map[string]bool) {
	ours, ok := c.signed(id)
	if ok {
		id = ours
	}
	if seen[id] || len(m.Refs) >= maxIDs && !ok {
		return
	}
	seen[id] = true
	m.Refs = append(m.Refs, desk.Ref{ID: id, Signed: ok, Answer: answer})
}

// when reads a Date; zero if it cannot be read.
func when(s string) time.Time {
	t, err := mail.ParseDate(s[:min(len(s), 100)])
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// taken is when the receiving server got a mail, by the line that it wrote on
// top; now, where that makes no sense.
func (c *Connector) taken(h head) time.Time {
	now := c.Now().UTC()
	r := h.get("Received")
	i := strings.LastIndexByte(r, ';')
	if i < 0 {
		return now
	}
	t := when(strings.TrimSpace(r[i+1:]))
	if t.Year() < 1990 || t.After(now) {
		return now
	}
	return t
}
