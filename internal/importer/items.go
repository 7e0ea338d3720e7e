package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/richtext"
	"dateline/internal/search"
	"dateline/internal/slug"
)

// A transaction of an import is to take about this long, so that people at the
// desk and view counts get their turn (DECISIONS.md: at most 100 ms).
const (
	txAim    = 60 * time.Millisecond
	txAimPG  = 200 * time.Millisecond // its writers do not wait for each other, and every statement is a journey
	minBatch = 8
	// firstLook is after how many items the database first looks at how its
	// tables are filled; then at four times as many, and so on.
	firstLook = 200
	maxBatch  = 256
)

// job is an item on its way: read, converted in parallel, stored in order.
type job struct {
	item  Item
	ed    edition.Edition
	doc   richtext.Doc
	made  *article.Digest
	notes []richtext.Note
	media []article.MediaRef
	lead  *article.MediaRef
	// earlier: of the text that something had before, for which no file is taken.
	earlier bool
	words   *search.Text
	found   []Note // made by convert
	err     error  // the database did not answer convert
	hash    string
	ready   chan struct{}

	edit   article.Edit
	key    string // of import_item
	known  known
	stored bool // an earlier run stored it
	skip   bool // unchanged, or touched here
	gone   int  // comments that an earlier run brought and the source has no more
	saved  article.Saved

	decided string   // what a mapping says of its terms
	shown   []string // addresses of the old site that it links to
}

// takeItems reads, converts and stores posts and pages.
func (r *run) takeItems(ctx context.Context) error {
	workers := r.opt.Workers
	if workers == 0 {
		workers = 2
	}
	var err error
	if r.words, err = r.Search.Collect(ctx); err != nil {
		return err
	}
	if r.met, err = r.meet(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	todo, ordered := make(chan *job, workers), make(chan *job, 4*workers+32)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for j := range todo {
				if r.opt.Pace.Step(ctx) == nil { // what is not converted then is not stored either
					r.convert(ctx, j)
				}
				close(j.ready)
			}
		})
	}
	var readErr error
	pool.Go(func() {
		defer close(ordered)
		defer close(todo)
		readErr = r.export.Each(func(it Item) error {
			j := &job{item: it, ready: make(chan struct{})}
			for _, c := range []chan *job{ordered, todo} {
				select {
				case c <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	err = r.store(ctx, ordered)
	stop()
	for range ordered { // let the reader go
	}
	pool.Wait()
	r.report.Taken.Media += r.files.namedMedia()
	after := context.WithoutCancel(ctx)
	if ferr := r.words.Flush(after, true); err == nil {
		err = ferr
	}
	if err == nil {
		err = r.tieParents(after)
	}
	if err == nil {
		err = r.leadAttachments(after)
	}
	if err == nil {
		err = r.leadFiles(after, r.files.leads)
	}
	if err == nil {
		err = r.leadLists(after)
	}
	if err == nil {
		err = readErr
	}
	if err == nil {
		err = r.noteVanished(after)
	}
	return err
}

// convert makes the text of an item ours. It runs in parallel: it reads the
// run's tables and writes to the job only.
func (r *run) convert(ctx context.Context, j *job) {
	it := &j.item
	if it.Kind != Post && it.Kind != Page {
		return
	}
	ed, ok := r.inLang(it.Lang)
	if !ok {
		return
	}
	j.ed = ed
	r.settle(it)
	j.decided = r.decided(it)
	if it.Body != nil {
		r.convertBody(ctx, j)
	}
	r.findLead(ctx, j)
	j.made = article.DigestOf(j.doc)
	j.hash = r.hashOf(j)
}

// findLead finds the picture that leads an article, or notes that there is none
// here: it may come with a later run.
func (r *run) findLead(ctx context.Context, j *job) {
	if m, ok := r.files.byAttachment(j.item.Thumbnail); ok {
		refs, err := r.printed(ctx, []int64{m}, j.ed.Lang)
		if err != nil {
			j.err = err
			return
		}
		j.lead = &refs[0]
		return
	}
	if j.item.Thumbnail == 0 {
		return
	}
	n := r.foundNote(j, fmt.Sprintf("its lead picture is not here: the export has no attachment %d, or its file is missing", j.item.Thumbnail))
	if r.files.opener == nil {
		n.Why, n.Often = "articles without their lead picture, because no --uploads directory was given", true
	}
	j.found = append(j.found, n)
}

func (r *run) convertBody(ctx context.Context, j *job) {
	it := &j.item
	j.doc, j.notes = it.Body(richtext.Options{
		Lang: j.ed.Lang,
		Link: func(raw string) (string, bool) { return r.link(ctx, j, raw) },
		Image: func(src string, attrs map[string]string) (int64, bool) {
			return r.image(ctx, j, src, attrs)
		},
	})
	_, ids := j.doc.Refs()
	if len(ids) > 0 {
		var err error
		if j.media, err = r.printed(ctx, ids, j.ed.Lang); err != nil {
			j.err = err
		}
		bare := uncaptioned(j.doc)
		for i := range j.media {
			if bare[j.media[i].ID] {
				j.media[i].Caption = ""
			}
		}
	}
	if state, _ := stateOf(it); state == article.Approved {
		j.words = r.words.Text(j.ed.ID, j.doc)
	}
}

// uncaptioned are the media that a text shows without a caption. The old site
// printed none there, whatever its library says of the picture; in a gallery it
// did.
func uncaptioned(doc richtext.Doc) map[int64]bool {
	out, shown := map[int64]bool{}, map[int64]bool{}
	var look func(list []richtext.Block, gallery bool)
	look = func(list []richtext.Block, gallery bool) {
		for i := range list {
			k := &list[i]
			switch {
			case k.Kind != richtext.Figure || len(k.Caption) > 0:
			case gallery:
				shown[k.Media] = true
			default:
				out[k.Media] = true
			}
			look(k.Children, k.Kind == richtext.Gallery)
		}
	}
	look(doc.Blocks, false)
	for id := range shown {
		delete(out, id)
	}
	return out
}

// settle turns wall clocks into instants where the source has no GMT.
func (r *run) settle(it *Item) {
	at := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, r.zone).UTC()
	}
	if it.PublishedLocal && !it.Published.IsZero() {
		it.Published = at(it.Published)
	}
	if it.ModifiedLocal && !it.Modified.IsZero() {
		it.Modified = at(it.Modified)
	}
	for i := range it.Comments {
		if c := &it.Comments[i]; c.Local && !c.At.IsZero() {
			c.At = at(c.At)
		}
	}
}

// hashOf is what an item says at its source, which picture leads it, and by
// which clock and where it is dated; a rerun compares it, and finds that the
// picture has come meanwhile, or that the newsroom said another place.
func (r *run) hashOf(j *job) string {
	it := j.item
	it.Notes, it.File, it.Line = nil, "", 0
	if it.ID != 0 {
		it.Key = plainKey(&it) // whether its id is repeated is not about it
	}
	h := sha256.New()
	e := json.NewEncoder(h)
	e.Encode(it)
	io.WriteString(h, j.decided)
	io.WriteString(h, j.made.Stored())
	if j.lead != nil {
		io.WriteString(h, j.lead.SHA256)
	}
	fmt.Fprint(h, "\n", r.zoneID, "\n", r.placeID)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// store collects jobs into transactions of about txAim.
func (r *run) store(ctx context.Context, ordered <-chan *job) error {
	size, done, look, aim := minBatch, 0, firstLook, txAim
	if r.DB.Engine() == db.Postgres {
		aim = txAimPG
	}
	var batch []*job
	groups := map[string]bool{}
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		if err := r.opt.Pace.Step(ctx); err != nil {
			return err
		}
		start := time.Now()
		if err := r.put(ctx, batch); err != nil {
			return err
		}
		if took := time.Since(start); took > 100*time.Millisecond {
			r.opt.Log.Debug("a batch of the import took long", "items", len(batch), "ms", took.Milliseconds())
		}
		took := max(time.Since(start), time.Millisecond)
		size = min(max(int(float64(len(batch))*float64(aim)/float64(took)), minBatch), maxBatch, size*2)
		if done += len(batch); done >= look {
			look *= 4
			if err := r.DB.Analyze(ctx); err != nil {
				return err
			}
		}
		batch, groups = batch[:0], map[string]bool{}
		if err := r.words.Flush(ctx, false); err != nil {
			return err
		}
		return nil
	}
	read := 0
	for j := range ordered {
		select {
		case <-j.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		if j.err != nil {
			return j.err
		}
		if r.opt.Progress != nil {
			read++ // what is not taken is done, too; an item in three languages comes three times
			r.opt.Progress(min(read, r.head.Items), r.head.Items)
		}
		if !r.wanted(j) {
			continue
		}
		if g := j.item.Group; g != "" && groups[g] {
			if err := flush(); err != nil { // its story is made by the one before
				return err
			}
		}
		groups[j.item.Group] = true
		if batch = append(batch, j); len(batch) >= size {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return flush()
}

// wanted decides whether an item becomes an article or a page, and notes why not.
func (r *run) wanted(j *job) bool {
	it := &j.item
	for _, n := range append(it.Notes, j.found...) {
		r.aboutAs(it, n)
	}
	switch it.Kind {
	case Post, Page:
	case Attachment:
		r.attach(it)
		if r.files.opener == nil {
			r.about(it, LevelLeft, "the file was not looked for: no --uploads directory was given")
		}
		r.countLeft(it)
		return false
	case Revision:
		return false // takeRevisions took it, or said why not
	default:
		r.about(it, LevelLeft, "%s", it.Why)
		r.mapped[typeKey(it.Type)] = true
		r.showsMenu(it)
		r.countLeft(it)
		return false
	}
	r.mapped[typeKey(it.Type)] = true
	if r.again(it) {
		r.notes.sum(Remark{Level: string(LevelChanged), Kind: "file", Why: "items that stand in more than one of the files were taken once"}, 1)
		return false
	}
	if thrown(it) && it.Status != trashed {
		r.about(it, LevelLeft, "its state at the source is %q", it.Status)
		return false
	}
	if _, ok := r.inLang(it.Lang); !ok {
		r.about(it, LevelLeft, "there is no edition in %q; import again with --add-editions, and it is made", it.Lang)
		return false
	}
	if !thrown(it) {
		for _, n := range joined(j.notes) {
			r.aboutText(it, n)
		}
	}
	return true
}

// trashed is the state of what an editor of the old site threw away: it is not
// taken, and what an earlier run took is taken out of readers' sight.
const trashed = "trash"

// thrown tells of an item whose state at the source means that it is not taken.
func thrown(it *Item) bool {
	return it.Status == trashed || it.Status == "auto-draft" || it.Status == "inherit"
}

// maxSeen bounds what is remembered of items that several files may repeat:
// some 40 MB.
const maxSeen = 1_000_000

// again reports that another file had this item before.
func (r *run) again(it *Item) bool {
	if len(r.opt.Files) < 2 {
		return false
	}
	h := fnv.New64a()
	fmt.Fprint(h, it.Key, "@", it.Lang)
	key := h.Sum64()
	if r.seen[key] {
		return true
	}
	if len(r.seen) < maxSeen {
		r.seen[key] = true
	}
	return false
}

// put stores a batch of items in one transaction.
func (r *run) put(ctx context.Context, batch []*job) error {
	if err := r.recall(ctx, batch); err != nil {
		return err
	}
	batch = slices.DeleteFunc(batch, func(j *job) bool {
		if j.stored {
			r.met.add(j.key)
			return false
		}
		r.met.mark(j.key)
		if j.item.Status == trashed {
			r.about(&j.item, LevelLeft, "it is in the trash at the source")
		}
		return j.item.Status == trashed
	})
	if err := r.takeMissing(ctx, batch); err != nil {
		return err
	}
	var fresh []*job
	for _, j := range batch {
		if !j.skip {
			if err := r.compose(ctx, j); err != nil {
				return err
			}
			fresh = append(fresh, j)
		}
	}
	if len(fresh) > 0 {
		err := r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error { return r.write(ctx, tx, fresh) })
		if err != nil {
			err = r.oneByOne(ctx, fresh, err)
		}
		if err != nil {
			return err
		}
	}
	// What an earlier run brought has the addresses that were read then.
	var old []address.Redirect
	for _, j := range batch {
		if j.skip {
			j.saved.ID = j.known.ref
			old = append(old, r.redirects(j)...)
		}
	}
	if err := r.addMissing(ctx, old); err != nil {
		return err
	}
	for _, j := range batch {
		r.count(j)
		r.shows(j.shown, false) // by now the terms that only items name are known
		r.showsFolder(&j.item)
	}
	return nil
}

// oneByOne stores the items of a failed batch each by itself, so that one that
// cannot be stored does not keep its neighbours out.
func (r *run) oneByOne(ctx context.Context, list []*job, cause error) error {
	if ctx.Err() != nil || len(list) == 0 || !storable(cause) {
		return cause
	}
	failed := 0
	for _, j := range list {
		err := r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error { return r.write(ctx, tx, []*job{j}) })
		if err == nil {
			continue
		}
		if failed++; failed == len(list) && len(list) > minBatch || ctx.Err() != nil || !storable(err) {
			return err
		}
		j.edit.State = ""
		r.about(&j.item, LevelError, "it could not be stored: %v", err)
	}
	return nil
}

// itemKey is the key under which an item is remembered.
func itemKey(it *Item) string {
	if it.Lang == "" {
		return it.Key
	}
	return it.Key + "@" + it.Lang
}

// plainKey is the key of an item whose id nothing else has.
func plainKey(it *Item) string { return fmt.Sprintf("%s/%d", it.Kind, it.ID) }

// keysOf are the keys under which an item may be remembered, its own first:
// those from before its site had several languages, or from when it had, as
// what is in the default one is the same item. Then those from when an export
// had its id twice, which is told in the key, or had it once.
func (r *run) keysOf(it *Item, ed edition.Edition) (own, from []string) {
	in := func(key string) []string {
		switch {
		case it.Lang == "":
			return []string{key, key + "@" + r.def.Lang}
		case ed.ID == r.def.ID:
			return []string{key + "@" + it.Lang, key}
		}
		return []string{key + "@" + it.Lang}
	}
	if it.ID == 0 {
		return in(it.Key), nil
	}
	if plain := plainKey(it); it.Key != plain {
		return in(it.Key), in(plain)
	} else if it.Slug != "" {
		from = in(plain + "/" + it.Slug)
	}
	return in(it.Key), from
}

// recallRepeated finds what earlier runs stored of items whose ids the export
// repeats and did not then, or did then and does not now.
func (r *run) recallRepeated(ctx context.Context, batch []*job, found map[string]known) error {
	if r.met.of == 0 {
		return nil
	}
	of := map[*job][]string{}
	var keys []string
	for _, j := range batch {
		own, from := r.keysOf(&j.item, j.ed)
		if len(from) > 0 && !slices.ContainsFunc(own, func(key string) bool { _, ok := found[key]; return ok }) {
			of[j], keys = from, append(keys, from...)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	more, err := knownItems(ctx, r.DB, r.source, "item", keys)
	if err != nil {
		return err
	}
	for _, j := range batch {
		for _, key := range of[j] {
			k, ok := more[key]
			if !ok {
				continue
			}
			if j.item.Key != plainKey(&j.item) { // the id alone could be either's
				a, err := r.Articles.Get(ctx, r.DB, k.ref)
				if err != nil {
					return err
				}
				if a.Slug != slug.Imported(untrashed(j.item.Slug)) || r.claimed[key] {
					continue
				}
				r.claimed[key] = true
			}
			j.key, found[key] = key, k
			break
		}
	}
	return nil
}

// recall finds what an earlier run stored of the batch, and whether it was
// changed at the source or touched here since.
func (r *run) recall(ctx context.Context, batch []*job) error {
	var keys []string
	for _, j := range batch {
		j.key = itemKey(&j.item)
		own, _ := r.keysOf(&j.item, j.ed)
		keys = append(keys, own...)
	}
	found, err := knownItems(ctx, r.DB, r.source, "item", keys)
	if err != nil {
		return err
	}
	if err := r.recallStories(ctx, batch); err != nil {
		return err
	}
	if err := r.recallRepeated(ctx, batch, found); err != nil {
		return err
	}
	if err := r.recallViews(ctx, batch, found); err != nil {
		return err
	}
	for _, j := range batch {
		own, _ := r.keysOf(&j.item, j.ed)
		for _, key := range append([]string{j.key}, own...) {
			if j.known, j.stored = found[key]; j.stored {
				j.key = key
				break
			}
		}
		if !j.stored {
			continue
		}
		hash, state, _ := strings.Cut(j.known.hash, " ")
		if hash == j.hash {
			j.skip = true
			r.report.Unchanged++
			continue
		}
		a, err := r.Articles.Get(ctx, r.DB, j.known.ref)
		if err != nil {
			return err
		}
		switch {
		case a.State == article.Withdrawn || a.State == article.Spiked:
			j.skip = true
			r.about(&j.item, LevelLeft, "it changed at the source, but was %s here; it stays so", a.State)
		case a.Revision != j.known.revision || state != "" && string(a.State) != state:
			j.skip = true
			r.about(&j.item, LevelLeft, "it changed at the source, but was edited here since the last import; ours stays")
		}
	}
	return nil
}

// recallViews keeps the larger of two numbers of views: an older export, or a
// counter that began anew, takes no reader away.
func (r *run) recallViews(ctx context.Context, batch []*job, found map[string]known) error {
	var ids []int64
	for _, j := range batch {
		if k, ok := found[j.key]; ok {
			ids = append(ids, k.ref)
		}
	}
	have, err := r.Views.Base(ctx, ids)
	if err != nil {
		return err
	}
	for _, j := range batch {
		k, ok := found[j.key]
		if most := have[k.ref]; ok && most > j.item.Views {
			if j.item.Views > 0 {
				r.notes.sum(Remark{Level: string(LevelChanged), Kind: j.item.Called(), Why: "the source counts fewer views than it did at an earlier import; the larger number stays"}, 1)
			}
			j.item.Views = most
		}
	}
	return nil
}

// recallStories finds the stories of which the batch brings another language.
// They are asked for each time: an archive may hold more than memory should.
func (r *run) recallStories(ctx context.Context, batch []*job) error {
	clear(r.stories)
	var groups []string
	for _, j := range batch {
		if g := j.item.Group; g != "" {
			groups = append(groups, g)
		}
	}
	found, err := knownItems(ctx, r.DB, r.source, "story", groups)
	for group, k := range found {
		r.stories[group] = k.ref
	}
	return err
}
