package actions_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/actions"
	"aparte/internal/blob"
	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
)

// scene is a desk with a ticket of Lena's, and the verbs.
type scene struct {
	*storetest.Desk
	*actions.Actions
	t      *testing.T
	ctx    context.Context
	ada    desk.Actor // an admin
	thread desk.Conversation
}

func newScene(t *testing.T) *scene {
	t.Parallel()
	d := storetest.NewDesk(t, storetest.SQLite(t))
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{Desk: d, t: t, ctx: storetest.Context(t), ada: d.Agent.As(),
		Actions: actions.New(actions.Options{Store: d.Store, Blobs: blobs, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})}
	s.thread = d.Ticket("lena@customer.example", "My order")
	d.Receive(s.thread, "lena@customer.example", "Where is it?")
	return s
}

func addresses(emails ...string) (list []desk.Address) {
	for _, e := range emails {
		list = append(list, desk.Address{Email: e})
	}
	return list
}

func (s *scene) side(id string, change ...func(*actions.NewSide)) (desk.Conversation, error) {
	n := actions.NewSide{ID: desk.ConversationID(id), Channel: desk.Mail, To: addresses("mia@carrier.example"), Subject: "Parcel 7", HTML: "<p>Where is it?</p>"}
	for _, f := range change {
		f(&n)
	}
	return s.StartSide(s.ctx, s.ada, s.thread.Home, n)
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refused checks an error's code.
func (s *scene) refused(err error, code string) {
	s.t.Helper()
	e, ok := err.(*desk.Error)
	if !ok || e.Code != code {
		s.t.Errorf("refused with %v, not %s", err, code)
	}
}

func (s *scene) delivery(m desk.MessageID) (d desk.Delivery) {
	s.t.Helper()
	s.See(func(tx *store.Tx) (err error) {
		d, err = tx.DeliveryOf(s.ctx, m)
		return err
	})
	return d
}

func (s *scene) message(id desk.MessageID) (m desk.Message, b desk.Body) {
	s.t.Helper()
	s.See(func(tx *store.Tx) (err error) {
		if m, err = tx.Message(s.ctx, id); err != nil {
			return err
		}
		b, err = tx.Body(s.ctx, id)
		return err
	})
	return m, b
}

func lines(d desk.Delivery) (all []string) {
	for _, p := range d.Recipients {
		all = append(all, string(p.Class)+" "+p.Email+" "+string(p.State))
	}
	return all
}

func (s *scene) kinds(after desk.Seq) (kinds []desk.Kind) {
	for _, e := range s.Events() {
		if e.Seq > after {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

func (s *scene) seq() (n desk.Seq) {
	s.See(func(tx *store.Tx) (err error) {
		n, err = tx.Seq(s.ctx)
		return err
	})
	return n
}

func TestFirstAnswerOpensTheTicketAndWaitsForUndo(t *testing.T) {
	s := newScene(t)
	m, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, actions.Draft{ID: "m1", HTML: "<p>On its <b>way</b>.</p>"})
	s.must(err)
	d := s.delivery(m.ID)
	if wait := d.DueAt.Sub(d.QueuedAt); wait != 10*time.Second {
		t.Errorf("leaves after %v, not the undo time", wait)
	}
	if diff := cmp.Diff([]string{"to lena@customer.example queued"}, lines(d)); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
	if k := s.TicketRow(s.thread.Home); k.Status != desk.Open {
		t.Errorf("the ticket is %s", k.Status)
	}
	if c := s.Conversation(s.thread.ID); c.Turn != desk.Theirs {
		t.Errorf("it is the turn of %q", c.Turn)
	}
}

func TestSameIdWritesOnce(t *testing.T) {
	s := newScene(t)
	draft := actions.Draft{ID: "m1", HTML: "<p>Once.</p>"}
	first, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, draft)
	s.must(err)
	before := s.seq()
	again, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, draft)
	s.must(err)
	if first.ID != again.ID || s.seq() != before {
		t.Errorf("written twice: %v then %v", first.Seq, again.Seq)
	}
	c, err := s.side("side1")
	s.must(err)
	before = s.seq()
	same, err := s.side("side1")
	s.must(err)
	if c.ID != same.ID || s.seq() != before {
		t.Error("the side conversation was started twice")
	}
	_, err = s.Actions.Write(s.ctx, s.ada, c.ID, draft)
	s.refused(err, "id_taken")
}

func TestSideConversationNeverTakesFromTheCustomersThread(t *testing.T) {
	s := newScene(t)
	c, err := s.side("side1")
	s.must(err)
	m, err := s.Actions.Write(s.ctx, s.ada, c.ID, actions.Draft{ID: "m2", HTML: "<p>Any news?</p>"})
	s.must(err)
	if diff := cmp.Diff([]string{"to mia@carrier.example queued"}, lines(s.delivery(m.ID))); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
	if c.Token == s.thread.Token || c.ThreadKey == s.thread.ThreadKey || c.Token == "" {
		t.Error("the two sides share a secret")
	}
	s.See(func(tx *store.Tx) error {
		refs, err := tx.References(s.ctx, c.ID, 20)
		if len(refs) > 0 {
			t.Errorf("references %v before anything left", refs)
		}
		return err
	})
}

func TestRecipientsAreStrictAndLimited(t *testing.T) {
	s := newScene(t)
	_, err := s.side("side1", func(n *actions.NewSide) { n.To = addresses("mia@carrier") })
	s.refused(err, "address_malformed")
	_, err = s.side("side1", func(n *actions.NewSide) { n.To = nil })
	s.refused(err, "recipients_missing")
	_, err = s.side("side1", func(n *actions.NewSide) { n.Subject = " \n" })
	s.refused(err, "subject_missing")
	_, err = s.side("side1", func(n *actions.NewSide) { n.To = addresses("support+s123@lumen.example") })
	s.refused(err, "recipient_is_ours")
	_, err = s.side("side1", func(n *actions.NewSide) { n.HTML = "<p> </p>" })
	s.refused(err, "text_missing")
	var many []string
	for i := range 49 {
		many = append(many, "p"+strings.Repeat("x", i)+"@carrier.example")
	}
	_, err = s.side("side1", func(n *actions.NewSide) { n.To = addresses(many...) })
	s.refused(err, "recipients_too_many_outside")
	_, err = s.side("side1", func(n *actions.NewSide) {
		n.To = addresses("mia@carrier.example", "MIA@carrier.example")
		n.Cc = addresses("mia@carrier.example", "lena@customer.example")
	})
	s.must(err) // the customer, by an agent's own hand
	if diff := cmp.Diff([]string{"to mia@carrier.example queued", "cc lena@customer.example queued"}, lines(s.delivery("side1-1"))); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
}

func TestWhoOnlyTurnedUpIsNotWrittenTo(t *testing.T) {
	s := newScene(t)
	c, err := s.side("side1")
	s.must(err)
	s.Join(c, "stranger@carrier.example", false)
	m, err := s.Actions.Write(s.ctx, s.ada, c.ID, actions.Draft{ID: "m2", HTML: "<p>Hm</p>"})
	s.must(err)
	if got := lines(s.delivery(m.ID)); len(got) != 1 {
		t.Errorf("written to %v", got)
	}
	s.must(s.KeepParticipant(s.ctx, s.ada, c.ID, "stranger@carrier.example"))
	m, err = s.Actions.Write(s.ctx, s.ada, c.ID, actions.Draft{ID: "m3", HTML: "<p>Hm</p>"})
	s.must(err)
	if got := lines(s.delivery(m.ID)); len(got) != 2 {
		t.Errorf("kept, and written to %v", got)
	}
}

func TestCustomerThreadGoesToTheRequesterAtLeast(t *testing.T) {
	s := newScene(t)
	s.must(s.DropParticipant(s.ctx, s.ada, s.thread.ID, "lena@customer.example"))
	m, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, actions.Draft{ID: "m1", HTML: "<p>Here</p>"})
	s.must(err)
	if diff := cmp.Diff([]string{"to lena@customer.example queued"}, lines(s.delivery(m.ID))); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
}

func TestNoteHasNoWayOut(t *testing.T) {
	s := newScene(t)
	m, err := s.Actions.Note(s.ctx, s.ada, s.thread.ID, actions.NoteDraft{ID: "n1", HTML: "<p>Careful</p>"})
	s.must(err)
	s.See(func(tx *store.Tx) error {
		waiting, _, err := tx.Outbox(s.ctx)
		if waiting != 0 {
			t.Errorf("%d deliveries of a note", waiting)
		}
		return err
	})
	if m.Direction != desk.Note || len(m.Recipients) > 0 {
		t.Errorf("a note goes %s to %v", m.Direction, m.Recipients)
	}
}

func TestClosedTicketTakesSideConversationsAlone(t *testing.T) {
	s := newScene(t)
	s.Status(s.thread.Home, desk.Closed)
	_, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, actions.Draft{ID: "m1", HTML: "<p>Hello</p>"})
	s.refused(err, "ticket_closed")
	_, err = s.side("side1")
	s.must(err)
}

func TestSwitchedOffMeansOffOnTheServer(t *testing.T) {
	s := newScene(t)
	c, err := s.side("side1")
	s.must(err)
	off := desk.DefaultSettings()
	off.MailSides = false
	_, err = s.SetSettings(s.ctx, s.ada, off)
	s.must(err)
	_, err = s.side("side2")
	s.refused(err, "side_conversations_off")
	_, err = s.Actions.Write(s.ctx, s.ada, c.ID, actions.Draft{ID: "m2", HTML: "<p>Hm</p>"})
	s.refused(err, "side_conversations_off")
	bob := desk.Actor{Kind: desk.ByAgent, Agent: "bob", Role: desk.RoleAgent}
	_, err = s.SetSettings(s.ctx, bob, off)
	s.refused(err, "right_missing")
}

func TestReplyOverANewerMessageIsHeldBack(t *testing.T) {
	s := newScene(t)
	seen := s.seq()
	s.Desk.Receive(s.thread, "lena@customer.example", "Found it!")
	draft := actions.Draft{ID: "m1", HTML: "<p>Searching</p>", SeenUpTo: seen}
	_, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, draft)
	s.refused(err, "newer_message")
	draft.Anyway = true
	_, err = s.Actions.Write(s.ctx, s.ada, s.thread.ID, draft)
	s.must(err)
}

func TestQuotedCommentKeepsItsSecretsHome(t *testing.T) {
	s := newScene(t)
	in := s.Desk.Receive(s.thread, "lena@customer.example", "write to support+t"+desk.RandomText(20)+"@lumen.example")
	_, err := s.side("side1", func(n *actions.NewSide) { n.Comments = []desk.MessageID{in.ID} })
	s.must(err)
	_, b := s.message("side1-1")
	if !strings.Contains(b.HTML, "<blockquote>") || !strings.Contains(b.Text, "support@lumen.example") || strings.Contains(b.HTML+b.Text, "+t") {
		t.Errorf("quoted as %s\n%s", b.HTML, b.Text)
	}
	other := s.Ticket("otto@customer.example", "Else")
	foreign := s.Desk.Receive(other, "otto@customer.example", "private")
	_, err = s.side("side2", func(n *actions.NewSide) { n.Comments = []desk.MessageID{foreign.ID} })
	s.refused(err, "comment_elsewhere")
}

func TestOtherWordsUnderAKnownIDAreNotLost(t *testing.T) {
	s := newScene(t)
	draft := actions.Draft{ID: "m1", HTML: "<p>Words of one window.</p>"}
	for range 2 {
		_, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, draft)
		s.must(err)
	}
	draft.HTML = "<p>Words of one window. And of another.</p>"
	_, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, draft)
	s.refused(err, "id_taken")
	_, err = s.side("side1")
	s.must(err)
	_, err = s.side("side1")
	s.must(err)
	_, err = s.side("side1", func(n *actions.NewSide) { n.HTML = "<p>Something else</p>" })
	s.refused(err, "id_taken")
}

func TestNoteLeavesOnlyWhenConfirmed(t *testing.T) {
	s := newScene(t)
	note, err := s.Actions.Note(s.ctx, s.ada, s.thread.ID, actions.NoteDraft{ID: "note1", HTML: "<p>He always complains.</p>"})
	s.must(err)
	quoting := func(n *actions.NewSide) { n.Comments = []desk.MessageID{note.ID} }
	_, err = s.side("side1", quoting)
	s.refused(err, "note_unconfirmed")
	_, err = s.side("side2", quoting, func(n *actions.NewSide) { n.NotesConfirmed = true })
	s.must(err)
}

func TestRecallGivesTheTurnBack(t *testing.T) {
	s := newScene(t)
	m, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, actions.Draft{ID: "m1", HTML: "<p>Oops</p>"})
	s.must(err)
	d, err := s.Recall(s.ctx, s.ada, s.delivery(m.ID).ID)
	s.must(err)
	if c := s.Conversation(s.thread.ID); d.State != desk.Recalled || c.Turn != desk.Ours {
		t.Errorf("%s, turn of %q", d.State, c.Turn)
	}
	_, err = s.Recall(s.ctx, s.ada, d.ID) // twice changes nothing
	s.must(err)
}

func TestRecallIsTooLateOnceClaimed(t *testing.T) {
	s := newScene(t)
	m, err := s.Actions.Write(s.ctx, s.ada, s.thread.ID, actions.Draft{ID: "m1", HTML: "<p>Off</p>"})
	s.must(err)
	s.Clock.Pass(time.Minute)
	s.Do(func(tx *store.Tx) error {
		_, err := tx.Claim(s.ctx, s.Mailbox.ID, time.Minute, 5)
		return err
	})
	_, err = s.Recall(s.ctx, s.ada, s.delivery(m.ID).ID)
	s.refused(err, "too_late")
	_, err = s.Retry(s.ctx, s.ada, s.delivery(m.ID).ID)
	s.refused(err, "nothing_to_retry")
}

func TestRetryGoesToThoseAloneWhomItDidNotReach(t *testing.T) {
	s := newScene(t)
	_, err := s.side("side1", func(n *actions.NewSide) { n.Cc = addresses("max@carrier.example") })
	s.must(err)
	d := s.delivery("side1-1")
	d.Recipients[0].State, d.Recipients[1].State = desk.Sent, desk.Failed
	d.State, d.SettledAt = desk.Failed, time.Now()
	s.Do(func(tx *store.Tx) error { return tx.SaveDelivery(s.ctx, d) })
	_, err = s.Retry(s.ctx, s.ada, d.ID)
	s.must(err)
	want := []string{"to mia@carrier.example sent", "cc max@carrier.example queued"}
	if diff := cmp.Diff(want, lines(s.delivery("side1-1"))); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
}

func TestDoneIsOnlyForSideConversations(t *testing.T) {
	s := newScene(t)
	_, err := s.Done(s.ctx, s.ada, s.thread.ID)
	s.refused(err, "not_a_side_conversation")
	c, err := s.side("side1")
	s.must(err)
	before := s.seq()
	for range 2 {
		c, err = s.Done(s.ctx, s.ada, c.ID)
		s.must(err)
	}
	c, err = s.Reopen(s.ctx, s.ada, c.ID)
	s.must(err)
	if diff := cmp.Diff([]desk.Kind{desk.KindSideDone, desk.KindSideReopened}, s.kinds(before)); diff != "" || c.State != desk.StateOpen {
		t.Errorf("%s after (-want +got):\n%s", c.State, diff)
	}
}

func TestChangeTellsWhatChangedAndRefusesTheStale(t *testing.T) {
	s := newScene(t)
	k, before := s.TicketRow(s.thread.Home), s.seq()
	me, high, solved, tags := s.Agent.ID, desk.High, desk.Solved, []string{"VIP ", "vip", "late"}
	same := k.Subject
	after, err := s.Change(s.ctx, s.ada, k.ID, actions.TicketChange{Version: k.Version, Assignee: &me, Priority: &high, Subject: &same, Tags: &tags, Status: &solved})
	s.must(err)
	want := []desk.Kind{desk.KindTicketAssigned, desk.KindTicketPriority, desk.KindTicketTagged, desk.KindTicketStatus}
	if diff := cmp.Diff(want, s.kinds(before)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"late", "vip"}, after.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	_, err = s.Change(s.ctx, s.ada, k.ID, actions.TicketChange{Version: k.Version, Status: &solved})
	s.refused(err, "stale")
	s.Do(func(tx *store.Tx) error {
		return tx.SaveAgent(s.ctx, desk.Agent{ID: "bob", Email: "bob@lumen.example", Name: "Bob", Role: desk.RoleAgent, DisabledAt: time.Now()})
	})
	bob := desk.AgentID("bob")
	_, err = s.Change(s.ctx, s.ada, k.ID, actions.TicketChange{Version: after.Version, Assignee: &bob})
	s.refused(err, "agent_disabled")
}

func TestQuarantinedMailIsDecidedOnce(t *testing.T) {
	s := newScene(t)
	c, err := s.side("side1")
	s.must(err)
	entry := func(id string) desk.QuarantineID {
		m := desk.Message{ID: desk.MessageID(id), Direction: desk.In, Author: desk.Address{Email: "eve@else.example"}, Subject: "Re", Grade: desk.Other, Human: true, OccurredAt: s.Clock.Now()}
		s.Do(func(tx *store.Tx) error {
			if err := tx.AddMessage(s.ctx, m, desk.Body{Text: "Hello"}); err != nil {
				return err
			}
			return tx.AddQuarantined(s.ctx, desk.Quarantined{ID: desk.QuarantineID("q" + id), Account: s.Mailbox.ID, Message: m.ID, Reason: "r"})
		})
		return desk.QuarantineID("q" + id)
	}
	first := entry("m8")
	c, err = s.Accept(s.ctx, s.ada, first, c.ID)
	s.must(err)
	if c.Turn != desk.Ours || c.Last != "m8" {
		t.Errorf("after accepting: turn %q, last %s", c.Turn, c.Last)
	}
	_, err = s.Accept(s.ctx, s.ada, first, c.ID)
	s.refused(err, "stale")
	m, err := s.Actions.Write(s.ctx, s.ada, c.ID, actions.Draft{ID: "m9", HTML: "<p>Thanks</p>"})
	s.must(err)
	if got := lines(s.delivery(m.ID)); len(got) != 1 {
		t.Errorf("accepting made a participant: %v", got)
	}
	k, err := s.MakeTicket(s.ctx, s.ada, entry("m10"))
	s.must(err)
	if k.Subject != "Re" || k.Status != desk.New {
		t.Errorf("made ticket %q, %s", k.Subject, k.Status)
	}
	third := entry("m11")
	s.refused(s.Discard(s.ctx, desk.Actor{Kind: desk.ByAgent, Agent: "bob", Role: desk.RoleAgent}, third), "right_missing")
	s.must(s.Discard(s.ctx, s.ada, third))
}

func TestTicketByHandIsMailedOrNoted(t *testing.T) {
	s := newScene(t)
	n := actions.NewTicket{ID: "ticket2", Requester: desk.Address{Name: "Otto", Email: "otto@customer.example"}, Subject: "Call", HTML: "<p>Called</p>"}
	k, err := s.OpenTicket(s.ctx, s.ada, n)
	s.must(err)
	again, err := s.OpenTicket(s.ctx, s.ada, n)
	s.must(err)
	if m, _ := s.message("ticket2-1"); m.Direction != desk.Note || again.Number != k.Number {
		t.Errorf("%s, number %d then %d", m.Direction, k.Number, again.Number)
	}
	n.ID, n.Send = "ticket3", true
	_, err = s.OpenTicket(s.ctx, s.ada, n)
	s.must(err)
	if diff := cmp.Diff([]string{"to otto@customer.example queued"}, lines(s.delivery("ticket3-1"))); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
}

func TestPictureInTheTextBecomesAPartOfTheMail(t *testing.T) {
	s := newScene(t)
	png := "\x89PNG\r\n\x1a\n rest"
	u, err := s.Announce(s.ctx, s.ada, actions.NewUpload{ID: "up-1", Name: "a/b.png", Type: "IMAGE/PNG", Size: int64(len(png))})
	s.must(err)
	if u.Complete || u.Offset != 0 {
		t.Errorf("announced as %+v", u)
	}
	_, err = s.Actions.Receive(s.ctx, s.ada, "up-1", 0, strings.NewReader(png[:5]))
	s.must(err)
	_, err = s.Actions.Receive(s.ctx, s.ada, "up-1", 9, strings.NewReader("x"))
	s.refused(err, "offset_gap")
	u, err = s.Actions.Receive(s.ctx, s.ada, "up-1", 5, strings.NewReader(png[5:]))
	s.must(err)
	if !u.Complete || u.File.Type != "image/png" || u.File.Name != "a_b.png" {
		t.Errorf("complete as %+v", u)
	}
	_, err = s.side("side1", func(n *actions.NewSide) { n.HTML = `<p>See <img alt="x" src="/api/attachments/up-1"></p>` })
	s.must(err)
	m, b := s.message("side1-1")
	if !strings.Contains(b.HTML, `src="cid:up-1@inline.aparte"`) || len(m.Attachments) != 1 || !m.Attachments[0].Inline {
		t.Errorf("%s with %+v", b.HTML, m.Attachments)
	}
	_, err = s.side("side2", func(n *actions.NewSide) { n.Attachments = []desk.AttachmentID{"up-1"} })
	s.must(err) // from the ticket
	if m, _ := s.message("side2-1"); len(m.Attachments) != 1 || m.Attachments[0].ID == "up-1" || m.Attachments[0].Inline {
		t.Errorf("attached from the ticket: %+v", m.Attachments)
	}
}
