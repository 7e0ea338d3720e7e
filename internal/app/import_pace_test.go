package app_test

import (
	"bytes"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportPace: an import is slow when readers are served, unless it is in a
// hurry, and leaves the process as it was.
func TestImportPace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		procs := runtime.GOMAXPROCS(0)
		said := func(opt importer.Options) bool {
			t.Helper()
			var log bytes.Buffer
			a.Log = slog.New(slog.NewTextHandler(&log, nil))
			rep, err := run(wxr(post(1, "One", "a", ""), post(2, "Two", "b", "")), opt)
			if err != nil || rep.Taken.Articles.Published != 2 {
				t.Fatal(rep, err)
			}
			if got := runtime.GOMAXPROCS(0); got != procs {
				t.Errorf("%d processors after an import, %d before", got, procs)
			}
			return strings.Contains(log.String(), "importing slowly")
		}
		if said(importer.Options{}) {
			t.Error("slow for nobody")
		}
		dbtest.Serving(t, d)
		if !said(importer.Options{}) {
			t.Error("at full speed beside readers")
		}
		if said(importer.Options{Hurry: true}) {
			t.Error("slow in a hurry")
		}
	})
}
