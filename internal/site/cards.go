package site

import (
	"slices"
	"strconv"
	"time"

	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/media"
	"dateline/internal/rendition"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// dressed are articles with all that their cards need, read in batches.
type dressed struct {
	credits map[int64][]article.Credit
	topics  map[int64]topic.Topic
	people  map[int64]author.Contributor
	media   map[int64]media.Media
}

// dress reads what the cards of the articles need, and notes it.
func (s *Site) dress(q *request, list []article.Article) (dressed, error) {
	var d dressed
	var ids, topics, pics []int64
	for _, a := range list {
		ids = append(ids, a.ID)
		q.made.on("article", a.ID)
		topics = appendID(topics, a.SectionID, a.ColumnID, a.GenreID)
		pics = appendID(pics, a.LeadID)
	}
	var err error
	if d.credits, err = s.Articles.Credits(q.ctx, ids); err != nil {
		return d, err
	}
	if q.preview != nil {
		d.credits[q.preview.id] = q.preview.content.Credits
	}
	var people []int64
	for _, list := range d.credits {
		for _, c := range list {
			people = appendID(people, c.Entity)
		}
	}
	if d.people, err = s.people(q, people); err != nil {
		return d, err
	}
	for _, p := range d.people {
		pics = appendID(pics, p.PortraitID)
	}
	if d.topics, err = s.topicsByID(q, topics); err != nil {
		return d, err
	}
	d.media, err = s.pictures(q, pics)
	return d, err
}

func appendID(list []int64, ids ...int64) []int64 {
next:
	for _, id := range ids {
		if id == 0 {
			continue
		}
		for _, have := range list {
			if have == id {
				continue next
			}
		}
		list = append(list, id)
	}
	return list
}

func (s *Site) people(q *request, ids []int64) (map[int64]author.Contributor, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	for _, id := range ids {
		q.made.on("author", id)
		q.made.on("entity", id)
	}
	return s.Authors.ByIDs(q.ctx, ids)
}

func (s *Site) topicsByID(q *request, ids []int64) (map[int64]topic.Topic, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	for _, id := range ids {
		q.made.on("topic", id)
	}
	return s.Topics.ByIDs(q.ctx, ids)
}

func (s *Site) pictures(q *request, ids []int64) (map[int64]media.Media, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	for _, id := range ids {
		q.made.on("media", id)
		if !q.rehearsal {
			continue
		}
		if _, err := s.Media.PublicByID(q.ctx, id, s.Now()); fault.Is(err, fault.NotFound) {
			q.unseen = append(q.unseen, id)
		} else if err != nil {
			return nil, err
		}
	}
	found, err := s.Media.ByIDs(q.ctx, ids)
	if q.preview != nil {
		for id, m := range found {
			m.Under = q.preview.media
			found[id] = m
		}
	}
	return found, err
}

// topicLink is a topic's link in this edition, by its name here, else by the
// default edition's: that is the address it has here.
func (q *request) topicLink(t topic.Topic) (theme.Link, bool) {
	n := t.Name(q.ed.Lang, q.site.Default().Lang)
	if n.Name == "" {
		return theme.Link{}, false
	}
	return theme.Link{Name: n.Name, URL: q.url(topicPath(t.Kind, n.Slug)), Kind: string(t.Kind), Lang: q.foreign(t)}, true
}

// foreign is the language that a topic's name is in, "" where it is the
// edition's own.
func (q *request) foreign(t topic.Topic) string {
	if l := t.NameLang(q.ed.Lang, q.site.Default().Lang); l != q.ed.Lang {
		return l
	}
	return ""
}

// person is a credit as the theme prints it. The name is the one that was
// printed; the address is the contributor's present one.
func (d dressed) person(q *request, c article.Credit) theme.Person {
	p := theme.Person{Name: c.Name}
	if who, ok := d.people[c.Entity]; ok {
		p.Lang = q.otherLang(func(l string) bool { return who.Names[l] == c.Name })
		p.URL = q.url("author/" + who.Slug)
		if t, ok := who.Texts[q.ed.Lang]; ok {
			p.Role = t.Role
		}
		p.Portrait = d.picture(q, who.PortraitID)
		if p.Portrait != nil {
			p.Portrait.Alt = "" // the name stands beside it
		}
	}
	return p
}

// picture is a picture with the words of this edition; nil when it is none.
func (d dressed) picture(q *request, id int64) *theme.Picture {
	m, ok := d.media[id]
	if !ok || m.Kind != "image" {
		return nil
	}
	return pictureOf(q, m)
}

// lead is the picture above an article, as that has it.
func (d dressed) lead(q *request, a article.Article) *theme.Picture {
	if m := d.above(a); m.ID != 0 && m.Kind == "image" {
		return pictureOf(q, m)
	}
	return nil
}

// above is the medium above an article, with the focal point that it has there.
func (d dressed) above(a article.Article) media.Media { return d.media[a.LeadID].At(a.LeadFocal) }

func pictureOf(q *request, m media.Media) *theme.Picture {
	t, other := m.Texts[q.ed.Lang], ""
	if def := q.site.Default().Lang; t == (media.Text{}) && def != q.ed.Lang {
		t, other = m.Texts[def], def
	}
	p := &theme.Picture{Lang: other, URL: m.Path(), Alt: t.Alt, Width: m.Width, Height: m.Height, Caption: t.Caption,
		Credit: t.Credit, FocalX: m.FocalX, FocalY: m.FocalY, Colour: m.Colour, Sizes: q.draw.Sizes(m)}
	if slices.Contains(q.unseen, m.ID) { // its own address does not answer yet
		p.URL, p.Sizes = media.FileAt(m.ID), rendition.Set{}
	}
	return p
}

// otherLang is the first of the site's languages in which something is said as it
// was printed; "" where that is the edition's own, or none.
func (q *request) otherLang(says func(lang string) bool) string {
	if says(q.ed.Lang) {
		return ""
	}
	for _, e := range q.site.Editions {
		if says(e.Lang) {
			return e.Lang
		}
	}
	return ""
}

// printedLang is the language of a picture's words as they were printed.
func (q *request) printedLang(m media.Media, p article.MediaRef) string {
	return q.otherLang(func(l string) bool {
		t, ok := m.Texts[l]
		return ok && t.Caption == p.Caption && t.Credit == p.Credit && t.Alt == p.Alt
	})
}

// bylines are the authors of an article, without those who helped.
func (d dressed) bylines(q *request, a article.Article) []theme.Person {
	var out []theme.Person
	for _, c := range d.credits[a.ID] {
		if c.Role == "author" {
			out = append(out, d.person(q, c))
		}
	}
	return out
}

// card is an article elsewhere on the site.
func (d dressed) card(q *request, a article.Article) theme.Card {
	c := theme.Card{URL: q.url(a.Path), Headline: a.Headline, Teaser: a.Teaser, Kicker: a.Kicker,
		Bylines: d.bylines(q, a), Time: q.day(a), Picture: d.lead(q, a), Minutes: a.Minutes(), Opinion: a.ColumnID != 0}
	if c.Picture != nil {
		c.Picture.Caption, c.Picture.Credit = "", ""
	}
	if l, ok := q.topicLink(d.topics[a.SectionID]); ok && c.Kicker == "" {
		c.Kicker, c.KickerURL, c.KickerLang = l.Name, l.URL, l.Lang
	}
	return c
}

// cards are articles in their order.
func (s *Site) cards(q *request, list []article.Article) ([]theme.Card, error) {
	list, err := q.asThen(list)
	if err != nil {
		return nil, err
	}
	d, err := s.dress(q, list)
	if err != nil {
		return nil, err
	}
	out := make([]theme.Card, len(list))
	for i, a := range list {
		out[i] = d.card(q, a)
	}
	return out, nil
}

// day is when an article was published, in the publication's zone: a date,
// with the time where it is of today.
func (q *request) day(a article.Article) theme.Moment {
	l, t := q.locale(), a.VisibleFrom.In(q.zone())
	m := theme.Moment{ISO: t.Format(time.RFC3339), Text: l.Date(t)}
	if sameDay(t, q.now.In(q.zone())) {
		m.Text = l.Time(t)
	}
	return m
}

// shortDay is day in a narrow column: "22 Nov" where it is not of today.
func (q *request) shortDay(a article.Article) theme.Moment {
	m, t, now := q.day(a), a.VisibleFrom.In(q.zone()), q.now.In(q.zone())
	switch {
	case sameDay(t, now):
	case t.Year() == now.Year():
		m.Text = strconv.Itoa(t.Day()) + "\u00a0" + q.locale().MonthShort(t.Month())
	default: // an archive that has gone quiet must not look like news
		m.Text = q.locale().MonthShort(t.Month()) + " " + strconv.Itoa(t.Year())
	}
	return m
}

// clock is the time of day an article was published.
func (q *request) clock(a article.Article) theme.Moment {
	t := a.VisibleFrom.In(q.zone())
	return theme.Moment{ISO: t.Format(time.RFC3339), Text: q.locale().Time(t)}
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// wall is the dateline's instant as a clock at its place showed it then. The
// offset is the one that was printed: a later zone table changes nothing.
func wall(d article.Dateline) time.Time { return d.At.In(time.FixedZone("", d.Offset)) }

func moment(l *lang.Locale, t time.Time) *theme.Moment {
	return &theme.Moment{ISO: t.Format(time.RFC3339), Text: l.DateTime(t)}
}
