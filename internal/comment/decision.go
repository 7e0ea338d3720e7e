package comment

import (
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/lang"
)

// Deed is what a decision does.
type Deed string

// The deeds. Watch, Mute and Ban are about a writer and have a term: each of their
// comments waits for a moderator, or they cannot write.
const (
	Hold    Deed = "hold"
	Approve Deed = "approve"
	Remove  Deed = "remove"
	Spam    Deed = "spam"
	Restore Deed = "restore"
	Watch   Deed = "watch"
	Mute    Deed = "mute"
	Ban     Deed = "ban"
	Lift    Deed = "lift"
)

// Restricts tells a deed that needs a ground.
func (d Deed) Restricts() bool { return d == Remove || d == Spam || d.Sanction() }

// Sanction tells a deed about a writer.
func (d Deed) Sanction() bool { return d == Watch || d == Mute || d == Ban }

// Decision is one, with its statement of reasons.
type Decision struct {
	ID, Edition, Article, Comment int64
	Deed                          Deed
	Ground                        string // rule, law; "": none is needed
	Rule, RulesVersion            int
	Title                         string // of the rule, as it was
	Law                           string
	Category                      string
	Facts                         string
	Source                        string // own, notice, appeal
	FoundByMachine, ByMachine     bool
	Staff                         int64
	At, Until                     time.Time // Until is zero where it has no term
	Writer, Lang                  string
	ContentAt                     time.Time
	Waited                        time.Duration // since it was written, held or reported
	Stands                        bool          // it has not been undone, replaced or taken back
	Ended                         time.Time

	before, heldFor string
	publicBefore    bool
	version         int64 // of the comment, after it
}

// Act is what a moderator does.
type Act struct {
	Comment, Version int64 // the comment, as they saw it
	Deed             Deed
	Rule             int    // the number of the rule; 0: the law forbids it
	Law              string // which, and why
	Facts            string // "": those that the deed states by itself
	Days             int    // of a sanction
	Staff            int64
	Source           string
}

const (
	mostFacts = 5000
	mostLaw   = 500
	mostDays  = 366
)

// check refuses an act that its writer could not be given reasons for.
func (a Act) check(r Rules) error {
	if a.Deed.Restricts() {
		if _, ok := r.ByNumber(a.Rule); !ok && strings.TrimSpace(a.Law) == "" {
			return wrongDesk("rule", "ground")
		}
	}
	switch {
	case a.Deed.Sanction() && (a.Days < 1 || a.Days > mostDays):
		return wrongDesk("days", "days", "n", mostDays)
	case utf8.RuneCountInString(a.Facts) > mostFacts || utf8.RuneCountInString(a.Law) > mostLaw:
		return wrongDesk("facts", "long", "n", mostFacts)
	}
	return nil
}

func wrongDesk(field, word string, args ...any) error {
	err := lang.Wrong("talk.wrong."+word, args...)
	err.Field = field
	return err
}

// Appeal is a writer's complaint about a decision.
type Appeal struct {
	ID, Decision int64
	Text         string
	At           time.Time
	First        int64  // who decided first; 0: a machine
	Outcome      string // upheld, rejected; "": open
	Reason       string
	Staff        int64
	Decided      time.Time
}

// AppealTime is how long a decision can be appealed (article 20(1): six months).
const AppealTime = 183 * 24 * time.Hour

// Notice is what somebody tells of a comment.
type Notice struct {
	ID, Edition, Comment int64
	Ground               string // rule, law
	Rule                 int
	Text, Name, Email    string
	At                   time.Time
	Outcome              string // acted, kept; "": open
	Decided              time.Time
	Decision             int64
}
