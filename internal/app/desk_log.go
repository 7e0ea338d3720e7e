package app

import (
	"strconv"

	"dateline/internal/desk"
	"dateline/internal/lang"
	"dateline/internal/user"
)

// things names what entries of the log are of: articles that whoever asks may read, by
// their headlines, and what has a page of its own at the desk.
func (a *App) things(r *desk.Request, kind string, ids []int64) (map[int64]desk.Thing, error) {
	out := map[int64]desk.Thing{}
	site, err := a.Editions.Site(r.Context())
	if err != nil {
		return nil, err
	}
	path := func(room string, id int64) string { return "/desk/" + room + "/" + strconv.FormatInt(id, 10) }
	switch kind {
	case "article":
		list, err := a.using(r, ids)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			out[x.ID] = desk.Thing{Name: x.Title, Lang: x.Lang, Path: x.Path}
		}
	case "front":
		for _, e := range site.Editions {
			l := lang.Of(e.Lang)
			out[e.ID] = desk.Thing{Name: l.Title(l.Name()), Lang: e.Lang, Path: path("front", e.ID)}
		}
	case "topic":
		tree, err := a.Topics.Tree(r.Context(), site.Publication.ID)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if t, ok := tree.Get(id); ok {
				out[id] = desk.Thing{Name: t.Name(r.L.Tag(), site.Default().Lang).Name}
			}
		}
	case "media":
		list, err := a.Media.ByIDs(r.Context(), ids)
		if err != nil {
			return nil, err
		}
		for id, m := range list {
			out[id] = desk.Thing{Name: m.FileName, Path: path("media", id)}
		}
	case "staff":
		if !r.Who.Can(user.ManageStaff) {
			break
		}
		for _, id := range ids {
			out[id] = desk.Thing{Path: path("staff", id)}
		}
	}
	return out, nil
}
