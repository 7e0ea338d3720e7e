package site

import (
	"cmp"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/feed"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// feedFormat is one of the forms in which every list can be read by programs.
type feedFormat struct {
	file, contentType string
	write             func(feed.Feed) ([]byte, error)
}

var feedFormats = map[string]feedFormat{
	"rss":  {"feed.xml", feed.RSSType, feed.RSS},
	"atom": {"atom.xml", feed.AtomType, feed.Atom},
	"json": {"feed.json", feed.JSONType, feed.JSON},
}

// feedOf takes a feed's file off a list's path: "section/town/atom.xml" is
// ("section/town", "atom", true), "feed.xml" the edition's own.
func feedOf(path string) (base, format string, ok bool) {
	base, file := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		base, file = path[:i], path[i+1:]
	}
	for name, f := range feedFormats {
		if f.file == file {
			return base, name, true
		}
	}
	return path, "", false
}

// feed is the newest of a list for programs. base is the list's path within
// the edition, "section/town", or empty for the edition; format is rss, atom
// or json.
func (s *Site) feed(q *request, base, format string) (*cache.Page, error) {
	form, ok := feedFormats[format]
	if !ok {
		return nil, fault.New(fault.NotFound, "no feeds of format %q", format)
	}
	name, err := s.named(q)
	if err != nil {
		return nil, err
	}
	f := feed.Feed{Lang: q.ed.Lang, Author: q.ed.Name, HomeURL: s.BaseURL + q.url("/"), SelfURL: s.BaseURL + q.url(feedPath(base, form))}
	kind, ref := article.ListEdition, int64(0)
	if "/"+base == correctionsPath {
		return s.correctionsFeed(q, name, f, form)
	}
	if base == "" {
		q.made.on("list", q.ed.ID)
		f.ID = name.of("feed", q.ed.ID)
		f.Title = q.locale().T("feed.title", "publication", q.ed.Name)
		f.Description = q.ed.Tagline
	} else {
		t, current, err := s.Addresses.Lookup(q.ctx, q.ed.ID, base)
		if err != nil {
			return nil, err
		}
		if !current {
			return s.renamedFeed(q, t, form)
		}
		if kind, err = s.feedOfList(q, t, &f); err != nil {
			return nil, err
		}
		ref = t.ID
		f.ID = name.of("feed/"+strconv.FormatInt(q.ed.ID, 10)+"/"+t.Kind, t.ID)
		f.HomeURL = s.BaseURL + q.url(base)
	}
	list, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: kind, Ref: ref, Now: q.now, Limit: feed.MaxItems})
	if err != nil {
		return nil, err
	}
	next, err := s.Articles.NextChange(q.ctx, q.ed.ID, kind, ref, q.now)
	if err != nil {
		return nil, err
	}
	q.made.till(next)
	if f.Items, err = s.feedItems(q, name, list); err != nil {
		return nil, err
	}
	return s.wholeFeed(q, form, f)
}

// wholeFeed is the page of a feed whose items are known.
func (s *Site) wholeFeed(q *request, form feedFormat, f feed.Feed) (*cache.Page, error) {
	s.hubs(q, &f)
	body, left, err := feed.Whole(form.write, f)
	if err != nil {
		return nil, fault.New(fault.Internal, "%s: %w", f.SelfURL, err)
	}
	s.leftOut(q, left)
	return s.feedPage(q, form.contentType, body, f), nil
}

// hubs names the WebSub hub that the newsroom has set.
func (s *Site) hubs(q *request, f *feed.Feed) {
	if hub := q.setting("websub_hub"); hub != "" {
		f.Hubs = []string{hub}
	}
}

// leftOut tells which articles a feed goes without.
func (s *Site) leftOut(q *request, left []feed.Refused) {
	for _, r := range left {
		s.told(q, "a feed goes without an article", r.URL, r.Err)
	}
}

// feedPage is a feed with the headers by which programs find its hub (WebSub
// §4: exactly one self, and the hubs).
func (s *Site) feedPage(q *request, contentType string, body []byte, f feed.Feed) *cache.Page {
	p := s.document(q, contentType, body)
	for _, h := range f.Hubs {
		p.Header.Add("Link", "<"+h+`>; rel="hub"`)
	}
	if len(f.Hubs) > 0 {
		p.Header.Add("Link", "<"+f.SelfURL+`>; rel="self"`)
	}
	return p
}

func feedPath(base string, form feedFormat) string {
	return strings.TrimPrefix(base+"/"+form.file, "/")
}

// feedOfList names a list's feed and tells which listing it is of.
func (s *Site) feedOfList(q *request, t address.Target, f *feed.Feed) (kind int, err error) {
	name := ""
	switch t.Kind {
	case "topic":
		shelf, err := s.shelf(q, t.ID)
		if err != nil {
			return 0, err
		}
		if err := s.secret(q, shelf); err != nil {
			return 0, err
		}
		n := shelf.Name(q.ed.Lang, q.site.Default().Lang)
		q.made.on("topic-list", t.ID)
		kind, name, f.Description = article.ListTopic, n.Name, n.Description
	case "author":
		people, err := s.contributor(q, t.ID)
		if err != nil {
			return 0, err
		}
		who := people[t.ID]
		q.made.on("author-list", t.ID)
		kind, name = article.ListAuthor, nameIn(who.Names, q)
		text := who.Texts[q.ed.Lang]
		f.Description, f.Author = cmp.Or(text.Bio, text.Role), name
	default:
		return 0, fault.New(fault.NotFound, "a %s has no feed", t.Kind)
	}
	f.Title = q.locale().T("feed.of", "name", name, "publication", q.ed.Name)
	return kind, nil
}

// renamedFeed leads subscribers of a list's former address to its present one.
func (s *Site) renamedFeed(q *request, t address.Target, form feedFormat) (*cache.Page, error) {
	q.made.on(t.Kind, t.ID)
	if t.Kind == "article" {
		return nil, fault.New(fault.NotFound, "an article has no feed")
	}
	paths, err := s.Addresses.Paths(q.ctx, t.Kind, q.ed.ID, []int64{t.ID})
	if err != nil {
		return nil, err
	}
	path, ok := paths[t.ID]
	if !ok {
		return nil, fault.New(fault.NotFound, "the list at %q has no address any more", q.path)
	}
	return q.moved(feedPath(path, form)), nil
}

// names gives things names that no rename changes, nor a move to https or to
// another host (RFC 4151).
type names string

// named gives the publication's names. The first feed that readers of a site get
// settles them: with whoever has taken an article by its name it stays that one.
// Without a base URL of the public net names are for the time being.
func (s *Site) named(q *request) (names, error) {
	n, own := q.site.Publication.Naming, address.Host(hostOf(s.BaseURL))
	host := edition.NamingHost(own)
	var err error
	switch {
	case n.Host != "":
	case host == "":
		n = edition.Naming{Host: own, Date: "2026"}
	case s.Serves && q.preview == nil:
		n, err = s.Editions.SettleNaming(q.ctx, q.site.Publication.ID, host, q.now)
	default: // a look at what would be served
		n = edition.Naming{Host: host, Date: cmp.Or(n.Date, q.now.UTC().Format(time.DateOnly))}
	}
	return names("tag:" + n.Host + "," + n.Date + ":"), err
}

func (n names) of(kind string, id int64) string {
	return string(n) + kind + "/" + strconv.FormatInt(id, 10)
}

// feedItems are articles as programs get them, with their texts.
func (s *Site) feedItems(q *request, name names, list []article.Article) ([]feed.Item, error) {
	if len(list) == 0 {
		return nil, nil
	}
	d, err := s.dress(q, list)
	if err != nil {
		return nil, err
	}
	shelves, err := s.feedCategories(q, list)
	if err != nil {
		return nil, err
	}
	guids, err := s.guids(q, list)
	if err != nil {
		return nil, err
	}
	out := make([]feed.Item, 0, len(list))
	for _, a := range list {
		it := feed.Item{ID: name.of("article", a.ID), GUID: guids[a.ID], URL: s.BaseURL + q.url(a.Path), Title: a.Headline,
			Summary: cmp.Or(a.Standfirst, a.Teaser), Standfirst: a.Standfirst, Published: a.VisibleFrom, Updated: a.UpdatedAt,
			Categories: shelves[a.ID], Hidden: a.Hidden}
		for _, by := range d.bylines(q, a) {
			it.Authors = append(it.Authors, s.feedPerson(by))
		}
		c, err := s.feedText(q, a, &it)
		if err != nil {
			return nil, err
		}
		if it.Image, err = s.feedImage(q, a, c, d); err != nil {
			return nil, err
		}
		if it.Files, err = s.feedFiles(q, c); err != nil {
			return nil, err
		}
		out = append(out, it)
	}
	return out, nil
}

// guids are what the feeds of older systems called articles. Where a careless
// copy there gave two of them one name, the newer has it: the older leaves the
// feed first, so neither ever changes its name.
func (s *Site) guids(q *request, list []article.Article) (map[int64]string, error) {
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	out, err := s.Articles.GUIDs(q.ctx, ids)
	taken := map[string]bool{}
	for _, id := range ids {
		if taken[out[id]] {
			delete(out, id)
		} else if out[id] != "" {
			taken[out[id]] = true
		}
	}
	return out, err
}

func (s *Site) feedPerson(p theme.Person) feed.Person {
	out := feed.Person{Name: p.Name}
	if p.URL != "" {
		out.URL = s.BaseURL + p.URL
	}
	return out
}

// feedText fills an item's text. Of an article that not everybody may read
// there is the standfirst and the way to the site.
func (s *Site) feedText(q *request, a article.Article, it *feed.Item) (article.Content, error) {
	c, doc, err := s.Articles.Live(q.ctx, a, article.Anyone)
	if q.preview != nil {
		c, doc, err = q.preview.content, q.preview.body, nil
	}
	if fault.Is(err, fault.Forbidden) {
		words := q.locale().T("feed.read_on", "publication", q.ed.Name)
		it.HTML = `<p><a href="` + html.EscapeString(it.URL) + `">` + html.EscapeString(words) + "</a></p>"
		return c, nil
	}
	if err != nil {
		return c, err
	}
	body, err := s.body(q, c, doc, s.delivered)
	it.HTML = string(body)
	return c, err
}

// feedImage is the picture above an article, with its words as printed.
func (s *Site) feedImage(q *request, a article.Article, c article.Content, d dressed) (*feed.Image, error) {
	p := d.lead(q, a)
	if p == nil {
		return nil, nil
	}
	out, err := s.delivered(q, d.above(a))
	out.Alt, out.Caption, out.Credit = p.Alt, p.Caption, p.Credit
	if c.Lead != nil {
		out.Alt, out.Caption, out.Credit = c.Lead.Alt, c.Lead.Caption, c.Lead.Credit
	}
	return &out, err
}

// feedFiles are the pictures, sounds, films and files in a text, with their
// words as printed.
func (s *Site) feedFiles(q *request, c article.Content) ([]feed.Image, error) {
	if c.Body == "" { // not for everybody
		return nil, nil
	}
	ids := make([]int64, len(c.Media))
	for i, m := range c.Media {
		ids[i] = m.ID
	}
	found, err := s.pictures(q, ids)
	if err != nil {
		return nil, err
	}
	var out []feed.Image
	for _, r := range c.Media {
		if m, ok := found[r.ID]; ok {
			f, err := s.delivered(q, m)
			if err != nil {
				return nil, err
			}
			f.Alt, f.Caption, f.Credit = r.Alt, r.Caption, r.Credit
			out = append(out, f)
		}
	}
	return out, nil
}

// feedCategories are the names of the shelves on which articles stand.
func (s *Site) feedCategories(q *request, list []article.Article) (map[int64][]string, error) {
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	shelves, err := s.Articles.TopicIDs(q.ctx, ids)
	if err != nil {
		return nil, err
	}
	if q.preview != nil {
		shelves[q.preview.id] = q.preview.topics()
	}
	var all []int64
	for _, id := range ids {
		all = appendID(all, shelves[id]...)
	}
	topics, err := s.topicsByID(q, all)
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]string, len(list))
	for id, of := range shelves {
		for _, t := range of {
			if n := topics[t].Name(q.ed.Lang, q.site.Default().Lang); n.Name != "" {
				out[id] = append(out[id], n.Name)
			}
		}
	}
	return out, nil
}

// feedHeader is what web says of feeds; the page's own headers go over those
// that the frame has set for pages.
func (s *Site) feedHeader() http.Header {
	const transport = "Strict-Transport-Security" // by it web knows that readers come over https
	h := http.Header{}
	if strings.HasPrefix(s.BaseURL, "https:") {
		h.Set(transport, "")
	}
	web.As(headerOnly(h), web.Feed)
	h.Del(transport)
	return h
}

// headerOnly takes headers where an answer is expected.
type headerOnly http.Header

func (h headerOnly) Header() http.Header         { return http.Header(h) }
func (h headerOnly) Write(b []byte) (int, error) { return len(b), nil }
func (h headerOnly) WriteHeader(int)             {}
