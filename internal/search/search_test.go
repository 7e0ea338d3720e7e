package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/richtext"
	"dateline/internal/search"
	"dateline/internal/stem"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// shop is a newsroom of three editions.
type shop struct {
	t        *testing.T
	d        *db.DB
	articles *article.Store
	search   *search.Store
	pub      int64
	ed       map[string]int64
}

func open(t *testing.T, d *db.DB) *shop {
	t.Helper()
	s := &shop{t: t, d: d, articles: article.New(d, address.New(d)), ed: map[string]int64{}}
	s.search = search.New(d, s.articles)
	s.tx(func(tx *db.Tx) error {
		site, err := edition.New(d).Setup(context.Background(), tx, edition.PublicationInput{Key: "main", Zone: "UTC", DefaultLang: "en",
			Editions: []edition.EditionInput{{Lang: "en", Name: "Lamp"}, {Lang: "ru", Name: "Лампа"}, {Lang: "kk", Name: "Шам"}}})
		if err == nil {
			s.pub = site.Publication.ID
			for _, e := range site.Editions {
				s.ed[e.Lang] = e.ID
			}
		}
		return err
	})
	return s
}

func (s *shop) tx(f func(*db.Tx) error) {
	s.t.Helper()
	if err := s.d.Tx(context.Background(), db.Desk, f); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) put(edits ...article.Edit) []article.Saved {
	s.t.Helper()
	var saved []article.Saved
	s.tx(func(tx *db.Tx) error {
		var err error
		saved, err = s.articles.Put(context.Background(), tx, edits)
		return err
	})
	return saved
}

func (s *shop) edit(lang, headline, body string, from time.Time) article.Edit {
	s.t.Helper()
	doc, _ := richtext.FromHTML("<p>"+strings.ReplaceAll(body, "\n", "</p><p>")+"</p>", richtext.Options{})
	y, m, d := from.Date()
	return article.Edit{Publication: s.pub, Edition: s.ed[lang], State: article.Approved, VisibleFrom: from, Day: y*10000 + int(m)*100 + d,
		Slug: "slug", Body: doc, Actor: "test", Content: article.Content{Lang: lang, Kind: article.Text, Headline: headline}}
}

func (s *shop) ask(lang, q string, change ...func(*search.Request)) search.Result {
	s.t.Helper()
	l := stem.Of(lang)
	r := search.Request{Edition: s.ed[lang], Language: l, Query: search.Parse(l, q), Order: search.Newest, Now: noon, Limit: 1000}
	for _, f := range change {
		f(&r)
	}
	got, err := s.search.Search(context.Background(), r)
	if err != nil {
		s.t.Fatalf("searching %q: %v", q, err)
	}
	return got
}

// found gives the headlines of what is found.
func (s *shop) found(lang, q string, change ...func(*search.Request)) []string {
	s.t.Helper()
	list, err := s.articles.PublicByIDs(context.Background(), s.ask(lang, q, change...).Articles, noon)
	if err != nil {
		s.t.Fatal(err)
	}
	out := []string{}
	for _, a := range list {
		out = append(out, a.Headline)
	}
	return out
}

func (s *shop) want(lang, q string, want ...string) {
	s.t.Helper()
	got := s.found(lang, q)
	if !slices.Equal(got, want) {
		s.t.Errorf("%s %q finds %q, want %q", lang, q, got, want)
	}
}

func TestWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		hour := func(n int) time.Time { return noon.Add(-time.Duration(n) * time.Hour) }
		bridge := s.edit("ru", "Мост открыт", "По новому мосту прошёл первый поезд.\nИнженеры всё проверили.", hour(3))
		bridge.Content.Credits = []article.Credit{{Entity: 9, Name: "Сауле Қайырлы", Role: "author"}}
		bridge.Content.Topics = []article.TopicRef{{ID: 7, Kind: "tag", Name: "железная дорога", Above: []int64{5}}}
		bridge.Content.Media = []article.MediaRef{{ID: 3, Caption: "Паром у пристани"}}
		bridge.Content.Standfirst = "Одиннадцать лет спустя"
		s.put(bridge,
			s.edit("ru", "Мостовая", "Поезд не прошёл. Мост закрыт.", hour(2)),
			s.edit("ru", "Завтра", "Мост снова закроют.", noon.Add(time.Hour)),
			s.edit("en", "The bridge", "The readers' trains were crossing bridges. Café.", hour(1)),
			s.edit("kk", "Көл жағасы", "Қазақстан Республикасының көлдері. Ұлы дала.", hour(5)),
			s.edit("kk", "Қол қойылды", "Келісімге қол қойды.", hour(4)))
		s.want("ru", "мост", "Мостовая", "Мост открыт")
		s.want("ru", "МОСТА поезда", "Мостовая", "Мост открыт")
		s.want("ru", "все", "Мост открыт")
		s.want("ru", "\"прошёл первый\"", "Мост открыт")
		s.want("ru", "«мост первый»")
		s.want("ru", "мост -первый", "Мостовая")
		s.want("ru", "мост -«первый поезд»", "Мостовая")
		s.want("ru", "-мост")
		s.want("ru", "инж*", "Мост открыт")
		s.want("ru", "инженеры*", "Мост открыт")
		s.want("ru", "инженерам*")
		s.want("ru", "прист*", "Мост открыт")
		s.want("ru", "кайыр*", "Мост открыт")
		s.want("ru", "«новому мос*»", "Мост открыт")
		s.want("ru", "мос* -перв*", "Мостовая")
		s.want("ru", "железная дорог*", "Мост открыт")
		s.want("kk", "республикасын*", "Көл жағасы")
		s.want("kk", "respublikasyny*", "Көл жағасы")
		s.want("kk", "көлд*", "Көл жағасы")
		s.want("kk", "келісі*", "Қол қойылды")
		s.want("kk", "келиси*", "Қол қойылды")
		s.want("kk", "қазақ*", "Көл жағасы")
		s.want("kk", "qazaqs*", "Көл жағасы")
		s.want("kk", "казакс*", "Көл жағасы")
		s.want("ru", "Кайырлы", "Мост открыт")
		s.want("ru", "железные дороги", "Мост открыт")
		s.want("ru", "пристань", "Мост открыт")
		s.want("ru", "спустя", "Мост открыт")
		s.want("ru", "открыт одиннадцать", "Мост открыт")
		s.want("ru", "\"открыт одиннадцать\"")
		s.want("ru", "закроют")
		s.want("en", "reader train", "The bridge")
		s.want("en", "cafe", "The bridge")
		s.want("kk", "көл", "Көл жағасы")
		s.want("kk", "кол", "Қол қойылды", "Көл жағасы")
		s.want("kk", "казакстан", "Көл жағасы")
		s.want("kk", "qazaqstan", "Көл жағасы")
		s.want("kk", "Kazakstan respublikasy", "Көл жағасы")
		s.want("kk", "uly dala", "Көл жағасы")
		only := func(f func(*search.Request)) []string { return s.found("ru", "мост", f) }
		if got := only(func(r *search.Request) { r.Topic = 5 }); !slices.Equal(got, []string{"Мост открыт"}) {
			t.Errorf("below topic 5: %q", got)
		}
		if got := only(func(r *search.Request) { r.Author = 9 }); !slices.Equal(got, []string{"Мост открыт"}) {
			t.Errorf("by author 9: %q", got)
		}
		if got := only(func(r *search.Request) { r.From = hour(2) }); !slices.Equal(got, []string{"Мостовая"}) {
			t.Errorf("since two hours: %q", got)
		}
		if got := only(func(r *search.Request) { r.Until = hour(2) }); !slices.Equal(got, []string{"Мост открыт"}) {
			t.Errorf("until two hours ago: %q", got)
		}
		if got := only(func(r *search.Request) { r.Order = search.Best }); !slices.Equal(got, []string{"Мост открыт", "Мостовая"}) {
			t.Errorf("the best first: %q", got)
		}
		got := s.ask("ru", "мост", func(r *search.Request) { r.Topics, r.Authors = []int64{5, 7, 8}, []int64{9} })
		if got.ByTopic[5] != 1 || got.ByTopic[7] != 1 || got.ByTopic[8] != 0 || got.ByAuthor[9] != 1 {
			t.Errorf("counted %v and %v", got.ByTopic, got.ByAuthor)
		}
	})
}

func TestSuggest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.put(s.edit("ru", "Президент", "Президента встретили на вокзале. Привет!", noon),
			s.edit("ru", "Тайна", "Совершенно секретный документ.", noon.Add(time.Hour)),
			s.edit("ru", "Разы", "Раза три, раза два. Точка за точкой, тысячи точек. Казах.", noon.Add(-time.Hour)),
			s.edit("en", "Herons", "A heron met her. Nobody is bodiless. The agreement: a seat, a set; one sun, some stones, a metre.", noon),
			s.edit("en", "She", "Her own. One of them, ones. See?", noon.Add(-time.Hour)), s.edit("en", "Her", "Her one thing. I see.", noon.Add(-2*time.Hour)),
			s.edit("kk", "Қала", "Қаладағы мектеп. Мектептің төртінші кітабы. Кітапхана.", noon))
		for _, c := range []struct{ lang, ask, want string }{
			{"ru", "призидент", "президент"}, {"ru", "Призидент", "Президент"}, {"ru", "документт", ""}, {"ru", "превет президнт", "привет президент"},
			{"ru", "ghbdtn", "привет"}, {"ru", "совсемнетакогослова", ""}, {"ru", "секретни", ""}, {"kk", "мктеп", "мектеп"}, {"ru", "\"", ""},
			// Words, not stems or forms that nobody wrote.
			{"en", "nobod", "nobody"}, {"ru", "тосчка", "точка"}, {"ru", "тысяу", ""}, {"kk", "мекептің", "мектептің"}, {"kk", "кітапхна", "кітапхана"},
			{"kk", "кітаба", "кітабы"}, {"kk", "төртсінші", "төртінші"},
			// The likelier slip before the word that is more frequent.
			// The beginning of a word as that of another, and one that is known does not keep a second word from being corrected.
			{"en", "agrement*", "agreement*"}, {"en", "agreme* hern", "agreem* heron|agreeme* heron"}, {"en", "agree* hern", "agree* heron"}, {"ru", "призиде*", "президе*"}, {"ru", "gjtpl*", ""}, {"ru", "ghbd*", "прив*"},
			{"kk", "мектепп*", ""}, {"kk", "кітапхн*", "кітапхан*"}, {"en", "agr* agreemnt", "agr* agreement"},
			{"en", "hern", "heron"}, {"en", "seet", "seat|set"}, {"en", "sone", "some"}, {"en", "oens", "ones"}, {"en", "mete", "metre"}, {"ru", "козах", "казах"},
		} {
			l := stem.Of(c.lang)
			got, err := s.search.Suggest(context.Background(), search.Request{Edition: s.ed[c.lang], Language: l, Query: search.Parse(l, c.ask), Now: noon})
			if err != nil || strings.Join(got, "|") != c.want {
				t.Errorf("for %q %q is proposed (%v), want %q", c.ask, got, err, c.want)
			}
		}
	})
}

// model finds as the index should, by looking at every article.
type model struct {
	id     int64
	edit   article.Edit
	shown  bool
	fields [][]wording
}

// wording is a word as it is written, in small letters without apostrophes, and
// what it is a form of.
type wording struct{ letters, word string }

func wordings(l *stem.Language, text string) (out []wording) {
	for _, w := range l.Words(text) {
		out = append(out, wording{strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(w)), l.Term(w)})
	}
	return out
}

func (m *model) read() {
	l := stem.Of(m.edit.Content.Lang)
	m.fields = [][]wording{wordings(l, m.edit.Content.Headline)}
	for _, b := range m.edit.Body.Blocks {
		m.fields = append(m.fields, wordings(l, richtext.Doc{Blocks: []richtext.Block{b}}.Text()))
	}
	for i := 3; i < len(m.fields); i++ { // all but the first paragraph is one field
		m.fields[2] = append(m.fields[2], m.fields[i]...)
	}
	m.fields = m.fields[:min(len(m.fields), 3)]
}

// has reports whether an article has a clause, given all words that were ever
// written: a beginning means each word that begins so, in all its forms.
func (m *model) has(l *stem.Language, c search.Clause, ever map[wording]bool) bool {
	last := len(c.Words) - 1
	meant := map[string]bool{}
	if c.Prefix {
		for w := range ever {
			if strings.HasPrefix(w.letters, wordings(l, c.Words[last])[0].letters) {
				meant[w.word] = true
			}
		}
	} else {
		meant[l.Term(c.Words[last])] = true
	}
	for _, f := range m.fields {
		for i := range f {
			ok := i+last < len(f) && meant[f[i+last].word]
			for j := 0; ok && j < last; j++ {
				ok = f[i+j].word == l.Term(c.Words[j])
			}
			if ok {
				return true
			}
		}
	}
	return false
}

// TestAgainstModel makes articles, changes, hides and schedules them, merges
// parts, and compares what is found with what reading every article finds.
func TestAgainstModel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := open(t, d)
		rng := rand.New(rand.NewPCG(3, 1))
		// Stems are shorter than words (timetabl), go another way (stori), and are those
		// of several words (organ).
		words := strings.Fields("timetable stories organic alpha timetabled organs story bravo timetables storeys organised charlie Story's organ delta " +
			"organisation echo timed O'Brien 2024 runs foxtrot Brien’s running golf time 2026 hotel november timing book's booked india")
		word := func() string { return words[int(float64(len(words))*rng.Float64()*rng.Float64())] }
		text := func(n int) string {
			var list []string
			for range n {
				list = append(list, word())
			}
			return strings.Join(list, " ")
		}
		var all []*model
		ever := map[wording]bool{}
		fresh := func() article.Edit {
			at := noon.Add(-time.Duration(rng.IntN(40)-2) * time.Minute * time.Duration(1+rng.IntN(5)))
			e := s.edit("en", fmt.Sprintf("%s %d", text(2), len(all)), text(5)+"\n"+text(10)+"\n"+text(3), at)
			m := model{edit: e}
			m.read()
			for _, f := range m.fields {
				for _, w := range f {
					ever[w] = true
				}
			}
			return e
		}
		for round := range 60 {
			switch k := rng.IntN(10); {
			case k < 6 || len(all) < 5:
				var edits []article.Edit
				n := 1 + rng.IntN(4)
				for range n {
					edits = append(edits, fresh())
				}
				for i, sv := range s.put(edits...) {
					all = append(all, &model{id: sv.ID, edit: edits[i], shown: true})
				}
			case k < 8:
				m := all[rng.IntN(len(all))]
				if !m.shown {
					continue
				}
				e := fresh()
				e.ID, e.VisibleFrom = m.id, m.edit.VisibleFrom
				s.put(e)
				m.edit = e
			case k < 9:
				m := all[rng.IntN(len(all))]
				if m.shown {
					s.tx(func(tx *db.Tx) error { return s.articles.Withdraw(ctx, tx, m.id, "wrong") })
					m.shown = false
				}
			default:
				if err := s.search.Maintain(ctx); err != nil {
					t.Fatal(err)
				}
			}
			for range 6 {
				s.compare(round, all, ever, query(rng, word))
			}
		}
		if err := s.search.Maintain(ctx); err != nil {
			t.Fatal(err)
		}
		for range 200 {
			s.compare(-1, all, ever, query(rng, word))
		}
	})
}

func query(rng *rand.Rand, word func() string) string {
	var q []string
	for range 1 + rng.IntN(3) {
		w := word()
		switch rng.IntN(6) {
		case 0:
			w = `"` + w + " " + word() + `"`
		case 1:
			w = begun(rng, w)
		case 2:
			w = "-" + w
		case 3:
			w = []string{"-" + begun(rng, w), `"` + word() + " " + begun(rng, w) + `"`}[rng.IntN(2)]
		}
		q = append(q, w)
	}
	return strings.Join(q, " ")
}

// begun is a beginning of a word, from the third letter to the last, with a star,
// now and then without the apostrophe.
func begun(rng *rand.Rand, w string) string {
	letters := []rune(w)
	w = string(letters[:3+rng.IntN(len(letters)-2)])
	if rng.IntN(4) == 0 {
		w = strings.ReplaceAll(w, "'", "")
	}
	return w + "*"
}

func (s *shop) compare(round int, all []*model, ever map[wording]bool, text string) {
	s.t.Helper()
	l := stem.Of("en")
	q := search.Parse(l, text)
	var want []int64
	for _, m := range all {
		m.read()
		ok := m.shown && !m.edit.VisibleFrom.After(noon) && !q.Empty()
		for _, c := range q.All {
			ok = ok && m.has(l, c, ever)
		}
		for _, c := range q.Without {
			ok = ok && !m.has(l, c, ever)
		}
		if ok {
			want = append(want, m.id)
		}
	}
	got := s.ask("en", text)
	if got.Total != len(got.Articles) {
		s.t.Fatalf("round %d: %q: %d counted, %d given", round, text, got.Total, len(got.Articles))
	}
	last := int64(1) << 62
	byID := map[int64]*model{}
	for _, m := range all {
		byID[m.id] = m
	}
	for _, id := range got.Articles {
		at := byID[id].edit.VisibleFrom.Unix()
		if at > last {
			s.t.Fatalf("round %d: %q: not the newest first", round, text)
		}
		last = at
	}
	best := s.ask("en", text, func(r *search.Request) { r.Order = search.Best }).Articles
	for _, list := range [][]int64{got.Articles, best} {
		list = slices.Sorted(slices.Values(list))
		slices.Sort(want)
		if !slices.Equal(list, want) {
			for _, m := range all {
				if slices.Contains(list, m.id) != slices.Contains(want, m.id) {
					s.t.Logf("article %d: %q", m.id, m.fields)
				}
			}
			s.t.Fatalf("round %d: %q finds %v, want %v", round, text, list, want)
		}
	}
}

// TestMaintainBesideImport: what an import has not indexed yet is left to it, as
// long as it runs; parts are merged, slowly.
func TestMaintainBesideImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := open(t, d)
		for n := range 9 { // of one article each: enough to be merged
			s.put(s.edit("en", fmt.Sprintf("Bridge %d", n), "A bridge.", noon.Add(-time.Hour)))
		}
		late := s.put(s.edit("en", "Ferry", "A ferry.", noon.Add(-time.Hour)))[0].ID
		forget := func(id int64) {
			s.tx(func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "DELETE FROM search_doc WHERE article_id = $1", id)
				return err
			})
		}
		known := func(id int64) int {
			n, err := db.Get(ctx, d, db.One[int], "SELECT count(*) FROM search_doc WHERE article_id = $1", id)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		forget(late)
		end, err := dbtest.Second(t, d).Exclusive(ctx, db.Importing)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.search.Maintain(ctx); err != nil {
			t.Fatal(err)
		}
		if known(late) != 0 {
			t.Error("indexed while an import runs that may be about to")
		}
		if got := s.ask("en", "bridge"); got.Total != 9 {
			t.Errorf("%d found after a merge beside an import, want 9", got.Total)
		}
		end()
		if err := s.search.Maintain(ctx); err != nil {
			t.Fatal(err)
		}
		if known(late) != 1 {
			t.Error("not indexed after the import")
		}
	})
}

// TestWordsAgain: what an index from before lacks, words as they are written, is
// brought without taking articles out of it and putting them in again.
func TestWordsAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := open(t, d)
		s.put(s.edit("en", "O'Brien", "The timetable of 2024.", noon.Add(-time.Hour)), s.edit("en", "Timetables", "More.", noon.Add(-2*time.Hour)))
		old := s.put(s.edit("en", "Timetabled", "Once.", noon.Add(-3*time.Hour)))[0].ID
		count := func(query string) int {
			t.Helper()
			n, err := db.Get(ctx, d, db.One[int], query)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		parts := count("SELECT count(*) FROM search_part")
		s.tx(func(tx *db.Tx) error {
			for _, q := range []string{"UPDATE search_doc SET version = 2", "DELETE FROM search_word"} {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			// One of them stands there with other words.
			_, err := tx.Exec(ctx, "UPDATE search_doc SET hash = 1 WHERE article_id = $1", old)
			return err
		})
		s.search = search.New(d, s.articles) // another process
		s.want("en", "timetab*")
		if err := s.search.Fill(ctx); err != nil {
			t.Fatal(err)
		}
		s.want("en", "timetab*", "O'Brien", "Timetables", "Timetabled")
		s.want("en", "obri*", "O'Brien")
		s.want("en", "202*", "O'Brien")
		if gone, now := count("SELECT count(*) FROM search_gone"), count("SELECT count(*) FROM search_part"); gone != 1 || now != parts+1 {
			t.Errorf("%d articles left the index and %d parts were written, want 1 and 1", gone, now-parts)
		}
		if n := count("SELECT count(*) FROM search_doc WHERE version = 2"); n != 0 {
			t.Errorf("%d articles are still to be indexed", n)
		}
	})
}
