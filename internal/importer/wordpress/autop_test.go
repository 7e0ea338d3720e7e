package wordpress

import (
	"html"
	"regexp"
	"testing"

	"dateline/internal/richtext"
)

var blockID = regexp.MustCompile(` id="b[0-9a-z]+"`)

// classic is the body made of a text as the classic editor stored it, without
// the blocks' ids and the line feeds between them.
func classic(t *testing.T, src string) string {
	t.Helper()
	x := opened(t, Options{}, export("", item(1, "<content:encoded>"+html.EscapeString(src)+"</content:encoded>")))
	items, err := all(x)
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := items[0].Body(richtext.Options{Image: func(string, map[string]string) (int64, bool) { return 0, false }})
	return regexp.MustCompile(`>\n`).ReplaceAllString(blockID.ReplaceAllString(doc.Store(), ""), ">")
}

// TestClassicParagraphs: the classic editor stores no paragraphs; WordPress
// makes them of blank lines when it shows the text (wpautop), and breaks of
// the other ends of line. These are its rules, one by one, in what a reader
// sees.
func TestClassicParagraphs(t *testing.T) {
	for _, tt := range []struct{ rule, in, want string }{
		{"blank lines end paragraphs", "One\n\nTwo\n\n\n\nThree", "<p>One</p><p>Two</p><p>Three</p>"},
		{"so do lines of mere spaces", "One\n \t \nTwo", "<p>One</p><p>Two</p>"},
		{"single ends of line are breaks", "One\ntwo\nthree", "<p>One<br>two<br>three</p>"},
		{"ends of line as Windows and old Macs write them", "One\r\ntwo\r\n\r\nThree\r\rFour\rfive", "<p>One<br>two</p><p>Three</p><p>Four<br>five</p>"},
		{"nothing of nothing", " \n\n\t\n", ""},
		{"a break at the end of a line is one break", "One<br />\ntwo<br>\nthree", "<p>One<br>two<br>three</p>"},
		{"also with a space before the end", "One<br> \ntwo", "<p>One<br>two</p>"},
		{"two breaks end a paragraph", "One<br><br>Two<br />\n<br />Three", "<p>One</p><p>Two</p><p>Three</p>"},
		{"a break before a blank line is nothing", "One<br>\n\nTwo", "<p>One</p><p>Two</p>"},
		{"breaks in marks", "<strong>Head</strong>\ntext <em>a\nb</em>", "<p><strong>Head</strong><br>text <em>a<br>b</em></p>"},
		{"marks over paragraphs", "<em>One\n\nTwo</em> three", "<p><em>One</em></p><p><em>Two</em> three</p>"},
		{"ends of line within a tag are not the text's", "a <a\nhref=\"https://a.example/\"\n\ntitle=\"x\">b</a> c", `<p>a <a href="https://a.example/">b</a> c</p>`},
		{"headings stand alone", "One\n<h2>Head</h2>\nTwo", "<p>One</p><h2>Head</h2><p>Two</p>"},
		{"also without ends of line", "One<h2>Head</h2>Two\nthree", "<p>One</p><h2>Head</h2><p>Two<br>three</p>"},
		{"text right behind a block", "<div>One</div>Two\nthree<ul><li>a</li></ul>Four", "<p>One</p><p>Two<br>three</p><ul><li>a</li></ul><p>Four</p>"},
		{"lines in a block", "<div>One\ntwo\n\nThree</div>", "<p>One<br>two</p><p>Three</p>"},
		{"lines in a written paragraph", "<p>One\ntwo</p>\n<p class=\"x\">\nThree\n</p>Four", "<p>One<br>two</p><p>Three</p><p>Four</p>"},
		{"blank line in a written paragraph", "<p>One\n\nTwo</p>\nThree", "<p>One</p><p>Two</p><p>Three</p>"},
		{"lines in a heading", "<h3>One\ntwo</h3>\n", "<h3>One<br>two</h3>"},
		{"blank line in a heading", "<h2>\n\nOne\n\ntwo\n\n</h2>Three", "<h2>One<br>two</h2><p>Three</p>"},
		{"blank line in an item", "<ul><li>a\n\nb\n\n</li>\n\n<li>c</li></ul>", "<ul><li>a<br>b</li><li>c</li></ul>"},
		{"caption", "[caption id=\"attachment_5\" width=\"1\"]<img src=\"https://a.example/i.jpg\" /> One\ntwo[/caption]\nThree", `<figure class="card"><a href="https://a.example/i.jpg">One two</a></figure><p>Three</p>`},
		{"rule", "One\n<hr />\nTwo<hr>Three", "<p>One</p><hr><p>Two</p><hr><p>Three</p>"},
		{"list", "One\n<ul>\n\t<li>a</li>\n\n\t<li>b</li>\n</ul>\nTwo", "<p>One</p><ul><li>a</li><li>b</li></ul><p>Two</p>"},
		{"lines in an item", "<ul><li>a\nb</li><li>\nc\n</li></ul>", "<ul><li>a<br>b</li><li>c</li></ul>"},
		{"nested lists", "<ul>\n<li>a\n<ol>\n<li>b\nc</li>\n</ol>\n</li>\n<li>d</li>\n</ul>", "<ul><li>a<ol><li>b<br>c</li></ol></li><li>d</li></ul>"},
		{"quotation", "<blockquote>One\ntwo\n\nThree</blockquote>Four", "<blockquote class=\"q\"><p>One<br>two</p><p>Three</p></blockquote><p>Four</p>"},
		{"quotation with paragraphs of its own", "<blockquote>\n<p>One</p>\n<p>Two\nthree</p>\n</blockquote>", "<blockquote class=\"q\"><p>One</p><p>Two<br>three</p></blockquote>"},
		{"table", "<table>\n<tr>\n\n<td>a\nb</td>\n<td>\nc\n</td></tr>\n</table>\nOne", "<table><tbody><tr><td>a<br>b</td><td>c</td></tr></tbody></table><p>One</p>"},
		{"preformatted text is as written", "One\n<pre>a\n\n  b\nc</pre>\nTwo", "<p>One</p><pre><code>a\n\n  b\nc</code></pre><p>Two</p>"},
		{"code in a line is text like any other", "a <code>b\nc</code> d", "<p>a <code>b<br>c</code> d</p>"},
		{"a script's lines are nobody's", "One\n<script>\na\n\nb\n</script>\nTwo", "<p>One</p><p>Two</p>"},
		{"address and list of definitions", "<address>One\ntwo</address><dl><dt>a</dt>\n<dd>b\nc</dd></dl>", "<p>One<br>two</p><p>a</p><p>b<br>c</p>"},
		{"teaser's end between paragraphs", "One\n\n<!--more-->\n\nTwo", "<p>One</p><p>Two</p>"},
		{"teaser's end in a line", "One <!--more-->two", "<p>One two</p>"},
		{"comment", "One <!-- a\n\nb --> two\n<!-- c -->\n\nThree", "<p>One two</p><p>Three</p>"},
		{"shortcode on a line of its own", "One\n\n[video_player id=\"3\"]\n\nTwo", "<p>One</p><p>Two</p>"},
		{"shortcode around paragraphs", "[box color=\"red\"]\nOne\n\nTwo\nthree\n[/box]\nFour", "<p>One</p><p>Two<br>three</p><p>Four</p>"},
		{"paragraph of an unbreakable space only", "One\n\n&nbsp;\n\nTwo", "<p>One</p><p>Two</p>"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := classic(t, tt.in); got != tt.want {
				t.Errorf("%q\n got %s\nwant %s", tt.in, got, tt.want)
			}
		})
	}
}

// TestBlockLines: what the block editor stored has its paragraphs written; an
// end of line there is a space.
func TestBlockLines(t *testing.T) {
	in := "<!-- wp:paragraph -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:list -->\n<ul><li>a\nb</li></ul>\n<!-- /wp:list -->"
	if got, want := classic(t, in), "<p>One two</p><ul><li>a b</li></ul>"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
