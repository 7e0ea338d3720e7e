package library

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/media"
)

// add takes what somebody says of a picture beside a text: words that the library has
// none of yet in that language, and under which licence and until when it may be shown.
func (l *Library) add(w http.ResponseWriter, r *desk.Request) error {
	m, err := l.one(r)
	if err != nil {
		return err
	}
	var in struct {
		Lang    string  `json:"lang"`
		Caption string  `json:"caption"`
		Alt     string  `json:"alt"`
		Credit  string  `json:"credit"`
		Licence *string `json:"licence"` // nil: nothing is said of either
		Until   string  `json:"until"`
	}
	if err := r.ReadJSON(&in); err != nil {
		return err
	}
	ctx := r.Context()
	site, err := l.Editions.Site(ctx)
	if err != nil {
		return err
	}
	ed, ok := site.ByLang(in.Lang)
	if !ok {
		return fault.Field("lang", "there is no edition in %q", in.Lang)
	}
	t := media.Text{Caption: oneLine(in.Caption), Alt: oneLine(in.Alt), Credit: oneLine(in.Credit)}
	if err := errors.Join(fits("caption", t.Caption, mostText), fits("alt", t.Alt, mostText), fits("credit", t.Credit, mostLine)); err != nil {
		return err
	}
	licence, expires := "", m.Expires
	if in.Licence != nil {
		licence, expires = oneLine(*in.Licence), time.Time{}
		if err := fits("licence", licence, mostLine); err != nil {
			return err
		}
		if in.Until != "" {
			at, err := time.ParseInLocation(time.DateOnly, in.Until, r.Zone)
			if err != nil {
				return of("expires", "date")
			}
			expires = at.AddDate(0, 0, 1) // to the end of that day
		}
	}
	var out struct {
		media.Shown
		Taken bool `json:"taken"` // the library has words of it now that it had not
	}
	err = l.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		taken, err := l.Media.Add(ctx, tx, site.Publication.ID, m.ID, ed.Lang, t)
		if err != nil {
			return err
		}
		out.Taken = taken != media.Text{}
		rights := in.Licence != nil && (licence != cmp.Or(m.Licence, m.Said.Licence) || !expires.Equal(m.Expires))
		if rights {
			if err := l.Media.SetRights(ctx, tx, site.Publication.ID, m.ID, licence, expires); err != nil {
				return err
			}
		}
		if !out.Taken && !rights {
			return nil
		}
		return note(r, tx, "describe", m.ID, map[string]any{"name": m.FileName})
	})
	if err != nil {
		return err
	}
	if m, err = l.one(r); err != nil {
		return err
	}
	out.Shown = m.Shown(l.Now().In(r.Zone), ed.Lang, site.Langs()...)
	return r.JSON(w, out)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func fits(field, s string, most int) error {
	switch {
	case strings.ToValidUTF8(s, "") != s || strings.ContainsFunc(s, unicode.IsControl):
		return of(field, "text")
	case len([]rune(s)) > most:
		return of(field, "long", "n", most)
	}
	return nil
}
