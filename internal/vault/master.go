package vault

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

const (
	keyFile = "vault.key"
	service = "Aparté"
	// inKeyring begins a key file that only tells where in the keyring the key is.
	// Without it, a keyring that is away for once would look like a new desk.
	inKeyring = "keyring:"
)

// masterKey reads the key that the folder has or points to, and makes one
// where there is none yet.
func masterKey(dir string, useKeyring bool) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(dir, keyFile))
	switch line := strings.TrimSpace(string(text)); {
	case errors.Is(err, fs.ErrNotExist):
		return newKey(dir, useKeyring)
	case err != nil:
		return nil, err
	case strings.HasPrefix(line, inKeyring):
		return fromKeyring(strings.TrimPrefix(line, inKeyring))
	default:
		return decodeKey(line)
	}
}

func newKey(dir string, useKeyring bool) ([]byte, error) {
	key := make([]byte, keySize)
	rand.Read(key) // never fails: crypto/rand ends the program instead
	line := base64.RawStdEncoding.EncodeToString(key)
	if useKeyring {
		// Each desk has an entry of its own, so that two on one machine never meet.
		name := rand.Text()
		if err := intoKeyring(name, line); err == nil {
			line = inKeyring + name
		}
	}
	return key, writeKey(dir, line)
}

// writeKey writes the key file so that it is there whole or not at all, for
// its owner alone.
func writeKey(dir, line string) error {
	f, err := os.CreateTemp(dir, keyFile+".*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(line + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, keyFile))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func decodeKey(line string) ([]byte, error) {
	key, err := base64.RawStdEncoding.DecodeString(line)
	if err != nil || len(key) != keySize {
		return nil, errors.New("the key file " + keyFile + " is damaged; restore it from where it was copied to")
	}
	return key, nil
}

func intoKeyring(name, line string) error {
	return keyringCall(func() error {
		if err := keyring.Set(service, name, line); err != nil {
			return err
		}
		back, err := keyring.Get(service, name)
		if err == nil && back != line {
			err = errors.New("the keyring gives back something else")
		}
		return err
	})
}

func fromKeyring(name string) ([]byte, error) {
	var line string
	err := keyringCall(func() (err error) {
		line, err = keyring.Get(service, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the desk's key is in the system's keyring, which does not give it; unlock the keyring and start again: %w", err)
	}
	return decodeKey(line)
}

// keyringWait is how long a keyring may take: one that waits for a person to
// unlock it counts as absent.
const keyringWait = 5 * time.Second

// keyringCall runs f, and does not wait for ever: the libraries below know no
// deadline.
func keyringCall(f func() error) error {
	if runtime.GOOS == "linux" && !hasSessionBus() {
		return errors.New("no session bus") // asking would start one
	}
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(keyringWait):
		return errors.New("the keyring does not answer")
	}
}

var hasSessionBus = func() bool { return os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" }
