package lang

import (
	"strconv"
	"strings"
	"time"
)

func (l *Locale) fill(pattern string, year int, month string, day int, weekday string) string {
	var b strings.Builder
	for _, r := range pattern {
		switch r {
		case 'y':
			b.WriteString(strconv.Itoa(year))
		case 'M':
			b.WriteString(month)
		case 'd':
			b.WriteString(strconv.Itoa(day))
		case 'W':
			b.WriteString(weekday)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Date is the day: 14 February 2022 · 14 февраля 2022 · 2022 ж. 14 ақпан. As
// in all methods here, t is already in the zone wanted.
func (l *Locale) Date(t time.Time) string {
	return l.fill(l.forms.Dates.Date, t.Year(), l.forms.Months.Wide[t.Month()-1], t.Day(), "")
}

// DayMonth is the day without its year: 14 February · 14 февраля · 14 ақпан.
func (l *Locale) DayMonth(t time.Time) string {
	return l.fill(l.forms.Dates.DayMonth, 0, l.forms.Months.Wide[t.Month()-1], t.Day(), "")
}

// FullDate is the day with its weekday: Saturday, 14 November 2026 ·
// суббота, 14 ноября 2026 · 2026 ж. 14 қараша, сенбі. At the start of a line
// it wants Title.
func (l *Locale) FullDate(t time.Time) string {
	return l.fill(l.forms.Dates.Full, t.Year(), l.forms.Months.Wide[t.Month()-1], t.Day(), l.forms.Days.Wide[t.Weekday()])
}

// Time is the time of day on 24 hours: 09:40.
func (l *Locale) Time(t time.Time) string { return t.Format("15:04") }

// DateTime is day and time: 14 February 2022, 09:49.
func (l *Locale) DateTime(t time.Time) string { return l.Date(t) + ", " + l.Time(t) }

// Dateline is the line that an article is printed with: day, time, the name
// of the zone, the place. zone is an IANA name, or empty for none; t is
// already in that zone. An empty place is left out.
//
//	14 February 2022, 09:49 (Moscow time), Moscow
//	14 февраля 2022, 09:49 (по московскому времени), Москва
//	2022 ж. 14 ақпан, 09:49 (Мәскеу уақыты), Мәскеу
func (l *Locale) Dateline(t time.Time, zone, place string) string {
	s := l.DateTime(t)
	if zone != "" {
		s += " (" + l.ZoneName(zone, t) + ")"
	}
	if place != "" {
		s += ", " + place
	}
	return s
}

// Month is the month's name alone: November · ноябрь · қараша.
func (l *Locale) Month(m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	if l.forms.Dates.Month == "inDate" {
		return l.forms.Months.Wide[m-1]
	}
	return l.forms.MonthsAlone.Wide[m-1]
}

// MonthShort is the abbreviated month alone: Nov · нояб. · қар.
func (l *Locale) MonthShort(m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	return l.forms.MonthsAlone.Short[m-1]
}

// MonthYear is a month of a year: November 2026 · ноябрь 2026 · 2026 ж. қараша.
func (l *Locale) MonthYear(year int, m time.Month) string {
	return l.fill(l.forms.Dates.MonthYear, year, l.Month(m), 0, "")
}

// Weekday is the weekday's name alone: Saturday · суббота · сенбі.
func (l *Locale) Weekday(w time.Weekday) string { return l.forms.DaysAlone.Wide[(w%7+7)%7] }

// WeekdayShort is its abbreviation: Sat · сб · сб.
func (l *Locale) WeekdayShort(w time.Weekday) string { return l.forms.DaysAlone.Short[(w%7+7)%7] }

// WeekdayNarrow is one letter, unclear without its neighbours: S · С · С.
func (l *Locale) WeekdayNarrow(w time.Weekday) string { return l.forms.DaysAlone.Narrow[(w%7+7)%7] }

// WeekStart is the day on which a calendar's row begins.
func (l *Locale) WeekStart() time.Weekday { return l.firstDay }

// Number groups a whole number's digits: 3,537 · 3 537, with a no-break space.
func (l *Locale) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = l.minus(), s[1:]
	}
	if len(s) < 3+l.forms.MinGroup {
		return sign + s
	}
	first := (len(s)-1)%3 + 1
	var b strings.Builder
	b.WriteString(sign + s[:first])
	for i := first; i < len(s); i += 3 {
		b.WriteString(l.forms.Group + s[i:i+3])
	}
	return b.String()
}

func (l *Locale) minus() string { return "−" }

// Size writes a number of bytes as people do: 12 KB · 1,4 МБ. Units are of a
// thousand, as on the shelf.
func (l *Locale) Size(bytes int64) string {
	units := []string{"size.b", "size.kb", "size.mb", "size.gb"}
	v, u := float64(max(bytes, 0)), 0
	for v >= 999.5 && u < len(units)-1 {
		v, u = v/1000, u+1
	}
	digits := 0
	if u > 0 && v < 9.95 {
		digits = 1
	}
	s := strconv.FormatFloat(v, 'f', digits, 64)
	s = strings.Replace(strings.TrimSuffix(s, ".0"), ".", l.forms.Decimal, 1)
	return l.T(units[u], "size", s)
}
