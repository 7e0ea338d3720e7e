package theme

import (
	"regexp"
	"strings"
	"testing"
)

func colour(t *testing.T, s string) Colour {
	t.Helper()
	c, err := ParseColour(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Figures from WCAG's own examples and from design of the default theme.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b      string
		low, high float64
	}{{"#000", "#fff", 21, 21}, {"#777777", "#ffffff", 4.47, 4.48}, {"#767676", "#ffffff", 4.54, 4.55}, {"#0e5a45", "#ffffff", 8.1, 8.3}, {"#86d2b3", "#101614", 10.3, 10.5}} {
		if f := Contrast(colour(t, c.a), colour(t, c.b)); f < c.low || f > c.high {
			t.Errorf("%s on %s: %.3f", c.a, c.b, f)
		}
		if Contrast(colour(t, c.a), colour(t, c.b)) != Contrast(colour(t, c.b), colour(t, c.a)) {
			t.Error("it depends on the order")
		}
	}
}

var declared = regexp.MustCompile(`--([a-z-]+):(#[0-9a-f]{6})`)

// Whatever accent is chosen, what stands on the pages can be read, in every
// theme: it on the paper, it on its wash, letters on it.
func TestSheetIsReadable(t *testing.T) {
	for _, name := range Names() {
		g, err := GroundsOf(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, accent := range []string{"#0e5a45", "#767676", "#7a1f3d", "#0000ff", "#c00000", "#000000", "#ffffff", "#ffff00", "#ff69b4", "#123456"} {
			for _, night := range []string{"", "#86d2b3", "#222222"} {
				l := Looks{Theme: name, Accent: accent, AccentDark: night, Lamp: "#f2c24e", Text: "sans"}
				css := string(l.Sheet(g))
				day, dark, found := strings.Cut(css, "prefers-color-scheme:dark")
				if !found || strings.Count(css, "{") != strings.Count(css, "}") {
					t.Fatalf("no night: %s", css)
				}
				for paper, part := range map[Colour]string{g.Paper: day, g.PaperDark: dark} {
					v := map[string]Colour{}
					for _, m := range declared.FindAllStringSubmatch(part, -1) {
						v[m[1]] = colour(t, m[2])
					}
					for what, f := range map[string]float64{"paper": Contrast(v["accent"], paper), "wash": Contrast(v["accent"], v["accent-wash"]), "on": Contrast(v["on-accent"], v["accent"])} {
						if f < MinContrast {
							t.Errorf("%s: accent %s, night %q: %.2f on %s", name, accent, night, f, what)
						}
					}
				}
			}
		}
	}
}

// The address of the sheet says all of it, and nothing else is read from one.
func TestSheetName(t *testing.T) {
	g, err := GroundsOf("default")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []Looks{{Theme: "default", Accent: "#7a1f3d"}, {Theme: "default", Lamp: "#f2c24e", Text: "sans", Interface: "system-serif"}} {
		name := l.SheetName(g)
		got, err := ReadSheetName(name)
		if err != nil || got != l {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, l)
		}
	}
	if name := (Looks{Theme: "default"}).SheetName(g); name != "" {
		t.Errorf("nothing is set, but there is a sheet %q", name)
	}
	for _, bad := range []string{"", "x.css", "default.7a1f3.._._._._.0.css", "default.7A1F3D._._._._.0.css", "no._._._._._.0.css", "default._._._.comic._.0.css", "default.#7a1f3d._._._._.0.css", "../default._._._._._.0.css/x"} {
		if l, err := ReadSheetName(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, l)
		}
	}
}

func FuzzReadSheetName(f *testing.F) {
	f.Add("default.7a1f3d._.f2c24e.sans._.0123456789ab.css")
	g, err := GroundsOf("default")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string) {
		l, err := ReadSheetName(name)
		if err != nil {
			return
		}
		if css := string(l.Sheet(g)); strings.ContainsAny(css, "<\\") || strings.Contains(css, "url(") {
			t.Errorf("%q makes %s", name, css)
		}
	})
}

// The families are those of the default theme's tokens.
func TestFamiliesAreTheThemes(t *testing.T) {
	e, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	css, err := e.Style(DefaultName)
	if err != nil {
		t.Fatal(err)
	}
	for token, family := range map[string]string{"--serif:": "serif", "--sans:": "sans"} {
		if !strings.Contains(string(css), token+families[family]+";") {
			t.Errorf("the default theme's %s is not %s", token, families[family])
		}
	}
}
