package site

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/feed"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

const (
	// mapPart is how many articles a sitemap holds: with four versions of each
	// that is 1.5 MB, and a month of most newsrooms. The format allows 50,000.
	mapPart = 2000
	// mapChanges is how many of the last changes date the files of the index;
	// a month that has none of them is listed without a date.
	mapChanges = 1000
	newsStep   = 100
)

// sitemapIndex lists the sitemaps of every edition: one of the pages that have
// no date, and one of each month, in parts where a month is full.
func (s *Site) sitemapIndex(q *request) (*cache.Page, error) {
	changed, err := s.monthsChanged(q)
	if err != nil {
		return nil, err
	}
	var files []feed.URL
	for _, e := range q.site.Editions {
		q.made.on("list", e.ID)
		q.made.on("archive", e.ID)
		if err := s.tillArchive(q, e.ID); err != nil {
			return nil, err
		}
		files = append(files, feed.URL{Loc: s.BaseURL + urlOf(e, "/sitemap-pages.xml")})
		months, err := s.Archive.Months(q.ctx, e.ID, q.now)
		if err != nil {
			return nil, err
		}
		for _, m := range months {
			n, err := s.monthSize(q, e.ID, m)
			if err != nil {
				return nil, err
			}
			for part := 1; (part-1)*mapPart < n; part++ {
				files = append(files, feed.URL{Loc: s.BaseURL + urlOf(e, "/sitemap-"+monthName(m, part)+".xml"),
					LastMod: changed[[2]int64{e.ID, int64(m)}]})
			}
		}
	}
	body, err := feed.SitemapIndex(files)
	if err != nil {
		return nil, fault.New(fault.Internal, "the index of sitemaps: %w", err)
	}
	return s.document(q, feed.SitemapType, body), nil
}

// monthsChanged tells when the months were changed that the last changes
// touched, by edition and month (yyyymm).
func (s *Site) monthsChanged(q *request) (map[[2]int64]time.Time, error) {
	out := map[[2]int64]time.Time{}
	note := func(ed int64, day int, at time.Time) {
		if k := [2]int64{ed, int64(day / 100)}; at.After(out[k]) {
			out[k] = at
		}
	}
	list, err := s.Articles.LastChanges(q.ctx, q.site.Publication.ID, q.now, mapChanges)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		note(c.Edition, c.Day, c.At)
	}
	return out, nil
}

func monthName(month, part int) string {
	name := fmt.Sprintf("%04d-%02d", month/100, month%100)
	if part > 1 {
		name += "-" + strconv.Itoa(part)
	}
	return name
}

var mapMonth = regexp.MustCompile(`^(\d{4})-(\d\d)(?:-([1-9]\d{0,3}))?$`)

// sitemap is one of an edition's: "news", "pages", "2026-11" or "2026-11-2".
func (s *Site) sitemap(q *request, name string) (*cache.Page, error) {
	switch name {
	case "news":
		return s.newsSitemap(q)
	case "pages":
		return s.pagesSitemap(q)
	}
	m := mapMonth.FindStringSubmatch(name)
	if m == nil {
		return nil, fault.New(fault.NotFound, "no sitemap %q", name)
	}
	y, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	part, _ := strconv.Atoi(m[3])
	if month < 1 || month > 12 || y < 1 || part == 1 {
		return nil, fault.New(fault.NotFound, "no sitemap %q", name)
	}
	return s.monthSitemap(q, archive.Date(y, time.Month(month), 0), max(part, 1))
}

// monthSitemap lists a month's articles, oldest first, with their versions in
// other editions exactly as their pages name them.
func (s *Site) monthSitemap(q *request, month, part int) (*cache.Page, error) {
	q.made.on("month", q.ed.ID, int64(month/100))
	ids, err := s.Archive.Ascending(q.ctx, q.ed.ID, month, month+31, q.now, (part-1)*mapPart, mapPart)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fault.New(fault.NotFound, "no articles in part %d of the month %d", part, month/100)
	}
	list, err := s.Articles.PublicByIDs(q.ctx, ids, q.now)
	if err != nil {
		return nil, err
	}
	urls, err := s.articleLocs(q, list)
	if err != nil {
		return nil, err
	}
	body, err := feed.Sitemap(urls)
	if err != nil {
		return nil, fault.New(fault.Internal, "the sitemap of %d, part %d: %w", month/100, part, err)
	}
	return s.document(q, feed.SitemapType, body), nil
}

// articleLocs are articles of q's edition as sitemaps have them.
func (s *Site) articleLocs(q *request, list []article.Article) ([]feed.URL, error) {
	stories := make([]int64, len(list))
	for i, a := range list {
		stories[i] = a.StoryID
		q.made.on("story", a.StoryID) // a change of an article is one of its story
	}
	told, err := s.Articles.TranslationsOf(q.ctx, stories, q.now)
	if err != nil {
		return nil, err
	}
	for _, e := range q.site.Editions { // when another version comes, or one of these months
		if err := s.tillArchive(q, e.ID); err != nil {
			return nil, err
		}
	}
	urls := make([]feed.URL, 0, len(list))
	for _, a := range list {
		if a.Hidden {
			continue
		}
		elsewhere := map[int64]string{}
		for _, p := range told[a.StoryID] {
			if !p.Hidden {
				elsewhere[p.Edition] = p.Path
			}
		}
		urls = append(urls, feed.URL{Loc: s.BaseURL + q.url(a.Path), LastMod: modified(a),
			Alternates: mapAlternates(s.alternates(q, a.Path, elsewhere))})
	}
	return urls, nil
}

// modified is when an article last changed as readers count it.
func modified(a article.Article) time.Time {
	if a.UpdatedAt.After(a.VisibleFrom) {
		return a.UpdatedAt
	}
	return a.VisibleFrom
}

func (s *Site) tillArchive(q *request, edition int64) error {
	next, err := s.Archive.NextChange(q.ctx, edition, q.now)
	q.made.till(next)
	return err
}

func mapAlternates(list []theme.Alternate) []feed.Alternate {
	out := make([]feed.Alternate, len(list))
	for i, a := range list {
		out[i] = feed.Alternate{Lang: a.Hreflang, URL: a.URL}
	}
	return out
}

// newsSitemap lists the articles of the last two days, newest first.
func (s *Site) newsSitemap(q *request) (*cache.Page, error) {
	list, err := s.since(q, q.now.Add(-feed.NewsFor), feed.MaxNews)
	if err != nil {
		return nil, err
	}
	var urls []feed.URL
	for _, a := range list {
		if a.Hidden {
			continue
		}
		urls = append(urls, feed.URL{Loc: s.BaseURL + q.url(a.Path), News: &feed.News{Publication: q.ed.Name, Lang: q.ed.Lang,
			Published: a.VisibleFrom.In(q.zone()), Title: a.Headline}})
	}
	body, err := feed.NewsSitemap(urls)
	if err != nil {
		return nil, fault.New(fault.Internal, "the news sitemap: %w", err)
	}
	return s.document(q, feed.SitemapType, body), nil
}

// since are the edition's articles that became visible at an instant or later,
// newest first, at most limit. It notes when the oldest of them leaves.
func (s *Site) since(q *request, from time.Time, limit int) ([]article.Article, error) {
	q.made.on("list", q.ed.ID)
	if err := s.tillNext(q, article.ListEdition, 0); err != nil {
		return nil, err
	}
	var out []article.Article
	for skip, more := 0, true; more && skip < limit; skip += newsStep {
		list, rest, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListEdition, Now: q.now,
			Skip: skip, Limit: min(newsStep, limit-skip)})
		if err != nil {
			return nil, err
		}
		more = rest
		for _, a := range list {
			if a.VisibleFrom.Before(from) {
				return out, nil
			}
			q.made.on("article", a.ID)
			q.made.till(a.VisibleFrom.Add(q.now.Sub(from) + time.Millisecond))
			out = append(out, a)
		}
	}
	return out, nil
}

// pagesSitemap lists what has no date: the front page, static pages, and those
// shelves and authors that have articles here. Tags are left out: they have no
// end, and every article leads to its own.
func (s *Site) pagesSitemap(q *request) (*cache.Page, error) {
	q.made.on("list", q.ed.ID)
	if err := s.tillArchive(q, q.ed.ID); err != nil {
		return nil, err
	}
	page := func(path string, at time.Time, elsewhere map[int64]string) feed.URL {
		return feed.URL{Loc: s.BaseURL + q.url(path), LastMod: at, Alternates: mapAlternates(s.alternates(q, path, elsewhere))}
	}
	urls := []feed.URL{page("/", time.Time{}, same(q.site, "/")), page("/authors", time.Time{}, same(q.site, "/authors")),
		page("/privacy", time.Time{}, same(q.site, "/privacy")), page(correctionsPath, time.Time{}, same(q.site, correctionsPath))}
	for _, kind := range []topic.Kind{topic.Column, topic.Series} {
		in := map[int64]string{}
		for _, e := range q.site.Editions {
			ok, err := s.hasShelves(q, e, kind)
			if err != nil {
				return nil, err
			}
			if ok {
				in[e.ID] = shelfPaths[kind].path
			}
		}
		if path, ok := in[q.ed.ID]; ok {
			urls = append(urls, page(path, time.Time{}, in))
		}
	}
	pages, err := s.pagesBelow(q, 0, 0)
	if err != nil {
		return nil, err
	}
	static, err := s.articleLocs(q, pages)
	if err != nil {
		return nil, err
	}
	urls = append(urls, static...)
	q.made.of("topics")
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return nil, err
	}
	var shelves []topic.Topic
	var refs []int64
	for _, k := range []topic.Kind{topic.Section, topic.Column, topic.Series, topic.Genre} {
		for _, t := range tree.OfKind(k) {
			if _, named := t.Names[q.ed.Lang]; named {
				shelves, refs = append(shelves, t), append(refs, t.ID)
			}
		}
	}
	newest, err := s.Articles.Newest(q.ctx, q.ed.ID, article.ListTopic, refs, q.now)
	if err != nil {
		return nil, err
	}
	for _, t := range shelves {
		if at, ok := newest[t.ID]; ok {
			urls = append(urls, page(topicPath(t.Kind, t.Names[q.ed.Lang].Slug), at, s.topicElsewhere(q, t)))
		}
	}
	people, err := s.Authors.All(q.ctx, q.site.Publication.ID)
	if err != nil {
		return nil, err
	}
	refs = refs[:0]
	for _, p := range people {
		refs = append(refs, p.EntityID)
		q.made.on("author", p.EntityID)
		q.made.on("author-list", p.EntityID)
	}
	in := map[int64]map[int64]time.Time{} // edition → author → newest: who wrote nothing there has no page there
	for _, e := range q.site.Editions {
		if err := s.tillArchive(q, e.ID); err != nil {
			return nil, err
		}
		if in[e.ID], err = s.Articles.Newest(q.ctx, e.ID, article.ListAuthor, refs, q.now); err != nil {
			return nil, err
		}
	}
	for _, p := range people {
		at, ok := in[q.ed.ID][p.EntityID]
		if !ok {
			continue
		}
		path, elsewhere := "author/"+p.Slug, map[int64]string{}
		for e, wrote := range in {
			if _, ok := wrote[p.EntityID]; ok {
				elsewhere[e] = path
			}
		}
		urls = append(urls, page(path, at, elsewhere))
	}
	body, err := feed.Sitemap(urls)
	if err != nil {
		return nil, fault.New(fault.Internal, "the sitemap of pages: %w", err)
	}
	return s.document(q, feed.SitemapType, body), nil
}

// pagesBelow are the static pages below one, with theirs, five deep.
func (s *Site) pagesBelow(q *request, parent int64, depth int) ([]article.Article, error) {
	q.made.on("pages", q.ed.ID)
	next, err := s.Articles.NextPage(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	q.made.till(next)
	list, err := s.Articles.Pages(q.ctx, q.ed.ID, parent, q.now)
	if err != nil || depth == 4 {
		return list, err
	}
	out := list[:0:0]
	for _, p := range list {
		below, err := s.pagesBelow(q, p.ID, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(append(out, p), below...)
	}
	return out, nil
}

// alternates are the absolute addresses of a page in all editions, as hreflang
// wants them: every version and itself, x-default the default edition's own
// address. path is the page's own, elsewhere as in frame; with fewer than two
// versions there are none.
func (s *Site) alternates(q *request, path string, elsewhere map[int64]string) []theme.Alternate {
	var out []theme.Alternate
	here := 0
	for _, e := range q.site.Editions {
		there, ok := elsewhere[e.ID]
		if e.ID == q.ed.ID {
			there, ok = path, true
		}
		if !ok {
			continue
		}
		here++
		out = append(out, theme.Alternate{Hreflang: lang.Of(e.Lang).Tag(), URL: s.BaseURL + urlOf(e, there)})
		if e.Default {
			out = append(out, theme.Alternate{Hreflang: "x-default", URL: s.BaseURL + urlOf(e, there)})
		}
	}
	if here < 2 {
		return nil
	}
	return out
}
