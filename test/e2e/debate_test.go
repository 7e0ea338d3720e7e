//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dateline/internal/app"
	"dateline/internal/comment"
	"dateline/internal/db"
)

// debatedStory is the story that so much is said about that its comments have pages.
const debatedStory = "2026/11/09/no-water-in-granary-lane"

// debated tells an article that has later pages of comments.
var debated = regexp.MustCompile(` data-comments="`)

// opinions are what readers say of it; the names are theirs.
var opinions = map[string][]string{
	"en": {"Galiya S.: My grandmother would have settled this in one afternoon, with tea.", "Reader from the left bank: The photograph is from the other side of the river, surely.",
		"Ermek: I timed it this morning. Eleven minutes, and that was with the dog.", "O. Weiss: Thank you for printing the figures. I had argued about them for a year, and was wrong.",
		"Anna: Nobody has asked the people at the market yet. They open at six and know everything.", "Timur: Agreed, but who pays?"},
	"ru": {"Галия С.: Моя бабушка решила бы это за один вечер, за чаем.", "Читатель с левого берега: Снимок же сделан с другой стороны реки.",
		"Ермек: Сегодня утром засёк время: одиннадцать минут, и это с собакой.", "О. Вайс: Спасибо, что напечатали цифры. Я спорил о них целый год и был неправ.",
		"Анна: А на рынке так никого и не спросили. Там открываются в шесть и знают всё.", "Тимур: Согласен, но кто заплатит?"},
	"kk": {"Ғалия С.: Менің әжем мұны бір кеште, шай үстінде-ақ шешіп берер еді.", "Сол жағалаудан оқырман: Сурет өзеннің арғы бетінен түсірілген ғой.",
		"Ермек: Бүгін таңертең уақытын белгіледім: он бір минут, оның өзі итпен бірге.", "О. Вайс: Сандарды басқаныңызға рақмет. Мен олар туралы жыл бойы дауласып, қателесіппін.",
		"Анна: Базардағылардан әлі ешкім сұраған жоқ. Олар таңғы алтыда ашады, бәрін біледі.", "Тимур: Келісемін, бірақ ақшасын кім төлейді?"},
}

// debate has 160 comments written under one story in every edition, with the
// numbers that an older system gave them.
func debate(ctx context.Context, a *app.App) error {
	site, err := a.Editions.Site(ctx)
	if err != nil {
		return err
	}
	target, _, err := a.Addresses.Lookup(ctx, site.Default().ID, debatedStory)
	if err != nil {
		return fmt.Errorf("the story that is debated: %w", err)
	}
	one, err := a.Articles.Public(ctx, target.ID, stillness)
	if err != nil {
		return err
	}
	all, err := a.Articles.Translations(ctx, one.StoryID, stillness)
	if err != nil {
		return err
	}
	return a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		for i, x := range all {
			e, _ := site.ByID(x.Edition)
			var list []comment.Comment
			for n := range 160 {
				name, text, _ := strings.Cut(opinions[e.Lang][n%6], ": ")
				c := comment.Comment{ArticleID: x.ID, AuthorKind: "imported", Name: name, Body: text, State: "approved",
					Old: int64(40_000 + 1000*i + n), At: x.VisibleFrom.Add(time.Duration(n) * time.Minute)}
				if n%4 > 0 {
					c.ParentIndex = n
				}
				list = append(list, c)
			}
			if _, err := a.Comments.PutMany(ctx, tx, list); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestDebate: an old link to a comment leads to it, on whichever page it stands
// now; without scripts every comment is reached by links alone; a page weighs
// what it may.
func TestDebate(t *testing.T) {
	t.Parallel()
	paths := stills(t)
	b := startBrowser(t)
	for i, e := range editions {
		article, _, _ := strings.Cut(paths[e.lang+"/comments"], "/comments/")
		if size := packed(t, article); size > mostHTML+6*kb {
			t.Errorf("%s with its first comments weighs %d bytes", article, size)
		}
		if size := packed(t, paths[e.lang+"/comments"]); size > mostHTML {
			t.Errorf("%s weighs %d bytes", paths[e.lang+"/comments"], size)
		}
		number := -1
		for n := 0; n < 3; n++ { // editions are not in the order of ours
			answer, err := get(&http.Client{CheckRedirect: stay}, frozen(t), fmt.Sprintf("%s?replytocom=%d", article, 40_000+1000*n+130))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(answer.header.Get("Location"), fmt.Sprintf("#comment-%d", 40_000+1000*n+130)) {
				number = 40_000 + 1000*n + 130
			}
		}
		if number < 0 {
			t.Fatalf("%s has no comment that WordPress's address leads to", article)
		}
		p := b.open(t, frozen(t)+article+fmt.Sprintf("#comment-%d", number), true, 1280, 900)
		if err := chromedp.Do(p.ctx, chromedp.WaitVisible(fmt.Sprintf("#comment-%d", number))); err != nil {
			t.Fatalf("%s: the comment does not come: %v", e.lang, err)
		}
		if got := eval[string](t, p, "location.pathname + location.hash"); got != article+fmt.Sprintf("/comments/3#comment-%d", number) {
			t.Errorf("%s: the old link leads to %s", e.lang, got)
		}
		if top := eval[float64](t, p, fmt.Sprintf("document.getElementById('comment-%d').getBoundingClientRect().top", number)); top < 0 || top > 900 {
			t.Errorf("%s: the comment is at %.0f px, out of sight", e.lang, top)
		}
		p.quiet(t, "the old link to a comment")
		p.close()
		if i > 0 {
			continue
		}
		// One that is not there any more: the comments, without going round in circles.
		p = b.open(t, frozen(t)+article+"#comment-7", true, 1280, 900)
		if err := chromedp.Do(p.ctx, chromedp.WaitReady("#comments:target")); err != nil {
			t.Errorf("a comment that is not there leads to %s", eval[string](t, p, "location.href"))
		}
		p.close()
		// Without scripts: from link to link.
		p = b.open(t, frozen(t)+article, false, 1280, 900)
		seen := map[string]bool{}
		for pages := 1; ; pages++ {
			for _, id := range eval[[]string](t, p, `[...document.querySelectorAll("#comments li[id]")].map(e => e.id)`) {
				seen[id] = true
			}
			next := eval[string](t, p, `(document.querySelector("#comments [rel=next]") || {}).href || ""`)
			if next == "" || pages > 10 {
				break
			}
			if err := chromedp.Do(p.ctx, chromedp.Navigate(next)); err != nil {
				t.Fatal(err)
			}
		}
		if len(seen) != 160 {
			t.Errorf("without scripts a reader comes to %d comments of 160", len(seen))
		}
		p.close()
	}
}
