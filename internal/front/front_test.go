package front

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/fault"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

func longOne(id int64) article.Article { return article.Article{ID: id, Words: longRead, LeadID: 1} }

func short(ids ...int64) (list []article.Article) {
	for _, id := range ids {
		list = append(list, article.Article{ID: id, Words: 300})
	}
	return list
}

func said(list []Placed) string {
	var top, feature []string
	for _, p := range list {
		if p.Place == Feature {
			feature = append(feature, fmt.Sprint(p.Article.ID))
		} else {
			top = append(top, fmt.Sprint(p.Article.ID))
		}
	}
	return strings.Join(top, " ") + " | " + strings.Join(feature, " ")
}

// TestUnarranged: what is held stands in front, a long read of it apart; the rest is
// new, and nothing stands twice.
func TestUnarranged(t *testing.T) {
	pictured := article.Article{ID: 3, Words: 300, LeadID: 1}
	newest := append(short(1, 2), append([]article.Article{pictured}, short(4, 5, 6)...)...)
	for name, c := range map[string]struct {
		held, newest []article.Article
		want         string
	}{
		"nothing":                       {nil, nil, " | "},
		"nothing held":                  {nil, newest, "3 1 2 4 | "},
		"nothing with a picture":        {nil, short(1, 2), "1 2 | "},
		"a picture too far down":        {nil, append(short(1, 2, 4, 5), pictured), "1 2 4 5 | "},
		"one held":                      {short(9), newest, "9 1 2 3 | "},
		"one held that is new":          {short(2), newest, "2 1 3 4 | "},
		"four held":                     {short(9, 8, 7, 2), newest, "9 8 7 2 | "},
		"more held than there is room":  {short(9, 8, 7, 2, 11), newest, "9 8 7 2 | "},
		"a long one is the lead":        {[]article.Article{longOne(9)}, newest, "9 1 2 3 | "},
		"a long one behind the lead":    {append(short(9), longOne(8)), newest, "9 1 2 3 | 8"},
		"a long one that is new":        {append(short(9), longOne(1)), newest, "9 2 3 4 | 1"},
		"a long one between":            {[]article.Article{short(9)[0], longOne(8), short(7)[0]}, newest, "9 7 1 2 | 8"},
		"two long ones behind the lead": {[]article.Article{short(9)[0], longOne(8), longOne(7)}, newest, "9 7 1 2 | 8"},
		"a long one after four":         {append(short(9, 8, 7, 6), longOne(5)), newest, "9 8 7 6 | 5"},
		"a long one without a picture":  {append(short(9), article.Article{ID: 8, Words: longRead}), newest, "9 8 1 2 | "},
		"a long one among the newest":   {short(9, 8, 7, 6), append(newest, longOne(5)), "9 8 7 6 | 5"},
		"a long one that is in front":   {short(9), append([]article.Article{longOne(1)}, newest[1:]...), "9 1 2 3 | "},
	} {
		got, err := Arrangement{}.Fill(noon, Candidates{Held: c.held, Newest: c.newest})
		if err != nil || said(got) != c.want {
			t.Errorf("%s: %s, want %s; %v", name, said(got), c.want, err)
		}
	}
}

// TestFill: pins before rules, rules before what is new; what readers may not see and
// what has had its time leaves its place to the rule.
func TestFill(t *testing.T) {
	newest := append(short(1, 2, 3, 4, 5, 6), longOne(7))
	all := Candidates{Newest: newest, Pinned: short(2, 5, 30), Read: short(6, 1),
		Of: func(topic int64, free func(article.Article) bool) (article.Article, bool, error) {
			for _, a := range map[int64][]article.Article{70: short(3, 40)}[topic] {
				if free(a) {
					return a, true, nil
				}
			}
			return article.Article{}, false, nil
		}}
	past, later := noon.UnixMilli(), noon.UnixMilli()+1
	for name, c := range map[string]struct {
		slots [5]Slot
		want  string
	}{
		"a pin leads":                              {[5]Slot{{Article: 5}}, "5 1 2 3 | 7"},
		"a pin below is not taken from there":      {[5]Slot{{}, {}, {Article: 2}}, "1 3 2 4 | 7"},
		"a pin until later":                        {[5]Slot{{Article: 5, Until: later}}, "5 1 2 3 | 7"},
		"a pin that has ended at this instant":     {[5]Slot{{Article: 5, Until: past}}, "1 2 3 4 | 7"},
		"a pin that is not public":                 {[5]Slot{{Article: 99}}, "1 2 3 4 | 7"},
		"a pin that is not public, with a rule":    {[5]Slot{{Article: 99, Rule: Read}}, "6 1 2 3 | 7"},
		"of a topic":                               {[5]Slot{{}, {Rule: OfTopic, Topic: 70}}, "1 3 2 4 | 7"},
		"of a topic, twice":                        {[5]Slot{{Rule: OfTopic, Topic: 70}, {Rule: OfTopic, Topic: 70}}, "3 40 1 2 | 7"},
		"of a topic with nothing left":             {[5]Slot{{Rule: OfTopic, Topic: 71}}, "1 2 3 4 | 7"},
		"the most read":                            {[5]Slot{{}, {}, {}, {Rule: Read}}, "1 2 3 6 | 7"},
		"the most read stands above":               {[5]Slot{{Rule: Read}, {Rule: Read}, {Rule: Read}}, "6 1 2 3 | 7"},
		"the newest instead of what has a picture": {[5]Slot{{Rule: Newest}}, "1 2 3 4 | 7"},
		"a long read leads":                        {[5]Slot{{Rule: Long}}, "7 1 2 3 | "},
		"a short one as the long read":             {[5]Slot{4: {Article: 30}}, "1 2 3 4 | 30"},
		"another rule for the long read":           {[5]Slot{4: {Rule: Newest}}, "1 2 3 4 | 5"},
		"the same pinned twice":                    {[5]Slot{{Article: 5}, {Article: 5}}, "5 1 2 3 | 7"},
	} {
		got, err := Arrangement{Slots: c.slots}.Fill(noon, all)
		if err != nil || said(got) != c.want {
			t.Errorf("%s: %s, want %s; %v", name, said(got), c.want, err)
		}
	}
}

// TestFillOnce: whatever is decided, nothing stands twice and no place stays empty
// while there is something.
func TestFillOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	for range 3000 {
		var a Arrangement
		some := func(n int) (list []article.Article) {
			for range rng.IntN(n) {
				x := article.Article{ID: 1 + rng.Int64N(12), Words: rng.IntN(2) * longRead, LeadID: rng.Int64N(2)}
				list = append(list, x)
			}
			return list
		}
		for i := range a.Slots {
			a.Slots[i] = Slot{Article: rng.Int64N(14), Rule: Rules()[rng.IntN(len(Rules()))], Topic: 1}
		}
		c := Candidates{Pinned: some(6), Held: some(6), Newest: some(20), Read: some(5),
			Of: func(_ int64, free func(article.Article) bool) (article.Article, bool, error) {
				for _, x := range some(3) {
					if free(x) {
						return x, true, nil
					}
				}
				return article.Article{}, false, nil
			}}
		got, err := a.Fill(noon, c)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int64]bool{}
		for _, p := range got {
			if seen[p.Article.ID] {
				t.Fatalf("%d stands twice: %s", p.Article.ID, said(got))
			}
			seen[p.Article.ID] = true
		}
		free := 0
		for _, x := range c.Newest {
			if !seen[x.ID] {
				free++
			}
		}
		top := len(got)
		if top > 0 && got[top-1].Place == Feature {
			top--
		}
		if top < 4 && free > 0 {
			t.Fatalf("%d of four places with %d articles left: %s", top, free, said(got))
		}
	}
}

func TestApply(t *testing.T) {
	pins := func(ids ...int64) (a Arrangement) {
		for i, id := range ids {
			a.Slots[i].Article = id
		}
		return a
	}
	later := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		from Arrangement
		d    Deed
		want Arrangement
	}{
		"pin":                             {pins(), Deed{What: Pin, Place: Second2, Article: 7}, pins(0, 0, 7)},
		"pin over another":                {pins(0, 0, 6), Deed{What: Pin, Place: Second2, Article: 7}, pins(0, 0, 7, 6)},
		"pin above others":                {pins(1, 2, 0, 4), Deed{What: Pin, Place: Lead, Article: 7}, pins(7, 1, 2, 4)},
		"pin above one that had its time": {Arrangement{Slots: [5]Slot{{Article: 1}, {Article: 2, Until: noon.UnixMilli()}}}, Deed{What: Pin, Place: Lead, Article: 7}, pins(7, 1)},
		"pin the last of a row in front":  {pins(1, 2, 3, 4), Deed{What: Pin, Place: Lead, Article: 4}, pins(4, 1, 2, 3)},
		"pin again, with another end":     {pins(1, 2), Deed{What: Pin, Place: Lead, Article: 1, Until: later}, Arrangement{Slots: [5]Slot{{Article: 1, Until: later.UnixMilli()}, {Article: 2}}}},
		"pin though one is lost":          {pins(1, 2, 3, 4, 5), Deed{What: Pin, Place: Second1, Article: 7, Over: true}, pins(1, 7, 2, 3, 5)},
		"another long read":               {pins(1, 0, 0, 0, 5), Deed{What: Pin, Place: Feature, Article: 7, Over: true}, pins(1, 0, 0, 0, 7)},
		"pin what stands elsewhere":       {pins(7, 8), Deed{What: Pin, Place: Second1, Article: 7}, pins(0, 7, 8)},
		"unpin":                           {pins(7, 8), Deed{What: Unpin, Place: Lead}, pins(0, 8)},
		"up":                              {pins(1, 2, 3), Deed{What: Move, Place: Second2, To: Lead}, pins(3, 1, 2)},
		"down":                            {pins(1, 2, 3), Deed{What: Move, Place: Lead, To: Second1}, pins(2, 1, 3)},
		"to where it is":                  {pins(1, 2, 3), Deed{What: Move, Place: Lead, To: Lead}, pins(1, 2, 3)},
		"what stood there by itself goes": {pins(1), Deed{What: Move, Place: Second2, To: Second1, Article: 9}, pins(1, 9)},
		"end":                             {Arrangement{Strip: &Strip{Text: "x"}}, Deed{What: End}, Arrangement{}},
	} {
		if err := c.from.apply(c.d, noon); err != nil || c.from != c.want {
			t.Errorf("%s: %v, want %v; %v", name, c.from.Slots, c.want.Slots, err)
		}
	}
	// What would be lost is told, and nothing is without being asked about.
	full := pins(1, 2, 3, 4, 5)
	for place, want := range map[Place]int64{Lead: 4, Second3: 4, Feature: 5} {
		d := Deed{What: Pin, Place: place, Article: 7}
		if got := full.Loses(d, noon); got != want {
			t.Errorf("a pin in %s costs %d, want %d", place, got, want)
		}
		try := full
		if err := try.apply(d, noon); !fault.Is(err, fault.Invalid) || err.(*fault.Error).Word != "arrange.wrong.full" {
			t.Errorf("a pin in %s, where there is no room: %v", place, err)
		}
	}
	if got := pins(1, 2).Loses(Deed{What: Pin, Place: Lead, Article: 7}, noon); got != 0 {
		t.Errorf("a pin that has room costs %d", got)
	}
	a := pins(7)
	for _, d := range []Deed{{What: Pin, Place: Lead, Article: 7, Until: later}, {What: Fall, Place: Lead, Rule: OfTopic, Topic: 4}, {What: Move, Place: Lead, To: Feature}} {
		if err := a.apply(d, noon); err != nil {
			t.Fatal(err)
		}
	}
	if want := (Slot{Article: 7, Until: later.UnixMilli(), Rule: OfTopic, Topic: 4}); a.Slot(Feature) != want || a.Slot(Lead) != (Slot{}) {
		t.Errorf("moved: %v", a.Slots)
	}
	if ids, next := a.Pinned(noon); len(ids) != 1 || !next.Equal(later) {
		t.Errorf("pinned %v until %v", ids, next)
	}
	if ids, _ := a.Pinned(later); len(ids) != 0 {
		t.Errorf("still pinned at its end: %v", ids)
	}
	// A pin whose time is over is no decision that moves.
	if err := a.apply(Deed{What: Move, Place: Feature, To: Second1, Article: 9}, later); err != nil || a.Slot(Second1) != (Slot{Rule: OfTopic, Topic: 4}) {
		t.Errorf("moved after its end: %v %v", a.Slots, err)
	}
	if err := a.apply(Deed{What: Say, Text: " Fog ", Article: 3, Until: later}, noon); err != nil || *a.Strip != (Strip{"Fog", 3, noon.UnixMilli(), later.UnixMilli()}) {
		t.Errorf("%+v %v", a.Strip, err)
	}
	for at, want := range map[time.Time]bool{noon.Add(-1): false, noon: true, later.Add(-time.Millisecond): true, later: false} {
		if a.Strip.At(at) != want {
			t.Errorf("at %v the line is due: %v", at, !want)
		}
	}
	if (*Strip)(nil).At(noon) || !a.Strip.Next(noon.Add(-time.Hour)).Equal(noon) || !a.Strip.Next(noon).Equal(later) || !a.Strip.Next(later).IsZero() {
		t.Error("when the line changes is not known")
	}
}

func TestToMinute(t *testing.T) {
	for at, want := range map[time.Duration]time.Duration{0: 0, time.Millisecond: time.Minute, 40 * time.Second: time.Minute, time.Minute: time.Minute} {
		if got := toMinute(noon.Add(at)); !got.Equal(noon.Add(want)) {
			t.Errorf("an end at %v is shown as %v", at, got)
		}
	}
}

func TestRefused(t *testing.T) {
	for field, d := range map[string]Deed{
		"place":   {What: Pin, Place: "third", Article: 1},
		"to":      {What: Move, Place: Lead, To: "third"},
		"article": {What: Pin, Place: Lead},
		"until":   {What: Pin, Place: Lead, Article: 1, Until: noon},
		"rule":    {What: Fall, Place: Lead, Rule: OfTopic},
		"text":    {What: Say, Text: " ", Until: noon.Add(1)},
	} {
		a := Arrangement{}
		if err := a.apply(d, noon); !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), field) || a != (Arrangement{}) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	for _, d := range []Deed{{What: "x"}, {What: Say, Text: strings.Repeat("ю", mostText+1), Until: noon.Add(1)}, {What: Say, Text: "x"}, {What: Fall, Place: Lead, Rule: "x"}} {
		if err := new(Arrangement).apply(d, noon); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", d, err)
		}
	}
}
