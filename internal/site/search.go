package site

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/richtext"
	"dateline/internal/search"
	"dateline/internal/stem"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

const (
	searchTime    = 3 * time.Second // a search that takes longer is given up
	searchFacets  = 12              // sections, authors to choose from
	searchRetry   = "5"             // seconds after which one who was refused may come again
	searchPath    = "/search"
	openSearchXML = "/opensearch.xml"
)

// asked is what a reader asks of the search page, read from the query of its address.
type asked struct {
	q, order, when, from, until, section, author string
	edition                                      string // another one that the reader chose in the form
	page                                         int
}

func readAsked(v url.Values) asked {
	a := asked{q: strings.Join(strings.FieldsFunc(strings.ToValidUTF8(v.Get("q"), ""), blank), " "), when: v.Get("when"), from: v.Get("from"), until: v.Get("until"),
		section: v.Get("section"), author: v.Get("author"), edition: v.Get("edition"), page: 1}
	if v.Get("order") == "newest" {
		a.order = "newest"
	}
	switch a.when {
	case "week", "month", "year":
	default:
		a.when = ""
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 {
		a.page = min(n, maxPages)
	}
	return a
}

// blank tells what stands between words: spaces, and signs that cannot be seen.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// in is the same asking in another edition. The section is called otherwise
// there, or is not there at all; authors are called the same everywhere.
func (a asked) in(e edition.Edition, section topic.Topic) asked {
	a.section, a.edition, a.page = section.Names[e.Lang].Slug, "", 1
	return a
}

// narrowed reports whether less than everything is searched.
func (a asked) narrowed() bool { return a.when+a.from+a.until+a.section+a.author != "" }

// url is the one address of what is asked, within the edition.
func (a asked) url(base string) string {
	v := url.Values{}
	for _, f := range [][2]string{{"q", a.q}, {"order", a.order}, {"when", a.when}, {"from", a.from}, {"until", a.until},
		{"section", a.section}, {"author", a.author}, {"edition", a.edition}} {
		if f[1] != "" {
			v.Set(f[0], f[1])
		}
	}
	if a.page > 1 {
		v.Set("page", strconv.Itoa(a.page))
	}
	if len(v) == 0 {
		return base
	}
	return base + "?" + v.Encode()
}

// serveSearch answers a search. Its pages are made for each asking, within the
// gate's budget, and kept by nobody; those who ask the same at once share one.
func (s *Site) serveSearch(w http.ResponseWriter, r *http.Request, path string) error {
	site, err := s.Editions.Site(r.Context())
	if err != nil {
		return err
	}
	ed, rest := site.Split(path)
	if rest != searchPath {
		return fault.New(fault.NotFound, "no search at %q", path)
	}
	set, err := s.Editions.Settings(r.Context())
	if err != nil {
		return err
	}
	a := readAsked(r.URL.Query())
	err = s.Cache.Serve(w, r, a.url(path+"/"), func(ctx context.Context) (*cache.Page, error) {
		q := &request{ctx: ctx, site: site, set: set, full: path, ed: ed, path: rest, now: s.Now(), draw: s.Draw, made: newMade()}
		return s.search(q, a)
	})
	if fault.Is(err, fault.Busy) {
		w.Header().Set("Retry-After", searchRetry)
	}
	return err
}

// search makes the page of a search.
func (s *Site) search(q *request, a asked) (*cache.Page, error) {
	for _, e := range q.site.Editions {
		if e.Lang == a.edition && e.ID != q.ed.ID {
			section, err := s.sectionAt(q, a.section)
			if err != nil {
				return nil, err
			}
			return q.redirect(http.StatusSeeOther, a.in(e, section).url(urlOf(e, searchPath))), nil
		}
	}
	a.edition = ""
	l := q.locale()
	title := l.T("search.plain")
	if a.q != "" {
		title = l.T("search.title", "query", a.q)
	}
	f, err := s.frame(q, searchPath, title, same(q.site, searchPath))
	if err != nil {
		return nil, err
	}
	if a.q != "" { // what is found there is another page, and yet the way leads to it
		f.Alternates = nil
		for i, e := range q.site.Editions {
			if i < len(f.Editions) { // one alone is not named
				f.Editions[i].URL = a.in(e, topic.Topic{}).url(urlOf(e, searchPath))
			}
		}
	}
	f.Robots = "noindex"
	f.Canonical = s.BaseURL + a.url(q.url(searchPath))
	p := &theme.SearchPage{Frame: f, Action: q.url(searchPath), Query: a.q}
	if a.q == "" {
		p.Help = true
	} else if err := s.answer(q, p, a); err != nil {
		return nil, err
	}
	out, err := s.render(q, p, http.StatusOK)
	if out != nil {
		out.NoStore = true
	}
	return out, err
}

// answer searches and fills the page.
func (s *Site) answer(q *request, p *theme.SearchPage, a asked) error {
	leave, err := s.gate.Enter(q.ctx)
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(q.ctx, searchTime)
	defer cancel()
	l := q.locale()
	words := stem.Of(q.ed.Lang)
	r := search.Request{Edition: q.ed.ID, Language: words, Query: search.Parse(words, a.q), Now: q.now,
		Skip: (a.page - 1) * perPage, Limit: perPage}
	if a.order == "newest" {
		r.Order = search.Newest
	}
	if r.Query.Cut {
		p.Notes = append(p.Notes, theme.Words(l, "search.cut"))
	}
	if r.Query.Empty() {
		if len(r.Query.Without) > 0 {
			p.Notes = append(p.Notes, theme.Words(l, "search.only_without"))
		} else {
			p.Summary = theme.Words(l, "search.none", "query", a.q)
		}
		p.Help = true
		return nil
	}
	n, err := s.narrow(q, p, &a, &r)
	if err != nil {
		return err
	}
	for i, e := range q.site.Editions {
		if i < len(p.Editions) {
			p.Editions[i].URL = a.in(e, n.section).url(urlOf(e, searchPath))
		}
	}
	found, err := s.Search.Search(ctx, r)
	if err != nil {
		return late(ctx, err)
	}
	if err := s.hits(q, p, &r, found); err != nil {
		return err
	}
	switch {
	case found.More:
		p.Summary = theme.Words(l, "search.many", "n", l.Number(int64(found.Total)))
	case found.Total > 0:
		p.Summary = theme.Words(l, "search.count", "n", found.Total)
	default:
		if err := s.nothing(ctx, q, p, a, r); err != nil {
			return late(ctx, err)
		}
		if !a.narrowed() {
			return nil
		}
	}
	for _, w := range found.Wide {
		p.Notes = append(p.Notes, theme.Words(l, "search.wide", "word", w))
	}
	if found.Partly {
		p.Notes = append(p.Notes, theme.Words(l, "search.partly", "n", l.Number(search.MaxCandidates)))
	}
	s.choices(q, p, a, r, found, n)
	for _, o := range []string{"", "newest"} {
		to, name := a, theme.Words(l, "search.best")
		to.order, to.page = o, 1
		if o != "" {
			name = theme.Words(l, "search.newest")
		}
		p.Orders = append(p.Orders, theme.Link{Name: name, URL: to.url(p.Action), Current: o == a.order})
	}
	p.Pager = theme.Pager{Page: a.page, Ranked: true}
	reach := min(found.Total, maxPages*perPage)
	if r.Order == search.Best {
		reach = min(reach, search.MaxCandidates)
	}
	to := a
	if to.page = a.page - 1; a.page > 1 {
		p.Pager.Newer = to.url(p.Action)
	}
	if to.page = a.page + 1; a.page*perPage < reach {
		p.Pager.Older = to.url(p.Action)
	}
	return nil
}

// nothing says what to do where nothing was found: another spelling, everything
// instead of a part, the editions that have these words, something else to read.
func (s *Site) nothing(ctx context.Context, q *request, p *theme.SearchPage, a asked, r search.Request) error {
	l := q.locale()
	p.Summary, p.Help = theme.Words(l, "search.none", "query", a.q), true
	meant, err := s.Search.Suggest(ctx, r)
	if err != nil {
		return err
	}
	for _, m := range meant {
		p.Meant = append(p.Meant, theme.Link{Name: m, URL: asked{q: m}.url(p.Action)})
	}
	for _, e := range q.site.Editions {
		if e.ID == q.ed.ID {
			continue
		}
		other, words := request{site: q.site, ed: e}, stem.Of(e.Lang)
		found, err := s.Search.Search(ctx, search.Request{Edition: e.ID, Language: words, Query: search.Parse(words, a.q), Order: search.Newest, Now: q.now})
		if err != nil {
			return err
		}
		if found.Total == 0 {
			continue
		}
		to := theme.EditionLink{Lang: other.locale().Tag(), Name: other.locale().Name(), URL: asked{q: a.q}.url(other.url(searchPath)),
			Note: theme.Words(l, "list.count", "n", found.Total)}
		if found.More {
			to.Note = theme.Words(l, "search.many", "n", l.Number(int64(found.Total)))
		}
		p.Elsewhere = append(p.Elsewhere, to)
	}
	p.Instead, err = s.instead(q, 0)
	return err
}

// late makes of a search that ran out of its time what it is.
func late(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fault.New(fault.Unavailable, "a search took too long: %w", err)
	}
	return err
}

// narrowing is what the filters of a search mean.
type narrowing struct {
	section  topic.Topic   // the zero value: any
	author   string        // by name
	sections []topic.Topic // to choose from
}

// narrow reads the filters; what cannot be understood is left out, and said.
func (s *Site) narrow(q *request, p *theme.SearchPage, a *asked, r *search.Request) (narrowing, error) {
	var n narrowing
	if err := s.narrowDays(q, p, a, r); err != nil {
		return n, err
	}
	l := q.locale()
	for _, f := range []struct {
		text *string
		kind string
		id   *int64
	}{{&a.section, "section", &r.Topic}, {&a.author, "author", &r.Author}} {
		if *f.text == "" {
			continue
		}
		target, current, err := s.Addresses.Lookup(q.ctx, q.ed.ID, f.kind+"/"+*f.text)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return n, err
		}
		if err != nil || !current {
			p.Notes = append(p.Notes, theme.Words(l, "search.filter_wrong", "name", *f.text))
			*f.text = ""
			continue
		}
		*f.id = target.ID
	}
	if r.Author != 0 {
		people, err := s.people(q, []int64{r.Author})
		if err != nil {
			return n, err
		}
		n.author = nameIn(people[r.Author].Names, q)
	}
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return n, err
	}
	for _, t := range tree.Sections() {
		if _, ok := t.Names[q.ed.Lang]; ok && len(n.sections) < searchFacets {
			n.sections = append(n.sections, t)
			r.Topics = append(r.Topics, t.ID)
		}
	}
	if t, ok := tree.Get(r.Topic); ok && r.Topic != 0 {
		n.section = t
		if !contains(r.Topics, t.ID) {
			n.sections = append(n.sections, t)
			r.Topics = append(r.Topics, t.ID)
		}
	}
	s.active(q, p, *a, n)
	return n, nil
}

// narrowDays reads the filters by time. Days that a reader names go before the
// ready-made spans, in whichever order.
func (s *Site) narrowDays(q *request, p *theme.SearchPage, a *asked, r *search.Request) error {
	l := q.locale()
	day := func(text *string) (t time.Time) {
		if *text == "" {
			return t
		}
		t, err := time.Parse(time.DateOnly, *text)
		if err != nil || t.Year() < 1 {
			p.Notes = append(p.Notes, theme.Words(l, "search.date_wrong", "date", *text))
			*text = ""
			return time.Time{}
		}
		return t
	}
	from, until := day(&a.from), day(&a.until)
	if !from.IsZero() && !until.IsZero() && until.Before(from) {
		from, until, a.from, a.until = until, from, a.until, a.from
	}
	today := q.now.In(q.zone())
	if !from.IsZero() || !until.IsZero() {
		a.when = ""
	}
	if days := map[string]int{"week": 7, "month": 31, "year": 365}[a.when]; days > 0 {
		r.From = midnightAfter(today.AddDate(0, 0, -days))
	}
	midnight := func(t time.Time, next int) time.Time {
		return midnightAfter(time.Date(t.Year(), t.Month(), t.Day()-1+next, 12, 0, 0, 0, q.zone()))
	}
	if !from.IsZero() {
		r.From = midnight(from, 0)
	}
	if !until.IsZero() {
		r.Until = midnight(until, 1)
	}
	p.From, p.Until, p.Latest = a.from, a.until, today.Format(time.DateOnly)
	oldest, err := s.Archive.Oldest(q.ctx, q.ed.ID, q.now)
	if err != nil || oldest == 0 {
		return err
	}
	y, m, d := archive.Split(oldest)
	first := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	p.Earliest, p.DaysHint = first.Format(time.DateOnly), theme.Words(l, "search.days_since", "date", l.Date(first))
	return nil
}

// sectionAt is the section with a slug in this edition; the zero value: none.
func (s *Site) sectionAt(q *request, slug string) (topic.Topic, error) {
	if slug == "" {
		return topic.Topic{}, nil
	}
	target, current, err := s.Addresses.Lookup(q.ctx, q.ed.ID, topicPath(topic.Section, slug))
	if fault.Is(err, fault.NotFound) || err == nil && !current {
		return topic.Topic{}, nil
	}
	if err != nil {
		return topic.Topic{}, err
	}
	found, err := s.topicsByID(q, []int64{target.ID})
	return found[target.ID], err
}

// active names each filter that is on, with the way to the same search without
// it, and keeps all of them when other words are asked for.
func (s *Site) active(q *request, p *theme.SearchPage, a asked, n narrowing) {
	l := q.locale()
	a.page = 1
	on := func(field, value string, name func() string, drop func(*asked)) {
		if value == "" {
			return
		}
		without := a
		drop(&without)
		p.Active = append(p.Active, theme.Link{Name: name(), URL: without.url(p.Action)})
		p.Hidden = append(p.Hidden, theme.Field{Name: field, Value: value})
	}
	date := func(key, day string) string {
		t, _ := time.Parse(time.DateOnly, day) // narrowDays has read it
		return theme.Words(l, key, "date", l.Date(t))
	}
	on("when", a.when, func() string { return theme.Words(l, "search.when_"+a.when) }, func(w *asked) { w.when = "" })
	on("from", a.from, func() string { return date("search.from_day", a.from) }, func(w *asked) { w.from = "" })
	on("until", a.until, func() string { return date("search.until_day", a.until) }, func(w *asked) { w.until = "" })
	on("section", a.section, func() string {
		return theme.Words(l, "search.section") + ": " + n.section.Name(q.ed.Lang, q.site.Default().Lang).Name
	}, func(w *asked) { w.section = "" })
	on("author", a.author, func() string { return theme.Words(l, "search.author") + ": " + n.author }, func(w *asked) { w.author = "" })
	if a.order != "" {
		p.Hidden = append(p.Hidden, theme.Field{Name: "order", Value: a.order})
	}
	if a.narrowed() {
		p.Wider = &theme.Link{Name: theme.Words(l, "search.wider"), URL: asked{q: a.q, order: a.order}.url(p.Action)}
	}
}

func contains(list []int64, id int64) bool {
	for _, x := range list {
		if x == id {
			return true
		}
	}
	return false
}

// hits shows a page of what was found.
func (s *Site) hits(q *request, p *theme.SearchPage, r *search.Request, found search.Result) error {
	list, err := s.Articles.PublicByIDs(q.ctx, found.Articles, q.now)
	if err != nil {
		return err
	}
	d, err := s.dress(q, list)
	if err != nil {
		return err
	}
	beside, err := s.Corrections.Said(q.ctx, found.Articles)
	if err != nil {
		return err
	}
	for _, a := range list {
		h := theme.Hit{Card: d.card(q, a)}
		h.Picture, h.Minutes = nil, 0
		c, doc, err := s.Articles.Live(q.ctx, a, article.Anyone)
		if err != nil && !fault.Is(err, fault.Forbidden) {
			return err
		}
		h.Title, h.Passage, h.Found = why(q.locale(), found.Look, a.Headline, c, doc, beside[a.ID])
		p.Hits = append(p.Hits, h)
	}
	return nil
}

// why is the headline and the passage of an article that tells best why it was
// found, and what has those of the words that neither headline nor text have.
func why(l *lang.Locale, look search.Look, headline string, c article.Content, doc richtext.Doc, beside []string) (title, passage []theme.Piece, found []theme.Found) {
	text := c.Standfirst + "\n" + doc.Text()
	texts := []string{headline, text}
	var labels []string
	also := func(label, text string) { labels, texts = append(labels, label), append(texts, text) }
	for _, m := range append(lead(c), c.Media...) {
		also(l.T("search.caption"), m.Caption)
		also(creditLabel(l, m.Credit), m.Credit)
	}
	for _, t := range c.Topics {
		also(l.T("list."+t.Kind), t.Name)
	}
	for _, x := range c.Credits {
		switch x.Role {
		case "photo", "drawing", "translator", "editor", "reporting":
			also(l.T("credit."+x.Role), x.Name)
		default:
			also(l.T("list.author"), x.Name)
		}
	}
	for _, text := range append([]string{c.Kicker, c.Dateline.Place}, beside...) {
		also("", text)
	}
	look = look.In(texts...)
	told := map[string]bool{}
	look.Tells(headline, told)
	look.Tells(text, told)
	for i, text := range texts[2:] {
		if look.Tells(text, told) {
			found = append(found, theme.Found{Label: labels[i], Text: shown(look.Snippet(text))})
		}
	}
	return shown(look.Mark(headline)), shown(look.Snippet(text)), found
}

// creditLabel goes before a picture's credit that does not say itself what it
// is, as "Drawing: The Lamp", "Photo by A. Kim" and "© Reuters" do.
func creditLabel(l *lang.Locale, credit string) string {
	label := l.T("credit.photo")
	if strings.ContainsAny(credit, ":：©") || strings.HasPrefix(strings.ToLower(credit), "(c)") {
		return ""
	}
	for _, word := range []string{label, l.T("credit.drawing")} {
		start := []rune(word)
		if n := min(len(start), 4); strings.EqualFold(string(start[:n]), firstRunes(credit, n)) {
			return ""
		}
	}
	return label
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

func lead(c article.Content) []article.MediaRef {
	if c.Lead == nil {
		return nil
	}
	return []article.MediaRef{*c.Lead}
}

func shown(list []search.Piece) []theme.Piece {
	out := make([]theme.Piece, len(list))
	for i, p := range list {
		out[i] = theme.Piece(p)
	}
	return out
}

// choices fills the filters.
func (s *Site) choices(q *request, p *theme.SearchPage, a asked, r search.Request, found search.Result, n narrowing) {
	l := q.locale()
	for _, w := range []string{"", "week", "month", "year"} {
		key := "search.when_" + w
		if w == "" {
			key = "search.when_all"
		}
		p.When = append(p.When, theme.Choice{Name: theme.Words(l, key), Value: w, Current: w == a.when})
	}
	all := func(current bool) theme.Choice {
		return theme.Choice{Name: theme.Words(l, "search.any"), Current: current}
	}
	for _, t := range n.sections {
		called := t.Name(q.ed.Lang, q.site.Default().Lang)
		if c := found.ByTopic[t.ID]; c > 0 || t.ID == r.Topic {
			p.Sections = append(p.Sections, theme.Choice{Name: called.Name, Value: called.Slug, Count: c, Current: t.ID == r.Topic})
		}
	}
	if len(p.Sections) > 0 {
		p.Sections = append([]theme.Choice{all(r.Topic == 0)}, p.Sections...)
	}
	seen := map[string]bool{}
	for _, h := range p.Hits {
		for _, b := range h.Bylines {
			slug := b.URL[strings.LastIndexByte(b.URL, '/')+1:]
			if slug == "" || seen[slug] || len(p.Authors) >= searchFacets {
				continue
			}
			seen[slug] = true
			p.Authors = append(p.Authors, theme.Choice{Name: b.Name, Value: slug, Current: slug == a.author})
		}
	}
	if a.author != "" && !seen[a.author] {
		p.Authors = append(p.Authors, theme.Choice{Name: n.author, Value: a.author, Current: true})
	}
	if len(p.Authors) > 0 {
		p.Authors = append([]theme.Choice{all(r.Author == 0)}, p.Authors...)
	}
	for _, e := range q.site.Editions {
		if own := lang.Of(e.Lang); len(q.site.Editions) > 1 {
			p.InEditions = append(p.InEditions, theme.Choice{Name: own.Name(), Lang: own.Tag(), Value: e.Lang, Current: e.ID == q.ed.ID})
		}
	}
}

// openSearch describes the edition's search to browsers (OpenSearch 1.1).
func (s *Site) openSearch(q *request) *cache.Page {
	e := html.EscapeString
	at := s.BaseURL + q.url(searchPath)
	return q.made.page("application/opensearchdescription+xml; charset=utf-8", []byte(`<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>`+e(shortName(q.ed.Name))+`</ShortName>
<Description>`+e(q.locale().T("search.plain")+": "+q.ed.Name)+`</Description>
<Language>`+e(q.locale().Tag())+`</Language>
<InputEncoding>UTF-8</InputEncoding>
<Image height="32" width="32" type="image/svg+xml">`+e(s.BaseURL+s.IconURL)+`</Image>
<Url type="text/html" method="get" template="`+e(at)+`?q={searchTerms}"/>
</OpenSearchDescription>
`))
}

// mostShort is how many letters OpenSearch 1.1 allows a ShortName.
const mostShort = 16

// shortName is a name in as many of its words as a ShortName has place for,
// without a short one at its end that leads to more ("News of the"). Only a word
// that is too long itself is cut.
func shortName(name string) string {
	words := strings.Fields(name)
	fits := func(from int) string {
		out := ""
		for _, w := range words[from:] {
			next := strings.TrimSpace(out + " " + w)
			if utf8.RuneCountInString(next) > mostShort {
				kept := strings.Fields(out)
				for len(kept) > 1 && utf8.RuneCountInString(kept[len(kept)-1]) <= 3 && strings.ToLower(kept[len(kept)-1]) == kept[len(kept)-1] {
					kept = kept[:len(kept)-1]
				}
				return strings.TrimRight(strings.Join(kept, " "), " ,:;–—-")
			}
			out = next
		}
		return out
	}
	for from := range words { // past an article before a word that is too long
		if s := fits(from); utf8.RuneCountInString(s) > 3 || s != "" && s == strings.Join(words, " ") {
			return s
		}
	}
	whole := []rune(strings.Join(words, " "))
	return strings.TrimSpace(string(whole[:min(len(whole), mostShort)]))
}
