package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

// unplugged is a connector that reads and composes only.
func unplugged(t testing.TB) *Connector {
	t.Helper()
	c, err := New(Config{Account: "support", Address: support, Name: "Support", Key: signingKey, Instance: "desk-one",
		Settings: Settings{IMAP: "localhost:1", SMTP: "localhost:1", IMAPTLS: NoTLS, SMTPTLS: NoTLS, User: support},
		Now:      func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func read(t testing.TB, raw string) desk.Inbound {
	t.Helper()
	return unplugged(t).Read(t.Context(), connector.Item{Key: "k"}, []byte(strings.ReplaceAll(raw, "\n", "\r\n")))
}

const plainHead = "From: Ann <ann@cust.example>\nTo: support@aparte.example\nSubject: Hello\nMessage-ID: <1@cust.example>\n"

// hostile is mail that has hurt readers before.
func hostile() map[string]string {
	var nested strings.Builder
	nested.WriteString("Content-Type: multipart/mixed; boundary=b0\n\n")
	for i := range 10_000 {
		fmt.Fprintf(&nested, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	return map[string]string{
		"empty":              "",
		"header only":        plainHead,
		"no colon":           "From: ann@cust.example\nthis is no field\nSubject: Hello\n\nbody",
		"mbox line":          "From ann@cust.example Mon Jan  1 00:00:00 2026\n" + plainHead + "\nbody",
		"eight bits in key":  "S\xfcbject: x\n" + plainHead + "\nbody",
		"no boundary":        plainHead + "Content-Type: multipart/mixed\n\nbody",
		"truncated":          plainHead + "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nbody",
		"nested":             plainHead + nested.String(),
		"flat":               plainHead + "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\na\n", 100_000) + "--x--\n",
		"parens":             plainHead + "In-Reply-To: " + strings.Repeat("(", 1<<20) + "\nTo: " + strings.Repeat("(", 1<<20) + "\n\nbody",
		"long header":        plainHead + strings.Repeat("X-Fill: "+strings.Repeat("y", 70)+"\n", 10_000) + "\nbody",
		"long folded":        plainHead + "X-Fill: a\n" + strings.Repeat(" b\n", 200_000) + "\nbody",
		"utf-7":              plainHead + "Content-Type: text/html; charset=utf-7\n\n+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
		"unknown charset":    plainHead + "Content-Type: text/plain; charset=klingon\n\ncaf\xe9",
		"iso-2022-jp":        plainHead + "Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$3$s\x1b(B",
		"bad base64":         plainHead + "Content-Transfer-Encoding: base64\n\naGVsbG8!!!gd29ybGQ",
		"bad quoted":         plainHead + "Content-Transfer-Encoding: quoted-printable\n\n=ZZ caf=C3=A9 =",
		"control in subject": "From: a@b.example\nSubject: one\x00two\rthree\n\nbody",
		"words":              plainHead + "X: " + strings.Repeat("=?utf-8?q?a?= ", 4000) + "\nCc: " + strings.Repeat("=?", 30_000) + "\n\nbody",
		"report": "From: MAILER-DAEMON@x.example\nReturn-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n" +
			"--x\nContent-Type: message/delivery-status\n\n" + strings.Repeat("Action: failed\n\n", 5000) + "--x--\n",
	}
}

func TestHostileMailIsReadInBoundedTime(t *testing.T) {
	t.Parallel()
	for name, raw := range hostile() {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			m := read(t, raw)
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("took %s", took)
			}
			if m.ExternalID == "" || m.TakenAt.IsZero() || strings.ContainsAny(m.Subject, "\r\n\x00") {
				t.Errorf("id %q, taken %s, subject %q", m.ExternalID, m.TakenAt, m.Subject)
			}
			if strings.Contains(m.Body.HTML, "<script") {
				t.Error("a script came through")
			}
		})
	}
}

func TestWhatIsBrokenStillSaysWhatItCan(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text     string
		problems []string
	}{
		"no colon":        {"body", nil},
		"mbox line":       {"body", nil},
		"no boundary":     {"body", []string{"boundary_missing"}},
		"truncated":       {"body", []string{"truncated"}},
		"unknown charset": {"café", []string{"charset_unknown"}},
		"iso-2022-jp":     {"こん", nil},
		"bad base64":      {"hello world", nil},
		"bad quoted":      {"=ZZ café =", nil},
		"nested":          {"", []string{"too_many_parts", "truncated", "unreadable"}},
	}
	mails := hostile()
	for name, want := range cases {
		m := read(t, mails[name])
		if d := cmp.Diff(want.problems, m.Problems); d != "" || m.Body.Text != want.text {
			t.Errorf("%s: text %q, problems (-want +got):\n%s", name, m.Body.Text, d)
		}
	}
}

func TestAddressesAreWhatTheyAre(t *testing.T) {
	t.Parallel()
	got := scanAddresses(`"support@help.test" <x@evil.test>, Team: a@b.test (Ann), =?utf-8?q?Zo=C3=AB?= <zoe@b.test>;, <@r1,@r2:c@d.test>, nobody`)
	want := []desk.Address{{Name: "support@help.test", Email: "x@evil.test"}, {Name: "Ann", Email: "a@b.test"},
		{Name: "Zoë", Email: "zoe@b.test"}, {Email: "c@d.test"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("(-want +got):\n" + d)
	}
}

func TestFileNamesAreDecodedAndSafe(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		`attachment; filename*=UTF-8''%C3%9Cbersicht.pdf; filename="Uebersicht.pdf"`: "Übersicht.pdf",
		`attachment; filename*0*=iso-8859-1''%DCber; filename*1="sicht.pdf"`:         "Übersicht.pdf",
		`attachment; filename="=?utf-8?q?=C3=9Cbersicht.pdf?="`:                      "Übersicht.pdf",
		`attachment; filename="..\\..\\a.exe"`:                                       "a.exe",
		"attachment; filename=\"a.txt\u202eexe\"":                                    "a.txtexe",
		`attachment; filename=CON`:                                                   "_CON",
		`attachment; filename="` + strings.Repeat("a", 400) + `.pdf"`:                strings.Repeat("a", 176) + ".pdf",
	}
	for header, want := range cases {
		_, p := parameters(header)
		if got := safeName(p["filename"]); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}

func TestSecondFromProvesNothing(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"From: a@b.example\n" + plainHead + "\n", "From: a@b.example, c@d.example\n\n"} {
		if m := read(t, raw); m.Auth.Result != desk.AuthFail {
			t.Errorf("%+v", m.Auth)
		}
	}
}

func TestForgedIDIsNotOurs(t *testing.T) {
	t.Parallel()
	c := unplugged(t)
	id := c.messageID(desk.PartnerSide, "m1")
	forged := []string{"t" + id[1:], strings.Replace(id, "aparte.example", "evil.example", 1), id[:5] + "x" + id[6:], "", "@", "s.@x"}
	for _, f := range forged {
		if _, ok := c.signed(f); ok && f != id {
			t.Errorf("%q passes", f)
		}
	}
	if _, ok := c.signed(id); !ok {
		t.Error("our own does not pass")
	}
}

func TestMachinesAreToldFromPeople(t *testing.T) {
	t.Parallel()
	cases := map[string]desk.Writing{
		"":                                     desk.ByPerson,
		"Auto-Submitted: no\n":                 desk.ByPerson,
		"X-Auto-Response-Suppress: All\n":      desk.ByPerson,
		"Precedence: list\n":                   desk.ByPerson,
		"Auto-Submitted: auto-replied\n":       desk.AutoReply,
		"Auto-Submitted: auto-generated (x)\n": desk.AutoOther,
		"Return-Path: <>\n":                    desk.AutoReply,
		"Precedence: auto_reply\n":             desk.AutoReply,
		"Subject: Out of office\n":             desk.ByPerson,
		"Content-Type: multipart/report; boundary=x; report-type=feedback-report\n": desk.AbuseReport,
	}
	for header, want := range cases {
		if m := read(t, header+plainHead+"\nbody"); m.Writer != want {
			t.Errorf("%q: %s, want %s", header, m.Writer, want)
		}
	}
}

func TestDeliveryReportNamesItsRecipients(t *testing.T) {
	t.Parallel()
	c := unplugged(t)
	id := c.messageID(desk.CustomerSide, "m1")
	raw := "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nDelivered-To: support+b0123456789abcdefghjk@aparte.example\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nSorry.\n" +
		"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\nOriginal-Envelope-Id: d1\n\n" +
		"Final-Recipient: rfc822; ann@cust.example\nOriginal-Recipient: rfc822;Ann@cust.example\nAction: failed\nStatus: 5.1.1\n" +
		"Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + id + ">\n\n--x--\n"
	m := read(t, raw)
	want := &desk.Report{EnvelopeID: "d1", Original: []string{id}, Recipients: []desk.Reported{
		{Address: "Ann@cust.example", Action: "failed", Status: "5.1.1", Text: "550 5.1.1 no such user"}}}
	if d := cmp.Diff(want, m.Report); d != "" || m.Writer != desk.BounceMail {
		t.Errorf("%s (-want +got):\n%s", m.Writer, d)
	}
	if d := cmp.Diff([]desk.Token{{Kind: desk.BounceToken, Text: "0123456789abcdefghjk", Place: "delivered"}}, m.Tokens); d != "" {
		t.Error("(-want +got):\n" + d)
	}
	forged := read(t, strings.Replace(raw, "Return-Path: <>", "Return-Path: <x@evil.example>", 1))
	if forged.Report != nil || forged.Writer == desk.BounceMail {
		t.Errorf("a report with a sender counts: %s", forged.Writer)
	}
}

func TestThreadIndexBringsTheKeyBack(t *testing.T) {
	t.Parallel()
	key := desk.NewThreadKey()
	index, ok := threadIndex(key, time.Now())
	got, ok2 := threadName(index)
	if !ok || !ok2 || got != key {
		t.Errorf("%q, want %q", got, key)
	}
}

func FuzzRead(f *testing.F) {
	for _, raw := range hostile() {
		if len(raw) < 10_000 {
			f.Add([]byte(raw))
		}
	}
	c := unplugged(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := c.Read(t.Context(), connector.Item{Key: "k"}, raw)
		again := c.Read(t.Context(), connector.Item{Key: "k"}, raw)
		if d := cmp.Diff(m, again); d != "" {
			t.Error("read twice (-first +second):\n" + d)
		}
		if strings.ContainsAny(m.Subject, "\r\n\x00") || m.ExternalID == "" {
			t.Errorf("subject %q, id %q", m.Subject, m.ExternalID)
		}
	})
}

func FuzzScan(f *testing.F) {
	f.Add(`"a" <b@c.d>, <x@y>`)
	f.Add("<a@b>,<c@d> (<e@f>)")
	f.Fuzz(func(t *testing.T, s string) {
		for _, id := range scanIDs(s) {
			if !isID(id) || !strings.Contains(s, "<"+id+">") {
				t.Errorf("%q is no id", id)
			}
		}
		for _, a := range scanAddresses(s) {
			if strings.ContainsAny(a.Email, "<> \r\n") || strings.ContainsAny(a.Name, "\r\n") {
				t.Errorf("%+v", a)
			}
		}
	})
}

func FuzzCursorAndSettings(f *testing.F) {
	f.Add(`{"validity":1,"last":2}`)
	f.Add(`{"imap":"imap.example.com:993","smtp":"smtp.example.com:465","user":"x"}`)
	f.Fuzz(func(t *testing.T, s string) {
		c := readCursor(connector.Cursor(s))
		if again := readCursor(c.text()); again != c {
			t.Errorf("cursor %+v, then %+v", c, again)
		}
		set, err := ParseSettings(s)
		if err != nil {
			return
		}
		if again, err := ParseSettings(set.JSON()); err != nil || !cmp.Equal(again, set, cmpopts.EquateEmpty()) {
			t.Errorf("settings %+v, then %+v: %v", set, again, err)
		}
	})
}

// A preview shows Says: an answer's first line must not be followed by the
// history that its sender's program repeats below it.
func TestNewWordsAreToldFromQuotedHistory(t *testing.T) {
	t.Parallel()
	m := read(t, "From: Mia <mia@carrier.test>\nSubject: Re: Parcel\nContent-Type: text/plain; charset=utf-8\n\n"+
		"It is in Lyon.\n\nOn Mon, Nov 23, 2026 at 9:12, Ann wrote:\n> Where is it?\n")
	if m.Says != "It is in Lyon." || !strings.Contains(m.Body.Text, "Where is it?") {
		t.Errorf("says %q; all of the text is %q", m.Says, m.Body.Text)
	}
}
