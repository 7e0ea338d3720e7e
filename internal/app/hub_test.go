package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/user"
)

// hubServer answers as hubs do: 503 with a pause first, then 204 (PubSubHubbub 0.3
// §7.1), and what it is told to.
type hubServer struct {
	*httptest.Server
	mu      sync.Mutex
	answers []int // the next ones; then 204
	told    []url.Values
}

func openHub(t *testing.T) *hubServer {
	h := &hubServer{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if err := r.ParseForm(); err != nil || r.Method != "POST" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			http.Error(w, "a form, please", http.StatusBadRequest)
			return
		}
		if len(h.answers) > 0 {
			code := h.answers[0]
			h.answers = h.answers[1:]
			if code == http.StatusServiceUnavailable {
				w.Header().Set("Retry-After", "120")
			}
			w.WriteHeader(code)
			io.WriteString(w, "not <b>now</b>")
			return
		}
		h.told = append(h.told, r.PostForm)
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(h.Close)
	return h
}

var openDelivery = regexp.MustCompile(`/desk/delivery/([0-9]+)/`)

// TestHub: a hub that is set is told of every feed in which a published article stands,
// once readers can see it and not before; one that does not answer is told again; what
// failed is seen at the desk and tried again from there.
func TestHub(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		ctx := context.Background()
		w := n.writer(user.Editor)
		hub := openHub(t)
		deliver := func() {
			t.Helper()
			if err := n.app.Channels.Once(ctx); err != nil {
				t.Fatal(err)
			}
		}
		deliver() // what the demo published, without a hub
		n.set(map[string]string{"websub_hub": hub.URL})
		n.clock.add(time.Second)
		deliver()
		if len(hub.told) > 0 {
			t.Fatalf("the hub was told of what was published before it was set: %v", hub.told)
		}
		id, page := w.began("ru")
		w.write(id, func(m *article.Manuscript) {
			m.Headline, m.Sections, m.Body = "Канарейка поёт", []int64{n.section()}, "<p id=\"b1abc\">Она поёт.</p>\n"
		})
		zone := zoneOf(t, n.site.Publication.Zone)
		from := n.clock.now().In(zone).Add(26 * time.Hour).Truncate(time.Minute)
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "at", "day", from.Format("2006-01-02"), "clock", from.Format("15:04")); !strings.Contains(said, "Readers will see it") {
			t.Fatal(said)
		}
		n.clock.add(from.Sub(n.clock.now()) - time.Millisecond)
		deliver()
		if len(hub.told) > 0 {
			t.Fatalf("a millisecond too early the hub is told %v", hub.told)
		}
		n.clock.add(time.Millisecond)
		hub.answers = []int{http.StatusServiceUnavailable}
		deliver()
		if body := at(n.desk, "GET", "/desk/delivery", w.cookie, nil).Body.String(); !strings.Contains(body, "Trying again") || !strings.Contains(body, "503 Service Unavailable: not &lt;b&gt;now&lt;/b&gt;") || !strings.Contains(body, "Канарейка поёт") {
			t.Errorf("the ledger does not tell what the hub said: %s", body)
		}
		n.clock.add(119 * time.Second)
		deliver()
		if len(hub.told) > 0 {
			t.Error("a hub that asked for two minutes was told before")
		}
		n.clock.add(2 * time.Second)
		deliver()
		deliver()
		if len(hub.told) != 1 || hub.told[0].Get("hub.mode") != "publish" {
			t.Fatalf("the hub was told %v", hub.told)
		}
		feeds := hub.told[0]["hub.url"]
		if len(feeds) < 6 || !slices.Contains(feeds, n.app.BaseURL+"/ru/feed.xml") || !slices.Contains(feeds, n.app.BaseURL+"/ru/atom.xml") {
			t.Errorf("told of %v", feeds)
		}
		for _, feed := range feeds {
			path := strings.TrimPrefix(feed, n.app.BaseURL)
			if code, body := n.readers(path); code != http.StatusOK || !strings.Contains(body, "Канарейка поёт") || !strings.Contains(body, hub.URL) {
				t.Errorf("%s: %d, with the article: %v, with the hub: %v", feed, code, strings.Contains(body, "Канарейка"), strings.Contains(body, hub.URL))
			}
		}

		// A hub that says no is not told again, until somebody wants it.
		hub.answers = []int{http.StatusNotFound}
		second, page := w.began("en")
		w.write(second, func(m *article.Manuscript) {
			m.Headline, m.Sections, m.Body = "The canary rests", []int64{n.section()}, "<p id=\"b1abc\">It rests.</p>\n"
		})
		if _, said := w.post(page+"/publish", "version", n.version(second), "when", "now"); said != "Published." {
			t.Fatal(said)
		}
		deliver()
		n.clock.add(72 * time.Hour)
		deliver()
		if len(hub.told) != 1 {
			t.Errorf("after its no the hub was told again: %v", hub.told)
		}
		body := at(n.desk, "GET", "/desk/delivery", w.cookie, nil).Body.String()
		failed := openDelivery.FindStringSubmatch(body)
		if failed == nil || !strings.Contains(body, "Failed") {
			t.Fatalf("no failed delivery at the desk: %s", body)
		}
		if body := at(n.desk, "GET", page, w.cookie, nil).Body.String(); !strings.Contains(body, "404 Not Found") {
			t.Error("the article's page does not tell that its delivery has failed")
		}
		if _, said := w.post("/desk/delivery/" + failed[1] + "/drop"); said != "It was given up." {
			t.Errorf("giving up: %q", said)
		}
		if code, _ := w.post("/desk/delivery/" + failed[1] + "/drop"); code != http.StatusConflict {
			t.Errorf("giving up twice: %d", code)
		}
		if _, said := w.post("/desk/delivery/" + failed[1] + "/again"); said != "It is tried again now." {
			t.Errorf("trying again: %q", said)
		}
		deliver()
		if len(hub.told) != 2 || !slices.Contains(hub.told[1]["hub.url"], n.app.BaseURL+"/feed.json") {
			t.Errorf("tried again, the hub was told %v", hub.told[1:])
		}
		if code, _ := w.post("/desk/delivery/1/drop"); code != http.StatusNotFound {
			t.Errorf("an event that is no delivery was given up: %d", code)
		}
	})
}
