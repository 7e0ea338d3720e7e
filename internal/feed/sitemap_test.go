package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func samplePages() []URL {
	return []URL{
		{Loc: "https://lamp.example/2026/11/14/bridge?a=1&b=2", LastMod: noon, Alternates: []Alternate{
			{"en", "https://lamp.example/2026/11/14/bridge?a=1&b=2"}, {"x-default", "https://lamp.example/2026/11/14/bridge?a=1&b=2"},
			{"kk-Latn", "https://lamp.example/kk-latn/2026/11/14/kopir"}}},
		{Loc: "https://lamp.example/"},
	}
}

func sampleNews() []URL {
	return []URL{{Loc: "https://lamp.example/2026/11/14/bridge", News: &News{Publication: "The Lamp & Co", Lang: "kk-Latn", Published: noon, Title: "Bridge <closed>"}},
		{Loc: "https://lamp.example/2026/11/13/heron", News: &News{Publication: "The Lamp & Co", Lang: "zh-Hant", Published: noon, Title: ""}}}
}

func TestSitemap(t *testing.T) {
	b, err := Sitemap(append(samplePages(), URL{Loc: "/relative"}, URL{Loc: "https://lamp.example/" + strings.Repeat("x", 2100)}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<loc>https://lamp.example/2026/11/14/bridge?a=1&amp;b=2</loc>", "<lastmod>2026-11-14T09:00:00Z</lastmod>",
		`<xhtml:link rel="alternate" hreflang="kk-Latn" href="https://lamp.example/kk-latn/2026/11/14/kopir">`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %s in\n%s", want, b)
		}
	}
	if n := bytes.Count(b, []byte("<url>")); n != 2 {
		t.Errorf("%d pages", n)
	}
	if _, err := Sitemap(nil); err == nil {
		t.Error("an empty sitemap passes")
	}
	n, err := NewsSitemap(sampleNews())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<news:name>The Lamp &amp; Co</news:name>", "<news:language>kk</news:language>", "<news:language>zh-tw</news:language>",
		"<news:title>Bridge &lt;closed&gt;</news:title>", "<news:title>https://lamp.example/2026/11/13/heron</news:title>"} {
		if !bytes.Contains(n, []byte(want)) {
			t.Errorf("no %s in\n%s", want, n)
		}
	}
	if _, err := NewsSitemap(nil); err != nil {
		t.Errorf("a quiet newsroom: %v", err)
	}
}

func TestSitemapLimits(t *testing.T) {
	list := make([]URL, MaxURLs+3)
	for i := range list {
		list[i].Loc = "https://lamp.example/" + number(int64(i+1))
	}
	b, err := Sitemap(list)
	if n := bytes.Count(b, []byte("<url>")); err != nil || n != MaxURLs {
		t.Errorf("%d pages, %v", n, err)
	}
	for i := range list {
		list[i].News = &News{Publication: "x", Lang: "en", Published: noon, Title: "x"}
	}
	b, err = NewsSitemap(list)
	if n := bytes.Count(b, []byte("<url>")); err != nil || n != MaxNews {
		t.Errorf("%d news, %v", n, err)
	}
	if b, err = SitemapIndex(list[:2]); err != nil || bytes.Count(b, []byte("<sitemap>")) != 2 {
		t.Errorf("%s, %v", b, err)
	}
}

// TestCheckSitemap spoils finished documents. Each change must be found.
func TestCheckSitemap(t *testing.T) {
	write := map[string]func() ([]byte, error){
		"sitemap":      func() ([]byte, error) { return Sitemap(samplePages()) },
		"news":         func() ([]byte, error) { return NewsSitemap(sampleNews()) },
		"sitemapindex": func() ([]byte, error) { return SitemapIndex(samplePages()) },
	}
	for _, c := range []struct{ kind, old, new string }{
		{"sitemap", "<?xml", " <?xml"},
		{"sitemap", "sitemap/0.9", "sitemap/0.84"},
		{"sitemap", "urlset", "sitemapindex"},
		{"sitemap", "<loc>https://lamp.example/</loc>", ""},
		{"sitemap", "<loc>https://lamp.example/</loc>", "<loc>https://lamp.example/2026/11/14/bridge?a=1&amp;b=2</loc>"},
		{"sitemap", "<loc>https://lamp.example/</loc>", "<loc>/</loc>"},
		{"sitemap", "2026-11-14T09:00:00Z", "14 Nov 2026"},
		{"sitemap", `hreflang="kk-Latn"`, `hreflang="kk_Latn"`},
		{"sitemap", `hreflang="kk-Latn"`, `hreflang="en"`},
		{"sitemap", `href="https://lamp.example/2026`, `href="https://lamp.example/2025`},
		{"sitemap", `href="https://lamp.example/kk-latn`, `href="/kk-latn`},
		{"sitemap", `rel="alternate"`, `rel="self"`},
		{"news", "<news:name>The Lamp &amp; Co</news:name>", ""},
		{"news", "<news:language>kk", "<news:language>kk_KZ"},
		{"news", "<news:title>Bridge &lt;closed&gt;</news:title>", ""},
		{"news", "<news:publication_date>2026", "<news:publication_date>x2026"},
		{"news", "sitemap-news/0.9", "sitemap-news/1.0"},
		{"sitemapindex", "<loc>https://lamp.example/</loc>", "<loc></loc>"},
		{"sitemapindex", "2026-11-14T09:00:00Z", "2026-11-31T09:00:00Z"},
		{"sitemapindex", "sitemapindex", "urlset"},
	} {
		b, err := write[c.kind]()
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.ReplaceAll(b, []byte(c.old), []byte(c.new))
		if bytes.Equal(b, bad) {
			t.Errorf("%s has no %q", c.kind, c.old)
		}
		refused(t, Check(c.kind, bad), "%s with %q for %q", c.kind, c.new, c.old)
	}
	b, _ := NewsSitemap(sampleNews())
	if Check("sitemap", b) == nil {
		t.Error("news pass as a plain sitemap")
	}
}

func FuzzSitemap(f *testing.F) {
	f.Add("https://lamp.example/a&b", "]]>\x08", "ru_RU")
	f.Add("http://x", "<b>", "")
	f.Fuzz(func(t *testing.T, loc, title, lang string) {
		if _, err := NewsSitemap([]URL{{Loc: loc, News: &News{Publication: "x", Lang: "en", Title: title, Published: noon}}}); err != nil {
			t.Error(err)
		}
		if _, err := Sitemap([]URL{{Loc: "https://lamp.example/"}, {Loc: loc, LastMod: time.Unix(0, 0)}}); err != nil && loc != "https://lamp.example/" {
			t.Error(err)
		}
	})
}
