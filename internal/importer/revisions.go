package importer

import (
	"context"
	"slices"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
)

// Revisions are a chain in which each names the one before it, so an earlier
// text cannot be put below a later one. What an export has of earlier texts
// therefore comes before the articles, each as a revision of a draft that
// takeItems finds and brings to its last text and state; so no more than a
// batch of them is in memory, wherever in the files they stand. Nobody saw
// these revisions here: they never were live.

// revised is an article of which the export has earlier texts.
type revised struct {
	key       string   // under which it is remembered
	others    []string // or was, before something changed at the source (see keysOf)
	group     string
	kind      Kind
	edition   int64
	published time.Time
}

// maxRevised bounds the articles of which earlier texts are taken: some 20 MB.
const maxRevised = 100_000

// pending stands for what an item says as long as only earlier texts of it are
// stored.
const pending = ""

// earlier is an earlier text on its way.
type earlier struct {
	job
	of *revised
}

const (
	whyLate   = "earlier texts that the old site has kept since the article was first imported; ours has revisions of its own"
	whyOrphan = "earlier texts of what is not taken"
	whyMany   = "earlier texts of more articles than the import can hold in memory"
	whyAuto   = "texts that WordPress had saved by itself while somebody wrote"
	whyTaken  = "earlier texts are revisions of their articles, which no reader sees"
)

// takeRevisions stores the earlier texts of articles.
func (r *run) takeRevisions(ctx context.Context) error {
	if r.head.Revisions == 0 {
		return nil
	}
	of, err := r.findRevised(ctx)
	if err != nil {
		return err
	}
	var batch []*earlier
	var failed error // of ours, not of the files
	flush := func() error {
		list := batch
		batch = nil
		if failed = r.opt.Pace.Step(ctx); failed != nil || len(list) == 0 {
			return failed
		}
		if failed = r.putRevisions(ctx, list); failed == nil || ctx.Err() != nil || !storable(failed) {
			return failed
		}
		for _, e := range list { // one that cannot be stored does not keep the others out
			if failed = r.putRevisions(ctx, []*earlier{e}); failed != nil && (ctx.Err() != nil || !storable(failed)) {
				return failed
			} else if failed != nil {
				r.about(&e.item, LevelError, "an earlier text could not be stored: %v", failed)
			}
		}
		failed = nil
		return nil
	}
	err = r.export.Each(func(it Item) error {
		if it.Kind != Revision {
			return nil
		}
		switch up := of[it.Parent]; {
		case strings.HasSuffix(it.Slug, "-autosave-v1"):
			r.sumRevisions(LevelLeft, whyAuto, 1)
		case up == nil && len(of) >= maxRevised:
			r.sumRevisions(LevelLeft, whyMany, 1)
		case up == nil:
			r.sumRevisions(LevelLeft, whyOrphan, 1)
		default:
			ed, _ := r.site.ByID(up.edition)
			batch = append(batch, &earlier{job: job{item: it, ed: ed}, of: up})
		}
		if len(batch) < minBatch*4 {
			return nil
		}
		return flush()
	})
	if failed != nil || err != nil && !broken(err) {
		return err
	}
	return flush() // also what stands before a break
}

func (r *run) sumRevisions(level Level, why string, n int) {
	if n > 0 {
		r.notes.sum(Remark{Level: string(level), Kind: string(Revision), Why: why}, n)
	}
}

// findRevised finds the articles to which earlier texts belong, by old id.
func (r *run) findRevised(ctx context.Context) (map[int64]*revised, error) {
	of := map[int64]*revised{}
	err := r.export.Each(func(it Item) error {
		if it.Kind != Post && it.Kind != Page || thrown(&it) || !r.export.Revised(it.ID) || of[it.ID] != nil || len(of) >= maxRevised {
			return ctx.Err()
		}
		if ed, ok := r.inLang(it.Lang); ok {
			r.settle(&it)
			own, from := r.keysOf(&it, ed)
			of[it.ID] = &revised{key: itemKey(&it), others: append(own[1:], from...), group: it.Group, kind: it.Kind, edition: ed.ID, published: it.Published}
		}
		return ctx.Err()
	})
	if err != nil && (ctx.Err() != nil || !broken(err)) {
		return nil, err
	}
	return of, nil
}

// broken tells the break of a file, which is said when the articles are read,
// from a trouble of ours.
func broken(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) }

// putRevisions stores a batch in one transaction, in the order in which the
// texts were written.
func (r *run) putRevisions(ctx context.Context, batch []*earlier) error {
	var keys, above, groups []string
	for _, e := range batch {
		keys, above = append(keys, e.item.Key), append(append(above, e.of.key), e.of.others...)
		if e.of.group != "" {
			groups = append(groups, e.of.group)
		}
	}
	have, err := knownItems(ctx, r.DB, r.source, "revision", keys)
	if err != nil {
		return err
	}
	items, err := knownItems(ctx, r.DB, r.source, "item", above)
	if err != nil {
		return err
	}
	stories, err := knownItems(ctx, r.DB, r.source, "story", groups)
	if err != nil {
		return err
	}
	taken, late, twice := 0, 0, map[string]bool{}
	var fresh []*earlier
	for _, e := range batch {
		for _, other := range e.of.others {
			if _, ok := items[e.of.key]; !ok && items[other].ref != 0 {
				e.of.key = other
			}
		}
		k, stored := items[e.of.key]
		switch _, ok := have[e.item.Key]; {
		case ok:
			taken++
		case stored && k.hash != pending:
			late++
		case twice[e.item.Key]: // several files have it
		default:
			taken++
			twice[e.item.Key] = true
			if r.convertEarlier(ctx, e); e.err != nil {
				return e.err
			}
			fresh = append(fresh, e)
		}
	}
	slices.SortStableFunc(fresh, func(a, b *earlier) int { return a.item.Published.Compare(b.item.Published) })
	if len(fresh) > 0 {
		err = r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error { return r.writeRevisions(ctx, tx, fresh, items, stories) })
	}
	if err == nil {
		r.sumRevisions(LevelLeft, whyLate, late)
		r.sumRevisions(LevelChanged, whyTaken, taken)
	}
	return err
}

// convertEarlier makes an earlier text ours. What is changed in it is no news:
// the last text tells the same.
func (r *run) convertEarlier(ctx context.Context, e *earlier) {
	if e.made != nil {
		return
	}
	it := &e.item
	it.Status, e.earlier = "draft", true // nothing of it is for readers
	r.settle(it)
	if it.Body != nil {
		r.convertBody(ctx, &e.job)
	}
	e.made = article.DigestOf(e.doc)
}

// writeRevisions stores earlier texts. One call of Put takes one of each
// article, and of what is new one of each story.
func (r *run) writeRevisions(ctx context.Context, tx *db.Tx, list []*earlier, items, stories map[string]known) error {
	for len(list) > 0 {
		var layer, rest []*earlier
		var edits []article.Edit
		used := map[string]bool{}
		for _, e := range list {
			k, stored := items[e.of.key]
			group := e.of.group
			if used[e.of.key] || !stored && group != "" && used["story "+group] {
				rest = append(rest, e)
				continue
			}
			used[e.of.key], used["story "+group] = true, true
			layer = append(layer, e)
			edits = append(edits, r.earlierEdit(e, k.ref, stories[group].ref))
		}
		saved, err := r.Articles.Put(ctx, tx, edits)
		if err != nil {
			return err
		}
		var revs, arts, told []known
		for i, e := range layer {
			k := known{key: e.of.key, ref: saved[i].ID, hash: pending, revision: saved[i].Revision}
			items[k.key], arts = k, append(arts, k)
			revs = append(revs, known{key: e.item.Key, ref: saved[i].RevisionID})
			if g := e.of.group; g != "" {
				stories[g] = known{key: g, ref: saved[i].StoryID}
				told = append(told, stories[g])
			}
		}
		for kind, rows := range map[string][]known{"item": arts, "revision": revs, "story": told} {
			if err := remember(ctx, tx, r.source, kind, rows); err != nil {
				return err
			}
		}
		list = rest
	}
	return nil
}

// earlierEdit is an earlier text as WordPress keeps it: it has no by-line, no
// shelves and no lead picture.
func (r *run) earlierEdit(e *earlier, id, story int64) article.Edit {
	it, up := &e.item, e.of
	kind := article.Text
	if up.kind == Page {
		kind = article.Page
	}
	out := article.Edit{ID: id, StoryID: story, Publication: r.site.Publication.ID, Edition: e.ed.ID, Body: e.doc, Digest: e.made,
		State: article.Draft, Created: up.published, At: it.Published, Actor: "import", Why: "an earlier text at the source",
		Content: article.Content{Lang: e.ed.Lang, Kind: kind, Headline: it.Title, Standfirst: it.Standfirst, Media: e.media}}
	if !up.published.IsZero() {
		out.Content.Dateline = r.dateline(up.published, e.ed.ID)
	}
	return out
}
