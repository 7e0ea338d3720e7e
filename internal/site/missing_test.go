package site

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestWordsOf(t *testing.T) {
	for path, want := range map[string]string{
		"/2022/02/14/the-old-bridge":         "the old bridge",
		"/ru/2022/02/14/poezd-po-mostu/":     "poezd po mostu",
		"/kk/2022/02/14/көне-көпір":          "көне көпір",
		"/старый_мост.html":                  "старый мост",
		"/news/Old+Bridge.PHP":               "Old Bridge",
		"/%D0%BC%D0%BE%D1%81%D1%82":          "мост", // encoded twice
		"/100%-sure":                         "100 sure",
		"/old-bridge/feed":                   "old bridge",
		"/old-bridge/amp":                    "old bridge",
		"/old-bridge/page/2":                 "old bridge",
		"/bus-9":                             "bus 9",
		"/-/preview/LXMURVWVN6N7YCJARAX5":    "", // a link that has ended
		"/й-й":                               "",
		"/naïve-cafe\u0301":                  "naïve cafe\u0301",
		`/"><script>alert(1)</script>`:       "script",
		"/<b>bold&amp;brave":                 "b bold amp brave",
		"/\uFDD2\uFDD3words":                 "words",
		"":                                   "",
		"/":                                  "",
		"/2022/02/14/":                       "",
		"/12345":                             "",
		"/---":                               "",
		"/a":                                 "",
		"/550e8400-e29b-41d4-a716-446655440": "",
		"/" + strings.Repeat("a", 500):       "",
		"/" + strings.Repeat("one-", 50):     strings.TrimSuffix(strings.Repeat("one ", 12), " "),
	} {
		if got := wordsOf(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// Whatever a stranger asks for, the words are few and are nothing but words.
func FuzzWordsOf(f *testing.F) {
	f.Add("/2022/02/14/the-old-bridge")
	f.Add("/%25D0%2500\xff</script>\uFDD2")
	f.Fuzz(func(t *testing.T, path string) {
		got := wordsOf(path)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > mostLetters || strings.Count(got, " ") >= mostWords {
			t.Errorf("%q gives %q", path, got)
		}
		for _, r := range got {
			if r != ' ' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				t.Errorf("%q gives %q with %q", path, got, r)
			}
		}
	})
}
