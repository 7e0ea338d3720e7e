package cache

import "strings"

// encoding is a content coding we can produce.
type encoding uint8

const (
	identity encoding = iota
	gzipped
	brotlied
	zstded
	encodings
)

var codings = [encodings]string{"identity", "gzip", "br", "zstd"}

// Among codings that a client likes equally the smallest wins. A page with a
// number in it is compressed anew every few seconds, so there the cheapest of
// the good ones wins.
var (
	smallest = [encodings]encoding{brotlied, zstded, gzipped, identity}
	cheapest = [encodings]encoding{zstded, brotlied, gzipped, identity}
)

// accepted chooses a coding by Accept-Encoding (RFC 9110 §12.5.3). Without
// the field, with nothing we know, or with everything refused it is identity:
// §12.5.3 lets us send the plain form then, and a page is better than a 406.
func accepted(fields []string, order *[encodings]encoding) encoding {
	if len(fields) == 0 {
		return identity
	}
	const unset = -1
	weights := [encodings]int{unset, unset, unset, unset}
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
				weights[gzipped] = q
			case strings.EqualFold(name, "br"):
				weights[brotlied] = q
			case strings.EqualFold(name, "zstd"):
				weights[zstded] = q
			case strings.EqualFold(name, "identity"):
				weights[identity] = q
			}
		}
	}
	best, most := identity, max(weights[identity], 0)
	for _, e := range order {
		q := weights[e]
		if q == unset && e != identity {
			q = star
		}
		// Equal weights: the first in our order, and any coding before
		// identity, which is the last of every order.
		if q > most || q == most && q > 0 && best == identity {
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
