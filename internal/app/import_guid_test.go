package app_test

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// feedNames are the ids in the edition's three feeds, by title and format.
func feedNames(t *testing.T, a *app.App, under string) map[string]string {
	t.Helper()
	read := func(file string, v any, parse func([]byte, any) error) {
		t.Helper()
		code, _, body := fetch(t, a, under+file, "lamp.test")
		if err := parse([]byte(body), v); err != nil || code != 200 {
			t.Fatalf("%s: %d, %v", file, code, err)
		}
	}
	out := map[string]string{}
	var rss struct {
		Items []struct {
			Title string `xml:"title"`
			GUID  struct {
				PermaLink string `xml:"isPermaLink,attr"`
				ID        string `xml:",chardata"`
			} `xml:"guid"`
		} `xml:"channel>item"`
	}
	read("/feed.xml", &rss, xml.Unmarshal)
	for _, it := range rss.Items {
		out[it.Title+" rss"] = it.GUID.ID
		if it.GUID.PermaLink != "false" {
			out[it.Title+" rss"] += " leads there"
		}
	}
	var atom struct {
		Entries []struct {
			Title string `xml:"title"`
			ID    string `xml:"id"`
		} `xml:"entry"`
	}
	read("/atom.xml", &atom, xml.Unmarshal)
	for _, e := range atom.Entries {
		out[e.Title+" atom"] = e.ID
	}
	var js struct {
		Items []struct{ Title, ID string }
	}
	read("/feed.json", &js, json.Unmarshal)
	for _, it := range js.Items {
		out[it.Title+" json"] = it.ID
	}
	return out
}

// TestImportGUIDs: subscribers of the old site, who are led to our feeds, know
// its articles by the names that the old feeds gave them, and nothing that
// happens to an article changes its name.
func TestImportGUIDs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		guid := func(item, text string) string {
			before, after, _ := strings.Cut(item, `<guid`)
			_, after, _ = strings.Cut(after, "</guid>")
			return before + "<guid isPermaLink=\"false\">" + text + "</guid>" + after
		}
		earlier := strings.Replace(as(as(post(12, "Plain before", "Before.", ""), ">post</wp:post_type>", ">revision</wp:post_type><wp:post_parent>1</wp:post_parent>"),
			">publish<", ">inherit<"), "<wp:post_name>post-12<", "<wp:post_name>1-revision-v1<", 1)
		items := []string{earlier, post(1, "Plain", "One.", ""), guid(post(2, "Words", "Two.", ""), " The number 2 of 2014 "),
			guid(post(3, "Link", "Three.", ""), "http://lamp.test/2014/05/12/post-3"), guid(post(4, "None", "Four.", ""), ""),
			strings.Replace(guid(post(5, "Twin", "Five.", ""), "https://old.example/?p=6"), "19:30:00", "19:20:00", 1), post(6, "Twice", "Six.", ""),
			guid(post(7, "Broken", "Seven.", ""), "http://old.example/50%"), guid(post(8, "Tagged", "Eight.", ""), "tag:old.example,2009:8")}
		if _, err := run(wxr(items...), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		got := feedNames(t, a, "")
		want := map[string]string{
			"Plain rss": "https://old.example/?p=1", "Plain atom": "https://old.example/?p=1", "Plain json": "https://old.example/?p=1",
			"Words rss": "The number 2 of 2014", "Words atom": "tag:", "Words json": "The number 2 of 2014",
			"Link rss": "http://lamp.test/2014/05/12/post-3 leads there", "Link atom": "http://lamp.test/2014/05/12/post-3", "Link json": "http://lamp.test/2014/05/12/post-3",
			"None rss": "tag:", "None atom": "tag:", "None json": "tag:",
			"Twice rss": "https://old.example/?p=6", "Twin rss": "tag:", "Twin json": "tag:",
			"Broken rss": "http://old.example/50%", "Broken atom": "tag:", "Tagged atom": "tag:old.example,2009:8",
		}
		for at, w := range want {
			if w == "tag:" && strings.HasPrefix(got[at], "tag:lamp.test,") {
				continue
			}
			if got[at] != w {
				t.Errorf("%s is called %q, want %q", at, got[at], w)
			}
		}
		if len(got) != 24 {
			t.Errorf("%d names: %v", len(got), got)
		}
		// A correction, another name and another address at the source.
		items[1] = guid(strings.Replace(post(1, "Plain", "One, corrected.", ""), "post-1<", "post-one<", 1), "https://old.example/?p=1000")
		if _, err := run(wxr(items...), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, _, page := fetch(t, a, "/feed.xml", "lamp.test"); !strings.Contains(page, "One, corrected.") {
			t.Error("the correction did not come")
		}
		if again := feedNames(t, a, ""); again["Plain rss"] != got["Plain rss"] || again["Plain atom"] != got["Plain atom"] {
			t.Errorf("after a correction it is called %q", again["Plain rss"])
		}
		if shelf := feedNames(t, a, "/section/town"); !slices.Equal([]string{shelf["Plain rss"], shelf["Twin rss"]}, []string{got["Plain rss"], got["Twin rss"]}) {
			t.Errorf("in another feed they are called %q and %q", shelf["Plain rss"], shelf["Twin rss"])
		}
	})
}

// TestImportGUIDsFromBefore: what was in our feeds by a name of ours keeps it,
// although a later import tells what the old site had called it.
func TestImportGUIDsFromBefore(t *testing.T) {
	a, run := importing(t, dbtest.New(t))
	for _, text := range []string{"One.", "One, corrected."} {
		if _, err := run(wxr(post(1, "Plain", text, "")), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		err := a.DB.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { // as an archive from before this was kept
			n, err := tx.Exec(t.Context(), "DELETE FROM article_guid")
			if want := map[string]int64{"One.": 1}[text]; int64(n) != want {
				t.Errorf("%s: %d names were kept, want %d", text, n, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := feedNames(t, a, "")["Plain rss"]; !strings.HasPrefix(got, "tag:lamp.test,") {
		t.Errorf("it is called %q", got)
	}
}
