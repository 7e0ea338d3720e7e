//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// hillsFile is a photograph of hills on this machine's disk, each seed its own.
func hillsFile(t testing.TB, name string, seed float64, w, h, quality int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			c := 255 * min(max(0.5+0.2*math.Sin(7*u*seed+3)+0.2*math.Cos(9*v*seed-u*5)+0.1*math.Sin(23*u*v*seed), 0), 1)
			img.SetRGBA(x, y, color.RGBA{uint8(c * 0.6), uint8(c * 0.8), uint8(c*0.5 + 60), 255})
		}
	}
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return path
}

func (p *tab) files(t testing.TB, selector string, files ...string) {
	t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.SetUploadFiles(selector, files)); err != nil {
		t.Fatal(err)
	}
}

// An editor sends pictures in, is told of one that is here already, describes one, sets
// its focal point by mouse and by numbers, and puts it into an article from the library.
func TestDeskPictures(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	p := k.signIn(k.chief)
	p.goTo(t, k.url+"/desk/media")
	heron, other := hillsFile(t, "heron.jpg", 1, 900, 600, 92), hillsFile(t, "other.jpg", 3, 600, 600, 90)
	p.files(t, "#send-files", heron, other)
	p.holds(t, `document.querySelectorAll("#arriving a").length === 2`)
	p.files(t, "#send-files", hillsFile(t, "heron-small.jpg", 1, 450, 300, 60))
	p.holds(t, `document.querySelector("#arriving .alike img")?.complete`)
	each(t, "axe", "pictures that arrive", p.axeFaults(t))
	// The one that is here will do.
	p.leads(t, func() { p.press(t, "#arriving .alike button") })
	p.holds(t, `document.querySelector(".bar h1").textContent === "heron.jpg"`)
	var id int64
	if _, err := fmt.Sscanf(eval[string](t, p, "location.pathname"), "/desk/media/%d", &id); err != nil {
		t.Fatal(err)
	}

	// The focal point: pressed, then by keys; the cuts follow.
	square := `document.querySelector(".crops svg").getAttribute("viewBox")`
	if got := eval[string](t, p, square); got != "150 0 600 600" {
		t.Errorf("cut to a square: %s", got)
	}
	box := eval[[]float64](t, p, `(r => [r.left + r.width * 0.9, r.top + r.height * 0.25])(document.querySelector("#focusing").getBoundingClientRect())`)
	if err := chromedp.Do(p.ctx, chromedp.MouseClickXY(box[0], box[1])); err != nil {
		t.Fatal(err)
	}
	p.holds(t, `Math.abs(document.querySelector("#f-focal_x").value - 90) < 1 && Math.abs(document.querySelector("#f-focal_y").value - 25) < 1`)
	p.holds(t, square+` === "300 0 600 600"`)
	p.press(t, "#f-focal_x")
	p.keys(t, "Mod-a")
	p.types(t, "0")
	p.holds(t, square+` === "0 0 600 600"`)
	p.press(t, "#f-alt_en")
	p.types(t, "A heron in the reeds")
	p.press(t, "#f-credit_en")
	p.types(t, "Dana Kim")
	p.press(t, "#f-licence")
	p.types(t, "CC BY 4.0")
	p.leads(t, func() { p.keys(t, "Enter") })
	p.holds(t, `document.querySelector(".msg.good")?.textContent === "Saved."`)
	list, err := k.app.Media.ByIDs(ctx, []int64{id})
	if m := list[id]; err != nil || m.FocalX != 0 || m.FocalY < 240 || m.FocalY > 260 || m.Texts["en"].Alt != "A heron in the reeds" {
		t.Errorf("%+v %v", m, err)
	}
	each(t, "axe", "a picture", p.axeFaults(t))

	// Into an article: above the text, and within it.
	p.goTo(t, k.url+"/desk/articles/new")
	p.leads(t, func() { p.press(t, ".choices form:first-child button") })
	p.holds(t, `document.activeElement?.id === "w-headline"`)
	article := p.article(t)
	p.types(t, "The heron")
	p.press(t, "#lead-library")
	p.holds(t, `document.activeElement?.id === "picker-q" && document.querySelectorAll(".picker .pic").length > 2`)
	p.types(t, "heron dana")
	p.holds(t, `document.querySelectorAll(".picker .pic").length === 1`)
	each(t, "axe", "the library beside a text", p.axeFaults(t))
	p.press(t, ".picker .pic button")
	p.holds(t, `!document.querySelector(".picker") && document.querySelector("#l-alt")?.value === "A heron in the reeds" && document.querySelector("#l-credit").value === "Dana Kim"`)
	p.press(t, ".dl-doc")
	p.types(t, "It stood there.")
	p.keys(t, "Mod-Alt-p")
	p.holds(t, `document.querySelectorAll(".picker .pic").length > 2`)
	p.files(t, "#picker-file", hillsFile(t, "heron-again.jpg", 1, 300, 200, 50))
	p.holds(t, `document.querySelector(".picker .alike button")`) // it looks like the heron
	p.press(t, ".picker .acts .btn.alt")                          // and is wanted all the same
	p.holds(t, `document.querySelector(".dl-doc figure img")?.complete`)
	p.holds(t, savedNow)
	if used := working(t, k, article).Text.Used(); len(used) != 2 || used[0] != id {
		t.Errorf("the article uses %v", used)
	}
	p.holds(t, `[...document.querySelectorAll("#checks li.should")].some(li => li.textContent.includes("A picture has no licence"))`)

	// What is said of it there, its licence, and where it is cut in this article.
	second := working(t, k, article).Text.Used()[1]
	eval[bool](t, p, `document.querySelector(".dl-facts button").click(), true`)
	p.holds(t, `document.activeElement?.closest(".dl-form") && document.querySelectorAll(".dl-form input").length === 3`)
	p.types(t, "A heron, again")
	p.keys(t, "Tab", "Tab")
	p.types(t, "CC0 1.0")
	p.keys(t, "Enter")
	p.holds(t, `[...document.querySelectorAll("#checks li.ok")].some(li => li.textContent.includes("Pictures have a licence"))`)
	list, err = k.app.Media.ByIDs(ctx, []int64{second})
	if m := list[second]; err != nil || m.Licence != "CC0 1.0" || m.Texts["en"].Alt != "A heron, again" {
		t.Errorf("the library has %+v %v", m, err)
	}
	p.press(t, ".focal summary")
	p.press(t, "#l-focal-x")
	eval[bool](t, p, `document.querySelector("#l-focal-x").select(), true`)
	p.types(t, "12.5")
	p.holds(t, savedNow)
	if x, y := working(t, k, article).Text.Lead.Focal.At(-1, -1); x != 125 || y < 240 || y > 260 {
		t.Errorf("the focal point in the article is %d, %d", x, y)
	}
	p.deskSound(t, "a focal point in an article")
	p.press(t, ".focal .btn")
	p.holds(t, savedNow)
	if f := working(t, k, article).Text.Lead.Focal; f != 0 {
		t.Errorf("taken back it is %d", f)
	}
	p.quiet(t, "pictures")
	p.goTo(t, fmt.Sprintf("%s/desk/media/%d", k.url, id))
	p.deskSound(t, "a picture that was described")
}

// Without scripts pictures are sent and described by forms.
func TestDeskPicturesWithoutScripts(t *testing.T) {
	k := openDesk(t)
	p := k.b.open(t, k.link(k.chief), false, 1200, 900)
	p.leads(t, func() { p.press(t, "main form button") })
	p.goTo(t, k.url+"/desk/media")
	p.files(t, "#send-files", hillsFile(t, "plain.jpg", 5, 600, 400, 90))
	p.leads(t, func() { p.press(t, "#sendin button") })
	p.holds(t, `document.querySelector(".bar h1").textContent === "plain.jpg"`)
	p.press(t, "#f-alt_en")
	p.types(t, "Hills")
	p.leads(t, func() { p.press(t, "#picture button[type=submit]") })
	p.holds(t, `document.querySelector("#f-alt_en").value === "Hills" && !!document.querySelector(".msg.good")`)
}
