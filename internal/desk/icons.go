package desk

// icons are drawn in a square of 20 with a line of 1.6; each is the paths of its
// drawing.
var icons = map[string][]string{
	"home":      {"M3 9l7-6 7 6v8H3z", "M8 17v-5h4v5"},
	"page":      {"M5 2h7l4 4v12H5z", "M8 9h5M8 12h5M8 15h3"},
	"calendar":  {"M3 5h14v12H3zM3 9h14M7 2v4M13 2v4"},
	"front":     {"M3 3h14v14H3zM3 8h14M11 8v9"},
	"pencil":    {"M3 17l1-4L14 3l3 3L7 16z"},
	"comment":   {"M3 4h14v10H9l-4 4v-4H3z"},
	"translate": {"M2 5h8M6 3v2M9 5c0 4-3 7-6 8M4 8c1 3 3 4 5 5M11 17l3.5-9L18 17M12 14h5"},
	"send":      {"M3 10l14-7-5 14-3-6z"},
	"picture":   {"M3 4h14v12H3zM3 14l4-4 3 3 3-4 4 5"},
	"folder":    {"M3 5h5l2 2h7v10H3z"},
	"settings": {"M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5",
		"M10 2v3M10 15v3M2 10h3M15 10h3M4.5 4.5l2 2M13.5 13.5l2 2M15.5 4.5l-2 2M6.5 13.5l-2 2"},
	"plus":    {"M10 4v12M4 10h12"},
	"more":    {"M3.5 10a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M9.5 10a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M15.5 10a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0"},
	"people":  {"M7.5 9.5a3 3 0 1 0 0-6 3 3 0 1 0 0 6zM2 17c0-3 2-5 5.5-5s5.5 2 5.5 5", "M13 4a2.7 2.7 0 0 1 0 5.3M15 12.3c2 .6 3 2.3 3 4.7"},
	"house":   {"M3 18V6l7-3 7 3v12", "M7 9h2M11 9h2M7 12h2M11 12h2M8.500 18v-3h3v3M2 18h16"},
	"person":  {"M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 1 0 0 7zM3 18c0-3.5 2.5-6 7-6s7 2.5 7 6"},
	"log":     {"M5 2h10v16H5z", "M8 6h4M8 10h4M8 14h2"},
	"key":     {"M13 3a4 4 0 1 0 0 8 4 4 0 1 0 0-8z", "M10 10l-7 7M5 15l2 2M7.5 12.5l2 2"},
	"back":    {"M16 10H4M9 5l-5 5 5 5"},
	"out":     {"M8 3H3v14h5M12 6l5 4-5 4M17 10H8"},
	"place":   {"M10 18c4-4.5 6-7.5 6-10a6 6 0 1 0-12 0c0 2.5 2 5.5 6 10z", "M10 10a2 2 0 1 0 0-4 2 2 0 1 0 0 4z"},
	"tag":     {"M3 3h7l7 7-7 7-7-7z", "M6.5 6.5h.01"},
	"numbers": {"M3 17h14", "M5 14v-4M10 14V5M15 14V8"},
	"search":  {"M9 3a6 6 0 1 0 0 12A6 6 0 1 0 9 3zM13.5 13.5L18 18"},
	"check":   {"M4 10.5l4 4 8-9"},
}

// icon gives the paths of an icon.
func icon(name string) []string { return icons[name] }
