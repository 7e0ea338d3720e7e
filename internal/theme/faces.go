package theme

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dateline/internal/lang"
)

// fontFile is one @font-face of a theme's styles: a file and the letters that it
// is for (CSS Fonts 4 §4.5).
type fontFile struct {
	name   string // as an asset: "fonts/serif-latin.woff2"
	ranges [][2]rune
}

func (f fontFile) has(r rune) bool {
	for _, x := range f.ranges {
		if r >= x[0] && r <= x[1] {
			return true
		}
	}
	return false
}

// belongs tells whether the file is one of a face: "serif" has serif-latin.woff2.
func (f fontFile) belongs(face string) bool { return strings.HasPrefix(f.name, "fonts/"+face+"-") }

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	fontFace   = regexp.MustCompile(`(?s)@font-face\s*\{(.*?)\}`)
	slanted    = regexp.MustCompile(`font-style:\s*(italic|oblique)`)
	fontSource = regexp.MustCompile(`src:[^;]*?asset\(([^)]*)\)`)
	fontRange  = regexp.MustCompile(`unicode-range:([^;}]*)`)
)

// fontsIn reads the upright letters that styles name by asset(…), in their order.
func fontsIn(css []byte) []fontFile {
	var all []fontFile
	for _, m := range fontFace.FindAllSubmatch(cssComment.ReplaceAll(css, nil), -1) {
		src := fontSource.FindSubmatch(m[1])
		if src == nil || slanted.Match(m[1]) { // letters of the machine; what no page begins with
			continue
		}
		f := fontFile{name: string(src[1]), ranges: [][2]rune{{0, 0x10ffff}}}
		if list := fontRange.FindSubmatch(m[1]); list != nil {
			f.ranges = rangesOf(string(list[1]))
		}
		all = append(all, f)
	}
	return all
}

// rangesOf reads "U+0041-005A, U+4??, U+2026"; what is none of these names no letter.
func rangesOf(list string) [][2]rune {
	var out [][2]rune
	for part := range strings.SplitSeq(list, ",") {
		part = strings.ToUpper(strings.TrimSpace(part))
		from, to, span := strings.Cut(strings.TrimPrefix(part, "U+"), "-")
		if !span {
			from, to = strings.ReplaceAll(from, "?", "0"), strings.ReplaceAll(from, "?", "F")
		}
		a, err := strconv.ParseInt(from, 16, 32)
		b, err2 := strconv.ParseInt(to, 16, 32)
		if cmp.Or(err, err2) == nil {
			out = append(out, [2]rune{rune(a), rune(b)})
		}
	}
	return out
}

// signs are what every text has beside its letters.
const signs = " .,0123456789"

// lettersOf are the files of a face that a page of the language needs at once:
// those with letters of its alphabet, and with figures and signs. Where several
// have a letter, browsers take the last (CSS Fonts 4 §5.3). Signs that count as
// letters, as the apostrophe in Ukrainian, are written in several ways and bring
// no file. A face without any of the letters gives nothing.
func lettersOf(fonts []fontFile, face string, l *lang.Locale) []string {
	var own []fontFile
	for _, f := range fonts {
		if f.belongs(face) {
			own = append(own, f)
		}
	}
	needed := make([]bool, len(own))
	need := func(text string) {
		for _, r := range text {
			if unicode.Is(unicode.Lm, r) {
				continue
			}
			for i := len(own) - 1; i >= 0; i-- {
				if own[i].has(r) {
					needed[i] = true
					break
				}
			}
		}
	}
	need(l.Alphabet())
	if !slices.Contains(needed, true) {
		return nil
	}
	need(signs)
	var names []string
	for i, f := range own {
		if needed[i] && !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	return names
}
