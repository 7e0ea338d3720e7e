package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"dateline/internal/db"
)

// perQuery is how many values one statement asks for.
const perQuery = 512

// kept is what search_doc holds of an article.
type kept struct{ doc, article, version, hash int64 }

func scanKept(s db.Scanner, k *kept) error { return s.Scan(&k.doc, &k.article, &k.version, &k.hash) }

// stored reads where articles stand, by their ids.
func stored(ctx context.Context, q db.Querier, ids []int64) (map[int64]kept, error) {
	out := map[int64]kept{}
	for part := range slices.Chunk(ids, perQuery) {
		in, args := db.In(nil, part)
		list, err := db.List(ctx, q, scanKept, "SELECT doc, article_id, version, hash FROM search_doc WHERE article_id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, k := range list {
			out[k.article] = k
		}
	}
	return out, nil
}

// drop takes articles out of the index; their words go when parts are merged.
func drop(ctx context.Context, tx *db.Tx, old map[int64]kept) error {
	var ids, docs []int64
	for id, k := range old {
		ids, docs = append(ids, id), append(docs, k.doc)
	}
	slices.Sort(docs)
	for part := range slices.Chunk(ids, perQuery) {
		in, args := db.In(nil, part)
		if _, err := tx.Exec(ctx, "DELETE FROM search_doc WHERE article_id IN ("+in+")", args...); err != nil {
			return err
		}
	}
	gone := tx.Bulk("search_gone", "doc", "ON CONFLICT DO NOTHING")
	for _, d := range docs {
		gone.Add(d)
	}
	return gone.Flush(ctx)
}

// upToDate notes that the index has articles as this program makes it.
func upToDate(ctx context.Context, tx *db.Tx, ids []int64) error {
	for part := range slices.Chunk(ids, perQuery) {
		in, args := db.In([]any{version}, part)
		if _, err := tx.Exec(ctx, "UPDATE search_doc SET version = $1 WHERE article_id IN ("+in+")", args...); err != nil {
			return err
		}
	}
	return nil
}

// takenOf tells which places in time are not free.
func takenOf(ctx context.Context, tx *db.Tx, docs []int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	for part := range slices.Chunk(docs, perQuery) {
		for _, table := range []string{"search_doc", "search_gone"} {
			in, args := db.In(nil, part)
			list, err := db.List(ctx, tx, db.One[int64], "SELECT doc FROM "+table+" WHERE doc IN ("+in+")", args...)
			if err != nil {
				return nil, err
			}
			for _, d := range list {
				out[d] = true
			}
		}
	}
	return out, nil
}

// newPart begins a part.
func newPart(ctx context.Context, tx *db.Tx, edition int64, docs int, state string, now time.Time) (int64, error) {
	ids, err := tx.IDs(ctx, "search_part", 1)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO search_part (id, edition_id, docs, state, at) VALUES ($1, $2, $3, $4, $5)",
		ids[0], edition, docs, state, now.UnixMilli())
	return ids[0], err
}

func docRows(tx *db.Tx) *db.Bulk { return tx.Bulk("search_doc", "doc, article_id, version, hash", "") }

func postings(tx *db.Tx) *db.Bulk {
	return tx.Bulk("search_post", "part, term, low, posts, places", "")
}

func wordRows(tx *db.Tx) *db.Bulk {
	return tx.Bulk("search_word", "edition_id, word, term, skeleton", "ON CONFLICT DO NOTHING")
}

// locked keeps the rows that a statement reads as they are, to the end of the
// transaction. SQLite has one writer, which is us.
func locked(tx *db.Tx) string {
	if tx.DB().Engine() == db.Postgres {
		return " FOR SHARE"
	}
	return ""
}

// publicOf reads from when on articles are visible, and keeps them so.
func publicOf(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]int64, error) {
	out := map[int64]int64{}
	for part := range slices.Chunk(ids, perQuery) {
		in, args := db.In(nil, part)
		list, err := db.List(ctx, tx, scanPair, "SELECT id, visible_from FROM article_public WHERE id IN ("+in+")"+locked(tx), args...)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out[p[0]] = p[1]
		}
	}
	return out, nil
}

func scanPair(s db.Scanner, p *[2]int64) error { return s.Scan(&p[0], &p[1]) }

// missing reads ids of public and scheduled articles above one that the index
// has not, or not as it is now.
func missing(ctx context.Context, q db.Querier, above int64, limit int) ([]int64, error) {
	return db.List(ctx, q, db.One[int64], "SELECT a.id FROM article_public a WHERE a.id > $1"+
		" AND NOT EXISTS (SELECT 1 FROM search_doc d WHERE d.article_id = a.id AND d.version = $2) ORDER BY a.id LIMIT $3",
		above, version, limit)
}

// part is a part of an edition's index.
type part struct{ id, docs int64 }

// liveParts reads the parts that make an edition's index.
func liveParts(ctx context.Context, q db.Querier, edition int64) ([]part, error) {
	return db.List(ctx, q, func(s db.Scanner, p *part) error { return s.Scan(&p.id, &p.docs) },
		"SELECT id, docs FROM search_part WHERE edition_id = $1 AND state = 'live' ORDER BY id", edition)
}

// row is a row of search_post.
type row struct {
	term          string
	low           int64
	posts, places []byte
}

// pile gathers bytes of one row after another in one piece of memory, which
// serves again and again: a search reads megabytes, and keeps none.
type pile struct {
	buf  []byte
	ends []int
}

// Scan implements sql.Scanner.
func (p *pile) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok {
		return errBroken
	}
	p.buf = append(p.buf, b...)
	p.ends = append(p.ends, len(p.buf))
	return nil
}

// read reads rows of (low, bytes) and gives each with its bytes, good until the
// next.
func (p *pile) read(ctx context.Context, q db.Querier, set func(r *row, b []byte), query string, args ...any) ([]row, error) {
	p.buf, p.ends = p.buf[:0], p.ends[:0]
	rows, err := db.List(ctx, q, func(sc db.Scanner, r *row) error { return sc.Scan(&r.low, p) }, query, args...)
	if err != nil {
		return nil, err
	}
	from := 0
	for i, to := range p.ends {
		set(&rows[i], p.buf[from:to])
		from = to
	}
	return rows, nil
}

// rowsBelow reads rows of a term from the one that may hold doc downwards.
func (s *Store) rowsBelow(ctx context.Context, p *pile, part int64, term string, doc int64, limit int) ([]row, error) {
	return p.read(ctx, s.d, func(r *row, b []byte) { r.posts = b },
		"SELECT low, posts FROM search_post WHERE part = $1 AND term = $2 AND low <= $3 ORDER BY low DESC LIMIT $4", part, term, doc, limit)
}

// placesBelow reads where in articles the term of a row stands, and of rows below it.
func (s *Store) placesBelow(ctx context.Context, p *pile, part int64, term string, low int64, limit int) ([]row, error) {
	return p.read(ctx, s.d, func(r *row, b []byte) { r.places = b },
		"SELECT low, places FROM search_post WHERE part = $1 AND term = $2 AND low <= $3 ORDER BY low DESC LIMIT $4", part, term, low, limit)
}

// newestRows reads of each of the terms that a part has the row that may hold doc,
// in one statement for many of them.
func (s *Store) newestRows(ctx context.Context, part int64, terms []string, doc int64) ([]row, error) {
	var out []row
	for chunk := range slices.Chunk(terms, perQuery) {
		in, args := db.In([]any{part, doc}, chunk)
		list, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.term, &r.low, &r.posts) },
			"WITH t (term) AS (VALUES ("+strings.ReplaceAll(in, ",", "),(")+"))"+
				" SELECT p.term, p.low, p.posts FROM t CROSS JOIN search_post p WHERE p.part = $1 AND p.term = t.term"+
				" AND p.low = (SELECT max(q.low) FROM search_post q WHERE q.part = $1 AND q.term = t.term AND q.low <= $2)", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b row) int { return strings.Compare(a.term, b.term) })
	return slices.CompactFunc(out, func(a, b row) bool { return a.term == b.term }), nil // In says the last of a chunk again
}

// goneBetween reads places in time that count no more.
func (s *Store) goneBetween(ctx context.Context, low, high int64) (map[int64]bool, error) {
	list, err := db.List(ctx, s.d, db.One[int64], "SELECT doc FROM search_gone WHERE doc BETWEEN $1 AND $2", low, high)
	out := make(map[int64]bool, len(list))
	for _, d := range list {
		out[d] = true
	}
	return out, err
}

// articlesAt reads which articles stand at places.
func (s *Store) articlesAt(ctx context.Context, docs []int64) (map[int64]int64, error) {
	out := map[int64]int64{}
	for part := range slices.Chunk(docs, perQuery) {
		in, args := db.In(nil, part)
		list, err := db.List(ctx, s.d, scanPair, "SELECT doc, article_id FROM search_doc WHERE doc IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out[p[0]] = p[1]
		}
	}
	return out, nil
}

// termsLike reads the terms of words with a skeleton.
func (s *Store) termsLike(ctx context.Context, edition int64, skeleton string, limit int) ([]string, error) {
	return db.List(ctx, s.d, db.One[string],
		"SELECT DISTINCT term FROM search_word WHERE edition_id + 0 = $1 AND skeleton = $2 ORDER BY term LIMIT $3", edition, skeleton, limit)
}

// wordsBegun reads written words, folded, with their terms: those that begin with
// letters, and those that have a key that begins so, limit at most of each. It
// reports whether there are more.
func (s *Store) wordsBegun(ctx context.Context, edition int64, letters, keys string, limit int) (words map[string]string, more bool, err error) {
	words = map[string]string{}
	read := func(from, query string) error {
		if from == "" {
			return nil
		}
		list, err := db.List(ctx, s.d, func(sc db.Scanner, w *[2]string) error { return sc.Scan(&w[0], &w[1]) },
			"SELECT word, term FROM search_word WHERE "+query+" LIMIT $4", edition, from, from+"\U0010ffff", limit)
		for _, w := range list {
			words[w[0]] = w[1]
		}
		more = more || len(list) == limit
		return err
	}
	if err := read(letters, "edition_id = $1 AND word >= $2 AND word < $3 ORDER BY word"); err != nil {
		return nil, false, err
	}
	err = read(keys, "edition_id + 0 = $1 AND skeleton >= $2 AND skeleton < $3 AND substr(word, 1, 1) <> '"+unwritten+"' ORDER BY skeleton, word")
	return words, more, err
}

// begunAmong reads which of the beginnings some word of an edition has.
func (s *Store) begunAmong(ctx context.Context, edition int64, beginnings []string) ([]string, error) {
	var out []string
	for chunk := range slices.Chunk(beginnings, perQuery) {
		in, args := db.In([]any{edition, "\U0010ffff"}, chunk)
		list, err := db.List(ctx, s.d, db.One[string], "WITH t (word) AS (VALUES ("+strings.ReplaceAll(in, ",", "),(")+"))"+
			" SELECT DISTINCT t.word FROM t WHERE EXISTS (SELECT 1 FROM search_word w WHERE w.edition_id = $1 AND w.word >= t.word AND w.word < t.word || $2)", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.Sort(out)
	return out, nil
}

// wordsAmong reads which of the words are known in an edition.
func (s *Store) wordsAmong(ctx context.Context, edition int64, words []string) ([]string, error) {
	var out []string
	for chunk := range slices.Chunk(words, perQuery) {
		in, args := db.In([]any{edition}, chunk)
		list, err := db.List(ctx, s.d, db.One[string], "SELECT word FROM search_word WHERE edition_id = $1 AND word IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}
