//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	demofiles "dateline/demo"
	"dateline/internal/app"
	"dateline/internal/db"
	fill "dateline/internal/demo"
	"dateline/internal/webtest"
)

// The demo tells its days from now on. For pictures that can be compared, a second
// one runs in this process with a clock that stands still: it is the evening of
// Saturday, 14 November 2026 in Tasozen, for ever.
var stillness = time.Date(2026, 11, 14, 13, 0, 0, 0, time.UTC)

var still struct {
	once sync.Once
	newsroom
	pages map[string]*page
	err   error
	stop  func()
}

// A newsroom is the demo of which time stands still, on one engine.
type newsroom struct {
	apps    map[string]*app.App // by theme
	address map[string]string   // the same
	gone    map[string]string   // language → address of a withdrawn article
}

// frozen returns the address of the newsroom whose clock stands still.
func frozen(t testing.TB) string {
	t.Helper()
	still.once.Do(func() {
		still.err = startStill()
		if still.err == nil {
			still.pages, still.err = follow(still.address[themes[0]])
		}
	})
	if still.err != nil {
		t.Fatalf("the newsroom whose clock stands still: %v", still.err)
	}
	return still.address[themes[0]]
}

// themes are those that every page is looked at in, the one that a newsroom has
// without choosing first.
var themes = []string{"default", "broadside"}

// inTheme returns the address of the newsroom whose clock stands still, in a theme.
func inTheme(t testing.TB, theme string) string {
	t.Helper()
	frozen(t)
	return still.address[theme]
}

func startStill() error {
	dir, err := os.MkdirTemp("", "dateline-still")
	if err != nil {
		return err
	}
	stop := func() {}
	still.stop = func() { stop(); os.RemoveAll(dir) }
	listeners := map[string]net.Listener{}
	still.address = map[string]string{}
	for _, theme := range themes {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		listeners[theme], still.address[theme] = l, "http://"+l.Addr().String()
	}
	stop, err = still.open(app.Config{Data: dir}, listeners, func(*app.App) error { return nil })
	return err
}

// open fills a newsroom and serves it in every theme, at n.address as its pages say.
// prepare is called before anything is asked.
func (n *newsroom) open(c app.Config, listeners map[string]net.Listener, prepare func(*app.App) error) (stop func(), err error) {
	ctx, cancel := context.WithCancel(context.Background())
	end := []func(){cancel}
	stop = func() {
		for _, f := range slices.Backward(end) {
			f()
		}
	}
	c.Now, c.Log = func() time.Time { return stillness }, slog.New(slog.NewTextHandler(io.Discard, nil))
	a, err := app.Open(ctx, c)
	if err != nil {
		return stop, err
	}
	end = append(end, func() { a.Close() })
	rooms := fill.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics, Authors: a.Authors, Media: a.Media,
		Articles: a.Articles, Comments: a.Comments, Corrections: a.Corrections, Front: a.Front, Views: a.Views, Users: a.Users}
	if err := fill.Fill(ctx, rooms, demofiles.Files); err != nil {
		return stop, err
	}
	if n.gone, err = withdraw(ctx, a); err != nil {
		return stop, err
	}
	if err := debate(ctx, a); err != nil {
		return stop, err
	}
	if err := prepare(a); err != nil {
		return stop, err
	}
	n.apps = map[string]*app.App{}
	for i, theme := range themes {
		in := *a
		in.BaseURL = n.address[theme]
		if i > 0 {
			in.ThemeName = theme
		}
		if err := in.Public(); err != nil {
			return stop, err
		}
		in.Router.Handle(fill.States(rooms, a.Addresses, demofiles.Files, a.Now))
		n.apps[theme] = &in
		server := &http.Server{Handler: in.Handler(), ReadHeaderTimeout: time.Minute}
		end = append(end, func() { server.Close() })
		go server.Serve(listeners[theme])
	}
	return stop, nil
}

// reasons are why the chess club's story is withdrawn.
var reasons = map[string]string{
	"en": "It named the wrong person. We have apologised to the right one.",
	"ru": "В ней был назван не тот человек. Перед тем, о ком шла речь, мы извинились.",
	"kk": "Онда басқа адам аталған. Сөз болған адамнан кешірім сұрадық.",
}

// withdraw takes one story back in every edition.
func withdraw(ctx context.Context, a *app.App) (map[string]string, error) {
	site, err := a.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	target, _, err := a.Addresses.Lookup(ctx, site.Default().ID, "2026/11/03/a-chess-club-is-a-parliament")
	if err != nil {
		return nil, fmt.Errorf("the story to withdraw: %w", err)
	}
	one, err := a.Articles.Public(ctx, target.ID, stillness)
	if err != nil {
		return nil, err
	}
	all, err := a.Articles.Translations(ctx, one.StoryID, stillness)
	if err != nil {
		return nil, err
	}
	gone := map[string]string{}
	err = a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		for _, x := range all {
			e, _ := site.ByID(x.Edition)
			gone[e.Lang] = e.Prefix + "/" + strings.TrimPrefix(x.Path, "/")
			if err := a.Articles.Withdraw(ctx, tx, x.ID, reasons[e.Lang]); err != nil {
				return err
			}
		}
		return nil
	})
	return gone, err
}

// failures are the errors that no link leads to. The demo shows them below /-/demo/.
var failures = []int{400, 403, 409, 413, 429, 500, 503}

// A state is a kind of page, or a kind of article, as a reader may meet it.
type state struct {
	name  string
	found string // selector that such a page fulfils
	kind  string // of the crawler
}

// states are looked for among all pages of an edition; of several the first address
// is taken.
var states = []state{
	{"front", ".front", "front"},
	{"report", ".hero, .corr", "article"},
	{"column", ".am dd a[href*='/column/']", "article"},
	{"corrected", ".corr", "article"},
	{"part", ".steps [rel=prev]", "article"},
	{"bare", ".art", "article"},
	{"gallery", ".gallery", "article"},
	{"crowd", ".others", "article"},
	{"aged", ".aged", "article"},
	{"notes", ".notes", "article"},
	{"discussed", "#comments .kid", "article"},
	{"section", ".item", "section"},
	{"tag", ".item", "tag"},
	{"genre", ".item", "genre"},
	{"column-list", ".item .by", "column"},
	{"series", ".item", "series"},
	{"author", ".author", "author"},
	{"authors", ".people", "authors"},
	{"year", ".wall", "year"},
	{"month", ".daygroup", "month"},
	{"day", ".daygroup", "day"},
	{"static", ".page", "static"},
	{"privacy", "#views", "privacy"},
}

// genres are kinds of article that no other state shows. They come last among all
// states: which looks a state is shown in depends on its place.
var genres = []state{
	{"interview", genre("interview", "intervyu", "suhbat"), "article"},
	{"review", genre("review", "retsenziya", "retsenziya"), "article"},
	{"obituary", genre("obituary", "nekrolog", "azanama"), "article"},
	{"letter", genre("letter", "pismo", "hat"), "article"},
}

// shelved are lists of shelves, and a month that has not ended. They come after all
// others, too.
var shelved = []state{
	{"columns", ".shelf", "all-columns"},
	{"all-series", ".shelf", "all-series"},
	{"month-now", ".cal .now", "month"},
}

// talked are later pages of comments. They come after all others, and what is narrowed.
var talked = []state{{"comments", ".talk .cm .pager [rel=next]", "comments"}}

// genre is the selector of an article that says its genre, whose address each edition
// has a word of its own for.
func genre(slugs ...string) string {
	var all []string
	for _, slug := range slugs {
		all = append(all, ".am dd a[href$='/genre/"+slug+"']")
	}
	return strings.Join(all, ", ")
}

// searches are the states of the search page: nothing asked yet, much found, nothing
// found, nothing found but a word like it.
var searches = []struct {
	name  string
	found string            // selector that its page fulfils
	query map[string]string // by language
}{
	{"search-ask", ".help", map[string]string{"en": "", "ru": "", "kk": ""}},
	{"search", ".item mark", map[string]string{"en": "bridge", "ru": "мост", "kk": "көпір"}},
	{"search-none", ".try", map[string]string{"en": "zeppelin hangar", "ru": "дирижабль", "kk": "дирижабль"}},
	{"search-meant", ".meant a", map[string]string{"en": "brigde", "ru": "vjcn", "kk": "көпіір"}},
}

// narrowed is a search with filters. It comes after all other states.
const narrowed = "search-narrowed"

// searched is where a state of the search page is.
func searched(prefix, query string) string {
	if query == "" {
		return prefix + "/search"
	}
	return prefix + "/search?q=" + url.QueryEscape(query)
}

// bare are states that an article has by what it lacks.
var lacks = map[string]string{"bare": ".hero", "column": ".corr", "report": ".others"}

var found struct {
	once   sync.Once
	paths  map[string]string
	faults []string
}

// stills are all states by language and name: "ru/gallery" → address. They are
// looked for once.
func stills(t testing.TB) map[string]string {
	t.Helper()
	frozen(t)
	found.once.Do(func() { found.paths = seek(t) })
	for _, f := range found.faults {
		t.Error(f)
	}
	return found.paths
}

func seek(t testing.TB) map[string]string {
	t.Helper()
	missing := func(format string, args ...any) { found.faults = append(found.faults, fmt.Sprintf(format, args...)) }
	out := map[string]string{}
	paths := slices.Sorted(maps.Keys(still.pages))
	for _, e := range editions {
		used := map[string]bool{}
		for _, s := range slices.Concat(states, genres, shelved, talked) {
			found := ""
			for _, path := range paths {
				p := still.pages[path]
				lang, kind := kindOf(path)
				if lang != e.lang || kind != s.kind || p.code != http.StatusOK || p.root == nil || found != "" && used[path] ||
					!selects(t, p.root, s.found) || lacks[s.name] != "" && selects(t, p.root, lacks[s.name]) {
					continue
				}
				if found = path; !used[path] { // one that shows nothing else yet
					break
				}
			}
			if found == "" {
				missing("no page in %s is a %s", e.lang, s.name)
				continue
			}
			out[e.lang+"/"+s.name] = found
			used[found] = true
		}
		out[e.lang+"/long"] = longest(e.lang)
		out[e.lang+"/404"] = e.prefix + "/there-is-nothing"
		out[e.lang+"/410"] = still.gone[e.lang]
		for _, s := range searches {
			path := searched(e.prefix, s.query[e.lang])
			p, err := get(http.DefaultClient, still.address[themes[0]], path)
			if err != nil {
				t.Fatal(err)
			}
			if p.code != http.StatusOK || !selects(t, p.root, s.found) {
				missing("%s answers %d and is no %s", path, p.code, s.name)
			}
			out[e.lang+"/"+s.name] = path
		}
		out[e.lang+"/"+narrowed] = searched(e.prefix, searches[1].query[e.lang]) + "&from=2022-01-01&until=2026-10-31&author=roza-tilekova"
		for _, status := range failures {
			out[fmt.Sprintf("%s/%d", e.lang, status)] = fmt.Sprintf("/-/demo/%s/%d", e.lang, status)
		}
	}
	return out
}

// longest is the address of an edition's longest article.
func longest(lang string) string {
	best := ""
	for _, path := range slices.Sorted(maps.Keys(still.pages)) {
		l, kind := kindOf(path)
		if p := still.pages[path]; p.root != nil && debated.Match(p.body) {
			continue // long is what others said
		}
		if l == lang && kind == "article" && still.pages[path].code == http.StatusOK &&
			(best == "" || len(still.pages[path].body) > len(still.pages[best].body)) {
			best = path
		}
	}
	return best
}

func selects(t testing.TB, root *html.Node, selector string) bool {
	t.Helper()
	found, err := webtest.Select(root, selector)
	if err != nil {
		t.Fatal(err)
	}
	return len(found) > 0
}

// stateNames are the names of all states.
func stateNames() []string {
	var names []string
	for _, s := range states {
		names = append(names, s.name)
	}
	names = append(names, "long", "404", "410")
	for _, status := range failures {
		names = append(names, fmt.Sprint(status))
	}
	for _, s := range searches {
		names = append(names, s.name)
	}
	for _, s := range slices.Concat(genres, shelved) {
		names = append(names, s.name)
	}
	return append(names, narrowed, talked[0].name)
}

// whole waits for the pictures that load when they come into view.
func (p *tab) whole(t testing.TB) {
	t.Helper()
	eval[bool](t, p, `(async () => {
		for (const i of document.images) { i.loading = "eager"; i.decoding = "sync"; }
		await Promise.all([...document.images].map(i => i.decode().catch(() => 0)));
		await document.fonts.ready;
		await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
		return true })()`)
}

// again shows the page once more when all of it is there: a font that came late is
// for the next page.
func (p *tab) again(t testing.TB) {
	t.Helper()
	p.whole(t)
	if err := chromedp.Do(p.ctx, chromedp.Reload()); err != nil {
		t.Fatalf("%s: %v", p.self, err)
	}
	p.whole(t)
}
