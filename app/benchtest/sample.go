//go:build bench

package main

import (
	"fmt"
	"slices"
	"time"
)

// sample is how long something took, several times.
type sample []time.Duration

// at is the duration that a part of the sample did not exceed: 0.5 is the median.
func (s sample) at(part float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(part*float64(len(sorted)-1)+0.5)]
}

// ms is a duration as the table says it.
func ms(d time.Duration) string {
	f := float64(d) / float64(time.Millisecond)
	switch {
	case f < 10:
		return fmt.Sprintf("%.2f ms", f)
	case f < 100:
		return fmt.Sprintf("%.1f ms", f)
	}
	return fmt.Sprintf("%.0f ms", f)
}

func (s sample) p50p99() string { return "p50 " + ms(s.at(0.5)) + ", p99 " + ms(s.at(0.99)) }

func times(n int, f func() error) (s sample, err error) {
	for range n {
		begin := time.Now()
		if err := f(); err != nil {
			return nil, err
		}
		s = append(s, time.Since(begin))
	}
	return s, nil
}
