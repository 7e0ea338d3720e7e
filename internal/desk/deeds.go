package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dateline/internal/audit"
	"dateline/internal/lang"
)

// Thing is what an entry of the log is of, as other rooms name it: its name of now,
// and where it is at the desk. What it is not known of is empty.
type Thing struct{ Name, Lang, Path string }

// deed is an entry of the log, in words.
type deed struct {
	At      time.Time
	Actor   string
	Command bool   // not somebody with an account
	What    string // in words where there are some
	Thing   Thing  // its name as it was, else that of now, else its kind and number; no name where the deed says it
	More    []detail
}

type detail struct {
	Name  string
	Value Thing
}

// deeds puts entries into words.
func (d *Desk) deeds(r *Request, list []audit.Entry) ([]deed, error) {
	all := make([]map[string]any, len(list))
	ids := map[string][]int64{}
	for i, e := range list {
		raw, _ := e.Detail.(json.RawMessage)
		_ = json.Unmarshal(raw, &all[i]) // what is no object has no details
		ids[e.Kind] = append(ids[e.Kind], e.RefID)
		for key, value := range all[i] {
			if id, ok := value.(float64); ok {
				if kind := refersTo(e.Kind, key); kind != "" {
					ids[kind] = append(ids[kind], int64(id))
				}
			}
		}
	}
	known := map[string]map[int64]Thing{}
	if d.o.Things != nil {
		for kind, list := range ids {
			slices.Sort(list)
			var err error
			if known[kind], err = d.o.Things(r, kind, slices.Compact(list)); err != nil {
				return nil, err
			}
		}
	}
	out := make([]deed, len(list))
	for i, e := range list {
		out[i] = deed{At: e.At, Actor: e.Actor, Command: e.ActorID == 0, What: r.action(e.Kind, e.Action), More: r.details(e.Kind, all[i], known)}
		if e.Kind == "staff" && e.RefID == e.ActorID {
			continue // somebody's own account
		}
		now, was := known[e.Kind][e.RefID], ""
		if name, ok := all[i]["name"].(string); ok {
			was = name
		}
		out[i].Thing = Thing{Name: cmp.Or(was, now.Name, r.kind(e.Kind)), Path: now.Path}
		if was == "" {
			out[i].Thing.Lang = now.Lang
		}
		if was == "" && now.Name == "" && e.RefID != 0 {
			out[i].Thing.Name = fmt.Sprintf("%s %d", r.kind(e.Kind), e.RefID)
		}
	}
	return out, nil
}

// refersTo is of what kind the thing is whose number a detail is; empty: it is none.
func refersTo(kind, key string) string {
	switch {
	case key == "article", kind == "article" && (key == "from" || key == "parent"):
		return "article"
	case key == "topic":
		return "topic"
	}
	return ""
}

// action is what was done, in words: audit.KIND.ACTION of the locales.
func (r *Request) action(kind, action string) string {
	if key := deedWord(kind, action); r.L.Has(key) {
		return r.T(key)
	}
	return kind + ": " + action
}

// deedWord is the key of a deed's words. Some rooms write the kind into the action.
func deedWord(kind, action string) string {
	return "audit." + kind + "." + strings.TrimPrefix(action, kind+".")
}

func (r *Request) kind(kind string) string {
	if key := "audit.kind." + kind; r.L.Has(key) {
		return r.T(key)
	}
	return kind
}

// details are what the log has of a deed besides the thing's name, for people to read.
func (r *Request) details(kind string, all map[string]any, known map[string]map[int64]Thing) (more []detail) {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		value := all[key]
		if key == "name" || slices.Contains(inside, key) || value == nil || value == "" || value == false {
			continue
		}
		d := detail{Name: key}
		if word := "audit.detail." + key; r.L.Has(word) {
			d.Name = r.T(word)
		}
		if id, ok := value.(float64); ok {
			d.Value = known[refersTo(kind, key)][int64(id)]
		}
		if d.Value.Name == "" {
			d.Value = Thing{Name: r.worth(kind, key, value)}
		}
		more = append(more, d)
	}
	return more
}

// worth is a value of a detail in words: instants in the newsroom's time, languages,
// roles, places and the like by their names.
func (r *Request) worth(kind, key string, value any) string {
	switch v := value.(type) {
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return r.L.DateTime(at.In(r.Zone))
		}
		if word, ok := r.word(kind, key, v); ok {
			return word
		}
		return v
	case float64:
		return number(r.L, int64(v))
	case bool:
		return r.T("audit.yes")
	}
	deep, _ := json.Marshal(value) // it came from JSON
	return string(deep)
}

// word is what a value is called that programs, too, use as a name.
func (r *Request) word(kind, key, value string) (string, bool) {
	switch key {
	case "edition", "lang", "was_lang", "new_lang":
		return tongueName(value)
	case "from", "to":
		if kind == "glossary" {
			return tongueName(value)
		}
	}
	for _, prefix := range valueWords[kind+"."+key] {
		if r.L.Has(prefix + value) {
			return r.T(prefix + value), true
		}
	}
	return "", false
}

// valueWords are where the words of such values are.
var valueWords = map[string][]string{
	"front.place": {"arrange.place."}, "front.to": {"arrange.place."}, "front.rule": {"audit.rule.", "arrange.rule."},
	"staff.role": {"user.role."}, "staff.was": {"user.role."}, "staff.via": {"user.via."},
	"article.change": {"write.change."}, "article.kind": {"told.kind.", "remark.kind."},
}

// inside are numbers by which programs know a thing that has no name.
var inside = []string{"link", "told", "remark", "into"}

func tongueName(tag string) (string, bool) {
	l := lang.Of(tag)
	return l.Title(l.Name()), l.Name() != ""
}
