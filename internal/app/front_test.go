package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/front"
	"dateline/internal/lang"
	"dateline/internal/user"
)

// done arranges the front page of an edition, as it is now.
func (h *house) done(ed edition.Edition, deeds ...front.Deed) {
	h.t.Helper()
	h.change(func(ctx context.Context, tx *db.Tx) error {
		for _, d := range deeds {
			if err := h.arrange(ctx, tx, ed.ID, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// published makes an article that readers see from an instant on.
func (h *house) published(ed edition.Edition, at time.Time, headline string) (id int64) {
	h.t.Helper()
	h.change(func(ctx context.Context, tx *db.Tx) error {
		e := h.fresh(ed, at)
		e.Content.Headline = headline
		e.VisibleFrom = at
		saved, err := h.app.Articles.Put(ctx, tx, []article.Edit{e})
		if err == nil {
			id = saved[0].ID
		}
		return err
	})
	return id
}

// TestFrontEmbargo: an article that is pinned before readers may see it is on no page
// before its instant, and on the front page from then on; one that is withdrawn leaves
// it at once. The same of the line above the pages.
func TestFrontEmbargo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 3)
		site, en := h.app.Handler(), h.site.Default()
		instant := monday.Add(90*time.Minute + 7*time.Millisecond)
		id := h.published(en, instant, "Canary of the embargo")
		before := get(site, "/")
		h.done(en, front.Deed{What: front.Pin, Over: true, Place: front.Lead, Article: id},
			front.Deed{What: front.Say, Text: "Canary of the line", Article: id, Until: instant.Add(2 * time.Hour)})
		silent := func(when string) {
			t.Helper()
			for _, path := range []string{"/", "/ru/", "/archive", "/feed.xml"} {
				if strings.Contains(get(site, path), "Canary") {
					t.Errorf("%s %s tells of what is under embargo", when, path)
				}
			}
		}
		silent("pinned,")
		if strings.Count(get(site, "/"), `<article`) != strings.Count(before, `<article`) {
			t.Error("no other article stands in its place")
		}
		h.clock.add(instant.Sub(monday) - time.Millisecond)
		silent("a millisecond before,")
		h.clock.add(time.Millisecond)
		now := get(site, "/")
		if !strings.Contains(now[:strings.Index(now, "</article>")], "Canary of the embargo") || !strings.Contains(now, "Canary of the line") {
			t.Error("at its instant it does not lead the page")
		}
		if !strings.Contains(get(site, "/archive/"), "Canary of the line") && !strings.Contains(get(site, "/privacy"), "Canary of the line") {
			t.Error("the line stands on no other page")
		}
		if strings.Contains(get(site, "/ru/"), "Canary") {
			t.Error("another edition tells of it")
		}
		h.change(func(ctx context.Context, tx *db.Tx) error { return h.app.Articles.Withdraw(ctx, tx, id, "wrong") })
		silent("withdrawn,")

		// A pin has an end, and so has the line.
		other := h.published(en, h.clock.now().Add(-100*24*time.Hour), "Canary of old")
		until := h.clock.now().Add(time.Hour)
		h.done(en, front.Deed{What: front.Pin, Over: true, Place: front.Second2, Article: other, Until: until}, front.Deed{What: front.Say, Text: "Canary again", Until: until})
		h.clock.add(time.Hour - time.Millisecond)
		placed := func() bool {
			list, err := h.app.Site.Placed(context.Background(), en.ID, h.clock.now())
			return err == nil && slices.ContainsFunc(list, func(p front.Placed) bool { return p.Place == front.Second2 && p.Article.ID == other })
		}
		if now := get(site, "/"); !strings.Contains(now, "Canary of old") || !placed() || !strings.Contains(now, "Canary again") {
			t.Error("they end too early")
		}
		h.clock.add(time.Millisecond)
		top, _, _ := strings.Cut(get(site, "/"), "latest")
		if strings.Contains(top, "Canary of old") || placed() || strings.Contains(top, "Canary again") {
			t.Error("they stand beyond their end")
		}
	})
}

var ranked = regexp.MustCompile(`(?s)<section[^>]*aria-labelledby="mostread".*?</section>`)

// TestFrontOnce: on a page that somebody has arranged no article is linked to twice,
// but for the ranking, which says what it says.
func TestFrontOnce(t *testing.T) {
	t.Parallel()
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 5)
	site := h.app.Handler()
	link := regexp.MustCompile(`<(?:h[1-6]|li)[^>]*>(?:<time.*?</time>)?\s*<a [^>]*href="(/(?:ru/|kk/)?20\d\d/\d\d/\d\d/[^"]+)"`)
	for _, ed := range h.site.Editions {
		page := get(site, ed.Prefix+"/")
		if !strings.Contains(page, "mostread") {
			t.Error("there is no ranking")
		}
		found := link.FindAllStringSubmatch(ranked.ReplaceAllString(page, ""), -1)
		seen := map[string]bool{}
		for _, m := range found {
			if seen[m[1]] {
				t.Errorf("%s has %s twice", ed.Lang, m[1])
			}
			seen[m[1]] = true
		}
		if len(seen) < 10 {
			t.Errorf("%s: only %d articles found", ed.Lang, len(seen))
		}
	}
}

// TestFrontFresh: random changes of front pages and of what stands there, and of the
// clock; after each the pages are as if nothing had ever been kept.
func TestFrontFresh(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 11)
		kept, ctx := h.app.Handler(), context.Background()
		names := []string{"pin to the front", "pin what is scheduled", "a rule of the front", "undo on the front", "publish", "back to draft", "withdraw", "hold at the top"}
		all := allChanges()
		for i := range 3 * len(names) {
			name := names[i%len(names)]
			err := h.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
				if v, err := h.app.Front.Read(ctx, tx, h.site.Default().ID); err == nil && i%2 == 0 && name != names[0] { // what stands there, rather than anything
					if ids, _ := v.Pinned(h.clock.now()); len(ids) > 0 {
						if a, err := h.app.Articles.Get(ctx, tx, ids[h.rng.IntN(len(ids))]); err == nil && a.State == article.Approved {
							h.next = a.ID
						}
					}
				}
				return all[name](h, ctx, tx)
			})
			h.next = 0
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			paths := []string{"/", "/ru/", "/kk/", "/ru/privacy"}
			h.compare(name, kept, paths)
			h.clock.add(time.Duration(h.rng.IntN(40)) * time.Minute)
			h.compare("the clock after "+name, kept, paths)
		}
	})
}

// frontState is what the page of the desk says.
func (w writer) board(ed edition.Edition, query string) string {
	w.t.Helper()
	answer := at(w.desk, "GET", fmt.Sprintf("/desk/front/%d%s", ed.ID, query), w.cookie, nil)
	if answer.Code != http.StatusOK {
		w.t.Fatalf("the board: %d %s", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

func (w writer) seen(ed edition.Edition) string {
	v, err := w.app.Front.Now(context.Background(), ed.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprint(v.Number)
}

// TestFrontAtDesk: an editor pins, moves, sets rules and the line, undoes, goes back to
// what was; what somebody else did meanwhile is not lost; all of it is in the log.
func TestFrontAtDesk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, en := n.writer(user.Editor), n.site.Default()
		ctx := context.Background()
		path := fmt.Sprintf("/desk/front/%d/", en.ID)
		id := n.published(en, monday.Add(-time.Minute), "A pin at the desk")
		slots := func() [5]front.Slot {
			v, err := n.app.Front.Now(ctx, en.ID)
			if err != nil {
				t.Fatal(err)
			}
			return v.Slots
		}
		began := slots()
		do := func(what string, pairs ...string) (int, string) {
			t.Helper()
			return w.post(path+what, append([]string{"version", w.seen(en)}, pairs...)...)
		}
		want := func(code int, said string) func(int, string) {
			t.Helper()
			return func(c int, s string) {
				t.Helper()
				if c != code || !strings.Contains(s, said) {
					t.Errorf("%d %.300s, want %d %s", c, s, code, said)
				}
			}
		}
		until := monday.Add(26 * time.Hour)
		zone := time.FixedZone("", 5*3600) // the demo's
		pin := []string{"place", "second2", "article", fmt.Sprint(id), "until", until.In(zone).Format("2006-01-02T15:04")}
		want(422, "is not pinned any more. Unpin a place first")(do("pin", pin...))
		if slots() != began {
			t.Error("a pin was lost unasked")
		}
		want(303, "pinned one further down: Beside it, 3")(do("pin", append(pin, "over", "1")...))
		if s := slots()[2]; s.Article != id || s.Until != until.UnixMilli() {
			t.Errorf("pinned: %+v", s)
		}
		if !strings.Contains(w.board(en, ""), "A pin at the desk") || !strings.Contains(get(n.desk, "/"), "A pin at the desk") {
			t.Error("it does not stand there")
		}
		want(303, "Moved. It stands in: Beside it, 1.")(do("move", "place", "second2", "to", "second1", "article", fmt.Sprint(id)))
		if slots()[1].Article != id || slots()[2].Article != began[1].Article || slots()[3].Article != began[2].Article {
			t.Errorf("moved: %+v", slots())
		}
		if page := w.board(en, "?at=second1&by=up"); !regexp.MustCompile(`name="to" value="lead"[^>]* autofocus`).MatchString(page) {
			t.Error("the hand is not where it was")
		}
		want(303, "The rule is set.")(do("rule", "place", "lead", "rule", "read"))
		want(303, "Unpinned.")(do("unpin", "place", "lead"))
		page := w.board(en, "")
		if !strings.Contains(page, `<option value="lead" selected>`) {
			t.Error("the place that is free is not the one that is offered")
		}
		if _, lead, _ := strings.Cut(page, `id="place-lead"`); strings.Count(page, "Changed just now") != 1 || !strings.Contains(lead[:strings.Index(lead, "</li>")], "Changed just now") {
			t.Error("nothing is offered to be undone where something has changed")
		}
		want(303, "The line stands above the pages.")(do("strip", "text", "A line at the desk", "article", fmt.Sprint(id), "until", until.In(zone).Format("2006-01-02T15:04")))
		if !strings.Contains(get(n.desk, "/archive/"), "A line at the desk") && !strings.Contains(get(n.desk, "/authors"), "A line at the desk") {
			t.Error("the line stands nowhere")
		}
		if strip, _, _ := strings.Cut(w.board(en, ""), `class="slots"`); !strings.Contains(strip, "Changed just now") {
			t.Error("the line cannot be taken back where it was set")
		}
		page = w.board(en, "")
		for _, words := range []string{"Beside it, 2: “A pin at the desk”", "Moved to: Beside it, 1", "Breaking: “A line at the desk”", n.staff[user.Editor].Name} {
			if !strings.Contains(page, words) {
				t.Errorf("the history does not say %q", words)
			}
		}
		want(303, "Undone.")(do("undo"))
		if strings.Contains(get(n.desk, "/authors"), "A line at the desk") {
			t.Error("the line stands there still")
		}
		for range 4 { // back to where it began
			want(303, "Undone.")(do("undo"))
		}
		if slots() != began {
			t.Errorf("undone to %+v, began with %+v", slots(), began)
		}
		v, _ := n.app.Front.Now(ctx, en.ID)
		list, err := n.app.Front.History(ctx, en.ID, 100)
		if err != nil {
			t.Fatal(err)
		}
		moved := list[slices.IndexFunc(list, func(v front.Version) bool { return v.Deed == front.Move })]
		want(303, "as it was then")(do("restore", "number", fmt.Sprint(moved.Number)))
		if slots() != moved.Slots {
			t.Errorf("%+v, want %+v", slots(), moved.Slots)
		}
		want(303, "Undone.")(do("undo")) // going back can be undone, too
		if slots() != began {
			t.Errorf("undone to %+v, began with %+v", slots(), began)
		}

		// What was looked at is no more.
		want(409, "Somebody else has changed the page meanwhile")(w.post(path+"pin", "version", fmt.Sprint(v.Number), "place", "lead", "article", fmt.Sprint(id)))
		ru, _ := n.site.ByLang("ru")
		other := n.published(ru, monday, "Not of here")
		for _, c := range []struct {
			what  string
			said  string
			pairs []string
		}{
			{"pin", "cannot stand here", []string{"place", "lead", "article", fmt.Sprint(other)}},
			{"pin", "cannot stand here", []string{"place", "lead", "article", "999999"}},
			{"pin", "has passed", []string{"place", "lead", "article", fmt.Sprint(id), "until", "2026-11-01T10:00"}},
			{"pin", "is no time", []string{"place", "lead", "article", fmt.Sprint(id), "until", "tomorrow"}},
			{"strip", "Say what has happened", []string{"text", "  ", "until", "2026-12-01T10:00"}},
			{"strip", "Say when the line ends", []string{"text", "x"}},
			{"strip", "At most 200", []string{"text", strings.Repeat("x", 201), "until", "2026-12-01T10:00"}},
			{"rule", "Choose which section", []string{"place", "lead", "rule", "topic"}},
		} {
			want(422, c.said)(do(c.what, c.pairs...))
		}
		if slots() != began {
			t.Error("what was refused was done")
		}
		entries, _, _, err := audit.Find(ctx, n.app.DB, audit.Filter{Kind: "front", Actor: n.staff[user.Editor].Name}, 100)
		if err != nil || len(entries) != 12 {
			t.Errorf("%d entries in the log, %v", len(entries), err)
		}
		if log := at(n.desk, "GET", "/desk/audit?kind=front", n.writer(user.Admin).cookie, nil).Body.String(); !strings.Contains(log, "Pinned to the front page") || !strings.Contains(log, "Breaking line set") {
			t.Error("the log has no words for it")
		}
		// It speaks of places, times and articles as people do, here and on Today.
		for _, path := range []string{"/desk/audit?kind=front", "/desk/"} {
			log := at(n.desk, "GET", path, n.writer(user.Admin).cookie, nil).Body.String()
			for _, words := range []string{"place: Beside it, 2", fmt.Sprintf(`article: <a class="link" href="/desk/articles/%d" lang="en">A pin at the desk</a>`, id),
				fmt.Sprintf(`<a class="link" href="/desk/front/%d" lang="en">English</a>`, en.ID), "until: " + lang.Of("en").DateTime(until.In(zone))} {
				if !strings.Contains(log, words) && (path != "/desk/" || strings.HasPrefix(words, "<a")) {
					t.Errorf("%s does not say %q", path, words)
				}
			}
			if raw := regexp.MustCompile(`second[12]\b[^"]|:\d\dZ\b|<b>(front|article): `).FindString(log); raw != "" {
				t.Errorf("%s shows %q", path, raw)
			}
		}
	})
}

// TestRehearsal: the page of another time has what the clock will show by then, for
// those who may read it, and is kept by nobody.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, en := n.writer(user.Editor), n.site.Default()
		instant := monday.Add(5 * time.Hour)
		id := n.published(en, instant, "Canary of tomorrow")
		n.done(en, front.Deed{What: front.Pin, Over: true, Place: front.Lead, Article: id})
		zone := time.FixedZone("", 5*3600)
		page := func(at time.Time) string {
			return fmt.Sprintf("/desk/front/%d/page?at=%s", en.ID, url.QueryEscape(at.In(zone).Format("2006-01-02T15:04")))
		}
		for _, c := range []struct {
			at   time.Time
			want bool
		}{{instant, true}, {instant.Add(-time.Minute), false}, {instant.Add(48 * time.Hour), true}} {
			a := at(n.desk, "GET", page(c.at), w.cookie, nil)
			body := a.Body.String()
			if a.Code != 200 || strings.Contains(body, "Canary of tomorrow") != c.want {
				t.Errorf("at %v: %d", c.at, a.Code)
			}
			if a.Header().Get("Cache-Control") != "no-store" || a.Header().Get("X-Robots-Tag") != "noindex" || !strings.Contains(body, `name="robots" content="noindex"`) {
				t.Errorf("it may be kept: %v", a.Header())
			}
			if !strings.Contains(a.Header().Get("Content-Security-Policy"), "frame-ancestors 'self'") {
				t.Error("it cannot stand in the frame")
			}
		}
		// A change that has a time is in it from then on.
		live, err := n.app.Articles.Get(context.Background(), n.app.DB, n.published(en, monday.Add(-time.Minute), "As it is now"))
		if err != nil {
			t.Fatal(err)
		}
		n.change(func(ctx context.Context, tx *db.Tx) error {
			c, err := n.app.Articles.Working(ctx, tx, live)
			if err != nil {
				return err
			}
			c.Text.Headline = "As it comes"
			version, _, err := n.app.Articles.Save(ctx, tx, live.ID, c.Version, c.Text, w.who.ID)
			if err != nil {
				return err
			}
			return n.app.Articles.Defer(ctx, tx, live.ID, version.Version, instant, article.Told{}, w.who.ID)
		})
		for at2, want := range map[time.Time]string{instant.Add(-time.Minute): "As it is now", instant: "As it comes"} {
			if body := at(n.desk, "GET", page(at2), w.cookie, nil).Body.String(); !strings.Contains(body, want) || strings.Contains(body, "As it") && strings.Contains(body, map[bool]string{true: "As it comes", false: "As it is now"}[want == "As it is now"]) {
				t.Errorf("at %v it does not say %q alone", at2, want)
			}
		}
		board := at(n.desk, "GET", fmt.Sprintf("/desk/front/%d/rehearsal?width=phone", en.ID), w.cookie, nil)
		if board.Code != 200 || !strings.Contains(board.Body.String(), "Canary of tomorrow") || !strings.Contains(board.Header().Get("Content-Security-Policy"), "frame-src 'self'") {
			t.Errorf("the page around it: %d", board.Code)
		}
		for _, role := range []user.Role{user.Author, user.Translator, user.Moderator} {
			if a := at(n.desk, "GET", page(instant), n.enter(n.staff[role]), nil); a.Code != http.StatusForbidden || strings.Contains(a.Body.String(), "Canary") {
				t.Errorf("a %s gets %d", role, a.Code)
			}
		}
		if a := get(n.desk, page(instant)); strings.Contains(a, "Canary") {
			t.Error("anybody gets it")
		}
		if strings.Contains(get(n.desk, "/"), "Canary") {
			t.Error("readers get what was rehearsed")
		}
	})
}
