package httpapi

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aparte/internal/desk"
	"aparte/internal/store"
	"aparte/internal/store/storetest"
)

// samples holds one event body of each kind, with everything set that it may hold.
var samples = map[desk.Kind]desk.Facts{
	desk.KindMessageReceived: desk.MessageReceived{Message: "message-in", Contact: "contact-mia", Human: true, Grade: desk.Verified,
		Reasons: []string{"token"}, Flags: []string{"new_sender"}, Attention: true},
	desk.KindMessageWritten:   desk.MessageWritten{Message: "message-out", Delivery: "delivery-1", Attends: true},
	desk.KindMessageMoved:     desk.MessageMoved{Message: "message-in", From: "conversation-customer", To: "conversation-side", Reason: "parent_arrived"},
	desk.KindNoteAdded:        desk.NoteAdded{Message: "message-note"},
	desk.KindDeliverySent:     desk.DeliverySent{Message: "message-out", Delivery: "delivery-1"},
	desk.KindDeliveryFailed:   desk.DeliveryFailed{Message: "message-out", Delivery: "delivery-1", Recipients: []string{"mia@carrier.example"}, Reason: "550 5.1.1 no such user"},
	desk.KindDeliveryUnsure:   desk.DeliveryUnsure{Message: "message-out", Delivery: "delivery-1"},
	desk.KindDeliveryRecalled: desk.DeliveryRecalled{Message: "message-out", Delivery: "delivery-1", Turn: desk.Ours},
	desk.KindDeliveryReported: desk.DeliveryReported{Message: "message-out", Delivery: "delivery-1", Recipient: "mia@carrier.example", State: desk.Delayed, Reason: "4.4.1 still trying"},
	desk.KindTicketOpened:     desk.TicketOpened{Number: 1, Subject: "My order", Requester: "contact-lena", Mailbox: "support", Status: desk.New, Priority: desk.Normal, Group: "group-1", Assignee: "ada", Tags: []string{"late"}, Follows: "ticket-1"},
	desk.KindTicketStatus:     desk.TicketStatus{From: desk.Pending, To: desk.Open, Reason: "customer_replied"},
	desk.KindTicketAssigned:   desk.TicketAssigned{Assignee: "ada", Group: "group-1"},
	desk.KindTicketPriority:   desk.TicketPriority{From: desk.Normal, To: desk.High},
	desk.KindTicketTagged:     desk.TicketTagged{Tags: []string{"late", "vip"}},
	desk.KindTicketSubject:    desk.TicketSubject{From: "My order", To: "Order 7"},
	desk.KindTicketFollowed:   desk.TicketFollowed{By: "ticket-1", Number: 1},
	desk.KindTicketAttended:   desk.TicketAttended{},
	desk.KindConversationStarted: desk.ConversationStarted{Start: desk.Start{Side: desk.CustomerSide, Channel: desk.Mail, Account: "support",
		Subject: "My order", Token: "never-shown", ThreadKey: "never-shown"}},
	desk.KindSideOpened: desk.SideOpened{Start: desk.Start{Side: desk.PartnerSide, Channel: desk.Mail, Account: "support",
		Subject: "Parcel 7", Starter: "ada", Token: "never-shown", ThreadKey: "never-shown"}},
	desk.KindSideDone:      desk.SideDone{},
	desk.KindSideReopened:  desk.SideReopened{Reason: "answered"},
	desk.KindSideJoined:    desk.SideJoined{Address: "max@carrier.example"},
	desk.KindSideMoved:     desk.SideMoved{From: "ticket-1", To: "ticket-1"},
	desk.KindEventRedacted: desk.EventRedacted{Event: "event-0"},
}

// rendering opens a desk with what the samples name.
func rendering(t *testing.T) *storetest.Desk {
	t.Helper()
	d := storetest.NewDesk(t, storetest.SQLite(t))
	ctx := storetest.Context(t)
	opened := samples[desk.KindTicketOpened].(desk.TicketOpened)
	opened.Follows = ""
	d.Do(func(tx *store.Tx) error {
		lena, err := tx.Meet(ctx, desk.Address{Email: "lena@customer.example"}, false)
		opened.Requester = lena.ID
		return err
	})
	d.Append(desk.Event{Ticket: "ticket-1", Facts: opened})
	d.Do(func(tx *store.Tx) error {
		return tx.AddMessage(ctx, desk.Message{ID: "message-out", Direction: desk.Out, Agent: "ada", OccurredAt: tx.Now(),
			Recipients: []desk.Recipient{{Address: desk.Address{Email: "mia@carrier.example"}, Class: desk.Bcc}}}, desk.Body{})
	})
	return d
}

// render renders an event for somebody.
func render(t *testing.T, d *storetest.Desk, by desk.Actor, f desk.Facts) []byte {
	t.Helper()
	ctx, at := storetest.Context(t), time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)
	e := desk.Event{Seq: 42, ID: "event-1", Ticket: "ticket-1", Conversation: "conversation-side", Kind: f.Kind(), OccurredAt: at, At: at,
		By: d.Agent.As(), Facts: f}
	if strings.HasPrefix(string(e.Kind), "ticket.") {
		e.Conversation = ""
	}
	var out []byte
	d.See(func(tx *store.Tx) error {
		r := &reader{tx: tx, by: by, agents: map[desk.AgentID]desk.Agent{"ada": d.Agent}, numbers: map[desk.TicketID]int64{}}
		w, err := r.event(ctx, e)
		if err != nil {
			return err
		}
		out, err = json.MarshalIndent(w, "", "  ")
		return err
	})
	return append(out, '\n')
}

func TestEventsAreRenderedAsTheGoldensSay(t *testing.T) {
	t.Parallel()
	d := rendering(t)
	for _, kind := range desk.Kinds() {
		f, ok := samples[kind]
		if !ok {
			t.Errorf("no sample of %s", kind)
			continue
		}
		golden(t, filepath.Join("..", "wire", "testdata", "events", string(kind)+".json"), render(t, d, d.Agent.As(), f))
	}
}

func TestUnknownKindShowsNoFacts(t *testing.T) {
	t.Parallel()
	d := rendering(t)
	var e struct {
		Kind  string
		Facts map[string]any
	}
	b := render(t, d, d.Agent.As(), desk.Unknown{Of: "ticket.sung", Body: json.RawMessage(`{"token":"x"}`)})
	if err := json.Unmarshal(b, &e); err != nil || e.Kind != "ticket.sung" || e.Facts == nil || len(e.Facts) > 0 {
		t.Errorf("rendered as %s: %v", b, err)
	}
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "x", next(store.TicketAfter{UpdatedAt: 7, Number: 1}), next(store.SideAfter{ID: "c"}), "bnVsbA", "W10"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		var at store.TicketAfter
		err := resume(cursor, &at)
		if err != nil && desk.FaultOf(err) != desk.Invalid {
			t.Errorf("%q is refused as %v", cursor, err)
		}
		var again store.TicketAfter
		if e := resume(next(at), &again); e != nil || again != at {
			t.Errorf("%+v comes back as %+v, %v", at, again, e)
		}
	})
}
