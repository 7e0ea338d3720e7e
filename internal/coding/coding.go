package coding

import "strings"

// Coding is a content coding that we can produce.
type Coding uint8

// The codings; Count is how many there are.
const (
	Identity Coding = iota
	Gzip
	Brotli
	Zstd
	Count
)

var names = [Count]string{"identity", "gzip", "br", "zstd"}

// String is the coding's registered name.
func (c Coding) String() string { return names[c] }

// Choose finds the coding that a reader likes best by Accept-Encoding
// (RFC 9110 §12.5.3). Without the field, with nothing we know, or with
// everything refused it is identity: §12.5.3 lets us send the plain form then,
// and a page is better than a 406.
// order is what we can send, best first: among codings that the reader likes
// equally its first wins, and any of them before identity.
func Choose(fields []string, order []Coding) Coding {
	if len(fields) == 0 {
		return Identity
	}
	const unset = -1
	weights := [Count]int{unset, unset, unset, unset}
	star := unset
	for _, field := range fields {
		for rest, more := field, true; more; {
			var item string
			item, rest, more = strings.Cut(rest, ",")
			name, params, _ := strings.Cut(item, ";")
			q := weight(params)
			if q < 0 {
				continue
			}
			switch name = strings.Trim(name, " \t"); {
			case name == "*":
				star = q
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				weights[Gzip] = q
			case strings.EqualFold(name, "br"):
				weights[Brotli] = q
			case strings.EqualFold(name, "zstd"):
				weights[Zstd] = q
			case strings.EqualFold(name, "identity"):
				weights[Identity] = q
			}
		}
	}
	best, most := Identity, max(weights[Identity], 0)
	for _, e := range order {
		q := weights[e]
		if q == unset && e != Identity {
			q = star
		}
		// Equal weights: the first in our order, and any coding before
		// identity, which need not stand in it.
		if q > most || q == most && q > 0 && best == Identity {
			best, most = e, q
		}
	}
	return best
}

// weight reads the q of an element's parameters in thousandths; without one
// it is 1000. A malformed element gives -1 and is to be ignored.
func weight(params string) int {
	params = strings.Trim(params, " \t")
	if params == "" {
		return 1000
	}
	name, value, ok := strings.Cut(params, "=")
	if !ok || !strings.EqualFold(strings.TrimRight(name, " \t"), "q") {
		return -1
	}
	value = strings.TrimLeft(value, " \t")
	if value == "" || len(value) > 5 || value[0] != '0' && value[0] != '1' {
		return -1
	}
	q := int(value[0]-'0') * 1000
	if len(value) == 1 {
		return q
	}
	if value[1] != '.' {
		return -1
	}
	unit := 100
	for _, c := range []byte(value[2:]) {
		if c < '0' || c > '9' {
			return -1
		}
		q += int(c-'0') * unit
		unit /= 10
	}
	if q > 1000 {
		return -1
	}
	return q
}
