// Package gen makes WordPress exports that look like a newsroom's: as many posts as
// wanted, over as many years, in English, Russian and Kazakh, the same ones for the
// same seed. Benchmarks, soak tests and the test of memory import them.
//
// Words come from small lists of our own, the frequent ones frequent; every tenth
// or so is an invented name, so that a search index meets new words to the end.
// Nothing is kept: an export of many gigabytes is written as fast as it is read.
package gen

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// Options say what to make. Zero values: see Write.
type Options struct {
	Posts       int      // how many; 0 with Size: until the size is reached
	Size        int64    // bytes to write, at the least, before closing; 0: no matter
	Langs       []string // en, ru, kk; several: posts take turns, marked as Polylang does
	Words       int      // of an ordinary post; each has between half and one and a half
	Sections    int      // of a post
	Tags        int      // of a post
	SpanYears   int      // from the oldest to the newest
	Seed        uint64
	Comments    int    // of a post, on average
	Attachments bool   // every third post has a picture, an item of its own
	Plain       bool   // published posts alone: no drafts, no pending, no passwords
	Host        string // of the old site
	FirstID     int    // of the posts; for several files of one site
}

// Stats are what was made.
type Stats struct {
	Bytes                                    int64
	Posts, Published, Attachments, Comments  int
	Authors, Sections, Tags                  int
	Views                                    int64
	FirstSlug, LastSlug, FirstDate, LastDate string
}

// The newest post; never the present, so that every run makes the same.
var newest = time.Date(2026, 6, 30, 18, 0, 0, 0, time.UTC)

// Local time of the old site: UTC+3 without summer time.
const offset = 3 * time.Hour

type writer struct {
	Options
	out      io.Writer
	buf      []byte
	rnd      *rand.Rand
	langs    []*language
	stats    Stats
	id       int
	comment  int
	at       time.Time
	step     time.Duration
	title    []byte
	slug     []byte
	err      error
	hostname string
}

// Write makes an export. Defaults: one language, en; 700 words, 3 sections, 3 tags,
// 20 years, host old.example; without Posts and Size 100 posts.
func Write(out io.Writer, o Options) (Stats, error) {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	if o.Posts == 0 && o.Size == 0 {
		o.Posts = 100
	}
	def(&o.Words, 700)
	def(&o.Sections, 3)
	def(&o.Tags, 3)
	def(&o.SpanYears, 20)
	def(&o.FirstID, 1000)
	if o.Host == "" {
		o.Host = "old.example"
	}
	if len(o.Langs) == 0 {
		o.Langs = []string{"en"}
	}
	w := &writer{Options: o, out: out, rnd: rand.New(rand.NewPCG(o.Seed, 0x646174656c696e65)), id: o.FirstID, buf: make([]byte, 0, 1<<17)}
	w.hostname = "https://" + o.Host
	for _, code := range o.Langs {
		l, err := newLanguage(code)
		if err != nil {
			return Stats{}, err
		}
		w.langs = append(w.langs, l)
	}
	span := time.Duration(o.SpanYears) * 365 * 24 * time.Hour
	n := o.Posts
	if n == 0 {
		n = int(o.Size/int64(o.Words*11+3000)) + 1 // about; dates need no more
	}
	w.at, w.step = newest.Add(-span), span/time.Duration(n)
	w.head()
	for i := 0; w.err == nil && (o.Posts == 0 || i < o.Posts) && (o.Size == 0 || w.stats.Bytes+int64(len(w.buf)) < o.Size); i++ {
		w.post(i)
		if len(w.buf) > 1<<16 {
			w.flush()
		}
	}
	w.add("</channel>\n</rss>\n")
	w.flush()
	return w.stats, w.err
}

func (w *writer) flush() {
	if w.err == nil {
		var n int
		n, w.err = w.out.Write(w.buf)
		w.stats.Bytes += int64(n)
	}
	w.buf = w.buf[:0]
}

func (w *writer) add(s string) { w.buf = append(w.buf, s...) }

func (w *writer) addf(format string, args ...any) { w.buf = fmt.Appendf(w.buf, format, args...) }

// cdata writes <name><![CDATA[value]]></name> in a line.
func (w *writer) cdata(name, value string) {
	w.add("\t\t<")
	w.add(name)
	w.add("><![CDATA[")
	w.add(value)
	w.add("]]></")
	w.add(name)
	w.add(">\n")
}

const authors = 24

func (w *writer) head() {
	l := w.langs[0]
	w.addf(`<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="dateline/test/gen" seed="%d" -->
<rss version="2.0"
	xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
	<title>%s</title>
	<link>%s</link>
	<description>%s</description>
	<pubDate>%s</pubDate>
	<language>%s</language>
	<wp:wxr_version>1.2</wp:wxr_version>
	<wp:base_site_url>%[3]s</wp:base_site_url>
	<wp:base_blog_url>%[3]s</wp:base_blog_url>
`, w.Seed, l.site, w.hostname, l.tagline, newest.Format(time.RFC1123Z), l.locale)
	for i := range authors {
		login, name, first, last := w.author(i)
		w.addf("\t<wp:author><wp:author_id>%d</wp:author_id><wp:author_login><![CDATA[%s]]></wp:author_login>"+
			"<wp:author_email><![CDATA[%[2]s@%[3]s]]></wp:author_email><wp:author_display_name><![CDATA[%[4]s]]></wp:author_display_name>"+
			"<wp:author_first_name><![CDATA[%[5]s]]></wp:author_first_name><wp:author_last_name><![CDATA[%[6]s]]></wp:author_last_name></wp:author>\n",
			i+1, login, w.Host, name, first, last)
		w.stats.Authors++
	}
	term := 0
	for _, l := range w.langs {
		for i, s := range l.sections {
			term++
			parent := ""
			if i >= l.roots {
				parent = l.sections[i%l.roots].slug
			}
			w.addf("\t<wp:category><wp:term_id>%d</wp:term_id><wp:category_nicename><![CDATA[%s]]></wp:category_nicename>"+
				"<wp:category_parent><![CDATA[%s]]></wp:category_parent><wp:cat_name><![CDATA[%s]]></wp:cat_name></wp:category>\n",
				term, s.slug, parent, s.name)
			w.stats.Sections++
		}
	}
	for _, l := range w.langs {
		for _, tag := range l.tags {
			term++
			w.addf("\t<wp:tag><wp:term_id>%d</wp:term_id><wp:tag_slug><![CDATA[%s]]></wp:tag_slug><wp:tag_name><![CDATA[%s]]></wp:tag_name></wp:tag>\n",
				term, tag.slug, tag.name)
			w.stats.Tags++
		}
	}
	if len(w.langs) > 1 {
		for _, l := range w.langs {
			term++
			w.addf("\t<wp:term><wp:term_id>%d</wp:term_id><wp:term_taxonomy><![CDATA[language]]></wp:term_taxonomy>"+
				"<wp:term_slug><![CDATA[%s]]></wp:term_slug><wp:term_name><![CDATA[%s]]></wp:term_name></wp:term>\n", term, l.code, l.own)
		}
	}
	w.add("\t<generator>https://wordpress.org/?v=6.5.3</generator>\n")
}

func (w *writer) author(i int) (login, name, first, last string) {
	l := w.langs[i%len(w.langs)]
	first, last = l.first[i%len(l.first)], l.rare[i*37%len(l.rare)]
	return fmt.Sprintf("author%d", i+1), first + " " + last, first, last
}

const stamp = "2006-01-02 15:04:05"

func (w *writer) post(i int) {
	l := w.langs[i%len(w.langs)]
	w.at = w.at.Add(w.step)
	at := w.at.Add(-time.Duration(w.rnd.Int64N(int64(w.step) + 1)))
	status, password := "publish", ""
	if !w.Plain {
		switch w.rnd.IntN(200) {
		case 0:
			status = "draft"
		case 1:
			status = "pending"
		case 2:
			status = "private"
		case 3:
			password = "open sesame"
		}
	}
	id := w.id
	w.id++
	w.title = l.headline(w.title[:0], w.rnd)
	w.slug = l.slugOf(w.slug[:0], w.title)
	w.slug = fmt.Appendf(w.slug, "-%d", id)
	local := at.Add(offset)
	day := local.Format("2006/01/02")
	if w.Attachments && i%3 == 0 {
		w.attachment(l, at)
	}

	w.add("\t<item>\n\t\t<title>")
	w.buf = append(w.buf, w.title...)
	w.add("</title>\n\t\t<link>" + w.hostname)
	if status == "publish" {
		w.add("/" + day + "/")
		w.buf = append(w.buf, w.slug...)
		w.add("/")
	} else {
		w.addf("/?p=%d", id)
	}
	login, _, _, _ := w.author(w.rnd.IntN(authors))
	w.add("</link>\n\t\t<pubDate>" + at.Format(time.RFC1123Z) + "</pubDate>\n")
	w.cdata("dc:creator", login)
	w.addf("\t\t<guid isPermaLink=\"false\">%s/?p=%d</guid>\n\t\t<description></description>\n\t\t<content:encoded><![CDATA[", w.hostname, id)
	w.body(l, i, id)
	w.add("]]></content:encoded>\n\t\t<excerpt:encoded><![CDATA[")
	if w.rnd.IntN(3) > 0 {
		w.buf = l.sentence(w.buf, w.rnd)
	}
	w.add("]]></excerpt:encoded>\n")
	w.addf("\t\t<wp:post_id>%d</wp:post_id>\n", id)
	w.cdata("wp:post_date", local.Format(stamp))
	if status == "draft" {
		w.cdata("wp:post_date_gmt", "0000-00-00 00:00:00")
	} else {
		w.cdata("wp:post_date_gmt", at.Format(stamp))
	}
	modified := at.Add(time.Duration(w.rnd.IntN(72)) * time.Hour)
	w.cdata("wp:post_modified", modified.Add(offset).Format(stamp))
	w.cdata("wp:post_modified_gmt", modified.Format(stamp))
	w.cdata("wp:comment_status", "open")
	w.cdata("wp:ping_status", "closed")
	if status == "draft" {
		w.cdata("wp:post_name", "")
	} else {
		w.cdata("wp:post_name", string(w.slug))
	}
	w.cdata("wp:status", status)
	w.add("\t\t<wp:post_parent>0</wp:post_parent>\n\t\t<wp:menu_order>0</wp:menu_order>\n")
	w.cdata("wp:post_type", "post")
	w.cdata("wp:post_password", password)
	w.addf("\t\t<wp:is_sticky>%d</wp:is_sticky>\n", sticky(i))
	w.terms(l)
	w.meta(status, i)
	w.comments(l, at)
	w.add("\t</item>\n")

	w.stats.Posts++
	if status == "publish" && password == "" {
		w.stats.Published++
		w.stats.LastSlug, w.stats.LastDate = string(w.slug), day
		if w.stats.FirstSlug == "" {
			w.stats.FirstSlug, w.stats.FirstDate = w.stats.LastSlug, day
		}
	}
}

func sticky(i int) int {
	if i%5000 == 7 {
		return 1
	}
	return 0
}

// terms writes sections, the first ones most often, and tags, all different.
func (w *writer) terms(l *language) {
	pick := func(domain string, from []term, n int, skew float64) {
		var taken [16]int
		n = min(n, len(taken), len(from))
		for k := 0; k < n; {
			f := w.rnd.Float64()
			j := int(f*skew*f*float64(len(from))+f*(1-skew)*float64(len(from))) % len(from)
			again := false
			for _, t := range taken[:k] {
				again = again || t == j
			}
			if again {
				continue
			}
			taken[k] = j
			k++
			w.add("\t\t<category domain=\"" + domain + "\" nicename=\"" + from[j].slug + "\"><![CDATA[" + from[j].name + "]]></category>\n")
		}
	}
	pick("category", l.sections, w.Sections, 0.7)
	pick("post_tag", l.tags, w.Tags, 0.9)
	if len(w.langs) > 1 {
		w.add("\t\t<category domain=\"language\" nicename=\"" + l.code + "\"><![CDATA[" + l.own + "]]></category>\n")
	}
}

func (w *writer) meta(status string, i int) {
	meta := func(key, value string) {
		w.add("\t\t<wp:postmeta><wp:meta_key><![CDATA[" + key + "]]></wp:meta_key><wp:meta_value><![CDATA[" + value + "]]></wp:meta_value></wp:postmeta>\n")
	}
	meta("_edit_last", "1")
	if status == "publish" {
		// Most are read a little, a few very much.
		f := w.rnd.Float64()
		views := int64(20 + 400*f + 60000*f*f*f*f*f*f*f*f)
		meta("post_views_count", fmt.Sprint(views))
		w.stats.Views += views
	}
	if w.Attachments && i%3 == 0 {
		meta("_thumbnail_id", fmt.Sprint(w.id-1))
	}
}

func (w *writer) comments(l *language, at time.Time) {
	if w.Comments == 0 {
		return
	}
	parent := 0
	for range w.rnd.IntN(2*w.Comments + 1) {
		w.comment++
		at = at.Add(time.Duration(1+w.rnd.IntN(300)) * time.Minute)
		approved := "1"
		if w.rnd.IntN(20) == 0 {
			approved = "spam"
		}
		w.addf("\t\t<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author><![CDATA[%s]]></wp:comment_author>"+
			"<wp:comment_author_email><![CDATA[reader%[1]d@readers.example]]></wp:comment_author_email><wp:comment_author_url></wp:comment_author_url>"+
			"<wp:comment_author_IP><![CDATA[192.0.2.%[3]d]]></wp:comment_author_IP><wp:comment_date><![CDATA[%[4]s]]></wp:comment_date>"+
			"<wp:comment_date_gmt><![CDATA[%[5]s]]></wp:comment_date_gmt><wp:comment_content><![CDATA[",
			w.comment, l.first[w.rnd.IntN(len(l.first))], w.rnd.IntN(254)+1, at.Add(offset).Format(stamp), at.Format(stamp))
		for range 1 + w.rnd.IntN(3) {
			w.buf = append(l.sentence(w.buf, w.rnd), ' ')
		}
		w.addf("]]></wp:comment_content><wp:comment_approved><![CDATA[%s]]></wp:comment_approved><wp:comment_type><![CDATA[comment]]></wp:comment_type>"+
			"<wp:comment_parent>%d</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id></wp:comment>\n", approved, parent)
		if parent == 0 || w.rnd.IntN(2) == 0 {
			parent = w.comment
		} else {
			parent = 0
		}
		w.stats.Comments++
	}
}

func (w *writer) attachment(l *language, at time.Time) {
	id := w.id
	w.id++
	month := at.Add(offset).Format("2006/01")
	file := fmt.Sprintf("%s/wp-content/uploads/%s/picture-%d.jpg", w.hostname, month, id)
	w.addf("\t<item>\n\t\t<title>picture-%d</title>\n\t\t<link>%s/?attachment_id=%[1]d</link>\n\t\t<pubDate>%s</pubDate>\n", id, w.hostname, at.Format(time.RFC1123Z))
	w.cdata("dc:creator", "author1")
	w.addf("\t\t<guid isPermaLink=\"false\">%s</guid>\n\t\t<description></description>\n\t\t<content:encoded><![CDATA[]]></content:encoded>\n\t\t<excerpt:encoded><![CDATA[", file)
	w.buf = l.sentence(w.buf, w.rnd)
	w.addf("]]></excerpt:encoded>\n\t\t<wp:post_id>%d</wp:post_id>\n", id)
	w.cdata("wp:post_date", at.Add(offset).Format(stamp))
	w.cdata("wp:post_date_gmt", at.Format(stamp))
	w.cdata("wp:post_name", fmt.Sprintf("picture-%d", id))
	w.cdata("wp:status", "inherit")
	w.addf("\t\t<wp:post_parent>%d</wp:post_parent>\n", id-1)
	w.cdata("wp:post_type", "attachment")
	w.cdata("wp:attachment_url", file)
	w.add("\t\t<wp:postmeta><wp:meta_key><![CDATA[_wp_attachment_image_alt]]></wp:meta_key><wp:meta_value><![CDATA[")
	w.buf = l.sentence(w.buf, w.rnd)
	w.add("]]></wp:meta_value></wp:postmeta>\n\t</item>\n")
	w.stats.Attachments++
}

// body writes a text: blocks in two posts of three, classic paragraphs otherwise.
func (w *writer) body(l *language, i, id int) {
	blocks := i%3 != 0
	open := func(block, html string) {
		if blocks {
			w.add("<!-- wp:" + block + " -->\n")
		}
		w.add(html)
	}
	shut := func(block, html string) {
		w.add(html)
		if blocks {
			w.add("\n<!-- /wp:" + block + " -->")
		}
		w.add("\n\n")
	}
	words := w.Words/2 + w.rnd.IntN(w.Words+1)
	for n, part := 0, 0; n < words; part++ {
		switch {
		case part > 0 && part%7 == 0:
			open("heading", "<h2>")
			w.buf = l.headline(w.buf, w.rnd)
			shut("heading", "</h2>")
		case part%11 == 5:
			open("quote", "<blockquote><p>")
			w.buf = l.sentence(w.buf, w.rnd)
			shut("quote", "</p></blockquote>")
		case part%13 == 9:
			open("list", "<ul>")
			for range 3 {
				w.add("<li>")
				w.buf = l.headline(w.buf, w.rnd)
				w.add("</li>")
			}
			shut("list", "</ul>")
		}
		if blocks {
			open("paragraph", "<p>")
		}
		for s := 2 + w.rnd.IntN(4); s > 0; s-- {
			from := len(w.buf)
			w.buf = l.sentence(w.buf, w.rnd)
			n += bytes.Count(w.buf[from:], []byte{' '}) + 1
			if s > 1 {
				w.add(" ")
			}
		}
		if part == 2 && id > w.FirstID+10 {
			w.addf(" <a href=\"%s/?p=%d\">", w.hostname, id-1-w.rnd.IntN(10))
			w.buf = l.headline(w.buf, w.rnd)
			w.add("</a>.")
		}
		if blocks {
			shut("paragraph", "</p>")
		} else {
			w.add("\n\n")
		}
	}
}
