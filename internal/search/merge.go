package search

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/pace"
)

const (
	// fanIn parts of about one size become one.
	fanIn = 8
	// maxPart is how many articles a part holds at most; a part of these is
	// merged no more but to forget what has gone out of it.
	maxPart = 1 << 18
	// rowsPerTx of a merge are stored in one transaction: some 30 ms.
	rowsPerTx = 2000
	// maxGone places of an edition may be gone before every part is written anew
	// without them: each search reads them.
	maxGone = 2000
	// lingers is how long a merged part stays for searches under way.
	lingers = time.Minute
	// askEvery is for how long upkeep remembers whether an import runs. To ask takes up
	// to half a millisecond, and work between two rests may take but ten.
	askEvery = time.Second
	// fillBatch is how many articles are indexed in one transaction.
	fillBatch = 32
)

// upkeep is work that nobody waits for.
type upkeep struct {
	d     *db.DB
	slow  bool      // an import runs, at its slow pace: two of that kind would be felt again
	asked time.Time // when that was looked up
	began time.Time
}

func (s *Store) upkeep() *upkeep { return &upkeep{d: s.d, began: time.Now()} }

// tx runs f in a transaction.
func (u *upkeep) tx(ctx context.Context, f func(*db.Tx) error) error {
	if err := u.d.Tx(ctx, db.Jobs, f); err != nil {
		return err
	}
	return u.step(ctx)
}

// step rests, where it has to, for what was worked since the last rest.
func (u *upkeep) step(ctx context.Context) error {
	worked := time.Since(u.began)
	if worked < pace.Stretch {
		return ctx.Err()
	}
	if time.Since(u.asked) >= askEvery {
		u.slow, u.asked = u.d.Held(ctx, db.Importing), time.Now()
	}
	err := ctx.Err()
	if u.slow {
		err = pace.Sleep(ctx, pace.Rest*worked)
	}
	u.began = time.Now() // what was worked while nothing ran is no debt to an import that begins
	return err
}

// Maintain indexes what is not indexed yet and merges parts. One process does
// it at a time; others find nothing to do. An import that runs will index what
// it brings; what one left that broke off comes after it.
func (s *Store) Maintain(ctx context.Context) error {
	release, err := s.d.Exclusive(ctx, "search")
	if err != nil {
		return nil // somebody else is at it
	}
	defer release()
	if !s.d.Held(ctx, db.Importing) {
		if err := s.Fill(ctx); err != nil {
			return err
		}
	}
	up := s.upkeep()
	if err := s.mergeAll(ctx, up); err != nil {
		return err
	}
	return s.sweep(ctx, up)
}

// Fill indexes public and scheduled articles that are not in the index as this
// program makes it: all of a database from before there was one, those of an
// import that broke off.
func (s *Store) Fill(ctx context.Context) error {
	for above := int64(0); ; {
		ids, err := missing(ctx, s.d, above, fillBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		above = ids[len(ids)-1]
		if err := s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error { return s.fill(ctx, tx, ids) }); err != nil {
			return err
		}
	}
}

func (s *Store) fill(ctx context.Context, tx *db.Tx, ids []int64) error {
	from, err := publicOf(ctx, tx, ids) // nobody changes them until we are done
	if err != nil {
		return err
	}
	langs, err := languages(ctx, tx)
	if err != nil {
		return err
	}
	said, err := s.said(ctx, tx, ids)
	if err != nil {
		return err
	}
	var list []*indexed
	for _, id := range ids {
		if _, ok := from[id]; !ok {
			continue
		}
		a, err := s.articles.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		c, doc, err := s.articles.ReadLive(ctx, tx, a, article.Anyone)
		if err != nil && !fault.Is(err, fault.Forbidden) {
			return err
		}
		if err := s.articles.Follow(ctx, tx, &c); err != nil {
			return err
		}
		x, err := s.prepare(langs[a.Edition], article.Outcome{ID: id, Edition: a.Edition, Kind: a.Kind, Public: true,
			VisibleFrom: a.VisibleFrom, Content: &c, Body: doc}, said[id])
		if err != nil {
			return err
		}
		list = append(list, x)
	}
	old, err := stored(ctx, tx, ids)
	if err != nil {
		return err
	}
	list, err = s.renewed(ctx, tx, list, old)
	if err != nil {
		return err
	}
	if err := drop(ctx, tx, old); err != nil {
		return err
	}
	return s.enter(ctx, tx, list)
}

// renewed gives those whose terms are not as they stand in the index. Of the
// others, which it takes from old, only words are stored, as they are written.
func (s *Store) renewed(ctx context.Context, tx *db.Tx, list []*indexed, old map[int64]kept) ([]*indexed, error) {
	words := map[int64]map[string]string{}
	var same []int64
	list = slices.DeleteFunc(list, func(x *indexed) bool {
		o, ok := old[x.article]
		if !ok || o.hash != x.hash {
			return false
		}
		if words[x.edition] == nil {
			words[x.edition] = map[string]string{}
		}
		maps.Copy(words[x.edition], x.words)
		delete(old, x.article)
		same = append(same, x.article)
		return true
	})
	for _, ed := range slices.Sorted(maps.Keys(words)) {
		if err := s.remember(ctx, tx, ed, words[ed]); err != nil {
			return nil, err
		}
	}
	return list, upToDate(ctx, tx, same)
}

// mergeAll makes one part of many small ones, until there are few.
func (s *Store) mergeAll(ctx context.Context, up *upkeep) error {
	editions, err := partEditions(ctx, s.d)
	if err != nil {
		return err
	}
	for _, id := range editions {
		for {
			parts, err := liveParts(ctx, s.d, id)
			if err != nil {
				return err
			}
			pick := worthMerging(parts)
			if pick == nil {
				if err := s.forget(ctx, up, id, parts); err != nil {
					return err
				}
				break
			}
			if err := s.merge(ctx, up, id, pick); err != nil {
				return err
			}
		}
	}
	return nil
}

// forget writes parts anew without what has gone, once that is much.
func (s *Store) forget(ctx context.Context, up *upkeep, edition int64, parts []part) error {
	gone, err := s.goneBetween(ctx, second(edition, -epoch), second(edition, epoch-1)+slots-1)
	if err != nil || len(gone) <= maxGone {
		return err
	}
	for _, p := range parts {
		if err := s.merge(ctx, up, edition, []part{p}); err != nil {
			return err
		}
	}
	return nil
}

// level of a part: parts of one level are within a factor of fanIn.
func level(docs int64) int {
	n := 0
	for docs >= fanIn {
		docs /= fanIn
		n++
	}
	return n
}

// worthMerging picks parts of one level, the lowest that has fanIn of them. What
// would become too large is left.
func worthMerging(parts []part) []part {
	byLevel := map[int][]part{}
	lowest := -1
	for _, p := range parts {
		if p.docs >= maxPart/2 {
			continue
		}
		l := level(p.docs)
		if byLevel[l] = append(byLevel[l], p); len(byLevel[l]) >= fanIn && (lowest < 0 || l < lowest) {
			lowest = l
		}
	}
	if lowest < 0 {
		return nil
	}
	pick := byLevel[lowest]
	slices.SortFunc(pick, func(a, b part) int { return cmp.Or(cmp.Compare(a.docs, b.docs), cmp.Compare(a.id, b.id)) })
	sum, n := int64(0), 0
	for n < len(pick) && sum+pick[n].docs <= maxPart && n < 8*fanIn {
		sum += pick[n].docs
		n++
	}
	return pick[:max(n, 2)]
}

// stream reads a part's rows in the order of terms.
type stream struct {
	part int64
	rows []row
	term string
	low  int64
	end  bool
}

func (x *stream) head(ctx context.Context, s *Store) (*row, error) {
	if len(x.rows) == 0 && !x.end {
		var err error
		if x.rows, err = s.rowsAfter(ctx, x.part, x.term, x.low, 200); err != nil {
			return nil, err
		}
		x.end = len(x.rows) == 0
	}
	if x.end {
		return nil, nil
	}
	return &x.rows[0], nil
}

func (x *stream) pop() {
	x.term, x.low = x.rows[0].term, x.rows[0].low
	x.rows = x.rows[1:]
}

// full is a posting with its places.
type full struct {
	post
	places []byte
}

// merge makes one part of several. The new one is seen, and the old ones are
// not, from one transaction on.
func (s *Store) merge(ctx context.Context, up *upkeep, edition int64, parts []part) error {
	gone, err := s.goneBetween(ctx, second(edition, -epoch), second(edition, epoch-1)+slots-1)
	if err != nil {
		return err
	}
	var into int64
	err = up.tx(ctx, func(tx *db.Tx) error {
		into, err = newPart(ctx, tx, edition, 0, "making", s.d.Now())
		return err
	})
	if err != nil {
		return err
	}
	streams := make([]*stream, len(parts))
	for i, p := range parts {
		streams[i] = &stream{part: p.id}
	}
	left := map[int64]bool{}  // what had gone, and is in none of the parts any more
	alive := map[int64]bool{} // what is in the new part
	var out []row
	flush := func() error {
		if len(out) == 0 {
			return nil
		}
		err := up.tx(ctx, func(tx *db.Tx) error {
			bulk := postings(tx)
			for _, r := range out {
				bulk.Add(into, r.term, r.low, r.posts, r.places)
			}
			return bulk.Flush(ctx)
		})
		out = out[:0]
		return err
	}
	var list []full
	for {
		if err := up.step(ctx); err != nil {
			return err
		}
		term, any := "", false
		for _, x := range streams {
			r, err := x.head(ctx, s)
			if err != nil {
				return err
			}
			if r != nil && (!any || r.term < term) {
				term, any = r.term, true
			}
		}
		if !any {
			break
		}
		list = list[:0]
		for _, x := range streams {
			for {
				r, err := x.head(ctx, s)
				if err != nil {
					return err
				}
				if r == nil || r.term != term {
					break
				}
				if list, err = appendFull(list, r); err != nil {
					return err
				}
				x.pop()
			}
		}
		slices.SortFunc(list, func(a, b full) int { return cmp.Compare(b.doc, a.doc) })
		var p packer
		for _, f := range list {
			if gone[f.doc] {
				left[f.doc] = true
				continue
			}
			alive[f.doc] = true
			if p.add(f.doc, f.flags, f.places); p.n == perRow {
				out = p.end(out, term)
			}
		}
		out = p.end(out, term)
		if len(out) >= rowsPerTx {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return up.tx(ctx, func(tx *db.Tx) error { return replaceParts(ctx, tx, into, len(alive), parts, left, s.d.Now()) })
}

func appendFull(list []full, r *row) ([]full, error) {
	posts, err := unpack(nil, r.low, r.posts)
	if err != nil {
		return list, err
	}
	rest := r.places
	for _, p := range posts {
		size, n := varint(rest)
		if n == 0 || uint64(len(rest)-n) < size {
			return list, errBroken
		}
		list = append(list, full{p, rest[n : n+int(size)]})
		rest = rest[n+int(size):]
	}
	return list, nil
}

// sweep removes the rows of parts that are merged, and of merges that broke off.
func (s *Store) sweep(ctx context.Context, up *upkeep) error {
	dead, err := deadParts(ctx, s.d, s.d.Now().Add(-lingers))
	if err != nil {
		return err
	}
	for _, id := range dead {
		for more := true; more; {
			err := up.tx(ctx, func(tx *db.Tx) error {
				var err error
				more, err = removeSome(ctx, tx, id, rowsPerTx)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
