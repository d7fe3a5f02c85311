//go:build crash

package crashtest

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"aparte/internal/desk"
	"aparte/internal/sandbox/mailroom"
	"aparte/internal/wire"
)

const (
	people = 4 // customers, and as many partners
	batch  = 3 // first mails of customers before each kill
)

// world is the desk, everybody who writes to it, and the gate in between.
type world struct {
	room *mailroom.Room
	gate *gate
	desk *program
	outside

	tickets  []ticket // those that agents write on
	roots    []string // marks of first mails, and who wrote them
	answered map[string]bool
	threads  map[string]string // mark of a message from the desk -> the thread its answers belong to
	owed     []order           // what the desk did not answer

	sent, known atomic.Int64 // mails to the desk, by both sides' word
	cursor      int64
	kills       []kill
}

// ticket is one that agents write on.
type ticket struct {
	number       int64
	root, thread string // mark of its first mail, id of its customer thread
}

// order is one request of an agent that has to count once.
type order struct {
	path string
	body any
}

// kill is one power cut and what it hit.
type kill struct {
	at      point
	in, out int64          // mails not in the log yet, and mails on their way out
	saw     map[uint32]int // how often each mail of the round had been handed over
}

func newWorld(t *testing.T) *world {
	t.Helper()
	room, err := mailroom.Start(t.Context(), mailroom.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { room.Close() })
	for _, address := range append(addresses(), support) {
		if err := room.AddUser(mailroom.Account{Address: address, Password: password}); err != nil {
			t.Fatal(err)
		}
	}
	w := &world{room: room, gate: newGate(t, room.Addrs().IMAP, room.Addrs().SMTP), answered: map[string]bool{}, threads: map[string]string{},
		outside: outside{Sent: map[string]string{}, Asked: map[string]string{}}}
	w.gate.spring = w.pull
	w.desk = found(t, w.gate)
	w.desk.start(t)
	w.furnish(t)
	return w
}

func addresses() []string {
	var all []string
	for i := range people {
		all = append(all, customer(i), partner(i))
	}
	return all
}

func customer(i int) string { return fmt.Sprintf("cust%d@cust.test", i%people) }
func partner(i int) string  { return fmt.Sprintf("part%d@partner.test", i%people) }

// furnish waits for the mailbox and makes the tickets that agents write on.
func (w *world) furnish(t *testing.T) {
	t.Helper()
	var s wire.Settings
	w.desk.call(t, "GET", "/api/settings", nil, &s)
	s.UndoSeconds = 0
	w.desk.call(t, "PUT", "/api/settings", s, nil)
	w.until(t, "the mailbox is connected", func() bool {
		var h wire.Health
		w.desk.call(t, "GET", "/api/health", nil, &h)
		return len(h.Connectors) == 1 && h.Connectors[0].State == "connected"
	})
	watched := w.watch(t)
	for range people {
		w.write(t)
	}
	w.until(t, "the first tickets are there", func() bool { return w.known.Load() == people })
	for _, row := range w.desk.tickets(t) {
		var full wire.Ticket
		w.desk.call(t, "GET", fmt.Sprintf("/api/tickets/%d", row.Number), nil, &full)
		w.tickets = append(w.tickets, ticket{number: row.Number, root: inMark.FindString(row.Subject), thread: full.Conversations[0].ID})
	}
	w.stopWatch(watched)
}

// until asks again until ok. What it waits for is in other processes.
func (w *world) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited %s in vain until %s", patience, what)
		case <-tick.C:
		}
	}
}

var (
	inMark  = regexp.MustCompile(`in\d{5}`)
	outMark = regexp.MustCompile(`out\d{5}`)
)

// write lets a customer write for the first time.
func (w *world) write(t *testing.T) {
	t.Helper()
	mark := fmt.Sprintf("in%05d", len(w.Sent))
	from := customer(len(w.roots))
	w.roots = append(w.roots, mark)
	w.inject(t, mark, "thread of "+mark, from, support, "Order "+mark, "")
}

// again lets the customer of an earlier mail write once more.
func (w *world) again(t *testing.T, i int) {
	t.Helper()
	root := w.roots[i%len(w.roots)]
	w.inject(t, fmt.Sprintf("in%05d", len(w.Sent)), "thread of "+root, customer(i%len(w.roots)), support, "Re: Order "+root, "<"+root+"@cust.test>")
}

// inject brings a mail to the desk's mailbox. Every third has a file of some size.
func (w *world) inject(t *testing.T, mark, thread, from, to, subject, parent string) {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: <%s>\nTo: <%s>\nSubject: %s\nDate: %s\nMessage-ID: <%s@cust.test>\n", from, to, subject, time.Now().Format(time.RFC1123Z), mark)
	if parent != "" {
		fmt.Fprintf(&b, "In-Reply-To: %[1]s\nReferences: %[1]s\n", parent)
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s\n\n", mark)
	if len(w.Sent)%3 == 0 {
		b.WriteString(strings.Repeat("The parcel stood in the rain and the label has come off.\n", 2000))
	}
	w.Sent[mark] = thread
	w.sent.Add(1)
	if err := w.room.Inject(to, b.Bytes()); err != nil {
		t.Fatal(err)
	}
}

// answer lets everybody answer what came from the desk since the last time.
func (w *world) answer(t *testing.T) {
	t.Helper()
	for _, address := range addresses() {
		for _, m := range w.room.Messages(address, mailroom.Inbox) {
			mark := outMark.FindString(string(m.Raw))
			if w.answered[mark] {
				continue
			}
			w.answered[mark] = true
			read, err := mail.ReadMessage(bytes.NewReader(m.Raw))
			if err != nil {
				t.Fatal(err)
			}
			to, err := mail.ParseAddress(read.Header.Get("Reply-To"))
			if err != nil {
				t.Fatal(err)
			}
			w.inject(t, fmt.Sprintf("in%05d", len(w.Sent)), w.threads[mark], address, to.Address, "Re: "+mark, read.Header.Get("Message-ID"))
		}
	}
}

// ask is an agent's next message: a side conversation, or an answer to a customer.
func (w *world) ask() order {
	n := len(w.Asked)
	mark := fmt.Sprintf("out%05d", n)
	at := w.tickets[n%len(w.tickets)]
	html := "<p>" + mark + "</p>"
	if n%3 == 2 {
		i := 0
		for w.roots[i] != at.root {
			i++
		}
		w.Asked[mark], w.threads[mark] = customer(i), "thread of "+at.root
		return order{"/api/conversations/" + at.thread + "/messages", wire.NewMessage{ID: desk.NewID(), Kind: "message", HTML: html, Anyway: true}}
	}
	id := desk.NewID()
	w.Asked[mark], w.threads[mark] = partner(n), "side "+id
	return order{fmt.Sprintf("/api/tickets/%d/side-conversations", at.number), wire.NewSideConversation{ID: id, Channel: "mail",
		To: []wire.Person{{Email: partner(n)}}, Subject: "Question " + mark, HTML: html}}
}

// inside reads all that the desk has.
func (w *world) inside(t *testing.T) inside {
	t.Helper()
	in := inside{Taken: map[string][]string{}, Written: map[string][]string{}}
	for _, row := range w.desk.tickets(t) {
		var full wire.Ticket
		w.desk.call(t, "GET", fmt.Sprintf("/api/tickets/%d", row.Number), nil, &full)
		for _, c := range full.Conversations {
			in.read(w.thread(t, c), c)
		}
	}
	var waiting wire.QuarantinePage
	w.desk.call(t, "GET", "/api/quarantine", nil, &waiting)
	for _, e := range waiting.Entries {
		mark := inMark.FindString(e.Message.Text)
		in.Taken[mark] = append(in.Taken[mark], "quarantine: "+strings.Join(e.Reasons, " "))
	}
	return in
}

func (w *world) thread(t *testing.T, c wire.Conversation) []wire.Message {
	t.Helper()
	var all []wire.Message
	for before := ""; ; {
		var page wire.MessagePage
		w.desk.call(t, "GET", "/api/conversations/"+c.ID+"/messages?limit=100"+before, nil, &page)
		all = append(page.Messages, all...)
		if page.Before == 0 {
			return all
		}
		before = fmt.Sprintf("&before=%d", page.Before)
	}
}

// read notes one thread. A customer thread is called by its first mail.
func (in inside) read(messages []wire.Message, c wire.Conversation) {
	name := "side " + c.ID
	if c.Kind == "customer" {
		name = ""
	}
	for _, m := range messages {
		if m.Direction == "out" {
			mark := outMark.FindString(m.Text)
			in.Written[mark] = append(in.Written[mark], m.Delivery.State)
			continue
		}
		mark := inMark.FindString(m.Text)
		if name == "" {
			name = "thread of " + mark
		}
		in.Taken[mark] = append(in.Taken[mark], name)
	}
}

// arrived reads all that came out of the desk.
func (w *world) arrived() map[string]map[string]int {
	got := map[string]map[string]int{}
	for _, address := range addresses() {
		for _, m := range w.room.Messages(address, mailroom.Inbox) {
			mark := outMark.FindString(string(m.Raw))
			if got[mark] == nil {
				got[mark] = map[string]int{}
			}
			got[mark][address]++
		}
	}
	return got
}
