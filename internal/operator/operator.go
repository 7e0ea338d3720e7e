package operator

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"golang.org/x/text/language"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/web"
)

// Document is what became of one document that programs read.
type Document struct {
	Path  string
	State State
	Why   []Reason // what it goes without, or why it is refused
}

// Reason is one thing that a check refuses.
type Reason struct {
	Of         string // the article's address, if it is one's; empty: as the one before
	Text, Lang string
}

// Line is how the document fares, in a line.
func (d Document) Line(l *lang.Locale) string {
	var why []string
	for _, r := range d.Why {
		why = append(why, strings.TrimSpace(r.Of+" "+r.Text))
	}
	if len(why) == 0 {
		return d.State.Word(l)
	}
	return d.State.Word(l) + ": " + strings.Join(why, " ")
}

// State is how a document fares.
type State string

// The states, the worst first.
const (
	Refused State = "refused" // a check refuses it: readers get an error
	Without State = "without" // it is served without what a check refuses
	Good    State = "good"
	Unset   State = "unset" // the newsroom has set nothing for it
)

var states = []State{Refused, Without, Good, Unset}

// Word is the state in a language.
func (s State) Word(l *lang.Locale) string { return l.T("operator.state_" + string(s)) }

// Options of a Room.
type Options struct {
	// Documents makes and checks all documents; it says why in the language, if it can.
	Documents func(ctx context.Context, l *lang.Locale) ([]Document, error)
	// Storing says in the language why nothing can be stored; "": it can.
	Storing func(ctx context.Context, l *lang.Locale) string
	// Lang is the language of who asks for none that there is.
	Lang func(ctx context.Context) string
	// Figures are counted and measured beyond the process's own.
	Figures *metrics.Set
	Now     func() time.Time
}

// Room answers on the operator's listener.
type Room struct {
	Options
	making sync.Mutex // looking at all documents is work: for one at a time
}

// New makes a Room.
func New(o Options) *Room { return &Room{Options: o} }

// Routes lists the room's addresses.
func (o *Room) Routes() *web.Router {
	r := &web.Router{}
	add := func(pattern string, kind web.Kind, h http.Handler) {
		r.Handle(web.Route{Method: "GET", Pattern: pattern, Room: "operator", Permission: Permission, Kind: kind, Handler: h})
	}
	add("/", web.Page, http.RedirectHandler("/health", http.StatusFound))
	add("/health", web.Page, web.Func(o.health))
	add("/metrics", web.Data, http.HandlerFunc(o.figures))
	add("/style.css", web.Asset, http.HandlerFunc(style))
	return r
}

// Permission is what the room's routes ask for.
const Permission = "operator"

// Guard lets everybody in who reaches the listener: nobody else is to reach it.
func Guard(_ http.ResponseWriter, r *http.Request, permission string) (*http.Request, error) {
	if permission != Permission {
		return nil, fault.New(fault.Forbidden, "%s is not for the operator", permission)
	}
	return r, nil
}

// figures writes Prometheus's text format, version 0.0.4.
func (o *Room) figures(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	o.Figures.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

//go:embed health.html
var healthText string

//go:embed style.css
var styleText []byte

var healthPage = template.Must(template.New("health").Parse(healthText))

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(styleText)
}

// Health is the values of the page.
type Health struct {
	L         *lang.Locale
	Languages []*lang.Locale
	Storing   string   // why nothing can be stored
	Summary   []string // one line for each state there is
	Troubled  []Document
	Others    []Document
	At        string
}

func (o *Room) health(w http.ResponseWriter, r *http.Request) error {
	l := Language(r, o.Lang)
	_, offered := offer()
	o.making.Lock()
	defer o.making.Unlock()
	list, err := o.Documents(r.Context(), l)
	if err != nil {
		return err
	}
	now := o.Now().UTC()
	h := Health{L: l, Languages: offered, Storing: o.Storing(r.Context(), l), At: l.DateTime(now) + " UTC"}
	count := map[State]int64{}
	for _, d := range list {
		count[d.State]++
		if d.State == Refused || d.State == Without {
			h.Troubled = append(h.Troubled, d)
		} else {
			h.Others = append(h.Others, d)
		}
	}
	slices.SortStableFunc(h.Troubled, func(a, b Document) int {
		return slices.Index(states, a.State) - slices.Index(states, b.State)
	})
	for _, s := range states {
		if n := count[s]; n > 0 {
			h.Summary = append(h.Summary, l.T("operator.count_"+string(s), "n", n))
		}
	}
	var b bytes.Buffer
	if err := healthPage.Execute(&b, h); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept-Language")
	_, _ = w.Write(b.Bytes())
	return nil
}

// offer is the languages that can say all of what an operator is told.
var offer = sync.OnceValues(func() (matcher language.Matcher, offered []*lang.Locale) {
	var list []language.Tag
	for _, t := range lang.Known() {
		if own := lang.Of(t); len(own.Missing()) == 0 {
			list = append(list, language.Make(t))
			offered = append(offered, own)
		}
	}
	return language.NewMatcher(list), offered
})

// Language is that of ?lang=, else the browser's, else the site's, of those that
// can say all of it; English where it is none of them.
func Language(r *http.Request, site func(ctx context.Context) string) *lang.Locale {
	matcher, offered := offer()
	for _, wish := range []func() string{func() string { return r.FormValue("lang") }, func() string { return r.Header.Get("Accept-Language") },
		func() string { return site(r.Context()) }} {
		if want, _, err := language.ParseAcceptLanguage(wish()); err == nil && len(want) > 0 {
			if _, i, sure := matcher.Match(want...); sure >= language.High {
				return offered[i]
			}
		}
	}
	return lang.Of("en")
}
