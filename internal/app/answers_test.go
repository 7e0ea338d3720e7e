package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/mail"
)

// comments has whoever is signed in, or a guest, say something on the first article.
func (r *readerOf) comments(name, text string, parent int64) int64 {
	r.t.Helper()
	raw, _ := json.Marshal(map[string]any{"article": 1, "parent": parent, "name": name, "text": text}) // of texts and numbers: cannot fail
	q := httptest.NewRequest("POST", "/-/comments", strings.NewReader(string(raw)))
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	q.Header.Set("Cookie", r.cookie)
	w := httptest.NewRecorder()
	r.site.ServeHTTP(w, q)
	var out struct {
		ID    int64
		State string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != 201 || out.State != "published" {
		r.t.Fatalf("%q: %d %s", text, w.Code, w.Body)
	}
	return out.ID
}

// told lets time pass and gives the letters about answers, the newest first.
func (r *readerOf) told(after time.Duration) []mail.Row {
	r.t.Helper()
	r.clock.add(after)
	if err := r.app.TellOfAnswers(context.Background()); err != nil {
		r.t.Fatal(err)
	}
	return r.lettersOf("comment.answers")
}

// lettersOf are those of a kind, the newest first.
func (r *readerOf) lettersOf(kind string) (out []mail.Row) {
	r.t.Helper()
	list, err := r.app.Post.List(context.Background(), 0, 50)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, l := range list {
		if l.Kind == kind {
			out = append(out, l)
		}
	}
	return out
}

// decides has somebody of the desk do something about a comment.
func (r *readerOf) decides(id int64, deed comment.Deed) {
	r.t.Helper()
	r.change(func(ctx context.Context, tx *db.Tx) error {
		c, err := r.app.Comments.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		a, err := r.app.Articles.Get(ctx, tx, c.ArticleID)
		if err != nil {
			return err
		}
		rules, err := r.app.Comments.Rules(ctx, tx, a.Edition, "en")
		if err != nil {
			return err
		}
		_, _, err = r.app.Comments.Decide(ctx, tx, comment.Act{Comment: id, Version: c.Version, Deed: deed, Rule: 1, Staff: 1}, a, rules)
		return err
	})
}

// TestToldOfAnswers: who has an account hears of answers, many in one letter, at most
// one an hour, of what can be seen then, until they end it.
func TestToldOfAnswers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		ctx := context.Background()
		if err := r.app.Set(ctx, "comments_moderation", "", "after"); err != nil {
			t.Fatal(err)
		}
		r.enters("asel@lamp.example")
		if w := r.post("/-/account/profile", "edition", "en", "name", "Asel", "replies", "1"); w.Code != 303 {
			t.Fatal(w.Code)
		}
		own := r.comments("", "The market was there before the road.", 0)
		asel := r.cookie
		r.comments("", "And the well was there before the market.", own) // nobody is told of themselves
		r.cookie = ""
		first := r.comments("Ermek", "My grandfather dug that well.", own)
		r.comments("Galiya", "He did not dig it, he found it.", own)
		bad := r.comments("Anna", "Nobody cares about your well.", own)
		r.comments("Timur", "This answers somebody else.", first)
		if got := r.told(0); len(got) != 0 {
			t.Fatalf("told at once: %+v", got)
		}
		long := "Both of them dug it, said mine.\n\nIt took them the better part of a summer, because below the sand there was rock, below the rock clay, and nobody in the valley had tools that were good for either;" +
			" in August a neighbour came back from the coast with a winch, and with that they lifted stones that twelve people could not have moved by hand."
		r.comments("Dina", long, own)
		r.decides(bad, comment.Remove)
		got := r.told(6 * time.Minute)
		if len(got) != 1 {
			t.Fatalf("%d letters", len(got))
		}
		var text string
		links, off := 0, ""
		for _, p := range got[0].Parts {
			text += p.Text + "\n"
			if p.Off {
				off = p.Path
			} else if p.Path != "" {
				links++
				if w := at(r.site, "GET", p.Path, "", nil); w.Code != http.StatusFound || !strings.Contains(w.Header().Get("Location"), "#comment-") {
					t.Errorf("%s: %d %s", p.Path, w.Code, w.Header().Get("Location"))
				}
			}
			if p.Quote != (strings.HasPrefix(p.Text, "My ") || strings.HasPrefix(p.Text, "He ") || strings.HasPrefix(p.Text, "Both ")) {
				t.Errorf("somebody else's words are those in quotation: %+v", p)
			}
		}
		a, err := r.app.Articles.Get(ctx, d, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Ermek", "Galiya", "Dina", a.Headline, "My grandfather dug that well.", "he found it"} {
			if !strings.Contains(text, want) {
				t.Errorf("the letter lacks %q:\n%s", want, text)
			}
		}
		for _, not := range []string{"Anna", "Nobody cares", "before the market", "somebody else", "moved by hand"} {
			if strings.Contains(text, not) {
				t.Errorf("the letter has %q:\n%s", not, text)
			}
		}
		if got[0].To != "asel@lamp.example" || got[0].Lang != "en" || !strings.HasPrefix(got[0].Subject, "3 ") || links != 3 || off == "" {
			t.Errorf("to %s in %s: %s, %d links, off %q", got[0].To, got[0].Lang, got[0].Subject, links, off)
		}

		// Within the hour the next one waits; two come as one.
		r.comments("Saule", "Which well is it?", own)
		seen := r.comments("Nurlan", "The one behind the school.", own)
		if got := r.told(30 * time.Minute); len(got) != 1 {
			t.Errorf("%d letters within the hour", len(got))
		}
		r.decides(bad, comment.Restore) // it is an answer like any other
		r.cookie = asel
		r.comments("", "Behind the school there is none.", seen) // who answers has seen it
		r.cookie = ""
		got = r.told(31 * time.Minute)
		if len(got) != 2 || !strings.HasPrefix(got[0].Subject, "2 ") {
			t.Fatalf("after the hour: %d letters, %+v", len(got), got[0])
		}
		text = ""
		for _, p := range got[0].Parts {
			text += p.Text + "\n"
		}
		if !strings.Contains(text, "Saule") || !strings.Contains(text, "Anna") || strings.Contains(text, "Nurlan") || strings.Contains(text, "Ermek") {
			t.Errorf("the second letter:\n%s", text)
		}
		if got := r.told(3 * time.Hour); len(got) != 2 {
			t.Errorf("told twice: %d letters", len(got))
		}

		// One click ends it; who chooses them again hears of what comes then.
		r.comments("Aigul", "The maps show it.", own)
		if w := at(r.site, "POST", off, "", map[string][]string{"List-Unsubscribe": {"One-Click"}}); w.Code != 200 {
			t.Fatalf("one click: %d", w.Code)
		}
		if got := r.told(3 * time.Hour); len(got) != 2 {
			t.Error("one click does not end them")
		}
		r.cookie = asel
		if w := r.post("/-/account/profile", "edition", "en", "name", "Asel", "replies", "1"); w.Code != 303 {
			t.Fatal(w.Code)
		}
		r.cookie = ""
		r.comments("Yerlan", "Which maps are these?", own)
		got = r.told(3 * time.Hour)
		if len(got) != 3 || got[0].Subject != "An answer to your comment" {
			t.Errorf("chosen again: %d letters, %q", len(got), got[0].Subject)
		}

		// Who is gone is told nothing.
		r.comments("Marat", "Those in the archive.", own)
		r.cookie = asel
		if w := r.post("/-/account/delete", "edition", "en", "sure", "1"); w.Code != 303 {
			t.Fatal(w.Code)
		}
		r.cookie = ""
		r.comments("Zhanna", "The archive burnt down.", own)
		if got := r.told(10 * time.Minute); len(got) != 3 {
			t.Error("told while they are going")
		}
		if err := r.app.Readers.Once(ctx); err != nil {
			t.Fatal(err)
		}
		r.comments("Oral", "It did not burn down whole.", own)
		if got := r.told(3 * time.Hour); len(got) != 0 || r.count("comment_answer") != 0 || r.count("comment_told") != 0 {
			t.Errorf("after they are gone: %d letters, %d answers", len(got), r.count("comment_answer"))
		}
		if n := r.list("SELECT count(*) FROM outbox WHERE kind = 'comment.answers' AND state NOT IN ('done')"); n != "0" {
			t.Errorf("%s events are left, or failed", strconv.Quote(n))
		}
	})
}
