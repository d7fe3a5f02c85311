package route

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/desk"
)

const (
	side  desk.ConversationID = "side"
	side2 desk.ConversationID = "side2"
	thrd  desk.ConversationID = "customer"
)

func from(addr string) desk.Inbound {
	return desk.Inbound{From: []desk.Address{{Email: addr}}, Writer: desk.ByPerson}
}

func places(change ...func(map[desk.ConversationID]Place)) map[desk.ConversationID]Place {
	m := map[desk.ConversationID]Place{
		side:  {Conversation: side, Side: desk.PartnerSide, State: desk.StateOpen, Status: desk.Open},
		side2: {Conversation: side2, Side: desk.PartnerSide, State: desk.StateOpen, Status: desk.Open},
		thrd:  {Conversation: thrd, Side: desk.CustomerSide, State: desk.StateOpen, Status: desk.Open},
	}
	for _, f := range change {
		f(m)
	}
	return m
}

func as(c desk.ConversationID, f func(*Place)) func(map[desk.ConversationID]Place) {
	return func(m map[desk.ConversationID]Place) { p := m[c]; f(&p); m[c] = p }
}

func participant(p *Place) { p.Participant = true }
func requester(p *Place)   { p.Requester = true }

func token(c desk.ConversationID) TokenHit { return TokenHit{Conversation: c} }

func ours(c desk.ConversationID) RefHit {
	return RefHit{Ref: desk.Ref{Signed: true, Answer: true}, Conversation: c, Ours: true}
}

func theirs(c desk.ConversationID) RefHit { return RefHit{Conversation: c} }

func TestWhereMailBelongs(t *testing.T) {
	t.Parallel()
	pass := func(m desk.Inbound) desk.Inbound { m.Auth.Result = desk.AuthPass; return m }
	fail := func(m desk.Inbound) desk.Inbound { m.Auth.Result = desk.AuthFail; return m }
	robot := func(m desk.Inbound) desk.Inbound { m.Writer = desk.AutoReply; return m }
	rows := []struct {
		name string
		m    desk.Inbound
		e    Evidence
		want Decision
	}{
		{"R1 unreadable mail waits for a person", desk.Inbound{Problems: []string{"unreadable"}}, Evidence{},
			Decision{Class: Unreadable, Verdict: Quarantine, Reasons: []string{"unreadable"}}},
		{"R2 our own mail that comes back is no news", from("us@x"), Evidence{Echo: true, FromUs: true},
			Decision{Class: EchoOfOurs, Verdict: Ignore, Reasons: []string{"own_copy"}}},
		{"R2 somebody else's copy of our mail is kept", from("a@x"), Evidence{Echo: true},
			Decision{Class: Personal, Verdict: Open, Grade: desk.Known, Reasons: []string{"nothing_known"}}},
		{"R3 our own loop mark is held", desk.Inbound{Looped: true, From: []desk.Address{{Email: "a@x"}}}, Evidence{},
			Decision{Class: Loop, Verdict: Quarantine, Reasons: []string{"loop"}}},
		{"R4 a delivery report is no ticket", desk.Inbound{Writer: desk.BounceMail}, Evidence{},
			Decision{Class: Bounce, Verdict: Settle, Reasons: []string{"delivery_report"}}},
		{"R5 an abuse report waits for a person", desk.Inbound{Writer: desk.AbuseReport}, Evidence{},
			Decision{Class: Complaint, Verdict: Quarantine, Reasons: []string{"abuse_report"}}},
		{"R6 a vacation reply joins as a machine", robot(from("p@x")),
			Evidence{Tokens: []TokenHit{token(side)}, Places: places(as(side, participant))},
			Decision{Class: Automatic, Verdict: Join, Conversation: side, Grade: desk.Robot, Reasons: []string{"token"}}},
		{"R7 a partner's reply to the token joins", from("p@x"),
			Evidence{Tokens: []TokenHit{token(side)}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Known, Reasons: []string{"token"}}},
		{"R7 and is verified where proven", pass(from("p@x")),
			Evidence{Tokens: []TokenHit{token(side)}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Verified, Reasons: []string{"token"}}},
		{"R8 a colleague with the token joins, marked", from("q@x"),
			Evidence{Tokens: []TokenHit{token(side)}, Places: places()},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Other, Reasons: []string{"token"}, Flags: []string{"not_a_participant"}}},
		{"R9 the customer in a side conversation is marked", from("c@x"),
			Evidence{Tokens: []TokenHit{token(side)}, Places: places(as(side, requester))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Other, Reasons: []string{"token"}, Flags: []string{"customer_in_side"}}},
		{"R10 a failed check joins as suspect", fail(from("p@x")),
			Evidence{Tokens: []TokenHit{token(side)}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Suspect, Reasons: []string{"token"}, Flags: []string{"sender_check_failed"}}},
		{"R11 a withdrawn token of a participant joins", from("p@x"),
			Evidence{Tokens: []TokenHit{{Conversation: side, Revoked: true}}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Known, Reasons: []string{"old_token"}}},
		{"R11 a withdrawn token of a stranger waits", from("q@x"),
			Evidence{Tokens: []TokenHit{{Conversation: side, Revoked: true}}, Places: places()},
			Decision{Class: Personal, Verdict: Quarantine, Reasons: []string{"withdrawn_token"}, Suggest: side}},
		{"R12 a client that ignores Reply-To joins by our id", from("p@x"),
			Evidence{Refs: []RefHit{ours(side)}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Known, Reasons: []string{"answers_our_id"}}},
		{"R13 a stranger with our signed id joins, marked", from("q@x"),
			Evidence{Refs: []RefHit{ours(side)}, Places: places()},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Other, Reasons: []string{"answers_our_id"}, Flags: []string{"not_a_participant"}}},
		{"R14 the partner's own id joins for the partner", from("p@x"),
			Evidence{Refs: []RefHit{theirs(side)}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Known, Reasons: []string{"known_id"}}},
		{"R14 and not for a stranger", from("q@x"),
			Evidence{Refs: []RefHit{theirs(side)}, Places: places()},
			Decision{Class: Personal, Verdict: Open, Grade: desk.Known, Reasons: []string{"nothing_known"}, Suggest: side}},
		{"R15 a customer's reply joins the customer thread", from("c@x"),
			Evidence{Tokens: []TokenHit{token(thrd)}, Places: places(as(thrd, requester))},
			Decision{Class: Personal, Verdict: Join, Conversation: thrd, Grade: desk.Known, Reasons: []string{"token"}}},
		{"R15b a customer's second mail to their own first joins", from("c@x"),
			Evidence{Refs: []RefHit{theirs(thrd)}, Places: places(as(thrd, requester))},
			Decision{Class: Personal, Verdict: Join, Conversation: thrd, Grade: desk.Known, Reasons: []string{"known_id"}}},
		{"R15b an id known in two threads joins neither", from("c@x"),
			Evidence{Refs: []RefHit{{Conversation: thrd, Shared: true}}, Places: places(as(thrd, requester))},
			Decision{Class: Personal, Verdict: Open, Grade: desk.Known, Reasons: []string{"nothing_known"}, Suggest: thrd}},
		{"R16 a third person joins the customer thread, marked", from("q@x"),
			Evidence{Tokens: []TokenHit{token(thrd)}, Places: places()},
			Decision{Class: Personal, Verdict: Join, Conversation: thrd, Grade: desk.Other, Reasons: []string{"token"}, Flags: []string{"not_a_participant"}}},
		{"R17 a partner in the customer thread is offered the way back", from("p@x"),
			Evidence{Tokens: []TokenHit{token(thrd)}, Places: places(as(thrd, func(p *Place) { p.Partner = true }))},
			Decision{Class: Personal, Verdict: Join, Conversation: thrd, Grade: desk.Other, Reasons: []string{"token"}, Flags: []string{"not_a_participant", "belongs_to_side"}}},
		{"R18 side token over customer id", from("p@x"),
			Evidence{Tokens: []TokenHit{token(side)}, Refs: []RefHit{ours(thrd)}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Known, Reasons: []string{"token"}, Flags: []string{"mixed_thread"}}},
		{"R18 side id over customer token", from("p@x"),
			Evidence{Tokens: []TokenHit{token(thrd)}, Refs: []RefHit{ours(side)}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Known, Reasons: []string{"signed_id"}, Flags: []string{"mixed_thread"}}},
		{"R18 two side conversations wait for a person", from("p@x"),
			Evidence{Tokens: []TokenHit{token(side)}, Refs: []RefHit{ours(side2)}, Places: places()},
			Decision{Class: Personal, Verdict: Quarantine, Reasons: []string{"two_conversations"}, Suggest: side}},
		{"Outlook's thread name joins for a verified participant", pass(from("p@x")),
			Evidence{Threads: []ThreadHit{{side}}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Join, Conversation: side, Grade: desk.Verified, Reasons: []string{"thread_index"}}},
		{"Outlook's thread name alone waits for a person", from("p@x"),
			Evidence{Threads: []ThreadHit{{side}}, Places: places(as(side, participant))},
			Decision{Class: Personal, Verdict: Quarantine, Reasons: []string{"thread_index_unproven"}, Suggest: side}},
		{"R22 an agent's address is no agent", from("agent@x"),
			Evidence{FromAgent: true, Tokens: []TokenHit{token(thrd)}, Places: places()},
			Decision{Class: Personal, Verdict: Join, Conversation: thrd, Grade: desk.Other, Reasons: []string{"token"}, Flags: []string{"not_a_participant", "from_an_agent"}}},
		{"R23 list mail opens a ticket", desk.Inbound{List: true, From: []desk.Address{{Email: "a@x"}}}, Evidence{},
			Decision{Class: Listed, Verdict: Open, Grade: desk.Known, Reasons: []string{"nothing_known"}}},
		{"R24 a robot's mail opens a ticket as a machine's", robot(from("noreply@x")), Evidence{},
			Decision{Class: Automatic, Verdict: Open, Grade: desk.Robot, Reasons: []string{"nothing_known"}}},
		{"R25 a stranger's mail opens a ticket", from("a@x"), Evidence{},
			Decision{Class: Personal, Verdict: Open, Grade: desk.Known, Reasons: []string{"nothing_known"}}},
		{"a signed id without a row waits for a person", from("p@x"), Evidence{Orphans: 1},
			Decision{Class: Personal, Verdict: Quarantine, Reasons: []string{"signed_id_unknown"}}},
		{"two From addresses are never believed", desk.Inbound{Writer: desk.ByPerson, From: []desk.Address{{Email: "a@x"}, {Email: "b@x"}}}, Evidence{},
			Decision{Class: Personal, Verdict: Open, Grade: desk.Suspect, Reasons: []string{"nothing_known"}, Flags: []string{"sender_check_failed"}}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(r.want, Decide(r.m, r.e)); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatAnAnswerChanges(t *testing.T) {
	t.Parallel()
	human := Decision{Grade: desk.Known}
	rows := []struct {
		name   string
		d      Decision
		p      Place
		policy Policy
		want   Effect
	}{
		{"a customer's reply reopens a solved ticket", human,
			Place{Side: desk.CustomerSide, Status: desk.Solved, Requester: true}, Policy{}, Effect{Human: true, Status: desk.Open}},
		{"a customer's reply reopens a pending ticket", human,
			Place{Side: desk.CustomerSide, Status: desk.Pending, Requester: true}, Policy{}, Effect{Human: true, Status: desk.Open}},
		{"a suspect reply only asks for attention", Decision{Grade: desk.Suspect},
			Place{Side: desk.CustomerSide, Status: desk.Solved, Requester: true}, Policy{}, Effect{Human: true, Attention: true}},
		{"a customer's reply on a closed ticket follows up", human,
			Place{Side: desk.CustomerSide, Status: desk.Closed, Requester: true}, Policy{}, Effect{Human: true, FollowUp: true}},
		{"a robot reopens nothing", Decision{Grade: desk.Robot},
			Place{Side: desk.CustomerSide, Status: desk.Solved, Requester: true}, Policy{}, Effect{}},
		{"an answer to a done side conversation leaves it done", human,
			Place{Side: desk.PartnerSide, State: desk.StateDone, Status: desk.Open}, Policy{}, Effect{Human: true, Attention: true}},
		{"unless an admin chose otherwise", human,
			Place{Side: desk.PartnerSide, State: desk.StateDone, Status: desk.Open}, Policy{ReopenDone: true}, Effect{Human: true, Attention: true, Reopen: true}},
		{"an answer on a solved ticket leaves it solved", human,
			Place{Side: desk.PartnerSide, State: desk.StateOpen, Status: desk.Solved}, Policy{}, Effect{Human: true, Attention: true}},
		{"unless an admin chose otherwise there too", human,
			Place{Side: desk.PartnerSide, State: desk.StateOpen, Status: desk.Solved}, Policy{ReopenSolved: true}, Effect{Human: true, Status: desk.Open}},
		{"an answer on a closed ticket follows up", human,
			Place{Side: desk.PartnerSide, State: desk.StateOpen, Status: desk.Closed}, Policy{}, Effect{Human: true, FollowUp: true, Attention: true}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(r.want, Effects(r.d, r.p, r.policy)); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzDecide states two properties: every message gets a verdict with a
// reason, and nothing joins without a carrier of ours or a participant.
func FuzzDecide(f *testing.F) {
	f.Add(uint16(0), "a@x", byte(0))
	f.Add(uint16(0xffff), "p@x", byte(3))
	f.Fuzz(func(t *testing.T, bits uint16, sender string, writer byte) {
		m, e := fuzzed(bits, sender, writer)
		d := Decide(m, e)
		if d.Verdict == "" || len(d.Reasons) == 0 {
			t.Fatalf("no verdict or no reason: %+v", d)
		}
		if d.Verdict == Join && !carried(e, d.Conversation) {
			t.Fatalf("joined %q without a carrier: %+v", d.Conversation, e)
		}
	})
}

func fuzzed(bits uint16, sender string, writer byte) (desk.Inbound, Evidence) {
	on := func(n int) bool { return bits&(1<<n) != 0 }
	writers := []desk.Writing{desk.ByPerson, desk.AutoReply, desk.AutoOther, desk.BounceMail, desk.AbuseReport}
	m := from(sender)
	m.Writer, m.Looped, m.List = writers[int(writer)%len(writers)], on(0), on(1)
	if on(2) {
		m.Auth.Result = desk.AuthFail
	}
	e := Evidence{FromUs: on(3), Echo: on(4), FromAgent: on(5), Places: places()}
	if on(6) {
		e.Places = places(as(side, participant), as(thrd, requester))
	}
	for n, c := range []desk.ConversationID{side, side2, thrd} {
		if on(7 + n) {
			e.Tokens = append(e.Tokens, TokenHit{Conversation: c, Revoked: on(13)})
		}
		if on(10 + n) {
			e.Refs = append(e.Refs, RefHit{Ref: desk.Ref{Signed: on(14)}, Conversation: c, Ours: on(15), Shared: on(0)})
		}
	}
	return m, e
}

func carried(e Evidence, c desk.ConversationID) bool {
	p := e.Places[c]
	for _, t := range e.Tokens {
		if t.Conversation == c && (!t.Revoked || p.Participant) {
			return true
		}
	}
	for _, r := range e.Refs {
		signed := r.Ref.Signed && r.Ours
		known := !r.Ours && !r.Shared && (p.Participant || p.Requester)
		if r.Conversation == c && (signed || known) {
			return true
		}
	}
	return false
}
