package editor

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/glossary"
	"dateline/internal/richtext"
	"dateline/internal/user"
)

// checkTerms is the check that a translation has the glossary's terms.
const checkTerms = "glossary"

// terms are the glossary's that an article's original has, and how its text answers to
// them; none for what is no translation. from is the original's language.
func (e *Editor) terms(ctx context.Context, q db.Querier, site edition.Site, a article.Article, text article.Manuscript) (found []glossary.Found, from string, err error) {
	source, original, err := e.sourceOf(ctx, q, a)
	if err != nil || source.ID == a.ID {
		return nil, "", err
	}
	here, _ := site.ByID(a.Edition)
	there, _ := site.ByID(source.Edition)
	list, err := e.Glossary.List(ctx, q, glossary.Query{Publication: a.Publication, From: there.Lang, To: here.Lang})
	if err != nil || len(list) == 0 {
		return nil, there.Lang, err
	}
	old, err := passages(original)
	if err != nil {
		return nil, "", err
	}
	now, err := passages(text)
	if err != nil {
		return nil, "", err
	}
	said := make(map[string]string, len(now))
	for _, p := range now {
		said[p.ID] = p.Source
	}
	for i := range old {
		old[i].Target = said[old[i].ID]
		delete(said, old[i].ID)
	}
	// What stands for no paragraph of the original may say what one of them has and its
	// own translation has not: it is looked at with those that have none.
	var rest []string
	for _, p := range now {
		if t, ok := said[p.ID]; ok {
			rest = append(rest, t)
		}
	}
	if len(rest) > 0 {
		old = append(old, glossary.Passage{ID: "", Target: strings.Join(rest, "\n")})
	}
	return glossary.Check(list, there.Lang, here.Lang, old), there.Lang, nil
}

// sourceOf is what an article is translated from, as it is now, or the article itself.
func (e *Editor) sourceOf(ctx context.Context, q db.Querier, a article.Article) (article.Article, article.Manuscript, error) {
	made, err := e.Articles.TranslationOf(ctx, q, a.ID)
	id := made.Source
	if fault.Is(err, fault.NotFound) { // begun elsewhere: an import, say
		all, err := e.Articles.OfStory(ctx, q, a.StoryID)
		if err != nil || len(all) == 0 || all[0].ID == a.ID {
			return a, article.Manuscript{}, err
		}
		id = all[0].ID
	} else if err != nil {
		return a, article.Manuscript{}, err
	}
	return e.Articles.Reading(ctx, q, id)
}

// passages are the texts of a manuscript by what stands for them in a translation: the
// lines of its head, the blocks of its body by their ids.
func passages(m article.Manuscript) ([]glossary.Passage, error) {
	out := []glossary.Passage{{ID: "w-headline", Source: m.Headline}, {ID: "w-standfirst", Source: m.Standfirst}}
	doc, err := richtext.Parse(m.Body)
	if err != nil {
		return nil, fault.New(fault.Internal, "the body of a text: %w", err)
	}
	for i := range doc.Blocks {
		b := doc.Blocks[i]
		out = append(out, glossary.Passage{ID: b.ID, Source: richtext.Doc{Blocks: []richtext.Block{b}}.Text()})
	}
	return out, nil
}

// lacksTerms reports whether a translation is to be looked at for the glossary's sake.
func lacksTerms(found []glossary.Found) bool { return slices.ContainsFunc(found, glossary.Found.Warns) }

// termLine is a term of the original beside its translation.
type termLine struct {
	ID       int64
	Term     string
	Stays    bool
	Variants []string
	Note     string
	Missing  bool
	Instead  string // what stands there and must not
	Where    string // the first passage that is to be looked at, or else that has it
}

// termsData is what the page says of the glossary.
type termsData struct {
	Lines    []termLine
	From, To string
	Path     string // of the glossary, for these languages
}

func termsOf(found []glossary.Found, from, to string) *termsData {
	if len(found) == 0 {
		return nil
	}
	d := &termsData{From: from, To: to, Path: "/desk/glossary?from=" + from + "&to=" + to}
	for _, f := range found {
		l := termLine{ID: f.ID, Term: f.Term, Stays: f.Stays, Variants: glossary.Variants(f.Translation), Note: f.Note,
			Missing: len(f.Missing) > 0, Instead: f.Instead, Where: f.Passages[0]}
		for _, bad := range [][]string{f.Missing, f.Wrong} {
			if len(bad) > 0 {
				l.Where = bad[0]
			}
		}
		d.Lines = append(d.Lines, l)
	}
	return d
}

// glossaryNow tells a page's script how the text that is stored answers to the glossary.
func (e *Editor) glossaryNow(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	c, err := e.Articles.Working(r.Context(), e.DB, t.Article)
	if err != nil {
		return err
	}
	found, _, err := e.terms(r.Context(), e.DB, t.site, t.Article, c.Text)
	if err != nil {
		return err
	}
	type now struct {
		ID      int64  `json:"id"`
		Missing bool   `json:"missing"`
		Instead string `json:"instead"`
		Where   string `json:"where"`
	}
	out := struct {
		Ok    bool  `json:"ok"`
		Terms []now `json:"terms"`
	}{!lacksTerms(found), []now{}}
	if d := termsOf(found, "", ""); d != nil {
		for _, l := range d.Lines {
			out.Terms = append(out.Terms, now{l.ID, l.Missing, l.Instead, l.Where})
		}
	}
	return r.JSON(w, out)
}
