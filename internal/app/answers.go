package app

import (
	"cmp"
	"context"

	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/lang"
	"dateline/internal/mail"
	"dateline/internal/reader"
)

// mostAnswers is how many a letter shows; it tells how many more there are.
const mostAnswers = 20

// answering tells readers of answers to what they wrote.
func (a *App) answering() comment.Telling {
	return comment.Telling{Store: a.Comments, Articles: a.Articles,
		Wants: func(ctx context.Context, q db.Querier, id int64) (bool, error) {
			who, err := a.Readers.ByID(ctx, q, id)
			return who.Replies && !who.Going, err
		},
		Tell: func(ctx context.Context, tx *db.Tx, id int64, list []comment.Heard) error {
			who, err := a.Readers.ByID(ctx, tx, id)
			if err != nil {
				return err
			}
			off, err := a.Readers.Off(who, "replies")
			if err != nil {
				return err
			}
			l := lang.Of(who.Lang)
			letter := mail.Letter{Kind: "comment.answers", To: who.Email, Lang: who.Lang, Subject: l.T("comments.mail.subject", "n", len(list))}
			for i, h := range list {
				if i == mostAnswers {
					letter.Parts = append(letter.Parts, mail.Part{Text: l.T("comments.mail.more", "n", len(list)-i)})
					break
				}
				letter.Parts = append(letter.Parts, mail.Part{Text: l.T("comments.mail.answer", "name", cmp.Or(h.Name, l.T("comments.nobody")), "headline", h.Headline)},
					mail.Part{Text: h.Words, Quote: true}, mail.Part{Text: l.T("comments.mail.link"), Path: a.Site.CommentURL(h.Comment)})
			}
			letter.Parts = append(letter.Parts, mail.Part{Text: l.T("account.off_link"), Path: off, Off: true})
			return a.Post.Send(ctx, tx, letter)
		}}
}

// TellOfAnswers writes the letters about answers that are due now.
func (a *App) TellOfAnswers(ctx context.Context) error {
	return a.answering().Runner(a.DB, a.Log).Once(ctx)
}

// answerHoldings are what is noted for letters about answers.
func (a *App) answerHoldings() []reader.Holding {
	return []reader.Holding{
		{Table: "comment_answer", Columns: []string{"reader_id", "told"},
			Export: func(ctx context.Context, q db.Querier, w reader.Who) (any, error) {
				list, err := a.Comments.AnswersTo(ctx, q, w.ID)
				out := []any{}
				for id, told := range list {
					out = append(out, map[string]any{"comment": id, "told_by_letter": told})
				}
				return out, err
			},
			Forget: func(ctx context.Context, tx *db.Tx, w reader.Who) error {
				return a.Comments.ForgetAnswers(ctx, tx, w.ID)
			}},
		{Table: "comment_told", Columns: []string{"reader_id", "at"},
			Export: func(ctx context.Context, q db.Querier, w reader.Who) (any, error) {
				at, err := a.Comments.LastTold(ctx, q, w.ID)
				if err != nil || at.IsZero() {
					return nil, err
				}
				return map[string]any{"last_letter_about_answers": at}, nil
			},
			With: "the answers of which the reader is told go, and with them this"},
	}
}
