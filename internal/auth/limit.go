package auth

import (
	"sync"
	"time"
)

// limiter slows down who guesses: five failures a minute for one account,
// twenty from one address, and twice the wait after each further one.
type limiter struct {
	now func() time.Time

	mu    sync.Mutex
	tries map[string]tries
}

type tries struct {
	failures int
	last     time.Time
}

const (
	perAccount = 5
	perAddress = 20
	window     = time.Minute
	longest    = 15 * time.Minute
	maxTries   = 10_000 // names remembered
)

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, tries: map[string]tries{}}
}

// wait tells how long to wait before the next try; 0 for not at all.
func (l *limiter) wait(account, address string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.left("account "+account, perAccount), l.left("address "+address, perAddress))
}

func (l *limiter) left(name string, allowed int) time.Duration {
	t := l.tries[name]
	return max(0, t.last.Add(pause(t.failures, allowed)).Sub(l.now()))
}

// pause is how long a number of failures locks for.
func pause(failures, allowed int) time.Duration {
	if failures < allowed {
		return 0
	}
	return min(window<<min(failures-allowed, 10), longest)
}

func (l *limiter) failed(account, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count("account "+account, perAccount)
	l.count("address "+address, perAddress)
}

func (l *limiter) count(name string, allowed int) {
	now := l.now()
	if len(l.tries) >= maxTries {
		l.forget(now)
	}
	t := l.tries[name]
	if now.Sub(t.last) > window+2*pause(t.failures, allowed) {
		t.failures = 0
	}
	l.tries[name] = tries{failures: t.failures + 1, last: now}
}

// forget drops what has rested longer than any pause.
func (l *limiter) forget(now time.Time) {
	for name, t := range l.tries {
		if now.Sub(t.last) > longest {
			delete(l.tries, name)
		}
	}
}

func (l *limiter) passed(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tries, "account "+account)
}
