package stem_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline/internal/stem"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct{ tag, words, want string }{
		{"ru", "мост моста мосту МОСТАМИ", "мост"},
		{"ru", "всё все ВСЁ", "все"},
		{"ru", "ёлка ёлками е\u0308лку", "елк"},
		{"ru", "Қайырлы Кайырлы", "кайырл"},
		{"ru", "со\u00adлнце солнцем со\u0301лнца", "солнц"},
		{"en", "bridge bridges Bridge's bridge’s bridging", "bridg"},
		{"en", "café cafe CAFÉ cafe\u0301", "cafe"},
		{"en", "it's its", "it"},
		{"kk", "кітап кітаптар кітабы кітабында кітаптарымыздан", "кіта"},
		{"kk", "қала қалалар қаланың қалада қаласынан қалаға", "қала"},
		{"kk", "ел елдер елдің елде елге елдері", "ел"},
		{"kk", "орын орны орнында орындар", "орн"},
		{"kk", "Қазақстан қазақстанның ҚАЗАҚСТАНДАҒЫ", "қазақстан"},
		{"kk", "қолдау қолдайды қолдаған қолдады", "қолда"},
		{"kk", "оқу оқыды оқиды оқымады оқыған оқып", "оқы"}, {"kk", "оқ оқтар", "оқ"},
		{"kk", "көп көпті", "көп"},
		{"kk", "кiтaп", "кіта"}, // Latin i and a
		{"de", "Häuser", "haus"},
		{"de", "Straße Strasse", "strass"},
		{"uz", "Oʻzbekiston", "ozbekiston"},
		{"kk", "көл", "көл"}, {"kk", "қол", "қол"}, {"kk", "күн", "күн"}, {"kk", "құн", "құн"},
	} {
		for _, w := range strings.Fields(c.words) {
			if got := stem.Of(c.tag).Term(w); got != c.want {
				t.Errorf("%s %s is %q, want %q", c.tag, w, got, c.want)
			}
		}
	}
}

// Words that only look like forms of others are words of their own, with forms
// of their own.
func TestKazakhWholeWords(t *testing.T) {
	l := stem.Of("kk")
	for _, c := range []struct{ forms, others string }{
		{"басқа басқалар басқаның басқасы", "бас басы басында басып"}, {"қысым қысымы қысымға", "қыс қыста"},
		{"сауда саудасы саудада", "сау саусақпен"}, {"саусақ саусағы саусақпен", "сау"},
		{"жеті жетіде жетіден", "жету жетті жетіп жеткен"}, {"келін келіні келінге", "келу келді келіп"}, {"ұлы ұлының", "ұл ұлдар"},
		{"көрме көрмесі көрмеге", "көру көрді көрмеді көрмепті көрмесе"}, {"сынып сыныбы сыныпта", "сын сыну"}, {"айып айыбы айыпты", "ай айы айда"},
		{"түрме түрмесі түрмеде", "түр түрі"}, {"кеңсе кеңсесі", "кең"}, {"маусым маусымда", "маус"}, {"желі желісі желіде", "желім жел желден"},
		{"сайын", "сай"}, {"саты сатысы", "сату сатып"}, {"осы осыған осыны", "ос"}, {"алға", "алу алып"}, {"елу елуі", "ел елі елде"},
		{"қауіп қаупі қаупінен қауіптер", "қауын қауым қау"}, {"толық толығымен", "толқу"}, {"оқу оқыды оқиды оқып", "оқ оқтар оқиға"},
		{"апат апаты апатқа", "апа апасы"}, {"барыс барысы барысында", "бар бары"}, {"жылу жылуы", "жыл жылы"}, {"буын буыны", "бу буы"},
		{"су суға судың суы суын суында суда судан сулар", "сулу"}, {"би биге биі биін билер", "билік"}, {"ми миы миға миында", "мин"},
		{"Тоқаев Тоқаевтың Тоқаевқа Тоқаевты Тоқаевпен", "тоқ"}, {"Медведев Медведевтің", "Медведь"}, {"Петров Петровтың", "Петр"}, {"Путин Путиннің Путинге", "пут"},
	} {
		forms := strings.Fields(c.forms)
		for _, w := range forms {
			if l.Term(w) != l.Term(forms[0]) {
				t.Errorf("%s is %s, %s is %s", w, l.Term(w), forms[0], l.Term(forms[0]))
			}
		}
		for _, w := range strings.Fields(c.others) {
			if l.Term(w) == l.Term(forms[0]) {
				t.Errorf("%s and %s are both %s", w, forms[0], l.Term(w))
			}
		}
	}
}

func TestWordsOfAText(t *testing.T) {
	for _, c := range []struct {
		tag, text string
		want      []string
	}{
		{"en", "The readers' café, 1,286 don't—O’Neill's", []string{"The", "readers", "café", "1", "286", "don't", "O’Neill's"}},
		{"ru", "Санкт-Петербург: «мост»…", []string{"Санкт", "Петербург", "мост"}},
		{"zh", "東京 tower", []string{"東", "京", "tower"}},
		{"kk", "", nil},
	} {
		if got := stem.Of(c.tag).Words(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q has %q, want %q", c.text, got, c.want)
		}
	}
}

// Each of the alphabets that Kazakh is typed in leads to one key.
func TestSkeleton(t *testing.T) {
	l := stem.Of("kk")
	for _, list := range []string{
		"қазақстан казакстан qazaqstan kazakstan qazakstan",
		"көпір копир köpir kópir kopir",
		"жаңғыру жангыру jañğyru janǵyrý zhangyru",
		"шаңырақ шанырак şañyraq shańyraq shanyrak",
		"үкімет укимет ükimet úkimet ukimet",
		"ұлы улы uly ūly",
	} {
		words := strings.Fields(list)
		for _, w := range words {
			if got, want := l.Skeleton(l.Folded(w)), l.Skeleton(words[0]); got != want {
				t.Errorf("%s has the skeleton %q, %s has %q", w, got, words[0], want)
			}
		}
	}
	if stem.Of("ru").Skeleton("мост") != "" {
		t.Error("Russian has skeletons")
	}
}

// FuzzTerm holds what the index relies on: terms of letters and digits alone,
// the same however a word is written, and no work without end.
func FuzzTerm(f *testing.F) {
	for _, s := range []string{"мосту", "Straße", "көпірлеріңіздің", "don't", "İstanbul", "e\u0301", "東京", "\xff", "ǅ", "кiтaп"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, tag := range []string{"ru", "en", "kk", "de", "xx"} {
			l := stem.Of(tag)
			last := 0
			for at, term := range l.All(text) {
				if at.Start < last || at.End <= at.Start || at.End > len(text) {
					t.Fatalf("%s: a word at %v after %d", tag, at, last)
				}
				last = at.End
				if term == "" || len(term) > 96 || !utf8.ValidString(term) || strings.ContainsAny(term, " '\"*§\x00") {
					t.Errorf("%s: %q is %q", tag, text[at.Start:at.End], term)
				}
				if again := l.Term(strings.Clone(text[at.Start:at.End])); again != term {
					t.Errorf("%s: %q is %q and %q", tag, text[at.Start:at.End], term, again)
				}
			}
		}
	})
}
