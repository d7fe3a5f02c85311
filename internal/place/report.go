package place

import (
	"context"

	"aparte/internal/desk"
	"aparte/internal/route"
	"aparte/internal/store"
)

// report settles a delivery report on the recipient that it speaks of. One
// that matches no delivery of ours changes nothing and waits for a person.
func report(ctx context.Context, tx *store.Tx, a Arrival, d route.Decision) (desk.MessageID, error) {
	delivery, err := reported(ctx, tx, a.Mail)
	if desk.FaultOf(err) == desk.NotFound {
		d.Reasons = append(d.Reasons, "report_unmatched")
		return quarantine(ctx, tx, a, d)
	}
	if err != nil {
		return "", err
	}
	if prose(a.Mail.Report.Recipients) {
		d.Suggest = delivery.Conversation
		d.Reasons = append(d.Reasons, "report_probable")
		return quarantine(ctx, tx, a, d)
	}
	c, err := tx.Conversation(ctx, delivery.Conversation)
	if err != nil {
		return "", err
	}
	for _, r := range a.Mail.Report.Recipients {
		if err := settle(ctx, tx, c, &delivery, r); err != nil {
			return "", err
		}
	}
	delivery.State = desk.Overall(delivery.Recipients)
	return "", tx.SaveDelivery(ctx, delivery)
}

// prose tells whether a report has no part for machines: a guess changes no
// status, and a person reads it.
func prose(list []desk.Reported) bool {
	for _, r := range list {
		if r.Action != "probable" {
			return false
		}
	}
	return true
}

// reported finds the delivery that a report speaks of: by the secret of our
// bounce address, by the envelope id that came back, or by our signed id among
// the returned headers.
func reported(ctx context.Context, tx *store.Tx, m desk.Inbound) (desk.Delivery, error) {
	if m.Report == nil {
		return desk.Delivery{}, desk.Missing("delivery")
	}
	for _, t := range m.Tokens {
		if t.Kind == desk.BounceToken {
			return tx.DeliveryByTag(ctx, t.Text)
		}
	}
	if m.Report.EnvelopeID != "" {
		d, err := tx.Delivery(ctx, desk.DeliveryID(m.Report.EnvelopeID))
		if desk.FaultOf(err) != desk.NotFound {
			return d, err
		}
	}
	for _, id := range m.Report.Original {
		d, err := tx.DeliveryByExternalID(ctx, id)
		if desk.FaultOf(err) != desk.NotFound {
			return d, err
		}
	}
	return desk.Delivery{}, desk.Missing("delivery")
}

// actions turns a report's word into a state. The action decides and not the
// status class: a queue that gave up says "failed" with a temporary status.
var actions = map[string]desk.Progress{
	"failed": desk.Failed, "delayed": desk.Delayed, "delivered": desk.Delivered,
}

func settle(ctx context.Context, tx *store.Tx, c desk.Conversation, d *desk.Delivery, r desk.Reported) error {
	state, known := actions[r.Action]
	if !known {
		return nil // relayed and expanded promise nothing
	}
	for i := range d.Recipients {
		p := &d.Recipients[i]
		if p.Key() != (desk.Address{Email: r.Address}).Key() {
			continue
		}
		p.State, p.Enhanced, p.Text, p.At = state, r.Status, r.Text, tx.Now()
		return tell(ctx, tx, c, *d, *p)
	}
	return nil // not a recipient of that mail: a forged report changes nothing
}

func tell(ctx context.Context, tx *store.Tx, c desk.Conversation, d desk.Delivery, p desk.Progressing) error {
	var facts desk.Facts = desk.DeliveryReported{Message: d.Message, Delivery: d.ID, Recipient: p.Email, State: p.State, Reason: p.Text}
	if p.State == desk.Failed {
		facts = desk.DeliveryFailed{Message: d.Message, Delivery: d.ID, Recipients: []string{p.Email}, Reason: p.Text}
	}
	_, _, err := tx.Append(ctx, desk.Event{Ticket: c.Home, Conversation: c.ID, By: desk.Machine("intake"), Facts: facts})
	return err
}
