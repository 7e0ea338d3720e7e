package main

import (
	"context"
	"net/http"

	"dateline/internal/app"
)

// sayFeeds tells the health of every document that programs read, and counts
// those that are refused whole. What goes without some of its lines or
// articles is served, and said.
func sayFeeds(ctx context.Context, a *app.App, say func(name, value string)) (failed int) {
	list, err := a.Site.Health(ctx)
	if err != nil {
		say("feeds", "FAILED: "+err.Error())
		return 1
	}
	for _, h := range list {
		say(h.Path, h.Line())
		if h.Status == http.StatusInternalServerError {
			failed++
		}
	}
	return failed
}
