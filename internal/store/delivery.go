package store

import (
	"context"
	"fmt"
	"time"

	"aparte/internal/desk"
)

const deliveryColumns = `d.id, d.message, d.conversation, d.account, d.state, d.due_at, d.queued_at, d.settled_at, d.lease,
	d.attempts, d.rendered, d.envelope_tag, d.external_id, d.version`

func scanDelivery(r scanner) (desk.Delivery, error) {
	var d desk.Delivery
	err := r.Scan(&d.ID, &d.Message, &d.Conversation, &d.Account, &d.State, stamp{&d.DueAt}, stamp{&d.QueuedAt},
		stamp{&d.SettledAt}, stamp{&d.Lease}, &d.Attempts, &d.Rendered, &d.EnvelopeTag, &d.ExternalID, &d.Version)
	if missing(err) {
		err = desk.Missing("delivery")
	}
	return d, err
}

// Delivery finds a delivery with the outcome for each recipient.
func (t *Tx) Delivery(ctx context.Context, id desk.DeliveryID) (desk.Delivery, error) {
	return t.delivery(ctx, `d.id = $1`, id)
}

// DeliveryOf finds the delivery of an outbound message.
func (t *Tx) DeliveryOf(ctx context.Context, m desk.MessageID) (desk.Delivery, error) {
	return t.delivery(ctx, `d.message = $1`, m)
}

// DeliveryByTag finds a delivery by the secret of its bounce address.
func (t *Tx) DeliveryByTag(ctx context.Context, tag string) (desk.Delivery, error) {
	return t.delivery(ctx, `d.envelope_tag = $1`, tag)
}

func (t *Tx) delivery(ctx context.Context, where string, arg any) (desk.Delivery, error) {
	d, err := scanDelivery(t.row(ctx, `SELECT `+deliveryColumns+` FROM delivery d WHERE `+where, arg))
	if err != nil {
		return d, err
	}
	d.Recipients, err = t.progress(ctx, d.ID)
	return d, err
}

// DeliveriesOf finds the deliveries of several messages at once.
func (t *Tx) DeliveriesOf(ctx context.Context, ids []desk.MessageID) (map[desk.MessageID]desk.Delivery, error) {
	found := map[desk.MessageID]desk.Delivery{}
	if len(ids) == 0 {
		return found, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	in := `(` + placeholders(1, len(ids)) + `)`
	list, err := collect(ctx, t, scanDelivery, `SELECT `+deliveryColumns+` FROM delivery d WHERE d.message IN `+in, args...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	for _, d := range list {
		found[d.Message] = d
	}
	_, err = collect(ctx, t, func(r scanner) (m desk.MessageID, err error) {
		p, err := scanProgress(r, &m)
		d := found[m]
		d.Recipients = append(d.Recipients, p)
		found[m] = d
		return m, err
	}, `SELECT d.message, `+progressColumns+` FROM delivery d JOIN delivery_recipient p ON p.delivery = d.id
		WHERE d.message IN `+in+` ORDER BY d.id, p.position`, args...)
	return found, err
}

const progressColumns = `p.class, p.name, p.email, p.state, p.attempts, p.next_at, p.code, p.enhanced, p.reply_text, p.at`

// scanProgress scans a recipient's columns, after those that come first.
func scanProgress(r scanner, first ...any) (desk.Progressing, error) {
	var p desk.Progressing
	err := r.Scan(append(first, &p.Class, &p.Name, &p.Email, &p.State, &p.Attempts, stamp{&p.NextAt}, &p.Code, &p.Enhanced,
		&p.Text, stamp{&p.At})...)
	return p, err
}

func (t *Tx) progress(ctx context.Context, id desk.DeliveryID) ([]desk.Progressing, error) {
	return collect(ctx, t, func(r scanner) (desk.Progressing, error) { return scanProgress(r) },
		`SELECT `+progressColumns+` FROM delivery_recipient p WHERE p.delivery = $1 ORDER BY p.position`, id)
}

// Enqueue puts a delivery into the outbox.
func (t *Tx) Enqueue(ctx context.Context, d desk.Delivery) error {
	err := t.exec(ctx, `INSERT INTO delivery
		(id, message, conversation, account, state, due_at, queued_at, envelope_tag) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		d.ID, d.Message, d.Conversation, d.Account, desk.Queued, ms(d.DueAt), ms(t.at), d.EnvelopeTag)
	if err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	for i, r := range d.Recipients {
		if err := t.exec(ctx, `INSERT INTO delivery_recipient (delivery, position, class, name, email, state)
			VALUES ($1, $2, $3, $4, $5, $6)`, d.ID, i, r.Class, r.Name, r.Email, desk.Queued); err != nil {
			return fmt.Errorf("enqueue recipient: %w", err)
		}
	}
	return nil
}

// Claim takes up to limit deliveries of one account that are due, for as long
// as lease. Workers side by side never get the same one; what a dead worker
// held is handed out again when its lease has run out.
func (t *Tx) Claim(ctx context.Context, account desk.AccountID, lease time.Duration, limit int) ([]desk.Delivery, error) {
	now := ms(t.at)
	ids, err := collect(ctx, t, func(r scanner) (id desk.DeliveryID, err error) { return id, r.Scan(&id) },
		`UPDATE delivery SET lease = $1, attempts = attempts + 1, version = version + 1
		WHERE id IN (SELECT id FROM delivery WHERE settled_at = 0 AND due_at <= $2 AND lease <= $2 AND account = $3
			ORDER BY due_at LIMIT $4 `+t.engine.lockClause+`) RETURNING id`,
		ms(t.at.Add(lease)), now, account, limit)
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	claimed := make([]desk.Delivery, 0, len(ids))
	for _, id := range ids {
		d, err := t.Delivery(ctx, id)
		if err != nil {
			return nil, err
		}
		claimed = append(claimed, d)
	}
	return claimed, nil
}

// NextDue tells when the outbox of an account has something to do next; zero
// if it has nothing.
func (t *Tx) NextDue(ctx context.Context, account desk.AccountID) (time.Time, error) {
	var at time.Time
	err := t.row(ctx, `SELECT COALESCE(MIN(CASE WHEN lease > due_at THEN lease ELSE due_at END), 0)
		FROM delivery WHERE settled_at = 0 AND account = $1`, account).Scan(stamp{&at})
	return at, err
}

// SetRendered keeps the bytes of a delivery, for ever the same, and the id
// under which the world will know the message.
func (t *Tx) SetRendered(ctx context.Context, d desk.Delivery, coreSum string) error {
	if err := t.changedOne(ctx, "keep rendered bytes", `UPDATE delivery SET rendered = $2, external_id = $3
		WHERE id = $1 AND rendered = ''`, d.ID, d.Rendered, d.ExternalID); err != nil {
		return err
	}
	return t.changedOne(ctx, "name the message", `UPDATE message SET external_id = $2, raw = $3, core_sum = $4
		WHERE id = $1`, d.Message, d.ExternalID, d.Rendered, coreSum)
}

// SaveDelivery writes back a delivery and the outcome for each recipient.
func (t *Tx) SaveDelivery(ctx context.Context, d desk.Delivery) error {
	err := t.changedOne(ctx, "save delivery", `UPDATE delivery SET state = $2, due_at = $3, settled_at = $4, lease = $5,
		attempts = $6, version = version + 1 WHERE id = $1`,
		d.ID, d.State, ms(d.DueAt), ms(d.SettledAt), ms(d.Lease), d.Attempts)
	if err != nil {
		return err
	}
	for i, r := range d.Recipients {
		if err := t.changedOne(ctx, "save recipient", `UPDATE delivery_recipient SET state = $3, attempts = $4,
			next_at = $5, code = $6, enhanced = $7, reply_text = $8, at = $9 WHERE delivery = $1 AND position = $2`,
			d.ID, i, r.State, r.Attempts, ms(r.NextAt), r.Code, r.Enhanced, r.Text, ms(r.At)); err != nil {
			return err
		}
	}
	t.Hint("delivery:" + string(d.Conversation))
	return nil
}

// Outbox tells how many deliveries wait, and since when the oldest does.
func (t *Tx) Outbox(ctx context.Context) (waiting int, oldest time.Time, err error) {
	err = t.row(ctx, `SELECT COUNT(*), COALESCE(MIN(queued_at), 0) FROM delivery WHERE settled_at = 0`).
		Scan(&waiting, stamp{&oldest})
	return waiting, oldest, err
}

// DeliveryByExternalID finds a delivery by the id that its message carries in
// the world.
func (t *Tx) DeliveryByExternalID(ctx context.Context, id string) (desk.Delivery, error) {
	if id == "" {
		return desk.Delivery{}, desk.Missing("delivery")
	}
	return t.delivery(ctx, `d.id = (SELECT x.id FROM reference r JOIN delivery x ON x.message = r.message
		WHERE r.external_id = $1 AND r.ours = 1 LIMIT 1)`, id)
}

// ReleaseClaims hands out again what a worker of this account held when its
// process died. Call it only where no worker of the account runs.
func (t *Tx) ReleaseClaims(ctx context.Context, account desk.AccountID) error {
	return t.exec(ctx, `UPDATE delivery SET lease = 0 WHERE account = $1 AND settled_at = 0 AND lease > 0`, account)
}
