package site

import (
	"dateline/internal/edition"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// setting is what the newsroom has set for this edition, noted among what the
// page is made of. What every page may show is covered by the tags "settings"
// and "edition:ID" that every page has.
func (q *request) setting(key string) string {
	q.made.of(edition.SettingTag(key))
	return q.set.Get(key, q.ed.Lang)
}

// looks are the newsroom's own logo, icon and links elsewhere.
func (s *Site) looks(q *request, f *theme.Frame) error {
	f.Looks = q.set.Looks()
	for _, l := range q.set.Links("follow", q.ed.Lang) {
		f.FollowLinks = append(f.FollowLinks, theme.Link{Name: l.Name, URL: l.URL, Kind: l.Kind})
	}
	var ids []int64
	logo, icon := q.set.ID("logo", q.ed.Lang), q.set.ID("icon", q.ed.Lang)
	for _, id := range []int64{logo, icon} {
		if id != 0 {
			ids = append(ids, id)
		}
	}
	pics, err := s.pictures(q, ids)
	q.logo = pics[logo]
	if m, ok := pics[logo]; ok {
		f.Logo = &theme.Picture{URL: m.Path(), Width: m.Width, Height: m.Height, Sizes: q.draw.Sizes(m)}
	}
	if m, ok := pics[icon]; ok {
		f.IconURL = m.Path()
	}
	return err
}

// footer adds the newsroom's own links at the foot, a group for each heading.
// Those before the first heading join the pages of the newsroom.
func (q *request) footer(f *theme.Frame) {
	for _, l := range q.set.Links("footer", q.ed.Lang) {
		if l.URL == "" {
			f.Footer = append(f.Footer, theme.LinkGroup{Title: l.Name})
			continue
		}
		if len(f.Footer) == 0 {
			f.Footer = []theme.LinkGroup{{Title: theme.Words(q.locale(), "footer.newsroom")}}
		}
		g := &f.Footer[len(f.Footer)-1]
		g.Links = append(g.Links, theme.Link{Name: l.Name, URL: l.URL})
	}
}

// ownMenu are the shelves that the newsroom has put into the row of sections:
// those that have a name in this language.
func (q *request) ownMenu(tree *topic.Tree) []topic.Topic {
	var out []topic.Topic
	for _, id := range q.set.IDs("menu", q.ed.Lang) {
		t, ok := tree.Get(id)
		if _, named := t.Names[q.ed.Lang]; ok && named && len(out) < menuLinks {
			out = append(out, t)
		}
	}
	return out
}

// blocks are the shelves that have a block on the front page, in order.
func (q *request) blocks(tree *topic.Tree) []topic.Topic {
	if own := q.ownMenu(tree); len(own) > 0 {
		return own
	}
	return tree.Sections()
}
