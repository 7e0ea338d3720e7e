package app_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/user"
)

type toldRemarks struct {
	ID      int64
	Version int
	List    []listedRemark
}

type listedRemark struct {
	ID                             int64
	Kind, State, Said, More, Exact string
	Block                          string
	From, To                       int
	Open, Gone                     bool
	Notes                          []struct{ Who, Text string }
}

// remark makes one as the page's script does.
func (w writer) remark(id int64, field, block string, from, to int, exact, kind, text, words string) (int, toldRemarks) {
	w.t.Helper()
	var out toldRemarks
	code := w.send(fmt.Sprintf("/desk/articles/%d/remarks", id), map[string]any{"version": w.copy(id).Version, "field": field, "block": block, "from": from, "to": to,
		"exact": exact, "kind": kind, "changes": kind == "suggestion", "text": text, "note": words}, &out)
	return code, out
}

func (w writer) decide(id, remark int64, what string, more map[string]any) (int, toldRemarks) {
	w.t.Helper()
	var out toldRemarks
	if more == nil {
		more = map[string]any{}
	}
	code := w.send(fmt.Sprintf("/desk/articles/%d/remarks/%d/%s", id, remark, what), more, &out)
	return code, out
}

// state is what became of a remark.
func (n *newsroom) state(id, remark int64) correction.Remark {
	n.t.Helper()
	r, err := n.app.Corrections.Remark(context.Background(), n.app.DB, id, remark)
	if err != nil {
		n.t.Fatal(err)
	}
	return r
}

func TestRemarks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, other := n.writer(user.Editor), n.writer(user.Admin)
		id, page := w.began("en")
		body := "<p id=\"b1abc\">The train needed seven minutes for 412 metres of <strong>bridge</strong>.</p>\n<p id=\"b2abc\">Nobody said a word. Nobody said more.</p>\n"
		w.write(id, func(m *article.Manuscript) { m.Headline, m.Body = "A trian crosses", body })

		// Somebody suggests, somebody else the same: it is one. A comment stands apart.
		code, out := other.remark(id, "", "b1abc", 35, 38, "412", "suggestion", "421", "I walk it every day.")
		if code != http.StatusOK || len(out.List) != 1 || out.List[0].Block != "b1abc" || out.List[0].From != 35 {
			t.Fatalf("suggesting: %d %+v", code, out)
		}
		first := out.ID
		w.write(id, func(m *article.Manuscript) { m.Body = strings.Replace(m.Body, "The train", "At last the train", 1) })
		_, out = w.remark(id, "", "b1abc", 43, 46, "412", "suggestion", "421", "So do I.")
		if out.ID != first || len(out.List) != 1 || len(out.List[0].Notes) != 2 || !strings.Contains(out.List[0].More, "1 more") {
			t.Errorf("the same once more: %+v", out)
		}
		code, out = other.remark(id, "", "b2abc", 0, 6, "Nobody", "comment", "", "Really nobody?")
		if code != http.StatusOK || len(out.List) != 2 {
			t.Errorf("a comment: %d %+v", code, out)
		}
		comment := out.ID
		for name, c := range map[string]int{
			"nothing said":   first0(other.remark(id, "", "b2abc", 0, 6, "Nobody", "comment", "", " ")),
			"the same words": first0(other.remark(id, "", "b2abc", 0, 6, "Nobody", "suggestion", "Nobody", "")),
			"not there":      first0(other.remark(id, "", "b2abc", 0, 6, "Somebody", "suggestion", "x", "")),
			"in two places":  first0(other.remark(id, "", "", 0, 0, "Nobody said", "suggestion", "x", "")),
			"a report":       first0(other.remark(id, "", "b2abc", 0, 6, "Nobody", "report", "x", "")),
		} {
			if c != http.StatusBadRequest && c != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, c)
			}
		}

		// It is applied where the passage is now, once, with the marks of the text.
		before := n.copy(id).Version
		code, out = w.decide(id, first, "apply", nil)
		c := n.copy(id)
		if code != http.StatusOK || out.Version != before+1 || !strings.Contains(c.Text.Body, "At last the train needed seven minutes for 421 metres of <strong>bridge</strong>.") {
			t.Errorf("applying: %d %+v %s", code, out, c.Text.Body)
		}
		if code, _ = other.decide(id, first, "apply", nil); code != http.StatusOK || n.copy(id).Version != c.Version {
			t.Errorf("applying again: %d, the text is at version %d", code, n.copy(id).Version)
		}
		if r := n.state(id, first); r.State != correction.Applied || r.By != w.who.ID || r.Count != 2 {
			t.Errorf("applied: %+v", r)
		}

		// A line, by a form without scripts; words that stand there once need no place.
		if _, said := other.post(page+"/remarks", "kind", "suggestion", "field", "headline", "exact", "trian", "text", "train"); said != "Your remark stands at the article." {
			t.Errorf("by a form: %q", said)
		}
		_, out = w.remark(id, "", "", 0, 0, "Nobody said more", "suggestion", "", "")
		gone := out.ID
		i := slices.IndexFunc(out.List, func(r listedRemark) bool { return r.Exact == "trian" })
		if i < 0 {
			t.Fatalf("of the headline: %+v", out)
		}
		if _, said := w.post(fmt.Sprintf("%s/remarks/%d/apply", page, out.List[i].ID)); said != "Applied to the text." || n.copy(id).Text.Headline != "A train crosses" {
			t.Errorf("applying to the headline: %q %q", said, n.copy(id).Text.Headline)
		}

		// What is not there any more is stale, and nothing is changed.
		w.write(id, func(m *article.Manuscript) {
			m.Body = strings.Replace(m.Body, "Nobody said more.", "Somebody sang.", 1)
		})
		was := n.copy(id)
		code, out = w.decide(id, gone, "apply", nil)
		if code != http.StatusOK || n.state(id, gone).State != correction.Stale || n.copy(id).Version != was.Version || n.copy(id).Text.Body != was.Text.Body {
			t.Errorf("stale: %d %+v", code, n.state(id, gone))
		}
		if code, _ = w.decide(id, comment, "refuse", map[string]any{"reason": "Yes."}); code != http.StatusOK || n.state(id, comment).State != correction.Refused || n.state(id, comment).Reason != "Yes." {
			t.Errorf("refusing: %d %+v", code, n.state(id, comment))
		}
		shown := at(n.desk, "GET", page, w.cookie, nil).Body.String()
		for _, want := range []string{"Applied by " + w.who.Name, "Refused by " + w.who.Name + ": Yes.", "<del>412</del><ins>421</ins>", `"/desk/articles/`} {
			if !strings.Contains(shown, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})
}

func first0(code int, _ toldRemarks) int { return code }

// TestRemarksAtOnce: ten who apply a suggestion at once apply it once; ten who make the
// same at once make one.
func TestRemarksAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, _ := w.began("en")
		w.write(id, func(m *article.Manuscript) { m.Headline, m.Body = "A", "<p id=\"b1abc\">One and one and one.</p>\n" })
		ctx := context.Background()
		at10 := func(f func(tx *db.Tx) error) {
			t.Helper()
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() {
					if err := n.app.DB.Tx(ctx, db.Desk, f); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		p, err := correction.Point(n.copy(id).Text, "", anchor.Passage{Block: "b1abc", Exact: "and", From: 4, To: 7})
		if err != nil {
			t.Fatal(err)
		}
		r := correction.Remark{Article: id, Kind: correction.Suggestion, Version: n.copy(id).Version, Passage: p, Replaces: true, Replacement: "and yet and"}
		at10(func(tx *db.Tx) error {
			_, _, err := n.app.Corrections.Make(ctx, tx, r, correction.Voice{Staff: w.who.ID})
			return err
		})
		list, err := n.app.Corrections.Remarks(ctx, n.app.DB, id, 9)
		if err != nil || len(list) != 1 || list[0].Count != 10 || len(list[0].Voices) != 10 {
			t.Fatalf("made: %+v %v", list, err)
		}
		at10(func(tx *db.Tx) error {
			r, _, err := n.app.Corrections.Apply(ctx, tx, id, list[0].ID, w.who.ID, false)
			if err == nil && r.State != correction.Applied {
				err = fmt.Errorf("it is %s", r.State)
			}
			return err
		})
		if got := n.copy(id).Text.Body; got != "<p id=\"b1abc\">One and yet and one and one.</p>\n" {
			t.Errorf("applied: %s", got)
		}
		open, err := n.app.Corrections.OpenRemarks(ctx, []int64{id})
		if err != nil || open[id] != 0 {
			t.Errorf("open: %v %v", open, err)
		}
	})
}
