package cache

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"dateline/internal/coding"
)

// sink is a ResponseWriter that keeps nothing, reused for every request.
type sink struct{ h http.Header }

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}

var benchPage = &Page{
	ContentType: "text/html; charset=utf-8",
	Body:        []byte("<!doctype html>" + strings.Repeat("<p>The bridge was opened a day early.</p>", 500)),
	Tags:        []string{"article:1", "front:1"}, Dated: true,
}

func benchRequest() *http.Request {
	r, _ := http.NewRequest("GET", "/2022/02/14/bridge", nil)
	r.Header = http.Header{
		"Accept-Encoding": {"gzip, deflate, br, zstd"}, "User-Agent": {"Mozilla/5.0"}, "Accept": {"text/html"},
	}
	return r
}

// BenchmarkHit against BenchmarkBare: what the cache adds to a handler that
// only writes the same bytes with the same headers.
func BenchmarkHit(b *testing.B) {
	c := New(Options{})
	render := func(context.Context) (*Page, error) { return benchPage, nil }
	w, r := &sink{h: http.Header{}}, benchRequest()
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		if err := c.Serve(w, r, "1:/2022/02/14/bridge", render); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBare(b *testing.B) {
	c := New(Options{})
	w, r := &sink{h: http.Header{}}, benchRequest()
	if err := c.Serve(w, r, "k", func(context.Context) (*Page, error) { return benchPage, nil }); err != nil {
		b.Fatal(err)
	}
	fields := w.h.Clone()
	body := make([]byte, 1000)
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		for name, values := range fields {
			w.h[name] = values
		}
		w.WriteHeader(200)
		_, _ = w.Write(body)
	}
}

func BenchmarkHitParallel(b *testing.B) {
	c := New(Options{})
	render := func(context.Context) (*Page, error) { return benchPage, nil }
	b.RunParallel(func(pb *testing.PB) {
		w, r := &sink{h: http.Header{}}, benchRequest()
		for pb.Next() {
			clear(w.h)
			if err := c.Serve(w, r, "1:/2022/02/14/bridge", render); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	p := newCompressors()
	var text strings.Builder // words that do not repeat too well
	for i, x := 0, uint32(1); i < 9000; i++ {
		x = x*1664525 + 1013904223
		text.WriteString(words[x>>24%uint32(len(words))])
	}
	for e := coding.Gzip; e < coding.Count; e++ {
		b.Run(e.String(), func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			for b.Loop() {
				out, err := p.encode(e, []byte(text.String()))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(out)), "bytes")
			}
		})
	}
}

var words = strings.SplitAfter("the bridge over river was opened a day early said mayor who had waited for years and "+
	"people came from villages with flags <p> </p> мост открыли раньше, қала көпір ашылды бүгін ", " ")
