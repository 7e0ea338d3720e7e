package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/topic"
	"dateline/internal/user"
	"dateline/internal/web"
)

// writer is somebody at the desk.
type writer struct {
	*newsroom
	who    user.Account
	cookie string
}

func (n *newsroom) writer(role user.Role) writer {
	n.t.Helper()
	if err := n.app.Users.SetSelf(context.Background(), n.staff[role].ID, n.staff[role].Name, "en"); err != nil {
		n.t.Fatal(err)
	}
	return writer{n, n.staff[role], n.enter(n.staff[role])}
}

// post sends a form, and gives the status and the words that are said next.
func (w writer) post(path string, pairs ...string) (int, string) {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	answer := at(w.desk, "POST", path, w.cookie, form)
	to := answer.Header().Get("Location")
	if answer.Code != http.StatusSeeOther {
		return answer.Code, answer.Body.String()
	}
	cookie := w.cookie
	for _, c := range answer.Result().Cookies() {
		cookie += "; " + c.Name + "=" + c.Value
	}
	page := at(w.desk, "GET", to, cookie, nil)
	said := saidNext.FindStringSubmatch(page.Body.String())
	if said == nil {
		return answer.Code, to
	}
	return answer.Code, said[1]
}

var saidNext = regexp.MustCompile(`<p class="msg good" role="status">([^<]*)</p>`)

// send sends JSON and reads JSON.
func (w writer) send(path string, body, into any) int {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(string(raw)))
	r.Host = "lamp.test"
	for name, value := range map[string]string{"Cookie": w.cookie, "Content-Type": "application/json", "Accept": "application/json",
		"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"} {
		r.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	w.desk.ServeHTTP(answer, r)
	if into != nil && answer.Code == http.StatusOK {
		if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil {
			w.t.Fatalf("%s: %v %s", path, err, answer.Body)
		}
	}
	return answer.Code
}

// began makes an article in an edition and gives its page at the desk.
func (w writer) began(lang string) (id int64, path string) {
	w.t.Helper()
	ed, _ := w.site.ByLang(lang)
	answer := at(w.desk, "POST", "/desk/articles", w.cookie, url.Values{"edition": {fmt.Sprint(ed.ID)}})
	path = answer.Header().Get("Location")
	if _, err := fmt.Sscanf(path, "/desk/articles/%d", &id); err != nil {
		w.t.Fatalf("beginning: %d %s", answer.Code, answer.Body)
	}
	return id, path
}

type savedText struct {
	Version int
	State   string
	Clash   bool
	Text    *article.Manuscript
}

// copy is the working copy of an article.
func (n *newsroom) copy(id int64) article.Copy {
	n.t.Helper()
	a, err := n.app.Articles.Get(context.Background(), n.app.DB, id)
	if err != nil {
		n.t.Fatal(err)
	}
	c, err := n.app.Articles.Working(context.Background(), n.app.DB, a)
	if err != nil {
		n.t.Fatal(err)
	}
	return c
}

// write changes an article's text as its page would.
func (w writer) write(id int64, change func(*article.Manuscript)) savedText {
	w.t.Helper()
	c := w.copy(id)
	m := c.Text
	change(&m)
	var out savedText
	if code := w.send(fmt.Sprintf("/desk/articles/%d/save", id), map[string]any{"version": c.Version, "text": m}, &out); code != http.StatusOK {
		w.t.Fatalf("saving article %d: %d", id, code)
	}
	return out
}

func (n *newsroom) version(id int64) string { return fmt.Sprint(n.copy(id).Version) }

// section is a section of the newsroom.
func (n *newsroom) section() int64 {
	n.t.Helper()
	tree, err := n.app.Topics.Tree(context.Background(), n.site.Publication.ID)
	if err != nil {
		n.t.Fatal(err)
	}
	return tree.OfKind(topic.Section)[0].ID
}

// readers gives the status and the page that readers get.
func (n *newsroom) readers(path string) (int, string) {
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "lamp.test"
	w := httptest.NewRecorder()
	n.desk.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestWriteAndPublish takes an article from nothing to readers, changes it, corrects
// it and takes it back, by the requests that its page makes.
func TestWriteAndPublish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, page := w.began("en")
		if code, said := w.post(page+"/publish", "version", "1", "when", "now"); !strings.Contains(said, "headline, text") {
			t.Errorf("an empty article was published: %d %q", code, said)
		}
		saved := w.write(id, func(m *article.Manuscript) {
			m.Headline, m.Standfirst, m.Sections = "The otter  bank opens", "It opens.", []int64{n.section()}
			m.Body = "<p id=\"b1abc\">Otters may save here.</p>\n"
		})
		if saved.Version != 2 || saved.Clash || saved.Text != nil {
			t.Errorf("saved: %+v", saved)
		}
		day := n.clock.now().In(zoneOf(t, n.site.Publication.Zone)).Format("2006/01/02")
		public := "/" + day + "/the-otter-bank-opens"
		if code, _ := n.readers(public); code != http.StatusNotFound {
			t.Errorf("readers get a draft: %d", code)
		}
		if code, said := w.post(page+"/publish", "version", "1", "when", "now"); !strings.Contains(said, "changed the text meanwhile") {
			t.Errorf("what was not looked at was published: %d %q", code, said)
		}
		if code, said := w.post(page+"/publish", "version", n.version(id), "when", "now"); said != "Published." {
			t.Fatalf("publishing: %d %q", code, said)
		}
		code, body := n.readers(public)
		if code != http.StatusOK || !strings.Contains(body, "Otters may save here.") || !strings.Contains(body, "The otter bank opens") {
			t.Fatalf("readers get %d of %s", code, public)
		}
		for _, where := range []string{"/", "/feed.xml", "/" + day[:7] + "/", "/search?q=otter"} {
			if code, body := n.readers(where); code != http.StatusOK || !strings.Contains(body, "otter bank opens") {
				t.Errorf("%s: %d, without the article", where, code)
			}
		}

		// A change is worked on apart from what readers see.
		w.write(id, func(m *article.Manuscript) {
			m.Body = strings.Replace(m.Body, "Otters", "Otters and herons", 1)
		})
		if _, body := n.readers(public); strings.Contains(body, "herons") {
			t.Error("readers see what is being changed")
		}
		if code, said := w.post(page+"/publish", "version", n.version(id), "when", "now", "change", "correction"); !strings.Contains(said, "what was wrong") {
			t.Errorf("a correction without words: %d %q", code, said)
		}
		n.clock.add(time.Hour)
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "now", "change", "correction", "note", "We had forgotten the herons."); said != "Published." {
			t.Errorf("correcting: %q", said)
		}
		if _, body := n.readers(public); !strings.Contains(body, "Otters and herons") || !strings.Contains(body, "We had forgotten the herons.") {
			t.Error("readers do not see the correction")
		}
		revisions, err := n.app.Articles.Revisions(context.Background(), id)
		if err != nil || len(revisions) != 2 || revisions[1].Actor != w.who.Name || revisions[1].Why != "correction" {
			t.Errorf("revisions: %v %+v", err, revisions)
		}
		if err := article.Verify(revisions); err != nil {
			t.Error(err)
		}

		// What changed is told word by word.
		compared := at(n.desk, "GET", page+"/compare?a=1&b=2", w.cookie, nil).Body.String()
		if !strings.Contains(compared, "<ins><span class=\"vh\">Added: </span>") || !strings.Contains(compared, "herons") || strings.Count(compared, "id=\"change-") != 1 {
			t.Errorf("comparing: %s", compared)
		}

		// An earlier revision is worked on again; what is thrown away changes nothing.
		if _, said := w.post(page+"/restore", "revision", "1"); !strings.Contains(said, "worked on again") {
			t.Errorf("restoring: %q", said)
		}
		if text := n.copy(id).Text.Body; strings.Contains(text, "herons") {
			t.Errorf("restored: %q", text)
		}
		if _, said := w.post(page + "/discard"); said != "The changes are gone." {
			t.Errorf("throwing away: %q", said)
		}
		if text := n.copy(id).Text.Body; !strings.Contains(text, "herons") {
			t.Errorf("after throwing away: %q", text)
		}

		if _, said := w.post(page+"/withdraw", "reason", " "); !strings.Contains(said, "Give a reason") {
			t.Errorf("withdrawing without a reason: %q", said)
		}
		if _, said := w.post(page+"/withdraw", "reason", "There is no such bank."); said != "Withdrawn." {
			t.Errorf("withdrawing: %q", said)
		}
		if code, body := n.readers(public); code != http.StatusGone || !strings.Contains(body, "There is no such bank.") {
			t.Errorf("withdrawn: %d", code)
		}
		if code := w.send(page+"/save", map[string]any{"version": 0, "text": n.copy(id).Text}, nil); code != http.StatusConflict {
			t.Errorf("what was withdrawn was changed: %d", code)
		}
	})
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestSchedule: what is given a time is nobody's before it, on no page, in no feed and
// no search, and everybody's from that millisecond on; a change of what readers see
// takes its place by the clock, once.
func TestSchedule(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, page := w.began("en")
		w.write(id, func(m *article.Manuscript) {
			m.Headline, m.Sections, m.Body = "Canary zzyzx sings", []int64{n.section()}, "<p id=\"b1abc\">A zzyzx.</p>\n"
		})
		zone := zoneOf(t, n.site.Publication.Zone)
		from := n.clock.now().In(zone).Add(26 * time.Hour).Truncate(time.Minute)
		for _, wrong := range []struct{ day, clock, says string }{
			{n.clock.now().In(zone).Add(-time.Hour).Format("2006-01-02"), "00:00", "has passed"}, {"2026-02-30", "10:00", "is no time"}, {"", "", "is no time"},
		} {
			if _, said := w.post(page+"/publish", "version", n.version(id), "when", "at", "day", wrong.day, "clock", wrong.clock); !strings.Contains(said, wrong.says) {
				t.Errorf("at %s %s: %q", wrong.day, wrong.clock, said)
			}
		}
		if code, said := w.post(page+"/publish", "version", n.version(id), "when", "at", "day", from.Format("2006-01-02"), "clock", from.Format("15:04")); !strings.Contains(said, "Readers will see it") {
			t.Fatalf("scheduling: %d %q", code, said)
		}
		a, err := n.app.Articles.Get(context.Background(), n.app.DB, id)
		if err != nil || !a.VisibleFrom.Equal(from) {
			t.Fatalf("scheduled for %v: %v", a.VisibleFrom, err)
		}
		// It is in the plan of its week, and what is wanted stands in that of its own.
		w.post(page+"/work", "staff", fmt.Sprint(w.who.ID), "wanted", from.AddDate(0, 0, 14).Format("2006-01-02T15:04"))
		other, otherPage := w.began("ru")
		w.write(other, func(m *article.Manuscript) { m.Headline = "Wanted zzyzx" })
		w.post(otherPage+"/work", "wanted", from.AddDate(0, 0, 7).Format("2006-01-02T15:04"))
		for week, want := range map[time.Time]string{from: "Canary zzyzx", from.AddDate(0, 0, 7): "Wanted zzyzx", from.AddDate(0, 0, 14): ""} {
			body := at(n.desk, "GET", "/desk/plan?week="+week.Format("2006-01-02"), w.cookie, nil).Body.String()
			if strings.Count(body, "zzyzx") != len(want)/12 || !strings.Contains(body, want) {
				t.Errorf("the plan of %s does not have %q alone", week.Format("2006-01-02"), want)
			}
		}
		places := append(crawl(n.desk, "/", "/ru/", "/kk/"), "/"+a.Path, "/feed.xml", "/feed.atom", "/feed.json", "/sitemap.xml", "/sitemap-en-1.xml", "/news-en.xml", "/search?q=zzyzx")
		n.clock.add(from.Sub(n.clock.now()) - time.Millisecond)
		for _, p := range places {
			// Nothing found repeats what was asked for.
			if _, body := n.readers(p); strings.Contains(body, "zzyzx") && !strings.Contains(p, "zzyzx") || strings.Contains(body, "Canary") || strings.Contains(body, "A zzyzx") {
				t.Errorf("a millisecond before its time it is at %s", p)
			}
		}
		n.clock.add(time.Millisecond)
		for _, p := range []string{"/", "/" + a.Path, "/feed.xml", "/search?q=zzyzx"} {
			if _, body := n.readers(p); !strings.Contains(body, "Canary") {
				t.Errorf("at its time it is not at %s", p)
			}
		}

		// A change of it, deferred.
		w.write(id, func(m *article.Manuscript) { m.Headline = "Canary zzyzx sings twice" })
		due := n.clock.now().In(zone).Add(2 * time.Hour)
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "at", "day", due.Format("2006-01-02"), "clock", due.Format("15:04:05")); !strings.Contains(said, "Readers will see it") {
			t.Errorf("deferring: %q", said)
		}
		n.clock.add(2*time.Hour - time.Second)
		if err := n.app.Editor.Due(context.Background()); err != nil {
			t.Fatal(err)
		}
		if _, body := n.readers("/" + a.Path); strings.Contains(body, "twice") {
			t.Error("a deferred change came too early")
		}
		n.clock.add(2 * time.Second)
		for range 2 { // two nodes
			if err := n.app.Editor.Due(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if _, body := n.readers("/" + a.Path); !strings.Contains(body, "twice") {
			t.Error("a deferred change did not come")
		}
		if list, err := n.app.Articles.Revisions(context.Background(), id); err != nil || len(list) != 2 {
			t.Errorf("%d revisions after one deferred change: %v", len(list), err)
		}
	})
}

// TestEmbargo: what is under embargo nobody shows to readers earlier, by whatever way,
// until two people have lifted it.
func TestEmbargo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, other := n.writer(user.Editor), n.writer(user.Admin)
		id, page := w.began("en")
		w.write(id, func(m *article.Manuscript) { m.Headline, m.Body = "Held back", "<p id=\"b1abc\">Words.</p>\n" })
		zone := zoneOf(t, n.site.Publication.Zone)
		at := func(hours int) []string {
			x := n.clock.now().In(zone).Add(time.Duration(hours) * time.Hour).Truncate(time.Minute)
			return []string{"version", n.version(id), "when", "at", "day", x.Format("2006-01-02"), "clock", x.Format("15:04")}
		}
		if _, said := w.post(page+"/publish", append(at(20), "embargo", "1")...); !strings.Contains(said, "Readers will see it") {
			t.Fatalf("scheduling: %q", said)
		}
		now := func() []string { return []string{"version", n.version(id), "when", "now"} }
		refused := func(how string, w writer, form []string) {
			t.Helper()
			if _, said := w.post(page+"/publish", form...); !strings.Contains(said, "under embargo until") {
				t.Errorf("%s: %q", how, said)
			}
		}
		refused("now", w, now())
		refused("earlier", other, at(10))
		w.post(page+"/unschedule", "version", n.version(id))
		refused("after it was taken back", w, now())
		if _, said := w.post(page + "/lift"); said != "A second person has to agree." {
			t.Errorf("asking: %q", said)
		}
		refused("asked by one", w, now())
		if _, said := w.post(page + "/lift"); !strings.Contains(said, "Somebody else has to agree") {
			t.Errorf("asking twice: %q", said)
		}
		refused("asked twice by one", w, now())
		if _, said := other.post(page + "/lift"); !strings.Contains(said, "is lifted") {
			t.Errorf("agreeing: %q", said)
		}
		if _, said := w.post(page+"/publish", now()...); said != "Published." {
			t.Errorf("lifted: %q", said)
		}
		if _, said := other.post(page + "/lift"); !strings.Contains(said, "under no embargo") {
			t.Errorf("lifting none: %q", said)
		}
	})
}

// TestReview: where the newsroom wants it, nothing is published that nobody but its
// writers found ready; a text that is changed afterwards is to be read again.
func TestReview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		n.change(func(ctx context.Context, tx *db.Tx) error { return n.app.Editions.Set(ctx, tx, "review", "", "true") })
		w, admin := n.writer(user.Editor), n.writer(user.Admin)
		id, page := w.began("en")
		w.write(id, func(m *article.Manuscript) { m.Headline, m.Body = "Read me", "<p id=\"b1abc\">Words.</p>\n" })
		publish := func() string {
			_, said := w.post(page+"/publish", "version", n.version(id), "when", "now")
			return said
		}
		if said := publish(); !strings.Contains(said, "find it ready") {
			t.Errorf("unread: %q", said)
		}
		w.post(page+"/move", "version", n.version(id), "to", "in_review")
		w.post(page+"/move", "version", n.version(id), "to", "ready") // by its writer
		if said := publish(); !strings.Contains(said, "find it ready") {
			t.Errorf("found ready by its writer: %q", said)
		}
		w.post(page+"/move", "version", n.version(id), "to", "in_review")
		if _, said := admin.post(page+"/move", "version", n.version(id), "to", "ready"); said != "Found ready." {
			t.Errorf("finding ready: %q", said)
		}
		w.write(id, func(m *article.Manuscript) { m.Headline = "Read me twice" })
		if c := n.copy(id); c.State != article.Draft {
			t.Errorf("changed after it was found ready, it is %s", c.State)
		}
		if said := publish(); !strings.Contains(said, "find it ready") {
			t.Errorf("changed since it was read: %q", said)
		}
		admin.post(page+"/move", "version", n.version(id), "to", "ready")
		if said := publish(); said != "Published." {
			t.Errorf("read: %q", said)
		}
	})
}

// TestTranslateAndSpike: an edition is begun from another's text, once; what nobody
// has seen is dropped and taken up again.
func TestTranslateAndSpike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, tr := n.writer(user.Editor), n.writer(user.Translator)
		id, page := w.began("en")
		w.write(id, func(m *article.Manuscript) {
			m.Headline, m.Body = "To be said in Kazakh", "<p id=\"b1abc\">Words.</p>\n"
		})
		kk, _ := n.site.ByLang("kk")
		answer := at(n.desk, "POST", page+"/translate", tr.cookie, url.Values{"edition": {fmt.Sprint(kk.ID)}})
		var other int64
		if _, err := fmt.Sscanf(answer.Header().Get("Location"), "/desk/articles/%d", &other); err != nil || other == id {
			t.Fatalf("translating: %d %s", answer.Code, answer.Body)
		}
		again := at(n.desk, "POST", page+"/translate", tr.cookie, url.Values{"edition": {fmt.Sprint(kk.ID)}})
		if again.Header().Get("Location") != answer.Header().Get("Location") {
			t.Errorf("translated twice: %s, %s", answer.Header().Get("Location"), again.Header().Get("Location"))
		}
		tr.write(other, func(m *article.Manuscript) { m.Headline = "Қазақша айтылғаны" })
		if code := tr.send(page+"/save", map[string]any{"version": 2, "text": n.copy(id).Text}, nil); code != http.StatusForbidden {
			t.Errorf("a translator changed the original: %d", code)
		}
		// The original goes on: the paragraph that changed is behind, and is not any more
		// once the translator says so.
		tr.write(other, func(m *article.Manuscript) { m.Body = "<p id=\"b1abc\">Сөздер.</p>\n" })
		behind := func() string {
			return at(n.desk, "GET", fmt.Sprintf("/desk/articles/%d", other), tr.cookie, nil).Body.String()
		}
		if body := behind(); strings.Contains(body, "is behind the original") {
			t.Error("a translation is behind an original that nobody changed")
		}
		w.write(id, func(m *article.Manuscript) {
			m.Body = "<p id=\"b1abc\">Other words.</p>\n<p id=\"b2abc\">New ones.</p>\n"
		})
		if body := behind(); !strings.Contains(body, "2 paragraphs are behind the original") || !strings.Contains(body, "Other words.") || !strings.Contains(body, `"stale":["b1abc"]`) {
			t.Errorf("behind: %s", body)
		}
		if _, said := tr.post(fmt.Sprintf("/desk/articles/%d/caught-up", other)); said != "The translation is up to date." {
			t.Errorf("catching up: %q", said)
		}
		if body := behind(); strings.Contains(body, "behind the original") {
			t.Error("still behind")
		}
		if _, said := w.post(page + "/spike"); said != "Spiked." {
			t.Errorf("spiking: %q", said)
		}
		if code := w.send(page+"/save", map[string]any{"version": 2, "text": n.copy(id).Text}, nil); code != http.StatusConflict {
			t.Errorf("what was spiked was changed: %d", code)
		}
		if _, said := w.post(page + "/unspike"); said != "Taken up again." {
			t.Errorf("taking up again: %q", said)
		}
		if m := n.copy(id).Text; m.Headline != "To be said in Kazakh" {
			t.Errorf("taken up again: %q", m.Headline)
		}
	})
}

// TestArticleRights goes over the routes of room article, the roles, and whether the
// article is theirs.
func TestArticleRights(t *testing.T) {
	d := dbtest.New(t)
	n := openNewsroom(t, d)
	covered := map[string]bool{}
	for role, who := range n.staff {
		w := writer{n, who, n.enter(who)}
		for _, mine := range []bool{true, false} {
			for _, c := range []struct {
				method, route string
				p             user.Permission
				may           func(user.Role, bool) bool
				form          []string
				body          any
			}{
				{method: "GET", route: "", p: user.ReadArticles},
				{method: "GET", route: "/revisions", p: user.ReadArticles},
				{method: "GET", route: "/preview", p: user.ReadArticles},
				{method: "GET", route: "/preview/card", p: user.ReadArticles},
				{method: "GET", route: "/preview/media/{token}/{name...}", p: user.ReadArticles},
				{method: "GET", route: "/previews", p: user.ReadArticles},
				{method: "POST", route: "/links", p: user.PublishArticles, form: []string{"days", "1"}},
				{method: "POST", route: "/links/{link}/end", p: user.PublishArticles},
				{method: "GET", route: "/compare", p: user.ReadArticles},
				{method: "GET", route: "/glossary", p: user.ReadArticles},
				{method: "POST", route: "/here", p: user.ReadArticles, body: map[string]any{"tab": "t"}},
				{method: "POST", route: "/save", p: user.WriteArticles, body: map[string]any{"version": 1, "text": map[string]any{"headline": "New words"}}},
				{method: "POST", route: "/move", p: user.WriteArticles, form: []string{"to", "in_review", "version", "1"}},
				{method: "POST", route: "/publish", p: user.PublishArticles, form: []string{"when", "now", "version", "1"}},
				{method: "POST", route: "/lift", p: user.PublishArticles},
				{method: "POST", route: "/unschedule", p: user.PublishArticles, form: []string{"version", "1"}},
				{method: "POST", route: "/withdraw", p: user.PublishArticles, form: []string{"reason", "x"}},
				{method: "POST", route: "/spike", p: user.WriteArticles},
				{method: "POST", route: "/unspike", p: user.WriteArticles},
				{method: "POST", route: "/discard", p: user.WriteArticles},
				{method: "POST", route: "/work", p: user.WriteArticles, form: []string{"notes", "x"}},
				{method: "POST", route: "/caught-up", p: user.WriteArticles},
				{method: "POST", route: "/restore", p: user.WriteArticles, form: []string{"revision", "1"}},
				{method: "POST", route: "/translate", p: user.Translate, form: []string{"edition", "2"}},
				{method: "GET", route: "/remarks", p: user.ReadArticles},
				{method: "POST", route: "/remarks", p: user.ReadArticles, form: []string{"kind", "comment", "exact", "Whose", "field", "headline", "note", "x"}},
				{method: "POST", route: "/remarks/{remark}/apply", p: user.WriteArticles},
				{method: "POST", route: "/remarks/{remark}/refuse", p: user.WriteArticles},
				{method: "POST", route: "/told", p: user.PublishArticles, form: []string{"kind", "note", "note", "x"}},
				{method: "POST", route: "/told/{told}", p: user.PublishArticles, form: []string{"kind", "note", "note", "x"}},
				{method: "POST", route: "/told/{told}/withdraw", p: user.PublishArticles},
			} {
				covered[c.method+" /desk/articles/{id}"+c.route] = true
				var id int64
				owner := n.staff[user.Moderator].ID // who has nothing else to do with articles
				if mine {
					owner = who.ID
				}
				n.change(func(ctx context.Context, tx *db.Tx) (err error) {
					id, err = n.app.Articles.Begin(ctx, tx, article.Start{Publication: n.site.Publication.ID, Edition: n.site.Default().ID, Kind: article.Text,
						Text: article.Manuscript{Headline: "Whose"}, Staff: owner})
					return err
				})
				may := role.Reach(c.p) == user.All || role.Reach(c.p) == user.Mine && mine
				path := fmt.Sprintf("/desk/articles/%d%s", id, strings.NewReplacer("{told}", "1", "{remark}", "1").Replace(c.route))
				var code int
				switch {
				case c.body != nil:
					code = w.send(path, c.body, nil)
				default:
					form := url.Values{}
					for i := 0; i+1 < len(c.form); i += 2 {
						form.Set(c.form[i], c.form[i+1])
					}
					code = at(n.desk, c.method, path, w.cookie, form).Code
				}
				if may && (code == http.StatusForbidden || code >= 500 || code == http.StatusUnauthorized) || !may && code != http.StatusForbidden {
					t.Errorf("%s %s by %s, mine %v: %d", c.method, c.route, role, mine, code)
				}
				if c.route == "/save" && (n.copy(id).Text.Headline == "New words") != may {
					t.Errorf("the text of %s, mine %v, says %q", role, mine, n.copy(id).Text.Headline)
				}
			}
		}
	}
	for _, r := range n.app.DeskRouter.Routes() {
		if r.Kind == web.Desk && strings.HasPrefix(r.Pattern, "/desk/articles/{id}") && !covered[r.Method+" "+r.Pattern] {
			t.Errorf("%s %s is not covered", r.Method, r.Pattern)
		}
	}
	if roles := user.Roles(); len(covered) != 31 || !slices.Contains(roles, user.Author) {
		t.Errorf("%d routes", len(covered))
	}
}
