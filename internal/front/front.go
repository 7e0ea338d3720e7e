package front

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/article"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Place is where an article can stand on the front page.
type Place string

// The places.
const (
	Lead    Place = "lead"
	Second1 Place = "second1"
	Second2 Place = "second2"
	Second3 Place = "second3"
	Feature Place = "feature" // the long read on a dark ground
)

var places = [...]Place{Lead, Second1, Second2, Second3, Feature}

// Places are all of them, in the order in which they are read.
func Places() []Place { return places[:] }

func (p Place) index() int { return slices.Index(places[:], p) }

// Rule is how a place fills itself.
type Rule string

// The rules.
const (
	Auto    Rule = ""       // as the page does by itself: what is held at the top, else the newest
	Newest  Rule = "newest" // of all
	OfTopic Rule = "topic"  // the newest of a section or another shelf
	Read    Rule = "read"   // the most read
	Long    Rule = "long"   // the newest long read
)

// Rules are all of them, in the order in which they are offered.
func Rules() []Rule { return []Rule{Auto, Newest, OfTopic, Read, Long} }

// Slot is what is decided about a place.
type Slot struct {
	Article int64 `json:"article,omitempty"` // which is pinned; 0: none
	Until   int64 `json:"until,omitempty"`   // from which instant the rule fills the place; 0: never
	Rule    Rule  `json:"rule,omitempty"`
	Topic   int64 `json:"topic,omitempty"` // of OfTopic
}

// pinned is the article that is pinned at an instant; 0: none.
func (s Slot) pinned(now time.Time) int64 {
	if s.Until != 0 && now.UnixMilli() >= s.Until {
		return 0
	}
	return s.Article
}

// Strip is the breaking line.
type Strip struct {
	Text    string `json:"text"`
	Article int64  `json:"article,omitempty"` // which it leads to; 0: it leads nowhere
	Begins  int64  `json:"begins"`
	Ends    int64  `json:"ends"`
}

// At tells whether it is due at an instant.
func (s *Strip) At(now time.Time) bool {
	return s != nil && now.UnixMilli() >= s.Begins && now.UnixMilli() < s.Ends
}

// Next is the first instant after now at which that changes; zero: never.
func (s *Strip) Next(now time.Time) time.Time {
	switch n := now.UnixMilli(); {
	case s == nil || n >= s.Ends:
		return time.Time{}
	case n < s.Begins:
		return time.UnixMilli(s.Begins)
	}
	return time.UnixMilli(s.Ends)
}

// Arrangement is how a front page is arranged. The zero one leaves everything to the
// page.
type Arrangement struct {
	Slots [len(places)]Slot `json:"slots"`
	Strip *Strip            `json:"strip,omitempty"`
}

// Slot is what is decided about a place.
func (a Arrangement) Slot(p Place) Slot {
	if i := p.index(); i >= 0 {
		return a.Slots[i]
	}
	return Slot{}
}

// Arranged tells whether anything is decided about the places.
func (a Arrangement) Arranged() bool { return a.Slots != [len(places)]Slot{} }

// Pinned are the articles that are pinned at an instant, and when that changes.
func (a Arrangement) Pinned(now time.Time) (ids []int64, next time.Time) {
	for _, s := range a.Slots {
		if s.pinned(now) == 0 {
			continue
		}
		ids = append(ids, s.Article)
		if until := time.UnixMilli(s.Until); s.Until != 0 && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	return ids, next
}

// longRead is how many words make an article a long read: what takes 1,200 words in
// English takes 1,000 in Russian or Kazakh.
const longRead = 1000

// IsLong tells whether an article is a long read: one with a picture.
func IsLong(a article.Article) bool { return a.Words >= longRead && a.LeadID != 0 }

// Candidates are the articles that places are filled from, public ones all.
type Candidates struct {
	Pinned []article.Article // those of the pinned ones that are public
	Held   []article.Article // at the top, by their editors
	Newest []article.Article // of the edition
	Read   []article.Article // the most read, in their order
	// Of is the newest of a topic that free does not refuse; false: there is none.
	Of func(topic int64, free func(article.Article) bool) (article.Article, bool, error)
}

// Placed is what stands in a place.
type Placed struct {
	Place   Place
	Article article.Article
	Pinned  bool
}

// leadFrom is among how many of the newest one with a picture is looked for to lead.
const leadFrom = 4

// Fill puts an article into each place, as far as there are some; no article stands
// twice. What is pinned goes first wherever it stands, so that no rule takes it.
func (a Arrangement) Fill(now time.Time, c Candidates) ([]Placed, error) {
	var out [len(places)]*Placed
	taken := map[int64]bool{}
	put := func(i int, x article.Article, pinned bool) {
		taken[x.ID] = true
		out[i] = &Placed{places[i], x, pinned}
	}
	free := func(x article.Article) bool { return !taken[x.ID] }
	for i, s := range a.Slots {
		if id := s.pinned(now); id != 0 {
			at := slices.IndexFunc(c.Pinned, func(x article.Article) bool { return x.ID == id })
			if at >= 0 && free(c.Pinned[at]) {
				put(i, c.Pinned[at], true)
			}
		}
	}
	first := func(i int, lists ...[]article.Article) {
		for _, list := range lists {
			if at := slices.IndexFunc(list, free); at >= 0 && out[i] == nil {
				put(i, list[at], false)
			}
		}
	}
	for i, p := range places {
		if out[i] == nil {
			if err := a.byRule(i, c, free, func(x article.Article) { put(i, x, false) }); err != nil {
				return nil, err
			}
		}
		if out[i] == nil && p == Lead {
			first(i, c.Held, pictured(c.Newest[:min(len(c.Newest), leadFrom)]), c.Newest)
		}
		// A long read that is held behind the lead is kept for the place where it looks
		// best, unless that is decided otherwise.
		if last := len(places) - 1; p == Lead && out[last] == nil && a.Slots[last].Rule == Auto {
			first(last, long(c.Held))
		}
		if out[i] == nil && p != Feature {
			first(i, c.Held, c.Newest)
		}
		if out[i] == nil && p == Feature {
			first(i, long(c.Newest))
		}
	}
	var list []Placed
	for _, p := range out {
		if p != nil {
			list = append(list, *p)
		}
	}
	return list, nil
}

// byRule fills a place by a rule that the editors chose; there may be nothing by it.
func (a Arrangement) byRule(i int, c Candidates, free func(article.Article) bool, put func(article.Article)) error {
	var list []article.Article
	switch s := a.Slots[i]; s.Rule {
	case Newest:
		list = c.Newest
	case Read:
		list = c.Read
	case Long:
		list = slices.Concat(long(c.Held), long(c.Newest))
	case OfTopic:
		x, ok, err := c.Of(s.Topic, free)
		if ok {
			put(x)
		}
		return err
	}
	if at := slices.IndexFunc(list, free); at >= 0 {
		put(list[at])
	}
	return nil
}

func long(list []article.Article) []article.Article {
	return slices.DeleteFunc(slices.Clone(list), func(x article.Article) bool { return !IsLong(x) })
}

func pictured(list []article.Article) []article.Article {
	return slices.DeleteFunc(slices.Clone(list), func(x article.Article) bool { return x.LeadID == 0 })
}

// What can be done to an arrangement.
const (
	Pin     = "pin"     // Article into Place, until Until
	Unpin   = "unpin"   // Place fills itself
	Fall    = "rule"    // Place fills itself by Rule
	Move    = "move"    // what is decided about Place, or Article that stands there by itself, goes to To; those between move up or down
	Say     = "strip"   // the breaking line: Text, Article, Begins, Until
	End     = "end"     // no breaking line any more
	Undo    = "undo"    // the last change
	Restore = "restore" // as it was after change Number
)

// Deed is a change of an arrangement.
type Deed struct {
	What    string
	Place   Place
	To      Place
	Article int64
	Until   time.Time // zero: without an end
	Rule    Rule
	Topic   int64
	Text    string
	Begins  time.Time // zero: now
	Number  int
	Over    bool // a pin that no place is left for is let go
}

// mostText is how many signs the breaking line has room for.
const mostText = 200

func wrong(field, why string, args ...any) error {
	word := "arrange.wrong." + why
	if slices.Contains([]string{"past", "time", "gap", "twice"}, why) { // said of an article's times, too
		word = "write.wrong." + why
	}
	err := lang.Wrong(word, args...)
	err.Field = field
	return err
}

// apply carries out a deed that needs no history.
func (a *Arrangement) apply(d Deed, now time.Time) error {
	i := d.Place.index()
	switch d.What {
	case Pin, Unpin, Fall, Move:
		if i < 0 {
			return fault.Field("place", "there is no place %q", d.Place)
		}
	}
	if (d.What == Pin || d.What == Say) && !d.Until.IsZero() && !d.Until.After(now) {
		return wrong("until", "past")
	}
	switch d.What {
	case Pin:
		if d.Article == 0 {
			return wrong("article", "article")
		}
		for k := range a.Slots { // it leaves the place where it was
			if k != i && a.Slots[k].Article == d.Article {
				a.Slots[k].Article, a.Slots[k].Until = 0, 0
			}
		}
		if !a.pin(i, d, now) && !d.Over {
			return wrong("place", "full")
		}
	case Unpin:
		a.Slots[i].Article, a.Slots[i].Until = 0, 0
	case Fall:
		switch {
		case !slices.Contains(Rules(), d.Rule):
			return fault.Field("rule", "there is no rule %q", d.Rule)
		case d.Rule != OfTopic:
			d.Topic = 0
		case d.Topic == 0:
			return wrong("rule", "topic")
		}
		a.Slots[i].Rule, a.Slots[i].Topic = d.Rule, d.Topic
	case Move:
		to := d.To.index()
		if to < 0 {
			return fault.Field("to", "there is no place %q", d.To)
		}
		s := a.Slots[i]
		if s.pinned(now) == 0 {
			s.Article, s.Until = 0, 0
			if s.Rule == Auto { // nothing to move but what stood there
				s.Article = d.Article
			}
		}
		rest := slices.Delete(slices.Clone(a.Slots[:]), i, i+1)
		copy(a.Slots[:], slices.Insert(rest, to, s))
	case Say:
		d.Text = strings.TrimSpace(d.Text)
		switch {
		case d.Text == "":
			return wrong("text", "text")
		case utf8.RuneCountInString(d.Text) > mostText:
			return wrong("text", "long", "n", mostText)
		case d.Until.IsZero():
			return wrong("until", "end")
		}
		if d.Begins.IsZero() {
			d.Begins = now
		}
		a.Strip = &Strip{Text: d.Text, Article: d.Article, Begins: millis(d.Begins), Ends: millis(d.Until)}
	case End:
		a.Strip = nil
	default:
		return fault.New(fault.Invalid, "%q cannot be done to a front page", d.What)
	}
	return nil
}

// pin puts an article into a place. What is pinned there, and below it as far as
// pins follow one another, moves down by one: whoever adds an article does not mean to
// lose another. It reports whether all found room; the long read's place takes nobody
// in, and has no place below.
func (a *Arrangement) pin(i int, d Deed, now time.Time) bool {
	article, until := d.Article, millis(d.Until)
	for {
		s := &a.Slots[i]
		was := *s
		s.Article, s.Until = article, until
		if was.pinned(now) == 0 || was.Article == d.Article {
			return true
		}
		if i++; i >= Feature.index() {
			return false
		}
		article, until = was.Article, was.Until
	}
}

// Loses is the article whose pin a pin would cost; 0: none.
func (a Arrangement) Loses(d Deed, now time.Time) int64 {
	after := a
	d.Over = true
	if d.What != Pin || after.apply(d, now) != nil {
		return 0
	}
	for _, s := range a.Slots {
		if id := s.pinned(now); id != 0 && !slices.ContainsFunc(after.Slots[:], func(x Slot) bool { return x.pinned(now) == id }) {
			return id
		}
	}
	return 0
}

// toMinute is the first whole minute that is not before an instant. Ends are shown by
// the minute: one at 17:29:40 stands until 17:30, not until 17:29.
func toMinute(t time.Time) time.Time {
	if short := t.Truncate(time.Minute); short.Before(t) {
		return short.Add(time.Minute)
	}
	return t
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Version is an arrangement with how it came about. Number 0: nobody has arranged
// anything yet.
type Version struct {
	Arrangement
	Number  int
	Deed    string
	Place   Place
	Article int64
	Staff   int64 // 0: nobody with an account
	At      time.Time

	of, before int
}

// CanUndo tells whether there is something to go back to.
func (v Version) CanUndo() bool { return v.of != 0 }
