//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"dateline/internal/webtest"
)

// A page is what an address answered.
type page struct {
	path   string // with the query
	code   int
	header http.Header
	body   []byte
	root   *html.Node
	from   string // where the link to it stood
}

func (p *page) html() bool { return strings.HasPrefix(p.header.Get("Content-Type"), "text/html") }

// The kinds of pages, by address without the edition's prefix.
var kinds = []struct {
	name string
	path *regexp.Regexp
}{
	{"front", regexp.MustCompile(`^/$`)},
	{"article", regexp.MustCompile(`^/\d{4}/\d\d/\d\d/[^/]+$`)},
	{"comments", regexp.MustCompile(`^/\d{4}/\d\d/\d\d/[^/]+/comments/\d+$`)},
	{"day", regexp.MustCompile(`^/\d{4}/\d\d/\d\d/$`)},
	{"month", regexp.MustCompile(`^/\d{4}/\d\d/$`)},
	{"year", regexp.MustCompile(`^/\d{4}/$`)},
	{"section", regexp.MustCompile(`^/section/[^/]+$`)},
	{"tag", regexp.MustCompile(`^/tag/[^/]+$`)},
	{"author", regexp.MustCompile(`^/author/[^/]+$`)},
	{"column", regexp.MustCompile(`^/column/[^/]+$`)},
	{"series", regexp.MustCompile(`^/series/[^/]+$`)},
	{"genre", regexp.MustCompile(`^/genre/[^/]+$`)},
	{"privacy", regexp.MustCompile(`^/privacy$`)},
	{"account", regexp.MustCompile(`^/account$`)},
	{"authors", regexp.MustCompile(`^/authors$`)},
	{"all-columns", regexp.MustCompile(`^/columns$`)},
	{"all-series", regexp.MustCompile(`^/series$`)},
	{"corrections", regexp.MustCompile(`^/corrections$`)},
	{"correction", regexp.MustCompile(`^/corrections/\d+$`)},
	{"rules", regexp.MustCompile(`^/rules$`)},
	{"transparency", regexp.MustCompile(`^/transparency(/page/\d+)?$`)},
	{"static", regexp.MustCompile(`^/[a-z0-9-]+(/[a-z0-9-]+)?$`)},
}

// Editions of the demo: prefix and language. The first is the default one.
var editions = []struct{ prefix, lang string }{{"", "en"}, {"/ru", "ru"}, {"/kk", "kk"}}

// kindOf tells a page's edition and kind; "" for addresses that are no pages.
func kindOf(path string) (lang, kind string) {
	path, _, _ = strings.Cut(path, "?")
	lang = editions[0].lang
	for _, e := range editions[1:] {
		if path == e.prefix || strings.HasPrefix(path, e.prefix+"/") {
			lang, path = e.lang, strings.TrimPrefix(path, e.prefix)
		}
	}
	if path == "" {
		path = "/"
	}
	for _, k := range kinds {
		if k.path.MatchString(path) {
			return lang, k.name
		}
	}
	return lang, ""
}

var crawled struct {
	once  sync.Once
	pages map[string]*page
	err   error
}

const mostPages = 5000

// crawl follows every link of the site from the front pages on.
func crawl(t testing.TB) map[string]*page {
	t.Helper()
	address := site(t)
	crawled.once.Do(func() { crawled.pages, crawled.err = follow(address) })
	if crawled.err != nil {
		t.Fatal(crawled.err)
	}
	return crawled.pages
}

func follow(address string) (map[string]*page, error) {
	fronts := []string{"/"}
	for _, e := range editions[1:] {
		fronts = append(fronts, e.prefix+"/")
	}
	return walk(address, fronts, links)
}

// walk follows from some paths on what a page leads to. Pictures come last, several
// at a time: they are drawn when they are asked for, and lead nowhere.
func walk(address string, from []string, leads func(*page) []string) (map[string]*page, error) {
	client := &http.Client{CheckRedirect: stay}
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	pages := map[string]*page{}
	type link struct{ path, from string }
	var queue, pictures []link
	seen := map[string]bool{}
	follow := func(from, to string) {
		if next, ok := local(base, from, to); ok && !seen[next] {
			seen[next] = true
			if strings.HasPrefix(next, "/media/") {
				pictures = append(pictures, link{next, from})
			} else {
				queue = append(queue, link{next, from})
			}
		}
	}
	answered := func(p *page, l link) {
		p.from = l.from
		pages[l.path] = p
		if to := p.header.Get("Location"); p.code/100 == 3 && to != "" {
			follow(l.path, to)
		}
		for _, to := range leads(p) {
			follow(l.path, to)
		}
	}
	for _, path := range from {
		if !seen[path] {
			seen[path] = true
			queue = append(queue, link{path, ""})
		}
	}
	for len(queue)+len(pictures) > 0 {
		if len(seen) > mostPages {
			return nil, fmt.Errorf("more than %d addresses: a link leads on for ever, the last was %s", mostPages, append(queue, pictures...)[len(queue)+len(pictures)-1].path)
		}
		if len(queue) > 0 {
			l := queue[0]
			queue = queue[1:]
			p, err := get(client, address, l.path)
			if err != nil {
				return nil, err
			}
			answered(p, l)
			continue
		}
		some := pictures
		pictures = nil
		got, errs := make([]*page, len(some)), make([]error, len(some))
		next := make(chan int)
		var work sync.WaitGroup
		for range 4 {
			work.Go(func() {
				for i := range next {
					got[i], errs[i] = get(client, address, some[i].path)
				}
			})
		}
		for i := range some {
			next <- i
		}
		close(next)
		work.Wait()
		if err := errors.Join(errs...); err != nil {
			return nil, err
		}
		for i, p := range got {
			answered(p, some[i])
		}
	}
	return pages, nil
}

// stay follows no redirect: it is an answer.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func get(client *http.Client, address, path string) (*page, error) {
	r, err := client.Get(address + path)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	p := &page{path: path, code: r.StatusCode, header: r.Header}
	if p.body, err = io.ReadAll(io.LimitReader(r.Body, 32<<20)); err != nil {
		return nil, err
	}
	if p.html() {
		p.root, err = html.ParseWithOptions(strings.NewReader(string(p.body)), html.ParseOptionEnableScripting(false))
	}
	return p, err
}

// links lists what a page leads to and what it is made of. The pixel that counts a
// view is not followed: it is the one address that changes something.
func links(p *page) []string {
	if p.root == nil {
		return nil
	}
	var found []string
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, name := range []string{"href", "src"} {
			if v, ok := webtest.Attr(n, name); ok && !strings.Contains(v, "/-/") {
				found = append(found, v)
			}
		}
		if v, ok := webtest.Attr(n, "srcset"); ok {
			for _, one := range strings.Split(v, ",") {
				if f := strings.Fields(one); len(f) > 0 {
					found = append(found, f[0])
				}
			}
		}
	}
	return found
}

// local resolves a link; ok is false for what is not on the site.
func local(base *url.URL, from, to string) (string, bool) {
	at, err := base.Parse(from)
	if err != nil {
		return "", false
	}
	u, err := at.Parse(to)
	if err != nil || u.Host != base.Host || u.Scheme != base.Scheme {
		return "", false
	}
	return u.RequestURI(), true
}

// chosen picks pages to look at closely: of each edition every kind, at most three
// of it: the longest ones, because they have most in them.
func chosen(t testing.TB) map[string]*page {
	t.Helper()
	byKind := map[string][]*page{}
	for _, p := range crawl(t) {
		lang, kind := kindOf(p.path)
		if kind != "" && p.code == http.StatusOK && p.html() && !strings.Contains(p.path, "?") {
			byKind[lang+" "+kind] = append(byKind[lang+" "+kind], p)
		}
	}
	most := map[string]int{"article": 3, "static": 3}
	picked := map[string]*page{}
	for _, e := range editions {
		for _, k := range kinds {
			list := byKind[e.lang+" "+k.name]
			if len(list) == 0 {
				if !slices.Contains([]string{"comments", "column", "series", "genre", "static"}, k.name) {
					t.Errorf("no link leads to any %s page in %s", k.name, e.lang)
				}
				continue
			}
			slices.SortFunc(list, func(a, b *page) int {
				if d := len(b.body) - len(a.body); d != 0 {
					return d
				}
				return strings.Compare(a.path, b.path)
			})
			for i, p := range list[:min(len(list), max(1, most[k.name]))] {
				picked[fmt.Sprintf("%s-%s-%d", e.lang, k.name, i+1)] = p
			}
		}
		// Pages that no link leads to.
		p, err := get(http.DefaultClient, site(t), e.prefix+"/2022/02/14/there-is-no-such-article")
		if err != nil {
			t.Fatal(err)
		}
		if p.code != http.StatusNotFound || !p.html() {
			t.Errorf("%s answers %d %s, want an HTML page that says 404", p.path, p.code, p.header.Get("Content-Type"))
		}
		picked[e.lang+"-404"] = p
	}
	return picked
}
