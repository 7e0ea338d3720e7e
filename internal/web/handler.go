package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"dateline/internal/fault"
)

// Options of the frame.
type Options struct {
	BaseURL string // how readers reach the site; https turns on HSTS
	Preload bool   // HSTS asks to be preloaded by browsers: hard to take back, so only by choice
	Proxies []netip.Prefix
	// Proxies are those whose X-Forwarded-For is believed.

	// Error renders the page for an error (its status is StatusOf(err)); the
	// headers of a page are set. nil: one line of plain text.
	Error func(w http.ResponseWriter, r *http.Request, err error)

	// Guard is asked before a route that is not Public is answered, and nowhere
	// else is it decided. It gives the request that the handler gets, or nil where
	// it has answered itself. nil: nobody may ask for such routes.
	Guard func(w http.ResponseWriter, r *http.Request, permission string) (*http.Request, error)

	Answers *Answers         // counts them; nil: nobody does
	Log     *slog.Logger     // nil: slog.Default()
	Now     func() time.Time // nil: time.Now
}

// MaxURL is the longest address that is looked up, path and query together,
// in bytes. Percent-encoded Kazakh takes six bytes a letter.
const MaxURL = 8 << 10

type frame struct {
	router *Router
	opts   Options
	sts    []string
	// refusal are the headers of what net/http answers by itself.
	refusal []byte
	origin  *http.CrossOriginProtection
	pool    sync.Pool
}

// Handler puts the frame around a router.
func Handler(router *Router, opts Options) http.Handler {
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Error == nil {
		opts.Error = plainError
	}
	f := &frame{router: router, opts: opts, origin: http.NewCrossOriginProtection()}
	if u, err := url.Parse(opts.BaseURL); err == nil {
		// Also where a proxy does not pass the Host that the reader asked.
		_ = f.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host) // what is none is trusted by nobody
		if u.Scheme == "https" {
			f.sts = transport
			if opts.Preload {
				f.sts = preloaded
			}
		}
	}
	h := http.Header{}
	secure(h, f.sts)
	as(h, Data)
	h["Cache-Control"] = noStore
	var b bytes.Buffer
	_ = h.Write(&b) // a buffer takes all
	f.refusal = b.Bytes()
	f.pool.New = func() any { return &response{frame: f} }
	return f
}

func (f *frame) ServeHTTP(inner http.ResponseWriter, r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		c.framed.Store(true)
	}
	secure(inner.Header(), f.sts)
	w := f.pool.Get().(*response)
	w.ResponseWriter, w.status = inner, 0
	defer f.release(w, r)
	if len(f.opts.Proxies) > 0 {
		believe(r, f.opts.Proxies)
	}
	f.dispatch(w, r)
}

// release ends a request, also one that panicked.
func (f *frame) release(w *response, r *http.Request) {
	v := recover()
	if v == nil {
		f.opts.Answers.count(cmp.Or(w.status, http.StatusOK)) // of an empty answer nothing is written
		w.ResponseWriter = nil
		f.pool.Put(w)
		return
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	f.opts.Log.Error("a handler panicked", "method", r.Method, "path", r.URL.Path, "panic", v,
		"stack", string(debug.Stack()))
	if w.wrote() {
		// Half a page is out: cut the connection, so that nobody keeps it.
		panic(http.ErrAbortHandler)
	}
	f.fail(w, r, fault.New(fault.Internal, "a handler panicked"))
	f.opts.Answers.count(w.status)
}

func (f *frame) dispatch(w *response, r *http.Request) {
	if err := checkURL(r); err != nil {
		f.fail(w, r, err)
		return
	}
	e, values := f.router.find(r.URL)
	if e == nil {
		f.fail(w, r, fault.New(fault.NotFound, "no route for %s", r.URL.Path))
		return
	}
	route, allow := e.route(r.Method)
	if route == nil {
		w.Header().Set("Allow", allow)
		f.fail(w, r, &statusError{http.StatusMethodNotAllowed,
			fault.New(fault.Invalid, "method %s is not for %s", r.Method, e.pattern)})
		return
	}
	if err := f.checkOrigin(route, r); err != nil {
		f.fail(w, r, err)
		return
	}
	if route.Kind == Desk {
		if err := checkFetch(r); err != nil {
			f.fail(w, r, err)
			return
		}
	}
	if err := limitBody(w, r, route.MaxBody); err != nil {
		f.fail(w, r, err)
		return
	}
	if route.Kind != Page {
		as(w.Header(), route.Kind)
	}
	r.Pattern = route.Pattern
	for i, name := range e.names {
		r.SetPathValue(name, values[i])
	}
	if route.Permission != Public {
		var err error
		if r, err = f.guard(w, r, route.Permission); err != nil {
			f.fail(w, r, err)
			return
		}
		if r == nil {
			return
		}
	}
	route.Handler.ServeHTTP(w, r)
}

// guard asks whether a request may be answered. After an error it gives the
// request as it was.
func (f *frame) guard(w http.ResponseWriter, r *http.Request, permission string) (*http.Request, error) {
	if f.opts.Guard == nil {
		return r, fault.New(fault.Forbidden, "%s: nobody here asks who may do %s", r.Pattern, permission)
	}
	known, err := f.opts.Guard(w, r, permission)
	if err != nil {
		return r, err
	}
	return known, nil
}

func checkURL(r *http.Request) error {
	if len(r.URL.Path)+len(r.URL.RawQuery) > MaxURL {
		return &statusError{http.StatusRequestURITooLong, fault.New(fault.Invalid, "the address is too long")}
	}
	for i := range len(r.URL.Path) {
		if c := r.URL.Path[i]; c < ' ' || c == 0x7f {
			return fault.New(fault.Invalid, "the address holds a control character")
		}
	}
	return nil
}

// checkOrigin refuses what a page of another site made a browser send. Where
// only browsers have business, it must also be visible that it was ours: all
// browsers of the last years send Sec-Fetch-Site or, on anything but GET,
// Origin.
func (f *frame) checkOrigin(route *Route, r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	if err := f.origin.Check(r); err != nil {
		return fault.New(fault.Forbidden, "%s %s: %w", r.Method, route.Pattern, err)
	}
	if !route.Machine && r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "" {
		return fault.New(fault.Forbidden, "%s %s: neither Origin nor Sec-Fetch-Site", r.Method, route.Pattern)
	}
	return nil
}

// checkFetch refuses what a page of another site asks of the desk, unless somebody
// follows a link to it (https://w3c.github.io/webappsec-fetch-metadata/).
// Browsers that say nothing are old; CrossOriginProtection holds them.
func checkFetch(r *http.Request) error {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return nil
	}
	follows := (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	if follows {
		return nil
	}
	return fault.New(fault.Forbidden, "%s %s: asked by another site", r.Method, r.URL.Path)
}

// limitBody sets the limit of a body, and refuses at once one that is
// announced as longer.
func limitBody(w *response, r *http.Request, limit int64) error {
	if limit < 0 || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if limit == 0 {
		limit = DefaultMaxBody
	}
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close") // rather than read on to its end
		return fault.New(fault.TooLarge, "a body of %d bytes, at most %d", r.ContentLength, limit)
	}
	r.Body = http.MaxBytesReader(w.ResponseWriter, r.Body, limit)
	return nil
}

// Func makes a handler of a function that may fail; the error is answered as
// Fail does.
func Func(serve func(w http.ResponseWriter, r *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil {
			Fail(w, r, err)
		}
	})
}

// Fail answers with the page for an error: the status by its kind, the words
// by Options.Error. What the handler had put on the answer about a body that
// will not come is taken off. If something has been written already, the
// connection is cut.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	for inner := w; ; {
		if framed, ok := inner.(*response); ok {
			framed.frame.fail(w, r, err)
			return
		}
		u, ok := inner.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			clean(w.Header(), StatusOf(err))
			plainError(w, r, err) // no frame around: a test
			return
		}
		inner = u.Unwrap()
	}
}

func (f *frame) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the reader has left
	}
	status := StatusOf(err)
	if status >= 500 && !fault.Is(err, fault.Busy) { // a line for each would make a flood worse; who refuses says so
		f.opts.Log.Error("a request failed", "method", r.Method, "path", r.URL.Path, "status", status, "err", err)
	}
	if framed, ok := w.(*response); ok && framed.wrote() {
		panic(http.ErrAbortHandler)
	}
	clean(w.Header(), status)
	f.opts.Error(w, r, err)
}

// clean makes the headers of an answer those of an error page.
func clean(h http.Header, status int) {
	for _, name := range []string{"Content-Encoding", "Content-Length", "Content-Type", "Content-Disposition",
		"Content-Range", "Accept-Ranges", "Etag", "Last-Modified", "Link", "Location"} {
		delete(h, name)
	}
	h["Cache-Control"] = noStore
	as(h, Page)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		if h.Get("Retry-After") == "" {
			h.Set("Retry-After", "10")
		}
	}
}

func plainError(w http.ResponseWriter, _ *http.Request, err error) {
	status := StatusOf(err)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(strings.ToLower(http.StatusText(status)) + "\n"))
}
