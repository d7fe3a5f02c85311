package mailroom

import (
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// view is one session's selected folder, as far as that session has been told.
type view struct {
	folder   *folder
	tracker  *imapserver.SessionTracker
	readOnly bool
	saved    imap.UIDSet // SEARCHRES
}

func (v *view) selectData() *imap.SelectData {
	f := v.folder
	data := &imap.SelectData{
		Flags:       f.allFlags(),
		NumMessages: uint32(len(f.messages)),
		UIDNext:     f.uidNext,
		UIDValidity: f.uidValidity,
		List:        &imap.ListData{Mailbox: f.name, Delim: delimiter, Attrs: f.specialUse()},
	}
	if !v.readOnly {
		data.PermanentFlags = append(slices.Clone(data.Flags), imap.FlagWildcard)
	}
	unseen := slices.IndexFunc(f.messages, func(m *message) bool { return !m.has(imap.FlagSeen) })
	data.FirstUnseenSeqNum = uint32(unseen + 1)
	return data
}

// picked is a message with the number that the session knows it by.
type picked struct {
	*message
	seq   uint32
	flags []imap.Flag // as they were when it was picked
}

// pick returns the messages of a set that the session has been told of. Room.mu
// must be held.
func (v *view) pick(set imap.NumSet) []picked {
	var found []picked
	in := v.membership(set)
	for i, m := range v.folder.messages {
		seq := v.tracker.EncodeSeqNum(uint32(i) + 1)
		if seq != 0 && in(seq, m.uid) {
			found = append(found, picked{message: m, seq: seq, flags: m.flags})
		}
	}
	return found
}

// membership makes a test from a set in which "*" stands for the last message,
// and "$" for the last saved search.
func (v *view) membership(set imap.NumSet) func(seq uint32, uid imap.UID) bool {
	if imap.IsSearchRes(set) {
		saved := v.saved
		return func(_ uint32, uid imap.UID) bool { return saved.Contains(uid) }
	}
	switch set := set.(type) {
	case imap.SeqSet:
		last := uint32(len(v.folder.messages))
		fixed := slices.Clone(set)
		for i := range fixed {
			fixed[i].Start, fixed[i].Stop = fixRange(fixed[i].Start, fixed[i].Stop, last)
		}
		return func(seq uint32, _ imap.UID) bool {
			return slices.ContainsFunc(fixed, func(r imap.SeqRange) bool { return r.Start <= seq && seq <= r.Stop })
		}
	case imap.UIDSet:
		var last imap.UID
		if n := len(v.folder.messages); n > 0 {
			last = v.folder.messages[n-1].uid
		}
		fixed := slices.Clone(set)
		for i := range fixed {
			fixed[i].Start, fixed[i].Stop = fixRange(fixed[i].Start, fixed[i].Stop, last)
		}
		return func(_ uint32, uid imap.UID) bool {
			return slices.ContainsFunc(fixed, func(r imap.UIDRange) bool { return r.Start <= uid && uid <= r.Stop })
		}
	}
	return func(uint32, imap.UID) bool { return false }
}

// fixRange puts the last number for "*" and the smaller number first.
func fixRange[N ~uint32](start, stop, last N) (N, N) {
	if start == 0 {
		start = last
	}
	if stop == 0 {
		stop = last
	}
	return min(start, stop), max(start, stop)
}

// Poll writes what has happened in the folder since the session was last told.
func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	if v := s.selected(); v != nil {
		return v.tracker.Poll(w, allowExpunge)
	}
	return nil
}

func (s *session) selected() *view {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.view
}

// Idle writes what happens until stop. It asks to be woken first and looks
// second, so that a mail which came between the last command and IDLE is told
// at once, not with the next one.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	_ = s.note("IDLE", nil)
	v := s.selected()
	if v == nil {
		<-stop
		return nil
	}
	wake := make(chan struct{}, 1)
	s.room.mu.Lock()
	v.folder.idlers[wake] = struct{}{}
	s.room.mu.Unlock()
	defer func() {
		s.room.mu.Lock()
		delete(v.folder.idlers, wake)
		s.room.mu.Unlock()
	}()
	for {
		if err := v.tracker.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-wake:
		case <-stop:
			return nil
		}
	}
}

// Store changes flags.
func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, change *imap.StoreFlags, _ *imap.StoreOptions) error {
	changed, err := s.store(set, change)
	if err != nil || change.Silent {
		return err
	}
	for _, p := range changed {
		item := w.CreateMessage(p.seq)
		item.WriteUID(p.uid)
		item.WriteFlags(p.flags)
		if err := item.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) store(set imap.NumSet, change *imap.StoreFlags) ([]picked, error) {
	command := "STORE " + set.String() + " " + joinFlags(change.Flags)
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.view.readOnly {
		return nil, s.note(command, errReadOnly)
	}
	found := s.view.pick(set)
	for i, p := range found {
		if err := s.view.folder.setFlags(p.message, changedFlags(p.flags, change), s.view.tracker); err != nil {
			return nil, s.note(command, err)
		}
		found[i].flags = p.message.flags
	}
	return found, s.note(command, nil)
}

func joinFlags(flags []imap.Flag) string {
	var words []string
	for _, f := range flags {
		words = append(words, string(f))
	}
	return strings.Join(words, " ")
}

func changedFlags(have []imap.Flag, change *imap.StoreFlags) []imap.Flag {
	named := func(f imap.Flag) bool {
		return slices.ContainsFunc(change.Flags, func(g imap.Flag) bool { return strings.EqualFold(string(f), string(g)) })
	}
	switch change.Op {
	case imap.StoreFlagsAdd:
		return append(slices.Clone(have), change.Flags...)
	case imap.StoreFlagsDel:
		return slices.DeleteFunc(slices.Clone(have), named)
	}
	return change.Flags
}

// Expunge removes what is marked \Deleted. The sessions, this one too, are told
// by their trackers. After EXAMINE, CLOSE removes nothing and is no error, but
// EXPUNGE is one; the two differ only in the writer that the server passes.
func (s *session) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.view.readOnly {
		if *w == (imapserver.ExpungeWriter{}) {
			return nil
		}
		return s.note("EXPUNGE", errReadOnly)
	}
	in := func(uint32, imap.UID) bool { return true }
	if uids != nil {
		in = s.view.membership(*uids)
	}
	var gone []*message
	for _, m := range s.view.folder.messages {
		if m.has(imap.FlagDeleted) && in(0, m.uid) {
			gone = append(gone, m)
		}
	}
	return s.note("EXPUNGE", s.view.folder.remove(gone))
}

// Copy files messages in another folder too.
func (s *session) Copy(set imap.NumSet, dest string) (*imap.CopyData, error) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	_, data, err := s.copy(set, dest)
	return data, s.note("COPY "+set.String()+" "+dest, err)
}

// Move files messages in another folder instead.
func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, dest string) error {
	data, err := s.move(set, dest)
	if s.note("MOVE "+set.String()+" "+dest, err) != nil {
		return err
	}
	return w.WriteCopyData(data)
}

func (s *session) move(set imap.NumSet, dest string) (*imap.CopyData, error) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.view.readOnly {
		return nil, errReadOnly
	}
	moved, data, err := s.copy(set, dest)
	if err != nil {
		return nil, err
	}
	return data, s.view.folder.remove(moved)
}

func (s *session) copy(set imap.NumSet, dest string) ([]*message, *imap.CopyData, error) {
	to := s.folder(dest)
	switch {
	case to == nil:
		return nil, nil, errTryCreate
	case to == s.view.folder:
		return nil, nil, errSameBox
	}
	data := &imap.CopyData{UIDValidity: to.uidValidity}
	var copied []*message
	for _, p := range s.view.pick(set) {
		m, err := s.room.file(to, p.raw, p.received, p.flags)
		if errors.Is(err, errFull) {
			return nil, nil, errOverQuota
		}
		if err != nil {
			return nil, nil, err
		}
		copied = append(copied, p.message)
		data.SourceUIDs.AddNum(p.uid)
		data.DestUIDs.AddNum(m.uid)
	}
	return copied, data, nil
}
