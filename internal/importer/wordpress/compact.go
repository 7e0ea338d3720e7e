package wordpress

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// pairs keep numbers by key in sixteen bytes each: there may be one for each
// file of a large site. They are found after settle.
type pairs []pair

type pair struct {
	key   uint64
	value int64
}

func (p *pairs) add(key uint64, value int64) { *p = append(*p, pair{key, value}) }

// pairSize is what one costs, with the room that a growing list keeps free.
const pairSize = 20

func (p pairs) settle() {
	slices.SortStableFunc(p, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
}

// of are the pairs of a key, in the order in which they came.
func (p pairs) of(key uint64) pairs {
	from, ok := slices.BinarySearchFunc(p, key, func(x pair, key uint64) int { return cmp.Compare(x.key, key) })
	if !ok {
		return nil
	}
	to := from + 1
	for to < len(p) && p[to].key == key {
		to++
	}
	return p[from:to]
}

// arena keeps texts of all kinds one behind the other, which costs neither a
// pointer nor a header for each. It grows by blocks: nothing is copied.
type arena struct{ blocks [][]byte }

const arenaBlock = 64 << 10

// put keeps strings together and tells where.
func (a *arena) put(list ...string) int64 {
	size := 0
	for _, s := range list {
		size += binary.MaxVarintLen32 + len(s)
	}
	n := len(a.blocks) - 1
	if n < 0 || len(a.blocks[n])+size > cap(a.blocks[n]) {
		a.blocks = append(a.blocks, make([]byte, 0, max(arenaBlock, size)))
		n++
	}
	b := a.blocks[n]
	at := int64(n)<<32 | int64(len(b))
	for _, s := range list {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	a.blocks[n] = b
	return at
}

// get gives n strings that were put together.
func (a *arena) get(at int64, n int) []string {
	b := a.blocks[at>>32][at&0xffffffff:]
	out := make([]string, n)
	for i := range out {
		size, used := binary.Uvarint(b)
		out[i] = string(b[used : used+int(size)])
		b = b[used+int(size):]
	}
	return out
}
