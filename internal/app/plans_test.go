package app_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// What grows with the archive. Without statistics SQLite takes the first column
// of any key for a rare one; where it is an edition or a kind, a walk along it
// goes through everything.
var (
	growing = `(?:address|article|revision|story|listing|listing_day|redirect|comment|view_total|view_hour|byline|article_topic|article_media|search_doc|search_post|search_word|import_item)`
	whole   = regexp.MustCompile(`^SCAN ` + growing + `\b`)
	// Pages are few, and so is the beginning of what stands in order.
	few  = regexp.MustCompile(`kind = 'page'|ORDER BY changed_at DESC LIMIT|FROM view_total ORDER BY base DESC LIMIT`)
	wide = regexp.MustCompile(`^SEARCH ` + growing + ` USING .*\((?:(?:edition_id|publication_id|kind|state)=\?(?: AND )?)+\)$`)
)

// TestPlans asks for every page and document of the demo and looks at how
// SQLite finds what they are made of: never by going through the archive.
func TestPlans(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			return // plans by statistics
		}
		h := openHouse(t, d, &clock{t: time.Date(2026, 11, 14, 15, 30, 0, 0, time.UTC)}, 7)
		site := h.app.Handler()
		crawl(site, append([]string{"/", "/ru/", "/kk/", "/archive", "/nowhere", "/?p=1", "/search?q=word*", "/ru/search?order=newest&q=word*"}, documents...)...)
		plans, err := h.app.DB.Plans(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if len(plans) < 80 {
			t.Errorf("only %d statements: were the pages asked for?", len(plans))
		}
		for query, plan := range plans {
			for _, line := range plan {
				if (whole.MatchString(line) || wide.MatchString(line)) && !few.MatchString(query) {
					t.Errorf("%s\nis carried out by going through a table:\n%s", query, strings.Join(plan, "\n"))
					break
				}
			}
		}
	})
}
