//go:build !(desktop || dev || bindings)

package app

import "context"

// hasWindow tells whether this build can open a window.
const hasWindow = false

// desktop is the window that this build does not have. Nobody gets as far as
// to call it: the commands that open a window ask hasWindow first.
type desktop struct{ native }

func newDesktop(func(route string)) *desktop { return &desktop{} }

func (d *desktop) run(_, _ context.Context, _ frame) error { return errWindowless }

// Run has nothing to wait for.
func (d *desktop) Run(context.Context) error { return nil }
