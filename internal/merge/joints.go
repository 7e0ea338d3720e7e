package merge

import (
	"slices"

	"dateline/internal/compare"
	"dateline/internal/richtext"
)

// A paragraph that one divides or joins to the next while the other goes on writing in
// it is merged as one row of words in which the ends of paragraphs are tokens: so what
// the other wrote in its second half comes to stand in the new paragraph.

// versions are base, mine and theirs.
type versions [3][]node

// joint is a block and those that follow it in one version and are in it in another.
type joint struct {
	leader string
	follow [3][]string // in each version, in order
}

// parting is the token that ends a paragraph and begins the block of a name.
func parting(name string) compare.Token { return compare.Token{Kind: richtext.Break, Text: name} }

func parts(t compare.Token) bool { return t.Kind == richtext.Break && t.Text != "" }

func wordy(k *richtext.Block) bool {
	return k.Kind == richtext.Paragraph || k.Kind == richtext.Heading || k.Kind == richtext.Pull
}

// most is how many blocks may be made of one, or one of them: the work is bounded.
const most = 50

// joints finds them. at are the places of the names in the versions.
func joints(v versions, at [3]map[string]int) []*joint {
	leads := map[string]*joint{}
	of := map[string]string{} // leader of each that follows
	var all []*joint
	get := func(version int, name string) *richtext.Block {
		if i, ok := at[version][name]; ok && wordy(v[version][i].Block) {
			return v[version][i].Block
		}
		return nil
	}
	lead := func(name string) string {
		if l, ok := of[name]; ok {
			return l
		}
		return name
	}
	add := func(leader, name string, in ...int) {
		j := leads[leader]
		if j == nil {
			j = &joint{leader: leader}
			leads[leader] = j
			all = append(all, j)
		}
		for _, version := range in {
			if !slices.Contains(j.follow[version], name) {
				j.follow[version] = append(j.follow[version], name)
			}
		}
		of[name] = leader
	}
	for side := 1; side <= 2; side++ {
		other := 3 - side
		for i, n := range v[side] { // divided
			_, was := at[0][n.name]
			_, there := at[other][n.name]
			if i == 0 || was || there || !wordy(n.Block) {
				continue
			}
			l := lead(v[side][i-1].name)
			if leads[l] != nil && len(leads[l].follow[side]) >= most {
				continue
			}
			if k := get(0, l); k != nil && get(other, l) != nil && get(side, l) != nil && moved(n.Block, k, get(side, l)) {
				add(l, n.name, side)
			}
		}
		for i, n := range v[0] { // joined
			if _, here := at[side][n.name]; i == 0 || here || get(0, n.name) == nil || get(other, n.name) == nil {
				continue
			}
			l := lead(v[0][i-1].name)
			if leads[l] != nil && len(leads[l].follow[0]) >= most {
				continue
			}
			if k := get(side, l); k != nil && get(0, l) != nil && get(other, l) != nil && moved(n.Block, k, get(0, l)) {
				add(l, n.name, 0, other)
			}
		}
	}
	return slices.DeleteFunc(all, func(j *joint) bool {
		if of[j.leader] != "" {
			return true
		}
		for version, names := range j.follow {
			slices.SortFunc(names, func(a, b string) int { return at[version][a] - at[version][b] })
			for i, name := range names {
				if k, ok := at[version][name]; !ok || k != at[version][j.leader]+1+i {
					return true
				}
			}
		}
		return false
	})
}

// moved reports whether at least half of the words of one block, and three, are those
// that another has in one version and not in the other.
func moved(one, with, without *richtext.Block) bool {
	bag := map[string]int{}
	for _, t := range compare.Tokens(with.Inline) {
		if compare.IsWord(t) {
			bag[t.Text]++
		}
	}
	for _, t := range compare.Tokens(without.Inline) {
		bag[t.Text]--
	}
	n, found := 0, 0
	for _, t := range compare.Tokens(one.Inline) {
		if compare.IsWord(t) {
			if n++; bag[t.Text] > 0 {
				bag[t.Text]--
				found++
			}
		}
	}
	return found >= 3 && 2*found >= n
}

// join merges a joint; nil: nothing is gained, or a block would be left without words.
func (g *merger) join(j *joint, v versions, at [3]map[string]int) []richtext.Block {
	var rows [3][]compare.Token
	for version, names := range j.follow {
		rows[version] = compare.Tokens(v[version][at[version][j.leader]].Inline)
		for _, name := range names {
			rows[version] = append(rows[version], parting(name))
			rows[version] = append(rows[version], compare.Tokens(v[version][at[version][name]].Inline)...)
		}
	}
	if slices.Equal(rows[0], rows[1]) || slices.Equal(rows[0], rows[2]) || slices.Equal(rows[1], rows[2]) {
		return nil
	}
	w := weave(rows[0], rows[1], rows[2], compare.Words)
	var out []richtext.Block
	var starts []int // of each block, in the text of all
	begin, from, pos := j.leader, 0, 0
	tokens := append(w.settle(), parting("end"))
	for i, t := range tokens {
		if !parts(t) {
			continue
		}
		k := g.formed(begin, v, at)
		k.Inline = richtext.Normal(tokens[from:i])
		if len(k.Inline) > 0 {
			out, starts = append(out, k), append(starts, pos)
		} else if begin == j.leader {
			return nil
		}
		pos += richtext.Len(tokens[from : i+1])
		begin, from = t.Text, i+1
	}
	for _, c := range w.clashes {
		n := len(starts) - 1
		for n > 0 && starts[n] > min(c.MineFrom, c.TheirsFrom) {
			n--
		}
		c.Block, c.run = out[n].ID, &out[n].Inline[0]
		c.MineFrom, c.MineTo, c.TheirsFrom, c.TheirsTo = c.MineFrom-starts[n], c.MineTo-starts[n], c.TheirsFrom-starts[n], c.TheirsTo-starts[n]
		g.clash(c)
	}
	return out
}

// formed is a block without words, in the form that it has in the versions that have it.
func (g *merger) formed(name string, v versions, at [3]map[string]int) richtext.Block {
	type form struct {
		kind  richtext.Kind
		level int
	}
	var forms [3]form
	var have form
	for _, version := range []int{0, 2, 1} {
		if i, ok := at[version][name]; ok {
			k := v[version][i]
			have = form{k.Kind, k.Level}
			forms[version] = have
		}
	}
	for version := range forms {
		if forms[version] == (form{}) {
			forms[version] = have
		}
	}
	f, _ := pick(forms[0], forms[1], forms[2])
	return richtext.Block{ID: name, Kind: f.kind, Level: f.level}
}
