package theme

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"dateline/internal/lang"
)

// The functions of this file and ViewsToken are all in the package that make
// template.HTML. Each returns whole elements with every value escaped here.

// element builds start tags.
type element struct{ strings.Builder }

func (b *element) open(name string) { b.WriteString("<" + name) }

// attr writes an attribute, or nothing where the value is empty.
func (b *element) attr(name, value string) {
	if value != "" {
		b.must(name, value)
	}
}

// must writes an attribute even where the value is empty.
func (b *element) must(name, value string) {
	b.WriteString(" " + name + `="` + template.HTMLEscapeString(value) + `"`)
}

func (b *element) number(name string, n int) {
	if n > 0 {
		b.must(name, strconv.Itoa(n))
	}
}

// address lets through what may stand in src and href of our own elements:
// http, https, and addresses without a scheme. Anything else becomes "".
func address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// metaElement is <meta name content>, or nothing without content.
func metaElement(name, content string) template.HTML {
	if content == "" {
		return ""
	}
	var b element
	b.open("meta")
	b.must("name", name)
	b.must("content", content)
	b.WriteString(">")
	return template.HTML(b.String())
}

// jsonldElement is the page's data for machines. encoding/json writes <, >, &
// and the two line separators as escapes, so no value can end the element
// (HTML §4.12.1.3, restrictions for contents of script elements).
func jsonldElement(v any) (template.HTML, error) {
	if v == nil {
		return "", nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("jsonld: %w", err)
	}
	return template.HTML(`<script type="application/ld+json">` + string(text) + "</script>"), nil
}

// socialElements are Open Graph's (https://ogp.me), read by everybody who
// draws previews. Empty values fall back to the frame's or are left out.
func socialElements(f *Frame) template.HTML {
	s := f.Social
	if s == nil {
		return ""
	}
	var b element
	property := func(name, content string) {
		if content == "" {
			return
		}
		b.open("meta")
		b.must("property", name)
		b.must("content", content)
		b.WriteString(">\n")
	}
	property("og:type", either(s.Type, "website"))
	property("og:title", either(s.Title, f.Title, f.SiteName))
	property("og:description", either(s.Description, f.Description))
	property("og:url", either(s.URL, f.Canonical))
	property("og:site_name", f.SiteName)
	property("og:locale", territory(f.Lang.Tag()))
	for _, a := range f.Alternates {
		if a.Hreflang != "x-default" && a.Hreflang != f.Lang.Tag() {
			property("og:locale:alternate", territory(a.Hreflang))
		}
	}
	if p := s.Image; p != nil && address(p.URL) != "" {
		property("og:image", address(p.URL))
		if p.Width > 0 && p.Height > 0 {
			property("og:image:width", strconv.Itoa(p.Width))
			property("og:image:height", strconv.Itoa(p.Height))
		}
		property("og:image:alt", p.Alt)
		b.WriteString(string(metaElement("twitter:card", "summary_large_image")) + "\n")
	} else {
		b.WriteString(string(metaElement("twitter:card", "summary")) + "\n")
	}
	for _, who := range s.Fediverse {
		b.WriteString(string(metaElement("fediverse:creator", who)) + "\n")
	}
	if s.Type == "article" {
		property("article:published_time", s.Published)
		property("article:modified_time", s.Modified)
		property("article:section", s.Section)
		for _, a := range s.Authors {
			property("article:author", a)
		}
		for _, t := range s.Tags {
			property("article:tag", t)
		}
	}
	return template.HTML(strings.TrimSuffix(b.String(), "\n"))
}

// territory is a language as Open Graph has it, with the territory in which it
// is mostly spoken: "kk_KZ". Sites that read it know no other form.
func territory(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return strings.ReplaceAll(tag, "-", "_")
	}
	base, _ := t.Base()
	region, _ := t.Region()
	return base.String() + "_" + region.String()
}

func either(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// styleElement links the style sheet, with its integrity where it is known.
func (e *Engine) styleElement(name string) template.HTML {
	var b element
	b.open("link")
	b.must("rel", "stylesheet")
	b.must("href", e.o.Asset(name))
	b.attr("integrity", e.o.Integrity(name))
	b.WriteString(">")
	return template.HTML(b.String())
}

// scriptElement loads a script without holding up the page.
func (e *Engine) scriptElement(name string) template.HTML {
	src := e.o.Asset(name)
	if src == "" {
		return ""
	}
	var b element
	b.open("script")
	b.must("src", src)
	b.attr("integrity", e.o.Integrity(name))
	b.WriteString(" defer></script>")
	return template.HTML(b.String())
}

// preloadElements fetches the upright serif of the page's language early: the
// signs and the letters, for Kazakh also those that Russian lacks.
func (e *Engine) preloadElements(f *Frame) template.HTML {
	names := f.Preload
	if names == nil {
		names = serifOf(f.Lang.Tag())
	}
	var b element
	for _, name := range names {
		href := e.o.Asset(name)
		if href == "" {
			continue
		}
		b.open("link")
		b.must("rel", "preload")
		b.must("href", href)
		b.must("as", "font")
		b.must("type", "font/woff2")
		b.WriteString(" crossorigin>\n") // fonts are always fetched so (Fetch §4.6, css-fonts)
	}
	return template.HTML(strings.TrimSuffix(b.String(), "\n"))
}

func serifOf(tag string) []string {
	primary, _, _ := strings.Cut(tag, "-")
	switch primary {
	case "ru":
		return []string{"fonts/serif-common.woff2", "fonts/serif-cyrillic.woff2"}
	case "uk", "be", "bg", "mk", "sr":
		return []string{"fonts/serif-common.woff2", "fonts/serif-cyrillic.woff2", "fonts/serif-cyrillic-more.woff2"}
	case "kk", "ky", "tt", "ba", "mn":
		return []string{"fonts/serif-common.woff2", "fonts/serif-cyrillic.woff2", "fonts/serif-kazakh.woff2"}
	case "ar", "fa", "he", "ur", "zh", "ja", "ko", "ka", "hy", "el", "hi", "th":
		return nil // scripts that the fonts do not have
	}
	return []string{"fonts/serif-common.woff2", "fonts/serif-latin.woff2"}
}

// said is text in another language than the page's, as <span lang>, so that it
// is read aloud, set and hyphenated as what it is (WCAG 2.2, 3.1.2); in the
// page's own language, or without a tag, it is the text alone.
func said(page *lang.Locale) func(tag any, text string) template.HTML {
	return func(tag any, text string) template.HTML {
		other, _ := tag.(string)
		if other == "" || other == page.Tag() || text == "" {
			return template.HTML(template.HTMLEscapeString(text))
		}
		l := lang.Of(other)
		var b element
		b.open("span")
		b.must("lang", l.Tag())
		if l.Dir() != page.Dir() {
			b.must("dir", l.Dir())
		}
		b.WriteString(">" + template.HTMLEscapeString(text) + "</span>")
		return template.HTML(b.String())
	}
}
