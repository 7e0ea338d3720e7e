package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline/internal/encoder"
	"dateline/internal/fault"
	"dateline/internal/rendition"
)

// recipes begin with the version of how things are drawn: whoever changes that
// writes the next number, and everything is drawn anew.
const recipes = "1:"

// unreadable is the recipe under which a source's own failure is kept.
const unreadable = recipes + "source"

const (
	// atOnce is how many pictures are drawn at the same time, and how many are
	// coded by programs beside them: one takes a core and up to its budget of
	// memory. What programs make takes longer, and nothing else waits for it.
	atOnce = 1
	// queued is how many may wait; who comes then gets the original.
	queued = 64
	// patience is how long a reader waits for a rendition before the original is
	// sent: on a slow line that takes longer still.
	patience = 1500 * time.Millisecond
	// again is when what an encoder failed at is tried once more.
	again = 24 * time.Hour
	// kept is how many pictures are kept decoded, because the page that asks for
	// one size asks for others: of at most keptPixels each.
	kept       = 2
	keptPixels = 6_000_000
)

// Drawer makes renditions: when they are first asked for, one after the other.
type Drawer struct {
	s        *Store
	programs *encoder.Programs
	log      *slog.Logger
	patience time.Duration
	ctx      context.Context
	stop     context.CancelFunc
	work     sync.WaitGroup
	turn     chan struct{}
	coding   chan struct{}

	mu      sync.Mutex
	closed  bool
	flights map[string]*flight
	masters []*master // the one used last stands last
}

// flight is something that is being made.
type flight struct {
	done chan struct{}
	made made
	err  error
}

// master is a picture decoded, turned and no wider than any rendition.
type master struct {
	source        string
	width, height int // of the original as shown
	img           *image.RGBA
	profile       []byte
}

// NewDrawer makes a drawer for the pictures of s. programs code what Go does
// not, and may be nil, as may log.
func NewDrawer(s *Store, programs *encoder.Programs, log *slog.Logger) *Drawer {
	if log == nil {
		log = slog.Default()
	}
	d := &Drawer{s: s, programs: programs, log: log, patience: patience, turn: make(chan struct{}, atOnce), coding: make(chan struct{}, atOnce), flights: map[string]*flight{}}
	d.ctx, d.stop = context.WithCancel(context.Background())
	return d
}

// Close stops what is being drawn and waits for its end.
func (d *Drawer) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.work.Wait()
}

// Sizes tells at which addresses a medium is had in other sizes. Drawings
// (SVG), moving pictures (GIF) and what Go does not decode (AVIF) have none,
// nor do those that are smaller than the smallest.
func (d *Drawer) Sizes(m Media) rendition.Set {
	if d == nil || m.Kind != Image || min(m.Width, m.Height) < 2 {
		return rendition.Set{}
	}
	s := rendition.Set{Base: m.Under + "/media/" + m.Token + "/", Name: strings.TrimSuffix(m.FileName, path.Ext(m.FileName)),
		Width: m.Width, Height: m.Height, FocalX: m.FocalX, FocalY: m.FocalY}
	switch m.Mime {
	case "image/jpeg", "image/webp":
		s.Default = rendition.JPEG
	case "image/png":
		s.Default = rendition.PNG
	default:
		return rendition.Set{}
	}
	sum := sha256.Sum256([]byte(recipes + m.Blob + " " + strconv.Itoa(m.FocalX) + " " + strconv.Itoa(m.FocalY)))
	s.Other = d.programs.Formats()
	s.Version = hex.EncodeToString(sum[:4])
	return s
}

// recipe names a rendition by what it depends on.
func recipe(s rendition.Set, shape rendition.Shape, width int, f rendition.Format) string {
	r := recipes + strconv.Itoa(width) + " " + string(f)
	if shape != rendition.Whole {
		r += " " + string(shape) + " at " + strconv.Itoa(s.FocalX) + "," + strconv.Itoa(s.FocalY)
	}
	return r
}

// rendition gives a rendition, made now if it was not made yet. It waits no
// longer than the drawer's patience. Faults: Unavailable when it takes longer
// or too many wait, what it failed for otherwise.
func (d *Drawer) rendition(ctx context.Context, m Media, shape rendition.Shape, width int, f rendition.Format) (made, error) {
	set := d.Sizes(m)
	turn := d.turn
	if f != set.Default {
		turn = d.coding
	}
	return d.derive(ctx, m.Blob, recipe(set, shape, width, f), turn, d.patience, func(ctx context.Context) ([]byte, string, error) {
		img, profile, err := d.part(ctx, m, set.Cut(shape), width, set.HeightOf(shape, width))
		if err != nil {
			return nil, "", err
		}
		b, err := d.encode(ctx, img, f, profile)
		if err == nil && shape == rendition.Whole && width == m.Width && int64(len(b)) >= m.Bytes {
			return nil, "", fault.Field("file", "the original is the smaller: %w", errStays)
		}
		return b, f.Mime(), err
	})
}

// best is rendition, or what comes nearest: where a format has no program any
// more, its program fails, or takes longer than a reader is kept waiting, the
// same size as JPEG or PNG.
func (d *Drawer) best(ctx context.Context, m Media, shape rendition.Shape, width int, f rendition.Format) (x made, fresh string, err error) {
	set := d.Sizes(m)
	if f == set.Default || !slices.Contains(set.Other, f) {
		x, err = d.rendition(ctx, m, shape, width, set.Default)
		return x, freshness, err
	}
	if x, err = d.rendition(ctx, m, shape, width, f); err == nil {
		return x, freshness, nil
	}
	if !fault.Is(err, fault.Unavailable) {
		x, err = d.rendition(ctx, m, shape, width, set.Default)
		return x, freshness, err
	}
	if x, missing := d.s.found(ctx, m.Blob, recipe(set, shape, width, set.Default)); missing == nil && x.Failure == "" {
		return x, soon, nil
	}
	return x, soon, err
}

// Drawn is what became of a rendition.
type Drawn struct {
	Bytes   int64    // 0: nobody has asked for it yet
	Refused bool     // it cannot be made, or is no smaller than the original, which is sent instead
	Tags    []string // what changes this answer
}

// Drawn tells what became of a rendition in the format that is always there.
func (d *Drawer) Drawn(ctx context.Context, m Media, shape rendition.Shape, width int) (Drawn, error) {
	set := d.Sizes(m)
	r := recipe(set, shape, width, set.Default)
	out := Drawn{Tags: []string{drawnTag(m.Blob, r), drawnTag(m.Blob, unreadable)}}
	x, err := d.s.found(ctx, m.Blob, r)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	}
	out.Bytes, out.Refused = x.Bytes, x.Failure != ""
	return out, err
}

// Picture draws a medium at w × h pixels, cut around its focal point. It is
// for those who make a file by Serve: that is their turn.
func (d *Drawer) Picture(ctx context.Context, m Media, w, h int) (image.Image, error) {
	set := rendition.Set{Width: m.Width, Height: m.Height, FocalX: m.FocalX, FocalY: m.FocalY}
	img, _, err := d.part(ctx, m, set.CutTo(w, h), w, h)
	return img, err
}

// Serve answers with a file that is drawn once and kept: recipe is all that it
// depends on besides the file source ("" none), name what it is called. make
// gives its bytes and media type. Somebody may wait up to ten seconds: there is
// nothing else to send. Faults: Unavailable when it is not ready by then.
func (d *Drawer) Serve(w http.ResponseWriter, r *http.Request, source, recipe, name string, make func(context.Context) ([]byte, string, error)) error {
	for range 2 {
		x, err := d.derive(r.Context(), source, recipe, d.turn, 10*time.Second, make)
		if err != nil {
			return err
		}
		err = d.s.send(w, r, Media{Kind: Image, Mime: x.Mime, Blob: x.Blob, SHA256: x.Blob, FileName: name}, freshness)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := d.s.forget(r.Context(), source, x); err != nil { // the file store was emptied
			return err
		}
	}
	return fault.New(fault.Unavailable, "what was drawn as %s is not kept", name)
}

// derive gives a file that is made of another and keeps it.
func (d *Drawer) derive(ctx context.Context, source, recipe string, turn chan struct{}, patience time.Duration,
	make func(context.Context) ([]byte, string, error)) (made, error) {
	m, err := d.s.found(ctx, source, recipe)
	switch {
	case err == nil && m.Failure == "":
		return m, nil
	case err == nil && (strings.HasPrefix(m.Failure, "!") || d.s.d.Now().UnixMilli()-m.At < again.Milliseconds()):
		return made{}, fault.New(fault.Invalid, "not made: %s", m.Failure)
	case err != nil && !fault.Is(err, fault.NotFound):
		return made{}, err
	}
	f := d.join(source, recipe, turn, make)
	if f == nil {
		return made{}, fault.New(fault.Unavailable, "too many pictures wait to be drawn")
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-f.done:
		return f.made, f.err
	case <-late.C:
		return made{}, fault.New(fault.Unavailable, "the picture is still being drawn")
	case <-ctx.Done():
		return made{}, ctx.Err()
	}
}

// join waits with those who asked for the same before, or is the first; nil
// when too many wait.
func (d *Drawer) join(source, recipe string, turn chan struct{}, make_ func(context.Context) ([]byte, string, error)) *flight {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := source + " " + recipe
	if f, ok := d.flights[key]; ok {
		return f
	}
	if d.closed || len(d.flights) >= queued {
		return nil
	}
	f := &flight{done: make(chan struct{})}
	d.flights[key] = f
	d.work.Go(func() {
		f.made, f.err = d.produce(source, recipe, turn, make_)
		d.mu.Lock()
		delete(d.flights, key)
		d.mu.Unlock()
		close(f.done)
	})
	return f
}

// produce makes a file in its turn and stores it, or stores why not.
func (d *Drawer) produce(source, recipe string, turn chan struct{}, make func(context.Context) ([]byte, string, error)) (made, error) {
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-d.ctx.Done():
		return made{}, d.ctx.Err()
	}
	b, mime, err := guarded(d.ctx, make)
	at := d.s.d.Now().UnixMilli()
	if err != nil {
		if !lasting(err) {
			return made{}, err
		}
		if !errors.Is(err, errStays) {
			d.log.Warn("a picture is shown as it is", "file", source, "to be", recipe, "error", err)
		}
		failure := made{Failure: err.Error(), At: at}
		if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
			failure.Failure = "!" + failure.Failure // the same bytes will fail for ever
		}
		return made{}, errors.Join(err, d.s.keep(d.ctx, source, recipe, failure))
	}
	key, size, err := d.s.blobs.Add(d.ctx, bytes.NewReader(b), nil)
	if err != nil {
		return made{}, err
	}
	m := made{Blob: key, Mime: mime, Bytes: size, At: at}
	return m, d.s.keep(d.ctx, source, recipe, m)
}

// lasting tells failures of the picture or of an encoder from those of the
// house: a lost database or a stop say nothing of the picture.
func lasting(err error) bool {
	return !errors.Is(err, context.Canceled) && !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.NotFound)
}

// guarded keeps a decoder that panics from ending the program.
func guarded(ctx context.Context, make func(context.Context) ([]byte, string, error)) (b []byte, mime string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Invalid, "drawing panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return make(ctx)
}

// part draws a part of a medium, w × h pixels.
func (d *Drawer) part(ctx context.Context, m Media, part image.Rectangle, w, h int) (*image.RGBA, []byte, error) {
	x, err := d.master(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	if x.width != m.Width || x.height != m.Height {
		return nil, nil, fault.Field("file", "a picture of %d × %d pixels that was taken for one of %d × %d", x.width, x.height, m.Width, m.Height)
	}
	b := x.img.Rect
	if b.Dx() == x.width && b.Dy() == x.height {
		return cut(x.img, turning{}, part, w, h), x.profile, nil
	}
	// From the master, where it has as many pixels there as are wanted.
	small := image.Rect(part.Min.X*b.Dx()/x.width, part.Min.Y*b.Dy()/x.height, part.Max.X*b.Dx()/x.width, part.Max.Y*b.Dy()/x.height)
	if small.Dx() >= w && small.Dy() >= h {
		return cut(x.img, turning{}, small, w, h), x.profile, nil
	}
	img, t, _, err := d.open(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	return cut(img, t, part, w, h), x.profile, nil
}

// open decodes a medium's file. What cannot be decoded is noted, so that
// nobody tries again.
func (d *Drawer) open(ctx context.Context, m Media) (image.Image, turning, []byte, error) {
	f, err := d.s.blobs.Get(ctx, m.Blob)
	if err != nil {
		return nil, turning{}, nil, err
	}
	defer f.Close()
	img, h, err := decode(f, m.Mime)
	if err != nil {
		if lasting(err) {
			note := made{Failure: "!" + err.Error(), At: d.s.d.Now().UnixMilli()}
			err = errors.Join(err, d.s.keep(ctx, m.Blob, unreadable, note))
		}
		return nil, turning{}, nil, err
	}
	return img, turningOf(h.orientation), h.profile, nil
}

// master gives a medium's master, one of those kept or a new one; with a new
// one comes the medium's colour.
func (d *Drawer) master(ctx context.Context, m Media) (*master, error) {
	d.mu.Lock()
	for i, x := range d.masters {
		if x.source == m.Blob {
			d.masters = append(append(d.masters[:i:i], d.masters[i+1:]...), x)
			d.mu.Unlock()
			return x, nil
		}
	}
	d.mu.Unlock()
	img, t, profile, err := d.open(ctx, m)
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	x := &master{source: m.Blob, profile: profile}
	x.width, x.height = t.shown(b.Dx(), b.Dy())
	w := min(x.width, rendition.Max)
	h := max((w*x.height+x.width/2)/x.width, 1)
	x.img = cut(img, t, image.Rect(0, 0, x.width, x.height), w, h)
	if m.Colour == "" {
		if c := dominant(x.img); c != "" {
			if err := d.s.colour(ctx, m, c); err != nil {
				return nil, fmt.Errorf("the colour of medium %d: %w", m.ID, err)
			}
		}
	}
	if w*h <= keptPixels {
		d.mu.Lock()
		d.masters = append(d.masters, x)
		if len(d.masters) > kept {
			d.masters = append(d.masters[:0:0], d.masters[len(d.masters)-kept:]...)
		}
		d.mu.Unlock()
	}
	return x, nil
}
