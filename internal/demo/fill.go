package demo

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/comment"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/front"
	"dateline/internal/lang"
	"dateline/internal/media"
	"dateline/internal/richtext"
	"dateline/internal/topic"
	"dateline/internal/user"
	"dateline/internal/views"
)

// Rooms are those that the demo fills.
type Rooms struct {
	DB          *db.DB
	Editions    *edition.Store
	Entities    *entity.Store
	Topics      *topic.Store
	Authors     *author.Store
	Media       *media.Store
	Articles    *article.Store
	Comments    *comment.Store
	Corrections *correction.Store
	Front       *front.Store
	Views       *views.Store
	Users       *user.Store
}

type filler struct {
	Rooms
	files    fs.FS
	n        newsroom
	comments map[string]map[string][]reader
	cal      calendar
	site     edition.Site
	places   map[string]entity.Entity
	people   map[string]author.Contributor
	media    map[string]media.Media
	topics   map[string]topic.Topic // "section/town"
	above    map[int64][]int64
	ids      map[string]int64 // "article/bridge/en" → article
	texts    []text
	pages    []text
}

// Fill makes the newsroom, whole or not at all.
func Fill(ctx context.Context, rooms Rooms, files fs.FS) error {
	f := &filler{Rooms: rooms, files: files, places: map[string]entity.Entity{}, people: map[string]author.Contributor{},
		media: map[string]media.Media{}, topics: map[string]topic.Topic{}, above: map[int64][]int64{}, ids: map[string]int64{}}
	var err error
	if f.n, f.comments, err = readNewsroom(files); err != nil {
		return err
	}
	if f.texts, err = readTexts(files, "articles"); err != nil {
		return err
	}
	if f.pages, err = readTexts(files, "pages"); err != nil {
		return err
	}
	loc, err := lang.Zone(f.n.Publication.Zone)
	if err != nil {
		return err
	}
	f.cal = newCalendar(rooms.DB.Now(), loc)
	if err := f.takePictures(ctx); err != nil {
		return err
	}
	return rooms.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		for _, step := range []func(context.Context, *db.Tx) error{f.setUp, f.putMedia, f.putPeople, f.putTopics, f.putTexts, f.putNotices, f.putFront} {
			if err := step(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// takePictures reads the drawings into the blob store.
func (f *filler) takePictures(ctx context.Context) error {
	names, err := fs.Glob(f.files, "pictures/*.*")
	if err != nil {
		return err
	}
	for _, name := range names {
		file, err := f.files.Open(name)
		if err != nil {
			return err
		}
		m, err := f.Media.Take(ctx, path.Base(name), file, 0)
		file.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		key := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if m.Colour, err = f.Media.Colour(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		m.Texts = map[string]media.Text{}
		m.Always = strings.HasPrefix(key, "p-") || key == f.n.Publication.Logo
		f.media[key] = m
	}
	for _, p := range f.n.Pictures {
		if m, ok := f.media[p.Key]; ok && len(p.Focal) == 2 {
			m.FocalX, m.FocalY = p.Focal[0], p.Focal[1]
			f.media[p.Key] = m
		}
		for l := range p.Alt {
			if m, ok := f.media[p.Key]; ok {
				m.Texts[l] = media.Text{Alt: p.Alt[l], Credit: p.Credit[l]}
			}
		}
	}
	for _, t := range f.texts { // an article describes its own picture
		if m, ok := f.media[t.head["picture"]]; ok {
			m.Texts[t.lang] = media.Text{Alt: t.head["alt"], Caption: t.head["caption"], Credit: t.head["credit"]}
		}
	}
	return nil
}

func (f *filler) setUp(ctx context.Context, tx *db.Tx) error {
	p := f.n.Publication
	in := edition.PublicationInput{Key: p.Key, Zone: p.Zone}
	for _, e := range f.n.Editions {
		in.Editions = append(in.Editions, edition.EditionInput{Lang: e.Lang, Name: p.Name[e.Lang], Tagline: p.Tagline[e.Lang], Colophon: p.Colophon[e.Lang]})
		if e.Default {
			in.DefaultLang = e.Lang
		}
	}
	var err error
	if f.site, err = f.Editions.Setup(ctx, tx, in); err != nil {
		return err
	}
	var list []entity.Entity
	for _, pl := range f.n.Places {
		list = append(list, entity.Entity{Kind: entity.Place, Names: pl.Name})
	}
	ids, err := f.Entities.Put(ctx, tx, f.site.Publication.ID, list)
	if err != nil {
		return err
	}
	for i, pl := range f.n.Places {
		list[i].ID = ids[i]
		f.places[pl.Key] = list[i]
	}
	return nil
}

func (f *filler) putMedia(ctx context.Context, tx *db.Tx) error {
	keys := slices.Sorted(func(yield func(string) bool) {
		for k := range f.media {
			if !yield(k) {
				return
			}
		}
	})
	list := make([]media.Media, len(keys))
	for i, k := range keys {
		list[i] = f.media[k]
	}
	ids, err := f.Media.Put(ctx, tx, f.site.Publication.ID, list)
	if err != nil {
		return err
	}
	for i, k := range keys {
		list[i].ID = ids[i]
		f.media[k] = list[i]
	}
	return nil
}

func (f *filler) putPeople(ctx context.Context, tx *db.Tx) error {
	var list []author.Contributor
	for _, c := range f.n.Contributors {
		a := author.Contributor{Slug: c.Slug, PortraitID: f.media[c.Portrait].ID, Names: c.Name, Texts: map[string]author.Text{}}
		for l := range c.Name {
			a.Texts[l] = author.Text{Role: c.Role[l], Bio: c.Biography[l]}
		}
		list = append(list, a)
	}
	ids, err := f.Authors.Put(ctx, tx, f.site.Publication.ID, list)
	if err != nil {
		return err
	}
	for i, c := range f.n.Contributors {
		list[i].EntityID = ids[i]
		f.people[c.Key] = list[i]
	}
	return nil
}

// schemaTypes are what schema.org calls articles of a genre.
var schemaTypes = map[string]string{"reportage": "ReportageNewsArticle", "analysis": "AnalysisNewsArticle",
	"column": "OpinionNewsArticle", "letter": "OpinionNewsArticle", "review": "ReviewNewsArticle", "explainer": "BackgroundNewsArticle"}

func (f *filler) putTopics(ctx context.Context, tx *db.Tx) error {
	type group struct {
		kind topic.Kind
		list []shelf
	}
	for _, g := range []group{{topic.Section, f.n.Sections}, {topic.Genre, f.n.Genres}, {topic.Tag, f.n.Tags}, {topic.Column, f.n.Columns}, {topic.Series, f.n.Series}} {
		if err := f.putShelves(ctx, tx, g.kind, g.list, 0, nil); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) putShelves(ctx context.Context, tx *db.Tx, kind topic.Kind, list []shelf, parent int64, above []int64) error {
	var topics []topic.Topic
	for i, s := range list {
		t := topic.Topic{Kind: kind, ParentID: parent, Position: i, OwnerID: f.people[s.Author].EntityID, Names: map[string]topic.Name{}}
		if kind == topic.Genre {
			t.SchemaType = schemaTypes[s.Key]
		}
		for l := range s.Name {
			t.Names[l] = topic.Name{Name: s.Name[l], Slug: s.Slug[l], Description: s.Description[l]}
		}
		topics = append(topics, t)
	}
	ids, err := f.Topics.Put(ctx, tx, f.site.Publication.ID, topics)
	if err != nil {
		return err
	}
	for i, s := range list {
		topics[i].ID = ids[i]
		f.topics[string(kind)+"/"+s.Key] = topics[i]
		f.above[ids[i]] = above
		if len(s.Children) > 0 {
			if err := f.putShelves(ctx, tx, kind, s.Children, ids[i], append(slices.Clone(above), ids[i])); err != nil {
				return err
			}
		}
	}
	return nil
}

// putTexts stores articles and pages. Their ids are reserved first, because
// they refer to each other.
func (f *filler) putTexts(ctx context.Context, tx *db.Tx) error {
	ids, err := f.Articles.NewIDs(ctx, tx, len(f.texts)+len(f.pages))
	if err != nil {
		return err
	}
	for i, t := range f.texts {
		f.ids["article/"+t.key+"/"+t.lang] = ids[i]
	}
	for i, t := range f.pages {
		f.ids["page/"+t.key+"/"+t.lang] = ids[len(f.texts)+i]
	}
	all := append(slices.Clone(f.texts), f.pages...)
	edits := make([]article.Edit, len(all))
	group := func(i int) string { return string(edits[i].Content.Kind) + "/" + all[i].key }
	for i, t := range all {
		kind := article.Text
		if i >= len(f.texts) {
			kind = article.Page
		}
		if edits[i], err = f.edit(t, kind); err != nil {
			return fmt.Errorf("%s.%s: %w", t.key, t.lang, err)
		}
		edits[i].ID, edits[i].Fresh = ids[i], true
	}
	// The first text of a story makes it, the others join it: two journeys to
	// the database instead of one a text.
	stories := map[string]int64{}
	var first, rest []int
	for i := range edits {
		if _, ok := stories[group(i)]; ok {
			rest = append(rest, i)
		} else {
			first, stories[group(i)] = append(first, i), 0
		}
	}
	for _, round := range [][]int{first, rest} {
		batch := make([]article.Edit, len(round))
		for n, i := range round {
			edits[i].StoryID = stories[group(i)]
			batch[n] = f.first(all[i], edits[i])
		}
		saved, err := f.Articles.Put(ctx, tx, batch)
		if err != nil {
			return err
		}
		for n, i := range round {
			stories[group(i)] = saved[n].StoryID
		}
	}
	if err := f.tell(ctx, tx, edits); err != nil {
		return err
	}
	return f.putRest(ctx, tx, edits)
}

// putRest withdraws what is withdrawn and gives the others their views and
// comments. edits begins with those of f.texts.
func (f *filler) putRest(ctx context.Context, tx *db.Tx, edits []article.Edit) error {
	base := map[int64]int64{}
	var comments []comment.Comment
	for i, t := range f.texts {
		if edits[i].State != article.Approved {
			continue
		}
		if when, why, ok := strings.Cut(t.head["withdrawn"], " | "); ok {
			at, err := f.cal.at(when)
			if err == nil {
				err = f.Articles.WithdrawAt(ctx, tx, edits[i].ID, at, why)
			}
			if err != nil {
				return fmt.Errorf("%s.%s: %w", t.key, t.lang, err)
			}
			continue
		}
		base[edits[i].ID] = f.n.Views[t.key][t.lang]
		var err error
		if comments, err = f.talk(comments, f.comments[t.key][t.lang], 0, edits[i]); err != nil {
			return fmt.Errorf("comments of %s.%s: %w", t.key, t.lang, err)
		}
	}
	if err := f.Views.SetBase(ctx, tx, base); err != nil {
		return err
	}
	_, err := f.Comments.PutMany(ctx, tx, comments)
	return err
}

func (f *filler) edit(t text, kind article.Kind) (article.Edit, error) {
	ed, ok := f.site.ByLang(t.lang)
	if !ok {
		return article.Edit{}, fmt.Errorf("there is no edition in %s", t.lang)
	}
	e := article.Edit{Publication: f.site.Publication.ID, Edition: ed.ID, Body: f.body(t), State: article.Approved,
		Actor: "demo", Slug: t.head["slug"]}
	c := &e.Content
	c.Lang, c.Kind, c.Kicker = t.lang, kind, t.head["kicker"]
	c.Headline, c.Standfirst = t.head["headline"], t.head["standfirst"]
	if kind == article.Page {
		c.Headline = t.head["title"]
		e.VisibleFrom = f.cal.day0.AddDate(-1, 0, 0).Truncate(time.Second)
		for i, p := range f.n.Pages {
			if p.Key == t.key {
				e.Path, e.Position = p.Slug[t.lang], i
			}
		}
		return e, nil
	}
	var err error
	if e.VisibleFrom, err = f.cal.at(t.head["published"]); err != nil {
		return e, err
	}
	if e.UpdatedAt, err = f.cal.at(t.head["updated"]); err != nil {
		return e, err
	}
	if told, ok, err := f.toldOf(t); err != nil {
		return e, err
	} else if ok {
		e.UpdatedAt, e.At, e.Why = told.At, told.At, string(told.Kind)
	}
	if t.head["state"] == string(article.Draft) {
		e.State, e.VisibleFrom = article.Draft, time.Time{}
	} else if err := f.date(t, &e); err != nil {
		return e, err
	}
	for _, s := range f.n.Series {
		if s.Key == t.head["series"] {
			e.Position = slices.Index(s.Parts, t.key) + 1
		}
	}
	f.shelve(t, &e)
	f.credit(t, &e)
	if m, ok := f.media[t.head["picture"]]; ok {
		c.Lead = &article.MediaRef{ID: m.ID, SHA256: m.SHA256, Caption: t.head["caption"], Credit: t.head["credit"], Alt: t.head["alt"]}
	}
	_, used := e.Body.Refs()
	for _, id := range used {
		for _, m := range f.media {
			if m.ID == id {
				x := m.Texts[t.lang]
				c.Media = append(c.Media, article.MediaRef{ID: id, SHA256: m.SHA256, Caption: x.Caption, Credit: x.Credit, Alt: x.Alt})
			}
		}
	}
	return e, nil
}

// date sets the day of the archive, by the publication's clock, and the
// dateline, by the clock of the place where the text was written.
func (f *filler) date(t text, e *article.Edit) error {
	y, m, d := e.VisibleFrom.In(f.cal.loc).Date()
	e.Day = y*10000 + int(m)*100 + d
	zone := f.n.Publication.Zone
	for _, p := range f.n.Places {
		if p.Key == t.head["dateline"] && p.Zone != "" {
			zone = p.Zone
		}
	}
	loc, err := lang.Zone(zone)
	if err != nil {
		return err
	}
	_, offset := e.VisibleFrom.In(loc).Zone()
	p := f.places[t.head["dateline"]]
	e.Content.Dateline = article.Dateline{At: e.VisibleFrom, Zone: zone, Offset: offset, PlaceID: p.ID, Place: p.Names[t.lang]}
	return nil
}

func (f *filler) shelve(t text, e *article.Edit) {
	add := func(kind topic.Kind, key string) {
		if x, ok := f.topics[string(kind)+"/"+key]; ok {
			e.Content.Topics = append(e.Content.Topics, article.TopicRef{ID: x.ID, Kind: string(kind), Name: x.Names[t.lang].Name, Above: f.above[x.ID]})
		}
	}
	for _, key := range list(t.head["sections"]) {
		add(topic.Section, key)
	}
	add(topic.Genre, t.head["genre"])
	add(topic.Column, t.head["column"])
	add(topic.Series, t.head["series"])
	for _, key := range list(t.head["tags"]) {
		add(topic.Tag, key)
	}
}

// credit prints the by-line: the first is the author, as are those whose part
// is words too.
func (f *filler) credit(t text, e *article.Edit) {
	for i, part := range strings.Split(t.head["byline"], ";") {
		key, role, _ := strings.Cut(strings.TrimSpace(part), ": ")
		who, ok := f.people[key]
		if !ok {
			continue
		}
		c := article.Credit{Entity: who.EntityID, Name: who.Names[t.lang], Role: "author"}
		switch {
		case role == "drawings":
			c.Role = "drawing"
		case i > 0 && role != "words" && role != "questions":
			c.Role = "with"
		}
		e.Content.Credits = append(e.Content.Credits, c)
	}
}

// talk adds what readers said under an article to list; parent is the place in
// list, from 1, of the comment they answer.
func (f *filler) talk(list []comment.Comment, said []reader, parent int, e article.Edit) ([]comment.Comment, error) {
	for _, r := range said {
		if r.Text == "" {
			continue // removed ones come with moderation
		}
		at, err := since(e.VisibleFrom, r.At)
		if err != nil {
			return list, err
		}
		if at.After(f.cal.now) {
			at = f.cal.now
		}
		kind := "imported"
		if r.Role == "author" || r.Role == "staff" {
			kind = "staff"
		}
		list = append(list, comment.Comment{ArticleID: e.ID, ParentIndex: parent, AuthorKind: kind, Name: r.By, Body: r.Text,
			State: "approved", At: at})
		if list, err = f.talk(list, r.Replies, len(list), e); err != nil {
			return list, err
		}
	}
	return list, nil
}

// pagePath is the path of a page in an edition.
func (f *filler) pagePath(key, lang string) string {
	for _, p := range f.n.Pages {
		if p.Key == key {
			return p.Slug[lang]
		}
	}
	return ""
}

func (f *filler) putNotices(ctx context.Context, tx *db.Tx) error {
	if m, ok := f.media[f.n.Publication.Logo]; ok {
		if err := f.Editions.Set(ctx, tx, "logo", "", strconv.FormatInt(m.ID, 10)); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(f.n.Settings)) {
		if err := f.Editions.Set(ctx, tx, key, "", f.n.Settings[key]); err != nil {
			return fmt.Errorf("setting %s: %w", key, err)
		}
	}
	for _, e := range f.site.Editions {
		n := f.n.Announcement
		from, err := since(f.cal.now, n.From)
		if err != nil {
			return err
		}
		to, err := since(f.cal.now, n.To)
		if err != nil {
			return err
		}
		text, _, _ := strings.Cut(n.Text[e.Lang], "<a ") // a notice leads to one place: all of it is the link
		a := edition.Announcement{EditionID: e.ID, Kind: "announcement", Text: richtext.InlineText(text), Begins: from, Ends: to}
		if _, key, ok := strings.Cut(n.Text[e.Lang], `href="page:`); ok {
			key, _, _ = strings.Cut(key, `"`)
			a.URL = e.Prefix + "/" + f.pagePath(key, e.Lang)
		}
		if _, err := f.Editions.PutAnnouncement(ctx, tx, a); err != nil {
			return err
		}
		var links []edition.FollowLink
		for _, l := range f.n.Follow {
			if strings.HasPrefix(l.URL[e.Lang], "https://") {
				links = append(links, edition.FollowLink{Kind: l.Kind, Name: l.Label[e.Lang], URL: l.URL[e.Lang]})
			}
		}
		if err := f.Editions.PutFollowLinks(ctx, tx, e.ID, links); err != nil {
			return err
		}
	}
	return nil
}
