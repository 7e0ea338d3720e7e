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

func TestShortName(t *testing.T) {
	for name, want := range map[string]string{
		"The Tasozen Lamp": "The Tasozen Lamp", "Тасозенская лампа": "Тасозенская", "Тасөзен шамы": "Тасөзен шамы", "The Stone River Post": "The Stone River",
		"News of the Great Steppe": "News", "Вести с полей и рек": "Вести с полей", "El": "El", "The Karagandinskayapravda": "The Karagandinsk", "The Karagandinskayapravda Post": "Post",
		"Тасозен, вчера, сегодня": "Тасозен, вчера", "Караганды облыстық газеті": "Караганды", "": "", "Қарағандыоблыстықгазеті": "Қарағандыоблысты",
	} {
		if got := shortName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
