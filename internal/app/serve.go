package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"dateline/internal/desk"
	"dateline/internal/web"
)

const (
	maxConns     = 4096
	maxOwnConns  = 64
	maxDeskConns = 512
	grace        = 10 * time.Second
	rankEvery    = time.Minute
	// dueEvery is how late a change that was given a time may come.
	dueEvery    = 500 * time.Millisecond
	forgetEvery = 10 * time.Minute
	// lookEvery is how often pictures are looked for that nobody has looked at.
	lookEvery = time.Minute
	// indexEvery is how often search looks for what it has not, and merges.
	indexEvery = time.Minute
)

// routes lists every address and who answers it.
func (a *App) routes() {
	r := &web.Router{}
	add := func(method, pattern, room string, kind web.Kind, h http.Handler) {
		r.Handle(web.Route{Method: method, Pattern: pattern, Room: room, Permission: web.Public, Kind: kind, Handler: h})
	}
	add("GET", "/", "site", web.Page, a.Site)
	add("GET", "/-/oembed", "site", web.Feed, a.Site.OEmbed())
	add("GET", "/assets/", "web", web.Asset, a.assets())
	add("GET", "/assets/newsroom/{name}", "theme", web.Asset, http.HandlerFunc(a.looks))
	add("GET", "/media/card/", "site", web.Media, http.HandlerFunc(a.Site.Card))
	add("GET", "/media/", "media", web.Media, a.Media.Handler(a.Now, a.Drawer))
	add("POST", "/-/views/{id}", "views", web.Data, a.Counter.Beacon())
	add("GET", "/-/views/{id}", "views", web.Data, a.Counter.Number())
	a.reportRoutes(r)
	add("GET", "/-/live", "web", web.Data, web.Live())
	add("GET", "/-/ready", "web", web.Data, web.Ready(a.DB.Ping, a.unwritable))
	routes := a.Site.CommentRoutes()
	if a.Readers != nil {
		routes = append(routes, a.Readers.Routes()...)
	}
	for _, route := range routes {
		r.Handle(route)
	}
	a.Router = r
}

// Handler answers readers, and at /desk/ those who work here, unless the desk stands
// alone.
func (a *App) Handler() http.Handler {
	o := web.Options{BaseURL: a.BaseURL, Proxies: a.Proxies, Error: a.Site.Error, Answers: a.Answers, Log: a.Log, Now: a.Now}
	if a.desk != nil && a.DeskRouter == a.Router {
		o.Guard = a.desk.Guard
		o.Error = func(w http.ResponseWriter, r *http.Request, err error) {
			if desk.Owns(r.URL.Path) {
				a.desk.Error(w, r, err)
			} else {
				a.Site.Error(w, r, err)
			}
		}
	}
	return web.Handler(a.Router, o)
}

// Doors are where a site is asked: by readers, by whoever runs it, and by those who
// work at a desk that stands alone (nil: nowhere).
type Doors struct{ Readers, Operator, Desk net.Listener }

// Listen opens all doors or none; operator and desk are "" for nowhere. Before
// Open: an address that is taken leaves no data folder behind.
func Listen(readers, operator, desk string) (Doors, error) {
	var d Doors
	for _, door := range []struct {
		into        *net.Listener
		address, of string
	}{{&d.Readers, readers, "nothing can be served on %s (is another server running there?): %w"},
		{&d.Operator, operator, "the health page cannot be served on %s: %w"}, {&d.Desk, desk, "the desk cannot be served on %s: %w"}} {
		if door.address == "" && door.into != &d.Readers {
			continue
		}
		l, err := net.Listen("tcp", door.address)
		if err != nil {
			d.Close()
			return Doors{}, fmt.Errorf(door.of, door.address, err)
		}
		*door.into = l
	}
	return d, nil
}

// Close shuts doors that nobody has served at; Serve shuts its own.
func (d Doors) Close() {
	for _, l := range []net.Listener{d.Readers, d.Operator, d.Desk} {
		if l != nil {
			_ = l.Close() // at the worst it is shut already
		}
	}
}

// Serve answers at every door until ctx ends or one of them fails: a site that
// nobody could look after or write for any more would not be missed until readers
// miss it.
func (a *App) Serve(ctx context.Context, d Doors) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type place struct {
		l   net.Listener
		h   func() http.Handler
		max int
	}
	ended := make(chan error, 2)
	others := 0
	for _, p := range []place{{d.Operator, a.Operator, maxOwnConns}, {d.Desk, a.DeskHandler, maxDeskConns}} {
		if p.l == nil {
			continue
		}
		others++
		go func() {
			defer stop()
			ended <- web.Serve(ctx, web.Server(p.h(), a.Log), web.LimitListener(p.l, p.max), grace)
		}()
	}
	err := a.serve(ctx, d.Readers)
	stop()
	for range others {
		err = errors.Join(err, <-ended)
	}
	return err
}

func (a *App) serve(ctx context.Context, l net.Listener) error {
	counting, stop := context.WithCancel(context.WithoutCancel(ctx))
	var jobs sync.WaitGroup
	jobs.Go(func() { a.Counter.Run(counting) }) // to the end of the last request
	delivering, done := context.WithCancel(ctx) // served no more, for whatever reason
	if a.Channels != nil {
		jobs.Go(func() { a.Channels.Run(delivering) })
		go a.every(ctx, forgetEvery, a.Channels.Forget)
	}
	if a.Post != nil {
		jobs.Go(func() { a.Post.Run(delivering) })
		go a.every(ctx, forgetEvery, a.Post.Forget)
	}
	if a.Readers != nil {
		jobs.Go(func() { a.Readers.Run(delivering) })
		go a.every(ctx, forgetEvery, a.Readers.Forget)
	}
	jobs.Go(func() { a.letters(delivering) })
	if a.Readers != nil && a.Post != nil {
		jobs.Go(func() { a.answering().Runner(a.DB, a.Log).Run(delivering) })
		jobs.Go(func() { a.stating().Runner(a.DB, a.Log).Run(delivering) })
	}
	go a.every(ctx, forgetEvery, a.Reports.Forget)
	defer jobs.Wait()
	defer stop()
	defer done()
	go a.every(ctx, rankEvery, a.Site.Rank)
	if a.Editor != nil {
		go a.every(ctx, dueEvery, a.Editor.Due)
		go a.every(ctx, forgetEvery, a.Articles.Forget)
		go a.seek(ctx)
		go a.every(ctx, lookEvery, a.Library.Look)
	}
	go a.every(ctx, forgetEvery, a.Counter.Forget)
	go func() {
		if err := a.Search.Maintain(ctx); err != nil && ctx.Err() == nil {
			a.Log.Warn("indexing for search", "error", err)
		}
		a.every(ctx, indexEvery, a.Search.Maintain)
	}()
	return web.Serve(ctx, web.Server(a.Handler(), a.Log), web.LimitListener(l, maxConns), grace)
}

// seek folds what a version before stored unfolded, so that the desk finds it.
func (a *App) seek(ctx context.Context) {
	for _, f := range []func(context.Context) error{a.Articles.Seek, a.Topics.Seek, a.Entities.Seek} {
		if err := f(ctx); err != nil && ctx.Err() == nil {
			a.Log.Warn("folding names for the desk", "error", err)
		}
	}
}

// every runs a job now and then until ctx ends.
func (a *App) every(ctx context.Context, d time.Duration, f func(context.Context) error) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := f(ctx); err != nil && ctx.Err() == nil {
				a.Log.Warn("a job failed", "error", err)
			}
		}
	}
}
