package article

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// article columns as read; a. stands for article or article_public.
const readColumns = "a.id, a.publication_id, a.story_id, a.edition_id, a.kind, a.access, a.comments, a.state, a.visible_from," +
	" a.day, a.slug, a.path, a.parent_id, a.live_revision_id, a.head_revision_id, a.revision," +
	" a.kicker, a.headline, a.standfirst, a.teaser, a.seo_title, a.seo_description, a.hidden," +
	" a.genre_id, a.column_id, a.section_id, a.lead_media_id, a.words, a.dateline_at, a.dateline_zone, a.dateline_offset," +
	" a.dateline_place_id, a.dateline_place, a.sticky, a.updated_at, a.withdrawn_at, a.withdrawn_reason, a.changed_at," +
	" a.short_headline, a.urgency, a.position, a.lead_focal"

func scanArticle(s db.Scanner, a *Article) error {
	var from, at, updated, withdrawn, changed sql.NullInt64
	var parent, live, head, genre, column, section, lead, place sql.NullInt64
	err := s.Scan(&a.ID, &a.Publication, &a.StoryID, &a.Edition, &a.Kind, &a.Access, &a.Comments, &a.State, &from,
		&a.Day, &a.Slug, &a.Path, &parent, &live, &head, &a.Revision,
		&a.Kicker, &a.Headline, &a.Standfirst, &a.Teaser, &a.SEOTitle, &a.SEODescription, &a.Hidden,
		&genre, &column, &section, &lead, &a.Words, &at, &a.Dateline.Zone, &a.Dateline.Offset,
		&place, &a.Dateline.Place, &a.Sticky, &updated, &withdrawn, &a.WithdrawnReason, &changed,
		&a.ShortHeadline, &a.Urgency, &a.Position, &a.LeadFocal)
	a.VisibleFrom, a.UpdatedAt, a.WithdrawnAt = instant(from.Int64), instant(updated.Int64), instant(withdrawn.Int64)
	a.ChangedAt, a.Dateline.At, a.Dateline.Millis = instant(changed.Int64), instant(at.Int64), at.Int64
	a.ParentID, a.LiveRevision, a.HeadRevision = parent.Int64, live.Int64, head.Int64
	a.GenreID, a.ColumnID, a.SectionID, a.LeadID = genre.Int64, column.Int64, section.Int64, lead.Int64
	a.Dateline.PlaceID = place.Int64
	return err
}

// Get reads an article in whatever state; for the desk, imports and the demo.
func (s *Store) Get(ctx context.Context, q db.Querier, id int64) (Article, error) {
	return db.Get(ctx, q, scanArticle, "SELECT "+readColumns+" FROM article a WHERE a.id = $1", id)
}

// Public reads an article as everybody may see it at now: fault NotFound when
// they may not, Gone (with the article) when it was withdrawn after it had
// been published.
func (s *Store) Public(ctx context.Context, id int64, now time.Time) (Article, error) {
	a, err := s.Get(ctx, s.d, id)
	if err != nil {
		return a, err
	}
	if a.State == Withdrawn && !a.VisibleFrom.IsZero() && !a.WithdrawnAt.Before(a.VisibleFrom) {
		return a, fault.New(fault.Gone, "article %d was withdrawn", id)
	}
	if !a.Visibility().Public(now) {
		return Article{}, fault.New(fault.NotFound, "article %d is not public", id)
	}
	return a, nil
}

// perQuery is how many ids one statement asks for: an article may hold
// thousands of links, and an engine takes only so many parameters.
const perQuery = 512

// PublicByIDs reads those of the articles that everybody may see at now, in
// the order asked for.
func (s *Store) PublicByIDs(ctx context.Context, ids []int64, now time.Time) ([]Article, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	byID := make(map[int64]Article, len(ids))
	for part := range slices.Chunk(ids, perQuery) {
		in, args := db.In([]any{now.UnixMilli()}, part)
		rows, err := db.List(ctx, s.d, scanArticle,
			"SELECT "+readColumns+" FROM article_public a WHERE a.visible_from <= $1 AND a.id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			byID[a.ID] = a
		}
	}
	out := make([]Article, 0, len(byID))
	for _, id := range ids {
		if a, ok := byID[id]; ok {
			out = append(out, a)
			delete(byID, id) // once, even if asked for twice
		}
	}
	return out, nil
}

// ListQuery asks for a page of a list.
type ListQuery struct {
	Edition int64
	Kind    int   // ListEdition, ListTopic …
	Ref     int64 // the topic or contributor
	Now     time.Time
	Skip    int
	Limit   int
	Oldest  bool // the oldest first, as a series is read
}

// List reads a list, newest first unless it says otherwise, and whether there
// is more of it. The cost does not depend on how much was ever published.
func (s *Store) List(ctx context.Context, l ListQuery) ([]Article, bool, error) {
	order := " ORDER BY visible_from DESC, article_id DESC LIMIT $5 OFFSET $6"
	if l.Oldest {
		order = " ORDER BY visible_from, article_id LIMIT $5 OFFSET $6"
	}
	ids, err := db.List(ctx, s.d, db.One[int64],
		"SELECT article_id FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $3 AND visible_from <= $4"+order,
		l.Edition, l.Kind, l.Ref, l.Now.UnixMilli(), l.Limit+1, l.Skip)
	if err != nil {
		return nil, false, err
	}
	more := len(ids) > l.Limit
	if more {
		ids = ids[:l.Limit]
	}
	out, err := s.PublicByIDs(ctx, ids, l.Now)
	return out, more, err
}

// NextChange is the first instant after now at which the clock alone makes
// something of an edition's list visible; zero when nothing is scheduled.
func (s *Store) NextChange(ctx context.Context, edition int64, kind int, ref int64, now time.Time) (time.Time, error) {
	ms, err := db.Get(ctx, s.d, db.One[sql.NullInt64],
		"SELECT min(visible_from) FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $3 AND visible_from > $4",
		edition, kind, ref, now.UnixMilli())
	return instant(ms.Int64), err
}

// NextOfStory is the first instant after now at which the clock makes another
// edition's article of a story visible, or this one.
func (s *Store) NextOfStory(ctx context.Context, story int64, now time.Time) (time.Time, error) {
	ms, err := db.Get(ctx, s.d, db.One[sql.NullInt64],
		"SELECT min(visible_from) FROM article_public WHERE story_id = $1 AND visible_from > $2", story, now.UnixMilli())
	return instant(ms.Int64), err
}

// NextOf is the first instant after now at which the clock makes one of the
// articles visible; zero when none is scheduled.
func (s *Store) NextOf(ctx context.Context, ids []int64, now time.Time) (time.Time, error) {
	var first int64
	for part := range slices.Chunk(ids, perQuery) {
		in, args := db.In([]any{now.UnixMilli()}, part)
		ms, err := db.Get(ctx, s.d, db.One[sql.NullInt64],
			"SELECT min(visible_from) FROM article_public WHERE visible_from > $1 AND id IN ("+in+")", args...)
		if err != nil {
			return time.Time{}, err
		}
		if ms.Valid && (first == 0 || ms.Int64 < first) {
			first = ms.Int64
		}
	}
	return instant(first), nil
}

// NextPage is the first instant after now at which the clock makes a static
// page of an edition visible; zero when none is scheduled.
func (s *Store) NextPage(ctx context.Context, edition int64, now time.Time) (time.Time, error) {
	ms, err := db.Get(ctx, s.d, db.One[sql.NullInt64],
		"SELECT min(visible_from) FROM article_public WHERE edition_id = $1 AND kind = 'page' AND visible_from > $2", edition, now.UnixMilli())
	return instant(ms.Int64), err
}

// Translations reads the public articles of a story, every edition's.
func (s *Store) Translations(ctx context.Context, story int64, now time.Time) ([]Article, error) {
	return db.List(ctx, s.d, scanArticle,
		"SELECT "+readColumns+" FROM article_public a WHERE a.story_id = $1 AND a.visible_from <= $2 ORDER BY a.edition_id, a.id",
		story, now.UnixMilli())
}

// Pages reads the public static pages of an edition in their order: those
// below parent, the roots for 0.
func (s *Store) Pages(ctx context.Context, edition, parent int64, now time.Time) ([]Article, error) {
	const of = " FROM article_public a WHERE a.edition_id = $1 AND a.kind = 'page' AND a.visible_from <= $2"
	if parent == 0 {
		return db.List(ctx, s.d, scanArticle, "SELECT "+readColumns+of+" AND a.parent_id IS NULL ORDER BY a.position, a.id LIMIT 50",
			edition, now.UnixMilli())
	}
	return db.List(ctx, s.d, scanArticle, "SELECT "+readColumns+of+" AND a.parent_id = $3 ORDER BY a.position, a.id LIMIT 50",
		edition, now.UnixMilli(), parent)
}

func scanRevision(s db.Scanner, r *Revision) error {
	var snapshot string
	var at int64
	var published sql.NullInt64
	if err := s.Scan(&r.ID, &r.ArticleID, &r.Number, &snapshot, &r.SHA256, &r.Before, &at, &r.Actor, &r.Why, &published); err != nil {
		return err
	}
	r.At, r.Published = instant(at), instant(published.Int64)
	var err error
	r.Content, err = parseContent(snapshot)
	return err
}

const revisionColumns = "id, article_id, number, snapshot, sha256, prev_sha256, created_at, actor, why, published_at"

// Live reads what an article says to an audience, and its body. An audience
// that may not read the body gets the content without it (fault Forbidden).
func (s *Store) Live(ctx context.Context, a Article, who Audience) (Content, richtext.Doc, error) {
	return s.ReadLive(ctx, s.d, a, who)
}

// ReadLive is Live within a transaction.
func (s *Store) ReadLive(ctx context.Context, q db.Querier, a Article, who Audience) (Content, richtext.Doc, error) {
	r, err := revisionByID(ctx, q, a.LiveRevision)
	if err != nil {
		return Content{}, richtext.Doc{}, err
	}
	if !who.May(a.Access) {
		r.Content.Body = ""
		return r.Content, richtext.Doc{}, fault.New(fault.Forbidden, "article %d is for %s readers", a.ID, a.Access)
	}
	doc, err := richtext.Parse(r.Content.Body)
	if err != nil {
		return r.Content, doc, fault.New(fault.Internal, "the body of article %d: %w", a.ID, err)
	}
	return r.Content, doc, nil
}

func revisionByID(ctx context.Context, q db.Querier, id int64) (Revision, error) {
	return db.Get(ctx, q, scanRevision, "SELECT "+revisionColumns+" FROM revision WHERE id = $1", id)
}

func revisionOf(ctx context.Context, q db.Querier, article int64, number int) (Revision, error) {
	return db.Get(ctx, q, scanRevision, "SELECT "+revisionColumns+" FROM revision WHERE article_id = $1 AND number = $2", article, number)
}

// RevisionOf reads one revision of an article by its number.
func (s *Store) RevisionOf(ctx context.Context, article int64, number int) (Revision, error) {
	return revisionOf(ctx, s.d, article, number)
}

// ReadRevision is RevisionOf within a transaction.
func (s *Store) ReadRevision(ctx context.Context, q db.Querier, article int64, number int) (Revision, error) {
	return revisionOf(ctx, q, article, number)
}

// Revisions reads every revision of an article, oldest first.
func (s *Store) Revisions(ctx context.Context, article int64) ([]Revision, error) {
	return db.List(ctx, s.d, scanRevision, "SELECT "+revisionColumns+" FROM revision WHERE article_id = $1 ORDER BY number", article)
}

// Credits reads the by-lines of articles, in their order.
func (s *Store) Credits(ctx context.Context, ids []int64) (map[int64][]Credit, error) {
	type line struct {
		article int64
		c       Credit
	}
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, s.d, func(sc db.Scanner, l *line) error {
		return sc.Scan(&l.article, &l.c.Entity, &l.c.Role, &l.c.Name)
	}, "SELECT article_id, entity_id, role, printed FROM byline WHERE article_id IN ("+in+") ORDER BY article_id, position", args...)
	out := make(map[int64][]Credit, len(ids))
	for _, l := range rows {
		out[l.article] = append(out[l.article], l.c)
	}
	return out, err
}

// TopicIDs reads the shelves of articles, in their order.
func (s *Store) TopicIDs(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, s.d, func(sc db.Scanner, p *[2]int64) error { return sc.Scan(&p[0], &p[1]) },
		"SELECT article_id, topic_id FROM article_topic WHERE article_id IN ("+in+") ORDER BY article_id, position", args...)
	out := make(map[int64][]int64, len(ids))
	for _, p := range rows {
		out[p[0]] = append(out[p[0]], p[1])
	}
	return out, err
}

// Withdraw kills a published article with a reason: its address answers 410
// and its text is no longer served by anything.
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	return s.WithdrawAt(ctx, tx, id, s.d.Now(), reason)
}

// WithdrawAt is Withdraw for an archive that tells when it happened: at is the
// day that readers are told.
func (s *Store) WithdrawAt(ctx context.Context, tx *db.Tx, id int64, at time.Time, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Field("reason", "an article is not withdrawn without a reason")
	}
	a, err := s.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.State != Approved {
		return fault.New(fault.Conflict, "article %d is not approved but %s", id, a.State)
	}
	if _, err := tx.Exec(ctx, "UPDATE article SET state = $1, withdrawn_at = $2, withdrawn_reason = $3, changed_at = $4 WHERE id = $5",
		string(Withdrawn), millis(at), reason, s.d.Now().UnixMilli(), id); err != nil {
		return err
	}
	if err := s.unlist(ctx, tx, a, at); err != nil {
		return err
	}
	return s.tellListeners(ctx, tx, []Outcome{{ID: id, Edition: a.Edition, Kind: a.Kind}})
}

// unlist takes an approved article out of every list at an instant; what shows it
// changes.
func (s *Store) unlist(ctx context.Context, tx *db.Tx, a Article, at time.Time) error {
	if at.Before(a.VisibleFrom) { // before anybody saw it
		if err := neverLive(ctx, tx, a.ID, millis(at)); err != nil {
			return err
		}
	}
	lists, err := db.List(ctx, tx, scanListing,
		"SELECT kind, ref_id FROM listing WHERE article_id = $1", a.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM listing WHERE article_id = $1", a.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM listing_day WHERE edition_id = $1 AND day = $2 AND visible_from = $3 AND article_id = $4",
		a.Edition, a.Day, millis(a.VisibleFrom), a.ID); err != nil {
		return err
	}
	// The month may have lost its last article: pages that link to it change.
	tx.Changed("archive:" + itoa(a.Edition))
	tx.Changed("!article:"+itoa(a.ID), "!story:"+itoa(a.StoryID))
	tx.Changed(s.tags(a.Edition, a.Day, millis(a.VisibleFrom), lists)...)
	if a.Kind == Page {
		tx.Changed("pages:" + itoa(a.Edition))
	}
	return nil
}

// SetParents ties pages to the pages above them.
func (s *Store) SetParents(ctx context.Context, tx *db.Tx, parents map[int64]int64) error {
	for child, parent := range parents {
		n, err := tx.Exec(ctx, "UPDATE article SET parent_id = $1 WHERE id = $2 AND kind = 'page' AND coalesce(parent_id, 0) <> $1", parent, child)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		edition, err := db.Get(ctx, tx, db.One[int64], "SELECT edition_id FROM article WHERE id = $1", child)
		if err != nil {
			return err
		}
		// Every page of the edition names the pages that stand below none.
		tx.Changed("article:"+itoa(child), "article:"+itoa(parent), "pages:"+itoa(edition))
	}
	return nil
}
