package theme_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/internal/lang"
	"dateline/internal/theme"
)

// TestSet holds that what is read is set in its language, and that nothing
// that is copied by machines is: title, meta, attributes, JSON-LD.
func TestSet(t *testing.T) {
	e, err := theme.Open(theme.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const head, stand = "Ауылшаруашылықтарымыздың жайы", "Әкесі мен баласы — мемлекеттік мәселе"
	p := &theme.ArticlePage{Headline: head, Standfirst: stand, Body: `<p>Ол да келді.</p><pre>Ол да</pre><p lang="ru">И дом</p>`}
	p.Frame = theme.Frame{Lang: lang.Of("kk"), SiteName: "Тасөзен мен шам", Title: head, Description: stand,
		JSONLD: map[string]string{"headline": head, "abstract": stand}, Social: &theme.Social{}}
	var b bytes.Buffer
	if err := e.Render(&b, p); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ауыл\u00adша\u00adру\u00adа\u00adшы\u00adлық\u00adта\u00adры\u00adмыз\u00adдың", "Әкесі\u00a0мен баласы\u00a0— мем\u00adле\u00adкет\u00adтік",
		"Ол\u00a0да келді.", "<pre>Ол да</pre>", "И\u00a0дом"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "head" && strings.ContainsAny(words(n), "\u00a0\u00ad") {
			t.Errorf("the head is set: %q", words(n))
		}
		for _, a := range n.Attr {
			if strings.ContainsAny(a.Val, "\u00a0\u00ad") {
				t.Errorf("<%s %s> is set: %q", n.Data, a.Key, a.Val)
			}
		}
	}
}
