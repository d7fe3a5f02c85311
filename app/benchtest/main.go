//go:build bench

// Command benchtest measures the built programs from outside, as whoever runs
// them would, and prints one table of figures with their targets. It fails
// where something cannot be measured, never because it was slow; what needs a
// display says so where there is none. make bench runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"
)

// figure is one line of the table.
type figure struct{ what, measured, target, beside string }

// bench is what is measured.
type bench struct {
	server  string // the program without a window
	desktop string // the one with it; empty if it was not built
	desk    string // the data folder of a desk of some size
	store   string // what go test -bench said about the store
}

func main() {
	var b bench
	flag.StringVar(&b.server, "server", "build/bin/aparte-server", "the server to measure")
	flag.StringVar(&b.desktop, "desktop", "", "the program with the window; empty: not measured")
	flag.StringVar(&b.desk, "desk", "", "data folder of an existing desk")
	flag.StringVar(&b.store, "store", "", "output of the store's benchmarks")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "benchtest:", err)
		os.Exit(1)
	}
}

// run measures one thing after the other, so that none disturbs another.
func (b bench) run(ctx context.Context) error {
	var table []figure
	for _, part := range []struct {
		name    string
		measure func(context.Context) ([]figure, error)
	}{
		{"start", b.start}, {"size", b.size}, {"paint", b.paint}, {"store", b.read}, {"api", b.api}, {"answers", b.answers},
	} {
		fmt.Fprintln(os.Stderr, "measuring:", part.name)
		figures, err := part.measure(ctx)
		if err != nil {
			return fmt.Errorf("measure %s: %w", part.name, err)
		}
		table = append(table, figures...)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FIGURE\tMEASURED\tTARGET\tBESIDE IT")
	for _, f := range table {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.what, f.measured, f.target, f.beside)
	}
	return w.Flush()
}
