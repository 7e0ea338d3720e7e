package correction

import (
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// RemarkKind is what somebody has to say of a passage.
type RemarkKind string

// The kinds of remarks.
const (
	Comment    RemarkKind = "comment"
	Suggestion RemarkKind = "suggestion" // other words for it
	Report     RemarkKind = "report"     // a reader's, of an error
)

// State is what became of a remark.
type State string

// The states.
const (
	Open    State = "open"
	Applied State = "applied" // of a comment: done with
	Refused State = "refused"
	Stale   State = "stale" // the passage is not in the text any more
)

// Remark is what somebody has to say of a passage of a text at work.
type Remark struct {
	ID, Article, Edition int64
	Kind                 RemarkKind
	State                State
	Version              int    // of the text that the passage stood in
	Field                string // headline, standfirst, kicker, caption; empty: the body
	Passage              anchor.Passage
	Replaces             bool // Replacement is to stand there; empty: nothing is
	Replacement          string
	Count                int // how many say it
	Voices               []Voice
	At                   time.Time
	Decided              time.Time
	Seen                 time.Time // of a report: when somebody at the desk first looked at it
	By                   int64
	Reason               string
}

// Voice is one who says it.
type Voice struct {
	Staff int64 // 0: a reader
	Note  string
	At    time.Time
}

// longest in bytes: what is wrong may be a whole paragraph.
const longest = 64 << 10

// line is the text of a manuscript that a remark may be about besides the body.
func line(m *article.Manuscript, field string) *string {
	switch field {
	case "headline":
		return &m.Headline
	case "standfirst":
		return &m.Standfirst
	case "kicker":
		return &m.Kicker
	case "caption":
		return &m.Lead.Caption
	}
	return nil
}

// text is the text in which a remark's passage is looked for: the body, or a line as a
// body of one paragraph that has the line's name.
func text(m article.Manuscript, field string) (richtext.Doc, error) {
	if field == "" {
		doc, err := richtext.Parse(m.Body)
		if err != nil {
			err = fault.New(fault.Internal, "the body of a manuscript: %w", err)
		}
		return doc, err
	}
	l := line(&m, field)
	if l == nil {
		return richtext.Doc{}, fault.Field("field", "a remark cannot be about %q", field)
	}
	return richtext.Doc{Blocks: []richtext.Block{{Kind: richtext.Paragraph, ID: field, Inline: []richtext.Span{{Text: *l}}}}}, nil
}

// Point makes a passage of what somebody pointed at: a place in a text, which has to
// say what they have seen there, or the words alone, if the text has them once.
func Point(m article.Manuscript, field string, seen anchor.Passage) (anchor.Passage, error) {
	doc, err := text(m, field)
	if err != nil {
		return seen, err
	}
	if seen.Exact == "" || strings.TrimSpace(seen.Exact) == "" {
		return seen, remarkWrong("exact", "no_passage")
	}
	if seen.Block != "" {
		if p, err := anchor.Make(doc, seen.Block, seen.From, seen.To); err == nil && p.Exact == seen.Exact {
			return p, nil
		}
		if at, ok := anchor.Find(doc, seen); ok {
			return anchor.Make(doc, at.Block, at.From, at.To)
		}
		return seen, remarkWrong("exact", "not_there")
	}
	var found []anchor.Place
	for i := range doc.Blocks {
		words := richtext.Doc{Blocks: doc.Blocks[i : i+1]}.Text()
		for from := 0; ; {
			n := strings.Index(words[from:], seen.Exact)
			if n < 0 {
				break
			}
			a := utf8.RuneCountInString(words[:from+n])
			found = append(found, anchor.Place{Block: doc.Blocks[i].ID, From: a, To: a + utf8.RuneCountInString(seen.Exact)})
			from += n + len(seen.Exact)
		}
	}
	switch len(found) {
	case 0:
		return seen, remarkWrong("exact", "not_there")
	case 1:
		return anchor.Make(doc, found[0].Block, found[0].From, found[0].To)
	}
	return seen, remarkWrong("exact", "often", "n", len(found))
}

// Where is where a remark's passage is in a text now; false: it is not there.
func (r Remark) Where(m article.Manuscript) (anchor.Place, bool) {
	doc, err := text(m, r.Field)
	if err != nil {
		return anchor.Place{}, false
	}
	return anchor.Find(doc, r.Passage)
}

// apply puts the words of a remark in the place of its passage. It is a Conflict where
// the passage is not there any more, and Invalid where the text cannot say that.
func (r Remark) apply(m article.Manuscript) (article.Manuscript, error) {
	doc, err := text(m, r.Field)
	if err != nil {
		return m, err
	}
	if r.Field == "" {
		doc, err = anchor.Replace(doc, r.Passage, r.Replacement)
		if err == nil {
			m.Body = doc.Store()
		}
		return m, err
	}
	at, ok := anchor.Find(doc, r.Passage)
	l := line(&m, r.Field)
	words := []rune(*l)
	if !ok || doc.Text() != *l || at.To > len(words) {
		return m, fault.New(fault.Conflict, "applying a remark: the passage is not there any more")
	}
	*l = string(words[:at.From]) + strings.Join(strings.Fields(richtext.Plain(r.Replacement)), " ") + string(words[at.To:])
	return m, nil
}

// check refuses what cannot be said.
func (r *Remark) check(v Voice) error {
	r.Replacement = strings.ReplaceAll(r.Replacement, "\r\n", "\n")
	if r.Kind == Comment {
		r.Replaces, r.Replacement = false, ""
	}
	switch {
	case r.Kind != Comment && r.Kind != Suggestion && r.Kind != Report:
		return remarkWrong("kind", "kind")
	case !utf8.ValidString(r.Replacement) || !utf8.ValidString(v.Note) || strings.ContainsRune(r.Replacement+v.Note, 0):
		return remarkWrong("text", "no_text")
	case len(r.Replacement) > longest || len(r.Passage.Exact) > longest:
		return remarkWrong("text", "long")
	case len(v.Note) > longest:
		return remarkWrong("note", "long")
	case r.Replaces && r.Replacement == r.Passage.Exact:
		return remarkWrong("text", "same")
	case r.Kind == Suggestion && !r.Replaces:
		return remarkWrong("text", "no_text")
	case r.Kind == Comment && strings.TrimSpace(v.Note) == "":
		return remarkWrong("note", "no_note")
	}
	return nil
}
