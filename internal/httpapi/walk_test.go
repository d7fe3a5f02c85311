package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"aparte/internal/httpapi"
	"aparte/internal/wire"
)

func TestEveryOperationKeepsItsClaim(t *testing.T) {
	t.Parallel()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	if err := json.Unmarshal(httpapi.Document(), &doc); err != nil {
		t.Fatal(err)
	}
	found := 0
	for path, methods := range doc.Paths {
		if strings.HasSuffix(path, "/") {
			t.Errorf("%s ends in a slash", path)
		}
		for _, o := range methods {
			claim, ok := claims[o.OperationID]
			if !ok {
				t.Errorf("no claim about %s", o.OperationID)
				continue
			}
			found++
			t.Run(o.OperationID, func(t *testing.T) {
				t.Parallel()
				claim(newSite(t))
			})
		}
	}
	if found != len(claims) {
		t.Errorf("%d claims about %d operations", len(claims), found)
	}
}

func noDrafts(s *site) {
	var l wire.DraftList
	if s.ask("GET", "/api/drafts", nil).into(200, &l); l.Drafts == nil || len(l.Drafts) != 0 {
		s.t.Errorf("drafts: %+v", l)
	}
}

func mailbox() wire.NewMailbox {
	return wire.NewMailbox{ID: "mailbox-0002", Name: "Help", Address: "help@lumen.example", Password: "hunter2-hunter2",
		MailboxServers: wire.MailboxServers{IMAP: "imap.lumen.example:993", IMAPTLS: "implicit", SMTP: "smtp.lumen.example:587", SMTPTLS: "starttls", User: "help"}}
}

// upload brings a text file in.
func (s *site) upload(id, text string) {
	s.t.Helper()
	s.ask("POST", "/api/uploads", wire.NewUpload{ID: id, Name: "a.txt", Type: "text/plain", Size: int64(len(text))}).into(http.StatusCreated, nil)
	s.ask("PUT", "/api/uploads/"+id+"?offset=0", []byte(text)).into(http.StatusOK, nil)
}
