//go:build acceptance

package acceptance

import (
	"cmp"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/test/fixtures"
	"dateline/test/wxrtext"
)

// item is what the scan reads of an <item>.
type item struct {
	id, kind, status  string
	link, guid, slug  string
	protected, future bool
	langs             []string // qTranslate's, of the headline
	comments          map[string]int
	pings             int
	views             int64
	sum               int64 // of all view keys, as a naive count has them
}

// taken tells whether it becomes an article or a page.
func (it *item) taken() bool {
	if it.kind != "post" && it.kind != "page" {
		return false
	}
	return it.status != "trash" && it.status != "auto-draft" && it.status != "inherit"
}

// public tells whether readers could read it on the old site.
func (it *item) public() bool {
	return it.taken() && it.status == "publish" && !it.protected && !it.future
}

// state is the field of the report that it counts for.
func (it *item) state() string {
	switch {
	case it.protected || it.status == "private" || it.status == "draft":
		return "draft"
	case it.status == "pending":
		return "in_review"
	case it.status != "publish" && it.status != "future":
		return "draft"
	case it.future:
		return "scheduled"
	}
	return "published"
}

// export is what the scan finds in the files of one export.
type export struct {
	site       string // host, without www.
	items      []item
	authors    int
	categories map[string]bool
	tags       map[string]bool
	itemTerms  map[string]bool // "category/slug" of items that are taken
	openTerms  map[string]bool // the same of those that were public
	secrets    map[string]bool // addresses that must not enter
	published  string          // all texts, in which an address may stand
}

var (
	itemTerm  = regexp.MustCompile(`(?s)<category domain="(category|post_tag|tag)" nicename="([^"]*)"`)
	bareTerm  = regexp.MustCompile(`<category><!\[CDATA\[([^\]]+)\]\]>`) // old exports name categories alone
	markRE    = regexp.MustCompile(`\[:([a-z]{2})\]|[<\x01]!--:([a-z]{2})--`)
	addressRE = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	ipRE      = regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]+\b`)
)

// scan counts what the files hold, without parsing XML.
func scan(t *testing.T, files []string) *export {
	x := &export{categories: map[string]bool{}, tags: map[string]bool{}, itemTerms: map[string]bool{}, openTerms: map[string]bool{}, secrets: map[string]bool{}}
	var texts strings.Builder
	logins := map[string]bool{}
	for _, path := range files {
		text, err := wxrtext.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(text, "<item>")
		x.terms(head)
		if x.site == "" {
			x.site = hostOf(cmp.Or(wxrtext.Value("wp:base_blog_url", head), wxrtext.Value("link", head)))
		}
		for _, part := range strings.Split(head, "<wp:author>")[1:] {
			if login := wxrtext.Value("wp:author_login", part); !logins[login] { // files of one export repeat it
				logins[login] = true
				x.authors++
			}
			x.secret(wxrtext.Value("wp:author_email", part))
		}
		for _, it := range wxrtext.Items(text) {
			x.item(it, &texts)
		}
	}
	x.published = texts.String()
	return x
}

func (x *export) terms(head string) {
	for _, part := range strings.Split(head, "<wp:category>")[1:] {
		x.categories[cmp.Or(wxrtext.Value("wp:category_nicename", part), wxrtext.Value("wp:cat_name", part))] = true
	}
	for _, part := range strings.Split(head, "<wp:tag>")[1:] {
		x.tags[cmp.Or(wxrtext.Value("wp:tag_slug", part), wxrtext.Value("wp:tag_name", part))] = true
	}
	for _, part := range strings.Split(head, "<wp:term>")[1:] {
		switch slug := wxrtext.Value("wp:term_slug", part); wxrtext.Value("wp:term_taxonomy", part) {
		case "category":
			x.categories[slug] = true
		case "post_tag":
			x.tags[slug] = true
		}
	}
}

func (x *export) item(text string, texts *strings.Builder) {
	it := item{id: wxrtext.Value("wp:post_id", text), kind: cmp.Or(wxrtext.Value("wp:post_type", text), "post"), status: cmp.Or(wxrtext.Value("wp:status", text), "publish"),
		link: unescape(wxrtext.Value("link", text)), guid: unescape(wxrtext.Value("guid", text)), slug: wxrtext.Value("wp:post_name", text),
		protected: wxrtext.Value("wp:post_password", text) != "", comments: map[string]int{}}
	if at, err := time.Parse(time.DateTime, wxrtext.Value("wp:post_date_gmt", text)); err == nil {
		it.future = at.After(time.Now())
	}
	seen := map[string]bool{}
	for _, m := range markRE.FindAllStringSubmatch(wxrtext.Value("title", text), -1) {
		if l := m[1] + m[2]; !seen[l] {
			seen[l] = true
			it.langs = append(it.langs, l)
		}
	}
	for _, c := range wxrtext.Comments(text) {
		x.secret(wxrtext.Value("wp:comment_author_email", c))
		x.secret(wxrtext.Value("wp:comment_author_IP", c))
		texts.WriteString(wxrtext.Value("wp:comment_content", c) + "\n" + wxrtext.Value("wp:comment_author", c) + "\n")
		switch wxrtext.Value("wp:comment_type", c) {
		case "pingback", "trackback":
			it.pings++
		default:
			it.comments[wxrtext.CommentStates[wxrtext.Value("wp:comment_approved", c)]]++
		}
	}
	for _, m := range wxrtext.Metas(text) {
		if wxrtext.ViewKeys[wxrtext.Value("wp:meta_key", m)] {
			n, _ := strconv.ParseInt(strings.TrimSpace(wxrtext.Value("wp:meta_value", m)), 10, 64)
			it.views = max(it.views, n)
			it.sum += n
		}
	}
	for _, name := range []string{"title", "content:encoded", "excerpt:encoded", "description"} {
		texts.WriteString(wxrtext.Value(name, text) + "\n")
	}
	if it.taken() {
		for _, m := range bareTerm.FindAllStringSubmatch(text, -1) {
			x.itemTerms["category/"+m[1]] = true
		}
		for _, m := range itemTerm.FindAllStringSubmatch(text, -1) {
			kind := m[1]
			if kind == "tag" {
				kind = "post_tag"
			}
			x.itemTerms[kind+"/"+m[2]] = true
			if it.public() {
				x.openTerms[kind+"/"+m[2]] = true
			}
		}
	}
	x.items = append(x.items, it)
}

// secret notes an address of a person. Those too short to be told from a number
// in a text are left out.
func (x *export) secret(s string) {
	if s = strings.TrimSpace(s); len(s) >= 7 && (strings.Contains(s, "@") || ipRE.MatchString(s)) {
		x.secrets[strings.ToLower(s)] = true
	}
}

// want is what the report must say, as far as a text scan can tell.
func (x *export) want() (r fixtures.Report) {
	for i := range x.items {
		it := &x.items[i]
		if !it.taken() {
			continue
		}
		by := &r.Taken.Articles
		if it.kind == "page" {
			by = &r.Taken.Pages
		}
		n := max(1, len(it.langs))
		switch it.state() {
		case "draft":
			by.Draft += n
		case "in_review":
			by.InReview += n
		case "scheduled":
			by.Scheduled += n
		default:
			by.Published += n
		}
		c := &r.Taken.Comments
		c.Approved += it.comments["approved"]
		c.Pending += it.comments["pending"]
		c.Spam += it.comments["spam"]
		c.Trash += it.comments["trash"]
		r.Taken.Views += it.views
	}
	return r
}

func hostOf(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

var entities = strings.NewReplacer("&amp;", "&", "&#038;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`)

func unescape(s string) string { return entities.Replace(s) }
