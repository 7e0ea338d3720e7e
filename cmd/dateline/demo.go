package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"syscall"

	demofiles "dateline/demo"
	"dateline/internal/app"
	"dateline/internal/demo"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/user"
)

type demoCmd struct {
	Addr string `help:"Where to listen; the next free port is taken if this one is not." default:"localhost:8080" env:"DATELINE_ADDR"`
	themeFlags
	deskFlags
}

// Run fills ./demo-data if it is empty and serves it.
func (d *demoCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	conf := c.config(log)
	conf.Serves = true
	if conf.Data == "data" {
		conf.Data = "demo-data"
	}
	d.themeFlags.apply(&conf)
	d.deskFlags.apply(&conf)
	a, err := app.Open(ctx, conf)
	if err != nil {
		return err
	}
	defer a.Close()
	l, err := listenFrom(d.Addr)
	if err != nil {
		return err
	}
	if a.BaseURL == "" {
		a.BaseURL = localURL(l)
	}
	rooms := demo.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics, Authors: a.Authors, Media: a.Media,
		Articles: a.Articles, Comments: a.Comments, Corrections: a.Corrections, Front: a.Front, Views: a.Views, Users: a.Users}
	if _, err := a.Editions.Site(ctx); fault.Is(err, fault.NotFound) {
		if err := demo.Fill(ctx, rooms, demofiles.Files); err != nil {
			return fmt.Errorf("filling the demo newsroom: %w", err)
		}
		if err := demo.Reads(ctx, rooms); err != nil {
			return fmt.Errorf("what was read of the demo newsroom: %w", err)
		}
	} else if err != nil {
		return err
	}
	if err := a.Public(); err != nil {
		return err
	}
	if err := a.Desk(false); err != nil {
		return err
	}
	chief, err := demo.Staff(ctx, rooms, demofiles.Files)
	if err != nil {
		return fmt.Errorf("the demo newsroom's staff: %w", err)
	}
	token, _, err := a.Users.NewLink(ctx, user.Actor{Name: "dateline demo"}, chief.ID)
	if err != nil {
		return fmt.Errorf("a link that signs in: %w", err)
	}
	a.Router.Handle(demo.States(rooms, a.Addresses, demofiles.Files, a.Now))
	fmt.Printf("The Tasozen Lamp, a fictional newsroom, is open:\n\n  Site: %s/\n        %s/ru/  (Русский)\n        %s/kk/  (Қазақша)\n\n"+
		"  Desk: %s   (signs in once, as %s)\n\n"+
		"Pages that no link leads to: %s/-/demo/en/429, and 400, 403, 404, 409, 410, 413, 500, 503, in ru and kk, too.\n"+
		"Its data is in %s. Ctrl+C ends it.\n",
		a.BaseURL, a.BaseURL, a.BaseURL, a.DeskURL+desk.LookPath(token), chief.Name, a.BaseURL, conf.Data)
	return a.Serve(ctx, app.Doors{Readers: l})
}

// listenFrom listens on addr or, where its port is taken, on the next free one.
func listenFrom(addr string) (net.Listener, error) {
	host, portText, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, usageError{fmt.Errorf("--addr %s: %w", addr, err)}
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, usageError{fmt.Errorf("--addr %s: %w", addr, err)}
	}
	for p := port; ; p++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(p)))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) || p-port > 100 {
			return l, err
		}
	}
}
