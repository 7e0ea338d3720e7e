package app

import (
	"cmp"
	"context"
	"time"

	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/mail"
	"dateline/internal/seal"
	"dateline/internal/site"
)

// mineSeal is what the addresses are sealed with that letters about comments lead to:
// what the tables have of a comment's own private address does not lead there.
func (a *App) mineSeal() (seal.Sealer, error) {
	secret, err := a.sealing()
	if err != nil {
		return seal.Sealer{}, err
	}
	return seal.New(secret, "comment")
}

// zone is the newsroom's.
func (a *App) zone(ctx context.Context) (*time.Location, error) {
	pub, err := a.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	return lang.Zone(pub.Publication.Zone)
}

// opensMine reads such an address.
func (a *App) opensMine(token string) (id int64, ok bool) {
	s, err := a.sealed()
	if err != nil {
		return 0, false
	}
	err = s.Unseal("mine", token, &id, a.Now())
	return id, err == nil
}

// stating writes to those whom a decision about a comment concerns.
func (a *App) stating() comment.Stating {
	return comment.Stating{Store: a.Comments,
		State: func(ctx context.Context, tx *db.Tx, id int64, c comment.Comment, d comment.Decision) error {
			title, parts, err := a.Site.Reasons(ctx, d)
			if err != nil {
				return err
			}
			return a.aboutComment(ctx, tx, id, "comment.decided", c, func(l *lang.Locale, headline string) (string, []mail.Part) {
				letter := []mail.Part{{Text: l.T("comments.mail.decided", "headline", headline)}, {Text: comment.Begins(c.Body), Quote: true}, {Text: title + "."}}
				for _, p := range parts {
					letter = append(letter, mail.Part{Text: p})
				}
				return l.T("comments.mail.decided_subject", "headline", headline), letter
			})
		},
		Answer: func(ctx context.Context, tx *db.Tx, id int64, c comment.Comment, d comment.Decision, x comment.Appeal) error {
			zone, err := a.zone(ctx)
			if err != nil {
				return err
			}
			return a.aboutComment(ctx, tx, id, "comment.appealed", c, func(l *lang.Locale, headline string) (string, []mail.Part) {
				return l.T("comments.mail.appeal_subject", "headline", headline), []mail.Part{
					{Text: l.T("comments.appeal_"+x.Outcome, "when", l.DateTime(x.Decided.In(zone)), "why", x.Reason)}, {Text: x.Text, Quote: true}}
			})
		},
		Notified: func(ctx context.Context, tx *db.Tx, c comment.Comment, n comment.Notice) error {
			pub, err := a.Editions.Site(ctx)
			if err != nil {
				return err
			}
			zone, err := a.zone(ctx)
			if err != nil {
				return err
			}
			ed, ok := pub.ByID(n.Edition)
			if !ok {
				ed = pub.Default()
			}
			l := lang.Of(ed.Lang)
			letter := mail.Letter{Kind: "comment.notice", To: n.Email, Lang: ed.Lang, Subject: l.T("comments.mail.notice_subject", "n", n.ID),
				Parts: []mail.Part{{Text: l.T("notice."+n.Outcome, "when", l.DateTime(n.Decided.In(zone)))}, {Text: n.Text, Quote: true}, {Text: l.T("notice.redress")}}}
			if c.State == "approved" {
				letter.Parts = append(letter.Parts, mail.Part{Text: l.T("comments.mail.comment"), Path: a.Site.CommentURL(c.ID)})
			}
			err = a.Post.Send(ctx, tx, letter)
			if fault.Is(err, fault.Invalid) { // no address: who left it hears nothing, and it is forgotten
				return nil
			}
			return err
		}}
}

// aboutComment sends a letter about a comment to whoever wrote it, with the way to its
// private page, where its reasons stand and where to complain.
func (a *App) aboutComment(ctx context.Context, tx *db.Tx, id int64, kind string, c comment.Comment, write func(l *lang.Locale, headline string) (subject string, parts []mail.Part)) error {
	who, err := a.Readers.ByID(ctx, tx, id)
	if fault.Is(err, fault.NotFound) || err == nil && who.Going {
		return nil
	}
	if err != nil {
		return err
	}
	art, err := a.Articles.Get(ctx, tx, c.ArticleID)
	if err != nil {
		return err
	}
	pub, err := a.Editions.Site(ctx)
	if err != nil {
		return err
	}
	ed, ok := pub.ByID(art.Edition) // the rules, and with them the reasons, are in its language
	if !ok {
		ed = pub.Default()
	}
	s, err := a.sealed()
	if err != nil {
		return err
	}
	token, err := s.Seal("mine", c.ID, a.Now().Add(comment.AppealTime))
	if err != nil {
		return err
	}
	l := lang.Of(ed.Lang)
	subject, parts := write(l, cmp.Or(art.Headline, ed.Name))
	return a.Post.Send(ctx, tx, mail.Letter{Kind: kind, To: who.Email, Lang: ed.Lang, Subject: subject,
		Parts: append(parts, mail.Part{Text: l.T("comments.mail.mine"), Path: site.MinePath(token)})})
}

// TellOfDecisions writes the letters about decisions that are due now.
func (a *App) TellOfDecisions(ctx context.Context) error {
	return a.stating().Runner(a.DB, a.Log).Once(ctx)
}
