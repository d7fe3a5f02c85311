// Package internal holds the rooms of the house; this test keeps their doors.
package internal

import (
	"cmp"
	"go/build"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// rooms says for each room which others it may import. Every package below
// internal is a room, and has to stand here before it may exist.
//
// The vocabulary knows nobody; intake, actions and outbox meet only in the
// store; nothing below httpapi serves HTTP, save auth and team; nothing in the
// product knows the sandbox.
var rooms = map[string][]string{
	"desk": {}, "richtext": {}, "blob": {}, "vault": {}, "presence": {},

	"route":     {"desk"},
	"wire":      {"desk"},
	"feed":      {"desk"},
	"connector": {"desk"},

	"store":                   {"desk", "route"}, // route for the evidence it fills in
	"store/storetest":         {"desk", "store"},
	"connector/connectortest": {"desk", "connector"},
	"connector/mail":          {"desk", "connector", "richtext"},
	"connector/slack":         {"desk", "connector", "richtext"},

	"place":    {"desk", "route", "store"},
	"intake":   {"desk", "route", "place", "store", "connector", "blob"},
	"actions":  {"desk", "store", "place", "richtext", "blob"},
	"outbox":   {"desk", "store", "connector", "blob"},
	"accounts": {"desk", "store", "vault", "connector", "intake", "outbox", "blob"},
	"rules":    {"desk", "store", "actions", "feed"},
	"timers":   {"desk", "store", "actions"},
	"webhooks": {"desk", "store"},
	"search":   {"desk", "store"},
	"assist":   {"desk", "store"},
	"notify":   {"desk", "store", "feed"},
	"archive":  {"desk", "store", "blob", "vault"},

	"auth": {"desk", "store"},
	"team": {"vault"},
	// vault: a password that comes in by the API is a Secret from the door on.
	"httpapi": {"desk", "store", "actions", "rules", "assist", "feed", "presence", "auth", "wire", "blob", "richtext",
		"accounts", "search", "vault"},

	"sandbox/mailroom":    {},
	"sandbox/slackd":      {},
	"sandbox/stage":       {"sandbox/mailroom", "sandbox/slackd"},
	"sandbox/deskgen":     {"desk", "store", "place"},
	"sandbox/deskgen/cmd": {"sandbox/deskgen"},
}

// fences keep packages of others in one place each.
var fences = []struct {
	tree string // a package and all below it
	only func(room, file string) bool
	why  string
}{
	{"github.com/wailsapp/", func(_, file string) bool { return file == "app/window_desktop.go" },
		"only app/window_desktop.go knows Wails, so that everything else builds without a webview"},
	{"database/sql/", inStore, "only store knows SQL"},
	{"modernc.org/sqlite/", inStore, "only store knows SQL"},
	{"github.com/jackc/pgx/", inStore, "only store knows SQL"},
	{"github.com/pressly/goose/", inStore, "only store knows SQL"},
	{"testing/", func(room, _ string) bool { return strings.HasSuffix(room, "test") },
		"only packages whose name ends in test may link the testing package"},
}

func inStore(room, _ string) bool { return room == "store" || strings.HasPrefix(room, "store/") }

// edge is one import, in one file.
type edge struct{ room, file, path string }

// judge tells why an import is forbidden; empty if it is not.
func judge(e edge) string {
	for _, f := range fences {
		if strings.HasPrefix(e.path+"/", f.tree) && !f.only(e.room, e.file) {
			return f.why
		}
	}
	if e.path != "aparte" && !strings.HasPrefix(e.path, "aparte/") {
		return ""
	}
	to, inside := strings.CutPrefix(e.path, "aparte/internal/")
	switch {
	case e.room == "main":
		return unless(e.path == "aparte/app", "main only calls app")
	case e.room == "app":
		return unless(inside, "only main is above app")
	case !inside:
		return "no room knows the program around it"
	}
	may := cmp.Or(strings.Join(rooms[e.room], ", "), "nothing of ours")
	return unless(slices.Contains(rooms[e.room], to), e.room+" may import only "+may)
}

func unless(fine bool, why string) string {
	if fine {
		return ""
	}
	return why
}

// edges reads the imports of every package below root, tests aside. It opens
// the sources itself: Go's test cache does not see what go list reads, and
// would call a new violation "(cached)".
func edges(t *testing.T, root, goos string, tags ...string) (found []edge, seen []string) {
	t.Helper()
	ctx := build.Default
	ctx.BuildTags, ctx.GOOS, ctx.CgoEnabled = tags, goos, true
	err := filepath.WalkDir(root, func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(root, dir) // dir is below root
		rel = filepath.ToSlash(rel)
		if name := d.Name(); rel != "." && (name == "frontend" || name == "testdata" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		p, err := ctx.ImportDir(dir, 0)
		if _, none := err.(*build.NoGoError); none {
			return nil
		}
		if err != nil {
			return err
		}
		if len(p.GoFiles)+len(p.CgoFiles) == 0 {
			return nil // nothing but tests
		}
		room := roomOf(rel)
		seen = append(seen, room)
		for imported, places := range p.ImportPos {
			for _, at := range places {
				found = append(found, edge{room, path.Join(rel, filepath.Base(at.Filename)), imported})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, seen
}

func roomOf(dir string) string {
	switch {
	case dir == ".":
		return "main"
	case dir == "app" || strings.HasPrefix(dir, "app/"):
		return "app"
	}
	return strings.TrimPrefix(dir, "internal/")
}

func complaints(t *testing.T, root, goos string, tags ...string) []string {
	t.Helper()
	found, seen := edges(t, root, goos, tags...)
	var list []string
	for _, room := range seen {
		if _, known := rooms[room]; !known && room != "main" && room != "app" {
			list = append(list, room+" has no row in the table of internal/rooms_test.go")
		}
	}
	for _, e := range found {
		if why := judge(e); why != "" {
			list = append(list, e.file+" imports "+e.path+": "+why)
		}
	}
	slices.Sort(list)
	return list
}

func TestEveryRoomImportsOnlyWhatItMay(t *testing.T) {
	t.Parallel()
	for _, goos := range []string{"linux", "windows", "darwin"} {
		for _, tags := range [][]string{nil, {"desktop", "production", "webkit2_41"}} {
			for _, c := range complaints(t, "..", goos, tags...) {
				t.Errorf("%s %v: %s", goos, tags, c)
			}
		}
	}
}

func TestPlantedImportIsFound(t *testing.T) {
	t.Parallel()
	rows := []struct{ file, source, want string }{
		{"internal/intake/a.go", "package intake\nimport _ \"aparte/internal/outbox\"",
			"internal/intake/a.go imports aparte/internal/outbox: intake may import only desk, route, place, store, connector, blob"},
		{"internal/desk/a.go", "package desk\nimport _ \"aparte/app\"",
			"internal/desk/a.go imports aparte/app: no room knows the program around it"},
		{"internal/actions/a.go", "//go:build desktop\n\npackage actions\nimport _ \"aparte/internal/sandbox/mailroom\"",
			"internal/actions/a.go imports aparte/internal/sandbox/mailroom: actions may import only desk, store, place, richtext, blob"},
		{"internal/attic/a.go", "package attic", "attic has no row in the table of internal/rooms_test.go"},
		{"app/shell.go", "package app\nimport _ \"github.com/wailsapp/wails/v2\"",
			"app/shell.go imports github.com/wailsapp/wails/v2: only app/window_desktop.go knows Wails, so that everything else builds without a webview"},
		{"internal/search/a.go", "package search\nimport _ \"database/sql\"",
			"internal/search/a.go imports database/sql: only store knows SQL"},
		{"internal/feed/a.go", "package feed\nimport _ \"testing\"",
			"internal/feed/a.go imports testing: only packages whose name ends in test may link the testing package"},
		{"main.go", "package main\nimport _ \"aparte/internal/store\"", "main.go imports aparte/internal/store: main only calls app"},
	}
	for _, r := range rows {
		t.Run(r.file, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			plant(t, filepath.Join(root, filepath.FromSlash(r.file)), r.source)
			got := complaints(t, root, "linux", "desktop")
			if diff := gocmp.Diff([]string{r.want}, got); diff != "" {
				t.Errorf("complaints (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWailsAndStoreDoorsAreOpen(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	plant(t, filepath.Join(root, "app", "window_desktop.go"),
		"//go:build desktop || dev || bindings\n\npackage app\nimport _ \"github.com/wailsapp/wails/v2\"")
	plant(t, filepath.Join(root, "internal", "store", "a.go"), "package store\nimport _ \"modernc.org/sqlite\"")
	plant(t, filepath.Join(root, "internal", "store", "storetest", "a.go"), "package storetest\nimport _ \"testing\"")
	if got := complaints(t, root, "linux", "desktop"); len(got) > 0 {
		t.Errorf("complaints about open doors: %v", got)
	}
}

func plant(t *testing.T, file, source string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
}
