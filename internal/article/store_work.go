package article

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// The versions before a working copy's are kept as long as a browser may have been
// away that saves a text it made on one of them; of those that are not of this hour,
// one in so many.
const (
	keepVersions = 7 * 24 * time.Hour
	keepAll      = time.Hour
	keepOneIn    = 20
)

// Copy is a text at work, apart from what readers see.
type Copy struct {
	Article int64
	Base    int64 // the revision that it was made of; 0: none yet
	// Version is what every save names that is made on it. One that is not stored, and is
	// what the newest revision says, has that one's number, below zero.
	Version  int
	State    State // draft, in_review, ready; approved: it takes the live one's place when it is Due
	Text     Manuscript
	Writers  []int64   // accounts that changed it
	By       int64     // who did last
	Reviewer int64     // who found it ready; 0: nobody
	Due      time.Time // when it takes the place of what readers see; zero: not decided
	At       time.Time // of the last change
}

// Stored reports whether somebody has changed anything since the last revision.
func (c Copy) Stored() bool { return c.Version > 0 }

// Start is what Begin makes an article of.
type Start struct {
	Publication, Edition int64
	Story                int64 // 0: a new one
	Kind                 Kind
	Text                 Manuscript
	Staff                int64 // whose it is
}

// Begin makes an article that nobody but the desk knows: without revision or
// address, with a working copy.
func (s *Store) Begin(ctx context.Context, tx *db.Tx, b Start) (int64, error) {
	if err := b.Text.check(); err != nil {
		return 0, err
	}
	ids, err := tx.IDs(ctx, "article", 1)
	if err != nil {
		return 0, err
	}
	id, now := ids[0], s.d.Now().UnixMilli()
	if b.Story == 0 {
		stories, err := tx.IDs(ctx, "story", 1)
		if err != nil {
			return 0, err
		}
		b.Story = stories[0]
		if _, err := tx.Exec(ctx, "INSERT INTO story (id, publication_id, original_id, created_at) VALUES ($1, $2, $3, $4)",
			b.Story, b.Publication, id, now); err != nil {
			return 0, err
		}
	}
	if _, err := tx.Exec(ctx, "INSERT INTO article (id, publication_id, story_id, edition_id, kind, state, created_at, changed_at)"+
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $7)", id, b.Publication, b.Story, b.Edition, string(b.Kind), string(Draft), now); err != nil {
		return 0, err
	}
	if err := s.SetWork(ctx, tx, id, Work{Staff: b.Staff}); err != nil {
		return 0, err
	}
	return id, s.store(ctx, tx, Copy{Article: id, Version: 1, State: Draft, Text: b.Text, Writers: []int64{b.Staff}, By: b.Staff})
}

const copyColumns = "SELECT article_id, coalesce(base_revision_id, 0), version, state, snapshot, writers, staff_id," +
	" coalesce(reviewer_id, 0), due_at, changed_at FROM working_copy"

func scanCopy(sc db.Scanner, c *Copy) error {
	var snapshot, writers string
	var due sql.NullInt64
	var at int64
	if err := sc.Scan(&c.Article, &c.Base, &c.Version, &c.State, &snapshot, &writers, &c.By, &c.Reviewer, &due, &at); err != nil {
		return err
	}
	c.Due, c.At = instant(due.Int64), instant(at)
	if err := json.Unmarshal([]byte(writers), &c.Writers); err != nil {
		return fault.New(fault.Internal, "who wrote article %d: %w", c.Article, err)
	}
	var err error
	c.Text, err = parseManuscript(snapshot)
	return err
}

// Working gives the text that is worked on: the working copy, or what it would be
// made of, the newest revision.
func (s *Store) Working(ctx context.Context, q db.Querier, a Article) (Copy, error) {
	c, err := db.Get(ctx, q, scanCopy, copyColumns+" WHERE article_id = $1", a.ID)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return c, err
	}
	return s.fromHead(ctx, q, a)
}

func (s *Store) fromHead(ctx context.Context, q db.Querier, a Article) (Copy, error) {
	c := Copy{Article: a.ID, Base: a.HeadRevision, Version: -a.Revision, State: Draft, At: a.ChangedAt}
	if a.State == InReview || a.State == Ready {
		c.State = a.State
	}
	if a.HeadRevision == 0 {
		return c, nil
	}
	r, err := db.Get(ctx, q, scanRevision, "SELECT "+revisionColumns+" FROM revision WHERE id = $1", a.HeadRevision)
	if err != nil {
		return c, err
	}
	c.Text = ManuscriptOf(a, r.Content)
	return c, nil
}

// Save stores a draft that somebody made on a version of an article's text. If the
// text has changed since, both are brought together (mergeManuscripts); clash tells
// that both changed the same words, which then stand there twice. What is returned
// is the text as it is now.
//
// A text that was handed in or found ready is a draft again once it is changed.
func (s *Store) Save(ctx context.Context, tx *db.Tx, id int64, version int, d Manuscript, staff int64) (c Copy, clash bool, err error) {
	if err := d.check(); err != nil {
		return c, false, err
	}
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return c, false, err
	}
	if a.State == Withdrawn || a.State == Spiked {
		return c, false, closed(a)
	}
	if c, err = s.Working(ctx, tx, a); err != nil {
		return c, false, err
	}
	if c.Version != version {
		base, err := s.version(ctx, tx, a, c, version)
		if err != nil {
			return c, false, err
		}
		if d, clash, err = mergeManuscripts(base, d, c.Text); err != nil {
			return c, false, err
		}
	}
	if d.bytes() == c.Text.bytes() {
		return c, clash, nil // nothing was said
	}
	if c.Stored() {
		if err := s.keepVersion(ctx, tx, c); err != nil {
			return c, false, err
		}
	}
	c.Text, c.By, c.Reviewer = d, staff, 0
	if c.Version, err = s.nextVersion(ctx, tx, c); err != nil {
		return c, false, err
	}
	if !slices.Contains(c.Writers, staff) {
		c.Writers = append(c.Writers, staff)
	}
	if c.State != Draft {
		c.State, c.Due = Draft, time.Time{}
		if err := s.mirror(ctx, tx, a, c.State); err != nil {
			return c, false, err
		}
	}
	c.At = s.d.Now()
	return c, clash, s.store(ctx, tx, c)
}

// nextVersion is the number of the version that comes after a copy's. Numbers go on
// when a copy has become a revision and another is begun: a browser may still name
// those of before.
func (s *Store) nextVersion(ctx context.Context, q db.Querier, c Copy) (int, error) {
	if c.Stored() {
		return c.Version + 1, nil
	}
	last, err := db.Get(ctx, q, db.One[sql.NullInt64], "SELECT max(version) FROM working_version WHERE article_id = $1", c.Article)
	return int(last.Int64) + 1, err
}

// lock reads an article that is about to be changed, and lets nobody else change
// it in between.
func (s *Store) lock(ctx context.Context, tx *db.Tx, id int64) (Article, error) {
	// An update that changes nothing takes the row on both engines.
	if _, err := tx.Exec(ctx, "UPDATE article SET state = state WHERE id = $1", id); err != nil {
		return Article{}, err
	}
	return s.Get(ctx, tx, id)
}

// version is what an article's text was, or what it was a little before: words that
// both then have are merged once. One that is forgotten is taken to have been what the
// copy was made of: words may come back that somebody took out, and none is lost.
func (s *Store) version(ctx context.Context, q db.Querier, a Article, c Copy, version int) (Manuscript, error) {
	if version < 0 {
		r, err := db.Get(ctx, q, scanRevision, "SELECT "+revisionColumns+" FROM revision WHERE article_id = $1 AND number = $2", a.ID, -version)
		return ManuscriptOf(a, r.Content), err
	}
	text, err := db.Get(ctx, q, db.One[string], "SELECT snapshot FROM working_version WHERE article_id = $1 AND version <= $2"+
		" ORDER BY version DESC LIMIT 1", a.ID, version)
	switch {
	case err == nil:
		return parseManuscript(text)
	case !fault.Is(err, fault.NotFound):
		return Manuscript{}, err
	case c.Stored() && c.Base != a.HeadRevision && c.Base != 0:
		r, err := db.Get(ctx, q, scanRevision, "SELECT "+revisionColumns+" FROM revision WHERE id = $1", c.Base)
		return ManuscriptOf(a, r.Content), err
	}
	head, err := s.fromHead(ctx, q, a)
	return head.Text, err
}

func (s *Store) keepVersion(ctx context.Context, tx *db.Tx, c Copy) error {
	_, err := tx.Exec(ctx, "INSERT INTO working_version (article_id, version, snapshot, staff_id, made_at) VALUES ($1, $2, $3, $4, $5)"+
		" ON CONFLICT DO NOTHING", c.Article, c.Version, c.Text.bytes(), c.By, c.At.UnixMilli())
	return err
}

// store writes a working copy.
func (s *Store) store(ctx context.Context, tx *db.Tx, c Copy) error {
	if c.At.IsZero() {
		c.At = s.d.Now()
	}
	if c.Writers == nil {
		c.Writers = []int64{}
	}
	writers, err := json.Marshal(c.Writers)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO working_copy (article_id, base_revision_id, state, version, snapshot, headline, words, writers, staff_id,"+
		" reviewer_id, due_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"+
		" ON CONFLICT (article_id) DO UPDATE SET base_revision_id = excluded.base_revision_id, state = excluded.state, version = excluded.version,"+
		" snapshot = excluded.snapshot, headline = excluded.headline, words = excluded.words, writers = excluded.writers,"+
		" staff_id = excluded.staff_id, reviewer_id = excluded.reviewer_id, due_at = excluded.due_at, changed_at = excluded.changed_at",
		c.Article, orNull(c.Base), string(c.State), c.Version, c.Text.bytes(), c.Text.Headline, c.Text.Words(), string(writers), c.By,
		orNull(c.Reviewer), orNull(millis(c.Due)), c.At.UnixMilli())
	return err
}

// mirror has an article that readers do not see stand where its text stands.
func (s *Store) mirror(ctx context.Context, tx *db.Tx, a Article, state State) error {
	if a.State != Draft && a.State != InReview && a.State != Ready || a.State == state {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE article SET state = $1, changed_at = $2 WHERE id = $3", string(state), s.d.Now().UnixMilli(), a.ID)
	return err
}

// Move hands a text in, finds it ready or sends it back. version is what whoever
// does that has seen: a text that has changed since is a Conflict.
func (s *Store) Move(ctx context.Context, tx *db.Tx, id int64, version int, to State, staff int64) (Copy, error) {
	if to != Draft && to != InReview && to != Ready {
		return Copy{}, fault.New(fault.Invalid, "a text cannot be made %s", to)
	}
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return Copy{}, err
	}
	if a.State == Withdrawn || a.State == Spiked {
		return Copy{}, closed(a)
	}
	c, err := s.Working(ctx, tx, a)
	if err != nil {
		return c, err
	}
	if c.Version != version {
		return c, changedMeanwhile(id, version, c.Version)
	}
	c.State, c.Reviewer, c.Due = to, 0, time.Time{}
	if to == Ready {
		c.Reviewer = staff
	}
	if !c.Stored() { // an imported draft, or the live text once more
		if c.Version, err = s.nextVersion(ctx, tx, c); err != nil {
			return c, err
		}
		c.By = staff
	}
	if err := s.store(ctx, tx, c); err != nil {
		return c, err
	}
	return c, s.mirror(ctx, tx, a, to)
}

// Reviewed reports whether somebody who did not write the text found it ready.
func (c Copy) Reviewed() bool {
	return c.State == Ready && c.Reviewer != 0 && !slices.Contains(c.Writers, c.Reviewer)
}

// Discard throws a working copy away; what readers see stays. Its versions stay
// for a while, so that what a browser has not sent yet still finds its place.
func (s *Store) Discard(ctx context.Context, tx *db.Tx, id int64) error {
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.HeadRevision == 0 {
		return fault.New(fault.Conflict, "article %d has nothing but its working copy", id)
	}
	return s.done(ctx, tx, a)
}

// done ends a working copy that has become a revision or was thrown away.
func (s *Store) done(ctx context.Context, tx *db.Tx, a Article) error {
	c, err := db.Get(ctx, tx, scanCopy, copyColumns+" WHERE article_id = $1", a.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.keepVersion(ctx, tx, c); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "DELETE FROM working_copy WHERE article_id = $1", a.ID)
	return err
}

// Approve stores what an edit says as what readers see from e.VisibleFrom on, and
// ends the working copy that it was made of, which is to be at a version.
func (s *Store) Approve(ctx context.Context, tx *db.Tx, e Edit, version int) (Saved, error) {
	a, err := s.lock(ctx, tx, e.ID)
	if err != nil {
		return Saved{}, err
	}
	c, err := s.Working(ctx, tx, a)
	if err != nil {
		return Saved{}, err
	}
	if c.Version != version {
		return Saved{}, changedMeanwhile(e.ID, version, c.Version)
	}
	if err := s.done(ctx, tx, a); err != nil {
		return Saved{}, err
	}
	saved, err := s.Put(ctx, tx, []Edit{e})
	if err != nil {
		return Saved{}, err
	}
	return saved[0], nil
}

// Defer has a text take the place of what readers see at an instant.
func (s *Store) Defer(ctx context.Context, tx *db.Tx, id int64, version int, due time.Time, staff int64) error {
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	c, err := s.Working(ctx, tx, a)
	if err != nil {
		return err
	}
	if c.Version != version {
		return changedMeanwhile(id, version, c.Version)
	}
	if !c.Stored() {
		if c.Version, err = s.nextVersion(ctx, tx, c); err != nil {
			return err
		}
		c.By = staff
	}
	c.State, c.Due = Approved, due
	return s.store(ctx, tx, c)
}

// DueCopies are the articles whose working copies are to take the place of what
// readers see by now, the one that waits longest first.
func (s *Store) DueCopies(ctx context.Context, now time.Time) ([]int64, error) {
	return db.List(ctx, s.d, db.One[int64],
		"SELECT article_id FROM working_copy WHERE state = 'approved' AND due_at <= $1 ORDER BY due_at, article_id LIMIT 100", now.UnixMilli())
}

// Spike drops a text that nobody has seen; Unspike takes it up again.
func (s *Store) Spike(ctx context.Context, tx *db.Tx, id int64) error {
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.State == Withdrawn || a.State == Spiked || a.Visibility().Public(s.d.Now()) {
		return closed(a)
	}
	return s.restate(ctx, tx, a, Spiked)
}

// Unspike takes a dropped text up again, as a draft.
func (s *Store) Unspike(ctx context.Context, tx *db.Tx, id int64) error {
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.State != Spiked {
		return closed(a)
	}
	return s.restate(ctx, tx, a, Draft)
}

// Unschedule takes back what nobody has seen yet: it is a draft again.
func (s *Store) Unschedule(ctx context.Context, tx *db.Tx, id int64) error {
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.Visibility().At(s.d.Now()) != Scheduled {
		return closed(a)
	}
	return s.restate(ctx, tx, a, Draft)
}

// restate takes an article out of whatever lists it is in and gives it a state in
// which it is in none.
func (s *Store) restate(ctx context.Context, tx *db.Tx, a Article, state State) error {
	if a.State == Approved {
		if err := s.unlist(ctx, tx, a, s.d.Now()); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "UPDATE article SET state = $1, visible_from = NULL, changed_at = $2 WHERE id = $3",
		string(state), s.d.Now().UnixMilli(), a.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE working_copy SET state = $1, due_at = NULL, reviewer_id = NULL WHERE article_id = $2", string(Draft), a.ID); err != nil {
		return err
	}
	return s.tellListeners(ctx, tx, []Outcome{{ID: a.ID, Edition: a.Edition, Kind: a.Kind}})
}

func closed(a Article) error {
	return &fault.Error{Kind: fault.Conflict, What: "article " + itoa(a.ID) + " is " + string(a.State), Word: "write.wrong.state_" + string(a.State)}
}

func changedMeanwhile(id int64, seen, now int) error {
	return &fault.Error{Kind: fault.Conflict, What: "article " + itoa(id) + " is at another version than was seen", Word: "write.wrong.changed",
		Args: map[string]any{"seen": seen, "now": now}}
}

// Work is what the newsroom knows of an article and does not print.
type Work struct {
	Staff int64     // whose it is; 0: nobody's
	Due   time.Time // when the newsroom wants it; zero: not said
	Notes string

	// Embargo is until when readers may not see it, whoever wants that; zero: there is
	// none. LiftBy has asked to lift it; 0: nobody has.
	Embargo time.Time
	LiftBy  int64
}

// SetWork keeps whose it is, when it is wanted, and the notes.
func (s *Store) SetWork(ctx context.Context, tx *db.Tx, id int64, w Work) error {
	if len([]rune(w.Notes)) > mostText {
		return wrong("notes", "long", "most", mostText, "n", len([]rune(w.Notes)))
	}
	_, err := tx.Exec(ctx, "INSERT INTO article_work (article_id, staff_id, due_at, notes) VALUES ($1, $2, $3, $4)"+
		" ON CONFLICT (article_id) DO UPDATE SET staff_id = excluded.staff_id, due_at = excluded.due_at, notes = excluded.notes",
		id, orNull(w.Staff), orNull(millis(w.Due)), w.Notes)
	return err
}

// SetEmbargo says until when readers may not see an article; zero ends it. What was
// asked about another is void.
func (s *Store) SetEmbargo(ctx context.Context, tx *db.Tx, id int64, until time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO article_work (article_id, embargo_until) VALUES ($1, $2)"+
		" ON CONFLICT (article_id) DO UPDATE SET embargo_until = excluded.embargo_until, lift_staff_id = NULL", id, orNull(millis(until)))
	return err
}

// Lift ends an embargo before its time if somebody else has asked for that before;
// else it notes that somebody asks. A Conflict is one that there is not, or that the
// same person asked for.
func (s *Store) Lift(ctx context.Context, tx *db.Tx, id, staff int64) (lifted bool, err error) {
	if _, err := s.lock(ctx, tx, id); err != nil {
		return false, err
	}
	works, err := s.WorkOf(ctx, tx, id)
	if err != nil {
		return false, err
	}
	switch w := works[id]; {
	case !w.Embargo.After(s.d.Now()):
		return false, &fault.Error{Kind: fault.Conflict, What: "article " + itoa(id) + " is under no embargo", Word: "write.wrong.no_embargo"}
	case w.LiftBy == staff:
		return false, &fault.Error{Kind: fault.Conflict, What: "the embargo on article " + itoa(id) + " wants a second person", Word: "write.wrong.second"}
	case w.LiftBy != 0:
		return true, s.SetEmbargo(ctx, tx, id, time.Time{})
	}
	_, err = tx.Exec(ctx, "UPDATE article_work SET lift_staff_id = $1 WHERE article_id = $2", staff, id)
	return false, err
}

// WorkOf reads it, of those articles of which something is known.
func (s *Store) WorkOf(ctx context.Context, q db.Querier, ids ...int64) (map[int64]Work, error) {
	out := map[int64]Work{}
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		id int64
		w  Work
	}
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, q, func(sc db.Scanner, r *row) error {
		var staff, due, embargo, lift sql.NullInt64
		err := sc.Scan(&r.id, &staff, &due, &r.w.Notes, &embargo, &lift)
		r.w.Staff, r.w.Due, r.w.Embargo, r.w.LiftBy = staff.Int64, instant(due.Int64), instant(embargo.Int64), lift.Int64
		return err
	}, "SELECT article_id, staff_id, due_at, notes, embargo_until, lift_staff_id FROM article_work WHERE article_id IN ("+in+")", args...)
	for _, r := range rows {
		out[r.id] = r.w
	}
	return out, err
}

// Sight is which articles the desk lists.
type Sight string

// The sights.
const (
	SightWork      Sight = "work"      // being written: drafts, texts in review and ready ones, and live ones that are being changed
	SightReview    Sight = "review"    // waiting for review
	SightScheduled Sight = "scheduled" // the clock will show them
	SightPublished Sight = "published"
	SightWithdrawn Sight = "withdrawn"
	SightSpiked    Sight = "spiked"
)

// Sights are all of them, in the order in which they are offered.
func Sights() []Sight {
	return []Sight{SightWork, SightReview, SightScheduled, SightPublished, SightWithdrawn, SightSpiked}
}

// DeskQuery asks for a page of a list at the desk.
type DeskQuery struct {
	Publication int64
	Sight       Sight
	Edition     int64  // 0: all
	Staff       int64  // whose; 0: everybody's
	Text        string // in the headline
	Before      string // what Item.Mark gave of the last one of the page before
	Limit       int
	Now         time.Time
}

// Item is a line of a list at the desk.
type Item struct {
	Article
	Copy     bool      // there is a working copy
	Text     State     // where that is
	Due      time.Time // when it takes its place
	Title    string    // the headline as it is worked on
	Length   int       // words, as they are worked on
	By       int64     // who changed it last; 0: nobody at the desk
	Changed  time.Time
	Sorted   int64
	Assigned int64 // whose it is
	Wanted   time.Time
}

// Mark is where a list goes on after an item.
func (i Item) Mark() string { return itoa(i.Sorted) + "-" + itoa(i.ID) }

// Desk lists articles as the desk sees them, the newest first, and whether there
// are more.
func (s *Store) Desk(ctx context.Context, q DeskQuery) ([]Item, bool, error) {
	args := []any{q.Publication}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + itoa(int64(len(args)))
	}
	key := "coalesce(w.changed_at, a.changed_at)"
	where := []string{"a.publication_id = $1"}
	switch q.Sight {
	case SightWork:
		where = append(where, "(a.state IN ('draft', 'in_review', 'ready') OR a.state = 'approved' AND w.article_id IS NOT NULL)")
	case SightReview:
		where = append(where, "(a.state = 'in_review' OR a.state = 'approved' AND w.state = 'in_review')")
	case SightScheduled:
		now := arg(q.Now.UnixMilli())
		key = "coalesce(w.due_at, a.visible_from)"
		where = append(where, "a.state = 'approved'", "(a.visible_from > "+now+" OR w.due_at > "+now+")")
	case SightPublished:
		key = "a.visible_from"
		where = append(where, "a.state = 'approved'", "a.visible_from <= "+arg(q.Now.UnixMilli()))
	case SightWithdrawn, SightSpiked:
		key = "a.changed_at"
		where = append(where, "a.state = "+arg(string(q.Sight)))
	default:
		return nil, false, fault.New(fault.NotFound, "there is no list %q", q.Sight)
	}
	if q.Edition != 0 {
		where = append(where, "a.edition_id = "+arg(q.Edition))
	}
	if q.Staff != 0 {
		where = append(where, "k.staff_id = "+arg(q.Staff))
	}
	if q.Text != "" {
		// Folded in Go: LIKE of both engines folds other letters.
		where = append(where, "(coalesce(w.headline, a.headline) LIKE "+arg("%"+likely(q.Text)+"%")+" ESCAPE '!')")
	}
	if sorted, id, ok := strings.Cut(q.Before, "-"); ok {
		where = append(where, "("+key+", a.id) < (CAST("+arg(sorted)+" AS BIGINT), CAST("+arg(id)+" AS BIGINT))")
	}
	list, err := db.List(ctx, s.d, scanItem, "SELECT "+readColumns+", w.state, w.headline, w.words, w.due_at, w.staff_id, w.changed_at, k.staff_id, k.due_at, "+key+
		itemsFrom+" WHERE "+strings.Join(where, " AND ")+" ORDER BY "+key+" DESC, a.id DESC LIMIT "+arg(q.Limit+1), args...)
	if err != nil {
		return nil, false, err
	}
	more := len(list) > q.Limit
	return list[:min(len(list), q.Limit)], more, nil
}

const itemsFrom = " FROM article a LEFT JOIN working_copy w ON w.article_id = a.id LEFT JOIN article_work k ON k.article_id = a.id"

func scanItem(sc db.Scanner, i *Item) error {
	var state, title sql.NullString
	var due, by, changed, length, assigned, wanted sql.NullInt64
	err := scanArticle(also{sc, []any{&state, &title, &length, &due, &by, &changed, &assigned, &wanted, &i.Sorted}}, &i.Article)
	i.Copy, i.Text, i.Title, i.Length = state.Valid, State(state.String), i.Headline, i.Words
	if i.Copy {
		i.Title, i.Length = title.String, int(length.Int64)
	}
	i.Due, i.By, i.Changed, i.Assigned, i.Wanted = instant(due.Int64), by.Int64, i.ChangedAt, assigned.Int64, instant(wanted.Int64)
	if changed.Valid {
		i.Changed = instant(changed.Int64)
	}
	return err
}

// PlanQuery asks for what is due in a span of time.
type PlanQuery struct {
	Publication int64
	Editions    []int64   // the publication's
	From, Until time.Time // until is not in it
	Edition     int64     // 0: all
	Staff       int64     // whose; 0: everybody's
	Limit       int
}

// Plan gives what the newsroom wants, what the clock will show and what readers have
// seen in a span of time, the first first; Item.Sorted is when. An article is in it
// once, by when readers see it, or a change of it, or else by when it is wanted.
func (s *Store) Plan(ctx context.Context, q PlanQuery) ([]Item, error) {
	const when = "coalesce(w.due_at, CASE WHEN a.state = 'approved' THEN a.visible_from END, k.due_at)"
	const columns = "SELECT " + readColumns + ", w.state, w.headline, w.words, w.due_at, w.staff_id, w.changed_at, k.staff_id, k.due_at, " + when
	args := []any{q.Publication, q.From.UnixMilli(), q.Until.UnixMilli()}
	// Each of the three is a step in an index; one condition for all of them would not be.
	more := ""
	for _, f := range []struct {
		column string
		id     int64
	}{{"a.edition_id", q.Edition}, {"k.staff_id", q.Staff}} {
		if f.id != 0 {
			args = append(args, f.id)
			more += " AND " + f.column + " = $" + itoa(int64(len(args)))
		}
	}
	args = append(args, q.Limit)
	limit, own := " LIMIT $"+itoa(int64(len(args))), len(args)
	var eds []string
	for _, id := range q.Editions {
		args = append(args, id)
		eds = append(eds, "$"+itoa(int64(len(args))))
	}
	byID := map[int64]Item{}
	for n, in := range []string{
		" WHERE w.due_at >= $2 AND w.due_at < $3 AND a.publication_id = $1",
		" WHERE k.due_at >= $2 AND k.due_at < $3 AND a.publication_id = $1 AND a.state IN ('draft', 'in_review', 'ready')",
		" JOIN listing l ON l.article_id = a.id WHERE a.publication_id = $1 AND l.edition_id IN (" + strings.Join(eds, ", ") + ") AND l.kind = 0 AND l.ref_id = 0" +
			" AND l.visible_from >= $2 AND l.visible_from < $3",
	} {
		with := args
		if n < 2 {
			with = args[:own]
		}
		list, err := db.List(ctx, s.d, scanItem, columns+itemsFrom+in+more+" ORDER BY "+when+", a.id"+limit, with...)
		if err != nil {
			return nil, err
		}
		for _, i := range list {
			byID[i.ID] = i
		}
	}
	out := slices.Collect(maps.Values(byID))
	slices.SortFunc(out, func(a, b Item) int { return cmp.Or(cmp.Compare(a.Sorted, b.Sorted), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), q.Limit)], nil
}

// likely is a text as a pattern of LIKE that means itself.
func likely(s string) string { return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) }

// also scans further columns after those of another scan.
type also struct {
	db.Scanner
	more []any
}

func (a also) Scan(into ...any) error {
	return a.Scanner.Scan(append(slices.Clone(into), a.more...)...)
}

// OfStory reads every article of a story, whatever its state, the original first.
func (s *Store) OfStory(ctx context.Context, q db.Querier, story int64) ([]Article, error) {
	return db.List(ctx, q, scanArticle, "SELECT "+readColumns+" FROM article a JOIN story y ON y.id = a.story_id"+
		" WHERE a.story_id = $1 ORDER BY CASE WHEN y.original_id = a.id THEN 0 ELSE 1 END, a.edition_id, a.id", story)
}

// RevisionOf reads one revision of an article by its number.
func (s *Store) RevisionOf(ctx context.Context, article int64, number int) (Revision, error) {
	return db.Get(ctx, s.d, scanRevision, "SELECT "+revisionColumns+" FROM revision WHERE article_id = $1 AND number = $2", article, number)
}

// Restore gives what a revision said as a draft of the article.
func (a Article) Restore(r Revision) Manuscript { return ManuscriptOf(a, r.Content) }

// Forget throws away versions of working copies that are not needed.
func (s *Store) Forget(ctx context.Context) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		now := s.d.Now()
		_, err := tx.Exec(ctx, "DELETE FROM working_version WHERE made_at < $1 OR made_at < $2 AND version % $3 <> 0",
			now.Add(-keepVersions).UnixMilli(), now.Add(-keepAll).UnixMilli(), keepOneIn)
		return err
	})
}

// Here is somebody who has an article open.
type Here struct {
	Tab   string // tells this page of theirs from others
	Staff int64
	Name  string
	Block string // where they write; empty: nowhere
	Place int    // code points into that block's text
}

const hereFor = 20 * time.Second

// SetHere notes that somebody has an article open, and gives who else has. Who has
// closed it says so with an empty name.
func (s *Store) SetHere(ctx context.Context, id int64, me Here) ([]Here, error) {
	now := s.d.Now()
	err := s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM article_open WHERE article_id = $1 AND (seen_at < $2 OR tab = $3)", id, now.Add(-hereFor).UnixMilli(), me.Tab); err != nil {
			return err
		}
		if me.Name == "" {
			return nil
		}
		_, err := tx.Exec(ctx, "INSERT INTO article_open (article_id, tab, staff_id, name, block, place, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"+
			" ON CONFLICT (article_id, tab) DO UPDATE SET block = excluded.block, place = excluded.place, seen_at = excluded.seen_at",
			id, me.Tab, me.Staff, me.Name, me.Block, me.Place, now.UnixMilli())
		return err
	})
	if err != nil {
		return nil, err
	}
	return db.List(ctx, s.d, func(sc db.Scanner, h *Here) error { return sc.Scan(&h.Tab, &h.Staff, &h.Name, &h.Block, &h.Place) },
		"SELECT tab, staff_id, name, block, place FROM article_open WHERE article_id = $1 AND tab <> $2 AND seen_at >= $3 ORDER BY name, tab",
		id, me.Tab, now.Add(-hereFor).UnixMilli())
}

// VersionNow is the version of an article's text (Copy.Version).
func (s *Store) VersionNow(ctx context.Context, id int64) (int, error) {
	return db.Get(ctx, s.d, db.One[int], "SELECT coalesce(w.version, -a.revision) FROM article a LEFT JOIN working_copy w ON w.article_id = a.id WHERE a.id = $1", id)
}
