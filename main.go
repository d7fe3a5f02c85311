// Aparté is a helpdesk for small teams that they run themselves.
package main

import (
	"embed"
	"os"

	"aparte/app"
)

//go:embed all:frontend/dist
var ui embed.FS

func main() {
	os.Exit(app.Main(ui, os.Args[1:]))
}
