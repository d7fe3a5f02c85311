package leaktest

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/actions"
	"aparte/internal/desk"
)

var (
	customers = []string{"ada@cust.test", "ben@cust.test", "cleo@cust.test"}
	partners  = []string{"mia@carrier.test", "noa@maker.test", "oto@store.test"}
)

// steps is how long the conversations go on.
const steps = 200

func TestNothingOfOneSideReachesTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dice := rand.New(rand.NewPCG(3, 6))
	for range customers {
		w.ask(dice)
	}
	for range steps {
		w.step(dice)
	}
	mails := w.copies()
	if found := w.audit(mails); len(found) > 0 {
		t.Errorf("in %d mails: %s", len(mails), strings.Join(found, ", "))
	}
	t.Logf("%d conversations, %d letters in %d mailbox copies, %d notes", len(w.threads), len(w.letters), len(mails), len(w.notes))
	w.plant(mails)
}

// step is one thing that somebody does.
func (w *world) step(dice *rand.Rand) {
	w.t.Helper()
	switch dice.IntN(8) {
	case 0:
		w.ask(dice)
	case 1:
		if t := w.pick(dice, desk.CustomerSide, true); t != nil {
			w.inject(t, t.who, t.last.replyTo, "", "Re: order", t.last.id, "My program shows "+t.last.replyTo+" here.\n\n"+t.last.text)
		}
	case 2:
		w.write(dice, w.pick(dice, desk.CustomerSide, false))
	case 3:
		w.note(dice)
	case 4, 5:
		w.start(dice)
	case 6:
		if t := w.pick(dice, desk.PartnerSide, false); t != nil {
			w.write(dice, t)
		}
	case 7:
		if t := w.pick(dice, desk.PartnerSide, true); t != nil { // some partners put the customer in Cc
			w.inject(t, t.who, t.last.replyTo, customers[dice.IntN(len(customers))], "Re: parcel", t.last.id, "See above.\n\n"+t.last.text)
		}
	}
}

// ask lets a customer open a ticket.
func (w *world) ask(dice *rand.Rand) {
	w.t.Helper()
	w.inject(nil, customers[dice.IntN(len(customers))], support, "", "Where is my order", "", "It should have been here.")
}

// pick picks a conversation of a side; one whose reader can answer, if asked for.
func (w *world) pick(dice *rand.Rand, side desk.Side, answerable bool) *thread {
	var list []*thread
	for _, t := range w.threads {
		if t.side == side && (!answerable || t.last.id != "") {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[dice.IntN(len(list))]
}

func (w *world) note(dice *rand.Rand) {
	w.t.Helper()
	t, word := w.threads[dice.IntN(len(w.threads))], w.word("note")
	w.notes = append(w.notes, word)
	_, err := w.actions.Note(w.t.Context(), w.lena, t.id, actions.NoteDraft{ID: desk.MessageID(desk.NewID()), HTML: "<p>" + word + "</p>"})
	w.must(err)
}

// comments chooses what was said to the desk on a ticket, to be quoted.
func (w *world) comments(dice *rand.Rand, ticket desk.TicketID) (ids []desk.MessageID, words []string) {
	for _, t := range w.threads {
		for i := range t.said {
			if t.ticket == ticket && dice.IntN(3) == 0 {
				ids, words = append(ids, t.said[i]), append(words, t.heard(i))
			}
		}
	}
	return ids, words
}

// heard is the word of the nth mail that came in.
func (t *thread) heard(n int) string {
	for _, word := range t.words {
		if strings.HasPrefix(word, "in") {
			if n == 0 {
				return word
			}
			n--
		}
	}
	return ""
}

// write lets the agent go on in a conversation: with those who take part, or
// with somebody hidden besides.
func (w *world) write(dice *rand.Rand, t *thread) {
	w.t.Helper()
	word, id := w.word("out"), desk.MessageID(desk.NewID())
	ids, quoted := w.comments(dice, t.ticket)
	d := actions.Draft{ID: id, HTML: "<p>" + word + "</p>", Comments: ids, Anyway: true}
	l := letter{thread: t, open: []string{t.who}, quoted: quoted}
	if dice.IntN(2) == 0 {
		d.To, d.Bcc, l.hidden = address(t.who), address(hidden), []string{hidden}
	}
	m, err := w.actions.Write(w.t.Context(), w.lena, t.id, d)
	w.must(err)
	if len(d.To) == 0 {
		l.open = nil
		for _, r := range m.Recipients {
			l.open = append(l.open, r.Email)
		}
		w.mine(t, l.open)
	}
	w.sent(word, l, id)
}

// mine checks that the desk's own choice of recipients is of one side.
func (w *world) mine(t *thread, chosen []string) {
	w.t.Helper()
	others := customers
	if t.side == desk.CustomerSide {
		others = partners
	}
	for _, address := range chosen {
		if slices.Contains(others, address) {
			w.t.Errorf("the desk chose %s for a conversation with %s", address, t.who)
		}
	}
}

// start starts a side conversation with a partner, at times with another in Cc.
func (w *world) start(dice *rand.Rand) {
	w.t.Helper()
	about, n := w.pick(dice, desk.CustomerSide, false), dice.IntN(len(partners))
	who, word := partners[n], w.word("out")
	ids, quoted := w.comments(dice, about.ticket)
	start := actions.NewSide{ID: desk.ConversationID(desk.NewID()), Message: desk.MessageID(desk.NewID()), Channel: desk.Mail,
		To: address(who), Subject: "Parcel", HTML: "<p>" + word + "</p>", Comments: ids}
	l := letter{open: []string{who}, quoted: quoted}
	if dice.IntN(2) == 0 {
		second := partners[(n+1)%len(partners)]
		start.Cc, start.Bcc = address(second), address(hidden)
		l.open, l.hidden = append(l.open, second), []string{hidden}
	}
	c, err := w.actions.StartSide(w.t.Context(), w.lena, about.ticket, start)
	w.must(err)
	l.thread = w.learn(c.ID, who)
	w.sent(word, l, start.Message)
}

func address(email string) []desk.Address { return []desk.Address{{Email: email}} }

// plant alters a mail to a partner in five ways that a leak would, and wants
// each to be found.
func (w *world) plant(mails []copied) {
	w.t.Helper()
	i := slices.IndexFunc(mails, func(m copied) bool {
		_, body, _ := parts(m.raw)
		l := w.letters[outWord.FindString(body)]
		return l.thread != nil && l.thread.side == desk.PartnerSide && len(l.open) == 1 && len(l.quoted) == 0
	})
	customer := w.pick(rand.New(rand.NewPCG(3, 6)), desk.CustomerSide, true)
	if i < 0 || customer == nil || len(w.notes) == 0 {
		w.t.Fatal("the conversations have nothing to plant a leak into")
	}
	m := mails[i]
	for _, leak := range []struct{ name, want, at, with string }{
		{"the customer's id in References", "foreign id", "References: ", "References: <" + customer.last.id + "> "},
		{"a note in a quote", "note", "</body>", "<blockquote>" + w.notes[0] + "</blockquote></body>"},
		{"a Bcc header", "Bcc header", "\r\nSubject: ", "\r\nBcc: <" + partners[0] + ">\r\nSubject: "},
		{"reply-all with the customer", "other recipients", "\r\nTo: ", "\r\nTo: <" + customer.who + ">, "},
		{"a token in a quoted comment", "token in the words", "</body>", "<blockquote>support+s" + w.tokenOf(m) + "@help.test</blockquote></body>"},
	} {
		raw := bytes.Replace(m.raw, []byte(leak.at), []byte(leak.with), 1)
		if d := cmp.Diff([]string{leak.want}, w.audit([]copied{{m.box, raw}})); d != "" {
			w.t.Errorf("%s (-want +found):\n%s\n%s", leak.name, d, raw)
		}
	}
}

func (w *world) tokenOf(m copied) string {
	_, body, _ := parts(m.raw)
	return w.letters[outWord.FindString(body)].thread.token
}
