package theme

import (
	"html/template"

	"dateline/internal/lang"
)

// Page is a value that can be rendered. Pages are passed as pointers; the kind
// names the template: kind "article" is <theme>/article/article.html.
type Page interface {
	Kind() string
	Common() *Frame
}

// Frame is what every page has: language, addresses, head, masthead, footer.
// Only Lang is needed; every other field that is empty leaves its element out.
type Frame struct {
	// Lang speaks the words of the interface and gives the page its lang.
	Lang *lang.Locale
	// Dir is "ltr" or "rtl"; empty: that of Lang.
	Dir string
	// SiteName is the edition's nameplate ("The Tasozen Lamp").
	SiteName string
	// Tagline is the edition's own line ("news of Tasozen, the river and the steppe").
	Tagline string
	// Logo stands before the nameplate; its Alt should be empty.
	Logo *Picture
	// IconURL is the favicon; empty: the theme's own.
	IconURL string

	// Title is this page's own title. <title> becomes "Title · SiteName", on the
	// front page (Title empty) "SiteName: Tagline".
	Title string
	// Description goes to <meta name=description>: plain text, one or two sentences.
	Description string
	// Robots goes to <meta name=robots> ("noindex", "max-image-preview:large");
	// empty: no such element.
	Robots string
	// Canonical is the absolute address of this page.
	Canonical string
	// Alternates are absolute addresses of this page in all editions, itself
	// and x-default included; empty where there is only one.
	Alternates []Alternate
	// Feeds are announced in the head.
	Feeds []Feed
	// JSONLD is marshalled as a whole <script type="application/ld+json">: a
	// struct, a map or a slice of them. Nil: none.
	JSONLD any
	// Social becomes Open Graph and article meta elements. Nil: none.
	Social *Social
	// Looks are what the newsroom has set: theme, colours, letters.
	Looks Looks
	// Preload names fonts as assets ("fonts/serif-latin.woff2"); empty: the
	// theme chooses by the page's language.
	Preload []string

	// HomeURL is this edition's front page.
	HomeURL string
	// SearchURL, PrivacyURL, ArchiveURL, AuthorsURL: empty leaves the link out.
	SearchURL, PrivacyURL, ArchiveURL, AuthorsURL string
	// CorrectionsURL leads to all of the edition's corrections.
	CorrectionsURL string
	// RulesURL and TransparencyURL lead to the house rules and to the log of what was
	// decided by them.
	RulesURL, TransparencyURL string
	// ColumnsURL and SeriesURL are the lists of all columns and of all series;
	// empty: the edition has none.
	ColumnsURL, SeriesURL string
	// OpenSearchURL is the description by which browsers offer this edition's
	// search (OpenSearch 1.1); empty: not announced.
	OpenSearchURL string
	// Editions is the language switch, every edition once, in the site's order,
	// the current one too. With fewer than two it is not shown.
	Editions []EditionLink
	// Sections is the menu. Templates say .Common.Sections: an article has
	// Sections of its own.
	Sections []Link

	// Today is the day at the top: ISO a date, Text with weekday and a capital.
	Today Moment
	// Notice is what is said of the page itself, above everything: that it is a
	// preview, and until when. Empty: nothing.
	Notice string
	// Breaking is the one line above everything. Nil: none.
	Breaking *Strip
	// Announcements are the editors' notices to readers (P17), current ones only.
	Announcements []Announcement
	// FollowLinks lead to the newsroom elsewhere (P9).
	FollowLinks []Link
	// Footer are further columns of links at the foot; sections, follow links,
	// search, archive and privacy stand there by themselves.
	Footer []LinkGroup
	// Colophon is plain text; a blank line begins a new paragraph.
	Colophon string
}

// Common makes every page that embeds a Frame a Page, together with its Kind.
func (f *Frame) Common() *Frame { return f }

// FrontPage is an edition's front.
type FrontPage struct {
	Frame
	// Lead is the first story. Nil: the newsroom has published nothing yet and
	// the page says so.
	Lead *Card
	// Seconds stand beside the lead: three or four.
	Seconds []Card
	// Latest is the list of today with times, newest first; phones show five.
	Latest []Line
	// LatestURL leads to all of today.
	LatestURL string
	// Columns is the strip of columnists.
	Columns []ColumnCard
	// Blocks are the sections; the first card of a block is shown large.
	Blocks []Block
	// Feature is a long read on a dark ground.
	Feature *Card
	// MostRead (P18). Nil or without items: left out.
	MostRead *MostRead
	// Calendar (P14).
	Calendar *Calendar
}

// Kind is "front".
func (*FrontPage) Kind() string { return "front" }

// ArticlePage is one article, with the parts P1–P18 that it has.
type ArticlePage struct {
	Frame
	// ID is the article's, for data-article.
	ID int64
	// Kicker is the word or two above the headline (P1); KickerURL may be empty.
	Kicker, KickerURL string
	// Headline is the h1.
	Headline string
	// Standfirst (P7) is plain text and never part of Body.
	Standfirst string
	// Bylines (P2) in their order. From four on three are shown and the rest
	// stands in a list that opens.
	Bylines []Person
	// Dateline (P3) is the whole line, printed exactly as given: "14 February
	// 2022, 09:49 (Moscow time), Moscow".
	Dateline string
	// Published is the dateline's instant; its Text is used where Dateline is empty.
	Published Moment
	// Updated is shown where it is set.
	Updated *Moment
	// Views (P4) is the counter's token or a formatted number.
	Views template.HTML
	// Beacon is where a read is reported: "/-/views/4127"; ".gif" is added for
	// the pixel. Empty: this page is not counted (a preview, a mirror).
	Beacon string
	// Minutes is the reading time; 0: not said.
	Minutes int
	// Genre, Column, Series: nil where there is none.
	Genre, Column, Series *Link
	// Part is the article's place in its Series. Nil: in none.
	Part *Part
	// OldYears is how many whole years ago an old article was published; 0: it
	// is not old, nothing is said.
	OldYears int
	// Earlier and Later are the articles before and after it in its column or
	// section. Nil: there is none.
	Earlier, Later *Link
	// Sections (P5), the primary one first.
	Sections []Link
	// Picture (P6) is the lead picture.
	Picture *Picture
	// Body (P8) comes from the sanitiser and starts its headings at h2.
	Body template.HTML
	// Corrections are shown under the text, newest first.
	Corrections []Correction
	// Corrected says that something in it was wrong or not clear.
	Corrected bool
	// Report (P10) is the offer to report an error. Nil: not offered.
	Report *Report
	// Tags (P12).
	Tags []Link
	// Comments (P13). Nil: the part is left out.
	Comments *Comments
	// Calendar (P14) of the month of publication.
	Calendar *Calendar
	// Languages (P16) are the same article in other editions: existing ones only.
	Languages []EditionLink
	// Related (P18): three or six cards.
	Related []Card
	// MostRead (P18).
	MostRead *MostRead
}

// Kind is "article".
func (*ArticlePage) Kind() string { return "article" }

// CommentsPage is a later page of an article's comments; the first ones stand
// on the article's own page.
type CommentsPage struct {
	Frame
	// Headline is the article's, the h1 here too.
	Headline string
	// ArticleURL leads back to it.
	ArticleURL string
	// Comments are those of this page.
	Comments *Comments
}

// Kind is "comments".
func (*CommentsPage) Kind() string { return "comments" }

// CommentPage is about one comment, for whoever writes, wrote or reports it: a form, or
// what became of it with the reasons.
type CommentPage struct {
	Frame
	// Heading is the h1; Intro are paragraphs under it.
	Heading string
	Intro   []string
	// Article leads back.
	Article Link
	// Status says what became of it; empty: nothing is to be said.
	Status string
	// Comment is the one that it is about. Nil: there is none yet.
	Comment *Comment
	// Statements are what was decided, the newest first.
	Statements []Statement
	Form       *TalkForm
	// RulesURL are the house rules.
	RulesURL string
}

// Kind is "comment".
func (*CommentPage) Kind() string { return "comment" }

// RulesPage are the house rules of an edition.
type RulesPage struct {
	Frame
	// Heading is the h1; Intro says under it since when they are in force.
	Heading, Intro string
	// RulesLang is their language where it is not the page's.
	RulesLang string
	Rules     []HouseRule
	// Follows is what happens when one is broken, in paragraphs.
	Follows []string
	// LogURL leads to the decisions.
	LogURL string
}

// Kind is "rules".
func (*RulesPage) Kind() string { return "rules" }

// TransparencyPage are the decisions of the moderators, counted and in a list.
type TransparencyPage struct {
	Frame
	// Heading is the h1; Intro says under it what stands here.
	Heading, Intro string
	Figures        []Figure
	// Reasons are how often each rule was the ground.
	Reasons []Figure
	Log     []LogEntry
	Pager   Pager
	// CSVURL is the table for programs; RulesURL are the rules.
	CSVURL, RulesURL string
}

// Kind is "transparency".
func (*TransparencyPage) Kind() string { return "transparency" }

// CorrectionsPage is what readers of an edition were told of articles after these were
// published: a list, or one of them.
type CorrectionsPage struct {
	Frame
	// Heading is the h1; Intro says under it what stands here. Empty on the page of one.
	Heading, Intro string
	// Months, newest first; none on the page of one.
	Months []CorrectionMonth
	// One is the correction whose page it is. Nil: the page is a list.
	One *Correction
	// Crumbs lead to the list from the page of one.
	Crumbs []Link
	// Pager leads to older and newer ones.
	Pager Pager
	// FeedURL is the list's feed (RSS).
	FeedURL string
}

// Kind is "corrections".
func (*CorrectionsPage) Kind() string { return "corrections" }

// ListPage is a section, tag, genre, column or series.
type ListPage struct {
	Frame
	// List is what it lists by: "section", "tag", "genre", "column", "series".
	List string
	// Heading is the h1: the topic's name.
	Heading string
	// HeadingLang is the BCP 47 tag of heading and description where they are not
	// in the page's language.
	HeadingLang string
	// Description is plain text; a blank line begins a new paragraph.
	Description string
	// Crumbs lead down from the root, without this page.
	Crumbs []Link
	// Children are the sections below.
	Children []Link
	// Author is a column's owner.
	Author *Person
	// Items, newest first. None: the page says so.
	Items []Card
	// Total is how many articles the whole list has; 0: not said.
	Total int64
	// Pager leads to older and newer ones.
	Pager Pager
	// FeedURL is the list's feed (RSS).
	FeedURL string
	// MostRead and Calendar stand in the rail.
	MostRead *MostRead
	Calendar *Calendar
}

// Kind is "list".
func (*ListPage) Kind() string { return "list" }

// AuthorsPage is everybody who writes in an edition.
type AuthorsPage struct {
	Frame
	// Heading is the h1.
	Heading string
	// Columns of the edition, each with its newest piece.
	Columns []ColumnCard
	// Authors in the order of their names. A short list shows portraits and the
	// newest piece of each.
	Authors []ColumnCard
	// Letters are a long list instead, under the first letters of the names.
	Letters []LetterGroup
}

// Kind is "authors".
func (*AuthorsPage) Kind() string { return "authors" }

// ShelvesPage is the list of an edition's columns or of its series.
type ShelvesPage struct {
	Frame
	// List is what is listed: "column" or "series".
	List string
	// Heading is the h1.
	Heading string
	// Shelves are those with articles, that of the newest article first.
	Shelves []Shelf
	// Pager is for more than one page holds.
	Pager Pager
}

// Kind is "shelves".
func (*ShelvesPage) Kind() string { return "shelves" }

// AuthorPage is an author's column of everything they wrote.
type AuthorPage struct {
	Frame
	// Person is the author: name, role, portrait; URL is not shown (it is this page).
	Person Person
	// Bio is plain text; a blank line begins a new paragraph.
	Bio string
	// Links are the author's own addresses elsewhere.
	Links []Link
	// Columns that the author owns.
	Columns []Link
	// Items, Total, Pager, FeedURL as in ListPage.
	Items   []Card
	Total   int64
	Pager   Pager
	FeedURL string
	// MostRead stands in the rail.
	MostRead *MostRead
}

// Kind is "author".
func (*AuthorPage) Kind() string { return "author" }

// ArchivePage is a year, a month or a day of an edition.
type ArchivePage struct {
	Frame
	// Scope is "year", "month" or "day".
	Scope string
	// Heading is the h1: "2026", "November 2026", "Saturday, 14 November 2026".
	Heading string
	// Summary is one sentence under it ("Ninety-four articles."), or empty.
	Summary string
	// Crumbs lead down from the archive, without this page.
	Crumbs []Link
	// Calendar of the month (month and day).
	Calendar *Calendar
	// Calendars of a year's months that have articles, January first.
	Calendars []Calendar
	// Months of the year (year and month): twelve links; one without URL has no
	// articles.
	Months []Link
	// MonthsTitle heads them ("Months of 2026").
	MonthsTitle string
	// Years with articles, newest first.
	Years []Link
	// Days with their articles, newest first: many in a month, one in a day,
	// none in a year.
	Days []DayGroup
	// Prev and Next are the neighbouring year, month or day that has articles.
	Prev, Next *Link
	// Pager is for a period too long for one page.
	Pager Pager
}

// Kind is "archive".
func (*ArchivePage) Kind() string { return "archive" }

// StaticPage is a page without date: about, imprint, contact.
type StaticPage struct {
	Frame
	// ID is the page's id, for data-article; 0: none.
	ID int64
	// Heading is the h1.
	Heading string
	// Standfirst is plain text under it.
	Standfirst string
	// Crumbs are the pages above.
	Crumbs []Link
	// Picture at the head.
	Picture *Picture
	// Body comes from the sanitiser and starts its headings at h2.
	Body template.HTML
	// Children are the pages below.
	Children []Link
	// Languages are the same page in other editions.
	Languages []EditionLink
	// Updated is said at the end.
	Updated *Moment
}

// Kind is "static".
func (*StaticPage) Kind() string { return "static" }

// PrivacyPage says what is stored about a reader and how views are counted.
// Its text is the interface's words: it describes what the program does.
type PrivacyPage struct {
	Frame
	// Contact is an e-mail address or empty.
	Contact string
	// AccountURL is where a reader finds their account; empty: readers have none.
	AccountURL string
	// Own is the newsroom's own text, from the sanitiser, headings from h2.
	Own template.HTML
	// Updated is when Own last changed.
	Updated *Moment
}

// Kind is "privacy".
func (*PrivacyPage) Kind() string { return "privacy" }

// ReportPage is the form by which readers report an error, or what became of a report.
type ReportPage struct {
	Frame
	// Headline and ArticleURL are the article's; empty: readers do not have it.
	Headline, ArticleURL string
	// Form, or Status: one of them.
	Form   *ReportForm
	Status *ReportStatus
}

// Kind is "report".
func (*ReportPage) Kind() string { return "report" }

// ErrorPage answers with a status that is not success.
type ErrorPage struct {
	Frame
	// Status is 403, 404, 405, 410, 413, 429, 500, 503; others speak like 400
	// or 500.
	Status int
	// Elsewhere are the editions in which the page does exist (404).
	Elsewhere []EditionLink
	// Date and Reason say when and why an article was withdrawn (410).
	Date   *Moment
	Reason string
	// Instead is something else to read (410). Nil or without cards: left out.
	Instead *Block
	// Query stands in the field for searching (404): the words of the address,
	// or nothing.
	Query string
	// Reference is what a reader can quote when writing to us (500), or empty.
	Reference string
	// Preview: it is the page of a link to a preview that leads nowhere any more (410).
	Preview bool
}

// Kind is "error".
func (*ErrorPage) Kind() string { return "error" }
