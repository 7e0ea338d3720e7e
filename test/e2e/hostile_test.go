//go:build e2e

package e2e

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"dateline/internal/app"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/richtext"
	"dateline/internal/topic"
	"dateline/test/hostile"
)

// evil are the payloads as a room may store them: signs that no database takes are gone.
func evil() []string {
	var out []string
	for _, p := range hostile.Payloads() {
		if p = strings.TrimSpace(strings.ToValidUTF8(strings.Map(func(r rune) rune {
			if r == 0 || unicode.IsControl(r) && r != '\n' && r != '\t' {
				return ' '
			}
			return r
		}, p), "")); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// line is a payload where a room has one line.
func line(p string) string {
	if r := []rune(strings.Join(strings.Fields(p), " ")); len(r) > 180 {
		return string(r[:180])
	} else {
		return string(r)
	}
}

// hostilities fills every text that a page of ours shows, and gives an article that has
// a comment of each payload.
func hostilities(ctx context.Context, a *app.App, all []string) (path string, article1 int64, err error) {
	site, err := a.Editions.Site(ctx)
	if err != nil {
		return "", 0, err
	}
	pick, ed, now := 0, site.Default(), time.Now().Add(-time.Hour)
	next := func() string { pick++; return line(all[pick%len(all)]) }
	err = a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		names := func() map[string]topic.Name {
			return map[string]topic.Name{ed.Lang: {Name: next(), Description: next()}}
		}
		var shelves []topic.Topic
		for _, kind := range []topic.Kind{topic.Section, topic.Tag, topic.Tag, topic.Column, topic.Series} {
			shelves = append(shelves, topic.Topic{Kind: kind, Names: names()})
		}
		shelved, err := a.Topics.Put(ctx, tx, site.Publication.ID, shelves)
		if err != nil {
			return fmt.Errorf("topics: %w", err)
		}
		who, err := a.Authors.Put(ctx, tx, site.Publication.ID, []author.Contributor{{Names: map[string]string{ed.Lang: next()}, URL: "https://lamp.example/", Texts: map[string]author.Text{ed.Lang: {Role: next(), Bio: next()}}}})
		if err != nil {
			return fmt.Errorf("authors: %w", err)
		}
		var edits []article.Edit
		for n := range 100 {
			// As an import brings it, and as somebody writes it who wants to show it.
			p := next()
			body, _ := richtext.FromHTML(fmt.Sprintf("<h2>%[1]s</h2><p>%[2]s</p>%[3]s<blockquote><p>%[4]s</p></blockquote><pre><code>%[1]s</code></pre><p>%[5]s</p>",
				html.EscapeString(next()), html.EscapeString(p), p, html.EscapeString(next()), next()), richtext.Options{})
			c := article.Content{Lang: ed.Lang, Kind: article.Text, Kicker: next(), Headline: next(), Standfirst: next(), SEOTitle: next(), SEODescription: next(), SocialTitle: next(), SocialDescription: next(), ShortHeadline: next(),
				Credits: []article.Credit{{Entity: who[0], Name: next(), Role: "author"}}, Dateline: article.Dateline{At: now, Millis: now.UnixMilli(), Zone: "UTC"}}
			for i, s := range shelves {
				c.Topics = append(c.Topics, article.TopicRef{ID: shelved[i], Kind: string(s.Kind), Name: s.Names[ed.Lang].Name})
			}
			at := now.Add(-time.Duration(n) * time.Minute)
			edits = append(edits, article.Edit{Publication: site.Publication.ID, Edition: ed.ID, Content: c, Body: body, State: article.Approved, VisibleFrom: at,
				Day: at.Year()*10000 + int(at.Month())*100 + at.Day(), Slug: fmt.Sprintf("hostile-%d", n), Actor: next(), Why: next()})
		}
		saved, err := a.Articles.Put(ctx, tx, edits)
		if err != nil {
			return fmt.Errorf("articles: %w", err)
		}
		path, article1 = ed.Prefix+"/"+saved[0].Path, saved[0].ID
		var said []comment.Comment
		for n, p := range all {
			said = append(said, comment.Comment{ArticleID: article1, AuthorKind: "imported", Name: line(p), Body: p, State: "approved", At: now.Add(time.Duration(n) * time.Second)})
		}
		_, err = a.Comments.PutMany(ctx, tx, said)
		return err
	})
	return path, article1, err
}

// Nothing that strangers or colleagues can write runs, or loads anything, wherever it is
// shown: readers' pages, feeds, the desk.
func TestHostile(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	ctx := context.Background()
	all := evil()
	path, id, err := hostilities(ctx, k.app, all)
	if err != nil {
		t.Fatal(err)
	}
	p := k.b.open(t, k.url+path, true, 1280, 900)
	p.harmless(t, path)
	pages := []string{"/", "/search?q=" + url.QueryEscape(all[0])}
	for n := 2; eval[string](t, p, `(document.querySelector("#comments [rel=next]") || {}).href || ""`) != "" && n < 40; n++ {
		p.goTo(t, eval[string](t, p, `document.querySelector("#comments [rel=next]").href`))
		p.harmless(t, fmt.Sprintf("comments, page %d", n))
	}
	shown := eval[[]string](t, p, `[...document.querySelectorAll("a[href^='/']")].map(a => a.getAttribute("href"))`)
	p.goTo(t, k.url+path)
	shown = append(shown, eval[[]string](t, p, `[...document.querySelectorAll("main a[href^='/'], article a[href^='/']")].map(a => a.getAttribute("href"))`)...)
	slices.Sort(shown)
	for _, to := range slices.Compact(shown) {
		if !strings.HasSuffix(to, ".xml") && !strings.HasSuffix(to, ".json") && !strings.Contains(to, "#") && len(pages) < 40 {
			pages = append(pages, to)
		}
	}
	for n, q := range all {
		if n%40 == 0 {
			pages = append(pages, "/search?q="+url.QueryEscape(line(q)))
		}
	}
	for _, page := range pages {
		p.goTo(t, k.url+page)
		p.harmless(t, page)
	}
	p.close()

	for _, feed := range []string{"/feed.xml", "/atom.xml", "/feed.json", "/sitemap-news.xml", "/corrections/feed.xml"} {
		w, err := http.Get(k.url + feed)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(w.Body)
		w.Body.Close()
		if err != nil || w.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %v", feed, w.StatusCode, err)
			continue
		}
		if strings.HasSuffix(feed, ".xml") {
			inert(t, feed, raw)
		}
	}

	desk := k.signIn(k.chief)
	todo, seen := []string{"/desk/", fmt.Sprintf("/desk/articles/%d", id)}, map[string]bool{}
	for visited := 0; len(todo) > 0 && visited < 60; todo = todo[1:] {
		to, _, _ := strings.Cut(todo[0], "#")
		kind := strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return -1
			}
			return r
		}, strings.SplitN(to, "?", 2)[0])
		if seen[kind] || strings.Contains(to, "/file") || strings.Contains(to, "/export") || strings.Contains(to, "sign-out") {
			continue
		}
		seen[kind] = true
		visited++
		desk.self = k.url + to
		desk.goTo(t, k.url+to)
		if err := chromedp.Do(desk.ctx, chromedp.Sleep(150*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		desk.harmless(t, to)
		todo = append(todo, eval[[]string](t, desk, `[...document.querySelectorAll("a[href^='/desk/']")].map(a => a.getAttribute("href"))`)...)
	}
	if len(seen) < 20 {
		t.Errorf("only %d kinds of the desk's pages were looked at", len(seen))
	}
}

// harmless holds that nothing ran on a page, and that it asked nobody else.
func (p *tab) harmless(t *testing.T, where string) {
	t.Helper()
	if eval[bool](t, p, "!!window."+hostile.Mark) {
		t.Errorf("%s: a payload ran", where)
	}
	p.quiet(t, where)
}

// inert holds that a feed can be read, and that the HTML in it has nothing that runs.
func inert(t *testing.T, feed string, raw []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(raw)))
	in := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s cannot be read: %v", feed, err)
			return
		}
		if begin, ok := token.(xml.StartElement); ok {
			in = begin.Name.Local
			for _, at := range begin.Attr {
				if at.Name.Local == "type" && at.Value == "text" {
					in = "" // RFC 4287 §3.1.1.1
				}
			}
			if begin.Name.Space == "http://www.w3.org/2005/Atom" && in == "summary" && len(begin.Attr) == 0 {
				in = "" // text by default
			}
		}
		text, ok := token.(xml.CharData)
		if !ok || in != "encoded" && in != "description" && in != "content" && in != "summary" { // the others hold plain text
			continue
		}
		for z := html.NewTokenizer(strings.NewReader(string(text))); z.Next() != html.ErrorToken; {
			tag := z.Token()
			if tag.Data == "script" && tag.Type != html.TextToken {
				t.Errorf("%s: %s has a script", feed, in)
			}
			for _, at := range tag.Attr {
				if strings.HasPrefix(at.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(at.Val)), "javascript:") {
					t.Errorf("%s: %s has %s=%q", feed, in, at.Key, at.Val)
				}
			}
		}
	}
}
