package compare

import (
	"slices"
	"strings"
)

// A Hunk is a stretch in which two rows differ: a[A0:A1] stands where b[B0:B1] does.
type Hunk struct{ A0, A1, B0, B1 int }

// most is how many pairs are weighed against each other at once. Above, a stretch is
// divided by what occurs in it once, or taken as replaced.
const most = 1 << 18

// differ finds what two rows of numbers have in common. Equal numbers are equal
// things; weight says how much it is worth that two stand for each other.
type differ struct {
	a, b   []int32
	weight func(int32) int
	match  []int // of each of a: which of b it is, or -1
}

// common fills match; nothing of a[a0:a1] or b[b0:b1] may be matched yet.
func (d *differ) common(a0, a1, b0, b1 int) {
	for a0 < a1 && b0 < b1 && d.a[a0] == d.b[b0] {
		d.match[a0] = b0
		a0, b0 = a0+1, b0+1
	}
	for a0 < a1 && b0 < b1 && d.a[a1-1] == d.b[b1-1] {
		a1, b1 = a1-1, b1-1
		d.match[a1] = b1
	}
	n, m := a1-a0, b1-b0
	switch {
	case n == 0 || m == 0:
	case n*m <= most:
		d.weigh(a0, a1, b0, b1)
	default:
		d.divide(a0, a1, b0, b1)
	}
}

// weigh finds the worthiest row that is in both, by the textbook's table.
func (d *differ) weigh(a0, a1, b0, b1 int) {
	n, m := a1-a0, b1-b0
	w := m + 1
	best := make([]int32, (n+1)*w)
	for i := n - 1; i >= 0; i-- {
		x := d.a[a0+i]
		worth := int32(d.weight(x))
		row, next := best[i*w:(i+1)*w], best[(i+1)*w:(i+2)*w]
		for j := m - 1; j >= 0; j-- {
			v := max(next[j], row[j+1])
			if x == d.b[b0+j] {
				v = max(v, next[j+1]+worth)
			}
			row[j] = v
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch v := best[i*w+j]; {
		case d.a[a0+i] == d.b[b0+j] && v == best[(i+1)*w+j+1]+int32(d.weight(d.a[a0+i])):
			d.match[a0+i] = b0 + j
			i, j = i+1, j+1
		case v == best[(i+1)*w+j]:
			i++
		default:
			j++
		}
	}
}

// divide cuts a stretch that is too long for weigh at what occurs once on either
// side and in the same order ("patience"), and goes on between the cuts.
func (d *differ) divide(a0, a1, b0, b1 int) {
	type seen struct{ na, nb, a, b int }
	once := make(map[int32]*seen, a1-a0)
	for i := a0; i < a1; i++ {
		s := once[d.a[i]]
		if s == nil {
			s = &seen{}
			once[d.a[i]] = s
		}
		s.na++
		s.a = i
	}
	for j := b0; j < b1; j++ {
		if s := once[d.b[j]]; s != nil {
			s.nb++
			s.b = j
		}
	}
	var at []int // in a
	for i := a0; i < a1; i++ {
		if s := once[d.a[i]]; s.na == 1 && s.nb == 1 {
			at = append(at, i)
		}
	}
	row := make([]int, len(at))
	for i, x := range at {
		row[i] = once[d.a[x]].b
	}
	cuts := Rising(row)
	if len(cuts) == 0 {
		return // replaced as a whole
	}
	i, j := a0, b0
	for _, c := range cuts {
		d.common(i, at[c], j, row[c])
		d.match[at[c]] = row[c]
		i, j = at[c]+1, row[c]+1
	}
	d.common(i, a1, j, b1)
}

// Rising gives the places of the longest row of numbers that rises.
func Rising(row []int) []int {
	var tails []int
	before := make([]int, len(row))
	for i, v := range row {
		at, _ := slices.BinarySearchFunc(tails, v, func(t, v int) int { return row[t] - v })
		before[i] = -1
		if at > 0 {
			before[i] = tails[at-1]
		}
		if at == len(tails) {
			tails = append(tails, i)
		} else {
			tails[at] = i
		}
	}
	out := make([]int, len(tails))
	if len(tails) > 0 {
		i := tails[len(tails)-1]
		for k := len(tails) - 1; k >= 0; k-- {
			out[k] = i
			i = before[i]
		}
	}
	return out
}

// hunks reads the stretches in which a row of n and one of m differ.
func hunks(match []int, m int) []Hunk {
	var out []Hunk
	i, j := 0, 0
	for k := 0; k <= len(match); k++ {
		to := m
		if k < len(match) {
			if to = match[k]; to < 0 {
				continue
			}
		}
		if i < k || j < to {
			out = append(out, Hunk{i, k, j, to})
		}
		i, j = k+1, to+1
	}
	return out
}

// Rows says in what two rows of things differ that have a key each.
func Rows[K comparable](a, b []K) []Hunk {
	d := differ{a: make([]int32, len(a)), b: make([]int32, len(b)), match: unmatched(len(a)), weight: func(int32) int { return 1 }}
	names := make(map[K]int32, len(a))
	number(names, a, d.a)
	number(names, b, d.b)
	d.common(0, len(a), 0, len(b))
	return hunks(d.match, len(b))
}

func number[K comparable](names map[K]int32, row []K, out []int32) {
	for i, k := range row {
		n, ok := names[k]
		if !ok {
			n = int32(len(names))
			names[k] = n
		}
		out[i] = n
	}
}

func unmatched(n int) []int {
	match := make([]int, n)
	for i := range match {
		match[i] = -1
	}
	return match
}

// Words says in what two rows of tokens differ, whatever their marks: sentences
// that are the same stand for each other before their words are looked at, so that
// what happens in one sentence is never told of another.
func Words(a, b []Token) []Hunk {
	d := differ{a: make([]int32, len(a)), b: make([]int32, len(b)), match: unmatched(len(a))}
	type key struct {
		kind uint8
		text string
	}
	names := make(map[key]int32, len(a)/2)
	var worth []int
	fill := func(t []Token, out []int32) {
		for i := range t {
			k := key{uint8(t[i].Kind), t[i].Text}
			n, ok := names[k]
			if !ok {
				n = int32(len(names))
				names[k] = n
				w := 1
				if IsWord(t[i]) {
					w = 4
				}
				worth = append(worth, w)
			}
			out[i] = n
		}
	}
	fill(a, d.a)
	fill(b, d.b)
	d.weight = func(n int32) int { return worth[n] }

	sa, sb := sentences(a), sentences(b)
	i, j, x := 0, 0, 0
	same := func(to, there int) { // sentence to of a is sentence there of b
		s, t := sa[to], sb[there]
		d.common(i, s[0], j, t[0])
		for k := s[0]; k < s[1]; k++ {
			d.match[k] = t[0] + k - s[0]
		}
		i, j = s[1], t[1]
	}
	for _, h := range append(Rows(said(a, sa), said(b, sb)), Hunk{len(sa), len(sa), len(sb), len(sb)}) {
		for k := x; k < h.A0; k++ {
			same(k, h.B0-(h.A0-k))
		}
		x = h.A1
	}
	d.common(i, len(a), j, len(b))
	return together(a, b, settle(d.a, d.b, hunks(d.match, len(b))))
}

// settle moves what was only put in or only left out as far to the end as it says the
// same: "one two two" has a second "two" at its end, and a new sentence begins behind
// the space. Then the same change is told alike in whatever company.
func settle(a, b []int32, all []Hunk) []Hunk {
	out := make([]Hunk, 0, len(all))
	endA, endB := len(a), len(b) // where the next hunk begins
	for i := len(all) - 1; i >= 0; i-- {
		h := all[i]
		switch {
		case h.A0 == h.A1:
			for h.A1 < endA && b[h.B0] == a[h.A1] {
				h.A0, h.A1, h.B0, h.B1 = h.A0+1, h.A1+1, h.B0+1, h.B1+1
			}
		case h.B0 == h.B1:
			for h.B1 < endB && a[h.A0] == b[h.B1] {
				h.A0, h.A1, h.B0, h.B1 = h.A0+1, h.A1+1, h.B0+1, h.B1+1
			}
		}
		if n := len(out); n > 0 && h.A1 == out[n-1].A0 && h.B1 == out[n-1].B0 {
			out[n-1].A0, out[n-1].B0 = h.A0, h.B0
		} else {
			out = append(out, h)
		}
		endA, endB = out[len(out)-1].A0, out[len(out)-1].B0
	}
	slices.Reverse(out)
	return out
}

// said gives the text of each sentence.
func said(t []Token, s [][2]int) []string {
	out := make([]string, len(s))
	var b strings.Builder
	for i, s := range s {
		b.Reset()
		for _, t := range t[s[0]:s[1]] {
			b.WriteByte(byte('0' + t.Kind))
			b.WriteString(t.Text)
		}
		out[i] = b.String()
	}
	return out
}

// rewritten is how many words in a row must have been replaced for the spaces and
// signs between them to count as replaced with them.
const rewritten = 4

// together joins hunks between which nothing but spaces and signs stayed, where so
// many words were replaced that somebody wrote a sentence anew: a new sentence is to
// be read as one, not word by word between those of the old.
func together(a, b []Token, all []Hunk) []Hunk {
	var out []Hunk
	for i := 0; i < len(all); {
		h, j := all[i], i+1
		for j < len(all) && !anyWord(a[all[j-1].A1:all[j].A0]) {
			h.A1, h.B1 = all[j].A1, all[j].B1
			j++
		}
		if words(a[h.A0:h.A1]) >= rewritten && words(b[h.B0:h.B1]) >= rewritten {
			out = append(out, h)
		} else {
			out = append(out, all[i:j]...)
		}
		i = j
	}
	return out
}

func anyWord(t []Token) bool { return slices.ContainsFunc(t, IsWord) }

func words(t []Token) int {
	n := 0
	for i := range t {
		if IsWord(t[i]) {
			n++
		}
	}
	return n
}
