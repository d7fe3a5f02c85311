//go:build !linux && (desktop || dev || bindings)

package app

import (
	"context"

	"github.com/gen2brain/beeep"
)

// openOutside leaves links to the window's own runtime.
func openOutside(string) (handled bool, err error) { return false, nil }

// notifier shows notifications. Clicks on them are not heard of here.
type notifier struct{}

func newNotifier(func(route string)) *notifier { return &notifier{} }

// Run has nothing to wait for.
func (n *notifier) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func (n *notifier) show(m notice) error { return beeep.Notify(m.Title, m.Body, "") }
