package importer

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"dateline/internal/address"
	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/edition"
	"dateline/internal/slug"
)

// stateOf is what a state of WordPress is to us, and what an editor should know
// of that; "" nothing.
func stateOf(it *Item) (state article.State, note string) {
	switch {
	case it.Protected:
		return article.Draft, "it was protected by a password; it is a draft now, and the password was not taken"
	case it.Status == "trash": // which only a stored one reaches
		return article.Draft, "it is in the trash at the source; it is a draft here now, which no reader sees"
	case it.Status == "private":
		return article.Draft, "it was private; it is a draft now"
	case it.Status == "pending":
		return article.InReview, ""
	case it.Status == "publish" || it.Status == "future" || it.Status == "":
		return article.Approved, ""
	case it.Status == "draft":
		return article.Draft, ""
	}
	return article.Draft, fmt.Sprintf("its state at the source is %q, which we do not know; it is a draft now", it.Status)
}

// compose makes the edit of a job.
func (r *run) compose(ctx context.Context, j *job) error {
	it, lang := &j.item, j.ed.Lang
	state, note := stateOf(it)
	if note != "" {
		r.about(it, LevelChanged, "%s", note)
	}
	e := article.Edit{Publication: r.site.Publication.ID, Edition: j.ed.ID, Body: j.doc, Digest: j.made, State: state,
		Sticky: it.Sticky, Position: it.Order, Actor: "import", Created: it.Published, StoryID: r.stories[it.Group]}
	if it.Group == "" {
		e.StoryID = 0
	}
	if j.stored {
		if e.ID = j.known.ref; j.known.hash != pending {
			e.Why = "changed at the source"
		}
	}
	if !it.Open {
		e.Comments = "closed"
	}
	// What an earlier run stored was in our feeds by the name that it has. Pages
	// are in none; an identifier that was cut short is none.
	if it.Kind == Post && (!j.stored || j.known.hash == pending) && len(it.GUID) < 2048 {
		e.GUID = strings.TrimSpace(it.GUID)
	}
	c := &e.Content
	c.Lang, c.Kind = lang, article.Text
	if it.Kind == Page {
		c.Kind = article.Page
	}
	c.Kicker, c.Headline, c.Standfirst = it.Kicker, it.Title, cmp.Or(it.Standfirst, it.Subtitle)
	if strings.TrimSpace(c.Headline) == "" {
		c.Headline = r.headline(j)
	}
	c.SEOTitle, c.SEODescription = it.SEO.Title, it.SEO.Description
	c.SocialTitle, c.SocialDescription, c.Hidden = it.SEO.OGTitle, it.SEO.OGDescription, it.SEO.Hidden
	c.Topics, c.Credits, c.Media = r.topicsOf(it, lang), r.creditsOf(it, lang), j.media
	c.Lead = j.lead
	r.date(j, &e)
	r.name(j, &e)
	e.Announce = e.State == article.Approved && e.VisibleFrom.After(r.now)
	if j.words != nil {
		e.Ready = j.words
	}
	j.edit = e
	return nil
}

// headline is that of an item without one: the beginning of its text.
func (r *run) headline(j *job) string {
	text, _, _ := strings.Cut(strings.TrimSpace(j.doc.Text()), "\n")
	if words := strings.Fields(text); len(words) > 0 {
		r.about(&j.item, LevelChanged, "it has no headline; its first words stand for one")
		h := strings.Join(words[:min(len(words), 10)], " ")
		if len(words) > 10 {
			h += "…"
		}
		return h
	}
	r.about(&j.item, LevelChanged, "it has neither headline nor text; its number stands for a headline")
	return fmt.Sprintf("№ %d", j.item.ID)
}

// date decides instant, day and dateline.
func (r *run) date(j *job, e *article.Edit) {
	at := j.item.Published
	if at.IsZero() {
		if e.State != article.Approved {
			return
		}
		at = r.now.Truncate(time.Second)
		r.about(&j.item, LevelChanged, "it has no date; it is dated the day of the import")
		if j.stored { // and keeps that day
			if a, err := r.Articles.Get(context.Background(), r.DB, j.known.ref); err == nil && !a.VisibleFrom.IsZero() {
				at = a.VisibleFrom
			}
		}
	}
	if j.item.Status == "future" && !at.After(r.now) && e.State == article.Approved {
		r.about(&j.item, LevelChanged, "the old site was to publish it at a time that has passed since the export; readers see it now")
	}
	e.VisibleFrom = at
	if e.State != article.Approved {
		e.VisibleFrom = time.Time{}
	}
	e.Content.Dateline = r.dateline(at, j.ed.ID)
	if e.Content.Kind == article.Text && e.State == article.Approved {
		e.Day = archive.DayOf(at, r.pubZone)
	}
	if m := j.item.Modified; e.State == article.Approved && m.Sub(at) > time.Hour {
		e.UpdatedAt = m
	}
}

// dateline is when and where something of an edition was written.
func (r *run) dateline(at time.Time, edition int64) article.Dateline {
	_, offset := at.In(r.zone).Zone()
	return article.Dateline{At: at, Zone: r.zoneID, Offset: offset, PlaceID: r.placeID, Place: r.place[edition]}
}

// name decides slug or path.
func (r *run) name(j *job, e *article.Edit) {
	it := &j.item
	e.Slug = slug.Imported(untrashed(it.Slug))
	if e.Slug == "" {
		e.Slug = slug.Make(j.ed.Lang, e.Content.Headline)
	}
	if e.Slug == "" {
		e.Slug = fmt.Sprintf("%s-%d", it.Kind, it.ID)
	}
	if e.Content.Kind != article.Page {
		return
	}
	e.Path = e.Slug
	above := map[int64]bool{it.ID: true}
	for up := it.Parent; up != 0 && len(above) < 9; {
		if above[up] {
			e.Path = e.Slug
			r.about(it, LevelChanged, "the pages above it form a circle; it stands below none")
			break
		}
		above[up] = true
		name, parent, ok := r.export.Page(up)
		if name = slug.Imported(untrashed(name)); !ok || name == "" {
			break
		}
		e.Path = name + "/" + e.Path
		up = parent
	}
	if address.Reserved(e.Path, r.site.Langs()) {
		e.Path = "page-" + e.Path
		r.about(it, LevelChanged, "its address is one of the house; it is at /%s now", e.Path)
	}
}

// untrashed is the slug that something had before it was put into the trash,
// where WordPress renames it to free its address.
func untrashed(slug string) string { return strings.TrimSuffix(slug, "__trashed") }

// link makes a reference of a link into the old site. A reference that leads to
// nothing here is the old address when it is shown.
func (r *run) link(ctx context.Context, j *job, raw string) (string, bool) {
	u, err := url.Parse(r.export.Original(strings.TrimSpace(raw)))
	if err != nil || (u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https") || u.Opaque != "" {
		return "", false
	}
	if u.Host == "" {
		if u.Path == "" && u.RawQuery == "" {
			return "", false // "#fn1"
		}
		base := r.base
		if own, err := base.Parse(strings.TrimSpace(j.item.Link)); err == nil {
			base = own
		}
		u = base.ResolveReference(u)
	}
	if address.Host(u.Host) != r.host || r.host == "" {
		return "", false
	}
	if id, ok := r.export.FileByURL(u.String()); ok {
		if m, ok := r.files.byAttachment(id); ok {
			return fmt.Sprintf("ref:media/%d", m), true
		}
	}
	if path := r.export.Upload(u.String()); path != "" {
		if m, ok := r.named(ctx, j, path, u.String()); ok {
			return fmt.Sprintf("ref:media/%d", m), true
		}
	}
	if u.Query().Has("s") {
		j.found = append(j.found, Note{Level: LevelChanged, Kind: string(j.item.Kind), Often: true,
			Why: "links to the old site's search, which stay links to it"})
		return u.String(), true
	}
	key := address.Key(u)
	if len(j.shown) < maxShownLinks {
		j.shown = append(j.shown, key)
	}
	path, query, _ := strings.Cut(key, "?")
	ref := (&url.URL{Path: "/" + r.host + path}).EscapedPath()
	if query != "" {
		name, value, _ := strings.Cut(query, "=")
		ref += "?" + name + "=" + url.QueryEscape(value)
	} else if u.RawQuery != "" {
		ref += "?" + u.RawQuery // names nothing that we know; the old address needs it
	}
	return "ref:old" + ref, true
}

// leads is the way from an address of the old site to a thing of ours.
func (r *run) leads(path string, edition int64, kind string, id int64) address.Redirect {
	return address.Redirect{Publication: r.site.Publication.ID, Host: r.host, Path: path, Seq: r.seq, Edition: edition,
		Target: address.Target{Kind: kind, ID: id}}
}

// at is an address below the old site's front page as address.Key has it: "/?p=1"
// is "/blog?p=1" where the site had a directory of its own.
func (r *run) at(path string) string {
	base := strings.TrimSuffix(r.base.Path, "/")
	if rest, ok := strings.CutPrefix(path, "/?"); ok && base != "" {
		return base + "?" + rest
	}
	return base + path
}

// ways are those from an address below the old site's front page. Where that is
// a directory, the address without it leads to the same, unless a site has it
// that stood above: such a row is of no host.
func (r *run) ways(path string, edition int64, kind string, id int64) []address.Redirect {
	out := []address.Redirect{r.leads(r.at(path), edition, kind, id)}
	if out[0].Path != path {
		bare := r.leads(path, edition, kind, id)
		bare.Host = ""
		out = append(out, bare)
	}
	return out
}

// fronts are the old site's front pages, one for each language that it put in
// front of addresses; the addresses of feeds, days and the search stand below.
func (r *run) fronts() []address.Redirect {
	front := func(path string, ed edition.Edition) address.Redirect {
		return address.Redirect{Publication: r.site.Publication.ID, Host: r.host, Path: path, Seq: r.seq, Edition: ed.ID, URL: "/"}
	}
	out := []address.Redirect{front(address.Key(r.base), r.def)}
	for _, l := range r.head.Languages {
		for prefix, ed := range r.prefixes(map[string]int{l: 1}) {
			if path := r.at(prefix); path != ed.Prefix { // which our front page has itself
				out = append(out, front(path, ed))
			}
		}
	}
	return out
}

// redirects are an item's old addresses; one that it still has here is among
// them: links in texts, and what hangs on an address, find the item by it, and
// no later one may claim it.
func (r *run) redirects(j *job) []address.Redirect {
	it := &j.item
	var out []address.Redirect
	seen := map[string]bool{}
	add := func(key string) {
		if key == "/" || key == "" || seen[key] {
			return
		}
		seen[key] = true
		out = append(out, r.leads(key, j.ed.ID, "article", j.saved.ID))
	}
	if it.ID != 0 {
		for _, name := range []string{"p", "page_id"}[:map[Kind]int{Post: 1, Page: 2}[it.Kind]] {
			for _, way := range r.ways(fmt.Sprintf("/?%s=%d", name, it.ID), j.ed.ID, "article", j.saved.ID) {
				seen[way.Path] = true
				out = append(out, way)
			}
		}
	}
	for _, raw := range []string{it.Link, it.GUID} {
		u, err := url.Parse(strings.TrimSpace(raw))
		if err != nil || u.Host == "" && (raw != it.Link || !strings.HasPrefix(u.Path, "/")) || u.Host != "" && address.Host(u.Host) != r.host {
			continue // of another site; an address without a host is the old site's
		}
		add(address.Key(u))
		if u.RawQuery != "" || raw != it.Link {
			continue
		}
		for _, path := range r.formerPaths(it, u.Path) {
			add(address.Key(&url.URL{Path: path}))
		}
	}
	return out
}

// formerPaths are the addresses that something had with its former names and
// days, in the form of its last one: "/2015/03/old-name.html".
func (r *run) formerPaths(it *Item, path string) []string {
	days := []string{path}
	local := it.Published.In(r.zone)
	if it.ZoneKnown {
		local = it.Published.UTC().Add(time.Duration(it.OffsetMinutes) * time.Minute)
	}
	for _, old := range it.OldDates {
		at, err := time.Parse(time.DateOnly, old)
		if err != nil {
			continue
		}
		for _, layout := range []string{"/2006/01/02/", "/2006/01/", "/2006/"} {
			if now := local.Format(layout); !it.Published.IsZero() && strings.Contains(path, now) {
				days = append(days, strings.Replace(path, now, at.Format(layout), 1))
				break
			}
		}
	}
	out := days[1:]
	for _, day := range days {
		at, n := nameIn(day, it.Slug)
		for _, old := range it.OldSlugs {
			if n > 0 {
				out = append(out, day[:at]+old+day[at+n:])
			}
		}
	}
	return out
}

// nameIn finds a slug in a path: the last time that it stands there as a word of
// its own ("/news/name-1003.html"). Something without a slug has the last part
// of the path for one.
func nameIn(path, slug string) (at, n int) {
	path = strings.TrimRight(path, "/")
	if slug == "" {
		at = strings.LastIndexByte(path, '/') + 1
		return at, len(path) - at
	}
	edge := func(s string) bool { return s == "" || strings.ContainsAny(s[:1], "/-_.") }
	for end := len(path); ; {
		at = strings.LastIndex(path[:end], slug)
		if at < 0 {
			return 0, 0
		}
		if edge(path[at+len(slug):]) && (at == 0 || edge(path[at-1:])) {
			return at, len(slug)
		}
		end = at + len(slug) - 1
	}
}
