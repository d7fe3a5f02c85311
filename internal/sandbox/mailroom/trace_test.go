package mailroom

import (
	"bytes"
	"strings"
	"testing"
)

func FuzzHeader(f *testing.F) {
	f.Add([]byte("A: b\r\n c\r\nReturn-Path: <x>\r\n\r\nbody"))
	f.Add([]byte("From \r\n\tfold\nAuthentication-Results: mail.test;\n x\n\n"))
	f.Add([]byte(":\r\nno colon\r\n: \r\nB:"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		at := 0
		for _, field := range headerFields(raw) {
			if field.start < at || field.end <= field.start || field.end > len(raw) {
				t.Fatalf("field %q at %d to %d after %d of %d", field.name, field.start, field.end, at, len(raw))
			}
			at = field.end
		}
		head, text := splitHeader(raw)
		if !bytes.Equal(append(bytes.Clone(head), text...), raw) {
			t.Fatal("header and text are not the whole")
		}
		clean := withoutForgeries(raw, "mail.test")
		if len(raw) < maxHeader && firstField(clean, "Return-Path") != "" {
			t.Fatalf("Return-Path left in %q", clean)
		}
		if twice := withoutForgeries(clean, "mail.test"); len(raw) < maxHeader && !bytes.Equal(twice, clean) {
			t.Fatalf("cleaning twice changes %q to %q", clean, twice)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"support+x@D.example", "@", "a@", "+@b", "\"a b\"@c", "a@b@c", "é+@x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		base, domain, err := splitAddress(s)
		if err != nil {
			return
		}
		if strings.Contains(base[:len(base)-len(domain)], "+") || !strings.HasSuffix(base, "@"+domain) {
			t.Errorf("%q gave %q and %q", s, base, domain)
		}
		if again, _, err := splitAddress(base); err == nil && again != base {
			t.Errorf("%q is not its own base: %q", base, again)
		}
	})
}
