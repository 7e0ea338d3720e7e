package app_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"dateline/internal/address"
	"dateline/internal/app"
	"dateline/internal/article"
	"dateline/internal/comment"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/front"
	"dateline/internal/media"
	"dateline/internal/topic"
)

// rareChanges are those of changes that no desk makes every day.
var rareChanges = map[string]func(*house, context.Context, *db.Tx) error{
	"withdraw as of then": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.app.Articles.WithdrawAt(ctx, tx, h.anyArticle(ctx, tx).ID, h.clock.now().Add(-time.Hour), "wrong "+h.word())
	},
	"approve a working copy": func(h *house, ctx context.Context, tx *db.Tx) error {
		a := h.anyArticle(ctx, tx)
		e, err := h.editOf(ctx, a)
		if err != nil {
			return err
		}
		e.State, e.Content.Headline = article.Approved, h.word()
		if e.VisibleFrom.IsZero() {
			e.VisibleFrom = h.clock.now()
		}
		c, err := h.app.Articles.Working(ctx, tx, a)
		if err != nil {
			return err
		}
		_, err = h.app.Articles.Approve(ctx, tx, e, c.Version)
		return err
	},
	"put right what readers see": func(h *house, ctx context.Context, tx *db.Tx) error {
		a := h.anyArticle(ctx, tx)
		e, err := h.editOf(ctx, a)
		if err != nil || a.State != article.Approved {
			return err
		}
		was := article.ManuscriptOf(a, e.Content)
		e.Content.Headline = h.word()
		is := was
		is.Headline = e.Content.Headline
		_, err = h.app.Articles.Mend(ctx, tx, e, was, is)
		if fault.Is(err, fault.Conflict) { // readers do not have its newest revision
			err = nil
		}
		return err
	},
	"take back what was scheduled": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.unscheduled(ctx, tx, h.app.Articles.Unschedule)
	},
	"spike what was scheduled": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.unscheduled(ctx, tx, h.app.Articles.Spike)
	},
	"a page below a page": func(h *house, ctx context.Context, tx *db.Tx) error {
		var ids []int64
		for range 2 {
			e := h.fresh(h.site.Default(), h.clock.now())
			e.Content.Kind, e.Day, e.Path = article.Page, 0, "page-"+h.word()
			saved, err := h.app.Articles.Put(ctx, tx, []article.Edit{e})
			if err != nil {
				return err
			}
			ids = append(ids, saved[0].ID)
		}
		return h.app.Articles.SetParents(ctx, tx, map[int64]int64{ids[0]: ids[1]})
	},
	"a page below one that is there": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64],
			"SELECT id FROM article WHERE kind = 'page' AND state = 'approved' AND parent_id IS NULL AND edition_id = $1 ORDER BY id", h.anyEdition().ID)
		if err != nil || len(ids) < 2 {
			return err
		}
		return h.app.Articles.SetParents(ctx, tx, map[int64]int64{ids[0]: ids[1]})
	},
	"a page hangs elsewhere": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64],
			"SELECT id FROM article WHERE kind = 'page' AND state = 'approved' AND path <> '' AND edition_id = $1 ORDER BY id", h.anyEdition().ID)
		if err != nil || len(ids) < 2 {
			return err
		}
		h.rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		parent := ids[1]
		if h.rng.IntN(3) == 0 {
			parent = 0
		}
		err = h.app.Articles.PlacePage(ctx, tx, ids[0], parent, h.rng.IntN(9))
		if fault.Is(err, fault.Invalid) { // a circle
			err = h.app.Articles.PlacePage(ctx, tx, ids[0], 0, 1)
		}
		return err
	},
	"places in the menu": func(h *house, ctx context.Context, tx *db.Tx) error {
		names := map[string]topic.Name{}
		for _, l := range h.site.Langs() {
			names[l] = topic.Name{Name: h.word(), Slug: h.word()}
		}
		if _, err := h.app.Topics.Put(ctx, tx, h.site.Publication.ID, []topic.Topic{{Kind: topic.Section, Names: names, Position: topic.Unplaced}}); err != nil {
			return err
		}
		return h.app.Topics.Place(ctx, tx, h.site.Publication.ID, nil)
	},
	"a tag becomes part of another": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM topic WHERE kind = 'tag' AND merged_into IS NULL ORDER BY id")
		if err != nil || len(ids) < 2 {
			return err
		}
		h.rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		return h.app.Topics.Merge(ctx, tx, h.site.Publication.ID, ids[0], ids[1])
	},
	"somebody becomes part of another": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT e.id FROM contributor c JOIN entity e ON e.id = c.entity_id WHERE e.kind = 'person' ORDER BY e.id")
		if err != nil || len(ids) < 2 {
			return err
		}
		h.rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		return h.app.Entities.Merge(ctx, tx, h.site.Publication.ID, ids[0], ids[1])
	},
	"a place becomes part of another": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM entity WHERE kind = 'place' AND merged_into IS NULL ORDER BY id")
		if err != nil || len(ids) < 2 {
			return err
		}
		return h.app.Entities.Merge(ctx, tx, h.site.Publication.ID, ids[len(ids)-1], ids[0])
	},
	"judge a comment": func(h *house, ctx context.Context, tx *db.Tx) error {
		id, err := db.Get(ctx, tx, db.One[int64], "SELECT id FROM comment WHERE state = 'approved' AND article_id = $1 ORDER BY id LIMIT 1", h.anyArticle(ctx, tx).ID)
		if err != nil {
			return err
		}
		return h.app.Comments.Update(ctx, tx, comment.Comment{ID: id, Name: h.word(), Body: h.word(),
			State: []string{"approved", "pending", "spam"}[h.rng.IntN(3)]})
	},
	"moderate a comment": func(h *house, ctx context.Context, tx *db.Tx) error {
		_, err := h.moderate(ctx, tx)
		return err
	},
	"take back what was decided about a comment": func(h *house, ctx context.Context, tx *db.Tx) error {
		d, err := h.moderate(ctx, tx)
		if err != nil {
			return err
		}
		_, err = h.app.Comments.Undo(ctx, tx, d.ID)
		return err
	},
	"complain of what was decided about a comment": func(h *house, ctx context.Context, tx *db.Tx) error {
		d, err := h.moderate(ctx, tx)
		if err != nil {
			return err
		}
		if err := h.app.Comments.Appeal(ctx, tx, comment.Comment{ID: d.Comment}, d.ID, h.word()); err != nil {
			return err
		}
		a, err := h.app.Comments.AppealsOf(ctx, tx, []int64{d.ID})
		if err != nil {
			return err
		}
		_, err = h.app.Comments.Answer(ctx, tx, a[d.ID].ID, h.rng.IntN(2) == 0, h.word(), 2)
		return err
	},
	"report a comment": func(h *house, ctx context.Context, tx *db.Tx) error {
		a := h.anyArticle(ctx, tx)
		id, err := db.Get(ctx, tx, db.One[int64], "SELECT min(id) FROM comment WHERE state = 'approved' AND article_id = $1", a.ID)
		if err != nil {
			return err
		}
		_, err = h.app.Comments.Notify(ctx, tx, comment.Notice{Edition: a.Edition, Comment: id, Ground: "law", Text: h.word()}, h.word())
		return err
	},
	"a reader goes": func(h *house, ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE comment SET author_kind = 'reader', author_id = 77 WHERE id = (SELECT min(id) FROM comment WHERE state = 'approved' AND article_id = $1)", h.anyArticle(ctx, tx).ID); err != nil {
			return err
		}
		return h.app.Comments.Forget(ctx, tx, 77)
	},
	"house rules": func(h *house, ctx context.Context, tx *db.Tx) error {
		ed := h.anyEdition()
		r, err := h.app.Comments.Rules(ctx, tx, ed.ID, ed.Lang)
		if err != nil {
			return err
		}
		r.List[0].Title = h.word()
		_, err = h.app.Comments.SetRules(ctx, tx, r, ed.Lang, r.Version)
		return err
	},
	"when a discussion ends": func(h *house, ctx context.Context, tx *db.Tx) error {
		days := int64(h.rng.IntN(100))
		return h.app.Comments.SetFor(ctx, tx, comment.Setting{Kind: "article", Ref: h.anyArticle(ctx, tx).ID, Days: &days})
	},
	"tell readers": func(h *house, ctx context.Context, tx *db.Tx) error { return h.tell(ctx, tx) },
	"tell readers in other words": func(h *house, ctx context.Context, tx *db.Tx) error {
		c := h.anyTold(ctx, tx)
		c.Text, c.Shows, c.Kind = h.word(), !c.Shows, correction.Kinds()[h.rng.IntN(4)]
		return h.app.Corrections.Change(ctx, tx, c)
	},
	"take back what readers were told": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.app.Corrections.Withdraw(ctx, tx, h.anyTold(ctx, tx))
	},
	"hide what readers were told of, and show it later": func(h *house, ctx context.Context, tx *db.Tx) error {
		h.next = h.anyTold(ctx, tx).Article
		return h.again(ctx, tx, func(e *article.Edit) { e.VisibleFrom = h.clock.now().Add(time.Duration(h.rng.IntN(60)) * time.Minute) })
	},
	"one more edition": func(h *house, ctx context.Context, tx *db.Tx) error {
		for _, l := range []string{"tr", "de", "fr", "es", "it"} {
			if _, there := h.site.ByLang(l); there {
				continue
			}
			if _, err := h.app.Editions.AddEdition(ctx, tx, h.site.Publication.ID, edition.EditionInput{Lang: l, Name: h.word()}); err != nil {
				return err
			}
			if err := h.app.Topics.Readdress(ctx, tx, h.site.Publication.ID); err != nil {
				return err
			}
			if err := h.app.Authors.Readdress(ctx, tx, h.site.Publication.ID); err != nil {
				return err
			}
			break
		}
		return h.lookAgain(ctx, tx)
	},
	"another default edition": func(h *house, ctx context.Context, tx *db.Tx) error {
		if err := h.app.Editions.SetDefault(ctx, tx, h.site.Publication.ID, h.anyEdition().ID); err != nil {
			return err
		}
		return h.lookAgain(ctx, tx)
	},
	"another zone": func(h *house, ctx context.Context, tx *db.Tx) error {
		zones := []string{"Europe/Moscow", "Asia/Almaty", "America/New_York", "Pacific/Apia"}
		return h.app.Editions.SetZone(ctx, tx, h.site.Publication.ID, zones[h.rng.IntN(len(zones))])
	},
	"a picture's focal point": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM media WHERE kind = 'image' ORDER BY id")
		if err != nil {
			return err
		}
		return h.app.Media.Describe(ctx, tx, h.site.Publication.ID, ids[h.rng.IntN(len(ids))], media.Details{FocalX: 1 + h.rng.IntN(999), FocalY: h.rng.IntN(1000),
			Rights: h.word(), Texts: map[string]media.Text{"en": {Alt: h.word(), Caption: h.word()}, "ru": {Alt: h.word()}}})
	},
	"what is said of a picture beside a text": func(h *house, ctx context.Context, tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM media WHERE kind = 'image' ORDER BY id")
		if err != nil {
			return err
		}
		id := ids[h.rng.IntN(len(ids))]
		if _, err := h.app.Media.Add(ctx, tx, h.site.Publication.ID, id, h.anyEdition().Lang, media.Text{Alt: h.word(), Credit: h.word()}); err != nil {
			return err
		}
		return h.app.Media.SetRights(ctx, tx, h.site.Publication.ID, id, h.word(), h.clock.now().Add(time.Hour))
	},
	"pin to the front": func(h *house, ctx context.Context, tx *db.Tx) error {
		a := h.anyArticle(ctx, tx)
		if a.Kind != article.Text {
			return nil
		}
		return h.arrange(ctx, tx, a.Edition, front.Deed{What: front.Pin, Place: h.place(), Article: a.ID, Over: true, Until: h.clock.now().Add(time.Duration(1+h.rng.IntN(90)) * time.Minute)})
	},
	"pin what is scheduled": func(h *house, ctx context.Context, tx *db.Tx) error {
		saved, err := h.app.Articles.Put(ctx, tx, []article.Edit{h.fresh(h.anyEdition(), h.clock.now().Add(time.Duration(1+h.rng.IntN(60))*time.Minute))})
		if err != nil {
			return err
		}
		a, err := h.app.Articles.Get(ctx, tx, saved[0].ID)
		if err != nil {
			return err
		}
		if err := h.arrange(ctx, tx, a.Edition, front.Deed{What: front.Pin, Place: h.place(), Article: a.ID, Over: true}); err != nil {
			return err
		}
		return h.arrange(ctx, tx, a.Edition, front.Deed{What: front.Say, Text: h.word(), Article: a.ID, Until: h.clock.now().Add(2 * time.Hour)})
	},
	"a rule of the front": func(h *house, ctx context.Context, tx *db.Tx) error {
		t, err := h.anyTopic(ctx)
		if err != nil {
			return err
		}
		for _, rule := range front.Rules() {
			if err := h.arrange(ctx, tx, h.anyEdition().ID, front.Deed{What: front.Fall, Place: h.place(), Rule: rule, Topic: t.ID}); err != nil {
				return err
			}
		}
		return h.arrange(ctx, tx, h.anyEdition().ID, front.Deed{What: front.Unpin, Place: h.place()})
	},
	"undo on the front": func(h *house, ctx context.Context, tx *db.Tx) error {
		for _, e := range h.site.Editions { // one that is new has nothing to undo
			if v, err := h.app.Front.Read(ctx, tx, e.ID); err != nil {
				return err
			} else if v.CanUndo() {
				return h.arrange(ctx, tx, e.ID, front.Deed{What: front.Undo})
			}
		}
		return nil
	},
	"an old host": func(h *house, ctx context.Context, tx *db.Tx) error {
		return h.app.Addresses.PutHost(ctx, tx, address.OldHost{Publication: h.site.Publication.ID, Host: h.word() + ".test", Edition: h.anyEdition().ID})
	},
}

// tell tells readers something of an article, of a change between two revisions if it
// has had one.
func (h *house) tell(ctx context.Context, tx *db.Tx) error {
	a := h.anyArticle(ctx, tx)
	_, err := h.app.Corrections.Add(ctx, tx, correction.Correction{Article: a.ID, Edition: a.Edition, Kind: correction.Kinds()[h.rng.IntN(4)], Text: h.word(),
		Before: max(1, a.Revision-1), After: a.Revision, Shows: h.rng.IntN(2) == 0, At: h.clock.now()})
	return err
}

// anyTold is something that readers were told of an article that they have.
func (h *house) anyTold(ctx context.Context, tx *db.Tx) correction.Correction {
	h.t.Helper()
	list := func() []correction.Correction {
		all, err := db.List(ctx, tx, func(s db.Scanner, c *correction.Correction) error {
			return s.Scan(&c.ID, &c.Article, &c.Edition, &c.Shows)
		},
			"SELECT c.id, c.article_id, c.edition_id, c.shows FROM correction c JOIN article_public a ON a.id = c.article_id WHERE c.withdrawn_at IS NULL ORDER BY c.id")
		if err != nil {
			h.t.Fatal(err)
		}
		return all
	}
	all := list()
	if len(all) == 0 {
		if err := h.tell(ctx, tx); err != nil {
			h.t.Fatal(err)
		}
		all = list()
	}
	return all[h.rng.IntN(len(all))]
}

// arrange changes a front page as it is.
func (h *house) arrange(ctx context.Context, tx *db.Tx, ed int64, d front.Deed) error {
	v, err := h.app.Front.Read(ctx, tx, ed)
	if err == nil {
		e, _ := h.site.ByID(ed)
		_, err = h.app.Front.Do(ctx, tx, e, front.By{Name: "test", Seen: v.Number}, d)
	}
	return err
}

func (h *house) place() front.Place { return front.Places()[h.rng.IntN(len(front.Places()))] }

// lookAgain reads the editions, inside the transaction that changes them.
func (h *house) lookAgain(ctx context.Context, tx *db.Tx) (err error) {
	h.site, err = edition.Read(ctx, tx)
	return err
}

// unscheduled does something to an article that the clock was to show.
func (h *house) unscheduled(ctx context.Context, tx *db.Tx, f func(context.Context, *db.Tx, int64) error) error {
	list, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM article WHERE state = 'approved' AND kind = 'article' AND visible_from > $1 ORDER BY id", h.clock.now().UnixMilli())
	if err != nil {
		return err
	}
	if len(list) == 0 {
		saved, err := h.app.Articles.Put(ctx, tx, []article.Edit{h.fresh(h.anyEdition(), h.clock.now().Add(time.Hour))})
		if err != nil {
			return err
		}
		list = []int64{saved[0].ID}
	}
	return f(ctx, tx, list[0])
}

// moderate removes a comment that readers have.
func (h *house) moderate(ctx context.Context, tx *db.Tx) (comment.Decision, error) {
	a := h.anyArticle(ctx, tx)
	id, err := db.Get(ctx, tx, db.One[int64], "SELECT min(id) FROM comment WHERE state = 'approved' AND article_id = $1", a.ID)
	if err != nil {
		return comment.Decision{}, err
	}
	c, err := h.app.Comments.Get(ctx, tx, id)
	if err != nil {
		return comment.Decision{}, err
	}
	ed, _ := h.site.ByID(a.Edition)
	r, err := h.app.Comments.Rules(ctx, tx, ed.ID, ed.Lang)
	if err != nil {
		return comment.Decision{}, err
	}
	d, _, err := h.app.Comments.Decide(ctx, tx, comment.Act{Comment: id, Version: c.Version, Deed: comment.Remove, Rule: 1 + h.rng.IntN(3), Staff: 1}, a, r)
	return d, err
}

// madeBy says which of the changes calls what writes in a room; where it is
// called by another, the one that calls it.
var madeBy = map[string]string{
	"Articles.Put": "publish", "Articles.Moved": "move a shelf", "Articles.Withdraw": "withdraw", "Articles.WithdrawAt": "withdraw as of then",
	"Articles.Approve": "approve a working copy", "Articles.Mend": "put right what readers see", "Editor.Mend": "put right what readers see", "Articles.Unschedule": "take back what was scheduled", "Articles.Spike": "spike what was scheduled",
	"Articles.SetParents": "a page below one that is there", "Articles.PlacePage": "a page hangs elsewhere", "Articles.Repath": "a page hangs elsewhere",
	"Topics.Put": "rename a shelf", "Topics.SetParent": "move a shelf", "Topics.Place": "places in the menu", "Topics.Readdress": "one more edition", "Topics.Recast": "recast a shelf",
	"Topics.Merge": "a tag becomes part of another", "Articles.TopicMerged": "a tag becomes part of another", "Addresses.Inherit": "a tag becomes part of another",
	"Search.TopicMerged": "a tag becomes part of another",
	"Entities.Merge":     "somebody becomes part of another", "Articles.EntityMerged": "somebody becomes part of another", "Search.EntityMerged": "somebody becomes part of another",
	"Authors.EntityMerged": "somebody becomes part of another", "Topics.EntityMerged": "somebody becomes part of another",
	"Addresses.HandOver": "somebody becomes part of another", "Editions.PlaceMerged": "a place becomes part of another",
	"Authors.Put": "rename an author", "Authors.Readdress": "one more edition", "Entities.Put": "an entity's name",
	"Corrections.Add": "tell readers", "Corrections.Change": "tell readers in other words", "Corrections.Withdraw": "take back what readers were told",
	"Comments.PutMany": "comment", "Comments.Update": "judge a comment", "Comments.Decide": "moderate a comment", "Comments.Undo": "take back what was decided about a comment",
	"Comments.Appeal": "complain of what was decided about a comment", "Comments.Answer": "complain of what was decided about a comment", "Comments.Notify": "report a comment",
	"Comments.Forget": "a reader goes", "Comments.SetRules": "house rules", "Comments.SetFor": "when a discussion ends", "Media.Put": "describe a picture", "Media.Describe": "a picture's focal point",
	"Media.Add": "what is said of a picture beside a text", "Media.SetRights": "what is said of a picture beside a text",
	"Front.Do":            "pin to the front",
	"Editions.AddEdition": "one more edition", "Editions.UpdateEdition": "rename the edition", "Editions.SetDefault": "another default edition",
	"Editions.SetZone": "another zone", "Editions.PutAnnouncement": "announce", "Editions.PutFollowLinks": "follow", "Editions.Set": "a setting",
	"Addresses.Claim": "rename", "Addresses.AddRedirects": "an old address", "Addresses.PutHost": "an old host",
}

// notOnPages are writings that no page is stale after, and why.
var notOnPages = map[string]string{
	"Post.Again": "a letter", "Post.Drop": "a letter", "Post.Send": "a letter",
	"Corrections.Make": "readers see nothing of it", "Corrections.Apply": "readers see nothing of it", "Corrections.Refuse": "readers see nothing of it",
	"Comments.ForgetNotices": "stands at the desk alone", "Comments.ForgetAnswers": "who is to be told stands on no page",
	"Corrections.Decide": "who reported it sees it on a page that nobody keeps", "Reports.Add": "who reports it sees it on a page that nobody keeps",
	"Reports.Choose": "who reports it sees it on a page that nobody keeps", "Reports.MarkSeen": "who reports it sees it on a page that nobody keeps", "Reports.Unaddress": "no page shows an address",
	"Articles.Hold":   "changes nothing",
	"Search.Anew":     "a search asks the index each time",
	"Articles.NewIDs": "takes numbers",
	"Views.Remember":  "numbers stay as they are, and only a demo that nobody reads yet is told of hours",
	"Articles.Begin":  "readers see nothing of it", "Articles.Save": "readers see nothing of it", "Articles.SaveFrom": "readers see nothing of it", "Articles.Move": "readers see nothing of it",
	"Articles.Defer": "readers see it when it is approved", "Articles.Discard": "readers have seen nothing of it", "Articles.Unspike": "readers see nothing of it",
	"Articles.SetWork": "readers see nothing of it", "Articles.Translated": "readers see nothing of it",
	"Articles.SetEmbargo": "says when something may be published, and publishes nothing", "Articles.Lift": "says when something may be published, and publishes nothing",
	"Users.BylineMerged": "no page names an account",
	"Glossary.Put":       "stands at the desk alone", "Glossary.Take": "stands at the desk alone", "Glossary.Drop": "stands at the desk alone",
	"Articles.NewLink": "readers see nothing of it", "Articles.EndLink": "readers see nothing of it",
	"Editions.Setup": "there are no pages before it",
	"Media.Show":     "says who may have a file; pages name it by what else changes",
	"Media.SetSaid":  "what a file says is shown at the desk alone", "Media.SetLook": "what a picture looks like is asked at the desk alone",
	"Views.SetBase": "numbers on pages may be ten seconds old (DECISIONS.md, Views)",
}

// TestEveryChange: whatever writes in a room is among the changes after which
// TestNeverStale compares pages, or is excused.
func TestEveryChange(t *testing.T) {
	all := allChanges()
	tx := reflect.TypeFor[*db.Tx]()
	found := map[string]bool{}
	rooms := reflect.TypeFor[app.App]()
	for i := range rooms.NumField() {
		room := rooms.Field(i)
		if !room.IsExported() || room.Type.Kind() != reflect.Pointer {
			continue
		}
		for j := range room.Type.NumMethod() {
			m := room.Type.Method(j)
			for k := range m.Type.NumIn() {
				if k > 0 && m.Type.In(k) == tx {
					found[room.Name+"."+m.Name] = true
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		_, excused := notOnPages[name]
		change, made := madeBy[name]
		if excused == made || made && all[change] == nil {
			t.Errorf("%s writes: name the change in changes that calls it, or say in notOnPages why no page is stale after it", name)
		}
	}
	for name := range madeBy {
		if !found[name] {
			t.Errorf("there is no %s", name)
		}
	}
	for name := range notOnPages {
		if !found[name] {
			t.Errorf("there is no %s to excuse", name)
		}
	}
}

// allChanges are those of every day and the rare ones.
func allChanges() map[string]func(*house, context.Context, *db.Tx) error {
	all := maps.Clone(changes)
	maps.Copy(all, rareChanges)
	return all
}
