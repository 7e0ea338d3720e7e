package user

import (
	"slices"

	"dateline/internal/fault"
)

// Role is what somebody is at the newsroom.
type Role string

// The roles.
const (
	Admin      Role = "admin"
	Editor     Role = "editor"
	Author     Role = "author"
	Moderator  Role = "moderator"
	Translator Role = "translator"
)

// Roles are all of them, in the order in which they are offered.
func Roles() []Role { return []Role{Admin, Editor, Author, Translator, Moderator} }

// Permission is the name of a right. It stands on the routes that need it.
type Permission string

// The permissions.
const (
	AtDesk          Permission = "desk"              // be at the desk: today, one's own account
	ReadArticles    Permission = "article.read"      // drafts, too
	WriteArticles   Permission = "article.write"     // begin and change them, up to handing them in
	ReviewArticles  Permission = "article.review"    // approve others' articles or send them back
	PublishArticles Permission = "article.publish"   // publish, schedule, correct, withdraw, lift an embargo
	Translate       Permission = "translation.write" // write an edition of an article
	KeepGlossary    Permission = "glossary.write"    // how terms are put into other languages
	KeepMedia       Permission = "media.write"       // pictures and files
	KeepTopics      Permission = "topic.write"       // sections, tags, columns, series
	ArrangeFront    Permission = "front.write"       // what stands on the front page
	AnswerReports   Permission = "report.answer"     // readers' error reports
	Moderate        Permission = "comment.moderate"  // readers' comments
	ReadNumbers     Permission = "numbers.read"      // how much is read
	ReadAudit       Permission = "audit.read"        // who did what
	ManageStaff     Permission = "staff.manage"      // accounts, roles, links that sign in
	ChangeSettings  Permission = "settings.write"    // what the newsroom has decided
)

// Reach is how far a role's permission goes.
type Reach int

// The reaches.
const (
	No   Reach = iota
	Mine       // only for what is theirs: handlers ask Account.May with the owner at hand
	All
)

// rights says what who may. This is the one table; docs/manual/staff.md prints it.
var rights = []struct {
	Permission Permission
	Reach      map[Role]Reach
}{
	{AtDesk, map[Role]Reach{Admin: All, Editor: All, Author: All, Translator: All, Moderator: All}},
	{ReadArticles, map[Role]Reach{Admin: All, Editor: All, Author: Mine, Translator: All}},
	{WriteArticles, map[Role]Reach{Admin: All, Editor: All, Author: Mine}},
	{ReviewArticles, map[Role]Reach{Admin: All, Editor: All}},
	{PublishArticles, map[Role]Reach{Admin: All, Editor: All}},
	{Translate, map[Role]Reach{Admin: All, Editor: All, Author: Mine, Translator: All}},
	{KeepGlossary, map[Role]Reach{Admin: All, Editor: All, Translator: All}},
	{KeepMedia, map[Role]Reach{Admin: All, Editor: All, Author: All, Translator: All}},
	{KeepTopics, map[Role]Reach{Admin: All, Editor: All}},
	{ArrangeFront, map[Role]Reach{Admin: All, Editor: All}},
	{AnswerReports, map[Role]Reach{Admin: All, Editor: All, Author: Mine}},
	{Moderate, map[Role]Reach{Admin: All, Editor: All, Moderator: All}},
	{ReadNumbers, map[Role]Reach{Admin: All, Editor: All, Author: All}},
	{ReadAudit, map[Role]Reach{Admin: All, Editor: All}},
	{ManageStaff, map[Role]Reach{Admin: All}},
	{ChangeSettings, map[Role]Reach{Admin: All}},
}

// Permissions are all of them, in the table's order.
func Permissions() []Permission {
	out := make([]Permission, len(rights))
	for i, r := range rights {
		out[i] = r.Permission
	}
	return out
}

// Reach is how far a permission of the role goes; No for a permission that there
// is not.
func (r Role) Reach(p Permission) Reach {
	for _, right := range rights {
		if right.Permission == p {
			return right.Reach[r]
		}
	}
	return No
}

func (r Role) check() error {
	if !slices.Contains(Roles(), r) {
		return wrong("role", "role", "value", string(r))
	}
	return nil
}

// Can tells whether somebody may do something at all, if only to what is theirs.
func (a Account) Can(p Permission) bool { return a.Role.Reach(p) != No }

// May refuses what somebody may not do to a thing; mine says whether the thing is
// theirs.
func (a Account) May(p Permission, mine bool) error {
	if reach := a.Role.Reach(p); reach == All || reach == Mine && mine {
		return nil
	}
	return fault.New(fault.Forbidden, "%s (%d, %s) may not %s here", a.Name, a.ID, a.Role, p)
}
