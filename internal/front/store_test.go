package front

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// TestStore: each change is a version of its own, undoing goes back one after another
// to the very beginning, and what has no business on the page is refused.
func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		articles := article.New(d, address.New(d))
		s := New(d, articles)
		var site edition.Site
		var heard []string
		d.OnChange(func(tags []string) { heard = append(heard, tags...) })
		tx := func(f func(*db.Tx) error) error {
			heard = nil
			return d.Tx(ctx, db.Desk, f)
		}
		ids := map[string]int64{}
		err := tx(func(tx *db.Tx) (err error) {
			site, err = edition.New(d).Setup(ctx, tx, edition.PublicationInput{Key: "main", Zone: "UTC", DefaultLang: "en",
				Editions: []edition.EditionInput{{Lang: "en", Name: "Lamp"}, {Lang: "ru", Name: "Лампа"}}})
			if err != nil {
				return err
			}
			for name, e := range map[string]article.Edit{"one": {}, "two": {}, "page": {Path: "about"}, "draft": {State: article.Draft}, "other": {Edition: site.Editions[1].ID}} {
				e.Publication, e.Slug, e.Actor, e.VisibleFrom, e.Day = site.Publication.ID, name, "test", d.Now(), 20261114
				if e.Edition == 0 {
					e.Edition = site.Editions[0].ID
				}
				if e.State == "" {
					e.State = article.Approved
				}
				e.Content = article.Content{Lang: "en", Kind: article.Text, Headline: name}
				if e.Path != "" {
					e.Content.Kind, e.Day = article.Page, 0
				}
				e.Body, _ = richtext.FromHTML("<p>x</p>", richtext.Options{})
				saved, err := articles.Put(ctx, tx, []article.Edit{e})
				if err != nil {
					return err
				}
				ids[name] = saved[0].ID
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		en, number := site.Editions[0], 0
		do := func(d Deed) error {
			return tx(func(tx *db.Tx) error {
				v, err := s.Do(ctx, tx, en, By{Staff: 7, Name: "test", Seen: number}, d)
				if err == nil {
					number = v.Number
				}
				return err
			})
		}
		now := func() Version {
			v, err := s.Now(ctx, en.ID)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := now(); v.Number != 0 || v.CanUndo() || v.Arranged() {
			t.Errorf("before anything: %+v", v)
		}
		if err := do(Deed{What: Undo}); !fault.Is(err, fault.Conflict) {
			t.Errorf("undoing nothing: %v", err)
		}
		later := d.Now().Add(time.Hour)
		steps := []Deed{{What: Pin, Place: Lead, Article: ids["one"]}, {What: Pin, Place: Second1, Article: ids["draft"], Until: later}, {What: Fall, Place: Lead, Rule: Read},
			{What: Say, Text: "Fog", Article: ids["two"], Until: later}, {What: Move, Place: Second1, To: Lead}}
		var was []Arrangement
		for _, step := range steps {
			was = append(was, now().Arrangement)
			if err := do(step); err != nil {
				t.Fatalf("%+v: %v", step, err)
			}
			if !slices.Contains(heard, SlotsTag(en.ID)) || slices.Contains(heard, StripTag(en.ID)) != (step.What == Say) {
				t.Errorf("%s has changed %v", step.What, heard)
			}
		}
		end := now()
		if end.Slot(Lead).Article != ids["draft"] || end.Slot(Second1) != (Slot{Article: ids["one"], Rule: Read}) || end.Place != Lead || end.Staff != 7 {
			t.Errorf("%+v", end)
		}
		for name, id := range map[string]int64{"another edition's": ids["other"], "a page": ids["page"], "none": 1 << 40} {
			if err := do(Deed{What: Pin, Place: Lead, Article: id}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s was pinned: %v", name, err)
			}
		}
		number--
		if err := do(Deed{What: Unpin, Place: Lead}); !fault.Is(err, fault.Conflict) || len(heard) != 0 {
			t.Errorf("on what was changed meanwhile: %v", err)
		}
		number++
		for i := range slices.Backward(was) {
			if err := do(Deed{What: Undo}); err != nil {
				t.Fatal(err)
			}
			if got := now().Arrangement; got.Slots != was[i].Slots || !got.Strip.equal(was[i].Strip) {
				t.Errorf("undone to %+v, want %+v", got, was[i])
			}
		}
		if now().CanUndo() {
			t.Error("there is something before the beginning")
		}
		if err := do(Deed{What: Restore, Number: 3}); err != nil || now().Slots != was[3].Slots {
			t.Errorf("%v %+v", err, now())
		}
		if err := do(Deed{What: Restore, Number: 999}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
		if err := do(Deed{What: Undo}); err != nil || now().Arranged() {
			t.Errorf("going back is not undone: %v %+v", err, now())
		}
		if v, err := s.Now(ctx, site.Editions[1].ID); err != nil || v.Number != 0 {
			t.Errorf("another edition's page was changed: %v", err)
		}

		// Of those who have seen the same one is first.
		results := make(chan error)
		for range 6 {
			go func() {
				results <- d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
					_, err := s.Do(ctx, tx, en, By{Name: "test", Seen: number}, Deed{What: Unpin, Place: Lead})
					return err
				})
			}()
		}
		first := 0
		for range 6 {
			if err := <-results; err == nil {
				first++
			} else if !fault.Is(err, fault.Conflict) {
				t.Errorf("at once with another: %v", err)
			}
		}
		if number++; first != 1 || now().Number != number {
			t.Errorf("%d were first", first)
		}

		// Of many changes the last are kept.
		err = tx(func(tx *db.Tx) error {
			for i := range keepVersions + 3 {
				_, err := s.Do(ctx, tx, en, By{Name: "test", Seen: number + i}, Deed{What: Say, Text: fmt.Sprint(i), Until: later})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if list, err := s.History(ctx, en.ID, 2*keepVersions); err != nil || len(list) != keepVersions || list[0].Strip.Text != fmt.Sprint(keepVersions+2) {
			t.Errorf("%d versions; %v", len(list), err)
		}
	})
}
