// Package blob keeps files by their content: original mail, attachments and
// what was sent, each under its SHA-256. A name is visible only when the bytes
// behind it are on the disk to stay. It knows nothing of mail, and deletes
// nothing that has a name.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// ErrTooBig is returned where there are more bytes than the caller allows.
var ErrTooBig = errors.New("more bytes than allowed")

// Store is a folder of files named by content.
type Store struct {
	dir string

	mu   sync.Mutex
	busy map[string]bool // uploads in hand
}

// Open opens the folder, and makes it if there is none. What an earlier
// process left half written is removed: one process owns the folder.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir, busy: map[string]bool{}}
	if err := os.RemoveAll(s.path("tmp")); err != nil {
		return nil, fmt.Errorf("clear half-written files: %w", err)
	}
	for _, sub := range []string{"tmp", "upload"} {
		if err := os.MkdirAll(s.path(sub), 0o700); err != nil {
			return nil, fmt.Errorf("open file store: %w", err)
		}
	}
	return s, s.dropOldUploads()
}

func (s *Store) path(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

// Put stores all that r gives, and names it.
func (s *Store) Put(r io.Reader) (sum string, size int64, err error) {
	w, err := s.New()
	if err != nil {
		return "", 0, err
	}
	defer w.Discard()
	if _, err := io.Copy(w, r); err != nil {
		return "", 0, fmt.Errorf("store a file: %w", err)
	}
	return w.Commit()
}

// Writer is a file that has no name yet.
type Writer struct {
	store *Store
	file  *os.File
	hash  hash.Hash
	size  int64
	ended bool
}

// New begins a file. It must end with Commit or Discard.
func (s *Store) New() (*Writer, error) {
	f, err := os.CreateTemp(s.path("tmp"), "")
	if err != nil {
		return nil, fmt.Errorf("begin a file: %w", err)
	}
	return &Writer{store: s, file: f, hash: sha256.New()}, nil
}

// Write adds bytes.
func (w *Writer) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	w.hash.Write(b[:n])
	w.size += int64(n)
	return n, err
}

// Commit names the file by its content. Once it has returned, the file
// survives the loss of power.
func (w *Writer) Commit() (sum string, size int64, err error) {
	if w.ended {
		return "", 0, errors.New("this file has ended")
	}
	if err := w.file.Sync(); err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	w.ended = true
	sum = hex.EncodeToString(w.hash.Sum(nil))
	if err := errors.Join(w.file.Close(), w.store.name(w.file.Name(), sum)); err != nil {
		return "", 0, errors.Join(err, os.Remove(w.file.Name()))
	}
	return sum, w.size, nil
}

// Discard drops the file. After Commit it does nothing.
func (w *Writer) Discard() {
	if w.ended {
		return
	}
	w.ended = true
	w.file.Close()
	os.Remove(w.file.Name()) // what stays is cleared at the next start
}

// name moves a complete file to its place. The same content by another way is
// there already, and stays.
func (s *Store) name(from, sum string) error {
	home := s.path(sum[:2])
	_, err := os.Stat(home)
	fresh := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	if err := os.Rename(from, filepath.Join(home, sum)); err != nil {
		return err
	}
	if err := syncDir(home); err != nil || !fresh {
		return err
	}
	return syncDir(s.dir)
}

// syncDir makes a new name last. Windows has no such call, and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get opens a stored file. The error is fs.ErrNotExist where there is none.
func (s *Store) Get(sum string) (*os.File, error) {
	if b, err := hex.DecodeString(sum); err != nil || len(b) != sha256.Size || hex.EncodeToString(b) != sum {
		return nil, fmt.Errorf("open file %.64q: %w", sum, fs.ErrNotExist)
	}
	return os.Open(s.path(sum[:2], sum))
}

// Bytes reads a stored file of at most max bytes; ErrTooBig if it has more.
func (s *Store) Bytes(sum string, max int64) ([]byte, error) {
	f, err := s.Get(sum)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, max+1))
	if err == nil && int64(len(b)) > max {
		err = ErrTooBig
	}
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return b, nil
}
