package theme_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/assets"
	"dateline/internal/lang"
	"dateline/internal/theme"
)

// -pages DIR writes the full and the hostile pages as files, to look at.
var pagesDir = flag.String("pages", "", "write the rendered fixture pages into this folder")

var tags = []string{"en", "ru", "kk", "tr", "ar"}

// TestContract renders every kind of page of every theme, full, minimal and
// hostile, in five languages and holds what docs/contracts/theme.md promises of
// each.
func TestContract(t *testing.T) {
	for _, name := range theme.Names() {
		t.Run(name, func(t *testing.T) { contract(t, name) })
	}
}

func contract(t *testing.T, theName string) {
	e, err := theme.Open(theme.Options{Name: theName, Asset: func(name string) string { return "/assets/" + name }})
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, e, theName)
	seen := map[string]bool{}
	for _, tag := range tags {
		l := lang.Of(tag)
		sets := map[string][]theme.Page{
			"full": fixture{l: l}.pages(), "hostile": fixture{l: l, hostile: true}.pages(), "minimal": minimal(l),
		}
		for set, pages := range sets {
			for i, p := range pages {
				seen[p.Kind()] = true
				name := fmt.Sprintf("%s/%s/%d-%s", tag, set, i, p.Kind())
				t.Run(name, func(t *testing.T) {
					var b bytes.Buffer
					if err := e.Render(&b, p); err != nil {
						t.Fatal(err)
					}
					writePage(t, theName, tag, set, i, p.Kind(), b.Bytes())
					doc, err := html.Parse(bytes.NewReader(b.Bytes()))
					if err != nil {
						t.Fatal(err)
					}
					for _, fault := range faults(doc, b.String(), l) {
						t.Error(fault)
					}
				})
			}
		}
	}
	for _, kind := range theme.Kinds() {
		if !seen[kind] {
			t.Errorf("no page of the kind %s is tried", kind)
		}
	}
}

func writeFiles(t *testing.T, e *theme.Engine, name string) {
	if *pagesDir == "" {
		return
	}
	css, err := e.Style(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(*pagesDir, "assets"), assets.Files); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	files, err := e.Files(name)
	if err != nil {
		t.Fatal(err)
	}
	files[theme.StyleSheet(name)] = css
	for file, body := range files {
		file = filepath.Join(*pagesDir, "assets", file)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func writePage(t *testing.T, theName, tag, set string, i int, kind string, page []byte) {
	if *pagesDir == "" {
		return
	}
	page = bytes.ReplaceAll(page, []byte("\uFDD0views:4127:en\uFDD1"), []byte("3,537"))
	name := fmt.Sprintf("%s-%s-%s-%02d-%s.html", theName, tag, set, i, kind)
	if err := os.WriteFile(filepath.Join(*pagesDir, name), page, 0o644); err != nil {
		t.Fatal(err)
	}
}

// mustSay are elements that must never stand empty: a list without items, a
// label without words.
var mustSay = map[string]bool{
	"ul": true, "ol": true, "li": true, "dl": true, "dt": true, "dd": true, "p": true, "a": true, "h1": true, "h2": true, "h3": true, "h4": true,
	"nav": true, "aside": true, "section": true, "article": true, "header": true, "footer": true, "figcaption": true, "summary": true, "details": true,
	"time": true, "b": true, "span": true, "title": true, "caption": true, "th": true, "tr": true, "thead": true, "tbody": true, "blockquote": true, "div": true,
}

var unknownKey = regexp.MustCompile(`\[[a-z]+[._][a-z0-9_.]+\]|\{[a-z]+\}`)

// faults lists what is wrong with a page.
func faults(doc *html.Node, text string, l *lang.Locale) []string {
	var out []string
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	ids, h1, depth := map[string]bool{}, 0, 0
	var refs []string
	landmarks := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if mustSay[n.Data] && empty(n) {
			fault("<%s class=%q> stands empty", n.Data, attr(n, "class"))
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			level := int(n.Data[1] - '0')
			if level > depth+1 {
				fault("heading h%d %q after h%d", level, words(n), depth)
			}
			depth = level
			if level == 1 {
				h1++
			}
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				if ids[a.Val] {
					fault("id %q twice", a.Val)
				}
				ids[a.Val] = true
			case a.Key == "aria-labelledby" || a.Key == "aria-describedby":
				refs = append(refs, a.Val)
			case a.Key == "href" && strings.HasPrefix(a.Val, "#") && len(a.Val) > 3:
				refs = append(refs, a.Val[1:])
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				fault("attribute %s on <%s>: the content security policy forbids it", a.Key, n.Data)
			case strings.Contains(a.Val, "ZgotmplZ"):
				fault("%s=%q: html/template refused the value", a.Key, a.Val)
			}
		}
		class := " " + attr(n, "class")
		if strings.Contains(class, " p-") && !strings.Contains(class, " h-") && (n.Data != "data" || strings.Contains(attr(n, "value"), "\u00ad") || !has(n, "value")) {
			fault("<%s class=%q> has a text for programs as it is set for readers: %q", n.Data, class[1:], words(n))
		}
		switch n.Data {
		case "script":
			if attr(n, "type") != "application/ld+json" && (attr(n, "src") == "" || n.FirstChild != nil) {
				fault("a script inside the page: %q", words(n))
			}
		case "style":
			fault("a style inside the page")
		case "img":
			if !has(n, "alt") {
				fault("a picture without alt: %s", attr(n, "src"))
			}
			if !strings.Contains(attr(n, "src"), "p.jpg") && (attr(n, "width") == "" || attr(n, "height") == "") {
				fault("a picture without its size: %s", attr(n, "src"))
			}
		case "html":
			if attr(n, "lang") != l.Tag() || attr(n, "dir") != l.Dir() {
				fault("lang=%q dir=%q, want %q %q", attr(n, "lang"), attr(n, "dir"), l.Tag(), l.Dir())
			}
		case "main":
			landmarks["main"]++
		case "nav", "aside":
			name := attr(n, "aria-label") + attr(n, "aria-labelledby")
			if name == "" && !strings.Contains(attr(n.Parent, "class"), "e-content") { // a body's aside is no landmark
				fault("<%s> has no name", n.Data)
			}
		}
	}
	for _, id := range refs {
		if !ids[id] {
			fault("nothing has the id %q", id)
		}
	}
	if h1 != 1 {
		fault("%d h1", h1)
	}
	if landmarks["main"] != 1 {
		fault("%d main", landmarks["main"])
	}
	if m := unknownKey.FindString(strings.ReplaceAll(text, "{{.}}", "")); m != "" {
		fault("words are missing: %s", m)
	}
	if strings.Contains(text, "onerror=alert(1)>\"") || strings.Contains(text, "<script>alert") {
		fault("markup of a text reached the page")
	}
	text = regexp.MustCompile(`<span lang="en"(?: dir="ltr")?>([^<]*)</span>`).ReplaceAllString(text, "$1") // lent words end no line
	if m := regexp.MustCompile(`[,·:]\s*</(p|dd|span|div|li)>`).FindString(text); m != "" {
		fault("a line ends in its separator: %q", m)
	}
	return out
}

// empty says that an element would show nothing: no words, no picture.
func empty(n *html.Node) bool {
	if strings.TrimSpace(words(n)) != "" {
		return false
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (d.Data == "img" || d.Data == "svg" || d.Data == "input") {
			return false
		}
	}
	return attr(n, "aria-label") == ""
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
