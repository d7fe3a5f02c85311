package stage

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"time"

	"github.com/emersion/go-smtp"

	"aparte/internal/sandbox/mailroom"
)

const (
	maxBody = 40 << 20 // base64 of what the mailroom takes
	maxList = 200      // messages in a list, the newest
	waitFor = 25 * time.Second
)

// person, row and message are what the page and the tests are told.
type personJSON struct {
	Address string `json:"address"`
	Name    string `json:"name"`
	Role    Role   `json:"role"`
	Lang    string `json:"lang"`
	About   string `json:"about"`
	Unread  int    `json:"unread"`
	Total   int    `json:"total"`
	Answers bool   `json:"answers"` // by itself
	Scripts bool   `json:"scripts"` // has something to say by itself
}

type addressJSON struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address"`
}

type rowJSON struct {
	UID     uint32        `json:"uid"`
	From    []addressJSON `json:"from"`
	To      []addressJSON `json:"to"`
	Subject string        `json:"subject"`
	Date    time.Time     `json:"date"`
	Seen    bool          `json:"seen"`
	Snippet string        `json:"snippet"`
	Files   int           `json:"files"`
}

type messageJSON struct {
	rowJSON
	Cc         []addressJSON `json:"cc"`
	ReplyTo    []addressJSON `json:"reply_to"`
	MessageID  string        `json:"message_id"`
	InReplyTo  string        `json:"in_reply_to"`
	References []string      `json:"references"`
	Text       string        `json:"text"`
	HTML       string        `json:"html"` // sanitised
	Attached   []fileJSON    `json:"attachments"`
	Answer     rcptsJSON     `json:"answer"`     // who gets a reply
	AnswerAll  rcptsJSON     `json:"answer_all"` // who gets a reply to all
	Raw        string        `json:"raw"`
}

type rcptsJSON struct {
	To []addressJSON `json:"to"`
	Cc []addressJSON `json:"cc"`
}

type fileJSON struct {
	N         int    `json:"n"`
	Name      string `json:"name"`
	Type      string `json:"type"`
	Size      int    `json:"size"`
	ContentID string `json:"content_id,omitempty"`
}

// opened is a message that a request names, with whose it is.
type opened struct {
	person Person
	folder string
	stored mailroom.Message
	mail   Mail
}

// as finds the person that a request's path names.
func (s *Stage) as(next func(http.ResponseWriter, *http.Request, Person)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := s.person(r.PathValue("address"))
		if !ok {
			problem(w, http.StatusNotFound, "person_not_found", "Nobody on the stage has that address.")
			return
		}
		next(w, r, p)
	}
}

// reading finds the message that a request's path names.
func (s *Stage) reading(next func(http.ResponseWriter, *http.Request, opened)) http.HandlerFunc {
	return s.as(func(w http.ResponseWriter, r *http.Request, p Person) {
		uid, err := strconv.ParseUint(r.PathValue("uid"), 10, 32)
		folder := folderOf(r)
		m, missing := s.room.Message(p.Address, folder, uint32(uid))
		if err != nil || missing != nil {
			problem(w, http.StatusNotFound, "message_not_found", "There is no such message in that folder.")
			return
		}
		next(w, r, opened{p, folder, m, Read(m.Raw)})
	})
}

func folderOf(r *http.Request) string {
	if f := r.URL.Query().Get("folder"); f != "" {
		return f
	}
	return mailroom.Inbox
}

func (s *Stage) listPeople(w http.ResponseWriter, r *http.Request) {
	lang := langOf(r)
	version, _ := s.changes(s.everybody())
	list := []personJSON{}
	for _, p := range s.cast {
		all := s.room.Messages(p.Address, mailroom.Inbox)
		unread := 0
		for _, m := range all {
			if !m.Seen {
				unread++
			}
		}
		list = append(list, personJSON{
			Address: p.Address, Name: p.Name, Role: p.Role, Lang: p.Lang, About: p.About.in(lang),
			Unread: unread, Total: len(all), Answers: s.answersAlone(p.Address), Scripts: len(p.Answers) > 0,
		})
	}
	answer(w, struct {
		Desk    string       `json:"desk"`
		Version uint64       `json:"version"`
		People  []personJSON `json:"people"`
	}{s.support, version, list})
}

func (s *Stage) listMessages(w http.ResponseWriter, r *http.Request, p Person) {
	version, _ := s.changes([]string{p.Address})
	all := s.room.Messages(p.Address, folderOf(r))
	slices.Reverse(all)
	rows := []rowJSON{}
	for _, m := range all[:min(len(all), maxList)] {
		rows = append(rows, rowOf(m, Read(m.Raw)))
	}
	answer(w, struct {
		Version  uint64    `json:"version"`
		Messages []rowJSON `json:"messages"`
	}{version, rows})
}

func (s *Stage) showMessage(w http.ResponseWriter, _ *http.Request, o opened) {
	m := o.mail
	out := messageJSON{
		rowJSON: rowOf(o.stored, m), Cc: named(m.Cc), ReplyTo: named(m.ReplyTo), MessageID: m.ID, InReplyTo: m.InReplyTo,
		References: append([]string{}, m.References...), Text: m.Text, HTML: shown.Sanitize(m.HTML),
		Attached: []fileJSON{}, Raw: string(o.stored.Raw),
	}
	for i, f := range m.Files {
		out.Attached = append(out.Attached, fileJSON{i, f.Name, f.Type, len(f.Data), f.ContentID})
	}
	to, _ := m.answerTo(o.person.Address, false)
	out.Answer = rcptsJSON{named(to), named(nil)}
	to, cc := m.answerTo(o.person.Address, true)
	out.AnswerAll = rcptsJSON{named(to), named(cc)}
	answer(w, out)
}

func rowOf(stored mailroom.Message, m Mail) rowJSON {
	row := rowJSON{
		UID: stored.UID, From: named(m.From), To: named(m.To), Subject: m.Subject, Date: m.Date.UTC(), Seen: stored.Seen,
		Snippet: m.snippet(), Files: len(m.Files),
	}
	if m.Date.IsZero() || m.Date.Year() > 9999 || m.Date.Year() < 0 {
		row.Date = stored.Received.UTC()
	}
	return row
}

func named(list []mail.Address) []addressJSON {
	out := []addressJSON{}
	for _, a := range list {
		out = append(out, addressJSON{a.Name, a.Address})
	}
	return out
}

// showDocument serves the message as a page for a frame.
func (s *Stage) showDocument(w http.ResponseWriter, _ *http.Request, o opened) {
	w.Header().Set("Content-Security-Policy", framePolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(o.mail.document())
}

// showFile serves an attachment, always to be saved and never to be shown.
func (s *Stage) showFile(w http.ResponseWriter, r *http.Request, o opened) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(o.mail.Files) {
		problem(w, http.StatusNotFound, "file_not_found", "The message has no such attachment.")
		return
	}
	f := o.mail.Files[n]
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", disposition("attachment", f.Name))
	_, _ = w.Write(f.Data)
}

func (s *Stage) markSeen(w http.ResponseWriter, _ *http.Request, o opened) {
	if err := s.room.MarkSeen(o.person.Address, o.folder, o.stored.UID); err != nil {
		problem(w, http.StatusConflict, "not_marked", "The message could not be marked as read.")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// everybody names all accounts of the stage, but the desk's.
func (s *Stage) everybody() []string {
	var list []string
	for _, p := range s.cast {
		list = append(list, p.Address)
	}
	return list
}

func (s *Stage) waitForAll(w http.ResponseWriter, r *http.Request) { s.wait(w, r, s.everybody()) }

func (s *Stage) waitForOne(w http.ResponseWriter, r *http.Request, p Person) {
	s.wait(w, r, []string{p.Address})
}

// wait answers once the version is another than ?after=, after 25 s at most.
func (s *Stage) wait(w http.ResponseWriter, r *http.Request, who []string) {
	after, err := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		problem(w, http.StatusBadRequest, "after_invalid", "The parameter after must be a version.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), waitFor)
	defer cancel()
	answer(w, struct {
		Version uint64 `json:"version"`
	}{s.changed(ctx, who, after)})
}

// answer writes JSON.
func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // fails only if the client went away
}

// problem writes an error (RFC 9457).
func problem(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "code": code, "detail": detail})
}

// refused tells why a mail did not go out, in the server's words if it has any.
func (s *Stage) refused(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *smtp.SMTPError
	switch {
	case errors.Is(err, errNobody):
		problem(w, http.StatusUnprocessableEntity, "to_missing", "Say to whom the mail goes.")
	case errors.As(err, &refusal):
		problem(w, http.StatusUnprocessableEntity, "refused", strconv.Itoa(refusal.Code)+" "+refusal.Message)
	default:
		s.log.ErrorContext(r.Context(), "stage mail not sent", "err", err)
		problem(w, http.StatusBadGateway, "not_sent", "The mail server did not take the mail.")
	}
}
