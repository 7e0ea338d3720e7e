//go:build acceptance

package acceptance

import (
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/test/fixtures"
)

func TestMain(m *testing.M) { os.Exit(fixtures.Main(m)) }

// noExports are files of the material that hold no export at all.
var noExports = map[string]string{"wagtail/test.xml": "this is no WordPress export"}

// TestExports imports every export below $DATELINE_MATERIAL/01-wxr into both
// engines, twice, and walks its old addresses.
func TestExports(t *testing.T) {
	material := os.Getenv("DATELINE_MATERIAL")
	if material == "" {
		t.Fatal("DATELINE_MATERIAL names no folder; the exports are not part of this repository")
	}
	root := filepath.Join(material, "01-wxr")
	exports := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".xml") && !strings.HasSuffix(path, ".gz") {
			return err
		}
		name, err := filepath.Rel(root, path)
		if filepath.Base(filepath.Dir(path)) == "multiple" {
			name = filepath.Dir(name) // files of one export
		}
		exports[name] = append(exports[name], path)
		return err
	})
	if err != nil || len(exports) < 30 {
		t.Fatalf("%d exports below %s: %v", len(exports), root, err)
	}
	names := make([]string, 0, len(exports))
	for name := range exports {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		files := exports[name]
		slices.Sort(files)
		t.Run(name, func(t *testing.T) {
			x := scan(t, files)
			fixtures.Each(t, func(t *testing.T, s *fixtures.Store) { accept(t, s, name, files, x) })
		})
	}
}

func accept(t *testing.T, s *fixtures.Store, name string, files []string, x *export) {
	first := s.Import(t, files)
	if why := noExports[name]; why != "" {
		if first.Exit != 1 || len(first.Report.Notes) != 1 || !strings.Contains(first.Report.Notes[0].Why, why) || first.Report.Notes[0].Level != "error" {
			t.Fatalf("exit %d, notes %v", first.Exit, first.Report.Notes)
		}
		return
	}
	if first.Exit != 0 {
		t.Fatalf("exit %d: %s", first.Exit, first.Said)
	}
	d := s.Open(t)
	t.Run("counts", func(t *testing.T) { counts(t, d, first.Report, x) })
	t.Run("left", func(t *testing.T) { left(t, first.Report, x) })
	t.Run("secrets", func(t *testing.T) { secrets(t, s, d, x) })
	before := tables(t, s, d)
	second := s.Import(t, files)
	t.Run("again", func(t *testing.T) { again(t, first, second, before, tables(t, s, d)) })
	t.Run("addresses", func(t *testing.T) { addresses(t, s, d, x) })
}

// counts compares the report with the text scan, and the tables with the report.
func counts(t *testing.T, d *sql.DB, r fixtures.Report, x *export) {
	want := x.want()
	got := r
	got.Files, got.Notes, got.Unchanged = nil, nil, 0
	// Of these the scan knows the least number; see below.
	got.Taken.Authors, got.Taken.Sections, got.Taken.Tags, got.Taken.Redirects, got.Taken.Media = 0, 0, 0, 0, 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-text +report:\n%s", diff)
	}
	if r.Taken.Authors < x.authors {
		t.Errorf("%d authors, the file names %d", r.Taken.Authors, x.authors)
	}
	least := func(what string, got int, head map[string]bool, kind string) {
		most := len(head)
		for term := range x.itemTerms { // exports of a part of a site leave terms out of the head
			if slug, ok := strings.CutPrefix(term, kind+"/"); ok && !head[slug] {
				most++
			}
		}
		if got < len(head) || got > most {
			t.Errorf("%d %s; the head names %d, with those that only items carry %d", got, what, len(head), most)
		}
	}
	least("sections", r.Taken.Sections, x.categories, "category")
	least("tags", r.Taken.Tags, x.tags, "post_tag")
	sum, largest := int64(0), int64(0)
	for _, it := range x.items {
		sum, largest = sum+it.sum, largest+it.views
	}
	if sum != largest {
		t.Logf("views: the keys add up to %d; the largest of each item, which is what is taken, to %d", sum, largest)
	}

	stored := func(kind string, states string) int {
		return int(fixtures.Number(t, d, "SELECT count(*) FROM article WHERE kind = $1 AND state IN ("+states+")", kind))
	}
	for kind, by := range map[string]fixtures.ByState{"article": r.Taken.Articles, "page": r.Taken.Pages} {
		if n := stored(kind, "'approved'"); n != by.Published+by.Scheduled {
			t.Errorf("%d approved of kind %s are stored, the report says %+v", n, kind, by)
		}
		if n := stored(kind, "'draft'"); n != by.Draft {
			t.Errorf("%d drafts of kind %s are stored, the report says %+v", n, kind, by)
		}
		if n := stored(kind, "'in_review'"); n != by.InReview {
			t.Errorf("%d in review of kind %s are stored, the report says %+v", n, kind, by)
		}
	}
	for state, n := range map[string]int{"approved": r.Taken.Comments.Approved, "pending": r.Taken.Comments.Pending,
		"spam": r.Taken.Comments.Spam, "trash": r.Taken.Comments.Trash} {
		if got := fixtures.Number(t, d, "SELECT count(*) FROM comment WHERE state = $1", state); int(got) != n {
			t.Errorf("%d comments %s are stored, the report says %d", got, state, n)
		}
	}
	for what, n := range map[string]int{"section": r.Taken.Sections, "tag": r.Taken.Tags} {
		if got := fixtures.Number(t, d, "SELECT count(*) FROM topic WHERE kind = $1", what); int(got) != n {
			t.Errorf("%d topics of kind %s are stored, the report says %d", got, what, n)
		}
	}
	if got := fixtures.Number(t, d, "SELECT count(*) FROM contributor"); int(got) != r.Taken.Authors {
		t.Errorf("%d contributors are stored, the report says %d", got, r.Taken.Authors)
	}
	if got := fixtures.Number(t, d, "SELECT sum(base) FROM view_total"); got != r.Taken.Views {
		t.Errorf("%d views are stored, the report says %d", got, r.Taken.Views)
	}
}

var more = regexp.MustCompile(`^and (\d+) more like this`)

// left holds every item that was not taken against the notes, and pingbacks and
// passwords too: an editor must find each of them there.
func left(t *testing.T, r fixtures.Report, x *export) {
	items, pings, protected := 0, 0, 0
	for i := range x.items {
		it := &x.items[i]
		if !it.taken() {
			items++
			continue
		}
		pings += it.pings
		if it.protected {
			protected++
		}
	}
	gotItems, gotPings, gotProtected := 0, 0, 0
	seen := map[string]bool{}
	for _, n := range r.Notes {
		times := 1
		if m := more.FindStringSubmatch(n.Why); m != nil {
			times, _ = strconv.Atoi(m[1])
		}
		switch at := fmt.Sprint(n.File, ":", n.Line); {
		case strings.HasPrefix(n.Why, "the time zone was guessed"): // nobody named one
		case n.Level == "error":
			t.Errorf("an error: %+v", n)
		case strings.Contains(n.Why, "pingbacks and trackbacks"):
			if m := regexp.MustCompile(`: (\d+)$`).FindStringSubmatch(n.Why); m != nil {
				times, _ = strconv.Atoi(m[1])
			}
			gotPings += times
		case strings.Contains(n.Why, "protected by a password"):
			gotProtected += times
		case n.Level == "left" && n.Kind != "term" && n.Kind != "comment" && n.Kind != "views" && n.Kind != "file" && (n.Line == 0 || !seen[at]):
			seen[at] = true
			gotItems += times
		}
		if n.Why == "" || n.Kind == "" {
			t.Errorf("a note that says nothing: %+v", n)
		}
	}
	if gotItems != items {
		t.Errorf("%d items were not taken, the notes tell of %d", items, gotItems)
	}
	if gotPings != pings {
		t.Errorf("%d pingbacks and trackbacks, the notes tell of %d", pings, gotPings)
	}
	if gotProtected != protected {
		t.Errorf("%d items had a password, the notes tell of %d", protected, gotProtected)
	}
}

// tables is a dump of everything but the list of migrations.
func tables(t *testing.T, s *fixtures.Store, d *sql.DB) map[string][]string {
	out := map[string][]string{}
	for _, name := range s.Tables(t, d) {
		if !strings.HasPrefix(name, "goose") {
			out[name] = fixtures.Dump(t, d, name)
		}
	}
	return out
}

// again: the second run finds everything unchanged and changes nothing; not a
// row, not an instant.
func again(t *testing.T, first, second fixtures.Imported, before, after map[string][]string) {
	if second.Exit != 0 {
		t.Fatalf("exit %d: %s", second.Exit, second.Said)
	}
	if all := second.Report.Taken.Articles.All() + second.Report.Taken.Pages.All(); second.Report.Unchanged != all {
		t.Errorf("%d of %d unchanged", second.Report.Unchanged, all)
	}
	if diff := cmp.Diff(first.Report.Taken, second.Report.Taken); diff != "" {
		t.Errorf("-first +second:\n%s", diff)
	}
	for name, rows := range before {
		if name == "change" {
			// Not what is kept, but a message to caches, which may be sent in vain.
			if n := len(after[name]) - len(rows); n > 0 {
				t.Logf("the second run told the caches of other processes of %d changes", n)
			}
			continue
		}
		if diff := cmp.Diff(few(rows, after[name]), few(after[name], rows)); diff != "" {
			t.Errorf("%s -first +second:\n%s", name, diff)
		}
	}
}

// few gives the first rows of a that b has not.
func few(a, b []string) []string {
	var out []string
	for _, row := range a {
		if _, ok := slices.BinarySearch(b, row); !ok {
			if out = append(out, row[:min(len(row), 300)]); len(out) >= 5 {
				break
			}
		}
	}
	return append(out, fmt.Sprintf("%d rows", len(a)))
}

// secrets searches every table for addresses of authors and commenters that the
// newsroom has not itself published in a text.
func secrets(t *testing.T, s *fixtures.Store, d *sql.DB, x *export) {
	shown := map[string]bool{}
	for _, re := range []*regexp.Regexp{addressRE, ipRE} {
		for _, found := range re.FindAllString(x.published, -1) {
			shown[strings.ToLower(found)] = true
		}
	}
	looked := 0
	for name, rows := range tables(t, s, d) {
		looked += len(rows)
		for _, row := range rows {
			for _, re := range []*regexp.Regexp{addressRE, ipRE} {
				for _, found := range re.FindAllString(row, -1) {
					if low := strings.ToLower(found); x.secrets[low] && !shown[low] {
						t.Errorf("table %s holds %s, an address of a person:\n%.300s", name, found, row)
					}
				}
			}
		}
	}
	if looked == 0 {
		t.Error("nothing was looked at")
	}
}
