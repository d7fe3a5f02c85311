// Package leaktest lets customers, partners and agents talk by chance, through
// the real store, verbs, outbox, intake and mail, and reads every byte that
// leaves the desk for what belongs to somebody else.
package leaktest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // what a body says it is written in
	"github.com/emersion/go-message/mail"

	"aparte/internal/desk"
)

// thread is one conversation, and everything that is its own.
type thread struct {
	id     desk.ConversationID
	side   desk.Side
	ticket desk.TicketID
	token  string
	key    string
	ids    []string // Message-IDs, ids of the desk, and sums of its mails
	words  []string // a word of each message said in it
	said   []desk.MessageID
	who    string // the customer or partner at the other end
	last   received
}

// received is what somebody got last, to be answered.
type received struct{ id, replyTo, text string }

// letter is one message that an agent sent.
type letter struct {
	thread *thread
	open   []string // To and Cc
	hidden []string // Bcc
	quoted []string // words that the agent chose to quote
}

// ledger is what the auditor knows of the desk.
type ledger struct {
	threads []*thread
	letters map[string]letter // by their word
	notes   []string
}

// copied is one mail in somebody's mailbox.
type copied struct {
	box string
	raw []byte
}

var (
	outWord   = regexp.MustCompile(`out\d{4}x`)
	replyable = regexp.MustCompile(`(?i)\+[a-z][0-9a-hjkmnp-tv-z]{20}@`)
)

// audit reads every byte of the mails and tells what should not be there, as
// short codes.
func (l *ledger) audit(mails []copied) []string {
	var found []string
	for _, m := range mails {
		found = append(found, l.read(m)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (l *ledger) read(m copied) []string {
	head, body, err := parts(m.raw)
	if err != nil {
		return []string{"unreadable: " + err.Error()}
	}
	own, known := l.letters[outWord.FindString(body)]
	if !known {
		return []string{"letter that nobody wrote"}
	}
	var found []string
	say := func(bad bool, what string) {
		if bad {
			found = append(found, what)
		}
	}
	everything := string(m.raw) + "\n" + body
	for _, other := range l.threads {
		if other != own.thread {
			found = append(found, other.leaks(everything, head, own)...)
		}
	}
	for _, note := range l.notes {
		say(strings.Contains(everything, note), "note")
	}
	say(head.Has("Bcc") || head.Has("Resent-Bcc"), "Bcc header")
	for _, address := range own.hidden {
		say(bytes.Contains(written(m.raw), []byte(address)), "hidden recipient")
	}
	say(replyable.MatchString(body), "token in the words")
	say(!slices.Equal(people(head), own.open), "other recipients")
	say(!slices.Contains(append(own.open, own.hidden...), m.box), "wrong mailbox")
	return found
}

// leaks tells what of a conversation is in a mail of another one.
func (t *thread) leaks(everything string, head mail.Header, own letter) []string {
	var found []string
	if slices.ContainsFunc(t.ids, func(id string) bool { return strings.Contains(everything, id) }) {
		found = append(found, "foreign id")
	}
	if strings.Contains(strings.ToLower(everything), t.token) {
		found = append(found, "foreign token")
	}
	index, _ := base64.StdEncoding.DecodeString(head.Get("Thread-Index")) // an index that cannot be read names nothing
	if strings.Contains(everything, t.key) || len(index) >= 22 && desk.Encode32(index[6:22]) == t.key {
		found = append(found, "foreign thread")
	}
	for _, word := range t.words {
		if strings.Contains(everything, word) && !slices.Contains(own.quoted, word) {
			found = append(found, "foreign words")
			break
		}
	}
	return found
}

// parts decodes a mail: its header, and the words of all its parts.
func parts(raw []byte) (mail.Header, string, error) {
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		return mail.Header{}, "", fmt.Errorf("read a mail: %w", err)
	}
	var words strings.Builder
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil || part.MultipartReader() != nil {
			return err
		}
		b, err := io.ReadAll(part.Body)
		words.Write(append(b, '\n'))
		return err
	})
	return mail.Header{Header: e.Header}, words.String(), err
}

// written is a mail without what its way put on top.
func written(raw []byte) []byte {
	_, own, _ := bytes.Cut(raw, []byte("\r\nDate: "))
	return own
}

// people lists whom a mail names as its recipients.
func people(head mail.Header) []string {
	var all []string
	for _, field := range []string{"To", "Cc"} {
		list, _ := head.AddressList(field) // a broken list is missed by the comparison
		for _, a := range list {
			all = append(all, a.Address)
		}
	}
	return all
}
