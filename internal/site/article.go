package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/address"
	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/feed"
	"dateline/internal/media"
	"dateline/internal/rendition"
	"dateline/internal/richtext"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

const related = 3

// article is an article's page, or a static page's.
func (s *Site) article(q *request, id int64) (*cache.Page, error) {
	a, gone, err := s.readable(q, id)
	if gone != nil || err != nil {
		return gone, err
	}
	c, doc, err := s.Articles.Live(q.ctx, a, article.Anyone)
	if err != nil {
		return nil, err
	}
	return s.articleOf(q, a, c, doc)
}

// readable is an article that readers have; gone, with the page that says so, one
// that was withdrawn.
func (s *Site) readable(q *request, id int64) (a article.Article, gone *cache.Page, err error) {
	q.made.on("article", id)
	a, err = s.Articles.Public(q.ctx, id, q.now)
	if fault.Is(err, fault.Gone) {
		gone, err = s.withdrawn(q, a)
	}
	return a, gone, err
}

// versions are the articles of a story that readers have, and where each edition's
// stands. The clock alone may bring another.
func (s *Site) versions(q *request, a article.Article) (list []article.Article, elsewhere map[int64]string, err error) {
	q.made.on("story", a.StoryID)
	next, err := s.Articles.NextOfStory(q.ctx, a.StoryID, q.now)
	if err != nil {
		return nil, nil, err
	}
	q.made.till(next)
	if list, err = s.Articles.Translations(q.ctx, a.StoryID, q.now); err != nil {
		return nil, nil, err
	}
	elsewhere = map[int64]string{}
	for _, t := range list {
		elsewhere[t.Edition] = t.Path
	}
	return list, elsewhere, nil
}

// articleOf is the page of what an article says.
func (s *Site) articleOf(q *request, a article.Article, c article.Content, doc richtext.Doc) (*cache.Page, error) {
	translations, elsewhere, err := s.versions(q, a)
	if err != nil {
		return nil, err
	}
	indexed := map[int64]string{}
	for _, t := range translations {
		if !t.Hidden {
			indexed[t.Edition] = t.Path
		}
	}
	f, err := s.frame(q, a.Path, a.Headline, elsewhere)
	if err != nil {
		return nil, err
	}
	f.Description = cmp.Or(a.SEODescription, a.Standfirst, a.Teaser)
	if a.SEOTitle != "" {
		f.Title = a.SEOTitle
	}
	// Readers find every version, search engines those that they may show: what
	// names others, or is one of them, is void (Google's rules for hreflang).
	if f.Alternates = s.alternates(q, a.Path, indexed); a.Hidden {
		f.Robots, f.Alternates = "noindex", nil
	}
	d, err := s.dress(q, []article.Article{a})
	if err != nil {
		return nil, err
	}
	body, err := s.body(q, c, doc, nil)
	if err != nil {
		return nil, err
	}
	if a.Kind == article.Page {
		return s.static(q, a, c, f, d, body)
	}
	p := &theme.ArticlePage{Frame: f, ID: a.ID, Kicker: a.Kicker, Headline: a.Headline, Standfirst: a.Standfirst,
		Body: body, Views: q.views(a), Beacon: "/-/views/" + strconv.FormatInt(a.ID, 10), Minutes: a.Minutes()}
	if q.preview != nil {
		p.Beacon = "" // it is not read, it is looked at
	} else if s.ReportForm != nil {
		p.Report = &theme.Report{URL: s.ReportForm(a.ID)}
	}
	s.credit(q, p, a, d)
	s.times(q, p, a)
	if p.Picture = d.lead(q, a); p.Picture != nil && c.Lead != nil {
		p.Picture.Caption, p.Picture.Credit, p.Picture.Alt = c.Lead.Caption, c.Lead.Credit, c.Lead.Alt
		p.Picture.Lang = q.printedLang(d.media[a.LeadID], *c.Lead)
	}
	all, err := s.shelves(q, p, a)
	if err != nil {
		return nil, err
	}
	if err := s.here(q, p, a); err != nil {
		return nil, err
	}
	for _, e := range f.Editions {
		if !e.Current && !e.Missing {
			p.Languages = append(p.Languages, e)
		}
	}
	if err := s.corrected(q, p, a); err != nil {
		return nil, err
	}
	if err := s.beside(q, p, a, all); err != nil {
		return nil, err
	}
	if err := s.around(q, p, a, all); err != nil {
		return nil, err
	}
	if p.JSONLD, err = s.articleLD(q, p, a, c, d, translations); err != nil {
		return nil, err
	}
	p.Social = s.articleSocial(q, p, a, c, d)
	p.Feeds = append(p.Feeds, s.embeds(p.Canonical, a.Headline)...)
	out, err := s.render(q, p, http.StatusOK)
	if out != nil {
		out.Dated = true
	}
	return out, err
}

// credit fills the by-line: the authors first, those who helped after them.
// Who did several things stands in it once, with all of them.
func (s *Site) credit(q *request, p *theme.ArticlePage, a article.Article, d dressed) {
	l := q.locale()
	at := map[article.Credit]int{} // who stands where in the by-line
	did := map[article.Credit]string{}
	for _, author := range []bool{true, false} {
		for _, c := range d.credits[a.ID] {
			if (c.Role == "author") != author {
				continue
			}
			word := ""
			if l.Has("credit."+c.Role) && c.Role != "with" {
				word = theme.Words(l, "credit."+c.Role)
			}
			who := article.Credit{Entity: c.Entity, Name: c.Name}
			i, twice := at[who]
			if !twice {
				at[who], did[who] = len(p.Bylines), word
				person := d.person(q, c)
				if word != "" && !author {
					person.Role = word
				}
				p.Bylines = append(p.Bylines, person)
			} else if word != "" && !strings.Contains(did[who], word) {
				did[who] = strings.TrimPrefix(did[who]+" · "+word, " · ")
				p.Bylines[i].Role = did[who]
			}
		}
	}
}

// times fills the dateline, as DECISIONS.md writes it, and the update.
func (s *Site) times(q *request, p *theme.ArticlePage, a article.Article) {
	l := q.locale()
	at, zone := wall(a.Dateline), a.Dateline.Zone
	if a.Dateline.At.IsZero() {
		at, zone = a.VisibleFrom.In(q.zone()), q.site.Publication.Zone
	}
	p.Published = *moment(l, at)
	p.Dateline = l.Dateline(at, zone, a.Dateline.Place)
	var older time.Time
	p.OldYears, older = oldYears(a.VisibleFrom.In(q.zone()), q.now.In(q.zone()))
	q.made.till(older)
	if !a.UpdatedAt.IsZero() && a.UpdatedAt.After(a.VisibleFrom) {
		up := a.UpdatedAt.In(at.Location())
		p.Updated = moment(l, up)
		if sameDay(up, at) {
			p.Updated.Text = l.Time(up)
		}
	}
}

// shelves fills sections, tags, genre, column and series, and gives the ids of
// all of them for what is related.
func (s *Site) shelves(q *request, p *theme.ArticlePage, a article.Article) ([]topic.Topic, error) {
	byArticle, err := s.Articles.TopicIDs(q.ctx, []int64{a.ID})
	if err != nil {
		return nil, err
	}
	if q.preview != nil {
		byArticle[a.ID] = q.preview.topics()
	}
	topics, err := s.topicsByID(q, byArticle[a.ID])
	if err != nil {
		return nil, err
	}
	var all []topic.Topic
	for _, id := range byArticle[a.ID] {
		t, ok := topics[id]
		if !ok {
			continue
		}
		all = append(all, t)
		l, ok := q.topicLink(t)
		if !ok {
			continue
		}
		switch t.Kind {
		case topic.Section:
			p.Sections = append(p.Sections, l)
		case topic.Tag:
			p.Tags = append(p.Tags, l)
		case topic.Genre:
			p.Genre = &l
		case topic.Column:
			p.Column = &l
		case topic.Series:
			p.Series = &l
		}
	}
	return all, nil
}

// here marks in the row of sections the one in which an article stands: its
// column, or its primary section, or the nearest above that is in the row.
func (s *Site) here(q *request, p *theme.ArticlePage, a article.Article) error {
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return err
	}
	for _, id := range appendID(nil, a.ColumnID, a.SectionID) {
		for _, id := range append([]int64{id}, tree.Ancestors(id)...) {
			t, _ := tree.Get(id)
			l, _ := q.topicLink(t)
			for i := range p.Common().Sections {
				if x := &p.Common().Sections[i]; l.URL != "" && x.URL == l.URL {
					x.Current = true
					return nil
				}
			}
		}
	}
	return nil
}

// body renders the text, with every reference led to where the thing is now.
// file tells which file of a picture stands in it (nil: the original) for
// programs that do not choose from a list of sizes.
func (s *Site) body(q *request, c article.Content, doc richtext.Doc, file func(*request, media.Media) (feed.Image, error)) (out htmlText, err error) {
	links, pics := doc.Refs()
	urls, err := s.references(q, links)
	if err != nil {
		return "", err
	}
	found, err := s.pictures(q, pics)
	if err != nil {
		return "", err
	}
	files := map[int64]feed.Image{}
	for id, m := range found {
		if file != nil && m.Kind == media.Image {
			if files[id], err = file(q, m); err != nil {
				return "", err
			}
		}
	}
	printed := map[int64]article.MediaRef{}
	for _, m := range c.Media {
		printed[m.ID] = m
	}
	l := q.locale()
	return doc.Render(richtext.Resolver{
		Link:  func(ref string) (string, bool) { to, ok := urls[ref]; return to.url, ok },
		Title: func(ref string) (string, string) { return urls[ref].title, urls[ref].lang },
		Media: func(id int64) (richtext.Media, bool) {
			m, ok := found[id]
			if !ok {
				return richtext.Media{}, false
			}
			out := s.bodyMedia(q, m, printed[id])
			if f, ok := files[id]; ok {
				out.URL, out.Width, out.Height = f.URL, f.Width, f.Height
			}
			return out, true
		},
		Words:   l.T,
		Dir:     l.Turn,
		OwnHost: hostOf(s.BaseURL),
	}), nil
}

func (s *Site) bodyMedia(q *request, m media.Media, printed article.MediaRef) richtext.Media {
	p := pictureOf(q, m)
	out := richtext.Media{URL: m.Path(), Mime: m.Mime, Width: m.Width, Height: m.Height, Alt: p.Alt, Caption: p.Caption, Credit: p.Credit,
		Lang: p.Lang}
	if printed.ID != 0 {
		out.Alt, out.Caption, out.Credit = printed.Alt, printed.Caption, printed.Credit
		out.Lang = q.printedLang(m, printed)
	}
	out.Class = theme.Tint(p.Colour)
	out.Sources, out.Small = sourcesOf(p, "figure"), sourcesOf(p, "gallery")
	return out
}

func sourcesOf(p *theme.Picture, place string) []richtext.Source {
	var out []richtext.Source
	for _, x := range theme.Sources(p, place) {
		out = append(out, richtext.Source{Type: x.Type, Srcset: x.Srcset, Sizes: x.Sizes})
	}
	return out
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}

// references leads "ref:article/17", "ref:media/3" and "ref:old/HOST/PATH" to
// addresses. What is not public has none.
func (s *Site) references(q *request, refs []string) (map[string]reference, error) {
	out := map[string]reference{}
	var articles, files []int64
	old := map[string][]string{} // host → keys
	refOf := map[string]string{}
	for _, ref := range refs {
		kind, rest, _ := strings.Cut(strings.TrimPrefix(ref, "ref:"), "/")
		id, _ := strconv.ParseInt(rest, 10, 64)
		switch kind {
		case "article":
			articles = append(articles, id)
		case "media":
			files = append(files, id)
		case "old":
			if u, err := url.Parse("https://" + rest); err == nil {
				host, key := address.Host(u.Host), address.Key(u)
				old[host] = append(old[host], key)
				refOf[host+" "+key] += ref + "\n"
			}
		}
	}
	for host, keys := range old {
		found, err := s.Addresses.OldMany(q.ctx, q.site.Publication.ID, host, keys)
		if err != nil {
			return nil, err
		}
		// Only an address that nothing answers yet can come to mean something:
		// the first to claim one keeps it.
		if slices.ContainsFunc(keys, func(k string) bool { _, ok := found[k]; return !ok }) {
			q.made.of("redirects")
		}
		for key, r := range found {
			if err := s.oldReference(q, out, strings.Split(strings.TrimSpace(refOf[host+" "+key]), "\n"), r); err != nil {
				return nil, err
			}
		}
	}
	urls, err := s.articleURLs(q, articles)
	if err != nil {
		return nil, err
	}
	for id, to := range urls {
		out["ref:article/"+strconv.FormatInt(id, 10)] = to
	}
	found, err := s.pictures(q, files)
	for id, m := range found {
		out["ref:media/"+strconv.FormatInt(id, 10)] = reference{url: m.Path()}
	}
	return out, err
}

func (s *Site) oldReference(q *request, out map[string]reference, refs []string, r address.Redirect) error {
	ed, ok := q.site.ByID(r.Edition)
	if !ok {
		return nil
	}
	to := reference{}
	switch r.Kind {
	case "":
		to.url = urlOf(ed, r.URL)
	case "media":
		// The article does not use the medium, so it may not be public, now or
		// later: whoever follows the link is led on, or not, at that time.
		path, query, _ := strings.Cut(r.Path, "?")
		to.url = (&url.URL{Path: path, RawQuery: strings.ReplaceAll(url.QueryEscape(query), "%3D", "=")}).String()
	case "article":
		urls, err := s.articleURLs(q, []int64{r.ID})
		if err != nil {
			return err
		}
		to = urls[r.ID]
	default:
		q.made.on(r.Kind, r.ID)
		paths, err := s.Addresses.Paths(q.ctx, r.Kind, ed.ID, []int64{r.ID})
		if err != nil {
			return err
		}
		if p, ok := paths[r.ID]; ok {
			to.url = urlOf(ed, p)
		}
	}
	for _, ref := range refs {
		if to.url != "" {
			out[ref] = to
		}
	}
	return nil
}

// reference is what a body refers to: its address, and of an article its
// headline and the language that this is in, where it is not the page's.
type reference struct{ url, title, lang string }

// articleURLs gives the addresses of those articles that everybody may see.
func (s *Site) articleURLs(q *request, ids []int64) (map[int64]reference, error) {
	for _, id := range ids {
		q.made.on("article", id)
	}
	list, err := s.Articles.PublicByIDs(q.ctx, ids, q.now)
	if err != nil {
		return nil, err
	}
	if len(list) < len(ids) { // one that is scheduled gets its link at its time
		next, err := s.Articles.NextOf(q.ctx, ids, q.now)
		if err != nil {
			return nil, err
		}
		q.made.till(next)
	}
	out := make(map[int64]reference, len(list))
	for _, a := range list {
		if ed, ok := q.site.ByID(a.Edition); ok {
			to := reference{url: urlOf(ed, a.Path), title: a.Headline}
			if ed.Lang != q.ed.Lang {
				to.lang = ed.Lang
			}
			out[a.ID] = to
		}
	}
	return out, err
}

// beside fills what stands beside and under the text: the calendar of its
// month, what is related, what is most read, the comments.
func (s *Site) beside(q *request, p *theme.ArticlePage, a article.Article, all []topic.Topic) error {
	var err error
	if y, m, _ := archive.Split(a.Day); y > 0 {
		if p.Calendar, err = s.calendar(q, y, m, a.Day); err != nil {
			return err
		}
	}
	if p.MostRead, err = s.mostReadOf(q, a.ID); err != nil {
		return err
	}
	if p.Related, err = s.relatedTo(q, a, all); err != nil {
		return err
	}
	if a.Comments == "hidden" {
		return nil
	}
	p.Comments, err = s.discussion(q, a, 1)
	return err
}

// relatedTo takes the newest of the article's series, column, tags and
// sections, in this order, until there are enough.
func (s *Site) relatedTo(q *request, a article.Article, all []topic.Topic) ([]theme.Card, error) {
	var list []article.Article
	seen := map[int64]bool{a.ID: true}
	for _, kind := range []topic.Kind{topic.Series, topic.Tag, topic.Column, topic.Section} {
		for _, t := range all {
			if t.Kind != kind || len(list) >= related {
				continue
			}
			limit := related + len(seen)
			more, rest, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListTopic, Ref: t.ID,
				Now: q.now, Limit: limit})
			if err != nil {
				return nil, err
			}
			var oldest time.Time
			if rest && len(more) == limit { // what is older is not looked at
				oldest = more[limit-1].VisibleFrom
			}
			q.made.within("topic-list", t.ID, oldest, time.Time{})
			if err := s.tillNext(q, article.ListTopic, t.ID); err != nil {
				return nil, err
			}
			for _, x := range more {
				if !seen[x.ID] && len(list) < related {
					seen[x.ID] = true
					list = append(list, x)
				}
			}
		}
	}
	cards, err := s.cards(q, list)
	for i := range cards {
		cards[i].Teaser, cards[i].Bylines, cards[i].Minutes = "", nil, 0
	}
	return cards, err
}

// static is a page without a date.
func (s *Site) static(q *request, a article.Article, c article.Content, f theme.Frame, d dressed, body htmlText) (*cache.Page, error) {
	p := &theme.StaticPage{Frame: f, ID: a.ID, Heading: a.Headline, Standfirst: a.Standfirst, Body: body, Picture: d.lead(q, a)}
	above := a.ParentID
	for range 8 {
		if above == 0 {
			break
		}
		q.made.on("article", above)
		up, err := s.Articles.Public(q.ctx, above, q.now)
		if err != nil {
			break // a parent that is not public is not named
		}
		p.Crumbs = append([]theme.Link{{Name: up.Headline, URL: q.url(up.Path)}}, p.Crumbs...)
		above = up.ParentID
	}
	below, err := s.Articles.Pages(q.ctx, q.ed.ID, a.ID, q.now)
	if err != nil {
		return nil, err
	}
	for _, b := range below {
		q.made.on("article", b.ID)
		p.Children = append(p.Children, theme.Link{Name: b.Headline, URL: q.url(b.Path)})
	}
	for _, e := range f.Editions {
		if !e.Current && !e.Missing {
			p.Languages = append(p.Languages, e)
		}
	}
	if !a.UpdatedAt.IsZero() {
		p.Updated = &theme.Moment{ISO: a.UpdatedAt.Format(time.RFC3339), Text: q.locale().Date(a.UpdatedAt.In(q.zone()))}
	}
	p.JSONLD = s.described(q, s.pageLD(q, &p.Frame, "WebPage", a.Headline, p.Crumbs, nil))
	p.Social = s.social(q)
	p.Social.Title, p.Social.Description = c.SocialTitle, c.SocialDescription
	if own := s.socialPicture(p.Picture, rendition.Wide, photoWidth); own != nil {
		p.Social.Image = own
	}
	out, err := s.render(q, p, http.StatusOK)
	if out != nil {
		out.Dated = true
	}
	return out, err
}

// withdrawn tells readers of a withdrawn article when and why it went (410), and
// what else there is to read. Its headline is not said: that may be what was wrong.
func (s *Site) withdrawn(q *request, a article.Article) (*cache.Page, error) {
	f, err := s.frame(q, a.Path, q.locale().T("error.410.title"), nil)
	if err != nil {
		return nil, err
	}
	f.Robots = "noindex"
	instead, err := s.instead(q, a.SectionID)
	if err != nil {
		return nil, err
	}
	return s.render(q, &theme.ErrorPage{Frame: f, Status: http.StatusGone, Reason: a.WithdrawnReason, Instead: instead,
		Date: &theme.Moment{ISO: a.WithdrawnAt.Format(time.RFC3339), Text: q.locale().Date(a.WithdrawnAt.In(q.zone()))}}, http.StatusGone)
}
