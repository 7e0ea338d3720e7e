package site

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/comment"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
)

// The first comments stand on the article's page, the others on pages of their
// own below it: ARTICLE/comments/2 and so on. ARTICLE/comment/123 leads to the
// page on which comment 123 stands now; the reader's script asks there for what
// an address names behind its "#", which browsers tell no server.

// talkPath takes the address of comments apart. Articles alone have some, and
// their addresses begin with a day.
var talkPath = regexp.MustCompile(`^(\d{4}/\d\d/\d\d/[^/]+)/(comments|comment)(?:/(\d{1,15}))?$`)

// commentsPath is the address of a page of comments within the edition.
func commentsPath(article string, page int) string {
	if page < 2 {
		return article
	}
	return article + "/comments/" + strconv.Itoa(page)
}

// talk answers the addresses of comments. ok is false when it is none.
func (s *Site) talk(q *request, path string, slash bool) (p *cache.Page, ok bool, err error) {
	m := talkPath.FindStringSubmatch(path)
	if m == nil {
		return nil, false, nil
	}
	target, current, err := s.Addresses.Lookup(q.ctx, q.ed.ID, m[1])
	if err != nil || target.Kind != "article" {
		return nil, false, err
	}
	n, _ := strconv.ParseInt(m[3], 10, 64)
	if m[2] == "comment" {
		if n == 0 {
			return nil, false, nil
		}
		p, err := s.toComment(q, target.ID, n)
		return p, true, err
	}
	if n < 2 || !current || slash || m[3][0] == '0' {
		q.talkPage = int(min(n, 1<<30))
		p, err := s.renamed(q, target, 1, "")
		return p, true, err
	}
	p, err = s.comments(q, target.ID, int(min(n, 1<<30)))
	return p, true, err
}

// comments is a page of an article's comments, from the second on.
func (s *Site) comments(q *request, id int64, page int) (*cache.Page, error) {
	a, gone, err := s.readable(q, id)
	if gone != nil || err != nil {
		return gone, err
	}
	if a.Comments == "hidden" || a.Kind == article.Page {
		return nil, fault.New(fault.NotFound, "article %d shows no comments", id)
	}
	talk, err := s.discussion(q, a, page)
	if err != nil {
		return nil, err
	}
	_, elsewhere, err := s.versions(q, a)
	if err != nil {
		return nil, err
	}
	title := q.locale().T("comments.page_title", "headline", a.Headline)
	f, err := s.frame(q, commentsPath(a.Path, page), title, elsewhere)
	if err != nil {
		return nil, err
	}
	q.further(&f, page)
	if a.Hidden {
		f.Robots = "noindex"
	}
	p := &theme.CommentsPage{Frame: f, Headline: a.Headline, ArticleURL: q.url(a.Path), Comments: talk}
	p.JSONLD = s.described(q, s.pageLD(q, &p.Frame, "WebPage", f.Title, []theme.Link{{Name: a.Headline, URL: p.ArticleURL}}, nil))
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

// discussion is what readers say, on one page, and where they say it; nil when nobody
// has said anything and nobody can.
func (s *Site) discussion(q *request, a article.Article, page int) (*theme.Comments, error) {
	q.made.on("comments", a.ID)
	part, err := s.Comments.Of(q.ctx, a.ID, page)
	if err != nil {
		return nil, err
	}
	policy, closed, err := s.policy(q, a)
	if err != nil || part.Pages == 0 && closed {
		return nil, err
	}
	out := &theme.Comments{Count: part.Total, Closed: closed, Later: part.Later, RulesURL: q.url(rulesPath)}
	if out.Threads, err = s.threads(q, a, part.Comments, closed); err != nil {
		return nil, err
	}
	if !closed {
		if out.Form, err = s.writeForm(q, a, policy); err != nil {
			return nil, err
		}
		out.LiveURL = commentsRoot + "news/" + strconv.FormatInt(a.ID, 10) + "/" + strconv.FormatInt(newestOf(part.Comments), 10)
	}
	if part.Pages < 2 {
		return out, nil
	}
	out.FindURL = q.url(a.Path + "/comment")
	out.Pager = theme.Pager{Ranked: true, Page: page, Pages: part.Pages}
	if page == 2 {
		out.Pager.Newer = q.url(a.Path) + "#comments"
	} else if page > 2 {
		out.Pager.Newer = q.url(commentsPath(a.Path, page-1))
	}
	if page < part.Pages {
		out.Pager.Older = q.url(commentsPath(a.Path, page+1))
		out.LiveURL = "" // what is new comes on the last page
	}
	return out, nil
}

func newestOf(list []comment.Comment) (id int64) {
	for _, c := range list {
		id = max(id, c.ID)
	}
	return id
}

// policy is what is decided for a discussion, and whether it takes no more. The page is
// made anew when that changes.
func (s *Site) policy(q *request, a article.Article) (p comment.Policy, closed bool, err error) {
	if q.preview != nil || s.Forum == nil {
		return p, true, nil
	}
	q.made.of(comment.TalkTag)
	q.made.on("rules", q.ed.ID)
	for _, key := range []string{"comments", "comments_moderation", "comments_days", "comments_slow", "comments_edit"} {
		q.setting(key)
	}
	p, err = s.Forum.PolicyOf(q.ctx, a, q.ed.Lang)
	if err != nil || p.Closed(q.now) {
		return p, true, err
	}
	q.made.till(p.Closes)
	return p, false, nil
}

// toComment leads to where a comment stands now; to the first ones where it is
// not shown.
func (s *Site) toComment(q *request, id, number int64) (*cache.Page, error) {
	a, err := s.Articles.Public(q.ctx, id, q.now)
	if err != nil {
		return nil, err
	}
	q.reply, q.replyID = number, true
	place, err := s.placeOf(q, a)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(place, "#") {
		place += "#comments" // else browsers keep the "#" that they came with, and ask again
	}
	return q.redirect(http.StatusFound, place), nil
}

// placeOf is the address of an article, or of that page of its comments that was
// asked for, or on which the comment stands that was asked for.
func (s *Site) placeOf(q *request, a article.Article) (string, error) {
	if a.Comments == "hidden" {
		return q.url(a.Path), nil
	}
	switch {
	case q.reply > 0:
		page, number, err := s.Comments.Find(q.ctx, a.ID, q.reply, q.replyID)
		if err != nil || page == 0 {
			return q.url(a.Path), err
		}
		return q.url(commentsPath(a.Path, page)) + "#comment-" + strconv.FormatInt(number, 10), nil
	case q.talkPage > 1:
		pages, err := s.Comments.Pages(q.ctx, a.ID)
		return q.url(commentsPath(a.Path, min(q.talkPage, pages))), err
	}
	return q.url(a.Path), nil
}

// replied is the comment that WordPress's address to answer it names:
// "?replytocom=123".
func replied(u *url.URL) int64 {
	if !strings.Contains(u.RawQuery, "replytocom=") {
		return 0
	}
	n, err := strconv.ParseInt(u.Query().Get("replytocom"), 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// oldReply answers WordPress's addresses to answer a comment, of which search
// engines know one for each comment: with the comment's page. Where there is no
// such article the address without the question is asked.
func (s *Site) oldReply(w http.ResponseWriter, r *http.Request, path, host string) (bool, error) {
	n := replied(r.URL)
	if n == 0 {
		return false, nil
	}
	home, _, old := s.oldHost(r.Context(), host)
	u := r.URL
	key := "?" + host + path + "\n" + address.Key(u) + "\n" + strconv.FormatInt(n, 10)
	return true, s.Cache.Serve(w, r, key, func(ctx context.Context) (*cache.Page, error) {
		q, err := s.asks(ctx, path, host)
		if err != nil {
			return nil, err
		}
		q.reply = n
		if old {
			if s.Home != "" {
				q.away = s.BaseURL
			}
			if p := s.ledFrom(q, u, home); p != nil {
				return p, nil
			}
		}
		if t, _, err := s.Addresses.Lookup(ctx, q.ed.ID, strings.Trim(q.path, "/")); err == nil && t.Kind == "article" {
			if p, err := s.renamed(q, t, 1, ""); err == nil {
				return p, nil
			}
		}
		if p := s.old(q, u); p != nil {
			return p, nil
		}
		to, rest := (&url.URL{Path: path}).EscapedPath(), u.Query()
		rest.Del("replytocom")
		if len(rest) > 0 {
			to += "?" + rest.Encode()
		}
		return q.redirect(http.StatusMovedPermanently, to), nil
	})
}

// threads nests comments. One whose parent is not on the page stands by itself,
// and says whom it answers.
func (s *Site) threads(q *request, a article.Article, list []comment.Comment, closed bool) ([]theme.Comment, error) {
	l, zone := q.locale(), q.zone()
	var credits map[int64][]article.Credit
	kids := map[int64][]comment.Comment{}
	for _, c := range list {
		parent := c.ParentID
		if c.Cut {
			parent = 0
		}
		kids[parent] = append(kids[parent], c)
		if c.AuthorKind == "staff" && credits == nil {
			var err error
			if credits, err = s.Articles.Credits(q.ctx, []int64{a.ID}); err != nil {
				return nil, err
			}
		}
	}
	var build func(parent int64) []theme.Comment
	build = func(parent int64) []theme.Comment {
		var out []theme.Comment
		for _, c := range kids[parent] {
			if c.Gone != nil {
				out = append(out, theme.Comment{ID: c.Number, Removed: removed(q, c.Gone), RemovedURL: q.url(transparencyPath) + "#d" + strconv.FormatInt(c.Gone.Decision, 10), Replies: build(c.ID)})
				continue
			}
			if c.Body == "" && c.Name == "" { // its writer has deleted their account
				out = append(out, theme.Comment{ID: c.Number, Removed: l.T("comments.taken_back"), Replies: build(c.ID)})
				continue
			}
			t := s.said(q, c, *moment(l, c.At.In(zone)))
			t.Role, t.Replies = role(l, c, credits[a.ID]), build(c.ID)
			if id := strconv.FormatInt(c.ID, 10); q.preview == nil {
				if !closed {
					t.ReplyURL = commentsRoot + "answer/" + id
				}
				t.ReportURL = commentsRoot + "report/" + id
			}
			if c.Cut {
				t.To = cmp.Or(c.To, l.T("comments.nobody"))
			}
			out = append(out, t)
		}
		return out
	}
	return build(0), nil
}

// said is what a comment says, as pages show it.
func (s *Site) said(q *request, c comment.Comment, at theme.Moment) theme.Comment {
	return theme.Comment{ID: c.Number, Name: c.Name, Time: at, Body: paragraphs(c.Body), Lang: q.spokenIn(c.Body), Quote: c.Quote, Edited: !c.Edited.IsZero()}
}

// role is said beside the name of whoever belongs to the newsroom.
func role(l *lang.Locale, c comment.Comment, credits []article.Credit) string {
	switch {
	case c.Role != "":
		return l.T("comments." + c.Role)
	case c.AuthorKind != "staff":
		return ""
	case slices.ContainsFunc(credits, func(x article.Credit) bool { return x.Name == c.Name }):
		return l.T("comments.author")
	}
	return l.T("comments.staff")
}

// removed says when and why a comment was removed.
func removed(q *request, g *comment.Gone) string {
	l := q.locale()
	when := l.DateTime(g.At.In(q.zone()))
	if g.Rule == 0 {
		return l.T("comments.removed_law", "when", when)
	}
	return l.T("comments.removed_rule", "when", when, "number", g.Rule, "title", g.Title)
}

// spokenIn guesses the language of what a reader wrote, "" where it is the
// edition's, or where the text is too short or the guess too weak: Latin
// letters alone do not tell English from Turkish.
func (q *request) spokenIn(text string) string {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	guess := lang.Detect(text)
	if letters < 30 || guess == "" || guess == q.ed.Lang {
		return ""
	}
	if other, own := lang.Of(guess).Script(), q.locale().Script(); guess == "en" && other == own {
		return ""
	}
	return guess
}

func paragraphs(text string) []string {
	var out []string
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
