package card

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"golang.org/x/image/font"
)

var green = color.RGBA{0x0e, 0x5a, 0x45, 255}

// inked is the box of what is darker than half in a part of a card.
func inked(img *image.RGBA, part image.Rectangle) image.Rectangle {
	var box image.Rectangle
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if c := img.RGBAAt(x, y); int(c.R)+int(c.G)+int(c.B) < 384 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

const long = "A headline that goes on about the second handrail of the old bridge over the Stone River, the council, the queue at window four, " +
	"bus nine, the goat, the bells, the double bass and the heat that comes on Thursdays only when nobody is at home to feel it, say those who are"

func TestDraw(t *testing.T) {
	red := color.RGBA{200, 0, 0, 255}
	for name, headline := range map[string]string{
		"short": "Ice", "long": long, "one long word": strings.Repeat("Қазақстандықтар", 9), "signs": "🎉 «Ice» 🎉", "russian": "Почему Северному кварталу тепло, а Мельничному нет",
	} {
		for _, photo := range []bool{false, true} {
			high := 0
			c := Card{Headline: headline, Kicker: "Қала", Brand: "Тасөзен шамы", Accent: green}
			if photo {
				c.Photo = func(w, h int) (image.Image, error) {
					if high = h; w != Width || h < 180 || h > 460 {
						t.Errorf("%s: a picture of %d × %d is asked for", name, w, h)
					}
					m := image.NewRGBA(image.Rect(0, 0, w, h))
					draw.Draw(m, m.Rect, image.NewUniform(red), image.Point{}, draw.Src)
					return m, nil
				}
			}
			img, err := Draw(c)
			if err != nil || img.Rect != image.Rect(0, 0, 1200, 630) {
				t.Fatal(name, err)
			}
			if photo && (img.RGBAAt(600, high-1) != red || img.RGBAAt(600, high+1) == red) {
				t.Errorf("%s: the picture does not end at %d", name, high)
			}
			if !photo && img.RGBAAt(600, 5) != green {
				t.Errorf("%s: no bar of the accent", name)
			}
			// Words keep within the margins, and the name stands below them.
			words := inked(img, image.Rect(0, max(high, bar)+1, Width, 530))
			if words.Empty() || words.Min.X < margin-8 || words.Max.X > Width-margin+8 {
				t.Errorf("%s, picture %v: words in %v", name, photo, words)
			}
			if foot := inked(img, image.Rect(0, 535, Width, 630)); foot.Empty() || foot.Max.Y > 590 {
				t.Errorf("%s: the name in %v", name, foot)
			}
		}
	}
}

func TestDrawFails(t *testing.T) {
	for _, headline := range []string{"", "  \n", "🎉"} {
		if _, err := Draw(Card{Headline: headline}); err == nil {
			t.Errorf("%q was drawn", headline)
		}
	}
	lost := errors.New("lost")
	_, err := Draw(Card{Headline: "Ice", Photo: func(int, int) (image.Image, error) { return nil, lost }})
	if !errors.Is(err, lost) {
		t.Error(err)
	}
}

// Every letter of the three languages is there, and each looks like itself.
func TestLetters(t *testing.T) {
	letters := "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя" +
		"ӘҒҚҢӨҰҮҺІәғқңөұүһіABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789«»“”„‘’—–…!?.,:;№%&()/-−€₸"
	f, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	for name, face := range f {
		seen := map[int]rune{}
		for _, r := range letters {
			i, err := face.GlyphIndex(nil, r)
			if err != nil || i == 0 {
				t.Errorf("%s has no %q", name, r)
			}
			if other, ok := seen[int(i)]; ok && !strings.ContainsRune("АВЕКМНОРСТХІҺаеорсухіһү", r) {
				t.Errorf("%s: %q looks like %q", name, r, other)
			}
			seen[int(i)] = r
		}
	}
	for text, want := range map[string]bool{"Тоғыз жолдың торабы": true, "Цены й й": true, "🎉 yes": true, "ქართული": false, "العربية": false, "日本": false} {
		if Drawable(text) != want {
			t.Errorf("%q: drawable is not %v", text, want)
		}
	}
}

func TestLines(t *testing.T) {
	f, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	face, err := at(f["serif"], 60)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{long, "Forty minutes for four stops: a morning on bus 9", "a b"} {
		for _, width := range []int{300, 700, 1072} {
			words := strings.Split(text, " ")
			got := balanced(face, words, width)
			if got == nil {
				continue
			}
			if strings.Join(got, " ") != text {
				t.Errorf("words were lost: %q", got)
			}
			// As few lines as filling each would give, and none too wide.
			full, length := 1, 0
			for _, w := range words {
				if length > 0 && length+measure(face, " ")+measure(face, w) > width {
					full, length = full+1, 0
				}
				if length > 0 {
					length += measure(face, " ")
				}
				length += measure(face, w)
			}
			if len(got) > full {
				t.Errorf("%d lines, %d would do: %q", len(got), full, got)
			}
			for _, l := range got {
				if font.MeasureString(face, l).Ceil() > width+len(words) {
					t.Errorf("%q is wider than %d", l, width)
				}
			}
		}
	}
	if got := balanced(face, []string{"Forty", "minutes", "for", "four", "stops:", "a"}, 700); len(got) != 2 || got[1] == "a" {
		t.Errorf("a word stands alone: %q", got)
	}
	if got := balanced(face, []string{strings.Repeat("m", 200)}, 700); got != nil {
		t.Errorf("a word that is too wide stands: %q", got)
	}
	if got := breakLong(face, []string{"a", "Қазақ" + shy + "стандық" + shy + "тармыз"}, 400); strings.Join(got, "|") != "a|Қазақ-|стандық-|тармыз" && strings.Join(got, "|") != "a|Қазақ-|стандық"+shy+"тармыз" {
		t.Errorf("not at the soft hyphens: %q", got)
	}
	for _, w := range breakLong(face, []string{strings.Repeat("ы", 300)}, 500) {
		if measure(face, w) > 500 {
			t.Errorf("%q is too wide", w)
		}
	}
	if got := cutTo(face, "one two three four five six seven eight", 600); measure(face, got) > 600 || !strings.HasSuffix(got, " …") || strings.Contains(got, "sev …") {
		t.Errorf("cut to %q", got)
	}
	if got := cutTo(face, "short", 600); got != "short" {
		t.Error(got)
	}
}

func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		if _, err := Draw(Card{Headline: "Қан қысымын отырып, эндшпильден кейін өлшеңіз", Kicker: "Баған", Brand: "Тасөзен шамы", Accent: green}); err != nil {
			b.Fatal(err)
		}
	}
}
