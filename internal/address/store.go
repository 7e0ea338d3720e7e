package address

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"dateline/internal/db"
)

// Store keeps addresses.
type Store struct {
	d *db.DB

	mu    sync.Mutex
	hosts map[int64]map[string]int64 // by publication and host; empty: not read yet
	epoch int                        // counts changes, so that what was read before one is not kept after it
}

// hostsTag is the name of a change of the older systems' hosts.
const hostsTag = "old-hosts"

// New gives the store of d.
func New(d *db.DB) *Store {
	s := &Store{d: d}
	d.OnChange(func(tags []string) {
		if slices.Contains(tags, hostsTag) || slices.Contains(tags, db.All) {
			s.mu.Lock()
			s.hosts = nil
			s.epoch++
			s.mu.Unlock()
		}
	})
	return s
}

type row struct {
	path    string
	target  Target
	current bool
}

func scanRow(s db.Scanner, r *row) error {
	return s.Scan(&r.path, &r.target.Kind, &r.target.ID, &r.current)
}

// Claim gives each claim its path: the one it asks for, or, where another
// thing has or had that one, the same with "-2", "-3" …. What the thing was
// called before stays its own and leads on. The paths come back in order.
//
// The transaction's other claims are seen, so a batch may hold rivals.
func (s *Store) Claim(ctx context.Context, tx *db.Tx, claims []Claim) ([]string, error) {
	got := make([]string, len(claims))
	byEdition := map[int64][]int{}
	for i, c := range claims {
		byEdition[c.Edition] = append(byEdition[c.Edition], i)
	}
	for edition, list := range byEdition {
		if err := s.claim(ctx, tx, edition, claims, list, got); err != nil {
			return nil, err
		}
	}
	return got, nil
}

func (s *Store) claim(ctx context.Context, tx *db.Tx, edition int64, claims []Claim, list []int, got []string) error {
	paths := make([]string, len(list))
	for k, i := range list {
		paths[k] = claims[i].Path
	}
	owner, err := s.owners(ctx, tx, edition, paths)
	if err != nil {
		return err
	}
	fresh := tx.Bulk("address", "edition_id, path, kind, ref_id, current", "")
	for _, i := range list {
		c := claims[i]
		path := c.Path
		for n := 2; ; n++ {
			o, taken := owner[path]
			if !taken || o.target == c.Target {
				break
			}
			path = c.Path + "-" + strconv.Itoa(n)
			if _, known := owner[path]; known {
				continue
			}
			more, err := s.owners(ctx, tx, edition, []string{path})
			if err != nil {
				return err
			}
			for p, o := range more {
				owner[p] = o
			}
		}
		got[i] = path
		o, had := owner[path]
		if had && o.current {
			continue // it has this very address already
		}
		if c.Fresh {
			fresh.Add(edition, path, c.Kind, c.ID, true)
			owner[path] = row{path: path, target: c.Target, current: true}
			continue
		}
		if err := s.retire(ctx, tx, edition, c.Target, path, had); err != nil {
			return err
		}
		if !had {
			fresh.Add(edition, path, c.Kind, c.ID, true)
		}
		owner[path] = row{path: path, target: c.Target, current: true}
	}
	return fresh.Flush(ctx)
}

// retire makes history of the address that a thing had, and of a path that it
// had before and takes again the present one.
func (s *Store) retire(ctx context.Context, tx *db.Tx, edition int64, t Target, path string, again bool) error {
	if _, err := tx.Exec(ctx, "UPDATE address SET current = $1 WHERE kind = $2 AND ref_id = $3 AND edition_id + 0 = $4 AND current",
		false, t.Kind, t.ID, edition); err != nil {
		return err
	}
	if !again {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE address SET current = $1 WHERE edition_id = $2 AND path = $3", true, edition, path)
	return err
}

func (s *Store) owners(ctx context.Context, q db.Querier, edition int64, paths []string) (map[string]row, error) {
	out := make(map[string]row, len(paths))
	for len(paths) > 0 {
		n := min(len(paths), 256)
		in, args := db.In([]any{edition}, paths[:n])
		rows, err := db.List(ctx, q, scanRow,
			"SELECT path, kind, ref_id, current FROM address WHERE edition_id = $1 AND path IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.path] = r
		}
		paths = paths[n:]
	}
	return out, nil
}

// Lookup tells what stands at a path, and whether it is its present address;
// fault NotFound when nothing does.
func (s *Store) Lookup(ctx context.Context, edition int64, path string) (Target, bool, error) {
	r, err := db.Get(ctx, s.d, scanRow,
		"SELECT path, kind, ref_id, current FROM address WHERE edition_id = $1 AND path = $2", edition, path)
	return r.target, r.current, err
}

// Paths gives the present paths of things in one edition; those that have
// none there are absent.
func (s *Store) Paths(ctx context.Context, kind string, edition int64, ids []int64) (map[int64]string, error) {
	out := make(map[int64]string, len(ids))
	in, args := db.In([]any{kind, edition}, ids)
	// "+ 0": SQLite would take the edition for the rarest of the three, and walk
	// through all of its addresses.
	rows, err := db.List(ctx, s.d, scanRow,
		"SELECT path, kind, ref_id, current FROM address WHERE kind = $1 AND edition_id + 0 = $2 AND current AND ref_id IN ("+in+")", args...)
	for _, r := range rows {
		out[r.target.ID] = r.path
	}
	return out, err
}

// yields is what happens to an address that is claimed a second time: the first
// keeps it. But where a list stood is guessed, and an article says it of itself.
const yields = "ON CONFLICT (publication_id, path, host) DO UPDATE SET seq = excluded.seq, edition_id = excluded.edition_id," +
	" kind = excluded.kind, ref_id = excluded.ref_id, url = excluded.url WHERE redirect.kind = 'topic' AND excluded.kind = 'article'"

func (r Redirect) yields(to Redirect) bool { return r.Kind == "topic" && to.Kind == "article" }

// AddRedirects keeps addresses of an older system. The first to claim a key
// keeps it, unless a list has it and an article claims it.
func (s *Store) AddRedirects(ctx context.Context, tx *db.Tx, list []Redirect) error {
	b := tx.Bulk("redirect", "publication_id, path, host, seq, edition_id, kind, ref_id, url", yields)
	first := make(map[rowKey]int, len(list)) // PostgreSQL refuses to touch a row twice in one statement
	for i, r := range list {
		key := rowKey{r.Publication, r.Path, r.Host}
		if at, ok := first[key]; !ok || list[at].yields(r) {
			first[key] = i
		}
	}
	for i, r := range list {
		if first[rowKey{r.Publication, r.Path, r.Host}] == i {
			b.Add(r.Publication, r.Path, r.Host, r.Seq, r.Edition, r.Kind, r.ID, r.URL)
		}
	}
	if err := b.Flush(ctx); err != nil {
		return err
	}
	if b.Written() > 0 {
		tx.Changed("redirects")
	}
	return nil
}

func scanRedirect(s db.Scanner, r *Redirect) error {
	return s.Scan(&r.Publication, &r.Path, &r.Host, &r.Seq, &r.Edition, &r.Kind, &r.ID, &r.URL)
}

const redirectColumns = "publication_id, path, host, seq, edition_id, kind, ref_id, url"

// rowKey is the primary key of redirect.
type rowKey struct {
	publication int64
	path, host  string
}

// Missing are those of a list that AddRedirects would write: whoever brings an
// archive again needs no transaction for what is here.
func (s *Store) Missing(ctx context.Context, list []Redirect) ([]Redirect, error) {
	type on struct {
		publication int64
		host        string
	}
	keys := map[on][]string{}
	for _, r := range list {
		at := on{r.Publication, r.Host}
		keys[at] = append(keys[at], r.Path)
	}
	have := make(map[rowKey]Redirect, len(list))
	for at, paths := range keys {
		found, err := s.OldMany(ctx, at.publication, at.host, paths)
		if err != nil {
			return nil, err
		}
		for path, r := range found {
			have[rowKey{at.publication, path, at.host}] = r
		}
	}
	var out []Redirect
	for _, r := range list {
		if old, ok := have[rowKey{r.Publication, r.Path, r.Host}]; !ok || old.yields(r) {
			out = append(out, r)
		}
	}
	return out, nil
}

// OldBelow reads the addresses of one older host below a path, in their order,
// a part: those behind after, which is the path and a slash at first.
func (s *Store) OldBelow(ctx context.Context, publication int64, host, path, after string, n int) ([]Redirect, error) {
	return db.List(ctx, s.d, scanRedirect, // "0" is what comes after "/"
		"SELECT "+redirectColumns+" FROM redirect WHERE publication_id = $1 AND host = $2 AND path > $3 AND path < $4 ORDER BY path LIMIT $5",
		publication, host, after, path+"0", n)
}

// Old finds an older system's address: on its own host if that is known, else
// on whichever site came first. fault NotFound when there is none.
func (s *Store) Old(ctx context.Context, publication int64, host, key string) (Redirect, error) {
	return db.Get(ctx, s.d, scanRedirect, "SELECT "+redirectColumns+" FROM redirect WHERE publication_id = $1 AND path = $2"+
		" ORDER BY CASE WHEN host = $3 THEN 0 ELSE 1 END, seq, host LIMIT 1", publication, key, host)
}

// OldOn finds an older system's address on its own host alone.
func (s *Store) OldOn(ctx context.Context, publication int64, host, key string) (Redirect, error) {
	return db.Get(ctx, s.d, scanRedirect, "SELECT "+redirectColumns+" FROM redirect WHERE publication_id = $1 AND path = $2 AND host = $3",
		publication, key, host)
}

// OldMany finds many addresses of one older host at once, by key.
func (s *Store) OldMany(ctx context.Context, publication int64, host string, keys []string) (map[string]Redirect, error) {
	out := make(map[string]Redirect, len(keys))
	for part := range slices.Chunk(keys, 256) {
		in, args := db.In([]any{publication, host}, part)
		rows, err := db.List(ctx, s.d, scanRedirect,
			"SELECT "+redirectColumns+" FROM redirect WHERE publication_id = $1 AND host = $2 AND path IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.Path] = r
		}
	}
	return out, nil
}

// PutHost keeps the host of an older system.
func (s *Store) PutHost(ctx context.Context, tx *db.Tx, h OldHost) error {
	n, err := tx.Exec(ctx, "INSERT INTO old_host (publication_id, host, edition_id) VALUES ($1, $2, $3)"+
		" ON CONFLICT (publication_id, host) DO UPDATE SET edition_id = excluded.edition_id WHERE old_host.edition_id <> excluded.edition_id",
		h.Publication, h.Host, h.Edition)
	if n > 0 {
		tx.Changed(hostsTag)
	}
	return err
}

// OldHosts are the hosts of older systems, from memory, each with the edition
// whose front page stands where that system's did. The map is shared: do not
// change it.
func (s *Store) OldHosts(ctx context.Context, publication int64) (map[string]int64, error) {
	s.mu.Lock()
	hosts, epoch := s.hosts[publication], s.epoch
	s.mu.Unlock()
	if hosts != nil {
		return hosts, nil
	}
	list, err := db.List(ctx, s.d, func(s db.Scanner, h *OldHost) error { return s.Scan(&h.Host, &h.Edition) },
		"SELECT host, edition_id FROM old_host WHERE publication_id = $1", publication)
	if err != nil {
		return nil, err
	}
	hosts = make(map[string]int64, len(list))
	for _, h := range list {
		hosts[h.Host] = h.Edition
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.epoch == epoch {
		if s.hosts == nil {
			s.hosts = map[int64]map[string]int64{}
		}
		s.hosts[publication] = hosts
	}
	return hosts, nil
}
