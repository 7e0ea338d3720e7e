package site

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/blob"
	"dateline/internal/cache"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/feed"
	"dateline/internal/media"
	"dateline/internal/richtext"
	"dateline/internal/topic"
)

var feedNoon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// feedHouse is a newsroom of two editions with a section, a columnist, a
// picture and three articles, of which one is for members.
type feedHouse struct {
	*testing.T
	*Site
	d                        *db.DB
	pub, town, saule, bridge int64
	en, ru                   edition.Edition
	first, second, members   int64
}

func openFeeds(t *testing.T, d *db.DB) *feedHouse {
	files, err := blob.OpenDir(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	addresses := address.New(d)
	h := &feedHouse{T: t, d: d, Site: New(Rooms{Editions: edition.New(d), Articles: article.New(d, addresses), Topics: topic.New(d, addresses),
		Authors: author.New(d, entity.New(d), addresses), Media: media.New(d, files), Addresses: addresses,
		BaseURL: "https://www.lamp.example", Now: func() time.Time { return feedNoon }})}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	m, err := h.Media.Take(t.Context(), "bridge.png", &picture, 0)
	if err != nil {
		t.Fatal(err)
	}
	m.Texts = map[string]media.Text{"en": {Caption: "Not as printed"}}
	h.tx(func(tx *db.Tx) error {
		site, err := h.Editions.Setup(t.Context(), tx, edition.PublicationInput{Key: "main", Zone: "UTC", DefaultLang: "en",
			Editions: []edition.EditionInput{{Lang: "en", Name: "The Lamp", Tagline: "News of a town"}, {Lang: "ru", Name: "Лампа"}}})
		if err != nil {
			return err
		}
		h.pub, h.en, h.ru = site.Publication.ID, site.Editions[0], site.Editions[1]
		topics, err := h.Topics.Put(t.Context(), tx, h.pub, []topic.Topic{{Kind: topic.Section,
			Names: map[string]topic.Name{"en": {Name: "Town & Roads", Slug: "town", Description: "What moves"}}}})
		if err != nil {
			return err
		}
		people, err := h.Authors.Put(t.Context(), tx, h.pub, []author.Contributor{{Names: map[string]string{"en": "Saule Nur"},
			Texts: map[string]author.Text{"en": {Role: "reporter"}}}})
		if err != nil {
			return err
		}
		pictures, err := h.Media.Put(t.Context(), tx, h.pub, []media.Media{m})
		h.town, h.saule, h.bridge = topics[0], people[0], pictures[0]
		return err
	})
	h.first = h.put(article.Edit{Content: article.Content{Headline: "The bridge ]]> closes", Standfirst: "For two hours."},
		VisibleFrom: feedNoon.Add(-2 * time.Hour), UpdatedAt: feedNoon.Add(-time.Hour)}, "<p id=\"b1\">At noon.</p>\n")
	h.second = h.put(article.Edit{Content: article.Content{Headline: "The bridge opens", Lead: &article.MediaRef{ID: h.bridge, Caption: "As printed", Credit: "A. Kim"}},
		VisibleFrom: feedNoon.Add(-time.Hour)}, fmt.Sprintf("<p id=\"b1\">See <a href=\"ref:article/%d\">before</a>.</p>\n", h.first))
	h.members = h.put(article.Edit{Content: article.Content{Headline: "Behind the bridge", Standfirst: "For members."}, Access: "members",
		VisibleFrom: feedNoon.Add(-time.Minute)}, "<p id=\"b1\">The secret.</p>\n")
	h.put(article.Edit{Content: article.Content{Headline: "Tomorrow"}, VisibleFrom: feedNoon.Add(time.Hour)}, "<p id=\"b1\">Not yet.</p>\n")
	return h
}

func (h *feedHouse) tx(f func(*db.Tx) error) {
	h.Helper()
	if err := h.d.Tx(h.Context(), db.Desk, f); err != nil {
		h.Fatal(err)
	}
}

func (h *feedHouse) put(e article.Edit, body string) int64 {
	h.Helper()
	doc, err := richtext.Parse(body)
	if err != nil {
		h.Fatal(err)
	}
	y, m, d := e.VisibleFrom.Date()
	e.Publication, e.Edition, e.State, e.Body, e.Slug, e.Actor = h.pub, h.en.ID, article.Approved, doc, "bridge", "test"
	e.Day = y*10000 + int(m)*100 + d
	e.Content.Lang, e.Content.Kind = "en", article.Text
	e.Content.Topics = []article.TopicRef{{ID: h.town, Kind: "section", Name: "Town & Roads"}}
	e.Content.Credits = []article.Credit{{Entity: h.saule, Name: "S. Nur", Role: "author"}, {Name: "Editor", Role: "editor"}}
	var saved []article.Saved
	h.tx(func(tx *db.Tx) (err error) {
		saved, err = h.Articles.Put(h.Context(), tx, []article.Edit{e})
		return err
	})
	return saved[0].ID
}

func (h *feedHouse) ask(ed edition.Edition, base, format string) (*cache.Page, *request, error) {
	h.Helper()
	site, err := h.Editions.Site(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	q := &request{ctx: h.Context(), site: site, ed: ed, path: "/" + base, now: feedNoon, made: newMade()}
	p, err := h.feed(q, base, format)
	return p, q, err
}

// feedIn is a feed as somebody reads it who knows RSS.
type feedIn struct {
	Title string   `xml:"channel>title"`
	Link  []string `xml:"channel>link"`
	Items []struct {
		Title      string   `xml:"title"`
		Link       string   `xml:"link"`
		GUID       string   `xml:"guid"`
		Creators   []string `xml:"creator"`
		Categories []string `xml:"category"`
		Credit     string   `xml:"content>credit"`
		Text       string   `xml:"encoded"`
	} `xml:"channel>item"`
}

func (h *feedHouse) rss(base string) feedIn {
	h.Helper()
	p, _, err := h.ask(h.en, base, "rss")
	if err != nil {
		h.Fatal(err)
	}
	var f feedIn
	if err := xml.Unmarshal(p.Body, &f); err != nil {
		h.Fatalf("%v in\n%s", err, p.Body)
	}
	return f
}

func TestFeed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openFeeds(t, d)
		f := h.rss("")
		if f.Title != "The Lamp: all articles" || f.Link[0] != "https://www.lamp.example/" {
			t.Errorf("%q of %q", f.Title, f.Link)
		}
		var titles []string
		for _, it := range f.Items {
			titles = append(titles, it.Title)
		}
		if diff := cmp.Diff([]string{"Behind the bridge", "The bridge opens", "The bridge ]]> closes"}, titles); diff != "" {
			t.Fatal(diff)
		}
		second := f.Items[1]
		got := []string{second.Link, second.GUID, fmt.Sprint(second.Creators), fmt.Sprint(second.Categories), second.Credit}
		want := []string{"https://www.lamp.example/2026/11/14/bridge-2", fmt.Sprintf("tag:lamp.example,2026:article/%d", h.second),
			"[S. Nur]", "[Town & Roads]", "A. Kim"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, part := range []string{`<img src="https://www.lamp.example/media/`, "As printed <small>A. Kim</small>",
			`<p>See <a href="https://www.lamp.example/2026/11/14/bridge">before</a>.</p>`} {
			if !strings.Contains(second.Text, part) {
				t.Errorf("no %s in %s", part, second.Text)
			}
		}
		if strings.Contains(second.Text, "Not as printed") {
			t.Errorf("not as printed: %s", second.Text)
		}
		if got, want := f.Items[2].Text, "<p><strong>For two hours.</strong></p>\n<p>At noon.</p>\n"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got, want := f.Items[0].Text, `<p><strong>For members.</strong></p>`+"\n"+
			`<p><a href="https://www.lamp.example/2026/11/14/bridge-3">Read on the site of The Lamp</a></p>`; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestFeedForms(t *testing.T) {
	h := openFeeds(t, dbtest.New(t))
	for format, contentType := range map[string]string{"rss": feed.RSSType, "atom": feed.AtomType, "json": feed.JSONType} {
		for _, base := range []string{"", "section/town", "author/saule-nur"} {
			p, q, err := h.ask(h.en, base, format)
			if err != nil {
				t.Errorf("%s of %q: %v", format, base, err)
				continue
			}
			if err := feed.Check(format, p.Body); err != nil {
				t.Errorf("%q: %v", base, err)
			}
			if p.ContentType != contentType || p.Header.Get("Access-Control-Allow-Origin") != "*" ||
				strings.Contains(p.Header.Get("Content-Security-Policy"), "script-src") ||
				!strings.Contains(p.Header.Get("Content-Security-Policy"), "upgrade-insecure-requests") || len(p.Header) != 3 {
				t.Errorf("%s of %q: %s, %v", format, base, p.ContentType, p.Header)
			}
			list := map[string]string{"": fmt.Sprintf("list:%d", h.en.ID), "section/town": fmt.Sprintf("topic-list:%d", h.town),
				"author/saule-nur": fmt.Sprintf("author-list:%d", h.saule)}[base]
			for _, tag := range []string{list, fmt.Sprintf("article:%d", h.first), fmt.Sprintf("media:%d", h.bridge),
				fmt.Sprintf("topic:%d", h.town), fmt.Sprintf("entity:%d", h.saule)} {
				if !slices.Contains(p.Tags, tag) {
					t.Errorf("%s of %q is not made of %s: %v", format, base, tag, p.Tags)
				}
			}
			if !p.Until.Equal(feedNoon.Add(time.Hour)) || !q.made.until.Equal(p.Until) {
				t.Errorf("%s of %q holds until %v", format, base, p.Until)
			}
			if again, _, err := h.ask(h.en, base, format); err != nil || !bytes.Equal(p.Body, again.Body) {
				t.Errorf("%s of %q: two renderings differ (%v)", format, base, err)
			}
			if bytes.Contains(p.Body, []byte("secret")) || bytes.Contains(p.Body, []byte("Not yet")) {
				t.Errorf("%s of %q tells what is not for everybody", format, base)
			}
		}
	}
}

func TestFeedOfLists(t *testing.T) {
	h := openFeeds(t, dbtest.New(t))
	for base, title := range map[string]string{"section/town": "Town & Roads · The Lamp", "author/saule-nur": "Saule Nur · The Lamp"} {
		f := h.rss(base)
		if f.Title != title || f.Link[0] != "https://www.lamp.example/"+base || len(f.Items) != 3 {
			t.Errorf("%s: %q of %q, %d items", base, f.Title, f.Link, len(f.Items))
		}
	}
	// An edition without articles has a feed without items.
	p, _, err := h.ask(h.ru, "", "json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Title    string            `json:"title"`
		Language string            `json:"language"`
		FeedURL  string            `json:"feed_url"`
		Items    []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(p.Body, &f); err != nil || f.Language != "ru" || f.Items == nil || len(f.Items) != 0 ||
		f.FeedURL != "https://www.lamp.example/ru/feed.json" || !strings.Contains(f.Title, "Лампа") {
		t.Errorf("%v %+v", err, f)
	}
	for _, c := range []struct {
		ed           edition.Edition
		base, format string
	}{{h.ru, "section/town", "rss"}, {h.en, "section/none", "rss"}, {h.en, "2026/11/14/bridge", "rss"}, {h.en, "", "rdf"}} {
		if _, _, err := h.ask(c.ed, c.base, c.format); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of %s%s: %v", c.format, c.ed.Prefix, c.base, err)
		}
	}
}

func TestFeedOfRenamedList(t *testing.T) {
	h := openFeeds(t, dbtest.New(t))
	h.tx(func(tx *db.Tx) error {
		_, err := h.Topics.Put(t.Context(), tx, h.pub, []topic.Topic{{ID: h.town, Kind: topic.Section,
			Names: map[string]topic.Name{"en": {Name: "City", Slug: "city"}}}})
		return err
	})
	p, _, err := h.ask(h.en, "section/town", "atom")
	if err != nil || p.Status != http.StatusMovedPermanently || p.Header.Get("Location") != "/section/city/atom.xml" {
		t.Fatalf("%+v, %v", p, err)
	}
	// What a reader's program knows it by has not changed.
	p, _, err = h.ask(h.en, "section/city", "atom")
	if err != nil || !bytes.Contains(p.Body, fmt.Appendf(nil, "<id>tag:lamp.example,2026:feed/%d/topic/%d</id>", h.en.ID, h.town)) {
		t.Errorf("%v\n%.600s", err, p.Body)
	}
}

func TestFeedWithdrawn(t *testing.T) {
	h := openFeeds(t, dbtest.New(t))
	h.tx(func(tx *db.Tx) error { return h.Articles.Withdraw(t.Context(), tx, h.second, "wrong bridge") })
	for _, it := range h.rss("").Items {
		if it.Title == "The bridge opens" {
			t.Error("a withdrawn article is still given away")
		}
	}
}

func TestFeedOf(t *testing.T) {
	for path, want := range map[string][3]string{
		"feed.xml":              {"", "rss", "true"},
		"atom.xml":              {"", "atom", "true"},
		"section/town/feed.xml": {"section/town", "rss", "true"},
		"author/x/feed.json":    {"author/x", "json", "true"},
		"section/town":          {"section/town", "", "false"},
		"section/feed":          {"section/feed", "", "false"},
		"xfeed.xml":             {"xfeed.xml", "", "false"},
	} {
		base, format, ok := feedOf(path)
		if got := [3]string{base, format, fmt.Sprint(ok)}; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
