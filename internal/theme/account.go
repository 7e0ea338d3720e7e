package theme

// AccountPage is what concerns one reader: signing in, their account. Nobody keeps it.
type AccountPage struct {
	Frame
	// Heading is the page's h1.
	Heading string
	// Lead are paragraphs under it.
	Lead []string
	// Said tells what has just been done; Wrong what could not be, where it belongs to
	// no field. Empty: nothing.
	Said, Wrong string
	// Parts are the sections of the page.
	Parts []AccountPart
	// Links lead on.
	Links []Link
}

// Kind is "account".
func (*AccountPage) Kind() string { return "account" }

// AccountPart is a section of an account.
type AccountPart struct {
	// ID is its anchor; may be empty.
	ID string
	// Title is its h2; empty: the page's h1 is its heading.
	Title string
	// Text are paragraphs.
	Text []string
	// Rows are what it lists; None stands in their place where there are none, and may
	// be empty.
	Rows []AccountRow
	None string
	// Form is what can be done, Further what else.
	Form, Further *Form
	// Links lead on.
	Links []Link
	// Scripted parts are of no use without a script, and hidden until one shows them;
	// NoScript says in the place of the form why it is not there.
	Scripted bool
	NoScript string
}

// AccountRow is a line of a list: a session, a passkey, a comment.
type AccountRow struct {
	Name string
	// URL is where it stands; empty: nowhere.
	URL string
	// Time is when it began. Nil: not said.
	Time *Moment
	// Mark is said of the one among them that is in use; Note is said of each.
	Mark, Note string
	// Text are somebody's own words.
	Text string
	// Form is what can be done with it. Nil: nothing.
	Form *Form
}

// Form is something that can be done.
type Form struct {
	Action string
	Inputs []Input
	Hidden []Field
	// Button is what stands on it; Quiet ones are not the page's main one, Danger is
	// for what cannot be taken back.
	Button        string
	Quiet, Danger bool
	// Passkey is "get" or "create" where the script asks the browser for a passkey
	// first, with what Options answers.
	Passkey, Options string
}

// Input is a field of a form.
type Input struct {
	// Kind is "text", "email", "check" or "area".
	Kind, Name, Label string
	// Hint says what belongs there, Wrong what is wrong with what stands there.
	Hint, Wrong string
	Value       string
	// Auto is its autocomplete, may be empty.
	Auto              string
	Required, Checked bool
	// Most is how many characters it takes; 0: no bound.
	Most int
}
