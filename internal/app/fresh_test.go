package app_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	demofiles "dateline/demo"
	"dateline/internal/address"
	"dateline/internal/app"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/demo"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/media"
	"dateline/internal/richtext"
	"dateline/internal/topic"
)

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

// house is a filled newsroom with a clock of its own.
type house struct {
	t        testing.TB
	app      *app.App
	conf     app.Config
	clock    *clock
	site     edition.Site
	rng      *rand.Rand
	n        int
	next     int64                  // the article that is changed next; 0: any
	hot      []string               // pages of what was changed last
	debated  int64                  // the article that much is said about; 0: none
	dated    map[string]http.Header // what readers had of pages, see since
	withDate int                    // answers with a date
}

// fewer is the demo newsroom with its first twelve stories, which have every
// kind of page: tests that look at all pages again and again take these.
type fewer struct{ fs.FS }

func (f fewer) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(f.FS, name)
	return slices.DeleteFunc(list, func(e fs.DirEntry) bool { return name == "articles" && e.Name() >= "13" }), err
}

func openHouse(t testing.TB, d *db.DB, c *clock, seed uint64) *house {
	return openHouseOf(t, d, c, seed, fewer{demofiles.Files})
}

func openHouseOf(t testing.TB, d *db.DB, c *clock, seed uint64, files fs.FS) *house {
	t.Helper()
	h := &house{t: t, clock: c, rng: rand.New(rand.NewPCG(seed, 1))}
	cfg := dbtest.Config(t, d)
	h.conf = app.Config{Data: t.TempDir(), Database: cfg.URL, BaseURL: "http://lamp.test", Now: c.now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if cfg.URL == "" {
		h.conf.Data = cfg.Dir
	}
	h.app = h.open()
	a := h.app
	err := demo.Fill(context.Background(), demo.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics,
		Authors: a.Authors, Media: a.Media, Articles: a.Articles, Comments: a.Comments, Corrections: a.Corrections, Front: a.Front, Views: a.Views, Users: a.Users}, files)
	if err != nil {
		t.Fatal(err)
	}
	if h.site, err = a.Editions.Site(context.Background()); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) open() *app.App { return h.openWith(h.conf) }

func (h *house) openWith(conf app.Config) *app.App {
	h.t.Helper()
	a, err := app.Open(context.Background(), conf)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { a.Close() })
	if err := a.Public(); err != nil {
		h.t.Fatal(err)
	}
	return a
}

// get gives what a reader gets, without the numbers that may be ten seconds old.
func get(h http.Handler, path string) string {
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "lamp.test"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return fmt.Sprintf("%d %s %s\n%s", w.Code, w.Header().Get("Location"), w.Header().Get("Etag"), w.Body)
}

var links = regexp.MustCompile(`href="(/[^"#]*)"`)

// formOf tells the address of a form from those of other forms.
var formOf = regexp.MustCompile(`^/-/[a-z/-]+`)

// crawl finds every address that pages link to, and of forms, which are alike for each
// article and each comment, the first.
func crawl(h http.Handler, start ...string) []string {
	seen, forms := map[string]bool{}, map[string]int{}
	for queue := start; len(queue) > 0; {
		path := queue[0]
		queue = queue[1:]
		if kind := formOf.FindString(path); kind != "" && !seen[path] {
			if forms[kind]++; forms[kind] > 5 {
				continue
			}
		}
		if seen[path] || strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/media/") {
			continue
		}
		seen[path] = true
		for _, m := range links.FindAllStringSubmatch(get(h, path), -1) {
			queue = append(queue, html.UnescapeString(m[1]))
		}
	}
	out := make([]string, 0, len(seen))
	for p := range seen {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// changes are all the changes that can be made today: TestEveryChange holds
// that. Each reports what it did.
var changes = map[string]func(*house, context.Context, *db.Tx) error{
	"publish": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.put(ctx, tx, h.fresh(h.anyEdition(), h.clock.now()))
	},
	"publish long ago": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.put(ctx, tx, h.fresh(h.anyEdition(), h.clock.now().AddDate(0, -h.rng.IntN(20), -h.rng.IntN(28))))
	},
	"schedule": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.put(ctx, tx, h.fresh(h.anyEdition(), h.clock.now().Add(time.Duration(1+h.rng.IntN(200))*time.Minute)))
	},
	"translate": func(h *house, ctx context.Context, tx *db.Tx) error {
		a := h.anyArticle(ctx, tx)
		e := h.fresh(h.anyEdition(), h.clock.now())
		e.StoryID = a.StoryID
		return h.put(ctx, tx, e)
	},
	"new headline": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.again(ctx, tx, func(e *article.Edit) { e.Content.Headline = h.word() })
	},
	"rename": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.again(ctx, tx, func(e *article.Edit) { e.Slug = "renamed-" + h.word() })
	},
	"other shelves": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.again(ctx, tx, func(e *article.Edit) { e.Content.Topics = h.shelves(e.Content.Lang) })
	},
	"other author": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.again(ctx, tx, func(e *article.Edit) { e.Content.Credits = h.credits(e.Content.Lang) })
	},
	"back to draft": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.again(ctx, tx, func(e *article.Edit) { e.State = article.Draft })
	},
	"hold at the top": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.again(ctx, tx, func(e *article.Edit) { e.Sticky = !e.Sticky })
	},
	"link to another": func(h *house, ctx context.Context, tx *db.Tx) error {
		other := h.anyArticle(ctx, tx)
		return h.again(ctx, tx, func(e *article.Edit) { e.Body = h.body(fmt.Sprintf(`<a href="ref:article/%d">that</a>`, other.ID)) })
	},
	"withdraw": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.app.Articles.Withdraw(ctx, tx, h.anyArticle(ctx, tx).ID, "wrong "+h.word())
	},
	"rename a shelf": func(h *house, ctx context.Context, tx *db.Tx) error {
		t, err := h.anyTopic(ctx)
		if err != nil {
			return err
		}
		names := map[string]topic.Name{}
		for l, n := range t.Names {
			n.Name += " " + h.word()
			if h.rng.IntN(2) == 0 {
				n.Slug += h.word()
			}
			names[l] = n
		}
		t.Names = names
		_, err = h.app.Topics.Put(ctx, tx, h.site.Publication.ID, []topic.Topic{t})
		return err
	},
	"move a shelf": func(h *house, ctx context.Context, tx *db.Tx) error {
		tree, err := h.app.Topics.Tree(ctx, h.site.Publication.ID)
		if err != nil {
			return err
		}
		roots := tree.Sections()
		if len(roots) < 2 {
			return nil
		}
		i := h.rng.IntN(len(roots))
		return h.app.Topics.SetParent(ctx, tx, roots[i].ID, roots[(i+1)%len(roots)].ID)
	},
	"recast a shelf": func(h *house, ctx context.Context, tx *db.Tx) error {
		t, err := h.anyTopic(ctx)
		if err != nil {
			return err
		}
		kinds := []topic.Kind{topic.Section, topic.Tag, topic.Genre, topic.Column, topic.Series}
		return h.app.Topics.Recast(ctx, tx, t.ID, kinds[h.rng.IntN(len(kinds))])
	},
	"new section": func(h *house, ctx context.Context, tx *db.Tx) error {
		names := map[string]topic.Name{}
		for _, l := range h.site.Langs() {
			names[l] = topic.Name{Name: h.word(), Slug: h.word()}
		}
		_, err := h.app.Topics.Put(ctx, tx, h.site.Publication.ID, []topic.Topic{{Kind: topic.Section, Names: names, Position: h.rng.IntN(9)}})
		return err
	},
	"rename an author": func(h *house, ctx context.Context, tx *db.Tx) error {
		c := h.anyAuthor(ctx)
		names := map[string]string{}
		for l, n := range c.Names {
			names[l] = n + " " + h.word()
		}
		c.Names = names
		if h.rng.IntN(2) == 0 {
			c.Slug += h.word()
		}
		_, err := h.app.Authors.Put(ctx, tx, h.site.Publication.ID, []author.Contributor{c})
		return err
	},
	"an author's words": func(h *house, ctx context.Context, tx *db.Tx) error {
		c := h.anyAuthor(ctx)
		texts := map[string]author.Text{}
		for l := range c.Texts {
			texts[l] = author.Text{Role: h.word(), Bio: h.word()}
		}
		c.Texts = texts
		_, err := h.app.Authors.Put(ctx, tx, h.site.Publication.ID, []author.Contributor{c})
		return err
	},
	"an entity's name": func(h *house, ctx context.Context, tx *db.Tx) error {
		c := h.anyAuthor(ctx)
		_, err := h.app.Entities.Put(ctx, tx, h.site.Publication.ID, []entity.Entity{{ID: c.EntityID, Kind: entity.Person,
			Names: map[string]string{"en": h.word(), "ru": h.word(), "kk": h.word()}}})
		return err
	},
	"announce": func(h *house, ctx context.Context, tx *db.Tx) error {
		kind := []string{"announcement", "breaking"}[h.rng.IntN(2)]
		from := h.clock.now().Add(time.Duration(h.rng.IntN(120)-60) * time.Minute)
		_, err := h.app.Editions.PutAnnouncement(ctx, tx, edition.Announcement{EditionID: h.anyEdition().ID, Kind: kind,
			Text: h.word(), Begins: from, Ends: from.Add(time.Duration(1+h.rng.IntN(180)) * time.Minute)})
		return err
	},
	"follow": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.app.Editions.PutFollowLinks(ctx, tx, h.anyEdition().ID, []edition.FollowLink{{Kind: "telegram", Name: h.word(), URL: "https://t.example.org/" + h.word()}})
	},
	"rename the edition": func(h *house, ctx context.Context, tx *db.Tx) error {
		e := h.anyEdition()
		e.Name, e.Tagline = h.word(), h.word()
		return h.app.Editions.UpdateEdition(ctx, tx, e)
	},
	"a setting": func(h *house, ctx context.Context, tx *db.Tx) error { return h.setting(ctx, tx) },
	"comment": func(h *house, ctx context.Context, tx *db.Tx) error {
		state := []string{"approved", "pending"}[h.rng.IntN(2)]
		_, err := h.app.Comments.PutMany(ctx, tx, []comment.Comment{{ArticleID: h.anyArticle(ctx, tx).ID, AuthorKind: "imported",
			Name: h.word(), Body: h.word(), State: state, At: h.clock.now()}})
		return err
	},
	"describe a picture": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM media ORDER BY id")
		if err != nil {
			return err
		}
		id := ids[h.rng.IntN(len(ids))]
		found, err := h.app.Media.ByIDs(ctx, []int64{id})
		if err != nil {
			return err
		}
		m := found[id]
		m.Texts = map[string]media.Text{"en": {Alt: h.word()}, "ru": {Alt: h.word()}, "kk": {Alt: h.word()}}
		_, err = h.app.Media.Put(ctx, tx, h.site.Publication.ID, []media.Media{m})
		return err
	},
	"a page": func(h *house, ctx context.Context, tx *db.Tx) error {
		e := h.fresh(h.anyEdition(), h.clock.now())
		e.Content.Kind, e.Day, e.Path = article.Page, 0, "page-"+h.word()
		return h.put(ctx, tx, e)
	},
	"an old address": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.app.Addresses.AddRedirects(ctx, tx, []address.Redirect{{Publication: h.site.Publication.ID, Host: "old.test", Path: "/old/" + h.word(),
			Edition: h.anyEdition().ID, Target: address.Target{Kind: "article", ID: h.anyArticle(ctx, tx).ID}}})
	},
}

func (h *house) word() string { h.n++; return fmt.Sprintf("word%d", h.n) }

func (h *house) anyEdition() edition.Edition {
	return h.site.Editions[h.rng.IntN(len(h.site.Editions))]
}

func (h *house) anyArticle(ctx context.Context, tx *db.Tx) article.Article {
	h.t.Helper()
	id := h.next
	if h.next = 0; id == 0 {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM article WHERE state = 'approved' ORDER BY id")
		if err != nil {
			h.t.Fatal(err)
		}
		id = ids[h.rng.IntN(len(ids))]
	}
	a, err := h.app.Articles.Get(ctx, tx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// choose says which article is changed next, and has its page kept: what is
// not cannot be stale.
func (h *house) choose(ctx context.Context, kept http.Handler, change string) {
	h.t.Helper()
	query := "SELECT id FROM article WHERE state = 'approved' ORDER BY id"
	if strings.Contains(change, "comment") {
		query = "SELECT DISTINCT article_id FROM comment WHERE state = 'approved' AND article_id IN (SELECT id FROM article WHERE state = 'approved') ORDER BY 1"
	}
	ids, err := db.List(ctx, h.app.DB, db.One[int64], query)
	if err != nil {
		h.t.Fatal(err)
	}
	h.next = ids[h.rng.IntN(len(ids))]
	if h.debated != 0 && h.rng.IntN(3) == 0 {
		if still, err := h.app.Articles.Get(ctx, h.app.DB, h.debated); err == nil && still.State == article.Approved {
			h.next = h.debated
		}
	}
	a, err := h.app.Articles.Get(ctx, h.app.DB, h.next)
	if err != nil {
		h.t.Fatal(err)
	}
	ed, _ := h.site.ByID(a.Edition)
	h.hot = []string{ed.Prefix + "/" + a.Path}
	get(kept, h.hot[0])
}

// debate has so much said under an article that it stands on three pages, and
// gives the addresses of the later ones. Changes of comments take this article
// as often as others.
func (h *house) debate(ctx context.Context, kept http.Handler) []string {
	h.t.Helper()
	var a article.Article
	err := h.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		id, err := db.Get(ctx, tx, db.One[int64], "SELECT min(article_id) FROM comment WHERE state = 'approved'")
		if err != nil {
			return err
		}
		if a, err = h.app.Articles.Get(ctx, tx, id); err != nil {
			return err
		}
		var list []comment.Comment
		for i := range 130 {
			list = append(list, comment.Comment{ArticleID: a.ID, AuthorKind: "imported", Name: h.word(), Body: h.word(), State: "approved",
				Old: int64(9000 + i), ParentIndex: min(i%3, 1) * i, At: h.clock.now().Add(time.Duration(i) * time.Second)})
		}
		_, err = h.app.Comments.PutMany(ctx, tx, list)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.debated = a.ID
	ed, _ := h.site.ByID(a.Edition)
	page := ed.Prefix + "/" + a.Path + "/comments/"
	for _, p := range []string{page + "2", page + "3"} {
		get(kept, p)
	}
	return []string{page + "2", page + "3"}
}

func (h *house) anyTopic(ctx context.Context) (topic.Topic, error) {
	tree, err := h.app.Topics.Tree(ctx, h.site.Publication.ID)
	if err != nil {
		return topic.Topic{}, err
	}
	var all []topic.Topic
	for _, k := range []topic.Kind{topic.Section, topic.Genre, topic.Column, topic.Series} {
		all = append(all, tree.OfKind(k)...)
	}
	return all[h.rng.IntN(len(all))], nil
}

func (h *house) anyAuthor(ctx context.Context) author.Contributor {
	h.t.Helper()
	all, err := h.app.Authors.All(ctx, h.site.Publication.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return all[h.rng.IntN(len(all))]
}

func (h *house) shelves(lang string) []article.TopicRef {
	var out []article.TopicRef
	tree, err := h.app.Topics.Tree(context.Background(), h.site.Publication.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	for range 1 + h.rng.IntN(3) {
		t, err := h.anyTopic(context.Background())
		if err != nil {
			h.t.Fatal(err)
		}
		if !slices.ContainsFunc(out, func(r article.TopicRef) bool { return r.ID == t.ID }) {
			out = append(out, article.TopicRef{ID: t.ID, Kind: string(t.Kind), Name: t.Name(lang, h.site.Default().Lang).Name, Above: tree.Ancestors(t.ID)})
		}
	}
	return out
}

func (h *house) credits(lang string) []article.Credit {
	c := h.anyAuthor(context.Background())
	return []article.Credit{{Entity: c.EntityID, Name: c.Name(lang, h.site.Default().Lang), Role: "author"}}
}

func (h *house) body(inner string) richtext.Doc {
	doc, _ := richtext.FromHTML("<p>"+h.word()+" "+inner+"</p>", richtext.Options{})
	return doc
}

func (h *house) fresh(ed edition.Edition, at time.Time) article.Edit {
	at = at.Truncate(time.Second)
	loc, _ := time.LoadLocation("Asia/Almaty")
	y, m, d := at.In(loc).Date()
	return article.Edit{Publication: h.site.Publication.ID, Edition: ed.ID, State: article.Approved, VisibleFrom: at, Slug: h.word(),
		Day: y*10000 + int(m)*100 + d, Body: h.body(""), Actor: "test", Created: at,
		Content: article.Content{Lang: ed.Lang, Kind: article.Text, Headline: h.word(), Standfirst: h.word(),
			Topics: h.shelves(ed.Lang), Credits: h.credits(ed.Lang)}}
}

func (h *house) put(ctx context.Context, tx *db.Tx, e article.Edit) error {
	_, err := h.app.Articles.Put(ctx, tx, []article.Edit{e})
	return err
}

// again edits an article that is there.
func (h *house) again(ctx context.Context, tx *db.Tx, change func(*article.Edit)) error {
	e, err := h.editOf(ctx, h.anyArticle(ctx, tx))
	if err != nil {
		return err
	}
	change(&e)
	return h.put(ctx, tx, e)
}

// editOf is an edit that changes nothing.
func (h *house) editOf(ctx context.Context, a article.Article) (article.Edit, error) {
	revs, err := h.app.Articles.Revisions(ctx, a.ID)
	if err != nil {
		return article.Edit{}, err
	}
	c := revs[len(revs)-1].Content
	doc, err := richtext.Parse(c.Body)
	if err != nil {
		return article.Edit{}, err
	}
	tree, err := h.app.Topics.Tree(ctx, h.site.Publication.ID)
	if err != nil {
		return article.Edit{}, err
	}
	for i := range c.Topics {
		c.Topics[i].Above = tree.Ancestors(c.Topics[i].ID)
	}
	return article.Edit{ID: a.ID, Publication: a.Publication, Edition: a.Edition, Content: c, Body: doc, State: a.State, VisibleFrom: a.VisibleFrom,
		UpdatedAt: h.clock.now(), Day: a.Day, Slug: a.Slug, Path: a.Path, ParentID: a.ParentID, Sticky: a.Sticky, Comments: a.Comments, Actor: "test"}, nil
}

// documents are what programs read and no page links to.
var documents = []string{"/robots.txt", "/ads.txt", "/trust.txt", "/.well-known/trust.txt", "/.well-known/security.txt",
	"/sitemap.xml", "/sitemap-news.xml", "/ru/sitemap-news.xml", "/kk/sitemap-pages.xml", "/sitemap-pages.xml",
	"/sitemap-2026-11.xml", "/ru/sitemap-2026-11.xml", "/kk/sitemap-2026-10.xml", "/feed/dzen.xml", "/ru/feed/dzen.xml",
	"/-/oembed?url=http://lamp.test/2026/11/12/a-chess-club-is-a-parliament"}

// TestNeverStale makes every change that can be made, and lets the clock go on,
// and compares every page with a fresh rendering after each.
func TestNeverStale(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := openHouse(t, d, &clock{t: time.Date(2026, 11, 14, 15, 30, 0, 0, time.UTC)}, 7)
		kept := h.app.Handler()
		changes := allChanges()
		names := slices.Sorted(maps.Keys(changes))
		talks := h.debate(ctx, kept)
		paths := crawl(kept, append([]string{"/", "/ru/", "/kk/", "/privacy", "/archive", "/nowhere", "/?p=1", "/rules", "/ru/rules", "/transparency", "/kk/transparency", "/transparency.csv", "/corrections", "/ru/corrections", "/kk/corrections", "/corrections/feed.xml", "/kk/corrections/feed.json",
			"/search?q=word*", "/ru/search?order=newest&q=word*", "/kk/search?q=word*", "/search?q=bridge&from=2026-09-18"}, documents...)...)
		for _, p := range documents {
			if text := get(kept, p); !strings.HasPrefix(text, "200 ") && strings.Contains(p, "sitemap") {
				t.Errorf("%s answers %.80s", p, text)
			}
		}
		if len(paths) < 150 {
			t.Fatalf("only %d addresses found", len(paths))
		}
		for _, p := range talks {
			if !slices.Contains(paths, p) || !strings.HasPrefix(get(kept, p), "200 ") {
				t.Fatalf("no link leads to the comments at %s, or they are not there", p)
			}
		}
		rounds := 1
		if os.Getenv("DATELINE_LONG") != "" {
			rounds = 10
		}
		h.rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for range rounds {
			for _, name := range names {
				h.choose(ctx, kept, name)
				if err := h.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error { return changes[name](h, ctx, tx) }); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				h.compare(name, kept, append(h.some(paths), talks...))
				h.clock.add(time.Duration(h.rng.IntN(90)) * time.Minute)
				h.compare("the clock after "+name, kept, h.some(paths))
			}
			h.compare("everything", kept, paths)
			paths = crawl(kept, append(paths, "/", "/ru/", "/kk/")...)
		}
		if h.withDate == 0 {
			t.Error("no page had a Last-Modified")
		}
	})
}

// some is a sample of the addresses, the fronts among them; with DATELINE_LONG
// (make soak) all of them.
func (h *house) some(paths []string) []string {
	if os.Getenv("DATELINE_LONG") != "" {
		return paths
	}
	out := append([]string{"/", "/ru/", "/kk/"}, h.hot...)
	for range 20 {
		out = append(out, paths[h.rng.IntN(len(paths))])
	}
	for range 3 {
		out = append(out, documents[h.rng.IntN(len(documents))])
	}
	return out
}

// unlike are rows of lists that do not say what article_public says. The views
// of lists have no condition of their own, so there must never be one.
var unlike = map[string]string{
	"a list has what is not public": "listing_public l WHERE NOT EXISTS (SELECT 1 FROM article_public a" +
		" WHERE a.id = l.article_id AND a.edition_id = l.edition_id AND a.visible_from = l.visible_from)",
	"a day has what is not public": "listing_day_public l WHERE NOT EXISTS (SELECT 1 FROM article_public a" +
		" WHERE a.id = l.article_id AND a.edition_id = l.edition_id AND a.visible_from = l.visible_from AND a.day = l.day)",
	"the edition's list lacks an article": "article_public a WHERE a.kind = 'article' AND NOT EXISTS (SELECT 1 FROM listing_public l" +
		" WHERE l.article_id = a.id AND l.edition_id = a.edition_id AND l.kind = 0 AND l.ref_id = 0)",
	"a day lacks an article": "article_public a WHERE a.kind = 'article' AND NOT EXISTS (SELECT 1 FROM listing_day_public l WHERE l.article_id = a.id)",
}

// since asks as a reader who has nothing but the date that the page had before:
// it is not modified only if it has the tag that it had then.
func (h *house) since(after string, kept http.Handler, path string) {
	h.t.Helper()
	if h.dated == nil {
		h.dated = map[string]http.Header{}
	}
	before := h.dated[path].Get("Last-Modified")
	now := ask(kept, "GET", path).Header
	if before != "" {
		if code := ask(kept, "GET", path, "If-Modified-Since", before).StatusCode; code == http.StatusNotModified && now.Get("Etag") != h.dated[path].Get("Etag") {
			h.t.Fatalf("after %q %s is told to be as it was on %s, and is not", after, path, before)
		}
	}
	if h.dated[path] = now; now.Get("Last-Modified") != "" {
		h.withDate++
	}
}

// compare holds kept pages against fresh renderings.
func (h *house) compare(after string, kept http.Handler, paths []string) {
	h.t.Helper()
	ctx := context.Background()
	for what, query := range unlike {
		if n, err := db.Get(ctx, h.app.DB, db.One[int], "SELECT count(*) FROM "+query); err != nil || n != 0 {
			h.t.Fatalf("after %q %s: %d; %v", after, what, n, err)
		}
	}
	// A copy with nothing kept; rendered numbers come from the same tables.
	fresh := *h.app
	if err := fresh.Public(); err != nil {
		h.t.Fatal(err)
	}
	if err := h.app.Site.Rank(ctx); err != nil {
		h.t.Fatal(err)
	}
	handler := fresh.Handler()
	differ := 0
	for _, p := range paths {
		got, want := get(kept, p), get(handler, p)
		h.since(after, kept, p)
		if got == want {
			continue
		}
		if differ++; differ <= 2 {
			h.t.Errorf("after %q the page %s is stale (-fresh +kept):\n%s", after, p, short(cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n"))))
		}
	}
	if differ > 0 {
		h.t.Fatalf("after %q %d of %d pages are stale", after, differ, len(paths))
	}
}

func short(s string) string {
	if len(s) > 3000 {
		return s[:3000] + "…"
	}
	return s
}
