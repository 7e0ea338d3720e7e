package reader

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestName(t *testing.T) {
	for in, want := range map[string]string{" Асель  Н. ": "Асель Н.", "Әсел": "Әсел", "O’Brien": "O’Brien", "": "", "   ": "", "J-7": "J-7", "李": "李"} {
		if got, err := Name("name", in); got != want || err != nil {
			t.Errorf("Name(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"a@b", "a/b", "<b>", "\u202eевил", "a\x00b", "!!!", strings.Repeat("я", mostName+1), "\xff", "a\u200bb"} {
		if got, err := Name("name", in); err == nil {
			t.Errorf("Name(%q) = %q", in, got)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("Асель Н.")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Name("name", s)
		if err != nil || got == "" {
			return
		}
		if again, err := Name("name", got); err != nil || again != got || !utf8.ValidString(got) || strings.ContainsAny(got, "<>@\r\n\x00") {
			t.Fatalf("Name(%q) = %q, again %q, %v", s, got, again, err)
		}
	})
}

// A holding that does not say how it is forgotten is no holding.
func TestHoldingsSay(t *testing.T) {
	for _, h := range Holdings() {
		if err := h.check(); err != nil {
			t.Error(err)
		}
	}
	for _, h := range []Holding{{}, {Table: "x", Columns: []string{"y"}}, {Table: "x", Columns: []string{"y"}, Not: "z"}, {Table: "x", Columns: []string{"y"}, With: "z"}} {
		if h.check() == nil {
			t.Errorf("%+v is taken", h)
		}
	}
}
