package article

import (
	"encoding/json"
	"slices"
	"strings"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/merge"
	"dateline/internal/rendition"
	"dateline/internal/richtext"
)

// Manuscript is what a working copy says: what Content will print, with the ids of
// things instead of their names, and what is decided beside the text.
type Manuscript struct {
	Kicker            string   `json:"kicker"`
	Headline          string   `json:"headline"`
	ShortHeadline     string   `json:"short_headline"`
	Standfirst        string   `json:"standfirst"`
	Slug              string   `json:"slug"`
	SEOTitle          string   `json:"seo_title"`
	SEODescription    string   `json:"seo_description"`
	SocialTitle       string   `json:"social_title"`
	SocialDescription string   `json:"social_description"`
	Hidden            bool     `json:"hidden"`
	Credits           []Credit `json:"credits"`  // names are those of the day on which they were chosen
	Sections          []int64  `json:"sections"` // the first is the primary one
	Tags              []int64  `json:"tags"`
	Genre             int64    `json:"genre"`
	Column            int64    `json:"column"`
	Series            int64    `json:"series"`
	Part              int      `json:"part"` // of the series; 0: by its day
	Lead              Use      `json:"lead"`
	Place             int64    `json:"place"` // entity; 0: none
	PlaceName         string   `json:"place_name"`
	Zone              string   `json:"zone"` // of the dateline; empty: the newsroom's
	Access            string   `json:"access"`
	Comments          string   `json:"comments"`
	Urgency           int      `json:"urgency"`
	Sticky            bool     `json:"sticky"`
	Body              string   `json:"body"` // richtext's stored form
}

// Over is how lists would show an article were the text in its place. Where it is
// listed and who wrote it stays as it is.
func (m Manuscript) Over(a Article) (Article, error) {
	doc, err := richtext.Parse(m.Body)
	if err != nil {
		return a, err
	}
	d := DigestOf(doc)
	a.Kicker, a.Headline, a.ShortHeadline, a.Standfirst = m.Kicker, m.Headline, m.ShortHeadline, m.Standfirst
	a.Teaser, a.Words, a.LeadID, a.Sticky = teaserOf(&Content{Standfirst: m.Standfirst}, d), d.words, m.Lead.ID, m.Sticky
	a.LeadFocal = m.Lead.Focal
	return a, nil
}

// Use is a picture as one article shows it.
type Use struct {
	ID         int64  `json:"id"`
	Caption    string `json:"caption"`
	Credit     string `json:"credit"`
	Alt        string `json:"alt"`
	Decorative bool   `json:"decorative"` // it says nothing that the text does not: no alternative text is wanted
	// Focal is what every cut of it keeps in this article; 0: what the picture itself says.
	Focal rendition.Focal `json:"focal"`
}

// ManuscriptOf is what an article says, to be worked on.
func ManuscriptOf(a Article, c Content) Manuscript {
	d := Manuscript{Kicker: c.Kicker, Headline: c.Headline, ShortHeadline: c.ShortHeadline, Standfirst: c.Standfirst, Slug: a.Slug,
		SEOTitle: c.SEOTitle, SEODescription: c.SEODescription, SocialTitle: c.SocialTitle, SocialDescription: c.SocialDescription,
		Hidden: c.Hidden, Credits: slices.Clone(c.Credits), Place: c.Dateline.PlaceID, PlaceName: c.Dateline.Place, Zone: c.Dateline.Zone,
		Access: a.Access, Comments: a.Comments, Urgency: a.Urgency, Sticky: a.Sticky, Part: a.Position, Body: c.Body}
	for _, t := range c.Topics {
		switch t.Kind {
		case "section":
			d.Sections = append(d.Sections, t.ID)
		case "tag":
			d.Tags = append(d.Tags, t.ID)
		case "genre":
			d.Genre = t.ID
		case "column":
			d.Column = t.ID
		case "series":
			d.Series = t.ID
		}
	}
	if c.Lead != nil {
		d.Lead = Use{ID: c.Lead.ID, Caption: c.Lead.Caption, Credit: c.Lead.Credit, Alt: c.Lead.Alt, Focal: c.Lead.Focal}
	}
	return d
}

// most signs that a line of a draft may have; a body has richtext's own limits.
const (
	mostLine = 500
	mostText = 5000
)

// line is a text of a manuscript besides its body.
type line struct {
	name  string // of the form's field
	text  *string
	most  int
	value bool // a value, of which there is one; else words, which two people may both have written
}

// lines are all of them, in one order.
func (d *Manuscript) lines() []line {
	return []line{
		{"kicker", &d.Kicker, mostLine, false}, {"headline", &d.Headline, mostLine, false}, {"short_headline", &d.ShortHeadline, mostLine, false},
		{"slug", &d.Slug, mostLine, true}, {"standfirst", &d.Standfirst, mostText, false},
		{"seo_title", &d.SEOTitle, mostLine, false}, {"seo_description", &d.SEODescription, mostText, false},
		{"social_title", &d.SocialTitle, mostLine, false}, {"social_description", &d.SocialDescription, mostText, false},
		{"place_name", &d.PlaceName, mostLine, true}, {"zone", &d.Zone, mostLine, true},
		{"lead", &d.Lead.Caption, mostText, false}, {"lead", &d.Lead.Credit, mostLine, false}, {"lead", &d.Lead.Alt, mostText, false},
	}
}

// tidy takes out of the lines what no text has: a vertical tab that a slide's headline
// brings along is a space. Refusing it would keep from being saved what somebody wrote.
func (d *Manuscript) tidy() {
	for _, f := range d.lines() {
		*f.text = strings.Map(func(r rune) rune {
			switch {
			case r == '\v' || r == '\f' || r == '\r':
				return ' '
			case r < ' ' && r != '\n' && r != '\t' || r == 0x7f:
				return -1
			}
			return r
		}, strings.ToValidUTF8(*f.text, ""))
	}
}

// check refuses what a manuscript cannot hold.
func (d *Manuscript) check() error {
	for _, f := range d.lines() {
		if n := len([]rune(*f.text)); n > f.most {
			return wrong(f.name, "long", "most", f.most, "n", n)
		}
	}
	if _, err := richtext.Parse(d.Body); err != nil {
		return fault.Field("body", "the body of a draft: %w", err)
	}
	if d.Urgency != 0 && (d.Urgency < 1 || d.Urgency > 9) {
		return fault.Field("urgency", "an urgency of %d: 1 to 9", d.Urgency)
	}
	if !d.Lead.Focal.Known() {
		return fault.Field("lead", "%d is no focal point", d.Lead.Focal)
	}
	if d.Comments != "" && !slices.Contains([]string{"open", "closed", "hidden"}, d.Comments) {
		return fault.Field("comments", "comments cannot be %q", d.Comments)
	}
	if d.Access != "" && !slices.Contains([]string{"free", "registered", "members", "paid"}, d.Access) {
		return fault.Field("access", "access cannot be %q", d.Access)
	}
	return nil
}

func (d Manuscript) bytes() string {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // a struct of texts and numbers
	}
	return string(b)
}

func parseManuscript(text string) (d Manuscript, err error) {
	if err = json.Unmarshal([]byte(text), &d); err != nil {
		err = fault.New(fault.Internal, "reading a working copy: %w", err)
	}
	return d, err
}

// Words is the number of words of the body.
func (d Manuscript) Words() int {
	doc, err := richtext.Parse(d.Body)
	if err != nil {
		return 0
	}
	return doc.Words()
}

// mergeManuscripts brings together what two people made of base, and tells whether
// they changed the same words: then both stand there.
func mergeManuscripts(base, mine, theirs Manuscript) (out Manuscript, clash bool, err error) {
	docs := make([]richtext.Doc, 3)
	for i, d := range []Manuscript{base, mine, theirs} {
		if docs[i], err = richtext.Parse(d.Body); err != nil {
			return out, false, fault.New(fault.Internal, "merging: %w", err)
		}
	}
	out = theirs
	doc, clashes := merge.Bodies(docs[0], docs[1], docs[2])
	out.Body, clash = doc.Store(), len(clashes) > 0
	were, written := base.lines(), mine.lines()
	for i, into := range out.lines() {
		was, is := *were[i].text, *written[i].text
		if into.value {
			choose(into.text, was, is)
			continue
		}
		text, both := merge.Text(was, is, *into.text)
		*into.text, clash = text, clash || len(both) > 0
	}
	choose(&out.Place, base.Place, mine.Place)
	choose(&out.Access, base.Access, mine.Access)
	choose(&out.Comments, base.Comments, mine.Comments)
	choose(&out.Urgency, base.Urgency, mine.Urgency)
	choose(&out.Hidden, base.Hidden, mine.Hidden)
	choose(&out.Sticky, base.Sticky, mine.Sticky)
	choose(&out.Genre, base.Genre, mine.Genre)
	choose(&out.Column, base.Column, mine.Column)
	choose(&out.Series, base.Series, mine.Series)
	choose(&out.Part, base.Part, mine.Part)
	choose(&out.Lead.ID, base.Lead.ID, mine.Lead.ID)
	choose(&out.Lead.Focal, base.Lead.Focal, mine.Lead.Focal)
	choose(&out.Lead.Decorative, base.Lead.Decorative, mine.Lead.Decorative)
	out.Sections = mergeLists(base.Sections, mine.Sections, theirs.Sections)
	out.Tags = mergeLists(base.Tags, mine.Tags, theirs.Tags)
	out.Credits = mergeLists(base.Credits, mine.Credits, theirs.Credits)
	return out, clash, nil
}

// choose takes what was changed last where nobody's words are at stake.
func choose[T comparable](into *T, base, mine T) {
	if mine != base {
		*into = mine
	}
}

// mergeLists takes an order that one changed from whom changed it, the later one
// before the other; what the other added stays, what either took out is out.
func mergeLists[T comparable](base, mine, theirs []T) []T {
	if slices.Equal(mine, base) {
		return theirs
	}
	if slices.Equal(theirs, base) {
		return mine
	}
	var out []T
	for _, x := range mine {
		if slices.Contains(theirs, x) || !slices.Contains(base, x) {
			out = append(out, x)
		}
	}
	for _, x := range theirs {
		if !slices.Contains(base, x) && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// wrong is an error with words for whoever fills a form in; field is its name there.
func wrong(field, why string, args ...any) error {
	err := lang.Wrong("write.wrong."+why, args...)
	err.Field = field
	return err
}

// Equal reports whether two manuscripts say the same.
func (d Manuscript) Equal(other Manuscript) bool { return d.bytes() == other.bytes() }
