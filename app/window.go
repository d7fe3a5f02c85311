package app

import (
	"os"
	"runtime"
)

// hasDisplay tells whether a window could open here.
func hasDisplay() bool {
	return runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}
