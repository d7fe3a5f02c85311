//go:build linux && (desktop || dev || bindings)

package app

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"aparte/internal/desk"
)

// openOutside hands an address to the system. It does not wait for the program
// that opens it, which may run for hours.
func openOutside(address string) (handled bool, err error) {
	closeOnExec()
	cmd := exec.Command("xdg-open", address)
	if err := cmd.Start(); err != nil {
		return true, &desk.Error{Fault: desk.Unavailable, Code: "browser_missing", Err: err,
			Msg: "the link could not be handed to the system", Hint: "Install xdg-utils, or copy the link."}
	}
	go cmd.Wait() // only takes leave of the child
	return true, nil
}

// closeOnExec keeps open responses to the page from being inherited: the page
// would wait for as long as the child lives.
func closeOnExec() {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return
	}
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
}

const (
	notifications     = "org.freedesktop.Notifications"
	notificationsPath = dbus.ObjectPath("/org/freedesktop/Notifications")
	maxNotices        = 50 // whose routes are remembered
)

// notifier shows notifications by the desktop's own service, and hears of
// clicks on them.
type notifier struct {
	clicked func(route string)

	mu     sync.Mutex
	bus    *dbus.Conn
	routes map[uint32]string // by the notification's number
	shown  []uint32          // oldest first
}

func newNotifier(clicked func(route string)) *notifier {
	return &notifier{clicked: clicked, routes: map[uint32]string{}}
}

// Run hears of clicks until ctx ends. Without a session bus there are none.
func (n *notifier) Run(ctx context.Context) error {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		<-ctx.Done() // asking would start a bus of our own, on which nobody listens
		return nil
	}
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		<-ctx.Done()
		return nil
	}
	defer bus.Close()
	if err := bus.AddMatchSignal(dbus.WithMatchInterface(notifications), dbus.WithMatchObjectPath(notificationsPath)); err != nil {
		<-ctx.Done()
		return nil
	}
	signals := make(chan *dbus.Signal, 16)
	bus.Signal(signals)
	n.use(bus)
	defer n.use(nil)
	for {
		select {
		case <-ctx.Done():
			return nil
		case s, open := <-signals:
			if !open {
				<-ctx.Done()
				return nil
			}
			n.hear(s)
		}
	}
}

func (n *notifier) use(bus *dbus.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.bus = bus
}

func (n *notifier) hear(s *dbus.Signal) {
	if s.Name != notifications+".ActionInvoked" || len(s.Body) < 2 {
		return
	}
	id, _ := s.Body[0].(uint32)
	n.mu.Lock()
	route, ours := n.routes[id]
	delete(n.routes, id)
	n.mu.Unlock()
	if ours {
		n.clicked(route)
	}
}

// markup is what a notification's body may hold besides text.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (n *notifier) show(m notice) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.bus == nil {
		return errors.New("no notifications: there is no session bus")
	}
	// "default" is what a click on the notification itself invokes.
	call := n.bus.Object(notifications, notificationsPath).Call(notifications+".Notify", 0, "Aparté", uint32(0), "aparte",
		m.Title, markup.Replace(m.Body), []string{"default", ""}, map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant("aparte")}, int32(-1))
	var id uint32
	if err := call.Store(&id); err != nil {
		return &desk.Error{Fault: desk.Unavailable, Code: "notifications_missing", Err: err,
			Msg: "this desktop shows no notifications", Hint: "Start its notification service."}
	}
	n.routes[id] = m.Route
	n.shown = append(n.shown, id)
	if len(n.shown) > maxNotices {
		delete(n.routes, n.shown[0])
		n.shown = n.shown[1:]
	}
	return nil
}
