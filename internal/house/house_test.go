package house

import (
	_ "embed"
	"io/fs"
	"os"
	"strings"
	"testing"
)

//go:embed floors.txt
var floors string

const root = "../.."

func tree(t *testing.T) ([]*File, *Plan) {
	t.Helper()
	plan, err := ParsePlan(floors)
	if err != nil {
		t.Fatal(err)
	}
	files, err := ReadTree(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 5 {
		t.Fatalf("only %d Go files below %s: the tests read the wrong folder", len(files), root)
	}
	return files, plan
}

func report(t *testing.T, found []string) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

func TestFloors(t *testing.T) {
	files, plan := tree(t)
	report(t, Floors(files, plan))
}

func TestStyle(t *testing.T) {
	files, plan := tree(t)
	report(t, Sizes(files))
	report(t, Names(files))
	report(t, Docs(files, plan))
	report(t, Inits(files, plan, inits))
	report(t, Skips(files))
}

func TestDoors(t *testing.T) {
	sources, plan := tree(t)
	report(t, Doors(sources, plan, doors))
	report(t, Conversions(sources, plan, html))
	report(t, Reasons(plan, inits, html, sqlOutsideStores, files, environment, connections, listening, programs))
}

func TestSQL(t *testing.T) {
	files, plan := tree(t)
	claims, found := Claims(files, plan)
	report(t, found)
	report(t, SQLPlaces(files, plan, sqlOutsideStores))
	report(t, SQLNames(files, plan, claims, sqlOutsideStores))
	report(t, Unowned(migrations(t), claims))
}

// migrations reads the statements that make the schema, by file name.
func migrations(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), "internal/db/migrations", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".sql") {
			return err
		}
		text, err := os.ReadFile(root + "/" + p)
		texts[p] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) == 0 {
		t.Fatal("no migrations in internal/db/migrations")
	}
	return texts
}
