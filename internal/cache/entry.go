package cache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dateline/internal/coding"
	"dateline/internal/tag"
)

// Page is one finished answer.
type Page struct {
	Status      int    // 0: 200
	ContentType string // with charset
	Body        []byte // may hold tokens "\uFDD0name\uFDD1", see Options.Stamp; not to be changed afterwards
	Header      http.Header
	// Header: further fields (Link, X-Robots-Tag, Location, Cache-Control …).

	Tags    []string  // what the page was made of (package tag)
	Until   time.Time // when the clock alone changes it; zero: never
	Dated   bool      // has a Last-Modified: since when it has been as it is
	NoStore bool      // answer, but do not keep: addresses that strangers invent
}

// entry is a page made ready to be sent. What a hit reads is immutable or
// atomic; the rest is guarded by Cache.mu.
type entry struct {
	key          string
	status       int
	head         []field // everything but what depends on the encoding
	notModified  []field // what a 304 carries (RFC 9110 §15.4.5)
	opaque       string  // the entity tag without W/
	dated        bool
	modified     []string // Last-Modified; nil: none
	modifiedUnix int64    // seconds: the latest date that this page had, whether it has it now or not
	until        int64    // UnixNano; 0: never
	order        []coding.Coding
	parts        [][]byte // the body, cut at the tokens
	tokens       []string // between the parts
	squeeze      bool     // worth compressing

	spoilt atomic.Bool  // purged: only for outages
	due    atomic.Int64 // UnixNano: refreshed then, good for refreshFor while it is rendered anew; 0: not
	asked  atomic.Bool  // since the hand last passed (SIEVE)
	look   atomic.Pointer[look]
	making sync.Mutex // stamping, encoding

	tags       map[string][]tag.Span // names, and what of each the page shows
	render     func(context.Context) (*Page, error)
	size       int64
	spoiltAt   int64 // UnixNano
	hold       int64 // UnixNano: until then an outage is believed without trying
	kept       bool
	queued     bool // in Cache.due
	prev, next *entry
}

type field struct {
	name   string
	values []string
}

// look is a page with certain numbers in it, and its encoded forms.
type look struct {
	at       atomic.Int64 // UnixNano of the stamping
	ahead    atomic.Bool  // the next numbers are being asked for
	values   []string     // one per token
	variants [coding.Count]atomic.Pointer[variant]
}

type variant struct {
	body     []byte
	encoding []string // Content-Encoding; nil: identity
	length   []string // Content-Length
}

func newEntry(key string, p *Page, now time.Time, opts *Options) *entry {
	e := &entry{key: key, status: p.Status, order: smallest, tags: make(map[string][]tag.Span, len(p.Tags))}
	for _, t := range p.Tags {
		name, span := tag.Split(t)
		e.tags[name] = append(e.tags[name], span)
	}
	if e.status == 0 {
		e.status = http.StatusOK
	}
	if !p.Until.IsZero() {
		e.until = p.Until.UnixNano()
	}
	e.parts, e.tokens = cut(p.Body)
	if len(e.tokens) > 0 {
		e.order = cheapest
	}
	// What is sent once is not worth the work.
	e.squeeze = !p.NoStore && len(p.Body) >= worthwhile && compressible(p.ContentType)

	for _, name := range slices.Sorted(maps.Keys(p.Header)) {
		values := slices.Clip(slices.Clone(p.Header[name]))
		switch name = http.CanonicalHeaderKey(name); name {
		case "Etag", "Content-Length", "Content-Encoding":
			continue // ours
		case "Vary":
			values = []string{strings.Join(values, ", ") + ", Accept-Encoding"}
		}
		e.head = append(e.head, field{name, values})
	}
	set := func(name, value string) []string {
		i := slices.IndexFunc(e.head, func(f field) bool { return f.name == name })
		if i < 0 {
			e.head = append(e.head, field{name, []string{value}})
			i = len(e.head) - 1
		}
		return e.head[i].values
	}
	control := set("Cache-Control", opts.CacheControl)
	vary := set("Vary", "Accept-Encoding")
	e.notModified = []field{{"Cache-Control", control}, {"Vary", vary}}
	// A browser takes a 304's fields over into what it keeps (RFC 9111 §3.2), so
	// a page that has security headers of its own says them here too.
	for _, f := range e.head {
		switch f.name {
		case "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Access-Control-Allow-Origin":
			e.notModified = append(e.notModified, f)
		}
	}
	if p.ContentType != "" {
		set("Content-Type", p.ContentType)
	}
	if opts.TagHeader != "" && len(e.tags) > 0 {
		e.notModified = append(e.notModified, field{opts.TagHeader, set(opts.TagHeader, strings.Join(slices.Sorted(maps.Keys(e.tags)), " "))})
	}
	if e.status == http.StatusOK {
		e.opaque = entityTag(p)
		e.notModified = append(e.notModified, field{"Etag", set("Etag", "W/"+e.opaque)})
		e.dated = p.Dated && !p.NoStore
	}
	e.look.Store(&look{})
	if len(e.tokens) > 0 {
		e.look.Load().at.Store(neverStamped)
	}
	const perEntry, perTag = 1024, 96 // what the structures around the bytes take, roughly
	e.size = perEntry + int64(len(key)+len(p.Body))
	for t := range e.tags {
		e.size += perTag + int64(len(t))
	}
	for _, f := range e.head {
		e.size += int64(len(f.name)) + 64
		for _, v := range f.values {
			e.size += int64(len(v)) + 16
		}
	}
	return e
}

const neverStamped = -1 << 62

// entityTag is the opaque part, quoted: a hash of the body before stamping
// and of the content type. It is weak because the numbers are left out, and
// is the same for every coding.
func entityTag(p *Page) string {
	h := sha256.New()
	h.Write([]byte(p.ContentType))
	h.Write([]byte{0})
	h.Write(p.Body)
	return `"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15]) + `"`
}

const opening, closing = "\uFDD0", "\uFDD1"

// cut splits a body at its tokens; len(parts) is len(tokens)+1. An opening
// mark without its closing one is left as it stands.
func cut(body []byte) (parts [][]byte, tokens []string) {
	const longest = 96 // bytes of a token's name
	rest, from := body, 0
	for {
		i := bytes.Index(rest[from:], []byte(opening))
		if i < 0 {
			return append(parts, rest), tokens
		}
		i += from
		name := rest[i+len(opening):]
		j := bytes.Index(name[:min(len(name), longest)], []byte(closing))
		if j < 0 {
			from = i + len(opening)
			continue
		}
		parts = append(parts, rest[:i:i])
		tokens = append(tokens, string(name[:j]))
		rest, from = name[j+len(closing):], 0
	}
}

// alive: neither purged nor past its time.
func (e *entry) alive(now int64) bool {
	return !e.spoilt.Load() && (e.until == 0 || now < e.until)
}

func (e *entry) fresh(now int64) bool {
	return e.due.Load() == 0 && e.alive(now)
}

// form gives the bytes for a coding, with numbers no older than StampEvery
// (unless somebody else is stamping at this moment: then the ones before). Once
// they are half as old they are asked for beside the readers, so that nobody
// waits for the numbers of a page that many read.
func (c *Cache) form(ctx context.Context, e *entry, enc coding.Coding, now int64) (*variant, error) {
	l := e.look.Load()
	if len(e.tokens) > 0 {
		switch age := now - l.at.Load(); {
		case age >= int64(c.opts.StampEvery):
			l = c.stamp(ctx, e, now, c.opts.StampEvery)
		case age >= int64(c.opts.StampEvery/2) && l.ahead.CompareAndSwap(false, true):
			go c.stamp(context.WithoutCancel(ctx), e, now, c.opts.StampEvery/2)
		}
	}
	if !e.squeeze {
		enc = coding.Identity
	}
	if v := l.variants[enc].Load(); v != nil {
		return v, nil
	}
	e.making.Lock()
	defer e.making.Unlock()
	return c.make(e, l, enc)
}

// make encodes; e.making is held.
func (c *Cache) make(e *entry, l *look, enc coding.Coding) (*variant, error) {
	if v := l.variants[enc].Load(); v != nil {
		return v, nil
	}
	var body []byte
	var grown int64
	if enc == coding.Identity {
		body = e.parts[0]
		if len(e.tokens) > 0 {
			body = join(e.parts, l.values)
			grown = int64(len(body))
		}
	} else {
		plain, err := c.make(e, l, coding.Identity)
		if err != nil {
			return nil, err
		}
		if body, err = c.compress.encode(enc, plain.body); err != nil {
			return nil, err
		}
		if body == nil {
			l.variants[enc].Store(plain)
			return plain, nil
		}
		grown = int64(len(body))
	}
	v := &variant{body: body, length: []string{strconv.Itoa(len(body))}}
	if enc != coding.Identity {
		v.encoding = codingValues[enc]
	}
	l.variants[enc].Store(v)
	if e.look.Load() == l {
		c.grow(e, grown)
	}
	return v, nil
}

var codingValues = [coding.Count][]string{nil, {"gzip"}, {"br"}, {"zstd"}}

func join(parts [][]byte, values []string) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	for _, v := range values {
		n += len(v)
	}
	b := make([]byte, 0, n)
	for i, p := range parts {
		b = append(b, p...)
		if i < len(values) {
			b = append(b, values[i]...)
		}
	}
	return b
}

// unknown stands where no number could be had.
const unknown = "–"

// stamp asks for the numbers, unless they are younger than every, and gives the
// look that has them.
func (c *Cache) stamp(ctx context.Context, e *entry, now int64, every time.Duration) *look {
	l := e.look.Load()
	if l.at.Load() == neverStamped {
		e.making.Lock()
	} else if !e.making.TryLock() {
		l.ahead.Store(false)
		return l
	}
	defer e.making.Unlock()
	if l = e.look.Load(); now-l.at.Load() < int64(every) {
		l.ahead.Store(false)
		return l
	}
	var numbers map[string]string
	if c.opts.Stamp != nil {
		// Whoever asked may be gone; the number is for everybody.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stampTimeout)
		defer cancel()
		var err error
		if numbers, err = c.opts.Stamp(ctx, slices.Clone(e.tokens)); err != nil {
			c.opts.Log.Warn("numbers on a page could not be had", "key", e.key, "err", err)
		}
	}
	values := make([]string, len(e.tokens))
	for i, t := range e.tokens {
		n, ok := numbers[t]
		switch {
		case ok:
			values[i] = n
		case l.values != nil:
			values[i] = l.values[i]
		default:
			values[i] = unknown
		}
	}
	if slices.Equal(values, l.values) {
		l.at.Store(now)
		l.ahead.Store(false)
		return l
	}
	fresh := &look{values: values}
	fresh.at.Store(now)
	if every < c.opts.StampEvery { // nobody waits: the next reader is not to encode it either
		c.encodeLike(e, fresh, l)
	}
	e.look.Store(fresh)
	c.grow(e, fresh.bytes()-l.bytes())
	return fresh
}

// encodeLike gives a look the encoded forms that another has. e.making is held,
// or nobody else knows e.
func (c *Cache) encodeLike(e *entry, l, other *look) {
	for enc := range other.variants {
		if other.variants[enc].Load() == nil {
			continue
		}
		if _, err := c.make(e, l, coding.Coding(enc)); err != nil {
			c.opts.Log.Warn("encoding a page", "key", e.key, "error", err) // who asks for it has the error, too
		}
	}
}

// bytes are what the forms of a page with numbers take.
func (l *look) bytes() (n int64) {
	for i := range l.variants {
		v := l.variants[i].Load()
		if v != nil && (v.encoding != nil || i == int(coding.Identity) && l.values != nil) {
			n += int64(len(v.body))
		}
	}
	return n
}

// follow readies an entry to take the place of one. What says the same as before
// keeps its numbers and encoded forms; else it gets them before a reader asks, if
// the former copy is good for so long. Nobody else knows e yet.
func (c *Cache) follow(ctx context.Context, e, old *entry, now int64) {
	l := old.look.Load()
	if e.opaque != "" && e.opaque == old.opaque {
		own := l.clone()
		e.parts, e.tokens = old.parts, old.tokens
		e.look.Store(own)
		e.size += own.bytes()
		return
	}
	if !old.bridges(now) {
		return
	}
	if len(e.tokens) > 0 {
		c.stamp(ctx, e, now, c.opts.StampEvery)
	}
	if e.squeeze {
		c.encodeLike(e, e.look.Load(), l)
	}
}

// clone is a look with the forms that there are by now; what is added to one
// later is not the other's, in which it would not be counted.
func (l *look) clone() *look {
	out := &look{values: l.values}
	out.at.Store(l.at.Load())
	for i := range l.variants {
		out.variants[i].Store(l.variants[i].Load())
	}
	return out
}

const stampTimeout = 2 * time.Second
