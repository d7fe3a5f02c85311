package mail

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aparte/internal/connector"
	"aparte/internal/desk"
)

const trusted = "mx.aparte.example"

// proven reads a mail in a mailbox that trusts one server's results.
func proven(t *testing.T, header string) desk.Auth {
	t.Helper()
	c := unplugged(t)
	c.Settings.AuthservIDs = []string{trusted}
	raw := strings.ReplaceAll(header+plainHead+"\nbody", "\n", "\r\n")
	return c.Read(t.Context(), connector.Item{Key: "k"}, []byte(raw)).Auth
}

// Outcomes 101 to 105 of the checklist: what a stranger can write into a mail,
// or make a server repeat, proves nothing.
func TestOnlyTheTrustedServersVerdictCounts(t *testing.T) {
	t.Parallel()
	pass := desk.Auth{Result: desk.AuthPass, Reason: "dmarc", Domain: "cust.example"}
	fail := desk.Auth{Result: desk.AuthFail, Reason: "dmarc", Domain: "cust.example"}
	none := desk.Auth{Result: desk.AuthNone}
	field := "Authentication-Results: " + trusted
	cases := map[string]struct {
		header string
		want   desk.Auth
	}{
		"pass":                {field + "; dmarc=pass header.from=cust.example\n", pass},
		"version and case":    {field + " 1; DMARC/1 = PASS (p=none) header.from=Cust.Example\n", pass},
		"folded":              {field + ";\n\tspf=pass smtp.mailfrom=cust.example;\n\tdmarc=fail header.from=cust.example\n", fail},
		"101 quoted":          {field + `; spf=pass smtp.mailfrom="x; dmarc=pass header.from=cust.example"@evil.example; dmarc=fail header.from=cust.example` + "\n", fail},
		"101 only quoted":     {field + `; spf=pass smtp.mailfrom="x; dmarc=pass header.from=cust.example; "@evil.example` + "\n", none},
		"101 quoted quote":    {field + `; spf=pass smtp.mailfrom="x\"; dmarc=pass header.from=cust.example"@evil.example` + "\n", none},
		"102 comment":         {field + "; dmarc=fail (x; dmarc=pass header.from=cust.example) header.from=cust.example\n", fail},
		"102 nested comment":  {field + "; spf=fail (a (b) ; dmarc=pass header.from=cust.example)\n", none},
		"open comment":        {field + "; dmarc=pass header.from=cust.example (\n", none},
		"open quote":          {field + "; dmarc=pass header.from=cust.example \"\n", none},
		"103 foreign":         {"Authentication-Results: mx.evil.example; dmarc=pass header.from=cust.example\n", none},
		"103 copied below":    {"Authentication-Results: mx.evil.example; spf=pass\n" + field + "; dmarc=pass header.from=cust.example\n", none},
		"103 ours says fail":  {field + "; dmarc=fail header.from=cust.example\n" + field + "; dmarc=pass header.from=cust.example\n", fail},
		"104 no server named": {"Authentication-Results: spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=cust.example; dmarc=pass action=none header.from=cust.example;compauth=pass\n", none},
		"105 second From":     {field + "; dmarc=pass header.from=cust.example\nFrom: x@evil.example\n", desk.Auth{Result: desk.AuthFail, Reason: "several_from"}},
		"two verdicts":        {field + "; dmarc=pass header.from=cust.example; dmarc=fail header.from=cust.example\n", desk.Auth{Result: desk.AuthNone, Reason: "dmarc_ambiguous"}},
		"another domain":      {field + "; dmarc=pass header.from=evil.example\n", none},
		"two domains":         {field + "; dmarc=pass header.from=evil.example header.from=cust.example\n", none},
		"no domain":           {field + "; dmarc=pass\n", none},
		"other methods only":  {field + "; spf=pass smtp.mailfrom=cust.example; dkim=pass header.d=cust.example\n", none},
		"nothing checked":     {field + "; none\n", none},
		"too long":            {field + "; dmarc=pass header.from=cust.example" + strings.Repeat(" x", maxResults) + "\n", none},
	}
	for name, c := range cases {
		if d := cmp.Diff(c.want, proven(t, c.header)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestNoServerIsTrustedUnlessNamed(t *testing.T) {
	t.Parallel()
	m := read(t, "Authentication-Results: "+trusted+"; dmarc=pass header.from=cust.example\n"+plainHead+"\nbody")
	if d := cmp.Diff(desk.Auth{Result: desk.AuthNone}, m.Auth); d != "" {
		t.Error("(-want +got):\n" + d)
	}
}

func FuzzResults(f *testing.F) {
	f.Add(`mx.example 1; dmarc=pass (p=none) header.from=a.example; spf=pass smtp.mailfrom="x; y"@b.example`)
	f.Add(`mx.example; dkim=fail reason="a \" b" (c (d) e)`)
	f.Fuzz(func(t *testing.T, s string) {
		if server, _, ok := readResults(s); ok && (server == "" || strings.Contains(server, "=")) {
			t.Errorf("server %q", server)
		}
		inside := strings.NewReplacer("(", "", ")", "", `\`, "", `"`, "").Replace(s)
		for _, hidden := range []string{"; x=y (" + inside + ")", `; x="` + inside + `"`} {
			if _, results, ok := readResults("mx.example" + hidden); ok && len(results) > 1 {
				t.Errorf("%q gives %d results", hidden, len(results))
			}
		}
	})
}
