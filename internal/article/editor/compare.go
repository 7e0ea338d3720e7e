package editor

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/compare"
	"dateline/internal/desk"
	"dateline/internal/richtext"
	"dateline/internal/user"
)

// side is one of two texts that are compared.
type side struct {
	Name   string
	At     time.Time
	Who    string
	Why    string
	Number int // of a revision; 0: the working copy
}

// piece is a stretch of words with one fate.
type piece struct {
	Op, Text             string
	Strong, Em, Link, By bool
}

// row is a row of words, in the layout that it is read in.
type row struct {
	Class  string // of how it is set
	Pieces []piece
}

// pair is what stands beside each other.
type pair struct {
	Old, New []row
	Same     bool
	Moved    bool
	N        int // of the change; 0: none
}

type compareData struct {
	Path     string
	A, B     side
	As, Bs   []desk.Choice
	Pairs    []pair
	Changes  int
	Added    int
	Removed  int
	Lang     string
	CanWrite bool
}

// compare sets two revisions, or one and the text at work, beside each other.
func (e *Editor) compare(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	ctx := r.Context()
	list, err := e.Articles.Revisions(ctx, t.ID)
	if err != nil {
		return err
	}
	copy, err := e.Articles.Working(ctx, e.DB, t.Article)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	a, b := int(number(q.Get("a"))), int(number(q.Get("b")))
	if q.Get("b") == "" && !copy.Stored() && len(list) > 0 {
		b = list[len(list)-1].Number
	}
	if q.Get("a") == "" && len(list) > 0 {
		a = list[len(list)-1].Number
		if a == b && len(list) > 1 {
			a = list[len(list)-2].Number
		}
	}
	names, err := e.staff(ctx, t.site)
	if err != nil {
		return err
	}
	data := compareData{Path: path(t.ID), Lang: t.ed.Lang, CanWrite: e.writes(r, t) == nil}
	texts := make([]article.Manuscript, 2)
	for i, n := range []int{a, b} {
		s := side{Name: r.T("write.working_copy"), At: copy.At, Who: names[copy.By]}
		texts[i] = copy.Text
		if n != 0 {
			rev, err := e.Articles.RevisionOf(ctx, t.ID, n)
			if err != nil {
				return err
			}
			s = side{Name: r.T("write.revision", "n", n), At: rev.At, Who: rev.Actor, Number: n}
			if rev.Why != "" && r.L.Has("write.change."+rev.Why) {
				s.Why = r.T("write.change." + rev.Why)
			}
			texts[i] = article.ManuscriptOf(t.Article, rev.Content)
		}
		if i == 0 {
			data.A = s
		} else {
			data.B = s
		}
	}
	choices := func(chosen int) (out []desk.Choice) {
		if copy.Stored() || t.HeadRevision == 0 {
			out = append(out, desk.Choice{Value: "0", Label: r.T("write.working_copy"), Chosen: chosen == 0})
		}
		for i := len(list) - 1; i >= 0; i-- {
			n := list[i].Number
			out = append(out, desk.Choice{Value: strconv.Itoa(n), Label: r.T("write.revision", "n", n) + " · " + r.L.DateTime(list[i].At.In(r.Zone)), Chosen: n == chosen})
		}
		return out
	}
	data.As, data.Bs = choices(a), choices(b)
	if err := data.fill(texts[0], texts[1]); err != nil {
		return err
	}
	return r.Show(w, desk.Page{Title: r.T("write.compare"), From: e.pages, Name: "compare", Back: path(t.ID), Data: data})
}

// fill compares two texts.
func (d *compareData) fill(old, new article.Manuscript) error {
	for _, f := range []struct{ class, old, new string }{{"w-kicker", old.Kicker, new.Kicker}, {"w-headline", old.Headline, new.Headline},
		{"w-standfirst", old.Standfirst, new.Standfirst}, {"cap", caption(old.Lead), caption(new.Lead)}} {
		if f.old+f.new == "" {
			continue
		}
		runs := compare.Line(f.old, f.new)
		d.add(pair{Old: single(f.class, half(runs, compare.Added), f.old), New: single(f.class, half(runs, compare.Removed), f.new), Same: f.old == f.new})
	}
	docs := make([]richtext.Doc, 2)
	for i, m := range []article.Manuscript{old, new} {
		var err error
		if docs[i], err = richtext.Parse(m.Body); err != nil {
			return err
		}
	}
	blocks := compare.Bodies(docs[0], docs[1])
	d.Added, d.Removed = compare.Count(blocks)
	for _, b := range blocks {
		p := pair{Same: b.Op == compare.Same && !b.Moved, Moved: b.Moved}
		for _, x := range b.Rows {
			if b.Old != nil {
				p.Old = append(p.Old, row{classOf(b.Old, x), half(x.Runs, compare.Added)})
			}
			if b.New != nil {
				p.New = append(p.New, row{classOf(b.New, x), half(x.Runs, compare.Removed)})
			}
		}
		d.add(p)
	}
	return nil
}

func (d *compareData) add(p pair) {
	if !p.Same {
		d.Changes++
		p.N = d.Changes
	}
	d.Pairs = append(d.Pairs, p)
}

func caption(u article.Use) string {
	return strings.TrimSpace(strings.Join([]string{u.Caption, u.Credit, u.Alt}, " "))
}

func single(class string, pieces []piece, text string) []row {
	if text == "" {
		return nil
	}
	return []row{{class, pieces}}
}

// half is what stands on one side: everything but what only the other has.
func half(runs []compare.Run, without compare.Op) (out []piece) {
	for _, x := range runs {
		if x.Op == without {
			continue
		}
		text := x.Span.Text
		switch x.Span.Kind {
		case richtext.Break:
			text = "\n"
		case richtext.NoteRef:
			text = "*"
		}
		out = append(out, piece{Op: x.Op.String(), Text: text, Strong: x.Has("strong"), Em: x.Has("em"), Link: x.Has("a")})
	}
	return out
}

// classOf is how a row of a block is set.
func classOf(b *richtext.Block, r compare.Row) string {
	switch {
	case r.Part == "caption" || r.Part == "credit" || r.Part == "alt" || r.Part == "picture" || r.Part == "speaker" || r.Part == "address" || r.Part == "title":
		return "cap"
	case r.Part == "item":
		return "li"
	case r.Part == "cell":
		return "cell"
	case r.Part == "code":
		return "code"
	}
	switch b.Kind {
	case richtext.Heading:
		return "h2"
	case richtext.Quote:
		return "quote"
	case richtext.Pull:
		return "pull"
	case richtext.Footnote:
		return "cap"
	}
	return "p"
}
