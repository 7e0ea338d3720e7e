package editor

import (
	"net/http"

	"dateline/internal/author"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/topic"
)

// added is something that was made while an article was filed.
type added struct {
	Name string `json:"name"`
	Lang string `json:"lang"`
}

func (e *Editor) adding(r *desk.Request) (in added, err error) {
	if err = r.ReadJSON(&in); err != nil {
		return in, err
	}
	if in.Name = one(in.Name); in.Name == "" || len([]rune(in.Name)) > 120 {
		return in, wrong("name", "name")
	}
	site, err := e.Editions.Site(r.Context())
	if err != nil {
		return in, err
	}
	ed, ok := site.ByLang(in.Lang)
	if !ok {
		return in, fault.Field("lang", "there is no edition in %q", in.Lang)
	}
	in.Lang = ed.Lang
	return in, nil
}

// add answers a script that wants something made which has a name: with what f gives
// for it, its id and whether it was not there before.
func (e *Editor) add(w http.ResponseWriter, r *desk.Request, kind string, f func(*db.Tx, added) (id int64, fresh bool, err error)) error {
	in, err := e.adding(r)
	if err != nil {
		return err
	}
	out := named{Name: in.Name}
	err = e.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		id, fresh, err := f(tx, in)
		if out.ID = id; err != nil || !fresh {
			return err
		}
		return e.note(r, tx, kind, "add", id, map[string]any{"name": in.Name})
	})
	if err != nil {
		return err
	}
	return r.JSON(w, out)
}

func first(ids []int64, err error) (int64, bool, error) {
	if err != nil {
		return 0, false, err
	}
	return ids[0], true, nil
}

// addTag makes a tag, or gives the one that is called so in any language.
func (e *Editor) addTag(w http.ResponseWriter, r *desk.Request) error {
	return e.add(w, r, "topic", func(tx *db.Tx, in added) (int64, bool, error) {
		known, ok, err := e.Topics.ByName(r.Context(), tx, r.Newsroom.ID, topic.Tag, in.Name)
		if ok || err != nil {
			return known, false, err
		}
		return first(e.Topics.Put(r.Context(), tx, r.Newsroom.ID, []topic.Topic{{Kind: topic.Tag, Names: map[string]topic.Name{in.Lang: {Name: in.Name}}}}))
	})
}

// addPerson makes a contributor, or makes one of the person who is called so.
func (e *Editor) addPerson(w http.ResponseWriter, r *desk.Request) error {
	return e.add(w, r, "contributor", func(tx *db.Tx, in added) (int64, bool, error) {
		known, _, err := e.Entities.Find(r.Context(), tx, r.Newsroom.ID, entity.Person, in.Name)
		if err != nil {
			return 0, false, err
		}
		return first(e.Authors.Put(r.Context(), tx, r.Newsroom.ID, []author.Contributor{{EntityID: known, Names: map[string]string{in.Lang: in.Name}}}))
	})
}

// addPlace makes a place, or gives the one that is called so.
func (e *Editor) addPlace(w http.ResponseWriter, r *desk.Request) error {
	return e.add(w, r, "entity", func(tx *db.Tx, in added) (int64, bool, error) {
		known, ok, err := e.Entities.Find(r.Context(), tx, r.Newsroom.ID, entity.Place, in.Name)
		if ok || err != nil {
			return known, false, err
		}
		return first(e.Entities.Put(r.Context(), tx, r.Newsroom.ID, []entity.Entity{{Kind: entity.Place, Names: map[string]string{in.Lang: in.Name}}}))
	})
}
