// Package vault seals what must not lie open in a desk's database: passwords
// and tokens of its accounts. One master key lives in the system's keyring, or
// in a file beside the database that only its owner may read; each secret is
// sealed with it under a label, and opens under that label alone.
package vault

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Options say where the master key may live.
type Options struct {
	Keyring bool // try the system's keyring; a file otherwise
}

// Vault seals and opens secrets.
type Vault struct {
	master []byte
	aead   cipher.AEAD
}

// keySize is the master key's length in bytes.
const keySize = 32

// Open finds the vault's master key, or makes one for a new desk. It asks
// nobody anything.
func Open(dir string, o Options) (*Vault, error) {
	master, err := masterKey(dir, o.Keyring)
	if err != nil {
		return nil, fmt.Errorf("open vault: %w", err)
	}
	v := &Vault{master: master}
	if v.aead, err = chacha20poly1305.NewX(v.Derive("seal")); err != nil {
		return nil, fmt.Errorf("open vault: %w", err)
	}
	return v, nil
}

// Derive makes 32 bytes for one purpose from the master key, the same each
// time (HKDF-SHA256).
func (v *Vault) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, v.master, nil, "aparte "+purpose, keySize)
	if err != nil {
		panic(err) // only for lengths beyond 255 hashes
	}
	return key
}

// Seal encrypts a secret under a label (XChaCha20-Poly1305, random nonce first).
func (v *Vault) Seal(label string, s Secret) ([]byte, error) {
	nonce := make([]byte, v.aead.NonceSize())
	rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return v.aead.Seal(nonce, nonce, []byte(s.Reveal()), []byte(label)), nil
}

// ErrSealed is returned where a secret does not open: another desk's key,
// another label, or changed bytes.
var ErrSealed = errors.New("this secret was not sealed by this desk, or not for this purpose")

// Open decrypts what Seal made under the same label.
func (v *Vault) Open(label string, sealed []byte) (Secret, error) {
	n := v.aead.NonceSize()
	if len(sealed) < n {
		return "", ErrSealed
	}
	plain, err := v.aead.Open(nil, sealed[:n], sealed[n:], []byte(label))
	if err != nil {
		return "", ErrSealed
	}
	return Secret(plain), nil
}
