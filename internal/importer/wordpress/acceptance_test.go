//go:build acceptance

package wordpress

import (
	stdcmp "cmp"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/test/wxrtext"
)

// counts is what an export holds.
type counts struct {
	Items    map[string]int // type/status
	Comments map[string]int // type/state as the source writes it
	Views    int64
}

// TestAcceptanceCounts reads every export below $DATELINE_MATERIAL/01-wxr and
// compares with a count that parses no XML.
func TestAcceptanceCounts(t *testing.T) {
	root := os.Getenv("DATELINE_MATERIAL")
	if root == "" {
		t.Fatal("DATELINE_MATERIAL names no folder")
	}
	files := 0
	err := filepath.WalkDir(filepath.Join(root, "01-wxr"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".xml") && !strings.HasSuffix(path, ".gz") {
			return err
		}
		files++
		t.Run(filepath.Base(path), func(t *testing.T) { compareCounts(t, path) })
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files: %v", files, err)
	}
}

func compareCounts(t *testing.T, path string) {
	want := countText(t, path)
	x, err := Open([]string{path}, Options{})
	if err != nil {
		if len(want.Items) > 0 {
			t.Fatal(err)
		}
		t.Log(err)
		return
	}
	got := counts{Items: map[string]int{}, Comments: map[string]int{}}
	seen := map[string]bool{}
	err = x.Items(func(it Item) error {
		if seen[it.Key+" "+it.Lang] {
			t.Errorf("%s:%d: key %q twice", it.File, it.Line, it.Key)
		}
		seen[it.Key+" "+it.Lang] = true
		if strings.HasPrefix(it.Group, "qtranslate:") && !it.Original {
			return nil
		}
		got.Items[it.Type+"/"+it.Status]++
		for _, c := range it.Comments {
			got.Comments[c.Type+"/"+c.State]++
		}
		got.Views += it.Views
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("counts differ (-text +importer):\n%s", d)
	}
	for _, n := range x.Head().Notes {
		t.Logf("%s:%d %s %s", filepath.Base(n.File), n.Line, n.Level, n.Why)
	}
}

func countText(t *testing.T, path string) counts {
	text, err := wxrtext.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	value := wxrtext.Value
	c := counts{Items: map[string]int{}, Comments: map[string]int{}}
	for _, it := range wxrtext.Items(text) {
		c.Items[stdcmp.Or(value("wp:post_type", it), "post")+"/"+stdcmp.Or(value("wp:status", it), "publish")]++
		for _, m := range wxrtext.Comments(it) {
			c.Comments[stdcmp.Or(value("wp:comment_type", m), "comment")+"/"+wxrtext.CommentStates[value("wp:comment_approved", m)]]++
		}
		most := int64(0) // the script adds the keys up; we take the largest
		for _, m := range wxrtext.Metas(it) {
			if wxrtext.ViewKeys[value("wp:meta_key", m)] {
				n, _ := strconv.ParseInt(value("wp:meta_value", m), 10, 64)
				most = max(most, n)
			}
		}
		c.Views += most
	}
	return c
}
