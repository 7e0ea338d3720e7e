package desk

import (
	"net/http"
	"net/url"

	"dateline/internal/audit"
	"dateline/internal/user"
)

const morePath = "/desk/more"

// today hangs the first page, and the page of the menu for phones.
func (d *Desk) today(pages *Templates) {
	d.Menu(Entry{Group: Work, Order: 10, Word: "desk.menu.today", Path: Root, Icon: "home", Permission: user.AtDesk, Tab: true})
	d.Handle(
		Route{Method: "GET", Pattern: Root, Room: "desk", Permission: user.AtDesk, Serve: func(w http.ResponseWriter, r *Request) error {
			return d.first(w, r, pages)
		}},
		Route{Method: "GET", Pattern: morePath, Room: "desk", Permission: user.AtDesk, Serve: func(w http.ResponseWriter, r *Request) error {
			groups, _, err := r.menu()
			if err != nil {
				return err
			}
			return r.Show(w, Page{Title: r.T("desk.menu.more"), From: pages, Name: "more", Data: struct {
				Groups     []menuGroup
				Who        user.Account
				Role, Home string
			}{groups, r.Who, r.T("user.role." + string(r.Who.Role)), r.Newsroom.Home}})
		}},
	)
	d.Panel(Panel{On: Today, Room: "desk", Order: 90, Side: true, Word: "desk.today.done", Permission: user.ReadAudit, Page: pages, Name: "done",
		Load: func(r *Request, _ any) (any, error) {
			list, _, _, err := audit.Find(r.Context(), d.o.DB, audit.Filter{}, 8)
			if err != nil || len(list) == 0 {
				return nil, err
			}
			return d.deeds(r, list)
		}})
}

// first is the page of the day. "/desk/" takes every address below that no route
// has, too, so others are not there.
func (d *Desk) first(w http.ResponseWriter, r *Request, pages *Templates) error {
	if r.URL.Path != Root {
		return notHere(r)
	}
	keys, err := d.o.Gate.PasskeysOf(r.Context(), r.Who.ID)
	if err != nil {
		return err
	}
	data := struct {
		Zone    string
		Now     string
		Hint    bool // no passkey yet
		Account string
		Main    []Shown
		Side    []Shown
	}{Zone: r.L.ZoneName(r.Newsroom.Zone, r.Now()), Now: r.L.Time(r.Now()), Hint: len(keys) == 0 && d.o.Gate.Passkeys(), Account: accountPath}
	data.Main, data.Side = Sides(r.Panels(Today, nil))
	return r.Show(w, Page{Title: r.L.Title(r.L.FullDate(r.Now())), From: pages, Name: "today", Data: data})
}

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q.Encode()
}
