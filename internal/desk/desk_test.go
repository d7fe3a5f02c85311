package desk

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAddressIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]Address{
		"eva@example.com":                    {Email: "eva@example.com"},
		"  Eva Roth <Eva@example.com> ":      {Name: "Eva Roth", Email: "Eva@example.com"},
		`"Roth, Eva" <eva+x@example.com>`:    {Name: "Roth, Eva", Email: "eva+x@example.com"},
		"=?utf-8?q?Zo=C3=A9?= <z@x.example>": {Name: "Zoé", Email: "z@x.example"},
		"root@localhost":                     {Email: "root@localhost"},
	} {
		got, err := ParseAddress(typed)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
}

func TestMalformedAddressIsRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"", "eva", "eva@", "@example.com", "eva@host", "eva@.example", "eva@example..com", "a@b.c, d@e.f", "a b@c.d", `"a b"@c.d`,
		`"a,b"@c.d`, `"a@b"@c.d`, `"a(b"@c.d`, "a@b.c\r\nRCPT TO:<x@y.z>", "<a@b.c>>", strings.Repeat("a", 65) + "@b.c",
		"a@" + strings.Repeat("b", 260) + ".c",
	} {
		_, err := ParseAddress(typed)
		e, ok := err.(*Error)
		if !ok || e.Fault != Invalid || e.Code != "address_malformed" || e.Hint == "" {
			t.Errorf("%q gave %v", typed, err)
		}
	}
}

// FuzzParseAddress: what is accepted is one plain address that is read again
// as the same, and cannot say anything else to a mail server.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"eva@example.com", "Eva <eva@example.com>", `"a,b"@c.d`, "a@[192.0.2.1]", "é@example.com", "a@b.c (x)", "=?utf-8?q?=00?= <a@b.c>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		again, err := ParseAddress(a.Email)
		if err != nil || again.Email != a.Email {
			t.Fatalf("%q was read as %q, and that as %q, %v", s, a.Email, again.Email, err)
		}
		if strings.ContainsFunc(a.Email+a.Name, unicode.IsControl) || strings.ContainsAny(a.Email, " <>") {
			t.Fatalf("%q was read as %q, which may break a line", s, a)
		}
	})
}

// FuzzOneLine: the result is one short line, and stays as it is.
func FuzzOneLine(f *testing.F) {
	for _, s := range []string{"", "Order 7", "a\r\nb", "\u202eabc", strings.Repeat("é ", 80), "a\x00b", "\xff\xfe", "\u2028x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		const max = 80
		line := OneLine(s, max)
		if n := utf8.RuneCountInString(line); n > max {
			t.Fatalf("%q has %d characters", line, n)
		}
		if strings.ContainsFunc(line, unicode.IsControl) || strings.ContainsAny(line, "\u202e\u2066\u2028\u2029") {
			t.Fatalf("%q holds a control character", line)
		}
		if again := OneLine(line, max); again != line {
			t.Fatalf("%q became %q", line, again)
		}
	})
}

func TestFactsComeBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for kind, make := range factTypes {
		zero, err := make([]byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if zero.Kind() != kind {
			t.Errorf("facts of %s call themselves %s", kind, zero.Kind())
		}
		full := reflect.New(reflect.TypeOf(zero)).Elem()
		fill(full)
		body, err := EncodeFacts(full.Interface().(Facts))
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeFacts(kind, body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(full.Interface(), got); diff != "" {
			t.Errorf("facts of %s (-want +got):\n%s", kind, diff)
		}
	}
}

// fill gives every field a value of its own.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Struct:
			fill(f)
		case reflect.String:
			f.SetString(v.Type().Field(i).Name)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int64:
			f.SetInt(7)
		case reflect.Slice:
			f.Set(reflect.ValueOf([]string{"a", "b"}))
		}
	}
}

func TestUnknownKindSurvives(t *testing.T) {
	t.Parallel()
	const body = `{"from":"the future"}`
	f, err := DecodeFacts("ticket.painted", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Unknown{Of: "ticket.painted", Body: json.RawMessage(body)}, f); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	var k Ticket
	var c Conversation
	k.Apply(Event{Seq: 1, Facts: f})
	c.Apply(Event{Seq: 1, Facts: f})
	if again, err := EncodeFacts(f); err != nil || string(again) != body {
		t.Errorf("written again as %s, %v", again, err)
	}
}

func TestClosedStaysClosedAndNothingBecomesNewAgain(t *testing.T) {
	t.Parallel()
	for _, from := range Statuses() {
		for _, to := range append(Statuses(), "odd") {
			want := from != Closed && to != New && to != from && to != "odd"
			if got := from.May(to); got != want {
				t.Errorf("from %s to %s: %v", from, to, got)
			}
		}
	}
}

func TestTroubleIsHeardBeforeSuccess(t *testing.T) {
	t.Parallel()
	of := func(states ...Progress) (rs []Progressing) {
		for _, s := range states {
			rs = append(rs, Progressing{State: s})
		}
		return rs
	}
	rows := []struct {
		states []Progress
		want   Progress
	}{
		{nil, Queued}, {[]Progress{Sent, Sent}, Sent}, {[]Progress{Sent, Failed}, Failed}, {[]Progress{Failed, Unsure}, Unsure},
		{[]Progress{Sent, Queued}, Queued}, {[]Progress{Sending, Failed}, Sending}, {[]Progress{Delivered, Sent}, Sent},
	}
	for _, r := range rows {
		if got := Overall(of(r.states...)); got != r.want {
			t.Errorf("%v together are %s, want %s", r.states, got, r.want)
		}
	}
}

func TestMachinesMayAllAndContactsNothing(t *testing.T) {
	t.Parallel()
	admin, agent := Actor{Kind: ByAgent, Role: RoleAdmin}, Actor{Kind: ByAgent, Role: RoleAgent}
	got := []bool{admin.May(AdminRight), agent.May(AdminRight), agent.May(SideWrite), Machine("timers").May(AdminRight),
		Actor{Kind: ByContact, Role: RoleAdmin}.May(TicketWrite), Actor{}.May(TicketWrite)}
	if diff := cmp.Diff([]bool{true, false, true, true, false, false}, got); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
}

func TestPlusIsCutFromTheLocalPartOnly(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string][2]string{
		"support+s1@d.example": {"support@d.example", "s1"}, "a+b+c@d": {"a@d", "b+c"}, "a@d+e": {"a@d+e", ""}, "nobody": {"nobody", ""},
	} {
		base, tag := SplitPlus(addr)
		if got := [2]string{base, tag}; got != want {
			t.Errorf("%s is cut to %v, want %v", addr, got, want)
		}
	}
}
