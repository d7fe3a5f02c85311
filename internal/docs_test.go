package internal

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// house is what the documents are held against.
type house struct {
	root     string
	targets  map[string]bool // of make
	commands map[string]bool // of aparte: "agent", "agent add"
	tests    map[string]bool // of Go, fuzz targets too
	modules  map[string]bool // that Go code imports
	known    map[string]bool // modules of go.mod and packages of package.json
	packages []string        // of package.json
}

const maxReadme = 150 // lines

func survey(t *testing.T, root string) house {
	t.Helper()
	h := house{root: root, targets: map[string]bool{}, commands: map[string]bool{}, tests: map[string]bool{},
		modules: map[string]bool{}, known: map[string]bool{}}
	for _, m := range regexp.MustCompile(`(?m)^([a-z][a-z0-9-]*):`).FindAllStringSubmatch(h.read("Makefile"), -1) {
		h.targets[m[1]] = true
	}
	h.surveyCommands(t)
	h.surveyGo(t)
	var front struct{ Dependencies, DevDependencies map[string]string }
	if text := h.read("frontend/package.json"); text != "" {
		if err := json.Unmarshal([]byte(text), &front); err != nil {
			t.Fatal(err)
		}
	}
	h.packages = append(slices.Collect(maps.Keys(front.Dependencies)), slices.Collect(maps.Keys(front.DevDependencies))...)
	for _, p := range h.packages {
		h.known[p] = true
	}
	return h
}

// read gives a file's text; empty if there is none.
func (h house) read(name string) string {
	b, _ := os.ReadFile(filepath.Join(h.root, filepath.FromSlash(name))) // its absence shows in what is complained about
	return string(b)
}

func (h house) has(name string) bool {
	_, err := os.Stat(filepath.Join(h.root, filepath.FromSlash(name)))
	return err == nil
}

// surveyCommands reads the command line from the struct that it is made of.
func (h house) surveyCommands(t *testing.T) {
	t.Helper()
	const file = "app/config.go"
	if !h.has(file) {
		return
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(h.root, filepath.FromSlash(file)), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if s, is := n.(*ast.TypeSpec); is && s.Name.Name == "usage" {
			h.commandsOf(s.Type, "")
		}
		return true
	})
}

func (h house) commandsOf(e ast.Expr, before string) {
	s, is := e.(*ast.StructType)
	if !is {
		return
	}
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag, _ := strconv.Unquote(f.Tag.Value) // the parser has read it as a literal
		if _, is := reflect.StructTag(tag).Lookup("cmd"); is {
			name := strings.TrimSpace(before + " " + strings.ToLower(f.Names[0].Name))
			h.commands[name] = true
			h.commandsOf(f.Type, name)
		}
	}
}

var requirement = regexp.MustCompile(`(?m)^\s+([a-z0-9.]+\.[a-z]+/\S+) v`)

var testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// surveyGo finds which modules of go.mod the code imports, tests and every build included, and which tests there are.
func (h house) surveyGo(t *testing.T) {
	t.Helper()
	for _, m := range requirement.FindAllStringSubmatch(h.read("go.mod"), -1) {
		h.known[m[1]] = true
	}
	h.walk(t, ".go", func(name string) {
		text := h.read(name)
		for _, m := range testFunc.FindAllStringSubmatch(text, -1) {
			h.tests[m[1]] = true
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range parsed.Imports {
			imported, _ := strconv.Unquote(i.Path.Value) // as above
			if m := h.moduleOf(imported); m != "" {
				h.modules[m] = true
			}
		}
	})
}

func (h house) moduleOf(imported string) string {
	for p := imported; p != "."; p = path.Dir(p) {
		if h.known[p] {
			return p
		}
	}
	return ""
}

// walk visits the files of a kind that are ours, by their path from the root.
func (h house) walk(t *testing.T, ext string, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(h.root, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && at != h.root && (name == "node_modules" || name == "testdata" || name == "bin" || name == "tmp" || name[0] == '.') {
			return fs.SkipDir
		}
		if !d.IsDir() && path.Ext(name) == ext {
			rel, _ := filepath.Rel(h.root, at) // at is below the root
			visit(filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// untrue lists what the documents say that is not so.
func untrue(t *testing.T, root string) []string {
	t.Helper()
	h := survey(t, root)
	var list []string
	h.walk(t, ".md", func(doc string) {
		for _, c := range h.judgeDocument(doc) {
			list = append(list, doc+": "+c)
		}
	})
	if n := strings.Count(h.read("README.md"), "\n"); n > maxReadme {
		list = append(list, fmt.Sprintf("README.md: has %d lines, more than %d", n, maxReadme))
	}
	list = append(list, h.judgeDecisions()...)
	list = append(list, h.judgeDependencies()...)
	slices.Sort(list)
	return list
}

var (
	fence    = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```")
	inline   = regexp.MustCompile("`([^`\n]+)`")
	link     = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	target   = regexp.MustCompile(`(?m)(?:^|&& )make ([a-z][a-z0-9-]*)`)
	command  = regexp.MustCompile(`(?m)(?:^|^go run |[ /])(?:aparte|aparte-server)((?: [a-z]+)+)`)
	pathLike = regexp.MustCompile(`^[\w@.-]+(/[\w@.-]+)*/?$`)
	testName = regexp.MustCompile(`^(Test|Fuzz)[A-Z]\w+$`)
	module   = regexp.MustCompile(`^([a-z0-9-]+\.)+[a-z]+/`)
	exts     = []string{".go", ".md", ".sh", ".ts", ".tsx", ".json", ".sql", ".css", ".yaml", ".mod"}
	made     = []string{"build/bin", "build/tmp"} // by make
)

func (h house) judgeDocument(doc string) []string {
	text := h.read(doc)
	var list []string
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		switch m[1] {
		case "tree":
			list = append(list, h.judgeTree(m[2])...)
		case "sh":
			list = append(list, h.judgeCode(m[2])...)
		}
	}
	prose := fence.ReplaceAllString(text, "")
	for _, m := range inline.FindAllStringSubmatch(prose, -1) {
		list = append(list, h.judgeCode(m[1])...)
		list = append(list, h.judgePath(m[1])...)
		if testName.MatchString(m[1]) && !h.tests[m[1]] {
			list = append(list, "there is no test "+m[1])
		}
	}
	for _, m := range link.FindAllStringSubmatch(prose, -1) {
		if to := path.Join(path.Dir(doc), m[1]); !strings.Contains(m[1], "://") && !h.has(to) {
			list = append(list, "there is no "+to)
		}
	}
	return list
}

// judgeCode judges targets of make and commands of aparte in a line or several.
func (h house) judgeCode(code string) []string {
	var list []string
	for _, m := range target.FindAllStringSubmatch(code, -1) {
		if !h.targets[m[1]] {
			list = append(list, "make has no target "+m[1])
		}
	}
	for _, m := range command.FindAllStringSubmatch(code, -1) {
		words := strings.Fields(m[1])
		name := strings.Join(words[:min(len(words), 2)], " ")
		if !h.commands[name] {
			list = append(list, "aparte has no command "+name)
		}
	}
	return list
}

func (h house) judgePath(code string) []string {
	bare := strings.TrimSuffix(code, "/")
	isPath := pathLike.MatchString(code) && (strings.Contains(bare, "/") || slices.Contains(exts, path.Ext(bare)) || bare != code)
	switch {
	case !isPath, strings.HasPrefix(code, "@"), module.MatchString(code), h.known[code], h.has(code), goPackage(code):
		return nil
	}
	for _, m := range made {
		if bare == m || strings.HasPrefix(bare, m+"/") {
			return nil
		}
	}
	return []string{"there is no " + code}
}

// goPackage tells whether a word is a package of Go itself, by the first of its folders.
func goPackage(code string) bool {
	first, _, _ := strings.Cut(code, "/")
	return slices.Contains([]string{"net", "mime", "encoding", "log", "crypto", "database", "testing"}, first)
}

// judgeTree judges a drawing of folders: each line a name, what is in a folder
// indented below it. All rooms have to be in the one that shows internal.
func (h house) judgeTree(tree string) []string {
	var list, above []string
	rooms := map[string]bool{}
	for line := range strings.Lines(tree) {
		name := strings.Fields(line)[0]
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		above = append(above[:min(depth, len(above))], strings.TrimSuffix(name, "/"))
		at := path.Join(above...)
		rooms[at] = true
		if !h.has(at) {
			list = append(list, "there is no "+at)
		}
	}
	if !rooms["internal"] {
		return list
	}
	entries, _ := os.ReadDir(filepath.Join(h.root, "internal")) // just seen
	for _, e := range entries {
		if at := path.Join("internal", e.Name()); e.IsDir() && !rooms[at] {
			list = append(list, "the tree does not show "+at)
		}
	}
	return list
}

var headings = []string{"## Context", "## Drivers", "## Decision", "## Consequences", "## Alternatives"}

// judgeDecisions wants records numbered without a gap, complete, and in the index.
func (h house) judgeDecisions() []string {
	files, _ := filepath.Glob(filepath.Join(h.root, "docs", "adr", "[0-9]*.md")) // the pattern is well formed
	slices.Sort(files)
	index := h.read("docs/adr/README.md")
	var list []string
	for i, file := range files {
		name := filepath.Base(file)
		if want := fmt.Sprintf("%04d-", i+1); !strings.HasPrefix(name, want) {
			list = append(list, fmt.Sprintf("docs/adr/%s: should be number %04d", name, i+1))
		}
		if !strings.Contains(index, "("+name+")") {
			list = append(list, "docs/adr/README.md: does not list "+name)
		}
		text := h.read("docs/adr/" + name)
		for _, want := range headings {
			if !strings.Contains(text, "\n"+want+"\n") {
				list = append(list, fmt.Sprintf("docs/adr/%s: has no heading %q", name, want))
			}
		}
	}
	return list
}

// judgeDependencies wants a line for all that is used, and none for what is not there.
func (h house) judgeDependencies() []string {
	const doc = "docs/dependencies.md"
	told := map[string]bool{}
	var list []string
	for line := range strings.Lines(h.read(doc)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		for _, m := range inline.FindAllStringSubmatch(cells[1], -1) {
			told[m[1]] = true
			if !h.known[m[1]] {
				list = append(list, doc+": nothing depends on "+m[1])
			}
		}
	}
	for _, used := range slices.Sorted(maps.Keys(h.modules)) {
		if !told[used] {
			list = append(list, doc+": has no line for "+used)
		}
	}
	for _, used := range h.packages {
		if !told[used] {
			list = append(list, doc+": has no line for "+used)
		}
	}
	return list
}

func TestDocumentsTellWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, c := range untrue(t, "..") {
		t.Error(c)
	}
}

func TestPlantedUntruthIsFound(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, file, text, want string }{
		{"path", "README.md", "See `internal/attic`.\n", "README.md: there is no internal/attic"},
		{"file", "docs/testing.md", "See `attic.md`.\n", "docs/testing.md: there is no attic.md"},
		{"link", "docs/testing.md", "See [there](adr/0009-attic.md#why).\n", "docs/testing.md: there is no docs/adr/0009-attic.md"},
		{"target", "README.md", "Run `make attic`.\n", "README.md: make has no target attic"},
		{"target in code", "README.md", "```sh\nmake attic  # now\n```\n", "README.md: make has no target attic"},
		{"command", "CHANGELOG.md", "`aparte agent dance` is new.\n", "CHANGELOG.md: aparte has no command agent dance"},
		{"command in code", "README.md", "```sh\nbuild/bin/aparte-server dance --data DIR\n```\n", "README.md: aparte has no command dance"},
		{"test", "docs/testing.md", "`TestAttic` holds it.\n", "docs/testing.md: there is no test TestAttic"},
		{"tree", "README.md", "```tree\ninternal/\n  desk/  words\n  attic/ more\n```\n", "README.md: there is no internal/attic"},
		{"room", "README.md", "```tree\ninternal/  rooms\n```\n", "README.md: the tree does not show internal/desk"},
		{"length", "README.md", strings.Repeat("word\n", 151), "README.md: has 151 lines, more than 150"},
		{"gap", "docs/adr/0003-late.md", decision,
			"docs/adr/0003-late.md: should be number 0002\ndocs/adr/README.md: does not list 0003-late.md"},
		{"heading", "docs/adr/0001-first.md", strings.Replace(decision, "## Drivers\n", "", 1), `docs/adr/0001-first.md: has no heading "## Drivers"`},
		{"index", "docs/adr/README.md", "Nothing.\n", "docs/adr/README.md: does not list 0001-first.md"},
		{"module", "internal/desk/a.go", "package desk\nimport _ \"example.org/attic/rooms\"\n", "docs/dependencies.md: has no line for example.org/attic"},
		{"package", "frontend/package.json", `{"devDependencies":{"attic":"1.0.0"}}`, "docs/dependencies.md: has no line for attic"},
		{"stale", "docs/dependencies.md", "| `attic` | what | why |\n", "docs/dependencies.md: nothing depends on attic"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			root := smallHouse(t)
			if got := untrue(t, root); len(got) > 0 {
				t.Fatalf("complaints about a house in order: %v", got)
			}
			plant(t, filepath.Join(root, filepath.FromSlash(r.file)), r.text)
			if diff := gocmp.Diff(strings.Split(r.want, "\n"), untrue(t, root)); diff != "" {
				t.Errorf("complaints (-want +got):\n%s", diff)
			}
		})
	}
}

var decision = "# 1. First\n\n" + strings.Join(headings, "\n\nBecause.\n\n") + "\n\nNone.\n"

// smallHouse is one whose documents tell the truth.
func smallHouse(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"Makefile": "run: ## it\n\techo\n",
		"go.mod":   "module aparte\n\nrequire (\n\texample.org/attic v1.0.0\n)\n",
		"app/config.go": "package app\ntype usage struct {\n\tServe int `cmd:\"\"`\n\tAgent struct {\n\t\tAdd int `cmd:\"\"`\n" +
			"\t} `cmd:\"\"`\n}\n",
		"internal/desk/desk.go":  "package desk\n",
		"docs/adr/0001-first.md": decision,
		"docs/adr/README.md":     "[1](0001-first.md)\n",
		"README.md": "`make run`, `aparte agent add --data DIR`, `internal/desk/`, `build/bin/x`, `net/mail`\n\n" +
			"```sh\naparte-server serve --data DIR\n```\n",
	} {
		plant(t, filepath.Join(root, filepath.FromSlash(name)), text)
	}
	return root
}
