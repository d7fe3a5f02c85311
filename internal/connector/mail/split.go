package mail

import (
	"bytes"
	"strings"
)

// The limits of reading. What is over a limit is left to the original, which
// is kept whole.
const (
	maxHeaderBytes = 256 << 10
	maxField       = 64 << 10
	maxFields      = 1000
)

// field is a header field, unfolded, its bytes otherwise as they came.
type field struct{ name, value string }

// head is a header as far as it could be read.
type head struct {
	fields []field
	cut    bool   // some of it was over a limit
	last   []byte // the last field's value while it grows, so that a thousand lines cost a thousand steps
}

// get gives the first field of a name.
func (h head) get(name string) string {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// all gives every field of a name, from the top.
func (h head) all(name string) []string {
	var values []string
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			values = append(values, f.value)
		}
	}
	return values
}

func (h head) has(name string) bool { return len(h.all(name)) > 0 }

// splitMessage cuts a message, or a part of one, into header and body. It
// takes every line for what it can be and never fails: a line that is no field
// is passed over ("From " of an mbox, stray text), unless it comes before any
// field at all and is followed by none, and then all is body.
func splitMessage(raw []byte) (head, []byte) {
	var h head
	body := h.split(raw)
	h.settle()
	return h, body
}

func (h *head) split(raw []byte) []byte {
	at, size := 0, 0
	for at < len(raw) {
		line, next := nextLine(raw, at)
		if len(line) == 0 {
			return raw[next:]
		}
		size += next - at
		at = next
		switch {
		case size > maxHeaderBytes || len(h.fields) >= maxFields:
			h.cut = true
		case line[0] == ' ' || line[0] == '\t':
			h.fold(line)
		default:
			h.begin(line)
		}
	}
	if len(h.fields) == 0 {
		return raw
	}
	return nil
}

// settle gives the last field its value.
func (h *head) settle() {
	if n := len(h.fields); n > 0 && h.last != nil {
		h.fields[n-1].value = strings.TrimSpace(string(h.last))
	}
	h.last = nil
}

// nextLine gives a line without its end, and where the next one begins. It
// takes CRLF, LF and CR.
func nextLine(b []byte, at int) (line []byte, next int) {
	i := bytes.IndexByte(b[at:], '\n')
	if i < 0 {
		return bytes.TrimSuffix(b[at:], []byte("\r")), len(b)
	}
	return bytes.TrimSuffix(b[at:at+i], []byte("\r")), at + i + 1
}

// fold adds a continued line to the last field.
func (h *head) fold(line []byte) {
	if h.last == nil {
		return
	}
	if len(h.last)+len(line) > maxField {
		h.cut = true
		return
	}
	h.last = append(append(h.last, ' '), bytes.TrimLeft(line, " \t")...)
}

func (h *head) begin(line []byte) {
	name, value, ok := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	if !ok || len(name) == 0 || len(name) > 200 || bytes.ContainsAny(name, " \t") {
		h.settle() // what is folded below it is not the field's above
		return
	}
	if len(value) > maxField {
		h.cut, value = true, value[:maxField]
	}
	h.settle()
	h.fields = append(h.fields, field{name: string(name)})
	h.last = append([]byte{}, value...)
}
