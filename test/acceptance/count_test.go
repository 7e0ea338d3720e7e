//go:build acceptance

package acceptance

import (
	"compress/gzip"
	"io"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/test/fixtures"
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
	cdataRE   = regexp.MustCompile(`(?s)<!\[CDATA\[(.*?)\]\]>`)
	itemRE    = regexp.MustCompile(`(?s)<item(?:\s[^>]*)?>(.*?)</item>`)
	commentRE = regexp.MustCompile(`(?s)<wp:comment>(.*?)</wp:comment>`)
	metaRE    = regexp.MustCompile(`(?s)<wp:postmeta>(.*?)</wp:postmeta>`)
	itemTerm  = regexp.MustCompile(`(?s)<category domain="(category|post_tag|tag)" nicename="([^"]*)"`)
	markRE    = regexp.MustCompile(`\[:([a-z]{2})\]|[<\x01]!--:([a-z]{2})--`)
	addressRE = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	ipRE      = regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]+\b`)
)

// The keys that the counting script of the material knows.
var viewKeys = map[string]bool{"views": true, "post_views_count": true, "_post_views": true, "pvc_views": true}

func value(name, s string) string {
	_, rest, ok := cutTag(s, "<"+name)
	if !ok {
		return ""
	}
	v, _, ok := strings.Cut(rest, "</"+name+">")
	if !ok {
		return ""
	}
	v = strings.TrimSpace(v)
	if parts := cdataRE.FindAllStringSubmatch(v, -1); parts != nil {
		v = ""
		for _, p := range parts {
			v += p[1]
		}
	}
	return v
}

// cutTag finds an opening tag, with or without attributes.
func cutTag(s, open string) (before, after string, ok bool) {
	for from := 0; ; {
		i := strings.Index(s[from:], open)
		if i < 0 {
			return s, "", false
		}
		end := from + i + len(open)
		if end < len(s) && (s[end] == '>' || s[end] == ' ') {
			_, rest, ok := strings.Cut(s[end:], ">")
			return s[:from+i], rest, ok
		}
		from = end
	}
}

func read(t *testing.T, path string) string {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	// What stands inside CDATA must not be taken for markup: hide '<' there.
	return cdataRE.ReplaceAllStringFunc(strings.ToValidUTF8(string(raw), "\uFFFD"), func(s string) string {
		return "<![CDATA[" + strings.ReplaceAll(s[9:len(s)-3], "<", "\x01") + "]]>"
	})
}

// scan counts what the files hold, without parsing XML.
func scan(t *testing.T, files []string) *export {
	x := &export{categories: map[string]bool{}, tags: map[string]bool{}, itemTerms: map[string]bool{}, openTerms: map[string]bool{}, secrets: map[string]bool{}}
	var texts strings.Builder
	logins := map[string]bool{}
	for _, path := range files {
		text := read(t, path)
		head, _, _ := strings.Cut(text, "<item>")
		x.terms(head)
		if x.site == "" {
			x.site = hostOf(or(value("wp:base_blog_url", head), value("link", head)))
		}
		for _, part := range strings.Split(head, "<wp:author>")[1:] {
			if login := value("wp:author_login", part); !logins[login] { // files of one export repeat it
				logins[login] = true
				x.authors++
			}
			x.secret(value("wp:author_email", part))
		}
		for _, m := range itemRE.FindAllStringSubmatch(text, -1) {
			x.item(m[1], &texts)
		}
	}
	x.published = texts.String()
	return x
}

func (x *export) terms(head string) {
	for _, part := range strings.Split(head, "<wp:category>")[1:] {
		x.categories[or(value("wp:category_nicename", part), value("wp:cat_name", part))] = true
	}
	for _, part := range strings.Split(head, "<wp:tag>")[1:] {
		x.tags[or(value("wp:tag_slug", part), value("wp:tag_name", part))] = true
	}
	for _, part := range strings.Split(head, "<wp:term>")[1:] {
		switch slug := value("wp:term_slug", part); value("wp:term_taxonomy", part) {
		case "category":
			x.categories[slug] = true
		case "post_tag":
			x.tags[slug] = true
		}
	}
}

func (x *export) item(text string, texts *strings.Builder) {
	it := item{id: value("wp:post_id", text), kind: or(value("wp:post_type", text), "post"), status: or(value("wp:status", text), "publish"),
		link: unescape(value("link", text)), guid: unescape(value("guid", text)), slug: value("wp:post_name", text),
		protected: value("wp:post_password", text) != "", comments: map[string]int{}}
	if at, err := time.Parse(time.DateTime, value("wp:post_date_gmt", text)); err == nil {
		it.future = at.After(time.Now())
	}
	seen := map[string]bool{}
	for _, m := range markRE.FindAllStringSubmatch(value("title", text), -1) {
		if l := m[1] + m[2]; !seen[l] {
			seen[l] = true
			it.langs = append(it.langs, l)
		}
	}
	states := map[string]string{"1": "approved", "0": "pending", "spam": "spam", "trash": "trash", "post-trashed": "trash"}
	for _, m := range commentRE.FindAllStringSubmatch(text, -1) {
		c := m[1]
		x.secret(value("wp:comment_author_email", c))
		x.secret(value("wp:comment_author_IP", c))
		texts.WriteString(value("wp:comment_content", c) + "\n" + value("wp:comment_author", c) + "\n")
		switch value("wp:comment_type", c) {
		case "pingback", "trackback":
			it.pings++
		default:
			it.comments[states[value("wp:comment_approved", c)]]++
		}
	}
	for _, m := range metaRE.FindAllStringSubmatch(text, -1) {
		if viewKeys[value("wp:meta_key", m[1])] {
			n, _ := strconv.ParseInt(strings.TrimSpace(value("wp:meta_value", m[1])), 10, 64)
			it.views = max(it.views, n)
			it.sum += n
		}
	}
	for _, name := range []string{"title", "content:encoded", "excerpt:encoded", "description"} {
		texts.WriteString(value(name, text) + "\n")
	}
	if it.taken() {
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

func or(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
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
