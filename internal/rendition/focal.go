package rendition

// Focal is a focal point in one number, for a use of a picture that has one of its own;
// zero: that of the picture holds.
type Focal int64

// each is how many steps there are in a direction: permille, and the end.
const each = 1001

// FocalAt is the point so many permille from the left and from the top.
func FocalAt(x, y int) Focal {
	return Focal(1 + min(max(x, 0), each-1)*each + min(max(y, 0), each-1))
}

// Known reports whether it is a point, or none.
func (f Focal) Known() bool { return f >= 0 && f <= each*each }

// At is the point, or the other where there is none.
func (f Focal) At(x, y int) (int, int) {
	if f <= 0 || !f.Known() {
		return x, y
	}
	return int(f-1) / each, int(f-1) % each
}
