//go:build e2e

package e2e

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/comment"
	"dateline/internal/correction/report"
	"dateline/internal/db"
	"dateline/internal/mail"
)

// TestHostileReaders: nothing runs, or loads anything, that strangers write where they
// are asked to: comments, reports, the facts of a decision that quote them, letters.
func TestHostileReaders(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	a, all := k.app, evil()
	if err := a.Set(ctx, "comments_moderation", "", "after"); err != nil {
		t.Fatal(err)
	}
	site, err := a.Editions.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := a.Articles.List(ctx, article.ListQuery{Edition: site.Default().ID, Now: a.Now(), Limit: 40})
	if err != nil {
		t.Fatal(err)
	}
	var about article.Article
	for _, one := range list {
		if one.Comments == "open" {
			about = one
			break
		}
	}
	short := func(p string, most int) string {
		if r := []rune(line(p)); len(r) > most {
			return string(r[:most])
		}
		return line(p)
	}
	var said []comment.Taken
	for n, p := range all {
		from := netip.AddrFrom4([4]byte{11, byte(n >> 8), byte(n), 1})
		if in, err := a.Forum.Submit(ctx, comment.Submission{Article: about.ID, Name: short(p, 60), Text: p}, from); err == nil {
			said = append(said, in)
		}
	}
	if len(said) < 30 {
		t.Fatalf("only %d of %d payloads were taken as comments: that proves little", len(said), len(all))
	}
	reported := 0
	err = a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		rules, err := a.Comments.Rules(ctx, tx, about.Edition, site.Default().Lang)
		if err != nil {
			return err
		}
		facts := append([]string{"=1+1", "+1", "-1", "@SUM(A1)"}, all...)
		for n, in := range said[:20] {
			c, err := a.Comments.Get(ctx, tx, in.ID)
			if err != nil {
				return err
			}
			if _, _, err := a.Comments.Decide(ctx, tx, comment.Act{Comment: c.ID, Version: c.Version, Deed: comment.Remove, Law: line(facts[n]), Facts: facts[n], Staff: k.chief.ID}, about, rules); err != nil {
				return err
			}
		}
		for n, p := range all {
			one := list[n%len(list)]
			if _, err := a.Reports.Add(ctx, tx, report.Sent{Article: one.ID, Exact: one.Headline, Suggestion: short(p, 200), Note: short(p, 200), Email: "a@lamp.example"}, true); err == nil {
				reported++
			}
			if n%10 == 0 {
				if err := a.Post.Send(ctx, tx, mail.Letter{Kind: "comment.answers", To: "a@lamp.example", Lang: "en", Subject: line(p), Parts: []mail.Part{{Text: p}, {Text: p, Quote: true}, {Text: p, Path: "/"}}}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if reported < 30 {
		t.Fatalf("only %d payloads were taken as reports", reported)
	}

	prefix := site.Default().Prefix
	pages := []string{prefix + "/" + about.Path, prefix + "/rules", prefix + "/transparency", "/-/reports?article=" + fmt.Sprint(about.ID)}
	for n := 0; n < len(said); n += 12 {
		pages = append(pages, "/-/comments/mine/"+said[n].Token)
	}
	p := k.b.open(t, k.url+pages[0], true, 1280, 900)
	for _, page := range pages {
		p.goTo(t, k.url+page)
		p.harmless(t, page)
	}
	p.close()

	w, err := http.Get(k.url + prefix + "/transparency.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(w.Body).ReadAll()
	w.Body.Close()
	if err != nil || len(rows) < 21 {
		t.Errorf("transparency.csv: %d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a cell is a formula: %q", cell)
			}
		}
	}

	desk := k.signIn(k.chief)
	for _, to := range []string{"/desk/comments", fmt.Sprintf("/desk/comments/%d", said[0].ID), fmt.Sprintf("/desk/comments/%d", said[len(said)-1].ID), "/desk/reports", "/desk/outbox"} {
		desk.self = k.url + to
		desk.goTo(t, k.url+to)
		desk.harmless(t, to)
	}
}
