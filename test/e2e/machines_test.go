//go:build e2e

package e2e

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	_ "modernc.org/sqlite"

	"dateline/internal/webtest"
)

// need finds a program that tools/testenv/install.sh installs.
func need(t testing.TB, name string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: run `make test`", err)
	}
	return p
}

// Reader modes (Firefox's Readability) get every article whole, and nothing of
// what stands around it.
func TestReaderModes(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(npm(t, "@mozilla/readability/Readability.js"))
	if err != nil {
		t.Fatal(err)
	}
	b := startBrowser(t)
	var p *tab
	n := 0
	for _, name := range names(crawl(t)) {
		page := crawl(t)[name]
		if _, kind := kindOf(name); kind != "article" || page.code != http.StatusOK || strings.Contains(name, "?") {
			continue
		}
		if n%20 == 0 { // a tab has two minutes
			if p != nil {
				p.close()
			}
			p = b.open(t, "about:blank", true, 800, 600)
			eval[bool](t, p, string(source)+";window.Readability = Readability; true")
		}
		n++
		text, err := json.Marshal(string(page.body))
		if err != nil {
			t.Fatal(err)
		}
		each(t, "reader mode", name, eval[[]string](t, p, `(() => {
			const flat = (s) => s.replace(/[\u00ad\u200b]/g, "").replace(/\s+/g, " ").trim();
			const doc = new DOMParser().parseFromString(`+string(text)+`, "text/html");
			const base = doc.createElement("base"); base.href = "`+site(t)+`"; doc.head.prepend(base);
			const want = [...doc.querySelectorAll(".e-content p, .e-content li, .e-content blockquote, .e-content h2, .e-content h3")].map(e => flat(e.textContent)).filter(s => s);
			const title = flat(doc.querySelector("h1").textContent);
			const around = [...doc.querySelectorAll("aside.rail h2, footer p")].map(e => flat(e.textContent)).filter(s => s.length > 20);
			const got = new Readability(doc).parse();
			if (!got) return ["nothing was found"];
			const body = flat(got.textContent), out = [];
			if (flat(got.title).indexOf(title) < 0 && title.indexOf(flat(got.title)) < 0) out.push("the title is " + got.title + ", not " + title);
			if (!got.byline && doc.querySelector(".p-author")) out.push("no by-line");
			if (got.lang !== doc.documentElement.lang) out.push("the language is " + got.lang);
			for (const s of want) if (!body.includes(s)) out.push("lost: " + s.slice(0, 80));
			for (const s of around) if (body.includes(s)) out.push("stands around the article: " + s.slice(0, 80));
			return out;
		})()`))
	}
	if n < 30 {
		t.Errorf("only %d articles", n)
	}
	t.Logf("%d articles", n)
}

type mf2Item struct {
	Type       []string
	Properties map[string][]json.RawMessage
	Children   []mf2Item
}

// values are a property's plain values.
func (i mf2Item) values(name string) (out []string) {
	for _, v := range i.Properties[name] {
		var s string
		if json.Unmarshal(v, &s) == nil {
			out = append(out, s)
		}
	}
	return out
}

func (i mf2Item) first(name string) string {
	return strings.Join(i.values(name)[:min(1, len(i.values(name)))], "")
}

// A microformats parser finds in every page what CONTRACT.md promises.
func TestMicroformats(t *testing.T) {
	t.Parallel()
	type in struct {
		URL  string `json:"url"`
		HTML string `json:"html"`
	}
	var names []string
	var pages []in
	read := func(address string, all map[string]*page) {
		for name, p := range all {
			_, kind := kindOf(name)
			if p.code == http.StatusOK && p.html() && !strings.Contains(name, "?") && slices.Contains([]string{"front", "article", "section", "author", "column", "series", "genre"}, kind) {
				names = append(names, name)
				pages = append(pages, in{address + name, string(p.body)})
			}
		}
	}
	read(site(t), crawl(t))
	for _, theme := range themes[1:] {
		all, err := follow(inTheme(t, theme))
		if err != nil {
			t.Fatal(err)
		}
		read(inTheme(t, theme), all)
	}
	text, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(need(t, "node"), "mf2.cjs")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var parsed []struct{ Items []mf2Item }
	if err := json.Unmarshal(out, &parsed); err != nil || len(parsed) != len(names) {
		t.Fatalf("%d of %d pages, %v", len(parsed), len(names), err)
	}
	seen := map[string]int{}
	for i, name := range names {
		_, kind := kindOf(name)
		seen[kind]++
		each(t, "microformats", pages[i].URL, append(mf2Faults(kind, pages[i].URL, parsed[i].Items), hyphenated(parsed[i].Items)...))
	}
	t.Logf("%v", seen)
}

// hyphenated lists texts with the soft hyphens that are set for readers. No-break
// spaces may be the writer's own.
func hyphenated(items []mf2Item) (out []string) {
	for _, i := range items {
		for name, list := range i.Properties {
			for _, text := range i.values(name) {
				if strings.Contains(text, "\u00ad") {
					out = append(out, fmt.Sprintf("%s is set for readers: %q", name, text))
				}
			}
			for _, v := range list {
				var within mf2Item
				if json.Unmarshal(v, &within) == nil {
					out = append(out, hyphenated([]mf2Item{within})...)
				}
			}
		}
		out = append(out, hyphenated(i.Children)...)
	}
	return out
}

func mf2Faults(kind, address string, items []mf2Item) (out []string) {
	of := func(list []mf2Item, t string) (found []mf2Item) {
		for _, x := range list {
			if slices.Contains(x.Type, t) {
				found = append(found, x)
			}
		}
		return found
	}
	wrong := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch kind {
	case "article":
		var own []mf2Item
		for _, e := range of(items, "h-entry") {
			if e.Properties["content"] != nil {
				own = append(own, e)
			}
		}
		if len(own) != 1 {
			wrong("%d entries with content", len(own))
			return out
		}
		e := own[0]
		if e.first("url") != address {
			wrong("url is %q", e.values("url"))
		}
		if len(e.values("name")) != 1 || e.first("name") == "" {
			wrong("name is %q", e.values("name"))
		}
		if !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d`).MatchString(e.first("published")) {
			wrong("published is %q", e.values("published"))
		}
		if len(e.Properties["category"]) == 0 {
			wrong("no category")
		}
		for _, a := range e.Properties["author"] {
			var card mf2Item
			if json.Unmarshal(a, &card) != nil || !slices.Contains(card.Type, "h-card") || card.first("name") == "" {
				wrong("an author is %s", a)
			}
		}
	case "author":
		cards := of(items, "h-card")
		if len(cards) != 1 || cards[0].first("name") == "" || cards[0].first("url") != address {
			wrong("%d cards: %v", len(cards), cards)
		}
		fallthrough
	default:
		feeds := of(items, "h-feed")
		if len(feeds) != 1 || feeds[0].first("name") == "" {
			wrong("%d feeds", len(feeds))
			return out
		}
		for _, e := range of(feeds[0].Children, "h-entry") {
			if len(e.values("name")) != 1 || !strings.HasPrefix(e.first("url"), "http") {
				wrong("an entry named %q at %q", e.values("name"), e.values("url"))
			}
		}
	}
	return out
}

// announced are the addresses of the RSS feeds that a page announces.
func announced(t *testing.T, page *html.Node) (out []string) {
	t.Helper()
	found, err := webtest.Select(page, `link[rel=alternate][type="application/rss+xml"]`)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range found {
		href, _ := webtest.Attr(l, "href")
		out = append(out, href)
	}
	return out
}

// feedsOf are the feeds that pages announce, with what they hold.
func feedsOf(t *testing.T) map[string][]byte {
	out := map[string][]byte{}
	client := &http.Client{}
	for name, p := range crawl(t) {
		if p.root == nil || strings.Contains(name, "?") {
			continue
		}
		for _, href := range announced(t, p.root) {
			if out[href] != nil {
				continue
			}
			f, err := get(client, site(t), href)
			if err != nil || f.code != http.StatusOK {
				t.Fatalf("%s: %v", href, err)
			}
			out[href] = f.body
			atom := strings.Replace(href, "feed.xml", "atom.xml", 1)
			if f, err = get(client, site(t), atom); err != nil || f.code != http.StatusOK {
				t.Fatalf("%s: %v", atom, err)
			}
			out[atom] = f.body
		}
	}
	if len(out) < 60 {
		t.Fatalf("only %d feeds", len(out))
	}
	return out
}

func itemsIn(t *testing.T, body []byte) int {
	var f struct {
		Items   []struct{} `xml:"channel>item"`
		Entries []struct{} `xml:"entry"`
	}
	if err := xml.Unmarshal(body, &f); err != nil {
		t.Fatal(err)
	}
	return len(f.Items) + len(f.Entries)
}

// sfeed, which reads feeds strictly by their text, finds every article of every
// feed with date, title, address and text.
func TestSfeed(t *testing.T) {
	t.Parallel()
	program := need(t, "sfeed")
	n := 0
	for name, body := range feedsOf(t) {
		cmd := exec.Command(program, site(t)+"/")
		cmd.Stdin = bytes.NewReader(body)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		if len(out) == 0 {
			lines = nil
		}
		if len(lines) != itemsIn(t, body) {
			t.Errorf("%s: %d lines of %d articles", name, len(lines), itemsIn(t, body))
		}
		for _, l := range lines {
			n++
			f := strings.Split(l, "\t") // timestamp, title, link, content, type, id, author, enclosure, category
			if len(f) < 9 || f[0] == "" || f[1] == "" || !strings.HasPrefix(f[2], site(t)) || f[3] == "" || f[4] != "html" || !strings.HasPrefix(f[5], "tag:") || f[6] == "" {
				t.Errorf("%s: %.300q", name, f)
			}
		}
	}
	t.Logf("%d articles read", n)
}

// newsboat subscribes to the editions' feeds of both forms and gets every
// article of them, with its text and its author. It keeps an article once, by
// its guid, so the forms have a cache each.
func TestNewsboat(t *testing.T) {
	t.Parallel()
	feeds := feedsOf(t)
	for _, form := range []string{"feed.xml", "atom.xml"} {
		want := map[string]int{}
		for _, e := range editions {
			want[site(t)+e.prefix+"/"+form] = itemsIn(t, feeds[e.prefix+"/"+form])
		}
		newsboat(t, want)
	}
}

func newsboat(t *testing.T, want map[string]int) {
	t.Helper()
	program := need(t, "newsboat")
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	addresses := slices.Sorted(maps.Keys(want))
	cache := filepath.Join(dir, "cache.db")
	cmd := exec.Command(program, "-u", file("urls", strings.Join(addresses, "\n")+"\n"), "-c", cache, "-C", file("config", "max-items 0\n"), "-x", "reload")
	cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8", "TERM=dumb")
	if out, err := cmd.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Fatalf("%v: %s", err, out)
	}
	d, err := sql.Open("sqlite", cache)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	rows, err := d.Query("SELECT feedurl, count(*), sum(title <> '' AND url LIKE 'http%' AND content <> '' AND author <> '' AND pubDate > 0) FROM rss_item GROUP BY feedurl")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got, total := map[string]int{}, 0
	for rows.Next() {
		var feed string
		var n, whole int
		if err := rows.Scan(&feed, &n, &whole); err != nil {
			t.Fatal(err)
		}
		got[feed] = n
		total += n
		if whole != n {
			t.Errorf("%s: %d of %d articles are whole", feed, whole, n)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if got[a] != want[a] {
			t.Errorf("%s: newsboat has %d of %d articles", a, got[a], want[a])
		}
	}
	t.Logf("%d feeds, %d articles", len(addresses), total)
}
