package demo

import (
	"context"
	"math"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/lang"
	"dateline/internal/views"
)

const (
	readDays  = 56      // hours are told of: twice the longest span that the desk compares
	halfLife  = 30.     // hours in which an article that was new is read to a third
	afterglow = 0.004   // of what it was at first, for years
	mostAge   = 2 * 365 // days
)

// Reads parts what is known to have been read of each article over the hours since it
// was published, so that the desk has numbers to show: quiet nights, a peak before
// noon, the new read most. The same day always has the same hours, and readers are shown
// what they were shown before.
func Reads(ctx context.Context, rooms Rooms) error {
	site, err := rooms.Editions.Site(ctx)
	if err != nil {
		return err
	}
	zone, err := lang.Zone(site.Publication.Zone)
	if err != nil {
		return err
	}
	now := rooms.DB.Now()
	items, _, err := rooms.Articles.Desk(ctx, article.DeskQuery{Publication: site.Publication.ID, Sight: article.SightPublished, Limit: 1000, Now: now})
	if err != nil {
		return err
	}
	ids := make([]int64, len(items))
	for i, x := range items {
		ids[i] = x.ID
	}
	base, err := rooms.Views.Base(ctx, ids)
	if err != nil {
		return err
	}
	var past []views.Past
	for _, x := range items {
		past = append(past, readsOf(x.Article, base[x.ID], now, zone)...)
	}
	return rooms.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error { return rooms.Views.Remember(ctx, tx, past) })
}

// shares are from where readers come, in percent.
var shares = []struct {
	views.Source
	percent int64
}{{views.Own, 38}, {views.Search, 20}, {views.Social, 26}, {views.Mail, 4}, {views.Feed, 4}, {views.None, 8}}

// readsOf are the hours of one article. Of its views those before the first hour stay
// without one.
func readsOf(a article.Article, n int64, now time.Time, zone *time.Location) (out []views.Past) {
	first, last := views.Hour(a.VisibleFrom), views.Hour(now)
	first = max(first, last-mostAge*24)
	all := 0.
	for h := first; h < last; h++ {
		all += weight(h, first, zone)
	}
	if all == 0 {
		return nil
	}
	told, sum := int64(0), 0.
	var came [6]int64
	for h := first; h < last; h++ {
		sum += weight(h, first, zone)
		by := int64(float64(n) * sum / all) // read until then; whole views are told of as they come
		if h >= last-readDays*24 {
			for i := told; i < by; i++ {
				// Whoever is next comes from where fewest have come of those who should.
				best := 0
				for k := range shares {
					if came[k]*shares[best].percent < came[best]*shares[k].percent {
						best = k
					}
				}
				came[best]++
				out = append(out, views.Past{Article: a.ID, Edition: a.Edition, Hour: h, N: 1, Source: shares[best].Source})
			}
		}
		told = by
	}
	return out
}

func weight(h, first int64, zone *time.Location) float64 {
	clock := float64(time.Unix(h*3600, 0).In(zone).Hour())
	bell := func(at, wide float64) float64 { return math.Exp(-math.Pow(clock-at, 2) / wide) }
	return (0.06 + bell(11, 14) + 0.5*bell(20, 8)) * (math.Exp(-float64(h-first)/halfLife) + afterglow)
}
