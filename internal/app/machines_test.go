package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"image"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/feed"
	"dateline/internal/lang"
	"dateline/internal/webtest"
)

// body is what a document says, and its content type.
func (h *house) document(path string) (string, string) {
	h.t.Helper()
	w := ask(h.app.Handler(), "GET", path)
	b, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != http.StatusOK {
		h.t.Fatalf("%s answers %d, %v", path, w.StatusCode, err)
	}
	return string(b), w.Header.Get("Content-Type")
}

func (h *house) set(values map[string]string) {
	h.t.Helper()
	for key, v := range values {
		if err := h.app.Set(context.Background(), key, "", v); err != nil {
			h.t.Fatal(err)
		}
	}
}

// TestSettingsForMachines holds that what a newsroom sets is what programs get.
func TestSettingsForMachines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: monday}
		h := openHouse(t, d, c, 1)
		site := h.app.Handler()
		h.set(map[string]string{"dzen": "", "ads_txt": "", "trust_txt": "", "security_contact": ""}) // which the demo has set
		for _, p := range []string{"/feed/dzen.xml", "/feed/other.xml", "/ads.txt", "/trust.txt", "/.well-known/security.txt"} {
			if w := ask(site, "GET", p); w.StatusCode != http.StatusNotFound {
				t.Errorf("nothing is set, and %s answers %d", p, w.StatusCode)
			}
		}
		h.set(map[string]string{"security_contact": "mailto:editors@lamp.test\nhttps://lamp.test/report", "security_policy": "/about",
			"trust_txt": "member=https://news.example/\ndatatrainingallowed=no", "ads_txt": "ads.example, 17, DIRECT",
			"robots_txt": "User-agent: Reaper\nDisallow: /", "websub_hub": "https://hub.example/", "dzen": "true",
			"policy_ethics": "/about", "policy_corrections": "https://lamp.test/corrections", "policy_sources": "/nowhere", "founded": "1998"})

		text, kind := h.document("/.well-known/security.txt")
		want := "Contact: mailto:editors@lamp.test\nContact: https://lamp.test/report\nExpires: 2027-06-01T00:00:00Z\nPreferred-Languages: en, kk, ru\n"
		if text != want || kind != feed.TextType { // a policy must be https, which this site is not
			t.Errorf("security.txt (%s):\n%s", kind, text)
		}
		c.add(9 * 24 * time.Hour) // into December
		if text, _ := h.document("/.well-known/security.txt"); !strings.Contains(text, "Expires: 2027-07-01T00:00:00Z") {
			t.Errorf("security.txt grows old:\n%s", text)
		}
		c.add(-9 * 24 * time.Hour)
		for path, want := range map[string]string{
			"/trust.txt": "member=https://news.example/\ndatatrainingallowed=no\n", "/.well-known/trust.txt": "member=https://news.example/\n",
			"/ads.txt": "ads.example, 17, DIRECT\n", "/robots.txt": "\nUser-agent: Reaper\nDisallow: /\n",
		} {
			if text, _ := h.document(path); !strings.Contains(text, want) {
				t.Errorf("%s:\n%s", path, text)
			}
		}
		front, _ := h.document("/")
		for _, want := range []string{`"ethicsPolicy":"http://lamp.test/about"`, `"correctionsPolicy":"https://lamp.test/corrections"`, `"foundingDate":"1998"`} {
			if !strings.Contains(front, want) {
				t.Errorf("the front page has no %s", want)
			}
		}
		if strings.Contains(front, "unnamedSourcesPolicy") {
			t.Error("a page that nobody can read is named")
		}
		for _, p := range []string{"/feed.xml", "/ru/atom.xml", "/section/town/feed.json", "/ru/feed/dzen.xml"} {
			w := ask(site, "GET", p)
			links := strings.Join(w.Header.Values("Link"), ", ")
			if links != `<https://hub.example/>; rel="hub", <http://lamp.test`+p+`>; rel="self"` {
				t.Errorf("%s: Link: %s", p, links)
			}
			if b, _ := io.ReadAll(w.Body); !bytes.Contains(b, []byte("https://hub.example/")) {
				t.Errorf("%s does not name the hub", p)
			}
			h.conditional(site, p, ask(site, "GET", p))
		}
		h.dzen()
		h.hide(hiddenPath)
		for path, want := range map[string]int{"/ru/feed/dzen.xml": 1, "/feed/dzen.xml": 0, "/kk/feed/dzen.xml": 0} {
			text, _ := h.document(path)
			if n := strings.Count(text, "<category>noindex</category>"); n != want || strings.Count(text, "<category>index</category>") != strings.Count(text, "<item>")-want {
				t.Errorf("%s: %d articles are kept from search, want %d", path, n, want)
			}
		}
	})
}

// dzen holds the aggregator's feed to its rules, in every edition.
func (h *house) dzen() {
	h.t.Helper()
	all, err := feed.Dialects()
	if err != nil || len(all) == 0 {
		h.t.Fatalf("%d dialects, %v", len(all), err)
	}
	for _, e := range h.site.Editions {
		for _, d := range all {
			text, kind := h.document(e.Prefix + "/feed/" + d.Name + ".xml")
			if kind != feed.RSSType || d.Check([]byte(text), h.clock.now()) != nil {
				h.t.Errorf("%s %s: %s, %v", e.Lang, d.Name, kind, d.Check([]byte(text), h.clock.now()))
			}
			if n := strings.Count(text, "<item>"); n < 1 || n > 20 {
				h.t.Errorf("%s: %d articles in three days", e.Lang, n)
			}
		}
	}
}

// TestRobotsBars: crawlers stay out of searching, which has no end, and of no
// page that is called alike (RFC 9309 §2.2.2: the longest rule that fits holds).
func TestRobotsBars(t *testing.T) {
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 1)
	text, _ := h.document("/robots.txt")
	group, _, _ := strings.Cut(strings.TrimPrefix(text, "User-agent: *\n"), "\n\n")
	barred := func(path string) bool {
		longest, bars := 0, false
		for line := range strings.Lines(group) {
			kind, rule, _ := strings.Cut(strings.TrimSpace(line), ": ")
			whole, ends := strings.CutSuffix(rule, "$")
			if fits := strings.HasPrefix(path, whole) && (!ends || path == whole); fits && len(rule) > longest && (kind == "Allow" || kind == "Disallow") {
				longest, bars = len(rule), kind == "Disallow"
			}
		}
		return bars
	}
	for _, e := range h.site.Editions {
		for path, want := range map[string]bool{"/search": true, "/search?q=lamp": true, "/search-and-rescue": false, "/searching": false, "/search.xml": false, "/": false, "/section/town": false} {
			if got := barred(e.Prefix + path); got != want {
				t.Errorf("%s is barred: %t\n%s", e.Prefix+path, got, group)
			}
		}
	}
	for path, want := range map[string]bool{"/-/oembed?url=x": false, "/-/views/1": true, "/desk/": true} {
		if barred(path) != want {
			t.Errorf("%s is barred: %t", path, !want)
		}
	}
}

var located = regexp.MustCompile(`<loc>http://lamp\.test([^<]*)</loc>`)

// TestSitemapsAgree holds that every page that sitemaps name is there, is its
// own canonical one, and names the same versions in its head; and that no
// article is missing but what search engines are kept from.
func TestSitemapsAgree(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		site := h.app.Handler()
		h.hide(hiddenPath)
		h.turkish() // an edition that lacks most of the authors and shelves
		index, _ := h.document("/sitemap.xml")
		named := map[string]bool{}
		for _, m := range located.FindAllStringSubmatch(index, -1) {
			var f struct {
				URLs []struct {
					Loc   string `xml:"loc"`
					Links []struct {
						Lang string `xml:"hreflang,attr"`
						Href string `xml:"href,attr"`
					} `xml:"link"`
				} `xml:"url"`
			}
			text, _ := h.document(m[1])
			if err := xml.Unmarshal([]byte(text), &f); err != nil {
				t.Fatalf("%s: %v", m[1], err)
			}
			for _, u := range f.URLs {
				path := strings.TrimPrefix(u.Loc, "http://lamp.test")
				if named[path] {
					t.Errorf("%s twice", path)
				}
				named[path] = true
				page, _ := h.document(path)
				root, err := html.Parse(strings.NewReader(page))
				if err != nil {
					t.Fatal(err)
				}
				if got := attrOf(t, root, "link[rel=canonical]", "href"); got != u.Loc {
					t.Errorf("%s: canonical is %q", u.Loc, got)
				}
				var here, there []string
				links, _ := webtest.Select(root, "link[hreflang]")
				for _, l := range links {
					lang, _ := webtest.Attr(l, "hreflang")
					href, _ := webtest.Attr(l, "href")
					here = append(here, lang+" "+href)
				}
				for _, l := range u.Links {
					there = append(there, l.Lang+" "+l.Href)
				}
				if strings.Join(here, "\n") != strings.Join(there, "\n") {
					t.Errorf("%s: its head names\n%v\nthe sitemap\n%v", u.Loc, here, there)
				}
			}
		}
		for _, path := range crawl(site, "/", "/ru/", "/kk/") {
			if dated.MatchString(path) && named[path] == (path == hiddenPath) && ask(site, "GET", path).StatusCode == http.StatusOK {
				t.Errorf("%s: in a sitemap %t", path, named[path])
			}
		}
	})
}

// TestOEmbed holds the answers that https://oembed.com asks for.
func TestOEmbed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		site := h.app.Handler()
		const article = "/ru/2026/11/23/poezd-po-staromu-mostu"
		page, _ := h.document(article)
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		at := attrOf(t, root, `link[type="application/json+oembed"]`, "href")
		text, kind := h.document(strings.TrimPrefix(at, "http://lamp.test"))
		var e map[string]any
		if err := json.Unmarshal([]byte(text), &e); err != nil || kind != "application/json; charset=utf-8" {
			t.Fatalf("%s: %v", kind, err)
		}
		for name, want := range map[string]any{"type": "rich", "version": "1.0", "title": "Спустя одиннадцать лет по\u00a0старому мосту снова прошёл поезд",
			"provider_name": "Тасозенская лампа", "provider_url": "http://lamp.test/ru/", "width": float64(600), "height": float64(200)} {
			if e[name] != want {
				t.Errorf("%s is %v", name, e[name])
			}
		}
		if s := e["html"].(string); !strings.HasPrefix(s, `<blockquote lang="ru" cite="http://lamp.test`+article+`">`) || strings.Contains(s, "<script") {
			t.Error(s)
		}
		at = attrOf(t, root, `link[type="text/xml+oembed"]`, "href")
		text, kind = h.document(strings.TrimPrefix(at, "http://lamp.test"))
		var x struct {
			XMLName xml.Name `xml:"oembed"`
			Title   string   `xml:"title"`
		}
		if err := xml.Unmarshal([]byte(text), &x); err != nil || x.Title != e["title"] || kind != "text/xml; charset=utf-8" {
			t.Errorf("%s %s, %v", kind, text, err)
		}
		for query, want := range map[string]int{
			"url=" + url.QueryEscape("http://lamp.test"+article) + "&maxwidth=200": 200,
			"url=" + url.QueryEscape("http://lamp.test"+article) + "&maxwidth=x":   400,
			"url=" + url.QueryEscape("http://lamp.test"+article) + "&format=yaml":  501,
			"url=" + url.QueryEscape("http://other.test"+article):                  404,
			"url=" + url.QueryEscape("http://lamp.test/ru/"):                       404,
			"url=" + url.QueryEscape("javascript:alert(1)"):                        404,
			"": 404,
			"url=" + url.QueryEscape("https://LAMP.test"+article) + "&maxheight=9999": 200,
		} {
			if w := ask(site, "GET", "/-/oembed?"+query); w.StatusCode != want {
				t.Errorf("%s answers %d, want %d", query, w.StatusCode, want)
			}
		}
		text, _ = h.document("/-/oembed?maxwidth=200&url=" + url.QueryEscape("http://lamp.test"+article))
		if !strings.Contains(text, `"width":200`) {
			t.Error(text)
		}
	})
}

// TestOEmbedThumbnail: a thumbnail is no larger than was asked (§2.3.4.1 with
// §2.2), is a picture that every program shows, and is what the answer says.
func TestOEmbedThumbnail(t *testing.T) {
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 1) // one of whose articles has a photograph
	site := h.app.Handler()
	leads := map[string]string{} // ending of the lead picture → page
	for _, path := range crawl(site, "/") {
		if !dated.MatchString(path) {
			continue
		}
		root, err := html.Parse(strings.NewReader(get(site, path)))
		if err != nil {
			t.Fatal(err)
		}
		if src := attrOf(t, root, "figure.hero img", "src"); src != "" && leads[filepath.Ext(src)] == "" {
			leads[filepath.Ext(src)] = path
		}
	}
	if leads[".jpg"] == "" || leads[".svg"] == "" {
		t.Fatalf("lead pictures: %v", leads)
	}
	for _, c := range []struct {
		lead, limits string
		width        int // of the thumbnail; 0: there is none
	}{
		{".jpg", "", 1280}, {".jpg", "&maxwidth=600", 480}, {".jpg", "&maxwidth=320&maxheight=9999", 320}, {".jpg", "&maxwidth=320&maxheight=200", 160},
		{".jpg", "&maxheight=220", 320}, {".jpg", "&maxwidth=159", 0}, {".jpg", "&maxheight=50", 0}, {".svg", "", 0}, {".svg", "&maxwidth=9999&maxheight=9999", 0},
	} {
		text, _ := h.document("/-/oembed?url=" + url.QueryEscape("http://lamp.test"+leads[c.lead]) + c.limits)
		var e struct {
			Width, Height int
			URL           string `json:"thumbnail_url"`
			ThumbWidth    int    `json:"thumbnail_width"`
			ThumbHeight   int    `json:"thumbnail_height"`
		}
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		if e.ThumbWidth != c.width || (e.URL != "") != (c.width > 0) {
			t.Errorf("%s%s: %s", leads[c.lead], c.limits, text)
		}
		if e.URL == "" {
			continue
		}
		r := ask(site, "GET", strings.TrimPrefix(e.URL, "http://lamp.test"))
		if img, _, err := image.Decode(r.Body); err != nil || img.Bounds() != image.Rect(0, 0, e.ThumbWidth, e.ThumbHeight) {
			t.Errorf("%s is no picture of %d × %d: %v", e.URL, e.ThumbWidth, e.ThumbHeight, err)
		}
	}
}

// TestHealth holds that what is left out of documents is told, and what is
// well is not.
func TestHealth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		h.set(map[string]string{"dzen": "true", "ads_txt": "", "trust_txt": "member=news", "robots_txt": "User-agent: x\nDisallow: y"})
		list, err := h.app.Documents(context.Background(), lang.Of("en"))
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]string{}
		for _, x := range list {
			said[x.Path] = x.Line(lang.Of("en"))
		}
		if len(list) < 90 || len(said) != len(list) {
			t.Errorf("%d documents, %d of them different", len(list), len(said))
		}
		for path, want := range map[string]string{"/feed.xml": "good", "/ru/atom.xml": "good", "/kk/sitemap-2026-11.xml": "good", "/kk/": "good",
			"/ru/2026/11/23/poezd-po-staromu-mostu": "good", "/section/town/feed.xml": "good", "/ads.txt": "nothing is set for it",
			"/robots.txt": "goes without something: Line 2: y is no path, which begins with / or *.", "/trust.txt": "goes without something: Line 1: news is no address that begins with http or https."} {
			if said[path] != want {
				t.Errorf("%s: %s, want %s", path, said[path], want)
			}
		}
		for path, line := range said {
			if line != "good" && !strings.HasSuffix(path, ".txt") && !strings.Contains(path, "dzen") {
				t.Errorf("%s: %s", path, line)
			}
		}
	})
}
