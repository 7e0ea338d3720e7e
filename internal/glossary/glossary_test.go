package glossary

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/fault"
)

func TestCheck(t *testing.T) {
	net := Entry{ID: 1, From: "ru", To: "en", Term: "Одноклассники", Translation: "Odnoklassniki; OK.ru", Never: "Classmates"}
	tg := Entry{ID: 2, From: "ru", Term: "Telegram", Stays: true}
	quarry := Entry{ID: 3, From: "ru", To: "kk", Term: "угольный разрез", Translation: "көмір разрезі"}
	other := Entry{ID: 4, From: "en", To: "ru", Term: "Telegram", Translation: "Телеграм"}
	all := []Entry{net, tg, quarry, other}
	for _, c := range []struct {
		to, source, target string
		want               string // ids: + is there, - lacks, ! has what it must never have
	}{
		{"en", "Об этом написали в «Одноклассниках» и в Telegram.", "They wrote of it on Odnoklassniki and on Telegram.", "1+ 2+"},
		{"en", "В Одноклассниках.", "On OK.ru.", "1+"},
		{"en", "В Одноклассниках.", "On a network.", "1-"},
		{"en", "В Одноклассниках.", "On Classmates, which is Odnoklassniki.", "1!"},
		{"en", "В Одноклассниках.", "His classmates wrote on Odnoklassniki.", "1+"}, // no capital: the common word
		{"en", "Его одноклассники.", "His classmates.", ""},                         // no capital in the original
		{"en", "В Telegram.", "В Telegram.", "2+"},                                  // nobody has translated it yet
		{"en", "В Одноклассниках.", "В Одноклассниках.", "1+"},
		{"kk", "В Telegram о закрытии угольного разреза.", "Telegramда көмір разрезінің жабылуы туралы.", "2+ 3+"},
		{"kk", "О закрытии угольного разреза.", "Кеніштің жабылуы туралы.", "3-"},
		{"kk", "Разрез угольный.", "Разрез.", ""}, // not one after another
		{"ru", "Telegram", "Телеграм", ""},        // from Russian into Russian
	} {
		var got []string
		for _, f := range Check(all, "ru", c.to, []Passage{{ID: "b1", Source: c.source, Target: c.target}}) {
			mark := "+"
			switch {
			case len(f.Wrong) > 0:
				mark = "!"
			case f.Warns():
				mark = "-"
			}
			got = append(got, string(rune('0'+f.ID))+mark)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("into %s, %q as %q: %q, want %q", c.to, c.source, c.target, g, c.want)
		}
	}
	// What stands for a paragraph that the translation has not is looked for in all of it.
	list := Check(all, "ru", "en", []Passage{{ID: "a", Source: "Нет."}, {ID: "b", Source: "В Одноклассниках."}, {ID: "", Target: "It was on Odnoklassniki."}})
	if len(list) != 1 || list[0].Warns() || list[0].Passages[0] != "b" {
		t.Errorf("two paragraphs in one: %+v", list)
	}
}

func TestStore(t *testing.T) {
	langs := []string{"en", "ru", "kk"}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		var pub int64
		tx := func(f func(*db.Tx) error) error { return d.Tx(ctx, db.Desk, f) }
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(tx(func(tx *db.Tx) error {
			site, err := edition.New(d).Setup(ctx, tx, edition.PublicationInput{Key: "main", Zone: "UTC", Editions: []edition.EditionInput{{Lang: "en"}}})
			pub = site.Publication.ID
			return err
		}))
		put := func(e Entry) (id int64, err error) {
			err = tx(func(tx *db.Tx) (err error) { id, err = s.Put(ctx, tx, pub, langs, e); return err })
			return id, err
		}
		net, err := put(Entry{From: "ru", To: "en", Term: "  Одноклассники ", Translation: "Odnoklassniki", Never: "Classmates"})
		must(err)
		_, err = put(Entry{From: "ru", Term: "Ёлка", Stays: true})
		must(err)
		for field, e := range map[string]Entry{
			"term":        {From: "ru", To: "en", Term: "ОДНОКЛАССНИКИ", Translation: "x"},
			"from":        {From: "fr", To: "en", Term: "a", Translation: "b"},
			"to":          {From: "ru", Term: "a", Translation: "b"},
			"translation": {From: "ru", To: "en", Term: "а", Translation: " ; "},
			"note":        {From: "ru", To: "en", Term: "а", Translation: "b", Note: strings.Repeat("я", mostNote+1)},
		} {
			_, err := put(e)
			if f, ok := err.(*fault.Error); !ok || f.Field != field || f.Word == "" {
				t.Errorf("%+v: %v, want an error at %s", e, err, field)
			}
		}
		find := func(f Query) string {
			t.Helper()
			f.Publication = pub
			list, err := s.List(ctx, d, f)
			must(err)
			n, err := s.Count(ctx, f)
			must(err)
			var out []string
			for _, e := range list {
				out = append(out, e.Term)
			}
			if n != len(list) {
				t.Errorf("%+v: %d of a count of %d", f, len(list), n)
			}
			return strings.Join(out, ", ")
		}
		for _, c := range []struct {
			f    Query
			want string
		}{
			{Query{}, "Ёлка, Одноклассники"},
			{Query{Text: "ЕЛК"}, "Ёлка"},
			{Query{Text: "classm"}, "Одноклассники"},
			{Query{Text: "%"}, ""},
			{Query{From: "ru", To: "kk"}, "Ёлка"},
			{Query{From: "ru", To: "en"}, "Ёлка, Одноклассники"},
			{Query{From: "en"}, ""},
		} {
			if got := find(c.f); got != c.want {
				t.Errorf("%+v: %q, want %q", c.f, got, c.want)
			}
		}
		list, err := s.List(ctx, d, Query{Publication: pub})
		must(err)
		var b bytes.Buffer
		must(WriteCSV(&b, list))
		back, lines, err := ReadCSV(b.String())
		must(err)
		back = append(back, Entry{From: "kk", To: "ru", Term: "=1+1", Translation: "два"})
		back[1].Translation = "Odnoklassniki; OK"
		lines = append(lines, 9)
		must(tx(func(tx *db.Tx) error {
			added, changed, err := s.Take(ctx, tx, pub, langs, back, func(i int) int { return lines[i] })
			if added != 1 || changed != 1 {
				t.Errorf("%d new, %d changed, want 1 and 1", added, changed)
			}
			return err
		}))
		back[2].From = "fr"
		err = tx(func(tx *db.Tx) error {
			_, _, err := s.Take(ctx, tx, pub, langs, back, func(i int) int { return lines[i] })
			return err
		})
		if l, ok := err.(*lineError); !ok || l.line != 9 {
			t.Errorf("a language that there is not: %v", err)
		}
		must(tx(func(tx *db.Tx) error { return s.Drop(ctx, tx, pub, net) }))
		if _, err := s.Get(ctx, d, pub, net); !fault.Is(err, fault.NotFound) {
			t.Errorf("dropped: %v", err)
		}
	})
}

func TestCSV(t *testing.T) {
	list := []Entry{{From: "ru", To: "en", Term: "=a", Translation: "b; c", Note: "\"q\", d"}, {From: "ru", Term: "'x", Stays: true}, {From: "kk", To: "ru", Term: "-й", Translation: "@е"}}
	var b bytes.Buffer
	if err := WriteCSV(&b, list); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "'=a") {
		t.Errorf("a spreadsheet would reckon: %s", b.String())
	}
	back, lines, err := ReadCSV(b.String())
	if diff := cmp.Diff(list, back); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if diff := cmp.Diff([]int{2, 3, 4}, lines); diff != "" {
		t.Error(diff)
	}
	// As Excel writes it where a comma divides whole from parts.
	back, _, err = ReadCSV("\ufeffTerm;From;To;Translation\r\nразрез;ru;en;\"open pit; mine\"\r\n\r\n")
	if diff := cmp.Diff([]Entry{{From: "ru", To: "en", Term: "разрез", Translation: "open pit; mine"}}, back); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	for _, bad := range []string{"", "a,b\n", "from,to,term\n\"ru"} {
		if _, _, err := ReadCSV(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzCSV: whatever somebody brings is read or refused, and what is read and written
// is read alike.
func FuzzCSV(f *testing.F) {
	f.Add("from,to,term,translation\nru,en,а,b\n")
	f.Add("term;to;from\n'=x;;ru")
	f.Fuzz(func(t *testing.T, text string) {
		list, lines, err := ReadCSV(text)
		if err != nil {
			return
		}
		if len(list) != len(lines) {
			t.Fatalf("%d terms on %d lines", len(list), len(lines))
		}
		for i := range list {
			list[i].Term = strings.ToValidUTF8(list[i].Term, "")
		}
	})
}
