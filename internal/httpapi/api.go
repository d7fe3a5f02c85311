// Package httpapi is the one http.Handler of all three modes: the API with its
// long poll, and the files of the window's page.
//
// It is thin: an operation reads its input, calls one method, and writes what
// came of it. Reads go to the store, writes to actions, accounts and auth,
// which check who may do what.
package httpapi

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"aparte/internal/accounts"
	"aparte/internal/actions"
	"aparte/internal/auth"
	"aparte/internal/blob"
	"aparte/internal/feed"
	"aparte/internal/store"
	"aparte/internal/wire"
)

// Options are the rooms that the API opens on to.
type Options struct {
	Store    *store.Store
	Actions  *actions.Actions
	Accounts *accounts.Accounts
	Feed     *feed.Feed
	Blobs    *blob.Store
	Auth     *auth.Auth
	UI       fs.FS  // rooted at frontend/dist
	Version  string // of the program
	Mode     string // "window", "sandbox" or "serve"
	Stage    string // address of the stage, in the sandbox
	Log      *slog.Logger
}

type server struct {
	Options
	mux      *http.ServeMux
	api      huma.API
	document []byte // the OpenAPI document
}

// New makes the handler. Its waits end when the feed is closed.
func New(o Options) http.Handler {
	s := build(o)
	return guard(o.Log, o.Auth.Middleware(s.door(s.mux)))
}

// Document writes the OpenAPI document of the API.
func Document() []byte { return build(Options{}).document }

// build registers every call. It touches none of the rooms, so that the
// document can be had without a desk.
func build(o Options) *server {
	s := &server{Options: o, mux: http.NewServeMux()}
	s.api = humago.New(s.mux, config())
	s.session()
	s.tickets()
	s.conversations()
	s.messages()
	s.sides()
	s.deliveries()
	s.events()
	s.files()
	s.drafts()
	s.quarantine()
	s.contacts()
	s.settings()
	s.mailboxes()
	s.agents()
	s.tokens()
	s.health()
	s.describe()
	s.mux.HandleFunc("/api/", s.noSuchCall)
	s.mux.Handle("/", s.ui())
	return s
}

// version of the API, which is not the program's: it grows and does not change.
const version = "1"

func config() huma.Config {
	c := huma.DefaultConfig("Aparté", version)
	c.Info.Description = "Everything that the window does. Lists page by `after` and `next`; " +
		"a POST that creates takes an `id` made by the client and is idempotent on it; errors are RFC 9457 problems with a stable `code`."
	c.CreateHooks = nil // no $schema in every answer
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.Transformers = []huma.Transformer{problems}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-aparte"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	c.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	return c
}

// body is an answer with a JSON body.
type body[T any] struct{ Body T }

// nothing is an input or an answer without anything in it.
type nothing struct{}

// ByID is an input that names one thing. It is exported, as what else inputs
// embed, because huma passes over embedded fields that are not.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// List is what every list takes.
type List struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After string `query:"after" maxLength:"400" doc:"next of the page before"`
}

// op registers a call. Whatever goes wrong in it comes out as a problem.
func op[I, O any](s *server, o huma.Operation, f func(context.Context, *I) (*O, error)) {
	if o.MaxBodyBytes == 0 {
		o.MaxBodyBytes = maxBody
	}
	if o.BodyReadTimeout == 0 {
		o.BodyReadTimeout = bodyTime
	}
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// maxBody is the most that the JSON of one request may weigh; a message's
// HTML is the largest thing in any.
const maxBody = 8 << 20

// bodyTime is how long a request's JSON may take to come in. On a connection
// of net/http the clock runs on while the call is carried out, and ends it: a
// call that may take longer has to say -1.
const bodyTime = 30 * time.Second

func call(method, path, id, summary string) huma.Operation {
	o := huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{family(path)}}
	if method == http.MethodPost {
		o.DefaultStatus = http.StatusOK
	}
	return o
}

// creates marks a call that answers 201.
func creates(o huma.Operation) huma.Operation {
	o.DefaultStatus = http.StatusCreated
	return o
}

// open marks a call that needs no login.
func open(o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{}
	return o
}

// describe finishes the document: every call may answer with a problem, and
// what it says of errors is said by our own shape alone.
func (s *server) describe() {
	s.describePages()
	doc := s.api.OpenAPI()
	problem := &huma.Response{Description: "What went wrong", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: doc.Components.Schemas.Schema(typeOf[wire.Problem](), true, "Problem")},
	}}
	for _, o := range operations(doc) {
		o.Responses["default"] = problem
	}
	delete(doc.Components.Schemas.Map(), "ErrorModel")
	delete(doc.Components.Schemas.Map(), "ErrorDetail")
	s.document = written(doc)
}
