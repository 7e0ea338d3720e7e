package desk

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/user"
	"dateline/internal/web"
)

// Newsroom is what the frame says of the publication.
type Newsroom struct {
	ID   int64
	Zone string            // IANA name
	Lang string            // of the default edition
	Name map[string]string // by the editions' languages
	Home string            // the readers' front page
}

// Called is the newsroom's name in a language, or in its own.
func (n Newsroom) Called(lang string) string {
	return cmp.Or(n.Name[lang], n.Name[n.Lang], "Dateline")
}

// Options of a Desk.
type Options struct {
	Gate *user.Gate
	DB   *db.DB
	// URL is how staff reach the desk; https makes its cookies secure.
	URL string
	// Newsroom reads what is said of the publication; NotFound: there is none yet.
	Newsroom func(ctx context.Context) (Newsroom, error)
	// Contributors are those whose by-line an account may be bound to; nil: nobody.
	Contributors func(ctx context.Context, lang string) ([]Choice, error)
	// Things names what entries of the log are of, as far as whoever asks may know; nil:
	// nobody does.
	Things func(r *Request, kind string, ids []int64) (map[int64]Thing, error)
	// Asset and Integrity are the address of a file and its hash.
	Asset, Integrity func(name string) string
	Most             int              // requests at once; 0: 64
	Now              func() time.Time // nil: time.Now
	Log              *slog.Logger     // nil: slog.Default()
}

// Desk is the frame. Rooms hang their pages into it before it is mounted.
type Desk struct {
	o      Options
	routes []Route
	menu   []Entry
	panels []Panel
	secure bool
	slots  chan struct{}
	sets   sync.Map // templateKey → *template.Template
}

// Open is the permission of what everybody may ask for who reaches the desk: the
// pages of signing in.
const Open user.Permission = web.Public

// Route is a page or an action of the desk.
type Route struct {
	Method, Pattern string // "/desk/articles/{id}"
	Room            string
	Permission      user.Permission
	MaxBody         int64 // bytes of a request's body; 0: 64 KiB
	Serve           func(w http.ResponseWriter, r *Request) error
}

// New makes the frame with the pages of its own.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	u, err := url.Parse(o.URL)
	d := &Desk{o: o, secure: err == nil && u.Scheme == "https", slots: make(chan struct{}, cmp.Or(o.Most, 64))}
	own := NewTemplates(files, "desk")
	d.signIn(own)
	d.today(own)
	d.account(own)
	d.staff(own)
	d.audit(own)
	return d
}

// Handle adds routes.
func (d *Desk) Handle(routes ...Route) { d.routes = append(d.routes, routes...) }

// Mount adds all routes to a router whose handler has the desk's Guard. An error
// names the route that does not say who may ask for it.
func (d *Desk) Mount(router *web.Router) error {
	known := append(user.Permissions(), Open)
	for _, r := range d.routes {
		switch {
		case !slices.Contains(known, r.Permission):
			return fault.New(fault.Internal, "route %s %s of room %s: %q is no permission", r.Method, r.Pattern, r.Room, r.Permission)
		case r.Method == "" || r.Serve == nil || !Owns(r.Pattern):
			return fault.New(fault.Internal, "route %q %s of room %s is none of the desk's", r.Method, r.Pattern, r.Room)
		}
		router.Handle(web.Route{Method: r.Method, Pattern: r.Pattern, Room: r.Room, Permission: string(r.Permission), MaxBody: r.MaxBody, Kind: web.Desk,
			Handler: d.serve(r)})
	}
	return nil
}

// Root is where the desk begins.
const Root = "/desk/"

// serve runs a route within the desk's bounds.
func (d *Desk) serve(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		select {
		case d.slots <- struct{}{}:
			defer func() { <-d.slots }()
		case <-hr.Context().Done():
			panic(http.ErrAbortHandler)
		case <-time.After(waitForSlot):
			web.Fail(w, hr, fault.New(fault.Busy, "%d requests at the desk at once", cap(d.slots)))
			return
		}
		r, err := d.request(hr)
		if err == nil {
			err = route.Serve(w, r)
		}
		if err != nil {
			if r != nil {
				hr = r.Request
			}
			web.Fail(w, hr, err)
		}
	})
}

// waitForSlot is how long a request waits for one of those before it to end.
const waitForSlot = 5 * time.Second

// link is an absolute address of the desk, for what leaves it.
func (d *Desk) link(path string) string { return strings.TrimRight(d.o.URL, "/") + path }

// LinkPath is where a one-time link leads.
func LinkPath(token string) string { return fmt.Sprintf("/desk/in/%s", token) }

// LookPath is LinkPath for somebody who only looks around: it leads to Today, not to
// the account, where others are asked for a way in for the next time.
func LookPath(token string) string { return LinkPath(token) + "?look=1" }
