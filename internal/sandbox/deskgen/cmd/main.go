// Command cmd writes a believable desk of any size into a folder:
//
//	go run ./internal/sandbox/deskgen/cmd SIZE DIR
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"

	"aparte/internal/sandbox/deskgen"
)

func main() {
	size, err := 0, error(nil)
	if len(os.Args) == 3 {
		size, err = strconv.Atoi(os.Args[1])
	}
	if size <= 0 || err != nil {
		fmt.Fprintln(os.Stderr, "usage: deskgen SIZE DIR   (SIZE tickets, ten times as many messages)")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	start := time.Now()
	err = deskgen.Make(ctx, os.Args[2], size, 1, func(done, of int) {
		fmt.Fprintf(os.Stderr, "\r%d of %d messages, %s ", done, of, time.Since(start).Round(time.Second))
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "deskgen:", err)
		os.Exit(1)
	}
}
