package httpapi_test

import (
	"strings"

	"aparte/internal/desk"
	"aparte/internal/httpapi"
	"aparte/internal/wire"
)

// claims holds one claim for each operation of the document.
var claims = map[string]func(*site){
	"list-views": func(s *site) {
		var v wire.Views
		s.ask("GET", "/api/views", nil).into(200, &v)
		if len(v.Views) != 6 || v.Views[1] != (wire.ViewCount{View: "unassigned", Count: 1}) {
			s.t.Errorf("views: %+v", v)
		}
	},
	"list-tickets": func(s *site) {
		s.Ticket("otto@customer.example", "Else")
		for q, want := range map[string]int{"view=mine": 0, "view=all": 2, "q=order": 1, "q=lena": 1, "q=%231": 1, "q=zzz": 0, "status=solved": 0} {
			var p wire.TicketPage
			if s.ask("GET", "/api/tickets?"+q, nil).into(200, &p); len(p.Tickets) != want || p.Seq == 0 {
				s.t.Errorf("%s: %+v", q, p)
			}
		}
		var p, rest wire.TicketPage
		s.ask("GET", "/api/tickets?limit=1", nil).into(200, &p)
		s.ask("GET", "/api/tickets?limit=1&after="+p.Next, nil).into(200, &rest)
		if rest.Next != "" || len(rest.Tickets) != 1 || rest.Tickets[0].Number == p.Tickets[0].Number {
			s.t.Errorf("pages: %+v then %+v", p, rest)
		}
		s.ask("GET", "/api/tickets?after=nonsense", nil).refused(422, "cursor_malformed")
		s.ask("GET", "/api/tickets?view=nonsense", nil).refused(422, "invalid")
	},
	"create-ticket": func(s *site) {
		n := wire.NewTicket{ID: "ticket-by-hand", Requester: wire.Person{Email: "otto@customer.example"}, Subject: "Call", HTML: "<p>x</p>"}
		var k, again wire.Ticket
		s.ask("POST", "/api/tickets", n).into(201, &k)
		s.ask("POST", "/api/tickets", n).into(201, &again)
		if k.Number != 2 || again.Number != 2 || len(again.Conversations) != 1 || again.Conversations[0].Messages != 1 {
			s.t.Errorf("made %+v", again)
		}
		n.Requester.Email = "otto@"
		s.ask("POST", "/api/tickets", n).refused(422, "address_malformed")
	},
	"get-ticket": func(s *site) {
		var k wire.Ticket
		s.ask("GET", "/api/tickets/1", nil).into(200, &k)
		if len(k.Conversations) != 2 || k.Conversations[0].Kind != "customer" || k.MailboxEmail != s.Mailbox.Address || !k.Unread {
			s.t.Errorf("ticket: %+v", k)
		}
		s.ask("GET", "/api/tickets/99", nil).refused(404, "ticket_not_found")
	},
	"change-ticket": func(s *site) {
		version, open, me := s.TicketRow(s.thread.Home).Version, "open", string(s.Agent.ID)
		var k wire.Ticket
		s.ask("PATCH", "/api/tickets/1", wire.TicketPatch{Version: version, Status: &open, Assignee: &me}).into(200, &k)
		if k.Status != open || k.Assignee == nil || k.Assignee.Name != "Ada Martin" {
			s.t.Errorf("changed to %+v", k.TicketRow)
		}
		stale := s.ask("PATCH", "/api/tickets/1", wire.TicketPatch{Version: version, Status: &open}).refused(409, "stale")
		if stale.Ticket == nil || stale.Ticket.Version != k.Version {
			s.t.Errorf("the conflict shows %+v", stale.Ticket)
		}
		s.ask("PATCH", "/api/tickets/1", map[string]any{"version": 1, "colour": "red"}).refused(422, "invalid")
	},
	"list-timeline": func(s *site) {
		var all, page wire.Timeline
		s.ask("GET", "/api/tickets/1/timeline", nil).into(200, &all)
		next := ""
		var kinds int
		for range len(all.Events) {
			page = wire.Timeline{}
			s.ask("GET", "/api/tickets/1/timeline?limit=1&after="+next, nil).into(200, &page)
			kinds, next = kinds+len(page.Events), page.Next
		}
		if kinds != len(all.Events) || page.Next != "" || all.Events[0].Kind != "ticket.opened" {
			s.t.Errorf("%d events one by one of %+v", kinds, all.Events)
		}
	},
	"list-attachments": func(s *site) {
		s.upload("file-0001", "hello")
		s.write("message-1", func(n *wire.NewMessage) { n.Attachments = []string{"file-0001"} })
		var l wire.AttachmentList
		if s.ask("GET", "/api/tickets/1/attachments", nil).into(200, &l); len(l.Attachments) != 1 || l.Attachments[0].Name != "a.txt" {
			s.t.Errorf("files: %+v", l)
		}
	},
	"start-side-conversation": func(s *site) {
		n := wire.NewSideConversation{ID: "side-0002", Channel: "mail", To: []wire.Person{{Name: "Max", Email: "max@carrier.example"}}, HTML: "<p>Hi</p>"}
		s.ask("POST", "/api/tickets/1/side-conversations", n).refused(422, "subject_missing")
		n.Subject = "Parcel 8"
		var c, again wire.Conversation
		s.ask("POST", "/api/tickets/1/side-conversations", n).into(201, &c)
		s.ask("POST", "/api/tickets/1/side-conversations", n).into(201, &again)
		if c.Turn != "theirs" || c.Messages != 1 || again.Messages != 1 || c.Unread || c.Participants[0].Name != "Max" {
			s.t.Errorf("started %+v", c)
		}
	},
	"get-conversation": func(s *site) {
		var c wire.Conversation
		a := s.ask("GET", "/api/conversations/"+string(s.side.ID), nil)
		a.into(200, &c)
		s.holds("a conversation", string(a.body), s.side.Token, false)
		if c.Kind != "side" || c.Ticket != 1 || c.Turn != "nobody" || !c.Participants[0].Confirmed {
			s.t.Errorf("conversation: %+v", c)
		}
	},
	"change-conversation": func(s *site) {
		var c wire.Conversation
		path := "/api/conversations/" + string(s.side.ID)
		s.ask("PATCH", path, wire.ConversationPatch{State: "done"}).into(200, &c)
		if c.State != "done" || c.DoneAt == nil {
			s.t.Errorf("done: %+v", c)
		}
		s.ask("PATCH", path, wire.ConversationPatch{State: "open"}).into(200, &c)
		s.ask("PATCH", "/api/conversations/"+string(s.thread.ID), wire.ConversationPatch{State: "done"}).refused(422, "not_a_side_conversation")
	},
	"list-messages": func(s *site) {
		for _, text := range []string{"two", "three"} {
			s.Receive(s.thread, "lena@customer.example", text)
		}
		path := "/api/conversations/" + string(s.thread.ID) + "/messages"
		var p, older wire.MessagePage
		s.ask("GET", path+"?limit=2", nil).into(200, &p)
		if len(p.Messages) != 2 || p.Before == 0 || p.After != 0 || p.Messages[1].Text != "three" {
			s.t.Errorf("newest page: %+v", p)
		}
		s.ask("GET", path+"?limit=2&before="+number(p.Before), nil).into(200, &older)
		if len(older.Messages) != 1 || older.Before != 0 || older.After == 0 {
			s.t.Errorf("older page: %+v", older)
		}
	},
	"write-message": func(s *site) {
		m := s.write("message-1")
		if again := s.write("message-1"); again.Seq != m.Seq || m.Delivery == nil || m.Delivery.State != "queued" {
			s.t.Errorf("%+v then %+v", m, again)
		}
		n := s.write("message-2", func(n *wire.NewMessage) { n.Kind = "note" })
		if n.Direction != "note" || n.Delivery != nil {
			s.t.Errorf("note: %+v", n)
		}
		seen := m.Seq
		s.Receive(s.side, "mia@carrier.example", "wait")
		s.ask("POST", "/api/conversations/"+string(s.side.ID)+"/messages",
			wire.NewMessage{ID: "message-3", Kind: "message", HTML: "<p>x</p>", SeenUpTo: seen}).refused(409, "newer_message")
	},
	"mark-read": func(s *site) {
		s.ask("POST", "/api/conversations/"+string(s.thread.ID)+"/read", wire.ReadMark{UpTo: int64(s.first.Seq)}).into(204, nil)
		var k wire.Ticket
		if s.ask("GET", "/api/tickets/1", nil).into(200, &k); k.Unread {
			s.t.Error("still unread")
		}
		if s.as(s.bob).ask("GET", "/api/conversations/"+string(s.thread.ID), nil).into(200, &k.Conversations[0]); !k.Conversations[0].Unread {
			s.t.Error("read for Bob too")
		}
	},
	"change-participant": func(s *site) {
		s.Join(s.side, "new@carrier.example", false)
		var c wire.Conversation
		path := "/api/conversations/" + string(s.side.ID) + "/participants"
		s.ask("POST", path, wire.ParticipantPatch{Email: "new@carrier.example", Keep: true}).into(200, &c)
		if len(c.Participants) != 2 || !c.Participants[1].Confirmed {
			s.t.Errorf("kept: %+v", c.Participants)
		}
		if s.ask("POST", path, wire.ParticipantPatch{Email: "new@carrier.example"}).into(200, &c); len(c.Participants) != 1 {
			s.t.Errorf("removed: %+v", c.Participants)
		}
	},
	"list-side-conversations": func(s *site) {
		for q, want := range map[string]int{"": 1, "?state=done": 0, "?turn=ours": 0, "?channel=slack": 0, "?since=2100-01-01T00:00:00Z": 0} {
			var p wire.ConversationPage
			if s.ask("GET", "/api/side-conversations"+q, nil).into(200, &p); len(p.Conversations) != want {
				s.t.Errorf("%s: %+v", q, p)
			}
		}
	},
	"recall-delivery": func(s *site) {
		m := s.write("message-1")
		var d wire.Delivery
		if s.ask("POST", "/api/deliveries/"+m.Delivery.ID+"/recall", nil).into(200, &d); d.State != "recalled" {
			s.t.Errorf("recalled: %+v", d)
		}
		s.ask("POST", "/api/deliveries/none/recall", nil).refused(404, "delivery_not_found")
	},
	"retry-delivery": func(s *site) {
		m := s.write("message-1")
		s.ask("POST", "/api/deliveries/"+m.Delivery.ID+"/retry", nil).refused(409, "nothing_to_retry")
	},
	"get-message": func(s *site) {
		var m wire.Message
		if s.ask("GET", "/api/messages/"+string(s.first.ID), nil).into(200, &m); m.Text != "Where is it?" || m.Direction != "in" {
			s.t.Errorf("message: %+v", m)
		}
	},
	"get-message-body": func(s *site) {
		a := s.ask("GET", "/api/messages/"+string(s.first.ID)+"/body?dark=true&lang=fr", nil)
		a.into(200, nil)
		s.holds("the frame's policy", a.Header.Get("Content-Security-Policy"), "sandbox allow-scripts", true)
		s.holds("the frame", string(a.body), "Where is it?", true)
		if a.Header.Get("X-Frame-Options") != "" {
			s.t.Error("the frame may not be framed")
		}
	},
	"get-message-original": func(s *site) {
		s.ask("GET", "/api/messages/"+string(s.first.ID)+"/original", nil).refused(404, "original_not_found")
		a := s.ask("GET", "/api/messages/"+string(s.original("From: x\r\n\r\nhi"))+"/original", nil)
		a.into(200, nil)
		if string(a.body) != "From: x\r\n\r\nhi" || a.Header.Get("Content-Type") != "message/rfc822" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
			s.t.Errorf("%v %s", a.Header, a.body)
		}
	},
	"poll-events": func(s *site) {
		var n wire.News
		s.ask("GET", "/api/events?after=0", nil).into(200, &n)
		if len(n.Events) == 0 || n.Cursor != n.Events[len(n.Events)-1].Seq {
			s.t.Errorf("news: %+v", n)
		}
		s.ask("GET", "/api/events?wait=26", nil).refused(422, "invalid")
	},
	"create-upload": func(s *site) {
		n := wire.NewUpload{ID: "file-0001", Name: "a.txt", Type: "text/plain", Size: 5}
		var u, again wire.Upload
		s.ask("POST", "/api/uploads", n).into(201, &u)
		s.ask("POST", "/api/uploads", n).into(201, &again)
		if u.Complete || u.Offset != 0 || again != u {
			s.t.Errorf("%+v then %+v", u, again)
		}
	},
	"get-upload": func(s *site) {
		s.ask("POST", "/api/uploads", wire.NewUpload{ID: "file-0001", Name: "a.txt", Type: "text/plain", Size: 5}).into(201, nil)
		var u wire.Upload
		if s.ask("GET", "/api/uploads/file-0001", nil).into(200, &u); u.Offset != 0 {
			s.t.Errorf("upload: %+v", u)
		}
		s.as(s.bob).ask("GET", "/api/uploads/file-0001", nil).refused(404, "attachment_not_found")
	},
	"put-upload": func(s *site) {
		s.ask("POST", "/api/uploads", wire.NewUpload{ID: "file-0001", Name: "a.txt", Type: "text/plain", Size: 5}).into(201, nil)
		var u wire.Upload
		s.ask("PUT", "/api/uploads/file-0001?offset=0", []byte("he")).into(200, &u)
		s.ask("PUT", "/api/uploads/file-0001?offset=3", []byte("lo")).refused(409, "offset_gap")
		s.ask("PUT", "/api/uploads/file-0001?offset=2", []byte("llo and more")).refused(422, "upload_too_long")
		s.ask("PUT", "/api/uploads/file-0001", []byte("x")).refused(422, "offset_malformed")
		if s.ask("PUT", "/api/uploads/file-0001?offset=2", []byte("llo")).into(200, &u); !u.Complete || u.Offset != 5 {
			s.t.Errorf("complete: %+v", u)
		}
		s.ask("POST", "/api/uploads", wire.NewUpload{ID: "file-0002", Name: "b", Type: "text/plain", Size: 9 << 20}).into(201, nil)
		s.ask("PUT", "/api/uploads/file-0002?offset=0", make([]byte, 4<<20+1)).refused(413, "too_big")
	},
	"get-attachment": func(s *site) {
		s.upload("file-0001", "hello")
		a := s.ask("GET", "/api/attachments/file-0001", nil)
		a.into(200, nil)
		if string(a.body) != "hello" || a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Content-Disposition") != "attachment; filename=a.txt" {
			s.t.Errorf("%v %s", a.Header, a.body)
		}
		s.holds("a file's policy", a.Header.Get("Content-Security-Policy"), "sandbox", true)
		s.as(s.bob).ask("GET", "/api/attachments/file-0001", nil).refused(404, "attachment_not_found")
	},
	"list-drafts": noDrafts,
	"save-draft": func(s *site) {
		s.ask("PUT", "/api/drafts/side:1", wire.DraftBody{Body: map[string]any{"html": "<p>é"}}).into(200, nil)
		var l, others wire.DraftList
		s.ask("GET", "/api/drafts", nil).into(200, &l)
		s.as(s.bob).ask("GET", "/api/drafts", nil).into(200, &others)
		if len(l.Drafts) != 1 || l.Drafts[0].Body["html"] != "<p>é" || len(others.Drafts) != 0 {
			s.t.Errorf("mine %+v, Bob's %+v", l, others)
		}
		s.ask("PUT", "/api/drafts/nonsense", wire.DraftBody{Body: map[string]any{}}).refused(422, "composer_unknown")
	},
	"drop-draft": func(s *site) {
		s.ask("PUT", "/api/drafts/side:1", wire.DraftBody{Body: map[string]any{"html": "x"}}).into(200, nil)
		s.ask("DELETE", "/api/drafts/side:1", nil).into(204, nil)
		noDrafts(s)
	},
	"list-quarantine": func(s *site) {
		s.quarantine("q1")
		s.quarantine("q2")
		var p, rest wire.QuarantinePage
		s.ask("GET", "/api/quarantine?limit=1", nil).into(200, &p)
		s.ask("GET", "/api/quarantine?limit=1&after="+p.Next, nil).into(200, &rest)
		if p.Entries[0].Message.Text != "Hello" || rest.Entries[0].ID == p.Entries[0].ID || rest.Next != "" {
			s.t.Errorf("%+v then %+v", p, rest)
		}
	},
	"accept-quarantined": func(s *site) {
		s.quarantine("q1")
		var c wire.Conversation
		in := wire.QuarantineAccept{Conversation: string(s.side.ID)}
		s.ask("POST", "/api/quarantine/q1/accept", in).into(200, &c)
		s.ask("POST", "/api/quarantine/q1/accept", in).refused(409, "stale")
		if c.Messages != 1 || c.Participants[1].Confirmed {
			s.t.Errorf("accepted into %+v", c)
		}
	},
	"ticket-quarantined": func(s *site) {
		s.quarantine("q1")
		var k wire.Ticket
		if s.ask("POST", "/api/quarantine/q1/ticket", nil).into(200, &k); k.Requester.Email != "eve@else.example" {
			s.t.Errorf("ticket: %+v", k)
		}
	},
	"discard-quarantined": func(s *site) {
		s.quarantine("q1")
		s.as(s.bob).ask("POST", "/api/quarantine/q1/discard", nil).refused(403, "right_missing")
		s.ask("POST", "/api/quarantine/q1/discard", nil).into(204, nil)
	},
	"list-contacts": func(s *site) {
		for q, want := range map[string]string{"le": "lena@customer.example", "ray": "bob@lumen.example"} {
			var l wire.ContactList
			if s.ask("GET", "/api/contacts?q="+q, nil).into(200, &l); len(l.Contacts) != 1 || l.Contacts[0].Email != want {
				s.t.Errorf("%s: %+v", q, l)
			}
		}
	},
	"get-settings": func(s *site) {
		var w wire.Settings
		want := wire.Settings{MailSides: true, UndoSeconds: 10, MaxPeople: 100, MaxOutside: 48}
		if s.ask("GET", "/api/settings", nil).into(200, &w); w != want {
			s.t.Errorf("a new desk's settings: %+v", w)
		}
	},
	"put-settings": func(s *site) {
		w := wire.Settings{UndoSeconds: 0, MaxPeople: 5, MaxOutside: 5}
		s.as(s.bob).ask("PUT", "/api/settings", w).refused(403, "right_missing")
		var got wire.Settings
		s.ask("PUT", "/api/settings", w).into(200, nil)
		if s.ask("GET", "/api/settings", nil).into(200, &got); got != w {
			s.t.Errorf("kept %+v", got)
		}
	},
	"list-mailboxes": func(s *site) {
		var l wire.MailboxList
		if s.ask("GET", "/api/mailboxes", nil).into(200, &l); len(l.Mailboxes) != 1 || l.Mailboxes[0].Address != s.Mailbox.Address {
			s.t.Errorf("mailboxes: %+v", l)
		}
	},
	"create-mailbox": func(s *site) {
		n := mailbox()
		s.as(s.bob).ask("POST", "/api/mailboxes", n).refused(403, "right_missing")
		a := s.ask("POST", "/api/mailboxes", n)
		var m wire.Mailbox
		a.into(201, &m)
		s.holds("a mailbox", string(a.body), n.Password, false)
		if m.IMAP != n.IMAP || m.SMTPTLS != "starttls" {
			s.t.Errorf("made %+v", m)
		}
		n.ID = "mailbox-0003"
		s.ask("POST", "/api/mailboxes", n).refused(409, "address_in_use")
	},
	"test-mailbox": func(s *site) {
		var l wire.CheckList
		if s.ask("POST", "/api/mailboxes/test", mailbox()).into(200, &l); len(l.Checks) != 1 || !l.Checks[0].OK {
			s.t.Errorf("checks: %+v", l)
		}
		s.as(s.bob).ask("POST", "/api/mailboxes/test", mailbox()).refused(403, "right_missing")
	},
	"change-mailbox": func(s *site) {
		s.ask("POST", "/api/mailboxes", mailbox()).into(201, nil)
		name, stop := "Sales", true
		var m wire.Mailbox
		s.ask("PATCH", "/api/mailboxes/mailbox-0002", wire.MailboxPatch{Name: &name, Stopped: &stop}).into(200, &m)
		if m.Name != name || !m.Stopped || m.IMAP != "imap.lumen.example:993" {
			s.t.Errorf("changed to %+v", m)
		}
		s.ask("PATCH", "/api/mailboxes/none", wire.MailboxPatch{Name: &name}).refused(404, "mailbox_not_found")
	},
	"check-mailbox": func(s *site) {
		s.ask("POST", "/api/mailboxes/"+string(s.Mailbox.ID)+"/check", nil).into(202, nil)
		s.ask("POST", "/api/mailboxes/none/check", nil).refused(404, "mailbox_not_found")
	},
	"list-agents": func(s *site) {
		var l wire.AgentList
		if s.as(s.bob).ask("GET", "/api/agents", nil).into(200, &l); len(l.Agents) != 2 {
			s.t.Errorf("agents: %+v", l)
		}
	},
	"create-agent": func(s *site) {
		n := wire.NewAgent{ID: "agent-0003", Email: "cleo@lumen.example", Name: "Cleo", Role: "agent", Password: password}
		s.as(s.bob).ask("POST", "/api/agents", n).refused(403, "right_missing")
		a := s.ask("POST", "/api/agents", n)
		a.into(201, nil)
		s.holds("an agent", string(a.body), password, false)
		s.ask("POST", "/api/agents", n).into(201, nil)
	},
	"change-agent": func(s *site) {
		signature := "<p>Bob</p><script>x</script>"
		var a wire.Agent
		s.as(s.bob).ask("PATCH", "/api/agents/bob", wire.AgentPatch{Signature: &signature}).into(200, &a)
		s.holds("a signature", a.Signature, "script", false)
		s.as(s.bob).ask("PATCH", "/api/agents/ada", wire.AgentPatch{Signature: &signature}).refused(403, "right_missing")
	},
	"list-tokens": func(s *site) {
		s.ask("POST", "/api/tokens", wire.NewToken{Name: "script"}).into(201, nil)
		var l wire.TokenList
		if s.ask("GET", "/api/tokens", nil).into(200, &l); len(l.Tokens) != 1 || l.Tokens[0].Text != "" {
			s.t.Errorf("tokens: %+v", l)
		}
	},
	"create-token": func(s *site) {
		var k wire.Token
		s.ask("POST", "/api/tokens", wire.NewToken{Name: "script"}).into(201, &k)
		s.holds("a new token", k.Text, "apt_", true)
	},
	"revoke-token": func(s *site) {
		var k wire.Token
		s.ask("POST", "/api/tokens", wire.NewToken{Name: "script"}).into(201, &k)
		s.as(s.bob).ask("DELETE", "/api/tokens/"+k.ID, nil).refused(404, "token_not_found")
		s.ask("DELETE", "/api/tokens/"+k.ID, nil).into(204, nil)
	},
	"get-me": func(s *site) {
		var me wire.Me
		if s.as(s.bob).ask("GET", "/api/me", nil).into(200, &me); me.Agent.Name != "Bob Ray" || len(me.Rights) != 2 || me.Mode != "serve" {
			s.t.Errorf("me: %+v", me)
		}
	},
	"log-in": func(s *site) {
		word := password
		s.ask("PATCH", "/api/agents/bob", wire.AgentPatch{Password: &word}).into(200, nil)
		nobody := s.as(desk.Actor{})
		nobody.ask("POST", "/api/session", wire.Login{Email: "bob@lumen.example", Password: "wrong"}).refused(401, "login_failed")
		s.ask("POST", "/api/session", wire.Login{Email: "bob@lumen.example", Password: password}).refused(409, "no_login_here")
		a := nobody.ask("POST", "/api/session", wire.Login{Email: "bob@lumen.example", Password: password})
		var me wire.Me
		if a.into(200, &me); me.Agent.ID != "bob" || len(a.Cookies()) != 1 {
			s.t.Errorf("logged in as %+v with %v", me, a.Cookies())
		}
	},
	"log-out": func(s *site) {
		s.as(desk.Actor{}).ask("DELETE", "/api/session", nil).into(204, nil)
		s.ask("DELETE", "/api/session", nil).into(204, nil)
	},
	"get-health": func(s *site) {
		a := s.as(desk.Actor{}).ask("GET", "/api/health", nil)
		var h wire.Health
		if a.into(200, &h); !h.Ready || h.Seq == 0 || h.Schema == 0 || len(h.Connectors) != 1 {
			s.t.Errorf("health: %+v", h)
		}
		s.holds("health", string(a.body), "@", false)
	},
	"get-openapi": func(s *site) {
		if a := s.as(desk.Actor{}).ask("GET", "/api/openapi.json", nil); string(a.body) != string(httpapi.Document()) {
			s.t.Error("another document is served")
		}
	},
	"get-docs": func(s *site) {
		a := s.as(desk.Actor{}).ask("GET", "/api/docs", nil)
		s.holds("the docs", string(a.body), "/api/tickets/{number}", true)
		s.holds("the docs", string(a.body), "http://", false)
		s.holds("the docs", string(a.body), "https://", false)
	},
}
