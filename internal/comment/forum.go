package comment

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/article"
	"dateline/internal/conduct"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/limit"
	"dateline/internal/stem"
)

// Reader is somebody with an account who writes.
type Reader struct {
	ID   int64
	Name string
}

// Writer tells which account a request is of; ok is false for a guest. App wires the
// room that knows.
type Writer interface {
	Reader(r *http.Request) (Reader, bool)
}

// Forum takes what readers write.
type Forum struct {
	Store *Store

	Articles *article.Store
	Editions *edition.Store
	Writer   Writer // nil: there are guests alone
	Open     bool   // everything is taken at once and for ever: for trying things out
	// Opens reads the private address that a letter leads to; nil: no letters are written.
	Opens func(token string) (comment int64, ok bool)
	Now   func() time.Time

	pace, quick, notes pace
}

// NewForum opens it.
func NewForum(f Forum) *Forum {
	f.pace, f.quick, f.notes = newPace(10, 15*time.Second), newPace(60, time.Second), newPace(10, time.Minute)
	if f.Open {
		f.pace = newPace(100_000, time.Millisecond)
	}
	return &f
}

// pace is how much comes from one network.
type pace struct {
	*limit.Limit
	every time.Duration
}

func newPace(burst int, every time.Duration) pace { return pace{limit.New(burst, every), every} }

// take counts one, and refuses it where it is too many.
func (p pace) take(from netip.Addr, now time.Time) error {
	if p.Take(limit.Network(from), now) {
		return nil
	}
	return slowly(p.every)
}

// Submission is what somebody sends.
type Submission struct {
	Article, Parent int64
	Name, Text      string
	Quote           string // a passage of the article
	Token           string // of an earlier comment of theirs: they are known again
	Request         string // what their browser calls this sending; sent twice, it is one
	Trap            string // a field that no person sees
	Reader          Reader // ID 0: a guest
}

// Taken is what became of it.
type Taken struct {
	ID    int64
	State string // approved, pending
	Held  string // why it waits: "new", "before", "rule", "risk", "watch", "name"; "" where it does not
	Token string // of its private address
	Again bool   // it had been taken before
	Rule  int    // of Held "rule"
}

// Broken is a rule that a comment breaks.
type Broken struct {
	Finding
	lang string
}

func (b *Broken) Error() string {
	return "breaks rule " + strconv.Itoa(b.Rule.Number) + " (" + string(b.Kind) + "): " + b.What
}

// Say is the sentence that names the rule.
func (b *Broken) Say(l *lang.Locale) string {
	return l.T("comments.broken", "number", b.Rule.Number, "title", strings.TrimRight(b.Rule.Title, ".")) + " " + l.T("comments.broken_"+string(b.Kind), "what", b.What, "n", b.most())
}

// most is how long it may be, where it is too long.
func (b *Broken) most() int {
	for _, t := range b.Rule.Tests {
		if t.Kind == conduct.Length {
			return t.Most
		}
	}
	return mostText
}

const (
	mostText  = 10_000
	mostName  = 60
	mostQuote = 600
	mostDeep  = 200 // answers to answers
)

func wrong(field, word string, args ...any) error {
	err := lang.Wrong("comments.wrong."+word, args...)
	err.Field = field
	return err
}

// place is the article of a discussion that readers have, with its edition.
func (f *Forum) place(ctx context.Context, id int64) (article.Article, edition.Edition, error) {
	a, err := f.Articles.Public(ctx, id, f.Now())
	if err != nil {
		return a, edition.Edition{}, err
	}
	if a.Comments == "hidden" || a.Kind == article.Page {
		return a, edition.Edition{}, fault.New(fault.NotFound, "article %d has no comments", id)
	}
	site, err := f.Editions.Site(ctx)
	if err != nil {
		return a, edition.Edition{}, err
	}
	ed, ok := site.ByID(a.Edition)
	if !ok {
		return a, ed, fault.New(fault.NotFound, "no edition %d", a.Edition)
	}
	return a, ed, nil
}

// Try tells which rule a text would break, for whoever is still writing it.
func (f *Forum) Try(ctx context.Context, articleID int64, text string, from netip.Addr) error {
	if err := f.quick.take(from, f.Now()); err != nil {
		return err
	}
	_, ed, err := f.place(ctx, articleID)
	if err != nil {
		return err
	}
	r, err := f.Store.Rules(ctx, f.Store.d, ed.ID, ed.Lang)
	if err != nil {
		return err
	}
	if found, ok := r.Look(clean(text)); ok && found.Sure {
		return &Broken{found, ed.Lang}
	}
	return nil
}

func slowly(wait time.Duration) error {
	err := lang.Wrong("comments.wrong.slow", "n", int(wait/time.Second)+1)
	err.Kind = fault.TooMany
	return err
}

// Submit takes a comment. Errors: *Broken names the rule; faults of kind Invalid have
// words and a field, Conflict is a closed discussion, Gone one that was withdrawn.
func (f *Forum) Submit(ctx context.Context, in Submission, from netip.Addr) (Taken, error) {
	now := f.Now()
	if in.Request != "" { // sent before: the first answer holds
		if t, err := f.Store.taken(ctx, f.Store.d, in.Request); err == nil || !fault.Is(err, fault.NotFound) {
			return t, err
		}
	}
	if err := f.pace.take(from, now); err != nil {
		return Taken{}, err
	}
	a, ed, err := f.place(ctx, in.Article)
	if err != nil {
		return Taken{}, err
	}
	p, err := f.PolicyOf(ctx, a, ed.Lang)
	if err != nil {
		return Taken{}, err
	}
	if p.Closed(now) {
		return Taken{}, shut()
	}
	r, err := f.Store.Rules(ctx, f.Store.d, ed.ID, ed.Lang)
	if err != nil {
		return Taken{}, err
	}
	c, found, err := f.read(in, a, r)
	if err != nil {
		return Taken{}, err
	}
	c.At, c.RulesVersion = now, r.Version
	// Asked before the transaction: many that wait for each other inside of one must not
	// hold the connections that the first of them needs.
	credits, err := f.Articles.Credits(ctx, []int64{a.ID})
	if err != nil {
		return Taken{}, err
	}
	sameName := namesake(c.Name, credits[a.ID])
	var out Taken
	err = f.Store.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		out, err = f.write(ctx, tx, c, in, a, p, r, found, sameName)
		return err
	})
	if in.Request != "" && err != nil { // twice at the same time: the other one may have been taken
		if t, err := f.Store.taken(ctx, f.Store.d, in.Request); err == nil {
			return t, nil
		}
	}
	return out, err
}

func shut() error {
	err := lang.Wrong("comments.closed")
	err.Kind = fault.Conflict
	return err
}

// read makes a comment of what was sent, and says what a machine finds in it.
func (f *Forum) read(in Submission, a article.Article, r Rules) (Comment, *Finding, error) {
	c := Comment{ArticleID: a.ID, ParentID: in.Parent, AuthorKind: "guest", Name: oneLine(in.Name), Body: clean(in.Text), Quote: oneLine(in.Quote)}
	if in.Reader.ID != 0 {
		c.AuthorKind, c.AuthorID, c.Name = "reader", in.Reader.ID, cmp.Or(oneLine(in.Reader.Name), c.Name)
	}
	switch {
	case in.Trap != "": // a machine filled in what nobody sees
		return c, nil, wrong("text", "trap")
	case empty(c.Body):
		return c, nil, wrong("text", "empty")
	case empty(c.Name):
		return c, nil, wrong("name", "nameless")
	case utf8.RuneCountInString(c.Name) > mostName:
		return c, nil, wrong("name", "long_name", "n", mostName)
	case utf8.RuneCountInString(c.Quote) > mostQuote:
		return c, nil, wrong("quote", "long_quote", "n", mostQuote)
	}
	found, err := judge(r, c.Name, c.Body)
	return c, found, err
}

// judge refuses what is sure to break a rule, and gives what may.
func judge(r Rules, name, body string) (*Finding, error) {
	if utf8.RuneCountInString(body) > mostText {
		t := conduct.Test{Kind: conduct.Length, Most: mostText}
		x, _ := t.Look(body)
		return nil, &Broken{Finding: Finding{x, r.Of(conduct.Length)}}
	}
	found, ok := r.Look(body)
	if ok && found.Sure {
		return nil, &Broken{Finding: found}
	}
	for _, k := range []conduct.Kind{conduct.Links, conduct.Words} {
		rule := r.Of(k)
		for _, t := range rule.Tests {
			x, hit := t.Look(name)
			if t.Kind != k || !hit {
				continue
			}
			if x.Sure {
				return nil, &Broken{Finding: Finding{x, rule}}
			}
			found, ok = Finding{x, rule}, true
		}
	}
	if !ok {
		return nil, nil
	}
	return &found, nil
}

// repeated is how long the same words are not taken again.
const repeated = 24 * time.Hour

// write decides whether a comment is shown at once, and stores it.
func (f *Forum) write(ctx context.Context, tx *db.Tx, c Comment, in Submission, a article.Article, p Policy, r Rules, found *Finding, namesake bool) (Taken, error) {
	if in.Request != "" {
		if t, err := f.Store.taken(ctx, tx, in.Request); err == nil || !fault.Is(err, fault.NotFound) {
			return t, err
		}
	}
	if c.ParentID != 0 {
		if err := f.Store.answers(ctx, tx, c); err != nil {
			return Taken{}, err
		}
	}
	writer, err := f.known(ctx, tx, in)
	if err != nil {
		return Taken{}, err
	}
	c.Writer = writer
	same, err := f.Store.said(ctx, tx, a.ID, print(c.Body), c.At.Add(-repeated))
	if err != nil {
		return Taken{}, err
	}
	if same.here {
		rule := r.Of(conduct.Repetition)
		return Taken{}, &Broken{Finding: Finding{conduct.Finding{Kind: conduct.Repetition, Sure: true}, rule}}
	}
	var was past
	held := ""
	if c.Writer != "" {
		if was, err = f.Store.pastOf(ctx, tx, c.Writer, c.At); err != nil {
			return Taken{}, err
		}
		if p.Slow > 0 {
			if err := f.Store.slow(ctx, tx, c, p.Slow); err != nil {
				return Taken{}, err
			}
		}
		if held, err = f.Store.sanctioned(ctx, tx, c.Writer, c.At); err != nil {
			return Taken{}, err
		}
	} else {
		c.Writer = "g:" + rand.Text()
	}
	list, risk := signs(c.Name, c.Body, a.Headline, found, was, same.elsewhere)
	c.Signs, c.Risk = list, risk
	switch {
	case held != "":
	case found != nil:
		held = "rule"
	case f.Open:
	case namesake:
		held = "name"
	case p.Moderation == "before":
		held = "before"
	case p.Moderation != "after" && was.Approved == 0:
		held = "new"
	case was.Removed30 >= 3:
		held = "watch"
	case risk >= risky:
		held = "risk"
	}
	c.State, c.Held = "approved", held
	if held != "" {
		c.State = "pending"
	}
	token := tokenOf(in.Request)
	out := Taken{State: c.State, Held: held, Token: token}
	if found != nil && held == "rule" {
		out.Rule = found.Rule.Number
	}
	c.token, c.print = hash(token), print(c.Body)
	if in.Request != "" {
		c.request = hash(in.Request)
	}
	if out.ID, err = f.Store.insert(ctx, tx, c); err != nil {
		return Taken{}, err
	}
	if held == "rule" { // a machine restricts it: that is a decision, with its reasons
		c.ID = out.ID
		err = f.Store.hold(ctx, tx, c, a, r, *found)
	}
	return out, err
}

// namesake tells a guest who calls themselves like an author of the article.
func namesake(name string, credits []article.Credit) bool {
	for _, c := range credits {
		if n := stem.Sought(c.Name); n != "" && n == stem.Sought(name) {
			return true
		}
	}
	return false
}

// known is by what somebody is known again: their account, else an earlier comment.
func (f *Forum) known(ctx context.Context, q db.Querier, in Submission) (string, error) {
	if in.Reader.ID != 0 {
		return "r:" + strconv.FormatInt(in.Reader.ID, 10), nil
	}
	if in.Token == "" {
		return "", nil
	}
	writer, err := f.Store.writerOf(ctx, q, in.Token)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return writer, err
}

// Mine gives the comment of a private address.
func (f *Forum) Mine(ctx context.Context, token string) (Comment, error) {
	if f.Opens != nil {
		if id, ok := f.Opens(token); ok {
			return f.Store.Get(ctx, f.Store.d, id)
		}
	}
	return f.Store.byToken(ctx, f.Store.d, token)
}

// MayEdit tells until when its writer may change a comment; zero: not any more.
func (f *Forum) MayEdit(c Comment, p Policy, decided bool) time.Time {
	until := c.At.Add(p.Edits)
	if decided || c.State != "approved" && c.State != "pending" || !f.Now().Before(until) {
		return time.Time{}
	}
	return until
}

// Edit changes a comment within its time. version is the one that its writer saw.
func (f *Forum) Edit(ctx context.Context, token, text string, version int64, from netip.Addr) (Comment, error) {
	if err := f.pace.take(from, f.Now()); err != nil {
		return Comment{}, err
	}
	c, err := f.Mine(ctx, token)
	if err != nil {
		return c, err
	}
	a, ed, err := f.place(ctx, c.ArticleID)
	if err != nil {
		return c, err
	}
	p, err := f.PolicyOf(ctx, a, ed.Lang)
	if err != nil {
		return c, err
	}
	decided, err := f.Store.decided(ctx, f.Store.d, c.ID)
	if err != nil {
		return c, err
	}
	if f.MayEdit(c, p, decided).IsZero() {
		err := lang.Wrong("comments.wrong.late")
		err.Kind = fault.Conflict
		return c, err
	}
	r, err := f.Store.Rules(ctx, f.Store.d, ed.ID, ed.Lang)
	if err != nil {
		return c, err
	}
	body := clean(text)
	if empty(body) {
		return c, wrong("text", "empty")
	}
	found, err := judge(r, c.Name, body)
	if err != nil {
		return c, err
	}
	if body == c.Body {
		return c, nil
	}
	err = f.Store.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		before := c
		c.Body, c.Edited, c.print = body, f.Now(), print(body)
		if found != nil {
			c.State, c.Held = "pending", "rule"
		}
		if err := f.Store.rewrite(ctx, tx, before, c, version); err != nil {
			return err
		}
		if found != nil {
			return f.Store.hold(ctx, tx, c, a, r, *found)
		}
		return nil
	})
	return c, err
}

// Appeal takes a writer's complaint about a decision on their comment.
func (f *Forum) Appeal(ctx context.Context, c Comment, decision int64, text string, from netip.Addr) error {
	if err := f.notes.take(from, f.Now()); err != nil {
		return err
	}
	return f.Store.d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return f.Store.Appeal(ctx, tx, c, decision, text) })
}

// Report takes what somebody tells of a comment, and gives the secret of the address
// of its receipt. faith says that they believe it to be true (article 16(2)(d)).
func (f *Forum) Report(ctx context.Context, n Notice, tag string, faith bool, trap string, from netip.Addr) (string, error) {
	if err := f.notes.take(from, f.Now()); err != nil {
		return "", err
	}
	r, err := f.Store.Rules(ctx, f.Store.d, n.Edition, tag)
	if err != nil {
		return "", err
	}
	n.Text, n.Name, n.Email = clean(n.Text), oneLine(n.Name), oneLine(n.Email)
	_, known := r.ByNumber(n.Rule)
	switch {
	case trap != "":
		return "", wrong("text", "trap")
	case empty(n.Text):
		return "", wrong("text", "notice_empty")
	case utf8.RuneCountInString(n.Text) > 2000 || utf8.RuneCountInString(n.Name) > 100 || utf8.RuneCountInString(n.Email) > 200:
		return "", wrong("text", "long_appeal", "n", 2000)
	case n.Ground == "rule" && !known:
		return "", wrong("ground", "ground")
	case !faith:
		return "", wrong("faith", "faith")
	}
	token := rand.Text()
	err = f.Store.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		_, err := f.Store.Notify(ctx, tx, n, token)
		return err
	})
	return token, err
}
