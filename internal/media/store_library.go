package media

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Sight is which media the library lists.
type Sight string

// The sights. All but the last are of pictures.
const (
	SightAll     Sight = ""
	SightNoAlt   Sight = "noalt"   // nobody has said what is on it, in any language
	SightEnding  Sight = "ending"  // rights that end within EndsSoon
	SightEnded   Sight = "ended"   // rights that have ended
	SightUnused  Sight = "unused"  // in no article, and public in no other way
	SightOffered Sight = "offered" // for new articles: rights have not ended
	SightFiles   Sight = "files"   // sound, film and other files
)

// Sights are those that are offered as filters.
func Sights() []Sight {
	return []Sight{SightAll, SightNoAlt, SightEnding, SightEnded, SightUnused, SightFiles}
}

// EndsSoon is how long before rights end the library says so.
const EndsSoon = 30 * 24 * time.Hour

// Query asks for a page of the library.
type Query struct {
	Publication int64
	Sight       Sight
	Text        string // in what is said of it, its name, its rights; every word is to be there
	Before      int64  // id of the last one of the page before; 0: the first page
	Limit       int
	Now         time.Time
}

// List gives a page of the library, what came last first, and whether there are more.
func (s *Store) List(ctx context.Context, q Query) ([]Media, bool, error) {
	args := []any{q.Publication}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := []string{"m.publication_id = $1"}
	if q.Sight == SightFiles {
		where = append(where, "m.kind <> 'image'")
	} else {
		where = append(where, "m.kind = 'image'")
	}
	switch q.Sight {
	case SightAll, SightFiles:
	case SightNoAlt:
		where = append(where, "NOT m.decorative AND NOT EXISTS (SELECT 1 FROM media_text t WHERE t.media_id = m.id AND t.alt <> '')")
	case SightEnding:
		where = append(where, "m.expires_at > "+arg(q.Now.UnixMilli()), "m.expires_at <= "+arg(q.Now.Add(EndsSoon).UnixMilli()))
	case SightEnded:
		where = append(where, "m.expires_at <= "+arg(q.Now.UnixMilli()))
	case SightOffered:
		where = append(where, "(m.expires_at IS NULL OR m.expires_at > "+arg(q.Now.UnixMilli())+")")
	case SightUnused:
		where = append(where, "NOT m.always AND NOT EXISTS (SELECT 1 FROM article_media_used u WHERE u.media_id = m.id)")
	default:
		return nil, false, fault.New(fault.NotFound, "the library has no list %q", q.Sight)
	}
	for _, w := range strings.Fields(lang.Fold(q.Text)) {
		p := arg("%" + likely(w) + "%")
		where = append(where, "(m.file_name LIKE "+p+" ESCAPE '!' OR EXISTS (SELECT 1 FROM media_text t WHERE t.media_id = m.id AND t.folded LIKE "+p+" ESCAPE '!'))")
	}
	if q.Before > 0 {
		where = append(where, "m.id < "+arg(q.Before))
	}
	list, err := db.List(ctx, s.d, scanMedia, "SELECT "+columns+" FROM media m WHERE "+strings.Join(where, " AND ")+" ORDER BY m.id DESC LIMIT "+arg(q.Limit+1), args...)
	if err != nil {
		return nil, false, err
	}
	more := len(list) > q.Limit
	list = list[:min(len(list), q.Limit)]
	if len(list) == 0 {
		return nil, false, nil
	}
	return list, more, texts(ctx, s.d, list)
}

// likely is a text as a pattern of LIKE that means itself.
func likely(s string) string { return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) }

// foldedText is what is searched of a text.
func foldedText(t Text) string {
	return lang.Fold(strings.Join([]string{t.Title, t.Caption, t.Alt, t.Credit}, "\n"))
}

// Details are what the desk says of a medium.
type Details struct {
	FocalX, FocalY  int // permille
	Rights, Licence string
	Expires         time.Time // zero: never
	Decorative      bool
	Texts           map[string]Text // those given are replaced, empty ones taken away
}

// Describe stores what is said of a medium. What its file said of itself is settled
// by that.
func (s *Store) Describe(ctx context.Context, tx *db.Tx, pub, id int64, x Details) error {
	n, err := tx.Exec(ctx, "UPDATE media SET focal_x = $3, focal_y = $4, rights = $5, licence = $6, expires_at = $7, decorative = $8, said = ''"+
		" WHERE id = $1 AND publication_id = $2", id, pub, x.FocalX, x.FocalY, x.Rights, x.Licence, expiry(x.Expires), x.Decorative)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "there is no medium %d", id)
	}
	said := tx.Bulk("media_text", textColumns, textConflict)
	for _, l := range slices.Sorted(maps.Keys(x.Texts)) {
		t := x.Texts[l]
		if t == (Text{}) { // another language's words stand in its place
			if _, err := tx.Exec(ctx, "DELETE FROM media_text WHERE media_id = $1 AND lang = $2", id, l); err != nil {
				return err
			}
			continue
		}
		said.Add(id, l, t.Title, t.Caption, t.Alt, t.Credit, foldedText(t))
	}
	if err := said.Flush(ctx); err != nil {
		return err
	}
	tx.Changed("media:" + strconv.FormatInt(id, 10))
	return nil
}

// Add says of a medium in a language what nobody has said of it there yet, and gives what
// of t was taken: words that are there already stay.
func (s *Store) Add(ctx context.Context, tx *db.Tx, pub, id int64, lang string, t Text) (taken Text, err error) {
	if err := s.hold(ctx, tx, pub, id); err != nil {
		return taken, err
	}
	list := []Media{{ID: id}}
	if err := texts(ctx, tx, list); err != nil {
		return taken, err
	}
	is := list[0].Texts[lang]
	for _, f := range []struct{ is, say, took *string }{{&is.Title, &t.Title, &taken.Title}, {&is.Caption, &t.Caption, &taken.Caption},
		{&is.Alt, &t.Alt, &taken.Alt}, {&is.Credit, &t.Credit, &taken.Credit}} {
		if *f.is == "" {
			*f.is, *f.took = *f.say, *f.say
		}
	}
	if taken == (Text{}) {
		return taken, nil
	}
	said := tx.Bulk("media_text", textColumns, textConflict)
	said.Add(id, lang, is.Title, is.Caption, is.Alt, is.Credit, foldedText(is))
	if err := said.Flush(ctx); err != nil {
		return taken, err
	}
	tx.Changed("media:" + strconv.FormatInt(id, 10))
	return taken, nil
}

// SetRights says under which licence a medium may be shown, and until when.
func (s *Store) SetRights(ctx context.Context, tx *db.Tx, pub, id int64, licence string, expires time.Time) error {
	if err := s.hold(ctx, tx, pub, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE media SET licence = $2, expires_at = $3 WHERE id = $1", id, licence, expiry(expires))
	tx.Changed("media:" + strconv.FormatInt(id, 10))
	return err
}

// hold lets nobody else change a medium until the transaction ends.
func (s *Store) hold(ctx context.Context, tx *db.Tx, pub, id int64) error {
	n, err := tx.Exec(ctx, "UPDATE media SET licence = licence WHERE id = $1 AND publication_id = $2", id, pub)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "there is no medium %d", id)
	}
	return err
}

func expiry(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// SetSaid keeps what a file said of itself until somebody looks at it.
func (s *Store) SetSaid(ctx context.Context, tx *db.Tx, id int64, said Said) error {
	_, err := tx.Exec(ctx, "UPDATE media SET said = $2 WHERE id = $1", id, said.String())
	return err
}

// SetLook keeps what a picture looks like.
func (s *Store) SetLook(ctx context.Context, tx *db.Tx, id int64, l Look) error {
	var hash any
	if l.Known {
		hash = l.Hash
	}
	_, err := tx.Exec(ctx, "INSERT INTO media_look (media_id, hash) VALUES ($1, $2) ON CONFLICT (media_id) DO UPDATE SET hash = excluded.hash", id, hash)
	return err
}

func (s *Store) keepLook(ctx context.Context, id int64, l Look) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error { return s.SetLook(ctx, tx, id, l) })
}

// unseen are pictures that nobody has looked at yet, the newest first.
func (s *Store) unseen(ctx context.Context, n int) ([]Media, error) {
	return db.List(ctx, s.d, scanMedia, "SELECT "+columns+" FROM media m WHERE m.kind = 'image'"+
		" AND NOT EXISTS (SELECT 1 FROM media_look l WHERE l.media_id = m.id) ORDER BY m.id DESC LIMIT $1", n)
}

// foldSome makes some texts searchable that were stored before there was a library,
// and tells how many.
func (s *Store) foldSome(ctx context.Context, n int) (int, error) {
	type row struct {
		id   int64
		lang string
		text Text
	}
	list, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error {
		return sc.Scan(&r.id, &r.lang, &r.text.Title, &r.text.Caption, &r.text.Alt, &r.text.Credit)
	}, "SELECT media_id, lang, title, caption, alt, credit FROM media_text WHERE folded = '' AND (title <> '' OR caption <> '' OR alt <> '' OR credit <> '') LIMIT $1", n)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return len(list), s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		for _, r := range list {
			// Only if nobody has said something else meanwhile.
			if _, err := tx.Exec(ctx, "UPDATE media_text SET folded = $3 WHERE media_id = $1 AND lang = $2 AND folded = ''", r.id, r.lang, foldedText(r.text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Like finds the publication's pictures that look like one of a hash, the most alike
// first. It goes over all hashes: a hundred thousand are read in a tenth of a second,
// and only an upload asks.
func (s *Store) Like(ctx context.Context, pub, hash, but int64, limit int) ([]Media, error) {
	type row struct{ id, hash int64 }
	all, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.id, &r.hash) },
		"SELECT l.media_id, l.hash FROM media_look l JOIN media m ON m.id = l.media_id WHERE m.publication_id = $1 AND l.hash IS NOT NULL AND l.media_id <> $2", pub, but)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r row) bool { return Distance(r.hash, hash) > Alike })
	slices.SortFunc(all, func(a, b row) int {
		return cmp.Or(Distance(a.hash, hash)-Distance(b.hash, hash), cmp.Compare(b.id, a.id))
	})
	var ids []int64
	for _, r := range all[:min(len(all), limit)] {
		ids = append(ids, r.id)
	}
	found, err := s.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []Media
	for _, id := range ids {
		if m, ok := found[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

// LookOf is what a stored picture looks like.
func (s *Store) LookOf(ctx context.Context, id int64) (Look, error) {
	hash, err := db.Get(ctx, s.d, db.One[sql.NullInt64], "SELECT hash FROM media_look WHERE media_id = $1", id)
	if fault.Is(err, fault.NotFound) {
		return Look{}, nil
	}
	return Look{Hash: hash.Int64, Known: hash.Valid}, err
}

// Uses tells in which articles media are, written or published, by ids of both.
func (s *Store) Uses(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	type row struct{ media, article int64 }
	out := map[int64][]int64{}
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.media, &r.article) },
			"SELECT DISTINCT media_id, article_id FROM article_media_used WHERE media_id IN ("+in+") ORDER BY media_id, article_id DESC", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.media] = append(out[r.media], r.article)
		}
	}
	return out, nil
}

// Ending gives media that readers see, or will once the clock says so, whose rights
// end before an instant or have ended, those that ended first first.
func (s *Store) Ending(ctx context.Context, pub int64, until time.Time, limit int) ([]Media, error) {
	list, err := db.List(ctx, s.d, scanMedia, "SELECT "+columns+" FROM media m WHERE m.publication_id = $1 AND m.expires_at <= $2"+
		" AND EXISTS (SELECT 1 FROM article_media_public p WHERE p.media_id = m.id) ORDER BY m.expires_at, m.id LIMIT $3", pub, until.UnixMilli(), limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, texts(ctx, s.d, list)
}

// Drop forgets the file of something that was taken and is not put: unless a medium
// has it, or had it before.
func (s *Store) Drop(ctx context.Context, m Media) error {
	n, err := db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM media WHERE blob = $1", m.Blob)
	if err != nil || n > 0 {
		return err
	}
	return s.blobs.Delete(ctx, m.Blob)
}
