package article

import (
	"context"
	"encoding/json"

	"dateline/internal/compare"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// Translation is what of its original an article was made from.
type Translation struct {
	Article, Source int64
	Revision        int               // of the original; 0: it had none yet
	Hashes          map[string]string // of its blocks, by their ids (compare.Hashes)
}

// Behind is what has happened to an original since: ids of its blocks.
type Behind struct{ Changed, Added, Gone []string }

// Count is how many paragraphs are behind.
func (b Behind) Count() int { return len(b.Changed) + len(b.Added) + len(b.Gone) }

// Translated notes that an article says what a body of its original says.
func (s *Store) Translated(ctx context.Context, tx *db.Tx, article, source int64, revision int, body string) error {
	doc, err := richtext.Parse(body)
	if err != nil {
		return fault.New(fault.Internal, "the body of article %d: %w", source, err)
	}
	hashes, err := json.Marshal(compare.Hashes(doc))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO translation (article_id, source_id, revision, hashes, made_at) VALUES ($1, $2, $3, $4, $5)"+
		" ON CONFLICT (article_id) DO UPDATE SET source_id = excluded.source_id, revision = excluded.revision, hashes = excluded.hashes, made_at = excluded.made_at",
		article, source, revision, string(hashes), s.d.Now().UnixMilli())
	return err
}

// TranslationOf reads what an article was made from; NotFound: it is no translation
// that was begun at the desk.
func (s *Store) TranslationOf(ctx context.Context, q db.Querier, article int64) (Translation, error) {
	return db.Get(ctx, q, func(sc db.Scanner, t *Translation) error {
		var hashes string
		if err := sc.Scan(&t.Article, &t.Source, &t.Revision, &hashes); err != nil {
			return err
		}
		return json.Unmarshal([]byte(hashes), &t.Hashes)
	}, "SELECT article_id, source_id, revision, hashes FROM translation WHERE article_id = $1", article)
}

// Behind tells what of a translation's original has changed since, and gives the
// original as it is now: what readers see of it, or else what is being written.
func (s *Store) Behind(ctx context.Context, q db.Querier, t Translation) (b Behind, source Article, text Manuscript, err error) {
	if source, text, err = s.Reading(ctx, q, t.Source); err != nil {
		return b, source, text, err
	}
	doc, err := richtext.Parse(text.Body)
	if err != nil {
		return b, source, text, fault.New(fault.Internal, "the body of article %d: %w", t.Source, err)
	}
	b.Changed, b.Added, b.Gone = compare.Stale(doc, t.Hashes)
	return b, source, text, nil
}

// Reading is an article and its text as it is now: what readers see of it, or else
// what is being written.
func (s *Store) Reading(ctx context.Context, q db.Querier, id int64) (a Article, text Manuscript, err error) {
	if a, err = s.Get(ctx, q, id); err != nil {
		return a, text, err
	}
	if a.LiveRevision == 0 {
		c, err := s.Working(ctx, q, a)
		return a, c.Text, err
	}
	r, err := revisionByID(ctx, q, a.LiveRevision)
	return a, ManuscriptOf(a, r.Content), err
}
