package httpapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"aparte/internal/actions"
	"aparte/internal/desk"
	"aparte/internal/wire"
)

func (s *server) files() {
	op(s, creates(call(http.MethodPost, "/api/uploads", "create-upload", "Announce a file")), s.createUpload)
	op(s, call(http.MethodGet, "/api/uploads/{id}", "get-upload", "How far a file has come"), s.getUpload)
	o := call(http.MethodPut, "/api/uploads/{id}", "put-upload", "A slice of a file's bytes, at most 4 MB")
	o.Parameters = []*huma.Param{inPath("id"), inQuery("offset", "integer", "where the slice belongs; at most what is held already")}
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	o.Responses = map[string]*huma.Response{"200": {Description: "How far the file has come", Content: map[string]*huma.MediaType{
		"application/json": {Schema: s.api.OpenAPI().Components.Schemas.Schema(typeOf[wire.Upload](), true, "Upload")}}}}
	s.raw(o, s.putUpload)
	o = call(http.MethodGet, "/api/attachments/{id}", "get-attachment", "A file, to save")
	o.Parameters = []*huma.Param{inPath("id")}
	o.Responses = bytesOf("application/octet-stream", "The file's bytes, of the file's own media type")
	s.raw(o, s.getAttachment)
}

func upload(u actions.Upload) wire.Upload {
	return wire.Upload{Attachment: attachment(u.File), Offset: u.Offset, Complete: u.Complete}
}

func (s *server) createUpload(ctx context.Context, in *body[wire.NewUpload]) (*body[wire.Upload], error) {
	n := in.Body
	u, err := s.Actions.Announce(ctx, actor(ctx), actions.NewUpload{ID: desk.AttachmentID(n.ID), Name: n.Name, Type: n.Type, Size: n.Size})
	return &body[wire.Upload]{Body: upload(u)}, err
}

func (s *server) getUpload(ctx context.Context, in *ByID) (*body[wire.Upload], error) {
	u, err := s.Actions.Upload(ctx, actor(ctx), desk.AttachmentID(in.ID))
	return &body[wire.Upload]{Body: upload(u)}, err
}

// maxSlice is the most that one PUT may bring.
const maxSlice = 4 << 20

func (s *server) putUpload(w http.ResponseWriter, r *http.Request) {
	offset, err := strconv.ParseInt(r.URL.Query().Get("offset"), 10, 64)
	if err != nil || offset < 0 {
		s.refuse(w, r, desk.Refuse("offset", "offset_malformed", "the offset is no number", "Send ?offset= with what GET says is held."))
		return
	}
	slice := http.MaxBytesReader(w, r.Body, maxSlice)
	u, err := s.Actions.Receive(r.Context(), actor(r.Context()), desk.AttachmentID(r.PathValue("id")), offset, slice)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.answer(w, upload(u))
}

func (s *server) getAttachment(w http.ResponseWriter, r *http.Request) {
	var f desk.Attachment
	err := s.read(r.Context(), func(in *reader) (err error) {
		f, err = in.tx.Attachment(r.Context(), desk.AttachmentID(r.PathValue("id")))
		if err == nil && (f.Sum == "" || f.Message == "" && f.Owner != in.by.Agent) {
			err = desk.Missing("attachment") // not complete, or somebody else's draft
		}
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.send(w, r, f.Sum, f.Type, f.Name)
}
