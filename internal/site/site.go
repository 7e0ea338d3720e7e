package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/address"
	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/cache"
	"dateline/internal/comment"
	"dateline/internal/correction"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/front"
	"dateline/internal/media"
	"dateline/internal/search"
	"dateline/internal/theme"
	"dateline/internal/topic"
	"dateline/internal/views"
	"dateline/internal/web"
)

// Rooms are the rooms that a page is made of.
type Rooms struct {
	Editions    *edition.Store
	Articles    *article.Store
	Topics      *topic.Store
	Authors     *author.Store
	Media       *media.Store
	Draw        *media.Drawer // makes pictures in other sizes; nil: there are none
	Addresses   *address.Store
	Archive     *archive.Store
	Comments    *comment.Store
	Forum       *comment.Forum
	Corrections *correction.Store
	Front       *front.Store
	Views       *views.Store
	Theme       *theme.Engine
	Cache       *cache.Cache
	Search      *search.Store
	ReportForm  func(article int64) string                                                                         // where readers report an error of an article; nil: they are not asked to
	BaseURL     string                                                                                             // "https://example.org", without a slash at the end
	Home        string                                                                                             // the base URL's host, as address.Host has it; "" when nobody has said it and BaseURL is a guess
	IconURL     string                                                                                             // the theme's icon, "/assets/…"
	Account     func(w http.ResponseWriter, r *http.Request, ed edition.Edition, path string) (ok bool, err error) // what concerns one reader; nil: nobody has an account
	Serves      bool                                                                                               // readers are answered, not somebody who has a look: what they are told first holds
	Now         func() time.Time
	Log         *slog.Logger
}

// Site answers readers.
type Site struct {
	Rooms
	most   mostRead
	gate   *search.Gate
	months monthSizes
}

// New opens the site.
func New(r Rooms) *Site {
	if r.Now == nil {
		r.Now = time.Now
	}
	if r.Log == nil {
		r.Log = slog.Default()
	}
	half := max(runtime.GOMAXPROCS(0)/2, 1) // the other half is left to pages
	return &Site{Rooms: r, gate: search.NewGate(half, 8*half)}
}

// request is one address on its way to a page.
type request struct {
	ctx  context.Context
	site edition.Site
	ed   edition.Edition
	full string // as it was asked for, cleaned
	path string // within the edition, unescaped, begins with a slash
	host string // for old addresses
	led  bool   // from the host of an older system: only its own old addresses count
	away string // before redirects: "https://example.org" when they lead off that host
	now  time.Time
	draw *media.Drawer
	logo media.Media // set by looks

	reply    int64 // an article's address leads to this comment of it
	replyID  bool  // which may be its id
	talkPage int   // or to this page of its comments
	made     *made
	set      edition.Values

	arranged  *front.Arrangement           // of the edition; nil: not asked yet
	preview   *previewed                   // what is shown before it is stored; nil: nothing
	rehearsal bool                         // the page is of another instant, for the desk
	unseen    []int64                      // media of a rehearsal that readers may not have yet
	coming    map[int64]article.Manuscript // what articles will say by then
}

// ServeHTTP finds the page for an address. Errors come back through Error.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, err := clean(r.URL)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	host := address.Host(r.Host)
	for _, answer := range []func(http.ResponseWriter, *http.Request, string, string) (bool, error){s.oldSearch, s.oldReply, s.lead} {
		if done, err := answer(w, r, path, host); done || err != nil {
			if err != nil {
				web.Fail(w, r, err)
			}
			return
		}
	}
	if done, err := s.account(w, r, path); done || err != nil {
		if err != nil {
			web.Fail(w, r, err)
		}
		return
	}
	if strings.HasSuffix(path, searchPath) {
		if err := s.serveSearch(w, r, path); err != nil && !fault.Is(err, fault.NotFound) {
			web.Fail(w, r, err)
			return
		} else if err == nil {
			return
		}
	}
	// An old address may live in the query; everything else of a query is
	// somebody's tracking and changes nothing.
	key := path
	if old, ok := s.oldQuery(r.Context(), r.URL, path, host); ok {
		key = "?" + host + old
	}
	u := r.URL // the cache keeps what is needed to render anew, not the request
	err = s.Cache.Serve(w, r, key, func(ctx context.Context) (*cache.Page, error) {
		return s.page(ctx, path, u, host)
	})
	if err != nil {
		web.Fail(w, r, err)
	}
}

// oldQuery is the key of an old address that lives in the query: of the front
// page, ours ("/?p=123") or an older system's ("/blog/?p=123"), or of any list's
// old feed ("/category/x/?feed=rss2"). Other pages ignore queries.
func (s *Site) oldQuery(ctx context.Context, u *url.URL, path, host string) (string, bool) {
	if u.RawQuery == "" {
		return "", false
	}
	key := address.Key(u)
	if !strings.Contains(key, "?") || path == "/" || path == "/index.php" || strings.Contains(u.RawQuery, "feed=") {
		return key, strings.Contains(key, "?")
	}
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return "", false
	}
	_, ok := s.oldRoot(ctx, site, host, path)
	return key, ok
}

// clean gives the path as it is looked up: slashes folded, so that "//evil"
// never becomes the start of a Location, and nothing that no address contains.
func clean(u *url.URL) (string, error) {
	p := u.Path
	if !utf8.ValidString(p) || len(p) > 1024 || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fault.New(fault.NotFound, "no address of ours: %.80q", p)
	}
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	if p == "" || p[0] != '/' {
		p = "/" + p
	}
	return p, nil
}

// asks begins a request.
func (s *Site) asks(ctx context.Context, path, host string) (*request, error) {
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	set, err := s.Editions.Settings(ctx)
	if err != nil {
		return nil, err
	}
	q := &request{ctx: ctx, site: site, set: set, full: path, host: host, now: s.Now(), draw: s.Draw, made: newMade()}
	q.ed, q.path = site.Split(path)
	q.made.of("settings")
	q.made.on("edition", q.ed.ID)
	return q, nil
}

// asksOf begins a request for a path of an edition.
func (s *Site) asksOf(ctx context.Context, edition int64, path, host string) (*request, error) {
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	ed, ok := site.ByID(edition)
	if !ok {
		return nil, fault.New(fault.NotFound, "there is no edition %d", edition)
	}
	return s.asks(ctx, ed.Prefix+path, host)
}

// page makes the page at a path, whatever it is.
func (s *Site) page(ctx context.Context, path string, u *url.URL, host string) (*cache.Page, error) {
	q, err := s.asks(ctx, path, host)
	if err != nil {
		return nil, err
	}
	p, err := s.resolve(q, u)
	if fault.Is(err, fault.NotFound) {
		if old := s.old(q, u); old != nil {
			return old, nil
		}
		if p := s.missing(q); p != nil {
			return p, nil
		}
	}
	return p, err
}

// resolve finds what the path names.
func (s *Site) resolve(q *request, u *url.URL) (*cache.Page, error) {
	def := q.site.Default()
	if first, rest, _ := strings.Cut(q.path[min(1, len(q.path)):], "/"); first == def.Lang && q.ed.ID == def.ID {
		return q.moved("/" + rest), nil // the default edition has no prefix
	}
	if _, ok := s.oldQuery(q.ctx, u, q.full, q.host); ok {
		if p := s.old(q, u); p != nil {
			return p, nil
		}
		return nil, fault.New(fault.NotFound, "no old address %q", u.RawQuery)
	}
	switch q.path {
	case "":
		return q.moved("/"), nil // "/ru"
	case "/":
		return s.front(q)
	}
	if p, ok, err := s.machine(q); ok {
		return p, err
	}
	if p, ok, err := s.dates(q); ok {
		return p, err
	}
	trimmed := strings.Trim(q.path, "/")
	slash := strings.HasSuffix(q.path, "/")
	switch trimmed {
	case "archive":
		return s.newest(q)
	case "authors":
		if slash {
			return q.moved("/authors"), nil
		}
		return s.authors(q)
	case "search":
		return q.moved(searchPath), nil // "/search/"; without the slash it is answered before
	case "opensearch.xml":
		if slash {
			return q.moved(openSearchXML), nil
		}
		return s.openSearch(q), nil
	case "privacy":
		if slash {
			return q.moved("/privacy"), nil
		}
		return s.privacy(q)
	}
	if base, format, ok := feedOf(trimmed); ok {
		if slash {
			return q.moved("/" + trimmed), nil
		}
		return s.feed(q, base, format)
	}
	if p, ok, err := s.openly(q, trimmed, slash); ok {
		return p, err
	}
	if p, ok, err := s.corrections(q, trimmed, slash); ok {
		return p, err
	}
	if p, ok, err := s.talk(q, trimmed, slash); ok || err != nil && !fault.Is(err, fault.NotFound) {
		return p, err
	}
	base, number, isPage := pageOf(trimmed)
	if kind, ok := shelfKind(base); ok {
		p, err := s.shelfList(q, kind, number)
		if slash && err == nil {
			return q.moved("/" + trimmed), nil
		}
		return p, err
	}
	target, current, err := s.Addresses.Lookup(q.ctx, q.ed.ID, base)
	if err != nil {
		return nil, err
	}
	if !current {
		return s.renamed(q, target, number, "")
	}
	if !slash {
		return s.thing(q, target, base, number)
	}
	// WordPress's lists end elsewhere than ours, and one that this edition has
	// nothing of is led to another in one step.
	if isPage || target.Kind != "article" {
		look := *q
		look.made = newMade()
		if err := s.stands(&look, target, number); err != nil {
			return nil, err
		}
	}
	return s.renamed(q, target, number, "") // tells no address of what is not public
}

// thing is the page of what stands at a path; lists have several.
func (s *Site) thing(q *request, t address.Target, path string, number int) (*cache.Page, error) {
	switch {
	case t.Kind == "topic":
		return s.list(q, t.ID, path, number)
	case t.Kind == "author":
		return s.author(q, t.ID, path, number)
	case t.Kind == "article" && number == 1:
		return s.article(q, t.ID)
	}
	return nil, fault.New(fault.NotFound, "nothing at %q", q.path)
}

// pageOf takes "/page/N" off a list's path. N below 2 or beyond the last page
// that lists have is no page.
func pageOf(path string) (base string, number int, isPage bool) {
	i := strings.LastIndex(path, "/page/")
	if i < 0 {
		return path, 1, false
	}
	n := 0
	for _, c := range path[i+len("/page/"):] {
		if c < '0' || c > '9' || n > 1000 {
			return path, 1, false
		}
		n = n*10 + int(c-'0')
	}
	if n < 2 || n > maxPages || path[i+len("/page/")] == '0' {
		return path, 1, false
	}
	return path[:i], n, true
}

// moved is a permanent redirect within the edition.
func (q *request) moved(path string) *cache.Page {
	return q.redirect(http.StatusMovedPermanently, q.url(path))
}

func (q *request) redirect(status int, location string) *cache.Page {
	p := q.made.page("", nil)
	p.NoStore = true // whoever invents addresses must not fill the cache with where they lead
	p.Status = status
	p.Header = http.Header{"Location": {q.away + location}}
	return p
}

// url is the address of a path of this edition, escaped, without the host.
func (q *request) url(path string) string { return urlOf(q.ed, path) }

func urlOf(ed edition.Edition, path string) string {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if ed.Prefix != "" && path == "/" {
		return ed.Prefix + "/"
	}
	return (&url.URL{Path: ed.Prefix + path}).EscapedPath()
}

// renamed leads from a thing's former address to its present one.
func (s *Site) renamed(q *request, t address.Target, number int, suffix string) (*cache.Page, error) {
	q.made.on(t.Kind, t.ID)
	paths, err := s.Addresses.Paths(q.ctx, t.Kind, q.ed.ID, []int64{t.ID})
	if err != nil {
		return nil, err
	}
	path, ok := paths[t.ID]
	if !ok {
		return nil, fault.New(fault.NotFound, "the thing at %q has no address any more", q.path)
	}
	if t.Kind == "article" {
		// What is not public has no address to tell, not even by a redirect.
		a, err := s.Articles.Public(q.ctx, t.ID, q.now)
		if err != nil {
			return nil, err
		}
		if q.reply > 0 || q.talkPage > 1 {
			place, err := s.placeOf(q, a)
			if err != nil {
				return nil, err
			}
			return q.redirect(http.StatusMovedPermanently, place), nil
		}
	}
	if number > 1 {
		return q.moved(pagePath(path, number)), nil
	}
	if t.Kind == "article" {
		suffix = "" // an article has no feed of its own
	}
	to := q.url(path + suffix)
	if q.away == "" && to == (&url.URL{Path: q.full}).EscapedPath() { // never to itself
		return nil, fault.New(fault.NotFound, "%q leads to itself", q.full)
	}
	return q.moved(path + suffix), nil
}
