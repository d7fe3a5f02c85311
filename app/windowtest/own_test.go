//go:build window

package windowtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestOwnDeskListensOnNothing: the page asks the desk inside of the process.
func TestOwnDeskListensOnNothing(t *testing.T) {
	home := t.TempDir()
	desk := start(t, home, false, "--data", filepath.Join(home, "desk"))
	waitForWindow(t)
	if n := desk.listening(t); n != 0 {
		t.Errorf("the process listens on %d TCP ports", n)
	}
	desk.stop(t)
}

// TestSecondStartShowsTheFirstWindow and the window is where it was left.
func TestSecondStartShowsTheFirstWindow(t *testing.T) {
	home := t.TempDir()
	data := filepath.Join(home, "desk")
	desk := start(t, home, false, "--data", data)
	id := waitForWindow(t)
	xdotool(t, "windowsize", "--sync", id, "1100", "700")
	xdotool(t, "windowmove", "--sync", id, "140", "90")

	second := start(t, home, false, "--data", data)
	if err := second.cmd.Wait(); err != nil {
		t.Errorf("the second start: %v", err)
	}
	desk.stop(t)
	kept, err := os.ReadFile(filepath.Join(data, "window.json"))
	if err != nil || !strings.Contains(string(kept), `"width":1100,"height":700`) {
		t.Fatalf("remembered %s, %v", kept, err)
	}

	again := start(t, home, false, "--data", data)
	id = waitForWindow(t)
	if size := xdotool(t, "getwindowgeometry", "--shell", id); !strings.Contains(size, "WIDTH=1100\nHEIGHT=700") {
		t.Errorf("reopened as\n%s", size)
	}
	again.stop(t)
	if after, err := os.ReadFile(filepath.Join(data, "window.json")); err != nil || string(after) != string(kept) {
		t.Errorf("reopened at %s (%v), left at %s", after, err, kept)
	}
}

func xdotool(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("xdotool", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
	return string(out)
}

// waitForWindow waits until the program's window is on the screen.
func waitForWindow(t *testing.T) string {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		out, err := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Aparté$").Output()
		if ids := strings.Fields(string(out)); err == nil && len(ids) > 0 {
			return ids[0]
		}
	}
	t.Fatal("no window came up")
	return ""
}
