package editor

import (
	"slices"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/edition"
	"dateline/internal/media"
	"dateline/internal/richtext"
)

// ofPages are the checks that mean something to a page without a date.
var ofPages = []string{"headline", "body", "alt", "credit", "licence", "rights", checkTranslated, checkOriginal, checkTerms}

// lacks are the checks that a text does not pass; list are the media that it uses, at
// is when readers will see it, and failed are those that it was held against elsewhere.
// The page's script shows the same list while somebody writes; what decides is this one.
func lacks(kind article.Kind, m article.Manuscript, lang string, list map[int64]media.Media, at time.Time, failed ...string) (out []string) {
	doc, err := richtext.Parse(m.Body)
	bare, words := 0, 0
	if err == nil {
		words = doc.Words()
		var walk func([]richtext.Block)
		walk = func(blocks []richtext.Block) {
			for _, b := range blocks {
				if b.Kind == richtext.Figure && strings.TrimSpace(b.Text) == "" && !list[b.Media].Described(lang) {
					bare++
				}
				walk(b.Children)
			}
		}
		walk(doc.Blocks)
	}
	licensed, allowed := true, true
	for _, id := range m.Used() {
		if x, ok := list[id]; ok && x.Kind == media.Image {
			licensed, allowed = licensed && x.Licensed(), allowed && !x.Ended(at)
		}
	}
	has := map[string]bool{
		"headline": strings.TrimSpace(m.Headline) != "", "standfirst": strings.TrimSpace(m.Standfirst) != "", "body": words > 0,
		"byline": len(m.Credits) > 0, "section": len(m.Sections) > 0, "picture": m.Lead.ID != 0, "place": m.Place != 0, "tags": len(m.Tags) > 0,
		"alt":    (m.Lead.ID == 0 || m.Lead.Decorative || strings.TrimSpace(m.Lead.Alt) != "" || list[m.Lead.ID].Decorative) && bare == 0,
		"credit": m.Lead.ID == 0 || strings.TrimSpace(m.Lead.Credit) != "", "licence": licensed, "rights": allowed,
	}
	for _, c := range []string{checkTerms, checkTranslated, checkOriginal} {
		has[c] = !slices.Contains(failed, c)
	}
	for _, c := range edition.Checks() {
		if kind == article.Page && !slices.Contains(ofPages, c) {
			continue
		}
		if !has[c] {
			out = append(out, c)
		}
	}
	return out
}
