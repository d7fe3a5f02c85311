package mail

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

// The shapes are named server.language.action and were written after what
// those servers send; "probable" is a report that is told in prose only.
func TestBouncesNameRecipientActionAndOriginal(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bounces/*.eml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d shapes: %v", len(files), err)
	}
	c := unplugged(t)
	id := c.messageID(desk.CustomerSide, "m1")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Split(strings.TrimSuffix(filepath.Base(file), ".eml"), ".")
		for name, end := range map[string]string{"CRLF": "\r\n", "LF": "\n", "CR": "\r"} {
			text := strings.NewReplacer("ORIGINAL-ID", id, "\n", end).Replace(string(raw))
			m := c.Read(t.Context(), connector.Item{Key: "k"}, []byte(text))
			r := m.Report
			if m.Writer != desk.BounceMail || r == nil || len(r.Recipients) != 1 || r.Recipients[0].Address != "ann@cust.example" ||
				r.Recipients[0].Action != words[len(words)-1] || len(r.Original) != 1 || r.Original[0] != id {
				t.Errorf("%s with %s: %s, %+v", filepath.Base(file), name, m.Writer, r)
			}
		}
	}
}

// vacations are subjects of absence notes, one for each language.
var vacations = []string{"Automatic reply: Parcel", "Réponse automatique : Colis", "Automatische Antwort: Paket", "Respuesta automática: Paquete",
	"Risposta automatica: Pacco", "Resposta automática: Pacote", "Automatisch antwoord: Pakket", "Autosvar: Paket",
	"Automaattinen vastaus: Paketti", "Automatyczna odpowiedź: Paczka", "Automatická odpověď: Balík", "Автоответ: Посылка"}

func TestVacationSubjectCountsOnlyInAnAnswerToUs(t *testing.T) {
	t.Parallel()
	id := unplugged(t).messageID(desk.CustomerSide, "m1")
	for _, subject := range vacations {
		head := "From: ann@cust.example\nSubject: " + subject + "\n"
		if m := read(t, head+"In-Reply-To: <"+id+">\n\nAway."); m.Writer != desk.AutoReply {
			t.Errorf("%q in an answer: %s", subject, m.Writer)
		}
		if m := read(t, head+"In-Reply-To: <x@cust.example>\n\nAway."); m.Writer != desk.ByPerson {
			t.Errorf("%q in no answer to us: %s", subject, m.Writer)
		}
	}
}

// people is mail of persons that looks like a machine's at first sight.
func people() []string {
	subjects := []string{"Undelivered parcel", "Undeliverable: my parcel", "Delivery failure of my order", "Returned mail in my letter box", "Failure notice from the bank",
		"Colis non remis", "Non remis : mon colis", "Unzustellbar: mein Paket", "Correo no entregado", "Mancato recapito del pacco",
		"Onbestelbaar pakket", "Не доставлено: посылка", "Niedostarczono paczki", "Paketet kan inte levereras", "Falha na entrega",
		"Balík nedoručitelné", "Ei voida toimittaa", "Re: Your question"}
	subjects = append(subjects, vacations...)
	headers := []string{"", "X-Auto-Response-Suppress: All\n", "List-Id: <users.list.example>\nPrecedence: list\n", "Precedence: bulk\n",
		"Auto-Submitted: no\n", "Return-Path: <ann@cust.example>\n", "X-Auto-Response-Suppress: DR, OOF, AutoReply\nThread-Index: AQHZ\n"}
	var mails []string
	for _, s := range subjects {
		for _, h := range headers {
			mails = append(mails, fmt.Sprintf("%sFrom: Ann <ann@cust.example>\nTo: support@aparte.example\nSubject: %s\n\nIt did not come.", h, s))
		}
	}
	return mails
}

func TestNoPersonIsTakenForAMachine(t *testing.T) {
	t.Parallel()
	mails := people()
	if len(mails) < 200 {
		t.Fatalf("%d mails only", len(mails))
	}
	for _, raw := range append(mails, "From: ann@cust.example\nSubject: Re: Out of office furniture\n\nx", "From: ann@cust.example\nSubject: Out of office furniture\n\nx") {
		if m := read(t, raw); m.Writer != desk.ByPerson {
			t.Errorf("%s: %q", m.Writer, raw)
		}
	}
}
