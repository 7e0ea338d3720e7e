package editor

import (
	"slices"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/media"
)

// What pictures lack depends on the library, on the language, and on when readers see
// the text.
func TestLacksOfPictures(t *testing.T) {
	at := time.Date(2026, 5, 9, 12, 0, 0, 0, time.UTC)
	const figure = "<p id=\"b1\">Words.</p>\n<figure id=\"b2\"><img src=\"ref:media/7\"></figure>\n"
	text := article.Manuscript{Headline: "x", Body: figure, Lead: article.Use{ID: 5, Credit: "Kim", Alt: "A ferry"}}
	whole := media.Media{ID: 5, Kind: media.Image, Licence: "CC0 1.0"}
	body := media.Media{ID: 7, Kind: media.Image, Licence: "CC0 1.0", Texts: map[string]media.Text{"ru": {Alt: "Цапля"}}}
	with := func(m media.Media, change func(*media.Media)) media.Media { change(&m); return m }
	for name, c := range map[string]struct {
		lead, body media.Media
		lang       string
		lack       []string
	}{
		"described there":             {whole, body, "ru", nil},
		"described in another":        {whole, body, "en", []string{"alt"}},
		"decorative":                  {whole, with(body, func(m *media.Media) { m.Decorative = true }), "en", nil},
		"no licence":                  {with(whole, func(m *media.Media) { m.Licence = " " }), body, "ru", []string{"licence"}},
		"a licence in the file":       {with(whole, func(m *media.Media) { m.Licence, m.Said = "", media.Said{Licence: "News only"} }), body, "ru", nil},
		"rights end later":            {with(whole, func(m *media.Media) { m.Expires = at.Add(time.Millisecond) }), body, "ru", nil},
		"rights end then":             {whole, with(body, func(m *media.Media) { m.Expires = at }), "ru", []string{"rights"}},
		"a film in the text":          {whole, with(body, func(m *media.Media) { m.Kind, m.Licence, m.Texts = media.Video, "", nil }), "en", nil},
		"a picture that is not there": {whole, media.Media{}, "ru", []string{"alt"}},
	} {
		list := map[int64]media.Media{5: c.lead}
		if c.body.ID != 0 {
			list[7] = c.body
		}
		var got []string
		for _, l := range lacks(article.Text, text, c.lang, list, at) {
			if l == "alt" || l == "licence" || l == "rights" || l == "credit" {
				got = append(got, l)
			}
		}
		if !slices.Equal(got, c.lack) {
			t.Errorf("%s: %v, want %v", name, got, c.lack)
		}
	}
	if got := lacks(article.Text, article.Manuscript{}, "en", nil, at); slices.Contains(got, "licence") || slices.Contains(got, "rights") || !slices.Contains(got, "picture") {
		t.Errorf("without pictures: %v", got)
	}
}
