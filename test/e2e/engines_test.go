//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/test/fixtures"
)

// What browsers and checkers look at is made on SQLite. The same newsroom on PostgreSQL,
// filled by the same doors at the same instant, answers the same bytes at every address
// that the other tests visit or that anything leads to: what is found of one engine's
// pages holds for the other's.
func TestEngines(t *testing.T) {
	frozen(t)
	other, client := stillOnPostgres(t)
	plain := &http.Client{CheckRedirect: stay}
	same := func(theme string, paths []string) {
		for _, path := range paths {
			d := apartAt(plain, client, still.address[theme], path)
			for n := 0; d != "" && n < 3 && strings.HasPrefix(path, "/media/"); n++ {
				anew(t, &still.newsroom, other)
				d = apartAt(plain, client, still.address[theme], path)
			}
			if d != "" {
				t.Errorf("%s %s: %s", theme, path, d)
			}
		}
	}
	// Pictures, the same in every theme, take turns to be drawn; nobody need wait for them.
	var drawing sync.WaitGroup
	defer drawing.Wait()
	pictures := map[string]bool{}
	draw := func(all map[string]*page) {
		var fresh []string
		for path := range all {
			if strings.HasPrefix(path, "/media/") && !pictures[path] {
				fresh, pictures[path] = append(fresh, path), true
			}
		}
		drawing.Go(func() { same(themes[0], fresh) })
	}
	draw(still.pages)
	for i, theme := range themes {
		all := everything(t, theme, i == 0)
		covers(t, theme, all, i == 0)
		draw(all)
		maps.DeleteFunc(all, func(path string, _ *page) bool { return pictures[path] })
		same(theme, slices.Sorted(maps.Keys(all)))
		t.Logf("%s: %d addresses", theme, len(all))
	}
	t.Logf("%d pictures", len(pictures))
	sameHealth(t, other)

	// What is set on one engine alone, a year in the front page's data, is seen.
	if err := other.apps[themes[0]].Set(context.Background(), "founded", "", "1898"); err != nil {
		t.Fatal(err)
	}
	if d := apartAt(plain, client, frozen(t), "/"); !strings.Contains(d, "1898") {
		t.Errorf("set on one engine alone, and the difference is %q", d)
	}
}

// anew has pictures tried again that a program was not done with in its time: on a
// busy machine either engine's may be the one that is sent as JPEG for an hour.
func anew(t *testing.T, all ...*newsroom) {
	for _, n := range all {
		if err := n.apps[themes[0]].DB.Tx(context.Background(), db.Jobs, func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "DELETE FROM rendition WHERE failure <> ''")
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}

// stillOnPostgres fills and serves the newsroom whose clock stands still once more. The
// client asks it at the addresses of the first.
func stillOnPostgres(t *testing.T) (*newsroom, *http.Client) {
	t.Helper()
	store := fixtures.Postgres(t)
	n := &newsroom{address: still.address}
	listeners, at := map[string]net.Listener{}, map[string]string{}
	for theme, address := range n.address {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners[theme], at[strings.TrimPrefix(address, "http://")] = l, l.Addr().String()
	}
	stop, err := n.open(app.Config{Data: store.Data, Database: store.URL}, listeners, sameTokens)
	t.Cleanup(stop)
	if err != nil {
		t.Fatal(err)
	}
	if n.apps[themes[0]].DB.Engine() != db.Postgres {
		t.Fatal("this is not PostgreSQL")
	}
	dial := &net.Dialer{}
	return n, &http.Client{CheckRedirect: stay, Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		return dial.DialContext(ctx, network, at[address])
	}}}
}

// sameTokens gives pictures the addresses that they have in the first newsroom: a part of
// them is chance, so that nobody guesses it.
func sameTokens(a *app.App) error {
	ctx := context.Background()
	rows, err := still.apps[themes[0]].DB.Query(ctx, "SELECT token, id, sha256 FROM media")
	if err != nil {
		return err
	}
	defer rows.Close()
	return a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		for rows.Next() {
			var token, sum string
			var id int64
			if err := rows.Scan(&token, &id, &sum); err != nil {
				return err
			}
			n, err := tx.Exec(ctx, "UPDATE media SET token = $1 WHERE id = $2 AND sha256 = $3", token, id, sum)
			if err == nil && n != 1 {
				err = fmt.Errorf("medium %d is another one on each engine", id)
			}
			if err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// everything is what there is to ask of the newsroom whose clock stands still: its states
// and all that they lead to. Of the first theme also what no theme has a part in: documents
// that programs read, all that any answer names, and every page with a slash too many or
// too few.
func everything(t *testing.T, theme string, programs bool) map[string]*page {
	t.Helper()
	address, from, leads := inTheme(t, theme), slices.Sorted(maps.Values(stills(t))), links
	if programs {
		documents, err := still.apps[theme].Site.Health(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range documents {
			from = append(from, d.Path)
		}
		leads = named(address)
	}
	all, err := walk(address, from, leads)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// named gives, beyond links, what an answer of any kind names.
func named(address string) func(*page) []string {
	names := regexp.MustCompile(regexp.QuoteMeta(address) + `(/[^\s"'<>()\\{}]*)|url\("?(/[^")]+)`)
	return func(p *page) []string {
		if k := p.header.Get("Content-Type"); strings.HasPrefix(k, "image/") || strings.HasPrefix(k, "font/") {
			return nil
		}
		found := links(p)
		for _, m := range names.FindAllStringSubmatch(html.UnescapeString(html.UnescapeString(string(p.body))), -1) {
			if to := m[1] + m[2]; !strings.Contains(to, "/-/views/") { // as links
				found = append(found, to, strings.Replace(to, "/feed.xml", "/atom.xml", 1))
			}
		}
		if _, kind := kindOf(p.path); kind != "" && p.code == http.StatusOK && !strings.Contains(p.path, "?") {
			if short := strings.TrimRight(p.path, "/"); short != p.path {
				found = append(found, short)
			} else {
				found = append(found, p.path+"/")
			}
		}
		return found
	}
}

// covers holds that what is compared is all there is: every kind of page in every edition,
// every error and, of what programs read, every form.
func covers(t *testing.T, theme string, all map[string]*page, programs bool) {
	t.Helper()
	seen := map[string]bool{}
	for path, p := range all {
		lang, kind := kindOf(path)
		form, _, _ := strings.Cut(p.header.Get("Content-Type"), ";")
		seen[fmt.Sprintf("%s %s %d", lang, kind, p.code)], seen[fmt.Sprint(p.code)], seen[form] = true, true, true
	}
	want := []string{"302", "404", "410", "text/html", "text/css", "text/javascript", "font/woff2",
		"image/jpeg", "image/webp", "image/avif", "image/svg+xml"}
	for _, e := range editions {
		for _, k := range kinds {
			want = append(want, e.lang+" "+k.name+" 200")
		}
	}
	for _, status := range failures {
		want = append(want, fmt.Sprint(status))
	}
	if programs {
		want = append(want, "301", "image/png", "application/rss+xml", "application/atom+xml", "application/feed+json", "application/xml",
			"application/json", "text/xml", "text/plain", "application/opensearchdescription+xml")
	}
	for _, w := range want {
		if !seen[w] {
			t.Errorf("%s: nothing that is compared is %s", theme, w)
		}
	}
}

// sameHealth compares the operator's page, with nothing amiss and with something.
func sameHealth(t *testing.T, other *newsroom) {
	t.Helper()
	a, b := still.apps[themes[0]], other.apps[themes[0]]
	defer troubled(t, a, "")
	for lang, robots := range map[string]string{"en": "", "kk": trouble} { // all documents are made for each
		ask := func(x *app.App) *page {
			troubled(t, x, robots)
			w := httptest.NewRecorder()
			x.Operator().ServeHTTP(w, httptest.NewRequest("GET", "/health?lang="+lang, nil))
			return &page{code: w.Code, header: w.Header(), body: w.Body.Bytes()}
		}
		if d := apartFrom(ask(a), ask(b)); d != "" {
			t.Errorf("/health?lang=%s, robots.txt %q: %s", lang, robots, d)
		}
	}
}

// apartAt asks both engines at an address and tells what differs.
func apartAt(one, other *http.Client, address, path string) string {
	var a, b *page
	var err, err2 error
	var both sync.WaitGroup // each draws its own pictures
	both.Go(func() { a, err = finished(one, address, path) })
	b, err2 = finished(other, address, path)
	both.Wait()
	if err := errors.Join(err, err2); err != nil {
		return err.Error()
	}
	return apartFrom(a, b)
}

// finished asks until a picture is made; before, the original or an excuse is sent.
func finished(client *http.Client, address, path string) (p *page, err error) {
	for range 40 { // the server waits a while each time
		p, err = get(client, address, path)
		if err != nil || !strings.HasPrefix(path, "/media/") || p.code != http.StatusServiceUnavailable && p.header.Get("Cache-Control") != "no-cache" {
			return p, err
		}
	}
	return nil, fmt.Errorf("is never made")
}

// apartFrom tells in what two answers differ, "" if in nothing: status, body, and every
// header but Date, which net/http takes from the machine's clock.
func apartFrom(a, b *page) string {
	if a.code != b.code {
		return fmt.Sprintf("status %d and %d", a.code, b.code)
	}
	if n, all := 0, min(len(a.body), len(b.body)); !bytes.Equal(a.body, b.body) {
		for n < all && a.body[n] == b.body[n] {
			n++
		}
		around := func(body []byte) []byte { return body[max(0, n-60):min(len(body), n+60)] }
		return fmt.Sprintf("byte %d of %d and %d: %q and %q", n, len(a.body), len(b.body), around(a.body), around(b.body))
	}
	names := maps.Clone(a.header)
	maps.Copy(names, b.header)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if name != "Date" && !slices.Equal(a.header[name], b.header[name]) {
			return fmt.Sprintf("%s %q and %q", name, a.header[name], b.header[name])
		}
	}
	return ""
}

func TestApart(t *testing.T) {
	answer := func(code int, policy, body string) *page {
		return &page{code: code, header: http.Header{"Content-Security-Policy": {policy}, "Date": {body}}, body: []byte(body)}
	}
	one := answer(200, "a", "text")
	dated := answer(200, "a", "text")
	dated.header.Set("Date", "later")
	more := answer(200, "a", "text")
	more.header.Set("Vary", "Cookie")
	for name, c := range map[string]struct {
		a, b *page
		want string
	}{
		"the same": {one, answer(200, "a", "text"), ""},
		"Date":     {one, dated, ""},
		"status":   {one, answer(404, "a", "text"), "status 200 and 404"},
		"header":   {one, answer(200, "b", "text"), `Content-Security-Policy ["a"] and ["b"]`},
		"more":     {one, more, `Vary [] and ["Cookie"]`},
		"fewer":    {more, one, `Vary ["Cookie"] and []`},
		"a byte":   {one, answer(200, "a", "test"), `byte 2 of 4 and 4: "text" and "test"`},
		"longer":   {one, answer(200, "a", "texts"), `byte 4 of 4 and 5: "text" and "texts"`},
	} {
		if got := apartFrom(c.a, c.b); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
