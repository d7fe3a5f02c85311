package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"aparte/internal/desk"
)

const (
	lockFile = "desk.lock"
	// forCommand is the mode of a process that holds a folder for one command
	// only; others wait for it.
	forCommand  = "command"
	commandWait = 10 * time.Second
)

// holder is who owns a data folder, as it wrote itself into the lock file.
type holder struct {
	PID    int    `json:"pid"`
	Mode   string `json:"mode"`
	Socket string `json:"socket"` // where it takes orders; empty if it takes none
}

// lock is the ownership of a data folder (ruling 21). The system lets go of it
// when the process ends, however it ends.
type lock struct {
	dir  string
	file *os.File
}

// errHeld says that another process owns the folder.
var errHeld = errors.New("held by another process")

// takeLock makes the folder this process's own, and makes the folder if there
// is none. It waits for a command that is at work there, and gives a Conflict
// error at once if a desk runs on it.
func takeLock(ctx context.Context, dir, mode string) (*lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, folderTrouble(dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, folderTrouble(dir, err)
	}
	if err := waitForLock(ctx, f); err != nil {
		defer f.Close()
		if errors.Is(err, errHeld) {
			who, _ := readHolder(f)
			return nil, inUse(dir, who)
		}
		return nil, folderTrouble(dir, err)
	}
	l := &lock{dir: dir, file: f}
	if err := l.write(holder{PID: os.Getpid(), Mode: mode}); err != nil {
		return nil, errors.Join(folderTrouble(dir, err), l.release())
	}
	return l, nil
}

func waitForLock(ctx context.Context, f *os.File) error {
	end := time.Now().Add(commandWait)
	for {
		err := tryLock(f)
		if !errors.Is(err, errHeld) {
			return err
		}
		who, _ := readHolder(f)
		if who.Mode != forCommand || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// announce writes down where the owner takes orders.
func (l *lock) announce(mode, socket string) error {
	return l.write(holder{PID: os.Getpid(), Mode: mode, Socket: socket})
}

func (l *lock) write(h holder) error {
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	// Padding, not truncation: a reader must never find an empty file.
	line := fmt.Appendf(nil, "%-*s\n", holderSize-1, b)
	_, err = l.file.WriteAt(line, 0)
	return err
}

// holderSize is the length of the lock file, in bytes.
const holderSize = 1024

// release gives the folder back.
func (l *lock) release() error {
	return errors.Join(l.write(holder{}), l.file.Close())
}

func readHolder(r io.ReaderAt) (holder, error) {
	var h holder
	b, err := io.ReadAll(io.NewSectionReader(r, 0, holderSize))
	if err != nil {
		return h, err
	}
	err = json.Unmarshal(b, &h)
	return h, err
}

// holderOf tells who last owned a folder. That may be over: only the lock knows.
func holderOf(dir string) (holder, error) {
	f, err := os.Open(filepath.Join(dir, lockFile))
	if err != nil {
		return holder{}, err
	}
	defer f.Close()
	return readHolder(f)
}

// isInUse tells whether takeLock failed because a desk runs on the folder.
func isInUse(err error) bool {
	var e *desk.Error
	return errors.As(err, &e) && e.Code == "data_in_use"
}

func inUse(dir string, who holder) error {
	by := "another process"
	if who.PID != 0 {
		by = fmt.Sprintf("process %d (aparte %s)", who.PID, who.Mode)
	}
	return &desk.Error{Fault: desk.Conflict, Code: "data_in_use", Field: "data",
		Msg:  fmt.Sprintf("the data folder %s is in use by %s", dir, by),
		Hint: "Close that one first, or choose another folder with --data."}
}

// folderTrouble says in a sentence why a data folder cannot be used.
func folderTrouble(dir string, err error) error {
	e := &desk.Error{Fault: desk.Unavailable, Code: "data_unusable", Field: "data"}
	info, statErr := os.Stat(dir)
	switch {
	case errors.Is(err, syscall.ENOTDIR) || statErr == nil && !info.IsDir():
		e.Msg, e.Hint = "the data folder "+dir+" is not a folder", "Choose another one with --data."
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Msg = "the data folder " + dir + " is read-only for this user"
		e.Hint = "Make it writable, or choose another one with --data."
	case errors.Is(err, syscall.ENOSPC):
		e.Msg, e.Hint = "the disk of the data folder "+dir+" is full", "Make room on it."
	default:
		e.Msg, e.Hint, e.Err = "the data folder "+dir+" cannot be used", "Choose another one with --data.", err
	}
	return e
}
