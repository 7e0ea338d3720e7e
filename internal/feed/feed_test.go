package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 14, 12, 0, 0, 5e6, time.FixedZone("", 3*3600))

// sample is a feed with everything in it.
func sample() Feed {
	return Feed{
		ID: "tag:lamp.example,2026:feed/1", Title: "The Lamp & Co: all articles", Description: "News of a town", Lang: "en",
		HomeURL: "https://lamp.example/", SelfURL: "https://lamp.example/feed.xml", Author: "The Lamp",
		Updated: noon, IconURL: "https://lamp.example/assets/icon.png",
		Items: []Item{
			{
				ID: "tag:lamp.example,2026:article/17", URL: "https://lamp.example/2026/11/14/bridge", Title: "The bridge <opens> & closes",
				Summary: "Two hours of traffic, 3 < 4.", Standfirst: "Two hours of traffic, 3 < 4.",
				HTML: `<p id="b1" class="x">See <a href="/2026/11/13/yesterday">yesterday</a>, <a href="#b9">note</a> ]]> here.</p>` +
					`<figure><img src="/media/t/river.jpg" srcset="/media/t/river.jpg?w=640 640w, /media/t/river.jpg 1280w" alt="" loading="lazy"></figure>`,
				Published: noon, Updated: noon.Add(90 * time.Minute),
				Authors:    []Person{{"Saule Nur", "https://lamp.example/author/saule"}, {"Ivan Petrov", ""}},
				Categories: []string{"Town", "Bridges", "Town"},
				Image: &Image{URL: "https://lamp.example/media/u/bridge.jpg", Mime: "image/jpeg", Bytes: 48211, Width: 1200, Height: 800,
					Alt: "A bridge, half open", Caption: "The bridge at noon", Credit: "Photo: A. Kim"},
			},
			{
				ID: "tag:lamp.example,2026:article/16", URL: "https://lamp.example/2026/11/13/zhol", Title: "Жол ашылды", Lang: "kk",
				HTML: `<p>Мәтін.</p>`, Published: noon.Add(-24 * time.Hour),
			},
			{ // for members: no text
				ID: "tag:lamp.example,2026:article/15", URL: "https://lamp.example/2026/11/12/closed", Title: "Closed", Summary: "For members.",
				Published: noon.Add(-48 * time.Hour),
			},
		},
	}
}

var kinds = []struct {
	name  string
	write func(Feed) ([]byte, error)
}{{"rss", RSS}, {"atom", Atom}, {"json", JSON}}

// TestIsIRI: what may be an Atom id. RSS and JSON Feed take any text for one.
func TestIsIRI(t *testing.T) {
	f := sample()
	f.Items[1].ID = "17"
	if _, err := Atom(f); err == nil {
		t.Error("17 is accepted as an id")
	}
	f = sample()
	f.Items[1].GUID, f.Items[2].GUID = " 17\x08 ", "   "
	for _, k := range kinds {
		b, err := k.write(f)
		if err != nil {
			t.Error(err)
		}
		if got, want := bytes.Contains(b, []byte("article/16")), k.name == "atom"; got != want || bytes.Contains(b, []byte("17\"")) != (k.name == "json") || !bytes.Contains(b, []byte("article/15")) {
			t.Errorf("%s: %s", k.name, b)
		}
	}
	for _, s := range []string{"http://old.example/?p=1", "https://old.example/жол/", "tag:old.example,2009:8", "tag:a@old.example,2009-01-31:x", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"} {
		if !isIRI(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{"", "8", "?p=8", "/8", "old.example/?p=8", "http:///x", "http://old.example/a b", "http://old.example/50%", "http://old.example/?q=%zz", "tag:old", "tag:old.example,09:8", "http://old.example/<8>", "urn:"} {
		if isIRI(s) {
			t.Errorf("%q passes", s)
		}
	}
}

func TestGolden(t *testing.T) {
	for _, k := range kinds {
		got, err := k.write(sample())
		if err != nil {
			t.Fatal(err)
		}
		name := "testdata/sample." + k.name
		if *update {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", k.name, diff)
		}
	}
}

// node is any XML element, as a parser sees it that knows nothing of feeds.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Kids    []node     `xml:",any"`
}

func (n node) all(space, name string) []node {
	var out []node
	for _, k := range n.Kids {
		if (k.XMLName == xml.Name{Space: space, Local: name}) {
			out = append(out, k)
		}
	}
	return out
}

func (n node) text(space, name string) string {
	var out []string
	for _, k := range n.all(space, name) {
		out = append(out, k.Text)
	}
	return strings.Join(out, "|")
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func parsed(t testing.TB, b []byte) node {
	t.Helper()
	var n node
	if err := xml.Unmarshal(b, &n); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	return n
}

func TestRSSAsAStrangerReadsIt(t *testing.T) {
	b, err := RSS(sample())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b, []byte("<?xml ")) {
		t.Errorf("begins with %q", b[:10])
	}
	ch := parsed(t, b).all("", "channel")[0]
	item := ch.all("", "item")[0]
	enclosure := item.all("", "enclosure")[0]
	media := item.all(nsMedia, "content")[0]
	got := map[string]string{
		"title":       ch.text("", "title"),
		"language":    ch.text("", "language"),
		"self":        ch.all(nsAtom, "link")[0].attr("rel") + " " + ch.all(nsAtom, "link")[0].attr("href"),
		"built":       ch.text("", "lastBuildDate"),
		"item title":  item.text("", "title"),
		"guid":        item.all("", "guid")[0].attr("isPermaLink") + " " + item.text("", "guid"),
		"date":        item.text("", "pubDate"),
		"updated":     item.text(nsAtom, "updated"),
		"creators":    item.text(nsDC, "creator"),
		"categories":  item.text("", "category"),
		"description": item.text("", "description"),
		"enclosure":   enclosure.attr("url") + " " + enclosure.attr("length") + " " + enclosure.attr("type"),
		"media":       media.attr("url") + " " + media.attr("width") + "x" + media.attr("height"),
		"caption":     media.text(nsMedia, "description"),
		"credit":      media.text(nsMedia, "credit"),
		"content":     item.text(nsContent, "encoded"),
		"of another":  ch.all("", "item")[1].text(nsDC, "language"),
	}
	want := map[string]string{
		"title":       "The Lamp & Co: all articles",
		"language":    "en",
		"self":        "self https://lamp.example/feed.xml",
		"built":       "Sat, 14 Nov 2026 10:30:00 +0000",
		"item title":  "The bridge <opens> & closes",
		"guid":        "false tag:lamp.example,2026:article/17",
		"date":        "Sat, 14 Nov 2026 09:00:00 +0000",
		"updated":     "2026-11-14T10:30:00Z",
		"creators":    "Saule Nur|Ivan Petrov",
		"categories":  "Town|Bridges",
		"description": "Two hours of traffic, 3 &lt; 4.",
		"enclosure":   "https://lamp.example/media/u/bridge.jpg 48211 image/jpeg",
		"media":       "https://lamp.example/media/u/bridge.jpg 1200x800",
		"caption":     "The bridge at noon",
		"credit":      "Photo: A. Kim",
		"content": `<figure><img src="https://lamp.example/media/u/bridge.jpg" alt="A bridge, half open" width="1200" height="800">` +
			"<figcaption>The bridge at noon <small>Photo: A. Kim</small></figcaption></figure>\n" +
			"<p><strong>Two hours of traffic, 3 &lt; 4.</strong></p>\n" +
			`<p>See <a href="https://lamp.example/2026/11/13/yesterday">yesterday</a>, ` +
			`<a href="https://lamp.example/2026/11/14/bridge#b9">note</a> ]]&gt; here.</p>` +
			`<figure><img src="https://lamp.example/media/t/river.jpg" ` +
			`srcset="https://lamp.example/media/t/river.jpg?w=640 640w, https://lamp.example/media/t/river.jpg 1280w" alt=""></figure>`,
		"of another": "kk",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Titles that have broken feeds, and what is left of them.
var hostile = []struct{ in, want string }{
	{"]]>", "]]>"},
	{"<![CDATA[x]]>", "<![CDATA[x]]>"},
	{"a\x00b\x08c\x0bd\x1be", "abcde"},
	{"line\r\nbreak\tand\u0085next", "line break and next"},
	{"\ufffe\uffff\ufdd0views:1:en\ufdd1", "views:1:en"},
	{"bad \xff\xc0 bytes", "bad \ufffd bytes"},
	{"👩🏽‍🚒 🇰🇿 ‼️", "👩🏽‍🚒 🇰🇿 ‼️"},
	{"שלום \u2067עולם\u2069 مرحبا", "שלום \u2067עולם\u2069 مرحبا"},
	{"&amp; &#x0; &nbsp; <b>", "&amp; &#x0; &nbsp; <b>"},
	{"\u2028\u2029x", "x"},
	{"  ", "https://lamp.example/a"},
	{"-->", "-->"},
	{"</title><script>alert(1)</script>", "</title><script>alert(1)</script>"},
	{"?><?xml version='1.0'?>", "?><?xml version='1.0'?>"},
}

func TestHostileTitles(t *testing.T) {
	for _, c := range hostile {
		f := sample()
		f.Items = []Item{{ID: "tag:x,2026:1", URL: "https://lamp.example/a", Title: c.in, HTML: c.in, Published: noon, Categories: []string{c.in},
			Authors: []Person{{Name: c.in}}, Image: &Image{URL: "https://lamp.example/i", Mime: "image/png", Alt: c.in, Credit: c.in, Caption: c.in}}}
		f.Title, f.Description, f.Author = c.in, c.in, c.in
		for _, k := range kinds {
			b, err := k.write(f)
			if err != nil {
				t.Errorf("%q: %v", c.in, err)
				continue
			}
			if got := titleOf(t, k.name, b); got != c.want {
				t.Errorf("%s of %q: %q, want %q", k.name, c.in, got, c.want)
			}
			if bytes.ContainsRune(b, '\ufdd0') {
				t.Errorf("%s of %q holds a token of the cache", k.name, c.in)
			}
		}
	}
}

// titleOf is the title of the first item.
func titleOf(t testing.TB, kind string, b []byte) string {
	t.Helper()
	switch kind {
	case "rss":
		return parsed(t, b).all("", "channel")[0].all("", "item")[0].text("", "title")
	case "atom":
		return parsed(t, b).all(nsAtom, "entry")[0].text(nsAtom, "title")
	}
	var f struct{ Items []struct{ Title string } }
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f.Items[0].Title
}

// TestForgiven holds that what can be left out does not stop a feed.
func TestForgiven(t *testing.T) {
	f := sample()
	f.IconURL = "/icon.png"
	f.Items[0].Authors[0].URL = "/author/saule"
	f.Items[0].Image.Mime = ""
	f.Items[1].Image = &Image{URL: "/media/x.png", Mime: "image/png"}
	for _, k := range kinds {
		b, err := k.write(f)
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
		}
		if bytes.Contains(b, []byte("bridge.jpg")) || bytes.Contains(b, []byte("icon.png")) || !bytes.Contains(b, []byte("Saule Nur")) {
			t.Errorf("%s: %s", k.name, b)
		}
	}
}

func TestEmptyList(t *testing.T) {
	f := sample()
	f.Items, f.Updated, f.Lang = nil, time.Time{}, ""
	for _, k := range kinds {
		one, err := k.write(f)
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
		}
		if two, _ := k.write(f); !bytes.Equal(one, two) {
			t.Errorf("%s: two renderings differ", k.name)
		}
	}
	b, err := JSON(f)
	if err != nil || !bytes.Contains(b, []byte(`"items": []`)) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestAtMost(t *testing.T) {
	f := sample()
	f.Items = nil
	for i := range MaxItems + 7 {
		f.Items = append(f.Items, Item{ID: "tag:x,2026:" + number(int64(i+1)), URL: "https://lamp.example/a", Title: "t", Published: noon})
	}
	b, err := RSS(f)
	if n := bytes.Count(b, []byte("<item>")); err != nil || n != MaxItems {
		t.Errorf("%d items, %v", n, err)
	}
}

// TestRefused holds that a caller's mistake does not reach a reader.
func TestRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Feed){
		"relative self":     func(f *Feed) { f.SelfURL = "/feed.xml" },
		"relative home":     func(f *Feed) { f.HomeURL = "/" },
		"relative item":     func(f *Feed) { f.Items[0].URL = "/a" },
		"script as address": func(f *Feed) { f.Items[0].URL = "javascript:alert(1)" },
		"id twice":          func(f *Feed) { f.Items[1].ID = f.Items[0].ID },
		"no id":             func(f *Feed) { f.Items[1].ID = "" },
		"bad language":      func(f *Feed) { f.Lang = "en_GB.UTF-8" },
	} {
		f := sample()
		spoil(&f)
		for _, k := range kinds {
			if b, err := k.write(f); err == nil {
				t.Errorf("%s: %s is accepted:\n%s", name, k.name, b)
			}
		}
	}
}

// refused holds that a check refuses something, and says why in every language
// that says all; to whoever asked it is the site's own fault.
func refused(t *testing.T, err error, what string, args ...any) {
	t.Helper()
	what = fmt.Sprintf(what, args...)
	if !fault.Is(err, fault.Internal) {
		t.Errorf("%s is no fault of the site: %v", what, err)
	}
	said := map[string]bool{}
	for _, l := range []string{"en", "ru", "kk"} {
		text, ok := lang.Of(l).Say(err)
		if !ok || said[text] || strings.Contains(text, "[refused") || strings.ContainsAny(text, "{}") {
			t.Errorf("%s, in %s: %q", what, l, text)
		}
		said[text] = true
	}
	if english, _ := lang.Of("en").Say(err); err != nil && !strings.Contains(err.Error(), english) {
		t.Errorf("the log has %q and not %q", err, english)
	}
}

// TestCheck spoils finished feeds. Each change must be found.
func TestCheck(t *testing.T) {
	for _, c := range []struct{ kind, old, new string }{
		{"rss", "<?xml", "\n<?xml"},
		{"rss", "</rss>", "</rss><more/>"},
		{"rss", `version="2.0"`, `version="0.92"`},
		{"rss", "<title>The Lamp &amp; Co: all articles</title>", ""},
		{"rss", "<link>https://lamp.example/</link>", ""},
		{"rss", "<link>https://lamp.example/</link>", "<link>lamp.example</link>"},
		{"rss", "<description>News of a town</description>", ""},
		{"rss", `rel="self"`, `rel="next"`},
		{"rss", "14 Nov 2026 09:00:00 +0000", "14 Nov 26 09:00:00 GMT"},
		{"rss", "14 Nov 2026 09:00:00 +0000", "99 Nov 2026 09:00:00 +0000"},
		{"rss", "article/16", "article/17"},
		{"rss", `isPermaLink="false"`, `isPermaLink="true"`},
		{"rss", `length="48211"`, `length="big"`},
		{"rss", `type="image/jpeg"`, `type="jpeg"`},
		{"rss", "<dc:creator>Ivan Petrov</dc:creator>", "<author>Ivan Petrov</author>"},
		{"rss", `src="https://lamp.example/media/t/river.jpg"`, `src="/media/t/river.jpg"`},
		{"rss", "<language>en", "<language>english, mostly"},
		{"atom", `xmlns="http://www.w3.org/2005/Atom"`, `xmlns="http://purl.org/atom/ns#"`},
		{"atom", "<id>tag:lamp.example,2026:feed/1</id>", ""},
		{"atom", "<title>Closed</title>", ""},
		{"atom", "<updated>2026-11-14T10:30:00Z</updated>", "<updated>2026-11-14 10:30</updated>"},
		{"atom", "<name>The Lamp</name>", "<name></name>"},
		{"atom", `rel="alternate"`, `rel="related"`},
		{"atom", "article/16", "article/17"},
		{"atom", `type="html"`, `type="xhtml"`},
		{"json", "version/1.1", "version/1"},
		{"json", `"items"`, `"entries"`},
		{"json", `"id": "tag:lamp.example,2026:article/16",`, ""},
		{"json", `"content_text"`, `"content"`},
		{"json", `"2026-11-14T09:00:00Z"`, `"yesterday"`},
		{"json", `"language": "kk"`, `"language": "kk KZ"`},
	} {
		for _, k := range kinds {
			if k.name != c.kind {
				continue
			}
			b, err := k.write(sample())
			if err != nil {
				t.Fatal(err)
			}
			bad := bytes.Replace(b, []byte(c.old), []byte(c.new), 1)
			if bytes.Equal(b, bad) {
				t.Errorf("%s has no %q", c.kind, c.old)
			}
			refused(t, Check(c.kind, bad), "%s with %q for %q", c.kind, c.new, c.old)
		}
	}
	if Check("rdf", nil) == nil {
		t.Error("a kind that is none passes")
	}
	refused(t, Check("rss", []byte("<?xml version='1.0'?>\xff")), "what is not UTF-8")
	refused(t, Check("rss", []byte("<?xml version='1.0'?>\n<rss></atom>")), "what is no XML")
	refused(t, Check("json", []byte("{")), "what is no JSON")
}

func FuzzRSS(f *testing.F) {
	for _, c := range hostile {
		f.Add(c.in, c.in)
	}
	f.Add("t", `<p><a href="javascript:x">x</a><img src=x srcset="a,b 2x"></p>`)
	f.Add("&#8;", `x&#8;y<p title="&#xFFFE;&#xFDD0;">]]&gt;`)
	f.Fuzz(func(t *testing.T, title, body string) {
		feed := sample()
		feed.Title = title
		feed.Items[0].Title, feed.Items[0].HTML, feed.Items[0].Summary, feed.Items[0].Standfirst = title, body, title, title
		feed.Items[0].Image.Alt, feed.Items[0].Authors[0].Name, feed.Items[0].Categories[0] = title, title, title
		for _, k := range kinds {
			b, err := k.write(feed)
			if err != nil {
				t.Fatal(err)
			}
			want := line(title)
			if want == "" {
				want = feed.Items[0].URL
			}
			if got := titleOf(t, k.name, b); got != want {
				t.Errorf("%s: title %q, want %q", k.name, got, want)
			}
		}
	})
}
