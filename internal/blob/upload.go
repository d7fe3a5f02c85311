package blob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// What an upload may be refused for, beside ErrTooBig.
var (
	ErrGap  = errors.New("there are bytes missing before this offset")
	ErrBusy = errors.New("this upload is being written to")
	ErrName = errors.New("an upload's name is 1 to 64 small letters and digits")
)

// uploadLife is how long an unfinished upload may rest.
const uploadLife = 7 * 24 * time.Hour

// WriteAt adds bytes to an upload from offset on, which is at most its
// length: what stood after it is replaced. It returns where the upload ends
// now, also when r breaks off, so that the sender can go on from there. An
// upload of more than max bytes is refused with ErrTooBig.
func (s *Store) WriteAt(id string, offset int64, r io.Reader, max int64) (end int64, err error) {
	release, err := s.take(id)
	if err != nil {
		return 0, err
	}
	defer release()
	size, err := s.UploadSize(id)
	switch {
	case err != nil:
		return 0, err
	case offset < 0 || offset > size:
		return size, ErrGap
	}
	f, err := os.OpenFile(s.path("upload", id), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return 0, fmt.Errorf("open upload: %w", err)
	}
	end, err = fill(f, offset, r, max)
	return end, errors.Join(err, f.Close())
}

// fill replaces all from offset on by what r gives.
func fill(f *os.File, offset int64, r io.Reader, max int64) (end int64, err error) {
	if err := f.Truncate(offset); err != nil {
		return offset, fmt.Errorf("cut upload: %w", err)
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return offset, err
	}
	n, err := io.Copy(f, io.LimitReader(r, max-offset+1))
	if offset+n > max {
		return offset, errors.Join(ErrTooBig, f.Truncate(offset))
	}
	return offset + n, err
}

// UploadSize tells how long an upload is; 0 if there is none.
func (s *Store) UploadSize(id string) (int64, error) {
	if !uploadName(id) {
		return 0, ErrName
	}
	info, err := os.Stat(s.path("upload", id))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at upload: %w", err)
	}
	return info.Size(), nil
}

// Finish turns an upload into a stored file. An upload of which nothing has
// come is fs.ErrNotExist.
func (s *Store) Finish(id string) (sum string, size int64, err error) {
	release, err := s.take(id)
	if err != nil {
		return "", 0, err
	}
	defer release()
	f, err := os.Open(s.path("upload", id))
	if err != nil {
		return "", 0, fmt.Errorf("finish upload: %w", err)
	}
	sum, size, err = s.Put(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", 0, err
	}
	return sum, size, os.Remove(s.path("upload", id))
}

// take makes sure that one caller at a time has an upload in hand.
func (s *Store) take(id string) (release func(), err error) {
	if !uploadName(id) {
		return nil, ErrName
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[id] {
		return nil, ErrBusy
	}
	s.busy[id] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.busy, id)
	}, nil
}

func uploadName(id string) bool {
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// dropOldUploads removes uploads that nobody went on with.
func (s *Store) dropOldUploads() error {
	list, err := os.ReadDir(s.path("upload"))
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	for _, e := range list {
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < uploadLife {
			continue
		}
		if err := os.Remove(s.path("upload", e.Name())); err != nil {
			return fmt.Errorf("drop an old upload: %w", err)
		}
	}
	return nil
}
