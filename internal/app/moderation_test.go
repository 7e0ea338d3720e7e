package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/user"
)

// TestModeration is the desk without scripts: removing needs a rule, whoever decided
// does not answer the complaint, a colleague does; an administrator alone writes rules.
func TestModeration(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		for _, role := range []user.Role{user.Moderator, user.Editor, user.Admin} {
			if err := n.app.Users.SetSelf(t.Context(), n.staff[role].ID, n.staff[role].Name, "en"); err != nil {
				t.Fatal(err)
			}
		}
		one, two, boss, author := n.writer(user.Moderator), n.writer(user.Editor), n.writer(user.Admin), n.writer(user.Author)
		a, err := db.Get(t.Context(), d, db.One[int64], "SELECT min(id) FROM article WHERE state = 'approved' AND kind = 'article' AND edition_id = 1")
		if err != nil {
			t.Fatal(err)
		}
		var id int64
		err = d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
			ids, err := n.app.Comments.PutMany(t.Context(), tx, []comment.Comment{{ArticleID: a, AuthorKind: "imported", Name: "Pavel", Body: "It was a quotation, word for word.", State: "approved", At: d.Now()}})
			id = ids[0]
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		at := fmt.Sprintf("/desk/comments/%d", id)
		if !strings.Contains(one.sees("/desk/comments?show=published"), "word for word") || !strings.Contains(one.sees(at), "word for word") {
			t.Error("the queue does not show what readers have")
		}
		if code, _ := author.post(at+"/decide", "version", "1", "deed", "remove", "rule", "1"); code != http.StatusForbidden {
			t.Errorf("an author moderates: %d", code)
		}
		if code, said := one.post(at+"/decide", "version", "1", "deed", "remove", "rule", "0"); code != http.StatusSeeOther || !strings.Contains(said, "Choose the rule") {
			t.Errorf("without a ground: %d %q", code, said)
		}
		if code, said := one.post(at+"/decide", "version", "1", "deed", "remove", "rule", "1"); code != http.StatusSeeOther || !strings.Contains(said, "Removed") {
			t.Fatalf("%d %q", code, said)
		}
		if code, said := two.post(at+"/decide", "version", "1", "deed", "approve"); code != http.StatusSeeOther || !strings.Contains(said, "Somebody else has decided") {
			t.Errorf("a colleague who was slower: %d %q", code, said)
		}
		all, err := n.app.Comments.DecisionsOf(t.Context(), d, []int64{id})
		if err != nil || len(all[id]) != 1 {
			t.Fatal(all, err)
		}
		var appeal int64
		err = d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
			if err := n.app.Comments.Appeal(t.Context(), tx, comment.Comment{ID: id}, all[id][0].ID, "It was a quotation."); err != nil {
				return err
			}
			found, err := n.app.Comments.AppealsOf(t.Context(), tx, []int64{all[id][0].ID})
			appeal = found[all[id][0].ID].ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		to := fmt.Sprintf("/desk/comments/appeals/%d", appeal)
		if body := one.sees("/desk/comments?show=appeals"); strings.Contains(body, to) || !strings.Contains(body, "It was a quotation.") {
			t.Error("whoever decided first is offered to answer, or does not see the complaint")
		}
		if code, said := one.post(to, "outcome", "rejected", "reason", "No."); code != http.StatusSeeOther || !strings.Contains(said, "decided first") {
			t.Errorf("whoever decided first answers: %d %q", code, said)
		}
		if body := two.sees("/desk/comments?show=appeals"); !strings.Contains(body, to) {
			t.Error("a colleague is not offered to answer")
		}
		if code, _ := two.post(to, "outcome", "upheld", "reason", "So it was."); code != http.StatusSeeOther {
			t.Errorf("a colleague answers: %d", code)
		}
		if c, err := n.app.Comments.Get(t.Context(), d, id); err != nil || c.State != "approved" || c.Gone != nil {
			t.Errorf("what was upheld is %+v, %v", c, err)
		}
		if code, _ := two.post(at+"/answer", "text", "We are sorry."); code != http.StatusSeeOther || !strings.Contains(two.sees(at), "We are sorry.") {
			t.Errorf("an answer in public: %d", code)
		}
		fields := []string{"version", "1", "title-1", "Be kind.", "category-1", "OTHER_VIOLATION_TC", "links-1", "1", "title-3", "Be short.", "category-3", "OTHER_VIOLATION_TC", "length-3", "1", "most-3", "500"}
		if code, _ := one.post("/desk/comments/rules/en", fields...); code != http.StatusForbidden {
			t.Errorf("a moderator writes rules: %d", code)
		}
		if code, body := boss.post("/desk/comments/rules/en", fields...); code != http.StatusSeeOther {
			t.Errorf("an administrator writes rules: %d %.200q", code, body)
		}
		if code, body := boss.post("/desk/comments/rules/en", fields...); code != http.StatusConflict && code != http.StatusUnprocessableEntity {
			t.Errorf("over a version that is not the last: %d %.200q", code, body)
		}
		r, err := n.app.Comments.Rules(context.Background(), d, 1, "en")
		if err != nil || r.Version != 2 || len(r.List) != 2 || r.Most() != 500 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
