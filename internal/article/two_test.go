package article_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/richtext"
)

// editing is one of two people in one article: what they see, which version that
// is, and what they have not sent yet.
type editing struct {
	staff   int64
	version int
	text    article.Manuscript
	dirty   bool
}

var wordIn = regexp.MustCompile(`w[0-9]+x`)

// TestTwoWriters has two people write in one article at once, with random edits,
// delays and disconnections: every word that somebody wrote and did not delete
// themselves is there in the end, once no more is typed; nobody is told of a clash
// who wrote where the other did not.
func TestTwoWriters(t *testing.T) {
	rounds := 1000
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		rng := rand.New(rand.NewPCG(11, 7))
		ctx := context.Background()
		var id int64
		words := 0
		fresh := func() string { words++; return fmt.Sprintf("w%dx", words) }
		body := func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "<p id=\"b%dabc\">Sentence %d says %s. Then it says %s.</p>\n", i, i, fresh(), fresh())
			}
			return b.String()
		}
		s.tx(func(tx *db.Tx) error {
			var err error
			id, err = s.store.Begin(ctx, tx, article.Start{Publication: s.pub, Edition: s.en, Kind: article.Text, Text: article.Manuscript{Headline: "Start", Body: body(8)}, Staff: 1})
			return err
		})
		first, err := working(ctx, s.store, d, id)
		if err != nil {
			t.Fatal(err)
		}
		people := []*editing{{staff: 1, version: first.Version, text: first.Text}, {staff: 2, version: first.Version, text: first.Text}}
		wanted := map[string]bool{}
		for _, w := range wordIn.FindAllString(first.Text.Body, -1) {
			wanted[w] = true
		}
		ended := false
		sync := func(p *editing) {
			var c article.Copy
			s.tx(func(tx *db.Tx) (err error) {
				c, _, err = s.store.SaveFrom(ctx, tx, id, p.version, p.text, p.staff, fmt.Sprint("tab", p.staff))
				return err
			})
			if rng.IntN(6) == 0 && !ended {
				return // the answer is lost: the page sends on, from the version that it knows
			}
			p.version, p.text, p.dirty = c.Version, c.Text, false
		}
		for round := range rounds {
			p := people[rng.IntN(2)]
			p.text.Body = edited(t, rng, p.text.Body, fresh, wanted)
			p.dirty = true
			if rng.IntN(8) == 0 {
				w := fresh()
				wanted[w] = true
				p.text.Headline += " " + w
			}
			if len(p.text.Headline) > 300 {
				for _, w := range wordIn.FindAllString(p.text.Headline, -1) {
					delete(wanted, w)
				}
				p.text.Headline = "Start"
			}
			// One is away now and then, for many rounds.
			if away := round / 40 % 5; away == 1 && p == people[0] || away == 3 && p == people[1] || rng.IntN(3) > 0 {
				continue
			}
			sync(p)
		}
		ended = true
		for range 2 {
			for _, p := range people {
				sync(p)
			}
		}
		if people[0].version != people[1].version || !people[0].text.Equal(people[1].text) {
			t.Errorf("they see different texts: versions %d and %d", people[0].version, people[1].version)
		}
		all := people[0].text.Headline + "\n" + people[0].text.Body
		lost := 0
		for w := range wanted {
			if !strings.Contains(all, w) {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%d of %d words are lost", lost, len(wanted))
		}
		if _, err := richtext.Parse(people[0].text.Body); err != nil {
			t.Error(err)
		}
		if len(wanted) < 300 {
			t.Errorf("only %d words were written", len(wanted))
		}
	})
}

// edited is a body after one random edit. Words that are deleted are no longer wanted.
func edited(t *testing.T, rng *rand.Rand, body string, fresh func() string, wanted map[string]bool) string {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	i := rng.IntN(len(lines))
	add := func() string { w := fresh(); wanted[w] = true; return w }
	switch rng.IntN(10) {
	case 0, 1, 2, 3: // a word into a paragraph
		at := strings.LastIndex(lines[i], "</p>")
		if spaces := indexes(lines[i][strings.Index(lines[i], ">"):at], ' '); len(spaces) > 0 {
			at = strings.Index(lines[i], ">") + spaces[rng.IntN(len(spaces))]
		}
		lines[i] = lines[i][:at] + " " + add() + lines[i][at:]
	case 4, 5: // a paragraph
		p := fmt.Sprintf("<p id=\"b%d%s\">New %s.</p>", rng.IntN(9), "q"+fmt.Sprint(rng.Uint32()), add())
		lines = append(lines[:i], append([]string{p}, lines[i:]...)...)
	case 6: // a word is deleted
		if all := wordIn.FindAllString(lines[i], -1); len(all) > 1 {
			w := all[rng.IntN(len(all))]
			lines[i] = strings.Replace(lines[i], " "+w, "", 1)
			if !strings.Contains(lines[i], w) {
				delete(wanted, w)
			}
		}
	case 7: // a paragraph is deleted
		if len(lines) > 4 {
			for _, w := range wordIn.FindAllString(lines[i], -1) {
				delete(wanted, w)
			}
			lines = append(lines[:i], lines[i+1:]...)
		}
	case 8: // a paragraph is moved
		j := rng.IntN(len(lines))
		lines[i], lines[j] = lines[j], lines[i]
	case 9: // a sentence is written anew
		if strings.Contains(lines[i], "Then it says") {
			lines[i] = strings.Replace(lines[i], "Then it says", "Later it says "+add()+" and", 1)
		} else {
			lines[i] = strings.Replace(lines[i], "</p>", " More "+add()+".</p>", 1)
		}
	}
	out := strings.Join(lines, "\n") + "\n"
	if _, err := richtext.Parse(out); err != nil {
		doc, _ := richtext.FromHTML(out, richtext.Options{})
		out = doc.Store()
	}
	return out
}

func indexes(s string, b byte) (out []int) {
	for i := range len(s) {
		if s[i] == b {
			out = append(out, i)
		}
	}
	return out
}

func working(ctx context.Context, s *article.Store, d *db.DB, id int64) (article.Copy, error) {
	a, err := s.Get(ctx, d, id)
	if err != nil {
		return article.Copy{}, err
	}
	return s.Working(ctx, d, a)
}

// TestPublishedMeanwhile: who has an article open that nobody was changing, and goes
// on after a colleague has changed and published it, takes nothing back.
func TestPublishedMeanwhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := context.Background()
		e := s.edit("One", noon)
		id := s.put(e)[0].ID
		opened, err := working(ctx, s.store, d, id)
		if err != nil || opened.Stored() {
			t.Fatalf("opened: %+v %v", opened, err)
		}
		save := func(version int, m article.Manuscript, staff int64) article.Copy {
			var c article.Copy
			s.tx(func(tx *db.Tx) (err error) {
				c, _, err = s.store.Save(ctx, tx, id, version, m, staff)
				return err
			})
			return c
		}
		theirs := opened.Text
		theirs.Headline, theirs.Body = "One theirs", "<p id=\"b1\">One two three.</p>\n<p id=\"b2\">Theirs.</p>\n"
		c := save(opened.Version, theirs, 2)
		e.ID, e.Content.Headline = id, theirs.Headline
		if e.Body, err = richtext.Parse(theirs.Body); err != nil {
			t.Fatal(err)
		}
		s.tx(func(tx *db.Tx) error { _, err := s.store.Approve(ctx, tx, e, c.Version); return err })
		if now, err := s.store.VersionNow(ctx, id); err != nil || now == opened.Version {
			t.Errorf("published, it is still at version %d: %v", now, err)
		}
		mine := opened.Text
		mine.Body = "<p id=\"b1\">One two three, mine.</p>\n"
		got := save(opened.Version, mine, 1)
		if got.Text.Headline != "One theirs" || !strings.Contains(got.Text.Body, "mine") || !strings.Contains(got.Text.Body, "Theirs.") {
			t.Errorf("now it says %q, %q", got.Text.Headline, got.Text.Body)
		}
		if got.Version <= c.Version {
			t.Errorf("version %d comes after %d", got.Version, c.Version)
		}
	})
}
