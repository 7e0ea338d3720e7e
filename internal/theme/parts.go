package theme

import (
	"html/template"

	"dateline/internal/rendition"
)

// Moment is an instant or a day, as a machine and as a reader reads it.
type Moment struct {
	// ISO is for datetime: "2026-11-14T09:40:00+05:00" or "2026-11-14".
	ISO string
	// Text is what is printed: "14 November 2026, 09:40". Empty: nothing is.
	Text string
}

// Link is a name with an address. Without URL the name stands alone.
type Link struct {
	Name, URL string
	// Lang is the BCP 47 tag of the name where it is not the page's.
	Lang string
	// Kind names the place it leads to where that matters ("telegram", "rss").
	Kind string
	// Current marks the page itself or the part of the site it belongs to.
	Current bool
}

// LinkGroup is a column of links under a heading.
type LinkGroup struct {
	Title string
	Links []Link
}

// EditionLink leads to an edition, or to this page in it.
type EditionLink struct {
	// Lang is its BCP 47 tag, Name its name in itself ("Қазақша").
	Lang, Name string
	URL        string
	// Current: this is the edition being read.
	Current bool
	// Missing: this page does not exist there and URL leads to its front page.
	Missing bool
	// Note is said beside the name, in the page's language ("14 articles").
	Note string
}

// Alternate is one <link rel=alternate hreflang>.
type Alternate struct {
	// Hreflang is a BCP 47 tag or "x-default".
	Hreflang string
	// URL is absolute.
	URL string
}

// Feed is one <link rel=alternate> to a feed.
type Feed struct {
	URL, Title string
	// Type is a media type; empty: application/rss+xml.
	Type string
}

// Social are the Open Graph values of a page. Addresses are absolute.
type Social struct {
	// Type is "article", "profile" or "website" (also where it is empty).
	Type string
	// Title, Description, URL: empty ones are taken from the frame.
	Title, Description, URL string
	Image                   *Picture
	// Published and Modified are ISO instants.
	Published, Modified string
	// Section is the primary section's name.
	Section string
	// Authors are the addresses of their pages.
	Authors []string
	// Fediverse are the authors' accounts there: "@saule@example.social".
	Fediverse []string
	Tags      []string
}

// Strip is the breaking line.
type Strip struct {
	Text, URL string
	Time      Moment
}

// Announcement is a notice from the editors. With URL the whole text is the link.
type Announcement struct {
	Text, URL string
}

// Person is who wrote, drew or is quoted.
type Person struct {
	Name string
	// Lang is the BCP 47 tag of the name where it is not the page's.
	Lang string
	// URL is the author's column; empty: the name is not a link.
	URL string
	// Role is said beside the name: "Columnist, writes about queues", "photos".
	Role     string
	Portrait *Picture
}

// Picture is an image with all that must be said of it.
type Picture struct {
	URL string
	// Alt says what it shows; empty for decoration.
	Alt string
	// Width and Height are in pixels; the browser reserves the place with them.
	// 0: unknown.
	Width, Height int
	Caption       string
	Credit        string
	// Lang is the BCP 47 tag of Alt, Caption and Credit where they are not in the
	// page's language.
	Lang string
	// FocalX, FocalY say in permille where the important part is, from the left
	// and from the top; both 0: the middle.
	FocalX, FocalY int
	// Colour is what most of the picture has, "#rrggbb": shown until it comes.
	// Empty: the theme's own; for pictures with transparent parts.
	Colour string
	// Sizes tells where it is had in other widths, shapes and formats; the zero
	// value: nowhere.
	Sizes rendition.Set
}

// Card stands for an article elsewhere on the site.
type Card struct {
	URL      string
	Headline string
	// Kicker is a word or two, often the section's name; KickerURL may be empty.
	Kicker, KickerURL string
	// KickerLang is the kicker's BCP 47 tag where it is not the page's.
	KickerLang string
	// Teaser is plain text, cut at a word by whoever made it.
	Teaser  string
	Bylines []Person
	// Time is printed after TimeLabel ("Updated"), which is mostly empty.
	Time      Moment
	TimeLabel string
	Picture   *Picture
	// Views is the counter's token or a formatted number; empty: not said.
	Views template.HTML
	// Minutes is the reading time; 0: not said.
	Minutes int
	// Comments is how many there are; 0: not said.
	Comments int
	// Opinion: a column's piece, which is seen before it is read.
	Opinion bool
	// Part is the article's number in the series that is listed; 0: not said.
	Part int
	// Size 1–4 overrides the size that the place gives; 0: the place decides.
	Size int
}

// Line is a headline with a time.
type Line struct {
	Time     Moment
	Headline string
	URL      string
	// New marks it as of this hour.
	New bool
}

// Part is an article's place in a series, which is read from its first part on.
type Part struct {
	// N of Of, the first part being 1; both 0: not counted.
	N, Of int
	// Before and After are the neighbouring parts by their headlines. Nil: none.
	Before, After *Link
}

// LetterGroup are the authors whose names begin with a letter.
type LetterGroup struct {
	Letter  string
	Authors []Person
}

// ColumnCard is a columnist with their newest piece.
type ColumnCard struct {
	Author Person
	// Column is the column's own name; the zero value where it needs none.
	Column Link
	// Time is when the piece was published.
	Time     Moment
	Headline string
	URL      string
	Teaser   string
}

// Shelf is a column or a series in the list of all of them.
type Shelf struct {
	Name, URL string
	// Lang is the BCP 47 tag of name and description where they are not in the
	// page's language.
	Lang string
	// Description is plain text; a blank line begins a new paragraph.
	Description string
	// Author is a column's owner or who wrote its newest piece. Nil: not said.
	Author *Person
	// Picture is that of a series' first part.
	Picture *Picture
	// Count is how many articles it has; 0: not said.
	Count int
	// First is a series' first part. Newest is a column's newest piece, or a
	// series' newest part where it has more than one. Part is set in a series,
	// 0 where its parts are not counted.
	First, Newest *Card
}

// Block is a section on the front page.
type Block struct {
	Title, URL string
	// Lang is the title's BCP 47 tag where it is not the page's.
	Lang  string
	Cards []Card
}

// MostRead is a ranking from the counter.
type MostRead struct {
	// Window says since when, in words: "since yesterday". May be empty.
	Window string
	// Items: Headline, URL, Views, Kicker are used.
	Items []Card
}

// Correction is what readers are told of an article after it was published.
type Correction struct {
	// Kind is "correction", "clarification", "update" or "note"; empty: the first.
	Kind string
	Time Moment
	// Text is plain; a blank line begins a new paragraph.
	Text string
	// URL shows what was changed; may be empty.
	URL string
	// Page is the correction's own address; empty on it.
	Page string
	// Headline and ArticleURL are the article's, where the page is not.
	Headline, ArticleURL string
	// Changes are the words before and after, on the correction's own page.
	Changes []Change
}

// Change is a row of words of an article as it was and as it is.
type Change struct {
	// Part is which: "headline", "standfirst", "kicker", "caption", "text".
	Part  string
	Words []Fate
}

// Fate is a stretch of words and what became of it.
type Fate struct {
	// Op is "same", "added" or "removed".
	Op, Text string
}

// CorrectionMonth is a month with its corrections, newest first.
type CorrectionMonth struct {
	// Title is the month's name with its year.
	Title string
	Items []Correction
}

// Report is the offer to report an error.
type Report struct {
	// URL is where the form is, for those without script; may be empty.
	URL string
}

// ReportForm is the form by which readers report an error.
type ReportForm struct {
	// Action is where it is sent.
	Action string
	// Article is the article's id.
	Article int64
	// Exact is the passage, Prefix and Suffix what stands before and after it.
	Exact, Prefix, Suffix string
	// Suggestion, Note and Email are what was written in before.
	Suggestion, Note, Email string
	// Mails says that who leaves an address is written to.
	Mails bool
	// Wrong says what is wrong with what was sent, WrongField with which field.
	Wrong, WrongField string
}

// ReportStatus is what became of a report, for whoever sent it.
type ReportStatus struct {
	// State is received, seen, applied or refused.
	State string
	// Before, Exact and After are the passage and what stands beside it.
	Before, Exact, After string
	// Changes says that Suggestion is to stand there; empty: nothing is.
	Changes    bool
	Suggestion string
	// Note is what the reader wrote beside it.
	Note string
	// NowBefore, Now and NowAfter are what the page says there now.
	NowBefore, Now, NowAfter string
	// Waits says that the text is right, and not public yet.
	Waits bool
	// Reason is why it was refused.
	Reason string
	// Mail says that a letter will be sent.
	Mail bool
	// Sent, Seen and Settled are when.
	Sent, Seen, Settled *Moment
}

// Comments are the readers' comments of an article.
type Comments struct {
	// Count is how many are shown, on all pages.
	Count int
	// Threads of this page, oldest first, with their replies.
	Threads []Comment
	// Later is how many comments stand on the pages after this one.
	Later int
	// Pager leads along the pages, Ranked; without Pages there is one only.
	Pager Pager
	// FindURL/ID leads to the page on which comment ID stands, where there are
	// several pages: data-comments of the section, for the reader's script.
	FindURL string
	// RulesURL are the house rules; may be empty.
	RulesURL string
	// Closed says that no more are taken.
	Closed bool
	// Form is where a reader writes one; nil where none are taken.
	Form *TalkForm
	// LiveURL tells a script what is new; data-live of the section. May be empty.
	LiveURL string
}

// TalkForm is a form that a reader fills in: a comment, a change to it, a report of
// one, an appeal.
type TalkForm struct {
	// Action is where it is posted.
	Action string
	// Heading stands over it, Hint under its fields.
	Heading, Hint string
	// Error is what is wrong with what was sent; empty: nothing.
	Error  string
	Fields []TalkField
	// Submit is what its button says.
	Submit string
	// Words are for the reader's script: hidden, each with its name as data-word.
	Words []TalkWord
}

// TalkField is a control of a form.
type TalkField struct {
	// Kind is text, area, choice, check, hidden or trap, which no person is to see or
	// fill in.
	Kind, Name, Label, Value, Hint string
	// Choices of a choice.
	Choices []TalkWord
	// Required, and Most signs; 0: no limit.
	Required bool
	Most     int
	// Wrong says that this is what is wrong.
	Wrong bool
}

// TalkWord is a name and a text: a choice's value and label.
type TalkWord struct {
	Name, Text string
	Chosen     bool
}

// Statement is a decision about a comment, with its reasons.
type Statement struct {
	// Title says what was decided.
	Title string
	Time  Moment
	// Facts are its parts, each with its name.
	Facts []TalkWord
	// Appeal is the form to complain; nil: there is none (any more). Appealed says what
	// became of a complaint.
	Appeal   *TalkForm
	Appealed string
}

// HouseRule is one of the rules that comments keep to.
type HouseRule struct {
	Number      int
	Title, Text string
	// Machine says what a machine looks for; empty: people judge.
	Machine string
}

// LogEntry is a decision in the public log: without names, without what was removed.
type LogEntry struct {
	Number                int64
	Time                  Moment
	What, Rule, Who, Note string
	// URL is the article; may be empty.
	URL, Headline string
}

// Figure is a number with what it counts.
type Figure struct{ Value, Text string }

// Comment is one, with those that answer it. The theme indents one level only.
type Comment struct {
	// ID makes the anchor "comment-ID".
	ID   int64
	Name string
	Time Moment
	// To is whom it answers, where that comment stands on an earlier page.
	To string
	// Role is said beside the name: "author", "quoted in the article".
	Role string
	// Body are plain paragraphs.
	Body []string
	// Lang is the body's BCP 47 tag where it is not the page's.
	Lang string
	// Removed replaces name and body: the sentence that says when and why. RemovedURL
	// leads to the decision in the log.
	Removed, RemovedURL string
	// Quote is a passage of the article that it is about.
	Quote string
	// Edited says that its writer has changed it.
	Edited bool
	// ReplyURL and ReportURL lead to the forms to answer it and to report it; may be empty.
	ReplyURL, ReportURL string
	Replies             []Comment
}

// Calendar is one month.
type Calendar struct {
	// Title is the month: "November 2026". URL is its archive; may be empty.
	Title, URL string
	// WeekdayHeads are seven, in the language's own order of the week.
	WeekdayHeads []WeekdayHead
	// Weeks have seven days each; N 0 is an empty place.
	Weeks [][]Day
	// Prev and Next are neighbouring months with articles; Name is the month's
	// name ("October"). Nil: there are none.
	Prev, Next *Link
}

// WeekdayHead is a weekday's name twice.
type WeekdayHead struct {
	// Short is seen ("Mon"), Long is read aloud ("Monday").
	Short, Long string
}

// Day is a day of a calendar.
type Day struct {
	// N is the day of the month; 0: an empty place.
	N int
	// URL is the day's archive; empty: nothing was published that day.
	URL string
	// Label is the link's name for those who do not see the grid: "14 November".
	Label string
	// Current: the day of this page. Today: the day it is; both may be the same.
	Current, Today bool
}

// DayGroup is a day with its articles.
type DayGroup struct {
	// Date: ISO a date, Text "14 November".
	Date Moment
	// Weekday under it: "Saturday".
	Weekday string
	// URL is the day's own archive; empty on that page itself.
	URL string
	// Items are read as lines: Time, Headline, Kicker, Views.
	Items []Card
}

// Pager leads along a list.
type Pager struct {
	// Newer and Older are addresses; empty at the ends.
	Newer, Older string
	// Page and Pages are counted from 1; Pages 0: not known.
	Page, Pages int
	// Ranked: the list is not in the order of time, Newer and Older are the page
	// before and the one after.
	Ranked bool
	// Oldest: the list begins with its oldest, so Newer leads to older ones.
	Oldest bool
	// ArchiveURL stands in for Older after the last page that a list has.
	ArchiveURL string
}
