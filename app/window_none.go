//go:build !(desktop || dev || bindings)

package app

// hasWindow tells whether this build can open a window.
const hasWindow = false
