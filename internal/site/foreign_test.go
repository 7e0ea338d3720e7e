package site

import (
	"testing"

	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/edition"
	"dateline/internal/media"
)

// Names and captions printed in another language than the page's are known by
// what the newsroom has in that language; what nobody has is the page's.
func TestPrintedLanguage(t *testing.T) {
	en, ru := edition.Edition{ID: 1, Lang: "en"}, edition.Edition{ID: 2, Lang: "ru"}
	q := &request{ed: ru, site: edition.Site{Editions: []edition.Edition{en, ru}}}
	d := dressed{people: map[int64]author.Contributor{
		1: {Names: map[string]string{"en": "Saule Kairly", "ru": "Сауле Каирлы"}},
		2: {Names: map[string]string{"en": "Olga Brandt"}},
		3: {Names: map[string]string{"en": "NASA", "ru": "NASA"}},
	}}
	for _, c := range []struct {
		entity     int64
		name, want string
	}{
		{1, "Сауле Каирлы", ""}, {1, "Saule Kairly", "en"}, {2, "Olga Brandt", "en"}, {3, "NASA", ""},
		{1, "С. Каирлы", ""}, {9, "Somebody", ""},
	} {
		if got := d.person(q, article.Credit{Entity: c.entity, Name: c.name}).Lang; got != c.want {
			t.Errorf("%s is in %q, want %q", c.name, got, c.want)
		}
	}
	both := media.Media{Texts: map[string]media.Text{"en": {Caption: "A bridge", Alt: "Arches"}, "ru": {Caption: "Мост", Alt: "Арки"}}}
	one := media.Media{Texts: map[string]media.Text{"en": {Caption: "A bridge", Alt: "Arches"}}}
	for _, c := range []struct {
		m    media.Media
		p    article.MediaRef
		want string
	}{
		{both, article.MediaRef{Caption: "Мост", Alt: "Арки"}, ""},
		{both, article.MediaRef{Caption: "A bridge", Alt: "Arches"}, "en"},
		{one, article.MediaRef{Caption: "A bridge", Alt: "Arches"}, "en"},
		{one, article.MediaRef{Caption: "Мост у вокзала", Alt: "Arches"}, ""},
		{media.Media{}, article.MediaRef{}, ""},
	} {
		if got := q.printedLang(c.m, c.p); got != c.want {
			t.Errorf("%+v is in %q, want %q", c.p, got, c.want)
		}
	}
}
