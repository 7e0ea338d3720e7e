package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	demofiles "dateline/demo"
	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/media"
	"dateline/internal/topic"
	"dateline/internal/webtest"
)

var monday = time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)

// change makes a change as the desk would.
func (h *house) change(f func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	ctx := context.Background()
	if err := h.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error { return f(ctx, tx) }); err != nil {
		h.t.Fatal(err)
	}
}

func ask(h http.Handler, method, path string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// TestPageScripts runs testdata/pages over the demo newsroom, one of whose
// stories has been withdrawn.
func TestPageScripts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		ctx := context.Background()
		target, _, err := h.app.Addresses.Lookup(ctx, h.site.Default().ID, "2026/11/12/a-chess-club-is-a-parliament")
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.app.Articles.Public(ctx, target.ID, monday)
		if err != nil {
			t.Fatal(err)
		}
		told, err := h.app.Articles.Translations(ctx, a.StoryID, monday)
		if err != nil {
			t.Fatal(err)
		}
		reasons := map[string]string{"en": "The score was wrong.", "ru": "Счёт был неверен.", "kk": "Есеп қате болды."}
		values := map[string]string{}
		h.change(func(ctx context.Context, tx *db.Tx) error {
			for _, x := range told {
				ed, _ := h.site.ByID(x.Edition)
				values["gone_"+ed.Lang] = ed.Prefix + "/" + strings.TrimPrefix(x.Path, "/")
				if err := h.app.Articles.Withdraw(ctx, tx, x.ID, reasons[ed.Lang]); err != nil {
					return err
				}
			}
			return nil
		})
		webtest.RunWith(t, h.app.Handler(), values, "testdata/pages/*.txt")
	})
}

// TestEveryPage holds every page of the demo to what is promised of each.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouseOf(t, d, &clock{t: monday}, 1, demofiles.Files)
		site := h.app.Handler()
		paths := crawl(site, "/", "/ru/", "/kk/", "/nowhere", "/media/no/no.svg")
		h.slashes(site)
		alternates := map[string]map[string]string{} // page → language → page
		articles, having := 0, map[string]int{}
		for _, path := range paths {
			w := ask(site, "GET", path)
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"} {
				if w.Header.Get(name) == "" {
					t.Errorf("%s has no %s", path, name)
				}
			}
			if c := w.Header.Values("Set-Cookie"); len(c) > 0 {
				t.Errorf("%s sets %q", path, c)
			}
			if w.StatusCode != http.StatusOK {
				continue
			}
			h.conditional(site, path, w)
			if !strings.HasPrefix(w.Header.Get("Content-Type"), "text/html") {
				continue
			}
			root, err := html.Parse(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(path, "/-/") { // a form, which no search engine keeps
				continue
			}
			if got := attrOf(t, root, "link[rel=canonical]", "href"); got != "http://lamp.test"+path {
				t.Errorf("%s: canonical is %q", path, got)
			}
			alternates["http://lamp.test"+path] = map[string]string{}
			links, _ := webtest.Select(root, "link[hreflang]")
			for _, l := range links {
				lang, _ := webtest.Attr(l, "hreflang")
				alternates["http://lamp.test"+path][lang], _ = webtest.Attr(l, "href")
			}
			if ld := newsArticle(t, path, root); ld != nil {
				articles++
				for _, name := range []string{"dateline", "image"} {
					if ld[name] != nil {
						having[name]++
					}
				}
			}
		}
		want := publicTexts(t)
		if articles != want["published"] {
			t.Errorf("%d articles, want %d", articles, want["published"])
		}
		if having["dateline"] != want["dateline"] || having["image"] != articles {
			t.Errorf("%d articles name a place, %d show a picture, want %d and %d", having["dateline"], having["image"], want["dateline"], articles)
		}
		for page, langs := range alternates {
			for lang, other := range langs {
				if back, ok := alternates[other]; !ok {
					t.Errorf("%s: hreflang %s leads to %s, which is no page", page, lang, other)
				} else if !slices.Contains(values(back), page) {
					t.Errorf("%s: hreflang %s leads to %s, which does not lead back", page, lang, other)
				}
			}
			if langs["en"] != "" && langs["x-default"] == "" { // what the default edition does not have has no default
				t.Errorf("%s: no x-default", page)
			}
		}
		t.Logf("%d addresses", len(paths))
	})
}

// publicTexts counts the articles of the demo that everybody may see, and how
// many of them say what, by the lines of their blocks.
func publicTexts(t *testing.T) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, head := range heads(t) {
		if head["state"] != "" || head["withdrawn"] != "" || strings.HasPrefix(head["published"], "in ") {
			continue
		}
		for key := range head {
			counts[key]++
		}
	}
	return counts
}

func values(m map[string]string) (out []string) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func attrOf(t *testing.T, root *html.Node, selector, name string) string {
	t.Helper()
	found, err := webtest.Select(root, selector)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		return ""
	}
	v, _ := webtest.Attr(found[0], name)
	return v
}

// conditional asks again for a page that the reader has, and for its head.
func (h *house) conditional(site http.Handler, path string, w *http.Response) {
	h.t.Helper()
	tag, modified := w.Header.Get("Etag"), w.Header.Get("Last-Modified")
	if tag == "" {
		h.t.Errorf("%s has no ETag", path)
		return
	}
	if c := ask(site, "GET", path, "If-None-Match", tag).StatusCode; c != http.StatusNotModified {
		h.t.Errorf("%s: the same ETag answers %d, want 304", path, c)
	}
	if c := ask(site, "GET", path, "If-None-Match", `"another"`).StatusCode; c != http.StatusOK {
		h.t.Errorf("%s: another ETag answers %d, want 200", path, c)
	}
	if modified != "" {
		if c := ask(site, "GET", path, "If-Modified-Since", modified).StatusCode; c != http.StatusNotModified {
			h.t.Errorf("%s: unmodified since %s answers %d, want 304", path, modified, c)
		}
		if c := ask(site, "GET", path, "If-Modified-Since", "Mon, 02 Jan 2006 15:04:05 GMT").StatusCode; c != http.StatusOK {
			h.t.Errorf("%s: modified since 2006 answers %d, want 200", path, c)
		}
	}
	head := ask(site, "HEAD", path)
	if head.StatusCode != w.StatusCode || head.Header.Get("Etag") != tag || head.Header.Get("Content-Length") != w.Header.Get("Content-Length") {
		h.t.Errorf("%s: HEAD answers %d, ETag %s, length %s", path, head.StatusCode, head.Header.Get("Etag"), head.Header.Get("Content-Length"))
	}
}

var dated = regexp.MustCompile(`/\d{4}/\d\d/\d\d/[^/]+$`)

// newsArticle reads the JSON-LD that CONTRACT.md promises; nil for a page that
// is no article.
func newsArticle(t *testing.T, path string, root *html.Node) map[string]any {
	t.Helper()
	if !dated.MatchString(path) {
		return nil
	}
	if attrOf(t, root, "article.h-entry[data-article]", "data-article") == "" {
		t.Errorf("%s has no h-entry with data-article", path)
	}
	found, _ := webtest.Select(root, `script[type="application/ld+json"]`)
	ld := map[string]any{}
	if len(found) == 0 || found[0].FirstChild == nil {
		t.Errorf("%s has no JSON-LD", path)
		return ld
	}
	if err := json.Unmarshal([]byte(found[0].FirstChild.Data), &ld); err != nil {
		t.Errorf("%s: JSON-LD: %v", path, err)
		return ld
	}
	for _, name := range []string{"headline", "author", "datePublished", "dateModified", "articleSection", "keywords",
		"inLanguage", "publisher", "interactionStatistic", "commentCount"} {
		if ld[name] == nil {
			t.Errorf("%s: JSON-LD has no %s", path, name)
		}
	}
	if kind, _ := ld["@type"].(string); !strings.HasSuffix(kind, "NewsArticle") {
		t.Errorf("%s: JSON-LD is a %q", path, kind)
	}
	for _, name := range []string{"author", "articleSection", "keywords"} {
		if _, ok := ld[name].([]any); ld[name] != nil && !ok {
			t.Errorf("%s: JSON-LD's %s is no list", path, name)
		}
	}
	return ld
}

// canary makes an article whose every part holds the word, with a tag and a
// picture of its own.
func (h *house) canary(word string, state article.State, at time.Time) (a article.Article, _ string) {
	h.t.Helper()
	ctx := context.Background()
	m, err := h.app.Media.Take(ctx, word+".svg", strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><title>`+word+`</title></svg>`), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	m.Texts = map[string]media.Text{"en": {Alt: word + " alt", Caption: word + " caption"}}
	h.change(func(ctx context.Context, tx *db.Tx) error {
		ids, err := h.app.Media.Put(ctx, tx, h.site.Publication.ID, []media.Media{m})
		if err != nil {
			return err
		}
		m.ID = ids[0]
		tags, err := h.app.Topics.Put(ctx, tx, h.site.Publication.ID, []topic.Topic{{Kind: topic.Tag, Names: map[string]topic.Name{"en": {Name: word + " tag", Slug: word + "-tag"}}}})
		if err != nil {
			return err
		}
		e := h.fresh(h.site.Default(), at)
		e.VisibleFrom, e.State, e.Slug, e.Body = at, state, word, h.body(word+" body")
		e.Content.Headline, e.Content.Standfirst, e.Content.Kicker = word+" headline", word+" standfirst", word+" kicker"
		e.Content.Topics = append(e.Content.Topics, article.TopicRef{ID: tags[0], Kind: "tag", Name: word + " tag"})
		e.Content.Lead = &article.MediaRef{ID: m.ID, Caption: word + " caption", Alt: word + " alt", SHA256: m.SHA256}
		list, err := h.app.Articles.Put(ctx, tx, []article.Edit{e})
		if err != nil {
			return err
		}
		a, err = h.app.Articles.Get(ctx, tx, list[0].ID)
		return err
	})
	kept, err := h.app.Media.ByIDs(ctx, []int64{m.ID})
	if err != nil {
		h.t.Fatal(err)
	}
	return a, kept[m.ID].Path()
}

// TestNothingBeforeItsTime looks on every page for words that nobody may read
// yet, or no more, and for those of a scheduled article at its instant.
func TestNothingBeforeItsTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: monday}
		h := openHouse(t, d, c, 1)
		site := h.app.Handler()
		at := monday.Add(time.Hour)
		soon, picture := h.canary("kingfisher", article.Approved, at)
		draft, draftPicture := h.canary("shrike", article.Draft, monday.Add(-time.Hour))
		gone, gonePicture := h.canary("wheatear", article.Approved, monday.Add(-2*time.Hour))
		if !strings.Contains(get(site, "/"), "wheatear") {
			t.Fatal("an article that is published is not on the front page")
		}
		h.change(func(ctx context.Context, tx *db.Tx) error {
			return h.app.Articles.Withdraw(ctx, tx, gone.ID, "It was another bird.")
		})
		hidden := []string{"kingfisher", "shrike", "wheatear"}
		look := func(when string) {
			t.Helper()
			paths := crawl(site, "/", "/ru/", "/kk/", "/"+strings.TrimPrefix(soon.Path, "/"), "/"+strings.TrimPrefix(draft.Path, "/"), "/tag/shrike-tag",
				"/search?q=headline", "/search?order=newest&q=kingfisher", "/search?q=shrike", "/search?q=wheatear", "/search?q=kingfishr")
			for _, p := range paths {
				// The address that the reader asked for may come back.
				text := strings.ReplaceAll(get(site, p), p, "")
				for _, word := range hidden {
					// So may its words; then only what was not asked tells.
					telling := []string{word}
					if strings.Contains(p, word) {
						telling = []string{word + " headline", word + " standfirst", word + " kicker", word + " caption", word + " alt", word + " body"}
					}
					for _, told := range telling {
						if strings.Contains(text, told) {
							t.Errorf("%s: %s tells of the %s:\n%s", when, p, word, around(text, told))
						}
					}
					if strings.Contains(p, "q="+word) && strings.Contains(text, `id="hits"`) {
						t.Errorf("%s: %s finds something", when, p)
					}
				}
			}
		}
		pathOf := func(a article.Article) string { return "/" + strings.TrimPrefix(a.Path, "/") }
		code := func(path string, want int) {
			t.Helper()
			if got := ask(site, "GET", path).StatusCode; got != want {
				t.Errorf("%s answers %d, want %d", path, got, want)
			}
		}
		look("an hour before")
		c.add(time.Hour - time.Millisecond)
		look("a millisecond before")
		code(pathOf(soon), 404)
		code(pathOf(soon)+"/", 404)
		code(pathOf(draft), 404)
		code(pathOf(gone), 410)
		for _, p := range []string{picture, draftPicture, gonePicture} {
			code(p, 404)
		}
		c.add(time.Millisecond)
		hidden = hidden[1:]
		look("at its instant")
		code(picture, 200)
		day := fmt.Sprintf("/%04d/%02d/%02d/", soon.Day/10000, soon.Day/100%100, soon.Day%100)
		surfaces := []string{pathOf(soon), "/", day, day[:9], "/tag/kingfisher-tag", "/feed.xml", "/atom.xml", "/feed.json", "/tag/kingfisher-tag/feed.xml",
			"/search?q=kingfisher", "/search?order=newest&q=kingfisher+captions"}
		root, err := html.Parse(ask(site, "GET", pathOf(soon)).Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{".p-author a[rel=author]", `article[data-article] a[href^="/section/"]`} {
			if href := attrOf(t, root, s, "href"); href != "" {
				surfaces = append(surfaces, href)
			}
		}
		for _, p := range surfaces {
			if text := unmarked.Replace(get(site, p)); !strings.Contains(text, "kingfisher headline") {
				t.Errorf("at its instant %s does not show the article: %.60s", p, text)
			}
		}
	})
}

// unmarked is the text of a result without the marks of the words asked for.
var unmarked = strings.NewReplacer(`<mark class="mark">`, "", "</mark>", "")

func around(text, word string) string {
	i := strings.Index(text, word)
	return text[max(0, i-150):min(len(text), i+150)]
}

// TestLinkComesToLife: a link to an address of the old site that leads nowhere
// becomes one as soon as something claims the address, on pages already kept;
// a page whose addresses all lead somewhere is left alone by further claims.
func TestLinkComesToLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		site := h.app.Handler()
		var to, from article.Saved
		claim := func(path string) {
			h.change(func(ctx context.Context, tx *db.Tx) error {
				return h.app.Addresses.AddRedirects(ctx, tx, []address.Redirect{{Publication: h.site.Publication.ID, Host: "old.test", Path: path,
					Edition: h.site.Default().ID, Target: address.Target{Kind: "article", ID: to.ID}}})
			})
		}
		h.change(func(ctx context.Context, tx *db.Tx) error {
			target := h.fresh(h.site.Default(), monday.Add(-2*time.Hour))
			e := h.fresh(h.site.Default(), monday.Add(-time.Hour))
			e.Body = h.body(`<a href="ref:old/old.test/2009/bridge">that</a>`)
			list, err := h.app.Articles.Put(ctx, tx, []article.Edit{target, e})
			if err == nil {
				to, from = list[0], list[1]
			}
			return err
		})
		page := func() string { return get(site, "/"+strings.TrimPrefix(from.Path, "/")) }
		link := regexp.MustCompile(`<a [^>]*href="[^"]*` + regexp.QuoteMeta(to.Path) + `"[^>]*>that</a>`)
		if link.MatchString(page()) {
			t.Fatal("an address that nobody claims leads somewhere")
		}
		claim("/2009/bridge")
		if p := page(); !link.MatchString(p) {
			t.Errorf("the link does not lead to the article: %s", around(p, "that</"))
		}
		before := h.app.Cache.Stats().Renders
		claim("/2009/another")
		page()
		if n := h.app.Cache.Stats().Renders - before; n != 0 {
			t.Errorf("%d renderings after a claim that concerns no page", n)
		}
	})
}

// slashes: a list's address with a slash behind it leads to where it leads
// without one, in every edition and on later pages, and nowhere where nothing
// stands.
func (h *house) slashes(site http.Handler) {
	h.t.Helper()
	lists, err := db.List(context.Background(), h.app.DB, db.One[string],
		"SELECT DISTINCT path FROM address WHERE kind IN ('topic', 'author') ORDER BY path")
	if err != nil {
		h.t.Fatal(err)
	}
	told := map[int]int{}
	for i, list := range lists {
		if strings.HasPrefix(list, "tag/") && i%10 != 0 {
			continue // of a hundred of one kind
		}
		for _, e := range h.site.Editions {
			for _, page := range []string{"", "/page/2"} {
				path := (&url.URL{Path: e.Prefix + "/" + list + page}).EscapedPath()
				plain, slashed := ask(site, "GET", path), ask(site, "GET", path+"/")
				want, to := plain.StatusCode, plain.Header.Get("Location")
				if want == http.StatusOK {
					want, to = http.StatusMovedPermanently, path
				}
				if got := slashed.Header.Get("Location"); slashed.StatusCode != want || got != to {
					h.t.Errorf("%s answers %d %q, and with a slash %d %q", path, plain.StatusCode, plain.Header.Get("Location"), slashed.StatusCode, got)
				}
				if page != "" {
					told[plain.StatusCode]++
				}
			}
		}
	}
	if told[http.StatusOK] == 0 || told[http.StatusNotFound] == 0 {
		h.t.Errorf("later pages answer %v", told)
	}
}
