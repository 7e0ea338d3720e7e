package conduct

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// What leads elsewhere, in disguises that people wear.
var disguises = []string{
	"http://example.com", "https://example.com/a?b=c", "HTTPS://EXAMPLE.COM", "hxxp://example.com", "h**p://example.com", "ftp://files.example.org", "//example.com/x",
	"example.com", "EXAMPLE.COM", "see example.com.", "(example.com)", "example.com/path", "sub.example.co.uk", "example.kz", "example.ru", "tasozen-roofs.example.org/bridge",
	"www.example.com", "www example.com", "www. example", "t.me/channel", "bit.ly/3x", "youtu.be/abc", "is.gd/x", "vk.com/id1", "goo.gl/abc",
	"пример.рф", "пример.қаз", "яндекс.ру", "сайт.ком", "сайт.онлайн", "xn--e1afmkfd.xn--p1ai", "see xn--80ak6aa92e.com",
	"example . com", "example .com", "example. com", "example dot com", "example (dot) com", "example[.]com", "example(.)com", "example {dot} org", "example точка ком", "example точка ru", "пример точка рф", "example нүкте kz", "example [точка] ру",
	"e x a m p l e . c o m", "e-x-a-m-p-l-e-.-c-o-m", "e_x_a_m_p_l_e_._c_o_m",
	"ехаmple.com", "exаmple.cоm", "example.соm", "exаmple.ru", "examрle.оrg", "еxample。com", "example．com", "ｅｘａｍｐｌｅ．ｃｏｍ", "example․com", "𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦", "ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ", "example·com",
	"exam\u200bple.com", "example\u200b.\u200bcom", "example.\u2060com", "exa\u00admple.com", "example.c\u200dom", "example\ufeff.com", "e\u0336x\u0336ample.com", "example.c\u0301om", "\u202emoc.elpmaxe",
	"[click](http://example.com)", "[click](example.com)", "[x](/go/there)", "[1]: http://example.com", "<a href=\"//example.com\">x</a>", "<A HREF=x>y</A>", "<img src=x>", "[url=example.com]x[/url]", "[url]example[/url]", "< a href = 'x' >",
	"example&#46;com", "example&period;com", "example%2Ecom", "http%3A%2F%2Fexample%2Ecom", "&lt;a href=x&gt;",
	"192.168.100.7", "8.8.8.8:80", "10.0.0.1/admin", "http://3232235777", "http://0x7f000001/", "[2001:db8::1]", "http:\\\\example.com",
	"write to me@example.com", "mailto:x", "tg://resolve?domain=x", "javascript:alert(1)", "data:text/html,x", "example,com", "examp1e.c0m", "site.xyz", "promo.shop", "casino.top",
	"https ://example .com", "telegram: t.me / channel t.me/x", "example.com:8080", "tel:+77001234567",
}

// What people write who lead nobody anywhere.
var innocent = []string{
	"т.е. так и было", "и т.д.", "и т.п., и т.д., и др.", "т. е. так", "т.к. дождь", "В 1914 г. это было так.", "г.Алматы", "ул.Абая, д.5", "А.С. Пушкин", "А.С.Пушкин", "А. С. Пушкин и Н. В. Гоголь",
	"3.14", "14.02.2022", "14.02.2022 в 10.30", "10:30", "v1.2.3", "версия 1.2.3.4", "п. 1.2.3.4 договора", "ст. 15.3 КоАП", "§ 1.2.3.4", "$3.50", "12.5%", "1.000.000 тенге", "1 000 000,50",
	"U.S.", "U.S. Army", "the U.K. and the U.S.A.", "e.g. this", "i.e. that", "i.e., that", "Ph.D. and B.Sc.", "p.m.", "a.m. and p.m.", "Mr.Smith", "St.Petersburg", "No.5", "vs. them", "J.R.R. Tolkien", "J. R. R. Tolkien", "etc.", "et al.",
	"I went home.It was late", "I went home.it was late", "He came.So did she", "Ok.No problem", "Молоко.Дома нет", "Пришёл.Увидел.Победил", "да.но нет", "как.то так", "нет.Да", "Так вот.на самом деле", "конец.Но не сразу",
	"Hello. Net gain", "I like apples. Come on", "He won. In the end it was fine", "Стоп. Рус. яз.", "the dot com years", "the dot in the middle", "connect the dots", "точка зрения", "и точка.", "Точка.", "поставил точку",
	"What?! Yes...", "Wait… no", "a/b and c/d", "и/или", "км/ч", "24/7", "1/2", "10-15", "C++ and C#", "@ainur thank you", "#lamp", "x < y and y > z", "x <a and b", "action = reaction", "<script>alert(1)</script> is no link", "<b>bold</b>", "5 < 6", "if (a[1](2))", "note [sic]", "array[0] = 1", "[1] and [2]", "a -> b", ":-) :/ :D", "1:0", "Author: Pushkin", "Вопрос: почему?", "Data: none of it", "about: the bridge",
	"Соғыс 1945 ж. аяқталды.", "т.б.", "ж.ж.", "қ.-ты көру", "Абай к-сі, 5-үй", "А.Құнанбайұлы", "б.з.б. 5 ғ.", "Ә. Бөкейхан", "Қ.Р. Үкіметі",
	"ФИО: Иванов И.И.", "руб.", "тыс.руб.", "млн.руб.", "кв.м", "кв.км", "с/х", "д.м.н. проф. Иванов", "к.т.н.", "ж/д", "т.ч. и в т.ч.", "см. также", "др.-греч.",
	"421 metres, not 412. I have measured it with my steps since I was a boy: 562 of them.",
	"They do. Tell her the second wagon is the quiet one.", "My mother crossed on the last train in 2015 with two hens and a sewing machine.",
	"A film of the crossing, filmed from our roof.", "In 2019, de facto. De Gaulle. By the way. Top of the list. Club is closed", "ООО «Мост». Сайт не работает. Онлайн тоже.", "Магазин закрыт. Информация верна. Инфо нет",
	"Дом. Ком. Отчёт",
}

func TestLinks(t *testing.T) {
	for _, s := range disguises {
		for _, around := range []string{"", "Look here: ", "Смотрите "} {
			if f, ok := (Test{Kind: Links}).Look(around + s); !ok || !f.Sure {
				t.Errorf("%q passes (%v, sure %v)", around+s, ok, f.Sure)
			}
		}
	}
}

func TestInnocent(t *testing.T) {
	for _, s := range innocent {
		for _, k := range []Kind{Links, Repetition, Shouting} {
			if f, ok := (Test{Kind: k}).Look(s); ok {
				t.Errorf("%q is taken for %s: %q, sure %v", s, k, f.What, f.Sure)
			}
		}
	}
}

// A name of a host is found in whatever text it stands, and however letters and dots
// are swapped for those that look alike.
func TestDisguisedAtRandom(t *testing.T) {
	seed := uint64(1)
	rnd := func(n int) int {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		return int(seed % uint64(n))
	}
	swaps := map[rune][]rune{}
	for other, l := range alike {
		if unicode.Is(unicode.Cyrillic, other) {
			swaps[l] = append(swaps[l], other)
		}
	}
	for l := range swaps { // in one order
		for i := range swaps[l] {
			for j := range i {
				if swaps[l][i] < swaps[l][j] {
					swaps[l][i], swaps[l][j] = swaps[l][j], swaps[l][i]
				}
			}
		}
	}
	empty := []string{"\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f"}
	for n := range 20_000 {
		host := []string{"example.com", "tasozen-roofs.org", "bridge.net", "casino77.ru", "mail.lamp.kz", "shop.biz"}[rnd(6)]
		var b strings.Builder
		for _, r := range host {
			if o := swaps[r]; len(o) > 0 && rnd(6) == 0 {
				r = o[rnd(len(o))]
			}
			if r == '.' && rnd(4) == 0 {
				r = []rune(dots)[rnd(utf8.RuneCountInString(dots))]
			}
			if rnd(3) == 0 {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
			if rnd(8) == 0 {
				b.WriteString(empty[rnd(len(empty))])
			}
		}
		if s := "See " + b.String() + " now"; strings.ContainsFunc(b.String(), isLatinAny) {
			if f, ok := links(s); !ok || !f.Sure {
				t.Fatalf("round %d: %q passes as %q", n, s, plain(s))
			}
		}
	}
}

func isLatinAny(r rune) bool { return isLatin(unicode.ToLower(r)) }

func TestShouting(t *testing.T) {
	for s, want := range map[string]bool{
		"THIS IS AN OUTRAGE AND EVERYBODY KNOWS IT": true, "ЭТО ВОЗМУТИТЕЛЬНО И ВСЕ ОБ ЭТОМ ЗНАЮТ": true, "БҰЛ МАСҚАРА, МҰНЫ БӘРІ БІЛЕДІ ҒОЙ ДЕЙМІН": true,
		"EVERYBODY HAS TO READ THIS AT ONCE": true, "NASA, ESA, JAXA and the UN agree": false, "ВСЕ!": false, "The KTZ and the OECD said NO": false, "ООО КТЖ НДС МВД ГУВД РФ": false, "日本語の文章はここに長く書かれているのです": false,
	} {
		if _, ok := (Test{Kind: Shouting}).Look(s); ok != want {
			t.Errorf("%q shouts: %v", s, ok)
		}
	}
}

func TestRepetition(t *testing.T) {
	for s, want := range map[string]bool{
		"aaaaaaaaaaaaaaaa": true, "!!!!!!!!!!!!!!": true, "no no no no no no": true, "Buy my boat today. Buy my boat today. Buy my boat today. Buy my boat today.": true,
		"лодка лодка лодка лодка лодка лодка лодка": true, "Nooooo!!!": false, "----------------": false, "ha ha ha": false, "да, да, да": false, "1111111111111": false, "Я шёл, шёл и пришёл": false,
		"8 8 8 8 8 8": false,
	} {
		if _, ok := (Test{Kind: Repetition}).Look(s); ok != want {
			t.Errorf("%q repeats: %v", s, ok)
		}
	}
}

func TestLength(t *testing.T) {
	if _, ok := (Test{Kind: Length, Most: 5}).Look("әәәәә"); ok {
		t.Error("five letters are more than five")
	}
	if f, ok := (Test{Kind: Length, Most: 5}).Look("әәәәәә"); !ok || !f.Sure {
		t.Error("six letters are not more than five")
	}
	if _, ok := (Test{Kind: Length}).Look(strings.Repeat("a ", DefaultLength)); !ok {
		t.Error("there is no limit where nobody set one")
	}
}

func TestWords(t *testing.T) {
	list := []string{"дурак", "ақымақ", "idiot", "негодяй"}
	for s, want := range map[string]bool{
		"Вы дураками не были": true, "ДУРАК": true, "д у р а к": true, "д.у.р.а.к": true, "дypaк": true, "дурааааак": true, "ду\u200bрак": true, "дур@к": true,
		"ақымақтар": true, "ақымақтың": true, "What idiots they are": true, "1d10t": true, "i d i o t": true, "іdіоt": true, "iiidiooot": true, "негодяями": true,
		"дурацкий вопрос о дуре": false, "idiom of idiosyncrasy": false, "ақыл": false, "Дураково — деревня": false, "годный": false, "The word": false, "": false,
	} {
		if f, ok := (Test{Kind: Words, Words: list}).Look(s); ok != want {
			t.Errorf("%q has a word of the list: %v (%q)", s, ok, f.What)
		}
	}
	if _, ok := (Test{Kind: Words}).Look("idiot"); ok {
		t.Error("an empty list has a word")
	}
}

// FuzzLook: whatever comes, each test ends, says the same twice, and speaks valid
// text; a text with an address put behind it has a link.
func FuzzLook(f *testing.F) {
	for _, s := range append(disguises[:20:20], innocent...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4000 {
			return
		}
		for _, k := range Kinds() {
			test := Test{Kind: k, Most: 100, Words: []string{"дурак", "idiot"}}
			a, ok := test.Look(s)
			b, again := test.Look(s)
			if a != b || ok != again {
				t.Fatalf("%q: %v %v, then %v %v", s, a, ok, b, again)
			}
			if ok && a.Kind != k {
				t.Fatalf("%q: %v", s, a)
			}
		}
		if x, ok := links(s + "\nhttps://example.com/x"); !ok || !x.Sure {
			t.Fatalf("%q hides a link that follows it", s)
		}
	})
}

func BenchmarkLinks(b *testing.B) {
	text := strings.Repeat(strings.Join(innocent, " ")+"\n", 1)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		links(text)
	}
}
