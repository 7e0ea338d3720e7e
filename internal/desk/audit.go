package desk

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/audit"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
)

const (
	auditPath = "/desk/audit"
	perPage   = 50
)

// audit hangs the log.
func (d *Desk) audit(pages *Templates) {
	d.Menu(Entry{Group: House, Order: 90, Word: "desk.menu.audit", Path: auditPath, Icon: "log", Permission: user.ReadAudit})
	d.Handle(Route{Method: "GET", Pattern: auditPath, Room: "desk", Permission: user.ReadAudit, Serve: func(w http.ResponseWriter, r *Request) error {
		return d.log(w, r, pages)
	}})
}

type auditData struct {
	Who, What, Kind, ID, From, To, Text Field
	Deeds                               []deed
	Older                               string // where the page before these begins
	Searched                            bool
	Path                                string
}

func (d *Desk) log(w http.ResponseWriter, r *Request, pages *Templates) error {
	q := r.URL.Query()
	known, err := audit.Names(r.Context(), d.o.DB)
	if err != nil {
		return err
	}
	anything := Choice{Label: r.T("desk.audit.all")}
	data := auditData{Path: auditPath,
		Who:  Field{Kind: "choice", Name: "who", Label: r.T("desk.audit.who"), Choices: choices(anything, known.Actors, func(s string) string { return s })},
		What: Field{Kind: "choice", Name: "what", Label: r.T("desk.audit.what"), Choices: choices(anything, known.Actions, r.anyAction(known.Kinds))},
		Kind: Field{Kind: "choice", Name: "kind", Label: r.T("desk.audit.kind"), Choices: choices(anything, known.Kinds, r.kind)},
		ID:   Field{Kind: "number", Name: "id", Label: r.T("desk.audit.id")},
		From: Field{Kind: "date", Name: "from", Label: r.T("desk.audit.from")},
		To:   Field{Kind: "date", Name: "to", Label: r.T("desk.audit.to")},
		Text: Field{Kind: "search", Name: "q", Label: r.T("desk.audit.text"), Hint: r.T("desk.audit.text_hint")},
	}
	f := audit.Filter{Actor: q.Get("who"), Action: q.Get("what"), Kind: q.Get("kind"), Text: strings.TrimSpace(q.Get("q"))}
	data.Text.Value = f.Text
	for field, value := range map[*Field]string{&data.Who: f.Actor, &data.What: f.Action, &data.Kind: f.Kind} {
		field.Choices = Choose(field.Choices, value)
	}
	data.ID.Value, data.From.Value, data.To.Value = q.Get("id"), q.Get("from"), q.Get("to")
	f.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64) // no number: the newest page
	var wrong []error
	if data.ID.Value != "" {
		if f.RefID, err = strconv.ParseInt(data.ID.Value, 10, 64); err != nil {
			wrong, data.ID.Value = append(wrong, field(lang.Wrong("desk.audit.wrong_id"), "id")), "" // no browser shows it in such a field
		}
	}
	for _, bound := range []struct {
		field *Field
		into  *time.Time
		days  int
	}{{&data.From, &f.From, 0}, {&data.To, &f.To, 1}} {
		if bound.field.Value == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, bound.field.Value, r.Zone)
		if err != nil {
			wrong, bound.field.Value = append(wrong, field(lang.Wrong("desk.audit.wrong_date"), bound.field.Name)), ""
			continue
		}
		*bound.into = day.AddDate(0, 0, bound.days)
	}
	data.Searched = f != audit.Filter{Before: f.Before}
	page := Page{Title: r.T("desk.menu.audit"), From: pages, Name: "audit", Data: &data}
	if len(wrong) > 0 {
		err := errors.Join(wrong...)
		Mark(r.L, err, &data.ID, &data.From, &data.To)
		return r.Again(w, page, err)
	}
	list, seen, more, err := audit.Find(r.Context(), d.o.DB, f, perPage)
	if err != nil {
		return err
	}
	if data.Deeds, err = d.deeds(r, list); err != nil {
		return err
	}
	if more {
		q.Set("before", strconv.FormatInt(seen, 10))
		data.Older = auditPath + "?" + q.Encode()
	}
	return r.Show(w, page)
}

// anyAction names an action by the first kind of thing that has words for it.
func (r *Request) anyAction(kinds []string) func(string) string {
	return func(action string) string {
		for _, kind := range kinds {
			if key := deedWord(kind, action); r.L.Has(key) {
				return r.T(key)
			}
		}
		return action
	}
}

func choices(first Choice, values []string, label func(string) string) []Choice {
	out := []Choice{first}
	for _, v := range values {
		out = append(out, Choice{Value: v, Label: label(v)})
	}
	return out
}

func field(err *fault.Error, name string) error {
	err.Field = name
	return err
}
