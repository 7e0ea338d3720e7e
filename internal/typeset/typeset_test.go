package typeset

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/lang"
	"dateline/locales"
)

// shown writes a no-break space as _ and a soft hyphen as |.
func shown(s string) string { return strings.NewReplacer("\u00a0", "_", "\u00ad", "|").Replace(s) }

// unset takes back what setting may do.
func unset(s string) string { return strings.NewReplacer("\u00a0", " ", "\u00ad", "").Replace(s) }

func TestText(t *testing.T) {
	for _, c := range []struct{ tag, in, want string }{
		// Russian: short words, particles, dashes, numbers, initials.
		{"ru", "Кто и в чём не прав", "Кто и_в_чём не_прав"},
		{"ru", "Мост — это река, а не дорога", "Мост_— это река, а_не_дорога"},
		{"ru", "— Да, — сказал он.", "—_Да,_— сказал он."},
		{"ru", "сказал бы, что так ли это", "сказал_бы, что так_ли это"},
		{"ru", "«В доме» (и в саду)", "«В_доме» (и_в_саду)"},
		{"ru", "Вот в, и так", "Вот в, и_так"},
		{"ru", "14 ноября 2026 года", "14_ноября 2026_года"},
		{"ru", "по № 5 и § 12, стр. 7, ул. Абая", "по_№_5 и_§_12, стр._7, ул._Абая"},
		{"ru", "10 000 км, 5 % и 3 млн руб.", "10_000_км, 5_% и_3_млн руб."},
		{"ru", "В 2022 350 человек", "В_2022 350_человек"},
		{"ru", "писал А. Б. Иванов и Д.И. Менделеев", "писал А._Б._Иванов и_Д.И._Менделеев"},
		{"ru", "2022 г. и 2023 гг.", "2022_г. и_2023_гг."},
		{"ru", "Высокопревосходительство", "Высо|коп|ре|вос|хо|ди|тельство"},
		{"ru", "строительство и река", "строительство и_река"},
		{"ru", "Напишите на https://example.org/достопримечательностями или a@b.kz", "Напишите на https://example.org/достопримечательностями или_a@b.kz"},
		// Kazakh: particles, dashes, years, syllables.
		{"kk", "Ол да келді, мен де бардым", "Ол_да келді, мен_де бардым"},
		{"kk", "Бұл рас па?", "Бұл рас_па?"},
		{"kk", "Әкесі мен баласы — досы ғой", "Әкесі_мен баласы_— досы_ғой"},
		{"kk", "келді, да кетті", "келді, да кетті"},
		{"kk", "2022 ж. 14 ақпан", "2022_ж. 14_ақпан"},
		{"kk", "халықаралық ұйымдар", "ха|лы|қа|ра|лық ұйымдар"},
		{"kk", "Тәуелсіздіктің мемлекеттік мерекесі", "Тә|уел|сіз|дік|тің мем|ле|кет|тік мерекесі"},
		{"kk", "жазғы-күзгілерімізден", "жазғы-күз|гі|ле|рі|міз|ден"},
		{"kk", "international organisations", "international organisations"},
		// English asks for little.
		{"en", "Dr. Smith walked 5 km on 14 February, No. 7 of p. 12", "Dr._Smith walked 5_km on 14_February, No._7 of p._12"},
		{"en", "The old lamp – and the river", "The old lamp – and the river"},
		{"en", "J. R. R. Tolkien paid $5 million in 1954", "J._R._R._Tolkien paid $5_million in 1954"},
		{"en", "internationalisation and counterrevolutionaries", "internationalisation and counterrevolutionaries"},
		{"en", "a walk of 3 minutes, 71 metres and 1.8 millimetres", "a walk of 3_minutes, 71_metres and 1.8_millimetres"},
		// Unknown to us: as it is written.
		{"fr", "il y a 5 km — là", "il y a 5 km — là"},
		// Not for ever: a stretch without a break has an end.
		{"ru", "и и и и и и и и и и и и и и и и и и и и", "и_и_и_и_и_и_и_и_и_и_и_и_и_и и_и_и_и_и_и"},
	} {
		if got := shown(Text(lang.Of(c.tag), c.in, false)); got != c.want {
			t.Errorf("%s: %s\n got %s\nwant %s", c.tag, c.in, got, c.want)
		}
	}
}

func TestHeadline(t *testing.T) {
	kk := lang.Of("kk")
	if got := shown(Text(kk, "Мемлекеттік мәселе", true)); got != "Мемлекеттік мәселе" {
		t.Errorf("a word of eleven letters is broken in a headline: %s", got)
	}
	if got := shown(Text(kk, "Жауапкершіліктеріміз", true)); got != "Жау|ап|кер|ші|лік|те|рі|міз" && got != "Жа|уап|кер|ші|лік|те|рі|міз" {
		t.Errorf("a long headline word: %s", got)
	}
}

// TestCounted holds that no line ends between a number and what it counts, in any
// of the interface's words: "3 min" in a by-line breaks on a phone otherwise.
func TestCounted(t *testing.T) {
	counted := regexp.MustCompile(`\{(?:n|size|most|least|pages|total)\} \p{L}`)
	joins := regexp.MustCompile(`\{\w+\} (of|from|to|are|is|из|до)(\P{L}|$)`) // what comes then is not counted
	value := regexp.MustCompile(`\{\w+\}`)
	for _, tag := range lang.Known() {
		raw, err := fs.ReadFile(locales.Files, tag+".json")
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]any
		if err := json.Unmarshal(raw, &words); err != nil {
			t.Fatal(err)
		}
		looked := 0
		for key, text := range words {
			forms, plural := text.(map[string]any)
			if !plural {
				forms = map[string]any{"": text}
			}
			for _, form := range forms {
				say := form.(string)
				at := counted.FindStringIndex(say)
				if at == nil || joins.MatchString(say) {
					continue
				}
				looked++
				// Every value is a number; the place before the counted one is marked.
				said := value.ReplaceAllString(say[:at[0]], "7") + "21" + value.ReplaceAllString(say[at[0]+strings.IndexByte(say[at[0]:], '}')+1:], "7")
				if set := Text(lang.Of(tag), said, false); !strings.Contains(set, "21\u00a0") {
					t.Errorf("%s %s: a line may end within %q; add the word to the units of locales/data/%s.json", tag, key, said, tag)
				}
			}
		}
		if looked < 5 {
			t.Errorf("%s: only %d texts count something", tag, looked)
		}
	}
}

func TestHTML(t *testing.T) {
	for _, c := range []struct{ tag, in, want string }{
		{"ru", `<p>Пошёл в <a href="/a b в c">дом — и</a> назад</p>`, `<p>Пошёл в_<a href="/a b в c">дом_— и</a>_назад</p>`},
		{"ru", `<p>и</p> <p>дом</p>`, `<p>и</p> <p>дом</p>`},
		{"ru", `<p class="x"><span>и</span> <b>дом</b></p>`, `<p class="x"><span>и</span> <b>дом</b></p>`},
		{"ru", `<title>и дом</title><code>и дом</code><pre>и дом</pre><script>a = "и дом</b>"</script><textarea>и дом</textarea><option>и дом</option>`,
			`<title>и дом</title><code>и дом</code><pre>и дом</pre><script>a = "и дом</b>"</script><textarea>и дом</textarea><option>и дом</option>`},
		{"ru", `<p translate="no">и дом</p><p>и дом</p>`, `<p translate="no">и дом</p><p>и_дом</p>`},
		{"ru", `<p>о <span lang="en">a 5 km walk и дом</span> и я <i lang="kk">мен де</i></p>`, `<p>о_<span lang="en">a 5_km walk и дом</span> и_я_<i lang="kk">мен_де</i></p>`},
		{"kk", `<a href="/">халықаралық</a> <b>халықара<i>лық</i></b>, халықаралық&nbsp;&#34;халықаралық&#34;`,
			`<a href="/">ха|лы|қа|ра|лық</a> <b>халықара<i>лық</i></b>, ха|лы|қа|ра|лық&nbsp;&#34;ха|лы|қа|ра|лық&#34;`},
		{"kk", `<h1>Мемлекеттік</h1><p>Мемлекеттік</p>`, `<h1>Мемлекеттік</h1><p>Мем|ле|кет|тік</p>`},
		{"kk", `<div lang="ru"><div>и я</div>и я</div>ол да`, `<div lang="ru"><div>и_я</div>и_я</div>ол_да`},
		{"ru", "<p>и\nдом  и  дом", "<p>и\nдом  и  дом"},
		{"ru", "<span>" + "\uFDD0views:17:ru\uFDD1" + "</span> и дом <br>и я < 5 & и дом", "<span>" + "\uFDD0views:17:ru\uFDD1" + "</span> и_дом <br>и_я < 5 & и_дом"},
		{"en", `<p lang="xx-invalid-!">и дом</p>5 km`, `<p lang="xx-invalid-!">и дом</p>5_km`},
	} {
		if got := shown(string(HTML(nil, []byte(c.in), lang.Of(c.tag)))); got != c.want {
			t.Errorf("%s: %s\n got %s\nwant %s", c.tag, c.in, got, c.want)
		}
	}
}

// hold checks what holds of every text.
func hold(t *testing.T, what, in, once, twice string) {
	t.Helper()
	if once != twice {
		t.Errorf("%s: set twice is not set once:\n%q\n%q\n%q", what, in, shown(once), shown(twice))
	}
	if unset(once) != unset(in) {
		t.Errorf("%s: more is changed than spaces and hyphens:\n%q\n%q", what, in, shown(once))
	}
	if norm.NFC.IsNormalString(in) && !norm.NFC.IsNormalString(once) {
		t.Errorf("%s: not composed any more: %q", what, in)
	}
}

// TestSmall: the quick branches say what Unicode says.
func TestSmall(t *testing.T) {
	for r := rune(0); r < 0x600; r++ {
		got, letter := small(r)
		want := unicode.IsLetter(r) || unicode.IsMark(r)
		if letter != want || letter && got != unicode.ToLower(r) {
			t.Errorf("%U: %U, %v", r, got, letter)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"и в доме — 5 км", "А. Б. Иванов", "ұйымдастырушыларымыз да", "10 000 % $5 -5 №", "а́ и́ в\u0301 халықаралы\u0301қтық", "&nbsp; &#39; &x", "\xff\xfe и", "a\u00a0b\u00adc"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, headline bool) {
		for _, tag := range []string{"en", "ru", "kk"} {
			l := lang.Of(tag)
			once := Text(l, s, headline)
			hold(t, tag, s, once, Text(l, once, headline))
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{`<p>и <b>дом</b> — 5 км`, `<p lang=kk>мен де <i lang=ru>и я`, "<pre>и я</pre><h1>халықаралық</h1>", "</p></p><span><span lang=ru>и я</span> и я</span>", "<!-- и я --><a href='и я'>и я", "<script>и я", "&nbsp;и&#160;я &shy;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tag := range []string{"en", "ru", "kk"} {
			l := lang.Of(tag)
			once := string(HTML(nil, []byte(s), l))
			hold(t, tag, s, once, string(HTML(nil, []byte(once), l)))
		}
	})
}

func BenchmarkHTML(b *testing.B) {
	for tag, sentence := range map[string]string{
		"en": "The lamp on the old bridge was lit again on 14 February, and nobody could say who had done it. ",
		"ru": "Фонарь на старом мосту снова зажгли 14 февраля — и никто не мог сказать, кто это сделал в тот вечер. ",
		"kk": "Ескі көпірдегі шам 14 ақпанда қайтадан жағылды, бірақ оны кім жаққанын тұрғындардың ешқайсысы да айта алмады. ",
	} {
		var body strings.Builder
		for n := 0; n < 700; n += len(strings.Fields(sentence)) {
			body.WriteString("<p>" + sentence + "</p>\n")
		}
		page, l := []byte(body.String()), lang.Of(tag)
		b.Run(tag, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(page)))
			var out []byte
			for b.Loop() {
				out = HTML(out[:0], page, l)
			}
		})
	}
}
