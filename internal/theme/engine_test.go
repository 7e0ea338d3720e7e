package theme_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"dateline/internal/lang"
	"dateline/internal/theme"
)

func render(t *testing.T, e *theme.Engine, p theme.Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := e.Render(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func open(t *testing.T, o theme.Options) *theme.Engine {
	t.Helper()
	e, err := theme.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func english() theme.Frame { return theme.Frame{Lang: lang.Of("en"), SiteName: "Lamp"} }

// A newsroom's folder replaces single files, of templates and of styles.
func TestOverrideFileByFile(t *testing.T) {
	e := open(t, theme.Options{Override: fstest.MapFS{
		"error/error.html": {Data: []byte(`{{define "main"}}<h1>Ours {{.Status}}</h1>{{end}}`)},
		"css/95-own.css":   {Data: []byte(`:root{--accent:#123456}`)},
	}})
	if got := render(t, e, &theme.ErrorPage{Frame: english(), Status: 404}); !strings.Contains(got, "<h1>Ours 404</h1>") {
		t.Errorf("the newsroom's own template was not used:\n%s", got)
	}
	if got := render(t, e, &theme.StaticPage{Frame: english(), Heading: "About"}); !strings.Contains(got, "About") {
		t.Error("the theme's template was not used beside it")
	}
	css, err := e.Style("default")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(strings.TrimSpace(string(css)), ":root{--accent:#123456}") {
		t.Error("the newsroom's style does not come last")
	}
}

// A theme takes from default what it lacks, and a broken one does not open.
func TestThemes(t *testing.T) {
	files := fstest.MapFS{
		"default/base.html": {Data: []byte(`{{define "base"}}<title>d</title>{{template "main" .}}{{end}}`)},
		"bold/base.html":    {Data: []byte(`{{define "base"}}<b>{{template "main" .}}</b>{{end}}`)},
		"broken/base.html":  {Data: []byte(`{{define "base"}}{{nothing}}{{end}}`)},
	}
	for _, kind := range theme.Kinds() {
		files["default/"+kind+"/"+kind+".html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}` + kind + `{{end}}`)}
	}
	if got := render(t, open(t, theme.Options{FS: files, Name: "bold"}), &theme.FrontPage{Frame: english()}); got != "<b>front</b>" {
		t.Errorf("got %q", got)
	}
	for _, name := range []string{"broken", "../default", "."} {
		if _, err := theme.Open(theme.Options{FS: files, Name: name}); err == nil {
			t.Errorf("theme %s opened", name)
		}
	}
	delete(files, "broken/base.html")
	e := open(t, theme.Options{FS: files})
	bold := english()
	bold.Looks.Theme = "bold"
	if got := render(t, e, &theme.FrontPage{Frame: bold}); got != "<b>front</b>" {
		t.Errorf("the newsroom's choice: %q", got)
	}
	bold.Looks.Theme = "of yesterday"
	if got := render(t, e, &theme.FrontPage{Frame: bold}); got != "<title>d</title>front" {
		t.Errorf("a theme that is no more: %q", got)
	}
	delete(files, "default/list/list.html")
	if _, err := theme.Open(theme.Options{FS: files}); err == nil {
		t.Error("a theme without a page opened")
	}
}

// Where a template fails in the middle of a page, nothing is written.
func TestWholeOrNotAtAll(t *testing.T) {
	files := fstest.MapFS{"default/base.html": {Data: []byte(`{{define "base"}}<title>d</title>{{template "main" .}}{{end}}`)}}
	for _, kind := range theme.Kinds() {
		files["default/"+kind+"/"+kind+".html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}{{picture .Nothing "nowhere"}}{{end}}`)}
	}
	e := open(t, theme.Options{FS: files})
	var b bytes.Buffer
	if err := e.Render(&b, &theme.StaticPage{Frame: english()}); err == nil || b.Len() > 0 {
		t.Errorf("err %v, %d bytes written", err, b.Len())
	}
	e = open(t, theme.Options{})
	if err := e.Render(&b, &theme.StaticPage{}); err == nil {
		t.Error("a page without a language was rendered")
	}
	if err := e.Render(failing{}, &theme.PrivacyPage{Frame: english()}); !errors.Is(err, errFull) {
		t.Errorf("the writer's error was lost: %v", err)
	}
}

var errFull = errors.New("full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

// In Dev a changed file is seen at once, otherwise not.
func TestDev(t *testing.T) {
	for _, dev := range []bool{true, false} {
		files := fstest.MapFS{"error/error.html": {Data: []byte(`{{define "main"}}one{{end}}`)}}
		e := open(t, theme.Options{Override: files, Dev: dev})
		files["error/error.html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}two{{end}}`)}
		got := render(t, e, &theme.ErrorPage{Frame: english(), Status: 404})
		if strings.Contains(got, "two") != dev {
			t.Errorf("dev %v: %s", dev, got)
		}
	}
}

// Many goroutines in many languages, so that the race detector sees the sets.
func TestParallel(t *testing.T) {
	e := open(t, theme.Options{})
	var wait sync.WaitGroup
	for _, tag := range []string{"en", "ru", "kk", "fr", "ar"} {
		for range 2 {
			wait.Go(func() {
				var b bytes.Buffer
				if err := e.Render(&b, &theme.PrivacyPage{Frame: theme.Frame{Lang: lang.Of(tag)}}); err != nil {
					t.Error(err)
				}
				if !strings.Contains(b.String(), `<html lang="`+tag+`"`) {
					t.Errorf("%s: another language's page", tag)
				}
			})
		}
	}
	wait.Wait()
}

// Every asset that the styles name has an address, in quotation marks.
func TestStyleAddresses(t *testing.T) {
	e := open(t, theme.Options{Asset: func(name string) string { return "/assets/x/" + name }})
	css, err := e.Style("default")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(css, []byte(`url("/assets/x/fonts/serif-latin.woff2")`)) || bytes.Contains(css, []byte("asset(")) {
		t.Error("asset() stayed in the styles")
	}
	if strings.Count(string(css), "{") != strings.Count(string(css), "}") {
		t.Error("braces do not match")
	}
}

// An article's own sections once stood in the place of the menu: the field of
// the page hides the frame's of the same name.
func TestMenuIsTheFrames(t *testing.T) {
	f := english()
	f.Sections = []theme.Link{{Name: "Menu one", URL: "/1"}, {Name: "Menu two", URL: "/2"}}
	got := render(t, open(t, theme.Options{}), &theme.ArticlePage{Frame: f, Headline: "A", Sections: []theme.Link{{Name: "Own", URL: "/o"}}})
	if strings.Count(got, "Menu one") != 2 || strings.Count(got, "Menu two") != 2 {
		t.Errorf("the menu should stand at the top and at the foot:\n%s", got)
	}
	if n := strings.Count(got, ">Own<"); n != 2 { // above the headline and in the block about the article
		t.Errorf("the article's section stands %d times", n)
	}
}

// BenchmarkArticle is the cost of an uncached article page.
func BenchmarkArticle(b *testing.B) {
	e, err := theme.Open(theme.Options{})
	if err != nil {
		b.Fatal(err)
	}
	page := fixture{l: lang.Of("ru")}.pages()[1]
	var w bytes.Buffer
	for b.Loop() {
		w.Reset()
		if err := e.Render(&w, page); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(w.Len()), "bytes/page")
}
