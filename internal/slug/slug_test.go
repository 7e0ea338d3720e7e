package slug

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMake(t *testing.T) {
	long := strings.Repeat("мост ", 40)
	for _, c := range []struct{ lang, text, want string }{
		{"en", "After eleven years, a train crosses the old bridge again", "after-eleven-years-a-train-crosses-the-old-bridge-again"},
		{"en", "Don’t — “stop” & go!", "dont-stop-go"},
		{"en", "Čeština, naïve Straße ŁÓDŹ", "cestina-naive-strasse-lodz"},
		{"ru", "Спустя одиннадцать лет: подъезд, щука и ёж", "spustya-odinnadtsat-let-podezd-shchuka-i-yozh"},
		{"ru", "за́мок", "zamok"},
		{"kk", "Қазақстан: жаңа көпір, өзен мен һәм хат", "qazaqstan-zhana-kopir-ozen-men-ham-hat"},
		{"kk-KZ", "Сенбі күні таңғы ұшу үшін", "senbi-kuni-tangy-ushu-ushin"},
		{"ru", "Тасөзен", "tasozen"},
		{"tr", "İstanbul’da ılık bir gün: Çağdaş şiir", "istanbulda-ilik-bir-gun-cagdas-siir"},
		{"fa", "پل قدیمی", "پل-قدیمی"},
		{"ko", "오래된 다리", "오래된-다리"},
		{"ru", "№ 7 — 2022", "7-2022"},
		{"en", "!!! … —", ""},
		{"en", "", ""},
		{"en", "\xff\xfe", ""},
		{"en", "a/../../b", "a-b"},
		{"ru", long, strings.TrimSuffix(strings.Repeat("most-", 16), "-")},
		{"en", strings.Repeat("x", 200), strings.Repeat("x", 80)},
	} {
		if got := Make(c.lang, c.text); got != c.want {
			t.Errorf("Make(%q, %q) = %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}

func TestImported(t *testing.T) {
	for in, want := range map[string]string{
		"old-bridge":                        "old-bridge",
		"Hello_World.html":                  "Hello_World.html",
		"%d0%bc%d0%be%d1%81%d1%82":          "мост",
		"%D0%BC%D0%BE%D1%81%D1%82":          "мост",
		"%25d0%25bc%25d0%25be":              "мо",
		"%d0%bc%d0%be%d1%81%d1":             "мос",
		"%d0%bc%d0%be%d1%81%d":              "мос",
		"%d0%bc%d0%be%d1%81%":               "мос",
		"100%-sure":                         "100-sure",
		"a%2fb%2e%2e%2f":                    "a-b",
		"..":                                "",
		"../../etc/passwd":                  "etc-passwd",
		"a b?c#d":                           "a-b-c-d",
		"x\x00y\u202ez\ufdd0":               "xyz",
		"e\u0301te\u0301":                   "été",
		"<script>":                          "script",
		"---":                               "",
		"%d9%be%d9%84%e2%80%8c%d9%87%d8%a7": "پل\u200cها",
		"мост":                              "мост",
		"\xd0\xbc\xd0":                      "м",
		strings.Repeat("%d0%bc", 200):       strings.Repeat("м", 100),
		strings.Repeat("é", 99) + "ae\u0301" + "b": strings.Repeat("é", 99) + "a",
	} {
		if got := Imported(in); got != want {
			t.Errorf("Imported(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestValid(t *testing.T) {
	for s, want := range map[string]bool{
		"bridge": true, "мост-2": true, "a.b": true, "пл\u200cха": true, "🚂": true,
		"": false, ".": false, "..": false, "a/b": false, "a b": false, "a%20b": false, "-a": false, "a-": false,
		"e\u0301": false, "\xff": false, "a\x00": false, "a?": false, "a\u202eb": false, "___": false,
		strings.Repeat("a", 200): true, strings.Repeat("a", 201): false,
	} {
		if Valid(s) != want {
			t.Errorf("Valid(%q) = %v", s, !want)
		}
	}
}

func TestWithNumber(t *testing.T) {
	if got := WithNumber("bridge", 2); got != "bridge-2" {
		t.Errorf("got %q", got)
	}
	if got := WithNumber(strings.Repeat("м", 100), 12); !Valid(got) || !strings.HasSuffix(got, "м-12") || len(got) > MaxImported {
		t.Errorf("got %q, %d bytes", got, len(got))
	}
}

func FuzzImported(f *testing.F) {
	for _, s := range []string{"%d0%bc", "%25d0%25b", "a/b", "%", "%zz", "%c3%28", "e%cc%81", "%252525", "\u0344", "א\u200c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := Imported(in)
		if got != "" && !Valid(got) {
			t.Fatalf("Imported(%q) = %q is not valid", in, got)
		}
		if again := Imported(got); again != got {
			t.Fatalf("Imported(%q) = %q, again %q", in, got, again)
		}
	})
}

func FuzzMake(f *testing.F) {
	f.Add("ru", "Мост, которого не было")
	f.Add("kk", "Қала мен өзен")
	f.Add("fa", "پل\u200cها")
	f.Add("vi", "Việt Nam ﬁ ½ Ǆ")
	f.Add("", "a\u0300\u0301 ͅ")
	f.Fuzz(func(t *testing.T, lang, text string) {
		got := Make(lang, text)
		if got == "" {
			return
		}
		if !Valid(got) || len(got) > MaxMade || !utf8.ValidString(got) {
			t.Fatalf("Make(%q, %q) = %q is not valid", lang, text, got)
		}
		if again := Make(lang, got); again != got {
			t.Fatalf("Make(%q, %q) = %q, again %q", lang, text, got, again)
		}
	})
}
