package lang

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dateline/locales"
)

// TestTurkish: a language that is data alone has everything of its own.
func TestTurkish(t *testing.T) {
	tr := Of("tr-TR")
	at := in(t, "Europe/Istanbul", "2026-11-14T06:40:00Z")
	for _, c := range []struct{ got, want string }{
		{tr.Name(), "Türkçe"},
		{tr.WordsTag(), "tr"},
		{tr.Dir(), "ltr"},
		{tr.Dateline(at, "Europe/Istanbul", "İstanbul"), "14 Kasım 2026, 09:40 (İstanbul saati), İstanbul"},
		{tr.FullDate(at), "14 Kasım 2026 Cumartesi"},
		{tr.MonthYear(2026, time.August), "Ağustos 2026"},
		{tr.WeekdayShort(time.Wednesday), "Çar"},
		{tr.ZoneName("Asia/Almaty", at), "Almatı saati"},
		{tr.ZoneName("+05:30", at), "UTC+05:30"},
		{tr.Number(1234567), "1.234.567"},
		{tr.Size(1_400_000), "1,4 MB"},
		{tr.List([]string{"a", "b", "c"}), "a, b ve c"},
		{tr.Quote("ev"), "“ev”"},
		{tr.T("views.count", "n", 3537), "3.537 okunma"},
		{tr.Relative(-1, Day), "dün"},
		{tr.Relative(-5, Minute), "5 dakika önce"},
		{tr.Title("ılık"), "Ilık"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if tr.WeekStart() != time.Monday {
		t.Errorf("the week starts on %s", tr.WeekStart())
	}
	// A word that is new since the last translation is English, but of those that
	// readers see they are few.
	readers := map[string]map[string]string{}
	textsOf(t, "en.json", readers)
	n := 0
	for _, key := range tr.Missing() {
		if readers[key] != nil {
			n++
		}
	}
	if all := len(readers); n*10 > all {
		t.Errorf("%d of %d words are missing: %v", n, all, tr.Missing())
	}
}

// with adds files to the embedded ones.
func with(t *testing.T, more map[string]string) map[string]*Locale {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(locales.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			raw, err := fs.ReadFile(locales.Files, name)
			files[name] = &fstest.MapFile{Data: raw}
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range more {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAddedByDataAlone adds a language from right to left with three words
// and two pieces of data; what it lacks is English, and says so.
func TestAddedByDataAlone(t *testing.T) {
	all := with(t, map[string]string{
		"fa.json":      `{"nav.search": "جستجو", "views.count": {"one": "{n} بازدید", "other": "{n} بازدید"}, "list.last": "{list} و {last}"}`,
		"data/fa.json": `{"name": "فارسی", "quotes": ["«", "»", "‹", "›"], "zones": {"pattern": "به وقت {zone}", "names": {"Asia/Tehran": "تهران"}}}`,
		"uz.json":      `{"nav.search": "Qidirish"}`,
		// A language that nobody can have a list with: its tag is for private use.
		"qkr.json":      `{"nav.search": "ҽӄ"}`,
		"data/qkr.json": `{"name": "Ҟҏҽ", "direction": "rtl", "alphabet": "ҽӄҟҏ"}`,
		"qkt.json":      `{"nav.search": "ߊߋ"}`,
		"data/qkt.json": `{"alphabet": "ߊߋߌߍ"}`,
	})
	fa, at := all["fa"], in(t, "UTC", "2026-11-14T06:40:00Z")
	for _, c := range []struct{ got, want string }{
		{fa.Dir(), "rtl"},
		{fa.Name(), "فارسی"},
		{fa.T("nav.search"), "جستجو"},
		{fa.T("views.count", "n", 2), "2 بازدید"},
		{fa.T("nav.archive"), "Archive"},
		{fa.T("card.comments", "n", 1), "1 comment"}, // English words, English plural
		{fa.ZoneName("Asia/Tehran", at), "به وقت تهران"},
		{fa.ZoneName("Asia/Almaty", at), "UTC+05:00"},
		{fa.Quote("x"), "«x»"},
		{fa.Date(at), "14 November 2026"},
		{fa.WordsTag(), "fa"},
		{all["uz"].T("nav.search"), "Qidirish"},
		{all["uz"].Dir(), "ltr"},
		{all["uz"].Name(), "O‘zbek"},
		{all["qkr"].Name(), "Ҟҏҽ"},
		{all["qkr"].Dir(), "rtl"},
		{all["qkt"].Dir(), "rtl"}, // that of its letters
		{all["qkr"].Alphabet(), "ҽӄҟҏҼӃҞҎ"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if fa.Has("no.such") || !fa.Has("nav.archive") {
		t.Error("Has is wrong about English words")
	}
}

// TestFaultsAreNamed: a file that cannot be used is named with what is wrong.
func TestFaultsAreNamed(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"data/nl.json":  {"nl.json": `{}`, "data/nl.json": `{"quotes": ["«"]}`},
		"cldr/nl.json":  {"nl.json": `{}`, "cldr/nl.json": `{"Months": {"Wide": ["one"]}}`},
		"nl.json: nav":  {"nl.json": `{"nav.search": 5}`},
		"invalid":       {"data/nl.json": `{"quotes"`, "nl.json": `{}`},
		"plural":        {"nl.json": `{"nav.search": {"some": "x"}}`},
		"unexpected en": {"nl.json": `{`},
	} {
		m := fstest.MapFS{"en.json": &fstest.MapFile{Data: []byte(`{}`)}}
		for name, text := range files {
			m[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := load(m); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(want, "invalid")) {
			t.Errorf("%v: %v", files, err)
		}
	}
}

func TestRelative(t *testing.T) {
	now := in(t, "Asia/Almaty", "2026-11-14T04:40:00Z") // Saturday, 09:40
	for _, c := range []struct {
		ago        time.Duration
		en, ru, kk string
	}{
		{0, "now", "сейчас", "қазір"},
		{-time.Hour, "now", "сейчас", "қазір"},
		{90 * time.Second, "1 minute ago", "1 минуту назад", "1 минут бұрын"},
		{22 * time.Minute, "22 minutes ago", "22 минуты назад", "22 минут бұрын"},
		{3 * time.Hour, "3 hours ago", "3 часа назад", "3 сағат бұрын"},
		{11 * time.Hour, "yesterday", "вчера", "кеше"},
		{50 * time.Hour, "2 days ago", "позавчера", "алдыңгүні"},
		{21 * 24 * time.Hour, "3 weeks ago", "3 недели назад", "3 апта бұрын"},
		{70 * 24 * time.Hour, "2 months ago", "2 месяца назад", "2 ай бұрын"},
		{800 * 24 * time.Hour, "2 years ago", "2 года назад", "2 жыл бұрын"},
	} {
		at := now.Add(-c.ago)
		for tag, want := range map[string]string{"en": c.en, "ru": c.ru, "kk": c.kk} {
			if got := Of(tag).Ago(at, now); got != want {
				t.Errorf("%s %s: %q, want %q", tag, c.ago, got, want)
			}
		}
	}
	if got := Of("ru").Relative(2, Week); got != "через 2 недели" {
		t.Errorf("in two weeks: %q", got)
	}
	if got := Of("en").Relative(1, "fortnight"); got != "" {
		t.Errorf("an unknown unit: %q", got)
	}
}

// TestBreaks: the places are inside, in order, never before a sign or after a
// word's first or before its last letter alone.
func TestBreaks(t *testing.T) {
	for tag, words := range map[string]map[string]string{
		"kk": {"халықаралық": "ха-лы-қа-ра-лық", "мемлекеттік": "мем-ле-кет-тік", "дүниежүзілік": "дү-ни-е-жү-зі-лік", "объект": "объ-ект",
			"оқушылар": "оқу-шы-лар", "шаруашылық": "ша-ру-а-шы-лық", "бауырлар": "ба-уыр-лар", "Қазақстан": "Қа-зақс-тан", "эволюция": "эво-лю-ция", "abc": "abc", "": ""},
		"ru": {"компьютер": "компь-ю-тер", "подъезд": "подъ-езд", "войнами": "вой-нами", "районами": "рай-о-нами", "человеконенавистничество": "чело-ве-ко-не-на-вист-ни-чество"},
		"tr": {"çekoslovakyalılaştıramadıklarımızdan": "çe-kos-lo-vak-ya-lı-laş-tı-ra-ma-dık-la-rı-mız-dan", "saatler": "sa-at-ler"},
	} {
		h := Of(tag).Typography().Hyphens
		for word, want := range words {
			var b strings.Builder
			letters := []rune(word)
			at := h.Breaks(nil, letters)
			for i, r := range letters {
				for _, p := range at {
					if p == i {
						b.WriteByte('-')
					}
				}
				b.WriteRune(r)
			}
			if b.String() != want {
				t.Errorf("%s: %s, want %s", tag, b.String(), want)
			}
		}
	}
}
