//go:build e2e && bench

package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dateline/internal/article"
	"dateline/internal/db"
)

// BenchmarkDeskKeystroke types into an article of 10,000 words where an editor does: at
// its page of the desk, with everything that lives there, which saves the text to the
// server while somebody types. What a keystroke is BenchmarkEditorKeystroke says.
func BenchmarkDeskKeystroke(b *testing.B) {
	k := openDesk(b)
	ctx := context.Background()
	site, err := k.app.Editions.Site(ctx)
	if err != nil {
		b.Fatal(err)
	}
	ru, _ := site.ByLang("ru")
	var id int64
	err = k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
		id, err = k.app.Articles.Begin(ctx, tx, article.Start{Publication: site.Publication.ID, Edition: ru.ID, Kind: article.Text, Staff: k.chief.ID,
			Text: article.Manuscript{Headline: "Десять тысяч слов", Standfirst: "Столько, сколько в большом расследовании.", Body: long(11_000), Comments: "open"}})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, width := range []int64{1440, 360} {
		for _, where := range []string{"beginning", "middle", "end"} {
			b.Run(fmt.Sprintf("%d/%s", width, where), func(b *testing.B) {
				p := k.signIn(k.chief)
				defer p.close()
				p.resize(b, width, 900)
				p.goTo(b, k.url+fmt.Sprintf("/desk/articles/%d", id))
				p.holds(b, `document.querySelector(".dl-doc p")`)
				p.costs(b)
				time.Sleep(2 * time.Second) // the first looks are over
				share := map[string]string{"beginning": "0.02", "middle": "0.5", "end": "0.97"}[where]
				p.do(b, `(() => { const all = [...document.querySelectorAll(".dl-doc > p")], e = all[Math.floor(all.length * `+share+`)];
					e.scrollIntoView({block: "center"}); document.querySelector(".dl-doc").focus({preventScroll: true});
					getSelection().collapse(e.firstChild, 10); return true; })()`)
				if err := chromedp.Do(p.ctx, chromedp.Sleep(time.Second)); err != nil {
					b.Fatal(err)
				}
				p.do(b, "(costs.length = long.length = seen.length = 0, true)")
				n := 0
				for b.Loop() {
					p.types(b, string([]rune("қазақ тілі и русский, ")[n%22]))
					time.Sleep(60 * time.Millisecond)
					n++
				}
				p.cost(b)
				if p.do(b, `document.querySelector("#saved").textContent !== ""`); n > 40 && working(b, k, id).Version < 2 {
					b.Error("nothing was saved meanwhile")
				}
			})
		}
	}
}
