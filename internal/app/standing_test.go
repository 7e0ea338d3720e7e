package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/media"
	"dateline/internal/user"
)

// translated begins an article's other edition and gives its page.
func (w writer) translated(page, lang string) (id int64, other string) {
	w.t.Helper()
	ed, _ := w.site.ByLang(lang)
	answer := at(w.desk, "POST", page+"/translate", w.cookie, url.Values{"edition": {fmt.Sprint(ed.ID)}})
	other = answer.Header().Get("Location")
	if _, err := fmt.Sscanf(other, "/desk/articles/%d", &id); err != nil {
		w.t.Fatalf("translating: %d %s", answer.Code, answer.Body)
	}
	return id, other
}

// TestLostOriginal: a translation says that its original was withdrawn or spiked, and is
// published only once somebody has said that it is to be all the same; by the clock what
// was decided before is done.
func TestLostOriginal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		for _, gone := range []struct{ do, says string }{{"withdraw", "The original was withdrawn: It was not so."}, {"spike", "The original was spiked."}} {
			id, page := w.began("en")
			w.write(id, func(m *article.Manuscript) {
				m.Headline, m.Sections, m.Body = "An original to "+gone.do, []int64{n.section()}, "<p id=\"b1abc\">Words.</p>\n"
			})
			other, there := w.translated(page, "ru")
			w.write(other, func(m *article.Manuscript) {
				m.Headline, m.Body = "Перевод "+gone.do, "<p id=\"b1abc\">Слова.</p>\n"
			})
			if body := at(n.desk, "GET", there, w.cookie, nil).Body.String(); strings.Contains(body, `name="lost"`) || strings.Contains(body, `"lost":true`) {
				t.Error("a translation has lost an original that is there")
			}
			if gone.do == "withdraw" {
				w.post(page+"/publish", "version", n.version(id), "when", "now")
			}
			if _, said := w.post(page+"/"+gone.do, "reason", "It was not so."); said != "Withdrawn." && said != "Spiked." {
				t.Fatalf("%s: %q", gone.do, said)
			}
			if body := at(n.desk, "GET", there, w.cookie, nil).Body.String(); strings.Count(body, gone.says) != 2 || !strings.Contains(body, `name="lost"`) || !strings.Contains(body, `"lost":true`) {
				t.Errorf("%s: the translation's page does not say %q, or does not ask", gone.do, gone.says)
			}
			if _, said := w.post(there+"/publish", "version", n.version(other), "when", "now"); said != "Not done. "+gone.says+" Say that the translation is to be published all the same." {
				t.Errorf("%s: published without a word: %q", gone.do, said)
			}
			if _, said := w.post(there+"/publish", "version", n.version(other), "when", "now", "lost", "1"); said != "Published." {
				t.Errorf("%s: %q", gone.do, said)
			}
			// A change of it that was given a time is not asked about by the clock.
			w.write(other, func(m *article.Manuscript) { m.Standfirst = "Позже." })
			due := n.clock.now().In(zoneOf(t, n.site.Publication.Zone)).Add(60e9)
			if _, said := w.post(there+"/publish", "version", n.version(other), "when", "at", "day", due.Format("2006-01-02"), "clock", due.Format("15:04:05"), "lost", "1"); !strings.Contains(said, "Readers will see it") {
				t.Errorf("%s: deferring: %q", gone.do, said)
			}
			n.clock.add(120e9)
			if err := n.app.Editor.Due(context.Background()); err != nil {
				t.Fatal(err)
			}
			if c := n.copy(other); c.Stored() || c.Text.Standfirst != "Позже." {
				t.Errorf("%s: the clock did not publish the change", gone.do)
			}
		}
		// A newsroom may forbid it altogether, and what nobody has translated.
		id, page := w.began("en")
		w.write(id, func(m *article.Manuscript) {
			m.Headline, m.Sections, m.Body = "One more", []int64{n.section()}, "<p id=\"b1abc\">Words.</p>\n<p id=\"b2abc\">More.</p>\n"
		})
		other, there := w.translated(page, "kk")
		n.change(func(ctx context.Context, tx *db.Tx) error {
			return n.app.Editions.Set(ctx, tx, "must", "", "headline\nbody\ntranslated\noriginal")
		})
		if _, said := w.post(there+"/publish", "version", n.version(other), "when", "now"); !strings.Contains(said, "a whole translation") {
			t.Errorf("a copy was published as a translation: %q", said)
		}
		if body := at(n.desk, "GET", there, w.cookie, nil).Body.String(); !strings.Contains(body, `"left":{"lines":["headline"],"blocks":[`) || !strings.Contains(body, `"of":3`) {
			t.Error("the page does not tell what is left to translate")
		}
		w.write(other, func(m *article.Manuscript) {
			m.Headline, m.Body = "Тағы бір", "<p id=\"b1abc\">Сөздер.</p>\n<p id=\"b2abc\">Тағы.</p>\n"
		})
		w.post(page + "/spike")
		if _, said := w.post(there+"/publish", "version", n.version(other), "when", "now", "lost", "1"); !strings.Contains(said, "an original that was not withdrawn") || strings.Contains(said, "whole translation") {
			t.Errorf("forbidden: %q", said)
		}
	})
}

// TestNothingToPublish: what readers have already is not published as a change of it;
// the page says so, and the answer to a save whether there is anything.
func TestNothingToPublish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, page := w.began("ru")
		w.write(id, func(m *article.Manuscript) {
			m.Headline, m.Sections, m.Body = "Нечего менять", []int64{n.section()}, "<p id=\"b1abc\">Слова.</p>\n"
		})
		w.post(page+"/publish", "version", n.version(id), "when", "now")
		show := func() string { return at(n.desk, "GET", page, w.cookie, nil).Body.String() }
		a, err := n.app.Articles.Get(context.Background(), n.app.DB, id)
		if err != nil {
			t.Fatal(err)
		}
		if body := show(); !strings.Contains(body, `"changed":false`) || !strings.Contains(body, ` disabled aria-describedby="unchanged"`) ||
			!strings.Contains(body, `<span lang="ru">Русский</span>`) || !strings.Contains(body, `href="`+n.app.BaseURL+"/ru/"+a.Path+`"`) {
			t.Errorf("the page of what has just been published: %s", body)
		}
		nothing := func(why string, pairs ...string) {
			t.Helper()
			if _, said := w.post(page+"/publish", append([]string{"version", n.version(id), "when", "now"}, pairs...)...); !strings.Contains(said, "there is nothing to publish") {
				t.Errorf("%s: %q", why, said)
			}
			if list, err := n.app.Articles.Revisions(context.Background(), id); err != nil || len(list) != 1 {
				t.Errorf("%s: %d revisions", why, len(list))
			}
		}
		nothing("unchanged")
		nothing("with a note", "change", "correction", "note", "Nothing.")
		saved := func(change func(*article.Manuscript)) bool {
			t.Helper()
			c := n.copy(id)
			change(&c.Text)
			var out struct{ Changed bool }
			if code := w.send(page+"/save", map[string]any{"version": c.Version, "text": c.Text}, &out); code != http.StatusOK {
				t.Fatalf("saving: %d", code)
			}
			return out.Changed
		}
		if !saved(func(m *article.Manuscript) { m.Headline = "Другой" }) || !strings.Contains(show(), `"changed":true`) {
			t.Error("a change is none")
		}
		if saved(func(m *article.Manuscript) { m.Headline = " Нечего  менять" }) {
			t.Error("what readers have is a change")
		}
		nothing("changed and changed back")
		// What is decided beside the text is a change, too.
		if !saved(func(m *article.Manuscript) { m.Comments = "closed" }) {
			t.Error("closing the comments is no change")
		}
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "now"); said != "Published." {
			t.Errorf("publishing: %q", said)
		}
	})
}

// TestHere: who closes an article's page is nobody's colleague from then on, whatever that
// page had still on its way; one's own other page is known as such.
func TestHere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, author := n.writer(user.Editor), n.writer(user.Admin)
		_, page := w.began("en")
		here := func(who writer, tab string, gone bool) string {
			t.Helper()
			var out struct {
				Here []struct {
					Tab string
					Own bool
				}
			}
			if code := who.send(page+"/here", map[string]any{"tab": tab, "gone": gone}, &out); code != http.StatusOK {
				t.Fatalf("%s: %d", tab, code)
			}
			said := ""
			for _, h := range out.Here {
				said += fmt.Sprint(h.Tab, " ", h.Own, "; ")
			}
			return said
		}
		here(w, "one", false)
		here(w, "two", false)
		if got := here(author, "theirs", false); got != "one false; two false; " && got != "two false; one false; " {
			t.Errorf("a colleague sees %q", got)
		}
		here(w, "one", true)
		here(w, "one", false) // was under way
		if got := here(w, "two", false); got != "theirs false; " {
			t.Errorf("after one page was closed: %q", got)
		}
		here(w, "three", false)
		if got := here(w, "two", false); !strings.Contains(got, "three true; ") {
			t.Errorf("one's own page: %q", got)
		}
	})
}

// TestPictureBesideText: what is said of a picture in an article fills what the library
// has none for, in that language alone, and never what is there; its licence and last day
// can be set from there.
func TestPictureBesideText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		_, sent := w.sends("ferry.jpg", hills(t, 5, 90, 60, 80, ""), "&lang=en")
		type answer struct {
			media.Shown
			Taken bool
		}
		add := func(more map[string]any) (out answer) {
			t.Helper()
			if code := w.send(fmt.Sprintf("/desk/media/%d/add", sent.ID), more, &out); code != http.StatusOK {
				t.Fatalf("%v: %d", more, code)
			}
			return out
		}
		kept := func() media.Media {
			list, err := n.app.Media.ByIDs(context.Background(), []int64{sent.ID})
			if err != nil {
				t.Fatal(err)
			}
			return list[sent.ID]
		}
		if out := add(map[string]any{"lang": "en", "alt": " A  ferry ", "credit": ""}); !out.Taken || !out.Described {
			t.Errorf("words for a picture without: %+v", out)
		}
		if out := add(map[string]any{"lang": "en", "alt": "A dog", "credit": "Kim"}); !out.Taken || out.Alt != "A ferry" {
			t.Errorf("other words: %+v", out)
		}
		if out := add(map[string]any{"lang": "en", "alt": "A cat"}); out.Taken {
			t.Errorf("nothing was missing: %+v", out)
		}
		add(map[string]any{"lang": "ru", "alt": "Паром"})
		if got := kept().Texts; got["en"] != (media.Text{Alt: "A ferry", Credit: "Kim"}) || got["ru"] != (media.Text{Alt: "Паром"}) || len(got) != 2 {
			t.Errorf("the library has %+v", got)
		}
		if got := kept(); got.Licence != "" || !got.Expires.IsZero() {
			t.Errorf("nobody spoke of rights: %+v", got)
		}
		if out := add(map[string]any{"lang": "en", "licence": "CC0 1.0", "until": "2030-02-28"}); !out.Licensed || out.Licence != "CC0 1.0" || out.Until != "2030-02-28" || out.Taken {
			t.Errorf("a licence: %+v", out)
		}
		if want := time.Date(2030, 3, 1, 0, 0, 0, 0, zoneOf(t, n.site.Publication.Zone)); !kept().Expires.Equal(want) {
			t.Errorf("it may be shown until %v, not %v", kept().Expires, want)
		}
		if out := add(map[string]any{"lang": "en", "licence": "CC0 1.0", "until": ""}); out.Until != "" || !kept().Expires.IsZero() {
			t.Errorf("without an end: %+v", out)
		}
		for _, wrong := range []map[string]any{{"lang": "xx"}, {"lang": "en", "alt": "a\u0007"}, {"lang": "en", "licence": "x", "until": "2030-02-30"}} {
			if code := w.send(fmt.Sprintf("/desk/media/%d/add", sent.ID), wrong, nil); code < 400 || code >= 500 {
				t.Errorf("%v: %d", wrong, code)
			}
		}
		if code := n.writer(user.Moderator).send(fmt.Sprintf("/desk/media/%d/add", sent.ID), map[string]any{"lang": "en", "licence": "x"}, nil); code != http.StatusForbidden {
			t.Errorf("a moderator: %d", code)
		}
	})
}
