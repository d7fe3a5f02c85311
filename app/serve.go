package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// stopWait is how long requests may take to end when the desk stops.
const stopWait = 5 * time.Second

// serveUntil serves until ctx ends, and lets requests in hand end first.
func serveUntil(ctx context.Context, s *http.Server, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
	defer cancel()
	if err := s.Shutdown(wait); err != nil {
		_ = s.Close() // cuts those that did not end in time
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
