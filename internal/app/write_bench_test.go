package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/dbtest"
	"dateline/internal/user"
)

// BenchmarkPublish: from the press on Publish until readers get the new page, and the
// front page, the month, the feed and a search with it (aim 200 ms for all, DECISIONS).
//
//	tools/testenv/with.sh --durable go test -run XXX -bench Publish ./internal/app
func BenchmarkPublish(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			d := dbtest.New(b)
			if engine == "postgres" {
				d = dbtest.NewPostgres(b)
			}
			n := openNewsroom(b, d)
			w := n.writer(user.Editor)
			var times []time.Duration
			for b.Loop() {
				b.StopTimer()
				id, page := w.began("en")
				headline := fmt.Sprintf("Benchmark number %d", len(times)+1)
				word := fmt.Sprintf("zzyzx%d", len(times)+1)
				w.write(id, func(m *article.Manuscript) {
					m.Headline, m.Sections, m.Body = headline, []int64{n.section()}, "<p id=\"b1abc\">"+word+" and "+strings.Repeat("more words ", 350)+"</p>\n"
				})
				version := n.version(id)
				for _, p := range []string{"/", "/feed.xml"} { // somebody reads them
					n.readers(p)
				}
				b.StartTimer()
				began := time.Now()
				if code, said := w.post(page+"/publish", "version", version, "when", "now"); code != http.StatusSeeOther {
					b.Fatalf("%d %q", code, said)
				}
				day := n.clock.now().In(zoneOf(b, n.site.Publication.Zone)).Format("2006/01/02")
				for _, p := range []string{fmt.Sprintf("/%s/benchmark-number-%d", day, len(times)+1), "/", "/" + day[:7] + "/", "/feed.xml", "/search?q=" + word} {
					if code, body := n.readers(p); code != http.StatusOK || !strings.Contains(body, headline) {
						b.Fatalf("%s: %d without it", p, code)
					}
				}
				times = append(times, time.Since(began))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}
