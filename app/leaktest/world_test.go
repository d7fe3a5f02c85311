package leaktest

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aparte/internal/actions"
	"aparte/internal/blob"
	"aparte/internal/connector/mail"
	"aparte/internal/desk"
	"aparte/internal/intake"
	"aparte/internal/outbox"
	"aparte/internal/route"
	"aparte/internal/sandbox/mailroom"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
)

const (
	support  = "support@help.test"
	password = "correct horse battery"
	patience = 20 * time.Second
	hidden   = "boss@hidden.test"
)

// world is a desk between customers and partners, and what the auditor knows.
type world struct {
	t       *testing.T
	room    *mailroom.Room
	store   *store.Store
	actions *actions.Actions
	outbox  *outbox.Outbox
	changed chan struct{}
	lena    desk.Actor
	ledger
	seen  desk.Seq
	count int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, changed: make(chan struct{}, 1), ledger: ledger{letters: map[string]letter{}}}
	w.enter()
	o := storetest.SQLite(t)
	o.Changed = func(store.Change) {
		if w.outbox != nil {
			w.outbox.Wake("")
		}
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
	w.store = storetest.OpenAt(t, o)
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	w.must(err)
	log := slog.New(slog.DiscardHandler)
	w.actions = actions.New(actions.Options{Store: w.store, Blobs: blobs, Log: log})
	account := desk.Account{ID: "support", Channel: desk.Mail, Name: "Support", Address: support, Settings: "{}"}
	lena := desk.Agent{ID: "lena", Email: "lena@help.test", Name: "Lena Martin", Role: desk.RoleAdmin}
	w.lena = lena.As()
	w.must(w.store.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.SaveAccount(t.Context(), account); err != nil {
			return err
		}
		return tx.SaveAgent(t.Context(), lena)
	}))
	settings, err := w.actions.Settings(t.Context())
	w.must(err)
	settings.UndoSeconds = 0
	_, err = w.actions.SetSettings(t.Context(), w.lena, settings)
	w.must(err)
	w.run(account, blobs, log)
	return w
}

// enter opens the outside world.
func (w *world) enter() {
	var err error
	w.room, err = mailroom.Start(w.t.Context(), mailroom.Config{})
	w.must(err)
	w.t.Cleanup(func() { w.room.Close() })
	for _, address := range append(slices.Concat(customers, partners), support, hidden) {
		w.must(w.room.AddUser(mailroom.Account{Address: address, Password: password}))
	}
}

// run keeps the mailbox's line open in both directions until the test ends.
func (w *world) run(account desk.Account, blobs *blob.Store, log *slog.Logger) {
	line, err := mail.New(mail.Config{Account: account.ID, Address: support, Name: "Support", Instance: "desk-one", Log: log,
		Key: []byte("a key of thirty-two bytes, no less"), Password: func() string { return password }, Settle: 20 * time.Millisecond,
		Settings: mail.Settings{IMAP: w.room.Addrs().IMAP, SMTP: w.room.Addrs().SMTP, IMAPTLS: mail.NoTLS, SMTPTLS: mail.NoTLS,
			User: support, Since: mail.FromAll}})
	w.must(err)
	in := intake.New(intake.Options{Store: w.store, Blobs: blobs, Log: log, Policy: func() route.Policy { return route.Policy{} }})
	w.outbox = outbox.New(outbox.Options{Store: w.store, Blobs: blobs, Log: log})
	ctx, stop := context.WithCancel(context.WithoutCancel(w.t.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = in.Run(ctx, account, line, func(desk.Health) {}) }) // what fails is missed by the test's waits
	running.Go(func() { _ = w.outbox.Run(ctx, account.ID, line) })
	w.t.Cleanup(func() {
		stop()
		running.Wait()
		_ = line.Close()
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(f func(context.Context, *store.Tx) error) {
	w.t.Helper()
	w.must(w.store.View(w.t.Context(), func(tx *store.Tx) error { return f(w.t.Context(), tx) }))
}

// next waits for the next event of a kind.
func (w *world) next(kind desk.Kind) desk.Event {
	w.t.Helper()
	deadline := time.After(patience)
	for {
		var events []desk.Event
		w.view(func(ctx context.Context, tx *store.Tx) (err error) {
			events, err = tx.EventsAfter(ctx, w.seen, 1000)
			return err
		})
		for _, e := range events {
			w.seen = e.Seq
			if e.Kind == kind {
				return e
			}
		}
		select {
		case <-w.changed:
		case <-deadline:
			w.t.Fatalf("waited %s in vain for %s", patience, kind)
		}
	}
}

// word makes a word that stands in one message only.
func (w *world) word(kind string) string {
	w.count++
	return fmt.Sprintf("%s%04dx", kind, w.count)
}

// inject brings a mail, and notes where it went. A nil thread is a new ticket.
func (w *world) inject(t *thread, from, to, cc, subject, parent, text string) *thread {
	w.t.Helper()
	word := w.word("in")
	raw := fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: %s %s\nDate: %s\nMessage-ID: <%s@outside.test>\n", from, to, subject, word,
		time.Now().Format(time.RFC1123Z), word)
	if cc != "" {
		raw += "Cc: <" + cc + ">\n"
	}
	if parent != "" {
		raw += fmt.Sprintf("In-Reply-To: <%[1]s>\nReferences: <%[1]s>\n", parent)
	}
	raw += "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n" + word + "\n\n" + text + "\n"
	w.must(w.room.Inject(to, []byte(raw)))
	e := w.next(desk.KindMessageReceived)
	if t == nil {
		t = w.learn(e.Conversation, from)
	}
	if e.Conversation != t.id {
		w.t.Fatalf("%s of %s went into another conversation", word, from)
	}
	w.said(t, e.Facts.(desk.MessageReceived).Message, word, word+"@outside.test")
	return t
}

// learn notes a new conversation.
func (w *world) learn(id desk.ConversationID, who string) *thread {
	w.t.Helper()
	t := &thread{id: id, who: who}
	w.view(func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Conversation(ctx, id)
		t.side, t.ticket, t.token, t.key = c.Side, c.Home, c.Token, c.ThreadKey
		return err
	})
	t.ids = append(t.ids, string(id))
	w.threads = append(w.threads, t)
	return t
}

// said notes a message of a conversation.
func (w *world) said(t *thread, id desk.MessageID, word, external string) {
	w.t.Helper()
	t.words, t.ids = append(t.words, word), append(t.ids, external)
	w.view(func(ctx context.Context, tx *store.Tx) error {
		m, err := tx.Message(ctx, id)
		if m.Raw != "" {
			t.ids = append(t.ids, m.Raw)
		}
		if m.Direction == desk.In {
			t.said = append(t.said, id)
		}
		return err
	})
}

// sent waits until a letter is out, and notes what its reader now has.
func (w *world) sent(word string, l letter, id desk.MessageID) {
	w.t.Helper()
	w.letters[word] = l
	w.next(desk.KindDeliverySent)
	for _, m := range w.room.Messages(l.open[0], mailroom.Inbox) {
		head, body, err := parts(m.Raw)
		w.must(err)
		if outWord.FindString(body) != word {
			continue
		}
		external, err := head.MessageID()
		w.must(err)
		list, err := head.AddressList("Reply-To")
		w.must(err)
		l.thread.last = received{id: external, replyTo: list[0].Address, text: "> " + strings.ReplaceAll(body, "\n", "\n> ")}
		w.said(l.thread, id, word, external)
		return
	}
	w.t.Fatalf("%s did not come to %s", word, l.open[0])
}

// copies reads every mailbox but the desk's own.
func (w *world) copies() []copied {
	var all []copied
	for _, box := range append(slices.Concat(customers, partners), hidden) {
		for _, m := range w.room.Messages(box, mailroom.Inbox) {
			all = append(all, copied{box, m.Raw})
		}
	}
	return all
}
