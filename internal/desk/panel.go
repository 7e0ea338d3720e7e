package desk

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"

	"dateline/internal/user"
)

// Panel is a part of another room's page.
type Panel struct {
	On         string // Today, "article" …: what its page is of
	Room       string
	Order      int    // below zero: before what the page itself has there
	Side       bool   // beside the page's main part
	Script     string // as an asset; empty: none
	Word       string // key of its heading
	Permission user.Permission
	Page       *Templates
	Name       string // of the file, which defines "panel"
	// Load reads what the panel shows of a thing. nil data: there is nothing to
	// show, and the panel is not there.
	Load func(r *Request, of any) (data any, err error)
}

// Today is where panels of the first page hang.
const Today = "today"

// Panel hangs panels up.
func (d *Desk) Panel(panels ...Panel) {
	d.panels = append(d.panels, panels...)
	slices.SortStableFunc(d.panels, func(a, b Panel) int { return cmp.Compare(a.Order, b.Order) })
}

// Shown is a panel as it stands on a page.
type Shown struct {
	ID, Title string
	Side      bool
	First     bool   // before what the page itself has there
	Script    string // as an asset
	HTML      template.HTML
	Broken    bool // it could not be made, and says so instead
}

// Panels gives those that hang on a thing's page and that whoever asks may see. One
// that fails does not take the page with it.
func (r *Request) Panels(on string, of any) (out []Shown) {
	for _, p := range r.d.panels {
		if p.On != on || !r.Who.Can(p.Permission) {
			continue
		}
		s := Shown{ID: "p-" + p.Room + "-" + p.Name, Title: r.T(p.Word), Side: p.Side, First: p.Order < 0, Script: p.Script}
		html, err := r.panel(p, of)
		if err != nil {
			r.d.o.Log.Error("a panel failed", "room", p.Room, "panel", p.Name, "error", err)
			s.Broken = true
		} else if html == "" {
			continue
		}
		s.HTML = html
		out = append(out, s)
	}
	return out
}

// Sides parts panels into those of the main part and those beside it.
func Sides(list []Shown) (main, side []Shown) {
	for _, p := range list {
		if p.Side {
			side = append(side, p)
		} else {
			main = append(main, p)
		}
	}
	return main, side
}

// Scripts are those of panels.
func Scripts(list []Shown) (out []string) {
	for _, s := range list {
		if s.Script != "" && !s.Broken {
			out = append(out, s.Script)
		}
	}
	return out
}

func (r *Request) panel(p Panel, of any) (template.HTML, error) {
	data, err := p.Load(r, of)
	if err != nil || data == nil {
		return "", err
	}
	t, err := r.d.template(r, p.Page, p.Name)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "panel", data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}
