package importer

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"dateline/internal/address"
	"dateline/internal/db"
)

// attached is an attachment's own page on the old site. It is led to the
// article that the file belongs to, once that is here; a file that belongs to
// none is led to itself.
type attached struct {
	id, parent int64
	key        string // of its address; empty: not of the old site
}

// maxAttached bounds what is remembered for this; beyond it attachments' own
// pages, which hardly anybody links to, are not led on.
const maxAttached = 300_000

func (r *run) attach(it *Item) {
	if it.ID == 0 || len(r.attachments) >= maxAttached {
		return
	}
	a := attached{id: it.ID, parent: it.Parent}
	if u, err := url.Parse(strings.TrimSpace(it.Link)); err == nil && u.Host != "" && address.Host(u.Host) == r.host {
		a.key = address.Key(u)
	}
	r.attachments = append(r.attachments, a)
}

// leadAttachments stores the addresses of attachments' pages.
func (r *run) leadAttachments(ctx context.Context) error {
	for list := r.attachments; len(list) > 0; {
		n := min(len(list), 200)
		part := list[:n]
		list = list[n:]
		var keys []string
		for _, a := range part {
			if a.parent != 0 {
				keys = append(keys, r.itemKeys(a.parent)...)
			}
		}
		have, err := knownItems(ctx, r.DB, r.source, "item", keys)
		if err != nil {
			return err
		}
		err = r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
			var out []address.Redirect
			for _, a := range part {
				out = append(out, r.attachedTo(a, have)...)
			}
			r.report.Taken.Redirects += len(out)
			return r.Addresses.AddRedirects(ctx, tx, out)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// itemKeys are the keys under which an old id may have been remembered.
func (r *run) itemKeys(id int64) []string {
	var out []string
	for _, kind := range []string{"post", "page"} {
		key := fmt.Sprintf("%s/%d", kind, id)
		out = append(out, key, key+"@"+r.def.Lang)
	}
	return out
}

func (r *run) attachedTo(a attached, have map[string]known) []address.Redirect {
	var to address.Target
	for _, key := range r.itemKeys(a.parent) {
		if k, ok := have[key]; ok && a.parent != 0 {
			to = address.Target{Kind: "article", ID: k.ref}
			break
		}
	}
	if to.Kind == "" {
		m, ok := r.files.byAttachment(a.id)
		if !ok {
			return nil
		}
		to = address.Target{Kind: "media", ID: m}
	}
	var out []address.Redirect
	if a.key != "" && a.key != address.Key(r.base) {
		out = append(out, r.leads(a.key, r.def.ID, to.Kind, to.ID))
	}
	return append(out, r.ways(fmt.Sprintf("/?attachment_id=%d", a.id), r.def.ID, to.Kind, to.ID)...)
}
