package site

import (
	"time"

	"dateline/internal/article"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// The values below are marshalled by the theme as whole elements. Their fields
// are schema.org's (https://schema.org/NewsArticle), in a fixed order so that a
// page's bytes do not change from one rendering to the next.

type ldThing struct {
	Context string `json:"@context,omitempty"`
	Type    string `json:"@type"`
	Name    string `json:"name,omitempty"`
	URL     string `json:"url,omitempty"`
}

type ldImage struct {
	Type    string `json:"@type"`
	URL     string `json:"url"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"creditText,omitempty"`
}

type ldArticle struct {
	Context     string    `json:"@context"`
	Type        string    `json:"@type"`
	ID          string    `json:"@id"`
	Headline    string    `json:"headline"`
	Alternative string    `json:"alternativeHeadline,omitempty"`
	Description string    `json:"description,omitempty"`
	Lang        string    `json:"inLanguage"`
	Published   string    `json:"datePublished"`
	Modified    string    `json:"dateModified"`
	Dateline    string    `json:"dateline,omitempty"`
	Authors     []ldThing `json:"author,omitempty"`
	Sections    []string  `json:"articleSection,omitempty"`
	Keywords    []string  `json:"keywords,omitempty"`
	Image       []ldImage `json:"image,omitempty"`
	Publisher   ldThing   `json:"publisher"`
	Words       int       `json:"wordCount,omitempty"`
	Free        bool      `json:"isAccessibleForFree"`
	Comments    int       `json:"commentCount"`
	Page        string    `json:"mainEntityOfPage"`
	Read        *ldRead   `json:"interactionStatistic,omitempty"`
	Correction  []ldFix   `json:"correction,omitempty"`
}

type ldRead struct {
	Type  string `json:"@type"`
	Kind  string `json:"interactionType"`
	Count string `json:"userInteractionCount"`
}

type ldFix struct {
	Type string `json:"@type"`
	Text string `json:"text"`
	Date string `json:"datePublished"`
}

const schemaOrg = "https://schema.org"

func (s *Site) publisherLD(q *request) ldThing {
	return ldThing{Type: "NewsMediaOrganization", Name: q.site.Default().Name, URL: s.BaseURL + urlOf(q.site.Default(), "/")}
}

func (s *Site) newsroomLD(q *request) any {
	p := s.publisherLD(q)
	p.Context, p.Name, p.URL = schemaOrg, q.ed.Name, s.BaseURL+q.url("/")
	return p
}

// articleLD describes an article. Its type is the genre's (TERMS.md); the
// count of reads is stamped as on the page, as plain digits.
func (s *Site) articleLD(q *request, p *theme.ArticlePage, a article.Article, c article.Content) any {
	out := ldArticle{Context: schemaOrg, Type: "NewsArticle", ID: p.Canonical + "#article", Headline: a.Headline, Alternative: a.Kicker,
		Description: p.Description, Lang: p.Lang.Tag(), Published: p.Published.ISO, Modified: p.Published.ISO,
		Dateline: a.Dateline.Place, Publisher: s.publisherLD(q), Words: a.Words, Free: a.Access == "free", Page: p.Canonical}
	if p.Updated != nil {
		out.Modified = p.Updated.ISO
	}
	if p.Genre != nil {
		out.Type = genreType(q, s, a)
	}
	for _, x := range c.Credits {
		if x.Role != "author" {
			continue
		}
		t := ldThing{Type: "Person", Name: x.Name}
		for _, by := range p.Bylines {
			if by.Name == x.Name && by.URL != "" {
				t.URL = s.BaseURL + by.URL
			}
		}
		out.Authors = append(out.Authors, t)
	}
	for _, l := range p.Sections {
		out.Sections = append(out.Sections, l.Name)
	}
	for _, l := range p.Tags {
		out.Keywords = append(out.Keywords, l.Name)
	}
	if p.Picture != nil {
		out.Image = []ldImage{{Type: "ImageObject", URL: s.BaseURL + p.Picture.URL, Width: p.Picture.Width, Height: p.Picture.Height,
			Caption: p.Picture.Caption, Credit: p.Picture.Credit}}
	}
	if p.Comments != nil {
		out.Comments = p.Comments.Count
	}
	out.Read = &ldRead{Type: "InteractionCounter", Kind: "https://schema.org/ReadAction", Count: string(theme.ViewsToken(a.ID, "json"))}
	for _, x := range p.Corrections {
		out.Correction = append(out.Correction, ldFix{Type: "CorrectionComment", Text: x.Text, Date: x.Time.ISO})
	}
	return out
}

func genreType(q *request, s *Site, a article.Article) string {
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return "NewsArticle"
	}
	if t, ok := tree.Get(a.GenreID); ok && t.Kind == topic.Genre && t.SchemaType != "" {
		return t.SchemaType
	}
	return "NewsArticle"
}

func (s *Site) articleSocial(q *request, p *theme.ArticlePage, a article.Article) *theme.Social {
	out := &theme.Social{Type: "article", Title: a.Headline, Published: a.VisibleFrom.In(q.zone()).Format(time.RFC3339)}
	if p.Updated != nil {
		out.Modified = p.Updated.ISO
	}
	if p.Picture != nil {
		pic := *p.Picture
		pic.URL = s.BaseURL + pic.URL
		out.Image = &pic
	}
	if len(p.Sections) > 0 {
		out.Section = p.Sections[0].Name
	}
	for _, by := range p.Bylines {
		out.Authors = append(out.Authors, by.Name)
	}
	for _, t := range p.Tags {
		out.Tags = append(out.Tags, t.Name)
	}
	return out
}
