package main

import (
	"context"

	"dateline/internal/app"
	"dateline/internal/operator"
)

// sayFeeds tells the health of every document that programs read, in the
// language of the terminal, and counts those that are refused whole. What goes
// without some of its lines or articles is served, and said.
func sayFeeds(ctx context.Context, a *app.App, say func(name, value string)) (failed int) {
	words := speech()
	list, err := a.Documents(ctx, words)
	if err != nil {
		say("feeds", "FAILED: "+err.Error())
		return 1
	}
	for _, d := range list {
		say(d.Path, d.Line(words))
		if d.State == operator.Refused {
			failed++
		}
	}
	return failed
}
