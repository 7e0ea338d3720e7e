package cache

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

var start = time.Date(2022, 2, 14, 6, 49, 0, 0, time.UTC)

var errAway = errors.New("the database is away")

// rig is a cache with a clock that the test moves.
type rig struct {
	*Cache
	now  time.Time
	text strings.Builder
}

func newRig(opts Options) *rig {
	r := &rig{now: start}
	if opts.Now == nil {
		opts.Now = func() time.Time { return r.now }
	}
	opts.IsUnavailable = func(err error) bool { return errors.Is(err, errAway) }
	opts.Log = slog.New(slog.NewTextHandler(&r.text, nil))
	r.Cache = New(opts)
	return r
}

// ask sends a request and gives the answer; header is name, value, name, value …
func ask(t *testing.T, c *Cache, key string, render func(context.Context) (*Page, error),
	header ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/x", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	if err := c.Serve(w, r, key, render); err != nil {
		t.Fatalf("serving %s: %v", key, err)
	}
	return w
}

func page(text string, tags ...string) func(context.Context) (*Page, error) {
	return func(context.Context) (*Page, error) {
		return &Page{ContentType: "text/html; charset=utf-8", Body: []byte(text), Tags: tags}, nil
	}
}

func fails(err error) func(context.Context) (*Page, error) {
	return func(context.Context) (*Page, error) { return nil, err }
}

// must never be called: the page is to come from the cache.
func unasked(t *testing.T) func(context.Context) (*Page, error) {
	return func(context.Context) (*Page, error) {
		t.Error("rendered although the page was kept")
		return page("unasked")(nil)
	}
}

func body(w *httptest.ResponseRecorder) string { return w.Body.String() }

func TestPageIsRenderedOnceAndPurgedByItsTags(t *testing.T) {
	c := newRig(Options{})
	ask(t, c.Cache, "a", page("a1", "article:1", "front:1"))
	ask(t, c.Cache, "b", page("b1", "article:2", "front:1"))
	ask(t, c.Cache, "c", page("c1", "article:12"))
	for _, k := range []string{"a", "b", "c"} {
		if got := body(ask(t, c.Cache, k, unasked(t))); got != k+"1" {
			t.Errorf("%s shows %q", k, got)
		}
	}
	c.Purge("article:1")
	if got := body(ask(t, c.Cache, "a", page("a2", "article:1"))); got != "a2" {
		t.Errorf("a shows %q after its purge", got)
	}
	ask(t, c.Cache, "b", unasked(t))
	ask(t, c.Cache, "c", unasked(t))

	c.Purge("front:1") // "a" has lost this tag
	ask(t, c.Cache, "a", unasked(t))
	if got := body(ask(t, c.Cache, "b", page("b2"))); got != "b2" {
		t.Errorf("b shows %q after its purge", got)
	}
	c.PurgeAll()
	for _, k := range []string{"a", "b", "c"} {
		if got := body(ask(t, c.Cache, k, page(k+"3"))); got != k+"3" {
			t.Errorf("%s shows %q after the purge of all", k, got)
		}
	}
	s := c.Stats()
	if s.Entries != 3 || s.Hits != 6 || s.Misses != 8 || s.Renders != 8 || s.Stale != 0 {
		t.Errorf("stats: %+v", s)
	}
}

func TestClockAloneChangesAPage(t *testing.T) {
	c := newRig(Options{})
	render := func(context.Context) (*Page, error) {
		p, _ := page("as of " + c.now.Format(time.TimeOnly))(nil)
		p.Until = c.now.Add(time.Minute)
		return p, nil
	}
	ask(t, c.Cache, "k", render)
	c.now = c.now.Add(time.Minute - 1)
	if got := body(ask(t, c.Cache, "k", unasked(t))); got != "as of 06:49:00" {
		t.Errorf("before its end: %q", got)
	}
	c.now = c.now.Add(1)
	if got := body(ask(t, c.Cache, "k", render)); got != "as of 06:50:00" {
		t.Errorf("at its end: %q", got)
	}
}

func TestHeaders(t *testing.T) {
	c := newRig(Options{TagHeader: "xkey"})
	text := strings.Repeat("Жаңалық. ", 100)
	render := func(context.Context) (*Page, error) {
		return &Page{
			ContentType: "text/html; charset=utf-8", Body: []byte(text), Tags: []string{"article:1", "front:2"},
			Header: http.Header{"Link": {"<a>; rel=x"}, "X-Robots-Tag": {"noindex"}},
			Dated:  true,
		}, nil
	}
	w := ask(t, c.Cache, "k", render, "Accept-Encoding", "gzip")
	tag := w.Header().Get("Etag")
	want := http.Header{
		"Cache-Control": {"no-cache"}, "Vary": {"Accept-Encoding"}, "Content-Encoding": {"gzip"},
		"Content-Type": {"text/html; charset=utf-8"}, "Content-Length": {strconv.Itoa(w.Body.Len())}, "Etag": {tag},
		"Last-Modified": {start.UTC().Format(http.TimeFormat)}, "Link": {"<a>; rel=x"}, "X-Robots-Tag": {"noindex"},
		"Xkey": {"article:1 front:2"},
	}
	if d := cmp.Diff(want, w.Header()); d != "" {
		t.Errorf("headers of the page (-want +got):\n%s", d)
	}
	if !strings.HasPrefix(tag, `W/"`) {
		t.Errorf("the entity tag is not weak: %s", tag)
	}

	w = ask(t, c.Cache, "k", render, "If-None-Match", tag)
	want = http.Header{
		"Cache-Control": {"no-cache"}, "Vary": {"Accept-Encoding"}, "Etag": {tag}, "Xkey": {"article:1 front:2"},
	}
	if d := cmp.Diff(want, w.Header()); d != "" || w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("%d with %d bytes; headers (-want +got):\n%s", w.Code, w.Body.Len(), d)
	}

	head := httptest.NewRecorder()
	if err := c.Serve(head, httptest.NewRequest("HEAD", "/", nil), "k", render); err != nil {
		t.Fatal(err)
	}
	if head.Body.Len() != 0 || head.Header().Get("Content-Length") != strconv.Itoa(len(text)) {
		t.Errorf("HEAD: %d bytes, headers %v", head.Body.Len(), head.Header())
	}
}

func TestPagesBringTheirOwnFields(t *testing.T) {
	c := newRig(Options{})
	w := ask(t, c.Cache, "k", func(context.Context) (*Page, error) {
		return &Page{Status: 301, Header: http.Header{"Location": {"/a"}, "Cache-Control": {"private"},
			"vary": {"Accept"}, "ETag": {"mine"}}}, nil
	})
	want := http.Header{"Location": {"/a"}, "Cache-Control": {"private"}, "Vary": {"Accept, Accept-Encoding"},
		"Content-Length": {"0"}}
	if d := cmp.Diff(want, w.Header()); d != "" || w.Code != 301 {
		t.Errorf("%d (-want +got):\n%s", w.Code, d)
	}
	w = ask(t, c.Cache, "k", unasked(t), "If-None-Match", "*")
	if w.Code != 301 {
		t.Errorf("a redirect has no preconditions: %d", w.Code)
	}
}

func TestConditions(t *testing.T) {
	c := newRig(Options{})
	modified := start
	render := func(context.Context) (*Page, error) {
		return &Page{ContentType: "text/plain", Body: []byte("x"), Dated: true}, nil
	}
	tag := ask(t, c.Cache, "k", render).Header().Get("Etag")
	opaque := strings.TrimPrefix(tag, "W/")
	at := func(d time.Duration) string { return modified.Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		header []string
		code   int
	}{
		{nil, 200},
		{[]string{"If-None-Match", tag}, 304},
		{[]string{"If-None-Match", opaque}, 304},
		{[]string{"If-None-Match", "*"}, 304},
		{[]string{"If-None-Match", `"a", W/"b,c" ,` + tag}, 304},
		{[]string{"If-None-Match", `"a"`, "If-None-Match", tag}, 304},
		{[]string{"If-None-Match", `"a", W/"b"`}, 200},
		{[]string{"If-None-Match", strings.Trim(opaque, `"`)}, 200},
		{[]string{"If-None-Match", `"`}, 200},
		{[]string{"If-None-Match", `"a", `}, 200},
		{[]string{"If-None-Match", `"a` + opaque}, 200},
		{[]string{"If-Modified-Since", at(0)}, 304},
		{[]string{"If-Modified-Since", at(time.Second)}, 304},
		{[]string{"If-Modified-Since", at(-time.Second)}, 200},
		{[]string{"If-Modified-Since", "yesterday"}, 200},
		{[]string{"If-Modified-Since", at(0), "If-None-Match", `"a"`}, 200},
		{[]string{"If-Modified-Since", at(-time.Second), "If-None-Match", tag}, 304},
	} {
		if got := ask(t, c.Cache, "k", unasked(t), tt.header...).Code; got != tt.code {
			t.Errorf("%q: %d, want %d", tt.header, got, tt.code)
		}
	}
}

// TestLastModified: a page is dated by when it last came out different, and a
// date tells two of its forms apart, however quickly one follows the other.
func TestLastModified(t *testing.T) {
	c := newRig(Options{})
	body, given := "a", map[string]string{} // date → the body that had it
	render := func(context.Context) (*Page, error) {
		return &Page{ContentType: "text/plain", Body: []byte(body), Dated: true, Tags: []string{"t"}}, nil
	}
	for i, step := range []struct {
		body  string
		pass  time.Duration
		purge bool
		want  time.Duration // after start; below 0: no date
	}{
		{"a", 0, false, 0}, {"a", time.Minute, true, 0}, // made anew, the same
		{"b", time.Minute, true, 2 * time.Minute},
		{"c", time.Second / 4, true, -1}, // in the same second
		{"b", time.Second / 4, true, -1}, // as before, but not since
		{"b", 2 * time.Second, true, 2*time.Minute + 2*time.Second},
		{"b", time.Second, false, 2*time.Minute + 2*time.Second},
	} {
		body = step.body
		c.now = c.now.Add(step.pass)
		if step.purge {
			c.Purge("t")
		}
		for date, had := range given {
			if code := ask(t, c.Cache, "k", render, "If-Modified-Since", date).Code; code == http.StatusNotModified && had != body {
				t.Errorf("step %d: whoever has %q of %s is told that it is not modified", i, had, date)
			}
		}
		got, want := ask(t, c.Cache, "k", render).Header().Get("Last-Modified"), ""
		if step.want >= 0 {
			want = start.Add(step.want).UTC().Format(http.TimeFormat)
			given[want] = body
		}
		if got != want {
			t.Errorf("step %d: Last-Modified %q, want %q", i, got, want)
		}
	}
}

func TestEncodings(t *testing.T) {
	c := newRig(Options{})
	text := strings.Repeat("<p>Мост открыли на день раньше.</p>\n", 300)
	render := page(text)
	var tags []string
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		w := ask(t, c.Cache, "k", render, "Accept-Encoding", coding)
		if got := w.Header().Get("Content-Encoding"); got != strings.TrimPrefix(coding, "identity") {
			t.Errorf("%s: Content-Encoding %q", coding, got)
		}
		if got := decode(t, coding, w.Body.Bytes()); got != text {
			t.Errorf("%s: not the same text", coding)
		}
		if coding != "identity" && w.Body.Len() > len(text)/5 {
			t.Errorf("%s: %d bytes of %d", coding, w.Body.Len(), len(text))
		}
		tags = append(tags, w.Header().Get("Etag"))
	}
	for _, tag := range tags {
		if tag != tags[0] {
			t.Errorf("the tag depends on the coding: %v", tags)
		}
	}
	bytes := c.Stats().Bytes
	ask(t, c.Cache, "k", unasked(t), "Accept-Encoding", "br")
	if got := c.Stats().Bytes; got != bytes {
		t.Errorf("a second demand for br took %d bytes more", got-bytes)
	}
}

func TestWhatIsNotWorthCompressing(t *testing.T) {
	c := newRig(Options{})
	noise := make([]byte, 4000)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	for name, p := range map[string]*Page{
		"short":   {ContentType: "text/html", Body: []byte("<p>Short.</p>")},
		"picture": {ContentType: "image/png", Body: bytes.Repeat([]byte("a"), 4000)},
		"noise":   {ContentType: "text/plain", Body: noise},
	} {
		w := ask(t, c.Cache, name, func(context.Context) (*Page, error) { return p, nil }, "Accept-Encoding", "gzip")
		if w.Header().Get("Content-Encoding") != "" || !bytes.Equal(w.Body.Bytes(), p.Body) {
			t.Errorf("%s was compressed", name)
		}
	}
}

func decode(t *testing.T, coding string, b []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return string(text)
}

func TestAnswersNotToKeep(t *testing.T) {
	c := newRig(Options{})
	ask(t, c.Cache, "k", page("here", "article:1"))
	c.Purge("article:1")
	missing := func(context.Context) (*Page, error) {
		return &Page{Status: 404, Body: []byte("nothing here"), NoStore: true}, nil
	}
	if w := ask(t, c.Cache, "k", missing); w.Code != 404 || w.Header().Get("Etag") != "" {
		t.Errorf("%d, headers %v", w.Code, w.Header())
	}
	if s := c.Stats(); s.Entries != 0 || s.Bytes != 0 {
		t.Errorf("kept: %+v", s)
	}
	// What was there is gone also while the database is away.
	err := c.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), "k", fails(errAway))
	if !errors.Is(err, errAway) {
		t.Errorf("after a 404 and during an outage: %v", err)
	}
}

func TestErrorsOfRendering(t *testing.T) {
	c := newRig(Options{})
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		render func(context.Context) (*Page, error)
		want   string
	}{
		"error":   {fails(broken), "broken"},
		"nothing": {func(context.Context) (*Page, error) { return nil, nil }, "neither page nor error"},
		"panic":   {func(context.Context) (*Page, error) { panic("secret of the house") }, "panicked"},
	} {
		w := httptest.NewRecorder()
		err := c.Serve(w, httptest.NewRequest("GET", "/", nil), name, tt.render)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if len(w.Header()) != 0 || w.Body.Len() != 0 {
			t.Errorf("%s: something was written: %v", name, w.Header())
		}
		if got := body(ask(t, c.Cache, name, page("well again"))); got != "well again" {
			t.Errorf("%s: the error was kept", name)
		}
	}
	if !strings.Contains(c.text.String(), "secret of the house") {
		t.Error("the panic is not in the log")
	}
}

func TestNumbersAreStamped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, calls := 7, 0
		var broken error
		c := newRig(Options{Now: time.Now, Stamp: func(_ context.Context, tokens []string) (map[string]string, error) {
			calls++
			if d := cmp.Diff([]string{"views:1:ru", "views:2:kk"}, tokens); d != "" {
				t.Error(d)
			}
			return map[string]string{"views:1:ru": fmt.Sprint(n)}, broken
		}})
		filler := strings.Repeat("слова ", 200)
		render := page("\uFDD0views:1:ru\uFDD1 " + filler + " \uFDD0views:2:kk\uFDD1\uFDD0 open")
		want := func(number string) {
			t.Helper()
			for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
				w := ask(t, c.Cache, "k", render, "Accept-Encoding", coding)
				if got := decode(t, coding, w.Body.Bytes()); got != number+" "+filler+" –\uFDD0 open" {
					t.Errorf("%s shows %.10q, want %s", coding, got, number)
				}
				if w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
					t.Errorf("Content-Length %s of %d", w.Header().Get("Content-Length"), w.Body.Len())
				}
			}
		}
		want("7")
		tag := ask(t, c.Cache, "k", render).Header().Get("Etag")
		n = 12345
		time.Sleep(4999 * time.Millisecond)
		want("7")
		if calls != 1 {
			t.Errorf("asked %d times for numbers within five seconds", calls)
		}
		time.Sleep(time.Millisecond)
		ask(t, c.Cache, "k", render) // has what there is; the next number is asked for beside it
		synctest.Wait()
		n = 0
		l := c.kept("k").look.Load()
		for i := range l.variants {
			if l.variants[i].Load() == nil {
				t.Error("the new number is not encoded as the former one was")
			}
		}
		want("12345")
		time.Sleep(4 * time.Second)
		want("12345")
		if calls != 2 {
			t.Errorf("asked %d times for numbers, want 2", calls)
		}
		time.Sleep(5999 * time.Millisecond)
		ask(t, c.Cache, "k", render)
		synctest.Wait()
		want("0") // nearly ten seconds old: asked for beside a reader
		n = 12345
		time.Sleep(10 * time.Second)
		want("12345") // too old to be shown: a reader waits for it
		if w := ask(t, c.Cache, "k", render, "If-None-Match", tag); w.Code != 304 {
			t.Error("the number changed the entity tag")
		}
		bytes := c.Stats().Bytes
		time.Sleep(time.Minute)
		n, broken = 99999, errAway
		want("99999") // what came with the error is better than nothing
		time.Sleep(time.Minute)
		n = 12346
		want("12346")
		if got := c.Stats().Bytes; got > bytes+100 || got < bytes-100 {
			t.Errorf("old numbers are counted still: %d bytes, before %d", got, bytes)
		}
		if c.Stats().Renders != 1 {
			t.Errorf("%d renderings", c.Stats().Renders)
		}
		checkBooks(t, c.Cache)
	})
}

// TestSpans purges a piece of a list: pages that show it are made anew, pages
// that show another piece are not.
func TestSpans(t *testing.T) {
	n := map[string]int{}
	made := func(key string, tags ...string) func(context.Context) (*Page, error) {
		return func(context.Context) (*Page, error) {
			n[key]++
			return &Page{ContentType: "text/plain", Body: []byte("text"), Tags: tags}, nil
		}
	}
	c := New(Options{})
	shows := map[string][]string{"whole": {"list:1"}, "newest": {"list:1@500..9223372036854775807"}, "beside": {"list:1@100..200"},
		"both": {"list:1@100..200", "list:1@500..600"}, "other": {"list:2"}}
	for _, step := range []struct {
		tag  string
		anew []string
	}{
		{"list:1", []string{"whole", "newest", "beside", "both"}},
		{"list:1@300..300", []string{"whole"}},
		{"list:1@200..200", []string{"whole", "beside", "both"}},
		{"list:1@0..99", []string{"whole"}},
		{"list:1@250..500", []string{"whole", "newest", "both"}},
		{"!list:1@700..700", []string{"whole", "newest"}},
		{"list:3", nil},
	} {
		for key, tags := range shows {
			ask(t, c, key, made(key, tags...))
		}
		clear(n)
		c.Purge(step.tag)
		for key, tags := range shows {
			ask(t, c, key, made(key, tags...))
		}
		want := map[string]int{}
		for _, key := range step.anew {
			want[key] = 1
		}
		if diff := cmp.Diff(want, n); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.tag, diff)
		}
	}
}
