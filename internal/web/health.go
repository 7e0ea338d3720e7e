package web

import (
	"context"
	"net/http"

	"dateline/internal/fault"
)

// Live answers 200 as long as the process answers at all.
func Live() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { plain(w, "live\n") })
}

// Ready answers 200 while check finds everything that pages are made from,
// else 503. Why is for the log: the address is public.
func Ready(check func(ctx context.Context) error) http.Handler {
	return Func(func(w http.ResponseWriter, r *http.Request) error {
		if err := check(r.Context()); err != nil {
			return fault.New(fault.Unavailable, "not ready: %w", err)
		}
		plain(w, "ready\n")
		return nil
	})
}

func plain(w http.ResponseWriter, text string) {
	as(w.Header(), Data)
	w.Header()["Content-Type"] = []string{"text/plain; charset=utf-8"}
	w.Header()["Cache-Control"] = noStore
	_, _ = w.Write([]byte(text))
}
