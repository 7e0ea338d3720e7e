package importer

import (
	"context"
	"strings"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// source finds or makes the row of an old site.
func source(ctx context.Context, tx *db.Tx, publication int64, host, url string) (int64, error) {
	id, err := db.Get(ctx, tx, db.One[int64], "SELECT id FROM import_source WHERE publication_id = $1 AND url = $2", publication, url)
	if !fault.Is(err, fault.NotFound) {
		return id, err
	}
	return db.Get(ctx, tx, db.One[int64],
		"INSERT INTO import_source (publication_id, host, url) VALUES ($1, $2, $3) RETURNING id", publication, host, url)
}

// settingsOf are the zone and the place with which an old site was imported
// before.
func settingsOf(ctx context.Context, q db.Querier, publication int64, url string) (map[string]string, error) {
	rows, err := db.List(ctx, q, scanKnown, "SELECT i.key, i.ref_id, i.hash, i.revision FROM import_item i"+
		" JOIN import_source s ON s.id = i.source_id WHERE s.publication_id = $1 AND s.url = $2 AND i.kind = 'setting'", publication, url)
	out := make(map[string]string, len(rows))
	for _, k := range rows {
		out[k.key] = k.hash
	}
	return out, err
}

// known is what an earlier run stored of an item.
type known struct {
	key      string
	ref      int64
	hash     string
	revision int
}

func scanKnown(s db.Scanner, k *known) error { return s.Scan(&k.key, &k.ref, &k.hash, &k.revision) }

// knownItems finds the items of a kind that an earlier run stored.
func knownItems(ctx context.Context, q db.Querier, source int64, kind string, keys []string) (map[string]known, error) {
	out := make(map[string]known, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), 256)
		in, args := db.In([]any{source, kind}, keys[:n])
		rows, err := db.List(ctx, q, scanKnown,
			"SELECT key, ref_id, hash, revision FROM import_item WHERE source_id = $1 AND kind = $2 AND key IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, k := range rows {
			out[k.key] = k
		}
		keys = keys[n:]
	}
	return out, nil
}

// knownBelow finds the items of a kind whose key begins with that of another
// and a slash.
func knownBelow(ctx context.Context, q db.Querier, source int64, kind, key string) (map[string]known, error) {
	rows, err := db.List(ctx, q, scanKnown, // "0" is what comes after "/"
		"SELECT key, ref_id, hash, revision FROM import_item WHERE source_id = $1 AND kind = $2 AND key > $3 AND key < $4",
		source, kind, key+"/", key+"0")
	out := make(map[string]known, len(rows))
	for _, k := range rows {
		if !strings.Contains(k.key[len(key)+1:], "/") { // of "post/7/slug" when asked for "post/7"
			out[k.key] = k
		}
	}
	return out, err
}

// knownAfter reads the items of a kind in the order of their keys, a part.
func knownAfter(ctx context.Context, q db.Querier, source int64, kind, after string, n int) ([]known, error) {
	return db.List(ctx, q, scanKnown,
		"SELECT key, ref_id, hash, revision FROM import_item WHERE source_id = $1 AND kind = $2 AND key > $3 ORDER BY key LIMIT $4",
		source, kind, after, n)
}

// eachKnown reads every item of a kind in parts.
func eachKnown(ctx context.Context, q db.Querier, source int64, kind string, f func([]known) error) error {
	for after := ""; ; {
		page, err := knownAfter(ctx, q, source, kind, after, 512)
		if err == nil && len(page) > 0 {
			err = f(page)
		}
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].key
	}
}

// countKnown counts the items of a kind that earlier runs stored.
func countKnown(ctx context.Context, q db.Querier, source int64, kind string) (int, error) {
	return db.Get(ctx, q, db.One[int], "SELECT count(*) FROM import_item WHERE source_id = $1 AND kind = $2", source, kind)
}

// allKnown reads every item of a kind: for kinds of which there are few.
func allKnown(ctx context.Context, q db.Querier, source int64, kind string) (map[string]known, error) {
	rows, err := db.List(ctx, q, scanKnown,
		"SELECT key, ref_id, hash, revision FROM import_item WHERE source_id = $1 AND kind = $2", source, kind)
	out := make(map[string]known, len(rows))
	for _, k := range rows {
		out[k.key] = k
	}
	return out, err
}

// remember notes items of a kind as stored.
func remember(ctx context.Context, tx *db.Tx, source int64, kind string, list []known) error {
	b := tx.Bulk("import_item", "source_id, kind, key, ref_id, hash, revision",
		"ON CONFLICT (source_id, kind, key) DO UPDATE SET ref_id = excluded.ref_id, hash = excluded.hash, revision = excluded.revision")
	seen := map[string]bool{}
	for _, k := range list {
		if seen[k.key] { // PostgreSQL refuses to touch a row twice in one statement
			continue
		}
		seen[k.key] = true
		b.Add(source, kind, k.key, k.ref, k.hash, k.revision)
	}
	return b.Flush(ctx)
}
