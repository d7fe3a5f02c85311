package httpapi

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aparte/internal/desk"
	"aparte/internal/richtext"
	"aparte/internal/wire"
)

func (s *server) messages() {
	op(s, call(http.MethodGet, "/api/messages/{id}", "get-message", "One message"), s.getMessage)
	o := call(http.MethodGet, "/api/messages/{id}/body", "get-message-body", "A message as a page for an opaque frame")
	o.Parameters = []*huma.Param{inPath("id"), inQuery("quoted", "boolean", "with the quoted history"),
		inQuery("dark", "boolean", "for a dark window"), inQuery("lang", "string", "language of the page around it"),
		inQuery("label", "string", "name of the button that shows the quoted history, at most 80 characters")}
	o.Responses = bytesOf("text/html", "The message; its one script posts height and clicked links to the parent")
	s.raw(o, s.messageBody)
	o = call(http.MethodGet, "/api/messages/{id}/original", "get-message-original", "The raw message, as a file")
	o.Parameters = []*huma.Param{inPath("id")}
	o.Responses = bytesOf("message/rfc822", "The bytes as they came, or as they left")
	s.raw(o, s.messageOriginal)
}

func (s *server) getMessage(ctx context.Context, in *ByID) (*body[wire.Message], error) {
	return s.showMessage(ctx, desk.MessageID(in.ID))
}

func (s *server) showMessage(ctx context.Context, id desk.MessageID) (*body[wire.Message], error) {
	var out body[wire.Message]
	return &out, s.read(ctx, func(r *reader) error {
		m, err := r.tx.Message(ctx, id)
		if err != nil {
			return err
		}
		list, err := r.messages(ctx, []desk.Message{m})
		if err != nil {
			return err
		}
		out.Body = list[0]
		return nil
	})
}

// messageBody shows a message in the one way that foreign HTML is ever shown
// (ruling 27): its own address, its own policy, an opaque frame.
func (s *server) messageBody(w http.ResponseWriter, r *http.Request) {
	var m desk.Message
	var b desk.Body
	err := s.read(r.Context(), func(in *reader) (err error) {
		if m, err = in.tx.Message(r.Context(), desk.MessageID(r.PathValue("id"))); err != nil {
			return err
		}
		b, err = in.tx.Body(r.Context(), m.ID)
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	q := r.URL.Query()
	page := richtext.Document(richtext.Frame{HTML: b.HTML, Quoted: b.Quoted, ShowQuoted: q.Get("quoted") == "true",
		Dark: q.Get("dark") == "true", Lang: language(q.Get("lang")), QuotedLabel: desk.OneLine(q.Get("label"), 80), Image: s.pictures(m.Attachments)})
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", richtext.FramePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.Write(page)
}

// language lets through what looks like a language tag and nothing else.
func language(s string) string {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' {
			return "en"
		}
	}
	if s == "" || len(s) > 20 {
		return "en"
	}
	return s
}

// maxPicture is the largest inline picture that is put into a page.
const maxPicture = 5 << 20

// pictures finds the pictures inside of a message by their Content-ID.
func (s *server) pictures(files []desk.Attachment) func(string) (string, []byte, bool) {
	return func(contentID string) (string, []byte, bool) {
		for _, f := range files {
			if f.ContentID == "" || f.ContentID != contentID || f.Size > maxPicture {
				continue
			}
			b, err := s.Blobs.Bytes(f.Sum, maxPicture)
			return f.Type, b, err == nil
		}
		return "", nil, false
	}
}

func (s *server) messageOriginal(w http.ResponseWriter, r *http.Request) {
	var m desk.Message
	err := s.read(r.Context(), func(in *reader) (err error) {
		m, err = in.tx.Message(r.Context(), desk.MessageID(r.PathValue("id")))
		if err == nil && m.Raw == "" {
			err = desk.Missing("original")
		}
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.send(w, r, m.Raw, "message/rfc822", string(m.ID)+".eml")
}

// send streams a stored file as something to save, and never to show: nothing
// in it can act in the desk's own origin.
func (s *server) send(w http.ResponseWriter, r *http.Request, sum, mediaType, name string) {
	f, err := s.Blobs.Get(sum)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", disposition(name))
	h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	io.Copy(w, f) // an error is the reader's broken line
}

// disposition names a file by RFC 6266, with the form of RFC 2231 where the
// name is not plain ASCII.
func disposition(name string) string {
	name = strings.NewReplacer("/", "_", `\`, "_").Replace(desk.OneLine(name, 200))
	if s := mime.FormatMediaType("attachment", map[string]string{"filename": name}); s != "" {
		return s
	}
	return "attachment"
}
