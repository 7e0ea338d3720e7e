package wordpress

import (
	"cmp"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
)

// What we read of postmeta, by purpose. Whatever is not named here is dropped
// unread: exports carry plugins' keys, hashes, tokens and addresses there.
var (
	viewKeys = []string{
		"views", "post_views_count", "_post_views", "pvc_views", "_post_views_count", "tie_views", "_tie_views",
		"wpb_post_views_count", "penci_post_views_count", "post_views", "jnews_total_views", "hits", "_views", "view_count",
	}
	seoTitleKeys = []string{
		"_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title", "_seopress_titles_title",
		"jetpack_seo_html_title", "_genesis_title",
	}
	seoTextKeys = []string{
		"_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description", "_aioseop_description",
		"_seopress_titles_desc", "advanced_seo_description", "_genesis_description", "metadescription",
	}
	ogTitleKeys = []string{"_yoast_wpseo_opengraph-title", "rank_math_facebook_title", "_seopress_social_fb_title"}
	ogTextKeys  = []string{"_yoast_wpseo_opengraph-description", "rank_math_facebook_description", "_seopress_social_fb_desc"}
	noindexKeys = []string{
		"_yoast_wpseo_meta-robots-noindex", "rank_math_robots", "_seopress_robots_index", "_aioseop_noindex", "_genesis_noindex",
		"jetpack_seo_noindex",
	}
	canonicalKeys = []string{
		"_yoast_wpseo_canonical", "rank_math_canonical_url", "_seopress_robots_canonical", "_genesis_canonical_uri", "_aioseop_custom_link",
	}
	primaryKeys  = []string{"_yoast_wpseo_primary_category", "rank_math_primary_category", "_seopress_robots_primary_cat"}
	langKeys     = []string{"_wpml_import_language_code", "_wpml_language", "wpml_language", "_pll_language", "_locale", "lang", "_lang", "language", "_language"}
	groupKeys    = []string{"_wpml_import_translation_group", "_wpml_translation_group", "_wpml_trid", "trid", "_icl_trid", "_translation_group", "_original_post"}
	sourceKeys   = []string{"_wpml_import_source_language_code", "_wpml_source_language"}
	dupKeys      = []string{"_icl_lang_duplicate_of"}
	kickerKeys   = []string{"kicker", "_kicker", "post_kicker", "eyebrow", "_eyebrow", "overline", "rubric"}
	subtitleKeys = []string{
		"subtitle", "_subtitle", "wps_subtitle", "kia_subtitle", "_kia_subtitle", "secondary_title", "_secondary_title",
		"the_subtitle", "deck", "_deck", "dek", "subheading",
	}
	menuKey    = "_menu_item_url" // of an entry that leads to an address, not to an item
	creditKeys = []string{"_media_credit", "media_credit", "_credit", "credit", "photo_credit", "_image_credit", "_wp_attachment_source_name", "photographer_name", "isc_image_source"}
	// Image Source Control, Media Library Assistant and others.
	rightsKeys = []string{"isc_image_licence", "_copyright", "copyright", "_license", "license", "usage_terms"}
	otherKeys  = []string{
		"_thumbnail_id", "_wp_attached_file", "_wp_attachment_metadata", "_wp_attachment_image_alt", "_wp_old_slug", "_wp_old_date",
		"enclosure", "footnotes", "cap-display_name", "cap-user_login", "cap-description", "cap-website", menuKey,
	}
)

// metaKeys is all of them.
var metaKeys = func() map[string]bool {
	m := map[string]bool{}
	for _, list := range [][]string{
		viewKeys, seoTitleKeys, seoTextKeys, ogTitleKeys, ogTextKeys, noindexKeys, canonicalKeys, primaryKeys, langKeys, groupKeys, sourceKeys, dupKeys,
		kickerKeys, subtitleKeys, creditKeys, rightsKeys, otherKeys,
	} {
		for _, key := range list {
			m[key] = true
		}
	}
	return m
}()

func knownMeta(key string) bool {
	return metaKeys[key] || strings.HasPrefix(key, "_qts_slug_") && len(key) < 20
}

// Some plugins store what they show: "12,345", "12 345.0", "2.5k".
var (
	thousands = regexp.MustCompile(`^\d{1,3}(?:[,. ]\d{3})+(?:[,.]0+)?$`)
	decimal   = regexp.MustCompile(`^\d+(?:[,.]\d+)?$`)
	shortened = regexp.MustCompile(`^(\d+)(?:[,.](\d{1,3}))? ?([km])$`)
)

// counter reads what a counter says; ok is false for what is no number.
func counter(s string) (n int64, ok bool) {
	s = strings.ToLower(strings.TrimSpace(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", " ", "'", " ").Replace(s)))
	if m := shortened.FindStringSubmatch(s); m != nil {
		zeros := 3
		if m[3] == "m" {
			zeros = 6
		}
		s = m[1] + m[2] + strings.Repeat("0", zeros-len(m[2]))
	} else if m := thousands.FindString(s); m != "" {
		if i := strings.LastIndexAny(m, ",."); i >= 0 && len(m)-i != 4 { // not three digits: decimals
			m = m[:i]
		}
		s = strings.NewReplacer(",", "", ".", "", " ", "").Replace(m)
	} else if decimal.MatchString(s) {
		if i := strings.IndexAny(s, ",."); i >= 0 {
			s = s[:i]
		}
	}
	n = number(s)
	return n, n > 0 || strings.Trim(s, "0") == ""
}

// views is the largest of the known counters.
func (it *rawItem) views() int64 {
	most := int64(0)
	for i := range it.meta {
		for _, key := range viewKeys {
			if it.meta[i].key == key {
				n, _ := counter(it.meta[i].value)
				most = max(most, n)
			}
		}
	}
	return most
}

// viewKeys is how many counters an item has that say something, and how many
// say what is no number.
func (it *rawItem) viewKeys() (said, unread int) {
	for i := range it.meta {
		if !slices.Contains(viewKeys, it.meta[i].key) {
			continue
		}
		switch n, ok := counter(it.meta[i].value); {
		case n > 0:
			said++
		case !ok:
			unread++
		}
	}
	return said, unread
}

// enclosures reads what WordPress keeps about sound and video: address,
// length, type and, from podcast plugins, a serialized rest, by lines.
func (it *rawItem) enclosures() []Enclosure {
	var list []Enclosure
	for i := range it.meta {
		if it.meta[i].key != "enclosure" || len(list) >= 20 {
			continue
		}
		lines := strings.SplitN(it.meta[i].value, "\n", 4)
		e := Enclosure{URL: webURL(lines[0])}
		if e.URL == "" {
			continue
		}
		if len(lines) > 1 {
			e.Bytes = number(lines[1])
		}
		if len(lines) > 2 && mimeType.MatchString(strings.TrimSpace(lines[2])) {
			e.Mime = strings.TrimSpace(lines[2])
		}
		if len(lines) > 3 {
			if v, ok := parsePHP(strings.TrimSpace(lines[3])); ok {
				e.Duration = oneLine(v.get("duration").text)
			}
		}
		list = append(list, e)
	}
	return list
}

var mimeType = regexp.MustCompile(`^[a-z]+/[a-zA-Z0-9.+-]{1,80}$`)

// webURL is s, if it is an address of the web.
func webURL(s string) string {
	s = strings.TrimSpace(s)
	if lower := strings.ToLower(s[:min(len(s), 8)]); !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		return ""
	}
	if len(s) > 4096 || strings.ContainsAny(s, " \n\t\"<>") {
		return ""
	}
	return s
}

// itemLink is an item's own address; some exporters leave out the host.
func itemLink(s string) string {
	if t := strings.TrimSpace(s); strings.HasPrefix(t, "/") && !strings.HasPrefix(t, "//") {
		if u := webURL("https://host" + t); u != "" {
			return t
		}
	}
	return webURL(s)
}

// upload is what an attachment knows about its file; main is the language that
// the site shows first.
func (it *rawItem) upload(main string) FileInfo {
	info := FileInfo{URL: webURL(it.f[eAttachmentURL])}
	if info.URL == "" {
		info.URL = webURL(it.f[eGUID])
	}
	info.Path = uploadPath(it.metaValue("_wp_attached_file"))
	if info.Path == "" {
		info.Path = pathOfURL(info.URL)
	}
	info.Alt, info.Alts = namesIn(it.metaValue("_wp_attachment_image_alt"), main)
	info.Caption, info.Captions = namesIn(it.f[eExcerpt], main)
	info.Rights = oneLine(it.metaValue(rightsKeys...))
	info.Lang = itemLang(it)
	info.Credit = oneLine(it.metaValue(creditKeys...))
	if s := it.metaValue("_wp_attachment_metadata"); s != "" {
		v, _ := parsePHP(s)
		info.Width, info.Height = side(v.get("width")), side(v.get("height"))
		image := v.get("image_meta")
		if info.Credit == "" {
			info.Credit = oneLine(image.get("credit").text)
		}
		copyright := oneLine(image.get("copyright").text)
		info.Credit = cmp.Or(info.Credit, copyright)
		info.Rights = cmp.Or(info.Rights, copyright)
	}
	return info
}

func side(v php) int {
	if n := v.int(); n > 0 && n < 1_000_000 {
		return n
	}
	return 0
}

// uploadPath is a path below the uploads directory, or nothing: what an
// export says must never lead elsewhere on the operator's disk.
func uploadPath(s string) string {
	if i := strings.Index(s, "/uploads/"); i >= 0 {
		s = s[i+len("/uploads/"):]
	}
	if s == "" || len(s) > 1024 || strings.ContainsAny(s, "\\\x00\n:") || strings.HasPrefix(s, "/") {
		return ""
	}
	clean := path.Clean(s)
	if clean == "." || clean == ".." || strings.HasPrefix(clean, "../") {
		return ""
	}
	return clean
}

// pathOfURL finds the path below the uploads directory in a file's address,
// of WordPress itself and of wordpress.com.
func pathOfURL(url string) string {
	url, _, _ = strings.Cut(url, "?")
	url, _, _ = strings.Cut(url, "#")
	for _, mark := range []string{"/wp-content/uploads/", ".files.wordpress.com/", "/files/"} {
		if i := strings.Index(url, mark); i >= 0 {
			return uploadPath(decodeSlug(url[i+len(mark):]))
		}
	}
	return ""
}

// footnote is an entry of the block editor's meta "footnotes".
type footnote struct {
	Content string `json:"content"`
	ID      string `json:"id"`
}

func parseFootnotes(s string) []footnote {
	var list []footnote
	if json.Unmarshal([]byte(s), &list) != nil || len(list) > 1000 {
		return nil
	}
	return list
}
