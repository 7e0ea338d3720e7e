package article

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/job"
	"dateline/internal/rendition"
	"dateline/internal/richtext"
	"dateline/internal/tag"
)

// Store keeps stories, articles and revisions.
type Store struct {
	d         *db.DB
	addresses *address.Store
	told      []func(context.Context, *db.Tx, []Outcome) error
}

// New gives the store of d.
func New(d *db.DB, addresses *address.Store) *Store { return &Store{d: d, addresses: addresses} }

// Kinds of listing.
const (
	ListEdition = 0 // everything of an edition
	ListTopic   = 1 // a topic and those below it
	ListAuthor  = 2 // a contributor
	ListSticky  = 3 // held at the top by the editors
)

// teaserLetters is the length of a teaser: one rule for lists, feeds, cards and mail.
const teaserLetters = 220

// PathOf is an article's path: the day frozen at first publication, and the slug.
func PathOf(day int, slug string) string {
	return fmt.Sprintf("%04d/%02d/%02d/%s", day/10000, day/100%100, day%100, slug)
}

// known is what is stored of an article that is edited again.
type known struct {
	id, story, edition int64
	state              string
	head, live         int64
	number             int
	path, sha          string
	day                int
	from               int64
	published          int64 // 0: nobody has seen it yet
}

func scanKnown(s db.Scanner, k *known) error {
	return s.Scan(&k.id, &k.story, &k.edition, &k.state, &k.head, &k.live, &k.number, &k.path, &k.day, &k.from, &k.sha, &k.published)
}

const selectKnown = "SELECT a.id, a.story_id, a.edition_id, a.state, coalesce(a.head_revision_id, 0), coalesce(a.live_revision_id, 0)," +
	" a.revision, a.path, a.day, coalesce(a.visible_from, 0), coalesce(r.sha256, '')," +
	" coalesce((SELECT min(p.published_at) FROM revision p WHERE p.article_id = a.id), 0)" +
	" FROM article a LEFT JOIN revision r ON r.id = a.head_revision_id WHERE a.id IN ("

// batch is one call of Put on its way.
type batch struct {
	s     *Store
	tx    *db.Tx
	edits []Edit
	saved []Saved
	old   map[int64]known
	tail  []pending
}

// pending is what an edit writes besides its article.
type pending struct {
	snapshot, sha, before string
	number                int
	revision              int64 // 0: nothing new was said
	live                  int64
	teaser                string
	digest                *Digest
	genre, column, main   int64
}

// Put stores articles, new and changed, each with a revision, an address and
// its listings. An edit that says nothing new makes no revision. The edits are
// completed in place (Content.Body, Slug).
//
// An approved edit replaces what readers see; every other leaves a live
// revision alone unless it takes the article out of sight.
func (s *Store) Put(ctx context.Context, tx *db.Tx, edits []Edit) ([]Saved, error) {
	b := &batch{s: s, tx: tx, edits: edits, saved: make([]Saved, len(edits)), tail: make([]pending, len(edits))}
	for _, step := range []func(context.Context) error{b.load, b.number, b.claim, b.print, b.rows, b.seek, b.guids, b.edges, b.tell, b.listeners} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return b.saved, nil
}

// load reads what is already stored of the edited articles.
func (b *batch) load(ctx context.Context) error {
	var ids []int64
	for i, e := range b.edits {
		if !e.isNew() {
			ids = append(ids, e.ID)
		}
		if e.Content.Kind == Text && e.State == Approved && (e.Day == 0 || e.VisibleFrom.IsZero()) {
			return fault.Field("visible_from", "article %d of the batch is approved without a day or an instant", i)
		}
	}
	b.old = make(map[int64]known, len(ids))
	if len(ids) == 0 {
		return nil
	}
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, b.tx, scanKnown, selectKnown+in+")", args...)
	for _, k := range rows {
		b.old[k.id] = k
	}
	for _, id := range ids {
		if _, ok := b.old[id]; !ok && err == nil {
			err = fault.New(fault.NotFound, "there is no article %d", id)
		}
	}
	return err
}

// isNew reports whether the edit makes an article.
func (e *Edit) isNew() bool { return e.ID == 0 || e.Fresh }

// NewIDs reserves ids for articles that refer to each other before they are
// stored (Edit.Fresh).
func (s *Store) NewIDs(ctx context.Context, tx *db.Tx, n int) ([]int64, error) {
	return tx.IDs(ctx, "article", n)
}

// number gives ids to what is new.
func (b *batch) number(ctx context.Context) error {
	articles, stories := 0, 0
	for _, e := range b.edits {
		if e.ID == 0 {
			articles++
		}
		if e.isNew() && e.StoryID == 0 {
			stories++
		}
	}
	aids, err := b.tx.IDs(ctx, "article", articles)
	if err != nil {
		return err
	}
	sids, err := b.tx.IDs(ctx, "story", stories)
	if err != nil {
		return err
	}
	rows := b.tx.Bulk("story", "id, publication_id, original_id, created_at", "")
	for i := range b.edits {
		e, sv := &b.edits[i], &b.saved[i]
		if !e.isNew() {
			sv.ID, sv.StoryID = e.ID, b.old[e.ID].story
			continue
		}
		if sv.ID = e.ID; e.ID == 0 {
			sv.ID, aids = aids[0], aids[1:]
		}
		sv.StoryID = e.StoryID
		if e.StoryID == 0 {
			sv.StoryID, sids = sids[0], sids[1:]
			rows.Add(sv.StoryID, e.Publication, sv.ID, millis(e.Created))
		}
	}
	return rows.Flush(ctx)
}

// claim takes an address for what has one: pages, and articles with a day.
func (b *batch) claim(ctx context.Context) error {
	var claims []address.Claim
	var of []int
	now := b.s.d.Now().UnixMilli()
	for i := range b.edits {
		e := &b.edits[i]
		k := b.old[e.ID]
		if k.published != 0 && k.published <= now || e.Day == 0 {
			e.Day = k.day // frozen at first publication
		}
		path := e.Path
		if e.Content.Kind == Text {
			if e.Day == 0 {
				continue
			}
			path = PathOf(e.Day, e.Slug)
		}
		if path == "" {
			continue
		}
		claims = append(claims, address.Claim{Edition: e.Edition, Path: path, Fresh: e.isNew(),
			Target: address.Target{Kind: "article", ID: b.saved[i].ID}})
		of = append(of, i)
	}
	paths, err := b.s.addresses.Claim(ctx, b.tx, claims)
	if err != nil {
		return err
	}
	for j, i := range of {
		e, sv := &b.edits[i], &b.saved[i]
		sv.Path, sv.Renamed = paths[j], paths[j] != claims[j].Path
		e.Slug = paths[j][strings.LastIndexByte(paths[j], '/')+1:]
		sv.Slug = e.Slug
	}
	return nil
}

// print makes the revisions: canonical bytes, hash, chain.
func (b *batch) print(ctx context.Context) error {
	n := 0
	for i := range b.edits {
		e, p := &b.edits[i], &b.tail[i]
		if p.digest = e.Digest; p.digest == nil {
			p.digest = DigestOf(e.Body)
		}
		e.Content.Body = p.digest.stored
		bytes, err := canonical(&e.Content)
		if err != nil {
			return err
		}
		k := b.old[e.ID]
		p.snapshot, p.before, p.number = string(bytes), k.sha, k.number+1
		p.sha = chain(p.before, bytes)
		if k.head != 0 {
			same, err := b.same(ctx, k.head, p.snapshot)
			if err != nil {
				return err
			}
			if same {
				p.sha, p.number, p.live = k.sha, k.number, k.head
				continue
			}
		}
		p.revision = -1
		n++
	}
	ids, err := b.tx.IDs(ctx, "revision", n)
	if err != nil {
		return err
	}
	for i := range b.tail {
		p := &b.tail[i]
		if p.revision == -1 {
			p.revision, ids = ids[0], ids[1:]
			p.live = p.revision
		}
		b.saved[i].RevisionID, b.saved[i].Revision = p.live, p.number
		b.derive(i)
	}
	return nil
}

func (b *batch) same(ctx context.Context, revision int64, snapshot string) (bool, error) {
	had, err := db.Get(ctx, b.tx, db.One[string], "SELECT snapshot FROM revision WHERE id = $1", revision)
	return had == snapshot, err
}

// Says reports whether readers have what an approved edit of an article would print, and
// all that is decided beside it is decided so already.
func (s *Store) Says(ctx context.Context, q db.Querier, a Article, e Edit) (bool, error) {
	if a.LiveRevision == 0 || e.Slug != a.Slug || e.Sticky != a.Sticky || e.Position != a.Position || cmp.Or(e.Urgency, 5) != cmp.Or(a.Urgency, 5) ||
		cmp.Or(e.Comments, "open") != cmp.Or(a.Comments, "open") || cmp.Or(e.Access, "free") != cmp.Or(a.Access, "free") {
		return false, nil
	}
	e.Content.Body = DigestOf(e.Body).stored
	bytes, err := canonical(&e.Content)
	if err != nil {
		return false, err
	}
	had, err := db.Get(ctx, q, db.One[string], "SELECT snapshot FROM revision WHERE id = $1", a.LiveRevision)
	return had == string(bytes), err
}

// derive computes what lists need of the content.
func (b *batch) derive(i int) {
	e, p := &b.edits[i], &b.tail[i]
	p.teaser = teaserOf(&e.Content, p.digest)
	p.genre, p.column, p.main = e.Content.shelves()
}

func teaserOf(c *Content, d *Digest) string {
	return cmp.Or(richtext.Excerpt(c.Standfirst, teaserLetters), d.teaser)
}

// shelves are the genre, the column and the primary section of what is said; 0: none.
func (c *Content) shelves() (genre, column, section int64) {
	for _, t := range c.Topics {
		switch {
		case t.Kind == "genre" && genre == 0:
			genre = t.ID
		case t.Kind == "column" && column == 0:
			column = t.ID
		case t.Kind == "section" && section == 0:
			section = t.ID
		}
	}
	return genre, column, section
}

// Over is the row that an article would have were the edit stored.
func (e *Edit) Over(a Article) Article {
	c, d := &e.Content, DigestOf(e.Body)
	a.Path = e.Path
	if c.Kind == Text {
		a.Path = PathOf(e.Day, e.Slug)
	}
	a.Slug, a.Day, a.State, a.VisibleFrom, a.UpdatedAt = e.Slug, e.Day, e.State, e.VisibleFrom, e.UpdatedAt
	a.Kicker, a.Headline, a.ShortHeadline, a.Standfirst, a.Teaser = c.Kicker, c.Headline, c.ShortHeadline, c.Standfirst, teaserOf(c, d)
	a.SEOTitle, a.SEODescription, a.Hidden, a.Dateline = c.SEOTitle, c.SEODescription, c.Hidden, c.Dateline
	a.Words, a.Comments, a.Sticky = d.words, cmp.Or(e.Comments, "open"), e.Sticky
	a.GenreID, a.ColumnID, a.SectionID = c.shelves()
	if a.LeadID, a.LeadFocal = 0, 0; c.Lead != nil {
		a.LeadID, a.LeadFocal = c.Lead.ID, c.Lead.Focal
	}
	return a
}

var columns = strings.Fields(`id publication_id story_id created_at
	edition_id kind access state visible_from day slug path parent_id position live_revision_id head_revision_id revision
	kicker headline standfirst teaser seo_title seo_description hidden genre_id column_id section_id lead_media_id words
	dateline_at dateline_zone dateline_offset dateline_place_id dateline_place sticky urgency comments updated_at note changed_at short_headline lead_focal`)

// fixed columns come first in columns and never change.
const fixed = 4

var updateArticle = func() string {
	var set []string
	for i, c := range columns[fixed:] {
		set = append(set, fmt.Sprintf("%s = $%d", c, i+2))
	}
	return "UPDATE article SET " + strings.Join(set, ", ") + " WHERE id = $1"
}()

// rows writes revisions and articles.
func (b *batch) rows(ctx context.Context) error {
	revs := b.tx.Bulk("revision", "id, article_id, number, snapshot, sha256, prev_sha256, created_at, actor, why, published_at", "")
	arts := b.tx.Bulk("article", strings.Join(columns, ", "), "")
	now := b.s.d.Now()
	for i := range b.edits {
		e, p := &b.edits[i], &b.tail[i]
		if !e.isNew() {
			if err := b.appear(ctx, i, now.UnixMilli()); err != nil {
				return err
			}
		}
		if p.revision != 0 {
			var published any
			if e.State == Approved {
				published = millis(e.VisibleFrom)
			}
			at := e.At
			if at.IsZero() {
				at = now
			}
			revs.Add(p.revision, b.saved[i].ID, p.number, p.snapshot, p.sha, p.before, at.UnixMilli(), e.Actor, e.Why, published)
		}
		row := b.row(i, now.UnixMilli())
		if e.isNew() {
			arts.Add(row...)
			continue
		}
		if _, err := b.tx.Exec(ctx, updateArticle, append(row[:1], row[fixed:]...)...); err != nil {
			return err
		}
	}
	if err := arts.Flush(ctx); err != nil {
		return err
	}
	return revs.Flush(ctx)
}

// appear keeps what revisions say of when they were first live. What was only
// scheduled to be never was, once it is decided anew; a revision that nobody saw
// becomes one that is seen when the same text is approved.
func (b *batch) appear(ctx context.Context, i int, now int64) error {
	e, p, id := &b.edits[i], &b.tail[i], b.saved[i].ID
	if b.old[e.ID].from > now {
		if err := neverLive(ctx, b.tx, id, now); err != nil {
			return err
		}
	}
	if e.State != Approved || p.revision != 0 {
		return nil
	}
	_, err := b.tx.Exec(ctx, "UPDATE revision SET published_at = $1 WHERE id = $2 AND published_at IS NULL", millis(e.VisibleFrom), p.live)
	return err
}

// neverLive forgets the instants at which an article's revisions were to be live.
func neverLive(ctx context.Context, tx *db.Tx, id, now int64) error {
	_, err := tx.Exec(ctx, "UPDATE revision SET published_at = NULL WHERE article_id = $1 AND published_at > $2", id, now)
	return err
}

func (b *batch) row(i int, now int64) []any {
	e, p, sv := &b.edits[i], &b.tail[i], &b.saved[i]
	c := &e.Content
	k := b.old[e.ID]
	live := orNull(k.live)
	if e.State == Approved {
		live = p.live
	}
	var lead int64
	var focal rendition.Focal
	if c.Lead != nil {
		lead, focal = c.Lead.ID, c.Lead.Focal
	}
	if e.Access == "" {
		e.Access = "free"
	}
	if e.Comments == "" {
		e.Comments = "open"
	}
	if e.Urgency == 0 {
		e.Urgency = 5
	}
	created := millis(e.Created)
	if created == 0 {
		created = now
	}
	return []any{sv.ID, e.Publication, sv.StoryID, created,
		e.Edition, string(c.Kind), e.Access, string(e.State), orNull(millis(e.VisibleFrom)), e.Day, e.Slug, sv.Path,
		orNull(e.ParentID), e.Position, live, p.live, p.number,
		c.Kicker, c.Headline, c.Standfirst, p.teaser, c.SEOTitle, c.SEODescription, c.Hidden,
		orNull(p.genre), orNull(p.column), orNull(p.main), orNull(lead), p.digest.words,
		orNull(c.Dateline.Millis), c.Dateline.Zone, c.Dateline.Offset, orNull(c.Dateline.PlaceID), c.Dateline.Place,
		e.Sticky, e.Urgency, e.Comments, orNull(millis(e.UpdatedAt)), c.Note, now, c.ShortHeadline, int64(focal)}
}

func orNull(v int64) any {
	if v == 0 {
		return nil
	}
	return v
}

// edges writes by-lines, shelves, media and listings; those of an article
// edited again are written anew.
func (b *batch) edges(ctx context.Context) error {
	for i, e := range b.edits {
		if e.isNew() {
			continue
		}
		k := b.old[e.ID]
		if k.state == string(Approved) { // the lists that it leaves change too
			lists, err := db.List(ctx, b.tx, scanListing, "SELECT kind, ref_id FROM listing WHERE article_id = $1", e.ID)
			if err != nil {
				return err
			}
			b.tx.Changed(b.s.tags(k.edition, k.day, k.from, lists)...)
		}
		for _, table := range []string{"byline", "article_topic", "article_media", "listing"} {
			if _, err := b.tx.Exec(ctx, "DELETE FROM "+table+" WHERE article_id = $1", e.ID); err != nil {
				return err
			}
		}
		if _, err := b.tx.Exec(ctx, "DELETE FROM listing_day WHERE edition_id = $1 AND day = $2 AND visible_from = $3 AND article_id = $4",
			k.edition, k.day, k.from, b.saved[i].ID); err != nil {
			return err
		}
	}
	if err := b.openMonths(ctx); err != nil {
		return err
	}
	bylines := b.tx.Bulk("byline", "article_id, position, entity_id, role, printed", "")
	topics := b.tx.Bulk("article_topic", "article_id, topic_id, position", "ON CONFLICT DO NOTHING")
	media := b.tx.Bulk("article_media", "article_id, media_id", "ON CONFLICT DO NOTHING")
	lists := b.tx.Bulk("listing", "edition_id, kind, ref_id, visible_from, article_id", "ON CONFLICT DO NOTHING")
	days := b.tx.Bulk("listing_day", "edition_id, day, visible_from, article_id", "")
	for i := range b.edits {
		e, id := &b.edits[i], b.saved[i].ID
		for n, c := range e.Content.Credits {
			bylines.Add(id, n, c.Entity, c.Role, c.Name)
		}
		for n, t := range e.Content.Topics {
			topics.Add(id, t.ID, n)
		}
		for _, m := range e.Content.Media {
			media.Add(id, m.ID)
		}
		if e.Content.Lead != nil {
			media.Add(id, e.Content.Lead.ID)
		}
		if e.State != Approved || e.Content.Kind != Text {
			continue
		}
		from := millis(e.VisibleFrom)
		for _, l := range listed(e) {
			lists.Add(e.Edition, l[0], l[1], from, id)
		}
		days.Add(e.Edition, e.Day, from, id)
	}
	for _, bulk := range []*db.Bulk{bylines, topics, media, lists, days} {
		if err := bulk.Flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func scanListing(s db.Scanner, l *[2]int64) error { return s.Scan(&l[0], &l[1]) }

// listed are the lists an article stands in, as kind and reference.
func listed(e *Edit) [][2]int64 {
	out := [][2]int64{{ListEdition, 0}}
	add := func(kind, ref int64) {
		if l := [2]int64{kind, ref}; !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	if e.Sticky {
		add(ListSticky, 0)
	}
	for _, t := range e.Content.Topics {
		add(ListTopic, t.ID)
		for _, above := range t.Above {
			add(ListTopic, above)
		}
	}
	for _, c := range e.Content.Credits {
		if c.Entity != 0 {
			add(ListAuthor, c.Entity)
		}
	}
	return out
}

// tell names what changed, and puts an appearance that is news into the outbox.
func (b *batch) tell(ctx context.Context) error {
	for i := range b.edits {
		e, sv := &b.edits[i], &b.saved[i]
		k := b.old[e.ID]
		now, hard := b.s.d.Now().UnixMilli(), ""
		if k.state == string(Approved) && k.from <= now && (e.State != Approved || millis(e.VisibleFrom) > now) {
			hard = "!" // out of sight: not even a stale copy may show it
		}
		b.tx.Changed(fmt.Sprintf("%sarticle:%d", hard, sv.ID), fmt.Sprintf("%sstory:%d", hard, sv.StoryID))
		switch {
		case e.State != Approved && k.state != string(Approved):
		case e.Content.Kind == Page:
			b.tx.Changed(fmt.Sprintf("pages:%d", e.Edition))
		default:
			b.tx.Changed(b.s.tags(e.Edition, e.Day, millis(e.VisibleFrom), listed(e))...)
		}
		if e.Announce && e.State == Approved {
			err := job.PutOutbox(ctx, b.tx, job.Event{Kind: "article.published", Ref: sv.ID, NotBefore: e.VisibleFrom,
				Payload: map[string]int64{"revision": sv.RevisionID, "edition": e.Edition}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// tags are what a change of an article changes besides itself: the lists it is
// in where it stands in them, and the calendar of its month.
func (s *Store) tags(edition int64, day int, from int64, lists [][2]int64) []string {
	out := []string{fmt.Sprintf("front:%d", edition), fmt.Sprintf("list:%d", edition),
		fmt.Sprintf("month:%d:%d", edition, day/100), fmt.Sprintf("day:%d:%d", edition, day)}
	for _, l := range lists {
		switch l[0] {
		case ListTopic:
			out = append(out, tag.Join(fmt.Sprintf("topic-list:%d", l[1]), tag.At(from)))
		case ListAuthor:
			out = append(out, tag.Join(fmt.Sprintf("author-list:%d", l[1]), tag.At(from)))
		}
	}
	return out
}

// monthOpens reports whether the month of a day has no article yet: then the
// links to the next and previous month change on other months' pages too.
func (b *batch) monthOpens(ctx context.Context, edition int64, day int) (bool, error) {
	n, err := db.Get(ctx, b.tx, db.One[int],
		"SELECT count(*) FROM (SELECT 1 FROM listing_day WHERE edition_id = $1 AND day >= $2 AND day <= $3 LIMIT 1) AS one",
		edition, day/100*100, day/100*100+31)
	return n == 0, err
}

// openMonths names the archive as changed where a batch begins (or, by moving
// an article away, may have ended) a month. It runs between the deletion of
// old listings and the writing of new ones.
func (b *batch) openMonths(ctx context.Context) error {
	asked := map[[2]int64]bool{}
	for _, e := range b.edits {
		k, days := b.old[e.ID], []int{e.Day}
		if k.day != 0 {
			days = append(days, k.day)
		}
		for _, day := range days {
			month := [2]int64{e.Edition, int64(day / 100)}
			if day == 0 || e.Content.Kind != Text || asked[month] {
				continue
			}
			asked[month] = true
			opens, err := b.monthOpens(ctx, e.Edition, day)
			if err != nil {
				return err
			}
			if opens {
				b.tx.Changed(fmt.Sprintf("archive:%d", e.Edition))
			}
		}
	}
	return nil
}
