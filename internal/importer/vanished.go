package importer

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
)

// met tells which items of earlier runs this one met again. Of each it keeps a
// bit: how many were not met is exact; which, all but a few in a hundred.
type met struct {
	of, n int // items that earlier runs stored, and of these met
	bits  []uint64
}

// metBits are two megabytes, for archives of a million items.
const metBits = 1 << 24

// meet begins to look for what earlier runs brought.
func (r *run) meet(ctx context.Context) (*met, error) {
	n, err := countKnown(ctx, r.DB, r.source, "item")
	m := &met{of: n}
	if n > 0 {
		m.bits = make([]uint64, metBits/64)
	}
	return m, err
}

func (m *met) place(key string) (word int, bit uint64) {
	h := fnv.New32a()
	io.WriteString(h, key)
	at := h.Sum32() % metBits
	return int(at / 64), 1 << (at % 64)
}

// add notes an item of an earlier run.
func (m *met) add(key string) {
	m.mark(key)
	m.n++
}

// mark keeps an item from being named as vanished: also one that this run
// brought, which stands among those of earlier runs when these are looked for.
func (m *met) mark(key string) {
	if m.bits == nil {
		return
	}
	word, bit := m.place(key)
	m.bits[word] |= bit
}

func (m *met) has(key string) bool {
	word, bit := m.place(key)
	return m.bits[word]&bit != 0
}

// maxNamedGone of what vanished are named.
const maxNamedGone = 10

// noteVanished tells of what earlier runs brought and this export does not
// have. It stays: an export of a part of a site has most things not.
func (r *run) noteVanished(ctx context.Context) error {
	gone := r.met.of - r.met.n
	if gone <= 0 {
		return nil
	}
	var names []string
	for after, more := "", true; more && len(names) < maxNamedGone; {
		page, err := knownAfter(ctx, r.DB, r.source, "item", after, maxBatch)
		if err != nil {
			return err
		}
		var ids []int64
		for _, k := range page {
			if after = k.key; !r.met.has(k.key) {
				ids = append(ids, k.ref)
			}
		}
		more = len(page) == maxBatch
		public, err := r.Articles.PublicByIDs(ctx, ids, r.now)
		if err != nil {
			return err
		}
		for _, a := range public {
			names = append(names, "“"+a.Headline+"”")
		}
	}
	why := fmt.Sprintf("%d articles or pages that earlier imports brought are not in this export; they stay here as they are", gone)
	if len(names) > 0 {
		dots := ""
		if len(names) > maxNamedGone {
			names, dots = names[:maxNamedGone], " …"
		}
		why += ", and readers can see: " + strings.Join(names, ", ") + dots
	}
	r.note(Note{Level: LevelLeft, Kind: string(Post), Why: why})
	return nil
}
