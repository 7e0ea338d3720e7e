package app_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	demofiles "dateline/demo"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/media"
	"dateline/internal/webtest"
)

var ogImage = regexp.MustCompile(`<meta property="og:image" content="https?://[^/"]+(/media/card/[^"]+)">`)

// TestCards: the picture that stands for an article elsewhere says what the
// article says, while everybody may read it.
func TestCards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouseOf(t, d, &clock{t: monday}, 1, demofiles.Files)
		site := h.app.Handler()
		card := func(page string) string {
			t.Helper()
			m := ogImage.FindStringSubmatch(get(site, page))
			if m == nil {
				t.Fatalf("%s names no card", page)
			}
			return m[1]
		}
		paths := crawl(site, "/", "/ru/", "/kk/")
		at := func(slug string) string { // the demo's days move with the clock
			t.Helper()
			for _, p := range paths {
				if strings.HasSuffix(p, "/"+slug) {
					return p
				}
			}
			t.Fatalf("no page %q", slug)
			return ""
		}
		page := at("a-short-guide-to-ice")
		seen := map[string]bool{}
		for _, front := range []string{"/", "/ru/", "/kk/"} { // each with its own name and line
			path := card(front)
			r := ask(site, "GET", path)
			if img, _, err := image.Decode(r.Body); err != nil || img.Bounds() != image.Rect(0, 0, 1200, 630) || seen[path] {
				t.Errorf("%s: %s %d %v", front, path, r.StatusCode, err)
			}
			seen[path] = true
		}
		if r := ask(site, "GET", "/media/card/front1-before.png"); r.StatusCode != 302 || r.Header.Get("Location") != card("/") {
			t.Errorf("the card of before: %d %v", r.StatusCode, r.Header)
		}
		if r := ask(site, "GET", "/media/card/front9-x.png"); r.StatusCode != 404 {
			t.Errorf("no edition's card: %d", r.StatusCode)
		}
		icon := ask(site, "GET", "/apple-touch-icon.png")
		if img, format, err := image.Decode(icon.Body); err != nil || format != "png" || img.Bounds() != image.Rect(0, 0, 180, 180) {
			t.Errorf("the icon: %d %q %v", icon.StatusCode, format, err)
		}
		for slug, kind := range map[string]string{"a-short-guide-to-ice": "jpeg", "sto-sorok-dve-stupeni": "png", "zhuz-qyryq-eki-saty": "png"} {
			page := at(slug)
			path := card(page)
			r := ask(site, "GET", path)
			img, format, err := image.Decode(r.Body)
			if r.StatusCode != 200 || err != nil || format != kind || r.Header.Get("Content-Type") != "image/"+kind || img.Bounds() != image.Rect(0, 0, 1200, 630) {
				t.Errorf("%s: %d %v %q %v", path, r.StatusCode, r.Header, format, err)
			}
			if r.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || seen[path] {
				t.Errorf("%s: %v", path, r.Header)
			}
			seen[path] = true
			if text := get(site, page); !strings.Contains(text, `property="og:image:width" content="1200"`) || !strings.Contains(text, `property="og:image:alt"`) {
				t.Errorf("%s says no size or alternative", page)
			}
		}
		if text := get(site, page); strings.Count(text, `"@type":"ImageObject"`) < 3 || !strings.Contains(text, "/1x1-") || !strings.Contains(text, "/4x3-") {
			t.Error("not three ratios for search engines")
		}
		// Another headline is another picture; the one of before leads to it.
		before := card(page)
		target, _, err := h.app.Addresses.Lookup(context.Background(), h.site.Default().ID, page[1:])
		if err != nil {
			t.Fatal(err)
		}
		edit := func(change func(*article.Edit)) {
			t.Helper()
			h.change(func(ctx context.Context, tx *db.Tx) error {
				a, err := h.app.Articles.Public(ctx, target.ID, monday)
				if err != nil {
					return err
				}
				e, err := h.editOf(ctx, a)
				if err != nil {
					return err
				}
				change(&e)
				_, err = h.app.Articles.Put(ctx, tx, []article.Edit{e})
				return err
			})
		}
		edit(func(e *article.Edit) { e.Content.Headline = "Ice, said again" })
		after := card(page)
		if r := ask(site, "GET", before); r.StatusCode != http.StatusFound || r.Header.Get("Location") != after || before == after {
			t.Errorf("the card of before: %d %q, the present one is %q", r.StatusCode, r.Header.Get("Location"), after)
		}
		edit(func(e *article.Edit) { e.VisibleFrom = monday.Add(time.Hour) })
		for _, path := range []string{before, after, "/media/card/", "/media/card/x", "/media/card/1-2/3", "/media/card/-1-000000000000.png", "/media/card/99999999-000000000000.png"} {
			if r := ask(site, "GET", path); r.StatusCode != http.StatusNotFound || strings.Contains(r.Header.Get("Location"), "card") {
				t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
			}
		}
	})
}

// TestSocialPictures: every page that search engines may show says what it is
// elsewhere, and shows a picture in pixels, as large as it says.
func TestSocialPictures(t *testing.T) {
	t.Parallel()
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 1)
	site := h.app.Handler()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 600, 800)), nil); err != nil {
		t.Fatal(err)
	}
	m, err := h.app.Media.Take(t.Context(), "portrait.jpg", &photo, 0)
	if err != nil {
		t.Fatal(err)
	}
	m.Always = true
	h.change(func(ctx context.Context, tx *db.Tx) error {
		ids, err := h.app.Media.Put(ctx, tx, h.site.Publication.ID, []media.Media{m})
		if err != nil {
			return err
		}
		all, err := h.app.Authors.All(ctx, h.site.Publication.ID)
		if err != nil {
			return err
		}
		for _, who := range all {
			if who.Slug == "saule-kairly" { // the others have drawings
				who.PortraitID = ids[0]
				_, err = h.app.Authors.Put(ctx, tx, h.site.Publication.ID, []author.Contributor{who})
			}
		}
		return err
	})
	fetched, kinds := map[string]bool{}, map[string]bool{}
	for _, path := range crawl(site, "/", "/ru/", "/kk/") {
		w := ask(site, "GET", path)
		if w.StatusCode != 200 || !strings.HasPrefix(w.Header.Get("Content-Type"), "text/html") {
			continue
		}
		root, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		switch robots := attrOf(t, root, "meta[name=robots]", "content"); robots {
		case "noindex":
			continue
		case "max-image-preview:large":
		default:
			t.Errorf("%s says to robots %q", path, robots)
		}
		ed, in := h.site.Split(path)
		kind := kindOf("/"+ed.Lang+in, 200)
		kinds[kind] = true
		if ld, _ := webtest.Select(root, "script[type='application/ld+json']"); len(ld) != 1 {
			t.Errorf("%s says nothing to machines", path)
		}
		say := func(name string) string { return attrOf(t, root, "meta[property='"+name+"']", "content") }
		src := say("og:image")
		if say("og:title") == "" || say("og:description") == "" || say("og:url") != "http://lamp.test"+path || src == "" || say("og:image:alt") == "" {
			t.Errorf("%s: %q, %q, %q, %q, %q", path, say("og:title"), say("og:description"), say("og:url"), src, say("og:image:alt"))
		}
		what, large := "/media/card/front", "summary_large_image"
		if kind == "article" {
			what = "/media/card/"
		}
		if strings.HasSuffix(path, "/author/saule-kairly") {
			what, large = "/portrait.jpg", "summary"
		}
		if !strings.Contains(src, what) || attrOf(t, root, "meta[name='twitter:card']", "content") != large {
			t.Errorf("%s shows %s, %s", path, src, attrOf(t, root, "meta[name='twitter:card']", "content"))
		}
		if fetched[src] || kind == "article" { // TestCards draws those
			continue
		}
		fetched[src] = true
		img, _, err := image.Decode(ask(site, "GET", strings.TrimPrefix(src, "http://lamp.test")).Body)
		if err != nil || strconv.Itoa(img.Bounds().Dx())+"x"+strconv.Itoa(img.Bounds().Dy()) != say("og:image:width")+"x"+say("og:image:height") {
			t.Errorf("%s: %s is not of the size that it says: %v", path, src, err)
		}
	}
	for _, kind := range []string{"front", "year", "month", "day", "section", "tag", "author", "authors", "column", "series", "genre", "privacy", "about"} {
		if !kinds[kind] {
			t.Errorf("no page of the kind %s was looked at, only %v", kind, kinds)
		}
	}
}

// TestPicturesInData: an article's data name a picture in pixels, the drawn card
// where it has no photograph, and a logo as large as search engines want it.
func TestPicturesInData(t *testing.T) {
	t.Parallel()
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 1)
	site := h.app.Handler()
	logo := func(page string) (url string, width int) {
		t.Helper()
		root, err := html.Parse(strings.NewReader(get(site, page)))
		if err != nil {
			t.Fatal(err)
		}
		publisher, _ := newsArticle(t, page, root)["publisher"].(map[string]any)
		l, _ := publisher["logo"].(map[string]any)
		url, _ = l["url"].(string)
		n, _ := l["width"].(float64)
		return strings.TrimPrefix(url, "http://lamp.test"), int(n)
	}
	cards, photos := 0, 0
	for _, path := range crawl(site, "/", "/ru/") {
		if !dated.MatchString(path) || ask(site, "GET", path).StatusCode != 200 {
			continue
		}
		root, err := html.Parse(strings.NewReader(get(site, path)))
		if err != nil {
			t.Fatal(err)
		}
		list, _ := newsArticle(t, path, root)["image"].([]any)
		for _, x := range list {
			url, _ := x.(map[string]any)["url"].(string)
			switch {
			case strings.Contains(url, "/media/card/"):
				cards++
			case strings.HasSuffix(url, ".jpg"):
				photos++
			default:
				t.Errorf("%s shows search engines %q", path, url)
			}
		}
		if len(list) == 0 {
			t.Errorf("%s shows search engines nothing", path)
		}
	}
	if cards < 10 || photos < 3 {
		t.Errorf("%d cards, %d photographs", cards, photos)
	}
	file := func(name string, w, h int) string {
		t.Helper()
		var b bytes.Buffer
		if strings.HasSuffix(name, ".svg") {
			b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><path d="M0 0h9v9z"/></svg>`)
		} else if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(at, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return at
	}
	page := "/2026/11/23/train-crosses-the-old-bridge"
	for _, c := range []struct {
		logo, icon, want string
		width            int
	}{
		{file("own.svg", 0, 0), file("icon.svg", 0, 0), "/icon-512.png", 512}, {file("own.png", 300, 60), "", "/icon-512.png", 512},
		{file("own.png", 300, 112), "", "/own.png", 300}, {"", file("icon.png", 640, 640), "/icon-512.png", 512},
	} {
		h.set(map[string]string{"logo": c.logo, "icon": c.icon})
		at, width := logo(page)
		r := ask(site, "GET", at)
		img, _, err := image.Decode(r.Body)
		if err != nil || !strings.HasSuffix(at, c.want) || width != c.width || img.Bounds().Dx() != c.width {
			t.Errorf("the logo of %s is %s, %d wide: %d, %v", c.logo, at, width, r.StatusCode, err)
		}
	}
}
