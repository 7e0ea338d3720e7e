//go:build acceptance

package wordpress

import (
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

var (
	cdata  = regexp.MustCompile(`(?s)<!\[CDATA\[(.*?)\]\]>`)
	itemRE = regexp.MustCompile(`(?s)<item(?:\s[^>]*)?>(.*?)</item>`)
	commRE = regexp.MustCompile(`(?s)<wp:comment>(.*?)</wp:comment>`)
	metaRE = regexp.MustCompile(`(?s)<wp:postmeta>(.*?)</wp:postmeta>`)
)

func countText(t *testing.T, path string) counts {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	text := cdata.ReplaceAllStringFunc(string(raw), func(s string) string {
		return "<![CDATA[" + strings.ReplaceAll(s[9:len(s)-3], "<", "\x01") + "]]>"
	})
	states := map[string]string{"1": "approved", "0": "pending", "spam": "spam", "trash": "trash", "post-trashed": "trash"}
	c := counts{Items: map[string]int{}, Comments: map[string]int{}}
	for _, it := range itemRE.FindAllStringSubmatch(text, -1) {
		c.Items[or(value("wp:post_type", it[1]), "post")+"/"+or(value("wp:status", it[1]), "publish")]++
		for _, m := range commRE.FindAllStringSubmatch(it[1], -1) {
			c.Comments[or(value("wp:comment_type", m[1]), "comment")+"/"+states[value("wp:comment_approved", m[1])]]++
		}
		most := int64(0) // the script adds the keys up; we take the largest
		for _, m := range metaRE.FindAllStringSubmatch(it[1], -1) {
			switch value("wp:meta_key", m[1]) {
			case "views", "post_views_count", "_post_views", "pvc_views":
				n, _ := strconv.ParseInt(value("wp:meta_value", m[1]), 10, 64)
				most = max(most, n)
			}
		}
		c.Views += most
	}
	return c
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func value(name, s string) string {
	m := regexp.MustCompile(`(?s)<` + name + `(?:\s[^>]*)?>(.*?)</` + name + `>`).FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	v := strings.TrimSpace(m[1])
	if c := cdata.FindAllStringSubmatch(v, -1); c != nil {
		v = ""
		for _, part := range c {
			v += part[1]
		}
	}
	return v
}
