package editor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/user"
)

func (e *Editor) logAs(ctx context.Context, tx *db.Tx, ch Change, action string, id int64, detail any) error {
	return audit.Log(ctx, tx, audit.Entry{Actor: ch.Name, ActorID: ch.Staff, Action: "article." + action, Kind: "article", RefID: id, Detail: detail})
}

// deed does something to an article, if whoever asks may, and leads back to it.
func (e *Editor) deed(w http.ResponseWriter, r *desk.Request, p user.Permission, action string, detail any, f func(*db.Tx, thing) error) error {
	t, err := e.thing(r, p)
	if err != nil {
		return err
	}
	return e.carry(w, r, t, action, detail, "write.done_"+action, func(tx *db.Tx) error { return f(tx, t) })
}

// carry runs what is done to an article in a transaction, with its entry in the log,
// and leads back to it: there it says word, or why it was not done.
func (e *Editor) carry(w http.ResponseWriter, r *desk.Request, t thing, action string, detail any, word string, f func(*db.Tx) error) error {
	err := e.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return e.log(r, tx, action, t.ID, detail)
	})
	if err != nil {
		return e.again(w, r, t, err)
	}
	return r.Go(w, path(t.ID), word)
}

// withdraw takes back what readers have seen, with a reason that they are told.
func (e *Editor) withdraw(w http.ResponseWriter, r *desk.Request) error {
	reason := strings.TrimSpace(r.Form("reason"))
	return e.deed(w, r, user.PublishArticles, "withdraw", map[string]any{"reason": reason}, func(tx *db.Tx, t thing) error {
		if reason == "" {
			return wrong("reason", "no_reason")
		}
		return e.Articles.Withdraw(r.Context(), tx, t.ID, reason)
	})
}

// unschedule takes back what readers were to see.
func (e *Editor) unschedule(w http.ResponseWriter, r *desk.Request) error {
	return e.deed(w, r, user.PublishArticles, "unschedule", nil, func(tx *db.Tx, t thing) error {
		if t.Visibility().At(e.Now()) == article.Scheduled {
			return e.Articles.Unschedule(r.Context(), tx, t.ID)
		}
		_, err := e.Articles.Move(r.Context(), tx, t.ID, versionOf(r), article.Draft, r.Who.ID)
		return err
	})
}

// spike drops what nobody has seen; unspike takes it up again.
func (e *Editor) spike(w http.ResponseWriter, r *desk.Request) error {
	return e.deed(w, r, user.WriteArticles, "spike", nil, func(tx *db.Tx, t thing) error { return e.Articles.Spike(r.Context(), tx, t.ID) })
}

func (e *Editor) unspike(w http.ResponseWriter, r *desk.Request) error {
	return e.deed(w, r, user.WriteArticles, "unspike", nil, func(tx *db.Tx, t thing) error { return e.Articles.Unspike(r.Context(), tx, t.ID) })
}

// discard throws away what was changed since the last revision.
func (e *Editor) discard(w http.ResponseWriter, r *desk.Request) error {
	return e.deed(w, r, user.WriteArticles, "discard", nil, func(tx *db.Tx, t thing) error { return e.Articles.Discard(r.Context(), tx, t.ID) })
}

// setWork keeps whose an article is, when it is wanted, and what is noted about it.
func (e *Editor) setWork(w http.ResponseWriter, r *desk.Request) error {
	return e.deed(w, r, user.WriteArticles, "work", nil, func(tx *db.Tx, t thing) error {
		work := article.Work{Staff: number(r.Form("staff")), Notes: strings.TrimSpace(strings.ReplaceAll(r.Form("notes"), "\r\n", "\n"))}
		if work.Staff != 0 {
			if _, err := e.Users.ByID(r.Context(), work.Staff); err != nil {
				return wrong("staff", "staff")
			}
		}
		if day, clock, ok := strings.Cut(r.Form("wanted"), "T"); ok {
			at, err := e.when(t, day, clock, "first")
			if err != nil {
				return err
			}
			work.Due = at
		}
		return e.Articles.SetWork(r.Context(), tx, t.ID, work)
	})
}

// restore makes what a revision said the text that is worked on.
func (e *Editor) restore(w http.ResponseWriter, r *desk.Request) error {
	n := int(number(r.Form("revision")))
	return e.deed(w, r, user.WriteArticles, "restore", map[string]any{"revision": n}, func(tx *db.Tx, t thing) error {
		rev, err := e.Articles.RevisionOf(r.Context(), t.ID, n)
		if err != nil {
			return err
		}
		c, err := e.Articles.Working(r.Context(), tx, t.Article)
		if err != nil {
			return err
		}
		_, _, err = e.Articles.Save(r.Context(), tx, t.ID, c.Version, article.ManuscriptOf(t.Article, rev.Content), r.Who.ID)
		return err
	})
}

// revisions lists what was printed, the newest first.
func (e *Editor) revisions(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	list, err := e.Articles.Revisions(r.Context(), t.ID)
	if err != nil {
		return err
	}
	type row struct {
		Number   int
		Before   int
		At       time.Time
		Who, Why string
		Live     bool
		Was      bool
		Headline string
	}
	var data struct {
		Path string
		Rows []row
		Can  bool
		Lang string
	}
	data.Path, data.Can, data.Lang = path(t.ID), e.writes(r, t) == nil, t.ed.Lang
	for i := len(list) - 1; i >= 0; i-- {
		x := list[i]
		why := ""
		if x.Why != "" && r.L.Has("write.change."+x.Why) {
			why = r.T("write.change." + x.Why)
		}
		data.Rows = append(data.Rows, row{x.Number, x.Number - 1, x.At, x.Actor, why, x.ID == t.LiveRevision, !x.Published.IsZero(), x.Content.Headline})
	}
	return r.Show(w, desk.Page{Title: r.T("write.revisions"), From: e.pages, Name: "revisions", Back: path(t.ID), Data: data})
}
