package route

import "aparte/internal/desk"

// Decide says where a message belongs. It is total: every message gets a
// verdict, and every verdict a reason.
func Decide(m desk.Inbound, e Evidence) Decision {
	class := Classify(m, e)
	d := Decision{Class: class}
	switch class {
	case EchoOfOurs:
		return d.because(Ignore, "own_copy")
	case Loop:
		return d.because(Quarantine, "loop")
	case Bounce:
		return d.because(Settle, "delivery_report")
	case Complaint:
		return d.because(Quarantine, "abuse_report")
	case Unreadable:
		return d.because(Quarantine, "unreadable")
	}
	if e.Blocked {
		return d.because(Quarantine, "blocked")
	}
	return place(m, e, d)
}

func (d Decision) because(v Verdict, reasons ...string) Decision {
	d.Verdict = v
	d.Reasons = append(d.Reasons, reasons...)
	return d
}

// place tries the carriers from the surest to the weakest: our token, our
// signed id, our thread name, and ids of mail that we took in ourselves.
func place(m desk.Inbound, e Evidence, d Decision) Decision {
	if c, ok := conflict(e); ok {
		return mixed(m, e, d, c)
	}
	if hit, ok := liveToken(e); ok {
		return join(m, e, d, hit.Conversation, "token")
	}
	if hit, ok := signed(e); ok {
		return join(m, e, d, hit.Conversation, signedReason(hit))
	}
	if revoked, ok := staleToken(e); ok {
		return stale(m, e, d, revoked)
	}
	if hit, ok := thread(e); ok {
		return byThread(m, e, d, hit)
	}
	if hit, ok := foreign(e); ok {
		return join(m, e, d, hit.Conversation, "known_id")
	}
	return fresh(m, e, d)
}

// conflict is two strong carriers that name different conversations.
type conflictOf struct{ token, id desk.ConversationID }

func conflict(e Evidence) (conflictOf, bool) {
	t, okT := liveToken(e)
	for _, other := range e.Tokens {
		if okT && !other.Revoked && other.Conversation != t.Conversation {
			return conflictOf{t.Conversation, other.Conversation}, true
		}
	}
	s, okS := signed(e)
	if okT && okS && s.Conversation != t.Conversation {
		return conflictOf{t.Conversation, s.Conversation}, true
	}
	return conflictOf{}, false
}

// mixed settles a mail that carries marks of two conversations (R18): the side
// conversation wins over the customer thread, because the wrong side inward is
// harmless and outward is a leak. Between two side conversations a person decides.
func mixed(m desk.Inbound, e Evidence, d Decision, c conflictOf) Decision {
	a, b := e.Places[c.token], e.Places[c.id]
	switch {
	case a.Side == desk.PartnerSide && b.Side == desk.CustomerSide:
		d.Flags = append(d.Flags, "mixed_thread")
		return join(m, e, d, c.token, "token")
	case a.Side == desk.CustomerSide && b.Side == desk.PartnerSide:
		d.Flags = append(d.Flags, "mixed_thread")
		return join(m, e, d, c.id, "signed_id")
	}
	d.Suggest = c.token
	return d.because(Quarantine, "two_conversations")
}

func liveToken(e Evidence) (TokenHit, bool) {
	for _, t := range e.Tokens {
		if !t.Revoked {
			return t, true
		}
	}
	return TokenHit{}, false
}

func staleToken(e Evidence) (TokenHit, bool) {
	for _, t := range e.Tokens {
		if t.Revoked {
			return t, true
		}
	}
	return TokenHit{}, false
}

// signed finds the nearest id that carries our signature and is in our books.
func signed(e Evidence) (RefHit, bool) {
	for _, r := range e.Refs {
		if r.Ref.Signed && r.Ours {
			return r, true
		}
	}
	return RefHit{}, false
}

func signedReason(r RefHit) string {
	if r.Ref.Answer {
		return "answers_our_id"
	}
	return "cites_our_id"
}

// thread finds a conversation by the name we gave Outlook for it.
func thread(e Evidence) (ThreadHit, bool) {
	if len(e.Threads) == 0 {
		return ThreadHit{}, false
	}
	for _, t := range e.Threads {
		if t != e.Threads[0] {
			return ThreadHit{}, false
		}
	}
	return e.Threads[0], true
}

// foreign finds an id that came in with somebody's mail and is known in one
// conversation only, in which the sender takes part (R14, R15b).
func foreign(e Evidence) (RefHit, bool) {
	for _, r := range e.Refs {
		p := e.Places[r.Conversation]
		if !r.Ours && !r.Shared && (p.Participant || p.Requester) {
			return r, true
		}
	}
	return RefHit{}, false
}

// join puts a message into a conversation and says how far its sender is to
// be believed (R7–R10, R12–R17).
func join(m desk.Inbound, e Evidence, d Decision, c desk.ConversationID, why string) Decision {
	p := e.Places[c]
	d.Conversation, d.Grade = c, grade(m, p)
	d.Flags = append(d.Flags, flags(m, e, p)...)
	if m.Writer == desk.AutoReply || m.Writer == desk.AutoOther {
		d.Grade = desk.Robot
	}
	return d.because(Join, why)
}

// grade says how sure we are of the sender, for the conversation it is in.
func grade(m desk.Inbound, p Place) desk.Grade {
	one := len(m.From) == 1
	belongs := p.Participant || p.Side == desk.CustomerSide && p.Requester
	switch {
	case m.Auth.Result == desk.AuthFail, !one:
		return desk.Suspect
	case belongs && m.Auth.Result == desk.AuthPass:
		return desk.Verified
	case belongs:
		return desk.Known
	}
	return desk.Other
}

// flags names what an agent should notice about a message in its place.
func flags(m desk.Inbound, e Evidence, p Place) []string {
	var f []string
	add := func(when bool, code string) {
		if when {
			f = append(f, code)
		}
	}
	customerHere := p.Side == desk.PartnerSide && p.Requester
	add(customerHere, "customer_in_side")
	add(!p.Participant && !customerHere && !(p.Side == desk.CustomerSide && p.Requester), "not_a_participant")
	add(p.Side == desk.CustomerSide && p.Partner && !p.Requester, "belongs_to_side")
	add(m.Auth.Result == desk.AuthFail || len(m.From) != 1, "sender_check_failed")
	add(e.FromAgent, "from_an_agent")
	return f
}

// stale settles a mail to an address that was withdrawn (R11).
func stale(m desk.Inbound, e Evidence, d Decision, t TokenHit) Decision {
	if e.Places[t.Conversation].Participant {
		return join(m, e, d, t.Conversation, "old_token")
	}
	d.Suggest = t.Conversation
	return d.because(Quarantine, "withdrawn_token")
}

// byThread joins on a Thread-Index only for a verified participant: the name
// is ours, but it carries no signature.
func byThread(m desk.Inbound, e Evidence, d Decision, t ThreadHit) Decision {
	p := e.Places[t.Conversation]
	if grade(m, p) == desk.Verified {
		return join(m, e, d, t.Conversation, "thread_index")
	}
	d.Suggest = t.Conversation
	return d.because(Quarantine, "thread_index_unproven")
}

// fresh is for mail that belongs to nothing known (R20, R24, R25), and for
// mail that claims to be ours without proof.
func fresh(m desk.Inbound, e Evidence, d Decision) Decision {
	if e.Orphans > 0 {
		return d.because(Quarantine, "signed_id_unknown")
	}
	d.Grade = freshGrade(m)
	for _, r := range e.Refs {
		d.Suggest = r.Conversation
		break
	}
	if e.FromAgent {
		d.Flags = append(d.Flags, "from_an_agent")
	}
	if d.Grade == desk.Suspect {
		d.Flags = append(d.Flags, "sender_check_failed")
	}
	if len(m.From) == 0 {
		d.Flags = append(d.Flags, "no_sender")
	}
	return d.because(Open, "nothing_known")
}

func freshGrade(m desk.Inbound) desk.Grade {
	switch {
	case m.Writer == desk.AutoReply || m.Writer == desk.AutoOther:
		return desk.Robot
	case m.Auth.Result == desk.AuthFail || len(m.From) != 1:
		return desk.Suspect
	case m.Auth.Result == desk.AuthPass:
		return desk.Verified
	}
	return desk.Known
}
