package mail

import (
	"strings"
	"testing"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		" asel@lamp.example ":                        "asel@lamp.example",
		"a.b+c@sub.lamp.example":                     "a.b+c@sub.lamp.example",
		"асель@lamp.example":                         "асель@lamp.example",
		"asel@тасөзен.қаз":                           "asel@xn--80akfzre58i.xn--80ao21a",
		"asel@Пример.РФ":                             "asel@xn--e1afmkfd.xn--p1ai",
		"root@localhost":                             "root@localhost",
		"":                                           "",
		"asel":                                       "",
		"@lamp.example":                              "",
		"asel@":                                      "",
		"asel@lamp":                                  "",
		"asel@lamp..example":                         "",
		"a b@lamp.example":                           "",
		"asel@lamp.example\r\nBcc: x@y":              "",
		"asel\n@lamp.example":                        "",
		"Asel <asel@lamp.example>":                   "",
		"a@b.example,c@d.example":                    "",
		`"a b"@lamp.example`:                         "",
		"asel@[127.0.0.1]":                           "",
		"asel\u200b@lamp.example":                    "",
		"a@lamp.example\x00":                         "",
		"a\xff@lamp.example":                         "",
		"-oQ/tmp@lamp.example":                       "-oQ/tmp@lamp.example", // no program is run with it
		strings.Repeat("a", 65) + "@lamp.example":    "",
		"a@" + strings.Repeat("b.", 130) + "example": "",
	} {
		got, err := Address(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Address(%q) = %q, %v; want %q", in, got, err, want)
		}
		if err != nil {
			if text, ok := lang.Of("kk").Say(err); !ok || strings.Contains(text, "mail") {
				t.Errorf("Address(%q) says %q in Kazakh", in, text)
			}
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("asel@lamp.example")
	f.Add("асель@тасөзен.қаз")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Address(s)
		if err != nil {
			return
		}
		if strings.ContainsAny(a, "\r\n\x00 <>,;") || strings.Count(a, "@") != 1 {
			t.Fatalf("Address(%q) = %q", s, a)
		}
		if again, err := Address(a); err != nil || again != a {
			t.Fatalf("Address(%q) = %q, again %q, %v", s, a, again, err)
		}
	})
}

func TestCanonical(t *testing.T) {
	good := Letter{Kind: "test", To: "asel@lamp.example", Lang: "en", Subject: "Hello", Parts: []Part{{Text: "x"}}}
	l := good
	l.Subject = " Your report\r\nBcc: everybody@lamp.example\u2028\u202etxet "
	l, err := l.canonical()
	if err != nil || l.Subject != "Your report Bcc: everybody@lamp.example txet" {
		t.Errorf("%q, %v", l.Subject, err)
	}
	for name, change := range map[string]func(*Letter){
		"no words":      func(l *Letter) { l.Parts = nil },
		"no subject":    func(l *Letter) { l.Subject = "\n" },
		"no kind":       func(l *Letter) { l.Kind = "" },
		"another host":  func(l *Letter) { l.Parts = []Part{{Text: "x", Path: "//evil.example/in"}} },
		"another one":   func(l *Letter) { l.Parts = []Part{{Text: "x", Path: "https://evil.example/in"}} },
		"a backslash":   func(l *Letter) { l.Parts = []Part{{Text: "x", Path: "/\\evil.example"}} },
		"a line's end":  func(l *Letter) { l.Parts = []Part{{Text: "x", Path: "/in\r\nX: y"}} },
		"too long":      func(l *Letter) { l.Parts = []Part{{Text: strings.Repeat("x", mostBytes+1)}} },
		"two addresses": func(l *Letter) { l.To = "a@lamp.example, b@lamp.example" },
	} {
		l := good
		change(&l)
		if _, err := l.canonical(); err == nil || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
