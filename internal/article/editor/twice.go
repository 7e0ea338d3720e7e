package editor

import "time"

// yearsAhead is how far somebody may schedule and be asked beforehand which of two
// equal times is meant; the server asks in any case.
const yearsAhead = 10

// twice are the spans of local time that clocks show two times from an instant on, in
// its zone: where they are set back.
func twice(from time.Time) [][2]string {
	const wall = "2006-01-02T15:04"
	out := [][2]string{}
	for t, end := from, from.AddDate(yearsAhead, 0, 0); ; {
		_, next := t.ZoneBounds()
		if next.IsZero() || next.After(end) {
			return out
		}
		_, was := next.Add(-time.Second).Zone()
		if _, is := next.Zone(); is < was {
			local := next.UTC().Add(time.Duration(is) * time.Second)
			out = append(out, [2]string{local.Format(wall), local.Add(time.Duration(was-is) * time.Second).Format(wall)})
		}
		t = next.Add(24 * time.Hour) // bounds by rule may end where they begin
	}
}
