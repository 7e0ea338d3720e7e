package card

import (
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// setting is a headline broken into lines at a size.
type setting struct {
	face  font.Face
	size  float64
	lines []string
}

// leading is a line's height in sizes of the letters.
const leading = 1.14

func (s setting) step() int   { return int(s.size*leading + 0.5) }
func (s setting) height() int { return len(s.lines) * s.step() }

func (s setting) draw(img *image.RGBA, c color.RGBA, x, top int) {
	for i, l := range s.lines {
		// The letters of Source Serif rise 0.67 and hang 0.23 of their size.
		write(img, s.face, c, fixed.P(x, top+i*s.step()+int(s.size*0.82)), l)
	}
}

// fit sets a headline at the first of the sizes, the largest first, at which
// it stands within width × height pixels and so many lines with every word
// whole. At the last a word that is too long is broken, and what does not fit
// is left out with an ellipsis.
func fit(f *opentype.Font, text string, sizes []float64, width, height, most int) (setting, error) {
	for i, size := range sizes {
		face, err := at(f, size)
		if err != nil {
			return setting{}, err
		}
		s := setting{face: face, size: size}
		most := min(most, max(height/s.step(), 1))
		last := i == len(sizes)-1
		words := strings.Split(text, " ")
		if last {
			words = breakLong(face, words, width)
		}
		for i, w := range words {
			words[i] = strings.ReplaceAll(w, shy, "")
		}
		if s.lines = balanced(face, words, width); s.lines != nil && len(s.lines) <= most {
			return s, nil
		}
		if last {
			rest := strings.Join(s.lines[most-1:], " ")
			s.lines = append(s.lines[:most-1], cutTo(face, rest+" …", width))
			return s, nil
		}
		face.Close()
	}
	return setting{}, nil
}

// balanced breaks words into as few lines as they need, of lengths as equal as
// may be: the sum of the squares of what is left free is the least. The last
// line counts too, so no word stands alone. Nil where a word is too long.
func balanced(face font.Face, words []string, width int) []string {
	n := len(words)
	space := measure(face, " ")
	wide := make([]int, n)
	for i, w := range words {
		if wide[i] = measure(face, w); wide[i] > width {
			return nil
		}
	}
	type way struct {
		lines, free, from int // best way to set the words before, the last line beginning at from
	}
	best := make([]way, n+1)
	for end := 1; end <= n; end++ {
		best[end] = way{lines: n + 1}
		length := -space
		for from := end - 1; from >= 0; from-- {
			if length += space + wide[from]; length > width {
				break
			}
			free := best[from].free + (width-length)*(width-length)
			lines := best[from].lines + 1
			if lines < best[end].lines || lines == best[end].lines && free < best[end].free {
				best[end] = way{lines, free, from}
			}
		}
	}
	out := make([]string, best[n].lines)
	for end, i := n, len(out)-1; end > 0; end, i = best[end].from, i-1 {
		out[i] = strings.Join(words[best[end].from:end], " ")
	}
	return out
}

// shy says where a word may be broken; it is not seen.
const shy = "\u00ad"

// breakLong breaks words that are wider than a line, with a hyphen: where a
// soft one stands, else anywhere.
func breakLong(face font.Face, words []string, width int) []string {
	var out []string
	for _, w := range words {
		for measure(face, strings.ReplaceAll(w, shy, "")) > width {
			n := len(w)
			for i := range w {
				if i > 0 && measure(face, strings.ReplaceAll(w[:i], shy, "")+"-") > width {
					break
				}
				n = i
			}
			if i := strings.LastIndex(w[:n], shy); i > 0 {
				n = i
			}
			if n == 0 { // a letter wider than the card
				n = len(w)
			}
			out, w = append(out, w[:n]+"-"), strings.TrimPrefix(w[n:], shy)
		}
		out = append(out, w)
	}
	return out
}

// cutTo shortens a text until it is no wider than width, and says so by an
// ellipsis.
func cutTo(face font.Face, text string, width int) string {
	runes := []rune(strings.TrimSuffix(text, " …"))
	if measure(face, string(runes)) <= width && !strings.HasSuffix(text, " …") {
		return text
	}
	for n := len(runes); n > 0; n-- {
		s := string(runes[:n])
		if measure(face, s+" …") > width {
			continue
		}
		// At the end of a word, where one is near.
		if i := strings.LastIndexByte(s, ' '); n < len(runes) && i > len(s)/2 {
			s = s[:i]
		}
		return strings.TrimRight(s, " ,.:;-–—") + " …"
	}
	return "…"
}

func measure(face font.Face, s string) int { return font.MeasureString(face, s).Ceil() }
