package place_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aparte/internal/desk"
	"aparte/internal/place"
	"aparte/internal/route"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
)

const (
	eva   = "eva@example.com"
	depot = "depot@haul.example"
)

// scene is a desk with one ticket of Eva's and one side conversation.
type scene struct {
	*storetest.Desk
	t            *testing.T
	thread, side desk.Conversation
}

func newScene(t *testing.T) *scene {
	t.Parallel()
	d := storetest.NewDesk(t, storetest.SQLite(t))
	s := &scene{Desk: d, t: t, thread: d.Ticket(eva, "Order 7")}
	s.side = d.Side(s.thread.Home, depot, "Where is parcel 7?")
	return s
}

// arrives takes a mail in, as intake does: evidence, decision, place.
func (s *scene) arrives(m desk.Inbound) (route.Decision, desk.MessageID) {
	s.t.Helper()
	ctx := storetest.Context(s.t)
	m.Account, m.Channel = s.Mailbox.ID, desk.Mail
	if m.TakenAt.IsZero() {
		m.TakenAt = s.Now()
	}
	if m.ExternalID == "" {
		m.ExternalID = desk.NewID() + "@elsewhere.example"
	}
	var d route.Decision
	var id desk.MessageID
	s.Do(func(tx *store.Tx) error {
		e, err := tx.Evidence(ctx, m)
		if err != nil {
			return err
		}
		d = route.Decide(m, e)
		id, err = place.CarryOut(ctx, tx, place.Arrival{Mail: m}, d, route.Policy{})
		return err
	})
	return d, id
}

// answer is a person's mail to a conversation's reply address.
func answer(from string, c desk.Conversation) desk.Inbound {
	kind := desk.SideToken
	if c.Side == desk.CustomerSide {
		kind = desk.CustomerToken
	}
	return desk.Inbound{Writer: desk.ByPerson, From: []desk.Address{{Email: from}}, Subject: "Re: " + c.Subject,
		To: []desk.Address{{Email: "support+" + string(kind) + c.Token + "@lumen.example"}}, Tokens: []desk.Token{{Kind: kind, Text: c.Token}},
		Body: desk.Body{HTML: "<p>Yes.</p>", Text: "Yes."}}
}

// said lists who wrote in a conversation, oldest first.
func (s *scene) said(c desk.ConversationID) (authors []string) {
	s.t.Helper()
	ctx := storetest.Context(s.t)
	s.See(func(tx *store.Tx) error {
		list, err := tx.Messages(ctx, c, store.Page{Limit: 50})
		for _, m := range list {
			authors = append(authors, m.Author.Email)
		}
		return err
	})
	return authors
}

func (s *scene) waiting() (all []desk.Quarantined) {
	s.t.Helper()
	ctx := storetest.Context(s.t)
	s.See(func(tx *store.Tx) (err error) { all, err = tx.Quarantine(ctx, "", 50); return err })
	return all
}

// tickets counts the desk's tickets.
func (s *scene) tickets() (n int) {
	s.t.Helper()
	ctx := storetest.Context(s.t)
	s.See(func(tx *store.Tx) error {
		counts, err := tx.ViewCounts(ctx, s.Agent.ID)
		n = counts[store.ViewAll]
		return err
	})
	return n
}

func TestPartnersAnswerStaysOutOfTheCustomerThread(t *testing.T) {
	s := newScene(t)
	s.arrives(answer(depot, s.side))
	s.arrives(answer(eva, s.thread))
	if diff := cmp.Diff([]string{depot}, s.said(s.side.ID)); diff != "" {
		t.Errorf("the side conversation (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{eva}, s.said(s.thread.ID)); diff != "" {
		t.Errorf("the customer thread (-want +got):\n%s", diff)
	}
	if turn := s.Conversation(s.side.ID).Turn; turn != desk.Ours {
		t.Errorf("after the answer the turn is %q", turn)
	}
}

func TestAnswerToDoneStaysDone(t *testing.T) {
	s := newScene(t)
	s.Append(desk.Event{Ticket: s.side.Home, Conversation: s.side.ID, Facts: desk.SideDone{}})
	s.arrives(answer(depot, s.side))
	if c := s.Conversation(s.side.ID); c.State != desk.StateDone || c.Messages != 1 {
		t.Errorf("it is %s with %d messages", c.State, c.Messages)
	}
	if !s.TicketRow(s.side.Home).NeedsAttention() {
		t.Error("the ticket does not need attention")
	}
}

func TestAnswerOnSolvedTicketLeavesItSolvedAndAsksForAttention(t *testing.T) {
	s := newScene(t)
	s.Status(s.side.Home, desk.Solved)
	s.arrives(answer(depot, s.side))
	if k := s.TicketRow(s.side.Home); k.Status != desk.Solved || !k.NeedsAttention() {
		t.Errorf("it is %s, attention %v", k.Status, k.NeedsAttention())
	}
}

func TestCustomersReplyOpensTheTicketAgain(t *testing.T) {
	s := newScene(t)
	s.Status(s.thread.Home, desk.Solved)
	s.arrives(answer(eva, s.thread))
	if k := s.TicketRow(s.thread.Home); k.Status != desk.Open {
		t.Errorf("it is %s", k.Status)
	}
}

func TestAnswerOnClosedTicketOpensOneFollowUp(t *testing.T) {
	s := newScene(t)
	s.Status(s.side.Home, desk.Closed)
	s.arrives(answer(depot, s.side))
	s.arrives(answer(depot, s.side))
	if n := s.tickets(); n != 2 {
		t.Fatalf("there are %d tickets, want the closed one and one follow-up", n)
	}
	side := s.Conversation(s.side.ID)
	next := s.TicketRow(side.Home)
	if next.Follows != s.side.Home || next.Status != desk.Open || next.Sides != 1 || !next.NeedsAttention() {
		t.Errorf("the follow-up is %+v", next)
	}
	if diff := cmp.Diff([]string{depot, depot}, s.said(s.side.ID)); diff != "" {
		t.Errorf("the side conversation (-want +got):\n%s", diff)
	}
	if k := s.TicketRow(s.side.Home); k.Status != desk.Closed || k.Sides != 0 {
		t.Errorf("the closed ticket is %s with %d side conversations", k.Status, k.Sides)
	}
	ctx := storetest.Context(t)
	s.See(func(tx *store.Tx) error {
		rows, err := tx.Conversations(ctx, s.Agent.ID, s.side.Home)
		if len(rows) != 2 || !rows[1].Moved {
			t.Errorf("the closed ticket links %d conversations", len(rows))
		}
		return err
	})
}

func TestCustomersReplyOnClosedTicketGoesToTheFollowUpsThread(t *testing.T) {
	s := newScene(t)
	s.Status(s.thread.Home, desk.Closed)
	_, id := s.arrives(answer(eva, s.thread))
	ctx := storetest.Context(t)
	s.See(func(tx *store.Tx) error {
		m, err := tx.Message(ctx, id)
		if err != nil {
			return err
		}
		c, err := tx.Conversation(ctx, m.Conversation)
		if c.Side != desk.CustomerSide || c.ID == s.thread.ID {
			t.Errorf("it went to the %s conversation of ticket %s", c.Side, c.Home)
		}
		return err
	})
	if got := s.said(s.thread.ID); len(got) != 0 {
		t.Errorf("the closed thread holds %v", got)
	}
}

func report(tag string, r desk.Reported) desk.Inbound {
	return desk.Inbound{Writer: desk.BounceMail, From: []desk.Address{{Email: "mailer-daemon@haul.example"}},
		Tokens: []desk.Token{{Kind: desk.BounceToken, Text: tag}}, Report: &desk.Report{Recipients: []desk.Reported{r}}}
}

func (s *scene) delivery(id desk.DeliveryID) (d desk.Delivery) {
	s.t.Helper()
	ctx := storetest.Context(s.t)
	s.See(func(tx *store.Tx) (err error) { d, err = tx.Delivery(ctx, id); return err })
	return d
}

func TestForgedReportChangesNothing(t *testing.T) {
	s := newScene(t)
	_, d := s.Write(s.side, depot, "Where is it?")
	log := len(s.Events())
	rows := []struct {
		name string
		mail desk.Inbound
		want int // entries in quarantine afterwards
	}{
		{"of somebody who was never addressed", report(d.EnvelopeTag, desk.Reported{Address: eva, Action: "failed"}), 0},
		{"with a guessed tag", report("guessed", desk.Reported{Address: depot, Action: "failed"}), 1},
		{"that names nothing of ours", desk.Inbound{Writer: desk.BounceMail, Report: &desk.Report{EnvelopeID: "x", Original: []string{"y@z"},
			Recipients: []desk.Reported{{Address: depot, Action: "failed"}}}}, 2},
		{"that is no report inside", desk.Inbound{Writer: desk.BounceMail}, 3},
		{"that is told in prose", report(d.EnvelopeTag, desk.Reported{Address: depot, Action: "probable"}), 4},
	}
	for _, r := range rows {
		s.arrives(r.mail)
		if diff := cmp.Diff(d, s.delivery(d.ID), cmpopts.IgnoreFields(desk.Delivery{}, "Version")); diff != "" {
			t.Errorf("a report %s changed the delivery:\n%s", r.name, diff)
		}
		if n := len(s.waiting()); n != r.want {
			t.Errorf("after a report %s, %d wait in quarantine, want %d", r.name, n, r.want)
		}
	}
	if n := len(s.Events()); n != log {
		t.Errorf("%d events were told", n-log)
	}
}

func TestTrueReportFailsItsRecipient(t *testing.T) {
	s := newScene(t)
	_, d := s.Write(s.side, depot, "Where is it?")
	s.arrives(report(d.EnvelopeTag, desk.Reported{Address: "Depot@haul.example", Action: "failed", Status: "5.1.1", Text: "no such user"}))
	got := s.delivery(d.ID)
	if got.State != desk.Failed || got.Recipients[0].Enhanced != "5.1.1" {
		t.Errorf("the delivery is %s: %+v", got.State, got.Recipients)
	}
	if !s.TicketRow(s.side.Home).NeedsAttention() {
		t.Error("the ticket does not need attention")
	}
	if diff := cmp.Diff([]string{s.Mailbox.Address}, s.said(s.side.ID)); diff != "" {
		t.Errorf("the report stands in the conversation (-want +got):\n%s", diff)
	}
}

func TestQuarantinedMailShowsNowhere(t *testing.T) {
	s := newScene(t)
	log := len(s.Events())
	loop := answer(depot, s.side)
	loop.Looped = true
	s.arrives(loop)
	named := desk.Inbound{Writer: desk.ByPerson, From: []desk.Address{{Email: depot}}, Threads: []string{s.side.ThreadKey}}
	s.arrives(named)
	if n := len(s.Events()); n != log {
		t.Errorf("%d events were told", n-log)
	}
	var got []string
	for _, q := range s.waiting() {
		got = append(got, q.Reason+" "+string(q.Suggest)+" "+string(q.Ticket))
	}
	want := []string{"loop  ", "thread_index_unproven " + string(s.side.ID) + " " + string(s.side.Home)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
	if got := s.said(s.side.ID); len(got) != 0 {
		t.Errorf("the side conversation holds %v", got)
	}
}

func TestNobodyBecomesConfirmedByInboundMail(t *testing.T) {
	s := newScene(t)
	m := answer("stranger@x.example", s.side)
	m.Cc = []desk.Address{{Email: "boss@x.example"}, {Email: depot}, {Email: eva}, {Email: "support+x@lumen.example"}}
	s.arrives(m)
	ctx := storetest.Context(t)
	confirmed := map[string]bool{}
	s.See(func(tx *store.Tx) error {
		people, err := tx.Participants(ctx, s.side.ID)
		for _, p := range people {
			confirmed[p.Address.Email] = p.Confirmed
		}
		return err
	})
	want := map[string]bool{depot: true, "stranger@x.example": false, "boss@x.example": false, eva: false}
	if diff := cmp.Diff(want, confirmed); diff != "" {
		t.Errorf("participants (-want +got):\n%s", diff)
	}
}

func TestNumberInTheSubjectJoinsNothing(t *testing.T) {
	s := newScene(t)
	d, _ := s.arrives(desk.Inbound{Writer: desk.ByPerson, From: []desk.Address{{Email: depot}}, Subject: "Re: [#1] Order 7",
		Body: desk.Body{Text: "support+s" + s.side.Token + "@lumen.example"}})
	if d.Verdict != route.Open || s.tickets() != 2 {
		t.Errorf("the verdict is %s, and there are %d tickets", d.Verdict, s.tickets())
	}
}

func TestLaterAnswerMayCiteTheirOwnMail(t *testing.T) {
	s := newScene(t)
	first := answer(depot, s.side)
	first.ExternalID = "first@haul.example"
	s.arrives(first)
	s.arrives(desk.Inbound{Writer: desk.ByPerson, From: []desk.Address{{Email: depot}}, Refs: []desk.Ref{{ID: "first@haul.example"}}})
	if diff := cmp.Diff([]string{depot, depot}, s.said(s.side.ID)); diff != "" {
		t.Errorf("the side conversation (-want +got):\n%s", diff)
	}
}

// A mail server notes when it took a mail by its own clock, in seconds.
func TestAnswerNeverStandsBeforeWhatItAnswers(t *testing.T) {
	s := newScene(t)
	question := answer(depot, s.side)
	question.ExternalID = "question@haul.example"
	s.arrives(question)
	quick := answer("night@haul.example", s.side)
	quick.Refs = []desk.Ref{{ID: "question@haul.example", Answer: true}}
	quick.TakenAt = s.Now().Add(-time.Minute)
	s.arrives(quick)
	if diff := cmp.Diff([]string{depot, "night@haul.example"}, s.said(s.side.ID)); diff != "" {
		t.Errorf("the side conversation (-want +got):\n%s", diff)
	}
}
