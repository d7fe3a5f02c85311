package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

// probeWait is how long a self-test waits for its own mail.
const probeWait = 30 * time.Second

// Check tries every step of receiving and sending, and reports each. The steps
// end at the first that fails and that the next ones need.
func (c *Connector) Check(ctx context.Context, report func(desk.Check)) error {
	k := &checking{c: c, report: report}
	defer k.end()
	for _, step := range []func(context.Context) error{k.connect, k.login, k.folders, k.smtp, k.roundTrip} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// checking is one self-test.
type checking struct {
	c      *Connector
	report func(desk.Check)
	line   *line
}

func (k *checking) end() {
	if k.line != nil {
		k.line.end()
	}
}

func (k *checking) ok(name, text string) { k.report(desk.Check{Name: name, OK: true, Text: text}) }

// no reports a step that failed, in the words of its error.
func (k *checking) no(name string, err error) error {
	line := desk.Check{Name: name, Text: err.Error()}
	var told *desk.Error
	if errors.As(err, &told) {
		line.Text, line.Hint = told.Msg, told.Hint
	}
	k.report(line)
	return err
}

func (k *checking) connect(ctx context.Context) error {
	l, err := k.c.greet(ctx)
	if err != nil {
		return k.no(stepOf(err), err)
	}
	k.line = l
	k.ok("connect", hostOf(k.c.Settings.IMAP))
	k.ok("tls", string(k.c.Settings.IMAPTLS))
	return nil
}

// stepOf tells which of the first two steps an error belongs to.
func stepOf(err error) string {
	var told *desk.Error
	if errors.As(err, &told) && (strings.HasPrefix(told.Code, "certificate_") || strings.Contains(told.Code, "tls")) {
		return "tls"
	}
	return "connect"
}

func (k *checking) login(ctx context.Context) error {
	if err := k.line.login(ctx); err != nil {
		return k.no("login", err)
	}
	k.ok("login", k.c.Settings.User)
	return nil
}

func (k *checking) folders(ctx context.Context) error {
	names, _, err := k.line.list(ctx)
	if err != nil {
		return k.no("folders", err)
	}
	k.ok("folders", desk.OneLine(strings.Join(names, ", "), maxWords))
	err = k.line.ask(ctx, func() (err error) {
		k.line.box, err = k.line.Select(inbox, &imap.SelectOptions{ReadOnly: true}).Wait()
		return err
	})
	if err != nil {
		return k.no("folders", err)
	}
	if k.line.Caps().Has(imap.CapIdle) {
		k.ok("idle", "new mail is pushed")
	} else {
		k.ok("idle", fmt.Sprintf("the server cannot push: it is asked every %s", k.c.PollEvery))
	}
	return nil
}

// list names the folders, and the one for sent mail; empty where none is marked.
func (l *line) list(ctx context.Context) (names []string, sent string, err error) {
	err = l.ask(ctx, func() error {
		all, err := l.List("", "*", nil).Collect()
		for _, f := range all {
			names = append(names, f.Mailbox)
			if slices.Contains(f.Attrs, imap.MailboxAttrSent) {
				sent = f.Mailbox
			}
		}
		return err
	})
	return names, sent, err
}

func (k *checking) smtp(ctx context.Context) error {
	s, err := k.c.submit(ctx)
	if err != nil {
		return k.no("smtp", err)
	}
	s.end()
	k.ok("smtp", hostOf(k.c.Settings.SMTP))
	return nil
}

// roundTrip sends a mail to this mailbox's own plus address and waits for it.
func (k *checking) roundTrip(ctx context.Context) error {
	tag := "probe" + desk.RandomText(12)
	id := k.c.sign("n." + desk.RandomText(24))
	err := k.probe(ctx, id, k.c.plus(tag))
	if err != nil {
		return k.no("send", err)
	}
	k.ok("send", "a test mail was taken by "+hostOf(k.c.Settings.SMTP))
	uid, err := k.await(ctx, id)
	if err != nil {
		return k.no("receive", err)
	}
	k.ok("receive", "the test mail has come back")
	return k.plus(ctx, uid, tag)
}

// probe sends a test mail. A server that refuses plus addresses gets it without.
func (k *checking) probe(ctx context.Context, id, to string) error {
	r, err := k.c.Send(ctx, connector.Parcel{Bytes: k.c.probeMail(id, to), To: []desk.Address{{Email: to}}})
	if err == nil && r.Outcomes[0].State == desk.Failed && to != k.c.Address {
		return k.probe(ctx, id, k.c.Address)
	}
	if err == nil && r.Outcomes[0].State != desk.Sent {
		return &desk.Error{Fault: desk.Unavailable, Code: "probe_refused",
			Msg: "the test mail was refused: " + r.Outcomes[0].Text, Hint: "Check that this mailbox may send from " + k.c.Address + "."}
	}
	return err
}

func (c *Connector) probeMail(id, to string) []byte {
	h := &header{}
	h.add("Date", c.Now().Format(mailDate))
	h.add("From", "<"+c.Address+">")
	h.add("To", "<"+to+">")
	h.add("Subject", "Test of this mailbox")
	h.add("Message-ID", "<"+id+">")
	h.add("Auto-Submitted", "auto-generated")
	h.add(loopField, c.Instance)
	h.add("MIME-Version", "1.0")
	h.add("Content-Type", "text/plain; charset=utf-8")
	return append(h.bytes(), "\r\nThis mail was sent to see whether it comes back. It can be deleted.\r\n"...)
}

// await looks for the test mail until it is there. It asks, and does not rely
// on being told.
func (k *checking) await(ctx context.Context, id string) (uint32, error) {
	limited, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	pause := time.NewTicker(time.Second)
	defer pause.Stop()
	for {
		uids, err := k.line.find(limited, id)
		if err == nil && len(uids) > 0 {
			return uids[0], nil
		}
		if err != nil && limited.Err() == nil {
			return 0, err
		}
		select {
		case <-pause.C:
		case <-limited.Done():
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			return 0, &desk.Error{Fault: desk.Unavailable, Code: "probe_lost",
				Msg:  fmt.Sprintf("the test mail did not come back within %s", probeWait),
				Hint: "Look for it in the junk folder; or the address and the user belong to different mailboxes."}
		}
	}
}

func (l *line) find(ctx context.Context, id string) ([]uint32, error) {
	if err := l.ask(ctx, func() error { return l.Noop().Wait() }); err != nil {
		return nil, err
	}
	return l.search(ctx, &imap.SearchCriteria{
		Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: id}}})
}

// plus tells whether the tag survived the way: without it, answers are
// recognised by their ids alone.
func (k *checking) plus(ctx context.Context, uid uint32, tag string) error {
	b, err := k.line.section(ctx, imap.UIDSetNum(imap.UID(uid)), imap.UID(uid), maxStub, &imap.FetchItemBodySection{
		Specifier: imap.PartSpecifierHeader, Peek: true, Partial: &imap.SectionPartial{Size: maxStub}})
	if err != nil {
		return k.no("plus", err)
	}
	if strings.Contains(strings.ToLower(string(b)), "+"+tag+"@") {
		k.ok("plus", "plus addresses arrive")
		return nil
	}
	k.report(desk.Check{Name: "plus", Text: "this mail server takes no plus addresses",
		Hint: "Answers are then recognised by their ids alone, which some mail programs drop."})
	return nil
}

// Confirm looks for a message among the sent mail. Not every server files what
// it sends, so not finding it proves nothing.
func (c *Connector) Confirm(ctx context.Context, externalID string) (found, conclusive bool, err error) {
	l, err := c.connect(ctx)
	if err != nil {
		return false, false, err
	}
	defer l.end()
	stop := context.AfterFunc(ctx, l.wire.drop)
	defer stop()
	_, sent, err := l.list(ctx)
	if err != nil || sent == "" {
		return false, false, err
	}
	err = l.ask(ctx, func() error {
		_, err := l.Select(sent, &imap.SelectOptions{ReadOnly: true}).Wait()
		return err
	})
	if err != nil {
		return false, false, err
	}
	uids, err := l.find(ctx, externalID)
	return len(uids) > 0, len(uids) > 0, err
}
