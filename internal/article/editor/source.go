package editor

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"dateline/internal/article"
	"dateline/internal/compare"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/richtext"
)

// The checks that only a translation is held against.
const (
	checkTranslated = "translated" // nothing says what the original says in its own words
	checkOriginal   = "original"   // the original is not withdrawn or spiked
)

// left is what of a translation nobody has translated: Lines of its head by their
// names, Blocks as they are stored; Of is how many there are to translate.
type left struct {
	Lines  []string          `json:"lines"`
	Blocks []string          `json:"blocks"`
	Of     int               `json:"of"`
	Was    map[string]string `json:"was"` // what the lines say in the original
}

func (l *left) n() int { return len(l.Lines) + len(l.Blocks) }

// leftOf compares a translation with its original as it is now and as it was when it
// was begun; nil: it is none that was begun at the desk.
func (e *Editor) leftOf(ctx context.Context, q db.Querier, a article.Article, text article.Manuscript) (*left, error) {
	made, err := e.Articles.TranslationOf(ctx, q, a.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	source, original, err := e.Articles.Reading(ctx, q, made.Source)
	if err != nil || source.Edition == a.Edition {
		return nil, err
	}
	return untranslated(made.Hashes, original, text)
}

// untranslated finds what says the same as the original: hashes are of its blocks when
// the translation was begun. Figures and names of programs have nothing to translate.
func untranslated(hashes map[string]string, original, text article.Manuscript) (*left, error) {
	out := &left{Lines: []string{}, Blocks: []string{}, Was: map[string]string{}}
	for _, l := range []struct{ name, was, is string }{{"headline", original.Headline, text.Headline}, {"standfirst", original.Standfirst, text.Standfirst}} {
		if !worded(l.was) {
			continue
		}
		out.Of++
		if out.Was[l.name] = l.was; strings.TrimSpace(l.is) == strings.TrimSpace(l.was) {
			out.Lines = append(out.Lines, l.name)
		}
	}
	was, err := richtext.Parse(original.Body)
	if err != nil {
		return nil, fault.New(fault.Internal, "the body of an original: %w", err)
	}
	is, err := richtext.Parse(text.Body)
	if err != nil {
		return nil, fault.New(fault.Internal, "the body of a translation: %w", err)
	}
	now := compare.Hashes(was)
	for _, b := range is.Blocks {
		one := richtext.Doc{Blocks: []richtext.Block{b}}
		if b.Kind == richtext.Code || !worded(one.Text()) {
			continue
		}
		out.Of++
		if h := compare.Hash(b); h == hashes[b.ID] || h == now[b.ID] {
			out.Blocks = append(out.Blocks, strings.TrimSpace(one.Store()))
		}
	}
	return out, nil
}

func worded(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// lost is the text that an article is a translation of, where readers are not to have
// that: it was withdrawn or spiked.
func (e *Editor) lost(ctx context.Context, q db.Querier, a article.Article) (*article.Article, error) {
	var ids []int64
	made, err := e.Articles.TranslationOf(ctx, q, a.ID)
	if err == nil {
		ids = append(ids, made.Source)
	} else if !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	all, err := e.Articles.OfStory(ctx, q, a.StoryID)
	if err != nil || len(all) == 0 || all[0].ID == a.ID {
		return nil, err
	}
	for _, x := range all {
		if (x.ID == all[0].ID || slices.Contains(ids, x.ID)) && (x.State == article.Withdrawn || x.State == article.Spiked) {
			return &x, nil
		}
	}
	return nil, nil
}

// lostError asks whether a translation is to be published all the same.
type lostError struct{ article.Article }

func (l lostError) Error() string {
	return "the original, article " + itoa(l.ID) + ", is " + string(l.State)
}

// Say is for lang.Say.
func (l lostError) Say(t *lang.Locale) string {
	return lostWords(t, l.Article) + " " + t.T("write.wrong.original")
}

func lostWords(l *lang.Locale, a article.Article) string {
	return l.T("write.original_"+string(a.State), "reason", a.WithdrawnReason)
}
