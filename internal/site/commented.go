package site

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"dateline/internal/article"
	"dateline/internal/comment"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// What becomes of a comment, for whoever wrote it and whoever reports it.

// mineOf is the comment of a private address, with its article.
func (s *Site) mineOf(r *http.Request) (*request, article.Article, comment.Comment, error) {
	token := r.PathValue("token")
	if len(token) < 20 || len(token) > 200 {
		return nil, article.Article{}, comment.Comment{}, fault.New(fault.NotFound, "no comment of that address")
	}
	c, err := s.Forum.Mine(r.Context(), token)
	if err != nil {
		return nil, article.Article{}, c, err
	}
	q, a, err := s.about(r.Context(), c.ArticleID)
	return q, a, c, err
}

func (s *Site) mine(w http.ResponseWriter, r *http.Request) error {
	return s.showMine(w, r, nil, "")
}

// showMine shows a writer their comment: what became of it and why, the way to change
// it or to complain. wrong is what is wrong with what they sent, of the form of that
// name.
func (s *Site) showMine(w http.ResponseWriter, r *http.Request, wrong error, form string) error {
	q, a, c, err := s.mineOf(r)
	if err != nil {
		return err
	}
	l := q.locale()
	said := s.said(q, c, *moment(l, c.At.In(q.zone())))
	p := &theme.CommentPage{Heading: l.T("comments.mine"), Intro: []string{l.T("comments.mine_keep")}, Article: backTo(q, a), Comment: &said, RulesURL: q.url(rulesPath)}
	all, err := s.Comments.DecisionsOf(q.ctx, s.Comments.DB(), []int64{c.ID})
	if err != nil {
		return err
	}
	var ids []int64
	decided := false
	for _, d := range all[c.ID] {
		ids = append(ids, d.ID)
		decided = decided || !d.ByMachine
	}
	appeals, err := s.Comments.AppealsOf(q.ctx, s.Comments.DB(), ids)
	if err != nil {
		return err
	}
	said1 := ""
	if wrong != nil {
		said1, _ = l.Say(wrong)
	}
	for _, d := range all[c.ID] {
		if d.Deed == comment.Approve || d.Deed == comment.Hold && !d.Stands {
			continue
		}
		st := s.reasons(q, d)
		if x, ok := appeals[d.ID]; ok {
			st.Appealed = appealed(q, x)
		} else if d.Stands && d.Appealable(s.Now()) {
			st.Appeal = &theme.TalkForm{Action: r.URL.Path, Submit: l.T("comments.appeal_send"), Heading: l.T("comments.appeal"), Hint: l.T("comments.appeal_hint"),
				Fields: []theme.TalkField{{Kind: "hidden", Name: "decision", Value: strconv.FormatInt(d.ID, 10)}, {Kind: "area", Name: "appeal", Label: l.T("comments.appeal_why"), Required: true, Most: 2000}}}
			st.Appeal.Action = MinePath(r.PathValue("token")) + "/appeal"
			if form == "appeal" && number(r, "decision") == d.ID {
				st.Appeal.Error, st.Appeal.Fields[1].Wrong, st.Appeal.Fields[1].Value = said1, true, r.PostFormValue("appeal")
			}
		}
		p.Statements = append(p.Statements, st)
	}
	public := a.Visibility().Public(s.Now())
	switch c.State {
	case "approved":
		p.Status = l.T("comments.is_published")
		if public {
			if p.Article.URL, err = s.permalink(q, a, c.ID); err != nil {
				return err
			}
		}
	case "pending":
		p.Status = waits(q, c.Held)
	case "spam", "trash":
		p.Status = l.T("comments.is_removed")
	}
	if public {
		policy, err := s.Forum.PolicyOf(q.ctx, a, q.ed.Lang)
		if err != nil {
			return err
		}
		if until := s.Forum.MayEdit(c, policy, decided); !until.IsZero() {
			p.Form = &theme.TalkForm{Action: commentsRoot + "mine/" + r.PathValue("token"), Heading: l.T("comments.edit"), Submit: l.T("comments.save"), Hint: l.T("comments.edit_until", "time", l.Time(until.In(q.zone()))),
				Fields: []theme.TalkField{{Kind: "hidden", Name: "version", Value: strconv.FormatInt(c.Version, 10)}, {Kind: "area", Name: "text", Label: l.T("comments.text"), Value: c.Body, Required: true}}}
			if form == "edit" {
				p.Form.Error, p.Form.Fields[1].Wrong, p.Form.Fields[1].Value = said1, true, r.PostFormValue("text")
			}
		}
	}
	if said1 != "" && (p.Form == nil || p.Form.Error == "") && form == "edit" {
		p.Status = said1
	}
	status := http.StatusOK
	if wrong != nil {
		status = statusOf(wrong)
		retry(w, wrong)
	}
	return s.own(w, r, q, status, p)
}

func (s *Site) editMine(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Forum.Edit(r.Context(), r.PathValue("token"), r.PostFormValue("text"), number(r, "version"), web.ClientAddr(r)); err != nil {
		if !shows(err) {
			return err
		}
		return s.showMine(w, r, err, "edit")
	}
	http.Redirect(w, r, MinePath(r.PathValue("token")), http.StatusSeeOther)
	return nil
}

func (s *Site) appealMine(w http.ResponseWriter, r *http.Request) error {
	_, _, c, err := s.mineOf(r)
	if err != nil {
		return err
	}
	if err := s.Forum.Appeal(r.Context(), c, number(r, "decision"), r.PostFormValue("appeal"), web.ClientAddr(r)); err != nil {
		if !shows(err) {
			return err
		}
		return s.showMine(w, r, err, "appeal")
	}
	http.Redirect(w, r, MinePath(r.PathValue("token")), http.StatusSeeOther)
	return nil
}

// appealed says what became of a complaint.
func appealed(q *request, a comment.Appeal) string {
	l := q.locale()
	if a.Outcome == "" {
		return l.T("comments.appealed", "when", l.DateTime(a.At.In(q.zone())))
	}
	return l.T("comments.appeal_"+a.Outcome, "when", l.DateTime(a.Decided.In(q.zone())), "why", a.Reason)
}

// reasons is a decision with its reasons (Regulation (EU) 2022/2065, article 17(3)).
func (s *Site) reasons(q *request, d comment.Decision) theme.Statement {
	l := q.locale()
	at := *moment(l, d.At.In(q.zone()))
	st := theme.Statement{Title: l.T("decision." + string(d.Deed)), Time: at}
	add := func(name, text string) {
		if text != "" {
			st.Facts = append(st.Facts, theme.TalkWord{Name: l.T("statement." + name), Text: text})
		}
	}
	add("measure", l.T("statement.measure_"+string(d.Deed)))
	duration := l.T("statement.for_good")
	if !d.Until.IsZero() {
		duration = l.T("statement.until", "until", l.DateTime(d.Until.In(q.zone())))
	} else if d.Deed == comment.Hold {
		duration = l.T("statement.until_read")
	}
	if !d.Stands {
		duration = l.T("statement.ended", "when", l.DateTime(d.Ended.In(q.zone())))
	}
	add("duration", duration)
	add("ground", ground(l, d))
	add("facts", d.Facts)
	add("source", l.T("statement.source_"+d.Source))
	how := "person"
	if d.ByMachine {
		how = "machine"
	} else if d.FoundByMachine {
		how = "found"
	}
	add("automated", l.T("statement.automated_"+how))
	if d.Deed != comment.Restore && d.Deed != comment.Lift {
		add("redress", l.T("statement.redress_text", "until", l.Date(d.At.Add(comment.AppealTime).In(q.zone()))))
	}
	return st
}

// MinePath is where a writer finds their comment, by what only they have.
func MinePath(token string) string { return commentsRoot + "mine/" + token }

// Reasons is a decision with its reasons as a letter has them: what was decided, and
// each part on a line of its own.
func (s *Site) Reasons(ctx context.Context, d comment.Decision) (title string, parts []string, err error) {
	q, err := s.asksOf(ctx, d.Edition, "/", "")
	if err != nil {
		return "", nil, err
	}
	st := s.reasons(q, d)
	for _, f := range st.Facts {
		parts = append(parts, f.Name+": "+f.Text)
	}
	return st.Title, parts, nil
}

// ground is the rule or the law that a decision stands on.
func ground(l *lang.Locale, d comment.Decision) string {
	switch d.Ground {
	case "rule":
		return l.T("statement.rule", "number", d.Rule, "title", d.Title, "version", d.RulesVersion)
	case "law":
		return l.T("statement.law", "law", d.Law)
	}
	return ""
}

// reportForm is where somebody tells the newsroom of a comment.
func (s *Site) reportForm(w http.ResponseWriter, r *http.Request) error {
	return s.forAll(w, r, func(r *http.Request) (*request, *theme.CommentPage, error) { return s.reportPage(r, nil) })
}

func (s *Site) reportPage(r *http.Request, wrong error) (*request, *theme.CommentPage, error) {
	q, a, c, err := s.shownComment(r)
	if err != nil {
		return nil, nil, err
	}
	l := q.locale()
	rules, err := s.Comments.Rules(q.ctx, s.Comments.DB(), q.ed.ID, q.ed.Lang)
	if err != nil {
		return nil, nil, err
	}
	said := s.said(q, c, *moment(l, c.At.In(q.zone())))
	chosen := r.PostFormValue("ground") // nothing in a form that nobody has sent
	choices := []theme.TalkWord{}
	for _, x := range rules.List {
		n := strconv.Itoa(x.Number)
		choices = append(choices, theme.TalkWord{Name: n, Text: n + ". " + x.Title, Chosen: n == chosen})
	}
	choices = append(choices, theme.TalkWord{Name: "law", Text: l.T("notice.law"), Chosen: chosen == "law"})
	f := &theme.TalkForm{Action: commentsRoot + "report/" + strconv.FormatInt(c.ID, 10), Submit: l.T("notice.send"), Hint: l.T("notice.hint"), Fields: []theme.TalkField{
		{Kind: "choice", Name: "ground", Label: l.T("notice.ground"), Choices: choices},
		{Kind: "area", Name: "text", Label: l.T("notice.why"), Required: true, Most: 2000, Value: r.PostFormValue("text")},
		{Kind: "text", Name: "name", Label: l.T("notice.name"), Most: 100, Value: r.PostFormValue("name")},
		{Kind: "text", Name: "email", Label: l.T("notice.email"), Most: 200, Value: r.PostFormValue("email")},
		{Kind: "check", Name: "faith", Label: l.T("notice.faith")},
		{Kind: "trap", Name: "website", Label: l.T("comments.trap")}}}
	if wrong != nil {
		f.Error, _ = l.Say(wrong)
		if x, ok := errors.AsType[*fault.Error](wrong); ok {
			for i := range f.Fields {
				f.Fields[i].Wrong = f.Fields[i].Name == x.Field
			}
		}
	}
	return q, &theme.CommentPage{Heading: l.T("notice.title"), Intro: []string{l.T("notice.intro")}, Article: backTo(q, a), Comment: &said, Form: f, RulesURL: q.url(rulesPath)}, nil
}

func (s *Site) report(w http.ResponseWriter, r *http.Request) error {
	q, _, c, err := s.shownComment(r)
	if err != nil {
		return err
	}
	n := comment.Notice{Edition: q.ed.ID, Comment: c.ID, Ground: "rule", Text: r.PostFormValue("text"), Name: r.PostFormValue("name"), Email: r.PostFormValue("email")}
	if g := r.PostFormValue("ground"); g == "law" {
		n.Ground = "law"
	} else {
		n.Rule, _ = strconv.Atoi(g)
	}
	token, err := s.Forum.Report(r.Context(), n, q.ed.Lang, r.PostFormValue("faith") != "", r.PostFormValue("website"), web.ClientAddr(r))
	if err != nil {
		if !shows(err) {
			return err
		}
		q, p, perr := s.reportPage(r, err)
		if perr != nil {
			return perr
		}
		retry(w, err)
		return s.own(w, r, q, statusOf(err), p)
	}
	http.Redirect(w, r, commentsRoot+"notice/"+token, http.StatusSeeOther)
	return nil
}

// receipt tells whoever reported a comment that it came and what became of it.
func (s *Site) receipt(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	if len(token) < 20 || len(token) > 200 {
		return fault.New(fault.NotFound, "no notice of that address")
	}
	n, err := s.Comments.NoticeOf(r.Context(), token)
	if err != nil {
		return err
	}
	c, err := s.Comments.Get(r.Context(), s.Comments.DB(), n.Comment)
	if err != nil {
		return err
	}
	q, a, err := s.about(r.Context(), c.ArticleID)
	if err != nil {
		return err
	}
	l := q.locale()
	p := &theme.CommentPage{Heading: l.T("notice.receipt"), Article: backTo(q, a), RulesURL: q.url(rulesPath),
		Intro: []string{l.T("notice.came", "number", n.ID, "when", l.DateTime(n.At.In(q.zone()))), l.T("comments.mine_keep")}}
	switch n.Outcome {
	case "":
		p.Status = l.T("notice.open")
	case "kept":
		p.Status = l.T("notice.kept", "when", l.DateTime(n.Decided.In(q.zone())))
	default:
		p.Status = l.T("notice.acted", "when", l.DateTime(n.Decided.In(q.zone())))
	}
	if n.Outcome != "" {
		p.Intro = append(p.Intro, l.T("notice.redress"))
	}
	return s.own(w, r, q, http.StatusOK, p)
}
