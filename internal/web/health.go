package web

import (
	"context"
	"net/http"

	"dateline/internal/fault"
)

// Live answers 200 as long as the process answers at all.
func Live() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { plain(w, http.StatusOK, "live\n") })
}

// Ready answers 200 while check finds everything that pages are made from,
// else 503. Why is for the log: the address is public. Where pages can be made
// and nothing can be stored, trouble says so in words: then the first line is
// "read-only" and not "ready". The status stays 200, because a node that is
// taken out of service for it serves nobody; who asks /-/ready?write wants to
// know whether something can be stored, and gets 503.
func Ready(check func(ctx context.Context) error, trouble func(r *http.Request) string) http.Handler {
	return Func(func(w http.ResponseWriter, r *http.Request) error {
		if err := check(r.Context()); err != nil {
			return fault.New(fault.Unavailable, "not ready: %w", err)
		}
		why := trouble(r)
		if why == "" {
			plain(w, http.StatusOK, "ready\n")
			return nil
		}
		status := http.StatusOK
		if r.URL.Query().Has("write") {
			status = http.StatusServiceUnavailable
		}
		w.Header()["Vary"] = []string{"Accept-Language"}
		plain(w, status, "read-only\n"+why+"\n")
		return nil
	})
}

func plain(w http.ResponseWriter, status int, text string) {
	as(w.Header(), Data)
	w.Header()["Content-Type"] = []string{"text/plain; charset=utf-8"}
	w.Header()["Cache-Control"] = noStore
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
