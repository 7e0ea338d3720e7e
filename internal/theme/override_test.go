package theme_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"dateline/internal/lang"
	"dateline/internal/theme"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// Whatever is wrong in the newsroom's own files is told with file and line, and
// the page is that of the theme.
func TestBrokenOverride(t *testing.T) {
	plain := render(t, open(t, theme.Options{}), &theme.StaticPage{Frame: english(), Heading: "About"})
	for _, c := range []struct{ name, file, text, want string }{
		{"does not parse", "static/static.html", "{{define \"main\"}}\n{{if}}{{end}}", "static/static.html:2: missing value for if"},
		{"no such helper", "static/static.html", "\n\n{{define \"main\"}}{{nosuch}}{{end}}", `static/static.html:3: function "nosuch" not defined`},
		{"no such field", "static/static.html", "{{define \"main\"}}\n\n\n{{.Headline}}{{end}}", "static/static.html:4: executing"},
		{"fails on full pages only", "static/static.html", "{{define \"main\"}}{{with .Picture}}\n{{.Nope}}{{end}}{{end}}", "static/static.html:2: executing"},
		{"not to be escaped", "static/static.html", "{{define \"main\"}}<a {{if .Heading}}href=\"{{end}}>{{end}}", "static/static.html:1: {{if}} branches end in different contexts"},
		{"defines nothing", "static/static.html", "<p>words</p>", "no such template \"main\"\n.: none of the folder’s templates is used"},
		{"breaks another file", "parts/small.html", "{{define \"time\"}}x{{end}}", "\n.: none of the folder’s templates is used"},
		{"a style that leads nowhere", "css/95-own.css", "a{}\nb{background:url(bg.png)}", "css/95-own.css:2: url(bg.png) leads nowhere"},
		{"a style of somebody else", "css/95-own.css", "@import url('https://fonts.example/x.css');", "css/95-own.css:1: url(https://fonts.example/x.css)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told []string
			e := open(t, theme.Options{Override: fstest.MapFS{c.file: file(c.text)}, Tell: func(p theme.Problem) { told = append(told, p.Error()) }})
			got := render(t, e, &theme.StaticPage{Frame: english(), Heading: "About"})
			if got != plain {
				t.Error("the page is not the theme's")
			}
			all := strings.Join(told, "\n")
			if !strings.Contains(all, c.want) {
				t.Errorf("told %q, want %q", all, c.want)
			}
			if len(e.Problems()) == 0 {
				t.Error("doctor would see nothing")
			}
			if css, err := e.Style("default"); err != nil || strings.Contains(string(css), "bg.png") || strings.Contains(string(css), "fonts.example") {
				t.Errorf("the style: %v", err)
			}
		})
	}
}

// What only a reader's page shows is told then, and that page is the theme's.
func TestOverrideFailsLater(t *testing.T) {
	var told []string
	e := open(t, theme.Options{Override: fstest.MapFS{"static/static.html": file(`{{define "main"}}<h1>{{.Heading}}</h1>{{if eq .Heading "About"}}{{picture .Picture .Heading}}{{end}}{{end}}`)},
		Tell: func(p theme.Problem) { told = append(told, p.Error()) }})
	if len(told) != 0 {
		t.Fatalf("told too early: %v", told)
	}
	if got := render(t, e, &theme.StaticPage{Frame: english(), Heading: "Contact"}); !strings.Contains(got, "<h1>Contact</h1>") {
		t.Error("the newsroom's template is not used where it works")
	}
	for range 2 {
		if got := render(t, e, &theme.StaticPage{Frame: english(), Heading: "About"}); !strings.Contains(got, `class="page`) {
			t.Error("the theme's template is not used where the newsroom's fails")
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], "static/static.html:1: ") {
		t.Errorf("told %q", told)
	}
}

// In development the page itself says what is wrong, and is right again when
// the file is.
func TestDevShowsProblems(t *testing.T) {
	files := fstest.MapFS{"static/static.html": file("{{define \"main\"}}\n{{nosuch \"<\"}}{{end}}")}
	e := open(t, theme.Options{Override: files, Dev: true})
	page := &theme.StaticPage{Frame: english(), Heading: "About"}
	if got := render(t, e, page); !strings.Contains(got, "static/static.html:2: function &#34;nosuch&#34; not defined") || !strings.Contains(got, "About") {
		t.Errorf("the page does not say what is wrong:\n%.400s", got)
	}
	files["static/static.html"] = file(`{{define "main"}}<h1>Mended</h1>{{end}}`)
	files["css/95-own.css"] = file(`b{color:red}`)
	if got := render(t, e, page); strings.Contains(got, `role="alert"`) || !strings.Contains(got, "Mended") {
		t.Error("the page is not right again")
	}
	if css, err := e.Style("default"); err != nil || !strings.Contains(string(css), "b{color:red}") {
		t.Errorf("the style is not read anew: %v", err)
	}
}

// A newsroom's own letters and drawings go before the theme's of the same name.
func TestOwnFiles(t *testing.T) {
	e := open(t, theme.Options{Override: fstest.MapFS{"img/icon.svg": file("<svg/>"), "css/95-own.css": file("b{background:asset(img/icon.svg)}")}})
	files, err := e.Files("default")
	if err != nil || string(files["theme/default/img/icon.svg"]) != "<svg/>" {
		t.Fatalf("files %v, %v", files, err)
	}
	if css, err := e.Style("default"); err != nil || !strings.Contains(string(css), `url("/assets/theme/default/img/icon.svg")`) {
		t.Errorf("the style does not name it: %v", err)
	}
	if got := render(t, e, &theme.PrivacyPage{Frame: english()}); !strings.Contains(got, `href="/assets/theme/default/img/icon.svg"`) {
		t.Error("the page does not name it")
	}
}

// The looks are a sheet of their own after the theme's; nothing set, no sheet.
func TestLooksOnThePage(t *testing.T) {
	e := open(t, theme.Options{})
	p := &theme.PrivacyPage{Frame: theme.Frame{Lang: lang.Of("kk")}}
	if got := render(t, e, p); strings.Count(got, `rel="stylesheet"`) != 1 || !strings.Contains(got, "serif-cyrillic") {
		t.Error("nothing is set, but there is a second sheet, or no letters are asked for early")
	}
	p.Looks = theme.Looks{Accent: "#7a1f3d", Text: "system-serif"}
	got := render(t, e, p)
	if !strings.Contains(got, `<link rel="stylesheet" href="/assets/newsroom/default.7a1f3d._._.system-serif._.`) || strings.Contains(got, "serif-cyrillic") {
		t.Errorf("the newsroom's looks are not on the page:\n%.900s", got)
	}
}
