package route

import "aparte/internal/desk"

// Policy is what an admin decided about answers that come late.
type Policy struct {
	ReopenDone   bool // a human answer reopens a done side conversation (S6)
	ReopenSolved bool // a human answer in a side conversation reopens a solved ticket (S7)
}

// Effect is what a message changes beside being stored where it belongs.
type Effect struct {
	FollowUp  bool        // the ticket is closed: a follow-up takes it (T5, S8)
	Status    desk.Status // the ticket's new status; empty to leave it
	Reopen    bool        // the side conversation goes on
	Attention bool        // the ticket waits for somebody though its status does not say so
	Human     bool        // counts as somebody speaking: turn and unread mark
}

// Effects says what a message that joins p changes. Machines change nothing:
// no automatic mail reopens, turns or alarms anything.
func Effects(d Decision, p Place, policy Policy) Effect {
	e := Effect{Human: d.Grade != desk.Robot}
	e.FollowUp = p.Status == desk.Closed
	if !e.Human {
		return e
	}
	if p.Side == desk.CustomerSide {
		return customerEffects(e, d, p)
	}
	return sideEffects(e, p, policy)
}

// customerEffects: a customer's reply opens the ticket again (T5). Somebody
// else's, or one that failed its check, only asks for attention.
func customerEffects(e Effect, d Decision, p Place) Effect {
	if e.FollowUp {
		return e
	}
	waits := p.Status == desk.Pending || p.Status == desk.OnHold || p.Status == desk.Solved
	switch {
	case !waits:
	case p.Requester && d.Grade != desk.Suspect:
		e.Status = desk.Open
	default:
		e.Attention = true
	}
	return e
}

// sideEffects: an answer to a done side conversation leaves it done and shows
// in "needs attention", and so does one on a solved ticket (S6, S7).
func sideEffects(e Effect, p Place, policy Policy) Effect {
	if p.State == desk.StateDone {
		e.Reopen, e.Attention = policy.ReopenDone, true
	}
	switch {
	case e.FollowUp:
		e.Attention = true
	case p.Status == desk.Solved && policy.ReopenSolved:
		e.Status, e.Attention = desk.Open, false
	case p.Status == desk.Solved:
		e.Attention = true
	}
	return e
}
