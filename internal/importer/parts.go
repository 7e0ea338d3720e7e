package importer

// maxPart is about how many terms are taken at once.
const maxPart = 2000

// eachPart hands terms on in parts, in their order. What is one in several
// languages comes in one part, and what others hang below no later than these.
func eachPart(terms Terms, f func([]Term) error) error {
	groups, parents := map[string][]int{}, map[string]int{}
	group := func(t Term) string { return t.Taxonomy + "\x00" + t.Group }
	for i := range terms.Len() {
		t := terms.At(i)
		if t.Group != "" {
			groups[group(t)] = append(groups[group(t)], i)
		}
		if t.Parent != "" {
			parents[termKey(t.Taxonomy, t.Parent)] = -1
		}
	}
	if len(parents) > 0 {
		for i := range terms.Len() {
			key := terms.At(i).key()
			if _, ok := parents[key]; ok {
				parents[key] = i
			}
		}
	}
	taken := make([]bool, terms.Len())
	var part []Term
	var take func(i int)
	take = func(i int) {
		if i < 0 || taken[i] {
			return
		}
		taken[i] = true
		t := terms.At(i)
		if t.Parent != "" {
			if up, ok := parents[termKey(t.Taxonomy, t.Parent)]; ok {
				take(up)
			}
		}
		part = append(part, t)
		members := groups[group(t)]
		delete(groups, group(t))
		for _, other := range members {
			take(other)
		}
	}
	for i := range terms.Len() {
		if take(i); len(part) >= maxPart {
			if err := f(part); err != nil {
				return err
			}
			part = part[:0]
		}
	}
	if len(part) == 0 {
		return nil
	}
	return f(part)
}
