package deskgen

import (
	"slices"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// life is one ticket's story: acts at their times.
type life struct {
	w      *world
	at     time.Time // of the next act
	acts   []act
	next   int
	talk   *language
	topic  topic
	who    person // the customer
	agent  desk.Agent
	box    desk.Account
	ticket desk.TicketID
	status desk.Status
	thread talk
	sides  []*talk
	late   []int // side conversations whose answer comes after the end
}

// talk is one conversation.
type talk struct {
	id      desk.ConversationID
	with    person
	subject string
}

type act struct {
	do    func(*life, *store.Tx, *talk) error
	side  int // which side conversation; -1 for the customer thread
	after time.Duration
	ends  bool // belongs to the ticket's end, for which there may be no time
}

// newLife plans a ticket: its messages are all told, however late it begins;
// what comes after them only if there is still time.
func (w *world) newLife() *life {
	l := &life{w: w, at: w.nextBegin(), who: pick(w, w.customers), agent: pick(w, staff), ticket: desk.TicketID(w.id()),
		status: desk.New}
	l.talk, l.box = languages[l.who.french], mailboxes[l.who.french]
	l.topic = pick(w, l.talk.topics)
	w.begun++
	l.plan(w.length())
	return l
}

func (l *life) plan(messages int) {
	l.will((*life).open, -1, 0)
	l.will((*life).assign, -1, l.hours(2))
	sides := l.sidesFor(messages)
	for left := messages - 1; left > 0; left-- {
		switch {
		case sides > 0 && left >= 3 && l.w.chance(60):
			sides--
			left -= l.planSide(min(left-1, 2+l.w.rand.IntN(5))) - 1
		case l.w.chance(12):
			l.will((*life).note, -1, l.hours(4))
		case l.status == desk.New || l.w.chance(55):
			l.will((*life).reply, -1, l.hours(8))
			l.status = desk.Pending // as planned
		default:
			l.will((*life).askAgain, -1, l.hours(30))
		}
	}
	l.status = desk.New
	solved := l.w.chance(99)
	if solved {
		l.ends((*life).solve, l.hours(20))
	}
	for _, side := range l.late {
		l.will((*life).partnerSays, side, l.hours(24))
		if l.w.chance(95) {
			l.ends((*life).attend, l.hours(4))
		}
	}
	if solved {
		l.ends((*life).shut, 7*24*time.Hour)
	}
}

// sidesFor gives fifteen of a hundred tickets a side conversation, and a few two.
func (l *life) sidesFor(messages int) int {
	switch {
	case messages < 6:
		return 0
	case l.w.chance(3):
		return 2
	case l.w.chance(20):
		return 1
	}
	return 0
}

// planSide plans a side conversation of n messages, and tells how many it has:
// now and then a partner answers once more when all is over.
func (l *life) planSide(n int) int {
	at := len(l.sides)
	l.sides = append(l.sides, &talk{})
	l.will((*life).openSide, at, l.hours(3))
	for i := 1; i < n; i++ {
		if i%2 == 1 {
			l.will((*life).partnerSays, at, l.hours(24))
		} else {
			l.will((*life).writeSide, at, l.hours(6))
		}
	}
	if l.w.chance(85) {
		l.will((*life).done, at, l.hours(3))
	}
	if l.w.chance(6) {
		l.late = append(l.late, at)
		n++
	}
	return n
}

func (l *life) will(do func(*life, *store.Tx, *talk) error, side int, after time.Duration) {
	l.acts = append(l.acts, act{do: do, side: side, after: after})
}

func (l *life) ends(do func(*life, *store.Tx, *talk) error, after time.Duration) {
	l.acts = append(l.acts, act{do: do, side: -1, after: after, ends: true})
}

// hours is a while, most often short, at most three times n hours.
func (l *life) hours(n int) time.Duration {
	f := l.w.rand.Float64()
	return time.Duration(f * f * 3 * float64(n) * float64(time.Hour)).Truncate(time.Millisecond)
}

func (l *life) step(tx *store.Tx) error {
	a := l.acts[l.next]
	l.next++
	c := &l.thread
	if a.side >= 0 {
		c = l.sides[a.side]
	}
	if err := a.do(l, tx, c); err != nil {
		return err
	}
	if l.next < len(l.acts) {
		l.at = l.at.Add(l.acts[l.next].after)
	}
	if l.at.After(today) {
		l.at = today
		l.skipEnding()
	}
	return nil
}

// skipEnding leaves out the end of a ticket whose time is not yet come; what
// people say is still said.
func (l *life) skipEnding() {
	l.acts = slices.DeleteFunc(l.acts[l.next:], func(a act) bool { return a.ends })
	l.next = 0
}

func (l *life) over() bool { return l.next >= len(l.acts) }

func (l *life) tell(tx *store.Tx, by desk.Actor, c desk.ConversationID, f desk.Facts) (desk.Event, error) {
	e, _, err := tx.Append(l.w.ctx, desk.Event{ID: "", Ticket: l.ticket, Conversation: c, By: by, Facts: f})
	return e, err
}

func (l *life) set(tx *store.Tx, by desk.Actor, to desk.Status, why string) error {
	if l.status == to {
		return nil
	}
	_, err := l.tell(tx, by, "", desk.TicketStatus{From: l.status, To: to, Reason: why})
	l.status = to
	return err
}

func (l *life) open(tx *store.Tx, c *talk) error {
	requester, err := tx.Meet(l.w.ctx, l.who.Address, false)
	if err != nil {
		return err
	}
	number, err := tx.NextTicketNumber(l.w.ctx)
	if err != nil {
		return err
	}
	priority := desk.Normal
	if l.w.chance(10) {
		priority = desk.High
	}
	c.subject = l.fill(pick(l.w, l.topic.subjects))
	if _, err := l.tell(tx, l.who.as(), "", desk.TicketOpened{Number: number, Subject: c.subject, Requester: requester.ID,
		Mailbox: l.box.ID, Status: desk.New, Priority: priority, Tags: []string{l.topic.tag}}); err != nil {
		return err
	}
	start := l.beginning(desk.CustomerSide, c.subject)
	if err := l.begin(tx, c, l.who, desk.ConversationStarted{Start: start}); err != nil {
		return err
	}
	return l.hear(tx, c, l.talk.greeting, l.topic.asks, false)
}

func (l *life) beginning(side desk.Side, subject string) desk.Start {
	return desk.Start{Side: side, Channel: desk.Mail, Account: l.box.ID, Subject: subject, Token: l.w.text(20), ThreadKey: l.w.text(26)}
}

func (l *life) begin(tx *store.Tx, c *talk, with person, f desk.Facts) error {
	c.id, c.with = desk.ConversationID(l.w.id()), with
	by := l.agent.As()
	if f.Kind() == desk.KindConversationStarted {
		by = with.as()
	}
	if _, err := l.tell(tx, by, c.id, f); err != nil {
		return err
	}
	return tx.SetParticipant(l.w.ctx, desk.Participant{Conversation: c.id, Address: with.Address, Class: desk.To, Confirmed: true})
}

func (l *life) assign(tx *store.Tx, _ *talk) error {
	if l.w.chance(8) {
		return nil // nobody has taken it yet
	}
	_, err := l.tell(tx, l.agent.As(), "", desk.TicketAssigned{Assignee: l.agent.ID})
	return err
}

func (l *life) askAgain(tx *store.Tx, c *talk) error {
	if err := l.hear(tx, c, l.talk.greeting, l.talk.insists, false); err != nil || l.status == desk.New {
		return err
	}
	return l.set(tx, desk.Machine("intake"), desk.Open, "customer_replied")
}

func (l *life) reply(tx *store.Tx, c *talk) error {
	if err := l.speak(tx, c, l.topic.answers); err != nil {
		return err
	}
	return l.set(tx, l.agent.As(), desk.Pending, "")
}

func (l *life) openSide(tx *store.Tx, c *talk) error {
	partner := pick(l.w, l.w.partners)
	if _, err := tx.Meet(l.w.ctx, partner.Address, true); err != nil {
		return err
	}
	c.subject = l.fill(pick(l.w, l.talk.sideSubjects))
	start := l.beginning(desk.PartnerSide, c.subject)
	start.Starter = l.agent.ID
	if err := l.begin(tx, c, partner, desk.SideOpened{Start: start}); err != nil {
		return err
	}
	return l.speak(tx, c, l.talk.sideAsks)
}

func (l *life) partnerSays(tx *store.Tx, c *talk) error {
	return l.hear(tx, c, l.talk.greeting, l.talk.sideAnswers, l.status == desk.Solved)
}

func (l *life) writeSide(tx *store.Tx, c *talk) error { return l.speak(tx, c, l.talk.sideAsks) }

func (l *life) done(tx *store.Tx, c *talk) error {
	_, err := l.tell(tx, l.agent.As(), c.id, desk.SideDone{})
	return err
}

func (l *life) solve(tx *store.Tx, _ *talk) error { return l.set(tx, l.agent.As(), desk.Solved, "") }

func (l *life) attend(tx *store.Tx, _ *talk) error {
	_, err := l.tell(tx, l.agent.As(), "", desk.TicketAttended{})
	return err
}

func (l *life) shut(tx *store.Tx, _ *talk) error {
	return l.set(tx, desk.Machine("timers"), desk.Closed, "solved_long_ago")
}
