package media

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/blob"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/rendition"
)

// Store keeps media.
type Store struct {
	d     *db.DB
	blobs blob.Store
}

// New gives the store of d with its files in blobs.
func New(d *db.DB, blobs blob.Store) *Store { return &Store{d: d, blobs: blobs} }

const columns = "m.id, m.token, m.kind, m.mime, m.file_name, m.blob, m.bytes, m.sha256, m.width, m.height, m.colour," +
	" m.focal_x, m.focal_y, m.rights, m.source_url, m.always, m.licence, coalesce(m.expires_at, 0), m.decorative, m.said"

func scanMedia(s db.Scanner, m *Media) error {
	var expires int64
	var said string
	err := s.Scan(&m.ID, &m.Token, &m.Kind, &m.Mime, &m.FileName, &m.Blob, &m.Bytes, &m.SHA256, &m.Width, &m.Height, &m.Colour,
		&m.FocalX, &m.FocalY, &m.Rights, &m.SourceURL, &m.Always, &m.Licence, &expires, &m.Decorative, &said)
	if expires != 0 {
		m.Expires = time.UnixMilli(expires).UTC()
	}
	m.Said = readSaid(said)
	return err
}

// What Put and Describe write of texts.
const (
	textColumns  = "media_id, lang, title, caption, alt, credit, folded"
	textConflict = "ON CONFLICT (media_id, lang) DO UPDATE SET title = excluded.title, caption = excluded.caption, alt = excluded.alt," +
		" credit = excluded.credit, folded = excluded.folded"
)

// ByIDs gives the media that there are, whether public or not.
func (s *Store) ByIDs(ctx context.Context, ids []int64) (map[int64]Media, error) {
	out := make(map[int64]Media, len(ids))
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		list, err := db.List(ctx, s.d, scanMedia, "SELECT "+columns+" FROM media m WHERE m.id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		if err := texts(ctx, s.d, list); err != nil {
			return nil, err
		}
		for _, m := range list {
			out[m.ID] = m
		}
	}
	return out, nil
}

// texts fills in what is said of media.
func texts(ctx context.Context, q db.Querier, list []Media) error {
	type row struct {
		id   int64
		lang string
		text Text
	}
	at := make(map[int64]int, len(list))
	var ids []int64
	for i := range list {
		list[i].Texts = map[string]Text{}
		at[list[i].ID] = i
		ids = append(ids, list[i].ID)
	}
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, q, func(s db.Scanner, r *row) error {
		return s.Scan(&r.id, &r.lang, &r.text.Title, &r.text.Caption, &r.text.Alt, &r.text.Credit)
	}, "SELECT media_id, lang, title, caption, alt, credit FROM media_text WHERE media_id IN ("+in+")", args...)
	for _, r := range rows {
		list[at[r.id]].Texts[r.lang] = r.text
	}
	return err
}

// ByToken finds a medium, whether public or not; fault NotFound.
func (s *Store) ByToken(ctx context.Context, token string) (Media, error) {
	return s.one(ctx, "m.token = $1", token)
}

func (s *Store) one(ctx context.Context, where string, args ...any) (Media, error) {
	m, err := db.Get(ctx, s.d, scanMedia, "SELECT "+columns+" FROM media m WHERE "+where, args...)
	if err != nil {
		return Media{}, err
	}
	list := []Media{m}
	err = texts(ctx, s.d, list)
	return list[0], err
}

// public finds what may be served at an instant; fault NotFound.
func (s *Store) public(ctx context.Context, token string, now time.Time) (Media, error) {
	return db.Get(ctx, s.d, scanMedia, "SELECT "+columns+" FROM media m WHERE m.token = $1 AND (m.always OR EXISTS"+
		" (SELECT 1 FROM article_media_public p WHERE p.media_id = m.id AND p.visible_from <= $2))", token, now.UnixMilli())
}

// focals are the focal points that articles which everybody may see have for a medium.
func (s *Store) focals(ctx context.Context, id int64, now time.Time) ([]rendition.Focal, error) {
	return db.List(ctx, s.d, db.One[rendition.Focal], "SELECT DISTINCT lead_focal FROM article_public WHERE lead_media_id = $1 AND lead_focal <> 0"+
		" AND visible_from <= $2 ORDER BY lead_focal", id, now.UnixMilli())
}

// PublicByID finds a medium that everybody may see at an instant, without its
// texts; fault NotFound.
func (s *Store) PublicByID(ctx context.Context, id int64, now time.Time) (Media, error) {
	return db.Get(ctx, s.d, scanMedia, "SELECT "+columns+" FROM media m WHERE m.id = $1 AND (m.always OR EXISTS"+
		" (SELECT 1 FROM article_media_public p WHERE p.media_id = m.id AND p.visible_from <= $2))", id, now.UnixMilli())
}

// BySHA256 finds the publication's media with the same content, the oldest first.
func (s *Store) BySHA256(ctx context.Context, q db.Querier, pub int64, sha256 string) ([]Media, error) {
	list, err := db.List(ctx, q, scanMedia, "SELECT "+columns+" FROM media m WHERE m.publication_id = $1 AND m.sha256 = $2 ORDER BY m.id",
		pub, sha256)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, texts(ctx, q, list)
}

// Put stores what is known of media and gives their ids in order; the files
// are stored by Take. Those of ID 0 are new and get a token where they have
// none. Of others everything is replaced but the token, what the desk decides
// (Describe: licence, end of rights, decorative) and the texts in languages that
// are not given.
func (s *Store) Put(ctx context.Context, tx *db.Tx, pub int64, list []Media) ([]int64, error) {
	fresh := 0
	twice := map[int64]bool{}
	for _, m := range list {
		if m.ID == 0 {
			fresh++
		} else if twice[m.ID] {
			return nil, fault.New(fault.Invalid, "medium %d stands twice in one batch", m.ID)
		}
		twice[m.ID] = true
	}
	made, err := tx.IDs(ctx, "media", fresh)
	if err != nil {
		return nil, err
	}
	at := tx.DB().Now().UnixMilli()
	rows := tx.Bulk("media", "id, publication_id, token, kind, mime, file_name, blob, bytes, sha256, width, height, colour,"+
		" focal_x, focal_y, rights, source_url, always, licence, expires_at, decorative, created_at", "")
	said := tx.Bulk("media_text", textColumns, textConflict)
	ids := make([]int64, len(list))
	for i, m := range list {
		if m.FocalX == 0 && m.FocalY == 0 {
			m.FocalX, m.FocalY = 500, 500
		}
		if m.ID == 0 {
			m.ID, made = made[0], made[1:]
			if m.Token == "" {
				m.Token = NewToken()
			}
			rows.Add(m.ID, pub, m.Token, m.Kind, m.Mime, m.FileName, m.Blob, m.Bytes, m.SHA256, m.Width, m.Height, m.Colour,
				m.FocalX, m.FocalY, m.Rights, m.SourceURL, m.Always, m.Licence, expiry(m.Expires), m.Decorative, at)
		} else if err := s.update(ctx, tx, pub, m); err != nil {
			return nil, err
		}
		ids[i] = m.ID
		for _, l := range slices.Sorted(maps.Keys(m.Texts)) {
			t := m.Texts[l]
			said.Add(m.ID, l, t.Title, t.Caption, t.Alt, t.Credit, foldedText(t))
		}
	}
	if err := rows.Flush(ctx); err != nil {
		return nil, err
	}
	return ids, said.Flush(ctx)
}

func (s *Store) update(ctx context.Context, tx *db.Tx, pub int64, m Media) error {
	n, err := tx.Exec(ctx, "UPDATE media SET kind = $3, mime = $4, file_name = $5, blob = $6, bytes = $7, sha256 = $8, width = $9,"+
		" height = $10, colour = $11, focal_x = $12, focal_y = $13, rights = $14, source_url = $15, always = $16"+
		" WHERE id = $1 AND publication_id = $2", m.ID, pub, m.Kind, m.Mime, m.FileName, m.Blob, m.Bytes, m.SHA256, m.Width,
		m.Height, m.Colour, m.FocalX, m.FocalY, m.Rights, m.SourceURL, m.Always)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "there is no medium %d", m.ID)
	}
	tx.Changed("media:" + strconv.FormatInt(m.ID, 10))
	return nil
}

// Show makes media public although no article uses them: portraits, logos.
func (s *Store) Show(ctx context.Context, tx *db.Tx, ids []int64) error {
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In([]any{true}, part)
		if _, err := tx.Exec(ctx, "UPDATE media SET always = $1 WHERE id IN ("+in+")", args...); err != nil {
			return err
		}
		for _, id := range part {
			tx.Changed("media:" + strconv.FormatInt(id, 10))
		}
	}
	return nil
}

// NewToken makes the part of an address that nobody can guess.
func NewToken() string { return strings.ToLower(rand.Text()) }
