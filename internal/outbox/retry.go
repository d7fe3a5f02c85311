package outbox

import (
	"time"

	"aparte/internal/desk"
)

// When to try again. All of it is integer arithmetic, so that
// early waits grow too.
const (
	delayedAfter = time.Hour      // an agent hears that it takes longer
	giveUpAfter  = 48 * time.Hour // and after this that it will not be
	giveUpTries  = 5              // but not before so many tries: a computer may have been off
	careWait     = 30 * time.Minute
	firstHalt    = 30 * time.Second
	longestHalt  = 15 * time.Minute
)

// greylist are the waits after a temporary refusal of one recipient; the last
// one repeats.
var greylist = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour,
}

// refused is the wait after a recipient's tries so far.
func refused(tries int) time.Duration { return greylist[min(max(tries-1, 0), len(greylist)-1)] }

// lineBackoff is the wait after so many broken lines in a row.
func lineBackoff(failed int) time.Duration {
	if failed > 5 {
		return longestHalt
	}
	return min(firstHalt<<max(failed-1, 0), longestHalt)
}

// waiting is the state of a recipient who must wait: queued, or delayed once
// that is worth telling.
func waiting(d desk.Delivery, now time.Time) desk.Progress {
	if now.Sub(d.QueuedAt) >= delayedAfter {
		return desk.Delayed
	}
	return desk.Queued
}

// tooLate tells whether trying has gone on for long enough.
func tooLate(d desk.Delivery, tries int, now time.Time) bool {
	return now.Sub(d.QueuedAt) >= giveUpAfter && tries >= giveUpTries
}
