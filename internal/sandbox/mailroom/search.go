package mailroom

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	gomessage "github.com/emersion/go-message"
)

const maxSearchDepth = 10 // of multiparts

// Search finds messages. By UID it also finds those that the session is told of
// right after the search.
func (s *session) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, options *imap.SearchOptions) (*imap.SearchData, error) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if criteria.ModSeq != nil {
		return nil, s.note("SEARCH", no(imap.ResponseCodeCannot, "No MODSEQ here"))
	}
	var data imap.SearchData
	var seqs imap.SeqSet
	var uids imap.UIDSet
	for i, m := range s.view.folder.messages {
		seq := s.view.tracker.EncodeSeqNum(uint32(i) + 1)
		if !s.view.matches(m, seq, criteria) {
			continue
		}
		uids.AddNum(m.uid)
		num := uint32(m.uid)
		if kind == imapserver.NumKindSeq {
			if num = seq; seq == 0 {
				continue
			}
			seqs.AddNum(seq)
		}
		if data.Count == 0 {
			data.Min = num
		}
		data.Max = num
		data.Count++
	}
	data.All = seqs
	if kind == imapserver.NumKindUID {
		data.All = uids
	}
	if options.ReturnSave {
		s.view.saved = uids
	}
	return &data, s.note("SEARCH", nil)
}

func (v *view) matches(m *message, seq uint32, c *imap.SearchCriteria) bool {
	for _, set := range c.SeqNum {
		if !v.membership(set)(seq, m.uid) {
			return false
		}
	}
	for _, set := range c.UID {
		if !v.membership(set)(seq, m.uid) {
			return false
		}
	}
	if !m.matchesFlags(c) || !m.matchesSize(c) || !m.matchesDates(c) || !m.matchesText(c) {
		return false
	}
	for i := range c.Not {
		if v.matches(m, seq, &c.Not[i]) {
			return false
		}
	}
	for i := range c.Or {
		if !v.matches(m, seq, &c.Or[i][0]) && !v.matches(m, seq, &c.Or[i][1]) {
			return false
		}
	}
	return true
}

func (m *message) matchesFlags(c *imap.SearchCriteria) bool {
	for _, flag := range c.Flag {
		if !m.has(flag) {
			return false
		}
	}
	for _, flag := range c.NotFlag {
		if m.has(flag) {
			return false
		}
	}
	return true
}

func (m *message) matchesSize(c *imap.SearchCriteria) bool {
	size := int64(len(m.raw))
	return (c.Larger == 0 || size > c.Larger) && (c.Smaller == 0 || size < c.Smaller)
}

func (m *message) matchesDates(c *imap.SearchCriteria) bool {
	if !within(m.received, c.Since, c.Before) {
		return false
	}
	if c.SentSince.IsZero() && c.SentBefore.IsZero() {
		return true
	}
	sent, err := mail.ParseDate(firstField(m.raw, "Date"))
	return err == nil && within(sent, c.SentSince, c.SentBefore)
}

// within compares days and leaves time and zone aside (RFC 9051 §6.4.4).
func within(t, since, before time.Time) bool {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}

func (m *message) matchesText(c *imap.SearchCriteria) bool {
	for _, want := range c.Header {
		if !m.headerHas(want.Key, want.Value) {
			return false
		}
	}
	for _, want := range c.Body {
		if !m.bodyHas(want) {
			return false
		}
	}
	for _, want := range c.Text {
		if !m.headerHas("", want) && !m.bodyHas(want) {
			return false
		}
	}
	return true
}

// headerHas looks for a text in the fields of a name, or in all of them.
func (m *message) headerHas(name, want string) bool {
	words := mime.WordDecoder{}
	want = strings.ToLower(want)
	for _, f := range headerFields(m.raw) {
		if name != "" && !strings.EqualFold(f.name, name) {
			continue
		}
		value := f.value()
		if decoded, err := words.DecodeHeader(value); err == nil {
			value = decoded
		}
		if strings.Contains(strings.ToLower(value), want) {
			return true
		}
	}
	return false
}

func (m *message) bodyHas(want string) bool {
	entity, err := gomessage.Read(bytes.NewReader(m.raw))
	if entity == nil || err != nil && !gomessage.IsUnknownCharset(err) {
		_, text := splitHeader(m.raw)
		return bytes.Contains(bytes.ToLower(text), bytes.ToLower([]byte(want)))
	}
	return entityHas(entity, []byte(strings.ToLower(want)), 0)
}

func entityHas(e *gomessage.Entity, want []byte, depth int) bool {
	if depth > maxSearchDepth {
		return false
	}
	parts := e.MultipartReader()
	if parts == nil {
		kind, _, _ := e.Header.ContentType()
		if kind != "" && !strings.HasPrefix(kind, "text/") && !strings.HasPrefix(kind, "message/") {
			return false
		}
		b, _ := io.ReadAll(e.Body)
		return bytes.Contains(bytes.ToLower(b), want)
	}
	for {
		p, err := parts.NextPart()
		if p == nil || err != nil && !gomessage.IsUnknownCharset(err) {
			return false
		}
		if entityHas(p, want, depth+1) {
			return true
		}
	}
}
