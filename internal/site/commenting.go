package site

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/comment"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// Readers write here: what they send, as a form or by a script, and the pages about
// one comment, which nobody keeps.

const (
	commentsPost = "/-/comments"
	commentsRoot = commentsPost + "/"
)

// CommentRoutes are the addresses at which readers write.
func (s *Site) CommentRoutes() []web.Route {
	route := func(method, pattern string, kind web.Kind, serve func(http.ResponseWriter, *http.Request) error) web.Route {
		return web.Route{Method: method, Pattern: pattern, Room: "comment", Permission: web.Public, Kind: kind, Handler: web.Func(serve)}
	}
	const root = commentsPost
	return []web.Route{
		route("POST", root, web.Page, s.submit),
		route("POST", root+"/try", web.Data, s.try),
		route("GET", root+"/news/{article}/{after}", web.Data, s.commentNews),
		route("GET", root+"/answer/{comment}", web.Page, s.answerForm),
		route("GET", root+"/at/{comment}", web.Page, s.at),
		route("GET", root+"/mine/{token}", web.Page, s.mine),
		route("POST", root+"/mine/{token}", web.Page, s.editMine),
		route("POST", root+"/mine/{token}/appeal", web.Page, s.appealMine),
		route("GET", root+"/report/{comment}", web.Page, s.reportForm),
		route("POST", root+"/report/{comment}", web.Page, s.report),
		route("GET", root+"/notice/{token}", web.Page, s.receipt),
	}
}

// writeForm is where a reader writes a comment; it is the same for everybody, so that
// pages can be kept.
func (s *Site) writeForm(q *request, a article.Article, p comment.Policy) (*theme.TalkForm, error) {
	r, err := s.Comments.Rules(q.ctx, s.Comments.DB(), q.ed.ID, q.ed.Lang)
	if err != nil {
		return nil, err
	}
	l := q.locale()
	word := func(name string) theme.TalkWord {
		return theme.TalkWord{Name: name, Text: l.T("comments.script." + name)}
	}
	hint := l.T("comments.hint_" + cmp.Or(p.Moderation, "newcomers"))
	return &theme.TalkForm{Action: commentsPost, Heading: l.T("comments.write"), Submit: l.T("comments.send"), Hint: hint,
		Fields: []theme.TalkField{
			{Kind: "hidden", Name: "article", Value: strconv.FormatInt(a.ID, 10)},
			{Kind: "text", Name: "name", Label: l.T("comments.name"), Required: true, Most: 60},
			{Kind: "area", Name: "text", Label: l.T("comments.text"), Required: true, Most: r.Most()},
			{Kind: "trap", Name: "website", Label: l.T("comments.trap")},
			{Kind: "check", Name: "private", Label: l.T("comments.private")},
		},
		Words: []theme.TalkWord{word("lost"), word("new"), word("quote"), word("mine"), word("answer"), word("stop"),
			{Name: "reply", Text: l.T("comments.reply")}, {Name: "report", Text: l.T("comments.report")}}}, nil
}

// sent is a comment as a script sends it.
type sent struct {
	Article int64  `json:"article"`
	Parent  int64  `json:"parent"`
	Name    string `json:"name"`
	Text    string `json:"text"`
	Quote   string `json:"quote"`
	Token   string `json:"token"`
	Key     string `json:"key"`
	Website string `json:"website"`
}

// answered is what a script is told.
type answered struct {
	ID      int64  `json:"id"`
	State   string `json:"state"`
	Message string `json:"message"`
	URL     string `json:"url,omitempty"`
	Mine    string `json:"mine,omitempty"`
	Token   string `json:"token,omitempty"`
}

// refused is what a script is told of what was not taken.
type refused struct {
	Rule    string `json:"rule,omitempty"`
	Number  int    `json:"number,omitempty"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

func (s *Site) submit(w http.ResponseWriter, r *http.Request) error {
	script := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	var in sent
	if script {
		if err := web.ReadJSON(r, &in); err != nil {
			return s.refuse(w, r, nil, err)
		}
	} else {
		if err := r.ParseForm(); err != nil {
			return fault.New(fault.Invalid, "reading a form: %w", err)
		}
		in = sent{Article: number(r, "article"), Parent: number(r, "parent"), Name: r.PostFormValue("name"), Text: r.PostFormValue("text"),
			Quote: r.PostFormValue("quote"), Website: r.PostFormValue("website")}
	}
	if len(in.Key) > 100 || len(in.Token) > 100 {
		in.Key, in.Token = "", ""
	}
	submission := comment.Submission{Article: in.Article, Parent: in.Parent, Name: in.Name, Text: in.Text, Quote: in.Quote, Token: in.Token, Request: in.Key, Trap: in.Website}
	if s.Forum.Writer != nil {
		submission.Reader, _ = s.Forum.Writer.Reader(r)
	}
	ctx := r.Context()
	t, err := s.Forum.Submit(ctx, submission, web.ClientAddr(r))
	q, a, qerr := s.about(ctx, in.Article)
	if err != nil {
		if script || qerr != nil || !shows(err) {
			if script {
				return s.refuse(w, r, q, err)
			}
			return err
		}
		return s.again(w, r, q, a, in, err)
	}
	if qerr != nil {
		return qerr
	}
	place := ""
	if t.State == "approved" {
		if place, err = s.permalink(q, a, t.ID); err != nil {
			return err
		}
	}
	mine := ""
	if t.Token != "" {
		mine = MinePath(t.Token)
	}
	w.Header().Set("Cache-Control", "no-store")
	if script {
		out := answered{ID: t.ID, State: "published", URL: place, Mine: mine, Token: t.Token, Message: q.locale().T("comments.is_published")}
		if t.State != "approved" {
			out.State, out.Message = "held", waits(q, t.Held)
		}
		web.WriteJSON(w, r, http.StatusCreated, out)
		return nil
	}
	if place == "" || r.PostFormValue("private") != "" {
		place = mine
	}
	http.Redirect(w, r, place, http.StatusSeeOther)
	return nil
}

func number(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.PostFormValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// waits says why a comment is not shown yet.
func waits(q *request, held string) string {
	l := q.locale()
	if key := "comments.held_" + held; held != "" && l.Has(key) {
		return l.T(key)
	}
	return l.T("comments.held_before")
}

// about begins a request in the edition of an article that readers have.
func (s *Site) about(ctx context.Context, id int64) (*request, article.Article, error) {
	a, err := s.Articles.Public(ctx, id, s.Now())
	if err != nil && !fault.Is(err, fault.Gone) {
		return nil, a, err
	}
	q, err := s.asksOf(ctx, a.Edition, "/", "")
	return q, a, err
}

// permalink is where a comment stands.
func (s *Site) permalink(q *request, a article.Article, id int64) (string, error) {
	page, number, err := s.Comments.Place(q.ctx, a.ID, id)
	if err != nil || page == 0 {
		return q.url(a.Path) + "#comments", err
	}
	return q.url(commentsPath(a.Path, page)) + "#comment-" + strconv.FormatInt(number, 10), nil
}

// CommentURL leads to where a comment stands.
func (s *Site) CommentURL(id int64) string {
	return commentsRoot + "at/" + strconv.FormatInt(id, 10)
}

// at leads to where a comment stands, by its id.
func (s *Site) at(w http.ResponseWriter, r *http.Request) error {
	q, a, c, err := s.shownComment(r)
	if err != nil {
		return err
	}
	place, err := s.permalink(q, a, c.ID)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, place, http.StatusFound)
	return nil
}

// shows tells an error that the form can say.
func shows(err error) bool {
	_, said := lang.Of("en").Say(err)
	return said && !fault.Is(err, fault.NotFound)
}

// statusOf is what an error is to a browser.
func statusOf(err error) int {
	var broken *comment.Broken
	var barred *comment.Barred
	switch {
	case errors.As(err, &broken):
		return http.StatusUnprocessableEntity
	case errors.As(err, &barred):
		return http.StatusForbidden
	case fault.Is(err, fault.Invalid):
		if status := web.StatusOf(err); status != http.StatusBadRequest {
			return status
		}
		return http.StatusUnprocessableEntity
	}
	return web.StatusOf(err)
}

// retry sets how long to wait, where it is asked for.
func retry(w http.ResponseWriter, err error) {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.TooMany {
		if n, ok := f.Args["n"].(int); ok {
			w.Header().Set("Retry-After", strconv.Itoa(n))
		}
	}
}

// refuse tells a script what is wrong. q is nil where no article was found.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, q *request, err error) error {
	status := statusOf(err)
	if status >= 500 {
		return err
	}
	l := lang.Of("en")
	if q != nil {
		l = q.locale()
	}
	out := refused{}
	var broken *comment.Broken
	if errors.As(err, &broken) {
		out.Rule, out.Number = string(broken.Kind), broken.Rule.Number
	} else if f, ok := errors.AsType[*fault.Error](err); ok && f.Field != "" {
		out.Rule, out.Field = f.Field, f.Field
	}
	var said bool
	if out.Message, said = l.Say(err); !said {
		if key := "error." + strconv.Itoa(status) + ".title"; l.Has(key) {
			out.Message = l.T(key)
		}
	}
	retry(w, err)
	web.WriteJSON(w, r, status, out)
	return nil
}

// again shows the form with what was written and what is wrong with it.
func (s *Site) again(w http.ResponseWriter, r *http.Request, q *request, a article.Article, in sent, wrong error) error {
	p, err := s.Forum.PolicyOf(q.ctx, a, q.ed.Lang)
	if err != nil {
		return err
	}
	f, err := s.writeForm(q, a, p)
	if err != nil {
		return err
	}
	field := "text"
	if x, ok := errors.AsType[*fault.Error](wrong); ok && x.Field != "" {
		field = x.Field
	}
	f.Error, _ = q.locale().Say(wrong)
	for i := range f.Fields {
		x := &f.Fields[i]
		switch x.Name {
		case "name":
			x.Value = in.Name
		case "text":
			x.Value, x.Most = in.Text, 0 // what is too long is to be seen whole
		}
		x.Wrong = x.Name == field
	}
	if in.Parent != 0 {
		f.Fields = append(f.Fields, theme.TalkField{Kind: "hidden", Name: "parent", Value: strconv.FormatInt(in.Parent, 10)})
	}
	if in.Quote != "" {
		f.Fields = append(f.Fields, theme.TalkField{Kind: "hidden", Name: "quote", Value: in.Quote})
	}
	retry(w, wrong)
	return s.own(w, r, q, statusOf(wrong), &theme.CommentPage{Heading: q.locale().T("comments.write"), Article: backTo(q, a), Form: f, RulesURL: q.url(rulesPath)})
}

func backTo(q *request, a article.Article) theme.Link {
	return theme.Link{Name: a.Headline, URL: q.url(a.Path) + "#comments"}
}

// own answers with a page that is for one person.
func (s *Site) own(w http.ResponseWriter, r *http.Request, q *request, status int, p *theme.CommentPage) error {
	return s.Cache.Once(w, r, func(context.Context) (*cache.Page, error) {
		page, err := s.aboutOne(q, status, p)
		if page != nil {
			page.Header.Set("Cache-Control", "no-store")
			page.Header.Set("Referrer-Policy", "same-origin") // its address is a secret
		}
		return page, err
	})
}

func (s *Site) aboutOne(q *request, status int, p *theme.CommentPage) (*cache.Page, error) {
	return s.unsought(q, "", p.Heading, status, func(f theme.Frame) theme.Page {
		p.Frame = f
		return p
	})
}

// forAll answers with a form that is the same for everybody, and is kept: a flood of
// them costs what a read page costs.
func (s *Site) forAll(w http.ResponseWriter, r *http.Request, make func(r *http.Request) (*request, *theme.CommentPage, error)) error {
	return s.Cache.Serve(w, r, r.URL.Path, func(ctx context.Context) (*cache.Page, error) {
		q, p, err := make(r.WithContext(ctx))
		if err != nil {
			return nil, err
		}
		return s.aboutOne(q, http.StatusOK, p)
	})
}

// try tells a script which rule a text would break.
func (s *Site) try(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Article int64  `json:"article"`
		Text    string `json:"text"`
	}
	if err := web.ReadJSON(r, &in); err != nil {
		return s.refuse(w, r, nil, err)
	}
	q, _, err := s.about(r.Context(), in.Article)
	if err != nil {
		return s.refuse(w, r, nil, err)
	}
	err = s.Forum.Try(r.Context(), in.Article, in.Text, web.ClientAddr(r))
	var broken *comment.Broken
	if errors.As(err, &broken) { // it was asked, and nothing has failed
		said, _ := q.locale().Say(err)
		web.WriteJSON(w, r, http.StatusOK, refused{Rule: string(broken.Kind), Number: broken.Rule.Number, Message: said})
		return nil
	}
	if err != nil {
		return s.refuse(w, r, q, err)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// fresh is a comment as a script sets it into a page.
type fresh struct {
	ID     int64    `json:"id"`
	Parent int64    `json:"parent,omitempty"`
	Name   string   `json:"name"`
	Role   string   `json:"role,omitempty"`
	Time   string   `json:"time"`
	ISO    string   `json:"iso"`
	Quote  string   `json:"quote,omitempty"`
	Text   []string `json:"text"`
	URL    string   `json:"url"`
}

const mostNews = 20

// commentNews tells what was said since a page was made. Where that is nothing the
// answer is kept until somebody says something, so that however many wait, the database
// is asked once.
func (s *Site) commentNews(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("article"), 10, 64)
	after, err2 := strconv.ParseInt(r.PathValue("after"), 10, 64)
	if err != nil || err2 != nil || id < 1 || after < 0 {
		return fault.New(fault.NotFound, "no news at %q", r.URL.Path)
	}
	return s.Cache.Serve(w, r, r.URL.Path, func(ctx context.Context) (*cache.Page, error) {
		q, a, err := s.about(ctx, id)
		if err != nil {
			return nil, err
		}
		if a.Comments == "hidden" || !a.Visibility().Public(s.Now()) {
			return nil, fault.New(fault.NotFound, "article %d shows no comments", id)
		}
		q.made.on("comments", id)
		q.made.on("article", id)
		list, newest, err := s.Comments.After(ctx, id, after, mostNews)
		if err != nil {
			return nil, err
		}
		credits, err := s.Articles.Credits(ctx, []int64{id})
		if err != nil {
			return nil, err
		}
		out := struct {
			Comments []fresh `json:"comments"`
		}{Comments: []fresh{}}
		for _, c := range list {
			at := c.At.In(q.zone())
			out.Comments = append(out.Comments, fresh{ID: c.ID, Parent: c.ParentID, Name: cmp.Or(c.Name, q.locale().T("comments.nobody")), Role: role(q.locale(), c, credits[id]),
				Time: q.locale().DateTime(at), ISO: at.Format(time.RFC3339), Quote: c.Quote, Text: paragraphs(c.Body), URL: s.CommentURL(c.ID)})
		}
		body, err := json.Marshal(out)
		if err != nil {
			return nil, err
		}
		p := q.made.page("application/json", body)
		p.NoStore = after != newest // whoever invents numbers does not fill the cache
		p.Header = http.Header{"Cache-Control": {"no-store"}}
		return p, nil
	})
}

// shownComment is a comment that readers have, with its article.
func (s *Site) shownComment(r *http.Request) (*request, article.Article, comment.Comment, error) {
	id, err := strconv.ParseInt(r.PathValue("comment"), 10, 64)
	if err != nil || id < 1 {
		return nil, article.Article{}, comment.Comment{}, fault.New(fault.NotFound, "no comment %.40q", r.PathValue("comment"))
	}
	c, err := s.Comments.Get(r.Context(), s.Comments.DB(), id)
	if err != nil {
		return nil, article.Article{}, c, err
	}
	q, a, err := s.about(r.Context(), c.ArticleID)
	if err == nil {
		q.made.on("comments", a.ID)
		q.made.on("article", a.ID)
		q.made.on("rules", a.Edition)
	}
	switch {
	case err != nil:
	case !a.Visibility().Public(s.Now()) || a.Comments == "hidden" || c.State == "pending":
		err = fault.New(fault.NotFound, "comment %d is not shown", id)
	case c.State != "approved":
		err = fault.New(fault.Gone, "comment %d is %s", id, c.State)
	}
	return q, a, c, err
}

// answerForm is where a comment is answered without scripts.
func (s *Site) answerForm(w http.ResponseWriter, r *http.Request) error {
	return s.forAll(w, r, func(r *http.Request) (*request, *theme.CommentPage, error) {
		q, a, c, err := s.shownComment(r)
		if err != nil {
			return nil, nil, err
		}
		policy, closed, err := s.policy(q, a)
		if err != nil {
			return nil, nil, err
		}
		l := q.locale()
		said := s.said(q, c, *moment(l, c.At.In(q.zone())))
		p := &theme.CommentPage{Heading: l.T("comments.answer_to", "name", cmp.Or(c.Name, l.T("comments.nobody"))), Article: backTo(q, a), Comment: &said, RulesURL: q.url(rulesPath)}
		if closed {
			p.Status = l.T("comments.closed")
			return q, p, nil
		}
		if p.Form, err = s.writeForm(q, a, policy); err != nil {
			return nil, nil, err
		}
		p.Form.Heading = ""
		p.Form.Fields = append(p.Form.Fields, theme.TalkField{Kind: "hidden", Name: "parent", Value: strconv.FormatInt(c.ID, 10)})
		return q, p, nil
	})
}
