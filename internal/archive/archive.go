package archive

import "time"

// Date makes the integer form of a day.
func Date(y int, m time.Month, d int) int { return y*10000 + int(m)*100 + d }

// Split gives the parts of a day.
func Split(day int) (y int, m time.Month, d int) {
	return day / 10000, time.Month(day / 100 % 100), day % 100
}

// DayOf is the day of an instant in a zone.
func DayOf(t time.Time, loc *time.Location) int {
	y, m, d := t.In(loc).Date()
	return Date(y, m, d)
}

// Valid reports whether the day is in the calendar.
func Valid(day int) bool {
	y, m, d := Split(day)
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return y > 0 && t.Year() == y && t.Month() == m && t.Day() == d
}

// Month is a month of an edition's calendar.
type Month struct {
	Year  int
	Month time.Month
	Days  []int // of the month, 1–31, that have articles, ascending
	// The nearest earlier and later days with articles outside the month, as
	// yyyymmdd; 0 when there is none.
	Prev, Next int
}

// Has reports whether a day of the month has articles.
func (m Month) Has(day int) bool {
	for _, d := range m.Days {
		if d == day {
			return true
		}
	}
	return false
}

// Year is a year of an edition's calendar.
type Year struct {
	Year       int
	Months     []time.Month // that have articles, ascending
	Prev, Next int          // nearest years with articles, 0 when there is none
}

// monthEnd is the last day a month could have.
func monthEnd(y int, m time.Month) int { return Date(y, m, 31) }
