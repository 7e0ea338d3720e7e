package theme_test

import (
	"bytes"
	"strings"
	"testing"

	"dateline/internal/lang"
	"dateline/internal/theme"
)

// Names and captions in another language than the page's say so.
func TestForeignNames(t *testing.T) {
	e, err := theme.Open(theme.Options{})
	if err != nil {
		t.Fatal(err)
	}
	who := theme.Person{Name: "Айнұр", Lang: "kk", URL: "/author/a"}
	pic := &theme.Picture{URL: "/p.jpg", Width: 3, Height: 2, Alt: "Арки", Caption: "Мост", Credit: "Фото", Lang: "ru"}
	f := theme.Frame{Lang: lang.Of("en")}
	for name, c := range map[string]struct {
		page theme.Page
		want []string
	}{
		"article": {&theme.ArticlePage{Frame: f, Headline: "A", Bylines: []theme.Person{who}, Picture: pic}, []string{
			`<data class="p-name" value="Айнұр"><span lang="kk">Айнұр</span></data>`, `alt="Арки" lang="ru"`,
			`<figcaption><span lang="ru">Мост</span> <span class="credit"><span lang="ru">Фото</span></span></figcaption>`}},
		"card":    {&theme.ListPage{Frame: f, Heading: "A", Items: []theme.Card{{URL: "/a", Headline: "A", Bylines: []theme.Person{who}}}}, []string{`<span lang="kk">Айнұр</span>`}},
		"owner":   {&theme.ListPage{Frame: f, Heading: "A", List: "column", Author: &who}, []string{`<span lang="kk">Айнұр</span>`}},
		"author":  {&theme.AuthorPage{Frame: f, Person: who}, []string{`<span lang="kk">Айнұр</span></data></h1>`}},
		"authors": {&theme.AuthorsPage{Frame: f, Heading: "A", Authors: []theme.ColumnCard{{Author: who}}}, []string{`<span lang="kk">Айнұр</span>`}},
		"columns": {&theme.AuthorsPage{Frame: f, Heading: "A", Columns: []theme.ColumnCard{{Author: who, URL: "/a", Headline: "A"}}}, []string{`<span lang="kk">Айнұр</span>`}},
		"letters": {&theme.AuthorsPage{Frame: f, Heading: "A", Letters: []theme.LetterGroup{{Letter: "А", Authors: []theme.Person{who}}}}, []string{`<span lang="kk">Айнұр</span>`}},
	} {
		var b bytes.Buffer
		if err := e.Render(&b, c.page); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: the page lacks %s", name, want)
			}
		}
		b.Reset()
		c.page.Common().Lang = lang.Of("kk")
		if err := e.Render(&b, c.page); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), `<span lang="kk">Айнұр`) {
			t.Errorf("%s: a Kazakh page says of a name that it is Kazakh", name)
		}
	}
}

// Words that a language lacks are English wherever they stand: said to be so in
// text, in their own order, and without a trace in attributes and titles.
func TestLentWords(t *testing.T) {
	e, err := theme.Open(theme.Options{})
	if err != nil {
		t.Fatal(err)
	}
	page := func(tag string) string {
		t.Helper()
		l := lang.Of(tag)
		p := &theme.ListPage{Frame: theme.Frame{Lang: l, Title: theme.Words(l, "list.count", "n", 1), ArchiveURL: "/archive", SearchURL: "/search", Editions: []theme.EditionLink{{Lang: "fa", Name: "A"}, {Lang: "en", Name: "B"}}}, Heading: "A", List: "tag",
			Items: []theme.Card{{URL: "/a", Headline: "\uFDD4A stray mark", Minutes: 3}}, MostRead: &theme.MostRead{Window: theme.Words(l, "mostread.day"), Items: []theme.Card{{Headline: "A"}}}}
		var b bytes.Buffer
		if err := e.Render(&b, p); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\uFDD4\uFDD5") {
			t.Errorf("%s: marks are left", tag)
		}
		return b.String()
	}
	for tag, wants := range map[string][]string{
		"fa": {`<span lang="en" dir="ltr">3 min</span>`, `<h2 id="mostread"><span lang="en" dir="ltr">Most read</span></h2>`, `<span lang="en" dir="ltr">in the last 24 hours</span>`,
			`<h1>A</h1>`, `<title>1 article</title>`, `aria-label="Editions"`},
		"cs": {`<span lang="en">Most read</span>`},
		"en": {`<h2 id="mostread">Most read</h2>`},
		"kk": {`<h2 id="mostread">Көп оқылғандар</h2>`},
	} {
		text := strings.ReplaceAll(page(tag), "\u00a0", " ")
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s", tag, want)
			}
		}
		if own := tag == "en" || tag == "kk"; own && strings.Contains(text, `<span lang=`) {
			t.Errorf("%s: its own words are said to be foreign", tag)
		}
	}
}

// TestTurned: what is in a language of another direction than the page's says so,
// on pages of either: names, captions, and the names of languages themselves.
func TestTurned(t *testing.T) {
	e, err := theme.Open(theme.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for page, foreign := range map[string][3]string{"en": {"fa", "rtl", "sr-Latn"}, "ff-Adlm": {"kk", "ltr", "ckb"}} {
		editions := []theme.EditionLink{{Lang: page, Name: "own", Current: true, URL: "/a"}, {Lang: foreign[0], Name: "B", URL: "/b", Missing: true}, {Lang: foreign[2], Name: "C", URL: "/c"}}
		f := theme.Frame{Lang: lang.Of(page), Editions: editions}
		pic := &theme.Picture{URL: "/p.jpg", Width: 3, Height: 2, Alt: "x", Caption: "y", Lang: foreign[0]}
		for _, c := range []struct {
			page theme.Page
			want []string
		}{
			{&theme.ArticlePage{Frame: f, Headline: "A", Picture: pic, Languages: editions[1:]}, []string{
				`alt="x" lang="{f}" dir="{d}"`, `<span lang="{f}" dir="{d}">y</span>`, `<a href="/b" lang="{f}" dir="{d}" hreflang="{f}" rel="alternate">`, `<a href="/c" lang="{s}" hreflang="{s}"`}},
			{&theme.SearchPage{Frame: f, Query: "x", Elsewhere: editions[1:]}, []string{`<span lang="{f}" dir="{d}">B</span>`, `<span lang="{s}">C</span>`}},
			{&theme.ErrorPage{Frame: f, Status: 404, Elsewhere: editions[1:]}, []string{`<a class="chip" href="/b" lang="{f}" dir="{d}" hreflang="{f}">`, `<a class="chip" href="/c" lang="{s}" hreflang="{s}">`}},
		} {
			var b bytes.Buffer
			if err := e.Render(&b, c.page); err != nil {
				t.Fatal(err)
			}
			own := lang.Of(page).Dir()
			c.want = append(c.want, `<html lang="{p}" dir="`+own+`">`, `<a href="/b" lang="{f}" dir="{d}" hreflang="{f}"`, `<span class="vh" lang="{p}" dir="`+own+`">`)
			for _, want := range c.want {
				want = strings.NewReplacer("{f}", foreign[0], "{d}", foreign[1], "{s}", foreign[2], "{p}", page).Replace(want)
				if !strings.Contains(b.String(), want) {
					t.Errorf("a %s page in %s lacks %s", c.page.Kind(), page, want)
				}
			}
		}
	}
}
