//go:build acceptance

package richtext

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMaterial runs published lists of attacks through the sanitiser, line by
// line and as whole files: DATELINE_MATERIAL names the folder that holds them.
//
//	DATELINE_MATERIAL=… go test -tags acceptance -run TestMaterial ./internal/richtext
func TestMaterial(t *testing.T) {
	root := os.Getenv("DATELINE_MATERIAL")
	if root == "" {
		t.Log("DATELINE_MATERIAL is not set: nothing to run")
		return
	}
	n := 0
	try := func(payload string) {
		n++
		for _, src := range []string{payload, `<p title="` + payload + `">x</p>`, `<a href="` + payload + `">x</a>`, `<img src='` + payload + `'>`} {
			d, _ := FromHTML(src, Options{Lang: "en"})
			checkFixpoint(t, d)
			checkSafe(t, string(d.Render(everyRef)))
		}
	}
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".txt", ".json", ".md", ".dat", ".html", ".test":
		default:
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) > 4<<20 {
			return err
		}
		before := n
		var v any
		if json.Unmarshal(raw, &v) == nil {
			eachString(v, try)
		} else {
			try(string(raw))
			for _, line := range strings.Split(string(raw), "\n") {
				try(line)
			}
		}
		t.Logf("%6d  %s", n-before, filepath.Base(path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("no payloads found")
	}
}

func eachString(v any, f func(string)) {
	switch v := v.(type) {
	case string:
		f(v)
	case []any:
		for _, x := range v {
			eachString(x, f)
		}
	case map[string]any:
		for _, x := range v {
			eachString(x, f)
		}
	}
}
