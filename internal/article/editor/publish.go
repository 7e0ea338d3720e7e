package editor

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
)

func wrong(field, why string, args ...any) error {
	err := lang.Wrong("write.wrong."+why, args...)
	err.Field = field
	return err
}

// move hands a text in, finds it ready, or sends it back.
func (e *Editor) move(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	to := article.State(r.Form("to"))
	if to == article.Ready {
		err = r.May(user.ReviewArticles, t.mine)
	} else if err = e.writes(r, t); err != nil {
		err = r.May(user.ReviewArticles, t.mine)
	}
	if err != nil {
		return err
	}
	return e.carry(w, r, t, string(to), nil, "write.moved_"+string(to), func(tx *db.Tx) error {
		_, err := e.Articles.Move(r.Context(), tx, t.ID, versionOf(r), to, r.Who.ID)
		return err
	})
}

// again leads back to the article and says there what is wrong: its page is not a
// form that could be shown once more.
func (e *Editor) again(w http.ResponseWriter, r *desk.Request, t thing, err error) error {
	text, ok := r.L.Say(err)
	if !ok {
		return err
	}
	return r.Go(w, path(t.ID), "write.not_done", "why", text)
}

// when reads the day and time of a form, in the newsroom's zone. A time that clocks
// do not show is refused; one that they show twice is asked about.
func (e *Editor) when(t thing, day, clock, which string) (time.Time, error) {
	zone, err := lang.Zone(t.site.Publication.Zone)
	if err != nil {
		return time.Time{}, err
	}
	if len(clock) == 5 {
		clock += ":00"
	}
	at, err := lang.ResolveWall(day+" "+clock, zone)
	switch {
	case err != nil:
		return time.Time{}, wrong("at", "time", "value", day+" "+clock)
	case at.Gap:
		return time.Time{}, wrong("at", "gap", "value", day+" "+clock, "next", at.At.Format("15:04"))
	case at.Ambiguous && which == "second":
		return at.Other, nil
	case at.Ambiguous && which != "first":
		return time.Time{}, wrong("at", "twice", "value", day+" "+clock, "first", at.At.Format("-07:00"), "second", at.Other.Format("-07:00"))
	}
	return at.At, nil
}

// publish shows a text to readers, now or at an instant; of what they see already it
// replaces the text.
func (e *Editor) publish(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.PublishArticles)
	if err != nil {
		return err
	}
	at := time.Time{}
	if r.Form("when") == "at" {
		if at, err = e.when(t, r.Form("day"), r.Form("clock"), r.Form("which")); err != nil {
			return e.again(w, r, t, err)
		}
		if !at.After(e.Now()) {
			return e.again(w, r, t, wrong("at", "past"))
		}
	}
	change := Change{At: at, Embargo: r.Form("embargo") != "", Lost: r.Form("lost") != "", Version: versionOf(r), Staff: r.Who.ID, Name: r.Who.Name,
		Told: article.Told{Kind: r.Form("change"), Text: strings.TrimSpace(r.Form("note")), Shows: r.Form("shows") != ""}}
	done, err := e.Publish(r.Context(), t.ID, change)
	if err != nil {
		return e.again(w, r, t, err)
	}
	if done.Later {
		return r.Go(w, path(t.ID), "write.scheduled", "at", r.L.DateTime(done.At.In(r.Zone)))
	}
	return r.Go(w, path(t.ID), "write.published")
}

// Change is how a text becomes public.
type Change struct {
	At      time.Time    // zero: now
	Embargo bool         // nobody may show it before At, alone
	Told    article.Told // of a text that readers see already
	Lost    bool         // though its original was withdrawn or spiked
	Version int          // what was looked at
	Staff   int64
	Name    string
	clock   bool // it was decided before, and asks nobody
}

// Telling is what readers are told of a change of a text that they have.
type Telling struct {
	article.Told
	Article       article.Article // as it was
	Before, After int             // numbers of revisions
	At            time.Time
	Staff         int64
	Name          string
}

// check refuses what does not say what it has to.
func (c Change) check() error {
	switch c.Told.Kind {
	case "", "silent", "update":
		return nil
	case "correction", "clarification", "note":
		if c.Told.Text == "" {
			return wrong("note", "no_note")
		}
		return nil
	}
	return fault.Field("change", "a change cannot be %q", c.Told.Kind)
}

// Done is what became of it.
type Done struct {
	At    time.Time
	Later bool
	Path  string // readers'
}

// Publish carries a Change out, in one transaction.
func (e *Editor) Publish(ctx context.Context, id int64, ch Change) (done Done, err error) {
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return done, err
	}
	values, err := e.Editions.Settings(ctx)
	if err != nil {
		return done, err
	}
	err = e.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		a, err := e.Articles.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		t := thing{Article: a, site: site}
		t.ed, _ = site.ByID(a.Edition)
		c, err := e.Articles.Working(ctx, tx, a)
		if err != nil {
			return err
		}
		found, _, err := e.terms(ctx, tx, site, a, c.Text)
		if err != nil {
			return err
		}
		list, err := e.Media.ByIDs(ctx, c.Text.Used())
		if err != nil {
			return err
		}
		seen := ch.At
		if seen.IsZero() {
			seen = e.Now()
		}
		var failed []string
		if lacksTerms(found) {
			failed = append(failed, checkTerms)
		}
		if left, err := e.leftOf(ctx, tx, a, c.Text); err != nil {
			return err
		} else if left != nil && left.n() > 0 {
			failed = append(failed, checkTranslated)
		}
		lost, err := e.lost(ctx, tx, a)
		if err != nil {
			return err
		}
		if lost != nil {
			failed = append(failed, checkOriginal)
		}
		must := values.Lines("must", "")
		missing := slices.DeleteFunc(lacks(a.Kind, c.Text, t.ed.Lang, list, seen, failed...), func(s string) bool { return !slices.Contains(must, s) })
		if len(missing) > 0 {
			return missingError(missing)
		}
		if lost != nil && !ch.Lost && !ch.clock {
			return lostError{*lost}
		}
		if values.Bool("review", "") && !c.Reviewed() && c.State != article.Approved {
			return wrong("", "review")
		}
		now := e.Now()
		live := a.Visibility().At(now) == article.Published
		works, err := e.Articles.WorkOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if until := works[id].Embargo; until.After(now) && ch.At.Before(until) && !live {
			return embargoError(until.In(zoneOf(site)))
		}
		done = Done{At: ch.At, Later: !ch.At.IsZero()}
		if done.At.IsZero() {
			done.At = now.Truncate(time.Millisecond)
		}
		if live {
			if err := ch.check(); err != nil {
				return err
			}
		}
		if live && !ch.clock {
			same, err := e.unchanged(ctx, tx, t, c.Text)
			if err != nil {
				return err
			}
			if same {
				return wrong("", "unchanged")
			}
		}
		if live && done.Later {
			if err := e.Articles.Defer(ctx, tx, id, ch.Version, ch.At, ch.Told, ch.Staff); err != nil {
				return err
			}
			return e.logAs(ctx, tx, ch, "defer", id, map[string]any{"at": ch.At.UTC().Format(time.RFC3339)})
		}
		if live {
			done.At = a.VisibleFrom
		}
		edit, err := e.print(ctx, tx, t, c.Text, done.At)
		if err != nil {
			return err
		}
		edit.Actor, edit.Why, edit.At = ch.Name, ch.Told.Kind, now
		tells := live && ch.Told.Kind != "" && ch.Told.Kind != "silent"
		if tells {
			edit.UpdatedAt = now
		}
		edit.Announce = !live
		edit.Announce = edit.Announce && t.Kind == article.Text
		saved, err := e.Articles.Approve(ctx, tx, edit, ch.Version)
		if err != nil {
			return err
		}
		if t.Kind == article.Page {
			if err := e.Articles.Repath(ctx, tx, id); err != nil {
				return err
			}
		}
		if ch.Embargo && done.Later {
			if err := e.Articles.SetEmbargo(ctx, tx, id, done.At); err != nil {
				return err
			}
		}
		if tells && ch.Told.Text != "" && e.Tell != nil {
			told := Telling{Told: ch.Told, Article: a, Before: a.Revision, After: saved.Revision, At: now, Staff: ch.Staff, Name: ch.Name}
			if err := e.Tell(ctx, tx, told); err != nil {
				return err
			}
		}
		done.Path = t.ed.Prefix + "/" + saved.Path
		action := "publish"
		if done.Later {
			action = "schedule"
		} else if live {
			action = "change"
		}
		return e.logAs(ctx, tx, ch, action, id, map[string]any{"revision": saved.Revision, "at": done.At.UTC().Format(time.RFC3339), "embargo": ch.Embargo && done.Later,
			"change": ch.Told.Kind})
	})
	return done, err
}

// Due carries out what was to take the place of what readers see by now. It may run
// on several nodes at once: the version that is named decides who was first.
func (e *Editor) Due(ctx context.Context) error {
	ids, err := e.Articles.DueCopies(ctx, e.Now())
	if err != nil {
		return err
	}
	for _, id := range ids {
		a, err := e.Articles.Get(ctx, e.DB, id)
		if err != nil {
			return err
		}
		c, err := e.Articles.Working(ctx, e.DB, a)
		if err != nil {
			return err
		}
		if c.State != article.Approved || c.Due.After(e.Now()) {
			continue
		}
		if c.Told.Kind == "" {
			c.Told.Kind = "update" // put off before it was kept what it is
		}
		_, err = e.Publish(ctx, id, Change{Told: c.Told, Version: c.Version, Staff: c.By, Name: "clock", clock: true})
		if err != nil && !fault.Is(err, fault.Conflict) {
			e.Log.Error("a text was not put in place at its time", "article", id, "error", err)
		}
	}
	return nil
}

// zoneOf is the newsroom's zone.
func zoneOf(s edition.Site) *time.Location {
	zone, err := lang.Zone(s.Publication.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// embargoError says until when an article may not be shown.
type embargoError time.Time

func (m embargoError) Error() string {
	return "under embargo until " + time.Time(m).UTC().Format(time.RFC3339)
}

// Say is for lang.Say.
func (m embargoError) Say(l *lang.Locale) string {
	return l.T("write.wrong.embargo", "until", l.DateTime(time.Time(m)))
}

// lift ends an embargo before its time, once a second person wants that.
func (e *Editor) lift(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.PublishArticles)
	if err != nil {
		return err
	}
	lifted := false
	err = e.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		var err error
		if lifted, err = e.Articles.Lift(r.Context(), tx, t.ID, r.Who.ID); err != nil {
			return err
		}
		action := "lift_asked"
		if lifted {
			action = "lift"
		}
		return e.log(r, tx, action, t.ID, map[string]any{"embargo": t.work.Embargo.UTC().Format(time.RFC3339)})
	})
	if err != nil {
		return e.again(w, r, t, err)
	}
	if lifted {
		return r.Go(w, path(t.ID), "write.done_lift")
	}
	return r.Go(w, path(t.ID), "write.done_lift_asked")
}

// missingError names what is missing, in the words of whoever reads it.
type missingError []string

func (m missingError) Error() string { return "missing before publication: " + strings.Join(m, ", ") }

// Say is for lang.Say.
func (m missingError) Say(l *lang.Locale) string {
	var words []string
	for _, c := range m {
		words = append(words, l.T("write.check."+c))
	}
	return l.T("write.wrong.missing", "what", strings.Join(words, ", "))
}
