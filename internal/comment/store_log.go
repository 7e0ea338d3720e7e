package comment

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"dateline/internal/db"
)

// Figures are what moderation comes to in an edition since an instant.
type Figures struct {
	Since                                    time.Time
	Published, Removed, Spam, Held, Restored int
	Notices, NoticesActed                    int
	Appeals, Upheld                          int
	Sanctions                                int
	Median                                   time.Duration // to a decision, from what asked for it; 0: none
	AppealMedian                             time.Duration
	ByRule                                   map[int]int // removals by the number of the rule; 0: by law
	Titles                                   map[int]string
}

// FiguresOf counts.
func (s *Store) FiguresOf(ctx context.Context, edition int64, since time.Time) (Figures, error) {
	f := Figures{Since: since, ByRule: map[int]int{}, Titles: map[int]string{}}
	var err error
	if f.Published, err = db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM comment c CROSS JOIN article_public a"+ // in this order on SQLite
		" WHERE a.id = c.article_id AND a.edition_id + 0 = $1 AND c.created_at >= $2 AND c.state = 'approved'", edition, since.UnixMilli()); err != nil {
		return f, err
	}
	type row struct {
		deed      Deed
		rule      int
		title     string
		by        bool
		waited    int64
		ground    string
		stillHere bool
	}
	list, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error {
		return sc.Scan(&r.deed, &r.rule, &r.title, &r.by, &r.waited, &r.ground, &r.stillHere)
	}, "SELECT deed, rule, title, by_machine, waited, ground, stands FROM comment_decision WHERE edition_id = $1 AND at >= $2 ORDER BY id", edition, since.UnixMilli())
	if err != nil {
		return f, err
	}
	var waits []int64
	for _, r := range list {
		switch r.deed {
		case Hold:
			f.Held++
		case Remove, Spam:
			if r.deed == Remove {
				f.Removed++
			} else {
				f.Spam++
			}
			f.ByRule[r.rule]++
			f.Titles[r.rule] = r.title
		case Restore:
			f.Restored++
		case Watch, Mute, Ban:
			f.Sanctions++
		}
		if !r.by && (r.deed == Remove || r.deed == Approve || r.deed == Spam) {
			waits = append(waits, r.waited)
		}
	}
	f.Median = median(waits)
	_, err = db.Get(ctx, s.d, func(sc db.Scanner, _ *struct{}) error { return sc.Scan(&f.Notices, &f.NoticesActed) },
		"SELECT count(*), coalesce(sum(CASE WHEN outcome = 'acted' THEN 1 ELSE 0 END), 0) FROM comment_notice WHERE edition_id = $1 AND at >= $2", edition, since.UnixMilli())
	if err != nil {
		return f, err
	}
	type asked struct {
		outcome string
		waited  sql.NullInt64
	}
	appeals, err := db.List(ctx, s.d, func(sc db.Scanner, a *asked) error { return sc.Scan(&a.outcome, &a.waited) },
		"SELECT p.outcome, p.decided_at - p.at FROM comment_appeal p JOIN comment_decision d ON d.id = p.decision_id WHERE d.edition_id = $1 AND p.at >= $2", edition, since.UnixMilli())
	waits = nil
	for _, a := range appeals {
		f.Appeals++
		if a.outcome == "upheld" {
			f.Upheld++
		}
		if a.waited.Valid {
			waits = append(waits, a.waited.Int64)
		}
	}
	f.AppealMedian = median(waits)
	return f, err
}

func median(list []int64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return time.Duration((list[(len(list)-1)/2]+list[len(list)/2])/2) * time.Millisecond
}

// published are the decisions that the log shows: those that restrict somebody or take
// that back. What was let through is counted alone.
const published = "edition_id = $1 AND deed <> 'approve'"

// Log gives decisions for the public, the newest first, and whether there are more.
func (s *Store) Log(ctx context.Context, edition int64, skip, limit int) ([]Decision, bool, error) {
	list, err := db.List(ctx, s.d, scanDecision, "SELECT "+decisionFields+" FROM comment_decision WHERE "+published+" ORDER BY id DESC LIMIT $2 OFFSET $3", edition, limit+1, skip)
	return list[:min(len(list), limit)], len(list) > limit, err
}

// EachRestriction gives the decisions of an edition that restrict somebody, the oldest
// first, a few at a time.
func (s *Store) EachRestriction(ctx context.Context, edition int64, f func(Decision) error) error {
	for last := int64(0); ; {
		list, err := db.List(ctx, s.d, scanDecision, "SELECT "+decisionFields+" FROM comment_decision WHERE edition_id = $1 AND deed IN ('hold', 'remove', 'spam', 'watch', 'mute', 'ban') AND id > $2 ORDER BY id LIMIT 500", edition, last)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, d := range list {
			if err := f(d); err != nil {
				return err
			}
			last = d.ID
		}
	}
}

// After gives the comments of an article that are newer than one, for whoever reads it
// now, and the newest one that is shown.
func (s *Store) After(ctx context.Context, articleID, id int64, limit int) (list []Comment, newest int64, err error) {
	list, err = db.List(ctx, s.d, scan, "SELECT "+fields+" FROM comment WHERE article_id = $1 AND state = 'approved' AND id > $2 ORDER BY id LIMIT $3", articleID, id, limit)
	if err != nil || len(list) > 0 {
		return list, 0, err
	}
	newest, err = db.Get(ctx, s.d, db.One[int64], "SELECT coalesce(max(id), 0) FROM comment WHERE article_id = $1 AND state = 'approved'", articleID)
	return nil, newest, err
}
