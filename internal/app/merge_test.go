package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/entity"
	"dateline/internal/topic"
	"dateline/internal/user"
)

// TestMergeTags: two tags become one: what stood under the one stands under the other,
// and its addresses lead there.
func TestMergeTags(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		var tags, people []int64
		n.change(func(ctx context.Context, tx *db.Tx) (err error) {
			tag := func(names map[string]string) topic.Topic {
				x := topic.Topic{Kind: topic.Tag, Names: map[string]topic.Name{}}
				for l, name := range names {
					x.Names[l] = topic.Name{Name: name}
				}
				return x
			}
			tags, err = n.app.Topics.Put(ctx, tx, n.site.Publication.ID, []topic.Topic{
				tag(map[string]string{"en": "Zebra crossing", "ru": "Зебра"}), tag(map[string]string{"en": "Zebra crossings", "kk": "Зебра өткелі"})})
			return err
		})
		published := func(headline string, tags ...int64) (int64, string) {
			id, page := w.began("en")
			w.write(id, func(m *article.Manuscript) {
				m.Headline, m.Body, m.Tags, m.Sections = headline, "<p id=\"b1abc\">Words.</p>\n", tags, []int64{n.section()}
			})
			if _, said := w.post(page+"/publish", "when", "now", "version", n.version(id)); !strings.Contains(said, "Published") {
				t.Fatalf("%s: %q", headline, said)
			}
			return id, page
		}
		published("Stripes on the road", tags[0])
		both, _ := published("Stripes everywhere", tags[0], tags[1])
		draft, draftPage := w.began("en")
		w.write(draft, func(m *article.Manuscript) { m.Headline, m.Tags = "Not yet", []int64{tags[0]} })

		if body := w.sees("/desk/tags?q=ZEBRA"); strings.Count(body, `class="rowl"`) != 2 || !strings.Contains(body, "2 articles") {
			t.Errorf("the list: %s", body)
		}
		if body := w.sees("/desk/tags/doubles"); !strings.Contains(body, "Zebra crossings") {
			t.Error("doubles are not told")
		}
		from := fmt.Sprintf("/desk/tags/%d", tags[0])
		if body := w.sees(from + "/merge"); !strings.Contains(body, "Zebra crossings") {
			t.Error("the likely double is not offered")
		}
		body := w.sees(fmt.Sprintf("%s/merge?into=%d", from, tags[1]))
		for _, want := range []string{"2 articles of “Zebra crossing” stand under “Zebra crossings” then.", "/tag/zebra-crossing → ", "/ru/tag/", "Зебра"} {
			if !strings.Contains(body, want) {
				t.Errorf("what will happen lacks %q: %s", want, body)
			}
		}
		if code, _ := w.post(from+"/merge", "into", fmt.Sprint(tags[1])); code != 422 {
			t.Errorf("not confirmed: %d", code)
		}
		old := map[string]string{}
		for _, e := range n.site.Editions {
			m, err := n.app.Addresses.Paths(context.Background(), "topic", e.ID, []int64{tags[0]})
			if err != nil {
				t.Fatal(err)
			}
			old[e.Lang] = e.Prefix + "/" + m[tags[0]]
		}
		if _, said := w.post(from+"/merge", "into", fmt.Sprint(tags[1]), "sure", "1"); !strings.Contains(said, "is part of") {
			t.Fatalf("merging: %q", said)
		}
		if log := n.writer(user.Admin).sees("/desk/audit?kind=topic"); !strings.Contains(log, "Tag merged") || !strings.Contains(log, "en Zebra crossing, ru Зебра") {
			t.Error("the log does not say which names there were")
		}
		for l, path := range old {
			e, _ := n.site.ByLang(l)
			m, err := n.app.Addresses.Paths(context.Background(), "topic", e.ID, []int64{tags[1]})
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("GET", path, nil)
			r.Host = "lamp.test"
			answer := httptest.NewRecorder()
			n.desk.ServeHTTP(answer, r)
			if to := answer.Header().Get("Location"); answer.Code != http.StatusMovedPermanently || !strings.HasSuffix(to, e.Prefix+"/"+m[tags[1]]) {
				t.Errorf("%s: %d %s, want 301 to %s", path, answer.Code, to, m[tags[1]])
			}
		}
		if code, page := n.readers("/tag/zebra-crossings"); code != 200 || !strings.Contains(page, "Stripes on the road") || strings.Count(page, ">Stripes everywhere<") != 1 {
			t.Errorf("the list of readers: %d %s", code, page)
		}
		if x, err := n.app.Topics.ByIDs(context.Background(), tags); err != nil || x[tags[0]].ID != tags[1] || x[tags[1]].Names["ru"].Name != "Зебра" {
			t.Errorf("%+v %v", x, err)
		}
		// A text at work has what it became, and so has a revision once it is printed anew.
		if body := w.sees(draftPage); !strings.Contains(body, fmt.Sprintf(`"tags":[%d]`, tags[1])) {
			t.Error("a draft still has the tag that is no more")
		}
		a, err := n.app.Articles.Get(context.Background(), n.app.DB, both)
		if err != nil {
			t.Fatal(err)
		}
		if _, said := w.post(fmt.Sprintf("/desk/articles/%d/publish", both), "when", "now", "change", "silent", "version", n.version(both)); !strings.Contains(said, "Published") {
			t.Errorf("published anew: %q", said)
		}
		rev, err := n.app.Articles.RevisionOf(context.Background(), both, a.Revision+1)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, x := range rev.Content.Topics {
			if x.ID == tags[0] {
				t.Error("the tag that is no more is printed")
			}
			if x.ID == tags[1] {
				count++
			}
		}
		if count != 1 {
			t.Errorf("the tag is printed %d times", count)
		}
		if err := n.app.Search.Fill(context.Background()); err != nil {
			t.Fatal(err)
		}
		left, err := db.Get(context.Background(), n.app.DB, db.One[int], "SELECT count(*) FROM search_doc WHERE version = 0")
		if err != nil || left != 0 {
			t.Errorf("%d articles wait to be indexed, %v", left, err)
		}

		// People: the page of the one leads to the other's, by-lines follow.
		authors, err := n.app.Authors.All(context.Background(), n.site.Publication.ID)
		if err != nil || len(authors) < 2 {
			t.Fatal(err)
		}
		people = []int64{authors[0].EntityID, authors[1].EntityID}
		if code, said := w.post(fmt.Sprintf("/desk/people/%d/merge", people[0]), "into", fmt.Sprint(people[1]), "sure", "1"); code != http.StatusSeeOther || !strings.Contains(said, "is part of") {
			t.Errorf("people: %d %s", code, said)
		}
		r := httptest.NewRequest("GET", "/author/"+authors[0].Slug, nil)
		r.Host = "lamp.test"
		answer := httptest.NewRecorder()
		n.desk.ServeHTTP(answer, r)
		if to := answer.Header().Get("Location"); answer.Code != http.StatusMovedPermanently || !strings.HasSuffix(to, "/author/"+authors[1].Slug) {
			t.Errorf("an author who is another: %d %s", answer.Code, to)
		}
		bylines, err := db.Get(context.Background(), n.app.DB, db.One[int], "SELECT count(*) FROM byline WHERE entity_id = $1", people[0])
		if err != nil || bylines != 0 {
			t.Errorf("%d by-lines of nobody, %v", bylines, err)
		}
		// Organisations: two spellings of an agency, found, renamed and made one.
		var agencies []int64
		n.change(func(ctx context.Context, tx *db.Tx) (err error) {
			agencies, err = n.app.Authors.Put(ctx, tx, n.site.Publication.ID, []author.Contributor{
				{Kind: entity.Organisation, Slug: "river-wire", Names: map[string]string{"en": "River Wire"}}, {Kind: entity.Organisation, Slug: "riverwire", Names: map[string]string{"en": "RiverWire"}}})
			return err
		})
		if body := w.sees("/desk/organisations?q=river"); strings.Count(body, `class="rowl"`) != 2 {
			t.Errorf("the organisations: %s", body)
		}
		if body := w.sees("/desk/people?q=river"); strings.Contains(body, "River") {
			t.Error("an organisation is among the people")
		}
		if code, said := w.post(fmt.Sprintf("/desk/organisations/%d", agencies[1]), "name_en", "The River Wire", "name_ru", "Речной телеграф"); code != http.StatusSeeOther {
			t.Errorf("renamed: %d %s", code, said)
		}
		if code, said := w.post(fmt.Sprintf("/desk/organisations/%d/merge", agencies[0]), "into", fmt.Sprint(agencies[1]), "sure", "1"); code != http.StatusSeeOther || !strings.Contains(said, "is part of The River Wire") && !strings.Contains(said, "The River Wire") {
			t.Errorf("organisations: %d %s", code, said)
		}
		if body := w.sees("/desk/organisations"); strings.Contains(body, ">River Wire<") || !strings.Contains(body, "The River Wire") {
			t.Error("both stand there still")
		}
		// Places, and a merge that is none.
		var places []int64
		n.change(func(ctx context.Context, tx *db.Tx) (err error) {
			places, err = n.app.Entities.Put(ctx, tx, n.site.Publication.ID, []entity.Entity{{Kind: entity.Place, Names: map[string]string{"en": "Alma-Ata"}}, {Kind: entity.Place, Names: map[string]string{"en": "Almaty town", "ru": "Алматы"}}})
			return err
		})
		if _, said := w.post(fmt.Sprintf("/desk/places/%d/merge", places[0]), "into", fmt.Sprint(places[1]), "sure", "1"); !strings.Contains(said, "is part of") {
			t.Errorf("places: %q", said)
		}
		if code, _ := w.post(fmt.Sprintf("/desk/places/%d/merge", places[1]), "into", fmt.Sprint(people[1]), "sure", "1"); code != http.StatusNotFound {
			t.Errorf("a place and somebody: %d", code)
		}
		if code, _ := w.post(fmt.Sprintf("/desk/places/%d", places[1]), "name_en", "Almaty city", "name_ru", ""); code != 422 {
			t.Errorf("a name taken away: %d", code)
		}
		if _, said := w.post(fmt.Sprintf("/desk/places/%d", places[1]), "name_en", "Almaty city", "name_ru", "Алматы"); said != "The names are changed." {
			t.Errorf("renaming: %q", said)
		}
		if body := w.sees("/desk/places?q=almaty+ci"); !strings.Contains(body, "Almaty city") {
			t.Error("the new name is not found")
		}
	})
}
