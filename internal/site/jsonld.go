package site

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/correction"
	"dateline/internal/schema"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// described gives a value for the page's head if its check lets it through:
// a page without data for machines is better than one with wrong data.
func (s *Site) described(q *request, v any) any {
	if err := schema.Check(v); err != nil {
		s.told(q, "a page goes without its JSON-LD", "", err)
		return nil
	}
	return v
}

func (s *Site) imageLD(p *theme.Picture) *schema.Image {
	if p == nil {
		return nil
	}
	return &schema.Image{Type: "ImageObject", URL: s.BaseURL + p.URL, Width: p.Width, Height: p.Height, Caption: p.Caption, Credit: p.Credit}
}

// publisherLD is the newsroom: one and the same in every edition, which adds
// its own name.
func (s *Site) publisherLD(q *request, f *theme.Frame) (schema.Organization, error) {
	def := q.site.Default()
	o := schema.Organization{Type: "NewsMediaOrganization", ID: s.BaseURL + urlOf(def, "/") + "#newsroom", Name: def.Name,
		URL: s.BaseURL + urlOf(def, "/"), Logo: s.logoLD(f.Logo)}
	if q.ed.Name != def.Name {
		o.Alternate = q.ed.Name
	}
	return o, s.policies(q, &o)
}

// leastLogo is how many pixels a logo has at least on each side (Google's
// guidelines for Organization).
const leastLogo = 112

// logoLD is the newsroom's logo in pixels; where it is a drawing, too small, or
// there is none, the icon that stands for it.
func (s *Site) logoLD(logo *theme.Picture) *schema.Image {
	if logo != nil && logo.Sizes.Some() && min(logo.Width, logo.Height) >= leastLogo {
		return s.imageLD(logo)
	}
	return &schema.Image{Type: "ImageObject", URL: s.BaseURL + iconPath, Width: icons[iconPath], Height: icons[iconPath]}
}

// newsroomLD describes the edition on its front page, with all that is known
// of who publishes it.
func (s *Site) newsroomLD(q *request, f *theme.Frame) (any, error) {
	o, err := s.publisherLD(q, f)
	if err != nil {
		return nil, err
	}
	o.Description = q.ed.Tagline
	for _, l := range f.FollowLinks {
		if strings.HasPrefix(l.URL, "http") {
			o.SameAs = append(o.SameAs, l.URL)
		}
	}
	return s.described(q, schema.WebSite{Context: schema.Context, Type: "WebSite", ID: f.Canonical + "#site", Name: q.ed.Name, URL: f.Canonical,
		About: q.ed.Tagline, Lang: f.Lang.Tag(), Publisher: o}), nil
}

// articleLD describes an article. Its type is the genre's (TERMS.md); the
// count of reads is stamped as on the page, as plain digits.
func (s *Site) articleLD(q *request, p *theme.ArticlePage, a article.Article, c article.Content, d dressed, translations []article.Article) (any, error) {
	publisher, err := s.publisherLD(q, &p.Frame)
	if err != nil {
		return nil, err
	}
	out := schema.Article{Context: schema.Context, Type: s.articleType(q, a, p), ID: p.Canonical + "#article", Headline: a.Headline,
		Alternative: a.Kicker, Description: p.Description, URL: p.Canonical, Lang: p.Lang.Tag(), Published: p.Published.ISO, Modified: p.Published.ISO,
		Dateline: a.Dateline.Place, Publisher: publisher, Words: a.Words, Free: a.Access == "free",
		Page: schema.WebPage{Type: "WebPage", ID: p.Canonical, Breadcrumb: s.articleCrumbs(q, p)}}
	if !schema.IsNews(out.Type) {
		out.Dateline = ""
	}
	if a.Dateline.Place != "" {
		out.Created = &schema.Thing{Type: "Place", Name: a.Dateline.Place}
	}
	if p.Updated != nil {
		out.Modified = p.Updated.ISO
	}
	s.creditsLD(&out, p, c)
	for _, l := range p.Sections {
		out.Sections = append(out.Sections, l.Name)
	}
	for _, l := range p.Tags {
		out.Keywords = append(out.Keywords, l.Name)
	}
	if p.Genre != nil {
		out.Genre = p.Genre.Name
	}
	if out.Image = s.imagesLD(p.Picture); p.Picture == nil || !p.Picture.Sizes.Some() { // none, or a drawing
		if card, ok := s.cardLD(q, a, d); ok {
			out.Image = []schema.Image{card}
		}
	}
	if p.Comments != nil {
		out.Comments = p.Comments.Count
	}
	if p.Column != nil {
		out.PartOf = append(out.PartOf, schema.Thing{Type: "Periodical", Name: p.Column.Name, URL: s.BaseURL + p.Column.URL})
	}
	if p.Series != nil {
		out.PartOf = append(out.PartOf, schema.Thing{Type: "CreativeWorkSeries", Name: p.Series.Name, URL: s.BaseURL + p.Series.URL})
	}
	if p.Part != nil {
		out.Position = p.Part.N
	}
	out.Speakable = &schema.Speakable{Type: "SpeakableSpecification", Selector: []string{"article[data-article] h1"}}
	if a.Standfirst != "" {
		out.Speakable.Selector = append(out.Speakable.Selector, "article[data-article] .p-summary")
	}
	out.Read = &schema.Counter{Type: "InteractionCounter", Action: schema.ReadAction, Count: string(theme.ViewsToken(a.ID, "json"))}
	for _, x := range p.Corrections {
		if !correction.Kind(x.Kind).Corrects() {
			continue // news is no mistake
		}
		fix := schema.Correction{Type: "CorrectionComment", Text: x.Text, Date: x.Time.ISO}
		if x.Page != "" {
			fix.URL = s.BaseURL + x.Page
		}
		out.Corrections = append(out.Corrections, fix)
	}
	if err := s.translationsLD(q, &out, a, translations); err != nil {
		return nil, err
	}
	return s.described(q, out), nil
}

// creditsLD fills who made it. What nobody signed is the newsroom's.
func (s *Site) creditsLD(out *schema.Article, p *theme.ArticlePage, c article.Content) {
	for _, x := range c.Credits {
		t := schema.Thing{Type: "Person", Name: strings.TrimSpace(x.Name)}
		if t.Name == "" {
			continue
		}
		for _, by := range p.Bylines {
			if by.Name == x.Name && by.URL != "" {
				t.URL = s.BaseURL + by.URL
			}
		}
		switch x.Role {
		case "author":
			out.Authors = append(out.Authors, t)
		case "translator":
			out.Translators = append(out.Translators, t)
		case "editor":
			out.Editors = append(out.Editors, t)
		default:
			out.Contributors = append(out.Contributors, t)
		}
	}
	// Who wrote and drew is an author.
	out.Contributors = slices.DeleteFunc(out.Contributors, func(t schema.Thing) bool { return slices.Contains(out.Authors, t) })
	if len(out.Authors) == 0 {
		o := out.Publisher
		out.Authors = []schema.Thing{{Type: o.Type, ID: o.ID, Name: o.Name, URL: o.URL}}
	}
}

// translationsLD ties the versions of a story. The original is the one that
// names no translator; of several the one that was published first.
func (s *Site) translationsLD(q *request, out *schema.Article, a article.Article, all []article.Article) error {
	all = slices.DeleteFunc(slices.Clone(all), func(t article.Article) bool { return t.Hidden && t.ID != a.ID })
	if len(all) < 2 {
		return nil
	}
	ids := make([]int64, len(all))
	for i, t := range all {
		ids[i] = t.ID
	}
	credits, err := s.Articles.Credits(q.ctx, ids)
	if err != nil {
		return err
	}
	translated := func(t article.Article) bool {
		for _, c := range credits[t.ID] {
			if c.Role == "translator" {
				return true
			}
		}
		return false
	}
	original := all[0]
	for _, t := range all[1:] {
		if was, is := translated(original), translated(t); was && !is || was == is && t.VisibleFrom.Before(original.VisibleFrom) {
			original = t
		}
	}
	for _, t := range all {
		ed, ok := q.site.ByID(t.Edition)
		if !ok || t.ID == a.ID || original.ID != a.ID && t.ID != original.ID {
			continue
		}
		u := s.BaseURL + urlOf(ed, t.Path)
		x := schema.Thing{Type: "NewsArticle", ID: u + "#article", URL: u, Lang: ed.Lang, Headline: t.Headline}
		if original.ID == a.ID {
			out.Translations = append(out.Translations, x)
		} else {
			out.Original = &x
		}
	}
	return nil
}

// articleType is the genre's; what stands in a column without a genre is its
// author's opinion.
func (s *Site) articleType(q *request, a article.Article, p *theme.ArticlePage) string {
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err == nil {
		if t, ok := tree.Get(a.GenreID); ok && t.Kind == topic.Genre && schema.KnownArticle(t.SchemaType) {
			return t.SchemaType
		}
	}
	if p.Column != nil && p.Genre == nil {
		return "OpinionNewsArticle"
	}
	return "NewsArticle"
}

func (s *Site) articleCrumbs(q *request, p *theme.ArticlePage) *schema.List {
	if len(p.Sections) == 0 {
		return nil
	}
	return s.crumbs(q, p.Sections[:1], p.Headline, p.Canonical)
}

// crumbs lead from the front page over those above down to the page itself.
func (s *Site) crumbs(q *request, above []theme.Link, name, canonical string) *schema.List {
	items := []schema.ListItem{{Name: q.ed.Name, Item: s.BaseURL + q.url("/")}}
	for _, l := range above {
		if l.Name != "" && l.URL != "" {
			items = append(items, schema.ListItem{Name: l.Name, Item: s.BaseURL + l.URL})
		}
	}
	return schema.Crumbs(append(items, schema.ListItem{Name: name, Item: canonical}))
}

// listLD describes a page that lists articles.
func (s *Site) listLD(q *request, f *theme.Frame, name string, above []theme.Link, cards []theme.Card) any {
	return s.described(q, s.pageLD(q, f, "CollectionPage", name, above, s.itemsLD(cards)))
}

func (s *Site) itemsLD(cards []theme.Card) *schema.List {
	var items []schema.ListItem
	for _, c := range cards {
		if c.Headline != "" && c.URL != "" {
			items = append(items, schema.ListItem{Name: c.Headline, URL: s.BaseURL + c.URL})
		}
	}
	return schema.Items(items)
}

func (s *Site) pageLD(q *request, f *theme.Frame, kind, name string, above []theme.Link, main any) schema.WebPage {
	w := schema.WebPage{Context: schema.Context, Type: kind, ID: f.Canonical, Name: name, URL: f.Canonical, Description: f.Description,
		Lang: f.Lang.Tag(), Breadcrumb: s.crumbs(q, above, name, f.Canonical)}
	if l, ok := main.(*schema.List); !ok || l != nil {
		w.Main = main
	}
	return w
}

// authorLD describes an author on their own page.
func (s *Site) authorLD(q *request, p *theme.AuthorPage, own string) any {
	who := schema.Person{Type: "Person", ID: p.Canonical + "#person", Name: p.Person.Name, URL: p.Canonical, JobTitle: p.Person.Role,
		Description: p.Bio, Image: s.imageLD(p.Person.Portrait),
		WorksFor: &schema.Thing{Type: "NewsMediaOrganization", ID: s.BaseURL + urlOf(q.site.Default(), "/") + "#newsroom",
			Name: q.site.Default().Name, URL: s.BaseURL + urlOf(q.site.Default(), "/")}}
	if strings.HasPrefix(own, "http") {
		who.SameAs = []string{own}
	}
	return s.described(q, s.pageLD(q, &p.Frame, "ProfilePage", p.Person.Name, nil, who))
}

func (s *Site) articleSocial(q *request, p *theme.ArticlePage, a article.Article, c article.Content, d dressed) *theme.Social {
	out := &theme.Social{Type: "article", Title: cmp.Or(c.SocialTitle, a.Headline), Description: c.SocialDescription, Published: a.VisibleFrom.In(q.zone()).Format(time.RFC3339)}
	if p.Updated != nil {
		out.Modified = p.Updated.ISO
	}
	out.Image = s.cardPicture(q, a, d, p.Picture)
	if len(p.Sections) > 0 {
		out.Section = p.Sections[0].Name
	}
	for _, c := range d.credits[a.ID] {
		who, ok := d.people[c.Entity]
		if c.Role != "author" || !ok {
			continue
		}
		out.Authors = append(out.Authors, s.BaseURL+q.url("author/"+who.Slug))
		if h := fediverse(who.URL); h != "" {
			out.Fediverse = append(out.Fediverse, h)
		}
	}
	for _, t := range p.Tags {
		out.Tags = append(out.Tags, t.Name)
	}
	return out
}

// fediverse is the handle of an author whose own address is an account there,
// as servers write such addresses: "https://example.social/@saule".
func fediverse(own string) string {
	u, err := url.Parse(own)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return ""
	}
	name, ok := strings.CutPrefix(strings.Trim(u.Path, "/"), "@")
	if !ok || name == "" || strings.ContainsAny(name, "/@ ") {
		return ""
	}
	return "@" + name + "@" + u.Host
}
