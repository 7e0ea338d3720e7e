package search

import "time"

// A doc number is an article's place: edition, second, and one of sixteen
// places in it, so that numbers sort as articles do and a range of them is a
// range of time.
const (
	slots    = 16
	slotBits = 4
	secBits  = 35
	docBits  = secBits + slotBits
	epoch    = int64(1) << (secBits - 1) // seconds before 1970 that fit
)

// second gives the number of the first place of a second; what lies outside
// the years 1426–2514 stands at their end.
func second(edition, unix int64) int64 {
	unix = min(max(unix, -epoch), epoch-1)
	return edition<<docBits | (unix+epoch)<<slotBits
}

// placeOf is where an article wants to stand: the second from which on it is
// visible, rounded up, so that it is never found before.
func placeOf(edition, article int64, from time.Time) int64 {
	sec := from.Unix()
	if from.Nanosecond() > 0 {
		sec++
	}
	return second(edition, sec) + article%slots
}

// attempt is the n-th place (from 1) for one whose place is taken. What is
// visible already moves to the past, what is not yet to the future: neither is
// found too early or too late but for some seconds, and numbers spread however
// many articles have the same instant.
func attempt(edition, article, want int64, n int, past bool) int64 {
	if n < slots {
		return want&^(slots-1) + (want+int64(n))%slots
	}
	h := uint64(article)*0x9e3779b97f4a7c15 + uint64(n)*0xbf58476d1ce4e5b9
	h ^= h >> 31
	shift := int64(h % (1 << min(8+2*(n-slots), 30)))
	if past {
		shift = -shift
	}
	lo, hi := second(edition, -epoch), second(edition, epoch-1)+slots-1
	return min(max(want+shift, lo), hi)
}

// instantOf is the second that a doc number stands in.
func instantOf(doc int64) time.Time {
	return time.Unix((doc&(1<<docBits-1))>>slotBits-epoch, 0)
}
