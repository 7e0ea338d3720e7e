package wordpress

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// qTranslate and its heirs keep all languages of a post in one text:
// "[:en]Hello[:ru]Привет[:]", before 2014 "<!--:en-->Hello<!--:-->", and in
// places where brackets mean something "{:en}Hello{:}". What stands outside
// belongs to every language.
var langMark = regexp.MustCompile(`\[:([a-z]{2}(?:-[a-zA-Z]{2,4})?)?\]|<!--:([a-z]{2}(?:-[a-zA-Z]{2,4})?)?-->|\{:([a-z]{2}(?:-[a-zA-Z]{2,4})?)?\}`)

// maybeLangs tells quickly that a text has no language marks.
func maybeLangs(s string) bool {
	return strings.Contains(s, "[:") || strings.Contains(s, "<!--:") || strings.Contains(s, "{:")
}

func maybeLangsIn(b []byte) bool {
	return bytes.Contains(b, []byte("[:")) || bytes.Contains(b, []byte("<!--:")) || bytes.Contains(b, []byte("{:"))
}

// inLangs is a text by language, in the order in which they appear.
type inLangs struct {
	langs []string
	codes []string // what their marks call them
	texts map[string]string
}

// maxLangs bounds the languages of one text.
const maxLangs = 40

// splitLangs divides a text; nil when it has no language marks.
func splitLangs(s string) *inLangs {
	if !maybeLangs(s) {
		return nil
	}
	marks := langMark.FindAllStringSubmatchIndex(s, 2000)
	opens := 0
	out := &inLangs{texts: map[string]string{}}
	for _, m := range marks {
		if lang := markLang(s, m); lang != "" {
			opens++
			if _, ok := out.texts[lang]; !ok && len(out.langs) < maxLangs {
				out.langs, out.texts[lang] = append(out.langs, lang), ""
				out.codes = append(out.codes, markCode(s, m))
			}
		}
	}
	if opens == 0 {
		return nil
	}
	built := map[string]*strings.Builder{}
	for _, lang := range out.langs {
		built[lang] = &strings.Builder{}
	}
	put := func(lang, text string) {
		if lang != "" {
			if b := built[lang]; b != nil {
				b.WriteString(text)
			}
			return
		}
		if strings.TrimSpace(text) == "" {
			return
		}
		for _, b := range built {
			b.WriteString(text)
		}
	}
	lang, from := "", 0
	for _, m := range marks {
		put(lang, s[from:m[0]])
		lang, from = markLang(s, m), m[1]
	}
	put(lang, s[from:])
	for l, b := range built {
		out.texts[l] = strings.TrimSpace(b.String())
	}
	return out
}

func markLang(s string, m []int) string { return langTag(markCode(s, m)) }

func markCode(s string, m []int) string {
	for g := 2; g < len(m); g += 2 {
		if m[g] >= 0 {
			return s[m[g]:m[g+1]]
		}
	}
	return ""
}

// written are the languages in which there is something to read; all, if that is
// none.
func (l *inLangs) written() []string {
	var out []string
	for _, lang := range l.langs {
		if l.texts[lang] != "" {
			out = append(out, lang)
		}
	}
	if len(out) == 0 {
		return slices.Clone(l.langs)
	}
	return out
}

// in is the text in a language; the whole text when it is not divided, the
// first language when that one is missing.
func (l *inLangs) in(lang, whole string) string {
	if l == nil {
		return whole
	}
	if t := l.texts[lang]; t != "" {
		return t
	}
	for _, other := range l.langs {
		if t := l.texts[other]; t != "" {
			return t
		}
	}
	return ""
}

// namesIn are the names by language of a text that has several, and the one
// to show when the language is not known.
func namesIn(s, lang string) (string, map[string]string) {
	l := splitLangs(s)
	if l == nil {
		return oneLine(s), nil
	}
	names := map[string]string{}
	for k, v := range l.texts {
		if v = oneLine(v); v != "" {
			names[k] = v
		}
	}
	return oneLine(l.in(lang, s)), names
}
