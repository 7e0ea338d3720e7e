package theme

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"dateline/internal/lang"
)

// A language without words of its own, or without some, says them in English:
// in a page of its own language and, it may be, its other direction. Wherever
// such words are text they stand in an element that says so (WCAG 2.2, 3.1.2) and
// keeps their order ("1 min" in a Persian line). Templates write t "…" into texts
// and attributes alike, so the words carry marks, Unicode non-characters, until
// the page is whole; where no element can stand the marks are taken away.
const (
	lentFrom = "\uFDD4"
	lentTo   = "\uFDD5"
)

// Words are a key's words for a field of a page, marked where they are lent.
func Words(l *lang.Locale, key string, args ...any) string { return lent(l, key, l.T(key, args...)) }

func lent(l *lang.Locale, key, words string) string {
	if l.Lent(key) == "" || !strings.ContainsFunc(words, unicode.IsLetter) {
		return words
	}
	inner := strings.TrimSpace(words) // spaces around stand between elements
	before, after, _ := strings.Cut(words, inner)
	return before + lentFrom + inner + lentTo + after
}

// marked is a whole piece: a single mark, as somebody's text may have one, is none.
var marked = regexp.MustCompile(lentFrom + "([^" + lentFrom + lentTo + "]*)" + lentTo)

// In these no element can stand.
var noMarkup = map[string]bool{"title": true, "option": true, "textarea": true, "script": true, "style": true, "noscript": true}

// sayLent puts the lent words of a page into elements of their own.
func sayLent(page []byte, l *lang.Locale) []byte {
	if !bytes.Contains(page, []byte(lentFrom)) {
		return page
	}
	en := lang.Of("en")
	open := `<span lang="` + en.Tag() + `"`
	if l.Dir() != en.Dir() {
		open += ` dir="` + en.Dir() + `"`
	}
	drop := strings.NewReplacer(lentFrom, "", lentTo, "")
	var b bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	within := ""
	for {
		t := z.Next()
		raw := string(z.Raw())
		switch name, _ := z.TagName(); {
		case t == html.ErrorToken:
			b.WriteString(raw)
			return b.Bytes()
		case t == html.StartTagToken && noMarkup[string(name)]:
			within = string(name)
		case t == html.EndTagToken && string(name) == within:
			within = ""
		case t == html.TextToken && within == "":
			raw = marked.ReplaceAllString(raw, open+">$1</span>")
		}
		drop.WriteString(&b, raw)
	}
}
