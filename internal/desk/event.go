package desk

import (
	"encoding/json"
	"fmt"
	"time"
)

// Kind is what an event says happened: a fact in the past tense.
type Kind string

// The kinds. New meaning gets a new kind; a kind's facts only ever grow.
const (
	KindMessageReceived     Kind = "message.received"
	KindMessageWritten      Kind = "message.written"
	KindMessageMoved        Kind = "message.moved"
	KindNoteAdded           Kind = "note.added"
	KindDeliverySent        Kind = "delivery.sent"
	KindDeliveryFailed      Kind = "delivery.failed"
	KindDeliveryUnsure      Kind = "delivery.unsure"
	KindDeliveryRecalled    Kind = "delivery.recalled"
	KindDeliveryReported    Kind = "delivery.reported"
	KindTicketOpened        Kind = "ticket.opened"
	KindTicketStatus        Kind = "ticket.status"
	KindTicketAssigned      Kind = "ticket.assigned"
	KindTicketPriority      Kind = "ticket.priority"
	KindTicketTagged        Kind = "ticket.tagged"
	KindTicketSubject       Kind = "ticket.subject"
	KindTicketFollowed      Kind = "ticket.followed"
	KindTicketAttended      Kind = "ticket.attended"
	KindConversationStarted Kind = "conversation.started"
	KindSideOpened          Kind = "side.opened"
	KindSideDone            Kind = "side.done"
	KindSideReopened        Kind = "side.reopened"
	KindSideJoined          Kind = "side.joined"
	KindSideMoved           Kind = "side.moved"
	KindEventRedacted       Kind = "event.redacted"
)

// Event is one line of the desk's log. It carries ids and small facts; a
// message's words live in the message's own row (ruling 12).
type Event struct {
	Seq          Seq
	ID           EventID // made by the writer; the same id is stored once
	Ticket       TicketID
	Conversation ConversationID // empty where the ticket itself is concerned
	Kind         Kind
	OccurredAt   time.Time // when it happened out there; orders a timeline
	At           time.Time // when the desk wrote it down
	By           Actor
	Facts        Facts
}

// Facts is the body of an event; each kind has one type.
type Facts interface{ Kind() Kind }

// DecodeFacts reads the stored body of a kind. A kind that this version does
// not know becomes Unknown, so that an older desk survives a newer log.
func DecodeFacts(kind Kind, body []byte) (Facts, error) {
	make, ok := factTypes[kind]
	if !ok {
		return Unknown{Of: kind, Body: json.RawMessage(body)}, nil
	}
	f, err := make(body)
	if err != nil {
		return nil, fmt.Errorf("decode facts of %s: %w", kind, err)
	}
	return f, nil
}

// EncodeFacts writes the body of an event.
func EncodeFacts(f Facts) ([]byte, error) {
	if u, ok := f.(Unknown); ok {
		return u.Body, nil
	}
	b, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode facts of %s: %w", f.Kind(), err)
	}
	return b, nil
}

// Kinds lists every kind that has facts.
func Kinds() []Kind {
	kinds := make([]Kind, 0, len(factTypes))
	for k := range factTypes {
		kinds = append(kinds, k)
	}
	return kinds
}

var factTypes = map[Kind]func([]byte) (Facts, error){
	KindMessageReceived:     decode[MessageReceived],
	KindMessageWritten:      decode[MessageWritten],
	KindMessageMoved:        decode[MessageMoved],
	KindNoteAdded:           decode[NoteAdded],
	KindDeliverySent:        decode[DeliverySent],
	KindDeliveryFailed:      decode[DeliveryFailed],
	KindDeliveryUnsure:      decode[DeliveryUnsure],
	KindDeliveryRecalled:    decode[DeliveryRecalled],
	KindDeliveryReported:    decode[DeliveryReported],
	KindTicketOpened:        decode[TicketOpened],
	KindTicketStatus:        decode[TicketStatus],
	KindTicketAssigned:      decode[TicketAssigned],
	KindTicketPriority:      decode[TicketPriority],
	KindTicketTagged:        decode[TicketTagged],
	KindTicketSubject:       decode[TicketSubject],
	KindTicketFollowed:      decode[TicketFollowed],
	KindTicketAttended:      decode[TicketAttended],
	KindConversationStarted: decode[ConversationStarted],
	KindSideOpened:          decode[SideOpened],
	KindSideDone:            decode[SideDone],
	KindSideReopened:        decode[SideReopened],
	KindSideJoined:          decode[SideJoined],
	KindSideMoved:           decode[SideMoved],
	KindEventRedacted:       decode[EventRedacted],
}

func decode[F Facts](body []byte) (Facts, error) {
	var f F
	err := json.Unmarshal(body, &f)
	return f, err
}
