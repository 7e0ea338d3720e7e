package desk

import (
	"cmp"
	"slices"
	"strings"

	"dateline/internal/user"
)

// Group is a part of the menu.
type Group int

// The groups, in the menu's order.
const (
	Work    Group = iota // what is done all day
	Waiting              // what waits for somebody
	House                // what the newsroom keeps
)

var groupWords = map[Group]string{Waiting: "desk.menu.waiting", House: "desk.menu.newsroom"}

// Entry is a line of the menu. Who may not do what it leads to does not see it.
type Entry struct {
	Group      Group
	Order      int
	Word       string // key of its name
	Path       string
	Icon       string
	Permission user.Permission
	// Tab has it among the five at the bottom of a phone, if there is room.
	Tab bool
	// Button sets it above the menu, as what one begins with.
	Button bool
	// Count is how much waits there, and whether it waits for whoever asks; nil: no
	// number.
	Count func(r *Request) (n int, hot bool, err error)
}

// Menu adds entries.
func (d *Desk) Menu(entries ...Entry) {
	d.menu = append(d.menu, entries...)
	slices.SortStableFunc(d.menu, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Order, b.Order))
	})
}

type menuItem struct {
	Name, Path, Icon string
	Current          bool
	N                int
	Hot              bool
}

type menuGroup struct {
	Name   string
	Items  []menuItem
	Button *menuItem
}

// mostTabs at the bottom of a phone, besides the one that leads to the rest.
const mostTabs = 4

// menu gives what whoever asks sees of the menu.
func (r *Request) menu() (groups []menuGroup, tabs []menuItem, err error) {
	here := ""
	for _, e := range r.d.menu {
		if under(r.URL.Path, e.Path) && len(e.Path) > len(here) {
			here = e.Path
		}
	}
	last := Group(-1)
	for _, e := range r.d.menu {
		if !r.Who.Can(e.Permission) {
			continue
		}
		item := menuItem{Name: r.T(e.Word), Path: e.Path, Icon: e.Icon, Current: e.Path == here}
		if e.Count != nil {
			if item.N, item.Hot, err = e.Count(r); err != nil {
				return nil, nil, err
			}
		}
		if e.Group != last {
			g := menuGroup{}
			if word := groupWords[e.Group]; word != "" {
				g.Name = r.T(word)
			}
			groups, last = append(groups, g), e.Group
		}
		g := &groups[len(groups)-1]
		if e.Button {
			g.Button = &item
		} else {
			g.Items = append(g.Items, item)
		}
		if e.Tab && len(tabs) < mostTabs {
			tabs = append(tabs, item)
		}
	}
	more := menuItem{Name: r.T("desk.menu.more"), Path: morePath, Icon: "more", Current: !slices.ContainsFunc(tabs, func(t menuItem) bool { return t.Current })}
	return groups, append(tabs, more), nil
}

// under tells whether a page belongs to an entry of the menu.
func under(path, entry string) bool {
	if entry == Root {
		return path == Root
	}
	return path == entry || strings.HasPrefix(path, entry+"/")
}
