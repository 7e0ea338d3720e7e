package views

import (
	"testing"
	"time"

	"dateline/internal/lang"
)

// A day has the hours that it has in the newsroom's zone, and is compared with the
// same weekday's up to the same minute.
func TestPeriod(t *testing.T) {
	l := lang.Of("en")
	for _, c := range []struct {
		zone, now string
		hours     int
		first     string
	}{
		{"Asia/Almaty", "2026-11-14 14:30", 24, "00:00"},
		{"Europe/Berlin", "2026-03-29 12:00", 23, "00:00"}, // clocks go forward
		{"Europe/Berlin", "2026-10-25 12:00", 25, "00:00"},
		{"Asia/Kolkata", "2026-11-14 14:30", 24, "00:30"}, // half an hour off: our hours begin in the middle of theirs
	} {
		zone, err := lang.Zone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		points := periodOf(now, 1, 7).points(l, map[int64]int64{Hour(now): 7, Hour(now) + 1: 9})
		if len(points) != c.hours || points[0].Name != c.first {
			t.Errorf("%s %s: %d hours from %s", c.zone, c.now, len(points), points[0].Name)
		}
		running, ahead := 0, 0
		for _, p := range points {
			if p.Part {
				running++
				if p.N != 7 || p.Ahead {
					t.Errorf("%s: the hour that runs is %v", c.zone, p)
				}
			}
			if p.Ahead {
				ahead++
			}
		}
		if running != 1 || ahead == 0 {
			t.Errorf("%s: %d hours run, %d are ahead", c.zone, running, ahead)
		}
	}

	zone, _ := lang.Zone("Asia/Almaty")
	now := time.Date(2026, 11, 14, 14, 30, 0, 0, zone)
	week := Hour(now.AddDate(0, 0, -7))
	hours := map[int64]int64{Hour(now): 10, Hour(now) - 1: 5, week: 8, week - 1: 6, week + 1: 100}
	if n, before := periodOf(now, 1, 7).totals(hours); n != 15 || before != 10 {
		t.Errorf("%d beside %d, want 15 beside 6 and half of 8", n, before)
	}
	days := periodOf(now, 7, 7).points(l, hours)
	if len(days) != 7 || days[6].N != 15 || !days[6].Part || days[6].Before != 114 || days[0].N != 0 {
		t.Errorf("seven days: %v", days)
	}
}

func TestCompared(t *testing.T) {
	l := lang.Of("en")
	for _, c := range []struct {
		n, before int64
		want      string
	}{
		{131, 100, "31% more than a week ago by this time"},
		{69, 100, "31% less than a week ago by this time"},
		{100, 100, "as much as a week ago by this time"},
		{1000, 999, "as much as a week ago by this time"},
		{5, 0, "nothing to compare with yet"},
	} {
		if got, _, _ := compared(l, c.n, c.before, "today"); got != c.want {
			t.Errorf("%d beside %d: %q", c.n, c.before, got)
		}
	}
}
