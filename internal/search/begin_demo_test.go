package search_test

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"dateline/demo"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/richtext"
	"dateline/internal/search"
	"dateline/internal/stem"
)

// A text is divided as a reader does who knows nothing of the index.
var (
	letters     = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+`)
	apostrophes = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+(?:['’]\p{L}[\p{L}\p{M}\p{N}]*)*`) // in English
	accents     = regexp.MustCompile(`\p{Mn}`)
)

// plain is a word by which a reader compares: capitals, accents, ё and
// apostrophes do not matter; in Kazakh accents are letters.
func plain(lang, w string) string {
	w = strings.NewReplacer("ё", "е", "'", "", "’", "", "\u00ad", "", "\u2060", "").Replace(strings.ToLower(w))
	switch lang {
	case "en":
		w = accents.ReplaceAllString(norm.NFD.String(w), "")
	case "ru":
		w = withoutKazakh.Replace(w)
	}
	return w
}

// withoutKazakh is how Kazakh is typed on a Russian keyboard, latin how in the
// alphabet of 2021: one for one, but for letters of loanwords.
var (
	withoutKazakh = strings.NewReplacer("ә", "а", "ғ", "г", "қ", "к", "ң", "н", "ө", "о", "ұ", "у", "ү", "у", "һ", "х", "і", "и")
	latin         = strings.NewReplacer("а", "a", "ә", "ä", "б", "b", "в", "v", "г", "g", "ғ", "ğ", "д", "d", "е", "e", "э", "e", "ж", "j", "з", "z", "и", "i", "й", "i",
		"к", "k", "қ", "q", "л", "l", "м", "m", "н", "n", "ң", "ñ", "о", "o", "ө", "ö", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ұ", "ū", "ү", "ü", "ф", "f",
		"х", "h", "һ", "h", "ш", "ş", "ы", "y", "і", "ı", "ю", "iu", "я", "ia", "ц", "ts", "ч", "ch", "щ", "şş", "ъ", "", "ь", "")
)

// told is an article of the demo as a reader sees it.
type told struct {
	headline, rest string
	words          []string
}

// tell puts the demo's articles of a language into the shop.
func (s *shop) tell(lang string) map[int64]*told {
	s.t.Helper()
	names, err := fs.Glob(demo.Files, "articles/*."+lang+".html")
	if err != nil || len(names) < 40 {
		s.t.Fatal(len(names), err)
	}
	var edits []article.Edit
	var list []*told
	for i, name := range names {
		raw, err := fs.ReadFile(demo.Files, name)
		if err != nil {
			s.t.Fatal(err)
		}
		head, body, _ := strings.Cut(string(raw), "-->\n")
		doc, _ := richtext.FromHTML(body, richtext.Options{})
		e := s.edit(lang, "", "", noon.Add(-time.Duration(i)*time.Hour))
		e.Body, e.Content.Credits = doc, []article.Credit{{Name: "Xqvw", Role: "author"}}
		for _, line := range strings.Split(head, "\n") {
			switch k, v, _ := strings.Cut(line, ": "); k {
			case "headline":
				e.Content.Headline = v
			case "standfirst":
				e.Content.Standfirst = v
			}
		}
		t := &told{headline: e.Content.Headline, rest: e.Content.Standfirst + "\n" + doc.Text()}
		divide := letters
		if lang == "en" {
			divide = apostrophes
		}
		for _, w := range divide.FindAllString(t.headline+"\n"+t.rest, -1) {
			t.words = append(t.words, plain(lang, w))
		}
		edits, list = append(edits, e), append(list, t)
	}
	out := map[int64]*told{}
	for i, saved := range s.put(edits...) {
		out[saved.ID] = list[i]
	}
	return out
}

// TestBeginnings asks for every beginning of random words of the demo's texts and
// compares with the words as they are written: each article that has a word that
// begins so is found, any other only for another form of such a word; the words
// that begin so are marked, others only where there is none. Kazakh is asked for
// without its letters and in Latin ones, too.
func TestBeginnings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		for _, lang := range []string{"en", "ru", "kk"} {
			all := s.tell(lang)
			written := map[string]bool{}
			for _, a := range all {
				for _, w := range a.words {
					if len([]rune(w)) >= 3 {
						written[w] = true
					}
				}
			}
			list := slices.Sorted(maps.Keys(written))
			rng := rand.New(rand.NewPCG(20, 3))
			rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			asked, further := 0, 0
			for _, w := range list[:80] {
				for n := 3; n <= len([]rune(w)); n++ {
					p := string([]rune(w)[:n])
					asked++
					begins := func(w string) bool { return strings.HasPrefix(w, p) }
					if lang != "kk" {
						further += s.begins(lang, p, all, list, begins)
						continue
					}
					bare := withoutKazakh.Replace(p)
					if bare != p {
						further += s.begins(lang, p, all, list, begins)
					}
					s.reaches(lang, bare, all, func(w string) bool { return strings.HasPrefix(withoutKazakh.Replace(w), bare) })
					s.reaches(lang, latin.Replace(p), all, begins)
				}
			}
			t.Logf("%s: %d beginnings; %d times an article was found for another form alone", lang, asked, further)
			if further == 0 || asked < 300 {
				t.Errorf("%s: that is no test", lang)
			}
		}
	})
}

// reaches: every article that has a word that begins so is found.
func (s *shop) reaches(lang, typed string, all map[int64]*told, begins func(string) bool) search.Result {
	s.t.Helper()
	got := s.ask(lang, typed+"*")
	for id, a := range all {
		if !slices.Contains(got.Articles, id) && slices.ContainsFunc(a.words, begins) {
			s.t.Errorf("%s: %s* does not find %q, which has %s", lang, typed, a.headline, a.words[slices.IndexFunc(a.words, begins)])
		}
	}
	return got
}

// begins: the articles found are those that should be, the words marked in them,
// too, and the others are what is without them. It counts articles that are found
// for another form alone.
func (s *shop) begins(lang, typed string, all map[int64]*told, words []string, begins func(string) bool) (further int) {
	s.t.Helper()
	l := stem.Of(lang)
	got := s.reaches(lang, typed, all, begins)
	forms := map[string]bool{}
	for _, w := range words {
		if begins(w) {
			forms[l.Term(w)] = true
		}
	}
	for _, id := range got.Articles {
		a := all[id]
		has := slices.ContainsFunc(a.words, begins)
		if !has {
			further++
		}
		if (int(id)+len(typed))%4 != 0 { // to read all of them each time takes long
			continue
		}
		look := got.Look.In(a.headline, a.rest)
		marks := func(list []search.Piece) []string {
			out := []string{}
			for _, x := range list {
				if x.Marked {
					out = append(out, plain(lang, x.Text))
				}
			}
			return out
		}
		inRest := marks(look.Mark(a.rest))
		marked := append(marks(look.Mark(a.headline)), inRest...)
		want := []string{}
		for _, w := range a.words {
			if has && begins(w) || !has && forms[l.Term(w)] {
				want = append(want, w)
			}
		}
		if len(want) == 0 || !slices.Equal(marked, want) {
			s.t.Errorf("%s: %s* finds %q and marks %q, want %q", lang, typed, a.headline, marked, want)
		}
		if got := marks(look.Snippet(a.rest)); len(got) == 0 && len(inRest) > 0 {
			s.t.Errorf("%s: %s* finds %q and shows no passage of it", lang, typed, a.headline)
		}
	}
	// xqvw stands in the by-line of them all.
	if rest := s.ask(lang, "xqvw -"+typed+"*"); rest.Total+got.Total != len(all) {
		s.t.Errorf("%s: %s* is in %d articles, and %d of %d are without it", lang, typed, got.Total, rest.Total, len(all))
	}
	return further
}
