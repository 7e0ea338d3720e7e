package editor

import (
	"context"
	"slices"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/richtext"
	"dateline/internal/slug"
	"dateline/internal/topic"
)

// print makes of a manuscript what a revision says: ids become names, captions and
// hashes as they are now. at is when readers see it.
func (e *Editor) print(ctx context.Context, q db.Querier, t thing, m article.Manuscript, at time.Time) (article.Edit, error) {
	langs := t.site.Langs()
	edit := article.Edit{ID: t.ID, StoryID: t.StoryID, Publication: t.Publication, Edition: t.Edition, State: article.Approved,
		VisibleFrom: at, UpdatedAt: t.UpdatedAt, Slug: m.Slug, ParentID: t.ParentID, Position: m.Part, Access: m.Access, Comments: m.Comments,
		Sticky: m.Sticky, Urgency: m.Urgency}
	body, err := richtext.Parse(m.Body)
	if err != nil {
		return edit, fault.New(fault.Internal, "the body of article %d: %w", t.ID, err)
	}
	edit.Body = body
	c := &edit.Content
	c.Lang, c.Kind = t.ed.Lang, t.Kind
	c.Kicker, c.Headline, c.ShortHeadline, c.Standfirst = one(m.Kicker), one(m.Headline), one(m.ShortHeadline), strings.TrimSpace(m.Standfirst)
	c.SEOTitle, c.SEODescription, c.SocialTitle, c.SocialDescription = one(m.SEOTitle), one(m.SEODescription), one(m.SocialTitle), one(m.SocialDescription)
	c.Hidden = m.Hidden
	if c.Credits, err = e.credits(ctx, q, t, m.Credits); err != nil {
		return edit, err
	}
	if c.Topics, err = e.topics(ctx, q, t, m); err != nil {
		return edit, err
	}
	_, used := body.Refs()
	ids := slices.Clone(used)
	if m.Lead.ID != 0 {
		ids = append(ids, m.Lead.ID)
	}
	list, err := e.Media.ByIDs(ctx, ids)
	if err != nil {
		return edit, err
	}
	for _, id := range used {
		if x, ok := list[id]; ok {
			text := x.Text(t.ed.Lang, langs...)
			c.Media = append(c.Media, article.MediaRef{ID: id, SHA256: x.SHA256, Caption: text.Caption, Credit: text.Credit, Alt: text.Alt})
		}
	}
	if x, ok := list[m.Lead.ID]; ok {
		c.Lead = &article.MediaRef{ID: x.ID, SHA256: x.SHA256, Caption: m.Lead.Caption, Credit: m.Lead.Credit, Alt: m.Lead.Alt, Focal: m.Lead.Focal}
	}
	zoneName := m.Zone
	if zoneName == "" {
		zoneName = t.site.Publication.Zone
	}
	zone, err := lang.Zone(zoneName)
	if err != nil {
		return edit, fault.Field("zone", "the dateline's zone %q: %w", zoneName, err)
	}
	wrote := at
	if t.Visibility().Public(e.Now()) { // a dateline stays that of the first publication
		wrote = t.Dateline.At
	}
	_, offset := wrote.In(zone).Zone()
	c.Dateline = article.Dateline{At: wrote, Zone: zoneName, Offset: offset}
	if m.Place != 0 {
		places, err := entity.Read(ctx, q, []int64{m.Place})
		if err != nil {
			return edit, err
		}
		if p, ok := places[m.Place]; ok {
			c.Dateline.PlaceID, c.Dateline.Place = p.ID, p.Name(t.ed.Lang, langs...)
		}
	}
	home, err := lang.Zone(t.site.Publication.Zone)
	if err != nil {
		return edit, err
	}
	if t.Kind == article.Text {
		y, mo, d := at.In(home).Date()
		edit.Day = y*10000 + int(mo)*100 + d
	}
	if edit.Slug == "" {
		edit.Slug = slug.Make(t.ed.Lang, c.Headline)
	}
	if edit.Slug == "" {
		edit.Slug = string(t.Kind) + "-" + itoa(t.ID)
	}
	if t.Kind == article.Page {
		return edit, e.addressOf(ctx, q, t, &edit)
	}
	return edit, nil
}

// unchanged reports whether readers would see of a text what they see already.
func (e *Editor) unchanged(ctx context.Context, q db.Querier, t thing, m article.Manuscript) (bool, error) {
	edit, err := e.print(ctx, q, t, m, t.VisibleFrom)
	if err != nil {
		return false, err
	}
	return e.Articles.Says(ctx, q, t.Article, edit)
}

// changed reports whether there is anything to publish of a text that readers have. What
// cannot be printed yet is told when somebody wants to publish it.
func (e *Editor) changed(r *desk.Request, t thing, m article.Manuscript) (bool, error) {
	same, err := e.unchanged(r.Context(), e.DB, t, m)
	if _, ok := r.L.Say(err); err != nil && ok {
		return true, nil
	}
	return !same, err
}

// one is a text on one line, without white space around it.
func one(s string) string { return strings.Join(strings.Fields(s), " ") }

func (e *Editor) credits(ctx context.Context, q db.Querier, t thing, list []article.Credit) ([]article.Credit, error) {
	var ids []int64
	for _, c := range list {
		ids = append(ids, c.Entity)
	}
	people, err := entity.Read(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []article.Credit
	for _, c := range list {
		p, ok := people[c.Entity]
		if !ok || slices.ContainsFunc(out, func(o article.Credit) bool { return o.Entity == p.ID && o.Role == c.Role }) {
			continue
		}
		out = append(out, article.Credit{Entity: p.ID, Role: c.Role, Name: p.Name(t.ed.Lang, t.site.Langs()...)})
	}
	return out, nil
}

// topics are the shelves of a manuscript, printed, in their order.
func (e *Editor) topics(ctx context.Context, q db.Querier, t thing, m article.Manuscript) ([]article.TopicRef, error) {
	tree, err := e.Topics.Tree(ctx, t.Publication)
	if err != nil {
		return nil, err
	}
	ids := slices.Concat(m.Sections, []int64{m.Genre, m.Column, m.Series}, m.Tags)
	ids = slices.DeleteFunc(ids, func(id int64) bool { return id == 0 })
	known, err := e.Topics.Read(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []article.TopicRef
	add := func(kind topic.Kind, id int64) {
		x, ok := known[id]
		if !ok || x.Kind != kind || slices.ContainsFunc(out, func(o article.TopicRef) bool { return o.ID == x.ID }) {
			return
		}
		out = append(out, article.TopicRef{ID: x.ID, Kind: string(kind), Name: x.Name(t.ed.Lang, t.site.Langs()...).Name, Above: tree.Ancestors(x.ID)})
	}
	for _, id := range m.Sections {
		add(topic.Section, id)
	}
	add(topic.Genre, m.Genre)
	add(topic.Column, m.Column)
	add(topic.Series, m.Series)
	for _, id := range m.Tags {
		add(topic.Tag, id)
	}
	return out, nil
}
