package editor

import (
	"net/http"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/user"
)

// save takes a text that was made on a version, and answers with the version that
// it is now, and the text where that is not what was sent.
func (e *Editor) save(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	if err := e.writes(r, t); err != nil {
		return err
	}
	var in struct {
		Version int                `json:"version"`
		Text    article.Manuscript `json:"text"`
		Tab     string             `json:"tab"`
	}
	if err := r.ReadJSON(&in); err != nil {
		return err
	}
	if len(in.Tab) > 40 {
		return fault.New(fault.Invalid, "a page with a name of %d bytes", len(in.Tab))
	}
	if in.Text.Body, err = parsed(in.Text.Body, t.ed.Lang); err != nil {
		return err
	}
	sent := in.Text
	var c article.Copy
	var clash bool
	err = e.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		var err error
		c, clash, err = e.Articles.SaveFrom(r.Context(), tx, t.ID, in.Version, in.Text, r.Who.ID, in.Tab)
		return err
	})
	if err != nil {
		return err
	}
	out := struct {
		Version int                 `json:"version"`
		State   string              `json:"state"`
		Clash   bool                `json:"clash"`
		Saved   string              `json:"saved"`
		Changed bool                `json:"changed"` // from what readers see
		Text    *article.Manuscript `json:"text,omitempty"`
	}{Changed: true, Version: c.Version, State: string(c.State), Clash: clash, Saved: r.L.Time(c.At.In(r.Zone))}
	if !c.Text.Equal(sent) {
		out.Text = &c.Text
	}
	if t.Visibility().Public(e.Now()) {
		if out.Changed, err = e.changed(r, t, c.Text); err != nil {
			return err
		}
	}
	return r.JSON(w, out)
}

// here tells who else has the article open, and whether its text has changed.
func (e *Editor) here(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	var in struct {
		Tab   string `json:"tab"`
		Block string `json:"block"`
		Place int    `json:"place"`
		Gone  bool   `json:"gone"`
	}
	if err := r.ReadJSON(&in); err != nil {
		return err
	}
	if in.Tab == "" || len(in.Tab) > 40 || len(in.Block) > 40 {
		return fault.New(fault.Invalid, "a page without a name of its own")
	}
	me := article.Here{Tab: in.Tab, Staff: r.Who.ID, Name: r.Who.Name, Block: in.Block, Place: in.Place}
	if in.Gone {
		me.Name = ""
	}
	others, err := e.Articles.SetHere(r.Context(), t.ID, me)
	if err != nil {
		return err
	}
	version, err := e.Articles.VersionNow(r.Context(), t.ID)
	if err != nil {
		return err
	}
	type other struct {
		Tab   string `json:"tab"`
		Name  string `json:"name"`
		Own   bool   `json:"own"`
		Tone  int64  `json:"tone"`
		Block string `json:"block"`
		Place int    `json:"place"`
	}
	out := struct {
		Version int     `json:"version"`
		Here    []other `json:"here"`
	}{version, []other{}}
	for _, o := range others {
		out.Here = append(out.Here, other{o.Tab, o.Name, o.Staff == r.Who.ID, o.Staff % 6, o.Block, o.Place})
	}
	return r.JSON(w, out)
}
