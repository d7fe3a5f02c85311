package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"aparte/internal/desk"
)

// A Message-ID of ours is <k.I.M@d>: k says which side of a ticket it belongs
// to, I names the message and M proves that this desk made it. An anchor is
// <k.anchor.R.M@d>, the same for all mails of a conversation, and stands first
// in their References: servers that replace Message-IDs leave it alone.
//
// The proof comes before the books: an id whose M is wrong is a stranger's, and
// one whose M is right but which nobody remembers is an orphan.

const (
	nameBytes  = 15 // 24 letters
	proofBytes = 10 // 80 bits, 16 letters
)

// letterOf is the letter of a side, in ids and in reply addresses.
func letterOf(s desk.Side) string {
	if s == desk.PartnerSide {
		return string(desk.SideToken)
	}
	return string(desk.CustomerToken)
}

// messageID makes the id of a message: always the same for the same message.
func (c *Connector) messageID(side desk.Side, id desk.MessageID) string {
	return c.sign(letterOf(side) + "." + c.name("message", string(id)))
}

// anchorID makes the anchor of a conversation.
func (c *Connector) anchorID(side desk.Side, id desk.ConversationID) string {
	return c.sign(letterOf(side) + ".anchor." + c.name("conversation", string(id)))
}

// name hides an id of the desk behind a keyed sum.
func (c *Connector) name(kind, id string) string {
	return desk.Encode32(c.sum(kind + "\x00" + id)[:nameBytes])
}

func (c *Connector) sign(local string) string {
	return local + "." + c.proof(local, c.domain) + "@" + c.domain
}

func (c *Connector) proof(local, domain string) string {
	return desk.Encode32(c.sum("proof\x00" + local + "@" + domain)[:proofBytes])
}

func (c *Connector) sum(text string) []byte {
	h := hmac.New(sha256.New, c.Key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// signed tells whether this desk made an id, and how it is spelt in its books:
// some gateways change the case of letters.
func (c *Connector) signed(id string) (string, bool) {
	id = strings.ToLower(id)
	local, domain := desk.SplitAddress(id)
	i := strings.LastIndexByte(local, '.')
	if i < 0 || domain == "" {
		return "", false
	}
	kind, _, _ := strings.Cut(local, ".")
	if len(kind) != 1 || !strings.Contains("tsan", kind) {
		return "", false
	}
	return id, subtle.ConstantTimeCompare([]byte(c.proof(local[:i], domain)), []byte(local[i+1:])) == 1
}

// contentID makes an id for a message that came without one.
func contentID(coreSum string) string { return coreSum[:min(len(coreSum), 32)] + "@content.invalid" }

// Outlook's Thread-Index (MS-OXOMSG 2.2.1.3): one byte 1, five bytes of time,
// and 16 bytes that name the conversation; each answer appends five more.
const (
	indexHead = 6
	indexName = 16
)

// threadIndex writes a thread key as Outlook's name of a conversation.
func threadIndex(threadKey string, at time.Time) (string, bool) {
	name, err := desk.Decode32(threadKey)
	if err != nil || len(name) != indexName {
		return "", false
	}
	var ticks [8]byte
	binary.BigEndian.PutUint64(ticks[:], fileTime(at))
	head := append([]byte{1}, ticks[1:indexHead]...)
	return base64.StdEncoding.EncodeToString(append(head, name...)), true
}

// fileTime counts 100 ns since 1601.
func fileTime(at time.Time) uint64 {
	const from1601 = 11_644_473_600
	return uint64((at.Unix() + from1601) * 10_000_000)
}

// threadName reads the thread key out of a Thread-Index, also of a long answer
// to an answer.
func threadName(index string) (string, bool) {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(index), ""))
	if err != nil || len(b) < indexHead+indexName {
		return "", false
	}
	return desk.Encode32(b[indexHead : indexHead+indexName]), true
}
