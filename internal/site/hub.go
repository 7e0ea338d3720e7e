package site

import (
	"context"

	"dateline/internal/article"
	"dateline/internal/fault"
)

// FeedsOf gives the addresses of the feeds in which a public article stands, in every
// form: what a hub is told when the article is published. NotFound: it is not public.
func (s *Site) FeedsOf(ctx context.Context, id int64) ([]string, error) {
	a, err := s.Articles.Public(ctx, id, s.Now())
	if err != nil {
		return nil, err
	}
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	ed, ok := site.ByID(a.Edition)
	if !ok {
		return nil, fault.New(fault.NotFound, "article %d is of no edition", id)
	}
	lists, err := s.Articles.ListsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	refs := map[int][]int64{}
	for _, l := range lists {
		refs[l.Kind] = append(refs[l.Kind], l.ID)
	}
	bases := []string{""}
	for _, of := range []struct {
		kind int
		name string
	}{{article.ListTopic, "topic"}, {article.ListAuthor, "author"}} {
		paths, err := s.Addresses.Paths(ctx, of.name, ed.ID, refs[of.kind])
		if err != nil {
			return nil, err
		}
		for _, ref := range refs[of.kind] {
			if path, ok := paths[ref]; ok {
				bases = append(bases, path)
			}
		}
	}
	var out []string
	for _, base := range bases {
		for _, format := range []string{"rss", "atom", "json"} {
			out = append(out, s.BaseURL+urlOf(ed, feedPath(base, feedFormats[format])))
		}
	}
	return out, nil
}
