package site

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"dateline/internal/address"
	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/fault"
)

// lead answers whoever came by the host of a system before Dateline. There its
// own old addresses go before our present ones: two old sites may both have had
// "/about", and one of them has it now. What stands at the same path here is
// led to the base URL, so that it has one address. As long as nobody has said
// what the base URL is, readers may be at home on an old host: then they stay
// there. False when there is nothing to do.
func (s *Site) lead(w http.ResponseWriter, r *http.Request, path, host string) (bool, error) {
	home, others, ok := s.oldHost(r.Context(), host)
	if !ok || s.Home == "" && !others { // one old site is mistaken for no other
		return false, nil
	}
	u, search := r.URL, ""
	if strings.HasSuffix(path, searchPath) {
		if s.Home == "" {
			return false, nil
		}
		search = readAsked(u.Query()).url("")
	}
	return true, s.Cache.Serve(w, r, "@"+host+path+"\n"+address.Key(u)+search, func(ctx context.Context) (*cache.Page, error) {
		q, err := s.asks(ctx, path, host)
		if err != nil {
			return nil, err
		}
		if s.Home != "" {
			q.away = s.BaseURL
		}
		if p := s.ledFrom(q, u, home); p != nil {
			return p, nil
		}
		_, asks := s.oldQuery(ctx, u, path, host)
		if s.Home != "" && !asks && (search != "" || q.path == "/" || s.there(q)) {
			return q.redirect(http.StatusMovedPermanently, (&url.URL{Path: path}).EscapedPath()+search), nil
		}
		p, err := s.page(ctx, path, u, host)
		if p != nil {
			p.Tags = append(p.Tags[:len(p.Tags):len(p.Tags)], "redirects")
		}
		return p, err
	})
}

// oldHost tells whether a host is that of an older system, the edition that is
// made of that, and whether there are other such hosts.
func (s *Site) oldHost(ctx context.Context, host string) (home int64, others, ok bool) {
	if host == s.Home {
		return 0, false, false
	}
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return 0, false, false // whoever makes the page says so, unless it is kept
	}
	hosts, err := s.Addresses.OldHosts(ctx, site.Publication.ID)
	if _, ours := site.ByHost(host); err != nil || ours {
		return 0, false, false
	}
	home, ok = hosts[host]
	return home, len(hosts) > 1, ok
}

// oldSearch answers WordPress's search, "/?s=word" or "/page/2/?s=word".
func (s *Site) oldSearch(w http.ResponseWriter, r *http.Request, path, host string) (bool, error) {
	if !strings.Contains(r.URL.RawQuery, "s=") {
		return false, nil
	}
	a := readAsked(url.Values{"q": r.URL.Query()["s"]})
	ok := false
	site, err := s.Editions.Site(r.Context())
	if err != nil || a.q == "" {
		return false, nil
	}
	ed, rest := site.Split(path)
	if above, _, ok := strings.Cut(rest, "/page/"); ok {
		rest = above
	}
	if rest != "" && rest != "/" && rest != "/index.php" {
		if ed, ok = s.oldRoot(r.Context(), site, host, rest); !ok {
			return false, nil
		}
	}
	q := &request{made: newMade()}
	if home, _, ok := s.oldHost(r.Context(), host); ok {
		if own, ok := site.ByID(home); ok && ed.Default {
			ed = own
		}
		if s.Home != "" {
			q.away = s.BaseURL
		}
	}
	to := a.url(urlOf(ed, searchPath))
	return true, s.Cache.Serve(w, r, "?"+q.away+to, func(context.Context) (*cache.Page, error) {
		return q.redirect(http.StatusMovedPermanently, to), nil
	})
}

// ledFrom answers what an older system's host had at an address of its own: a
// thing with an old address, its front page, its days. home is the edition that
// is made of that system.
func (s *Site) ledFrom(q *request, u *url.URL, home int64) *cache.Page {
	own := *q
	if ed, ok := q.site.ByID(home); ok && q.ed.Default {
		own.ed = ed
	}
	own.led = true
	if p := s.old(&own, u); p != nil {
		if q.away != "" {
			return p
		}
		// The next address is asked for on this host, too: it must not be an
		// old one of something else.
		to, err := url.Parse(p.Header.Get("Location"))
		if err != nil {
			return nil
		}
		next := *q
		next.full, next.led = to.Path, true
		if s.old(&next, to) == nil {
			return p
		}
		return nil
	}
	if own.ed.ID != q.ed.ID && (q.path == "/" || oldDay.MatchString(q.path)) {
		return own.moved(q.path)
	}
	return nil
}

var oldDay = regexp.MustCompile(`^/\d{4}(/\d\d){0,2}/?$`)

// old answers the address of a system before Dateline; nil when it is none.
func (s *Site) old(q *request, u *url.URL) *cache.Page {
	key := address.Key(u)
	if p := s.oldAt(q, key); p != nil {
		return p
	}
	if p := s.oldFile(q, key); p != nil {
		return p
	}
	// WordPress writes slugs in small letters, and finds them in any.
	small := strings.ToLower(key)
	if small == key {
		return nil
	}
	if p := s.oldAt(q, small); p != nil {
		return p
	}
	if t, _, err := s.Addresses.Lookup(q.ctx, q.ed.ID, q.within(small)); err == nil && t.Kind == "article" {
		if p, err := s.renamed(q, t, 1, ""); err == nil {
			return p
		}
	}
	return nil
}

func (s *Site) oldAt(q *request, key string) *cache.Page {
	if p := s.oldKey(q, key, ""); p != nil {
		return p
	}
	if p := s.oldDates(q, key); p != nil {
		return p
	}
	if m := oldFind.FindStringSubmatch(key); m != nil {
		if ed, ok := s.below(q, m[1]); ok {
			return q.redirect(http.StatusMovedPermanently, readAsked(url.Values{"q": {m[2]}}).url(urlOf(ed, searchPath)))
		}
	}
	// A list's later page: WordPress's hold other articles than ours, and ours
	// have an end.
	if m := oldPage.FindStringSubmatch(key); m != nil {
		if p := s.oldList(q, m[1]); p != nil {
			return p
		}
		return s.oldDates(q, m[1])
	}
	// What WordPress appends to any of its addresses. It shows fifty threads on a
	// page, as we do about, from the oldest on.
	base, feed := oldSuffix(key)
	if m := oldTalk.FindStringSubmatch(key); m != nil {
		q.talkPage, _ = strconv.Atoi(m[1])
	}
	if base == key {
		return nil
	}
	if base == "" || base == q.ed.Prefix {
		if feed {
			return q.moved("/feed.xml")
		}
		return nil
	}
	if p := s.oldKey(q, base, feedSuffix(feed)); p != nil {
		return p
	}
	t, _, err := s.Addresses.Lookup(q.ctx, q.ed.ID, q.within(base))
	if err != nil {
		return nil
	}
	p, err := s.renamed(q, t, 1, feedSuffix(feed))
	if err != nil {
		return nil
	}
	return p
}

// oldList leads from a later page of one of WordPress's lists to its first.
func (s *Site) oldList(q *request, base string) *cache.Page {
	if path := strings.TrimPrefix(base, q.ed.Prefix); path == "" || s.published(q, path+"/") {
		return q.moved(path + "/")
	}
	return s.oldKey(q, base, "")
}

// within is a path of the edition as addresses are kept.
func (q *request) within(key string) string {
	return strings.Trim(strings.TrimPrefix(key, q.ed.Prefix), "/")
}

func feedSuffix(feed bool) string {
	if feed {
		return "/feed.xml"
	}
	return ""
}

var (
	oldFeed = regexp.MustCompile(`^(.*?)/(?:(?:comments/)?feed(?:/(?:rss|rss2|rdf|atom))?|rss|rss2|rdf|atom|wp-(?:rss|rss2|rdf|atom|feed|commentsrss2)\.php)$`)
	oldFind = regexp.MustCompile(`^(.*?)/search/([^/]+)(?:/page/\d+)?$`)
	oldTail = regexp.MustCompile(`^(.+?)/(?:amp|embed|trackback|comment-page-\d+|\d{1,3})$`)
	oldTalk = regexp.MustCompile(`/comment-page-(\d{1,6})$`)
	oldPage = regexp.MustCompile(`^(.*?)/page/\d+$`)
	oldAsk  = regexp.MustCompile(`^(.*?)/?\?feed=`)
	oldDate = regexp.MustCompile(`^(.*?)/?(?:\?m=(\d{4})(\d\d)?(\d\d)?|/(\d{4})(?:/(\d\d)(?:/(\d\d))?)?)$`)
)

// oldSuffix takes off what WordPress appends for feeds, pages and the like.
func oldSuffix(key string) (base string, feed bool) {
	for _, re := range []*regexp.Regexp{oldFeed, oldAsk} {
		if m := re.FindStringSubmatch(key); m != nil {
			return m[1], true
		}
	}
	if m := oldTail.FindStringSubmatch(key); m != nil {
		return m[1], false
	}
	return key, false
}

// oldDates answers "?m=201405", the archive's plain form, and the days of a site
// that had a directory of its own or a language before them: "/blog/2014/05".
func (s *Site) oldDates(q *request, key string) *cache.Page {
	m := oldDate.FindStringSubmatch(key)
	if m == nil {
		return nil
	}
	own, ok := *q, false
	if own.ed, ok = s.below(q, m[1]); !ok {
		return nil
	}
	path := "/"
	for _, part := range m[2:] {
		if part != "" {
			path += part + "/"
		}
	}
	if !s.published(&own, path) {
		return nil
	}
	return own.moved(path)
}

// below is the edition of an old address by what stands before the part that we
// know: nothing, its prefix, or the way to an older system's front page.
func (s *Site) below(q *request, base string) (edition.Edition, bool) {
	if base == "" || base == q.ed.Prefix {
		return q.ed, true
	}
	r, err := s.oldRow(q, base)
	return rootOf(q.site, r, err)
}

// rootOf is the edition whose front page took the place of an older system's, if
// that is what stood at an old address.
func rootOf(site edition.Site, r address.Redirect, err error) (edition.Edition, bool) {
	if err != nil || r.Kind != "" || r.URL != "/" {
		return edition.Edition{}, false
	}
	return site.ByID(r.Edition)
}

// oldRoot tells whether a path is that of an older system's front page: "/blog/",
// "/kz". It is asked for before a page is found, so paths that are deeper than
// such ones are not looked up.
func (s *Site) oldRoot(ctx context.Context, site edition.Site, host, path string) (edition.Edition, bool) {
	if strings.Count(strings.Trim(path, "/"), "/") > 2 {
		return edition.Edition{}, false
	}
	r, err := s.Addresses.Old(ctx, site.Publication.ID, host, address.Key(&url.URL{Path: path}))
	return rootOf(site, r, err)
}

// published reports whether something was, in a year, month or day.
func (s *Site) published(q *request, path string) bool {
	d, ok := spanOf(strings.Trim(path, "/"))
	if !ok || !d.real() {
		return false
	}
	from, to := d.ends()
	some, err := s.Archive.Any(q.ctx, q.ed.ID, from, to, q.now)
	return err == nil && some
}

// oldKey answers an old address that was kept; suffix goes behind the present
// path of a list.
func (s *Site) oldKey(q *request, key, suffix string) *cache.Page {
	r, err := s.oldRow(q, key)
	if err != nil {
		return nil
	}
	ed, ok := q.site.ByID(r.Edition)
	if !ok {
		return nil
	}
	q.ed = ed
	switch r.Kind {
	case "":
		if r.URL == "/" && suffix != "" {
			return q.moved(suffix)
		}
		return q.moved(r.URL)
	case "media":
		return s.oldMedium(q, r)
	}
	p, err := s.renamed(q, r.Target, 1, suffix)
	if fault.Is(err, fault.Gone) {
		paths, perr := s.Addresses.Paths(q.ctx, r.Kind, ed.ID, []int64{r.ID})
		if perr == nil && paths[r.ID] != "" {
			return q.moved(paths[r.ID]) // there a notice says why it is gone
		}
	}
	if err != nil {
		return nil
	}
	return p
}

// oldRow finds an old address: of whichever site, or of the one that the
// request was meant for.
func (s *Site) oldRow(q *request, key string) (address.Redirect, error) {
	if q.led {
		return s.Addresses.OldOn(q.ctx, q.site.Publication.ID, q.host, key)
	}
	return s.Addresses.Old(q.ctx, q.site.Publication.ID, q.host, key)
}
