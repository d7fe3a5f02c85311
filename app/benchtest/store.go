//go:build bench

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// read makes figures of the store's benchmarks: of the lists, the slowest.
func (b bench) read(context.Context) ([]figure, error) {
	text, err := os.ReadFile(b.store)
	if err != nil {
		return nil, err
	}
	found := map[string][2]time.Duration{}
	for line := range strings.Lines(string(text)) {
		if name, p50, p99, is := metrics(line); is {
			found[name] = [2]time.Duration{p50, p99}
		}
	}
	list, views := [2]time.Duration{}, 0
	for name, m := range found {
		if strings.HasPrefix(name, "List/") {
			views++
			if m[1] > list[1] {
				list = m
			}
		}
	}
	for _, need := range []string{"Open", "Write", "Raw/read", "Raw/commit"} {
		if _, is := found[need]; !is || views == 0 {
			return nil, fmt.Errorf("%s tells nothing of %s or of lists", b.store, need)
		}
	}
	both := func(m [2]time.Duration) string { return "p50 " + ms(m[0]) + ", p99 " + ms(m[1]) }
	row, commit := "one row: "+both(found["Raw/read"]), "one commit: "+both(found["Raw/commit"])
	return []figure{
		{"store: list, the slowest of " + strconv.Itoa(views) + " views", both(list), "p99 15 ms", row},
		{"store: open a ticket", both(found["Open"]), "p99 10 ms", row},
		{"store: write a message", both(found["Write"]), "p99 10 ms", commit},
	}, nil
}

// metrics reads a line like "BenchmarkOpen-2  100  1234 ns/op  0.9 ms-p50  2.1 ms-p99".
func metrics(line string) (name string, p50, p99 time.Duration, is bool) {
	words := strings.Fields(line)
	if len(words) == 0 || !strings.HasPrefix(words[0], "Benchmark") {
		return "", 0, 0, false
	}
	value := func(unit string) (time.Duration, bool) {
		i := slices.Index(words, unit)
		if i < 1 {
			return 0, false
		}
		f, err := strconv.ParseFloat(words[i-1], 64)
		return time.Duration(f * float64(time.Millisecond)), err == nil
	}
	p50, has50 := value("ms-p50")
	p99, has99 := value("ms-p99")
	name = strings.TrimPrefix(words[0], "Benchmark")
	if i := strings.LastIndex(name, "-"); i > 0 {
		name = name[:i]
	}
	return name, p50, p99, has50 && has99
}
