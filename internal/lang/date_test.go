package lang

import (
	"testing"
	"time"
)

func in(t *testing.T, zone, at string) time.Time {
	t.Helper()
	loc, err := Zone(zone)
	if err != nil {
		t.Fatal(err)
	}
	u, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	return u.In(loc)
}

func TestDates(t *testing.T) {
	moscow := in(t, "Europe/Moscow", "2022-02-14T06:49:00Z")
	almaty := in(t, "Asia/Almaty", "2026-11-14T04:40:00Z")
	for _, c := range []struct{ got, want string }{
		{Of("en").Dateline(moscow, "Europe/Moscow", "Moscow"), "14 February 2022, 09:49 (Moscow time), Moscow"},
		{Of("ru").Dateline(moscow, "Europe/Moscow", "Москва"), "14 февраля 2022, 09:49 (по московскому времени), Москва"},
		{Of("kk").Dateline(moscow, "Europe/Moscow", "Мәскеу"), "2022 ж. 14 ақпан, 09:49 (Мәскеу уақыты), Мәскеу"},
		{Of("ru").Dateline(moscow, "Europe/Moscow", ""), "14 февраля 2022, 09:49 (по московскому времени)"},
		{Of("en").Dateline(moscow, "", ""), "14 February 2022, 09:49"},
		{Of("fr").Dateline(moscow, "Europe/Moscow", "Moscou"), "14 February 2022, 09:49 (Moscow time), Moscou"},
		{Of("en").FullDate(almaty), "Saturday, 14 November 2026"},
		{Of("ru").FullDate(almaty), "суббота, 14 ноября 2026"},
		{Of("ru").Title(Of("ru").FullDate(almaty)), "Суббота, 14 ноября 2026"},
		{Of("kk").FullDate(almaty), "2026 ж. 14 қараша, сенбі"},
		{Of("en").Date(almaty), "14 November 2026"},
		{Of("ru").Date(almaty), "14 ноября 2026"},
		{Of("kk").Date(almaty), "2026 ж. 14 қараша"},
		{Of("en").DayMonth(almaty), "14 November"},
		{Of("ru").DayMonth(almaty), "14 ноября"},
		{Of("kk").DayMonth(almaty), "14 қараша"},
		{Of("kk").Time(almaty), "09:40"},
		{Of("en").DateTime(almaty), "14 November 2026, 09:40"},
		{Of("en").MonthYear(2026, time.November), "November 2026"},
		{Of("ru").MonthYear(2026, time.November), "ноябрь 2026"},
		{Of("kk").MonthYear(2026, time.November), "2026 ж. қараша"},
		{Of("ru").Month(time.February), "февраль"},
		{Of("kk").Month(time.February), "ақпан"},
		{Of("kk").Title(Of("kk").Month(time.February)), "Ақпан"},
		{Of("ru").Month(13), ""},
		{Of("ru").MonthShort(time.May), "май"},
		{Of("kk").MonthShort(time.November), "қар."},
		{Of("ru").Weekday(time.Tuesday), "вторник"},
		{Of("kk").Weekday(time.Friday), "жұма"},
		{Of("kk").WeekdayShort(time.Friday), "жм"},
		{Of("en").WeekdayNarrow(time.Friday), "F"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestZoneNames(t *testing.T) {
	at := in(t, "UTC", "2022-02-14T06:49:00Z")
	for _, c := range []struct{ tag, zone, want string }{
		{"en", "Asia/Almaty", "Almaty time"},
		{"ru", "Asia/Almaty", "по алматинскому времени"},
		{"kk", "Asia/Almaty", "Алматы уақыты"},
		{"ru", "Europe/Lisbon", "по времени Лиссабона"},
		{"ru", "Asia/Riyadh", "по времени Эр-Рияда"},
		{"en", "Europe/Kiev", "Kyiv time"},
		{"en", "Etc/GMT-5", "UTC+05:00"},
		{"kk", "+05:45", "UTC+05:45"},
		{"ru", "UTC-3.5", "UTC−03:30"},
		{"en", "UTC", "UTC"},
		{"en", "No/Where", "UTC"},
		{"ar", "Asia/Dubai", "Dubai time"},
	} {
		if got := Of(c.tag).ZoneName(c.zone, at); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.tag, c.zone, got, c.want)
		}
	}
}

// TestZoneTable: every zone and alias exists in the data, and is named in
// every whole language, each by a name of its own.
func TestZoneTable(t *testing.T) {
	table := known()["en"].forms.Zones.Names
	if len(table) < 120 {
		t.Errorf("only %d zones", len(table))
	}
	for _, tag := range Known() {
		names := Of(tag).forms.Zones.Names
		seen := map[string]string{}
		for name, n := range names {
			if _, ok := table[name]; !ok {
				t.Errorf("%s names %s, which English does not", tag, name)
			}
			if other := seen[n]; other != "" || n == "" {
				t.Errorf("%s: %s and %s are both %q", tag, name, other, n)
			}
			seen[n] = name
		}
		if Of(tag).own.Whole && len(names) != len(table) {
			t.Errorf("%s names %d zones of %d", tag, len(names), len(table))
		}
	}
	for name := range table {
		if _, err := embedded().zone(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for from, to := range zoneAliases {
		if _, err := embedded().zone(from); err != nil {
			t.Errorf("alias %s: %v", from, err)
		}
		if _, ok := table[to]; !ok {
			t.Errorf("alias %s leads to %s, which has no name", from, to)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		tag  string
		n    int64
		want string
	}{
		{"en", 3537, "3,537"}, {"ru", 3537, "3\u00a0537"}, {"kk", 3537, "3\u00a0537"}, {"en", 999, "999"}, {"en", 0, "0"},
		{"en", 1234567, "1,234,567"}, {"ru", -12345, "−12\u00a0345"}, {"fr", 1000, "1,000"},
		{"en", -1 << 63, "−9,223,372,036,854,775,808"},
	} {
		if got := Of(c.tag).Number(c.n); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.tag, c.n, got, c.want)
		}
	}
}

func TestWeekStart(t *testing.T) {
	for tag, want := range map[string]time.Weekday{
		"en": time.Monday, "en-US": time.Sunday, "en-GB": time.Monday, "ru": time.Monday, "kk": time.Monday,
		"fr": time.Monday, "ar": time.Saturday, "fa": time.Saturday, "he": time.Sunday,
	} {
		if got := Of(tag).WeekStart(); got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}
