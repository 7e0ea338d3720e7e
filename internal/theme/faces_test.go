package theme

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/lang"
	"dateline/locales"
)

func TestFontsIn(t *testing.T) {
	got := fontsIn([]byte(`/* @font-face{src:asset(fonts/serif-no.woff2)} */
@font-face{font-family:"A"; font-style:normal; src:asset(fonts/serif-a.woff2) format("woff2"); unicode-range:U+0041-005A,u+61, U+4??;}
@font-face{font-family:"A"; font-style:italic; src:asset(fonts/serif-italic-a.woff2); unicode-range:U+41}
@font-face{font-family:"A like B"; src:local("B");}
@font-face { src: url(x.woff2), asset(fonts/serif-all.woff2) }
@font-face{src:asset(fonts/serif-none.woff2);unicode-range:none}`))
	want := []fontFile{{"fonts/serif-a.woff2", [][2]rune{{0x41, 0x5a}, {0x61, 0x61}, {0x400, 0x4ff}}}, {"fonts/serif-all.woff2", [][2]rune{{0, 0x10ffff}}}, {"fonts/serif-none.woff2", nil}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(fontFile{})); diff != "" {
		t.Error(diff)
	}
}

// everyLanguage are the tags of CLDR's table of letters, and some that are in it
// under another name or not at all.
func everyLanguage(t *testing.T) []string {
	t.Helper()
	raw, err := locales.Files.ReadFile("cldr/letters.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Letters map[string]string }
	if err := json.Unmarshal(raw, &table); err != nil || len(table.Letters) < 300 {
		t.Fatalf("%d languages: %v", len(table.Letters), err)
	}
	return append(slices.Sorted(maps.Keys(table.Letters)), "kk-KZ", "zh", "ja", "zh-Hant-TW", "kk-Latn", "en-Adlm", "zxx")
}

// TestLetters: whatever the language, a page fetches early each file that has
// letters of it, and none that has not. It knows nothing of which languages there are.
func TestLetters(t *testing.T) {
	for _, theme := range Names() {
		e, err := Open(Options{Name: theme})
		if err != nil {
			t.Fatal(err)
		}
		fonts := e.last(theme).fonts
		for _, face := range []string{"serif", "sans", "display"} {
			kinds := map[string]bool{}
			for _, tag := range everyLanguage(t) {
				l := lang.Of(tag)
				got := lettersOf(fonts, face, l)
				kinds[strings.Join(got, " ")] = true
				for _, f := range fonts {
					own := slices.ContainsFunc([]rune(l.Alphabet()), func(r rune) bool { return f.has(r) && !unicode.Is(unicode.Lm, r) })
					fetched := slices.Contains(got, f.name)
					switch {
					case fetched && !f.belongs(face):
						t.Errorf("%s: a page in %s fetches %s for %s", theme, tag, f.name, face)
					case f.belongs(face) && own && !fetched && !othersHave(fonts, f, face, l):
						t.Errorf("%s: a page in %s does not fetch %s, which has letters of it", theme, tag, f.name)
					case fetched && !own && !f.has('0'):
						t.Errorf("%s: a page in %s fetches %s, which has no letter of it", theme, tag, f.name)
					}
				}
			}
			if face == "display" && theme == DefaultName {
				continue // it has no such face
			}
			if len(kinds) < 5 {
				t.Errorf("%s %s: all languages fetch the same few files: %v", theme, face, kinds)
			}
		}
	}
}

// othersHave tells whether later files have what f has of the language.
func othersHave(fonts []fontFile, f fontFile, face string, l *lang.Locale) bool {
	after := fonts[slices.IndexFunc(fonts, func(x fontFile) bool { return x.name == f.name })+1:]
	for _, r := range l.Alphabet() {
		if f.has(r) && !unicode.Is(unicode.Lm, r) && !slices.ContainsFunc(after, func(x fontFile) bool { return x.belongs(face) && x.has(r) }) {
			return false
		}
	}
	return true
}

// TestLettersOfOurs holds what pages of the languages with words fetch.
func TestLettersOfOurs(t *testing.T) {
	e, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]map[string]string{
		"en": {"serif": "common latin", "sans": "latin"},
		"ru": {"serif": "common cyrillic", "sans": "latin cyrillic"},
		"kk": {"serif": "common cyrillic", "sans": "latin cyrillic"},
		"uk": {"serif": "common cyrillic cyrillic-more"}, // not the Latin ones for its apostrophe
		"ky": {"serif": "common cyrillic"},
		"tg": {"serif": "common cyrillic tajik"},
		"tr": {"serif": "common latin latin-more turkish", "sans": "latin latin-more turkish"},
		"az": {"serif": "common latin latin-more turkish"},
		"pl": {"serif": "common latin latin-more latin-ext"},
		"be": {"serif": "common cyrillic short-u"},
		"uz": {"serif": "common latin"}, // oʻ and gʻ: see lettersOf
		"ar": {"serif": "", "sans": ""},
	} {
		for face, parts := range want {
			var names []string
			for part := range strings.FieldsSeq(parts) {
				names = append(names, "fonts/"+face+"-"+part+".woff2")
			}
			if diff := cmp.Diff(names, lettersOf(e.last(DefaultName).fonts, face, lang.Of(tag))); diff != "" {
				t.Errorf("%s %s:\n%s", tag, face, diff)
			}
		}
	}
}

// TestAddedLetters: a newsroom's folder brings letters that no theme has, and
// pages of the languages that are written with them fetch them.
func TestAddedLetters(t *testing.T) {
	folder := fstest.MapFS{
		"fonts/serif-arabic.woff2": &fstest.MapFile{Data: []byte("x")},
		"css/12-arabic.css":        &fstest.MapFile{Data: []byte(`@font-face{font-family:"Lamp Serif";font-style:normal;src:asset(fonts/serif-arabic.woff2) format("woff2");unicode-range:U+0600-06FF}`)},
	}
	e, err := Open(Options{Override: folder, Asset: func(name string) string { return "/assets/" + name }})
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]bool{"ug": true, "kk-Arab": true, "kk": false, "he": false} {
		var b strings.Builder
		if err := e.Render(&b, &PrivacyPage{Frame: Frame{Lang: lang.Of(tag)}}); err != nil {
			t.Fatal(err)
		}
		link := `<link rel="preload" href="/assets/theme/default/fonts/serif-arabic.woff2" as="font"`
		if strings.Contains(b.String(), link) != want {
			t.Errorf("%s: the page fetches the added letters: %t", tag, !want)
		}
	}
	if p := e.Problems(); len(p) > 0 {
		t.Error(p)
	}
}
