package article

import (
	"cmp"
	"time"

	"dateline/internal/rendition"
	"dateline/internal/richtext"
)

// Kind tells an article from a static page.
type Kind string

// The kinds.
const (
	Text Kind = "article" // has a day, is listed
	Page Kind = "page"    // stands at E/slug or E/parent/child, is in no list
)

// State is what is stored of an article's way.
type State string

// The states. Scheduled and published are not among them: see Status.
const (
	Draft     State = "draft"
	InReview  State = "in_review"
	Ready     State = "ready"
	Approved  State = "approved"
	Withdrawn State = "withdrawn" // killed with a reason; the address answers 410
	Spiked    State = "spiked"    // dropped before it was published
)

// Status is what the clock makes of a state.
type Status string

// The statuses that are not states.
const (
	Scheduled Status = "scheduled"
	Published Status = "published"
)

// Visibility says who may see an article, and when. It is the one definition
// of "publicly visible" in Go; article_public is the same in SQL.
type Visibility struct {
	State State
	From  time.Time // zero: not decided
	Live  bool      // there is a revision to show
}

// At is the status at an instant.
func (v Visibility) At(now time.Time) Status {
	if v.State != Approved || !v.Live || v.From.IsZero() {
		return Status(v.State)
	}
	if now.Before(v.From) {
		return Scheduled
	}
	return Published
}

// Public reports whether everybody may see it at an instant.
func (v Visibility) Public(now time.Time) bool { return v.At(now) == Published }

// Audience is who wants to read a body. A body is reached only by naming one.
type Audience string

// The audiences. Anyone gets what is free; the others come with accounts.
const (
	Anyone Audience = "anyone"
	Staff  Audience = "staff"
)

// May reports whether an audience may read a body of the given access.
func (a Audience) May(access string) bool { return a == Staff || access == "free" }

// Credit is a line of the by-line, as printed.
type Credit struct {
	Entity int64  `json:"entity"`
	Name   string `json:"name"`
	Role   string `json:"role"` // author, with, photo, drawing, translator, editor, reporting
}

// TopicRef is a shelf the article stands on, as printed. The first section is
// the primary one.
type TopicRef struct {
	ID   int64  `json:"id"`
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Above are the topics whose lists show this article too: a section's
	// ancestors. They are not printed.
	Above []int64 `json:"-"`
}

// MediaRef is a picture or file the article uses, as printed.
type MediaRef struct {
	ID      int64  `json:"id"`
	SHA256  string `json:"sha256"`
	Caption string `json:"caption"`
	Credit  string `json:"credit"`
	Alt     string `json:"alt"`
	// Focal is of the picture above the text alone: nothing else is cut.
	Focal rendition.Focal `json:"focal,omitempty"`
}

// Dateline is when and where it was written. Offset and place are kept as
// printed: neither a new zone table nor a renamed town changes them.
type Dateline struct {
	At      time.Time `json:"-"`
	Millis  int64     `json:"at"`
	Zone    string    `json:"zone"`   // IANA name
	Offset  int       `json:"offset"` // seconds east of UTC at that instant
	PlaceID int64     `json:"place_id"`
	Place   string    `json:"place"`
}

// Content is what a revision says: everything a reader sees of an article.
// The order of the fields is the order of the canonical bytes; new fields go
// to the end and are omitted when empty, so that old hashes stay true.
type Content struct {
	V              int        `json:"v"`
	Lang           string     `json:"lang"`
	Kind           Kind       `json:"kind"`
	Kicker         string     `json:"kicker"`
	Headline       string     `json:"headline"`
	Standfirst     string     `json:"standfirst"`
	Credits        []Credit   `json:"credits"`
	Dateline       Dateline   `json:"dateline"`
	Topics         []TopicRef `json:"topics"`
	Lead           *MediaRef  `json:"lead"`
	Media          []MediaRef `json:"media"`
	SEOTitle       string     `json:"seo_title"`
	SEODescription string     `json:"seo_description"`
	Note           string     `json:"note"` // of old revisions: a correction's text, before those were a room of their own
	Body           string     `json:"body"` // richtext's stored form

	// SocialTitle and SocialDescription are for links to it elsewhere; empty: as
	// the headline and description. Hidden keeps search engines from it.
	SocialTitle       string `json:"social_title,omitempty"`
	SocialDescription string `json:"social_description,omitempty"`
	Hidden            bool   `json:"hidden,omitempty"`

	// ShortHeadline stands where there is little room; empty: the headline does.
	ShortHeadline string `json:"short_headline,omitempty"`
}

// Edit is what Put stores: an article's content and what is decided about it.
type Edit struct {
	ID          int64 // 0: a new article
	Fresh       bool  // ID is from NewIDs and not used yet
	StoryID     int64 // 0: a new story
	Publication int64
	Edition     int64
	Content     Content
	Body        richtext.Doc // becomes Content.Body
	Digest      *Digest      // DigestOf(Body), where it was made ahead; nil: Put makes it
	State       State
	VisibleFrom time.Time // zero: not decided
	UpdatedAt   time.Time // zero: not changed since publication, as readers count it
	Day         int       // yyyymmdd in the publication's zone; 0: not decided (a draft)
	Slug        string    // wished for; a taken one gets a number
	Path        string    // of a page: "about/team"; an article's is made from day and slug
	ParentID    int64     // of a page
	Position    int       // of a page among its siblings, of an article in its series
	Access      string    // empty: free
	Comments    string    // open, closed, hidden; empty: open
	Sticky      bool
	Urgency     int // 1–9; 0: 5
	Created     time.Time
	At          time.Time // when the revision was made; zero: now
	Actor, Why  string    // for the revision
	GUID        string    // what the feeds of an older system called it; empty: nothing. Once kept it stays
	Announce    bool      // its appearance is news for channels and feeds: a row in the outbox
	Ready       any       // handed on to those who listen: work on the text that could be done before
}

// Saved is what became of an Edit.
type Saved struct {
	ID, StoryID, RevisionID int64
	Revision                int    // its number
	Path                    string // without the edition's prefix
	Slug                    string
	Renamed                 bool // the wished-for slug was taken
}

// Article is a row of the table: what lists, pages and the desk need without
// opening a revision.
type Article struct {
	ID, Publication, StoryID, Edition    int64
	Kind                                 Kind
	Access, Comments                     string
	State                                State
	VisibleFrom                          time.Time
	Day                                  int
	Slug, Path                           string
	ParentID                             int64
	LiveRevision, HeadRevision           int64
	Revision                             int
	Kicker, Headline, Standfirst, Teaser string
	ShortHeadline                        string // empty: none
	SEOTitle, SEODescription             string
	Hidden                               bool
	GenreID, ColumnID, SectionID, LeadID int64
	LeadFocal                            rendition.Focal
	Words                                int
	Dateline                             Dateline
	Sticky                               bool
	Urgency, Position                    int
	UpdatedAt                            time.Time
	WithdrawnAt                          time.Time
	WithdrawnReason                      string
	ChangedAt                            time.Time
}

// Visibility is the article's.
func (a Article) Visibility() Visibility {
	return Visibility{State: a.State, From: a.VisibleFrom, Live: a.LiveRevision != 0}
}

// Brief is the headline for where there is little room.
func (a Article) Brief() string { return cmp.Or(a.ShortHeadline, a.Headline) }

// Minutes is the reading time, at 200 words a minute, at least one.
func (a Article) Minutes() int { return max(1, (a.Words+100)/200) }

// Revision is one snapshot.
type Revision struct {
	ID, ArticleID  int64
	Number         int
	Content        Content
	SHA256, Before string
	At             time.Time
	Actor, Why     string
	Published      time.Time // zero: never was live
}
