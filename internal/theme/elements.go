package theme

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"sync"

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
	property("og:type", cmp.Or(s.Type, "website"))
	property("og:title", cmp.Or(s.Title, f.Title, f.SiteName))
	property("og:description", cmp.Or(s.Description, f.Description))
	property("og:url", cmp.Or(s.URL, f.Canonical))
	property("og:site_name", f.SiteName)
	property("og:locale", territory(f.Lang.Tag()))
	for _, a := range f.Alternates {
		if a.Hreflang != "x-default" && a.Hreflang != f.Lang.Tag() {
			property("og:locale:alternate", territory(a.Hreflang))
		}
	}
	card := "summary_large_image"
	if p := s.Image; p != nil && address(p.URL) != "" {
		property("og:image", address(p.URL))
		if p.Width > 0 && p.Height > 0 {
			property("og:image:width", strconv.Itoa(p.Width))
			property("og:image:height", strconv.Itoa(p.Height))
		}
		property("og:image:alt", p.Alt)
		if 2*p.Width < 3*p.Height { // a portrait: the large form would cut the head off
			card = "summary"
		}
	} else {
		card = "summary"
	}
	b.WriteString(string(metaElement("twitter:card", card)) + "\n")
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

// LooksPath is where the style sheets of looks are served: LooksPath +
// Looks.SheetName.
const LooksPath = "/assets/newsroom/"

// styleElements link the theme's style sheet, with its integrity where it is
// known, and the one of what the newsroom has set. That one has no integrity:
// who answers for an address of yesterday answers with the looks of today.
func (e *Engine) styleElements(theme string, f *Frame) template.HTML {
	sheet := StyleSheet(theme)
	var b element
	b.open("link")
	b.must("rel", "stylesheet")
	b.must("href", e.o.Asset(sheet))
	b.attr("integrity", e.o.Integrity(sheet))
	b.WriteString(">")
	if f.Looks == (Looks{}) || f.Looks == (Looks{Theme: f.Looks.Theme}) {
		return template.HTML(b.String())
	}
	l := f.Looks
	l.Theme = theme
	if r := e.last(theme); r != nil && r.grounds != (Grounds{}) {
		if name := l.SheetName(r.grounds); name != "" {
			b.WriteString("\n<link")
			b.must("rel", "stylesheet")
			b.must("href", LooksPath+name)
			b.WriteString(">")
		}
	}
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

// assetOf is the address of a file for a template of a theme.
func (e *Engine) assetOf(theme, name string) string {
	if r := e.last(theme); r != nil {
		return e.asset(theme, r.brings, name)
	}
	return e.o.Asset(name)
}

// preloader makes the links that fetch early the letters which a page of the
// language shows at once: those of the faces ("serif" where none is named), or of
// the family that the newsroom has chosen instead.
func (e *Engine) preloader(theme string, l *lang.Locale) func(f *Frame, faces ...string) template.HTML {
	var known sync.Map // files of a face: looking for them takes longer than a line of the page
	return func(f *Frame, faces ...string) template.HTML {
		if f.Preload != nil {
			return e.preloadElements(theme, f.Preload)
		}
		if len(faces) == 0 {
			faces = []string{"serif"}
		}
		var names []string
		for _, face := range faces {
			if face == "serif" && f.Looks.Text != "" {
				face = f.Looks.Text
			}
			files, ok := known.Load(face)
			if r := e.last(theme); !ok && r != nil {
				files = lettersOf(r.fonts, face, l)
				known.Store(face, files)
			}
			own, _ := files.([]string)
			names = append(names, own...)
		}
		return e.preloadElements(theme, names)
	}
}

func (e *Engine) preloadElements(theme string, names []string) template.HTML {
	var b element
	for _, name := range names {
		href := e.assetOf(theme, name)
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

// said is text in another language than the page's, as <span lang>, so that it
// is read aloud, set and hyphenated as what it is (WCAG 2.2, 3.1.2); in the
// page's own language, or without a tag, it is the text alone.
func said(page *lang.Locale) func(tag any, text string) template.HTML {
	return func(tag any, text string) template.HTML {
		other, _ := tag.(string)
		if other == "" || other == page.Tag() || text == "" {
			return template.HTML(template.HTMLEscapeString(text))
		}
		var b element
		b.open("span")
		b.must("lang", lang.Of(other).Tag())
		b.attr("dir", page.Turn(other))
		b.WriteString(">" + template.HTMLEscapeString(text) + "</span>")
		return template.HTML(b.String())
	}
}
