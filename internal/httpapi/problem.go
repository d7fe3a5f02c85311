package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aparte/internal/desk"
	"aparte/internal/wire"
)

// failure is a problem on its way out.
type failure struct{ wire.Problem }

func (f *failure) Error() string  { return f.Title }
func (f *failure) GetStatus() int { return f.Status }

// ContentType names the form of RFC 9457.
func (f *failure) ContentType(string) string { return "application/problem+json" }

var statuses = map[desk.Fault]int{
	desk.NotFound: http.StatusNotFound, desk.Invalid: http.StatusUnprocessableEntity, desk.Conflict: http.StatusConflict,
	desk.Forbidden: http.StatusForbidden, desk.Unavailable: http.StatusServiceUnavailable,
}

// codes whose status says more than their fault.
var codeStatuses = map[string]int{
	"login_needed": http.StatusUnauthorized, "login_failed": http.StatusUnauthorized,
	"too_many_attempts": http.StatusTooManyRequests, "too_big": http.StatusRequestEntityTooLarge,
}

// problem is the one place where an error becomes what the outside sees. What
// carries no fault is a mistake of ours: it is logged under an id, and the
// outside sees the id alone.
func (s *server) problem(ctx context.Context, err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var e *desk.Error
	if errors.As(err, &e) && e.Fault != desk.Internal {
		status := statuses[e.Fault]
		if special, ok := codeStatuses[e.Code]; ok {
			status = special
		}
		return &failure{wire.Problem{Type: "about:blank", Title: e.Msg, Status: status, Code: e.Code, Field: e.Field, Hint: e.Hint}}
	}
	if ctx.Err() != nil {
		return &failure{wire.Problem{Type: "about:blank", Title: "the request ended before its answer", Code: "gone",
			Status: http.StatusServiceUnavailable, Hint: "Try again."}}
	}
	id := desk.RandomText(10)
	s.Log.ErrorContext(ctx, "request failed", "id", id, "err", err)
	return &failure{wire.Problem{Type: "about:blank", Title: "something went wrong inside of the desk", Code: "internal", ID: id,
		Status: http.StatusInternalServerError, Hint: "Try again; if it stays, look for " + id + " in the desk's log."}}
}

// problems turns what huma says about an input into our shape.
func problems(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := wire.Problem{Type: "about:blank", Title: m.Detail, Status: m.Status, Code: "invalid",
		Hint: "See /api/docs for what this call takes."}
	if m.Status >= http.StatusInternalServerError {
		p.Title, p.Code = "something went wrong inside of the desk", "internal"
		return &failure{p}, nil
	}
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, wire.ProblemItem{Field: strings.TrimPrefix(e.Location, "body."), Message: e.Message})
	}
	if len(p.Errors) > 0 {
		p.Field, p.Detail = p.Errors[0].Field, p.Errors[0].Message
	}
	return &failure{p}, nil
}

// refuse writes a problem where huma is not at work.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := s.problem(r.Context(), err)
	w.Header().Set("Content-Type", f.ContentType(""))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(f.Status)
	json.NewEncoder(w).Encode(f.Problem) // an error is the reader's broken line
}

func (s *server) noSuchCall(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, &desk.Error{Fault: desk.NotFound, Code: "no_such_call", Msg: "there is no such call",
		Hint: "/api/docs lists them all."})
}

var loginNeeded = &desk.Error{Fault: desk.Forbidden, Code: "login_needed", Msg: "you are not logged in",
	Hint: "Log in, or send a token: Authorization: Bearer …"}
