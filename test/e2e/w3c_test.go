//go:build e2e && acceptance

package e2e

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// published is where the newsroom is for the feed validator, which warns of addresses
// that lead into somebody's own machine.
const published = "https://lamp.example.org"

// TestW3CFeedValidator: the W3C feed validator has nothing against any RSS or Atom feed
// of the newsroom. No registry has it, so DATELINE_FEEDVALIDATOR names a clone of
// github.com/w3c/feedvalidator; it needs Debian's python3-rdflib, -lxml and -html5lib.
func TestW3CFeedValidator(t *testing.T) {
	frozen(t)
	moved := *still.apps[themes[0]]
	moved.BaseURL = published
	if err := moved.Public(); err != nil {
		t.Fatal(err)
	}
	handler := moved.Handler()
	feeds := map[string]askedFeed{}
	kinds := map[string]int{}
	ask := func(path string) {
		if feeds[path].Text != "" {
			return
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", published+path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), published+path) {
			t.Fatalf("%s: %d, which does not name itself", path, w.Code)
		}
		feeds[path] = askedFeed{published + path, w.Header().Get("Content-Type"), w.Body.String()}
		_, kind := kindOf(strings.TrimSuffix(path[:strings.LastIndex(path, "/")], "/feed"))
		kinds[kind]++
	}
	for _, p := range still.pages {
		if p.root == nil {
			continue
		}
		for _, href := range announced(t, p.root) {
			ask(href)
			ask(strings.Replace(href, "feed.xml", "atom.xml", 1))
		}
	}
	for _, e := range editions {
		ask(e.prefix + "/feed/dzen.xml")
	}
	found := w3c(t, feeds)
	for _, path := range slices.Sorted(maps.Keys(found)) {
		each(t, "feed", path, slices.DeleteFunc(found[path], func(fault string) bool {
			return strings.HasSuffix(path, "dzen.xml") && strings.HasSuffix(fault, ": pdalink") // an element that Dzen alone has
		}))
	}
	t.Logf("%d feeds: %v", len(feeds), kinds)

	// It finds what is wrong.
	whole, broken := feeds["/feed.xml"], map[string]askedFeed{}
	for name, change := range map[string][2]string{
		"InvalidRFC2822Date": {"<pubDate>", "<pubDate>on "}, "InvalidFullLink": {"<link>" + published, "<link>"},
		"DuplicateElement": {"<language>", "<language>en</language><language>"}, "SelfDoesntMatchLocation": {published + "/feed.xml", published + "/other.xml"},
		"no feed": {"<rss", "<rsss"},
	} {
		broken[name] = askedFeed{whole.Address, whole.Type, strings.Replace(whole.Text, change[0], change[1], 1)}
	}
	for name, faults := range w3c(t, broken) {
		if !strings.Contains(strings.Join(faults, " "), name) {
			t.Errorf("%s is not found: %q", name, faults)
		}
	}
}

// w3c is what the validator has against each feed.
func w3c(t *testing.T, feeds map[string]askedFeed) map[string][]string {
	t.Helper()
	src := filepath.Join(os.Getenv("DATELINE_FEEDVALIDATOR"), "src")
	text, err := json.Marshal(feeds)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "w3c.py", src)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("DATELINE_FEEDVALIDATOR=%s: %v", os.Getenv("DATELINE_FEEDVALIDATOR"), err)
	}
	var got map[string][]string
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(feeds) {
		t.Fatalf("%d of %d feeds, %v", len(got), len(feeds), err)
	}
	return got
}
