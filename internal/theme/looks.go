package theme

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"dateline/themes"
)

// Looks are what a newsroom chooses of its appearance without touching a file.
// They are a value: the style sheet made of them has all of them in its
// address, so any process of any age answers for it rightly.
type Looks struct {
	// Theme is a theme's name; empty: the one the server was started with.
	Theme string
	// Accent and AccentDark are the colours of what can be acted on, "#rrggbb",
	// by day and by night; empty: the theme's. Without AccentDark the accent is
	// lightened for the night.
	Accent, AccentDark string
	// Lamp is the colour that marks now; empty: the theme's.
	Lamp string
	// Text and Interface are families of letters (Families); empty: the theme's.
	Text, Interface string
}

// DefaultName is the theme that the others take from what they lack.
const DefaultName = "default"

// Names lists the embedded themes, default first, the others sorted.
func Names() []string {
	names, err := namesIn(themes.Files)
	if err != nil {
		return []string{DefaultName} // an embedded folder can be read
	}
	return names
}

// families are the letters that a newsroom can choose from, as in the tokens of
// the default theme.
var families = map[string]string{
	"serif": `"Lamp Serif","Lamp Serif like Times","Lamp Serif like Noto","Lamp Serif like DejaVu",Georgia,"Times New Roman",serif`,
	"sans":  `"Lamp Sans","Lamp Sans like Arial","Lamp Sans like Roboto","Lamp Sans like DejaVu",system-ui,sans-serif`,
	// What the reader's machine has: nothing is loaded.
	"system-serif": `Georgia,"Times New Roman","Noto Serif",serif`,
	"system":       `system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif`,
}

// Families are the families of letters, sorted.
func Families() []string {
	names := make([]string, 0, len(families))
	for name := range families {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Grounds are what a theme puts letters on, by day and by night: the first two
// values of --paper and of --night in its styles.
type Grounds struct{ Paper, PaperDark, Night, NightDark Colour }

// GroundsOf gives the grounds of an embedded theme, "" being the default one.
func GroundsOf(name string) (Grounds, error) {
	if name == "" {
		name = DefaultName
	}
	if !slices.Contains(Names(), name) {
		return Grounds{}, fmt.Errorf("there is no theme %q", name)
	}
	e := &Engine{o: Options{FS: themes.Files}}
	css, err := e.source(name, nil).style(nil)
	if err != nil {
		return Grounds{}, err
	}
	return groundsIn(css)
}

var groundToken = regexp.MustCompile(`--(paper|night):\s*(#[0-9a-fA-F]{3,6})`)

func groundsIn(css []byte) (Grounds, error) {
	var g Grounds
	rest := map[string][]*Colour{"paper": {&g.Paper, &g.PaperDark}, "night": {&g.Night, &g.NightDark}}
	for _, m := range groundToken.FindAllSubmatch(css, -1) {
		name := string(m[1])
		if len(rest[name]) == 0 {
			continue
		}
		c, err := ParseColour(string(m[2]))
		if err != nil {
			return g, fmt.Errorf("--%s: %w", name, err)
		}
		*rest[name][0] = c
		rest[name] = rest[name][1:]
	}
	for name, missing := range rest {
		if len(missing) > 0 {
			return g, fmt.Errorf("the styles do not say --%s for day and for night", name)
		}
	}
	return g, nil
}

// Sheet is the style sheet of the looks on a theme's papers: custom properties
// only. It is empty where everything is the theme's own. A colour that cannot
// be read on its paper is moved until it can: what was right for another
// theme must not make this one unreadable.
func (l Looks) Sheet(g Grounds) []byte {
	var both, light, dark []string
	add := func(list *[]string, name, value string) { *list = append(*list, name+":"+value) }
	accent := func(list *[]string, c, paper Colour) {
		c = c.readable(paper, MinContrast)
		add(list, "--accent", c.String())
		add(list, "--accent-wash", wash(c, paper).String())
		add(list, "--on-accent", on(c, paper).String())
	}
	byDay, err := ParseColour(l.Accent)
	if err == nil {
		accent(&light, byDay, g.Paper)
	}
	byNight, nerr := ParseColour(l.AccentDark)
	if nerr != nil && err == nil {
		byNight, nerr = byDay.readable(g.PaperDark, 7), nil
	}
	if nerr == nil {
		accent(&dark, byNight, g.PaperDark)
	}
	if c, err := ParseColour(l.Lamp); err == nil {
		add(&both, "--lamp", c.String())
	}
	if f := families[l.Text]; f != "" {
		add(&both, "--serif", f)
	}
	if f := families[l.Interface]; f != "" {
		add(&both, "--sans", f)
	}
	var b strings.Builder
	if len(both) > 0 {
		b.WriteString(":root:root{" + strings.Join(both, ";") + "}\n")
	}
	// The day's accent must not win over the theme's own accent of the night,
	// nor on paper, where the theme prints black.
	if len(light) > 0 {
		b.WriteString("@media screen{:root{" + strings.Join(light, ";") + "}}\n")
	}
	if len(dark) > 0 {
		b.WriteString("@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){" + strings.Join(dark, ";") + "}}\n")
	}
	return []byte(b.String())
}

// SheetName is the name of the looks' style sheet: all of the looks and a hash
// of what this program makes of them. Empty where there is nothing to say.
func (l Looks) SheetName(g Grounds) string {
	css := l.Sheet(g)
	if len(css) == 0 {
		return ""
	}
	sum := sha256.Sum256(css)
	parts := []string{l.Theme, bare(l.Accent), bare(l.AccentDark), bare(l.Lamp), l.Text, l.Interface}
	for i, p := range parts {
		if p == "" {
			parts[i] = "_"
		}
	}
	return strings.Join(parts, ".") + "." + hex.EncodeToString(sum[:6]) + ".css"
}

func bare(colour string) string {
	c, err := ParseColour(colour)
	if err != nil {
		return ""
	}
	return c.String()[1:]
}

// ReadSheetName gives the looks of a style sheet's name; the hash is the
// caller's to compare. What is no colour, family or theme of ours is an error.
func ReadSheetName(name string) (Looks, error) {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 8 || parts[7] != "css" {
		return Looks{}, errors.New("no style sheet of looks")
	}
	for i := range parts {
		if parts[i] == "_" {
			parts[i] = ""
		}
	}
	l := Looks{Theme: parts[0], Text: parts[4], Interface: parts[5]}
	for i, to := range []*string{&l.Accent, &l.AccentDark, &l.Lamp} {
		if parts[i+1] == "" {
			continue
		}
		c, err := ParseColour(parts[i+1])
		if err != nil || c.String()[1:] != parts[i+1] {
			return Looks{}, errColour
		}
		*to = c.String()
	}
	for _, f := range []string{l.Text, l.Interface} {
		if f != "" && families[f] == "" {
			return Looks{}, fmt.Errorf("no family %q", f)
		}
	}
	if !slices.Contains(Names(), l.Theme) {
		return Looks{}, fmt.Errorf("no theme %q", l.Theme)
	}
	return l, nil
}
