package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"

	"dateline/internal/article"
	"dateline/internal/article/editor"
	"dateline/internal/article/filing"
	"dateline/internal/comment"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/front"
	"dateline/internal/lang"
	"dateline/internal/letterbox"
	"dateline/internal/media/library"
	"dateline/internal/seal"
	"dateline/internal/search"
	"dateline/internal/stem"
	"dateline/internal/user"
	"dateline/internal/views"
	"dateline/internal/web"
	"dateline/themes"
)

// Desk makes the editors' interface, on the readers' router or, alone, on one of its
// own. Public goes before it.
func (a *App) Desk(alone bool) error {
	secret, err := a.secret()
	if err != nil {
		return err
	}
	a.DeskURL = cmp.Or(a.DeskURL, a.BaseURL)
	newsroom := ""
	if n, err := a.newsroom(context.Background()); err == nil {
		newsroom = n.Called(n.Lang)
	}
	gate, err := user.NewGate(a.Users, user.Options{URL: a.DeskURL, Newsroom: cmp.Or(newsroom, "Dateline"), Secret: secret, OIDC: a.OIDC,
		Publication: func(ctx context.Context) (int64, error) { n, err := a.newsroom(ctx); return n.ID, err }, Now: a.Now, Log: a.Log})
	if err != nil {
		return err
	}
	a.desk = desk.New(desk.Options{Gate: gate, DB: a.DB, URL: a.DeskURL, Newsroom: a.newsroom, Contributors: a.contributors, Things: a.things,
		Asset: a.Assets.URL, Integrity: a.Assets.Integrity, Now: a.Now, Log: a.Log})
	told := correction.NewPages(correction.Rooms{DB: a.DB, Articles: a.Articles, Editions: a.Editions, Users: a.Users, Store: a.Corrections, Now: a.Now})
	a.Editor = editor.New(editor.Rooms{DB: a.DB, Articles: a.Articles, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics, Authors: a.Authors,
		Media: a.Media, Glossary: a.Glossary, Drawer: a.Drawer, Users: a.Users, Preview: a.Site.Preview, Card: a.Site.PreviewCard, Elsewhere: a.Site.Elsewhere, Over: a.Site.PreviewOver, BaseURL: a.BaseURL, Search: a.found, Now: a.Now, Log: a.Log,
		Tell: func(ctx context.Context, tx *db.Tx, t editor.Telling) error {
			return told.Tell(ctx, tx, correction.Correction{Article: t.Article.ID, Edition: t.Article.Edition, Kind: correction.Kind(t.Kind), Text: t.Text,
				Shows: t.Shows, Before: t.Before, After: t.After, At: t.At, Staff: t.Staff}, t.Name)
		}})
	a.Editor.Desk(a.desk)
	a.Channels.Desk(a.desk)
	letterbox.Box{DB: a.DB, Post: a.Post, BaseURL: a.BaseURL}.Desk(a.desk)
	told.Writes = a.Editor.Writes
	told.Desk(a.desk)
	a.reportDesk()
	comment.Moderation{Store: a.Comments, Articles: a.Articles, Editions: a.Editions, Topics: a.Topics, Users: a.Users}.Desk(a.desk)
	a.Glossary.Desk(a.desk, a.Editions)
	filing.New(filing.Rooms{DB: a.DB, Articles: a.Articles, Editions: a.Editions, Topics: a.Topics, Entities: a.Entities, Authors: a.Authors,
		Addresses: a.Addresses}).Desk(a.desk)
	views.Numbers{Views: a.Views, Articles: a.Articles, Editions: a.Editions, Now: a.Now}.Desk(a.desk)
	for pattern, h := range map[string]http.Handler{"/-/preview/{token}": a.Editor.Linked(), "/-/preview/{token}/media/{medium}/{name...}": a.Editor.LinkedMedia()} {
		a.Router.Handle(web.Route{Method: "GET", Pattern: pattern, Room: "article", Permission: web.Public, Kind: web.Page, Handler: h})
	}
	a.Library = library.New(library.Rooms{DB: a.DB, Editions: a.Editions, Media: a.Media, Drawer: a.Drawer, Articles: a.using, Now: a.Now, Log: a.Log})
	a.Library.Desk(a.desk)
	front.NewBoard(front.Rooms{DB: a.DB, Front: a.Front, Articles: a.Articles, Editions: a.Editions, Topics: a.Topics, Users: a.Users,
		Placed: a.Site.Placed, Rehearse: a.Site.Rehearse, Now: a.Now}).Desk(a.desk)
	a.DeskRouter = a.Router
	if alone {
		a.DeskRouter = &web.Router{}
		add := func(pattern, room string, kind web.Kind, h http.Handler) {
			a.DeskRouter.Handle(web.Route{Method: "GET", Pattern: pattern, Room: room, Permission: web.Public, Kind: kind, Handler: h})
		}
		add("/", "desk", web.Page, http.HandlerFunc(a.toDesk))
		add("/assets/", "web", web.Asset, a.assets())
		add("/-/live", "web", web.Data, web.Live())
		add("/-/ready", "web", web.Data, web.Ready(a.DB.Ping, a.unwritable))
	}
	return a.desk.Mount(a.DeskRouter)
}

// toDesk leads from the beginning of the desk's own host on.
func (a *App) toDesk(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		web.Fail(w, r, fault.New(fault.NotFound, "nothing but the desk is here"))
		return
	}
	http.Redirect(w, r, desk.Root, http.StatusFound)
}

// DeskHandler answers at a listener of the desk's own.
func (a *App) DeskHandler() http.Handler {
	return web.Handler(a.DeskRouter, web.Options{BaseURL: a.DeskURL, Proxies: a.Proxies, Guard: a.desk.Guard, Error: a.desk.Error, Log: a.Log, Now: a.Now})
}

// called is the newsroom's name in a language.
func (a *App) called(ctx context.Context, lang string) (string, error) {
	n, err := a.newsroom(ctx)
	return n.Called(lang), err
}

// newsroom is what the desk's frame says of the publication.
func (a *App) newsroom(ctx context.Context) (desk.Newsroom, error) {
	s, err := a.Editions.Site(ctx)
	if err != nil {
		return desk.Newsroom{Home: "/", Lang: "en"}, err
	}
	n := desk.Newsroom{ID: s.Publication.ID, Zone: s.Publication.Zone, Lang: s.Default().Lang, Name: map[string]string{}, Home: a.BaseURL + "/"}
	for _, e := range s.Editions {
		n.Name[e.Lang] = e.Name
	}
	return n, nil
}

// found are articles that readers have, by their words; the last may be the beginning
// of one that is being typed.
func (a *App) found(ctx context.Context, ed edition.Edition, text string, limit int) ([]int64, error) {
	words := stem.Of(ed.Lang)
	for _, t := range []string{text + "*", text} {
		q := search.Parse(words, t)
		if q.Empty() {
			continue
		}
		r, err := a.Search.Search(ctx, search.Request{Edition: ed.ID, Language: words, Query: q, Now: a.Now(), Limit: limit})
		if err != nil || len(r.Articles) > 0 {
			return r.Articles, err
		}
	}
	return nil, nil
}

// using names articles for the library of pictures: those that whoever asks may read.
func (a *App) using(r *desk.Request, ids []int64) ([]library.Use, error) {
	items, err := a.Articles.Items(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	works, err := a.Articles.WorkOf(r.Context(), a.DB, ids...)
	if err != nil {
		return nil, err
	}
	credits, err := a.Articles.Credits(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	site, err := a.Editions.Site(r.Context())
	if err != nil {
		return nil, err
	}
	var out []library.Use
	for _, i := range items {
		mine := works[i.ID].Staff == r.Who.ID || r.Who.EntityID != 0 && slices.ContainsFunc(credits[i.ID], func(c article.Credit) bool { return c.Entity == r.Who.EntityID })
		if r.May(user.ReadArticles, mine) != nil {
			continue
		}
		ed, _ := site.ByID(i.Edition)
		out = append(out, library.Use{ID: i.ID, Title: i.Title, Lang: ed.Lang, Path: editor.Path(i.ID), Public: i.Visibility().Public(a.Now())})
	}
	return out, nil
}

// contributors are offered for an account's by-line.
func (a *App) contributors(ctx context.Context, tag string) ([]desk.Choice, error) {
	s, err := a.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.Authors.All(ctx, s.Publication.ID)
	if err != nil {
		return nil, err
	}
	out := make([]desk.Choice, len(all))
	for i, c := range all {
		out[i] = desk.Choice{Value: strconv.FormatInt(c.EntityID, 10), Label: c.Name(tag, s.Langs()...)}
	}
	l := lang.Of(tag)
	slices.SortFunc(out, func(x, y desk.Choice) int { return strings.Compare(l.SortKey(x.Label), l.SortKey(y.Label)) })
	return out, nil
}

// sealing is the secret that readers' rooms seal with. Whoever only has a look makes
// none, and seals nothing that anybody gets.
func (a *App) sealing() ([]byte, error) {
	if a.Looks {
		return make([]byte, seal.Size), nil
	}
	return a.secret()
}

// secret is the installation's: what is sealed with it can be read nowhere else. It
// is made when it is first needed, beside the database and not in it, so that a copy
// of that does not hold it.
func (a *App) secret() ([]byte, error) {
	name := cmp.Or(a.SecretFile, filepath.Join(a.Data, "secret"))
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && a.SecretFile == "" {
		fresh := make([]byte, seal.Size)
		if _, err := rand.Read(fresh); err != nil {
			return nil, err
		}
		text = []byte(base64.StdEncoding.EncodeToString(fresh) + "\n")
		// O_EXCL: of two processes that begin at once, one makes it.
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			text, err = os.ReadFile(name)
		} else if err == nil {
			_, err = f.Write(text)
			err = errors.Join(err, f.Sync(), f.Close())
		}
		if err != nil {
			return nil, fault.New(fault.Unavailable, "the secret: %w", err)
		}
	} else if err != nil {
		return nil, fault.New(fault.Unavailable, "the secret: %w", err)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < seal.Size {
		return nil, fault.New(fault.Invalid, "%s holds no secret: %d bytes in base64 are wanted (head -c 32 /dev/urandom | base64)", name, seal.Size)
	}
	return secret, nil
}

// deskStyle is the desk's style sheet: the default theme's fonts and tokens, then the
// desk's own files in the order of their names, which leave the set.
func deskStyle(all fstest.MapFS) error {
	var b strings.Builder
	for _, name := range []string{"10-fonts.css", "11-fallbacks.css", "20-tokens.css"} {
		css, err := fs.ReadFile(themes.Files, "default/css/"+name)
		if err != nil {
			return err
		}
		// A theme writes asset(x); here url(x) is told its hash by web.Assets.
		b.WriteString(strings.ReplaceAll(string(css), "asset(", "url(../"))
	}
	names, err := fs.Glob(all, "desk/[0-9]*.css")
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		b.Write(all[name].Data)
		delete(all, name)
	}
	b.Write(all["dist/desk-editor.css"].Data)
	all["desk/desk.css"] = &fstest.MapFile{Data: []byte(b.String())}
	return nil
}
