//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dateline/internal/app"
)

// Pictures of the desk are kept in testdata/golden-desk as the readers' pages are in
// testdata/golden, and renewed in the same way (golden_test.go): Today, an article, the
// front page and the pictures, on a desktop and on a telephone.
func TestGoldenDesk(t *testing.T) {
	t.Parallel()
	k := openDeskOn(t, app.Config{Now: func() time.Time { return stillness }})
	if err := k.app.Users.SetSelf(context.Background(), k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	where, mode := filepath.Join("testdata", "golden-desk"), os.Getenv("DATELINE_GOLDEN")
	wanted := map[string]bool{}
	for _, page := range []struct{ name, path string }{{"today", "/desk/"}, {"article", "/desk/articles/1"}, {"front", "/desk/front"}, {"pictures", "/desk/media"}} {
		p := k.signIn(k.chief) // a tab has two minutes
		for _, l := range []look{{"en", "light", 1440, 3}, {"en", "light", 360, 2}} {
			shot := kept{fmt.Sprintf("%s-%d.png", page.name, l.width), k.url + page.path, l, ""}
			wanted[shot.file] = true
			t.Run(shot.file, func(t *testing.T) {
				p.picture(t, shot)
				// The port is another one each time.
				eval[int](t, p, `(() => { let n = 0; for (const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); all.nextNode();)
					if (all.currentNode.data.includes("localhost:")) { all.currentNode.data = all.currentNode.data.replace(/:\d+/, ""); n++; } return n; })()`)
				compare(t, filepath.Join(where, shot.file), small(p.still(t), l.shrink), mode)
			})
		}
		p.quiet(t, page.name)
		p.close()
	}
	keptPictures(t, where, mode, wanted)
}
