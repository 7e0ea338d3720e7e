package schema

// Context is the "@context" of every outermost value.
const Context = "https://schema.org"

// Organization is the newsroom. Every policy is an absolute address.
type Organization struct {
	Context      string   `json:"@context,omitempty"`
	Type         string   `json:"@type"` // NewsMediaOrganization
	ID           string   `json:"@id,omitempty"`
	Name         string   `json:"name"`
	Alternate    string   `json:"alternateName,omitempty"`
	URL          string   `json:"url"`
	Description  string   `json:"description,omitempty"`
	Logo         *Image   `json:"logo,omitempty"`
	SameAs       []string `json:"sameAs,omitempty"`
	Principles   string   `json:"publishingPrinciples,omitempty"`
	Ethics       string   `json:"ethicsPolicy,omitempty"`
	Corrections  string   `json:"correctionsPolicy,omitempty"`
	Ownership    string   `json:"ownershipFundingInfo,omitempty"`
	Feedback     string   `json:"actionableFeedbackPolicy,omitempty"`
	Sources      string   `json:"unnamedSourcesPolicy,omitempty"`
	Verification string   `json:"verificationFactCheckingPolicy,omitempty"`
	Diversity    string   `json:"diversityPolicy,omitempty"`
	Masthead     string   `json:"masthead,omitempty"`
	FoundingDate string   `json:"foundingDate,omitempty"`
}

// Thing is something of which little is said: a Person, a Place, a Periodical.
type Thing struct {
	Type        string `json:"@type"`
	ID          string `json:"@id,omitempty"`
	Name        string `json:"name,omitempty"`
	URL         string `json:"url,omitempty"`
	Lang        string `json:"inLanguage,omitempty"`
	Headline    string `json:"headline,omitempty"`
	JobTitle    string `json:"jobTitle,omitempty"`
	Description string `json:"description,omitempty"`
}

// Image is a picture with whose it is.
type Image struct {
	Type    string `json:"@type"` // ImageObject
	URL     string `json:"url"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"creditText,omitempty"`
}

// Article is a NewsArticle or one of its subtypes.
type Article struct {
	Context      string       `json:"@context"`
	Type         string       `json:"@type"`
	ID           string       `json:"@id"`
	Headline     string       `json:"headline"`
	Alternative  string       `json:"alternativeHeadline,omitempty"`
	Description  string       `json:"description,omitempty"`
	URL          string       `json:"url"`
	Lang         string       `json:"inLanguage"`
	Published    string       `json:"datePublished"`
	Modified     string       `json:"dateModified"`
	Dateline     string       `json:"dateline,omitempty"`
	Created      *Thing       `json:"locationCreated,omitempty"`
	Authors      []Thing      `json:"author"`
	Translators  []Thing      `json:"translator,omitempty"`
	Editors      []Thing      `json:"editor,omitempty"`
	Contributors []Thing      `json:"contributor,omitempty"`
	Sections     []string     `json:"articleSection,omitempty"`
	Keywords     []string     `json:"keywords,omitempty"`
	Genre        string       `json:"genre,omitempty"`
	Image        []Image      `json:"image,omitempty"`
	Publisher    Organization `json:"publisher"`
	Words        int          `json:"wordCount,omitempty"`
	Free         bool         `json:"isAccessibleForFree"`
	Comments     int          `json:"commentCount"`
	Page         WebPage      `json:"mainEntityOfPage"`
	PartOf       []Thing      `json:"isPartOf,omitempty"`
	Position     int          `json:"position,omitempty"` // in its series
	Original     *Thing       `json:"translationOfWork,omitempty"`
	Translations []Thing      `json:"workTranslation,omitempty"`
	Speakable    *Speakable   `json:"speakable,omitempty"`
	Read         *Counter     `json:"interactionStatistic,omitempty"`
	Corrections  []Correction `json:"correction,omitempty"`
}

// Counter is how often something was done, as digits.
type Counter struct {
	Type   string `json:"@type"` // InteractionCounter
	Action string `json:"interactionType"`
	Count  string `json:"userInteractionCount"`
}

// ReadAction is what is counted of an article.
const ReadAction = "https://schema.org/ReadAction"

// Correction is a published correction.
type Correction struct {
	Type string `json:"@type"` // CorrectionComment
	URL  string `json:"url,omitempty"`
	Text string `json:"text"`
	Date string `json:"datePublished"`
}

// Speakable says which parts of a page are fit to be read aloud.
type Speakable struct {
	Type     string   `json:"@type"` // SpeakableSpecification
	Selector []string `json:"cssSelector"`
}

// WebPage is a page that is a list, a person's, or no article.
type WebPage struct {
	Context     string        `json:"@context,omitempty"`
	Type        string        `json:"@type"`
	ID          string        `json:"@id"`
	Name        string        `json:"name,omitempty"`
	URL         string        `json:"url,omitempty"`
	Description string        `json:"description,omitempty"`
	Lang        string        `json:"inLanguage,omitempty"`
	Modified    string        `json:"dateModified,omitempty"`
	Breadcrumb  *List         `json:"breadcrumb,omitempty"`
	Publisher   *Organization `json:"publisher,omitempty"`
	Main        any           `json:"mainEntity,omitempty"` // a List or a Person
}

// Person is somebody with a page of their own.
type Person struct {
	Type        string   `json:"@type"` // Person
	ID          string   `json:"@id"`
	Name        string   `json:"name"`
	URL         string   `json:"url"`
	JobTitle    string   `json:"jobTitle,omitempty"`
	Description string   `json:"description,omitempty"`
	Image       *Image   `json:"image,omitempty"`
	SameAs      []string `json:"sameAs,omitempty"`
	WorksFor    *Thing   `json:"worksFor,omitempty"`
}

// List is an ItemList or a BreadcrumbList.
type List struct {
	Type  string     `json:"@type"`
	Items []ListItem `json:"itemListElement"`
}

// ListItem is a place in a list, counted from 1. Item is the address of the
// thing in a BreadcrumbList, URL in an ItemList.
type ListItem struct {
	Type     string `json:"@type"` // ListItem
	Position int    `json:"position"`
	Name     string `json:"name"`
	Item     string `json:"item,omitempty"`
	URL      string `json:"url,omitempty"`
}

// Crumbs makes a BreadcrumbList; nil of fewer than two.
func Crumbs(items []ListItem) *List {
	if len(items) < 2 {
		return nil
	}
	return numbered("BreadcrumbList", items)
}

// Items makes an ItemList; nil of none.
func Items(items []ListItem) *List {
	if len(items) == 0 {
		return nil
	}
	return numbered("ItemList", items)
}

func numbered(kind string, items []ListItem) *List {
	for i := range items {
		items[i].Type, items[i].Position = "ListItem", i+1
	}
	return &List{Type: kind, Items: items}
}

// WebSite is the whole of an edition, on its front page.
type WebSite struct {
	Context   string       `json:"@context"`
	Type      string       `json:"@type"` // WebSite
	ID        string       `json:"@id"`
	Name      string       `json:"name"`
	URL       string       `json:"url"`
	About     string       `json:"description,omitempty"`
	Lang      string       `json:"inLanguage"`
	Publisher Organization `json:"publisher"`
}
