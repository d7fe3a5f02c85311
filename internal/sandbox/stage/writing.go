package stage

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/mail"
)

// upload is a file in a request.
type upload struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Base64 []byte `json:"base64"`
}

type mailRequest struct {
	To          []string `json:"to"`
	Cc          []string `json:"cc"`
	Subject     string   `json:"subject"`
	Text        string   `json:"text"`
	HTML        string   `json:"html"`
	Attachments []upload `json:"attachments"`
}

// sentJSON names the mail that went out.
type sentJSON struct {
	MessageID string `json:"message_id"`
}

// postMail sends a new mail; without recipients it goes to the desk.
func (s *Stage) postMail(w http.ResponseWriter, r *http.Request, p Person) {
	var in mailRequest
	if !understood(w, r, &in) {
		return
	}
	if len(in.To)+len(in.Cc) == 0 {
		in.To = []string{s.support}
	}
	l := s.blank(p)
	var ok bool
	if l.To, ok = parsed(w, "to", in.To); !ok {
		return
	}
	if l.Cc, ok = parsed(w, "cc", in.Cc); !ok {
		return
	}
	l.Subject, l.Text, l.HTML, l.Files = in.Subject, in.Text, in.HTML, files(in.Attachments)
	if l.Text == "" && l.HTML != "" {
		l.Text = textOf(l.HTML)
	}
	s.post(w, r, p, l)
}

// postReply answers a message: {text, all, attachments}.
func (s *Stage) postReply(w http.ResponseWriter, r *http.Request, o opened) {
	var in struct {
		Text        string   `json:"text"`
		All         bool     `json:"all"`
		Attachments []upload `json:"attachments"`
	}
	if !understood(w, r, &in) {
		return
	}
	l := s.reply(o.person, o.mail, in.Text, in.All)
	l.Files = files(in.Attachments)
	s.post(w, r, o.person, l)
}

// postForward passes a message on with its files: {to, text, attachments}.
func (s *Stage) postForward(w http.ResponseWriter, r *http.Request, o opened) {
	var in mailRequest
	if !understood(w, r, &in) {
		return
	}
	to, ok := parsed(w, "to", in.To)
	if !ok {
		return
	}
	l := s.forward(o.person, o.mail, in.Text, to)
	l.Files = append(l.Files, files(in.Attachments)...)
	s.post(w, r, o.person, l)
}

func (s *Stage) post(w http.ResponseWriter, r *http.Request, p Person, l letter) {
	if err := s.send(r.Context(), p, l); err != nil {
		s.refused(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	answer(w, sentJSON{l.ID})
}

// postAnswers switches a partner's own answers on or off: {on}.
func (s *Stage) postAnswers(w http.ResponseWriter, r *http.Request, p Person) {
	var in struct {
		On bool `json:"on"`
	}
	if !understood(w, r, &in) {
		return
	}
	if in.On && len(p.Answers) == 0 {
		problem(w, http.StatusUnprocessableEntity, "no_answers", "This person has nothing to say without you.")
		return
	}
	s.AnswerAlone(p.Address, in.On)
	w.WriteHeader(http.StatusNoContent)
}

// understood reads a request's JSON, and answers if there is none.
func understood(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		problem(w, http.StatusBadRequest, "body_invalid", "The request's JSON cannot be read, or it is over 40 MB.")
		return false
	}
	return true
}

// parsed reads addresses with or without names, and answers if one is none.
func parsed(w http.ResponseWriter, field string, list []string) ([]mail.Address, bool) {
	var out []mail.Address
	for _, text := range list {
		a, err := mail.ParseAddress(text)
		if err != nil {
			problem(w, http.StatusUnprocessableEntity, field+"_invalid", text+" is not a mail address.")
			return nil, false
		}
		out = append(out, *a)
	}
	return out, true
}

func files(list []upload) []File {
	var out []File
	for _, u := range list {
		out = append(out, File{Name: u.Name, Type: u.Type, Data: u.Base64})
	}
	return out
}

// disposition is a Content-Disposition with a file name in any script.
func disposition(kind, name string) string {
	if name == "" {
		return kind
	}
	if d := mime.FormatMediaType(kind, map[string]string{"filename": name}); d != "" {
		return d
	}
	return kind
}
