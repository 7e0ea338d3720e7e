package wordpress

import (
	"fmt"
	"regexp"
	"strings"
)

// template finds the variables of SEO plugins: %%title%%, %title%,
// %date(Y)%, #post_title. A word after a number sign that begins otherwise is for readers.
var template = regexp.MustCompile(`%%[a-z_]+%%|%[a-z_]+(?:\([^)%]*\))?%|` +
	`#(?:alt|archive|attachment|author|blog|breadcrumb|category|current|custom|page|parent|post|product|search|separator|site|tax|taxonomy)_[a-z_]+`)

// siteAtEnd is the end of most templates: page number, separator, name of the site.
var siteAtEnd = regexp.MustCompile(`(?:[\s|\-–—·•»:/>~*,]|%{1,2}(?:sitename|sep|page|pagenumber|pagetotal)%{1,2}|#(?:separator_sa|site_title))+$`)

// seo is what plugins for search engines were told about an item. Their fields
// are often templates: what a variable stands for is put in where the export
// says it; a field with another one is not taken, with a note.
func (b *builder) seo(it *Item, raw *rawItem, in func(string) string) SEO {
	field := func(what string, keys []string) string {
		s := in(raw.metaValue(keys...))
		made, unknown := b.filled(it, s)
		if unknown != "" {
			b.note(it, LevelChanged, fmt.Sprintf("%s was made by a template that only the old site could fill, and is not taken: %s", what, clip(s)))
			return ""
		}
		return made
	}
	out := SEO{
		Title: field("its title for search engines", seoTitleKeys), Description: field("its description for search engines", seoTextKeys),
		OGTitle: field("its title for social networks", ogTitleKeys), OGDescription: field("its description for social networks", ogTextKeys),
		Hidden: raw.hidden(),
	}
	if out.Title == it.Title { // said anyway
		out.Title = ""
	}
	if out.Hidden {
		b.often(it, "pages that search engines were told to leave out: they still are")
	}
	if to := webURL(raw.metaValue(canonicalKeys...)); to != "" && siteKey(to) != siteKey(it.Link) {
		b.note(it, LevelChanged, "it told search engines that the original stands elsewhere, which is not taken: "+clip2k(to))
	}
	return out
}

// hidden reports that search engines were told to leave the page out.
func (it *rawItem) hidden() bool {
	for i := range it.meta {
		v := strings.ToLower(strings.TrimSpace(it.meta[i].value))
		switch it.meta[i].key {
		case "rank_math_robots": // a serialized list
			if list, ok := parsePHP(v); ok {
				for _, e := range list.elems {
					if e.text == "noindex" {
						return true
					}
				}
			}
		case "_yoast_wpseo_meta-robots-noindex", "_genesis_noindex", "jetpack_seo_noindex": // 2 is Yoast's "index it"
			if v == "1" {
				return true
			}
		case "_seopress_robots_index", "_aioseop_noindex":
			if v == "yes" || v == "on" || v == "1" {
				return true
			}
		}
	}
	return false
}

// filled puts in what the variables of a template stand for, and names one that
// nobody here knows. The site's name at the end is left out: pages have it anyway.
func (b *builder) filled(it *Item, s string) (made, unknown string) {
	if !template.MatchString(s) {
		return s, ""
	}
	head := b.x.Head()
	s = siteAtEnd.ReplaceAllString(s, "")
	made = template.ReplaceAllStringFunc(s, func(v string) string {
		switch variable(v) {
		case "title", "post_title":
			return it.Title
		case "excerpt", "excerpt_only", "post_excerpt", "wc_shortdesc":
			if it.Standfirst != "" {
				return it.Standfirst
			}
		case "sitename", "site_title":
			if head.Title != "" {
				return head.Title
			}
		case "sitedesc", "tagline", "site_tagline":
			if head.Description != "" {
				return head.Description
			}
		case "sep", "separator", "separator_sa":
			return "–"
		case "page", "pagenumber", "pagetotal":
			return ""
		case "category", "primary_category", "primary_taxonomy", "post_category", "categories":
			for _, t := range it.Terms {
				if t.Taxonomy == "category" && t.Name != "" {
					return t.Name
				}
			}
		}
		if unknown == "" {
			unknown = v
		}
		return ""
	})
	return oneLine(strings.TrimSpace(made)), unknown
}

// variable is the name in a variable.
func variable(s string) string {
	name, _, _ := strings.Cut(strings.Trim(s, "%#"), "(")
	return name
}
