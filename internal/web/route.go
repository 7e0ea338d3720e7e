package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Route is one address, or one family of addresses, and who answers it.
type Route struct {
	Method     string // GET answers HEAD too; "": every method
	Pattern    string // "/-/views/{id}", "/media/{path...}", "/assets/" (all below); "/" is the public resolver
	Room       string // the package that answers, for `dateline routes`
	Permission string // Public, or what Options.Guard is to ask of whoever wants it; never empty
	MaxBody    int64  // bytes of a request's body; 0: 64 KiB; negative: the handler limits
	Kind       Kind   // what the answers are, for their headers; the zero value is Page
	Machine    bool   // called by programs too: no Origin is demanded (inboxes, webhooks, one-click unsubscribe)
	Handler    http.Handler
}

// Public is the permission of what everybody may ask for.
const Public = "public"

// DefaultMaxBody is the limit of bodies where a route sets none, in bytes.
const DefaultMaxBody = 64 << 10

// Router finds routes. The standard mux is not used because it answers by
// itself what must be ours: it redirects `//` and missing slashes with 307,
// decodes %2F before it splits, and writes its own 404 and 405.
//
// The first segment of a pattern is fixed, and such a segment belongs to the
// routes alone. Every other address goes to the route "/", which reads the
// escaped path of the request as it came.
//
// Handle first, then serve: a Router is not to be changed while it serves.
type Router struct {
	routes   []Route
	root     node
	fallback *endpoint
}

type node struct {
	literal map[string]*node
	param   *node
	end     *endpoint // the path ends here
	rest    *endpoint // whatever follows
}

// endpoint is a pattern with its methods.
type endpoint struct {
	pattern string
	names   []string // of the values
	methods map[string]*Route
	any     *Route
	allow   string
}

// Handle adds a route. It panics when the pattern cannot be read or is taken, or
// where nothing says who may ask: all are mistakes of the program.
func (t *Router) Handle(r Route) {
	if r.Handler == nil || !strings.HasPrefix(r.Pattern, "/") {
		panic(fmt.Sprintf("web: route %q has no handler or no leading slash", r.Pattern))
	}
	if r.Permission == "" {
		panic(fmt.Sprintf("web: route %s %s does not say who may ask for it", r.Method, r.Pattern))
	}
	if err := t.endpoint(r.Pattern).add(&r); err != nil {
		panic("web: " + err.Error())
	}
	t.routes = append(t.routes, r)
}

func (e *endpoint) add(r *Route) error {
	taken := e.any
	if r.Method != "" {
		taken = e.methods[r.Method]
	}
	if taken != nil {
		return fmt.Errorf("%s %s is taken by room %s", r.Method, r.Pattern, taken.Room)
	}
	if e.pattern != r.Pattern {
		return fmt.Errorf("%s and %s are the same address", e.pattern, r.Pattern)
	}
	if r.Method == "" {
		e.any = r
		return nil
	}
	e.methods[r.Method] = r
	allowed := slices.Collect(maps.Keys(e.methods))
	if e.methods["GET"] != nil && e.methods["HEAD"] == nil {
		allowed = append(allowed, "HEAD")
	}
	slices.Sort(allowed)
	e.allow = strings.Join(allowed, ", ")
	return nil
}

// endpoint finds or makes the place of a pattern.
func (t *Router) endpoint(pattern string) *endpoint {
	var names []string
	place := func(e **endpoint) *endpoint {
		if *e == nil {
			*e = &endpoint{pattern: pattern, names: names, methods: map[string]*Route{}}
		}
		return *e
	}
	if pattern == "/" {
		return place(&t.fallback)
	}
	n := &t.root
	for i, segment := range strings.Split(pattern[1:], "/") {
		name, isParam := strings.CutPrefix(segment, "{")
		if isParam && (i == 0 || !strings.HasSuffix(name, "}")) {
			panic("web: pattern " + pattern + ": the first segment is fixed, and a name ends in }")
		}
		name = strings.TrimSuffix(name, "}")
		switch {
		case segment == "":
			return place(&n.rest)
		case strings.HasSuffix(name, "..."):
			names = append(names, strings.TrimSuffix(name, "..."))
			return place(&n.rest)
		case isParam:
			names = append(names, name)
			if n.param == nil {
				n.param = &node{}
			}
			n = n.param
		default:
			if n.literal == nil {
				n.literal = map[string]*node{}
			}
			if n.literal[segment] == nil {
				n.literal[segment] = &node{}
			}
			n = n.literal[segment]
		}
	}
	return place(&n.end)
}

// Routes lists what was added, by pattern and method.
func (t *Router) Routes() []Route {
	routes := slices.Clone(t.routes)
	slices.SortStableFunc(routes, func(a, b Route) int {
		if c := strings.Compare(a.Pattern, b.Pattern); c != 0 {
			return c
		}
		return strings.Compare(a.Method, b.Method)
	})
	return routes
}

const maxValues = 8

// find gives the endpoint of an address and the values in it, nil for none.
func (t *Router) find(u *url.URL) (*endpoint, [maxValues]string) {
	var values [maxValues]string
	// RawPath is set when the path holds escapes like %2F that must not
	// separate; otherwise Path is what was sent, decoded.
	path, raw := u.RawPath, true
	if path == "" {
		path, raw = u.Path, false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if first == "" || t.root.literal[first] == nil {
		return t.fallback, values
	}
	e := t.root.match(path[1:], &values, 0)
	if e != nil && raw {
		for i := range e.names {
			v, err := url.PathUnescape(values[i])
			if err != nil {
				return nil, values
			}
			values[i] = v
		}
	}
	return e, values
}

// match looks for path, which has no leading slash: a fixed segment goes
// before a value, a value before a rest.
func (n *node) match(path string, values *[maxValues]string, depth int) *endpoint {
	segment, rest, more := strings.Cut(path, "/")
	next := func(n *node, depth int) *endpoint {
		if n == nil {
			return nil
		}
		if more {
			return n.match(rest, values, depth)
		}
		return n.end
	}
	if e := next(n.literal[segment], depth); e != nil {
		return e
	}
	if segment != "" && n.param != nil && depth < maxValues {
		values[depth] = segment
		if e := next(n.param, depth+1); e != nil {
			return e
		}
	}
	if n.rest != nil && depth < maxValues {
		values[depth] = path
		return n.rest
	}
	return nil
}

// route chooses by method; nil with allow set is a 405.
func (e *endpoint) route(method string) (r *Route, allow string) {
	if r = e.methods[method]; r == nil && method == http.MethodHead {
		r = e.methods[http.MethodGet]
	}
	if r == nil {
		r = e.any
	}
	return r, e.allow
}

// ServeHTTP answers with the frame of an empty Options; servers use Handler.
func (t *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	Handler(t, Options{}).ServeHTTP(w, r)
}
