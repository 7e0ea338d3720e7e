package wordpress

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// FuzzWXR: whatever a file holds, reading ends, keeps its limits and lets
// nothing through that the house does not want.
func FuzzWXR(f *testing.F) {
	f.Add([]byte(export("<wp:category><wp:category_nicename>a</wp:category_nicename></wp:category>", item(1, "<title><![CDATA[a\x08]]></title>"))))
	f.Add([]byte("<item><title>a<b>&nbsp;&#8;</title><content:encoded><![CDATA[x</content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded></item>"))
	f.Add([]byte("<rss xmlns:w='http://wordpress.org/export/1.2/'><item><w:comment><w:comment_id>1</w:comment_id></w:comment></rss>"))
	f.Add([]byte("<!DOCTYPE x [ <!ENTITY a 'b'> ]><rss>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := openTexts(Options{MaxText: 1000}, string(data))
		if err != nil {
			return
		}
		items, err := all(x)
		if x.Head().Files[0].Err == nil && err != nil {
			t.Errorf("only the second pass fails: %v", err)
		}
		for _, it := range items {
			if len(it.content) > 1000 {
				t.Errorf("%d bytes", len(it.content))
			}
			for _, s := range []string{it.content, it.Title, it.Slug, it.Standfirst} {
				if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x08\x7f\uFDD0\uFDD1\uFFFE") {
					t.Errorf("not clean: %q", s)
				}
			}
			if it.Key == "" {
				t.Error("no key")
			}
		}
	})
}

// FuzzFilter: what comes out does not depend on the sizes of reads, and is
// clean.
func FuzzFilter(f *testing.F) {
	f.Add([]byte("a\r\nb\x08\xff\u0092\uFDD0\xe2\x82"))
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func(fl *filter, size int) string {
			var b bytes.Buffer
			p := make([]byte, size)
			for {
				n, err := fl.Read(p)
				b.Write(p[:n])
				if err != nil {
					return b.String()
				}
			}
		}
		whole := newFilter(bytes.NewReader(data))
		small := newFilter(iotest.OneByteReader(bytes.NewReader(data)))
		a, b := read(whole, 4096), read(small, 7)
		if a != b || whole.line != small.line || whole.total != small.total {
			t.Errorf("%q\n%q\n%v %v", a, b, whole, small)
		}
		if !utf8.ValidString(a) || clean([]byte(a)) != len(a) || strings.Count(a, "\n")+1 != whole.line {
			t.Errorf("not clean: %q, line %d", a, whole.line)
		}
	})
}

// FuzzContent: no text breaks the way to HTML.
func FuzzContent(f *testing.F) {
	f.Add("[caption id=\"a\"]<img src=x>[/caption][[b]]<!-- wp:quote {\"a\":1} --><blockquote></blockquote><!-- /wp:quote -->")
	f.Add("[:en]a[:ru]b[:]<!--more-->[gallery ids=1,2]https://youtu.be/x")
	f.Add(`<div data-id=1><blockquote class="tiktok-embed" cite="https://a.example"><script src=https://gist.github.com/a/b.js></script><noscript><img alt="x">`)
	f.Fuzz(func(t *testing.T, src string) {
		src = strings.ToValidUTF8(src, "")
		c := conv{it: &Item{}}
		if out := c.widgets(src); len(c.notes) == 0 && out != src && !strings.Contains(strings.ToLower(src), "script") {
			t.Errorf("without a widget %q → %q", src, out)
		}
		out, _ := prepared(src, src)
		if !utf8.ValidString(out) {
			t.Errorf("%q → %q", src, out)
		}
		if l := splitLangs(src); l != nil {
			_ = l.in("en", src)
		}
		_, _ = paragraphs(src), langTag(src)
		if s := decodeSlug(src); !utf8.ValidString(s) {
			t.Errorf("slug %q", s)
		}
	})
}

func FuzzPHPSerialized(f *testing.F) {
	f.Add(`a:2:{s:5:"width";i:800;s:1:"x";a:1:{i:0;b:1;}}`)
	f.Add(`a:99999999:{`)
	f.Add(strings.Repeat(`a:1:{i:0;`, 100))
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := parsePHP(s)
		if ok && len(fmt.Sprint(v)) > 100*len(s)+1000 {
			t.Error("grew")
		}
		_ = v.get("width").int()
	})
}

// BenchmarkRead measures both passes over ordinary posts: 700 words, 6 KB.
func BenchmarkRead(b *testing.B) {
	words := strings.Repeat("Слово за словом, and word by word. ", 130)
	var items strings.Builder
	for i := range 1000 {
		items.WriteString(item(i+1, fmt.Sprintf(`<title><![CDATA[Заголовок %d]]></title><link>https://dala.example/2020/01/x-%d/</link><wp:post_name>x-%d</wp:post_name>
<wp:post_date>2020-01-02 03:04:05</wp:post_date><wp:post_date_gmt>2020-01-01 22:04:05</wp:post_date_gmt><content:encoded><![CDATA[<p>%s</p>]]></content:encoded>
<category domain="category" nicename="news"><![CDATA[Новости]]></category><category domain="post_tag" nicename="tag-%d"><![CDATA[Метка]]></category>
<wp:postmeta><wp:meta_key>_edit_last</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>`, i, i, i, words, i%50)))
	}
	text := export("", items.String())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		x, err := openTexts(Options{}, text)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		if err := x.Items(func(Item) error { n++; return nil }); err != nil || n != 1000 {
			b.Fatal(n, err)
		}
	}
}
