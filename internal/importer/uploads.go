package importer

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/address"
	"dateline/internal/db"
)

// led is the old address of a file that we have.
type led struct {
	key   string
	media int64
}

// fileKey is the old address of a file as redirects keep it; empty for one of
// another host. Addresses without a host are the old site's.
func (r *run) fileKey(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Opaque != "" || u.Host == "" && !strings.HasPrefix(u.Path, "/") || u.Host != "" && address.Host(u.Host) != r.host {
		return ""
	}
	u.RawQuery = "" // "?ver=2" names nothing
	if key := address.Key(u); key != "/" {
		return key
	}
	return ""
}

// leadFiles stores old addresses of files, in transactions of their own: a file
// is taken in one, and many addresses are cheaper together. What a crash leaves
// out the next run stores, because it asks for every one.
func (r *run) leadFiles(ctx context.Context, list []led) error {
	for part := range slices.Chunk(list, maxBatch) {
		out := make([]address.Redirect, 0, len(part))
		for _, l := range part {
			out = append(out, r.leads(l.key, r.def.ID, "media", l.media))
		}
		err := r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error { return r.Addresses.AddRedirects(ctx, tx, out) })
		if err != nil {
			return err
		}
		r.report.Taken.Redirects += len(out)
	}
	return nil
}
