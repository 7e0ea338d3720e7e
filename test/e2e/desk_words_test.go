//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/topic"
)

// A translator keeps a term, brings a list, and is told while translating what the
// translation lacks.
func TestDeskGlossary(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	p := k.signIn(k.chief)
	p.goTo(t, k.url+"/desk/glossary")
	p.leads(t, func() { p.press(t, ".bar a.btn") })
	p.write(t, "#f-from", "en")
	p.write(t, "#f-to", "ru")
	p.write(t, "#f-term", "Night Ferry")
	p.self = k.url + "/desk/glossary/new"
	p.leads(t, func() { p.press(t, "main form button") })
	p.holds(t, `document.querySelector("#f-translation-e") !== null`) // no translation
	p.deskSound(t, "en /desk/glossary/new, wrong")
	p.write(t, "#f-translation", "Ночной паром; «Ночной»")
	p.write(t, "#f-never", "Ночная фея")
	p.write(t, "#f-note", "The boat from the other bank")
	p.leads(t, func() { p.press(t, "main form button") })
	p.holds(t, `document.querySelector(".msg.good") !== null && document.querySelectorAll(".glo tbody tr").length === 1`)
	list := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(list, []byte("from,to,term,translation,stays,never,note\nen,,Telegram,,yes,,\nen,kk,Night Ferry,Түнгі паром,,,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(p.ctx, chromedp.SetUploadFiles("#f-file", []string{list})); err != nil {
		t.Fatal(err)
	}
	p.leads(t, func() { p.press(t, "form[enctype] button") })
	p.holds(t, `document.querySelectorAll(".glo tbody tr").length === 3`)
	p.deskSound(t, "en /desk/glossary, three terms")

	var id int64
	err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
		site, err := k.app.Editions.Site(ctx)
		if err != nil {
			return err
		}
		id, err = k.app.Articles.Begin(ctx, tx, article.Start{Publication: site.Publication.ID, Edition: site.Default().ID, Kind: article.Text, Staff: k.chief.ID,
			Text: article.Manuscript{Headline: "The boat is back", Body: "<p id=\"b1abc\">The Night Ferry sails again, says Telegram.</p>\n"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.goTo(t, k.url+fmt.Sprintf("/desk/articles/%d", id))
	p.holds(t, `document.querySelector("#checks li") !== null && document.querySelector("#terms") === null`)
	p.leads(t, func() { p.press(t, ".eds li:nth-child(3) form button") })
	p.holds(t, `document.querySelectorAll("#terms .term").length === 2 && document.querySelectorAll("#terms .lacks").length === 0`)
	p.press(t, ".dl-doc")
	p.keys(t, "Mod-a")
	p.types(t, "Ночная фея снова ходит, пишет Telegram.")
	p.holds(t, `document.querySelectorAll("#terms .lacks").length === 1 && document.querySelector("[data-says=instead]:not([hidden])")?.textContent.includes("Ночная фея")`)
	p.holds(t, `[...document.querySelectorAll("#checks .should")].some(li => li.textContent.includes("glossary"))`)
	p.deskSound(t, "en /desk/articles, terms")
	p.press(t, "#w-headline")
	p.press(t, "[data-go]:not([hidden])")
	p.holds(t, `document.activeElement?.closest(".dl-doc") !== null && !document.activeElement.matches("#w-headline")`)
	p.press(t, ".dl-doc")
	p.keys(t, "Mod-a")
	p.types(t, "Ночного парома снова ждут, пишет Telegram.")
	p.holds(t, `document.querySelectorAll("#terms .lacks").length === 0`)
	p.holds(t, `![...document.querySelectorAll("#checks .should")].some(li => li.textContent.includes("glossary"))`)
	p.quiet(t, "glossary")
}

// Two tags are made one.
func TestDeskMerge(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
		ids, err = k.app.Topics.Put(ctx, tx, k.chief.PublicationID, []topic.Topic{
			{Kind: topic.Tag, Names: map[string]topic.Name{"en": {Name: "Night boat"}, "ru": {Name: "Ночное судно"}}},
			{Kind: topic.Tag, Names: map[string]topic.Name{"en": {Name: "Night boats"}, "kk": {Name: "Түнгі кеме"}}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := k.signIn(k.chief)
	p.goTo(t, k.url+"/desk/tags")
	p.deskSound(t, "en /desk/tags, many")
	p.leads(t, func() { p.press(t, ".bar a.btn") })
	p.holds(t, `document.querySelectorAll(".dbl > li").length >= 1`)
	p.deskSound(t, "en /desk/tags/doubles, one")
	p.goTo(t, k.url+fmt.Sprintf("/desk/tags/%d", ids[0]))
	p.deskSound(t, "en /desk/tags/1")
	p.leads(t, func() { p.press(t, ".bar a[href$='/merge']") })
	p.holds(t, `document.querySelectorAll(".fil li").length === 1`)
	p.deskSound(t, "en /desk/tags/1/merge")
	p.leads(t, func() { p.press(t, ".fil a.t") })
	p.deskSound(t, "en /desk/tags/1/merge, what happens")
	p.press(t, "#f-sure")
	p.leads(t, func() { p.press(t, "main form .btn.bad") })
	p.holds(t, `document.querySelector(".msg.good")?.textContent.includes("is part of") && document.querySelector("#f-name_ru").value === "Ночное судно"`)
	p.quiet(t, "merging")
}

// A page without a date is made, written, published below another and put first.
func TestDeskStaticPage(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	p := k.signIn(k.chief)
	p.goTo(t, k.url+"/desk/pages")
	rows := eval[int](t, p, `document.querySelectorAll(".pg").length`)
	p.leads(t, func() { p.press(t, ".bar a.btn") })
	p.write(t, "#f-title", "How we work")
	eval[bool](t, p, `(() => { document.querySelector("#f-parent").selectedIndex = 1; return true; })()`)
	p.leads(t, func() { p.press(t, "main form button") })
	p.holds(t, `document.querySelector("#w-headline").value === "How we work" && document.querySelectorAll("#checks li").length === 6`)
	p.press(t, ".dl-doc")
	p.types(t, "With care.")
	p.holds(t, savedNow)
	p.deskSound(t, "en /desk/articles, a page")
	p.keys(t, "Mod-Shift-p")
	p.holds(t, `document.querySelector("#publishing").open`)
	p.leads(t, func() { p.keys(t, "Enter") })
	p.holds(t, `document.querySelector(".msg.good")?.textContent === "Published."`)
	address := eval[string](t, p, `document.querySelector(".addr").textContent`)
	p.goTo(t, k.url+"/desk/pages")
	p.holds(t, fmt.Sprintf(`document.querySelectorAll(".pg").length === %d`, rows+1))
	p.deskSound(t, "en /desk/pages, one more")
	reader := k.b.open(t, k.url+address, true, 1440, 900)
	if text := eval[string](t, reader, `document.querySelector("main").innerText`); !strings.Contains(text, "With care.") {
		t.Errorf("readers get %q", text)
	}
	reader.close()
	p.quiet(t, "pages")
}
