package media

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image/gif"
	"io"
	"path"
	"strings"
	"sync"

	"golang.org/x/image/webp"

	"dateline/internal/fault"
	"dateline/internal/slug"
)

// MaxBytes is the size limit of a file where the caller names none.
const MaxBytes = 32 << 20

// MaxPixels is the largest picture, width times height.
const MaxPixels = 100_000_000

// maxSVG is the largest SVG, which is held in memory while it is cleaned.
const maxSVG = 8 << 20

// shape is what cleaning learns of a picture.
type shape struct{ width, height int }

// cleaner copies a file without what must not be kept, and hears what a picture
// says of itself where that stands.
type cleaner func(w io.Writer, r *bufio.Reader, h *heard) (shape, error)

var cleaners = map[string]cleaner{
	"image/jpeg":    stripJPEG,
	"image/png":     stripPNG,
	"image/webp":    stripWebP,
	"image/avif":    stripAVIF,
	"image/gif":     stripGIF,
	"image/svg+xml": copySVG,

	"video/mp4":       stripMP4,
	"video/quicktime": stripMP4,
	"audio/mp4":       stripMP4,
}

// Take reads a file and stores it under the SHA-256 of what is kept of it. It
// gives an unsaved Media: kind and type as its bytes say, name, size, measures.
// max is the size limit in bytes, 0 MaxBytes. Faults: TooLarge beyond the limit
// of bytes or pixels, Invalid for what is of no kind that we take or is
// broken; both leave nothing behind. r is not read after Take returns.
func (s *Store) Take(ctx context.Context, name string, r io.Reader, max int64) (Media, error) {
	m, _, err := s.TakeChecked(ctx, name, r, max, nil)
	return m, err
}

// TakeChecked is Take for whoever wants to know what a picture says of itself, and to
// look at what is taken (m has all but its name in the file store) before it is kept:
// an error of check stops it. It is strict: drawings with scripts and pictures with
// other files behind them are refused, which Take, for archives, only cleans.
func (s *Store) TakeChecked(ctx context.Context, name string, r io.Reader, max int64, check func(m Media, f io.ReadSeeker) error) (Media, Said, error) {
	if max <= 0 {
		max = MaxBytes
	}
	br := bufio.NewReaderSize(&limited{r: r, left: max}, 64<<10)
	head, err := br.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return Media{}, Said{}, err
	}
	if len(head) == 0 {
		return Media{}, Said{}, refused("empty", "it is empty")
	}
	f, err := sniff(head, name)
	if err != nil {
		return Media{}, Said{}, err
	}
	m := Media{Kind: f.kind, Mime: f.mime, FileName: fileName(name, f.ext), FocalX: 500, FocalY: 500}
	var h heard
	clean, src, wait := cleaners[f.mime], io.Reader(br), func() shape { return shape{} }
	if clean != nil {
		src, wait = through(clean, br, &h)
	}
	var size shape
	m.Blob, m.Bytes, err = s.blobs.Add(ctx, src, func(stored io.ReadSeeker) error {
		size = wait()
		if err := measure(f.mime, stored, &size); err != nil {
			return err
		}
		if int64(size.width)*int64(size.height) > MaxPixels {
			return tooManyPixels(size.width, size.height)
		}
		if check == nil {
			return nil
		}
		if err := h.check(); err != nil {
			return err
		}
		m.Width, m.Height = size.width, size.height
		if _, err := stored.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return check(m, stored)
	})
	if c, ok := src.(io.Closer); ok {
		c.Close()
		wait()
	}
	if err != nil {
		return Media{}, Said{}, err
	}
	m.SHA256, m.Width, m.Height = m.Blob, size.width, size.height
	return m, h.said(), nil
}

// through runs a cleaner on the way: what is read is what it wrote. wait gives
// what it learnt once it is through; closing the reader stops it.
func through(clean cleaner, br *bufio.Reader, h *heard) (io.Reader, func() shape) {
	pr, pw := io.Pipe()
	var got shape
	var done sync.WaitGroup
	done.Go(func() {
		w := bufio.NewWriterSize(pw, 64<<10)
		var err error
		if got, err = clean(w, br, h); err == nil {
			h.behind(br)
			err = w.Flush()
		}
		pw.CloseWithError(err)
	})
	return pr, func() shape { done.Wait(); return got }
}

// measure finds the size of what no cleaner measures.
func measure(mime string, r io.Reader, size *shape) error {
	switch mime {
	case "image/gif":
		c, err := gif.DecodeConfig(bufio.NewReader(r))
		if err != nil {
			return fault.Field("file", "a broken GIF: %w", err)
		}
		*size = shape{c.Width, c.Height}
	case "image/webp":
		c, err := webp.DecodeConfig(bufio.NewReader(r))
		if err != nil {
			return fault.Field("file", "a broken WebP: %w", err)
		}
		if size.width = c.Width; size.height < 0 { // stripWebP: to be turned
			*size = shape{c.Height, c.Width}
			return nil
		}
		size.height = c.Height
	}
	return nil
}

// fileName is the name in the address: words and letters of the given one, and
// the ending that the type has.
func fileName(name, ext string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	base := slug.Make("ru", strings.TrimSuffix(name, path.Ext(name)))
	if !ascii(base) || base == "" {
		base = "file"
	}
	return base + "." + ext
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// copySVG reads the whole, which is small, and writes the cleaned one.
func copySVG(w io.Writer, r *bufio.Reader, h *heard) (shape, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxSVG+1))
	if err != nil {
		return shape{}, err
	}
	if len(raw) > maxSVG {
		return shape{}, fault.New(fault.TooLarge, "an SVG of more than %d MiB", maxSVG>>20)
	}
	out, size, err := cleanHeard(bytes.TrimPrefix(raw, []byte("\ufeff")), h)
	if err != nil {
		return shape{}, err
	}
	_, err = w.Write(out)
	return size, err
}

// limited refuses to read on, where io.LimitReader would pretend an end.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, fault.New(fault.TooLarge, "the file is larger than the limit")
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return max(0, n-1), fault.New(fault.TooLarge, "the file is larger than the limit")
	}
	return n, err
}
