// Package websub is the closet of room channel that tells a WebSub hub which feeds have
// changed, so that their subscribers have an article seconds after it is published.
//
// How a publisher tells its hub is left to the two (WebSub §7, https://www.w3.org/TR/websub/):
// hubs take what PubSubHubbub 0.3 §7.1 says, a form with hub.mode=publish and one hub.url
// for each feed, and answer 204 or another 2xx. Telling a hub twice does no harm: it
// fetches the feed and compares.
//
// Tables, Routes: none
package websub

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/job"
)

const (
	kind = "websub.ping"
	// perRequest feeds are told of in one form: an article of ten authors in many
	// sections stands in more.
	perRequest = 50
)

// Hub is the channel.
type Hub struct {
	Editions *edition.Store
	// Feeds gives the addresses of the feeds in which an article stands.
	Feeds  func(ctx context.Context, article int64) ([]string, error)
	Client interface {
		Do(r *http.Request) (*http.Response, error)
	}
	Now func() time.Time
}

// Kind is that of its errands.
func (h *Hub) Kind() string { return kind }

// Plan tells the hub, where one is set.
func (h *Hub) Plan(ctx context.Context, _ *db.Tx, a article.Article) ([]job.Event, error) {
	hub, err := h.hub(ctx)
	if err != nil || hub == "" {
		return nil, err
	}
	return []job.Event{{Kind: kind, Ref: a.ID, Payload: map[string]string{"to": hub}}}, nil
}

func (h *Hub) hub(ctx context.Context) (string, error) {
	set, err := h.Editions.Settings(ctx)
	return set.Get("websub_hub", ""), err
}

// Deliver tells the hub that is set now.
func (h *Hub) Deliver(ctx context.Context, e job.Row) error {
	hub, err := h.hub(ctx)
	if err != nil || hub == "" {
		return err
	}
	feeds, err := h.Feeds(ctx, e.Ref)
	if fault.Is(err, fault.NotFound) {
		return nil // withdrawn meanwhile
	} else if err != nil {
		return err
	}
	for len(feeds) > 0 {
		n := min(len(feeds), perRequest)
		if err := h.tell(ctx, hub, feeds[:n]); err != nil {
			return err
		}
		feeds = feeds[n:]
	}
	return nil
}

func (h *Hub) tell(ctx context.Context, hub string, feeds []string) error {
	form := url.Values{"hub.mode": {"publish"}, "hub.url": feeds}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hub, strings.NewReader(form.Encode()))
	if err != nil {
		return job.Never(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w, err := h.Client.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(w.Body, 300)) // what a hub says of its no is for people
	if w.StatusCode >= 200 && w.StatusCode < 300 {
		return nil
	}
	err = fmt.Errorf("the hub answers %s", w.Status)
	if text := strings.TrimSpace(strings.ToValidUTF8(string(said), "")); text != "" {
		err = fmt.Errorf("%w: %s", err, text)
	}
	switch {
	case w.StatusCode == http.StatusTooManyRequests || w.StatusCode == http.StatusServiceUnavailable:
		if pause, ok := retryAfter(w.Header.Get("Retry-After"), h.Now()); ok {
			return job.After(pause, err)
		}
	case w.StatusCode == http.StatusRequestTimeout || w.StatusCode >= 500:
	default:
		return job.Never(err)
	}
	return err
}

// retryAfter reads seconds or a date (RFC 9110 §10.2.3).
func retryAfter(s string, now time.Time) (time.Duration, bool) {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return time.Duration(min(n, 7*24*3600)) * time.Second, true
	}
	if at, err := http.ParseTime(s); err == nil {
		return at.Sub(now), true
	}
	return 0, false
}
