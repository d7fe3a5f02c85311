package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"aparte/internal/desk"
)

const ticketColumns = `t.id, t.number, t.subject, t.requester, t.mailbox, t.status, t.priority, t.team, t.assignee,
	t.tags, t.follows, t.created_at, t.updated_at, t.solved_at, t.closed_at, t.sides, t.sides_open, t.sides_ours,
	t.attention_at, t.last_seq, t.version`

func ticketFields(k *desk.Ticket) []any {
	return []any{&k.ID, &k.Number, &k.Subject, &k.Requester, &k.Mailbox, &k.Status, &k.Priority, &k.Group, &k.Assignee,
		texts{&k.Tags}, &k.Follows, stamp{&k.CreatedAt}, stamp{&k.UpdatedAt}, stamp{&k.SolvedAt}, stamp{&k.ClosedAt},
		&k.Sides, &k.SidesOpen, &k.SidesOurs, stamp{&k.AttentionAt}, &k.LastSeq, &k.Version}
}

func scanTicket(r scanner) (desk.Ticket, error) {
	var k desk.Ticket
	err := r.Scan(ticketFields(&k)...)
	if missing(err) {
		err = desk.Missing("ticket")
	}
	return k, err
}

// Ticket finds a ticket by its id.
func (t *Tx) Ticket(ctx context.Context, id desk.TicketID) (desk.Ticket, error) {
	return scanTicket(t.row(ctx, `SELECT `+ticketColumns+` FROM ticket t WHERE t.id = $1`, id))
}

// TicketByNumber finds a ticket by the number that people quote.
func (t *Tx) TicketByNumber(ctx context.Context, number int64) (desk.Ticket, error) {
	return scanTicket(t.row(ctx, `SELECT `+ticketColumns+` FROM ticket t WHERE t.number = $1`, number))
}

// FollowUp finds the follow-up of a closed ticket that is not closed itself.
func (t *Tx) FollowUp(ctx context.Context, of desk.TicketID) (desk.Ticket, error) {
	return scanTicket(t.row(ctx, `SELECT `+ticketColumns+` FROM ticket t
		WHERE t.follows = $1 AND t.closed_at = 0 ORDER BY t.number LIMIT 1`, of))
}

// FollowUps lists the tickets that follow one up, oldest first.
func (t *Tx) FollowUps(ctx context.Context, of desk.TicketID) ([]desk.Ticket, error) {
	return collect(ctx, t, scanTicket, `SELECT `+ticketColumns+` FROM ticket t
		WHERE t.follows = $1 AND t.follows <> '' ORDER BY t.number`, of)
}

// NextTicketNumber takes the next number that people will quote.
func (t *Tx) NextTicketNumber(ctx context.Context) (int64, error) { return t.next(ctx, "ticket") }

// bucket is the coarse state that lists ask for.
func bucket(s desk.Status) string {
	if s.Unsolved() {
		return "unsolved"
	}
	return string(s)
}

func (t *Tx) saveTicket(ctx context.Context, k desk.Ticket) error {
	return t.changedOne(ctx, "save ticket", `INSERT INTO ticket
		(id, number, subject, requester, mailbox, status, bucket, priority, team, assignee, tags, follows,
		 created_at, updated_at, solved_at, closed_at, sides, sides_open, sides_ours, attention_at, last_seq, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
		ON CONFLICT (id) DO UPDATE SET subject = $3, requester = $4, mailbox = $5, status = $6, bucket = $7,
		 priority = $8, team = $9, assignee = $10, tags = $11, follows = $12, updated_at = $14, solved_at = $15,
		 closed_at = $16, sides = $17, sides_open = $18, sides_ours = $19, attention_at = $20, last_seq = $21, version = $22`,
		k.ID, k.Number, k.Subject, k.Requester, k.Mailbox, k.Status, bucket(k.Status), k.Priority, k.Group, k.Assignee,
		list(k.Tags), k.Follows, ms(k.CreatedAt), ms(k.UpdatedAt), ms(k.SolvedAt), ms(k.ClosedAt),
		k.Sides, k.SidesOpen, k.SidesOurs, ms(k.AttentionAt), int64(k.LastSeq), k.Version)
}

// View is a built-in way to look at the desk's tickets.
type View string

// The built-in views.
const (
	ViewMine       View = "mine"       // unsolved and mine
	ViewUnassigned View = "unassigned" // unsolved and nobody's
	ViewUnsolved   View = "unsolved"
	ViewAttention  View = "attention"
	ViewSolved     View = "solved" // recently solved
	ViewAll        View = "all"
)

// Views lists the built-in views in the order in which they are shown.
func Views() []View {
	return []View{ViewMine, ViewUnassigned, ViewUnsolved, ViewAttention, ViewSolved, ViewAll}
}

// TicketQuery asks for a page of tickets, newest change first.
type TicketQuery struct {
	View      View
	For       desk.AgentID // whose "mine" and "unread"
	Status    desk.Status  // only this one, if set
	Assignee  desk.AgentID // only this one's, if set
	Requester desk.ContactID
	Text      string      // a number, or words that the subject or the requester holds
	After     TicketAfter // zero for the first page
	Limit     int
}

// TicketAfter names where a page of tickets ended.
type TicketAfter struct {
	UpdatedAt int64 // UTC milliseconds
	Number    int64
}

// TicketRow is a ticket as lists show it.
type TicketRow struct {
	desk.Ticket
	Who          desk.Contact // the requester
	AssigneeName string
	Preview      string // of the customer thread's last message
	Unread       bool   // the customer thread has news for this agent
	SidesUnread  int    // side conversations with news for this agent
}

// Tickets lists a page of tickets.
func (t *Tx) Tickets(ctx context.Context, q TicketQuery) ([]TicketRow, error) {
	where, args := q.where()
	args = append(args, q.Limit)
	return collect(ctx, t, scanTicketRow, `SELECT `+ticketColumns+`, c.id, c.name, c.email, COALESCE(a.name, '')
		FROM (SELECT * FROM ticket t WHERE `+where+`
			ORDER BY t.updated_at DESC, t.number DESC LIMIT $`+itoa(len(args))+`) AS t
		JOIN contact c ON c.id = t.requester
		LEFT JOIN agent a ON a.id = t.assignee
		ORDER BY t.updated_at DESC, t.number DESC`, args...)
}

func scanTicketRow(r scanner) (TicketRow, error) {
	var row TicketRow
	err := r.Scan(append(ticketFields(&row.Ticket), &row.Who.ID, &row.Who.Name, &row.Who.Email, &row.AssigneeName)...)
	return row, err
}

func (q TicketQuery) where() (string, []any) {
	var f filter
	switch q.View {
	case ViewMine:
		f.add("t.assignee = ? AND t.bucket = 'unsolved'", q.For)
	case ViewUnassigned:
		f.add("t.assignee = '' AND t.bucket = 'unsolved'")
	case ViewUnsolved:
		f.add("t.bucket = 'unsolved'")
	case ViewAttention:
		f.add("t.attention_at > 0")
	case ViewSolved:
		f.add("t.bucket = 'solved'")
	}
	if q.Status != "" {
		f.add("t.status = ?", q.Status)
	}
	if q.Assignee != "" {
		f.add("t.assignee = ?", q.Assignee)
	}
	if q.Requester != "" {
		f.add("t.requester = ?", q.Requester)
	}
	f.search(q.Text)
	if q.After != (TicketAfter{}) {
		f.add("(t.updated_at, t.number) < (?, ?)", q.After.UpdatedAt, q.After.Number)
	}
	return f.where(), f.args
}

// search asks for a number, or for words that the subject or the requester
// holds, each of them.
func (f *filter) search(text string) {
	if number, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(text), "#"), 10, 64); err == nil {
		f.add("t.number = ?", number)
		return
	}
	for _, w := range strings.Fields(strings.ToLower(text)) {
		part := "%" + likePrefix(w)
		f.add(`(lower(t.subject) LIKE ? OR t.requester IN
			(SELECT x.id FROM contact x WHERE x.email_key LIKE ? OR lower(x.name) LIKE ?))`, part, part, part)
	}
}

// Unread fills in what a page of tickets holds that agent has not read.
func (t *Tx) Unread(ctx context.Context, agent desk.AgentID, rows []TicketRow) error {
	if len(rows) == 0 {
		return nil
	}
	args := []any{agent}
	byID := make(map[desk.TicketID]*TicketRow, len(rows))
	for i := range rows {
		args = append(args, rows[i].ID)
		byID[rows[i].ID] = &rows[i]
	}
	found, err := collect(ctx, t, scanUnread, `SELECT c.home, c.side, c.news_seq > COALESCE(r.seq, a.start_seq), COALESCE(m.preview, '')
		FROM conversation c
		JOIN agent a ON a.id = $1
		LEFT JOIN read_mark r ON r.conversation = c.id AND r.agent = a.id
		LEFT JOIN message m ON m.id = c.last_message AND c.side = 'customer'
		WHERE c.home IN (`+placeholders(2, len(rows))+`)`, args...)
	if err != nil {
		return fmt.Errorf("find unread: %w", err)
	}
	for _, u := range found {
		u.note(byID[u.home])
	}
	return nil
}

type unread struct {
	home    desk.TicketID
	side    desk.Side
	news    bool
	preview string
}

func scanUnread(r scanner) (unread, error) {
	var u unread
	err := r.Scan(&u.home, &u.side, truth{&u.news}, &u.preview)
	return u, err
}

func (u unread) note(row *TicketRow) {
	switch {
	case u.side == desk.CustomerSide:
		row.Preview, row.Unread = u.preview, u.news
	case u.news:
		row.SidesUnread++
	}
}
