package importer

import (
	"fmt"
	"slices"
	"testing"
)

type listed []Term

func (l listed) Len() int      { return len(l) }
func (l listed) At(i int) Term { return l[i] }

// TestEachPart: terms come in parts, each once; translations of each other in
// one, and what others hang below before them or with them.
func TestEachPart(t *testing.T) {
	var all listed
	const n = 3*maxPart + 7
	for i := range n {
		x := Term{Taxonomy: "post_tag", Slug: fmt.Sprint(i)}
		switch {
		case i == 5 || i == n-5:
			x.Group = "bridge"
		case i == 9:
			x.Group = "town"
		case i == n-2:
			x.Group, x.Parent = "town", fmt.Sprint(n-4)
		}
		all = append(all, x)
	}
	part, seen := map[string]int{}, 0
	at := map[string]int{}
	parts := 0
	err := eachPart(all, func(list []Term) error {
		if parts++; len(list) > maxPart+10 {
			t.Errorf("a part of %d", len(list))
		}
		for _, x := range list {
			part[x.Slug], at[x.Slug] = parts, seen
			seen++
		}
		return nil
	})
	if err != nil || seen != n || len(part) != n || parts != 4 {
		t.Fatalf("%d of %d in %d parts, %d times: %v", len(part), n, parts, seen, err)
	}
	if part["5"] != part[fmt.Sprint(n-5)] || part["9"] != part[fmt.Sprint(n-2)] {
		t.Error("translations are apart")
	}
	if at[fmt.Sprint(n-4)] > at[fmt.Sprint(n-2)] {
		t.Error("a child comes before what it hangs below")
	}
}

// TestAttachments: what is kept in blocks comes back as it was.
func TestAttachments(t *testing.T) {
	var l attachments
	var want []attached
	for i := range int64(5000) {
		a := attached{id: i + 1, parent: i * 1e12, key: fmt.Sprintf("/2015/%d/фото-%d", i%13, i)}
		if i%7 == 0 {
			a.key = ""
		}
		l.add(a)
		want = append(want, a)
	}
	var got []attached
	if err := l.each(200, func(part []attached) error { got = append(got, part...); return nil }); err != nil || !slices.Equal(got, want) {
		t.Errorf("%d of %d came back; %v", len(got), len(want), err)
	}
	if len(l.blocks) < 2 {
		t.Errorf("%d blocks", len(l.blocks))
	}
}
