package cache

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dateline/internal/coding"
	"dateline/internal/fault"
	"dateline/internal/tag"
)

// Options of a Cache. The zero value works.
type Options struct {
	MaxBytes int64            // of all pages in all encodings; 0: 64 MiB
	Now      func() time.Time // nil: time.Now

	// Stamp gives the text for tokens on a page: a body's
	// "\uFDD0views:7:ru\uFDD1" asks for "views:7:ru". One that is missing in
	// the answer keeps its last text. nil: every token shows a dash.
	Stamp      func(ctx context.Context, tokens []string) (map[string]string, error)
	StampEvery time.Duration // per page at most so often; 0: 10 s

	// IsUnavailable tells errors that pass (the database is away) from
	// answers (there is no such page). A rendering that ran out of its time
	// counts as unavailable anyway. nil: no other error does.
	IsUnavailable func(error) bool

	// CacheControl for pages that bring none. The default, "no-cache", lets
	// everybody keep a page and nobody show it without asking us: unlike
	// max-age=0 it also forbids to show it when we cannot be reached
	// (RFC 9111 §5.2.2.4), and a question costs us a 304.
	CacheControl string

	// MaxRenders is how many pages are made at the same time; 0: four for each
	// processor, at least eight. Sixteen times as many addresses may wait; who
	// asks for one more address that is not kept gets ErrBusy at once.
	MaxRenders int

	// Pass keeps nothing and shares nothing: every request is a rendering of its
	// own. For development, where templates change without anybody saying so.
	Pass bool

	// TagHeader, "xkey" or "Surrogate-Key", names the field that tells a
	// cache in front of us the tags. Empty: it is not sent.
	TagHeader string

	Log *slog.Logger // nil: slog.Default()
}

const (
	renderTimeout = 30 * time.Second
	staleFor      = 24 * time.Hour
	holdFor       = 2 * time.Second // an outage is believed so long before it is tried again
	shards        = 64
	queueFactor   = 16
	warnEvery     = 10 * time.Second
)

// Cache keeps pages. Make it with New.
type Cache struct {
	opts     Options
	compress *compressors
	seed     maphash.Seed
	shards   [shards]shard

	mu      sync.Mutex // guards what follows, and all writing to shards
	seq     uint64     // number of the last purge
	lost    int64      // seconds: the latest date of a page that is not kept any more
	floor   uint64     // renderings begun before this purge are unfit whatever their tags
	recent  map[string]uint64
	flights map[string]*flight
	running int       // flights that are being rendered
	known   []*flight // wait for their turn: pages that were kept and have changed
	queue   []*flight // and addresses that may be anybody's invention
	warned  int64     // UnixNano of the last complaint about a flood
	byTag   map[string]map[*entry][]tag.Span
	head    *entry // the newest
	tail    *entry
	hand    *entry
	bytes   int64
	count   int

	due      []*entry // refreshed and read: to be rendered anew without being asked
	renewing bool     // a goroutine does so

	misses, renders, stale, refused atomic.Uint64
}

type shard struct {
	mu   sync.RWMutex
	m    map[string]*entry
	hits atomic.Uint64
	_    [64]byte // shards on cache lines of their own
}

// Stats is what the cache holds and has done since the start.
type Stats struct {
	Entries int
	Bytes   int64

	Hits, Misses, Renders, Stale, Refused uint64

	Running, Waiting int // renderings now, and addresses in line for one
}

// New makes an empty cache.
func New(opts Options) *Cache {
	if opts.MaxBytes <= 0 {
		opts.MaxBytes = 64 << 20
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.StampEvery <= 0 {
		opts.StampEvery = 10 * time.Second
	}
	if opts.IsUnavailable == nil {
		opts.IsUnavailable = func(error) bool { return false }
	}
	if opts.CacheControl == "" {
		opts.CacheControl = "no-cache"
	}
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if opts.MaxRenders <= 0 {
		opts.MaxRenders = max(8, 4*runtime.GOMAXPROCS(0))
	}
	if opts.TagHeader != "" {
		opts.TagHeader = http.CanonicalHeaderKey(opts.TagHeader)
	}
	c := &Cache{
		opts: opts, compress: newCompressors(), seed: maphash.MakeSeed(),
		recent: map[string]uint64{}, flights: map[string]*flight{}, byTag: map[string]map[*entry][]tag.Span{},
	}
	for i := range c.shards {
		c.shards[i].m = map[string]*entry{}
	}
	return c
}

// Stats counts.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	s := Stats{Entries: c.count, Bytes: c.bytes, Running: c.running, Waiting: len(c.known) + len(c.queue)}
	c.mu.Unlock()
	for i := range c.shards {
		s.Hits += c.shards[i].hits.Load()
	}
	s.Misses, s.Renders, s.Stale = c.misses.Load(), c.renders.Load(), c.stale.Load()
	s.Refused = c.refused.Load()
	return s
}

// Serve answers a GET or HEAD with the page kept under key, or renders it.
// The key is the page's address with all that its content depends on (edition,
// audience, page number), without the method. One that begins with "!" is the
// house's own, nobody's invention, and is never refused. The context that render gets
// outlives the request, for at most 30 s: others may wait for the same page.
// What is not kept (NoStore, errors) may depend on the request's host, too, and
// is shared with nobody who asked another host.
//
// When there is nothing to serve the render error comes back and nothing has
// been written.
func (c *Cache) Serve(w http.ResponseWriter, r *http.Request, key string,
	render func(ctx context.Context) (*Page, error)) error {
	if c.opts.Pass {
		return c.pass(w, r, key, render)
	}
	now := c.opts.Now().UnixNano()
	s := c.shard(key)
	s.mu.RLock()
	e := s.m[key]
	s.mu.RUnlock()
	if e != nil && e.fresh(now) {
		s.hits.Add(1)
		// Only a second asking counts: who asks for invented addresses, each
		// once, must not push out what many read. A read is cheaper than a
		// write shared between cores.
		if !e.asked.Load() {
			e.asked.Store(true)
		}
		return c.respond(w, r, e, now)
	}
	c.misses.Add(1)
	e, err := c.await(r.Context(), r.Host, key, now, render)
	if err != nil {
		return err
	}
	return c.respond(w, r, e, now)
}

// Once answers with a rendering that begins now and that nobody else gets: a page
// that is not everybody's.
func (c *Cache) Once(w http.ResponseWriter, r *http.Request, render func(context.Context) (*Page, error)) error {
	return c.pass(w, r, r.URL.Path, render)
}

// pass answers with a rendering that begins now and is forgotten.
func (c *Cache) pass(w http.ResponseWriter, r *http.Request, key string, render func(context.Context) (*Page, error)) error {
	ctx, cancel := context.WithTimeout(r.Context(), renderTimeout)
	defer cancel()
	c.renders.Add(1)
	p, err := c.attempt(ctx, key, render)
	if err != nil {
		return err
	}
	now := c.opts.Now()
	return c.respond(w, r, newEntry(key, p, now, &c.opts), now.UnixNano())
}

// kept gives the entry of a key, nil if there is none.
func (c *Cache) kept(key string) *entry {
	s := c.shard(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.m[key]
}

func (c *Cache) shard(key string) *shard {
	return &c.shards[maphash.String(c.seed, key)%shards]
}

func (c *Cache) respond(w http.ResponseWriter, r *http.Request, e *entry, now int64) error {
	h := w.Header()
	if e.unchanged(r.Header) {
		for _, f := range e.notModified {
			h[f.name] = f.values
		}
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	v, err := c.form(r.Context(), e, coding.Choose(r.Header["Accept-Encoding"], e.order), now)
	if err != nil {
		return fmt.Errorf("encoding %s: %w", e.key, err)
	}
	for _, f := range e.head {
		h[f.name] = f.values
	}
	if v.encoding != nil {
		h["Content-Encoding"] = v.encoding
	}
	h["Content-Length"] = v.length
	w.WriteHeader(e.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(v.body) // a reader who left is nobody's error
	}
	return nil
}

// flight is one rendering and those who wait for it.
type flight struct {
	key    string
	host   string // that was asked
	ctx    context.Context
	render func(context.Context) (*Page, error)

	// Guarded by Cache.mu:
	start   uint64 // the last purge before it began
	at      int64  // UnixNano
	waiters int

	done chan struct{}

	// After done:
	entry  *entry
	err    error
	fit    bool // no purge since start concerns the answer
	shared bool // the answer is the same on every host
}

// ErrBusy says that more addresses are asked for than pages can be made.
var ErrBusy = fault.New(fault.Busy, "more pages are asked for than can be made at once")

// await gives a page that is as new as a request deserves that came now.
func (c *Cache) await(ctx context.Context, host, key string, now int64,
	render func(context.Context) (*Page, error)) (*entry, error) {
	var want uint64
	for first := true; ; first = false {
		c.mu.Lock()
		if first {
			want = c.seq
		}
		e := c.shard(key).m[key]
		if e != nil && e.fresh(now) {
			c.mu.Unlock()
			return e, nil
		}
		if e != nil && now < e.hold && e.usable(now) {
			c.mu.Unlock()
			c.stale.Add(1)
			return e, nil
		}
		if e != nil && e.queued && e.bridges(now) {
			c.mu.Unlock()
			return e, nil
		}
		f, mine := c.depart(ctx, host, key, now, render)
		if e != nil && e.bridges(now) {
			c.mu.Unlock()
			return e, nil
		}
		if f == nil {
			c.refuse(now)
			c.mu.Unlock()
			return nil, ErrBusy
		}
		f.waiters++
		c.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			c.mu.Lock()
			f.waiters--
			c.mu.Unlock()
			return nil, ctx.Err()
		}
		if mine || f.serves(want, now) && (f.shared || f.host == host) {
			return f.entry, f.err
		}
	}
}

// depart begins a rendering or puts it in line, unless that has been done; nil
// when there is no room. Cache.mu is held.
func (c *Cache) depart(ctx context.Context, host, key string, now int64,
	render func(context.Context) (*Page, error)) (f *flight, mine bool) {
	if f = c.flights[key]; f != nil {
		return f, false
	}
	f = &flight{key: key, host: host, ctx: context.WithoutCancel(ctx), render: render, start: c.seq, at: now,
		done: make(chan struct{})}
	if known := c.shard(key).m[key] != nil || strings.HasPrefix(key, "!"); !c.admit(f, known) {
		return nil, false
	}
	c.flights[key] = f
	return f, true
}

// serves tells whether the answer is good for a request that came after the
// purge numbered want, at the time now: either the rendering began after
// both, or nothing that happened in between concerns it.
func (f *flight) serves(want uint64, now int64) bool {
	if f.start >= want && f.at >= now {
		return true
	}
	ripe := f.entry == nil || f.entry.until == 0 || now < f.entry.until
	return ripe && (f.start >= want || f.fit)
}

func (c *Cache) fly(f *flight) {
	c.renders.Add(1)
	key := f.key
	ctx, cancel := context.WithTimeout(f.ctx, renderTimeout)
	defer cancel()
	p, err := c.attempt(ctx, key, f.render)
	now := c.opts.Now()
	var e *entry
	if err == nil {
		e = newEntry(key, p, now, &c.opts)
		e.render = f.render
		if old := c.kept(key); old != nil && !p.NoStore {
			c.follow(ctx, e, old, now.UnixNano())
		}
	}
	away := err != nil && (c.opts.IsUnavailable(err) || ctx.Err() != nil)

	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.flights, key)
	c.next(now.UnixNano())
	old := c.shard(key).m[key]
	if e != nil {
		c.date(e, old, f.at)
	}
	switch {
	case away:
		f.err, f.fit, f.shared = err, f.start == c.seq, true
		if old != nil && old.usable(now.UnixNano()) {
			c.stale.Add(1)
			f.entry, f.err = old, nil
			if f.fit {
				old.hold = now.Add(holdFor).UnixNano()
			}
		}
	case err != nil || p.NoStore:
		// An answer without tags: any purge may concern it. What was here
		// before is no longer true, not even during an outage.
		f.entry, f.err, f.fit = e, err, f.start == c.seq
		if old != nil {
			c.lose(old)
		}
	default:
		f.entry, f.fit, f.shared = e, c.fit(f.start, e.tags), true
		if f.fit {
			if old != nil {
				c.drop(old)
			}
			c.keep(e)
		} else {
			c.lost = max(c.lost, e.modifiedUnix)
		}
	}
	if len(c.flights) == 0 {
		clear(c.recent)
	}
	close(f.done)
}

var errNoPage = errors.New("render gave neither page nor error")

func (c *Cache) attempt(ctx context.Context, key string,
	render func(context.Context) (*Page, error)) (p *Page, err error) {
	defer func() {
		if v := recover(); v != nil {
			c.opts.Log.Error("rendering panicked", "key", key, "panic", v, "stack", string(debug.Stack()))
			p, err = nil, fmt.Errorf("rendering %s panicked: %v", key, v)
		}
	}()
	p, err = render(ctx)
	if err == nil && p == nil {
		err = errNoPage
	}
	return p, err
}
