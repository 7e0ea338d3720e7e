package site

import (
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/feed"
)

// dialect is the edition's feed for an aggregator with rules of its own
// (feed.Dialect): "dzen" stands at E/feed/dzen.xml.
func (s *Site) dialect(q *request, name string) (*cache.Page, error) {
	d, err := dialectOf(name)
	if err != nil {
		return nil, err
	}
	if d.Setting != "" && q.setting(d.Setting) != "true" {
		return nil, fault.New(fault.NotFound, "the newsroom makes no feed for %s", name)
	}
	f, body, left, err := s.writeDialect(q, d)
	if err != nil {
		return nil, err
	}
	s.leftOut(q, left)
	return s.feedPage(q, feed.RSSType, body, f), nil
}

func dialectOf(name string) (feed.Dialect, error) {
	all, err := feed.Dialects()
	if err != nil {
		return feed.Dialect{}, err
	}
	for _, d := range all {
		if d.Name == name {
			return d, nil
		}
	}
	return feed.Dialect{}, fault.New(fault.NotFound, "no feed for an aggregator %q", name)
}

func (s *Site) writeDialect(q *request, d feed.Dialect) (feed.Feed, []byte, []feed.Refused, error) {
	name, err := s.named(q)
	if err != nil {
		return feed.Feed{}, nil, nil, err
	}
	f := feed.Feed{Lang: q.ed.Lang, Author: q.ed.Name, HomeURL: s.BaseURL + q.url("/"), SelfURL: s.BaseURL + q.url("/feed/"+d.Name+".xml"),
		Title: q.ed.Name, Description: q.ed.Tagline, ID: name.of("feed/"+d.Name, q.ed.ID)}
	list, err := s.since(q, d.Since(q.now), d.Items)
	if err != nil {
		return f, nil, nil, err
	}
	open := list[:0:0]
	for _, a := range list {
		if a.Access == "free" { // an aggregator shows texts whole or not at all
			open = append(open, a)
		}
	}
	if f.Items, err = s.feedItems(q, name, open); err != nil {
		return f, nil, nil, err
	}
	s.hubs(q, &f)
	body, left, err := d.Write(f, q.now)
	if err != nil {
		return f, nil, left, fault.New(fault.Internal, "%s: %w", f.SelfURL, err)
	}
	return f, body, left, nil
}
