package lang

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"dateline/locales"

	"github.com/google/go-cmp/cmp"
)

// texts reads a file of words independently of readWords: key → form → text;
// a message that is not counted has the one form "".
func texts(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	m := map[string]map[string]string{}
	names, err := fs.Glob(locales.Files, "desk/*."+tag+".json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, tag+".json") {
		textsOf(t, name, m)
	}
	return m
}

func textsOf(t *testing.T, name string, m map[string]map[string]string) {
	t.Helper()
	raw, err := locales.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() { // token by token, so that a repeated key is seen
		tok, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		key := tok.(string)
		if m[key] != nil {
			t.Errorf("%s: %s stands there twice, or in another file, too", name, key)
		}
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		m[key] = map[string]string{}
		switch v := v.(type) {
		case string:
			m[key][""] = v
		case map[string]any:
			for form, text := range v {
				m[key][form] = text.(string)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// placeholders are those of all forms together: a form may leave {n} out.
func placeholders(forms map[string]string) []string {
	var all []string
	for _, text := range forms {
		all = append(all, placeholder.FindAllString(text, -1)...)
	}
	sort.Strings(all)
	return slices.Compact(all)
}

func TestWordsAgree(t *testing.T) {
	english := texts(t, "en")
	for _, tag := range Known() {
		words := texts(t, tag)
		for key, forms := range english {
			if words[key] == nil {
				if Of(tag).own.Whole {
					t.Errorf("%s lacks %s", tag, key)
				}
				continue
			}
			if diff := cmp.Diff(placeholders(forms), placeholders(words[key])); diff != "" {
				t.Errorf("%s %s has other placeholders:\n%s", tag, key, diff)
			}
			if _, counted := forms[""]; !counted != (words[key][""] == "") {
				t.Errorf("%s %s is counted in one language only", tag, key)
			}
		}
		for key := range words {
			if english[key] == nil {
				t.Errorf("%s has %s, which English lacks", tag, key)
			}
		}
	}
}

func TestWordsAreWhole(t *testing.T) {
	for _, tag := range Known() {
		for key, forms := range texts(t, tag) {
			if !regexp.MustCompile(`^[a-z]+(\.[a-zA-Z0-9_]+)+$`).MatchString(key) {
				t.Errorf("%s: not a dotted key: %q", tag, key)
			}
			if _, plain := forms[""]; !plain {
				want := slices.Clone(Of(tag).forms.Plurals)
				var have []string
				for form := range forms {
					have = append(have, form)
				}
				sort.Strings(want)
				sort.Strings(have)
				if diff := cmp.Diff(want, have); diff != "" {
					t.Errorf("%s %s has other plural forms than CLDR:\n%s", tag, key, diff)
				}
			}
			for _, text := range forms {
				rest := placeholder.ReplaceAllString(text, "")
				switch {
				case text == "" || strings.TrimSpace(text) != text:
					t.Errorf("%s %s: empty, or with space around: %q", tag, key, text)
				case strings.ContainsAny(rest, "{}<>&'\""):
					t.Errorf("%s %s: a broken placeholder, markup or straight quotes: %q", tag, key, text)
				case strings.Contains(text, "  ") || strings.Contains(text, "..."):
					t.Errorf("%s %s: careless setting: %q", tag, key, text)
				}
			}
		}
	}
}

// names are words that are written alike everywhere.
var sameEverywhere = regexp.MustCompile(`Dateline|QR|CSV|JPEG|PNG|WebP|AVIF|GIF|SVG|HEIC|TIFF|Flash|RSS|Atom|JSON|XML|Ctrl|\bAlt\b|Esc|Enter|E-mail|UTF-8|UTC|https?|mailto|tel:|WebSub|(security|trust|ads|robots)\.txt|User-agent|datatrainingallowed|\byes\b|\bno\b|\b(headline|standfirst|body|byline|section|picture|alt|credit|licence|rights|place|tags|facts|silent|correction)\b|DIRECT|RESELLER`)

// alike are words that Turkish and English share.
var alike = map[string]bool{"Video": true, "Podcast": true, "© {year} {publication}": true, "{size} B": true, "{size} KB": true, "{size} MB": true, "{size} GB": true}

// TestWordsAreTranslated: no text equals the English one, none keeps Latin
// letters apart from names, and Kazakh is not Russian in disguise.
func TestWordsAreTranslated(t *testing.T) {
	english, russian := texts(t, "en"), texts(t, "ru")
	latin := regexp.MustCompile(`[A-Za-z]{2,}`)
	same, all := 0, 0
	for _, tag := range []string{"ru", "kk", "tr"} {
		for key, forms := range texts(t, tag) {
			for form, text := range forms {
				bare := placeholder.ReplaceAllString(text, "")
				if tag == "tr" && alike[text] {
					continue
				}
				if text == english[key][form] && strings.TrimFunc(bare, func(r rune) bool { return r < 'A' }) != "" {
					t.Errorf("%s %s is English: %q", tag, key, text)
				}
				if m := latin.FindString(sameEverywhere.ReplaceAllString(bare, "")); m != "" && tag != "tr" {
					t.Errorf("%s %s keeps %q", tag, key, m)
				}
				if tag == "kk" && text == russian[key][form] && strings.Count(bare, " ") > 2 {
					t.Errorf("kk %s is Russian: %q", key, text)
				}
			}
			if tag == "kk" {
				all++
				if cmp.Equal(forms, russian[key]) {
					same++
				}
			}
		}
	}
	if same*25 > all { // Репортаж, Жанр, Автор, Редакция …
		t.Errorf("%d of %d Kazakh texts equal the Russian ones", same, all)
	}
}

// TestNoFalseFriends: what machines make of the names of networks and days, when they
// translate them, stands nowhere.
func TestNoFalseFriends(t *testing.T) {
	never := map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`(?i)classmates|in contact with|my world\b`),
		"ru": regexp.MustCompile(`(?i)лицевая книга|лицокнига`),
		"kk": regexp.MustCompile(`(?i)сыныптастар|байланыста$`),
	}
	days := regexp.MustCompile(`(?i)total|resurrection|environment|итог|итого|воскрешение|барлығы|жиыны`)
	for tag, re := range never {
		for key, forms := range texts(t, tag) {
			for _, text := range forms {
				if re.MatchString(text) {
					t.Errorf("%s %s: %q", tag, key, text)
				}
			}
		}
		for day := range 7 {
			name := Of(tag).Weekday(time.Weekday(day))
			if name == "" || days.MatchString(name) {
				t.Errorf("%s: a day of the week is %q", tag, name)
			}
		}
	}
}

func TestReadmeListsEveryKey(t *testing.T) {
	pages, err := filepath.Glob("../../locales/desk/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, page := range append(pages, "../../locales/README.md") {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(raw), -1) {
			listed = append(listed, m[1])
		}
	}
	sort.Strings(listed)
	if diff := cmp.Diff(Of("en").Keys(), listed); diff != "" {
		t.Errorf("locales/README.md and locales/desk/*.md:\n%s", diff)
	}
}

func TestT(t *testing.T) {
	for _, c := range []struct {
		tag, want, key string
		args           []any
	}{
		{"en", "1 view", "views.count", []any{"n", 1}},
		{"en", "3,537 views", "views.count", []any{"n", int64(3537)}},
		{"ru", "1 просмотр", "views.count", []any{"n", 1}},
		{"ru", "2\u00a0902 просмотра", "views.count", []any{"n", 2902}},
		{"ru", "11 просмотров", "views.count", []any{"n", 11}},
		{"ru", "21 просмотр", "views.count", []any{"n", uint64(21)}},
		{"ru", "0 просмотров", "views.count", []any{"n", 0}},
		{"ru", "1\u00a0000\u00a0000\u00a0022 просмотра", "views.count", []any{"n", 1_000_000_022}},
		{"kk", "1\u00a0942 қаралым", "views.count", []any{"n", 1942}},
		{"fr", "2 views", "views.count", []any{"n", 2}},
		{"en", "and one other", "byline.and_others", []any{"n", 1}},
		{"en", "and 7 others", "byline.and_others", []any{"n", 7}},
		{"ru", "и ещё 7 авторов", "byline.and_others", []any{"n", 7}},
		{"kk", "2026 жылғы мұрағат", "archive.year", []any{"year", 2026}},
		{"en", "All of Town", "front.section_all", []any{"section", "Town"}},
		{"en", "All of {section}", "front.section_all", nil},
		{"en", "All of {section}", "front.section_all", []any{"section"}},
		{"en", "All of {x}", "front.section_all", []any{"section", "{x}"}},
		{"kk", "[no.such]", "no.such", nil},
		{"en", "All of 4.49", "front.section_all", []any{"section", 4.499}},
		{"ru", Of("ru").T("front.section_all", "section", "4,5"), "front.section_all", []any{"section", 4.5}},
	} {
		if got := Of(c.tag).T(c.key, c.args...); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.tag, c.key, got, c.want)
		}
	}
}

func TestAround(t *testing.T) {
	before, after := Of("en").Around("report.keys", "keys")
	if before != "Found a mistake? Select the text and press " || after != ". The editors see the exact passage and answer." {
		t.Errorf("%q, %q", before, after)
	}
	before, after = Of("ru").Around("pager.page_of", "pages", "page", 2)
	if before != "Страница 2 из " || after != "" {
		t.Errorf("%q, %q", before, after)
	}
	if before, after = Of("ru").Around("nav.search", "x"); before != "Поиск" || after != "" {
		t.Errorf("%q, %q", before, after)
	}
	if before, _ = Of("ru").Around("no.such", "x"); before != "[no.such]" {
		t.Errorf("%q", before)
	}
}

func TestReadWordsRefuses(t *testing.T) {
	fresh := func() *words {
		w, err := newWords("en")
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	for _, raw := range []string{`[]`, `{"a.b": 3}`, `{"a.b": {"one": "x"}}`, `{"a.b": {"several": "x", "other": "y"}}`} {
		if err := fresh().read([]byte(raw)); err == nil {
			t.Errorf("%s was taken", raw)
		}
	}
	w := fresh()
	if err := w.read([]byte(`{"a.b": "x {y} z {open"}`)); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(w.plain["a.b"]); got != "[x  y  z {open]" {
		t.Error(got)
	}
	if err := w.read([]byte(`{"a.b": "of another file"}`)); err == nil {
		t.Error("a key of two files was taken")
	}
}
