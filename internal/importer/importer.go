package importer

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/text/language"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/media"
	"dateline/internal/pace"
	"dateline/internal/search"
	"dateline/internal/topic"
	"dateline/internal/views"
)

// Rooms are the rooms that an import fills.
type Rooms struct {
	DB        *db.DB
	Editions  *edition.Store
	Entities  *entity.Store
	Authors   *author.Store
	Topics    *topic.Store
	Media     *media.Store
	Addresses *address.Store
	Articles  *article.Store
	Comments  *comment.Store
	Views     *views.Store
	Search    *search.Store
}

// Uploads opens files of the old site's uploads directory by their path below
// it ("2014/05/a.jpg"); a missing one is an error that matches fs.ErrNotExist.
type Uploads func(path string) (io.ReadCloser, error)

// Options of an import; CONTRACT.md, Commands.
type Options struct {
	Files   []string
	Edition string // BCP 47; empty: the export's language
	// AddEditions makes the editions that the export has articles for and the
	// publication lacks. Nobody gets one for a slip of the pen.
	AddEditions bool
	Zone        string // IANA; empty: from the export, else the publication's
	Place       string // where articles were written; empty: not said
	Uploads     Uploads
	Mapping     Mapping
	// CategoryBase and TagBase are what stood before the slugs of the old site's
	// categories and tags; "/": nothing; empty: what links and earlier runs say.
	CategoryBase, TagBase string
	Workers               int // that convert texts; 0: 2
	Log                   *slog.Logger
	Hurry                 bool       // at full speed, although readers are served
	Pace                  *pace.Pace // app sets it; nil: as fast as it can
	// Progress is told of items read and of all there are, if not nil.
	Progress func(done, all int)
}

// run is one import on its way.
type run struct {
	Rooms
	shelving
	opt     Options
	export  Source
	head    *Head
	site    edition.Site
	def     edition.Edition // where items go that name no language
	zone    *time.Location  // of datelines
	pubZone *time.Location  // of days
	zoneID  string
	place   map[int64]string // edition → printed name of the place
	placeID int64
	host    string   // of the old site
	base    *url.URL // its address; empty: not known
	source  int64
	fresh   bool // the data folder was empty before
	now     time.Time

	terms       map[uint64]int64  // hash of a term's key → topic
	parentOf    map[string]string // category slug → that of the one above
	slugOf      map[int64]string  // old id of a category → its slug
	names       map[int64]namedAs // topic → names and ancestors, of late
	authors     map[string]author.Contributor
	stories     map[string]int64 // group → story, of the batch that is being stored
	parents     map[int64]int64  // old page id → page
	children    [][2]int64       // page, old id of the page above it
	attachments attachments
	files       *files
	words       *search.Collector
	seen        map[uint64]bool // items, when there are several files
	met         *met            // items of earlier runs that this one met
	claimed     map[string]bool // keys of items with repeated ids, found under their ids alone
	seq         int64

	types       map[string]string          // what became of types of posts, to be remembered
	said        map[string]string          // taxonomy → base of its addresses
	shownAt     map[based]map[string]shown // what links show of others
	allPrefixes []string                   // see langPrefixes

	report Report
	notes  notes
}

// Import brings an export in. The report comes back in any case; the error
// tells what broke, with file and line.
func Import(ctx context.Context, rooms Rooms, from Source, opt Options) (*Report, error) {
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	r := &run{Rooms: rooms, opt: opt, now: rooms.DB.Now(), terms: map[uint64]int64{}, names: map[int64]namedAs{},
		authors: map[string]author.Contributor{}, stories: map[string]int64{}, parents: map[int64]int64{},
		place: map[int64]string{}, shelving: newShelving(), export: from, head: from.Head()}
	r.seen, r.claimed, r.shownAt = map[uint64]bool{}, map[string]bool{}, map[based]map[string]shown{}
	r.opt.Mapping = opt.Mapping.decoded()
	r.parentOf, r.slugOf = map[string]string{}, map[int64]string{}
	for i := range r.head.Terms.Len() {
		t := r.head.Terms.At(i)
		if t.Taxonomy != "category" {
			continue
		}
		r.parentOf[t.Slug] = t.Parent
		if _, ok := r.slugOf[t.ID]; !ok && t.ID != 0 {
			r.slugOf[t.ID] = t.Slug
		}
	}
	r.report.Files = append([]string{}, opt.Files...)
	err := r.run(ctx)
	r.report.Notes = r.notes.all()
	if r.report.Notes == nil {
		r.report.Notes = []Remark{}
	}
	return &r.report, err
}

func (r *run) run(ctx context.Context) error {
	for _, n := range r.head.Notes {
		r.note(n)
	}
	for _, step := range []func(context.Context) error{r.prepare, r.takeTerms, r.takeFiles, r.takeAuthors, r.takeRevisions} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	err := r.takeItems(ctx)
	r.leftTerms()
	if err == nil { // what stands behind a break may have been named
		r.unusedKeys()
	}
	if perr := r.placeTerms(ctx); err == nil { // a broken file leaves what stands before the break, in order
		err = perr
	}
	if err == nil {
		err = r.DB.Settle(ctx, "listing", "listing_day") // which readers' lists are read from
	}
	return err
}

func (r *run) note(n Note) {
	r.notes.add(Remark{Level: string(n.Level), Kind: n.Kind, Item: n.Item, File: n.File, Line: n.Line, Why: n.Why, often: n.Often})
}

// about adds a note about an item.
func (r *run) about(it *Item, level Level, format string, args ...any) {
	r.aboutAs(it, Note{Level: level, Kind: it.Called(), Item: sourceID(it), File: it.File, Line: it.Line, Why: fmt.Sprintf(format, args...)})
}

// aboutAs adds a note and names the item by its headline, which an editor
// knows; the source's number nobody does.
func (r *run) aboutAs(it *Item, n Note) {
	title := it.Title
	if cut := []rune(title); len(cut) > 60 {
		title = strings.TrimSpace(string(cut[:60])) + "…"
	}
	r.notes.add(Remark{Level: string(n.Level), Kind: n.Kind, Item: n.Item, File: n.File, Line: n.Line, Why: n.Why, title: title, often: n.Often})
}

// sourceID is the source's id of an item, as notes have it; empty: it has none.
func sourceID(it *Item) string {
	if it.ID == 0 {
		return ""
	}
	return fmt.Sprint(it.ID)
}

// prepare finds or makes the publication, its editions, the zone and the
// place, and the row of the old site.
func (r *run) prepare(ctx context.Context) error {
	site, err := r.Editions.Site(ctx)
	r.fresh = fault.Is(err, fault.NotFound)
	if err != nil && !r.fresh {
		return err
	}
	tag := strings.ReplaceAll(strings.TrimSpace(r.opt.Edition), "_", "-")
	if tag == "" {
		tag = primary(r.head.Language)
	}
	if _, err := language.Parse(tag); tag != "" && err != nil {
		if r.opt.Edition != "" {
			return fault.Field("edition", "%q is no language; it is written as in --edition ru or --edition pt-BR", r.opt.Edition)
		}
		return fault.Field("edition", "%s: the export says that its language is %q, which is none; name it: --edition ru", r.head.Files[0].Path, r.head.Language)
	}
	r.base = &url.URL{}
	if u, err := url.Parse(r.head.address()); err == nil {
		r.base, r.host = u.JoinPath("/"), address.Host(u.Host)
	}
	sourceURL := r.head.source()
	before, err := settingsOf(ctx, r.DB, site.Publication.ID, sourceURL)
	if err != nil {
		return err
	}
	if err := r.bases(before); err != nil {
		return err
	}
	var stays []string
	_, r.types, stays = r.opt.Mapping.typesOf(before)
	for _, key := range stays {
		r.note(Note{Level: LevelLeft, Kind: strings.TrimPrefix(key, typePrefix), Why: fmt.Sprintf("the mapping file says %s, but an earlier import brought it in as %s; so it stays", r.opt.Mapping[key], r.types[key])})
	}
	if err := r.pickZone(site, before["zone"]); err != nil {
		return err
	}
	r.opt.Place = cmp.Or(strings.TrimSpace(r.opt.Place), before["place"])
	err = r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		if r.fresh {
			if site, err = r.setUp(ctx, tx, tag); err != nil {
				return err
			}
		}
		if r.opt.AddEditions {
			if site, err = r.addEditions(ctx, tx, site, tag); err != nil {
				return err
			}
		}
		r.site = site
		var ok bool
		if r.def, ok = site.ByLang(tag); !ok {
			if r.opt.Edition == "" && tag == "" {
				r.def = site.Default()
			} else {
				return fault.Field("edition", "there is no edition in %q; the publication has %s; --add-editions makes it", tag, strings.Join(site.Langs(), ", "))
			}
		}
		if err := r.pickPlace(ctx, tx); err != nil {
			return err
		}
		r.source, err = source(ctx, tx, site.Publication.ID, r.host, sourceURL)
		r.seq = r.source
		if err == nil {
			err = r.keepSettings(ctx, tx, before)
		}
		if err != nil || r.host == "" {
			return err
		}
		if err := r.Addresses.PutHost(ctx, tx, address.OldHost{Publication: site.Publication.ID, Host: r.host, Edition: r.def.ID}); err != nil {
			return err
		}
		// Links in texts to the old site's front page lead to ours.
		return r.Addresses.AddRedirects(ctx, tx, r.fronts())
	})
	if err != nil {
		return err
	}
	if r.pubZone, err = lang.Zone(site.Publication.Zone); err != nil {
		r.pubZone = r.zone
	}
	return nil
}

// address is that of the old site; empty: no file says it.
func (h *Head) address() string { return cmp.Or(h.BaseBlog, h.Link, h.BaseSite) }

// source is the name under which an old site is remembered.
func (h *Head) source() string {
	return cmp.Or(strings.TrimRight(h.address(), "/"), "unnamed site: "+h.Title)
}

// primary is the primary subtag of a language as exports write it ("ru-RU").
func primary(language string) string {
	l, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(language)), "_", "-"), "-")
	return l
}

// inPrimary is what is said in a language, whatever its region.
func inPrimary(said map[string]string, lang string) string {
	for _, l := range slices.Sorted(maps.Keys(said)) {
		if strings.EqualFold(primary(l), primary(lang)) {
			return said[l]
		}
	}
	return ""
}

// setUp makes a publication of an export's head.
func (r *run) setUp(ctx context.Context, tx *db.Tx, tag string) (edition.Site, error) {
	if tag == "" {
		tag = "en"
	}
	name := cmp.Or(r.head.Title, r.host, "Dateline")
	in := edition.PublicationInput{Key: "main", Zone: r.zoneID, DefaultLang: tag, Editions: []edition.EditionInput{
		{Lang: tag, Name: cmp.Or(inPrimary(r.head.Titles, tag), name), Tagline: cmp.Or(inPrimary(r.head.Descriptions, tag), r.head.Description)}}}
	for _, l := range r.head.Languages {
		if l = primary(l); !strings.EqualFold(l, tag) && !has(in.Editions, l) {
			in.Editions = append(in.Editions, edition.EditionInput{Lang: l, Name: cmp.Or(inPrimary(r.head.Titles, l), name), Tagline: inPrimary(r.head.Descriptions, l)})
		}
	}
	site, err := r.Editions.Setup(ctx, tx, in)
	for _, ed := range site.Editions {
		if !ed.Default { // that there is one is no news
			r.noteEdition(ed)
		}
	}
	return site, err
}

func (r *run) noteEdition(made edition.Edition) {
	r.note(Note{Level: LevelChanged, Kind: "edition", Item: made.Lang,
		Why: fmt.Sprintf("made at %s/, named %q; dateline settings set name … --edition %s names it otherwise", made.Prefix, made.Name, made.Lang)})
}

// addEditions makes the editions that the export needs and the publication
// lacks: that of its own language with the old site's name, others with the
// default edition's, until somebody names them.
func (r *run) addEditions(ctx context.Context, tx *db.Tx, site edition.Site, tag string) (edition.Site, error) {
	added := false
	for i, l := range append([]string{tag}, r.head.Languages...) {
		if i > 0 {
			l = primary(l)
		}
		if _, ok := site.ByLang(l); ok || l == "" {
			continue
		}
		in := edition.EditionInput{Lang: l, Name: inPrimary(r.head.Titles, l), Tagline: inPrimary(r.head.Descriptions, l)}
		if i == 0 {
			in.Name, in.Tagline = cmp.Or(in.Name, r.head.Title), cmp.Or(in.Tagline, r.head.Description)
		}
		in.Name = cmp.Or(in.Name, site.Default().Name)
		made, err := r.Editions.AddEdition(ctx, tx, site.Publication.ID, in)
		if err != nil {
			return site, err
		}
		site.Editions, added = append(slices.Clone(site.Editions), made), true
		r.noteEdition(made)
	}
	if !added {
		return site, nil
	}
	if err := r.Topics.Readdress(ctx, tx, site.Publication.ID); err != nil {
		return site, err
	}
	return site, r.Authors.Readdress(ctx, tx, site.Publication.ID)
}

func has(list []edition.EditionInput, lang string) bool {
	for _, e := range list {
		if strings.EqualFold(e.Lang, lang) {
			return true
		}
	}
	return false
}

// keepSettings remembers the zone and place by which a site's articles are
// dated, for runs that say none, and notes what is said otherwise than before.
func (r *run) keepSettings(ctx context.Context, tx *db.Tx, before map[string]string) error {
	now := map[string]string{"zone": r.zoneID, "place": r.opt.Place}
	var list []known
	for _, key := range []string{"zone", "place"} {
		if now[key] == "" {
			continue
		}
		list = append(list, known{key: key, hash: now[key]})
		if was := before[key]; was != "" && was != now[key] {
			r.note(Note{Level: LevelChanged, Kind: string(Post), Why: fmt.Sprintf(
				"the %s is %s now and was %s at the last import: articles that were not touched here get it, those that are here already, too", key, now[key], was)})
		}
	}
	for taxonomy, base := range r.said {
		list = append(list, known{key: usualBases[taxonomy] + "-base", hash: base})
	}
	for key, to := range r.types {
		list = append(list, known{key: key, hash: to})
	}
	return remember(ctx, tx, r.source, "setting", list)
}

// offsetName is a difference to UTC, in minutes, as a zone.
func offsetName(m int) string {
	if m == 0 {
		return "UTC"
	}
	sign := '+'
	if m < 0 {
		sign, m = '-', -m
	}
	return fmt.Sprintf("UTC%c%02d:%02d", sign, m/60, m%60)
}

// pickZone: the one asked for, else that of the site's last import, else the
// publication's, else (on an empty data folder) the commonest difference
// between the export's local and GMT dates.
func (r *run) pickZone(site edition.Site, before string) error {
	r.zoneID = cmp.Or(r.opt.Zone, before, site.Publication.Zone)
	if r.zoneID == "" {
		r.zoneID = "UTC"
		type count struct{ minutes, n int }
		var counts []count
		for m, n := range r.head.Offsets {
			counts = append(counts, count{m, n})
		}
		sort.Slice(counts, func(i, j int) bool {
			return counts[i].n > counts[j].n || counts[i].n == counts[j].n && counts[i].minutes < counts[j].minutes
		})
		others, all := "", 0
		for i, c := range counts {
			if all += c.n; i > 0 && i < 4 {
				others += fmt.Sprintf(", %s (%d)", offsetName(c.minutes), c.n)
			}
		}
		if len(counts) > 0 {
			r.zoneID = offsetName(counts[0].minutes)
		}
		if others != "" {
			r.note(Note{Level: LevelError, Kind: string(Post), Why: fmt.Sprintf(
				"the time zone was guessed from the export: %s. %d of %d posts are of another time%s and show another hour here, some another day, as where clocks change in summer; "+
					"import again into an empty folder with --zone Europe/Berlin, or whatever the zone is called", r.zoneID, all-counts[0].n, all, others)})
		} else if r.zoneID != "UTC" {
			r.note(Note{Level: LevelChanged, Kind: string(Post), Why: fmt.Sprintf(
				"the time zone was guessed from the export: %s, which does not know when clocks change; --zone names a better one", r.zoneID)})
		}
	}
	loc, err := lang.Zone(r.zoneID)
	if err != nil {
		return fault.Field("zone", "%w", err)
	}
	r.zone = loc
	return nil
}

// pickPlace finds or makes the place where articles were written.
func (r *run) pickPlace(ctx context.Context, tx *db.Tx) error {
	name := strings.TrimSpace(r.opt.Place)
	if name == "" {
		return nil
	}
	id, ok, err := r.Entities.Find(ctx, tx, r.site.Publication.ID, entity.Place, name)
	if err != nil {
		return err
	}
	names := map[string]string{r.def.Lang: name}
	if ok {
		found, err := entity.Read(ctx, tx, []int64{id})
		if err != nil {
			return err
		}
		names = found[id].Names
	} else {
		ids, err := r.Entities.Put(ctx, tx, r.site.Publication.ID, []entity.Entity{{Kind: entity.Place, Names: names}})
		if err != nil {
			return err
		}
		id = ids[0]
	}
	r.placeID = id
	for _, e := range r.site.Editions {
		r.place[e.ID] = entity.Choose(names, e.Lang, r.def.Lang)
	}
	return nil
}
