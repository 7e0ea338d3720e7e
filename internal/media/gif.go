package media

import (
	"bufio"
	"errors"
	"io"

	"dateline/internal/fault"
)

// stripGIF copies a GIF without comments and what programs wrote into it, and without
// all that follows its end, in which archives and scripts have hidden (GIF89a
// specification). Of a moving picture the count of its rounds is kept. One that breaks
// off in a picture is kept as far as it goes.
func stripGIF(w io.Writer, r *bufio.Reader, _ *heard) (shape, error) {
	var head [13]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return shape{}, brokenGIF("it is too short")
	}
	if _, err := w.Write(head[:]); err != nil {
		return shape{}, err
	}
	g := gifCopy{w: w, r: r}
	err := g.table(head[10])
	for err == nil && !g.over {
		err = g.block()
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if g.pictures == 0 {
			return shape{}, brokenGIF("it ends before the picture")
		}
		err = nil
	}
	return shape{}, err
}

func brokenGIF(why string) error { return fault.Field("file", "a broken GIF: %s", why) }

type gifCopy struct {
	w        io.Writer
	r        *bufio.Reader
	pictures int
	over     bool
}

// table copies a table of colours, if flags say that there is one.
func (g *gifCopy) table(flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	_, err := io.CopyN(g.w, g.r, 3<<(flags&7+1))
	return err
}

func (g *gifCopy) block() error {
	kind, err := g.r.ReadByte()
	if err != nil {
		return err
	}
	switch kind {
	case 0x3b:
		g.over = true
		_, err = g.w.Write([]byte{kind})
		return err
	case 0x2c:
		var b [9]byte
		if _, err := io.ReadFull(g.r, b[:]); err != nil {
			return err
		}
		g.pictures++
		if _, err := g.w.Write(append([]byte{kind}, b[:]...)); err != nil {
			return err
		}
		if err := g.table(b[8]); err != nil {
			return err
		}
		if _, err := io.CopyN(g.w, g.r, 1); err != nil { // the size of its codes
			return err
		}
		return g.blocks(g.w)
	case 0x21:
		label, err := g.r.ReadByte()
		if err != nil {
			return err
		}
		out := io.Discard
		if label == 0xf9 || label == 0xff && g.rounds() {
			out = g.w
			if _, err := out.Write([]byte{kind, label}); err != nil {
				return err
			}
		}
		return g.blocks(out)
	}
	return brokenGIF("a part of no kind")
}

// rounds tells whether the application block that follows says how often a moving
// picture is shown.
func (g *gifCopy) rounds() bool {
	b, err := g.r.Peek(12)
	return err == nil && b[0] == 11 && (string(b[1:]) == "NETSCAPE2.0" || string(b[1:]) == "ANIMEXTS1.0")
}

// blocks copies blocks of at most 255 bytes up to the empty one.
func (g *gifCopy) blocks(w io.Writer) error {
	for {
		n, err := g.r.ReadByte()
		if err != nil {
			return err
		}
		if _, err := w.Write([]byte{n}); err != nil || n == 0 {
			return err
		}
		if _, err := io.CopyN(w, g.r, int64(n)); err != nil {
			return err
		}
	}
}
