package mailroom

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// Fetch writes messages or parts of them. It holds no lock while it writes, so
// that a client which reads slowly keeps nobody else waiting.
func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	found, err := s.fetched(set, options)
	if err != nil {
		return err
	}
	for _, p := range found {
		if len(options.BodySection) > 0 && s.room.faults.takeCut() {
			if raw := rawConn(s.conn.NetConn()); raw != nil {
				raw.cutAfter(len(p.raw)/2 + 64)
			}
		}
		if err := p.write(w.CreateMessage(p.seq), options); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) fetched(set imap.NumSet, options *imap.FetchOptions) ([]picked, error) {
	command := "FETCH " + set.String()
	if len(options.BodySection) > 0 {
		command += " BODY"
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	found := s.view.pick(set)
	plain := slices.ContainsFunc(options.BodySection, func(b *imap.FetchItemBodySection) bool { return !b.Peek })
	if plain && !s.view.readOnly {
		for i, p := range found {
			if err := s.view.folder.setFlags(p.message, append(slices.Clone(p.flags), imap.FlagSeen), nil); err != nil {
				return nil, s.note(command, err)
			}
			found[i].flags = p.message.flags
		}
	}
	return found, s.note(command, nil)
}

// write answers for one message. The answer is closed whatever happens, for it
// holds the connection's write lock.
func (p picked) write(w *imapserver.FetchResponseWriter, options *imap.FetchOptions) error {
	w.WriteUID(p.uid)
	if options.Flags {
		w.WriteFlags(p.flags)
	}
	if options.InternalDate {
		w.WriteInternalDate(p.received)
	}
	if options.RFC822Size {
		w.WriteRFC822Size(int64(len(p.raw)))
	}
	if options.Envelope {
		w.WriteEnvelope(p.envelope())
	}
	if options.BodyStructure != nil {
		w.WriteBodyStructure(p.structure())
	}
	return errors.Join(p.writeSections(w, options), w.Close())
}

func (p picked) writeSections(w *imapserver.FetchResponseWriter, options *imap.FetchOptions) error {
	for _, item := range options.BodySection {
		b := part(p.section(item), item.Partial)
		if err := writeLiteral(w.WriteBodySection(item, int64(len(b))), b); err != nil {
			return err
		}
	}
	for _, item := range options.BinarySection {
		whole := *item
		whole.Partial = nil
		b := part(imapserver.ExtractBinarySection(bytes.NewReader(p.raw), &whole), item.Partial)
		if err := writeLiteral(w.WriteBinarySection(item, int64(len(b))), b); err != nil {
			return err
		}
	}
	for _, item := range options.BinarySectionSize {
		w.WriteBinarySectionSize(item, imapserver.ExtractBinarySectionSize(bytes.NewReader(p.raw), item))
	}
	return nil
}

func writeLiteral(w io.WriteCloser, b []byte) error {
	_, err := w.Write(b)
	return errors.Join(err, w.Close())
}

func (p picked) envelope() *imap.Envelope {
	header, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(p.raw)))
	if err != nil {
		return nil
	}
	return imapserver.ExtractEnvelope(header)
}

// structure describes the message; one that claims to have parts and has none
// is plain text.
func (p picked) structure() imap.BodyStructure {
	s := imapserver.ExtractBodyStructure(bytes.NewReader(p.raw))
	if hollow(s) {
		return &imap.BodyStructureSinglePart{
			Type: "text", Subtype: "plain", Size: uint32(len(p.raw)),
			Text:     &imap.BodyStructureText{NumLines: int64(bytes.Count(p.raw, []byte("\n")))},
			Extended: &imap.BodyStructureSinglePartExt{},
		}
	}
	return s
}

func hollow(s imap.BodyStructure) bool {
	bad := false
	s.Walk(func(_ []int, part imap.BodyStructure) bool {
		if multi, ok := part.(*imap.BodyStructureMultiPart); ok && len(multi.Children) == 0 {
			bad = true
		}
		return !bad
	})
	return bad
}

// section returns the bytes that BODY[…] names. The message, its header and its
// text are cut from the bytes as they are, however odd; only parts need a MIME
// reader.
func (p picked) section(item *imap.FetchItemBodySection) []byte {
	head, text := splitHeader(p.raw)
	switch {
	case len(item.Part) > 0:
		whole := *item
		whole.Partial = nil
		return imapserver.ExtractBodySection(bytes.NewReader(p.raw), &whole)
	case item.Specifier == imap.PartSpecifierText:
		return text
	case item.Specifier == imap.PartSpecifierHeader && len(item.HeaderFields)+len(item.HeaderFieldsNot) > 0:
		return someFields(head, item)
	case item.Specifier == imap.PartSpecifierHeader:
		return head
	}
	return p.raw
}

// splitHeader cuts a message after its first empty line.
func splitHeader(raw []byte) (head, text []byte) {
	for at := 0; at < len(raw); {
		end := lineEnd(raw, at)
		if len(bytes.TrimRight(raw[at:end], "\r\n")) == 0 {
			return raw[:end], raw[end:]
		}
		at = end
	}
	return raw, nil
}

// someFields keeps the header fields that HEADER.FIELDS or HEADER.FIELDS.NOT
// asks for, and ends with an empty line.
func someFields(head []byte, item *imap.FetchItemBodySection) []byte {
	in := func(list []string, name string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
	}
	var out []byte
	for _, f := range headerFields(head) {
		keep := !in(item.HeaderFieldsNot, f.name)
		if len(item.HeaderFields) > 0 {
			keep = in(item.HeaderFields, f.name)
		}
		if keep {
			out = append(out, head[f.start:f.end]...)
		}
	}
	return append(out, "\r\n"...)
}

// part cuts <offset.size> out of b, as much of it as there is.
func part(b []byte, partial *imap.SectionPartial) []byte {
	if partial == nil {
		return b
	}
	if partial.Offset < 0 || partial.Offset > int64(len(b)) || partial.Size < 0 {
		return nil
	}
	b = b[partial.Offset:]
	return b[:min(partial.Size, int64(len(b)))]
}
