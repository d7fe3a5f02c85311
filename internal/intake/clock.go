package intake

import (
	"context"
	"time"
)

// A computer that slept has dead connections that look alive: its wall clock
// has jumped ahead of its own running time.
const (
	clockEvery = 10 * time.Second
	clockJump  = 30 * time.Second
)

func (l *line) watchClock(ctx context.Context) {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		if jumped(now.Round(0).Sub(last.Round(0)), now.Sub(last)) {
			l.Log.InfoContext(ctx, "clock jumped, dialling again", "account", l.account.ID)
			poke(l.again)
		}
		last = now
	}
}

// jumped compares how far the wall clock and the monotonic one have come.
func jumped(wall, mono time.Duration) bool { return (wall - mono).Abs() > clockJump }
