package search

import (
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/pace"
)

// TestUpkeepRests: upkeep rests while an import runs, one that began meanwhile,
// too; not for what it worked before, and not after the import's end. Whether one
// runs is asked once a second.
func TestUpkeepRests(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := (&Store{d: d}).upkeep()
		worked := func(long time.Duration) (rest time.Duration) {
			t.Helper()
			u.began = time.Now().Add(-long)
			began := time.Now()
			if err := u.step(t.Context()); err != nil {
				t.Fatal(err)
			}
			return time.Since(began)
		}
		short := pace.Rest * pace.Stretch
		if rest := worked(time.Hour); rest > short {
			t.Errorf("rested %v for nobody", rest)
		}
		end, err := dbtest.Second(t, d).Exclusive(t.Context(), db.Importing)
		if err != nil {
			t.Fatal(err)
		}
		if rest := worked(pace.Stretch); rest > short/2 {
			t.Errorf("rested %v: asked again within a second", rest)
		}
		u.asked = u.asked.Add(-askEvery)
		if rest := worked(2 * pace.Stretch); rest < 2*short {
			t.Errorf("rested %v beside an import that has begun", rest)
		}
		end()
		u.asked = u.asked.Add(-askEvery)
		if rest := worked(2 * pace.Stretch); rest > short {
			t.Errorf("rested %v after the import", rest)
		}
	})
}
