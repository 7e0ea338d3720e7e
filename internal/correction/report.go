package correction

import (
	"context"
	"strings"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/richtext"
)

// What a reader reports is a remark of kind Report; closet report keeps what each reader
// has said of it.

// onPage are the lines of a text that readers have, in the page's order.
var onPage = []string{"kicker", "headline", "standfirst", "caption", ""}

// Quoted finds what a reader quotes of an article's page, in its lines and its body.
func Quoted(m article.Manuscript, exact, prefix, suffix string) (field string, p anchor.Passage, err error) {
	docs := make([]richtext.Doc, len(onPage))
	for i, name := range onPage {
		if docs[i], err = text(m, name); err != nil {
			return "", p, err
		}
	}
	found, across := anchor.Seek(docs, exact, prefix, suffix)
	switch {
	case across:
		return "", p, quoteWrong("across")
	case len(found) == 0:
		return "", p, quoteWrong("not_there")
	case len(found) > 1:
		return "", p, quoteWrong("often", "n", len(found))
	}
	f := found[0]
	p, err = anchor.Make(docs[f.Text], f.Block, f.From, f.To)
	return onPage[f.Text], p, err
}

func quoteWrong(why string, args ...any) error {
	err := lang.Wrong("report.wrong."+why, args...)
	err.Field = "exact"
	return err
}

// In is what a text says with a remark's words in the place of its passage: a Conflict
// where the passage is not there any more, Invalid where the text cannot say that.
func (r Remark) In(m article.Manuscript) (article.Manuscript, error) { return r.apply(m) }

// Why tells why a remark's passage cannot be found in a text: "gone" (its paragraph is
// not there), "changed", "often" (its words stand in several places, and nothing tells
// which they were); "" where it is found.
func (r Remark) Why(m article.Manuscript) string {
	if _, ok := r.Where(m); ok {
		return ""
	}
	doc, err := text(m, r.Field)
	if err != nil {
		return "gone"
	}
	found, _ := anchor.Seek([]richtext.Doc{doc}, r.Passage.Exact, "", "")
	if len(found) > 0 {
		return "often"
	}
	for i := range doc.Blocks {
		if doc.Blocks[i].ID == r.Passage.Block {
			return "changed"
		}
	}
	return "gone"
}

// Around is a passage with what stands beside it, as long as it is useful to show.
func Around(p anchor.Passage) (before, exact, after string) {
	return head(p.Prefix), p.Exact, tail(p.Suffix)
}

// OnDecide has f told of what was decided of a remark, inside the transaction.
// Listeners are added before the store is used.
func (s *Store) OnDecide(f func(ctx context.Context, tx *db.Tx, r Remark) error) {
	s.decides = append(s.decides, f)
}

// Decide says what becomes of a remark that is open or stale; of one that was decided it
// is a Conflict. Its article is held (article.Store.Hold).
func (s *Store) Decide(ctx context.Context, tx *db.Tx, r Remark, to State, staff int64, reason string) (Remark, error) {
	if reason = strings.TrimSpace(reason); len(reason) > longest || strings.ToValidUTF8(reason, "") != reason || strings.ContainsRune(reason, 0) {
		return r, remarkWrong("reason", "long")
	}
	if r.State != Open && r.State != Stale {
		return r, fault.New(fault.Conflict, "remark %d is %s already", r.ID, r.State)
	}
	r, _, err := s.decided(ctx, tx, r, to, staff, reason, article.Copy{})
	return r, err
}

// Beside is what stands at a place in a text, with what stands beside it.
func (r Remark) Beside(m article.Manuscript, at anchor.Place) (before, exact, after string, err error) {
	doc, err := text(m, r.Field)
	if err != nil {
		return "", "", "", err
	}
	p, err := anchor.Make(doc, at.Block, at.From, at.To)
	before, exact, after = Around(p)
	return before, exact, after, err
}
