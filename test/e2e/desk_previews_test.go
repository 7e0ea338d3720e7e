//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/media"
)

// drafted is a draft with a picture above it that no reader has seen.
func (k *atDesk) drafted() (id int64, lead media.Media) {
	k.t.Helper()
	ctx := context.Background()
	f, err := os.Open(photo(k.t))
	if err != nil {
		k.t.Fatal(err)
	}
	defer f.Close()
	m, err := k.app.Media.Take(ctx, "ferry.jpg", f, 8<<20)
	if err != nil {
		k.t.Fatal(err)
	}
	site, err := k.app.Editions.Site(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
	err = k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		ids, err := k.app.Media.Put(ctx, tx, site.Publication.ID, []media.Media{m})
		if err != nil {
			return err
		}
		text := article.Manuscript{Headline: "The ferry sails again, and with it eleven pianos that nobody had asked for in seven years",
			Standfirst: "The river is open since noon. Who waited longest was first on board, with a ticket of 2019 that the captain had signed himself.",
			Lead:       article.Use{ID: ids[0], Alt: "A ferry on the river", Caption: "The ferry at noon", Credit: "A photographer"},
			Body:       `<p id="b1abc">At noon the ferry left the lower pier.</p>` + "\n" + `<p id="b2abc">It came back at one.</p>` + "\n"}
		if id, err = k.app.Articles.Begin(ctx, tx, article.Start{Publication: site.Publication.ID, Edition: site.Default().ID, Kind: article.Text, Text: text, Staff: k.chief.ID}); err != nil {
			return err
		}
		m.ID = ids[0]
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	list, err := k.app.Media.ByIDs(ctx, []int64{m.ID})
	if err != nil {
		k.t.Fatal(err)
	}
	return id, list[m.ID]
}

// picturesCame tells whether every picture of a page, in its frame or not, has come.
const picturesCame = `(d => d.images.length > 0 && [...d.images].every(i => i.loading === "lazy" && !i.complete || i.naturalWidth > 0))`

// asOnADesktop holds that the page in the frame is as wide as on a desktop, and that all
// of its width is to be seen.
func (p *tab) asOnADesktop(t testing.TB) {
	t.Helper()
	for _, width := range []int64{1440, 1024, 360} {
		p.resize(t, width, 900)
		if said := eval[string](t, p, `(() => { const f = document.querySelector("iframe"), r = f.getBoundingClientRect(), o = f.parentElement.getBoundingClientRect();
			return f.contentWindow.innerWidth >= 1280 && Math.abs(r.width - o.width) < 4 && Math.abs(r.height - o.height) < 4 ? "" : f.contentWindow.innerWidth + " points, " + r.width + "×" + r.height + " in " + o.width + "×" + o.height; })()`); said != "" {
			t.Errorf("at %d px the frame shows %s", width, said)
		}
	}
	p.resize(t, 1440, 900)
}

// An editor looks at a draft in every way, and gives somebody without an account a
// link to it that works until it is ended; all of it without scripts.
func TestDeskPreviews(t *testing.T) {
	k := openDesk(t)
	if err := k.app.Users.SetSelf(context.Background(), k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	id, lead := k.drafted()
	page := fmt.Sprintf("/desk/articles/%d", id)
	p := k.b.open(t, k.link(k.chief), false, 1440, 900)
	p.submit(t, "main form button")
	p.arrived(t, "/desk/account")
	p.self = k.url + page + "/previews"
	p.goTo(t, p.self)
	for _, way := range [][2]string{{"phone", "390 points"}, {"social", "In a timeline"}, {"search", "The title is cut"}, {"feed", "The entry as programs get it"},
		{"links", "Nobody has been given a link"}} {
		p.submit(t, `.looks a[href$="as=`+way[0]+`"]`)
		if text := visibleText(t, p); !strings.Contains(text, way[1]) {
			t.Errorf("as %s:\n%s", way[0], text)
		}
	}
	p.submit(t, `form[action$="/links"] button`)
	link := eval[string](t, p, `document.querySelector("#link").textContent`)
	if !strings.HasPrefix(link, k.url+"/-/preview/") {
		t.Fatalf("the link is %q", link)
	}

	// Somebody without an account.
	q := k.b.open(t, link, true, 1440, 900)
	if text := visibleText(t, q); !strings.Contains(text, "This is a preview.") || !strings.Contains(text, "At noon the ferry left") {
		t.Errorf("by the link:\n%s", text)
	}
	q.holds(t, picturesCame+`(document)`)
	for _, l := range deskLooks {
		q.as(t, l)
		each(t, fmt.Sprintf("axe, %s, %d px", l.scheme, l.width), "by the link", q.axeFaults(t))
		if dir := os.Getenv("DATELINE_SHOTS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("linked-%d-%s.png", l.width, l.scheme)), q.shot(t), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	q.quiet(t, "by the link")
	q.goTo(t, k.url+lead.Path())
	if eval[string](t, q, `document.contentType`) != "text/html" {
		t.Error("the picture of a draft is to be had at the address that readers will have")
	}

	p.self = k.url + page + "/previews?as=links"
	p.goTo(t, p.self)
	p.submit(t, `form[action$="/end"] button`)
	if text := visibleText(t, p); !strings.Contains(text, "leads nowhere any more") || !strings.Contains(text, "Ended") {
		t.Errorf("after it was ended:\n%s", text)
	}
	q.self = link
	q.goTo(t, link)
	if text := visibleText(t, q); strings.Contains(text, "ferry left") {
		t.Errorf("a link that was ended shows\n%s", text)
	}
	q.close()
	p.quiet(t, "previews")

	for _, as := range []string{"page", "phone", "social", "search", "feed", "links"} {
		x := k.signIn(k.chief) // a tab has two minutes
		x.self = k.url + page + "/previews?as=" + as
		x.goTo(t, x.self)
		switch as {
		case "page", "phone":
			x.holds(t, picturesCame+`(document.querySelector("iframe").contentDocument)`)
			if as == "page" {
				x.asOnADesktop(t)
			}
			if as == "phone" {
				if w := eval[int](t, x, `document.querySelector("iframe").contentWindow.innerWidth`); w != 390 {
					t.Errorf("the telephone is %d points wide", w)
				}
			}
		case "social":
			x.holds(t, picturesCame+`(document)`)
		}
		x.deskSound(t, "previews "+as)
		x.quiet(t, as)
		x.close()
	}
}
