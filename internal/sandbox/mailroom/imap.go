package mailroom

import (
	"cmp"
	"errors"
	"io"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

const delimiter = '/'

var (
	errNoMailbox = no(imap.ResponseCodeNonExistent, "No such mailbox")
	errTryCreate = no(imap.ResponseCodeTryCreate, "No such mailbox")
	errExists    = no(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	errName      = no(imap.ResponseCodeCannot, "Mailbox name is not allowed")
	errTooMany   = no(imap.ResponseCodeLimit, "Too many mailboxes")
	errInbox     = no(imap.ResponseCodeCannot, "INBOX stays as it is")
	errSameBox   = no(imap.ResponseCodeCannot, "Source and destination are the same mailbox")
	errReadOnly  = no(imap.ResponseCodeNoPerm, "Mailbox is open read-only")
	errOverQuota = no(imap.ResponseCodeOverQuota, "Mailbox full")
)

func no(code imap.ResponseCode, text string) *imap.Error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}

func (r *Room) newIMAP() *imapserver.Server {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{
		imap.CapIMAP4rev1, imap.CapIMAP4rev2, imap.CapNamespace, imap.CapUIDPlus, imap.CapESearch, imap.CapSearchRes,
		imap.CapListExtended, imap.CapListStatus, imap.CapMove, imap.CapStatusSize, imap.CapSpecialUse, imap.CapLiteralPlus,
	} {
		caps[c] = struct{}{}
	}
	return imapserver.New(&imapserver.Options{
		NewSession:   r.newSession,
		Caps:         caps,
		Logger:       serverLog{r.log, "imap"},
		TLSConfig:    r.tlsConfig(),
		InsecureAuth: !r.config.RequireTLS,
	})
}

func (r *Room) newSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, nil, &imap.Error{Type: imap.StatusResponseTypeBye, Text: "Closing"}
	}
	s := &session{room: r, conn: c}
	r.sessions[s] = struct{}{}
	r.talking.Add(1)
	return s, &imapserver.GreetingData{}, nil
}

// cutViews cuts the sessions that have a folder selected. Room.mu must be held.
func (r *Room) cutViews(f *folder) {
	for s := range r.sessions {
		if s.view != nil && s.view.folder == f {
			if raw := rawConn(s.conn.NetConn()); raw != nil {
				_ = raw.Close()
			}
		}
	}
}

// session is one IMAP session: a login and at most one selected folder. The
// server runs one command at a time.
type session struct {
	room *Room
	conn *imapserver.Conn
	user *account
	view *view // guarded by Room.mu
}

var _ imapserver.SessionIMAP4rev2 = (*session)(nil)
var _ imapserver.SessionAppendLimit = (*session)(nil)

// Close ends the session.
func (s *session) Close() error {
	s.room.mu.Lock()
	s.closeView()
	delete(s.room.sessions, s)
	s.room.mu.Unlock()
	s.room.talking.Done()
	return nil
}

// closeView needs Room.mu.
func (s *session) closeView() {
	if s.view != nil {
		s.view.tracker.Close()
		s.view = nil
	}
}

// AppendLimit is the largest message that APPEND takes.
func (s *session) AppendLimit() uint32 { return uint32(min(s.room.config.MaxBytes, 1<<31)) }

// Login checks a username, which is an account's address, and password.
func (s *session) Login(username, password string) error {
	user := s.room.login(username, password)
	if user == nil {
		return s.note("LOGIN", imapserver.ErrAuthFailed)
	}
	s.user = user
	return s.note("LOGIN", nil)
}

// note writes the journal and passes err on.
func (s *session) note(command string, err error) error {
	e := Entry{At: s.room.config.Now(), Protocol: "imap", Command: command, Outcome: "OK"}
	if s.user != nil {
		e.Account = s.user.base
	}
	var refusal *imap.Error
	switch {
	case errors.As(err, &refusal):
		e.Outcome = string(refusal.Type) + " " + refusal.Text
	case err != nil:
		e.Outcome = "NO " + err.Error()
	}
	s.room.journal.add(e)
	return err
}

// folder finds one of the user's folders. Room.mu must be held.
func (s *session) folder(name string) *folder { return s.user.folders[canonicalFolder(name)] }

// Select opens a folder, after EXAMINE for reading only.
func (s *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	command := "SELECT "
	if options.ReadOnly {
		command = "EXAMINE "
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	f := s.folder(name)
	if f == nil {
		return nil, s.note(command+name, errNoMailbox)
	}
	s.closeView()
	s.view = &view{folder: f, tracker: f.tracker.NewSession(), readOnly: options.ReadOnly}
	return s.view.selectData(), s.note(command+name, nil)
}

// Unselect closes the folder.
func (s *session) Unselect() error {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.closeView()
	return s.note("UNSELECT", nil)
}

// Create makes a folder.
func (s *session) Create(name string, _ *imap.CreateOptions) error {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	switch {
	case !folderNameOK(name):
		return s.note("CREATE "+name, errName)
	case s.folder(name) != nil:
		return s.note("CREATE "+name, errExists)
	case len(s.user.folders) >= maxFolders:
		return s.note("CREATE "+name, errTooMany)
	}
	_, err := s.user.createFolder(name)
	return s.note("CREATE "+name, err)
}

// Delete removes a folder with all it holds.
func (s *session) Delete(name string) error {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	f := s.folder(name)
	switch {
	case f == nil:
		return s.note("DELETE "+name, errNoMailbox)
	case f.name == Inbox:
		return s.note("DELETE "+name, errInbox)
	}
	delete(s.user.folders, f.name)
	s.user.bytes -= f.size()
	s.user.bump()
	s.room.cutViews(f)
	return s.note("DELETE "+name, f.disk.drop())
}

// Rename gives a folder another name.
func (s *session) Rename(old, name string, _ *imap.RenameOptions) error {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	command := "RENAME " + old + " " + name
	f := s.folder(old)
	switch {
	case f == nil:
		return s.note(command, errNoMailbox)
	case f.name == Inbox:
		return s.note(command, errInbox)
	case !folderNameOK(name):
		return s.note(command, errName)
	case s.folder(name) != nil:
		return s.note(command, errExists)
	}
	if err := f.disk.move(s.user.folderDir(name)); err != nil {
		return s.note(command, err)
	}
	delete(s.user.folders, f.name)
	f.name = name
	s.user.folders[name] = f
	return s.note(command, nil)
}

// Subscribe marks a folder for LSUB.
func (s *session) Subscribe(name string) error { return s.subscribe("SUBSCRIBE "+name, name, true) }

// Unsubscribe unmarks it.
func (s *session) Unsubscribe(name string) error {
	return s.subscribe("UNSUBSCRIBE "+name, name, false)
}

func (s *session) subscribe(command, name string, on bool) error {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	f := s.folder(name)
	if f == nil {
		return s.note(command, errNoMailbox)
	}
	f.subscribed = on
	return s.note(command, nil)
}

// List writes the folders that match a pattern, sorted.
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if len(patterns) == 0 {
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: delimiter})
	}
	for _, data := range s.listed(ref, patterns, options) {
		if err := w.WriteList(&data); err != nil {
			return err
		}
	}
	return s.note("LIST", nil)
}

func (s *session) listed(ref string, patterns []string, options *imap.ListOptions) (all []imap.ListData) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	for _, f := range s.user.folders {
		special := f.specialUse()
		matches := slices.ContainsFunc(patterns, func(p string) bool { return imapserver.MatchList(f.name, delimiter, ref, p) })
		if !matches || options.SelectSubscribed && !f.subscribed || options.SelectSpecialUse && special == nil {
			continue
		}
		data := imap.ListData{Mailbox: f.name, Delim: delimiter, Attrs: special}
		if f.subscribed && (options.ReturnSubscribed || options.SelectSubscribed) {
			data.Attrs = append(data.Attrs, imap.MailboxAttrSubscribed)
		}
		if options.ReturnStatus != nil {
			data.Status = f.status(options.ReturnStatus)
		}
		all = append(all, data)
	}
	slices.SortFunc(all, func(a, b imap.ListData) int { return cmp.Compare(a.Mailbox, b.Mailbox) })
	return all
}

// Status tells about a folder without opening it.
func (s *session) Status(name string, options *imap.StatusOptions) (*imap.StatusData, error) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	f := s.folder(name)
	if f == nil {
		return nil, s.note("STATUS "+name, errNoMailbox)
	}
	return f.status(options), s.note("STATUS "+name, nil)
}

func (f *folder) status(options *imap.StatusOptions) *imap.StatusData {
	data := &imap.StatusData{Mailbox: f.name}
	total := uint32(len(f.messages))
	if options.NumMessages {
		data.NumMessages = &total
	}
	if options.NumRecent {
		data.NumRecent = new(uint32)
	}
	if options.UIDNext {
		data.UIDNext = f.uidNext
	}
	if options.UIDValidity {
		data.UIDValidity = f.uidValidity
	}
	if options.NumUnseen {
		unseen := total - f.count(imap.FlagSeen)
		data.NumUnseen = &unseen
	}
	if options.NumDeleted {
		deleted := f.count(imap.FlagDeleted)
		data.NumDeleted = &deleted
	}
	if options.Size {
		size := f.size()
		data.Size = &size
	}
	return data
}

// Append files a message.
func (s *session) Append(name string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) != r.Size() {
		return nil, io.ErrUnexpectedEOF
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	f := s.folder(name)
	if f == nil {
		return nil, s.note("APPEND "+name, errTryCreate)
	}
	received := options.Time
	if received.IsZero() {
		received = s.room.config.Now()
	}
	m, err := s.room.file(f, raw, received, options.Flags)
	if errors.Is(err, errFull) {
		err = errOverQuota
	}
	if err != nil {
		return nil, s.note("APPEND "+name, err)
	}
	return &imap.AppendData{UID: m.uid, UIDValidity: f.uidValidity}, s.note("APPEND "+name, nil)
}

// Namespace is one personal namespace.
func (s *session) Namespace() (*imap.NamespaceData, error) {
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Delim: delimiter}}}, nil
}
