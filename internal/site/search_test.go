package site

import (
	"testing"

	"dateline/internal/lang"
)

func TestCreditLabel(t *testing.T) {
	for _, c := range []struct{ lang, credit, want string }{
		{"en", "A. Kim", "Photographs"}, {"en", "The Tasozen Lamp", "Photographs"}, {"en", "Drawing: The Tasozen Lamp", ""}, {"en", "Photo by A. Kim", ""},
		{"en", "© Reuters", ""}, {"en", "(C) Reuters", ""}, {"en", "Pho", "Photographs"}, {"en", "", "Photographs"},
		{"ru", "Ермек Сартбай", "Фотографии"}, {"ru", "Фото Ермека Сартбая", ""}, {"ru", "рисунок Сауле", ""}, {"kk", "Ермек Сартбай", "Суреттер"}, {"kk", "Суретті түсірген Ермек Сартбай", ""},
		{"tr", "Foto Ermek", ""}, {"tr", "Ermek", "Fotoğraflar"},
	} {
		if got := creditLabel(lang.Of(c.lang), c.credit); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.credit, got, c.want)
		}
	}
}
