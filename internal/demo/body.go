package demo

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"dateline/internal/richtext"
)

var (
	figureTag = regexp.MustCompile(`<figure data-picture="([^"]+)" data-alt="([^"]*)">`)
	noteRef   = regexp.MustCompile(`<sup data-note="(\d+)"></sup>`)
	noteList  = regexp.MustCompile(`(?s)<ol class="notes">.*?</ol>`)
	noteItem  = regexp.MustCompile(`(?s)<li data-note="(\d+)">(.*?)</li>`)
	linkCard  = regexp.MustCompile(`(?s)<p class="linkcard"><a href="([^"]+)">(.*?)</a>.*?</p>`)
)

// body turns a text of the demo into the vocabulary. The texts are ours, so
// their few own forms are rewritten by pattern; then they pass the sanitiser
// like everything else.
func (f *filler) body(t text) richtext.Doc {
	s := figureTag.ReplaceAllStringFunc(t.body, func(m string) string {
		p := figureTag.FindStringSubmatch(m)
		return fmt.Sprintf(`<figure><img src="picture:%s" alt="%s">`, p[1], p[2])
	})
	s = noteRef.ReplaceAllString(s, `<a class="fn" href="#b9$1"></a>`)
	s = noteList.ReplaceAllStringFunc(s, func(m string) string {
		var b strings.Builder
		for _, p := range noteItem.FindAllStringSubmatch(m, -1) {
			fmt.Fprintf(&b, "<aside id=\"b9%s\" class=\"note\">%s</aside>\n", p[1], p[2])
		}
		return b.String()
	})
	s = linkCard.ReplaceAllString(s, `<figure class="card"><a href="$1">$2</a></figure>`)
	s = strings.ReplaceAll(s, `<p class="ask">`, `<p><strong>`)
	s = strings.ReplaceAll(s, `<aside class="box">`, `<aside>`)
	s = closeAsks(t.body, s)
	doc, _ := richtext.FromHTML(s, richtext.Options{Lang: t.lang, Link: f.link(t.lang), Image: func(src string, _ map[string]string) (int64, bool) {
		m, ok := f.media[strings.TrimPrefix(src, "picture:")]
		return m.ID, ok
	}})
	return doc
}

// closeAsks ends the strong words of an interview's questions with their
// paragraph.
func closeAsks(before, s string) string {
	if !strings.Contains(before, `class="ask"`) {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "<p><strong>") && !strings.Contains(l, "</strong>") {
			lines[i] = strings.TrimSuffix(l, "</p>") + "</strong></p>"
		}
	}
	return strings.Join(lines, "\n")
}

// link maps article:KEY, page:KEY and author:KEY.
func (f *filler) link(lang string) func(string) (string, bool) {
	return func(raw string) (string, bool) {
		kind, key, _ := strings.Cut(html.UnescapeString(raw), ":")
		switch kind {
		case "article", "page":
			if id, ok := f.ids[kind+"/"+key+"/"+lang]; ok {
				return fmt.Sprintf("ref:article/%d", id), true
			}
		}
		return "", false
	}
}
