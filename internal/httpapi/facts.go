package httpapi

import (
	"context"

	"aparte/internal/desk"
)

type facts = map[string]any

// facts renders the body of an event: what is named here, and nothing else. A
// reply address's secret can so never slip out with a new field, and a kind
// that this version does not know shows none of its facts.
func (r *reader) facts(ctx context.Context, f desk.Facts) (facts, error) {
	switch f := f.(type) {
	case desk.MessageReceived:
		return facts{"message": f.Message, "contact": f.Contact, "human": f.Human, "grade": f.Grade,
			"reasons": words(f.Reasons), "flags": words(f.Flags), "attention": f.Attention}, nil
	case desk.MessageWritten:
		return facts{"message": f.Message, "delivery": f.Delivery, "attends": f.Attends}, nil
	case desk.MessageMoved:
		return facts{"message": f.Message, "from": f.From, "to": f.To, "reason": f.Reason}, nil
	case desk.NoteAdded:
		return facts{"message": f.Message}, nil
	case desk.ConversationStarted:
		return started(f.Start), nil
	case desk.SideOpened:
		return started(f.Start), nil
	case desk.SideReopened:
		return facts{"reason": f.Reason}, nil
	case desk.SideJoined:
		return facts{"address": f.Address}, nil
	case desk.SideMoved:
		return r.moved(ctx, f)
	case desk.EventRedacted:
		return facts{"event": f.Event}, nil
	case desk.DeliverySent, desk.DeliveryFailed, desk.DeliveryUnsure, desk.DeliveryRecalled, desk.DeliveryReported:
		return r.deliveryFacts(ctx, f)
	}
	return r.ticketFacts(ctx, f)
}

func (r *reader) ticketFacts(ctx context.Context, f desk.Facts) (facts, error) {
	switch f := f.(type) {
	case desk.TicketOpened:
		follows, err := r.number(ctx, f.Follows)
		return facts{"number": f.Number, "subject": f.Subject, "requester": f.Requester, "mailbox": f.Mailbox, "status": f.Status,
			"priority": f.Priority, "assignee": f.Assignee, "assignee_name": r.agents[f.Assignee].Name, "tags": words(f.Tags),
			"follows": follows}, err
	case desk.TicketStatus:
		return facts{"from": f.From, "to": f.To, "reason": f.Reason}, nil
	case desk.TicketAssigned:
		return facts{"assignee": f.Assignee, "assignee_name": r.agents[f.Assignee].Name, "group": f.Group}, nil
	case desk.TicketPriority:
		return facts{"from": f.From, "to": f.To}, nil
	case desk.TicketTagged:
		return facts{"tags": words(f.Tags)}, nil
	case desk.TicketSubject:
		return facts{"from": f.From, "to": f.To}, nil
	case desk.TicketFollowed:
		return facts{"number": f.Number}, nil
	}
	return facts{}, nil // those without facts, and kinds of a newer version
}

func (r *reader) deliveryFacts(ctx context.Context, f desk.Facts) (facts, error) {
	switch f := f.(type) {
	case desk.DeliverySent:
		return facts{"message": f.Message, "delivery": f.Delivery}, nil
	case desk.DeliveryUnsure:
		return facts{"message": f.Message, "delivery": f.Delivery}, nil
	case desk.DeliveryRecalled:
		return facts{"message": f.Message, "delivery": f.Delivery, "turn": f.Turn}, nil
	case desk.DeliveryFailed:
		return r.failed(ctx, f)
	case desk.DeliveryReported:
		return r.reported(ctx, f)
	}
	return facts{}, nil
}

func (r *reader) failed(ctx context.Context, f desk.DeliveryFailed) (facts, error) {
	hidden, err := r.hidden(ctx, f.Message)
	seen, reason := []string{}, f.Reason
	for _, address := range f.Recipients {
		if hidden[desk.Address{Email: address}.Key()] {
			reason = "" // the server's words name the recipient
			continue
		}
		seen = append(seen, address)
	}
	return facts{"message": f.Message, "delivery": f.Delivery, "recipients": seen, "reason": reason}, err
}

func (r *reader) reported(ctx context.Context, f desk.DeliveryReported) (facts, error) {
	hidden, err := r.hidden(ctx, f.Message)
	if hidden[desk.Address{Email: f.Recipient}.Key()] {
		f.Recipient, f.Reason = "", ""
	}
	return facts{"message": f.Message, "delivery": f.Delivery, "recipient": f.Recipient, "state": f.State, "reason": f.Reason}, err
}

// hidden are the Bcc'd recipients of a message that the reader may not know of (E6).
func (r *reader) hidden(ctx context.Context, id desk.MessageID) (map[string]bool, error) {
	m, err := r.tx.Message(ctx, id)
	if desk.FaultOf(err) == desk.NotFound || err == nil && r.seesBcc(m) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for _, p := range m.Recipients {
		if p.Class == desk.Bcc {
			keys[p.Key()] = true
		}
	}
	return keys, nil
}

// started leaves out the two secrets of a beginning.
func started(s desk.Start) facts {
	return facts{"side": s.Side, "channel": s.Channel, "account": s.Account, "subject": s.Subject, "starter": s.Starter}
}

func (r *reader) moved(ctx context.Context, f desk.SideMoved) (facts, error) {
	from, err := r.number(ctx, f.From)
	if err != nil {
		return nil, err
	}
	to, err := r.number(ctx, f.To)
	return facts{"from": from, "to": to}, err
}
