package schema

import (
	"encoding/json"
	"strings"
	"testing"

	"dateline/internal/lang"
)

func sample() Article {
	newsroom := Organization{Type: "NewsMediaOrganization", ID: "https://lamp.example/#newsroom", Name: "The Lamp", URL: "https://lamp.example/",
		Logo: &Image{Type: "ImageObject", URL: "https://lamp.example/logo.png"}, Ethics: "https://lamp.example/ethics"}
	return Article{Context: Context, Type: "ReportageNewsArticle", ID: "https://lamp.example/a#article", Headline: "The bridge", URL: "https://lamp.example/a",
		Lang: "kk", Published: "2026-11-14T09:40:00+05:00", Modified: "2026-11-14T09:40:00+05:00", Dateline: "Tasozen",
		Created: &Thing{Type: "Place", Name: "Tasozen"}, Authors: []Thing{{Type: "Person", Name: "Saule Nur", URL: "https://lamp.example/author/saule"}},
		Sections: []string{"Town"}, Keywords: []string{"bridge"}, Image: []Image{{Type: "ImageObject", URL: "https://lamp.example/b.jpg", Width: 3, Height: 2}},
		Publisher: newsroom, Page: WebPage{Type: "WebPage", ID: "https://lamp.example/a",
			Breadcrumb: Crumbs([]ListItem{{Name: "The Lamp", Item: "https://lamp.example/"}, {Name: "The bridge", Item: "https://lamp.example/a"}})},
		PartOf:       []Thing{{Type: "Periodical", Name: "Piers", URL: "https://lamp.example/column/piers"}},
		Translations: []Thing{{Type: "NewsArticle", ID: "https://lamp.example/ru/a#article", URL: "https://lamp.example/ru/a", Lang: "ru", Headline: "Мост"}},
		Speakable:    &Speakable{Type: "SpeakableSpecification", Selector: []string{"h1"}},
		Read:         &Counter{Type: "InteractionCounter", Action: ReadAction, Count: "12"},
		Corrections:  []Correction{{Type: "CorrectionComment", Text: "It has three piers.", Date: "2026-11-15T09:40:00+05:00"}}}
}

func TestCheck(t *testing.T) {
	good := []any{sample(),
		WebSite{Context: Context, Type: "WebSite", ID: "https://lamp.example/#site", Name: "The Lamp", URL: "https://lamp.example/", Lang: "en", Publisher: sample().Publisher},
		WebPage{Context: Context, Type: "CollectionPage", ID: "https://lamp.example/tag/x", URL: "https://lamp.example/tag/x", Name: "x",
			Main: Items([]ListItem{{Name: "a", URL: "https://lamp.example/a"}})},
		WebPage{Context: Context, Type: "ProfilePage", ID: "https://lamp.example/author/x",
			Main: Person{Type: "Person", ID: "https://lamp.example/author/x#person", Name: "X", URL: "https://lamp.example/author/x"}}}
	for _, v := range good {
		if err := Check(v); err != nil {
			t.Error(err)
		}
	}
	for name, spoil := range map[string]func(*Article){
		"no @context":                 func(a *Article) { a.Context = "" },
		"http as context":             func(a *Article) { a.Context = "http://schema.org" },
		"an unknown type":             func(a *Article) { a.Type = "InterviewNewsArticle" },
		"no headline":                 func(a *Article) { a.Headline = " " },
		"no author":                   func(a *Article) { a.Authors = nil },
		"an author without a name":    func(a *Article) { a.Authors[0].Name = "" },
		"a relative author":           func(a *Article) { a.Authors[0].URL = "/author/saule" },
		"a date without a zone":       func(a *Article) { a.Published = "2026-11-14T09:40:00" },
		"no date":                     func(a *Article) { a.Modified = "" },
		"a relative picture":          func(a *Article) { a.Image[0].URL = "/b.jpg" },
		"a script as address":         func(a *Article) { a.URL = "javascript:alert(1)" },
		"a publisher without a name":  func(a *Article) { a.Publisher.Name = "" },
		"a relative policy":           func(a *Article) { a.Publisher.Ethics = "/ethics" },
		"a place without a name":      func(a *Article) { a.Created.Name = "" },
		"a correction without a date": func(a *Article) { a.Corrections[0].Date = "" },
		"a date of a correction":      func(a *Article) { a.Corrections[0].Date = "yesterday" },
		"a language":                  func(a *Article) { a.Lang = "kk_KZ.UTF-8" },
		"nobody counted":              func(a *Article) { a.Read.Count = "" },
		"a crumb out of order":        func(a *Article) { a.Page.Breadcrumb.Items[1].Position = 1 },
		"a crumb without a name":      func(a *Article) { a.Page.Breadcrumb.Items[1].Name = "" },
		"fewer than no comments":      func(a *Article) { a.Comments = -1 },
		"a place of paid content":     func(a *Article) { a.Type = "AdvertiserContentArticle" },
		"a series without an address": func(a *Article) { a.PartOf[0].URL = "" },
		"a job of a place":            func(a *Article) { a.Created.JobTitle = "mayor" },
		"an empty keyword":            func(a *Article) { a.Keywords[0] = "" },
	} {
		a := sample()
		spoil(&a)
		err := Check(a)
		if err == nil {
			b, _ := json.Marshal(a)
			t.Errorf("%s passes: %s", name, b)
		}
		said := map[string]bool{}
		for _, l := range []string{"en", "ru", "kk"} {
			text, ok := lang.Of(l).Say(err)
			if !ok || said[text] || strings.Contains(text, "[refused") || strings.ContainsAny(text, "{}") {
				t.Errorf("%s, in %s: %q", name, l, text)
			}
			said[text] = true
		}
	}
	if Check([]string{"x"}) == nil || Check(func() {}) == nil {
		t.Error("what is no object passes")
	}
}

func TestKnownArticle(t *testing.T) {
	for _, k := range strings.Fields("NewsArticle OpinionNewsArticle ReportageNewsArticle AdvertiserContentArticle") {
		if !KnownArticle(k) {
			t.Errorf("%s is not known", k)
		}
	}
	for _, k := range []string{"", "Article", "Thing", "Person", "BlogPosting"} {
		if KnownArticle(k) {
			t.Errorf("%q is known", k)
		}
	}
	if IsNews("AdvertiserContentArticle") || !IsNews("ReviewNewsArticle") {
		t.Error("what is news")
	}
}
