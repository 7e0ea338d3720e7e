package demo

import (
	"context"
	"time"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/front"
	"dateline/internal/richtext"
	"dateline/internal/topic"
)

// frontPage is how newsroom.json arranges the front page of every edition.
type frontPage struct {
	Lead   string
	Until  string // of the lead
	Beside []string
	Night  string
	Rules  map[front.Place]string // keys of sections
}

// putFront arranges the front pages as somebody at the desk would, one change after
// another, so that there is a history.
func (f *filler) putFront(ctx context.Context, tx *db.Tx) error {
	until, err := f.cal.at(f.n.Front.Until)
	if err != nil {
		return err
	}
	begins, err := since(f.cal.now, f.n.Breaking.From)
	if err != nil {
		return err
	}
	ends, err := since(f.cal.now, f.n.Breaking.To)
	if err != nil {
		return err
	}
	for _, e := range f.site.Editions {
		var deeds []front.Deed
		for _, p := range front.Places() {
			if t, ok := f.topics[string(topic.Section)+"/"+f.n.Front.Rules[p]]; ok {
				deeds = append(deeds, front.Deed{What: front.Fall, Place: p, Rule: front.OfTopic, Topic: t.ID})
			}
		}
		pin := func(p front.Place, key string, until time.Time) {
			if id := f.ids["article/"+key+"/"+e.Lang]; id != 0 {
				deeds = append(deeds, front.Deed{What: front.Pin, Place: p, Article: id, Until: until})
			}
		}
		pin(front.Feature, f.n.Front.Night, time.Time{})
		for i, p := range front.Places()[1:min(len(f.n.Front.Beside)+1, len(front.Places())-1)] {
			pin(p, f.n.Front.Beside[i], time.Time{})
		}
		if !until.After(f.cal.now) {
			until = time.Time{}
		}
		pin(front.Lead, f.n.Front.Lead, until)
		if text := f.n.Breaking.Text[e.Lang]; text != "" {
			deeds = append(deeds, front.Deed{What: front.Say, Text: richtext.InlineText(text), Begins: begins, Until: ends})
		}
		if err := f.arrange(ctx, tx, e, deeds); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) arrange(ctx context.Context, tx *db.Tx, e edition.Edition, deeds []front.Deed) error {
	for i, d := range deeds {
		if _, err := f.Front.Do(ctx, tx, e, front.By{Name: "dateline demo", Seen: i}, d); err != nil {
			return err
		}
	}
	return nil
}
