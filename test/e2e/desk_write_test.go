//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dateline/internal/app"
	"dateline/internal/article"
	"dateline/internal/user"
	"dateline/test/fixtures"
)

// hand counts what somebody at the desk presses besides the words that they write.
type hand struct {
	*tab
	t              testing.TB
	clicks, chords int
}

func (h *hand) click(selector string) {
	h.t.Helper()
	h.clicks++
	h.press(h.t, selector)
}

// key presses keys; a chord counts as one.
func (h *hand) key(names ...string) {
	h.t.Helper()
	h.chords += len(names)
	h.keys(h.t, names...)
}

// says types words.
func (h *hand) says(text string) {
	h.t.Helper()
	h.types(h.t, text)
}

// leads does something that leads to another page, and waits until that is there.
func (p *tab) leads(t testing.TB, f func()) {
	t.Helper()
	eval[bool](t, p, "window.before = true")
	f()
	for range 600 {
		// While a page goes there is nothing to ask.
		if there, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!window.before && document.readyState === 'complete'")); err == nil && there {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("still at %s", eval[string](t, p, "location.href"))
}

// photo is a picture on this machine's disk.
func photo(t testing.TB) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1200, 800))
	for y := range 800 {
		for x := range 1200 {
			img.Set(x, y, color.RGBA{uint8(x / 5), uint8(y / 4), 90, 255})
		}
	}
	name := filepath.Join(t.TempDir(), "ferry.jpg")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, img, nil); err != nil {
		t.Fatal(err)
	}
	return name
}

// choose gives a file to a file field, as the machine's own window would: one press
// on the file, one on "Open".
func (h *hand) choose(selector, file string) {
	h.t.Helper()
	h.clicks += 2
	if err := chromedp.Do(h.ctx, chromedp.SetUploadFiles(selector, []string{file})); err != nil {
		h.t.Fatal(err)
	}
}

// at tells in which article the tab is.
func (p *tab) article(t testing.TB) (id int64) {
	t.Helper()
	if _, err := fmt.Sscanf(eval[string](t, p, "location.pathname"), "/desk/articles/%d", &id); err != nil {
		t.Fatal(err)
	}
	return id
}

const savedNow = `document.querySelector("#saved").textContent.startsWith("Saved") || document.querySelector("#saved").textContent.startsWith("Сохранено")`

// mostPresses is how many clicks and keys an article may take from signing in to its
// being published with a picture, two sections and a translation, besides its words.
const mostPresses = 40

// An editor signs in, writes an article with a picture, files it in two sections,
// publishes it, translates it and publishes that.
func TestDeskFromIdeaToPage(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { fromIdeaToPage(t, app.Config{}) })
	t.Run("postgres", func(t *testing.T) {
		store := fixtures.Postgres(t)
		fromIdeaToPage(t, app.Config{Data: store.Data, Database: store.URL})
	})
}

func fromIdeaToPage(t *testing.T, c app.Config) {
	k := openDeskOn(t, c)
	if err := k.app.Users.SetSelf(context.Background(), k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	p := k.b.open(t, k.link(k.chief), true, 1440, 1000)
	h := &hand{tab: p, t: t}
	p.leads(t, func() { h.click("main form button") })                 // sign in
	p.leads(t, func() { h.click(".side a.btn") })                      // new article
	p.leads(t, func() { h.click(".choices form:first-child button") }) // English
	p.holds(t, `document.activeElement?.id === "w-headline"`)
	id := p.article(t)
	h.says("The ferry is back")
	h.key("Enter")
	h.says("It sails again from Tuesday.")
	h.key("Enter")
	h.says("The first boat left at seven.")
	h.choose("#lead-file", photo(t))
	h.clicks++ // on "Add a picture", which opened the window
	p.holds(t, `document.activeElement?.id === "l-alt"`)
	h.says("A white ferry on a brown river")
	h.key("Shift-Tab")
	h.says("Daniyar Esenkul")
	h.click("#p-section")
	h.key("ArrowDown", "Enter")
	eval[bool](t, p, `(() => { const s = document.querySelector("#p-section"); if (s.selectedIndex < 1) { s.selectedIndex = 1; s.dispatchEvent(new Event("change", {bubbles: true})); } return true; })()`)
	h.click("#p-also")
	p.holds(t, `document.querySelectorAll("#p-also-list li").length > 0`)
	h.key("ArrowDown", "Enter")
	p.holds(t, `document.querySelectorAll("#also .tok").length === 1`)
	h.key("Mod-Shift-p")
	p.holds(t, `document.querySelector("#publishing").open`)
	p.leads(t, func() { h.key("Enter") })
	p.holds(t, `document.querySelector(".msg.good")?.textContent === "Published."`)

	p.leads(t, func() { h.click(".eds li:nth-child(3) form button") }) // the Russian edition
	p.holds(t, `document.activeElement?.id === "w-headline"`)
	other := p.article(t)
	if other == id {
		t.Fatal("no other article")
	}
	for _, words := range []string{"Паром вернулся", "Он снова ходит со вторника.", "Первый рейс был в семь."} {
		h.key("Mod-a")
		h.says(words)
		h.key("Enter")
	}
	h.click("#l-alt")
	h.key("Mod-a")
	h.says("Белый паром на бурой реке")
	h.key("Mod-Shift-p")
	p.holds(t, `document.querySelector("#publishing").open`)
	p.leads(t, func() { h.key("Enter") })
	p.holds(t, `document.querySelector(".msg.good")?.textContent === "Published."`)

	t.Logf("%d clicks and %d keys besides the text", h.clicks, h.chords)
	if n := h.clicks + h.chords; n > mostPresses {
		t.Errorf("%d clicks and %d keys are %d; %d at most", h.clicks, h.chords, n, mostPresses)
	}
	for _, a := range []struct {
		id    int64
		words []string
	}{{id, []string{"The ferry is back", "It sails again from Tuesday.", "The first boat left at seven.", "A white ferry on a brown river", "Daniyar Esenkul"}},
		{other, []string{"Паром вернулся", "Он снова ходит со вторника.", "Первый рейс был в семь.", "Белый паром на бурой реке"}}} {
		x, err := k.app.Articles.Get(context.Background(), k.app.DB, a.id)
		if err != nil || x.State != article.Approved {
			t.Fatalf("article %d: %v %s", a.id, err, x.State)
		}
		prefix := ""
		if a.id == other {
			prefix = "/ru"
		}
		reader := k.b.open(t, k.url+prefix+"/"+x.Path, true, 1440, 900)
		text := eval[string](t, reader, `document.querySelector("article").innerText + [...document.querySelectorAll("article img")].map(i => i.alt).join(" ")`)
		text = strings.NewReplacer("\u00ad", "", "\u00a0", " ").Replace(text) // as typeset
		for _, w := range a.words {
			if !strings.Contains(text, w) {
				t.Errorf("readers of article %d do not get %q", a.id, w)
			}
		}
		if topics, err := k.app.Articles.TopicIDs(context.Background(), []int64{a.id}); err != nil || len(topics[a.id]) != 2 {
			t.Errorf("article %d stands on %v: %v", a.id, topics, err)
		}
		reader.close()
	}
	p.quiet(t, "writing")
}

// What is typed without a network stays in the browser, headline and body, and comes
// back when the page is opened again; what two people type at once is there in the end.
func TestDeskLosesNothing(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	p := k.signIn(k.chief)
	p.goTo(t, k.url+"/desk/articles/new")
	p.leads(t, func() { p.press(t, ".choices form:first-child button") })
	p.holds(t, `document.activeElement?.id === "w-headline"`)
	id := p.article(t)
	p.types(t, "Kept")
	p.press(t, ".dl-doc")
	p.types(t, "One two three.")
	p.holds(t, savedNow)
	k.away.Store(true)
	p.types(t, " Typed without a network.")
	p.press(t, "#w-headline")
	p.keys(t, "End")
	p.types(t, " headline")
	p.holds(t, `document.querySelector("#saved").textContent.startsWith("No connection")`)
	time.Sleep(time.Second) // all but the last second comes back
	next := p.beside(t, "about:blank")
	p.killed()
	k.away.Store(false)
	if c := working(t, k, id); strings.Contains(c.Text.Body, "without a network") {
		t.Fatal("it was sent all the same")
	}
	p = next
	p.goTo(t, k.url+fmt.Sprintf("/desk/articles/%d", id))
	p.holds(t, `document.querySelector("#w-headline").value === "Kept headline" && document.querySelector(".dl-doc").textContent.includes("Typed without a network.")`)
	p.holds(t, savedNow+` || document.querySelector("#saved").textContent === ""`)
	p.do(t, "new Promise(yes => setTimeout(yes, 2000)).then(() => true)")
	c := working(t, k, id)
	if c.Text.Headline != "Kept headline" || !strings.Contains(c.Text.Body, "One two three. Typed without a network.") {
		t.Errorf("the server has %q and %q", c.Text.Headline, c.Text.Body)
	}

	// A colleague in the same paragraph.
	other, err := k.app.Users.Add(ctx, tester, k.chief.PublicationID, user.Input{Email: "second@lamp.example", Name: "Second Editor", Role: user.Editor, Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	b := startBrowser(t)
	q := b.open(t, k.link(other), true, 1440, 900)
	q.press(t, "main form button")
	q.arrived(t, "/desk/account")
	q.goTo(t, k.url+fmt.Sprintf("/desk/articles/%d", id))
	q.holds(t, `document.querySelector(".dl-doc")?.textContent.includes("three")`)
	p.press(t, ".dl-doc")
	p.keys(t, "Mod-End", "Enter")
	p.types(t, "From the first.")
	q.press(t, ".dl-doc")
	q.keys(t, "Mod-Home")
	q.types(t, "From the second. ")
	for _, x := range []*tab{p, q} {
		x.holds(t, `document.querySelector(".dl-doc").textContent.includes("From the first.") && document.querySelector(".dl-doc").textContent.includes("From the second.")`)
		x.holds(t, `document.querySelectorAll("#here .who").length >= 1`)
	}
	q.close()
	p.quiet(t, "two people")
}

func working(t testing.TB, k *atDesk, id int64) article.Copy {
	t.Helper()
	a, err := k.app.Articles.Get(context.Background(), k.app.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.app.Articles.Working(context.Background(), k.app.DB, a)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
