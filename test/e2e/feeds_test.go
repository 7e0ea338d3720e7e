//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// python is Debian's own, for which tools/testenv/install.sh installs feedparser and
// jsonschema; another one may stand before it in the PATH.
const python = "/usr/bin/python3"

type askedFeed struct {
	Address string `json:"address"`
	Type    string `json:"type"`
	Text    string `json:"text"`
}

type readFeed struct {
	Version, Language, Title, Link string
	Faults                         []string
	Entries                        []struct {
		ID, Title, Link, Author, Text string
		Published                     []int
	}
}

func pythonReads(t *testing.T, feeds map[string]askedFeed) map[string]readFeed {
	t.Helper()
	text, err := json.Marshal(feeds)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "feeds.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: run tools/testenv/install.sh", err)
	}
	var got map[string]readFeed
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(feeds) {
		t.Fatalf("%d of %d feeds, %v", len(got), len(feeds), err)
	}
	return got
}

// Python's feedparser reads every feed without complaint and finds every article in
// it; every JSON Feed is what its schema says and lists the same articles.
func TestPythonReadsFeeds(t *testing.T) {
	t.Parallel()
	feeds := map[string]askedFeed{}
	for name, body := range feedsOf(t) {
		kind := "application/rss+xml; charset=utf-8"
		if strings.HasSuffix(name, "atom.xml") {
			kind = "application/atom+xml; charset=utf-8"
		} else {
			other := strings.Replace(name, "feed.xml", "feed.json", 1)
			p, err := get(http.DefaultClient, site(t), other)
			if err != nil || p.code != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), "application/feed+json") {
				t.Fatalf("%s: %d %v %v", other, p.code, p.header, err)
			}
			feeds[other] = askedFeed{site(t) + other, p.header.Get("Content-Type"), string(p.body)}
		}
		feeds[name] = askedFeed{site(t) + name, kind, string(body)}
	}
	got := pythonReads(t, feeds)
	articles := 0
	ids := map[string][]string{} // of the RSS feed's articles, by its name
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(got))) {
		f := got[name]
		lang, _ := kindOf(name)
		var list []string
		for _, e := range f.Entries {
			list = append(list, e.ID)
		}
		slices.Sort(list)
		if len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("%s: an id stands there twice", name)
		}
		if f.Language != lang {
			t.Errorf("%s: the language is %q", name, f.Language)
		}
		each(t, "feed", name, f.Faults)
		rss := strings.NewReplacer("feed.json", "feed.xml", "atom.xml", "feed.xml").Replace(name)
		switch {
		case rss == name:
			ids[name] = list
			if f.Version != "rss20" || len(list) != itemsIn(t, []byte(feeds[name].Text)) {
				t.Errorf("%s: %s with %d articles", name, f.Version, len(list))
			}
		case strings.HasSuffix(name, ".json"):
			if want := got[rss]; f.Version != "https://jsonfeed.org/version/1.1" || len(list) != len(want.Entries) {
				t.Errorf("%s: %s with %d articles, want %d", name, f.Version, len(list), len(want.Entries))
			}
			continue
		case f.Version != "atom10":
			t.Errorf("%s: %s", name, f.Version)
		}
		if f.Title == "" || !strings.HasPrefix(f.Link, site(t)) {
			t.Errorf("%s: the feed is %q at %q", name, f.Title, f.Link)
		}
		for _, e := range f.Entries {
			articles++
			if e.Title == "" || !strings.HasPrefix(e.Link, site(t)) || e.Author == "" || len(e.Published) < 6 || utf8.RuneCountInString(e.Text) < 50 {
				t.Errorf("%s: %.300s", name, fmt.Sprintf("%+v", e))
			}
		}
	}
	for name, f := range got {
		rss := strings.NewReplacer("feed.json", "feed.xml", "atom.xml", "feed.xml").Replace(name)
		var list []string
		for _, e := range f.Entries {
			list = append(list, e.ID)
		}
		if slices.Sort(list); !slices.Equal(list, ids[rss]) {
			t.Errorf("%s lists other articles than %s", name, rss)
		}
	}
	t.Logf("%d feeds, %d articles read", len(got), articles)
}

// The reading finds faults where there are some.
func TestPythonFindsFaults(t *testing.T) {
	t.Parallel()
	const good = `{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "content_html": "", "date_published": "2026-11-14T13:00:00Z"}]}`
	feeds := map[string]askedFeed{
		"good": {"http://a.test/feed.json", "application/feed+json", good},
		"open": {"http://a.test/feed.xml", "application/rss+xml", `<rss version="2.0"><channel><title>T</title><item></channel></rss>`},
	}
	for name, change := range map[string][2]string{
		"version": {"1.1", "1.2"}, "no title": {`"title": "T", `, ""}, "no id": {`"id": "1", `, ""}, "no content": {`"content_html": "", `, ""},
		"date": {"13:00:00Z", "25:00:00Z"}, "name": {`"id": "1"`, `"id": "1", "by": "x"`}, "number": {`"id": "1"`, `"id": 1`},
		"attachment": {`"id": "1"`, `"id": "1", "attachments": [{"url": "http://a.test/a.mp3"}]`}, "address": {`"id": "1"`, `"id": "1", "url": "/a"`},
	} {
		feeds[name] = askedFeed{"http://a.test/feed.json", "application/feed+json", strings.Replace(good, change[0], change[1], 1)}
	}
	for name, f := range pythonReads(t, feeds) {
		if (len(f.Faults) == 0) != (name == "good") {
			t.Errorf("%s: %q", name, f.Faults)
		}
	}
}
