package feed

import (
	"fmt"

	"dateline/internal/lang"
)

// Refused is an item that a feed goes without.
type Refused struct {
	ID, URL string
	Err     error
}

func (r Refused) Error() string { return fmt.Sprintf("%s (%s): %v", r.URL, r.ID, r.Err) }

// Whole writes a feed as write does (RSS, Atom, JSON). Where its check refuses
// the whole, the items that are to blame are left out and named: one article
// silences no feed. An error means that the feed itself is to blame.
func Whole(write func(Feed) ([]byte, error), f Feed) ([]byte, []Refused, error) {
	b, err := write(f)
	if err == nil {
		return b, nil, nil
	}
	var keep []Item
	var left []Refused
	seen := map[string]bool{}
	for _, it := range f.Items[:min(len(f.Items), MaxItems)] {
		one := f
		one.Items = []Item{it}
		_, err := write(one)
		if err == nil && seen[it.ID] {
			err = lang.Wrong("refused.twice", "field", "id", "value", it.ID)
		}
		if err != nil {
			left = append(left, Refused{it.ID, it.URL, err})
			continue
		}
		seen[it.ID] = true
		keep = append(keep, it)
	}
	if len(left) == 0 {
		return nil, nil, err
	}
	f.Items = keep
	b, err = write(f)
	return b, left, err
}
