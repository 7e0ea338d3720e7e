package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/lang"
	"dateline/internal/richtext"
	"dateline/internal/slug"
	"dateline/internal/topic"
	"dateline/internal/webtest"
)

// turkish adds an edition in a language that is data alone, with articles on
// every kind of shelf, each a version of a story that the English one has too.
func (h *house) turkish() edition.Edition {
	h.t.Helper()
	var ed edition.Edition
	h.change(func(ctx context.Context, tx *db.Tx) error {
		var err error
		ed, err = h.app.Editions.AddEdition(ctx, tx, h.site.Publication.ID, edition.EditionInput{Lang: "tr", Name: "Taşözen Lambası", Tagline: "Taşözen, ırmak ve bozkır haberleri"})
		if err != nil {
			return err
		}
		if err := h.app.Topics.Readdress(ctx, tx, h.site.Publication.ID); err != nil {
			return err
		}
		return h.app.Authors.Readdress(ctx, tx, h.site.Publication.ID)
	})
	tree, err := h.app.Topics.Tree(context.Background(), h.site.Publication.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	var shelves []topic.Topic
	for _, k := range []topic.Kind{topic.Section, topic.Genre, topic.Column, topic.Series} {
		all := tree.OfKind(k)
		if len(all) == 0 {
			h.t.Fatalf("the demo has no %s", k)
		}
		shelves = append(shelves, all[0])
	}
	h.change(func(ctx context.Context, tx *db.Tx) error {
		// One shelf has a Turkish name; the others say their English one.
		t := shelves[0]
		t.Names["tr"] = topic.Name{Name: "Irmak", Slug: "irmak"}
		_, err := h.app.Topics.Put(ctx, tx, h.site.Publication.ID, []topic.Topic{t})
		return err
	})
	who := h.anyAuthor(context.Background())
	h.change(func(ctx context.Context, tx *db.Tx) error {
		who.Texts["tr"] = author.Text{Role: "Muhabir", Bio: "Irmağı yazar."}
		_, err := h.app.Authors.Put(ctx, tx, h.site.Publication.ID, []author.Contributor{who})
		return err
	})
	for i, headline := range []string{"On bir yıl sonra eski köprüden bir tren geçti", "Kimse lambayı kimin yaktığını bilmiyor", "İlk kar 14 Kasım’da geldi"} {
		h.change(func(ctx context.Context, tx *db.Tx) error {
			e := h.fresh(ed, h.clock.now().Add(-time.Duration(i*40*24)*time.Hour))
			e.Content.Headline, e.Content.Standfirst, e.Slug = headline, "Makine 5 km boyunca insan adımıyla yürüdü; herkes de onunla.", slug.Make("tr", headline)
			e.Content.Dateline = article.Dateline{At: e.VisibleFrom, Zone: "Europe/Istanbul", Offset: 3 * 3600, Place: "İstanbul"}
			e.Body, _ = richtext.FromHTML(`<p>Gerçekleştiremediklerimizden biri de buydu.</p><p lang="ru">Это было в доме.</p>`, richtext.Options{Lang: "tr"})
			e.Content.Credits = []article.Credit{{Entity: who.EntityID, Name: "Ermek Sartbay", Role: "author"}}
			e.Content.Topics = nil
			for _, t := range shelves {
				e.Content.Topics = append(e.Content.Topics, article.TopicRef{ID: t.ID, Kind: string(t.Kind), Name: t.Name("tr", "en").Name, Above: tree.Ancestors(t.ID)})
			}
			e.StoryID = h.anyArticle(ctx, tx).StoryID
			saved, err := h.app.Articles.Put(ctx, tx, []article.Edit{e})
			if err != nil {
				return err
			}
			_, err = h.app.Comments.PutMany(ctx, tx, []comment.Comment{
				{ArticleID: saved[0].ID, AuthorKind: "imported", Name: "Anna", State: "approved", At: h.clock.now(), Body: "Мой дед водил этот поезд каждый день до самой пенсии."},
				{ArticleID: saved[0].ID, AuthorKind: "imported", Name: "Can", State: "approved", At: h.clock.now(), Body: "Bu trene her sabah binerdik, unutmam."}})
			return err
		})
	}
	return ed
}

// englishWords are words of the interface that a page of another language must not
// say.
func englishWords(tag string) []*regexp.Regexp {
	var out []*regexp.Regexp
	en, own := lang.Of("en"), lang.Of(tag)
	for _, key := range []string{"skip.main", "nav.sections", "nav.archive", "front.latest", "mostread.title", "article.published", "article.tags",
		"article.related", "comments.title", "list.articles", "footer.more", "privacy.title", "error.404.title", "footer.dateline", "correction.told"} {
		if w := en.T(key); w != own.T(key) {
			out = append(out, regexp.MustCompile(`(^|[^\p{L}])`+regexp.QuoteMeta(w)+`($|[^\p{L}])`))
		}
	}
	return out
}

// TestAddedLanguage reads every page of an edition whose language was added
// without a line of Go.
func TestAddedLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 7)
		h.turkish()
		site := h.app.Handler()
		english := englishWords("tr")
		kinds := map[string]int{}
		for _, path := range crawl(site, "/tr/", "/tr/nowhere", "/tr/2026/11/", "/tr/2026/11/23/", "/tr/2026/", "/tr/privacy") {
			if !strings.HasPrefix(path, "/tr/") && path != "/tr" {
				continue
			}
			w := ask(site, "GET", path)
			if !strings.HasPrefix(w.Header.Get("Content-Type"), "text/html") {
				continue
			}
			root, err := html.Parse(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := attrOf(t, root, "html", "lang") + " " + attrOf(t, root, "html", "dir"); got != "tr ltr" {
				t.Errorf("%s: lang and dir are %s", path, got)
			}
			body, _ := webtest.Select(root, "body")
			text := webtest.Text(body[0])
			for _, re := range english {
				if m := re.FindString(text); m != "" {
					t.Errorf("%s says %q", path, m)
				}
			}
			kinds[kindOf(path, w.StatusCode)]++
		}
		for _, k := range []string{"front", "article", "section", "genre", "column", "columns", "series", "author", "year", "month", "day", "authors", "privacy", "404"} {
			if kinds[k] == 0 {
				t.Errorf("no page of kind %s: %v", k, kinds)
			}
		}
		_, page, _ := strings.Cut(get(site, "/tr/2026/11/23/on-bir-yil-sonra-eski-kopruden-bir-tren-gecti"), "\n")
		for _, want := range []string{"23\u00a0Kasım 2026, 16:00 (İstanbul saati), İstanbul", "5\u00a0km", "lang=\"ru\">Это было в\u00a0доме.", "Ger\u00adçek\u00adleş\u00adti\u00adre\u00adme\u00addik",
			`<span lang="ru">Мой дед водил`, "herkes\u00a0de", `>Irmak</a>`, `<span lang="en">`, "Muhabir", "Kas"} {
			if !strings.Contains(page, want) {
				t.Errorf("the article lacks %q", want)
			}
		}
		if strings.Contains(page, `lang="en">Bu trene`) || strings.Contains(page, `<span lang="tr">`) {
			t.Error("the page's own language is marked as another")
		}
	})
}

// TestAddedScripts: editions whose language nobody has named in a program run
// the way their letters do, fetch those letters early, and say of each passage
// that runs the other way that it does. A list of languages that comes back
// anywhere in the program does not know these.
func TestAddedScripts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 7)
		passages := `<p>x <span lang="ru">Это</span> <span lang="sd-Deva">यह</span> <span lang="pa-PK">ایہ</span> <span lang="rhg">𐴀</span> <span lang="ff-Adlm">𞤀</span></p>`
		added := map[string]struct {
			dir, path, letters string
			want               []string
		}{
			"tg": {"ltr", "/tg/", "serif-common serif-cyrillic serif-tajik",
				[]string{`<span lang="ru">`, `<span lang="sd-Deva">`, `<span lang="pa-PK" dir="rtl">`, `<span lang="rhg" dir="rtl">`, `<span lang="ff-Adlm" dir="rtl">`}},
			"ff-Adlm": {"rtl", "/ff-adlm/", "",
				[]string{`<span lang="ru" dir="ltr">`, `<span lang="sd-Deva" dir="ltr">`, `<span lang="pa-PK">`, `<span lang="rhg">`, `lang="ru" dir="ltr" hreflang="ru"`, `lang="tg" dir="ltr" hreflang="tg"`}},
		}
		for tag := range added {
			h.change(func(ctx context.Context, tx *db.Tx) error {
				ed, err := h.app.Editions.AddEdition(ctx, tx, h.site.Publication.ID, edition.EditionInput{Lang: tag, Name: "Lamp"})
				if err != nil {
					return err
				}
				if err := h.app.Topics.Readdress(ctx, tx, h.site.Publication.ID); err != nil {
					return err
				}
				if err := h.app.Authors.Readdress(ctx, tx, h.site.Publication.ID); err != nil {
					return err
				}
				e := h.fresh(ed, h.clock.now().Add(-time.Hour))
				e.Body, _ = richtext.FromHTML(passages, richtext.Options{Lang: tag})
				return h.put(ctx, tx, e)
			})
		}
		site := h.app.Handler()
		for tag, c := range added {
			pages, page := 0, ""
			for _, path := range crawl(site, c.path, c.path+"nowhere", c.path+"privacy") {
				w := ask(site, "GET", path)
				if !strings.HasPrefix(path, c.path) || !strings.HasPrefix(w.Header.Get("Content-Type"), "text/html") {
					continue
				}
				if pages++; kindOf(path, w.StatusCode) == "article" {
					page = get(site, path)
				}
				root, err := html.Parse(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				if got := attrOf(t, root, "html", "lang") + " " + attrOf(t, root, "html", "dir"); got != tag+" "+c.dir {
					t.Errorf("%s: lang and dir are %s", path, got)
				}
				links, _ := webtest.Select(root, "link[rel=preload]")
				var letters []string
				for _, l := range links {
					href, _ := webtest.Attr(l, "href")
					name, _, _ := strings.Cut(href[strings.LastIndexByte(href, '/')+1:], ".")
					letters = append(letters, name)
				}
				if got := strings.Join(letters, " "); got != c.letters {
					t.Errorf("%s fetches %q early, not %q", path, got, c.letters)
				}
			}
			if pages < 5 {
				t.Errorf("%s has only %d pages", tag, pages)
			}
			for _, want := range c.want {
				if !strings.Contains(page, want) {
					t.Errorf("the article in %s lacks %s", tag, want)
				}
			}
		}
	})
}

func kindOf(path string, status int) string {
	if status != http.StatusOK {
		return fmt.Sprint(status)
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")[1:]
	dated := len(parts) > 0 && len(parts[0]) == 4 && parts[0] < "9999"
	switch {
	case len(parts) == 0:
		return "front"
	case dated:
		return []string{"", "year", "month", "day", "article"}[min(len(parts), 4)]
	}
	return parts[0]
}

// hide keeps the article at a path from search engines; its story's versions in
// the other editions stay as they are.
func (h *house) hide(path string) {
	h.t.Helper()
	ed, in := h.site.Split(path)
	t, _, err := h.app.Addresses.Lookup(context.Background(), ed.ID, strings.Trim(in, "/"))
	if err != nil {
		h.t.Fatal(err)
	}
	a, err := h.app.Articles.Public(context.Background(), t.ID, h.clock.now())
	if err != nil {
		h.t.Fatal(err)
	}
	e, err := h.editOf(context.Background(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	e.Content.Hidden = true
	h.change(func(ctx context.Context, tx *db.Tx) error { return h.put(ctx, tx, e) })
}

// hiddenPath is an article of which there are versions in every edition.
const hiddenPath = "/ru/2026/11/23/poezd-po-staromu-mostu"

// TestAlternatesAgree: every version of a page that a page names answers, is
// what it says of itself, and names the same versions (Google's and RFC 8288's
// hreflang, which is void where it is not mutual). A version that search
// engines are kept from is in no page's list, nor in its data, and has none
// itself; readers are led to it and away from it as ever.
func TestAlternatesAgree(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 7)
		h.turkish()
		site := h.app.Handler()
		before := get(site, hiddenPath) // kept by the cache
		h.hide(hiddenPath)
		if get(site, hiddenPath) == before {
			t.Error("an article that was hidden stays as it was")
		}
		sets, with, leads := map[string][]string{}, 0, 0
		for _, path := range crawl(site, "/", "/ru/", "/kk/", "/tr/") {
			w := ask(site, "GET", path)
			if w.StatusCode != http.StatusOK || !strings.HasPrefix(w.Header.Get("Content-Type"), "text/html") {
				continue
			}
			body, _ := io.ReadAll(w.Body)
			root, err := html.Parse(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			self := attrOf(t, root, "link[rel=canonical]", "href")
			if path != hiddenPath && bytes.Contains(body, []byte(hiddenPath+"#article")) {
				t.Errorf("%s names a hidden version in its data", path)
			}
			if switched, _ := webtest.Select(root, `a[hreflang][href="`+hiddenPath+`"]`); len(switched) > 0 {
				leads++
			}
			found, _ := webtest.Select(root, "link[rel=alternate][hreflang]")
			var set []string
			own := false
			for _, l := range found {
				tag, _ := webtest.Attr(l, "hreflang")
				to, _ := webtest.Attr(l, "href")
				set = append(set, tag+" "+to)
				own = own || to == self && tag == attrOf(t, root, "html", "lang")
			}
			slices.Sort(set)
			if len(set) > 0 && !own {
				t.Errorf("%s does not name itself: %v", path, set)
			}
			if len(slices.CompactFunc(slices.Clone(set), func(a, b string) bool { return strings.Fields(a)[0] == strings.Fields(b)[0] })) != len(set) {
				t.Errorf("%s names a language twice: %v", path, set)
			}
			sets[self] = set
			if len(set) > 0 {
				with++
			}
			if to, _ := webtest.Select(root, "a[hreflang=en]"); path == hiddenPath && (len(set) > 0 || len(to) == 0 || attrOf(t, root, "meta[name=robots]", "content") != "noindex") {
				t.Errorf("the hidden version names %v, and leads to %d versions", set, len(to))
			}
		}
		for self, set := range sets {
			for _, one := range set {
				to := strings.Fields(one)[1]
				if there, ok := sets[to]; !ok {
					t.Errorf("%s names %s, which is no page or not canonical", self, to)
				} else if !slices.Equal(there, set) {
					t.Errorf("%s names\n%v\nbut %s names\n%v", self, set, to, there)
				}
			}
		}
		if _, ok := sets["http://lamp.test"+hiddenPath]; !ok || leads < 2 {
			t.Errorf("readers are led to the hidden version from %d pages", leads)
		}
		if with < 30 {
			t.Errorf("only %d pages have versions", with)
		}
		t.Logf("%d pages, %d with versions in other languages", len(sets), with)
	})
}
