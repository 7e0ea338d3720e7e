package house

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// The lowest versions that are free of what has already happened to somebody.
var lowest = map[string]string{
	"go":                          "1.26.6", // html/template, os.Root, xml depth, ReadHeaderTimeout, url
	"golang.org/x/net":            "0.55.0", // the tokenizer behind the sanitiser
	"golang.org/x/image":          "0.45.0", // decoders of strangers' pictures
	"github.com/jackc/pgx/v5":     "5.9.2",  // simple protocol injection
	"github.com/wneessen/go-mail": "0.7.1",  // header injection
	"github.com/yuin/goldmark":    "1.7.17",
	"modernc.org/sqlite":          "1.61.1", // 1.61.0 plans a prepared statement anew on every run
}

func TestLowestVersions(t *testing.T) {
	found := modules(t)
	for _, name := range []string{"go", "golang.org/x/net", "modernc.org/sqlite", "github.com/jackc/pgx/v5"} {
		if found[name] == "" {
			t.Errorf("go.mod does not name %s", name)
		}
	}
	for _, line := range tooOld(found, lowest) {
		t.Error(line)
	}
	running := strings.TrimPrefix(runtime.Version(), "go")
	for _, line := range tooOld(map[string]string{"go": running}, lowest) {
		t.Errorf("the toolchain: %s", line)
	}
}

func TestTooOld(t *testing.T) {
	low := map[string]string{"a": "1.9.2", "b": "0.55.0"}
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"1.9.2", "0.55.0", 0},
		{"v1.10.0", "v0.100.0", 0},
		{"v1.9.1", "v0.55.0", 1},
		{"v0.99.9", "v0.54.9", 2},
		{"v1.9.2-0.20260101000000-abcdef", "v0.55.0", 1}, // before the release
		{"1.9", "0.56", 1},
		{"", "", 0}, // not used at all
	} {
		if got := tooOld(map[string]string{"a": c.a, "b": c.b}, low); len(got) != c.want {
			t.Errorf("a %q, b %q: %d too old (%v), want %d", c.a, c.b, len(got), got, c.want)
		}
	}
}

// SQLite is translated against one version of libc; another one crashes in odd
// places. `go get -u ./...` would raise it.
func TestLibcIsSQLites(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	text, err := os.ReadFile(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	want := required(string(text))["modernc.org/libc"]
	if got := modules(t)["modernc.org/libc"]; want == "" || got != want {
		t.Errorf("modernc.org/libc is %q, SQLite wants %q", got, want)
	}
}

// docs/dependencies.md says of each direct dependency what it is for.
func TestDependenciesAreExplained(t *testing.T) {
	gomod, err := os.ReadFile(root + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(root + "/docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range direct(string(gomod)) {
		if !strings.Contains(string(page), name) && !strings.Contains(string(page), strings.TrimPrefix(name, "github.com/")) {
			t.Errorf("docs/dependencies.md does not say what %s is for", name)
		}
	}
	got := direct("require a.b/c v1.0.0\nrequire (\n\ta.b/d v1.2.3 // indirect\n\ta.b/e v1.2.3\n)\n")
	if want := "a.b/c a.b/e"; strings.Join(got, " ") != want {
		t.Errorf("direct dependencies: %q, want %q", got, want)
	}
}

// direct lists the modules of a go.mod that our own packages import.
func direct(text string) []string {
	var names []string
	for _, line := range strings.Split(text, "\n") {
		if m := requireLine.FindStringSubmatch(line); m != nil && !strings.Contains(line, "// indirect") {
			names = append(names, m[1])
		}
	}
	return names
}

func modules(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(root + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	return required(string(text))
}

var (
	requireLine = regexp.MustCompile(`(?m)^(?:require\s+|\t)([a-z0-9][^\s]*)\s+(v[0-9][^\s]*)`)
	goLine      = regexp.MustCompile(`(?m)^go\s+([0-9.]+)`)
)

// required reads the versions in a go.mod; the language's own is under "go".
func required(text string) map[string]string {
	found := map[string]string{}
	for _, m := range requireLine.FindAllStringSubmatch(text, -1) {
		found[m[1]] = m[2]
	}
	if m := goLine.FindStringSubmatch(text); m != nil {
		found["go"] = m[1]
	}
	return found
}

func tooOld(found, low map[string]string) []string {
	var lines []string
	for name, want := range low {
		if got := found[name]; got != "" && before(got, want) {
			lines = append(lines, fmt.Sprintf("%s %s is older than %s", name, got, want))
		}
	}
	return lines
}

// before compares versions by their numbers; a pre-release or pseudo-version
// comes before the release it is named after.
func before(a, b string) bool {
	na, preA := numbers(a)
	nb, _ := numbers(b)
	for i := range na {
		if na[i] != nb[i] {
			return na[i] < nb[i]
		}
	}
	return preA
}

func numbers(v string) (n [3]int, pre bool) {
	v, _, _ = strings.Cut(strings.TrimPrefix(v, "v"), "+")
	v, _, _ = strings.Cut(v, " ") // "1.26.8 X:experiment"
	v, _, pre = strings.Cut(v, "-")
	for i, part := range strings.SplitN(v, ".", 3) {
		n[i], _ = strconv.Atoi(part)
	}
	return n, pre
}
