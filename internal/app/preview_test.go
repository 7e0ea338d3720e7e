package app_test

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/media"
	"dateline/internal/user"
)

// ask is a request of somebody without an account.
func (n *newsroom) ask(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "lamp.test"
	w := httptest.NewRecorder()
	n.desk.ServeHTTP(w, r)
	return w
}

// photo puts a picture into the newsroom.
func (n *newsroom) photo(name string, width, height int) (m media.Media) {
	n.t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photograph(width, height), nil); err != nil {
		n.t.Fatal(err)
	}
	m, err := n.app.Media.Take(context.Background(), name, &b, 8<<20)
	if err != nil {
		n.t.Fatal(err)
	}
	n.change(func(ctx context.Context, tx *db.Tx) error {
		ids, err := n.app.Media.Put(ctx, tx, n.site.Publication.ID, []media.Media{m})
		m.ID = ids[0]
		return err
	})
	all, err := n.app.Media.ByIDs(context.Background(), []int64{m.ID})
	if err != nil {
		n.t.Fatal(err)
	}
	return all[m.ID]
}

var sourceOf = regexp.MustCompile(`src="([^"]*/media/[^"]*)"`)

// illustrated is a draft with a picture above it and one in it.
func (w writer) illustrated() (id int64, page string, lead, inside media.Media) {
	w.t.Helper()
	lead, inside = w.photo("ferry.jpg", 1300, 900), w.photo("pier.jpg", 1000, 700)
	id, page = w.began("en")
	w.write(id, func(m *article.Manuscript) {
		m.Headline, m.Standfirst = "Otters on the ferry", "They have tickets."
		m.Lead = article.Use{ID: lead.ID, Alt: "A ferry", Credit: "Somebody"}
		m.SocialTitle, m.SEODescription = "Otters afloat", strings.Repeat("Otters and tickets. ", 12)
		m.Body = fmt.Sprintf("<p id=\"b1abc\">The otters of the canary text sit on the left.</p>\n<figure id=\"b2abc\"><img src=\"ref:media/%d\" alt=\"A pier\"></figure>\n", inside.ID)
	})
	return id, page, lead, inside
}

// TestPreviews: one page has every look at a text that readers do not have yet, each
// made of what is saved, with its pictures; by readers' addresses these are not there.
func TestPreviews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		_, page, lead, inside := w.illustrated()
		get := func(path string) *httptest.ResponseRecorder { return at(n.desk, "GET", path, w.cookie, nil) }
		for as, want := range map[string][]string{
			"":       {`<div class="desktop"><iframe src="` + page + `/preview"`},
			"phone":  {`<div class="look-phone"><iframe src="` + page + `/preview"`},
			"social": {"Otters afloat", page + "/preview/card", "lamp.test"},
			"search": {"Otters on the ferry · ", "lamp.test › ", "tickets. Otters and …", "The description is cut"},
			"feed":   {"Otters on the ferry", "They have tickets.", "canary text", "&lt;item&gt;"},
			"links":  {"Nobody has been given a link."},
			"x":      {`<div class="desktop"><iframe`},
		} {
			answer := get(page + "/previews?as=" + as)
			for _, text := range want {
				if !strings.Contains(answer.Body.String(), text) {
					t.Errorf("as %q: %d without %q", as, answer.Code, text)
				}
			}
			policy := answer.Header().Get("Content-Security-Policy")
			if framed := strings.Contains(answer.Body.String(), "<iframe"); framed != strings.Contains(policy, "frame-src 'self'") {
				t.Errorf("as %q: frames %v, but %s", as, framed, policy)
			}
		}
		exact := get(page + "/preview")
		h := exact.Header()
		if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("X-Robots-Tag"), "noindex") || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
			t.Errorf("the page's headers: %v", h)
		}
		body := exact.Body.String()
		if strings.Contains(body, "data-beacon") || strings.Contains(body, "/-/views/") || strings.Contains(body, `class="strip own"`) {
			t.Error("a look at the desk is counted, or says that it is by a link")
		}
		found := 0
		for _, m := range sourceOf.FindAllStringSubmatch(body, -1) {
			for _, own := range []media.Media{lead, inside} {
				if !strings.Contains(m[1], own.Token) {
					continue
				}
				found++
				if code := get(m[1]).Code; code != http.StatusOK {
					t.Errorf("%s: %d", m[1], code)
				}
				public := m[1][strings.Index(m[1], "/media/"):]
				if code := n.ask(public).Code; code != http.StatusNotFound {
					t.Errorf("readers get %s: %d", public, code)
				}
				if code := n.ask(m[1]).Code; code == http.StatusOK {
					t.Errorf("somebody without an account gets %s", m[1])
				}
			}
		}
		if found < 2 {
			t.Errorf("%d of the pictures stand on the page", found)
		}
		card := get(page + "/preview/card")
		if card.Code != http.StatusOK || !strings.HasPrefix(card.Header().Get("Content-Type"), "image/") || !strings.Contains(card.Header().Get("Cache-Control"), "no-store") {
			t.Errorf("the card: %d %v", card.Code, card.Header())
		}
	})
}

var givenLink = regexp.MustCompile(`<code id="link">[^<]*(/-/preview/[A-Z2-7]+)</code>`)

// TestPreviewLink: a link shows the text as it is saved, and its pictures, to whoever
// has it, until its end, until somebody ends it or an embargo holds; nothing else of
// what it shows is to be had, and nobody keeps or counts it.
func TestPreviewLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, page, lead, _ := w.illustrated()
		other := n.photo("secret.jpg", 900, 600)
		give := func(days string) (string, string) {
			t.Helper()
			_, body := w.post(page+"/links", "days", days)
			if m := givenLink.FindStringSubmatch(body); m != nil {
				return m[1], body
			}
			return "", body
		}
		if link, body := give("30"); link != "" || !strings.Contains(body, "1, 3 or 7 days") {
			t.Errorf("a link for a month: %s", link)
		}
		link, _ := give("3")
		if link == "" {
			t.Fatal("no link was made")
		}
		if list := at(n.desk, "GET", page+"/previews?as=links", w.cookie, nil).Body.String(); strings.Contains(list, link) || !strings.Contains(list, "End it") {
			t.Error("the list does not have the link, or says what it is called")
		}
		token := link[strings.LastIndexByte(link, '/')+1:]
		kept, err := db.List(t.Context(), d, db.One[string], "SELECT hash FROM preview_link")
		if err != nil || len(kept) != 1 || strings.Contains(kept[0], token) || len(kept[0]) != 64 {
			t.Errorf("of the link is kept %v (%v)", kept, err)
		}

		opens := func(what string, want bool) string {
			t.Helper()
			a := n.ask(link)
			shown := strings.Contains(a.Body.String(), "canary text")
			if shown != want || (a.Code == http.StatusOK) != want {
				t.Errorf("%s: %d, shown %v", what, a.Code, shown)
			}
			return a.Body.String()
		}
		a := n.ask(link)
		h := a.Header()
		if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("X-Robots-Tag"), "noindex") || h.Get("Referrer-Policy") != "no-referrer" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Set-Cookie") != "" {
			t.Errorf("headers: %v", h)
		}
		body := opens("fresh", true)
		if !strings.Contains(body, `class="strip own"`) || !strings.Contains(body, "This is a preview.") || strings.Contains(body, "/-/views/") || !strings.Contains(body, `content="noindex"`) {
			t.Error("the page does not say what it is, or is counted")
		}
		picture := ""
		for _, m := range sourceOf.FindAllStringSubmatch(body, -1) {
			if strings.Contains(m[1], lead.Token) {
				picture = m[1]
			}
		}
		pictured := func(what string, want int) {
			t.Helper()
			p := n.ask(picture)
			if p.Code != want || want == http.StatusOK && !strings.Contains(p.Header().Get("Cache-Control"), "no-store") {
				t.Errorf("%s: its picture %s: %d %v", what, picture, p.Code, p.Header())
			}
		}
		pictured("fresh", http.StatusOK)
		for _, path := range []string{lead.Path(), link + other.Path(), "/-/preview/" + strings.Repeat("A", 26) + lead.Path(), "/-/preview/" + strings.Repeat("A", 26), "/-/preview/x"} {
			if code := n.ask(path).Code; code != http.StatusNotFound {
				t.Errorf("%s: %d", path, code)
			}
		}
		// It shows what is saved now.
		w.write(id, func(m *article.Manuscript) { m.Headline = "Otters on both ferries" })
		if !strings.Contains(opens("changed", true), "Otters on both ferries") {
			t.Error("it shows an older text")
		}

		// An embargo holds links, too, unless the newsroom has decided otherwise.
		embargo := func(until time.Time) {
			n.change(func(ctx context.Context, tx *db.Tx) error { return n.app.Articles.SetEmbargo(ctx, tx, id, until) })
		}
		embargo(n.clock.now().Add(time.Hour))
		opens("under embargo", false)
		pictured("under embargo", http.StatusNotFound)
		if again, said := give("1"); again != "" || !strings.Contains(said, "under embargo") {
			t.Errorf("a link under embargo: %s", again)
		}
		n.change(func(ctx context.Context, tx *db.Tx) error {
			return n.app.Editions.Set(ctx, tx, "preview_embargo", "", "true")
		})
		opens("under embargo, where the newsroom allows it", true)
		n.change(func(ctx context.Context, tx *db.Tx) error {
			return n.app.Editions.Set(ctx, tx, "preview_embargo", "", "false")
		})
		embargo(time.Time{})
		opens("after the embargo", true)

		// Spiked, there is nothing to look at.
		w.post(page + "/spike")
		if !strings.Contains(opens("spiked", false), "This preview has ended") {
			t.Error("the link to what was spiked does not say that it has ended")
		}
		w.post(page + "/unspike")

		links, err := n.app.Articles.Links(t.Context(), id)
		if err != nil || len(links) != 1 {
			t.Fatal(links, err)
		}
		if _, said := w.post(fmt.Sprintf("%s/links/%d/end", page, links[0].ID)); said != "The link leads nowhere any more." {
			t.Errorf("ending: %q", said)
		}
		if body := opens("ended", false); !strings.Contains(body, "<h1>This preview has ended</h1>") || !strings.Contains(body, `content="noindex"`) {
			t.Errorf("its page does not say that it has ended: %.300s", body)
		}
		if a := n.ask(link); a.Code != http.StatusGone || a.Header().Get("Cache-Control") != "no-store" || a.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("ended: %d %v", a.Code, a.Header())
		}
		pictured("ended", http.StatusNotFound)
		if code, _ := w.post(fmt.Sprintf("%s/links/%d/end", page, links[0].ID)); code == http.StatusSeeOther {
			t.Error("it was ended twice")
		}
		deeds, err := audit.Of(t.Context(), d, "article", id, 99)
		if err != nil {
			t.Fatal(err)
		}
		did := map[string]int{}
		for _, e := range deeds {
			did[e.Action]++
		}
		if did["article.link"] != 1 || did["article.link_end"] != 1 {
			t.Errorf("the log has %v", did)
		}

		// Its time is over to the millisecond.
		link, _ = give("1")
		n.clock.add(24*time.Hour - time.Millisecond)
		opens("in its last millisecond", true)
		n.clock.add(time.Millisecond)
		opens("after its end", false)
		n.clock.add(34 * 24 * time.Hour) // the first was to end after three days
		if err := n.app.Articles.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left, err := n.app.Articles.Links(t.Context(), id); err != nil || len(left) != 0 {
			t.Errorf("a month later %d are kept (%v)", len(left), err)
		}
	})
}

// TestPreviewAhead: what stands around an article at its minute are others that readers
// do not have yet. An editor sees them there; whoever has a link, or is an author, does
// not.
func TestPreviewAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, author := n.writer(user.Editor), n.writer(user.Author)
		zone, err := time.LoadLocation(n.site.Publication.Zone)
		if err != nil {
			t.Fatal(err)
		}
		var pages []string
		for i, headline := range []string{"The zqsecret before it", "The one that is shown"} {
			id, page := w.began("en")
			w.write(id, func(m *article.Manuscript) {
				m.Headline, m.Body, m.Sections = headline, "<p id=\"b1abc\">Words.</p>\n", []int64{n.section()}
			})
			w.post(page+"/work", "staff", fmt.Sprint(author.who.ID))
			then := n.clock.now().In(zone).AddDate(0, 0, 1+i)
			if _, said := w.post(page+"/publish", "version", n.version(id), "when", "at", "day", then.Format("2006-01-02"), "clock", then.Format("15:04")); !strings.Contains(said, "Readers will see it") {
				t.Fatalf("scheduling: %s", said)
			}
			pages = append(pages, page)
		}
		w.post(pages[0]+"/work", "staff", fmt.Sprint(w.who.ID))
		shown := func(who string, body string, ahead bool) {
			t.Helper()
			if !strings.Contains(body, "The one that is shown") || strings.Contains(body, "zqsecret") != ahead {
				t.Errorf("%s: what is scheduled before it is shown: %v, want %v", who, strings.Contains(body, "zqsecret"), ahead)
			}
		}
		shown("an editor", at(n.desk, "GET", pages[1]+"/preview", w.cookie, nil).Body.String(), true)
		shown("its author", at(n.desk, "GET", pages[1]+"/preview", author.cookie, nil).Body.String(), false)
		// From the look at it one goes on to the front page at that minute.
		front := regexp.MustCompile(`href="(/desk/front/\d+/rehearsal\?at=[^"]*)"`).FindStringSubmatch(at(n.desk, "GET", pages[1]+"/previews", w.cookie, nil).Body.String())
		if front == nil {
			t.Fatal("no way to the front page")
		}
		if a := at(n.desk, "GET", front[1], w.cookie, nil); a.Code != http.StatusOK {
			t.Errorf("%s: %d", front[1], a.Code)
		}
		if body := at(n.desk, "GET", pages[1]+"/previews", author.cookie, nil).Body.String(); strings.Contains(body, "/desk/front/") {
			t.Error("an author is led to the front page")
		}
		_, body := w.post(pages[1]+"/links", "days", "7")
		link := givenLink.FindStringSubmatch(body)
		if link == nil {
			t.Fatal("no link")
		}
		shown("somebody with a link", n.ask(link[1]).Body.String(), false)
		for _, as := range []string{"social", "search", "feed"} {
			if body := at(n.desk, "GET", pages[1]+"/previews?as="+as, author.cookie, nil).Body.String(); strings.Contains(body, "zqsecret") {
				t.Errorf("its author sees another's text as %s", as)
			}
		}
	})
}
