package app_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the real program, built once for all tests. Where APARTE_BIN names
// one, that one is tested.
var binary = os.Getenv("APARTE_BIN")

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "aparte-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	// Somebody else must be able to run it: root may write everywhere.
	if err := os.Chmod(dir, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if binary == "" {
		binary = filepath.Join(dir, "aparte")
		build := exec.Command("go", "build", "-o", binary, "aparte")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
			return 1
		}
	}
	return m.Run()
}

// patience is how long a test waits for the program, at most.
const patience = 30 * time.Second

// said is what a run of the program gave.
type said struct {
	code     int
	out, err string
}

// command prepares a run without anything of the tester's own surroundings.
func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "APARTE_") && !strings.HasPrefix(v, "DISPLAY=") && !strings.HasPrefix(v, "WAYLAND_DISPLAY=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	return cmd
}

// run runs the program to its end.
func run(t *testing.T, stdin string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return finish(t, command(ctx, args...), stdin)
}

func finish(t *testing.T, cmd *exec.Cmd, stdin string) said {
	t.Helper()
	var out, trouble bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &trouble
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return said{cmd.ProcessState.ExitCode(), out.String(), trouble.String()}
}

// must runs the program and wants success; it returns what was on stdout.
func must(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got := run(t, stdin, args...)
	if got.code != 0 {
		t.Fatalf("aparte %v: exit %d\n%s", args, got.code, got.err)
	}
	return got.out
}

// running is a program that runs until it is told to stop.
type running struct {
	cmd   *exec.Cmd
	lines chan string // of stdout
	log   lockedBuffer
	ended chan error
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func start(t *testing.T, args ...string) *running {
	t.Helper()
	return startIn(t, nil, args...)
}

func startIn(t *testing.T, env []string, args ...string) *running {
	t.Helper()
	r := &running{cmd: command(context.Background(), args...), lines: make(chan string, 16), ended: make(chan error, 1)}
	r.cmd.Env = append(r.cmd.Env, env...)
	r.cmd.Stderr = &r.log
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			r.lines <- s.Text()
		}
		close(r.lines)
		r.ended <- r.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill() // most have ended
		if t.Failed() {
			t.Logf("aparte %v wrote:\n%s", args, r.log.String())
		}
	})
	return r
}

// line waits for a line on stdout that begins with a word, and returns the rest.
func (r *running) line(t *testing.T, word string) string {
	t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case l, open := <-r.lines:
			if !open {
				t.Fatalf("the program ended without a %q line:\n%s", word, r.log.String())
			}
			if rest, ok := strings.CutPrefix(l, word+" "); ok {
				return rest
			}
			t.Fatalf("a line of another kind on stdout: %q", l)
		case <-timeout:
			t.Fatalf("no %q line in %v", word, patience)
		}
	}
}

// stop ends the program as an operator would, and returns how long it took.
func (r *running) stop(t *testing.T) time.Duration {
	t.Helper()
	begin := time.Now()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for open := true; open; {
		select {
		case _, open = <-r.lines:
		case <-time.After(patience):
			t.Fatal("the program does not stop")
		}
	}
	if err := <-r.ended; err != nil {
		t.Errorf("the program did not end cleanly: %v\n%s", err, r.log.String())
	}
	return time.Since(begin)
}
