package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/lang"
)

// body is an answer's text.
func bodyOf(r *http.Response) string {
	b, _ := io.ReadAll(r.Body)
	return string(b)
}

// TestReadOnly: from a database that takes no writes readers are served as ever,
// pages that are kept and others; whoever runs the site is told why nothing can be
// stored; a read that cannot be stored is refused, and none is lost that was
// acknowledged.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(context.Background())
		h := openHouse(t, d, &clock{t: monday}, 3)
		counted := make(chan struct{})
		go func() { defer close(counted); h.app.Counter.Run(ctx) }()
		t.Cleanup(func() { stop(); <-counted })
		site := h.app.Handler()
		list, _, err := h.app.Articles.List(ctx, article.ListQuery{Edition: h.site.Default().ID, Now: monday, Limit: 2})
		if err != nil || len(list) < 2 {
			t.Fatal(len(list), err)
		}
		read := func(reader string) int {
			r := httptest.NewRequest("POST", "/-/views/"+strconv.FormatInt(list[0].ID, 10), nil)
			r.Host, r.RemoteAddr = "lamp.test", reader+":1"
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			return w.Code
		}
		views := func() int64 {
			t.Helper()
			n, err := h.app.Views.Total(ctx, []int64{list[0].ID})
			if err != nil {
				t.Fatal(err)
			}
			return n[list[0].ID]
		}
		before := views()
		if code := read("192.0.2.1"); code != 204 || views() != before+1 {
			t.Fatalf("a read is answered %d, %d are stored", code, views()-before)
		}
		kept := ask(site, "GET", "/"+list[0].Path)
		if ready := bodyOf(ask(site, "GET", "/-/ready")); ready != "ready\n" {
			t.Errorf("ready says %q", ready)
		}

		word, open := shut(t, h.app.DB)
		for range 2 { // connections may be made anew
			ask(site, "GET", "/ru/")
		}
		if code := read("192.0.2.2"); code != 503 {
			t.Errorf("a read that cannot be stored is answered %d", code)
		}
		if n := views(); n != before+1 {
			t.Errorf("%d reads are stored, want the one that was acknowledged", n-before)
		}
		for path, want := range map[string]int{"/" + list[0].Path: 200, "/" + list[1].Path: 200, "/": 200, "/kk/": 200, "/search?q=bridge": 200, "/nowhere": 404} {
			if r := ask(site, "GET", path); r.StatusCode != want {
				t.Errorf("%s answers %d from a database that takes no writes", path, r.StatusCode)
			}
		}
		if again := ask(site, "GET", "/"+list[0].Path); again.Header.Get("Etag") != kept.Header.Get("Etag") {
			t.Error("the page is another one")
		}
		for _, tag := range []string{"en", "ru", "kk"} {
			l := lang.Of(tag)
			said := l.T(word, "engine", "PostgreSQL", "setting", "default_transaction_read_only")
			r := ask(site, "GET", "/-/ready", "Accept-Language", tag)
			if text := bodyOf(r); r.StatusCode != 200 || text != "read-only\n"+said+"\n" {
				t.Errorf("%s: ready answers %d %q", tag, r.StatusCode, text)
			}
			if r := ask(site, "GET", "/-/ready?write", "Accept-Language", tag); r.StatusCode != 503 || !strings.Contains(bodyOf(r), said) {
				t.Errorf("%s: ready to write answers %d", tag, r.StatusCode)
			}
			page := bodyOf(ask(h.app.Operator(), "GET", "/health?lang="+tag))
			if !strings.Contains(page, said) {
				t.Errorf("the page of health does not say %q: %s", said, page)
			}
		}
		if figures := bodyOf(ask(h.app.Operator(), "GET", "/metrics")); !strings.Contains(figures, "dateline_database_writable 0\n") {
			t.Error("no figure says that the database takes no writes")
		}
		if open == nil {
			return
		}
		open()
		for end := time.Now().Add(20 * time.Second); read("192.0.2.2") != 204; {
			if time.Now().After(end) {
				t.Fatal("nothing is stored although the database takes writes again")
			}
		}
		if n := views(); n != before+2 {
			t.Errorf("%d reads are stored, want two: who was refused is counted once", n-before)
		}
		if ready := bodyOf(ask(site, "GET", "/-/ready")); ready != "ready\n" {
			t.Errorf("ready says %q", ready)
		}
	})
}

// shut has a database that is open take no writes, and gives the key of what is
// said of it and, where that can be, what opens it again.
func shut(t *testing.T, d *db.DB) (word string, open func()) {
	t.Helper()
	run := func(statements ...string) error {
		return d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
			for _, q := range statements {
				if _, err := tx.Exec(context.Background(), q); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if d.Engine() == db.SQLite {
		if err := run("PRAGMA query_only = 1"); err != nil {
			t.Fatal(err)
		}
		return "database.no_rights", nil
	}
	name, err := db.Get(t.Context(), d, db.One[string], "SELECT current_database()")
	if err != nil {
		t.Fatal(err)
	}
	const anew = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
	set := func(to string) {
		t.Helper()
		if err := run(`ALTER DATABASE "`+name+`" `+to, anew); err != nil {
			t.Fatal(err)
		}
	}
	set("SET default_transaction_read_only = on")
	// The connection that has said so is to go, too.
	var gone bool
	_ = d.QueryRow(context.Background(), "SELECT pg_terminate_backend(pg_backend_pid())").Scan(&gone)
	return "database.only_read", func() {
		t.Helper()
		err := d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "SET TRANSACTION READ WRITE")
			if err == nil {
				_, err = tx.Exec(context.Background(), `ALTER DATABASE "`+name+`" RESET default_transaction_read_only`)
			}
			if err == nil {
				_, err = tx.Exec(context.Background(), anew)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = d.QueryRow(context.Background(), "SELECT pg_terminate_backend(pg_backend_pid())").Scan(&gone)
	}
}
