package address

import (
	"net/url"
	"strings"
)

// Target is the thing at an address.
type Target struct {
	Kind string // "article", "topic", "author"
	ID   int64
}

// Claim asks for a path.
type Claim struct {
	Edition int64
	Path    string
	Target
	Fresh bool // the thing is new and has no earlier address
}

// Redirect is an address of an older system.
type Redirect struct {
	Publication int64
	Host        string // lower case, without "www."
	Path        string // "/2014/05/old-slug", "/?p=123": Key's form
	Seq         int64  // on an unknown host the smallest wins
	Edition     int64
	Target             // of kind "" when URL says where to
	URL         string // a path of ours within the edition, "/feed.xml"
}

// OldHost is the host of an older system.
type OldHost struct {
	Publication int64
	Host        string // in Host's form
	Edition     int64  // whose front page stands where that system's did
}

// reserved are first segments of our own; nothing else may take them.
var reserved = map[string]bool{
	"-": true, "account": true, "api": true, "archive": true, "assets": true, "author": true, "authors": true, "column": true, "columns": true, "corrections": true,
	"desk": true, "feed": true, "genre": true, "media": true, "page": true, "privacy": true, "rules": true,
	"search": true, "section": true, "series": true, "tag": true, "tips": true, "transparency": true, ".well-known": true,
	"atom.xml": true, "feed.xml": true, "feed.json": true, "robots.txt": true, "sitemap.xml": true,
	"sitemap-news.xml": true, "favicon.ico": true, "ads.txt": true, "trust.txt": true, "manifest.webmanifest": true,
	"e": true, "oembed": true, "opensearch.xml": true,
}

// Reserved reports whether a page's path would hide an address of the house:
// its own words, a language prefix, or a year of the archive.
func Reserved(path string, langs []string) bool {
	first, _, _ := strings.Cut(path, "/")
	if reserved[first] || strings.HasPrefix(first, ".") {
		return true
	}
	if len(first) == 4 && strings.Trim(first, "0123456789") == "" {
		return true
	}
	for _, l := range langs {
		if strings.EqualFold(first, l) {
			return true
		}
	}
	return false
}

// Host is the form in which hosts are kept: lower case, no port, no "www.".
func Host(h string) string {
	h = strings.ToLower(h)
	if i := strings.LastIndexByte(h, ':'); i > 0 && !strings.HasSuffix(h, "]") {
		h = h[:i]
	}
	return strings.TrimPrefix(strings.TrimSuffix(h, "."), "www.")
}

// Key is the form in which an old system's paths are kept and asked for:
// decoded once, one slash in front, none at the end; of a query only what
// names a thing ("p", "page_id", "cat" …), because readers arrive with all
// kinds of tracking parameters.
func Key(u *url.URL) string {
	p := strings.Trim(u.Path, "/")
	if rest, ok := strings.CutPrefix(p, "index.php"); ok && (rest == "" || rest[0] == '/') {
		p = strings.Trim(rest, "/") // WordPress without rewriting of addresses
	}
	p = "/" + p
	if u.RawQuery == "" {
		return p
	}
	q := u.Query()
	for _, name := range []string{"p", "page_id", "attachment_id", "cat", "tag", "author", "m", "feed"} {
		if v := q.Get(name); v != "" {
			return p + "?" + name + "=" + v
		}
	}
	return p
}
