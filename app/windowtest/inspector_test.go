//go:build window

// Package windowtest tries the real window: the built program, driven through
// WebKit's own inspector by the controls of its page. Its tests need a display,
// a session bus and a build with the window; make check-window has them.
package windowtest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patience is how long anything may take that is waited for.
const patience = 30 * time.Second

// page is the page in the window, by WebKit's inspector: the program itself is
// the one that people get.
type page struct {
	conn   *websocket.Conn
	target string
	last   int
}

// socketPath is how the inspector's front page names the page in the window.
var socketPath = regexp.MustCompile(`/socket/\d+/\d+/WebPage`)

// inspect waits for the window's page at an inspector's address.
func inspect(t *testing.T, address string) *page {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	path := ""
	for path == "" {
		path = socketPath.FindString(front(ctx, address))
		pause(ctx, t, "the window's page")
	}
	conn, _, err := websocket.Dial(ctx, "ws://"+address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(64 << 20)
	p := &page{conn: conn}
	t.Cleanup(func() { _ = conn.CloseNow() })
	for p.target == "" {
		var m struct {
			Method string
			Params struct {
				TargetInfo struct{ TargetID, Type string }
			}
		}
		if err := p.read(ctx, &m); err != nil {
			t.Fatal(err)
		}
		if m.Method == "Target.targetCreated" && m.Params.TargetInfo.Type == "page" {
			p.target = m.Params.TargetInfo.TargetID
		}
	}
	return p
}

// pause is between two looks at something that takes its time.
func pause(ctx context.Context, t *testing.T, what string) {
	t.Helper()
	select {
	case <-ctx.Done():
		t.Fatalf("waited for %s in vain: %v", what, ctx.Err())
	case <-time.After(25 * time.Millisecond):
	}
}

func front(ctx context.Context, address string) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", nil)
	if err != nil {
		return ""
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "" // not there yet
	}
	defer answer.Body.Close()
	b, _ := io.ReadAll(answer.Body) // half a page names no socket
	return string(b)
}

func (p *page) read(ctx context.Context, into any) error {
	_, b, err := p.conn.Read(ctx)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// call sends one command to the page and returns its result.
func (p *page) call(method string, params any) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p.last++
	inner, err := json.Marshal(map[string]any{"id": p.last, "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	outer, err := json.Marshal(map[string]any{"id": p.last, "method": "Target.sendMessageToTarget",
		"params": map[string]any{"targetId": p.target, "message": string(inner)}})
	if err != nil {
		return nil, err
	}
	if err := p.conn.Write(ctx, websocket.MessageText, outer); err != nil {
		return nil, err
	}
	for {
		var m struct {
			Method string
			Params struct{ TargetID, Message string }
		}
		if err := p.read(ctx, &m); err != nil {
			return nil, err
		}
		if m.Method != "Target.dispatchMessageFromTarget" {
			continue
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal([]byte(m.Params.Message), &answer); err != nil {
			return nil, err
		}
		switch {
		case answer.ID != p.last:
		case answer.Error != nil:
			return nil, errors.New(answer.Error.Message)
		default:
			return answer.Result, nil
		}
	}
}

// controls finds what a person would: by role and accessible name.
const controls = `
const roles={button:'button,[role=button]',textbox:'input:not([type=file]),textarea,[role=textbox]',menuitem:'[role=menuitem]',
 link:'a[href]',region:'section[aria-label]',list:'ul[aria-label]',img:'[role=img]',heading:'h1,h2,h3'};
const nameOf=e=>(e.getAttribute('aria-label')||e.innerText||e.textContent||'').trim();
const seen=e=>e.getClientRects().length>0;
const all=(role,name,root=document)=>[...root.querySelectorAll(roles[role])].filter(e=>seen(e)&&(nameOf(e)===name||nameOf(e).includes(name)));
const one=(role,name,root)=>all(role,name,root).sort((a,b)=>nameOf(a).length-nameOf(b).length)[0];
const press=(e)=>{e.scrollIntoView({block:'center'});for(const k of ['pointerdown','mousedown','pointerup','mouseup'])e.dispatchEvent(new MouseEvent(k,{bubbles:true,cancelable:true}));e.click();return true};
const write=(e,text)=>{e.focus();return document.execCommand('insertText',false,text)};
`

// eval runs an expression in the page with the controls at hand.
func (p *page) eval(expression string) (any, error) {
	result, err := p.call("Runtime.evaluate", map[string]any{"returnByValue": true, "emulateUserGesture": true,
		"expression": "(()=>{" + controls + "return (" + expression + ")})()"})
	if err != nil {
		return nil, err
	}
	var r struct {
		Result struct {
			Value       any
			Description string
		}
		WasThrown bool
	}
	if err := json.Unmarshal(result, &r); err != nil {
		return nil, err
	}
	if r.WasThrown {
		return nil, fmt.Errorf("%s: %s", expression, r.Result.Description)
	}
	return r.Result.Value, nil
}

// until waits for an expression to be true, and returns how long that took.
func (p *page) until(t *testing.T, what, expression string) time.Duration {
	t.Helper()
	begin := time.Now()
	for {
		v, err := p.eval("!!(" + expression + ")")
		if v == true {
			return time.Since(begin)
		}
		if time.Since(begin) > patience {
			p.picture(t, "failed")
			text, _ := p.eval("document.body.innerText.slice(0,4000)")
			t.Fatalf("waited %v in vain until %s (%v); the page says:\n%v", patience, what, err, text)
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// press clicks a control.
func (p *page) press(t *testing.T, role, name string) {
	t.Helper()
	p.until(t, "one can press the "+role+" "+name, fmt.Sprintf(
		"(e=>e&&!e.disabled&&press(e))(one(%s,%s))", quoted(role), quoted(name)))
}

// write types into a field.
func (p *page) write(t *testing.T, name, text string) {
	t.Helper()
	p.until(t, "one can write into "+name, fmt.Sprintf("(e=>e&&write(e,%s))(one('textbox',%s))", quoted(text), quoted(name)))
}

// picture keeps a picture of the window in build/tmp.
func (p *page) picture(t *testing.T, name string) {
	t.Helper()
	width, _ := p.eval("innerWidth") // without a size there is no picture
	height, _ := p.eval("innerHeight")
	result, err := p.call("Page.snapshotRect", map[string]any{"x": 0, "y": 0, "width": width, "height": height, "coordinateSystem": "Viewport"})
	if err != nil {
		t.Logf("no picture: %v", err)
		return
	}
	var r struct{ DataURL string }
	if err := json.Unmarshal(result, &r); err != nil {
		t.Log(err)
		return
	}
	_, data, _ := strings.Cut(r.DataURL, ",")
	b, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Log(err)
		return
	}
	dir := filepath.Join("..", "..", "build", "tmp")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "window-"+name+".png"), b, 0o644)); err != nil {
		t.Log(err)
	}
}
