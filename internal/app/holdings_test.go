package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/comment"
	"dateline/internal/correction/report"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/keytest"
)

// notOfReaders are columns that look as if they were about a reader, and why they are not.
// Whoever adds a table with a name, an address or a reader's id in it declares it as a
// holding (app.Holdings), or says here whose it is.
var notOfReaders = map[string]string{
	"article_open.name": "staff who write", "follow_link.name": "a network", "entity_name.name": "people who are written about",
	"edition.name": "an edition", "media.file_name": "a picture's file", "topic_name.name": "a section",
	"staff.email": "staff", "staff.email_folded": "staff", "staff.name": "staff", "staff_passkey.name": "staff", "staff_session.agent": "staff",
}

// personal are parts of columns' names that speak of somebody.
var personal = []string{"reader", "email", "mail", "recipient", "name", "nick", "nickname", "agent", "phone", "ip", "voter", "reporter"}

// tables are those of the database, with their columns.
func tables(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	ctx := context.Background()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
	if d.Engine() == db.Postgres {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
	}
	names, err := db.List(ctx, d, db.One[string], query)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, name := range names {
		if name == "goose_db_version" { // of the migrations
			continue
		}
		rows, err := d.Query(ctx, "SELECT * FROM "+name+" LIMIT 1")
		if err != nil {
			t.Fatal(err)
		}
		if out[name], err = rows.Columns(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return out
}

// undeclared are the columns that look personal and that nobody has spoken of.
func undeclared(all map[string][]string, declared map[string][]string) (out []string) {
	for table, columns := range all {
		for _, column := range columns {
			speaks := slices.ContainsFunc(strings.Split(column, "_"), func(part string) bool { return slices.Contains(personal, part) })
			if !speaks || slices.Contains(declared[table], column) || notOfReaders[table+"."+column] != "" {
				continue
			}
			out = append(out, table+"."+column)
		}
	}
	slices.Sort(out)
	return out
}

// TestHoldings walks the schema: what is known of readers is declared, so that they get
// it as a file and it goes when they go.
func TestHoldings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		all, declared := tables(t, d), map[string][]string{}
		for _, h := range r.app.Holdings() {
			declared[h.Table] = h.Columns
			for _, c := range h.Columns {
				if !slices.Contains(all[h.Table], c) {
					t.Errorf("the holding %s names a column %s that is not there", h.Table, c)
				}
			}
		}
		if list := undeclared(all, declared); len(list) > 0 {
			t.Errorf("declare in app.Holdings, or say in notOfReaders whose they are: %v", list)
		}
		for name := range notOfReaders {
			table, column, _ := strings.Cut(name, ".")
			if !slices.Contains(all[table], column) {
				t.Errorf("notOfReaders speaks of %s, which is not there", name)
			}
		}
		// The test itself can fail.
		all["poll_vote"] = []string{"id", "poll_id", "reader_id", "choice"}
		if list := undeclared(all, declared); len(list) != 1 || list[0] != "poll_vote.reader_id" {
			t.Errorf("a new table is not seen: %v", list)
		}
		delete(declared, "reader_session")
		if list := undeclared(all, declared); len(list) != 3 {
			t.Errorf("a forgotten table is not seen: %v", list)
		}
	})
}

// TestReaderGoes has a reader leave something in every table that is declared, take it as
// a file, and go: nothing of them is anywhere, and everything of others is.
func TestReaderGoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		if err := r.app.Set(context.Background(), "comments_moderation", "", "after"); err != nil {
			t.Fatal(err)
		}
		answers := 0
		fills := func(email, name string) {
			t.Helper()
			r.enters(email)
			r.post("/-/account/profile", "edition", "en", "name", name, "replies", "1")
			_, asked := r.script("/-/account/passkeys/options", map[string]string{})
			phone := keytest.New(t, "https://lamp.example", "lamp.example")
			r.script("/-/account/passkeys", map[string]any{"kept": asked["kept"], "name": name, "answer": json.RawMessage(phone.Create(t, asked["options"]))})
			if w := r.post("/-/account/link", "email", email, "edition", "en"); w.Code != 303 {
				t.Fatal(w.Code)
			}
			if w := r.post("/-/comments", "article", "1", "text", "Said by "+name); w.Code != 303 {
				t.Fatal(w.Code, w.Body)
			}
			var said int64
			r.change(func(ctx context.Context, tx *db.Tx) error {
				list, err := r.app.Comments.ByReader(ctx, tx, accountOf(ctx, tx, email), 1)
				if err == nil {
					said = list[0].ID
				}
				return err
			})
			own := r.cookie
			r.cookie = ""
			for range 2 {
				answers++
				r.comments("Ermek", []string{"An answer as good as its question.", "Another one, and shorter.", "The river froze early that winter.", "Bread was baked on Fridays."}[answers-1], said)
				r.told(2 * time.Hour)
			}
			r.cookie = own
			r.change(func(ctx context.Context, tx *db.Tx) error {
				a, err := r.app.Articles.Get(ctx, tx, 1)
				if err == nil {
					said, err := r.app.Comments.ByReader(ctx, tx, accountOf(ctx, tx, email), 1)
					if err != nil || len(said) != 1 {
						return fmt.Errorf("%d comments of %s: %w", len(said), email, err)
					}
					if _, err := r.app.Comments.Notify(ctx, tx, comment.Notice{Edition: a.Edition, Comment: said[0].ID, Ground: "law", Text: "Not so.", Name: name, Email: email}, name); err != nil {
						return err
					}
				}
				if err == nil {
					_, err = r.app.Reports.Add(ctx, tx, report.Sent{Article: a.ID, Exact: a.Headline, Note: "Not so.", Email: email}, true)
				}
				return err
			})
		}
		fills("zarina@lamp.example", "Zarina")
		zarina := r.cookie
		fills("asel@lamp.example", "Aselmarker")
		for _, h := range r.app.Holdings() {
			if n := r.count(h.Table); n < 2 {
				t.Errorf("%s has %d rows: let the reader of this test leave something there", h.Table, n)
			}
		}

		if w := at(r.site, "GET", "/-/account/export", "", nil); w.Code != 403 {
			t.Errorf("a stranger takes a file: %d", w.Code)
		}
		w := r.get("/-/account/export")
		var file struct{ Data map[string]json.RawMessage }
		if err := json.Unmarshal(w.Body.Bytes(), &file); err != nil || w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("the file: %d %v %v", w.Code, w.Header(), err)
		}
		for _, h := range r.app.Holdings() {
			got := string(file.Data[h.Table])
			if h.Export == nil {
				if got != "" {
					t.Errorf("%s is in the file", h.Table)
				}
				continue
			}
			if got == "" || got == "[]" || got == "{}" || got == "null" {
				t.Errorf("the file has nothing of %s: %s", h.Table, got)
			}
		}
		if text := w.Body.String(); !strings.Contains(text, "asel@lamp.example") || !strings.Contains(text, "Aselmarker") || strings.Contains(text, "arina") || strings.Contains(text, "/account/in/") {
			t.Errorf("the file:\n%s", text)
		}

		if w := r.post("/-/account/delete", "edition", "en"); w.Code != 422 {
			t.Errorf("an account is deleted by one press: %d", w.Code)
		}
		was := r.cookie
		if w := r.post("/-/account/delete", "edition", "en", "sure", "1"); w.Code != 303 || r.cookie != "" {
			t.Fatalf("deleting: %d", w.Code)
		}
		if _, err := r.app.Readers.Of(withCookie(was)); err == nil {
			t.Error("who wants to be gone is signed in")
		}
		if err := r.app.Readers.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		for table := range tables(t, d) {
			if text := strings.ToLower(r.dump(table)); strings.Contains(text, "asel@") || strings.Contains(text, "aselmarker") {
				t.Errorf("%s has something of them still", table)
			}
		}
		if who, err := r.app.Readers.Of(withCookie(zarina)); err != nil || who.Name != "Zarina" {
			t.Errorf("another went with them: %+v, %v", who, err)
		}
		for _, h := range r.app.Holdings() {
			if n := r.count(h.Table); n < 1 {
				t.Errorf("%s has lost what is another's", h.Table)
			}
		}
		r.enters("asel@lamp.example") // whoever comes back begins anew
		if who, err := r.app.Readers.Of(withCookie(r.cookie)); err != nil || who.Name != "" {
			t.Errorf("%+v, %v", who, err)
		}
	})
}

// accountOf is the account of an address.
func accountOf(ctx context.Context, q db.Querier, email string) int64 {
	id, _ := db.Get(ctx, q, db.One[int64], "SELECT id FROM reader WHERE email = $1", email) // 0 where there is none: what follows fails
	return id
}
