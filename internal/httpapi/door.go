package httpapi

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"aparte/internal/auth"
)

// door lets nobody into the API who is nobody, but to say who they are or to
// ask what there is.
func (s *server) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, known := auth.ActorOf(r.Context()); !known && strings.HasPrefix(r.URL.Path, "/api/") && !public[r.URL.Path] {
			s.refuse(w, r, loginNeeded)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			w.Header().Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

var public = map[string]bool{"/api/health": true, "/api/session": true, "/api/openapi.json": true, "/api/docs": true}

// guard turns a panic into an answer: in the window, it would end the program.
func guard(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				log.ErrorContext(r.Context(), "request panicked", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// answer writes JSON where huma is not at work.
func (s *server) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) // an error is the reader's broken line
}
