package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline/internal/address"
	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/article/editor"
	"dateline/internal/author"
	"dateline/internal/blob"
	"dateline/internal/cache"
	"dateline/internal/channel"
	"dateline/internal/channel/websub"
	"dateline/internal/comment"
	"dateline/internal/correction"
	"dateline/internal/correction/report"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/encoder"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/front"
	"dateline/internal/glossary"
	"dateline/internal/importer"
	"dateline/internal/importer/wordpress"
	"dateline/internal/lang"
	"dateline/internal/mail"
	"dateline/internal/media"
	"dateline/internal/media/library"
	"dateline/internal/outbound"
	"dateline/internal/pace"
	"dateline/internal/reader"
	"dateline/internal/seal"
	"dateline/internal/search"
	"dateline/internal/site"
	"dateline/internal/theme"
	"dateline/internal/topic"
	"dateline/internal/user"
	"dateline/internal/views"
	"dateline/internal/web"
)

// Config says how Dateline runs. The zero value runs on SQLite in ./data.
type Config struct {
	Data         string         // folder of the database, files and secrets; empty: ./data
	Database     string         // postgres://…; empty: SQLite in Data
	BaseURL      string         // how readers reach the site; empty: http://localhost:PORT
	DeskURL      string         // how staff reach the desk, before /desk/; empty: as readers reach the site
	SecretFile   string         // of the installation's secret; empty: DATA/secret, made when there is none
	OIDC         *user.OIDC     // the newsroom's single sign-on; nil: none
	Mail         *mail.SMTP     // the mail server; nil: letters stay in the outbox
	Proxies      []netip.Prefix // whose X-Forwarded-For is believed
	Theme        string         // folder of a theme's files that go before the embedded ones
	ThemeName    string         // the theme of every page; empty: the one that the newsroom has set
	Dev          bool           // read the theme's files and make each page anew for every request
	CacheSize    int64          // bytes of rendered pages; 0: 64 MiB
	DBCache      int            // KiB of SQLite's cache for a connection; 0: its default
	Looks        bool           // has a look and makes nothing: no secret either
	Serves       bool           // readers' pages: an import beside it goes slowly
	Teller       report.Teller  // writes to readers whose error report was settled; nil: by mail
	Now          func() time.Time
	Log          *slog.Logger
	OpenComments bool // readers' comments are taken at once and for ever, whatever is set: for trying things out
}

// App is the whole, opened.
type App struct {
	Config
	DB          *db.DB
	Blobs       *blob.Dir
	Editions    *edition.Store
	Entities    *entity.Store
	Addresses   *address.Store
	Topics      *topic.Store
	Authors     *author.Store
	Media       *media.Store
	Drawer      *media.Drawer
	Articles    *article.Store
	Glossary    *glossary.Store
	Archive     *archive.Store
	Comments    *comment.Store
	Forum       *comment.Forum
	sealed      func() (seal.Sealer, error) // of addresses in letters about comments
	Corrections *correction.Store
	Reports     *report.Store  // of errors, by readers; set by Public
	ReportDoor  *report.Public // where they come in
	Front       *front.Store
	Views       *views.Store
	Search      *search.Store
	Users       *user.Store
	Counter     *views.Counter
	Cache       *cache.Cache
	Site        *site.Site
	Router      *web.Router
	DeskRouter  *web.Router // Router, unless the desk stands alone; nil without a desk
	Answers     *web.Answers
	Assets      *web.AssetSet
	Engine      *theme.Engine

	Editor   *editor.Editor    // of articles; nil without a desk
	Channels *channel.Channels // nil where nothing is served
	Post     *mail.Post        // nil where nothing is served
	Readers  *reader.Service   // nil where nothing is served
	Library  *library.Library  // of pictures; nil without a desk

	desk *desk.Desk
	home string // the base URL's host; "" when none was given
}

// Open opens the data folder or the database, brings its schema up to date and
// wires the rooms. It listens nowhere yet.
func Open(ctx context.Context, c Config) (*App, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Data == "" {
		c.Data = "data"
	}
	a := &App{Config: c}
	if u, err := url.Parse(c.BaseURL); err == nil {
		a.home = address.Host(u.Host)
	}
	if err := os.MkdirAll(c.Data+"/tmp", 0o750); err != nil {
		return nil, fault.New(fault.Unavailable, "the data folder: %w", err)
	}
	var err error
	if a.Blobs, err = blob.OpenDir(c.Data, c.Now); err != nil {
		return nil, err
	}
	if a.DB, err = db.Open(ctx, db.Config{Dir: c.Data, URL: c.Database, Cache: c.DBCache, Serves: c.Serves, Now: c.Now, Log: c.Log}); err != nil {
		a.Blobs.Close()
		return nil, err
	}
	a.rooms()
	return a, nil
}

// rooms opens the rooms that keep things.
func (a *App) rooms() {
	a.Editions = edition.New(a.DB)
	a.Entities = entity.New(a.DB)
	a.Addresses = address.New(a.DB)
	a.Topics = topic.New(a.DB, a.Addresses)
	a.Authors = author.New(a.DB, a.Entities, a.Addresses)
	a.Media = media.New(a.DB, a.Blobs)
	a.Drawer = media.NewDrawer(a.Media, encoder.Find(a.Data+"/tmp"), a.Log)
	a.Articles = article.New(a.DB, a.Addresses)
	a.Glossary = glossary.New(a.DB)
	a.Topics.OnMove(a.Articles.Moved)
	a.Archive = archive.New(a.DB)
	a.Comments = comment.New(a.DB)
	a.Corrections = correction.New(a.DB, a.Articles)
	a.Front = front.New(a.DB, a.Articles)
	a.Views = views.New(a.DB)
	a.Search = search.New(a.DB, a.Articles)
	a.Search.Beside(a.Corrections.Texts)
	a.Corrections.OnChange(a.Search.Anew)
	a.Users = user.New(a.DB)
	a.merges()
}

// merges has every room follow what becomes part of something else. Search goes first:
// it looks at the lists as they were.
func (a *App) merges() {
	for _, f := range []func(context.Context, *db.Tx, topic.Merge) error{a.Search.TopicMerged, a.Articles.TopicMerged,
		func(ctx context.Context, tx *db.Tx, m topic.Merge) error {
			return importer.Merged(ctx, tx, "term", m.From, m.Into)
		}} {
		a.Topics.OnMerge(f)
	}
	for _, f := range []func(context.Context, *db.Tx, entity.Merge) error{a.Search.EntityMerged, a.Articles.EntityMerged, a.Authors.EntityMerged,
		a.Topics.EntityMerged,
		func(ctx context.Context, tx *db.Tx, m entity.Merge) error {
			return errors.Join(a.Editions.PlaceMerged(ctx, tx, m.From, m.Into), a.Users.BylineMerged(ctx, tx, m.From, m.Into),
				importer.Merged(ctx, tx, "author", m.From, m.Into))
		}} {
		a.Entities.OnMerge(f)
	}
}

// Close closes everything.
func (a *App) Close() error {
	a.Drawer.Close()
	return errors.Join(a.DB.Close(), a.Blobs.Close())
}

// ImportWordPress brings the files of a WordPress export in. Unless it is in a
// hurry it goes at a thirtieth of its speed while readers are served from the same
// database.
func (a *App) ImportWordPress(ctx context.Context, keepEmails bool, opt importer.Options) (*importer.Report, error) {
	if !opt.Hurry {
		opt.Pace = a.importPace()
		defer opt.Pace.End()
	}
	rooms := importer.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Authors: a.Authors, Topics: a.Topics, Media: a.Media,
		Addresses: a.Addresses, Articles: a.Articles, Comments: a.Comments, Views: a.Views, Search: a.Search}
	export, err := wordpress.Open(opt.Files, wordpress.Options{KeepEmails: keepEmails, Pause: func() error { return opt.Pace.Step(ctx) },
		Types: func(head *importer.Head) (map[string]importer.Kind, error) {
			return importer.Types(ctx, rooms, head, opt.Mapping)
		}})
	if err = cmp.Or(ctx.Err(), err); err != nil {
		return &importer.Report{Files: opt.Files}, err
	}
	release, err := a.DB.Exclusive(ctx, db.Importing)
	if err != nil {
		return &importer.Report{Files: opt.Files}, fault.New(fault.Conflict, "another import is running; wait for its end: %w", err)
	}
	defer release()
	return importer.Import(ctx, rooms, export, opt)
}

// importPace is slow while somebody is served. PostgreSQL works about as much
// for an import as the import does itself, and goes on for a while when that rests.
func (a *App) importPace() *pace.Pace {
	weight := 1
	if a.DB.Engine() == db.Postgres {
		weight = 4
	}
	return pace.New(weight, func(ctx context.Context) bool { return a.DB.Held(ctx, db.Serving) }, func(slow bool) {
		if slow {
			a.Log.Info("a site is served from this database: importing slowly, so that its readers do not notice (with --hurry they do)")
		} else {
			a.Log.Info("no site is served from this database any more: importing at full speed")
		}
	})
}

// Public makes the readers' side: theme, assets, cache, routes. BaseURL must
// be known by now.
func (a *App) Public() error {
	err := a.theme()
	if err != nil {
		return err
	}
	a.Cache = cache.New(cache.Options{MaxBytes: a.CacheSize, Now: a.Now, Log: a.Log, Stamp: a.stamp, Pass: a.Dev,
		IsUnavailable: func(err error) bool { return fault.Is(err, fault.Unavailable) }})
	a.Answers = &web.Answers{}
	a.Counter = views.NewCounter(a.Views, a.Now, a.Log)
	a.sealed = sync.OnceValues(a.mineSeal)
	a.Forum = comment.NewForum(comment.Forum{Store: a.Comments, Articles: a.Articles, Editions: a.Editions, Open: a.OpenComments, Writer: a, Opens: a.opensMine, Now: a.Now})
	a.Site = site.New(site.Rooms{Editions: a.Editions, Articles: a.Articles, Topics: a.Topics, Authors: a.Authors, Media: a.Media, Draw: a.Drawer,
		Addresses: a.Addresses, Archive: a.Archive, Comments: a.Comments, Forum: a.Forum, Corrections: a.Corrections, Front: a.Front, Views: a.Views, Search: a.Search, Theme: a.Engine, Cache: a.Cache,
		BaseURL: a.BaseURL, Home: a.home, IconURL: a.Assets.URL("img/icon.svg"), Serves: a.Serves, Now: a.Now, Log: a.Log})
	a.Channels = channel.New(channel.Rooms{DB: a.DB, Articles: a.Articles, Editions: a.Editions, Now: a.Now, Log: a.Log},
		&websub.Hub{Editions: a.Editions, Feeds: a.Site.FeedsOf, Client: outbound.Configured(), Now: a.Now})
	if a.Post, err = mail.New(a.DB, mail.Options{BaseURL: a.BaseURL, SMTP: a.Mail, Newsroom: a.called, Now: a.Now, Log: a.Log}); err != nil {
		return err
	}
	if err := a.readers(); err != nil {
		return err
	}
	a.DB.OnChange(a.changed)
	if err := a.reports(); err != nil {
		return err
	}
	a.routes()
	return nil
}

// changed takes from the cache what is no longer true.
func (a *App) changed(tags []string) {
	a.Site.Changed(tags) // first: what is rendered anew asks it
	all, soon := slices.Contains(tags, db.All), slices.Index(tags, db.Soon) == 0
	switch {
	case soon && all:
		a.Cache.RefreshAll()
	case soon:
		a.Cache.Refresh(tags[1:]...)
	case all:
		a.Cache.PurgeAll()
		a.Cache.Purge(tags...) // what was withdrawn, too
	default:
		a.Cache.Purge(tags...)
	}
}

// stamp gives the numbers that stand on kept pages.
func (a *App) stamp(ctx context.Context, tokens []string) (map[string]string, error) {
	var ids []int64
	for _, t := range tokens {
		if id, _, ok := viewsToken(t); ok {
			ids = append(ids, id)
		}
	}
	totals, err := a.Views.Total(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(tokens))
	for _, t := range tokens {
		id, tag, ok := viewsToken(t)
		switch {
		case !ok:
		case tag == "json":
			out[t] = strconv.FormatInt(totals[id], 10)
		default:
			out[t] = lang.Of(tag).Number(totals[id])
		}
	}
	return out, nil
}

func viewsToken(t string) (id int64, tag string, ok bool) {
	p := strings.Split(t, ":")
	if len(p) != 3 || p[0] != "views" {
		return 0, "", false
	}
	id, err := strconv.ParseInt(p[1], 10, 64)
	return id, p[2], err == nil
}
