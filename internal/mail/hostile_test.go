package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/test/hostile"
)

// Whatever somebody has written who is quoted in a letter: its heads are ours, its page
// has our elements alone, and leads nowhere but to the site.
func TestHostileLetters(t *testing.T) {
	p := &Post{o: Options{BaseURL: "https://lamp.example", SMTP: &SMTP{From: "news@lamp.example"}}}
	elements := []string{"html", "head", "meta", "title", "body", "table", "tbody", "tr", "td", "p", "a", "br", "blockquote"}
	plain, err := p.letter(t, "a", "a")
	if err != nil {
		t.Fatal(err)
	}
	for _, payload := range hostile.Payloads() {
		m, err := p.letter(t, payload, line(payload, 80))
		if err != nil {
			t.Fatalf("%q: %v", payload, err)
		}
		for name := range m.Header {
			if _, ours := plain.Header[name]; !ours {
				t.Errorf("%q adds a head %s", payload, name)
			}
		}
		if to := m.Header["To"]; len(to) != 1 || to[0] != "<reader@lamp.example>" {
			t.Errorf("%q: to %q", payload, to)
		}
		z := html.NewTokenizer(strings.NewReader(page(t, m)))
		for {
			if z.Next() == html.ErrorToken {
				if !errors.Is(z.Err(), io.EOF) {
					t.Errorf("%q: %v", payload, z.Err())
				}
				break
			}
			tag := z.Token()
			if tag.Type != html.StartTagToken && tag.Type != html.SelfClosingTagToken {
				continue
			}
			if !slices.Contains(elements, tag.Data) {
				t.Errorf("%q: an element %s", payload, tag.Data)
			}
			for _, at := range tag.Attr {
				if strings.HasPrefix(at.Key, "on") || at.Key == "src" || at.Key == "href" && at.Val != "https://lamp.example/" && at.Val != "https://lamp.example/x" ||
					at.Key == "style" && strings.Contains(at.Val, "url") {
					t.Errorf("%q: %s=%q", payload, at.Key, at.Val)
				}
			}
		}
	}
}

// letter is one in which a text stands in every place.
func (p *Post) letter(t *testing.T, text, newsroom string) (*netmail.Message, error) {
	t.Helper()
	l, err := Letter{Kind: "a", To: "reader@lamp.example", Lang: "en", Subject: text + " a", Parts: []Part{{Text: text}, {Text: text, Quote: true}, {Text: text, Path: "/x"}}}.canonical()
	if err != nil {
		return nil, err
	}
	m, err := p.compose(row{Row{Letter: l, At: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}, "key"}, newsroom)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, err
	}
	return netmail.ReadMessage(&b)
}

// page is a letter's HTML.
func page(t *testing.T, m *netmail.Message) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if err != nil {
			t.Fatalf("no page in the letter: %v", err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			raw, err := io.ReadAll(quotedprintable.NewReader(part))
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
	}
}
