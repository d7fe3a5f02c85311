//go:build realmail

package mailtest

import (
	"strconv"
	"strings"
	"testing"

	"aparte/internal/wire"
)

const question = `From: Ada Customer <ada@cust.test>
To: support@help.test
Subject: My parcel has not come
Date: Mon, 23 Nov 2026 09:12:00 +0100
Message-ID: <first-1@cust.test>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Hello, order 4711 should have been here on Friday.
Où est-il ?

Ada
`

// world is both servers with three people, and the program with a mailbox on them.
func world(t *testing.T) (*servers, *running) {
	t.Helper()
	s := start(t)
	for _, name := range []string{"support", "ada", "mia"} {
		s.person(t, name)
	}
	r := serve(t)
	r.run(t, password, "mailbox", "add", "--address", "support@help.test", "--name", "Support",
		"--imap", "localhost:"+port(s.IMAPS), "--imap-tls", "implicit",
		"--smtp", "localhost:"+port(s.Submission), "--smtp-tls", "starttls",
		"--user", "support", "--password-stdin", "--ca", s.Certificate)
	return s, r
}

func port(n int) string { return strconv.Itoa(n) }

func TestCustomerMailBecomesTicketAndMuttAnswersTheSideConversation(t *testing.T) {
	s, r := world(t)
	s.submit(t, "ada@cust.test", "support@help.test", question)
	r.until(t, "the customer's mail is a ticket", func() bool { return len(r.tickets(t)) == 1 })
	ticket := r.tickets(t)[0]
	if got, want := ticket.Subject, "My parcel has not come"; got != want {
		t.Errorf("ticket is called %q, want %q", got, want)
	}

	side := r.ask(t, ticket.Number, "mia@partner.test", "Where is parcel 4711?", "<p>Dear Mia, <strong>where</strong> is it?</p>")
	var asked string
	eventually(t, "the partner has the mail", func() bool {
		for _, raw := range s.mails(t, "mia") {
			asked = raw
		}
		return asked != ""
	})
	for _, bad := range []string{"Bcc:", "first-1@cust.test", "My parcel has not come", "#" + strconv.FormatInt(ticket.Number, 10)} {
		if strings.Contains(asked, bad) {
			t.Errorf("the partner's mail holds %q, which is none of theirs:\n%s", bad, asked)
		}
	}

	s.muttReplies(t, "mia", "partner.test", "It is in Lyon, it leaves tonight.")
	r.until(t, "the answer is in the side conversation", func() bool { return len(r.messages(t, side.ID)) == 2 })

	answer := r.messages(t, side.ID)[1]
	if !strings.Contains(answer.Text, "It is in Lyon, it leaves tonight.") || !answer.HasQuoted {
		t.Errorf("the answer reads %q (quoted history folded: %v)", answer.Text, answer.HasQuoted)
	}
	var c wire.Conversation
	r.call(t, "GET", "/api/conversations/"+side.ID, nil, &c)
	if !c.Unread || c.Turn != "ours" {
		t.Errorf("after the answer: unread %v, turn %q; want unread and ours", c.Unread, c.Turn)
	}
	if got := s.mails(t, "ada"); len(got) != 0 {
		t.Errorf("the customer was written to:\n%s", got[0])
	}
	if got := len(r.tickets(t)); got != 1 {
		t.Errorf("%d tickets, want 1: the answer must open none", got)
	}
}
