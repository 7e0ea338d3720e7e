package app_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// talker writes under an article as a browser does.
type talker struct {
	*house
	site http.Handler
	a    article.Article
	n    int
}

func (h *house) talker() *talker {
	h.t.Helper()
	list, _, err := h.app.Articles.List(context.Background(), article.ListQuery{Edition: h.site.Default().ID, Now: h.clock.now(), Limit: 5})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range list {
		if a.Comments == "open" {
			return &talker{house: h, site: h.app.Handler(), a: a}
		}
	}
	h.t.Fatal("no article takes comments")
	return nil
}

func (k *talker) ask(method, path, kind, body string, head map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	k.n++
	r.Host, r.RemoteAddr = "lamp.test", "10."+strconv.Itoa(k.n/250)+"."+strconv.Itoa(k.n%250)+".1:1"
	if method == "POST" {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range head {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	k.site.ServeHTTP(w, r)
	return w
}

func (k *talker) json(fields map[string]any) (int, map[string]any) {
	k.t.Helper()
	b, err := json.Marshal(fields)
	if err != nil {
		k.t.Fatal(err)
	}
	w := k.ask("POST", "/-/comments", "application/json", string(b), nil)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		k.t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	return w.Code, out
}

func (k *talker) form(path string, values url.Values) *httptest.ResponseRecorder {
	return k.ask("POST", path, "application/x-www-form-urlencoded", values.Encode(), nil)
}

// TestForum is what the contract says of POST /-/comments, and what readers see after.
func TestForum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 3)
		k := h.talker()
		h.set(map[string]string{"comments_moderation": "after"})
		id := k.a.ID
		before := get(k.site, "/"+k.a.Path)
		if !strings.Contains(before, `action="/-/comments"`) {
			t.Fatal("the article has no form")
		}
		code, out := k.json(map[string]any{"article": id, "name": "Galiya", "text": "<script>alert(1)</script> My grandmother would have settled this."})
		if code != 201 || out["state"] != "published" || out["id"].(float64) < 1 {
			t.Fatalf("%d %v", code, out)
		}
		page := get(k.site, "/"+k.a.Path)
		if !strings.Contains(page, "&lt;script&gt;alert(1)") || strings.Contains(page, "<script>alert") {
			t.Error("the kept page does not have the comment, or not as text")
		}
		parent := int64(out["id"].(float64))
		firstOf := out["mine"].(string)
		if code, out = k.json(map[string]any{"article": id, "parent": parent, "name": "Ermek", "text": "With tea, of course."}); code != 201 {
			t.Errorf("an answer: %d %v", code, out)
		}
		for _, c := range []struct {
			name   string
			fields map[string]any
			code   int
			rule   string
		}{
			{"a link", map[string]any{"article": id, "name": "A", "text": "see exаmple dot com"}, 422, "links"},
			{"shouting", map[string]any{"article": id, "name": "A", "text": "EVERYBODY HAS TO READ THIS AT ONCE"}, 422, "shouting"},
			{"no text", map[string]any{"article": id, "name": "A", "text": " "}, 422, "text"},
			{"no name", map[string]any{"article": id, "text": "hello there"}, 422, "name"},
			{"no article", map[string]any{"article": 999999, "name": "A", "text": "hello there"}, 404, ""},
			{"no parent", map[string]any{"article": id, "parent": 999999, "name": "A", "text": "hello there"}, 404, ""},
			{"a field nobody knows", map[string]any{"article": id, "name": "A", "text": "hello", "admin": true}, 422, "admin"},
		} {
			code, out := k.json(c.fields)
			if rule, _ := out["rule"].(string); code != c.code || rule != c.rule || out["message"] == "" {
				t.Errorf("%s: %d %v, want %d %s", c.name, code, out, c.code, c.rule)
			}
		}
		for name, head := range map[string]map[string]string{"another site": {"Sec-Fetch-Site": "cross-site"}, "nobody says": {"Sec-Fetch-Site": ""}, "another origin": {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}} {
			if w := k.ask("POST", "/-/comments", "application/json", `{}`, head); w.Code != 403 {
				t.Errorf("%s: %d", name, w.Code)
			}
		}
		// Forms.
		w := k.form("/-/comments", url.Values{"article": {strconv.FormatInt(id, 10)}, "name": {"Anna"}, "text": {"Nobody has asked the people at the market."}})
		if to := w.Header().Get("Location"); w.Code != 303 || !strings.HasPrefix(to, "/"+k.a.Path+"#comment-") || !strings.Contains(get(k.site, strings.Split(to, "#")[0]), `id="`+strings.Split(to, "#")[1]+`"`) {
			t.Errorf("a form: %d to %q", w.Code, to)
		}
		w = k.form("/-/comments", url.Values{"article": {strconv.FormatInt(id, 10)}, "name": {"Anna"}, "text": {"Look at www.example.com now"}})
		if w.Code != 422 || !strings.Contains(w.Body.String(), "Look at www.example.com now</textarea>") || !strings.Contains(w.Body.String(), "No links") {
			t.Errorf("a form with a link: %d", w.Code)
		}
		w = k.form("/-/comments", url.Values{"article": {strconv.FormatInt(id, 10)}, "name": {"Anna"}, "text": {"Private first."}, "private": {"1"}})
		mine := w.Header().Get("Location")
		if w.Code != 303 || !strings.HasPrefix(mine, "/-/comments/mine/") {
			t.Fatalf("%d to %q", w.Code, mine)
		}
		own := k.ask("GET", mine, "", "", nil)
		if own.Code != 200 || own.Header().Get("Cache-Control") != "no-store" || !strings.Contains(own.Body.String(), "Private first.") || own.Header().Get("Referrer-Policy") != "same-origin" {
			t.Errorf("the private address: %d %v", own.Code, own.Header())
		}
		if w := k.form(mine, url.Values{"version": {"1"}, "text": {"Private first, and better."}}); w.Code != 303 || !strings.Contains(get(k.site, "/"+k.a.Path), "and better.") {
			t.Errorf("an edit: %d", w.Code)
		}
		if w := k.ask("GET", "/-/comments/mine/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "", "", nil); w.Code != 404 {
			t.Errorf("an invented address: %d", w.Code)
		}
		// News.
		w = k.ask("GET", "/-/comments/news/"+strconv.FormatInt(id, 10)+"/"+strconv.FormatInt(parent, 10), "", "", nil)
		if w.Code != 200 || !strings.Contains(w.Body.String(), "With tea") || strings.Contains(w.Body.String(), "settled this") {
			t.Errorf("news: %d %s", w.Code, w.Body)
		}
		// A report, a decision, its reasons, a complaint.
		c, err := h.app.Comments.Get(t.Context(), d, parent)
		if err != nil {
			t.Fatal(err)
		}
		report := "/-/comments/report/" + strconv.FormatInt(parent, 10)
		if w := k.ask("GET", report, "", "", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "<select") {
			t.Errorf("the form to report: %d", w.Code)
		}
		w = k.form(report, url.Values{"ground": {"1"}, "text": {"It is about my grandmother."}, "faith": {"1"}})
		receipt := w.Header().Get("Location")
		if w.Code != 303 || !strings.HasPrefix(receipt, "/-/comments/notice/") {
			t.Fatalf("a report: %d %q", w.Code, receipt)
		}
		rules, err := h.app.Comments.Rules(t.Context(), d, k.a.Edition, "en")
		if err != nil {
			t.Fatal(err)
		}
		h.change(func(ctx context.Context, tx *db.Tx) error {
			_, _, err := h.app.Comments.Decide(ctx, tx, comment.Act{Comment: parent, Version: c.Version, Deed: comment.Remove, Rule: 1, Staff: 1}, k.a, rules)
			return err
		})
		page = get(k.site, "/"+k.a.Path)
		if strings.Contains(page, "settled this") || !strings.Contains(page, "Rule 1: ") || !strings.Contains(page, "With tea") {
			t.Error("no tombstone that names the rule, or the text is still there")
		}
		own = k.ask("GET", firstOf, "", "", nil)
		reasons := strings.ReplaceAll(own.Body.String(), "\u00a0", " ")
		for _, want := range []string{"Comment removed", "House rule 1", "A moderator read the comment", "A reader reported it", "out of court", `name="appeal"`} {
			if !strings.Contains(reasons, want) {
				t.Errorf("the statement of reasons lacks %q", want)
			}
		}
		decided, err := h.app.Comments.DecisionsOf(t.Context(), d, []int64{parent})
		if err != nil {
			t.Fatal(err)
		}
		if w := k.form(firstOf+"/appeal", url.Values{"decision": {strconv.FormatInt(decided[parent][0].ID, 10)}, "appeal": {"She would have."}}); w.Code != 303 {
			t.Errorf("a complaint: %d", w.Code)
		}
		if own := k.ask("GET", firstOf, "", "", nil); !strings.Contains(own.Body.String(), "waits for another moderator") {
			t.Error("the private address does not say that the complaint waits")
		}
		if w := k.ask("GET", receipt, "", "", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "the comment was removed") {
			t.Errorf("the receipt: %d", w.Code)
		}
		if code, _ := k.json(map[string]any{"article": id, "parent": parent, "name": "A", "text": "too late"}); code != 410 {
			t.Errorf("an answer to what was removed: %d", code)
		}
		for path, want := range map[string]string{"/rules": "No links.", "/ru/rules": "ссылок.", "/kk/rules": "қойылмайды.", "/transparency": "House rule 1"} {
			if text := get(k.site, path); !strings.HasPrefix(text, "200 ") || !strings.Contains(text, want) {
				t.Errorf("%s: %.60q", path, text)
			}
		}
		if text := get(k.site, "/transparency"); strings.Contains(text, "settled this") || strings.Contains(text, "Galiya") {
			t.Error("the log has a name or what was removed")
		}
		table := k.ask("GET", "/transparency.csv", "", "", nil)
		rows, err := csv.NewReader(table.Body).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[0]) != len(rows[1]) || rows[1][1] != "DECISION_VISIBILITY_CONTENT_REMOVED" || rows[1][5] != "DECISION_GROUND_INCOMPATIBLE_CONTENT" {
			t.Errorf("%v, %v", rows, err)
		}
		// Closed, withdrawn.
		h.clock.add(31 * 24 * time.Hour)
		if code, _ := k.json(map[string]any{"article": id, "name": "A", "text": "a month later"}); code != 409 {
			t.Errorf("closed: %d", code)
		}
		if page := get(k.site, "/"+k.a.Path); strings.Contains(page, `action="/-/comments"`) {
			t.Error("a closed discussion has a form")
		}
		h.change(func(ctx context.Context, tx *db.Tx) error { return h.app.Articles.Withdraw(ctx, tx, id, "test") })
		if code, _ := k.json(map[string]any{"article": id, "name": "A", "text": "withdrawn"}); code != 410 {
			t.Errorf("withdrawn: %d", code)
		}
	})
}

// BenchmarkDiscussion makes the page of an article with 10,000 comments.
func BenchmarkDiscussion(b *testing.B) {
	h := openHouse(b, dbtest.New(b), &clock{t: monday}, 3)
	list, _, err := h.app.Articles.List(context.Background(), article.ListQuery{Edition: h.site.Default().ID, Now: monday, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	h.change(func(ctx context.Context, tx *db.Tx) error {
		var all []comment.Comment
		for i := range 10_000 {
			all = append(all, comment.Comment{ArticleID: list[0].ID, AuthorKind: "imported", Name: "Reader " + strconv.Itoa(i), Body: strings.Repeat("Words of a reader. ", 10), State: "approved",
				ParentIndex: (i % 5) / 4 * i, At: monday.Add(time.Duration(i-20_000) * time.Second)})
		}
		_, err := h.app.Comments.PutMany(ctx, tx, all)
		return err
	})
	h.conf.CacheSize = 1 // nothing is kept
	site := h.open().Handler()
	get(site, "/"+list[0].Path)
	for b.Loop() {
		if text := get(site, "/"+list[0].Path); !strings.HasPrefix(text, "200 ") {
			b.Fatal(text[:60])
		}
	}
}
