//go:build window

package windowtest

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

const (
	customer = "olivia.bennett@postbox.example"
	partner  = "dispatch@swiftcargo.example"
)

// TestOneMessageThroughEveryRoom is the walk: a customer's mail becomes a
// ticket, a partner is asked and answers, the customer hears of it.
func TestOneMessageThroughEveryRoom(t *testing.T) {
	shown := serveNotifications(t)
	home := t.TempDir()
	data := filepath.Join(home, "box")
	desk := start(t, home, true, "sandbox", "--window", "--data", data)
	world := outside{desk.line(t, "stage")}
	p := inspect(t, desk.at)
	p.until(t, "the sample tickets are in the list", "one('list','Tickets')&&one('list','Tickets').children.length>5")
	p.picture(t, "1-list")

	const about = "Where is my walnut lamp"
	world.call(t, http.MethodPost, customer+"/send", map[string]any{"subject": about, "text": "It should have come on Monday."}, nil)
	row := fmt.Sprintf("one('link',%s,one('list','Tickets'))", quoted(about))
	p.until(t, "the customer's mail is a ticket", row)
	p.until(t, "the ticket opens", "press("+row+")&&one('button','New side conversation')")
	p.picture(t, "2-ticket")

	p.press(t, "button", "New side conversation")
	p.press(t, "menuitem", "E-mail")
	p.write(t, "To", partner+",")
	p.write(t, "Subject", "Parcel for Olivia Bennett")
	p.write(t, "New side conversation by e-mail", "Dear colleagues, where is this parcel?")
	p.picture(t, "3-side")
	p.until(t, "one can send", "(e=>e&&press(e))(one('button','Send',one('region','New side conversation by e-mail')))")

	asked := world.got(t, partner, "Parcel for Olivia Bennett")
	if !strings.Contains(asked.Text, "where is this parcel?") || strings.Contains(asked.Text, "should have come on Monday") {
		t.Errorf("the partner got\n%s", asked.Text)
	}
	p.until(t, "it says that it was sent", "document.body.innerText.includes('Sent')")

	p.press(t, "button", "Back to all side conversations")
	minimise(t)
	p.until(t, "the window has lost the focus", "!document.hasFocus()")
	world.call(t, http.MethodPost, fmt.Sprintf("%s/messages/%d/reply", partner, asked.UID), map[string]any{"text": "It is in Leeds and comes tomorrow."}, nil)
	took := p.until(t, "the answer stands in the panel, unread",
		"(e=>e&&one('img','Unread',e))([...one('region','Side conversations').querySelectorAll('li')].find(e=>e.innerText.includes('comes tomorrow')))")
	t.Logf("the answer stood in the panel after %v", took)

	n := <-shown
	if !strings.Contains(n.title, "SwiftCargo") {
		t.Errorf("the notification says %q", n.title)
	}
	n.click(t)
	p.until(t, "the click has opened the conversation", "one('button','Back to all side conversations')&&one('button','Mark as done')")
	p.picture(t, "4-answer")

	p.press(t, "button", "Reply to Olivia Bennett")
	p.write(t, "Public reply", "Hello Olivia, it comes tomorrow.")
	p.picture(t, "5-reply")
	p.until(t, "one can send", "(e=>e&&press(e))(one('button','Send',one('region','Public reply')))")
	if told := world.got(t, customer, about); !strings.Contains(told.Text, "it comes tomorrow.") || strings.Contains(told.Text, "Leeds") {
		t.Errorf("the customer got\n%s", told.Text)
	}

	p.press(t, "button", "Mark as done")
	p.press(t, "button", "Reopen")
	p.until(t, "it is open again", "one('button','Mark as done')")
	p.picture(t, "6-end")
	desk.stop(t)
}

func minimise(t *testing.T) {
	t.Helper()
	xdotool(t, "windowminimize", waitForWindow(t))
}

// notification is one that the program asked the desktop for.
type notification struct {
	bus   *dbus.Conn
	id    uint32
	title string
}

const (
	service     = "org.freedesktop.Notifications"
	servicePath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// click is what the desktop says when somebody clicks on it.
func (n notification) click(t *testing.T) {
	t.Helper()
	if err := n.bus.Emit(servicePath, service+".ActionInvoked", n.id, "default"); err != nil {
		t.Fatal(err)
	}
}

// desktop is the session's notification service, which the test owns.
type desktop struct {
	bus   *dbus.Conn
	last  uint32
	shown chan notification
}

// Notify is called by programs that have something to say.
func (d *desktop) Notify(_ string, _ uint32, _, title, _ string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.last++
	select {
	case d.shown <- notification{d.bus, d.last, title}:
	default: // of the sample mails, nobody looks
	}
	return d.last, nil
}

func serveNotifications(t *testing.T) <-chan notification {
	t.Helper()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	d := &desktop{bus: bus, shown: make(chan notification, 64)}
	if err := bus.Export(d, servicePath, service); err != nil {
		t.Fatal(err)
	}
	if reply, err := bus.RequestName(service, dbus.NameFlagReplaceExisting); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the name of the service is taken: %v %v", reply, err)
	}
	return d.shown
}
