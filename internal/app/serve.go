package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"dateline/internal/web"
)

const (
	maxConns    = 4096
	maxOwnConns = 64
	grace       = 10 * time.Second
	rankEvery   = time.Minute
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
	add("GET", "/-/live", "web", web.Data, web.Live())
	add("GET", "/-/ready", "web", web.Data, web.Ready(a.DB.Ping))
	a.Router = r
}

// Handler answers readers.
func (a *App) Handler() http.Handler {
	return web.Handler(a.Router, web.Options{BaseURL: a.BaseURL, Proxies: a.Proxies, Error: a.Site.Error, Answers: a.Answers, Log: a.Log, Now: a.Now})
}

// Doors are where a site is asked: by readers, and by whoever runs it (nil:
// nowhere).
type Doors struct{ Readers, Operator net.Listener }

// Listen opens both doors or none; operator is "" for nowhere. Before Open: an
// address that is taken leaves no data folder behind.
func Listen(readers, operator string) (Doors, error) {
	var d Doors
	var err error
	if d.Readers, err = net.Listen("tcp", readers); err != nil {
		return Doors{}, fmt.Errorf("nothing can be served on %s (is another server running there?): %w", readers, err)
	}
	if operator == "" {
		return d, nil
	}
	if d.Operator, err = net.Listen("tcp", operator); err != nil {
		return Doors{}, errors.Join(fmt.Errorf("the health page cannot be served on %s: %w", operator, err), d.Readers.Close())
	}
	return d, nil
}

// Close shuts doors that nobody has served at; Serve shuts its own.
func (d Doors) Close() {
	for _, l := range []net.Listener{d.Readers, d.Operator} {
		if l != nil {
			_ = l.Close() // at the worst it is shut already
		}
	}
}

// Serve answers readers and whoever runs the site, each at their door, until
// ctx ends or one of the two fails: a site that nobody could look after any more
// would not be missed until readers miss it.
func (a *App) Serve(ctx context.Context, d Doors) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	if d.Operator == nil {
		ended <- nil
	} else {
		go func() {
			defer stop()
			ended <- web.Serve(ctx, web.Server(a.Operator(), a.Log), web.LimitListener(d.Operator, maxOwnConns), grace)
		}()
	}
	err := a.serve(ctx, d.Readers)
	stop()
	return errors.Join(err, <-ended)
}

func (a *App) serve(ctx context.Context, l net.Listener) error {
	counting, stop := context.WithCancel(context.WithoutCancel(ctx))
	var jobs sync.WaitGroup
	jobs.Go(func() { a.Counter.Run(counting) }) // to the end of the last request
	defer jobs.Wait()
	defer stop()
	go a.every(ctx, rankEvery, a.Site.Rank)
	go func() {
		if err := a.Search.Maintain(ctx); err != nil && ctx.Err() == nil {
			a.Log.Warn("indexing for search", "error", err)
		}
		a.every(ctx, indexEvery, a.Search.Maintain)
	}()
	return web.Serve(ctx, web.Server(a.Handler(), a.Log), web.LimitListener(l, maxConns), grace)
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
