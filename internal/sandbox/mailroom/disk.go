package mailroom

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

const indexFile = "index.jsonl"

// folderDisk keeps one folder: a file for each message and an index to which
// one line is added for each change. A nil folderDisk keeps nothing.
type folderDisk struct {
	dir   string
	index *os.File
}

// change is a line of the index.
type change struct {
	Op          string      `json:"op"` // folder, add, flags, gone
	UID         imap.UID    `json:"uid,omitempty"`
	At          *time.Time  `json:"at,omitempty"`
	Flags       []imap.Flag `json:"flags,omitempty"`
	UIDValidity uint32      `json:"uidvalidity,omitempty"`
	UIDNext     imap.UID    `json:"uidnext,omitempty"`
}

// indexed is what an index says about a folder.
type indexed struct {
	uidValidity uint32
	uidNext     imap.UID
	messages    map[imap.UID]*message // without raw
}

// readIndex replays an index. Lines that are no changes, such as the torn last
// one of a run that was killed, say nothing.
func readIndex(r io.Reader) indexed {
	x := indexed{uidNext: 1, messages: make(map[imap.UID]*message)}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c change
		if json.Unmarshal(lines.Bytes(), &c) == nil {
			x.apply(c)
		}
	}
	return x
}

func (x *indexed) apply(c change) {
	switch c.Op {
	case "folder":
		x.uidValidity = c.UIDValidity
		x.uidNext = max(x.uidNext, c.UIDNext)
	case "add":
		if c.UID == 0 || c.UID == ^imap.UID(0) || c.At == nil {
			return
		}
		x.messages[c.UID] = &message{uid: c.UID, received: *c.At, flags: sortFlags(c.Flags)}
		x.uidNext = max(x.uidNext, c.UID+1)
	case "flags":
		if m := x.messages[c.UID]; m != nil {
			m.flags = sortFlags(c.Flags)
		}
	case "gone":
		delete(x.messages, c.UID)
	}
}

// load fills the folder from dir, making dir if needed, and writes the index
// anew so that it stays small.
func (f *folder) load(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Join(dir, indexFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	x := readIndex(bytes.NewReader(b))
	if x.uidValidity != 0 {
		f.uidValidity = x.uidValidity
	}
	f.uidNext = x.uidNext
	for _, m := range x.messages {
		if m.raw, err = os.ReadFile(emlPath(dir, m.uid)); err != nil {
			continue // its file was never finished, or was removed first
		}
		f.messages = append(f.messages, m)
		f.account.bytes += int64(len(m.raw))
	}
	slices.SortFunc(f.messages, func(a, b *message) int { return int(a.uid) - int(b.uid) })
	f.disk = &folderDisk{dir: dir}
	return f.disk.rewriteIndex(f)
}

func emlPath(dir string, uid imap.UID) string {
	return filepath.Join(dir, fmt.Sprintf("%d.eml", uid))
}

func (d *folderDisk) add(m *message) error {
	if d == nil {
		return nil
	}
	if err := writeFile(emlPath(d.dir, m.uid), m.raw); err != nil {
		return err
	}
	return d.append(change{Op: "add", UID: m.uid, At: &m.received, Flags: m.flags})
}

func (d *folderDisk) flags(uid imap.UID, flags []imap.Flag) error {
	if d == nil {
		return nil
	}
	return d.append(change{Op: "flags", UID: uid, Flags: flags})
}

func (d *folderDisk) remove(uid imap.UID) error {
	if d == nil {
		return nil
	}
	if err := d.append(change{Op: "gone", UID: uid}); err != nil {
		return err
	}
	return os.Remove(emlPath(d.dir, uid))
}

// rewrite keeps the folder as it is now, under new UIDs.
func (d *folderDisk) rewrite(f *folder) error {
	if d == nil {
		return nil
	}
	old, err := filepath.Glob(filepath.Join(d.dir, "*.eml"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	for _, m := range f.messages {
		if err := writeFile(emlPath(d.dir, m.uid), m.raw); err != nil {
			return err
		}
	}
	return d.rewriteIndex(f)
}

func (d *folderDisk) rewriteIndex(f *folder) error {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	_ = lines.Encode(change{Op: "folder", UIDValidity: f.uidValidity, UIDNext: f.uidNext})
	for _, m := range f.messages {
		_ = lines.Encode(change{Op: "add", UID: m.uid, At: &m.received, Flags: m.flags})
	}
	if err := d.close(); err != nil {
		return err
	}
	path := filepath.Join(d.dir, indexFile)
	if err := writeFile(path, b.Bytes()); err != nil {
		return err
	}
	var err error
	d.index, err = os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	return err
}

func (d *folderDisk) append(c change) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = d.index.Write(append(line, '\n'))
	return err
}

func (d *folderDisk) close() error {
	if d == nil || d.index == nil {
		return nil
	}
	err := d.index.Close()
	d.index = nil
	return err
}

// drop removes the folder's directory.
func (d *folderDisk) drop() error {
	if d == nil {
		return nil
	}
	return errors.Join(d.close(), os.RemoveAll(d.dir))
}

// move gives the folder another directory.
func (d *folderDisk) move(dir string) error {
	if d == nil {
		return nil
	}
	if err := os.Rename(d.dir, dir); err != nil {
		return err
	}
	d.dir = dir
	return nil
}

// writeFile replaces a file as a whole, for the owner only.
func writeFile(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	half := path + ".half"
	if err := os.WriteFile(half, b, 0o600); err != nil {
		return err
	}
	return os.Rename(half, path)
}
