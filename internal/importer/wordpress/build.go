package wordpress

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"dateline/internal/importer"
)

// leftTypes are the post types that are no articles, and why we leave them.
var leftTypes = map[string]string{
	"nav_menu_item":       "an entry of a menu; our menus are made of sections",
	"wp_global_styles":    "the look of the old site",
	"wp_template":         "a template of the old site",
	"wp_template_part":    "a template of the old site",
	"wp_font_family":      "a font of the old site",
	"wp_font_face":        "a font of the old site",
	"wp_navigation":       "a menu; ours are made of sections",
	"custom_css":          "the look of the old site",
	"customize_changeset": "settings of the old site",
	"oembed_cache":        "a plugin's cache",
	"user_request":        "a personal data request; it is never taken",
	sharedBlock:           "a block that posts share; its text stands in every post that uses it",
	"guest-author":        "a guest author; taken as an author",
	"acf-field":           "settings of a plugin",
	"acf-field-group":     "settings of a plugin",
}

// sharedBlock is the type of what the block editor calls a synced pattern.
const sharedBlock = "wp_block"

// kindOf is what a type is to us; the newsroom may have decided about it.
func (t *tables) kindOf(typ, status string) Kind {
	decided, ok := t.types[typ]
	switch {
	case status == "auto-draft":
		return Left
	case ok:
		return decided
	case typ == "" || typ == "post":
		return Post
	case typ == "page":
		return Page
	case typ == "attachment":
		return Attachment
	case typ == "revision":
		return Revision
	}
	return Left
}

// dates are what an item's dates come to.
type dates struct {
	published, modified           time.Time
	publishedLocal, modifiedLocal bool
	zoneKnown                     bool
	offset                        int // minutes
	notes                         []string
}

// datesOf: GMT decides the instant; local minus GMT is the zone's offset.
// WordPress writes zeros for the GMT date of a draft.
func datesOf(it *rawItem) (d dates) {
	local, bad1 := parseDate(it.f[ePostDate])
	gmt, bad2 := parseDate(it.f[ePostDateGMT])
	if bad1 || bad2 {
		d.notes = append(d.notes, fmt.Sprintf("a date that is none: %q, %q", clip(it.f[ePostDate]), clip(it.f[ePostDateGMT])))
	}
	switch {
	case !gmt.IsZero():
		d.published = gmt
		if !local.IsZero() {
			minutes := int(local.Sub(gmt).Round(time.Minute).Minutes())
			if minutes%15 == 0 && minutes >= -14*60 && minutes <= 15*60 {
				d.zoneKnown, d.offset = true, minutes
			} else {
				d.notes = append(d.notes, "its local date and its GMT date do not fit together; GMT was taken")
			}
		}
	case !local.IsZero():
		d.published, d.publishedLocal = local, true
	default:
		d.published = parsePubDate(it.f[ePubDate])
	}
	d.modified, d.modifiedLocal = instant(it.f[eModifiedGMT], it.f[eModified], d)
	return d
}

// instant is a second date of an item: GMT, else local with the item's offset.
func instant(gmt, local string, d dates) (t time.Time, isLocal bool) {
	if t, _ = parseDate(gmt); !t.IsZero() {
		return t, false
	}
	t, _ = parseDate(local)
	if t.IsZero() || !d.zoneKnown {
		return t, !t.IsZero()
	}
	return t.Add(-time.Duration(d.offset) * time.Minute), false
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// itemLang is the language that a plugin says an item has.
func itemLang(it *rawItem) string {
	l, _ := itemCode(it)
	return l
}

// looseKeys are those of langKeys that other things than plugins for languages
// write, too: the language of a film that is reviewed.
var looseKeys = []string{"_locale", "lang", "_lang", "language", "_language"}

// loose tells that an item's language is known by such a key alone, and that no
// other item is said to be its translation.
func loose(it *rawItem) bool {
	if it.metaValue(groupKeys...) != "" || it.metaValue(dupKeys...) != "" {
		return false
	}
	for i := range it.terms {
		if d := it.terms[i].domain; d == "language" || d == "post_translations" {
			return false
		}
	}
	for _, key := range langKeys {
		if langTag(it.metaValue(key)) != "" {
			return slices.Contains(looseKeys, key)
		}
	}
	return false
}

// itemCode is itemLang, and what the plugin calls the language in addresses.
func itemCode(it *rawItem) (lang, code string) {
	for i := range it.terms {
		if it.terms[i].domain == "language" {
			code = strings.TrimPrefix(it.terms[i].nicename, "pll_")
			if l := langTag(code); l != "" {
				return l, code
			}
		}
	}
	for _, key := range langKeys {
		code = it.metaValue(key)
		if l := langTag(code); l != "" {
			return l, code
		}
	}
	return "", ""
}

func groupTerm(it *rawItem) string {
	for i := range it.terms {
		if it.terms[i].domain == "post_translations" {
			return it.terms[i].nicename
		}
	}
	return ""
}

// builder makes Items of a file's raw ones.
type builder struct {
	x    *Export
	file string
	seen map[string]int  // repeated keys, and keys without an id
	once map[uint64]bool // of what this file has several times
}

// again reports that the file had this very thing before.
func (b *builder) again(raw *rawItem) bool {
	key := itemKey{number(raw.f[ePostID]), kindByte(b.x.tables.kindOf(raw.f[eType], raw.f[eStatus]))}
	if !b.x.tables.doubled[key] {
		return false
	}
	h := fnv.New64a()
	fmt.Fprint(h, key, toldBy(raw))
	sum := h.Sum64()
	if b.once[sum] {
		return true
	}
	b.once[sum] = true
	return false
}

// maxOldDates bounds the days of one item.
const maxOldDates = 10

// items makes one Item, or one for each language of the post.
func (b *builder) items(raw *rawItem) []Item {
	it := Item{Item: importer.Item{
		File: b.file, Line: raw.line, Site: b.x.base, Type: raw.f[eType], Status: raw.f[eStatus],
		ID: number(raw.f[ePostID]), GUID: clip2k(raw.f[eGUID]), Link: itemLink(raw.f[eLink]),
		Slug: decodeSlug(raw.f[ePostName]), Protected: raw.password, Sticky: raw.f[eSticky] == "1",
		Open: raw.f[eCommentStatus] == "open", Parent: number(raw.f[eParent]), Order: int(min(number(raw.f[eOrder]), 1<<30)),
		Thumbnail: number(raw.metaValue("_thumbnail_id")), Views: raw.views(), PrimaryTerm: number(raw.metaValue(primaryKeys...)),
		Enclosures: raw.enclosures(), Original: true,
	}, content: raw.f[eContent], footnotes: raw.metaValue("footnotes"), export: b.x}
	if it.Type = clip(oneLine(it.Type)); it.Type == "" {
		it.Type = "post"
	}
	if it.Status == "" {
		it.Status = "publish"
	}
	it.Kind = b.x.tables.kindOf(it.Type, it.Status)
	_, decided := b.x.tables.types[it.Type]
	if it.Kind == Left {
		it.Why = leftTypes[it.Type]
		switch {
		case decided:
			it.Why = "as a mapping file says"
		case it.Status == "auto-draft":
			it.Why = "an empty draft that WordPress made by itself"
		case it.Why == "":
			it.Why = fmt.Sprintf("a type of post that we do not know: %s; a mapping file can make articles or pages of it", oneLine(it.Type))
		}
		it.Shows = menuOf(&it, raw)
	} else if decided {
		b.often(&it, fmt.Sprintf("posts of the type %q are %ss, as a mapping file says", it.Type, map[Kind]string{Post: "article", Page: "page"}[it.Kind]))
	}
	b.dates(&it, raw)
	b.key(&it, raw)
	b.language(&it, raw)
	b.terms(&it, raw)
	for i := range raw.meta {
		if raw.meta[i].key == "_wp_old_date" && len(it.OldDates) < maxOldDates {
			if d, _ := parseDate(raw.meta[i].value); !d.IsZero() {
				it.OldDates = append(it.OldDates, d.Format(time.DateOnly))
			}
		}
		if raw.meta[i].key == "_wp_old_slug" {
			if s := decodeSlug(raw.meta[i].value); s != "" && s != it.Slug && !slices.Contains(it.OldSlugs, s) {
				it.OldSlugs = append(it.OldSlugs, s)
			}
		}
	}
	if it.Kind == Attachment {
		info := raw.upload(baseLang(b.x.head.Language))
		info.Lang = cmp.Or(info.Lang, b.x.tables.belongsTo(it.Parent))
		it.Upload = &info
	}
	it.Comments = b.comments(&it, raw)
	if it.Format != "" && (it.Kind == Post || it.Kind == Page) {
		b.often(&it, fmt.Sprintf("posts of the format %q are articles like any other", clip(oneLine(it.Format))))
	}
	said, unread := raw.viewKeys()
	if unread > 0 {
		b.often(&it, "posts with a view counter that is no number: it was left")
	}
	if said > 1 {
		b.often(&it, "posts with several view counters: the largest was taken, not their sum")
	}
	for _, n := range raw.notes {
		b.noteAt(&it, n.Level, n.Line, n.Why)
	}
	return b.split(it, raw)
}

// navigated finds the addresses in a menu of the block editor.
var navigated = regexp.MustCompile(`"url":("https?:(?:[^"\\]|\\.)*")`)

// menuOf is where an entry of a menu, or a menu, leads.
func menuOf(it *Item, raw *rawItem) []string {
	switch it.Type {
	case "nav_menu_item":
		if s := raw.metaValue(menuKey); s != "" {
			return []string{clip2k(s)}
		}
	case "wp_navigation":
		var out []string
		for _, m := range navigated.FindAllStringSubmatch(raw.f[eContent], 200) {
			s := ""
			if json.Unmarshal([]byte(m[1]), &s) == nil {
				out = append(out, clip2k(s))
			}
		}
		return out
	}
	return nil
}

func clip2k(s string) string {
	if len(s) > 2048 {
		return strings.ToValidUTF8(s[:2048], "")
	}
	return s
}

func (b *builder) note(it *Item, level Level, why string) { b.noteAt(it, level, it.Line, why) }

// often notes what is only counted.
func (b *builder) often(it *Item, why string) {
	it.Notes = append(it.Notes, Note{Level: LevelChanged, Kind: it.Called(), Why: why, Often: true})
}

func (b *builder) noteAt(it *Item, level Level, line int, why string) {
	if len(it.Notes) < maxNotes {
		id := ""
		if it.ID > 0 {
			id = fmt.Sprint(it.ID)
		}
		it.Notes = append(it.Notes, Note{Level: level, Kind: it.Called(), Item: id, File: b.file, Line: line, Why: why})
	}
}

func (b *builder) dates(it *Item, raw *rawItem) {
	d := datesOf(raw)
	it.Published, it.Modified = d.published, d.modified
	it.PublishedLocal, it.ModifiedLocal = d.publishedLocal, d.modifiedLocal
	it.ZoneKnown, it.OffsetMinutes = d.zoneKnown, d.offset
	for _, why := range d.notes {
		b.note(it, LevelChanged, why)
	}
}

// key gives an item its identity within its site.
func (b *builder) key(it *Item, raw *rawItem) {
	kind := string(it.Kind)
	if it.Kind == Left {
		kind = oneLine(it.Type)
	}
	switch {
	case it.ID > 0:
		it.Key = fmt.Sprintf("%s/%d", kind, it.ID)
		if !b.x.tables.repeated[itemKey{it.ID, kindByte(it.Kind)}] {
			return
		}
		it.Key += "/" + it.Slug
		if it.Kind == Left {
			break // nobody misses it
		}
		b.note(it, LevelChanged, fmt.Sprintf("the id %d is there more than once; told apart by type and slug", it.ID))
	case it.GUID != "":
		it.Key = kind + "/guid:" + it.GUID
		b.often(it, "items without an id, known by their guid")
	case it.Slug != "":
		it.Key = kind + "/slug:" + it.Slug
		b.note(it, LevelChanged, "it has neither id nor guid; its slug stands for them")
	default:
		sum := sha256.Sum256([]byte(raw.f[eTitle] + "\x00" + raw.f[ePostDate] + raw.f[ePubDate] + "\x00" + raw.f[eContent]))
		it.Key = kind + "/text:" + hex.EncodeToString(sum[:12])
		b.note(it, LevelChanged, "it has neither id nor guid nor slug; its text stands for them")
	}
	if len(b.seen) < 200_000 || b.seen[it.Key] > 0 {
		b.seen[it.Key]++
	}
	if n := b.seen[it.Key]; n > 1 {
		it.Key = fmt.Sprintf("%s/%d", it.Key, n)
	}
}

// language finds the language of an item and its fellows in other languages.
func (b *builder) language(it *Item, raw *rawItem) {
	it.Lang = itemLang(raw)
	main := baseLang(b.x.head.Language)
	if b.x.tables.unsaid[it.Lang] && it.Lang != "" {
		if baseLang(it.Lang) != main {
			b.note(it, LevelChanged, fmt.Sprintf("a custom field names the language %q, which next to nothing else in the export is in; it was taken for one in the site's own", it.Lang))
		}
		it.Lang = ""
	}
	it.Group = groupTerm(raw)
	if langs := b.x.tables.groups[it.Group]; langs != nil {
		it.Original = b.polylangOriginal(langs, main) == it.ID
	} else if it.Group != "" {
		it.Original = it.Lang == "" || baseLang(it.Lang) == main
	}
	if it.Group != "" {
		it.Group = "polylang:" + it.Group
		return
	}
	if s := raw.metaValue(groupKeys...); s != "" {
		it.Group = "wpml:" + clip(oneLine(s))
		it.Original = it.Lang == "" || baseLang(it.Lang) == main
		if source := raw.metaValue(sourceKeys...); source != "" {
			it.Original = false
		}
	}
	if it.Group == "" && it.ID > 0 && b.x.tables.copied[itemKey{it.ID, kindByte(it.Kind)}] {
		it.Group = fmt.Sprintf("wpml-of:%d", it.ID)
	}
	if of := number(raw.metaValue(dupKeys...)); of > 0 {
		it.Group, it.Original = fmt.Sprintf("wpml-of:%d", of), false
	}
}

// polylangOriginal is the post in the site's language, else the oldest.
func (b *builder) polylangOriginal(langs map[string]int64, main string) int64 {
	first := int64(0)
	for lang, id := range langs {
		if baseLang(lang) == main {
			return id
		}
		if first == 0 || id < first {
			first = id
		}
	}
	return first
}

// technical are taxonomies that say something else than what an article is
// about.
var technical = map[string]bool{
	"language": true, "term_language": true, "post_translations": true, "term_translations": true,
	"translation_priority": true, "nav_menu": true, "author": true, "post_format": true, "wp_theme": true,
	"wp_template_part_area": true, "wp_pattern_category": true, "link_category": true, "elementor_library_type": true,
}

// terms are what the item is about, and its by-line: Co-Authors Plus keeps
// authors as terms.
func (b *builder) terms(it *Item, raw *rawItem) {
	domains := false
	for i := range raw.terms {
		domains = domains || raw.terms[i].domain != ""
	}
	have := map[TermRef]bool{}
	for _, t := range raw.terms {
		switch {
		case t.domain == "author":
			it.Authors = b.addAuthor(it.Authors, t)
		case t.domain == "post_format":
			it.Format = strings.TrimPrefix(t.nicename, "post-format-")
		case technical[t.domain] || t.domain == "" && domains:
			// WXR 1.0 writes each category twice, once without its domain.
		case t.nicename == "" && t.text == "":
		default:
			ref := TermRef{Taxonomy: taxonomyOf(t.domain), Slug: decodeSlug(t.nicename), Name: t.text}
			if ref.Slug == "" {
				ref.Slug = b.nicename(ref.Taxonomy, t.text)
				b.often(it, "categories and tags without a nicename, known by their names")
			}
			if !have[ref] {
				have[ref] = true
				it.Terms = append(it.Terms, ref)
			}
		}
	}
	if len(it.Authors) == 0 {
		if login := oneLine(raw.f[eCreator]); login != "" {
			it.Authors = []AuthorRef{{Login: login}}
		}
	}
}

// taxonomyOf is what the domain of an item's term says; WXR 1.0 has other words.
func taxonomyOf(domain string) string {
	switch domain {
	case "":
		return "category"
	case "tag":
		return "post_tag"
	}
	return domain
}

// nicename is that of a term which an item names without one.
func (b *builder) nicename(taxonomy, name string) string {
	name, _ = namesIn(name, baseLang(b.x.head.Language))
	if s := b.x.slugs[TermRef{Taxonomy: taxonomy, Name: name}]; s != "" {
		return s
	}
	return slugOfName(name)
}

func (b *builder) addAuthor(list []AuthorRef, t rawTerm) []AuthorRef {
	slug := decodeSlug(t.nicename)
	slug = strings.TrimPrefix(slug, "cap-")
	a := AuthorRef{Slug: slug, Name: oneLine(t.text)}
	for _, login := range []string{slug, a.Name} {
		if b.x.tables.logins[login] {
			a = AuthorRef{Login: login, Slug: slug}
			break
		}
	}
	if a.Login == "" && a.Name == "" && a.Slug == "" || slices.Contains(list, a) {
		return list
	}
	return append(list, a)
}

// split divides a post that holds several languages; a post of one language
// passes as it is. Titles, excerpts and names are made plain here.
func (b *builder) split(it Item, raw *rawItem) []Item {
	title, excerpt, content := splitLangs(raw.f[eTitle]), splitLangs(raw.f[eExcerpt]), splitLangs(raw.f[eContent])
	if title == nil && excerpt == nil && content == nil {
		b.words(&it, raw, nil, nil, nil)
		return []Item{it}
	}
	langs := b.langsOf(title, content, excerpt)
	if it.Kind == Left || it.Kind == Attachment || it.Kind == Revision {
		langs = langs[:1] // one file has one row; its words are in the site's language
	}
	var list []Item
	for n, lang := range langs {
		one := it
		one.Lang = lang
		if len(langs) > 1 {
			one.Group, one.Original = "qtranslate:"+it.Key, n == 0
		}
		one.content = content.in(lang, raw.f[eContent])
		one.Terms = slices.Clone(it.Terms)
		one.Notes = slices.Clone(it.Notes)
		code := b.x.tables.codeOf(lang)
		if s := decodeSlug(raw.metaValue("_qts_slug_"+code, "_qts_slug_"+lang)); s != "" {
			one.Slug = s
		} else if n > 0 {
			one.Slug = ""
		}
		if n == 0 && len(langs) > 1 {
			b.note(&one, LevelChanged, fmt.Sprintf("one post in %d languages (%s): one story with %d articles", len(langs), strings.Join(langs, ", "), len(langs)))
		}
		if n > 0 { // what there is once stays with the first
			one.Comments, one.Views, one.OldSlugs, one.OldDates = nil, 0, nil, nil
			one.Link = b.inPath(it.Link, code)
			one.Notes = nil
		}
		b.words(&one, raw, title, excerpt, content)
		list = append(list, one)
	}
	return list
}

// langsOf are the languages in which a post can be read, the site's own first.
func (b *builder) langsOf(title, content, excerpt *inLangs) []string {
	from := content
	if from == nil {
		from = title
	}
	if from == nil {
		from = excerpt
	}
	langs := from.written()
	main := baseLang(b.x.head.Language)
	if i := slices.Index(langs, main); i > 0 {
		langs = slices.Insert(slices.Delete(langs, i, i+1), 0, main)
	}
	return langs
}

// inPath is the address under which qTranslate showed another language:
// /ru/2014/05/slug/.
func (b *builder) inPath(link, lang string) string {
	u, err := url.Parse(link)
	if err != nil || link == "" || u.RawQuery != "" {
		return ""
	}
	base, err := url.Parse(b.x.base)
	prefix := ""
	if err == nil && base.Host == u.Host {
		prefix = strings.TrimSuffix(base.Path, "/")
	}
	if !strings.HasPrefix(u.Path, prefix+"/") {
		return ""
	}
	u.Path, u.RawPath = prefix+"/"+lang+strings.TrimPrefix(u.Path, prefix), ""
	return u.String()
}

// excerpt is an excerpt without its shortcodes.
func (b *builder) excerpt(it *Item, s string) string {
	if strings.IndexByte(s, '[') < 0 {
		return s
	}
	c := conv{it: it, plain: true}
	s = c.shortcodes(s, 0)
	for _, n := range c.notes {
		if n.Kind == "shortcode" {
			b.note(it, LevelChanged, "in the excerpt "+n.Detail)
		}
	}
	return s
}

// words makes the texts of an item plain, in its language.
func (b *builder) words(it *Item, raw *rawItem, title, excerpt, content *inLangs) {
	in := func(s string) string {
		if l := splitLangs(s); l != nil {
			return oneLine(l.in(it.Lang, s))
		}
		return oneLine(s)
	}
	it.Title = oneLine(title.in(it.Lang, raw.f[eTitle]))
	if excerpt != nil && excerpt.texts[it.Lang] == "" && content != nil {
		it.Standfirst = "" // never another language's
	} else {
		it.Standfirst = oneLine(b.excerpt(it, excerpt.in(it.Lang, raw.f[eExcerpt])))
	}
	it.Kicker, it.Subtitle = in(raw.metaValue(kickerKeys...)), in(raw.metaValue(subtitleKeys...))
	for i := range it.Terms {
		it.Terms[i].Name = in(it.Terms[i].Name)
	}
	if it.Kind == Post || it.Kind == Page {
		it.SEO = b.seo(it, raw, in)
	}
	if it.Upload != nil && maybeLangs(raw.f[eExcerpt]) {
		it.Upload.Caption = it.Standfirst
	}
}
