package web

import "strings"

// acceptsCoding tells whether Accept-Encoding (RFC 9110 §12.5.3) takes a
// content coding. The order of preference is ours: assets are compressed as
// far as it goes, so weights other than 0 do not matter.
func acceptsCoding(fields []string, coding string) bool {
	star := false
	for _, field := range fields {
		for rest, more := field, true; more; {
			var item string
			item, rest, more = strings.Cut(rest, ",")
			name, params, _ := strings.Cut(item, ";")
			name = strings.Trim(name, " \t")
			if strings.EqualFold(name, coding) {
				return !refused(params)
			}
			if name == "*" {
				star = !refused(params)
			}
		}
	}
	return star
}

// refused tells whether parameters say q=0, in any of its spellings.
func refused(params string) bool {
	name, value, ok := strings.Cut(strings.Trim(params, " \t"), "=")
	if !ok || !strings.EqualFold(strings.TrimRight(name, " \t"), "q") {
		return false
	}
	value = strings.TrimLeft(value, " \t")
	return strings.HasPrefix(value, "0") && strings.Trim(value, "0.") == ""
}
