package importer

import (
	"context"
	"encoding/binary"
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
	if it.ID == 0 || r.attachments.n >= maxAttached {
		return
	}
	a := attached{id: it.ID, parent: it.Parent}
	if u, err := url.Parse(strings.TrimSpace(it.Link)); err == nil && u.Host != "" && address.Host(u.Host) == r.host {
		a.key = address.Key(u)
	}
	r.attachments.add(a)
}

// attachments are kept one behind the other in blocks, in some thirty bytes
// each: there may be many of them.
type attachments struct {
	n      int
	blocks [][]byte
}

const attachedBlock = 64 << 10

func (l *attachments) add(a attached) {
	l.n++
	last := len(l.blocks) - 1
	if size := 3*binary.MaxVarintLen64 + len(a.key); last < 0 || len(l.blocks[last])+size > cap(l.blocks[last]) {
		l.blocks = append(l.blocks, make([]byte, 0, max(attachedBlock, size)))
		last++
	}
	b := l.blocks[last]
	for _, n := range []int64{a.id, a.parent, int64(len(a.key))} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	l.blocks[last] = append(b, a.key...)
}

// each gives them back in parts.
func (l *attachments) each(part int, f func([]attached) error) error {
	var list []attached
	for _, b := range l.blocks {
		for len(b) > 0 {
			var v [3]uint64
			for i := range v {
				n, size := binary.Uvarint(b)
				v[i], b = n, b[size:]
			}
			list = append(list, attached{id: int64(v[0]), parent: int64(v[1]), key: string(b[:v[2]])})
			b = b[v[2]:]
			if len(list) == part {
				if err := f(list); err != nil {
					return err
				}
				list = list[:0]
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return f(list)
}

// leadAttachments stores the addresses of attachments' pages.
func (r *run) leadAttachments(ctx context.Context) error {
	return r.attachments.each(200, func(part []attached) error {
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
		return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
			var out []address.Redirect
			for _, a := range part {
				out = append(out, r.attachedTo(a, have)...)
			}
			r.report.Taken.Redirects += len(out)
			return r.Addresses.AddRedirects(ctx, tx, out)
		})
	})
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
