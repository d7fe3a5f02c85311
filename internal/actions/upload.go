package actions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"aparte/internal/blob"
	"aparte/internal/desk"
	"aparte/internal/store"
)

// NewUpload announces a file.
type NewUpload struct {
	ID   desk.AttachmentID
	Name string
	Type string // as the sender calls it; what the bytes say goes before it
	Size int64
}

// Upload is how far a file has come.
type Upload struct {
	File     desk.Attachment
	Offset   int64 // bytes held
	Complete bool
}

// Announce begins an upload. The same id twice begins one.
func (a *Actions) Announce(ctx context.Context, by desk.Actor, n NewUpload) (Upload, error) {
	name := desk.OneLine(strings.NewReplacer("/", "_", `\`, "_").Replace(n.Name), 255)
	if name == "" {
		return Upload{}, desk.Refuse("name", "name_missing", "the file has no name", "Give it one.")
	}
	f := desk.Attachment{ID: n.ID, Name: name, Type: mediaType(n.Type), Size: n.Size, Owner: by.Agent}
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		known, err := tx.Attachment(ctx, n.ID)
		switch {
		case err == nil && known.Owner == by.Agent:
			f = known
			return nil
		case err == nil:
			return idTaken("file")
		case desk.FaultOf(err) != desk.NotFound:
			return err
		}
		return tx.SaveUpload(ctx, f)
	})
	if err != nil {
		return Upload{}, err
	}
	if f.Size == 0 && f.Sum == "" {
		return a.Receive(ctx, by, f.ID, 0, strings.NewReader(""))
	}
	return a.progress(f)
}

// Upload tells how far a file has come, to who uploads it.
func (a *Actions) Upload(ctx context.Context, by desk.Actor, id desk.AttachmentID) (Upload, error) {
	f, err := a.own(ctx, by, id)
	if err != nil {
		return Upload{}, err
	}
	return a.progress(f)
}

func (a *Actions) own(ctx context.Context, by desk.Actor, id desk.AttachmentID) (f desk.Attachment, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		if f, err = tx.Attachment(ctx, id); err == nil && f.Owner != by.Agent {
			err = desk.Missing("attachment")
		}
		return err
	})
	return f, err
}

func (a *Actions) progress(f desk.Attachment) (Upload, error) {
	if f.Sum != "" {
		return Upload{File: f, Offset: f.Size, Complete: true}, nil
	}
	held, err := a.blobs.UploadSize(part(f.ID))
	return Upload{File: f, Offset: held}, err
}

// part names the half of a file that is here already.
func part(id desk.AttachmentID) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// Receive takes a slice of a file's bytes from offset on. With the last one,
// the file is complete.
func (a *Actions) Receive(ctx context.Context, by desk.Actor, id desk.AttachmentID, offset int64, r io.Reader) (Upload, error) {
	f, err := a.own(ctx, by, id)
	if err != nil {
		return Upload{}, err
	}
	if f.Sum != "" {
		return Upload{File: f, Offset: f.Size, Complete: true}, nil
	}
	end, err := a.blobs.WriteAt(part(id), offset, r, f.Size)
	if err != nil {
		return Upload{}, refusedSlice(err)
	}
	if end < f.Size {
		return Upload{File: f, Offset: end}, nil
	}
	if f, err = a.complete(ctx, f); err != nil {
		return Upload{}, err
	}
	return Upload{File: f, Offset: f.Size, Complete: true}, nil
}

func refusedSlice(err error) error {
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return &desk.Error{Fault: desk.Invalid, Code: "too_big", Msg: "this slice has more than 4 MB", Hint: "Send smaller slices."}
	case errors.Is(err, blob.ErrTooBig):
		return desk.Refuse("size", "upload_too_long", "there are more bytes than were announced", "Announce the file again with its real size.")
	case errors.Is(err, blob.ErrGap):
		return &desk.Error{Fault: desk.Conflict, Code: "offset_gap", Field: "offset", Msg: "there are bytes missing before this slice",
			Hint: "Ask how far the upload has come, and go on from there."}
	case errors.Is(err, blob.ErrBusy):
		return &desk.Error{Fault: desk.Conflict, Code: "upload_busy", Msg: "another slice of this file is just coming in", Hint: "Send slices one after the other."}
	}
	return err
}

func (a *Actions) complete(ctx context.Context, f desk.Attachment) (desk.Attachment, error) {
	sum, size, err := a.blobs.Finish(part(f.ID))
	if err != nil {
		return f, err
	}
	f.Sum, f.Size = sum, size
	if f.Type, err = a.sniff(f); err != nil {
		return f, err
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if known, err := tx.Attachment(ctx, f.ID); err != nil || known.Sum != "" {
			f = known
			return err
		}
		return tx.SaveUpload(ctx, f)
	})
	return f, err
}

// sniff believes the sender's word on a file's type, but for pictures: what
// calls itself one has to look like one.
func (a *Actions) sniff(f desk.Attachment) (string, error) {
	file, err := a.blobs.Get(f.Sum)
	if err != nil {
		return "", err
	}
	defer file.Close()
	head := make([]byte, 512) // as many bytes as sniffing looks at
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	seen := mediaType(http.DetectContentType(head[:n]))
	if strings.HasPrefix(f.Type, "image/") || strings.HasPrefix(seen, "image/") || f.Type == unknownType {
		return seen, nil
	}
	return f.Type, nil
}

const unknownType = "application/octet-stream"

func mediaType(s string) string {
	t, _, err := mime.ParseMediaType(s)
	if err != nil {
		return unknownType
	}
	return t
}
