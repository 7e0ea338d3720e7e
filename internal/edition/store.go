package edition

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Store keeps the publication and its editions.
type Store struct {
	d *db.DB

	mu     sync.Mutex
	site   *Site
	values *Values
	epoch  int // counts changes, so that what was read before one is not kept after it
}

// New gives the store of d.
func New(d *db.DB) *Store {
	s := &Store{d: d}
	d.OnChange(func(tags []string) {
		if concernsMemory(tags) {
			s.mu.Lock()
			s.site, s.values = nil, nil
			s.epoch++
			s.mu.Unlock()
		}
	})
	return s
}

// Site gives the publication and its editions from memory; fault NotFound when
// nothing was set up. The slices are shared: do not change them.
func (s *Store) Site(ctx context.Context) (Site, error) {
	s.mu.Lock()
	site, epoch := s.site, s.epoch
	s.mu.Unlock()
	if site != nil {
		return *site, nil
	}
	fresh, err := Read(ctx, s.d)
	if err != nil {
		return Site{}, err
	}
	s.mu.Lock()
	if s.epoch == epoch {
		s.site = &fresh
	}
	s.mu.Unlock()
	return fresh, nil
}

// Read reads the publication and its editions through q, inside a transaction
// if q is one; fault NotFound when nothing was set up.
func Read(ctx context.Context, q db.Querier) (Site, error) {
	p, err := db.Get(ctx, q, func(s db.Scanner, p *Publication) error {
		return s.Scan(&p.ID, &p.Key, &p.DefaultEdition, &p.Zone, &p.Naming.Host, &p.Naming.Date)
	}, "SELECT id, key, coalesce(default_edition_id, 0), zone, naming_host, naming_date FROM publication ORDER BY id LIMIT 1")
	if err != nil {
		return Site{}, err
	}
	site := Site{Publication: p}
	site.Editions, err = Editions(ctx, q, p.ID)
	return site, err
}

// Editions reads the editions of a publication, the default one first.
func Editions(ctx context.Context, q db.Querier, pub int64) ([]Edition, error) {
	var def int64
	site := Site{}
	var err error
	site.Editions, err = db.List(ctx, q, func(s db.Scanner, e *Edition) error {
		return s.Scan(&e.ID, &e.PublicationID, &e.Lang, &e.Position, &e.Name, &e.Tagline, &e.Colophon, &e.PlaceID, &def)
	}, "SELECT e.id, e.publication_id, e.lang, e.position, e.name, e.tagline, e.colophon, coalesce(e.place_id, 0),"+
		" coalesce(p.default_edition_id, 0) FROM edition e JOIN publication p ON p.id = e.publication_id"+
		" WHERE e.publication_id = $1 ORDER BY e.position, e.id", pub)
	if err != nil {
		return nil, err
	}
	site.Publication.DefaultEdition = def
	site.arrange()
	slices.SortStableFunc(site.Editions, rank)
	type pair struct {
		host    string
		edition int64
	}
	hosts, err := db.List(ctx, q, func(s db.Scanner, p *pair) error { return s.Scan(&p.host, &p.edition) },
		"SELECT h.host, h.edition_id FROM edition_host h JOIN edition e ON e.id = h.edition_id"+
			" WHERE e.publication_id = $1 ORDER BY h.host", pub)
	if err != nil {
		return nil, err
	}
	for i := range site.Editions {
		for _, h := range hosts {
			if h.edition == site.Editions[i].ID {
				site.Editions[i].Hosts = append(site.Editions[i].Hosts, h.host)
			}
		}
	}
	return site.Editions, nil
}

// Setup makes a publication with its editions; fault Conflict when there is one
// of that key.
func (s *Store) Setup(ctx context.Context, tx *db.Tx, in PublicationInput) (Site, error) {
	if in.Key == "" || len(in.Editions) == 0 {
		return Site{}, fault.New(fault.Invalid, "a publication needs a key and an edition")
	}
	if err := checkZone(in.Zone); err != nil {
		return Site{}, err
	}
	pub, err := db.Get(ctx, tx, db.One[int64], "INSERT INTO publication (key, zone, created_at) VALUES ($1, $2, $3) RETURNING id",
		in.Key, in.Zone, tx.DB().Now().UnixMilli())
	if err != nil {
		return Site{}, err
	}
	var def int64
	for i, e := range in.Editions {
		made, err := s.insert(ctx, tx, pub, i, e)
		if err != nil {
			return Site{}, err
		}
		if def == 0 || strings.EqualFold(e.Lang, in.DefaultLang) {
			def = made
		}
	}
	if err := s.SetDefault(ctx, tx, pub, def); err != nil {
		return Site{}, err
	}
	site := Site{Publication: Publication{ID: pub, Key: in.Key, DefaultEdition: def, Zone: in.Zone}}
	site.Editions, err = Editions(ctx, tx, pub)
	return site, err
}

func (s *Store) insert(ctx context.Context, tx *db.Tx, pub int64, position int, in EditionInput) (int64, error) {
	tag, err := canonical(in.Lang)
	if err != nil {
		return 0, err
	}
	id, err := db.Get(ctx, tx, db.One[int64], "INSERT INTO edition (publication_id, lang, position, name, tagline, colophon, place_id)"+
		" VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id", pub, tag, position, in.Name, in.Tagline, in.Colophon, orNull(in.PlaceID))
	if err != nil {
		return 0, err
	}
	return id, s.putHosts(ctx, tx, id, in.Hosts)
}

func (s *Store) putHosts(ctx context.Context, tx *db.Tx, id int64, hosts []string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM edition_host WHERE edition_id = $1", id); err != nil {
		return err
	}
	for _, h := range hosts {
		if _, err := tx.Exec(ctx, "INSERT INTO edition_host (host, edition_id) VALUES ($1, $2)", strings.ToLower(h), id); err != nil {
			return err
		}
	}
	return nil
}

// AddEdition makes one more edition; fault Conflict when there is one of that
// language. Rooms that have an address in every edition (topic, author) claim
// theirs with Readdress afterwards.
func (s *Store) AddEdition(ctx context.Context, tx *db.Tx, pub int64, in EditionInput) (Edition, error) {
	next, err := db.Get(ctx, tx, db.One[int], "SELECT coalesce(max(position), -1) + 1 FROM edition WHERE publication_id = $1", pub)
	if err != nil {
		return Edition{}, err
	}
	id, err := s.insert(ctx, tx, pub, next, in)
	if err != nil {
		return Edition{}, err
	}
	tx.Changed("settings", "publication")
	list, err := Editions(ctx, tx, pub)
	if err != nil {
		return Edition{}, err
	}
	e, _ := Site{Editions: list}.ByID(id)
	return e, nil
}

// Langs reads the language of every edition by its id; inside a transaction,
// also of those that it makes.
func Langs(ctx context.Context, q db.Querier) (map[int64]string, error) {
	type pair struct {
		id   int64
		lang string
	}
	list, err := db.List(ctx, q, func(s db.Scanner, p *pair) error { return s.Scan(&p.id, &p.lang) }, "SELECT id, lang FROM edition")
	out := make(map[int64]string, len(list))
	for _, p := range list {
		out[p.id] = p.lang
	}
	return out, err
}

// UpdateEdition stores names, texts, place, position and hosts of an edition.
// Its language and publication never change.
func (s *Store) UpdateEdition(ctx context.Context, tx *db.Tx, e Edition) error {
	n, err := tx.Exec(ctx, "UPDATE edition SET position = $2, name = $3, tagline = $4, colophon = $5, place_id = $6 WHERE id = $1",
		e.ID, e.Position, e.Name, e.Tagline, e.Colophon, orNull(e.PlaceID))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "there is no edition %d", e.ID)
	}
	tx.Changed("settings", "publication")
	return s.putHosts(ctx, tx, e.ID, e.Hosts)
}

// SetDefault makes an edition the one without a prefix.
func (s *Store) SetDefault(ctx context.Context, tx *db.Tx, pub, edition int64) error {
	n, err := tx.Exec(ctx, "UPDATE publication SET default_edition_id = $2 WHERE id = $1"+
		" AND EXISTS (SELECT 1 FROM edition WHERE id = $2 AND publication_id = $1)", pub, edition)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "publication %d has no edition %d", pub, edition)
	}
	tx.Changed("settings", "publication")
	return nil
}

// SetZone sets the zone that decides the days of articles published from now
// on; the days of older ones are frozen.
func (s *Store) SetZone(ctx context.Context, tx *db.Tx, pub int64, zone string) error {
	if err := checkZone(zone); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE publication SET zone = $2 WHERE id = $1", pub, zone)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "there is no publication %d", pub)
	}
	tx.Changed("settings", "publication")
	return nil
}

func orNull(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// Announcements gives what the editors tell readers at now, the newest first,
// and the instant at which the clock alone changes that (zero: never).
func (s *Store) Announcements(ctx context.Context, editionID int64, now time.Time) ([]Announcement, time.Time, error) {
	all, err := db.List(ctx, s.d, func(s db.Scanner, a *Announcement) error {
		var begins, ends int64
		err := s.Scan(&a.ID, &a.EditionID, &a.Kind, &a.Text, &a.URL, &begins, &ends)
		a.Begins, a.Ends = time.UnixMilli(begins).UTC(), time.UnixMilli(ends).UTC()
		return err
	}, "SELECT id, edition_id, kind, text, url, begins_at, ends_at FROM announcement"+
		" WHERE edition_id = $1 AND ends_at > $2 ORDER BY begins_at DESC, id DESC", editionID, now.UnixMilli())
	if err != nil {
		return nil, time.Time{}, err
	}
	var current []Announcement
	var next time.Time
	for _, a := range all {
		turn := a.Begins
		if !a.Begins.After(now) {
			current, turn = append(current, a), a.Ends
		}
		if next.IsZero() || turn.Before(next) {
			next = turn
		}
	}
	return current, next, nil
}

// PutAnnouncement stores an announcement, a new one when its ID is 0.
func (s *Store) PutAnnouncement(ctx context.Context, tx *db.Tx, a Announcement) (int64, error) {
	if err := a.check(); err != nil {
		return 0, err
	}
	tx.Changed(tag(a.EditionID))
	if a.ID == 0 {
		return db.Get(ctx, tx, db.One[int64], "INSERT INTO announcement (edition_id, kind, text, url, begins_at, ends_at)"+
			" VALUES ($1, $2, $3, $4, $5, $6) RETURNING id", a.EditionID, a.Kind, a.Text, a.URL, a.Begins.UnixMilli(), a.Ends.UnixMilli())
	}
	n, err := tx.Exec(ctx, "UPDATE announcement SET kind = $3, text = $4, url = $5, begins_at = $6, ends_at = $7 WHERE id = $1 AND edition_id = $2",
		a.ID, a.EditionID, a.Kind, a.Text, a.URL, a.Begins.UnixMilli(), a.Ends.UnixMilli())
	if err == nil && n == 0 {
		return 0, fault.New(fault.NotFound, "edition %d has no announcement %d", a.EditionID, a.ID)
	}
	return a.ID, err
}

// FollowLinks lists where else the edition can be followed, in order.
func (s *Store) FollowLinks(ctx context.Context, editionID int64) ([]FollowLink, error) {
	return followLinks(ctx, s.d, editionID)
}

func followLinks(ctx context.Context, q db.Querier, editionID int64) ([]FollowLink, error) {
	return db.List(ctx, q, func(s db.Scanner, l *FollowLink) error { return s.Scan(&l.Kind, &l.Name, &l.URL) },
		"SELECT kind, name, url FROM follow_link WHERE edition_id = $1 ORDER BY position, id", editionID)
}

// PutFollowLinks replaces the list.
func (s *Store) PutFollowLinks(ctx context.Context, tx *db.Tx, editionID int64, links []FollowLink) error {
	if _, err := tx.Exec(ctx, "DELETE FROM follow_link WHERE edition_id = $1", editionID); err != nil {
		return err
	}
	b := tx.Bulk("follow_link", "edition_id, position, kind, name, url", "")
	for i, l := range links {
		if !safeURL(l.URL) {
			return fault.Field("url", "%q is no address to lead readers to", l.URL)
		}
		b.Add(editionID, i, l.Kind, l.Name, l.URL)
	}
	tx.Changed(tag(editionID))
	return b.Flush(ctx)
}

func tag(editionID int64) string { return "edition:" + strconv.FormatInt(editionID, 10) }
