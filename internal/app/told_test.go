package app_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/search"
	"dateline/internal/stem"
	"dateline/internal/user"
)

// published is an article that readers have, its page at the desk and theirs.
func (w writer) published(headline, body string) (id int64, page, public string) {
	w.t.Helper()
	id, page = w.began("en")
	w.write(id, func(m *article.Manuscript) {
		m.Headline, m.Standfirst, m.Sections, m.Body = headline, "It is so.", []int64{w.section()}, body
	})
	if code, said := w.post(page+"/publish", "version", w.version(id), "when", "now"); said != "Published." {
		w.t.Fatalf("publishing: %d %q", code, said)
	}
	a, err := w.app.Articles.Get(context.Background(), w.app.DB, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return id, page, "/" + a.Path
}

// told is what readers are told of an article, as it is stored.
func (n *newsroom) told(id int64) []correction.Correction {
	n.t.Helper()
	list, err := n.app.Corrections.All(context.Background(), id)
	if err != nil {
		n.t.Fatal(err)
	}
	return list
}

// shows asks that pages that readers have contain words, or do not ("!words").
func (n *newsroom) shows(when, path string, words ...string) {
	n.t.Helper()
	code, body := n.readers(path)
	if code != http.StatusOK {
		n.t.Errorf("%s: %s answers %d", when, path, code)
		return
	}
	for _, w := range words {
		word, not := strings.CutPrefix(w, "!")
		if strings.Contains(body, word) == not {
			n.t.Errorf("%s: %s contains %q: %v", when, path, word, not)
		}
	}
}

// found asks how many articles of the default edition a search finds.
func (n *newsroom) found(word string, want int) {
	n.t.Helper()
	words := stem.Of("en")
	r, err := n.app.Search.Search(context.Background(), search.Request{Edition: n.site.Default().ID, Language: words, Query: search.Parse(words, word), Now: n.clock.now(), Limit: 10})
	if err != nil || r.Total != want {
		n.t.Errorf("%q is found in %d articles, want %d; %v", word, r.Total, want, err)
	}
}

// TestTellReaders corrects an article, says so in other words, takes it back, and asks
// all the places where readers are told.
func TestTellReaders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, page, public := w.published("Otters count the bridge", "<p id=\"b1abc\">The bridge is 412 metres long, and the otters know it.</p>\n<p id=\"b2abc\">It stays.</p>\n")
		n.clock.add(time.Hour)
		w.write(id, func(m *article.Manuscript) { m.Body = strings.Replace(m.Body, "412", "421", 1) })
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "now", "change", "correction", "note", "It said 412 kilometrons.", "shows", "1"); said != "Published." {
			t.Fatalf("correcting: %q", said)
		}
		list := n.told(id)
		if len(list) != 1 {
			t.Fatalf("told: %+v", list)
		}
		c := list[0]
		if c.Kind != correction.Fix || c.Before != 1 || c.After != 2 || !c.Shows || c.Staff != w.who.ID || !c.At.Equal(n.clock.now()) ||
			c.Passage == nil || c.Passage.Block != "b1abc" || c.Passage.Exact != "421" {
			t.Errorf("the correction is %+v, its passage %+v", c, c.Passage)
		}
		own := fmt.Sprintf("/corrections/%d", c.ID)
		n.shows("corrected", public, "It said 412 kilometrons.", `href="`+own+`"`, "All corrections", `"CorrectionComment"`, `#corrections`)
		n.shows("corrected", "/corrections", "It said 412 kilometrons.", "Otters count the bridge", public, "November 2026")
		n.shows("corrected", own, "It said 412 kilometrons.", "412</del>", "421</ins>", "!It stays.", public)
		for _, feed := range []string{"feed.xml", "atom.xml", "feed.json"} {
			n.shows("corrected", "/corrections/"+feed, "It said 412 kilometrons.", "Otters count the bridge", own)
		}
		n.shows("corrected", "/search?q=kilometrons", public, "kilometrons</mark>")
		n.found("kilometrons", 1)
		n.shows("corrected", "/sitemap-pages.xml", "http://lamp.test/corrections<")
		n.shows("corrected", "/ru/corrections", "!kilometrons")
		if code, _ := n.readers("/ru" + own); code != http.StatusNotFound {
			t.Errorf("another edition has it: %d", code)
		}
		if code, _ := n.readers(own + "/"); code != http.StatusMovedPermanently {
			t.Errorf("%s/ answers %d", own, code)
		}

		// In other words, and without those of before.
		told := fmt.Sprintf("%s/told/%d", page, c.ID)
		if code, said := w.post(told, "kind", "clarification", "note", " "); !strings.Contains(said, "Write what readers are to be told.") {
			t.Errorf("nothing was said: %d %q", code, said)
		}
		if _, said := w.post(told, "kind", "clarification", "note", "It said parsecs."); said != "Readers are told in the new words." {
			t.Errorf("in other words: %q", said)
		}
		n.shows("changed", public, "It said parsecs.", "Clarification, ", "!kilometrons", "!"+own+"\">What")
		n.shows("changed", "/corrections", "It said parsecs.", "!kilometrons")
		n.shows("changed", own, "It said parsecs.", "!<del>", "!412")
		n.shows("changed", "/corrections/feed.xml", "parsecs", "!kilometrons", "!412&lt;")
		n.found("kilometrons", 0)
		n.shows("changed", "/search?q=parsecs", public)

		// News is no mistake.
		if _, said := w.post(page+"/told", "kind", "update", "note", "The otters have counted again."); said != "Readers are told." {
			t.Errorf("telling: %q", said)
		}
		_, body := n.readers(public)
		if strings.Count(body, `"CorrectionComment"`) != 1 || !strings.Contains(body, "Update, ") || strings.LastIndex(body, "counted again") > strings.LastIndex(body, "parsecs") {
			t.Errorf("told something new: %s", body)
		}
		desk := at(n.desk, "GET", page, w.cookie, nil).Body.String()
		for _, want := range []string{"The otters have counted again.", "It said parsecs.", "compare?a=1&amp;b=2", "readers do not see it", w.who.Name} {
			if !strings.Contains(desk, want) {
				t.Errorf("the desk does not show %q", want)
			}
		}

		if _, said := w.post(told + "/withdraw"); said != "Taken back." {
			t.Errorf("taking back: %q", said)
		}
		if _, said := w.post(told + "/withdraw"); !strings.Contains(said, "taken back already") {
			t.Errorf("taking back twice: %q", said)
		}
		for _, where := range []string{public, "/corrections", "/corrections/feed.json"} {
			n.shows("taken back", where, "!parsecs")
		}
		n.found("parsecs", 0)
		if code, _ := n.readers(own); code != http.StatusNotFound {
			t.Errorf("what was taken back is at %s: %d", own, code)
		}
		var did []string
		deeds, err := audit.Of(t.Context(), n.app.DB, "article", id, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range deeds {
			did = append(did, strings.TrimPrefix(e.Action, "article."))
		}
		if got := strings.Join(did, " "); !strings.HasPrefix(got, "told_withdraw told told_change change told ") {
			t.Errorf("the log: %s", got)
		}

		// With the article its corrections go, and are nowhere else.
		if _, said := w.post(page+"/withdraw", "reason", "Otters cannot count."); said != "Withdrawn." {
			t.Errorf("withdrawing: %q", said)
		}
		n.shows("withdrawn", "/corrections", "!counted again")
		if code, said := w.post(page+"/told", "kind", "note", "note", "Sorry."); !strings.Contains(said, "do not have this article") {
			t.Errorf("told of what is not there: %d %q", code, said)
		}
	})
}

// TestTellLater: what is put off keeps what readers are to be told, and they are told
// at its time.
func TestTellLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, page, public := w.published("Otters at the weir", "<p id=\"b1abc\">There are two of them.</p>\n")
		w.write(id, func(m *article.Manuscript) { m.Body = strings.Replace(m.Body, "two", "three", 1) })
		due := n.clock.now().Add(2 * time.Hour).In(zoneOf(t, n.site.Publication.Zone))
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "at", "day", due.Format("2006-01-02"), "clock", due.Format("15:04"),
			"change", "clarification"); !strings.Contains(said, "Say what readers are to be told") {
			t.Errorf("a clarification without words: %q", said)
		}
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "at", "day", due.Format("2006-01-02"), "clock", due.Format("15:04"),
			"change", "clarification", "note", "We had not seen the third.", "shows", "1"); !strings.Contains(said, "Will appear") && !strings.Contains(said, due.Format("15:04")) {
			t.Errorf("putting off: %q", said)
		}
		n.shows("before its time", public, "!the third", "two of them")
		n.shows("before its time", "/corrections", "!the third")
		n.clock.add(2 * time.Hour)
		if err := n.app.Editor.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.shows("at its time", public, "three of them", "We had not seen the third.", "Clarification, ")
		if list := n.told(id); len(list) != 1 || list[0].Staff != w.who.ID || list[0].Before != 1 || list[0].After != 2 || !list[0].Shows {
			t.Errorf("told: %+v", list)
		}

		// A slip tells nothing; an update may say what is new, and does not have to.
		for _, kind := range []string{"silent", "update"} {
			w.write(id, func(m *article.Manuscript) { m.Body = strings.Replace(m.Body, "them", "them all", 1) })
			if _, said := w.post(page+"/publish", "version", n.version(id), "when", "now", "change", kind); said != "Published." {
				t.Errorf("%s: %q", kind, said)
			}
		}
		if list := n.told(id); len(list) != 1 {
			t.Errorf("told: %+v", list)
		}
		if code, _ := w.post(page+"/publish", "version", n.version(id), "when", "now", "change", "nonsense"); code != http.StatusBadRequest && code != http.StatusUnprocessableEntity {
			t.Errorf("a change of no kind: %d", code)
		}
	})
}

// TestCorrectionsOfTheDemo: every edition has its list, by months, with what was changed.
func TestCorrectionsOfTheDemo(t *testing.T) {
	d := dbtest.New(t)
	n := openNewsroom(t, d)
	link := regexp.MustCompile(`href="((?:/\w\w)?/corrections/\d+)"`)
	for prefix, words := range map[string][]string{"": {"Corrections", "412"}, "/ru": {"Исправления", "412"}, "/kk": {"Түзетулер", "412"}} {
		_, body := n.readers(prefix + "/corrections")
		found := link.FindAllStringSubmatch(body, -1)
		if len(found) == 0 || !strings.Contains(body, words[0]) {
			t.Errorf("%s/corrections has %d links: %s", prefix, len(found), body)
			continue
		}
		n.shows("the demo", found[0][1], "<del>", "<ins>", words[1])
	}
}

// TestPassageByHand: whoever corrects may say which passage it is about, by words that the
// revision has or by a place in it; readers are shown the words of that one.
func TestPassageByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, page, _ := w.published("Otters count again", "<p id=\"b1abc\">It has 412 otters, otters all.</p>\n<p id=\"b2abc\">It opened in 1951.</p>\n")
		w.write(id, func(m *article.Manuscript) {
			m.Body = strings.NewReplacer("412", "421", "1951", "1915").Replace(m.Body)
		})
		if _, said := w.post(page+"/publish", "version", n.version(id), "when", "now", "change", "correction", "note", "The year.", "shows", "1"); said != "Published." {
			t.Fatalf("correcting: %q", said)
		}
		c := n.told(id)[0]
		own, told := fmt.Sprintf("/corrections/%d", c.ID), fmt.Sprintf("%s/told/%d", page, c.ID)
		if c.Passage != nil {
			t.Errorf("a change in two places has the passage %+v", c.Passage)
		}
		n.shows("in two places", own, "1951</del>", "412</del>")
		say := func(exact, place, want string) {
			t.Helper()
			if _, said := w.post(told, "kind", "correction", "note", "The year.", "shows", "1", "exact", exact, "place", place); !strings.Contains(said, want) {
				t.Errorf("about %q: %q", exact, said)
			}
		}
		say("1951", "", "What readers have does not contain these words.")
		say("otters", "", "Readers have these words in 2 places")
		say("1915", "", "Readers are told in the new words.")
		n.shows("about the year", own, "1951</del>", "!412</del>")
		if c := n.told(id)[0]; c.Passage == nil || c.Passage.Block != "b2abc" || c.Passage.Exact != "1915" {
			t.Errorf("the passage is %+v", c.Passage)
		}
		// Of words that are there twice, a place tells which; one that says something else
		// than the words is none.
		say("otters", `{"block":"b1abc","from":15,"to":21,"exact":"otters","prefix":"It has 421 otters, ","suffix":" all."}`, "Readers are told")
		if c := n.told(id)[0]; c.Passage == nil || c.Passage.From != 19 || c.Passage.Block != "b1abc" {
			t.Errorf("the passage is %+v", c.Passage)
		}
		say("1915", `{"block":"b1abc","from":15,"to":21,"exact":"otters"}`, "Readers are told")
		n.shows("about the year", own, "1951</del>", "!412</del>")
		if body := at(n.desk, "GET", page, w.cookie, nil).Body.String(); !strings.Contains(body, `<q lang="en">1915</q>`) {
			t.Error("the desk does not show the passage")
		}
		// In other words alone it stays; empty, it is about all of it.
		if _, said := w.post(told, "kind", "correction", "note", "Its year.", "shows", "1"); said != "Readers are told in the new words." {
			t.Error(said)
		}
		n.shows("in other words", own, "1951</del>", "!412</del>")
		say("", "", "Readers are told")
		n.shows("about all", own, "1951</del>", "412</del>")
		if _, said := w.post(page+"/told", "kind", "note", "note", "We like otters.", "exact", "otters all"); said != "Readers are told." {
			t.Errorf("telling: %q", said)
		}
		if c := n.told(id)[0]; c.Passage == nil || c.Passage.Exact != "otters all" {
			t.Errorf("of a text that stays: %+v", c.Passage)
		}
	})
}
