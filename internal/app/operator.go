package app

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/VictoriaMetrics/metrics"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/operator"
	"dateline/internal/site"
	"dateline/internal/web"
)

// Operator answers whoever runs the site, on a listener of its own.
func (a *App) Operator() http.Handler {
	room := operator.New(operator.Options{Documents: a.Documents, Storing: a.storing, Lang: a.siteLang, Figures: a.figures(), Now: a.Now})
	return web.Handler(room.Routes(), web.Options{Guard: operator.Guard, Log: a.Log, Now: a.Now})
}

// storing says in a language why nothing can be stored; "": it can.
func (a *App) storing(ctx context.Context, l *lang.Locale) string {
	err := a.DB.Writable(ctx)
	if err == nil {
		return ""
	}
	if text, ok := l.Say(err); ok {
		return text
	}
	return l.T("database.refuses")
}

// unwritable is the same for whoever asks whether the site is ready.
func (a *App) unwritable(r *http.Request) string {
	return a.storing(r.Context(), operator.Language(r, a.siteLang))
}

// Documents is the health of what programs read, with reasons in the language.
func (a *App) Documents(ctx context.Context, l *lang.Locale) ([]operator.Document, error) {
	list, err := a.Site.Health(ctx)
	if fault.Is(err, fault.NotFound) { // no publication yet
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := make([]operator.Document, len(list))
	for i, h := range list {
		out[i] = operator.Document{Path: h.Path, State: stateOf(h)}
		for _, r := range h.Refused {
			out[i].Why = append(out[i].Why, inWords(r, l)...)
		}
	}
	return out, nil
}

// inWords says a reason in a language. Only what breaks in the program itself has
// no words of ours: it is said as the log says it.
func inWords(r site.Reason, l *lang.Locale) (why []operator.Reason) {
	text, ok := l.Say(r.Err)
	tag := l.Tag()
	if !ok {
		text, tag = r.Err.Error(), "en"
	}
	of := r.Of
	for line := range strings.SplitSeq(text, "\n") {
		why = append(why, operator.Reason{Of: of, Text: line, Lang: tag})
		of = "" // what follows is of the same
	}
	return why
}

func stateOf(h site.Health) operator.State {
	switch {
	case h.Status >= http.StatusInternalServerError:
		return operator.Refused
	case len(h.Refused) > 0:
		return operator.Without
	case h.Status == http.StatusNotFound:
		return operator.Unset
	}
	return operator.Good
}

func (a *App) siteLang(ctx context.Context) string {
	s, err := a.Editions.Site(ctx)
	if err != nil || len(s.Editions) == 0 {
		return ""
	}
	return s.Default().Lang
}

// figures are what the rooms count.
func (a *App) figures() *metrics.Set {
	set := metrics.NewSet()
	gauge := func(name string, f func() float64) { set.NewGauge(name, f) }
	for class := 1; class <= 5; class++ {
		gauge(fmt.Sprintf(`dateline_http_responses_total{class="%dxx"}`, class), func() float64 { return float64(a.Answers.Class(class)) })
	}
	gauge("dateline_cache_pages", func() float64 { return float64(a.Cache.Stats().Entries) })
	gauge("dateline_cache_bytes", func() float64 { return float64(a.Cache.Stats().Bytes) })
	gauge("dateline_cache_hits_total", func() float64 { return float64(a.Cache.Stats().Hits) })
	gauge("dateline_cache_misses_total", func() float64 { return float64(a.Cache.Stats().Misses) })
	gauge("dateline_renderings_total", func() float64 { return float64(a.Cache.Stats().Renders) })
	gauge("dateline_renderings_running", func() float64 { return float64(a.Cache.Stats().Running) })
	gauge("dateline_renderings_waiting", func() float64 { return float64(a.Cache.Stats().Waiting) })
	gauge("dateline_pages_served_stale_total", func() float64 { return float64(a.Cache.Stats().Stale) })
	gauge("dateline_requests_refused_total", func() float64 { return float64(a.Cache.Stats().Refused) })
	gauge("dateline_writers_waiting", func() float64 { return float64(a.DB.Waiting()) })
	gauge("dateline_database_writable", func() float64 {
		if a.DB.Writable(context.Background()) != nil {
			return 0
		}
		return 1
	})
	gauge("dateline_views_stored_total", func() float64 { return float64(a.Counter.Stored()) })
	gauge("dateline_views_failed_total", func() float64 { return float64(a.Counter.Failed()) })
	return set
}
