package wordpress

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"dateline/internal/fault"
)

// export is a small export around items.
func export(head, items string) string {
	return `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
	<title>Дала &amp; хабары</title>
	<link>https://dala.example</link>
	<language>ru-RU</language>
	<wp:wxr_version>1.2</wp:wxr_version>
	<wp:base_blog_url>https://dala.example</wp:base_blog_url>
` + head + items + "\n</channel>\n</rss>\n"
}

func item(id int, rest string) string {
	return fmt.Sprintf("<item><wp:post_id>%d</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>\n%s</item>\n", id, rest)
}

// opened opens texts as files "1.xml", "2.xml" …
func opened(t *testing.T, opt Options, texts ...string) *Export {
	t.Helper()
	x, err := openTexts(opt, texts...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func openTexts(opt Options, texts ...string) (*Export, error) {
	files := map[string]string{}
	var paths []string
	for i, text := range texts {
		p := fmt.Sprintf("%d.xml", i+1)
		files[p], paths = text, append(paths, p)
	}
	opt.open = func(p string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(files[p])), nil }
	return Open(paths, opt)
}

// all reads all items.
func all(x *Export) ([]Item, error) {
	var list []Item
	err := x.Items(func(it Item) error { list = append(list, it); return nil })
	return list, err
}

func whys(notes []Note) string {
	var b strings.Builder
	for _, n := range notes {
		fmt.Fprintf(&b, "%d %s %s\n", n.Line, n.Level, n.Why)
	}
	return b.String()
}

func TestItem(t *testing.T) {
	x := opened(t, Options{}, export(`
	<wp:author><wp:author_id>4</wp:author_id><wp:author_login>aigul</wp:author_login><wp:author_email>a@b.example</wp:author_email><wp:author_display_name><![CDATA[Айгүл С.]]></wp:author_display_name></wp:author>
	<wp:category><wp:term_id>7</wp:term_id><wp:category_nicename>news</wp:category_nicename><wp:cat_name><![CDATA[Новости]]></wp:cat_name></wp:category>
`, `<item>
	<title><![CDATA[Кумыс &amp; <em>айран</em>]]></title>
	<link>https://dala.example/2022/02/14/kumys/</link>
	<dc:creator>aigul</dc:creator>
	<guid isPermaLink="false">https://dala.example/?p=5</guid>
	<content:encoded><![CDATA[Первый абзац.]]></content:encoded>
	<excerpt:encoded><![CDATA[Коротко.]]></excerpt:encoded>
	<wp:post_id>5</wp:post_id>
	<wp:post_date>2022-02-14 12:49:00</wp:post_date>
	<wp:post_date_gmt>2022-02-14 06:49:00</wp:post_date_gmt>
	<wp:post_modified>2022-02-14 13:49:00</wp:post_modified>
	<wp:comment_status>open</wp:comment_status>
	<wp:post_name>%d0%ba%d1%83%d0%bc%d1%8b%d1%81-%d0</wp:post_name>
	<wp:status>publish</wp:status>
	<wp:post_type>post</wp:post_type>
	<wp:post_password>sesame-secret</wp:post_password>
	<wp:is_sticky>1</wp:is_sticky>
	<category domain="category" nicename="news"><![CDATA[Новости]]></category>
	<category domain="post_format" nicename="post-format-video"><![CDATA[Video]]></category>
	<category domain="author" nicename="cap-aigul"><![CDATA[aigul]]></category>
	<category domain="author" nicename="cap-guest"><![CDATA[Гость]]></category>
	<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>
	<wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value>12</wp:meta_value></wp:postmeta>
	<wp:postmeta><wp:meta_key>post_views_count</wp:meta_key><wp:meta_value>3,537</wp:meta_value></wp:postmeta>
	<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>old-one</wp:meta_value></wp:postmeta>
	<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>old-two</wp:meta_value></wp:postmeta>
	<wp:postmeta><wp:meta_key>_yoast_wpseo_title</wp:meta_key><wp:meta_value>%%title%% | Дала</wp:meta_value></wp:postmeta>
	<wp:postmeta><wp:meta_key>_yoast_wpseo_metadesc</wp:meta_key><wp:meta_value>О кумысе</wp:meta_value></wp:postmeta>
	<wp:postmeta><wp:meta_key>api_secret</wp:meta_key><wp:meta_value>hunter2-secret</wp:meta_value></wp:postmeta>
	<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author><![CDATA[Бек]]></wp:comment_author>
		<wp:comment_author_email>bek-secret@x.example</wp:comment_author_email><wp:comment_author_IP>10.0.0.1-secret</wp:comment_author_IP>
		<wp:comment_author_url>http://secret.example</wp:comment_author_url>
		<wp:comment_date_gmt>2022-02-15 00:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[Раз.<br />
два <b>три</b>

четыре]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent>
		<wp:commentmeta><wp:meta_key>akismet</wp:meta_key><wp:meta_value>secret</wp:meta_value></wp:commentmeta></wp:comment>
	<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_type>pingback</wp:comment_type><wp:comment_approved>0</wp:comment_approved><wp:comment_parent>3</wp:comment_parent></wp:comment>
	<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_approved>spam</wp:comment_approved><wp:comment_parent>2</wp:comment_parent></wp:comment>
</item>`))
	items, err := all(x)
	if err != nil || len(items) != 1 {
		t.Fatalf("%d items: %v", len(items), err)
	}
	it := items[0]
	if s := fmt.Sprintf("%+v", it); strings.Contains(s, "secret") {
		t.Errorf("a secret came through: %s", s)
	}
	got := map[string]any{
		"title": it.Title, "slug": it.Slug, "key": it.Key, "old": it.OldSlugs, "views": it.Views, "thumb": it.Thumbnail,
		"protected": it.Protected, "sticky": it.Sticky, "open": it.Open, "standfirst": it.Standfirst, "seo": it.SEO,
		"published": it.Published.Format(time.RFC3339), "modified": it.Modified.Format(time.RFC3339), "offset": it.OffsetMinutes,
		"authors": it.Authors, "terms": it.Terms, "format": it.Format, "site": it.Site,
	}
	want := map[string]any{
		"title": "Кумыс & айран", "slug": "кумыс-", "key": "post/5", "old": []string{"old-one", "old-two"}, "views": int64(3537), "thumb": int64(9),
		"protected": true, "sticky": true, "open": true, "standfirst": "Коротко.", "seo": SEO{Title: "Кумыс & айран | Дала", Description: "О кумысе"},
		"published": "2022-02-14T06:49:00Z", "modified": "2022-02-14T07:49:00Z", "offset": 360,
		"authors": []AuthorRef{{Login: "aigul", Slug: "aigul"}, {Slug: "guest", Name: "Гость"}},
		"terms":   []TermRef{{Taxonomy: "category", Slug: "news", Name: "Новости"}}, "format": "video", "site": "https://dala.example",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(it.Comments) != 3 {
		t.Fatalf("%d comments", len(it.Comments))
	}
	c := it.Comments[0]
	if c.Body != "Раз.\nдва три\n\nчетыре" || c.State != "approved" || c.Email != "" || c.Type != "comment" || c.At.IsZero() {
		t.Errorf("%+v", c)
	}
	if it.Comments[1].Type != "pingback" || it.Comments[2].State != "spam" || it.Comments[1].Parent != 0 && it.Comments[2].Parent != 0 {
		t.Errorf("circle not cut: %+v", it.Comments[1:])
	}
	h := x.Head()
	if h.Title != "Дала & хабары" || h.Language != "ru-RU" || len(h.Authors) != 1 || h.Terms.At(0).Name != "Новости" || h.Offsets[360] != 1 {
		t.Errorf("%+v", h)
	}
	x = opened(t, Options{KeepEmails: true}, export("", item(1, `<wp:comment><wp:comment_author_email>bek@x.example</wp:comment_author_email></wp:comment>`)))
	if items, _ := all(x); items[0].Comments[0].Email != "bek@x.example" {
		t.Error("the address was not kept")
	}
}

// TestBroken has one line for each kind of breakage: what the title becomes,
// or where the file breaks.
func TestBroken(t *testing.T) {
	title := func(s string) string { return export("", item(1, "<title>"+s+"</title>")) }
	tests := []struct{ name, in, title, note, err string }{
		{"control characters", title("<![CDATA[a\x08b\x0bc]]>"), "abc", "11 changed 2 control characters dropped", ""},
		{"bad UTF-8", title("a\xff\xfeb"), "a\uFFFD\uFFFDb", "11 changed 2 bytes that are not UTF-8", ""},
		{"windows-1252 taken for control", title("it\u0092s"), "it’s", "changed 1 control", ""},
		{"house's own marks", title("a\uFDD0views:1\uFDD1b"), "aviews:1b", "2 Unicode non-characters", ""},
		{"reference to a control character", title("a&#8;b&#xFDD0;c&#xD800;"), "abc\uFFFD", "changed 3 references", ""},
		{"HTML's entities", title("a&nbsp;b &mdash; c &bogus; &amp; d & e"), "a\u00a0b — c &bogus; & d & e", "", ""},
		{"stray end of CDATA", title("<![CDATA[a ]]> b]]>"), "a ]]> b", "", ""},
		{"escaped end of CDATA", title("<![CDATA[a ]]]]><![CDATA[> b]]>"), "a ]]> b", "", ""},
		{"mark-up in a leaf", title("a <b>c</b> d"), "a c d", "", ""},
		{"leaf not closed", export("", item(1, "<title>abc\n<wp:post_name>x</wp:post_name>")), "abc", "11 error <title> was not closed", ""},
		{"CDATA not closed", export("", item(1, "<title><![CDATA[abc</title>\n<excerpt:encoded><![CDATA[x]]></excerpt:encoded>")), "abc", "", ""},
		{"item not closed", export("", strings.Replace(item(1, "<title>abc</title>"), "</item>", "", 1)+item(2, "")), "abc", "error the item was not closed", ""},
		{"CRLF", strings.ReplaceAll(title("<![CDATA[a\x08]]>"), "\n", "\r\n"), "a", "11 changed 1 control", ""},
		{"other prefixes", strings.NewReplacer("wp:", "w:", ":wp", ":w").Replace(title("abc")), "abc", "", ""},
		{"no prefixes", strings.NewReplacer("<wp:", "<", "</wp:", "</").Replace(title("abc")), "abc", "", ""},
		{"blank lines and a mark before the declaration", "\n\n\uFEFF \n" + title("abc"), "abc", "", ""},
		{"only items", item(1, "<title>abc</title>"), "abc", "", ""},
		{"truncated in CDATA", strings.Split(export("", item(1, "<title>abc</title>")+"<item><title><![CDATA[xCUT"), "CUT")[0], "abc", "", "1.xml:"},
		{"truncated between items", strings.TrimSuffix(title("abc"), "</channel>\n</rss>\n"), "abc", "", "</rss> is missing"},
		{"entity bomb", "<?xml version=\"1.0\"?>\n<!DOCTYPE x [ <!ENTITY a \"b\"> ]>\n" + title("&a;"), "", "", "1.xml:2: the file defines entities"},
		{"document type", "<!DOCTYPE rss SYSTEM \"x.dtd\">" + title("abc"), "abc", "", ""},
		{"deep nesting", export(strings.Repeat("<x>", 100), ""), "", "", "nested deeper than 64"},
		{"deep nesting in an item", export("", item(1, "<title>abc</title>")+item(2, strings.Repeat("<x>", 100))), "abc", "", "nested deeper than 64"},
		{"long tag", export("", item(1, "<title>abc</title>")+"<item a=\""+strings.Repeat("x", 70<<10)), "abc", "", "longer than 64 KiB"},
		{"no export", "<catalog><book/></catalog>", "", "", "1.xml:1: this is no WordPress export"},
		{"no XML", `{"posts": []}`, "", "", "no WordPress export"},
		{"empty", "", "", "", "the file is empty"},
		{"ZIP", "PK\x03\x04....", "", "", "ZIP"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x, err := openTexts(Options{}, tt.in)
			var items []Item
			if err == nil {
				items, err = all(x)
			}
			if got := fmt.Sprint(err); tt.err == "" && err != nil || !strings.Contains(got, tt.err) {
				t.Errorf("error %q, want %q", got, tt.err)
			}
			if tt.err != "" && !fault.Is(err, fault.Invalid) {
				t.Errorf("error is no Invalid: %v", err)
			}
			got, notes := "", ""
			if len(items) > 0 {
				got, notes = items[0].Title, whys(items[0].Notes)
			}
			if got != tt.title || !strings.Contains(notes, tt.note) {
				t.Errorf("title %q, want %q; notes:\n%s", got, tt.title, notes)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	text := export("", item(1, "<title>Қазақ тілі? Привет — «мир»</title>"))
	text = strings.ReplaceAll(text, "Қазақ тілі? ", "")
	as := func(name string) string { return strings.Replace(text, "UTF-8", name, 1) }
	enc := func(s string, f func(string) (string, error)) string {
		out, err := f(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	koi := strings.NewReplacer("—", "-", "«", "\"", "»", "\"").Replace(as("koi8-r"))
	for name, in := range map[string]string{
		"windows-1251":         enc(as("windows-1251"), charmap.Windows1251.NewEncoder().String),
		"koi8-r":               enc(koi, charmap.KOI8R.NewEncoder().String),
		"utf-16le":             enc(as("utf-16"), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String),
		"utf-16be":             enc(as("utf-16"), unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String),
		"utf-8":                "\uFEFF" + text,
		"windows-1251 that is": as("windows-1251"), // says so, but is UTF-8
		"utf-16 that is":       as("utf-16"),
	} {
		x := opened(t, Options{}, in)
		items, err := all(x)
		if err != nil || len(items) != 1 || !strings.HasPrefix(items[0].Title, "Привет") || x.Head().Title != "Дала & хабары" {
			t.Errorf("%s: %v %+v %q", name, err, items, x.Head().Title)
		}
		if want, _, lie := strings.Cut(name, " that"); !lie && x.Head().Files[0].Encoding != want {
			t.Errorf("%s: taken for %s", name, x.Head().Files[0].Encoding)
		}
	}
}

func TestGzip(t *testing.T) {
	pack := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.String()
	}
	text := export("", item(1, "<title>a</title>")+item(2, "<title>b</title>"))
	half := len(text) / 2
	items, err := all(opened(t, Options{}, pack(text[:half])+pack(text[half:])))
	if err != nil || len(items) != 2 {
		t.Errorf("two members: %d items, %v", len(items), err)
	}
	big := pack(text[:len(text)-30] + strings.Repeat(item(3, "<title>"+fmt.Sprint(time.Now())+"</title>"), 2000))
	x, err := openTexts(Options{}, big[:len(big)-100])
	if err == nil {
		_, err = all(x)
	}
	if !strings.Contains(fmt.Sprint(err), "truncated") {
		t.Errorf("truncated gzip: %v", err)
	}
}

// endless is an export whose one text is n bytes long, made while it is read.
type endless struct {
	head, tail string
	n          int
}

func (e *endless) Read(p []byte) (int, error) {
	switch {
	case e.head != "":
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	case e.n > 0:
		n := min(len(p), e.n)
		for i := range p[:n] {
			p[i] = 'x'
		}
		e.n -= n
		return n, nil
	case e.tail != "":
		n := copy(p, e.tail)
		e.tail = e.tail[n:]
		return n, nil
	}
	return 0, io.EOF
}

func TestHugeText(t *testing.T) {
	size := 40 << 20
	if os.Getenv("DATELINE_SOAK") != "" {
		size = 1 << 30
	}
	text := export("", item(1, "<content:encoded><![CDATA[HERE]]></content:encoded>")+item(2, "<title>after</title>"))
	head, tail, _ := strings.Cut(text, "HERE")
	x, err := Open([]string{"big"}, Options{MaxText: 1 << 20, open: func(string) (io.ReadCloser, error) {
		return io.NopCloser(&endless{head, tail, size}), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	items, err := all(x)
	if err != nil || len(items) != 2 || items[1].Title != "after" {
		t.Fatalf("%d items, %v", len(items), err)
	}
	if len(items[0].content) != 1<<20 || !strings.Contains(whys(items[0].Notes), "error <content:encoded> is longer than 1024 KiB") {
		t.Errorf("%d bytes kept; notes:\n%s", len(items[0].content), whys(items[0].Notes))
	}
}

func TestTerms(t *testing.T) {
	cat := func(slug, parent string) string {
		return "\n<wp:category><wp:category_nicename>" + slug + "</wp:category_nicename><wp:category_parent>" + parent +
			"</wp:category_parent><wp:cat_name>[:en]" + slug + "[:ru]р-" + slug + "[:]</wp:cat_name></wp:category>"
	}
	x := opened(t, Options{}, export(cat("leaf", "middle")+cat("middle", "top")+cat("top", "")+cat("a", "b")+cat("b", "a")+cat("self", "self")+cat("lost", "nowhere"), ""))
	parents, at := map[string]string{}, map[string]int{}
	for i := range x.Head().Terms.Len() {
		term := x.Head().Terms.At(i)
		parents[term.Slug], at[term.Slug] = term.Parent, i
	}
	if at["top"] > at["middle"] || at["middle"] > at["leaf"] || parents["leaf"] != "middle" {
		t.Errorf("parents do not come first: %v %v", at, parents)
	}
	if parents["self"] != "" || parents["lost"] != "" || parents["a"] != "" && parents["b"] != "" {
		t.Errorf("not a tree: %v", parents)
	}
	if n := len(x.Head().Notes); n != 3 {
		t.Errorf("%d notes:\n%s", n, whys(x.Head().Notes))
	}
	if term := x.Head().Terms.At(at["top"]); term.Name != "р-top" || term.Names["en"] != "top" {
		t.Errorf("%+v", term)
	}
}

func TestIdentity(t *testing.T) {
	x := opened(t, Options{},
		export("", item(1, "<wp:post_name>a</wp:post_name>")+item(1, "<wp:post_name>b</wp:post_name>")+item(1, "<wp:post_name>b</wp:post_name>")+
			strings.Replace(item(1, ""), "<wp:post_type>post", "<wp:post_type>page", 1)+
			strings.Replace(item(0, "<guid>g</guid>"), "<wp:post_id>0</wp:post_id>", "", 1)+
			strings.Replace(item(3, ""), "<wp:post_type>post", "<wp:post_type>customcpt", 1)+item(7, "<wp:post_name>s</wp:post_name>")),
		export("", item(7, "<wp:post_name>s</wp:post_name>")))
	items, err := all(x)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, it := range items {
		keys = append(keys, it.Key)
	}
	want := []string{"post/1/a", "post/1/b", "page/1", "post/guid:g", "customcpt/3", "post/7", "post/7"}
	if d := cmp.Diff(want, keys); d != "" {
		t.Error(d)
	}
	if items[4].Kind != Left || !strings.Contains(items[4].Why, "customcpt") {
		t.Errorf("%+v", items[4])
	}
	if want := "items that stand in one file more than once were taken once: 1"; x.Head().Items != 7 || !strings.Contains(whys(x.Head().Notes), want) {
		t.Errorf("%d items; no note says %q: %s", x.Head().Items, want, whys(x.Head().Notes))
	}
}

// TestSites: the files of an export come from one site; one that does not say so
// belongs to the others'.
func TestSites(t *testing.T) {
	of := func(site string) string {
		return strings.ReplaceAll(export("", item(1, "")), "https://dala.example", site)
	}
	for _, c := range []struct {
		sites      []string
		base, says string
	}{
		{[]string{"https://dala.example", "http://www.dala.example/", ""}, "https://dala.example", ""},
		{[]string{"", "https://dala.example/blog"}, "https://dala.example/blog", ""},
		{[]string{"", ""}, "", ""},
		{[]string{"", "https://dala.example", "https://steppe.example", "https://third.example"}, "",
			"3.xml: this file comes from steppe.example, but 1.xml comes from dala.example; import each site by itself"},
	} {
		var texts []string
		for _, site := range c.sites {
			texts = append(texts, of(site))
		}
		x, err := openTexts(Options{}, texts...)
		if c.says != "" {
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q: %v", c.sites, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		list, err := all(x)
		if err != nil || len(list) != len(c.sites) {
			t.Fatal(list, err)
		}
		for _, it := range list {
			if it.Site != c.base {
				t.Errorf("%q: an item of %q", c.sites, it.Site)
			}
		}
	}
}

func TestDates(t *testing.T) {
	for _, tt := range []struct {
		local, gmt, want string
		isLocal, zone    bool
		offset           int
	}{
		{"2020-01-02 03:04:05", "2020-01-01 22:04:05", "2020-01-01 22:04:05", false, true, 300},
		{"2020-01-02 03:04:05", "0000-00-00 00:00:00", "2020-01-02 03:04:05", true, false, 0},
		{"0000-00-00 00:00:00", "2020-01-02 03:04:05", "2020-01-02 03:04:05", false, false, 0},
		{"0000-00-00 00:00:00", "0000-00-00 00:00:00", "0001-01-01 00:00:00", false, false, 0},
		{"2020-13-45 99:00:00", "", "0001-01-01 00:00:00", false, false, 0},
		{"2020-01-09 03:04:05", "2020-01-02 03:04:05", "2020-01-02 03:04:05", false, false, 0},
	} {
		it := &rawItem{}
		it.f[ePostDate], it.f[ePostDateGMT] = tt.local, tt.gmt
		d := datesOf(it)
		if got := d.published.Format("2006-01-02 15:04:05"); got != tt.want || d.publishedLocal != tt.isLocal || d.zoneKnown != tt.zone || d.offset != tt.offset {
			t.Errorf("%s, %s: %+v", tt.local, tt.gmt, d)
		}
	}
}

func TestLanguages(t *testing.T) {
	x := opened(t, Options{}, export("", item(1, `<title>[:en]Steppe[:ru]Степь[:]</title><link>https://dala.example/2020/steppe/</link><wp:post_name>steppe</wp:post_name>
<content:encoded><![CDATA[<!--:en-->Text<!--:--><!--:ru-->Текст<!--:-->]]></content:encoded>
<excerpt:encoded>[:en]Short[:]</excerpt:encoded><category domain="category" nicename="n">[:en]News[:ru]Новости[:]</category>
<wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value>5</wp:meta_value></wp:postmeta>`)))
	items, err := all(x)
	if err != nil || len(items) != 2 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	ru, en := items[0], items[1]
	if ru.Lang != "ru" || !ru.Original || ru.Title != "Степь" || ru.content != "Текст" || ru.Standfirst != "" || ru.Terms[0].Name != "Новости" || ru.Views != 5 {
		t.Errorf("ru: %+v", ru)
	}
	if en.Lang != "en" || en.Original || en.Title != "Steppe" || en.content != "Text" || en.Standfirst != "Short" || en.Terms[0].Name != "News" || en.Views != 0 ||
		en.Group != ru.Group || en.Key != ru.Key || en.Link != "https://dala.example/en/2020/steppe/" {
		t.Errorf("en: %+v", en)
	}

	x = opened(t, Options{}, export(`<wp:term><wp:term_id>9</wp:term_id><wp:term_taxonomy>post_translations</wp:term_taxonomy><wp:term_slug>pll_1</wp:term_slug>
<wp:term_description><![CDATA[a:2:{s:2:"kz";i:1;s:2:"ru";i:2;}]]></wp:term_description></wp:term>`,
		item(1, `<category domain="language" nicename="kz">Қазақша</category><category domain="post_translations" nicename="pll_1">pll_1</category>`)+
			item(2, `<category domain="language" nicename="ru">Русский</category><category domain="post_translations" nicename="pll_1">pll_1</category>`)))
	items, _ = all(x)
	if items[0].Lang != "kk" || items[0].Original || !items[1].Original || items[0].Group == "" || items[0].Group != items[1].Group || len(items[0].Terms) > 0 {
		t.Errorf("%+v", items)
	}
	if d := cmp.Diff([]string{"kk", "ru"}, x.Head().Languages); d != "" {
		t.Error(d)
	}
}

func TestAttachments(t *testing.T) {
	x := opened(t, Options{}, export("", `<item><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type><wp:post_parent>5</wp:post_parent>
<excerpt:encoded>Мост</excerpt:encoded><wp:attachment_url>https://dala.example/wp-content/uploads/2020/01/bridge-scaled.jpg</wp:attachment_url>
<wp:postmeta><wp:meta_key>_wp_attached_file</wp:meta_key><wp:meta_value>2020/01/bridge-scaled.jpg</wp:meta_value></wp:postmeta>
<wp:postmeta><wp:meta_key>_wp_attachment_metadata</wp:meta_key><wp:meta_value><![CDATA[a:3:{s:5:"width";i:800;s:6:"height";i:600;s:10:"image_meta";a:1:{s:6:"credit";s:8:"Ж. А.";}}]]></wp:meta_value></wp:postmeta></item>
<item><wp:post_id>10</wp:post_id><wp:post_type>attachment</wp:post_type>
<wp:postmeta><wp:meta_key>_wp_attached_file</wp:meta_key><wp:meta_value>../../etc/passwd</wp:meta_value></wp:postmeta></item>`))
	items, err := all(x)
	if err != nil || len(items) != 2 {
		t.Fatal(err)
	}
	want := &FileInfo{URL: "https://dala.example/wp-content/uploads/2020/01/bridge-scaled.jpg", Path: "2020/01/bridge-scaled.jpg", Width: 800, Height: 600, Caption: "Мост", Credit: "Ж. А."}
	if d := cmp.Diff(want, items[0].Upload); d != "" {
		t.Error(d)
	}
	if p := items[1].Upload.Path; p != "" {
		t.Errorf("led out of the folder: %q", p)
	}
	for _, u := range []string{"http://www.other.example/wp-content/uploads/2020/01/bridge-300x200.jpg", "/wp-content/uploads/2020/01/bridge.jpg?x=1"} {
		if id, ok := x.FileByURL(u); !ok || id != 9 {
			t.Errorf("%s: %d %v", u, id, ok)
		}
	}
	if d := cmp.Diff([]int64{9}, x.Attached(5)); d != "" {
		t.Error(d)
	}
}

func TestYieldStops(t *testing.T) {
	x := opened(t, Options{}, export("", item(1, "")+item(2, "")))
	enough := errors.New("enough")
	n := 0
	if err := x.Items(func(Item) error { n++; return enough }); err != enough || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
}

// TestCounters: plugins that store what they show.
// TestHashtags: a description has words for readers that look like variables.
func TestHashtags(t *testing.T) {
	meta := func(s string) string {
		return "<wp:postmeta><wp:meta_key>_yoast_wpseo_metadesc</wp:meta_key><wp:meta_value>" + s + "</wp:meta_value></wp:postmeta>"
	}
	items, err := all(opened(t, Options{}, export("", item(1, meta("News of #my_city"))+item(2, meta("By #author_name")))))
	if err != nil || len(items) != 2 {
		t.Fatal(items, err)
	}
	if got := items[0].SEO.Description; got != "News of #my_city" || len(items[0].Notes) > 0 {
		t.Errorf("%q, %s", got, whys(items[0].Notes))
	}
	if got := items[1].SEO.Description; got != "" || !strings.Contains(whys(items[1].Notes), "#author_name") {
		t.Errorf("%q, %s", got, whys(items[1].Notes))
	}
}

func TestCounters(t *testing.T) {
	for in, want := range map[string]int64{
		"41": 41, "1,234": 1234, "12,345.0": 12345, "12 345": 12345, "1.234.567": 1234567, "12345.7": 12345,
		"2.5k": 2500, "2,5K": 2500, "1.2M": 1_200_000, "3 k": 3000, "12\u202f345": 12345, " 7 ": 7,
		"none": -1, "-5": -1, "1.2.3": -1, "k": -1, "": 0, "0": 0,
	} {
		n, ok := counter(in)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: %d, want %d", in, n, want)
		}
	}
}

// TestBreakNamesItem: an editor finds where a file breaks off by the headline.
func TestBreakNamesItem(t *testing.T) {
	whole := export("", item(1, "<title>A bridge</title><content:encoded>abc</content:encoded><wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>"))
	for cut, want := range map[string]string{
		"</content:encoded>": "the file ends inside <content:encoded> that begins here: it is truncated, in the item “A bridge”",
		"<wp:meta_value>":    "the file ends inside a field (<wp:postmeta>) that begins here: it is truncated, in the item “A bridge”",
		"</item>":            "the file ends inside an item that begins here: it is truncated, in the item “A bridge”",
	} {
		_, err := all(opened(t, Options{}, whole[:strings.Index(whole, cut)]))
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", cut, err)
		}
	}
}
