//go:build desktop || dev || bindings

package app

import (
	"context"
	_ "embed"
	"fmt"
	"sync/atomic"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"aparte/internal/desk"
)

// hasWindow tells whether this build can open a window.
const hasWindow = true

//go:embed icon.png
var icon []byte

// desktop is the window itself. Its methods fail until the window is there.
type desktop struct {
	*notifier
	ctx atomic.Pointer[context.Context] // the window's runtime
}

func newDesktop(clicked func(route string)) *desktop {
	return &desktop{notifier: newNotifier(clicked)}
}

// run opens the window and returns when it has gone. It must be called from
// the program's first goroutine: toolkits insist on the main thread.
// A told program quits by itself, but for the moments before the toolkit listens.
func (d *desktop) run(told, failed context.Context, f frame) (err error) {
	defer func() {
		if p := recover(); p != nil { // the toolkit's only way to say that there is no display
			err = noDisplay(fmt.Errorf("%v", p))
		}
	}()
	place := loadPlace(f.place)
	stop := context.AfterFunc(failed, func() { d.with(runtime.Quit) })
	defer stop()
	start := options.Normal
	if place.Maximised {
		start = options.Maximised
	}
	return wails.Run(&options.App{
		Title: f.title, Width: place.Width, Height: place.Height, MinWidth: minWidth, MinHeight: minHeight,
		WindowStartState:         start,
		BackgroundColour:         options.NewRGB(0xf1, 0xf3, 0xf7), // --canvas of the light theme
		AssetServer:              &assetserver.Options{Handler: f.page},
		Logger:                   quiet{},
		LogLevelProduction:       logger.ERROR,
		EnableDefaultContextMenu: true,
		Linux:                    &linux.Options{Icon: icon, ProgramName: "aparte", WebviewGpuPolicy: linux.WebviewGpuPolicyOnDemand},
		OnStartup: func(window context.Context) {
			d.ctx.Store(&window)
			d.restore(place)
			if told.Err() != nil || failed.Err() != nil {
				runtime.Quit(window)
			}
		},
		// The toolkit centres a new window, and may do so after OnStartup.
		OnDomReady:    func(context.Context) { d.restore(place) },
		OnBeforeClose: func(context.Context) bool { d.remember(f.place, place); return false },
	})
}

// with does something to the window, if there is one.
func (d *desktop) with(f func(window context.Context)) bool {
	window := d.ctx.Load()
	if window != nil {
		f(*window)
	}
	return window != nil
}

func (d *desktop) restore(p place) {
	d.with(func(window context.Context) {
		if x, y := runtime.WindowGetPosition(window); p.Known && !p.Maximised && (x != p.X || y != p.Y) {
			runtime.WindowSetPosition(window, p.X, p.Y)
		}
	})
}

// remember keeps the window's size and place. Those of a maximised window are
// what they were before.
func (d *desktop) remember(file string, was place) {
	d.with(func(window context.Context) {
		now := was
		now.Maximised = runtime.WindowIsMaximised(window)
		if !now.Maximised && !runtime.WindowIsFullscreen(window) && !runtime.WindowIsMinimised(window) {
			now.Width, now.Height = runtime.WindowGetSize(window)
			now.X, now.Y = runtime.WindowGetPosition(window)
			now.Known = true
		}
		now.save(file)
	})
}

func (d *desktop) open(address string) error {
	if handled, err := openOutside(address); handled {
		return err
	}
	if !d.with(func(window context.Context) { runtime.BrowserOpenURL(window, address) }) {
		return errNoWindow
	}
	return nil
}

func (d *desktop) saveAs(name string) (path string, err error) {
	if !d.with(func(window context.Context) {
		path, err = runtime.SaveFileDialog(window, runtime.SaveDialogOptions{DefaultFilename: name})
	}) {
		return "", errNoWindow
	}
	return path, err
}

func (d *desktop) notify(n notice) error { return d.show(n) }

// raise brings the window before the others. Staying on top for a moment is
// what every window manager obeys.
func (d *desktop) raise() {
	d.with(func(window context.Context) {
		runtime.WindowUnminimise(window)
		runtime.WindowShow(window)
		runtime.WindowSetAlwaysOnTop(window, true)
		runtime.WindowSetAlwaysOnTop(window, false)
	})
}

var errNoWindow = &desk.Error{Fault: desk.Unavailable, Code: "window_missing", Msg: "the window is not there yet", Hint: "Try again."}

// quiet keeps the toolkit's own chatter off stdout, which is for ready lines.
type quiet struct{}

func (quiet) Print(string)   {}
func (quiet) Trace(string)   {}
func (quiet) Debug(string)   {}
func (quiet) Info(string)    {}
func (quiet) Warning(string) {}
func (quiet) Error(string)   {}
func (quiet) Fatal(string)   {}
