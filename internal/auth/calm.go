package auth

import (
	"bytes"
	"context"
	"sync"
	"time"

	"aparte/internal/store"
)

// calm keeps sessions without writing at each request. An idle timeout makes
// scs save the session every time; only once a minute does the new end of it
// reach the store.
type calm struct {
	store.Sessions

	mu   sync.Mutex
	kept map[string]keeping
}

type keeping struct {
	data    []byte
	expires time.Time
}

const (
	saveEvery   = time.Minute
	maxSessions = 10_000
)

// CommitCtx keeps a session, if that changes more than a minute.
func (c *calm) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	if c.fresh(token, data, expires) {
		return nil
	}
	if err := c.Sessions.CommitCtx(ctx, token, data, expires); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= maxSessions {
		clear(c.kept)
	}
	c.kept[token] = keeping{bytes.Clone(data), expires}
	return nil
}

func (c *calm) fresh(token string, data []byte, expires time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, known := c.kept[token]
	return known && bytes.Equal(k.data, data) && expires.Sub(k.expires) < saveEvery
}

// DeleteCtx ends a session.
func (c *calm) DeleteCtx(ctx context.Context, token string) error {
	c.mu.Lock()
	delete(c.kept, token)
	c.mu.Unlock()
	return c.Sessions.DeleteCtx(ctx, token)
}
