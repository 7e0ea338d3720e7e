package lang

import (
	"strings"
	"testing"
)

func TestAlphabet(t *testing.T) {
	for tag, want := range map[string]string{
		"en":    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
		"en-GB": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
		"kk-KZ": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяАӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ",
		"ja":    "かか", // too many to list: a letter of the script
		"zxx":   "",
	} {
		if got := Of(tag).Alphabet(); got != want {
			t.Errorf("%s is written with %q, want %q", tag, got, want)
		}
	}
	// Letters of one script are none of the same language in another.
	for tag, c := range map[string]struct{ has, lacks string }{
		"tr":      {"ğĞıIiİ", "qw"},
		"sr":      {"ђЂ", "đ"},
		"sr-Latn": {"đĐ", "ђ"},
		"kk-Arab": {"ۇ", "қ"},
		"kk-Latn": {"L", "қ"},
		"uz-Cyrl": {"ўҚ", "o"},
		"pa-PK":   {"پ", "ਪ"},
	} {
		got := Of(tag).Alphabet()
		for _, r := range c.has {
			if !strings.ContainsRune(got, r) {
				t.Errorf("%s lacks %q: %q", tag, r, got)
			}
		}
		if strings.ContainsAny(got, c.lacks) {
			t.Errorf("%s has one of %q: %q", tag, c.lacks, got)
		}
	}
}

// turned are the languages that CLDR (48, characterOrder) says are written from
// right to left.
const turned = "apc ar az-Arab bal bgn bm-Nkoo bqi ckb dv fa ff-Adlm ha-Arab he kk-Arab ks ku-Arab lrc ms-Arab mzn nqo pa-Arab ps ps-PK rhg sd sdh skr syr trw ug ur uz-Arab yi"

func TestDirections(t *testing.T) {
	want := map[string]string{"pa-PK": "rtl", "sd-Deva": "ltr", "ur-Aran": "rtl", "az-Arab-IR": "rtl", "ar-Latn": "ltr", "en-Mand": "rtl", "doi": "ltr", "zxx": "ltr"}
	for tag := range alphabets() {
		want[tag] = "ltr"
	}
	for tag := range strings.FieldsSeq(turned) {
		want[tag] = "rtl"
	}
	for tag, dir := range want {
		if got := Of(tag).Dir(); got != dir {
			t.Errorf("%s runs %s, want %s", tag, got, dir)
		}
	}
}

func TestTurn(t *testing.T) {
	for _, c := range []struct{ page, passage, want string }{
		{"en", "fa", "rtl"}, {"fa", "en", "ltr"}, {"fa", "ckb", ""}, {"kk", "ru", ""}, {"kk", "kk-Arab", "rtl"}, {"fa", "", ""},
	} {
		if got := Of(c.page).Turn(c.passage); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.passage, c.page, got, c.want)
		}
	}
}
