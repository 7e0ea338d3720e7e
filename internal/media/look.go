package media

import (
	"context"
	"image"
	"io"
	"math/bits"

	"dateline/internal/fault"
)

// Alike is the most bits in which the hashes of two pictures that look alike differ:
// one saved anew, smaller, brighter or with a mark in a corner differs in 0 to 5;
// pictures of different things in 20 and more.
const Alike = 6

// Look is what is known of a picture that was looked at.
type Look struct {
	Hash   int64
	Known  bool   // the hash says something: the picture is no single tone
	Colour string // that it has most of; "" none
}

// Look decodes a picture, in its turn: one at a time, and within the budget of memory.
// Faults: Invalid where it is broken, TooLarge beyond the budget. Of kinds that are
// not decoded here (drawings, moving pictures, AVIF) it knows nothing.
func (d *Drawer) Look(ctx context.Context, f io.ReadSeeker, mime string) (l Look, err error) {
	switch mime {
	case "image/jpeg", "image/png", "image/webp":
	default:
		return Look{}, nil
	}
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return Look{}, ctx.Err()
	}
	_, _, err = guarded(ctx, func(context.Context) ([]byte, string, error) {
		img, h, err := decode(f, mime)
		if err != nil {
			return nil, "", err
		}
		t := turningOf(h.orientation)
		w, hi := t.shown(h.width, h.height)
		small := cut(img, t, image.Rect(0, 0, w, hi), min(w, 64), min(hi, 64))
		l.Colour = dominant(small)
		l.Hash, l.Known = hashOf(small)
		return nil, "", nil
	})
	return l, err
}

// hashOf is the difference hash of a picture: it is made 9 × 8 grey points, and each
// of 64 bits says whether one is brighter than its neighbour at the right. Sizes,
// formats and brightness do not change that. known is false where nearly all bits are
// equal: a single tone, a wash of colour; those all look alike and mean nothing.
func hashOf(img *image.RGBA) (hash int64, known bool) {
	const across, down = 9, 8
	if img.Rect.Dx() < across || img.Rect.Dy() < down {
		return 0, false
	}
	small := scale(img, img.Rect, across, down)
	least, most := 1<<30, 0
	var h uint64
	for y := range down {
		before := 0
		for x := range across {
			p := small.RGBAAt(small.Rect.Min.X+x, small.Rect.Min.Y+y)
			grey := 299*int(p.R) + 587*int(p.G) + 114*int(p.B)
			least, most = min(least, grey), max(most, grey)
			if x > 0 {
				h <<= 1
				if before > grey {
					h |= 1
				}
			}
			before = grey
		}
	}
	n := bits.OnesCount64(h)
	return int64(h), most-least > 12_000 && n > Alike && n < 64-Alike
}

// Distance is in how many bits two hashes differ.
func Distance(a, b int64) int { return bits.OnesCount64(uint64(a ^ b)) }

// LookAtSome looks at some pictures that nobody has looked at yet, the newest first,
// and folds the words of some that cannot be searched yet. It tells whether there may
// be more.
func (d *Drawer) LookAtSome(ctx context.Context, n int) (more bool, err error) {
	list, err := d.s.unseen(ctx, n)
	if err != nil {
		return false, err
	}
	for _, m := range list {
		l, err := d.lookAt(ctx, m)
		if err != nil {
			return false, err
		}
		if err := d.s.keepLook(ctx, m.ID, l); err != nil {
			return false, err
		}
	}
	folded, err := d.s.foldSome(ctx, 20*n)
	return len(list) == n || folded == 20*n, err
}

// lookAt looks at a stored picture; one that cannot be read looks like nothing.
func (d *Drawer) lookAt(ctx context.Context, m Media) (Look, error) {
	f, err := d.s.blobs.Get(ctx, m.Blob)
	if fault.Is(err, fault.NotFound) {
		return Look{}, nil
	}
	if err != nil {
		return Look{}, err
	}
	defer f.Close()
	l, err := d.Look(ctx, f, m.Mime)
	if err != nil && lasting(err) {
		return Look{}, nil
	}
	return l, err
}
