package coding

import (
	"slices"
	"strings"
	"testing"
)

var (
	smallest = []Coding{Brotli, Zstd, Gzip}
	cheapest = []Coding{Zstd, Brotli, Gzip}
)

func TestChoose(t *testing.T) {
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
		if got := Choose(tt.fields, smallest).String(); got != tt.small {
			t.Errorf("%q: smallest is %s, want %s", tt.fields, got, tt.small)
		}
		if got := Choose(tt.fields, cheapest).String(); got != tt.cheap {
			t.Errorf("%q: cheapest is %s, want %s", tt.fields, got, tt.cheap)
		}
	}
}

// What is not in the order is not chosen, whatever the reader likes.
func TestChooseOnlyWhatThereIs(t *testing.T) {
	for field, want := range map[string]Coding{"zstd": Identity, "zstd, gzip;q=0.1": Gzip, "*": Brotli, "br;q=0, *": Gzip,
		"br; q=0.000": Identity, "brr": Identity} {
		if got := Choose([]string{field}, []Coding{Brotli, Gzip}); got != want {
			t.Errorf("%q: %s, want %s", field, got, want)
		}
	}
}

// Whatever is sent, a coding is chosen only if its name or a star is there.
func FuzzChoose(f *testing.F) {
	f.Add("gzip, deflate, br;q=0.5, zstd, *;q=0", "identity")
	f.Add("x-gzip;q=0.001,,;q=2", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		got := Choose([]string{a, b}, smallest)
		said := strings.ToLower(a + "," + b)
		if got != Identity && !strings.Contains(said, got.String()) && !strings.Contains(said, "*") {
			t.Errorf("%q, %q: chose %s", a, b, got.String())
		}
		if got == Identity && slices.Contains([]string{"gzip", "br", "zstd"}, strings.TrimSpace(a)) && b == "" {
			t.Errorf("%q: chose identity", a)
		}
	})
}
