package desk

import (
	"strconv"
	"strings"

	"dateline/internal/lang"
)

// Point is a value of a chart: of an hour, of a day.
type Point struct {
	Name   string // in the table
	Short  string // under the axis
	N      int64
	Before int64 // what it is compared with
	Part   bool  // not over yet
	Ahead  bool  // has not begun: it has no N
}

// Chart is bars over time, drawn here and not by a script, and beside them a line of
// what they are compared with. Under it stands all of it as a table. {{template
// "chart" .}} sets it.
type Chart struct {
	ID             string // tells it from others of its page
	Says           string // what the picture shows, for whoever does not see it
	Column         string // of the table: what a row is of
	Name           string // what the bars are
	BeforeName     string // what the line is; "": there is none
	Points         []Point
	Bars           []Bar
	Line           string // path of the line
	Ticks          []string
	Marks, Columns []string
	Even           bool // a mark under each bar
}

// Bar is one of a chart's, in hundredths of its width and height.
type Bar struct {
	X, Y, W, H string
	Part       bool
}

// NewChart draws points.
func NewChart(l *lang.Locale, c Chart) Chart {
	most := int64(0)
	for _, p := range c.Points {
		most = max(most, p.N)
		if c.BeforeName != "" {
			most = max(most, p.Before)
		}
	}
	top, step := scale(most)
	for n := top; n >= 0; n -= step {
		c.Ticks = append(c.Ticks, l.Number(n))
		c.Marks = append(c.Marks, tenths(100-share(n, top)))
	}
	count := len(c.Points)
	if count == 0 {
		return c
	}
	w := 100 / float64(count)
	var line strings.Builder
	for i, p := range c.Points {
		x := float64(i) * w
		if !p.Ahead && p.N > 0 {
			h := share(p.N, top)
			c.Bars = append(c.Bars, Bar{X: tenths(x + .15*w), Y: tenths(100 - h), W: tenths(.7 * w), H: tenths(h), Part: p.Part})
		}
		line.WriteString(string("ML"[min(i, 1)]) + tenths(x+w/2) + " " + tenths(100-share(p.Before, top)))
	}
	if c.BeforeName != "" {
		c.Line = line.String()
	}
	if c.Even = count <= 8; c.Even {
		for _, p := range c.Points {
			c.Columns = append(c.Columns, p.Short)
		}
	} else {
		for i := range 4 {
			c.Columns = append(c.Columns, c.Points[i*count/4].Short)
		}
	}
	return c
}

// Spark draws values as a small line, each as far up as it is of the most.
func Spark(values []int64) string {
	most := int64(1)
	for _, v := range values {
		most = max(most, v)
	}
	var b strings.Builder
	for i, v := range values {
		x := 100 * float64(i) / float64(max(len(values)-1, 1))
		b.WriteString(string("ML"[min(i, 1)]) + tenths(x) + " " + tenths(96-.92*share(v, most)))
	}
	return b.String()
}

// Share is a part of a whole in hundredths, as a drawing's number.
func Share(n, of int64) string { return tenths(share(n, of)) }

func share(n, of int64) float64 { return 100 * float64(n) / float64(max(of, 1)) }

func tenths(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// scale is where an axis from zero ends that holds a number, and its steps: at most
// four, each 1, 2 or 5 and noughts.
func scale(most int64) (top, step int64) {
	step = 1
	for n := 0; (most+step-1)/step > 4; n++ {
		if n%3 == 1 { // 2 → 5; else 1 → 2, 5 → 10
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	return max((most+step-1)/step, 1) * step, step
}
