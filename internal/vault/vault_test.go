package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

func open(t *testing.T, dir string, o Options) *Vault {
	t.Helper()
	v, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seal(t *testing.T, v *Vault, label string, s Secret) []byte {
	t.Helper()
	b, err := v.Seal(label, s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedSecretOpensAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sealed := seal(t, open(t, dir, Options{}), "account:1", "pa$$")
	got, err := open(t, dir, Options{}).Open("account:1", sealed)
	if err != nil || got.Reveal() != "pa$$" {
		t.Errorf("opened %q, %v", got.Reveal(), err)
	}
}

func TestSealedSecretStaysShut(t *testing.T) {
	t.Parallel()
	v, other := open(t, t.TempDir(), Options{}), open(t, t.TempDir(), Options{})
	sealed := seal(t, v, "account:1", "pa$$")
	changed := append(bytes.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1)
	tests := []struct {
		name   string
		vault  *Vault
		label  string
		sealed []byte
	}{
		{"under another label", v, "account:2", sealed},
		{"in another vault", other, "account:1", sealed},
		{"when changed", v, "account:1", changed},
		{"when cut", v, "account:1", sealed[:10]},
		{"when absent", v, "account:1", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := tt.vault.Open(tt.label, tt.sealed); !errors.Is(err, ErrSealed) {
				t.Errorf("Open = %v", err)
			}
		})
	}
}

func TestTheSameSecretSealsDifferently(t *testing.T) {
	t.Parallel()
	v := open(t, t.TempDir(), Options{})
	if bytes.Equal(seal(t, v, "a", "same"), seal(t, v, "a", "same")) {
		t.Error("two seals are equal")
	}
}

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	const word = "hunter2"
	s := Secret(word)
	type holder struct {
		Secret Secret
		Inner  *Secret
	}
	var out bytes.Buffer
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%X", "%d", "%t"} {
		fmt.Fprintf(&out, verb, s)
		fmt.Fprintf(&out, verb, holder{s, &s})
		fmt.Fprintf(&out, verb, []Secret{s})
		fmt.Fprintf(&out, verb, map[Secret]Secret{s: s})
	}
	fmt.Fprint(&out, s, fmt.Errorf("login with %v", s))
	b, err := json.Marshal(map[string]any{"a": s, "b": holder{s, &s}, "c": []Secret{s}})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("trying", "secret", s, "in", holder{s, &s})
	}
	if strings.Contains(out.String(), word) || strings.Contains(out.String(), fmt.Sprintf("%x", word)) {
		t.Errorf("a secret was printed:\n%s", out.String())
	}
}

func TestKeyFileIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir, Options{})
	info, err := os.Stat(filepath.Join(dir, keyFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestDerivedKeysDifferByPurposeAndStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	v, again := open(t, dir, Options{}), open(t, dir, Options{})
	if bytes.Equal(v.Derive("a"), v.Derive("b")) || !bytes.Equal(v.Derive("a"), again.Derive("a")) || len(v.Derive("a")) != 32 {
		t.Error("derived keys are not what was promised")
	}
}

func TestDamagedKeyFileIsNotReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, keyFile)
	if err := os.WriteFile(path, []byte("???"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); err == nil {
		t.Error("opened a vault with a damaged key")
	}
	if b, _ := os.ReadFile(path); string(b) != "???" {
		t.Error("the key file was changed")
	}
}

// TestKeyring stands alone: the keyring of the library is one for the process.
func TestKeyring(t *testing.T) {
	was := hasSessionBus
	hasSessionBus = func() bool { return true }
	t.Cleanup(func() { hasSessionBus = was })
	dir := t.TempDir()

	keyring.MockInit()
	sealed := seal(t, open(t, dir, Options{Keyring: true}), "a", "word")
	if b, _ := os.ReadFile(filepath.Join(dir, keyFile)); !strings.HasPrefix(string(b), inKeyring) {
		t.Fatalf("the key lies in the file: %q", b)
	}
	if got, err := open(t, dir, Options{}).Open("a", sealed); err != nil || got.Reveal() != "word" {
		t.Errorf("opened %q, %v", got.Reveal(), err)
	}

	keyring.MockInitWithError(errors.New("locked"))
	if _, err := Open(dir, Options{Keyring: true}); err == nil {
		t.Error("a keyring that is away made a new key")
	}
	fallback := t.TempDir()
	open(t, fallback, Options{Keyring: true})
	if b, _ := os.ReadFile(filepath.Join(fallback, keyFile)); strings.HasPrefix(string(b), inKeyring) {
		t.Error("no keyring, and no key in the file either")
	}
}
