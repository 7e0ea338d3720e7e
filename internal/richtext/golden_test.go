package richtext

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds testdata/*.txt: input.html → notes, stored form, page and
// plain text. A first line "lang: xx" of the comment sets the article's
// language, "blank lines" reads classic posts, "foreign" refuses references.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var opt Options
			for _, l := range strings.Split(string(ar.Comment), "\n") {
				if lang, ok := strings.CutPrefix(l, "lang: "); ok {
					opt.Lang = lang
				}
				opt.BlankLines = opt.BlankLines || l == "blank lines"
				opt.Foreign = opt.Foreign || l == "foreign"
			}
			opt.Link = func(raw string) (string, bool) {
				rest, ok := strings.CutPrefix(raw, "https://lamp.example/")
				return "ref:old/lamp.example/" + rest, ok
			}
			opt.Image = func(src string, attrs map[string]string) (int64, bool) {
				return 45, strings.HasPrefix(src, "https://lamp.example/") || has(attrs["class"], "wp-image-45")
			}
			d, notes := FromHTML(string(ar.Files[0].Data), opt)
			checkFixpoint(t, d)
			page := string(d.Render(everyRef))
			checkSafe(t, page)
			var told strings.Builder
			for _, n := range notes {
				fmt.Fprintf(&told, "%s %s ×%d\n", n.Kind, n.Detail, n.Count)
			}
			got := &txtar.Archive{Comment: ar.Comment, Files: []txtar.File{
				ar.Files[0], {Name: "notes", Data: []byte(told.String())}, {Name: "stored", Data: []byte(d.Store())},
				{Name: "page", Data: []byte(page)}, {Name: "text", Data: []byte(d.Text() + "\n")},
			}}
			if *update {
				if err := os.WriteFile(name, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(ar)), string(txtar.Format(got))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
