package importer

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/fault"
	"dateline/internal/topic"
)

// Mapping says what becomes of an old site's terms, decided by the newsroom:
// a JSON file {"category/news-feed": "tag", "category/telegram": "channel",
// "category/ads": "leave", "region": "genre"}. A key without a slash is a whole
// taxonomy; what names a single term goes before it. "type:column" is a type of
// posts, which becomes an article or a page, or is left.
type Mapping map[string]string

// typePrefix begins a key that names a type of posts.
const typePrefix = "type:"

func typeKey(typ string) string { return typePrefix + typ }

// itemKinds are what a type of posts may become.
var itemKinds = map[string]Kind{"article": Post, "page": Page, "leave": Left}

// kind is what the newsroom decided about a term. A channel is no shelf: the
// term only routed articles there, and channels come with their own room.
func (m Mapping) kind(taxonomy, slug string) (topic.Kind, bool) {
	for _, key := range []string{termKey(taxonomy, slug), taxonomy} {
		switch to, ok := m[key]; {
		case !ok:
		case to == "channel" || to == "leave":
			return "", true
		default:
			return topic.Kind(to), true
		}
	}
	return "", false
}

// Check reports a mapping that names what we do not have.
func (m Mapping) Check() error {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if typ, ok := strings.CutPrefix(key, typePrefix); ok {
			switch typ {
			case "post", "page", "attachment", "revision":
				return fault.Field("map", "%s: what WordPress calls so is known; only other types can be decided", key)
			}
			if _, ok := itemKinds[m[key]]; !ok {
				return fault.Field("map", "%s: a type of posts cannot become %q; article, page or leave", key, m[key])
			}
			continue
		}
		if to := m[key]; to != "channel" && to != "leave" && !topic.Kind(to).Valid() {
			return fault.Field("map", "%s: there is no kind %q; section, tag, genre, column, series, channel or leave", key, to)
		}
	}
	return nil
}

// decoded has slugs as terms have them: an editor may copy them from an
// address, where letters are percent signs.
func (m Mapping) decoded() Mapping {
	out := make(Mapping, len(m))
	for key, to := range m {
		if k, err := url.PathUnescape(key); err == nil {
			key = k
		}
		out[norm.NFC.String(strings.TrimSpace(key))] = to
	}
	return out
}

// typesOf is what becomes of types of posts: what the mapping says, else what was
// decided at an earlier import. What came as articles stays articles: as a page
// it would be there a second time. settings are what is remembered.
func (m Mapping) typesOf(before map[string]string) (kinds map[string]Kind, settings map[string]string, stays []string) {
	kinds, settings = map[string]Kind{}, map[string]string{}
	decide := func(key, to, came string) {
		kinds[strings.TrimPrefix(key, typePrefix)] = itemKinds[to]
		if settings[key] = to; to == "leave" && came != "" {
			settings[key] += " " + came // an earlier import brought some
		}
	}
	for key, was := range before {
		if strings.HasPrefix(key, typePrefix) {
			to, came, _ := strings.Cut(was, " ")
			decide(key, to, came)
		}
	}
	for key, to := range m {
		if !strings.HasPrefix(key, typePrefix) {
			continue
		}
		came := strings.TrimPrefix(strings.TrimPrefix(before[key], "leave"), " ")
		if came != "" && to != came && to != "leave" {
			to, stays = came, append(stays, key)
		}
		decide(key, to, came)
	}
	slices.Sort(stays)
	return kinds, settings, stays
}

// Types is what becomes of types of posts that are none of WordPress's own: by
// the mapping, or as an earlier import of the same site had it.
func Types(ctx context.Context, rooms Rooms, head *Head, m Mapping) (map[string]Kind, error) {
	before := map[string]string{}
	site, err := rooms.Editions.Site(ctx)
	if err == nil {
		before, err = settingsOf(ctx, rooms.DB, site.Publication.ID, head.source())
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	kinds, _, _ := m.decoded().typesOf(before)
	return kinds, nil
}

// unshelved is what a term is remembered with that the newsroom left. So the
// next run leaves it too, with or without a mapping file.
const unshelved = "left"

// kindOf is what a term is to us: what the mapping says, else what it became in
// an earlier run, else what its taxonomy usually is; "" for those that have no
// shelf here. It may be called from any goroutine.
func (r *run) kindOf(taxonomy, slug string) topic.Kind {
	if to, ok := r.opt.Mapping.kind(taxonomy, slug); ok {
		return to
	}
	if kind, ok := r.kinds[r.hash(taxonomy, slug)]; ok {
		return kind
	}
	return usual(taxonomy)
}

// usual is what a taxonomy is where nobody has decided.
func usual(taxonomy string) topic.Kind {
	switch {
	case taxonomy == "category":
		return topic.Section
	case taxonomy == "post_tag":
		return topic.Tag
	case strings.Contains(taxonomy, "series"):
		return topic.Series
	}
	return ""
}

// decided tells which of an item's terms stand on a shelf although those of
// their taxonomy usually do not, and the other way round. A mapping that says
// something else than before changes the item.
func (r *run) decided(it *Item) string {
	var b strings.Builder
	for _, t := range it.Terms {
		if kind := r.kindOf(t.Taxonomy, t.Slug); (kind == "") != (usual(t.Taxonomy) == "") {
			fmt.Fprintf(&b, "%s/%s:%v\n", t.Taxonomy, t.Slug, kind != "")
		}
	}
	return b.String()
}

// unusedKeys notes what the mapping names and the export does not have: most
// likely it is misspelt.
func (r *run) unusedKeys() {
	for _, key := range slices.Sorted(maps.Keys(r.opt.Mapping)) {
		if !r.mapped[key] {
			r.notes.add(Remark{Level: string(LevelError), Kind: "term", Item: key,
				Why: "the mapping file names it, but the export does not have it; is it spelt as in the old site's addresses?"})
		}
	}
}
