package article

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Sight is which articles the desk lists.
type Sight string

// The sights.
const (
	SightWork      Sight = "work"      // being written: drafts, texts in review and ready ones, and live ones that are being changed
	SightReview    Sight = "review"    // waiting for review
	SightScheduled Sight = "scheduled" // the clock will show them
	SightPublished Sight = "published"
	SightWithdrawn Sight = "withdrawn"
	SightSpiked    Sight = "spiked"
)

// Sights are all of them, in the order in which they are offered.
func Sights() []Sight {
	return []Sight{SightWork, SightReview, SightScheduled, SightPublished, SightWithdrawn, SightSpiked}
}

// DeskQuery asks for a page of a list at the desk.
type DeskQuery struct {
	Publication int64
	Sight       Sight
	Edition     int64  // 0: all
	Staff       int64  // whose; 0: everybody's
	Text        string // words in the headline, or their parts
	Before      string // what Item.Mark gave of the last one of the page before
	Limit       int
	Now         time.Time
}

// Item is a line of a list at the desk.
type Item struct {
	Article
	Copy     bool      // there is a working copy
	Text     State     // where that is
	Due      time.Time // when it takes its place
	Title    string    // the headline as it is worked on
	Length   int       // words, as they are worked on
	By       int64     // who changed it last; 0: nobody at the desk
	Changed  time.Time
	Sorted   int64
	Assigned int64 // whose it is
	Wanted   time.Time
}

// Mark is where a list goes on after an item.
func (i Item) Mark() string { return itoa(i.Sorted) + "-" + itoa(i.ID) }

// Desk lists articles as the desk sees them, the newest first, and whether there
// are more.
func (s *Store) Desk(ctx context.Context, q DeskQuery) ([]Item, bool, error) {
	args := []any{q.Publication}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + itoa(int64(len(args)))
	}
	key := "coalesce(w.changed_at, a.changed_at)"
	where := []string{"a.publication_id = $1"}
	if q.Sight != SightReview { // pages without a date have a list of their own, but whoever reviews looks in one place
		where = append(where, "a.kind <> 'page'")
	}
	switch q.Sight {
	case SightWork:
		where = append(where, "(a.state IN ('draft', 'in_review', 'ready') OR a.state = 'approved' AND w.article_id IS NOT NULL)")
	case SightReview:
		where = append(where, "(a.state = 'in_review' OR a.state = 'approved' AND w.state = 'in_review')")
	case SightScheduled:
		now := arg(q.Now.UnixMilli())
		key = "coalesce(w.due_at, a.visible_from)"
		where = append(where, "a.state = 'approved'", "(a.visible_from > "+now+" OR w.due_at > "+now+")")
	case SightPublished:
		key = "a.visible_from"
		where = append(where, "a.state = 'approved'", "a.visible_from <= "+arg(q.Now.UnixMilli()))
	case SightWithdrawn, SightSpiked:
		key = "a.changed_at"
		where = append(where, "a.state = "+arg(string(q.Sight)))
	default:
		return nil, false, fault.New(fault.NotFound, "there is no list %q", q.Sight)
	}
	if q.Edition != 0 {
		where = append(where, "a.edition_id = "+arg(q.Edition))
	}
	if q.Staff != 0 {
		where = append(where, "k.staff_id = "+arg(q.Staff))
	}
	if q.Text != "" {
		where = append(where, sought(q.Text, arg))
	}
	if sorted, id, ok := strings.Cut(q.Before, "-"); ok {
		where = append(where, "("+key+", a.id) < (CAST("+arg(sorted)+" AS BIGINT), CAST("+arg(id)+" AS BIGINT))")
	}
	list, err := db.List(ctx, s.d, scanItem, selectItem+key+itemsFrom+
		" WHERE "+strings.Join(where, " AND ")+" ORDER BY "+key+" DESC, a.id DESC LIMIT "+arg(q.Limit+1), args...)
	if err != nil {
		return nil, false, err
	}
	more := len(list) > q.Limit
	return list[:min(len(list), q.Limit)], more, nil
}

// What an item is read from: selectItem, by what it is sorted, itemsFrom.
const selectItem = "SELECT " + readColumns + ", w.state, w.headline, w.words, w.due_at, w.staff_id, w.changed_at, k.staff_id, k.due_at, "

const itemsFrom = " FROM article a LEFT JOIN working_copy w ON w.article_id = a.id LEFT JOIN article_work k ON k.article_id = a.id"

func scanItem(sc db.Scanner, i *Item) error {
	var state, title sql.NullString
	var due, by, changed, length, assigned, wanted sql.NullInt64
	err := scanArticle(also{sc, []any{&state, &title, &length, &due, &by, &changed, &assigned, &wanted, &i.Sorted}}, &i.Article)
	i.Copy, i.Text, i.Title, i.Length = state.Valid, State(state.String), i.Headline, i.Words
	if i.Copy {
		i.Title, i.Length = title.String, int(length.Int64)
	}
	i.Due, i.By, i.Changed, i.Assigned, i.Wanted = instant(due.Int64), by.Int64, i.ChangedAt, assigned.Int64, instant(wanted.Int64)
	if changed.Valid {
		i.Changed = instant(changed.Int64)
	}
	return err
}

// PlanQuery asks for what is due in a span of time.
type PlanQuery struct {
	Publication int64
	Editions    []int64   // the publication's
	From, Until time.Time // until is not in it
	Edition     int64     // 0: all
	Staff       int64     // whose; 0: everybody's
	Limit       int
}

// Plan gives what the newsroom wants, what the clock will show and what readers have
// seen in a span of time, the first first; Item.Sorted is when. An article is in it
// once, by when readers see it, or a change of it, or else by when it is wanted.
func (s *Store) Plan(ctx context.Context, q PlanQuery) ([]Item, error) {
	const when = "coalesce(w.due_at, CASE WHEN a.state = 'approved' THEN a.visible_from END, k.due_at)"
	args := []any{q.Publication, q.From.UnixMilli(), q.Until.UnixMilli()}
	// Each of the three is a step in an index; one condition for all of them would not be.
	more := ""
	for _, f := range []struct {
		column string
		id     int64
	}{{"a.edition_id", q.Edition}, {"k.staff_id", q.Staff}} {
		if f.id != 0 {
			args = append(args, f.id)
			more += " AND " + f.column + " = $" + itoa(int64(len(args)))
		}
	}
	args = append(args, q.Limit)
	limit, own := " LIMIT $"+itoa(int64(len(args))), len(args)
	var eds []string
	for _, id := range q.Editions {
		args = append(args, id)
		eds = append(eds, "$"+itoa(int64(len(args))))
	}
	byID := map[int64]Item{}
	for n, in := range []string{
		" WHERE w.due_at >= $2 AND w.due_at < $3 AND a.publication_id = $1",
		" WHERE k.due_at >= $2 AND k.due_at < $3 AND a.publication_id = $1 AND a.state IN ('draft', 'in_review', 'ready')",
		" JOIN listing l ON l.article_id = a.id WHERE a.publication_id = $1 AND l.edition_id IN (" + strings.Join(eds, ", ") + ") AND l.kind = 0 AND l.ref_id = 0" +
			" AND l.visible_from >= $2 AND l.visible_from < $3",
	} {
		with := args
		if n < 2 {
			with = args[:own]
		}
		list, err := db.List(ctx, s.d, scanItem, selectItem+when+itemsFrom+in+more+" ORDER BY "+when+", a.id"+limit, with...)
		if err != nil {
			return nil, err
		}
		for _, i := range list {
			byID[i.ID] = i
		}
	}
	out := slices.Collect(maps.Values(byID))
	slices.SortFunc(out, func(a, b Item) int { return cmp.Or(cmp.Compare(a.Sorted, b.Sorted), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), q.Limit)], nil
}

// also scans further columns after those of another scan.
type also struct {
	db.Scanner
	more []any
}

func (a also) Scan(into ...any) error {
	return a.Scanner.Scan(append(slices.Clone(into), a.more...)...)
}

// OfStory reads every article of a story, whatever its state, the original first.
func (s *Store) OfStory(ctx context.Context, q db.Querier, story int64) ([]Article, error) {
	return db.List(ctx, q, scanArticle, "SELECT "+readColumns+" FROM article a JOIN story y ON y.id = a.story_id"+
		" WHERE a.story_id = $1 ORDER BY CASE WHEN y.original_id = a.id THEN 0 ELSE 1 END, a.edition_id, a.id", story)
}
