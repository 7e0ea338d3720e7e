package lang

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestOf(t *testing.T) {
	for _, c := range []struct{ tag, want, dir, name, words string }{
		{"en", "en", "ltr", "English", "en"},
		{"ru", "ru", "ltr", "Русский", "ru"},
		{"kk", "kk", "ltr", "Қазақша", "kk"},
		{"ru-RU", "ru-RU", "ltr", "Русский", "ru"},
		{"kk_KZ", "kk-KZ", "ltr", "Қазақша", "kk"},
		{"EN-gb", "en-GB", "ltr", "English", "en"},
		{"fr", "fr", "ltr", "Français", "en"},
		{"ko", "ko", "ltr", "한국어", "en"},
		{"fa", "fa", "rtl", "فارسی", "en"},
		{"ar", "ar", "rtl", "العربية", "en"},
		{"he", "he", "rtl", "עברית", "en"},
		{"ur", "ur", "rtl", "اردو", "en"},
		{"ps", "ps", "rtl", "پښتو", "en"},
		{"uz-Arab", "uz-Arab", "rtl", "اوزبیک", "en"},
		{"kk-Arab", "kk-Arab", "rtl", "", "en"},
		{"kk-Latn", "kk-Latn", "ltr", "", "en"},
		{"ckb", "ckb", "rtl", "", "en"},
		{"ug", "ug", "rtl", "", "en"},
		{"yi", "yi", "rtl", "", "en"},
		{"dv", "dv", "rtl", "", "en"},
		{"", "en", "ltr", "English", "en"},
		{"und", "en", "ltr", "English", "en"},
		{"not a tag", "en", "ltr", "English", "en"},
	} {
		l := Of(c.tag)
		if l.Tag() != c.want || l.Dir() != c.dir || l.WordsTag() != c.words {
			t.Errorf("Of(%q) is %s, %s, words %s", c.tag, l.Tag(), l.Dir(), l.WordsTag())
		}
		if l.Name() == "" || c.name != "" && l.Name() != c.name {
			t.Errorf("Of(%q) is called %q, want %q", c.tag, l.Name(), c.name)
		}
		if l.WordsDir() != "ltr" { // no language with words of its own runs the other way yet
			t.Errorf("words of %q run %s", c.tag, l.WordsDir())
		}
	}
	if diff := cmp.Diff([]string{"en", "kk", "ru", "tr"}, Known()); diff != "" {
		t.Error(diff)
	}
}

func TestText(t *testing.T) {
	three := []string{"a", "b", "c"}
	for _, c := range []struct{ got, want string }{
		{Of("en").List(three), "a, b and c"},
		{Of("ru").List(three), "a, b и c"},
		{Of("kk").List(three), "a, b және c"},
		{Of("kk").List(three[:2]), "a және b"},
		{Of("kk").List(three[:1]), "a"},
		{Of("kk").List(nil), ""},
		{Of("en").Quote("say “no”"), "“say ‘no’”"},
		{Of("ru").Quote("Тасозенская «лампа»"), "«Тасозенская „лампа“»"},
		{Of("kk").Quote("Тасөзен шамы"), "«Тасөзен шамы»"},
		{Of("ru").Title("ёлка Б"), "Ёлка Б"},
		{Of("kk").Title("қараша"), "Қараша"},
		{Of("tr").Title("istanbul"), "İstanbul"},
		{Of("en").Title(""), ""},
		{Of("ka").Title("საქართველო"), "საქართველო"}, // its capitals are for whole lines only
		{Of("en").Title("\xffx"), "\xffx"},
		{Of("en").Size(0), "0\u00a0B"},
		{Of("en").Size(999), "999\u00a0B"},
		{Of("ru").Size(1400), "1,4\u00a0КБ"},
		{Of("kk").Size(999_960), "1\u00a0МБ"},
		{Of("en").Size(12_345_678), "12\u00a0MB"},
		{Of("en").Size(5e12), "5000\u00a0GB"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Hello": "hello", "ЁЛКА": "елка", "е\u0308лка": "елка", "Йод": "йод", "и\u0306од": "йод", "за\u0301мок": "замок", "Їжак": "їжак",
		"Čeština Straße Łódź": "cestina strasse lodz", "Қазақстан": "қазақстан", "ӘҒҚҢӨҰҮҺІ": "әғқңөұүһі", "İstanbul ıI": "istanbul ii",
		"Ὀδυσσεύς": "οδυσσευσ", "فارسی": "فارسی", "हिन्दी": "हिन्दी", "한국어": "한국어", "a\xffb": "ab", "": "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("ЁЛКА Čeština İ ǅ ﬁ ẞ \u0344")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if !utf8.ValidString(once) || Fold(once) != once {
			t.Fatalf("Fold(%q) = %q, again %q", s, once, Fold(once))
		}
	})
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]string{
		"Сенбі күні таңертең тепловоз төрт бос вагонды алып өтті": "kk",
		"Тасөзен шамы": "kk",
		"Казахстан, город Қызылорда: поезд прошёл по старому мосту спустя одиннадцать лет": "ru",
		"Мост закрыли в 2015 году":                                              "ru",
		"The train crossed the bridge again in Қазақстан":                       "en",
		"Поїзд знову пройшов старим мостом, і всі зраділи":                      "",
		"Поезд менен көпүрдөн кайра өттү, эл кубанып тосуп алды, баары келишти": "",
		"Élections françaises : un été très mouvementé à l’Élysée":              "",
		"오래된 다리를 건너다":                                                           "", "پل قدیمی": "", "12345 !?": "", "": "", "ok": "en",
	} {
		if got := Detect(text); got != want {
			t.Errorf("Detect(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSortKey(t *testing.T) {
	for tag, want := range map[string][]string{
		"en": {"Anna", "Émile", "Eric", "zoo"},
		"ru": {"Ежов", "Ёлкин", "Ельцин", "Жуков", "Яшин"},
		"kk": {"Абай", "Әсет", "Бақыт", "Қанат", "Ырыс", "Ілияс", "Эльмира"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		sort.Slice(got, func(i, j int) bool { return Of(tag).SortKey(got[i]) < Of(tag).SortKey(got[j]) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", tag, diff)
		}
	}
	if k := Of("kk").SortKey("Қ"); k == "" || strings.Trim(k, "0123456789abcdef") != "" {
		t.Errorf("key %q", k)
	}
	var all sync.WaitGroup
	want := Of("kk").SortKey("Тасөзен шамы")
	for range 8 {
		all.Go(func() {
			for range 200 {
				if got := Of("kk").SortKey("Тасөзен шамы"); got != want {
					t.Errorf("two askers, two keys: %s and %s", got, want)
					return
				}
			}
		})
	}
	all.Wait()
}

// TestTables asks for a month and a day of every kind, so that a table with
// a missing row cannot pass.
func TestTables(t *testing.T) {
	for _, tag := range Known() {
		l := Of(tag)
		for m := time.January; m <= time.December; m++ {
			if l.Month(m) == "" || l.MonthShort(m) == "" || l.forms.Months.Wide[m-1] == "" {
				t.Errorf("%s has no month %d", tag, m)
			}
		}
		for d := range 7 {
			w := time.Weekday(d)
			if l.Weekday(w) == "" || l.WeekdayShort(w) == "" || l.WeekdayNarrow(w) == "" {
				t.Errorf("%s has no day %d", tag, d)
			}
		}
	}
}
