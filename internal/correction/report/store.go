package report

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"time"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/job"
	"dateline/internal/mail"
)

// settled is the event of a report that was decided, whose sender is to be told.
const settled = "report.settled"

// Store keeps reports.
type Store struct {
	d        *db.DB
	articles *article.Store
	remarks  *correction.Store
	secret   []byte
}

// NewStore gives the store of d. Addresses of status pages are made with secret, so that
// a letter can name one of which the database knows no more than the hash.
func NewStore(d *db.DB, articles *article.Store, remarks *correction.Store, secret []byte) *Store {
	s := &Store{d: d, articles: articles, remarks: remarks, secret: secret}
	remarks.OnDecide(s.decided)
	return s
}

const (
	mostOpen   = 300  // reports of one article that wait for somebody
	mostVoices = 1000 // that one remark has
)

// token is what the address of a status page ends in.
func (s *Store) token(seed string) string {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("report " + seed))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:24])
}

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

const columns = "r.id, r.remark_id, r.article_id, r.edition_id, r.field, r.block, r.exact, r.prefix, r.suffix, r.from_point, r.to_point, r.once," +
	" r.replaces, r.replacement, coalesce(v.note, ''), r.seed, r.email, r.made_at FROM report r LEFT JOIN remark_voice v ON v.id = r.voice_id"

func scan(sc db.Scanner, r *Report) error {
	var at int64
	p := &r.Passage
	err := sc.Scan(&r.ID, &r.Remark, &r.Article, &r.Edition, &r.Field, &p.Block, &p.Exact, &p.Prefix, &p.Suffix, &p.From, &p.To, &p.Once,
		&r.Replaces, &r.Replacement, &r.Note, &r.Seed, &r.Email, &at)
	r.At = time.UnixMilli(at).UTC()
	return err
}

// Add keeps a report of what an article says to readers, and gives what the address of
// its status page ends in. One that overlaps an open one is another voice of that.
func (s *Store) Add(ctx context.Context, tx *db.Tx, in Sent, mails bool) (token string, err error) {
	a, _, err := s.articles.Hold(ctx, tx, in.Article) // two of the same passage become one
	if err != nil {
		return "", err
	}
	if !a.Visibility().Public(s.d.Now()) {
		return "", fault.New(fault.NotFound, "article %d is not public", a.ID)
	}
	c, _, err := s.articles.ReadLive(ctx, tx, a, article.Anyone)
	if err != nil {
		return "", err
	}
	m := correction.Printed(article.ManuscriptOf(a, c), c.Media)
	field, passage, err := correction.Quoted(m, in.Exact, in.Prefix, in.Suffix)
	if err != nil {
		return "", err
	}
	r := correction.Remark{Article: a.ID, Kind: correction.Report, Version: -a.Revision, Field: field, Passage: passage}
	r.Replacement, r.Replaces = in.wants(passage)
	voice := correction.Voice{Note: in.Note}
	open, err := s.open(ctx, tx, a.ID)
	if err != nil {
		return "", err
	}
	remark := overlapping(m, open, r)
	switch {
	case remark == nil && len(open) >= mostOpen, remark != nil && remark.Count >= mostVoices:
		return "", fault.New(fault.TooMany, "article %d has reports enough that wait", a.ID)
	case remark == nil:
		made, _, err := s.remarks.Make(ctx, tx, r, voice)
		if err != nil {
			return "", err
		}
		r.ID = made.ID
	default:
		if err := s.join(ctx, tx, *remark, r, voice); err != nil {
			return "", err
		}
		r.ID = remark.ID
	}
	seed := rand.Text()
	token = s.token(seed)
	if in.Email == "" || !mails {
		in.Email, seed = "", ""
	}
	p := r.Passage
	_, err = tx.Exec(ctx, "INSERT INTO report (remark_id, voice_id, article_id, edition_id, field, block, exact, prefix, suffix, from_point, to_point, once,"+
		" replaces, replacement, token, seed, email, made_at) VALUES ($1, (SELECT max(id) FROM remark_voice WHERE remark_id = $1), $2, $3, $4, $5, $6, $7, $8, $9,"+
		" $10, $11, $12, $13, $14, $15, $16, $17)",
		r.ID, a.ID, a.Edition, r.Field, p.Block, p.Exact, p.Prefix, p.Suffix, p.From, p.To, p.Once, r.Replaces, r.Replacement, hashed(token), seed, in.Email,
		s.d.Now().UnixMilli())
	return token, err
}

// open are an article's reports that wait for somebody.
func (s *Store) open(ctx context.Context, q db.Querier, articleID int64) ([]correction.Remark, error) {
	list, err := s.remarks.Remarks(ctx, q, articleID, 0)
	return slices.DeleteFunc(list, func(r correction.Remark) bool { return r.Kind != correction.Report }), err
}

// overlapping is the open report whose passage has a part of another's; nil: none.
func overlapping(m article.Manuscript, open []correction.Remark, r correction.Remark) *correction.Remark {
	at, ok := r.Where(m)
	if !ok {
		return nil
	}
	for i := range open {
		if open[i].Field != r.Field || open[i].Passage.Block != r.Passage.Block {
			continue
		}
		if there, ok := open[i].Where(m); ok && there.Block == at.Block && there.From < at.To && at.From < there.To {
			return &open[i]
		}
	}
	return nil
}

// join makes a reader another voice of an open report. One that had no words to put
// there takes theirs.
func (s *Store) join(ctx context.Context, tx *db.Tx, old, r correction.Remark, v correction.Voice) error {
	if _, err := tx.Exec(ctx, "UPDATE remark SET voices = voices + 1 WHERE id = $1", old.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "INSERT INTO remark_voice (remark_id, note, made_at) VALUES ($1, $2, $3)", old.ID, v.Note, s.d.Now().UnixMilli()); err != nil {
		return err
	}
	if old.Replaces || !r.Replaces {
		return nil
	}
	return s.take(ctx, tx, old.ID, r.Version, r.Passage, r.Replacement)
}

// take has a remark say what one of its voices says. version is the text that was
// marked there; 0: the one that the remark is of.
func (s *Store) take(ctx context.Context, tx *db.Tx, remark int64, version int, p anchor.Passage, words string) error {
	_, err := tx.Exec(ctx, "UPDATE remark SET version = coalesce($1, version), block = $2, exact = $3, prefix = $4, suffix = $5, from_point = $6, to_point = $7, once = $8,"+
		" replaces = TRUE, replacement = $9 WHERE id = $10", sql.NullInt64{Int64: int64(version), Valid: version != 0}, p.Block, p.Exact, p.Prefix, p.Suffix, p.From, p.To, p.Once, words, remark)
	return err
}

// Choose has a remark say what one of its readers wants.
func (s *Store) Choose(ctx context.Context, tx *db.Tx, remark, report int64) error {
	r, err := db.Get(ctx, tx, scan, "SELECT "+columns+" WHERE r.remark_id = $1 AND r.id = $2", remark, report)
	if err != nil || !r.Replaces {
		return err
	}
	return s.take(ctx, tx, remark, 0, r.Passage, r.Replacement)
}

// ByToken is the report whose status page has an address.
func (s *Store) ByToken(ctx context.Context, token string) (Report, error) {
	return db.Get(ctx, s.d, scan, "SELECT "+columns+" WHERE r.token = $1", hashed(token))
}

// Get reads one.
func (s *Store) Get(ctx context.Context, q db.Querier, id int64) (Report, error) {
	return db.Get(ctx, q, scan, "SELECT "+columns+" WHERE r.id = $1", id)
}

// Of are the reports that are one remark.
func (s *Store) Of(ctx context.Context, remark int64) ([]Report, error) {
	return db.List(ctx, s.d, scan, "SELECT "+columns+" WHERE r.remark_id = $1 ORDER BY r.id", remark)
}

// decided has those told who left an address.
func (s *Store) decided(ctx context.Context, tx *db.Tx, r correction.Remark) error {
	if r.Kind != correction.Report || r.State != correction.Applied && r.State != correction.Refused {
		return nil
	}
	ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM report WHERE remark_id = $1 AND email <> '' ORDER BY id", r.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := job.PutOutbox(ctx, tx, job.Event{Kind: settled, Ref: id}); err != nil {
			return err
		}
	}
	return nil
}

// told deletes the address of whoever has been told.
func (s *Store) told(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "UPDATE report SET email = '', seed = '' WHERE id = $1", id)
	return err
}

// With are the reports that wait with an address.
func (s *Store) With(ctx context.Context, q db.Querier, email string) ([]Report, error) {
	list, err := db.List(ctx, q, scan, "SELECT "+columns+" WHERE r.email <> '' ORDER BY r.id")
	return slices.DeleteFunc(list, func(r Report) bool { return mail.Fold(r.Email) != mail.Fold(email) }), err
}

// Unaddress takes an address out of all reports: they stay, and nobody is told.
func (s *Store) Unaddress(ctx context.Context, tx *db.Tx, email string) error {
	list, err := s.With(ctx, tx, email)
	for _, r := range list {
		if err == nil {
			err = s.told(ctx, tx, r.ID)
		}
	}
	return err
}

// keepFor is how long after a decision an address is kept to which no letter went:
// longer than the plan for it is tried (room job).
const keepFor = 3 * 24 * time.Hour

// Forget deletes addresses for which no letter could be written.
func (s *Store) Forget(ctx context.Context) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE report SET email = '', seed = '' WHERE email <> '' AND remark_id IN"+
			" (SELECT id FROM remark WHERE kind = 'report' AND state IN ('applied', 'refused') AND decided_at < $1)", s.d.Now().Add(-keepFor).UnixMilli())
		return err
	})
}

// MarkSeen notes that somebody at the desk has looked at what readers report.
func (s *Store) MarkSeen(ctx context.Context, tx *db.Tx, remark int64) error {
	_, err := tx.Exec(ctx, "UPDATE remark SET seen_at = $1 WHERE id = $2 AND kind = 'report' AND seen_at IS NULL", s.d.Now().UnixMilli(), remark)
	return err
}
