//go:build bench

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/coder/websocket"
)

// windows is how often the window is opened.
const windows = 5

// paint measures from exec to the first paint of the window on a sandbox that
// is there already, by the page's own clock.
func (b bench) paint(ctx context.Context) ([]figure, error) {
	f := figure{"window, exec to first paint", "not run: no display, or no window built", "1000 ms", ""}
	if b.desktop == "" || os.Getenv("DISPLAY") == "" {
		return []figure{f}, nil
	}
	home, err := os.MkdirTemp("", "aparte-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(home)
	var asked, painted, tickets sample
	for range windows + 1 { // the first one makes the sandbox
		o, err := b.window(ctx, home)
		if err != nil {
			return nil, err
		}
		asked, painted, tickets = append(asked, o.asked), append(painted, o.painted), append(tickets, o.tickets)
	}
	f.measured = "median " + ms(painted[1:].at(0.5))
	f.beside = "the page asked for: " + ms(asked[1:].at(0.5)) + ", tickets seen in it: " + ms(tickets[1:].at(0.5))
	return []figure{f}, nil
}

// opening is how long after exec the page was asked for, was painted first,
// and had tickets in it.
type opening struct{ asked, painted, tickets time.Duration }

// window opens the window once.
func (b bench) window(ctx context.Context, home string) (opening, error) {
	at, err := freeAddress()
	if err != nil {
		return opening{}, err
	}
	p, err := launch(ctx, []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home,
		"LANG=en_GB.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1", "WEBKIT_INSPECTOR_HTTP_SERVER=" + at}, b.desktop,
		"sandbox", "--window", "--data", filepath.Join(home, "sandbox"))
	if err != nil {
		return opening{}, err
	}
	defer p.end()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	i, err := inspect(ctx, at)
	if err != nil {
		return opening{}, err
	}
	defer i.conn.CloseNow()
	const (
		asked   = `performance.timeOrigin`
		painted = `(p=>p?performance.timeOrigin+p.startTime:0)(performance.getEntriesByName('first-contentful-paint')[0])`
		tickets = `document.querySelector('a[href*="tickets/"]')?Date.now():0`
	)
	var stamps [3]time.Duration
	for n, expression := range []string{painted, tickets, asked} {
		stamp, err := i.until(ctx, expression) // milliseconds since 1970
		if err != nil {
			return opening{}, err
		}
		stamps[n] = time.UnixMicro(int64(stamp * 1000)).Sub(p.begun)
	}
	return opening{painted: stamps[0], tickets: stamps[1], asked: stamps[2]}, p.stop()
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// inspector looks into the window by WebKit's own protocol.
type inspector struct {
	conn   *websocket.Conn
	target string
	asked  int
}

var socketPath = regexp.MustCompile(`/socket/\d+/\d+/WebPage`)

func inspect(ctx context.Context, at string) (*inspector, error) {
	path := ""
	for path == "" {
		path = socketPath.FindString(front(ctx, at))
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("wait for the window's page: %w", err)
		}
	}
	conn, _, err := websocket.Dial(ctx, "ws://"+at+path, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(16 << 20)
	i := &inspector{conn: conn}
	for i.target == "" {
		var m struct {
			Method string
			Params struct {
				TargetInfo struct{ TargetID, Type string }
			}
		}
		if err := i.read(ctx, &m); err != nil {
			return nil, err
		}
		if m.Method == "Target.targetCreated" && m.Params.TargetInfo.Type == "page" {
			i.target = m.Params.TargetInfo.TargetID
		}
	}
	return i, nil
}

// front is the inspector's own page, which names what there is to look into.
func front(ctx context.Context, at string) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at+"/", nil)
	if err != nil {
		return ""
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "" // not there yet
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body) // half a page names nothing
	return string(text)
}

// pause is between two looks.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(5 * time.Millisecond):
		return nil
	}
}

func (i *inspector) read(ctx context.Context, into any) error {
	_, text, err := i.conn.Read(ctx)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// until asks again until an expression is a number other than 0.
func (i *inspector) until(ctx context.Context, expression string) (float64, error) {
	for {
		n, err := i.number(ctx, expression)
		if err != nil || n != 0 {
			return n, err
		}
		if err := pause(ctx); err != nil {
			return 0, fmt.Errorf("wait for %s: %w", expression, err)
		}
	}
}

func (i *inspector) number(ctx context.Context, expression string) (float64, error) {
	i.asked++
	inner, err := json.Marshal(map[string]any{"id": i.asked, "method": "Runtime.evaluate",
		"params": map[string]any{"expression": expression, "returnByValue": true}})
	if err != nil {
		return 0, err
	}
	outer, err := json.Marshal(map[string]any{"id": i.asked, "method": "Target.sendMessageToTarget",
		"params": map[string]any{"targetId": i.target, "message": string(inner)}})
	if err != nil {
		return 0, err
	}
	if err := i.conn.Write(ctx, websocket.MessageText, outer); err != nil {
		return 0, err
	}
	for {
		var m struct {
			Method string
			Params struct{ Message string }
		}
		if err := i.read(ctx, &m); err != nil {
			return 0, err
		}
		if m.Method != "Target.dispatchMessageFromTarget" {
			continue
		}
		var answer struct {
			ID     int
			Result struct{ Result struct{ Value float64 } }
		}
		if err := json.Unmarshal([]byte(m.Params.Message), &answer); err != nil {
			return 0, err
		}
		if answer.ID == i.asked {
			return answer.Result.Result.Value, nil
		}
	}
}
