// Package app is the program: configuration, wiring, modes and the window.
// It is the only place that knows every room of the house.
package app

import (
	"fmt"
	"io/fs"
	"os"
)

// Version is what `aparte version` prints; release builds set it by the linker.
var Version = "0.1.0-dev"

// Main runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage.
func Main(ui fs.FS, args []string) int {
	if len(args) == 1 && args[0] == "version" {
		fmt.Println("aparte", Version)
		return 0
	}
	fmt.Fprintln(os.Stderr, "aparte: unknown command; try: aparte version")
	return 2
}
