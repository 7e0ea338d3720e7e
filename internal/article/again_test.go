package article_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// TestPasted: what comes along with a headline from elsewhere keeps nothing from being saved.
func TestPasted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := context.Background()
		var id int64
		var c article.Copy
		s.tx(func(tx *db.Tx) (err error) {
			id, err = s.store.Begin(ctx, tx, article.Start{Publication: s.pub, Edition: s.en, Kind: article.Text, Text: article.Manuscript{Headline: "A\x00 start"}, Staff: 1})
			return err
		})
		first, err := working(ctx, s.store, d, id)
		if err != nil || first.Text.Headline != "A start" {
			t.Fatalf("%q: %v", first.Text.Headline, err)
		}
		text := first.Text
		s.tx(func(tx *db.Tx) (err error) {
			text.Headline, text.Standfirst, text.Lead.Caption = "A train\vcrosses\x7f", "One\r\nand\x1b \xfftwo", "\ufeffon\u2028it"
			c, _, err = s.store.SaveFrom(ctx, tx, id, first.Version, text, 1, "tab")
			return err
		})
		if got := []string{c.Text.Headline, c.Text.Standfirst, c.Text.Lead.Caption}; got[0] != "A train crosses" || got[1] != "One \nand two" || got[2] != "\ufeffon\u2028it" {
			t.Errorf("saved as %q", got)
		}
	})
}

// TestAnswersLost has somebody write, half of whose texts arrive without an answer that
// reaches them: the page sends on, names the version that it knows, and what stands
// there in the end is what they wrote, each word once; beside a colleague, too.
func TestAnswersLost(t *testing.T) {
	for _, beside := range []bool{false, true} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			s := open(t, d)
			rng := rand.New(rand.NewPCG(5, 3))
			ctx := context.Background()
			words := 0
			fresh := func() string { words++; return fmt.Sprintf("w%dx", words) }
			var body strings.Builder
			for i := range 6 {
				fmt.Fprintf(&body, "<p id=\"b%dabc\">Sentence %d says %s. Then it says %s.</p>\n", i, i, fresh(), fresh())
			}
			var id int64
			s.tx(func(tx *db.Tx) (err error) {
				id, err = s.store.Begin(ctx, tx, article.Start{Publication: s.pub, Edition: s.en, Kind: article.Text,
					Text: article.Manuscript{Headline: "Start", Body: body.String()}, Staff: 1})
				return err
			})
			first, err := working(ctx, s.store, d, id)
			if err != nil {
				t.Fatal(err)
			}
			p := editing{staff: 1, version: first.Version, text: first.Text}
			other := editing{staff: 2, version: first.Version, text: first.Text}
			send := func(p *editing, tab string, lost bool) {
				var c article.Copy
				clash := false
				s.tx(func(tx *db.Tx) (err error) {
					c, clash, err = s.store.SaveFrom(ctx, tx, id, p.version, p.text, p.staff, tab)
					return err
				})
				if clash {
					t.Fatalf("a clash with oneself, or with who writes elsewhere (beside %v)", beside)
				}
				if !lost {
					p.version, p.text = c.Version, c.Text
				}
			}
			wanted := map[string]bool{}
			for range 200 {
				p.text.Body = edited(t, rng, p.text.Body, fresh, wanted)
				if beside && rng.IntN(4) == 0 {
					// The colleague writes in the headline, where the first does not.
					other.text.Headline = "Start " + fresh()
					send(&other, "b", rng.IntN(2) == 0)
				}
				if rng.IntN(2) == 0 {
					send(&p, "a", rng.IntN(2) == 0)
				}
			}
			mine := p.text.Body
			send(&p, "a", false)
			if p.text.Body != mine {
				t.Errorf("beside %v: what stands there is not what they wrote:\n%s\n---\n%s", beside, p.text.Body, mine)
			}
			send(&other, "b", false)
			if other.text.Body != mine {
				t.Errorf("beside %v: the colleague sees another text", beside)
			}
		})
	}
}
