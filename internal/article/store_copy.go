package article

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
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
	Told     Told      // of an approved one: what kind of change that is
	At       time.Time // of the last change
}

// Told is what kind of change a text is to readers, and what they are told of it.
type Told struct {
	Kind  string `json:"kind,omitempty"` // silent, update, correction, clarification, note
	Text  string `json:"text,omitempty"`
	Shows bool   `json:"shows,omitempty"` // what the words were before
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
	b.Text.tidy()
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
	" coalesce(reviewer_id, 0), due_at, due_change, changed_at FROM working_copy"

func scanCopy(sc db.Scanner, c *Copy) error {
	var snapshot, writers, told string
	var due sql.NullInt64
	var at int64
	if err := sc.Scan(&c.Article, &c.Base, &c.Version, &c.State, &snapshot, &writers, &c.By, &c.Reviewer, &due, &told, &at); err != nil {
		return err
	}
	if told != "" {
		if err := json.Unmarshal([]byte(told), &c.Told); err != nil {
			return fault.New(fault.Internal, "what is told of article %d: %w", c.Article, err)
		}
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

// CopyOf is the working copy of an article that has one.
func (s *Store) CopyOf(ctx context.Context, id int64) (Copy, error) {
	return db.Get(ctx, s.d, scanCopy, copyColumns+" WHERE article_id = $1", id)
}

func (s *Store) fromHead(ctx context.Context, q db.Querier, a Article) (Copy, error) {
	c := Copy{Article: a.ID, Base: a.HeadRevision, Version: -a.Revision, State: Draft, At: a.ChangedAt}
	if a.State == InReview || a.State == Ready {
		c.State = a.State
	}
	if a.HeadRevision == 0 {
		return c, nil
	}
	r, err := revisionByID(ctx, q, a.HeadRevision)
	c.Text = ManuscriptOf(a, r.Content)
	return c, err
}

// Save stores a draft that somebody made on a version of an article's text. If the
// text has changed since, both are brought together (mergeManuscripts); clash tells
// that both changed the same words, which then stand there twice. What is returned
// is the text as it is now.
//
// A text that was handed in or found ready is a draft again once it is changed.
func (s *Store) Save(ctx context.Context, tx *db.Tx, id int64, version int, d Manuscript, staff int64) (c Copy, clash bool, err error) {
	return s.SaveFrom(ctx, tx, id, version, d, staff, "")
}

// SaveFrom is Save for a page that may send again what has arrived already: tab is
// the page's own name. Where the answer to its last text was lost, it names the version
// of then once more; its new text is then held against the one that it sent, not
// against that version, so that words which arrived twice stand there once.
func (s *Store) SaveFrom(ctx context.Context, tx *db.Tx, id int64, version int, d Manuscript, staff int64, tab string) (c Copy, clash bool, err error) {
	d.tidy()
	if err := d.check(); err != nil {
		return c, false, err
	}
	a, c, err := s.take(ctx, tx, id)
	if err != nil {
		return c, false, err
	}
	if a.State == Withdrawn || a.State == Spiked {
		return c, false, closed(a)
	}
	var base Manuscript
	again := false
	if c.Version != version {
		if base, again, err = s.sent(ctx, tx, id, tab, version); err != nil {
			return c, false, err
		}
	}
	if tab != "" {
		if err := s.keepSent(ctx, tx, id, tab, version, d); err != nil {
			return c, false, err
		}
	}
	if c.Version != version {
		if !again {
			if base, err = s.version(ctx, tx, a, c, version); err != nil {
				return c, false, err
			}
		}
		if d, clash, err = mergeManuscripts(base, d, c.Text); err != nil {
			return c, false, err
		}
	}
	if d.Equal(c.Text) {
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

// take locks an article and reads the text that is worked on.
func (s *Store) take(ctx context.Context, tx *db.Tx, id int64) (a Article, c Copy, err error) {
	if a, err = s.lock(ctx, tx, id); err == nil {
		c, err = s.Working(ctx, tx, a)
	}
	return a, c, err
}

// Hold reads an article and the text that is worked on, and lets nobody else change
// either until the transaction ends.
func (s *Store) Hold(ctx context.Context, tx *db.Tx, id int64) (Article, Copy, error) {
	return s.take(ctx, tx, id)
}

// TextAt is the text that was worked on at a version, or a little before it.
func (s *Store) TextAt(ctx context.Context, q db.Querier, a Article, version int) (Manuscript, error) {
	c, err := s.Working(ctx, q, a)
	if err != nil || c.Version == version {
		return c.Text, err
	}
	return s.version(ctx, q, a, c, version)
}

// seen is take for whoever decides about a text at the version that they have seen.
func (s *Store) seen(ctx context.Context, tx *db.Tx, id int64, version int) (a Article, c Copy, err error) {
	if a, c, err = s.take(ctx, tx, id); err == nil {
		err = c.at(version)
	}
	return a, c, err
}

// at is a Conflict where a text is at another version than somebody has seen.
func (c Copy) at(version int) error {
	if c.Version == version {
		return nil
	}
	return &fault.Error{Kind: fault.Conflict, What: "article " + itoa(c.Article) + " is at another version than was seen", Word: "write.wrong.changed",
		Args: map[string]any{"seen": version, "now": c.Version}}
}

// version is what an article's text was, or what it was a little before: words that
// both then have are merged once. One that is forgotten is taken to have been what the
// copy was made of: words may come back that somebody took out, and none is lost.
func (s *Store) version(ctx context.Context, q db.Querier, a Article, c Copy, version int) (Manuscript, error) {
	if version < 0 {
		r, err := revisionOf(ctx, q, a.ID, -version)
		return ManuscriptOf(a, r.Content), err
	}
	text, err := db.Get(ctx, q, db.One[string], "SELECT snapshot FROM working_version WHERE article_id = $1 AND version <= $2"+
		" ORDER BY version DESC LIMIT 1", a.ID, version)
	switch {
	case err == nil:
		return parseManuscript(text)
	case !fault.Is(err, fault.NotFound):
		return Manuscript{}, err
	case c.Base == 0:
		return Manuscript{}, nil
	}
	r, err := revisionByID(ctx, q, c.Base)
	return ManuscriptOf(a, r.Content), err
}

// sent is what a page sent last, if it named the same version then.
func (s *Store) sent(ctx context.Context, tx *db.Tx, id int64, tab string, version int) (m Manuscript, again bool, err error) {
	if tab == "" {
		return m, false, nil
	}
	text, err := db.Get(ctx, tx, db.One[string], "SELECT snapshot FROM working_sent WHERE article_id = $1 AND tab = $2 AND version = $3", id, tab, version)
	if fault.Is(err, fault.NotFound) {
		return m, false, nil
	} else if err != nil {
		return m, false, err
	}
	m, err = parseManuscript(text)
	return m, true, err
}

// keepSent notes what a page sends.
func (s *Store) keepSent(ctx context.Context, tx *db.Tx, id int64, tab string, version int, m Manuscript) error {
	_, err := tx.Exec(ctx, "INSERT INTO working_sent (article_id, tab, version, snapshot, made_at) VALUES ($1, $2, $3, $4, $5)"+
		" ON CONFLICT (article_id, tab) DO UPDATE SET version = excluded.version, snapshot = excluded.snapshot, made_at = excluded.made_at",
		id, tab, version, m.bytes(), s.d.Now().UnixMilli())
	return err
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
	told := ""
	if c.State == Approved {
		b, err := json.Marshal(c.Told)
		if err != nil {
			return err
		}
		told = string(b)
	}
	_, err = tx.Exec(ctx, "INSERT INTO working_copy (article_id, base_revision_id, state, version, snapshot, headline, words, writers, staff_id,"+
		" reviewer_id, due_at, due_change, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"+
		" ON CONFLICT (article_id) DO UPDATE SET base_revision_id = excluded.base_revision_id, state = excluded.state, version = excluded.version,"+
		" snapshot = excluded.snapshot, headline = excluded.headline, words = excluded.words, writers = excluded.writers,"+
		" staff_id = excluded.staff_id, reviewer_id = excluded.reviewer_id, due_at = excluded.due_at, due_change = excluded.due_change,"+
		" changed_at = excluded.changed_at",
		c.Article, orNull(c.Base), string(c.State), c.Version, c.Text.bytes(), c.Text.Headline, c.Text.Words(), string(writers), c.By,
		orNull(c.Reviewer), orNull(millis(c.Due)), told, c.At.UnixMilli())
	if err != nil {
		return err
	}
	if err := storeUsed(ctx, tx, c.Article, c.Text.Used()); err != nil {
		return err
	}
	return seekWorking(ctx, tx, c.Article, c.Text.Headline)
}

// storeAs stores a copy that somebody decides something about; what nobody has
// changed (an imported draft, the live text once more) is stored as theirs.
func (s *Store) storeAs(ctx context.Context, tx *db.Tx, c *Copy, staff int64) (err error) {
	if !c.Stored() {
		if c.Version, err = s.nextVersion(ctx, tx, *c); err != nil {
			return err
		}
		c.By = staff
	}
	return s.store(ctx, tx, *c)
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
	a, c, err := s.take(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if a.State == Withdrawn || a.State == Spiked {
		return c, closed(a)
	}
	if err := c.at(version); err != nil {
		return c, err
	}
	c.State, c.Reviewer, c.Due = to, 0, time.Time{}
	if to == Ready {
		c.Reviewer = staff
	}
	if err := s.storeAs(ctx, tx, &c, staff); err != nil {
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
	if _, err = tx.Exec(ctx, "DELETE FROM working_copy WHERE article_id = $1", a.ID); err != nil {
		return err
	}
	if err := storeUsed(ctx, tx, a.ID, nil); err != nil {
		return err
	}
	return seekWorking(ctx, tx, a.ID, "")
}

// Approve stores what an edit says as what readers see from e.VisibleFrom on, and
// ends the working copy that it was made of, which is to be at a version.
func (s *Store) Approve(ctx context.Context, tx *db.Tx, e Edit, version int) (Saved, error) {
	a, _, err := s.seen(ctx, tx, e.ID, version)
	if err != nil {
		return Saved{}, err
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

// Defer has a text take the place of what readers see at an instant, when they are told
// of it what is to be told.
func (s *Store) Defer(ctx context.Context, tx *db.Tx, id int64, version int, due time.Time, told Told, staff int64) error {
	_, c, err := s.seen(ctx, tx, id, version)
	if err != nil {
		return err
	}
	c.State, c.Due, c.Told = Approved, due, told
	return s.storeAs(ctx, tx, &c, staff)
}

// DueCopies are the articles whose working copies are to take the place of what
// readers see by now, the one that waits longest first.
func (s *Store) DueCopies(ctx context.Context, now time.Time) ([]int64, error) {
	return db.List(ctx, s.d, db.One[int64],
		"SELECT article_id FROM working_copy WHERE state = 'approved' AND due_at <= $1 ORDER BY due_at, article_id LIMIT 100", now.UnixMilli())
}

// Spike drops a text that nobody has seen; Unspike takes it up again.
func (s *Store) Spike(ctx context.Context, tx *db.Tx, id int64) error {
	return s.restate(ctx, tx, id, Spiked, func(a Article) bool {
		return a.State != Withdrawn && a.State != Spiked && !a.Visibility().Public(s.d.Now())
	})
}

// Unspike takes a dropped text up again, as a draft.
func (s *Store) Unspike(ctx context.Context, tx *db.Tx, id int64) error {
	return s.restate(ctx, tx, id, Draft, func(a Article) bool { return a.State == Spiked })
}

// Unschedule takes back what nobody has seen yet: it is a draft again.
func (s *Store) Unschedule(ctx context.Context, tx *db.Tx, id int64) error {
	return s.restate(ctx, tx, id, Draft, func(a Article) bool { return a.Visibility().At(s.d.Now()) == Scheduled })
}

// restate takes an article out of whatever lists it is in and gives it a state in
// which it is in none; a Conflict where it may not.
func (s *Store) restate(ctx context.Context, tx *db.Tx, id int64, state State, may func(Article) bool) error {
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if !may(a) {
		return closed(a)
	}
	if a.State == Approved {
		if err := s.unlist(ctx, tx, a, s.d.Now()); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, "UPDATE article SET state = $1, visible_from = NULL, changed_at = $2 WHERE id = $3",
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

// VersionNow is the version of an article's text (Copy.Version).
func (s *Store) VersionNow(ctx context.Context, id int64) (int, error) {
	return db.Get(ctx, s.d, db.One[int], "SELECT coalesce(w.version, -a.revision) FROM article a LEFT JOIN working_copy w ON w.article_id = a.id WHERE a.id = $1", id)
}

// Forget throws away versions of working copies that are not needed, and links that
// have long been over.
func (s *Store) Forget(ctx context.Context) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		now := s.d.Now()
		_, err := tx.Exec(ctx, "DELETE FROM working_version WHERE made_at < $1 OR made_at < $2 AND version % $3 <> 0",
			now.Add(-keepVersions).UnixMilli(), now.Add(-keepAll).UnixMilli(), keepOneIn)
		if err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, "DELETE FROM working_sent WHERE made_at < $1", now.Add(-keepVersions).UnixMilli()); err != nil {
			return err
		}
		return forgetLinks(ctx, tx, now)
	})
}
