package theme

import (
	"io"
	"strings"
	"testing"

	"dateline/assets"
	"dateline/internal/lang"
)

func TestPicture(t *testing.T) {
	for _, c := range []struct {
		name, place, want string
		p                 *Picture
	}{
		{"none", "card", "", nil},
		{"no address", "card", "", &Picture{Alt: "a"}},
		{"not an address", "card", "", &Picture{URL: "javascript:alert(1)"}},
		{"data", "card", "", &Picture{URL: "data:image/svg+xml,<svg onload=alert(1)>"}},
		{"plain", "card", `<img src="/a.jpg" alt="" loading="lazy" decoding="async">`, &Picture{URL: "/a.jpg"}},
		{"first", "hero", `<img src="/a.jpg" alt="&#34;&lt;" width="3" height="2" class="u-photo fx5 fy3" fetchpriority="high" decoding="async">`,
			&Picture{URL: "/a.jpg", Alt: `"<`, Width: 3, Height: 2, FocalX: 460, FocalY: 349}},
		{"foreign", "card", `<img src="/a.jpg" alt="پل" lang="fa" dir="rtl" loading="lazy" decoding="async">`, &Picture{URL: "/a.jpg", Alt: "پل", Lang: "fa"}},
		{"beyond", "card", `<img src="/a.jpg" alt="" class="fx10 fy0" loading="lazy" decoding="async">`, &Picture{URL: "/a.jpg", FocalX: 5000, FocalY: -3}},
	} {
		got, err := pictureElement(lang.Of("en"), c.p, c.place)
		if err != nil || string(got) != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s (%v)", c.name, got, c.want, err)
		}
	}
	if _, err := pictureElement(lang.Of("en"), nil, "nowhere"); err == nil {
		t.Error("an unknown place passed")
	}
}

func TestJSONLD(t *testing.T) {
	got, err := jsonldElement(map[string]string{"a": "</script><!--\u2028"})
	want := `<script type="application/ld+json">{"a":"\u003c/script\u003e\u003c!--\u2028"}</script>`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	if got, _ := jsonldElement(nil); got != "" {
		t.Errorf("nothing gave %q", got)
	}
	if _, err := jsonldElement(func() {}); err == nil {
		t.Error("a function was marshalled")
	}
}

func TestSocial(t *testing.T) {
	f := &Frame{Lang: lang.Of("kk-KZ"), SiteName: "Шам", Title: "A", Canonical: "https://x.example/a"}
	if got := socialElements(f); got != "" {
		t.Errorf("nothing gave %q", got)
	}
	f.Social = &Social{Type: "article", Description: `"><script>`, Image: &Picture{URL: "javascript:1"}, Tags: []string{"", "t"},
		Fediverse: []string{"@a@x.example"}}
	f.Alternates = []Alternate{{"en", "https://x.example/en"}, {"x-default", "https://x.example/en"}, {"kk-KZ", "https://x.example/a"}}
	want := strings.Join([]string{
		`<meta property="og:type" content="article">`, `<meta property="og:title" content="A">`,
		`<meta property="og:description" content="&#34;&gt;&lt;script&gt;">`, `<meta property="og:url" content="https://x.example/a">`,
		`<meta property="og:site_name" content="Шам">`, `<meta property="og:locale" content="kk_KZ">`, `<meta property="og:locale:alternate" content="en_US">`,
		`<meta name="twitter:card" content="summary">`, `<meta name="fediverse:creator" content="@a@x.example">`, `<meta property="article:tag" content="t">`,
	}, "\n")
	if got := socialElements(f); string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSeparator(t *testing.T) {
	for _, c := range []struct {
		tag  string
		i, n int
		want string
	}{
		{"en", 0, 3, ""}, {"en", 1, 3, ", "}, {"en", 2, 3, " and "}, {"en", 1, 2, " and "}, {"en", 3, 3, ""}, {"en", 0, 1, ""},
		{"ru", 1, 2, " и "}, {"kk", 1, 2, " және "}, {"en", 999, 1000, " and "},
	} {
		if got := separator(lang.Of(c.tag))(c.i, c.n); got != c.want {
			t.Errorf("%s %d of %d: %q, want %q", c.tag, c.i, c.n, got, c.want)
		}
	}
}

func TestThreads(t *testing.T) {
	got := threads([]Comment{
		{Name: "a", Replies: []Comment{{Name: "b", Replies: []Comment{{Name: "c"}}}, {Name: "d"}}},
		{Name: "e"},
		{Name: "f", To: "b", Replies: []Comment{{Name: "g"}}}, // b stood on the page before
	})
	var words []string
	for _, l := range got {
		mark := ""
		if l.Kid {
			mark = "-"
		}
		words = append(words, mark+l.Name+l.To)
	}
	if s := strings.Join(words, " "); s != "a -b -cb -d e -fb -gf" {
		t.Errorf("got %s", s)
	}
}

// Every file that a theme's styles and pages ask for exists: letters, drawings,
// scripts, in every language.
func TestFiles(t *testing.T) {
	for _, name := range Names() {
		there := map[string]bool{StyleSheet(name): true}
		asked := map[string]bool{}
		e, err := Open(Options{Name: name, Asset: func(file string) string {
			asked[file] = true
			return "/assets/" + file
		}})
		if err != nil {
			t.Fatal(err)
		}
		own, err := e.Files(name)
		if err != nil {
			t.Fatal(err)
		}
		for file := range own {
			there[file] = true
		}
		if _, err := e.Style(name); err != nil {
			t.Fatal(err)
		}
		for _, tag := range []string{"en", "ru", "kk-KZ", "uk", "tr", "ar"} {
			for _, text := range []string{"", "sans"} {
				if err := e.Render(io.Discard, &PrivacyPage{Frame: Frame{Lang: lang.Of(tag), Looks: Looks{Text: text}}}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for file := range asked {
			if _, err := assets.Files.Open(file); err != nil && !there[file] {
				t.Errorf("theme %s asks for %s, which is not there", name, file)
			}
		}
		if !asked["fonts/serif-cyrillic.woff2"] && name == DefaultName {
			t.Error("the test sees nothing")
		}
	}
}
