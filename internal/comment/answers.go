package comment

import (
	"context"
	"log/slog"
	"strings"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/job"
)

// Heard is an answer as whoever is answered is told of it.
type Heard struct {
	Comment  int64
	Name     string // "": they gave none
	Headline string // of the article, as it is now
	Words    string // the first ones
}

// Telling tells readers with an account of answers to what they wrote, many in one
// letter.
type Telling struct {
	Store    *Store
	Articles *article.Store
	// Wants tells whether a reader wants to hear of answers. NotFound: they are gone.
	Wants func(ctx context.Context, q db.Querier, reader int64) (bool, error)
	// Tell writes to them, in the transaction in which the answers are noted as told.
	Tell func(ctx context.Context, tx *db.Tx, reader int64, list []Heard) error
}

// Runner is what carries the letters out, for as long as it runs.
func (t Telling) Runner(d *db.DB, log *slog.Logger) *job.Runner {
	r := job.NewRunner(d, log)
	r.Plan(answersDue, t.tell)
	return r
}

func (t Telling) tell(ctx context.Context, tx *db.Tx, e job.Row) error {
	wants, err := t.Wants(ctx, tx, e.Ref)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !wants { // nor will they hear of these if they want to later
		return t.Store.tellOf(ctx, tx, e.Ref, nil)
	}
	list, err := t.Store.untold(ctx, tx, e.Ref)
	if err != nil {
		return err
	}
	var shown []Comment
	var heard []Heard
	for _, c := range list {
		a, err := t.Articles.Get(ctx, tx, c.ArticleID)
		if err != nil {
			return err
		}
		if !a.Visibility().Public(t.Store.d.Now()) || a.Comments == "hidden" {
			continue
		}
		shown = append(shown, c)
		heard = append(heard, Heard{Comment: c.ID, Name: c.Name, Headline: a.Headline, Words: Begins(c.Body)})
	}
	if len(heard) > 0 {
		mine, next, err := t.Store.turn(ctx, tx, e.Ref, t.Store.d.Now())
		if err != nil {
			return err
		}
		if !mine {
			return tellAt(ctx, tx, e.Ref, next)
		}
		if err := t.Tell(ctx, tx, e.Ref, heard); err != nil {
			return err
		}
	}
	return t.Store.tellOf(ctx, tx, e.Ref, shown)
}

const mostWords = 240

// Begins is how a text begins, in one line and whole words.
func Begins(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= mostWords {
		return string(r)
	}
	s := string(r[:mostWords])
	if cut := strings.LastIndexByte(s, ' '); cut > len(s)/2 {
		s = s[:cut]
	}
	return strings.TrimRight(s, " ,.;:–—") + "…"
}
