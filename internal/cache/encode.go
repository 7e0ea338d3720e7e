package cache

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"dateline/internal/coding"
)

// compressors makes the encoded forms. Writers are pooled: a brotli writer
// alone holds more than a megabyte of tables.
type compressors struct {
	gzip   sync.Pool
	brotli sync.Pool
	zstd   *zstd.Encoder // EncodeAll may be called from many goroutines
}

// Among codings that a client likes equally the smallest wins. A page with a
// number in it is compressed anew every few seconds, so there the cheapest of
// the good ones wins.
var (
	smallest = []coding.Coding{coding.Brotli, coding.Zstd, coding.Gzip}
	cheapest = []coding.Coding{coding.Zstd, coding.Brotli, coding.Gzip}
)

const (
	gzipLevel   = 6
	brotliLevel = 5
	worthwhile  = 256 // bytes; below this a coding saves no packet
)

func newCompressors() *compressors {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(2), zstd.WithEncoderLevel(zstd.SpeedDefault),
		zstd.WithWindowSize(1<<20)) // browsers refuse windows over 8 MiB (RFC 9659)
	if err != nil {
		panic("cache: zstd options: " + err.Error()) // the options are constants
	}
	return &compressors{
		gzip: sync.Pool{New: func() any {
			w, _ := gzip.NewWriterLevel(nil, gzipLevel) // fails only for an unknown level
			return w
		}},
		brotli: sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }},
		zstd:   z,
	}
}

// encode gives body in the coding, or nil when that would not be smaller.
func (p *compressors) encode(enc coding.Coding, body []byte) ([]byte, error) {
	var out []byte
	switch enc {
	case coding.Gzip:
		w := p.gzip.Get().(*gzip.Writer)
		defer p.gzip.Put(w)
		var b bytes.Buffer
		w.Reset(&b)
		if err := finish(w.Write, w.Close, body); err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		out = b.Bytes()
	case coding.Brotli:
		w := p.brotli.Get().(*brotli.Writer)
		defer p.brotli.Put(w)
		var b bytes.Buffer
		w.Reset(&b)
		if err := finish(w.Write, w.Close, body); err != nil {
			return nil, fmt.Errorf("brotli: %w", err)
		}
		out = b.Bytes()
	case coding.Zstd:
		out = p.zstd.EncodeAll(body, nil)
	}
	if len(out) == 0 || len(out) >= len(body) {
		return nil, nil
	}
	return bytes.Clone(out), nil // the exact size: this is what is counted
}

func finish(write func([]byte) (int, error), end func() error, body []byte) error {
	if _, err := write(body); err != nil {
		return err
	}
	return end()
}

// compressible tells whether a content type is text of some kind. Pictures
// are compressed already.
func compressible(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	switch t {
	case "application/json", "application/xml", "application/javascript", "application/manifest+json",
		"application/wasm", "font/ttf", "font/otf":
		return true
	}
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+xml") || strings.HasSuffix(t, "+json")
}
