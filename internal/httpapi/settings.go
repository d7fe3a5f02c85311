package httpapi

import (
	"context"
	"net/http"
	"strings"

	"aparte/internal/desk"
	"aparte/internal/wire"
)

func (s *server) contacts() {
	op(s, call(http.MethodGet, "/api/contacts", "list-contacts", "Contacts and agents that begin with what was typed"), s.listContacts)
}

type contactQuery struct {
	Q     string `query:"q" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

func (s *server) listContacts(ctx context.Context, in *contactQuery) (*body[wire.ContactList], error) {
	out := body[wire.ContactList]{Body: wire.ContactList{Contacts: []wire.Contact{}}}
	return &out, s.read(ctx, func(r *reader) error {
		agents, err := r.tx.Agents(ctx)
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for _, a := range agents {
			key := desk.Address{Email: a.Email}.Key()
			if a.DisabledAt.IsZero() && begins(in.Q, a.Name, key) && len(out.Body.Contacts) < in.Limit {
				known[key] = true
				out.Body.Contacts = append(out.Body.Contacts, wire.Contact{ID: string(a.ID), Name: a.Name, Email: a.Email})
			}
		}
		people, err := r.tx.Suggest(ctx, in.Q, in.Limit)
		for _, c := range people {
			if !known[desk.Address{Email: c.Email}.Key()] && len(out.Body.Contacts) < in.Limit {
				out.Body.Contacts = append(out.Body.Contacts, contact(c))
			}
		}
		return err
	})
}

// begins tells whether an address or a word of a name begins with what was typed.
func begins(typed, name, email string) bool {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if strings.HasPrefix(email, typed) {
		return true
	}
	return strings.Contains(" "+strings.ToLower(name), " "+typed)
}

func (s *server) settings() {
	op(s, call(http.MethodGet, "/api/settings", "get-settings", "What was decided for the whole desk"), s.getSettings)
	op(s, call(http.MethodPut, "/api/settings", "put-settings", "Decide it (admins)"), s.putSettings)
}

func (s *server) getSettings(ctx context.Context, _ *nothing) (*body[wire.Settings], error) {
	v, err := s.Actions.Settings(ctx)
	return &body[wire.Settings]{Body: settings(v)}, err
}

func (s *server) putSettings(ctx context.Context, in *body[wire.Settings]) (*body[wire.Settings], error) {
	w := in.Body
	v, err := s.Actions.SetSettings(ctx, actor(ctx), desk.Settings{MailSides: w.MailSides, ReopenDone: w.ReopenDone,
		ReopenSolved: w.ReopenSolved, UndoSeconds: w.UndoSeconds, MaxPeople: w.MaxPeople, MaxOutside: w.MaxOutside})
	return &body[wire.Settings]{Body: settings(v)}, err
}

func settings(v desk.Settings) wire.Settings {
	return wire.Settings{MailSides: v.MailSides, ReopenDone: v.ReopenDone, ReopenSolved: v.ReopenSolved,
		UndoSeconds: v.UndoSeconds, MaxPeople: v.MaxPeople, MaxOutside: v.MaxOutside}
}
