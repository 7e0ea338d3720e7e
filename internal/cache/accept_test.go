package cache

import (
	"slices"
	"strings"
	"testing"
)

func TestAccepted(t *testing.T) {
	for _, tt := range []struct {
		fields []string
		small  string
		cheap  string
	}{
		{nil, "identity", "identity"},
		{[]string{""}, "identity", "identity"},
		{[]string{"gzip, deflate, br, zstd"}, "br", "zstd"},
		{[]string{"gzip, deflate, br"}, "br", "br"},
		{[]string{"gzip, deflate"}, "gzip", "gzip"},
		{[]string{"deflate"}, "identity", "identity"},
		{[]string{"*"}, "br", "zstd"},
		{[]string{"*;q=0"}, "identity", "identity"},
		{[]string{"gzip;q=0, *"}, "br", "zstd"},
		{[]string{"gzip;q=1.0, br;q=0.9, zstd;q=0.8"}, "gzip", "gzip"},
		{[]string{"br;q=0.001,gzip;q=0"}, "br", "br"},
		{[]string{"br; q=0.5 , gzip ;q=0.5"}, "br", "br"},
		{[]string{"gzip;q=0.5, identity"}, "identity", "identity"},
		{[]string{"gzip, identity"}, "gzip", "gzip"},
		{[]string{"gzip;q=0.5, identity;q=0.2"}, "gzip", "gzip"},
		{[]string{"identity;q=0, gzip"}, "gzip", "gzip"},
		{[]string{"GZip;Q=0.3"}, "gzip", "gzip"},
		{[]string{"x-gzip"}, "gzip", "gzip"},
		{[]string{"gzip", "br"}, "br", "br"},
		{[]string{"br;q=0.1234, gzip;q=0.1"}, "gzip", "gzip"},
		{[]string{"br;q=1.1, gzip;q=0.1"}, "gzip", "gzip"},
		{[]string{"br;q=, gzip;q=0.1"}, "gzip", "gzip"},
		{[]string{"br;level=5, gzip;q=0.1"}, "gzip", "gzip"},
		{[]string{",,;,gzip,"}, "gzip", "gzip"},
	} {
		if got := codings[accepted(tt.fields, &smallest)]; got != tt.small {
			t.Errorf("%q: smallest is %s, want %s", tt.fields, got, tt.small)
		}
		if got := codings[accepted(tt.fields, &cheapest)]; got != tt.cheap {
			t.Errorf("%q: cheapest is %s, want %s", tt.fields, got, tt.cheap)
		}
	}
}

// Whatever is sent, a coding is chosen only if its name or a star is there.
func FuzzAccepted(f *testing.F) {
	f.Add("gzip, deflate, br;q=0.5, zstd, *;q=0", "identity")
	f.Add("x-gzip;q=0.001,,;q=2", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		got := accepted([]string{a, b}, &smallest)
		said := strings.ToLower(a + "," + b)
		if got != identity && !strings.Contains(said, codings[got]) && !strings.Contains(said, "*") {
			t.Errorf("%q, %q: chose %s", a, b, codings[got])
		}
		if got == identity && slices.Contains([]string{"gzip", "br", "zstd"}, strings.TrimSpace(a)) && b == "" {
			t.Errorf("%q: chose identity", a)
		}
	})
}
