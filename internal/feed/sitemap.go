package feed

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// SitemapType is the content type of all three kinds.
const SitemapType = "application/xml; charset=utf-8"

// Limits of the formats. MaxURLs and MaxSitemapBytes are of
// https://www.sitemaps.org/protocol.html; MaxNews is Google's.
const (
	MaxURLs         = 50_000
	MaxNews         = 1_000
	MaxSitemapBytes = 50 << 20
	NewsFor         = 48 * time.Hour // how long an article stands in the news sitemap
	minLoc          = 12
	maxLoc          = 2048
)

const (
	nsSitemap = "http://www.sitemaps.org/schemas/sitemap/0.9"
	nsNews    = "http://www.google.com/schemas/sitemap-news/0.9"
	nsXHTML   = "http://www.w3.org/1999/xhtml"
)

// URL is a page of a sitemap. Addresses are absolute.
type URL struct {
	Loc        string
	LastMod    time.Time // zero: not said
	Alternates []Alternate
	News       *News // in the news sitemap only
}

// Alternate is the page in a language, or for "x-default" the one for
// everybody else; as in the page's own head.
type Alternate struct{ Lang, URL string }

// News is what a news sitemap says of an article.
type News struct {
	Publication string // its name, exactly
	Lang        string // BCP 47
	Published   time.Time
	Title       string
}

type urlsetOut struct {
	XMLName xml.Name `xml:"urlset"`
	NS      string   `xml:"xmlns,attr"`
	XHTML   string   `xml:"xmlns:xhtml,attr,omitempty"`
	News    string   `xml:"xmlns:news,attr,omitempty"`
	URLs    []urlOut `xml:"url"`
}

type urlOut struct {
	Loc        string     `xml:"loc"`
	LastMod    string     `xml:"lastmod,omitempty"`
	Alternates []xhtmlOut `xml:"xhtml:link"`
	News       *newsOut   `xml:"news:news"`
}

type xhtmlOut struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type newsOut struct {
	Name      string `xml:"news:publication>news:name"`
	Lang      string `xml:"news:publication>news:language"`
	Published string `xml:"news:publication_date"`
	Title     string `xml:"news:title"`
}

type indexOut struct {
	XMLName xml.Name   `xml:"sitemapindex"`
	NS      string     `xml:"xmlns,attr"`
	Files   []indexURL `xml:"sitemap"`
}

type indexURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// Sitemap writes pages (https://www.sitemaps.org/protocol.html) with their
// versions in other languages. An address that none can have is left out; of
// more than MaxURLs the rest.
func Sitemap(urls []URL) ([]byte, error) {
	out := urlsetOut{NS: nsSitemap, XHTML: nsXHTML}
	for _, u := range urls {
		if !located(u.Loc) || len(out.URLs) == MaxURLs {
			continue
		}
		x := urlOut{Loc: u.Loc, LastMod: stamp(u.LastMod)}
		for _, a := range u.Alternates {
			x.Alternates = append(x.Alternates, xhtmlOut{"alternate", a.Lang, a.URL})
		}
		out.URLs = append(out.URLs, x)
	}
	return printXML("sitemap", out)
}

// SitemapIndex lists sitemaps; their Loc and LastMod are used.
func SitemapIndex(files []URL) ([]byte, error) {
	out := indexOut{NS: nsSitemap}
	for _, f := range files[:min(len(files), MaxURLs)] {
		out.Files = append(out.Files, indexURL{f.Loc, stamp(f.LastMod)})
	}
	return printXML("sitemapindex", out)
}

// NewsSitemap writes what was published in the last two days
// (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap),
// at most MaxNews. It may be empty.
func NewsSitemap(urls []URL) ([]byte, error) {
	out := urlsetOut{NS: nsSitemap, News: nsNews}
	for _, u := range urls {
		if u.News == nil || !located(u.Loc) || len(out.URLs) == MaxNews {
			continue
		}
		n := u.News
		out.URLs = append(out.URLs, urlOut{Loc: u.Loc, News: &newsOut{Name: line(n.Publication), Lang: newsLang(n.Lang),
			Published: n.Published.Truncate(time.Second).Format(time.RFC3339), Title: orElse(line(n.Title), u.Loc)}})
	}
	return printXML("news", out)
}

// newsLang is a language as Google wants it: the ISO 639 code alone, but for
// the two Chinese ones.
func newsLang(tag string) string {
	tag = strings.ToLower(tag)
	switch {
	case strings.HasPrefix(tag, "zh-hant"), tag == "zh-tw", tag == "zh-hk":
		return "zh-tw"
	case tag == "zh", strings.HasPrefix(tag, "zh-"):
		return "zh-cn"
	}
	code, _, _ := strings.Cut(tag, "-")
	return code
}

// located reports whether s can stand in a loc: absolute, of 12 to 2048 bytes.
func located(s string) bool { return absolute(s) && len(s) >= minLoc && len(s) <= maxLoc }

// stamp is a date as sitemaps have it, or nothing.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return rfc3339(t)
}

type urlsetIn struct {
	XMLName xml.Name
	URLs    []struct {
		Loc        []string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		LastMod    []string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
		Alternates []struct {
			Rel  string `xml:"rel,attr"`
			Lang string `xml:"hreflang,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/1999/xhtml link"`
		News []struct {
			Publication []struct {
				Name []string `xml:"http://www.google.com/schemas/sitemap-news/0.9 name"`
				Lang []string `xml:"http://www.google.com/schemas/sitemap-news/0.9 language"`
			} `xml:"http://www.google.com/schemas/sitemap-news/0.9 publication"`
			Published []string `xml:"http://www.google.com/schemas/sitemap-news/0.9 publication_date"`
			Title     []string `xml:"http://www.google.com/schemas/sitemap-news/0.9 title"`
		} `xml:"http://www.google.com/schemas/sitemap-news/0.9 news"`
	} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
}

type indexIn struct {
	XMLName xml.Name
	Files   []struct {
		Loc     []string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		LastMod []string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
	} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemap"`
}

func (c *checker) sitemap(b []byte, news bool) {
	c.Must(len(b) <= MaxSitemapBytes, "refused.large", "most", MaxSitemapBytes)
	var f urlsetIn
	if !c.parse(b, &f) {
		return
	}
	c.root(f.XMLName, xml.Name{Space: nsSitemap, Local: "urlset"})
	most := MaxURLs
	if news {
		most = MaxNews
	}
	c.most("url", len(f.URLs), most)
	c.Must(news || len(f.URLs) > 0, "refused.empty", "field", "url")
	for i, u := range f.URLs {
		where := fmt.Sprintf("url[%d]", i+1)
		c.loc(where, u.Loc, u.LastMod)
		langs := map[string]string{}
		for _, a := range u.Alternates {
			c.same(where+"/xhtml:link/@rel", a.Rel, "alternate")
			c.Must(langs[a.Lang] == "", "refused.twice", "field", where+"/xhtml:link/@hreflang", "value", a.Lang)
			c.Must(a.Lang == "x-default" || langTag.MatchString(a.Lang), "refused.lang", "field", where+"/xhtml:link/@hreflang", "value", a.Lang)
			c.address(where+"/xhtml:link/@href", a.Href)
			langs[a.Lang] = a.Href
		}
		if own := strings.Join(u.Loc, ""); len(langs) > 0 {
			c.Must(contains(langs, own), "refused.among", "field", where, "value", own, "what", "xhtml:link/@href")
		}
		if !news {
			c.Must(len(u.News) == 0, "refused.stray", "field", where, "value", "news:news")
			continue
		}
		if !c.once(len(u.News) == 1, where, "news:news") {
			continue
		}
		n := u.News[0]
		c.once(one(n.Title), where, "news:title")
		if c.once(len(n.Publication) == 1, where, "news:publication") {
			c.once(one(n.Publication[0].Name), where, "news:name")
			code := strings.Join(n.Publication[0].Lang, " ")
			c.Must(code == "zh-cn" || code == "zh-tw" || len(code) >= 2 && len(code) <= 3 && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") == "",
				"refused.lang", "field", where+"/news:language", "value", code)
		}
		if c.once(len(n.Published) == 1, where, "news:publication_date") {
			c.date(where+"/news:publication_date", time.RFC3339, n.Published[0])
		}
	}
}

func contains(langs map[string]string, page string) bool {
	for _, href := range langs {
		if href == page {
			return true
		}
	}
	return false
}

// loc checks the address and the date that every entry has, and that no other
// entry has the address.
func (c *checker) loc(where string, loc, lastMod []string) {
	if c.once(len(loc) == 1, where, "loc") {
		c.Must(located(loc[0]), "refused.loc", "field", where+"/loc", "value", loc[0], "least", minLoc, "most", maxLoc)
		if located(loc[0]) {
			c.id(where+"/loc", loc[0])
		}
	}
	c.several(len(lastMod), where, "lastmod")
	for _, d := range lastMod {
		c.date(where+"/lastmod", time.RFC3339, d)
	}
}

func (c *checker) sitemapIndex(b []byte) {
	c.Must(len(b) <= MaxSitemapBytes, "refused.large", "most", MaxSitemapBytes)
	var f indexIn
	if !c.parse(b, &f) {
		return
	}
	c.root(f.XMLName, xml.Name{Space: nsSitemap, Local: "sitemapindex"})
	c.most("sitemap", len(f.Files), MaxURLs)
	c.Must(len(f.Files) > 0, "refused.empty", "field", "sitemap")
	for i, x := range f.Files {
		c.loc(fmt.Sprintf("sitemap[%d]", i+1), x.Loc, x.LastMod)
	}
}
