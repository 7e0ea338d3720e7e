package webtest

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const page = `<!doctype html><title>t</title><link rel=alternate hreflang="ru-RU" href="https://x/ru/">
<main><article><h1> Fire <em>on</em>
the quay</h1><p class="big lead">Where there is smoke.<script>script text</script></p>
<noscript><img src="/pixel.gif" alt></noscript></article>
<ul><li>one<li class="new">two</li><li>three</ul><a rel=next href="/page/2">2</a></main>`

func site() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /page", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Add("X-Two", "a")
		w.Header().Add("X-Two", "b")
		if r.Method == "GET" {
			io.WriteString(w, page)
		}
	})
	m.Handle("GET /old", http.RedirectHandler("/page", 301))
	m.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Host", r.Host)
		w.Header().Set("X-Site", r.Header.Get("Sec-Fetch-Site"))
		w.Header().Set("X-Query", r.URL.RawQuery)
		w.Header().Set("X-Type", r.Header.Get("Content-Type"))
		w.WriteHeader(201)
		io.Copy(w, r.Body)
	})
	return m
}

func TestRun(t *testing.T) {
	RunWith(t, site(), map[string]string{"X": "7"}, "testdata/*.txt")
}

func TestFaults(t *testing.T) {
	for check, want := range map[string]string{
		"code == 404":                     `got "200"`,
		"code > 200":                      "got 200",
		"header Content-Type == text":     `got "text/html`,
		"header X-None exists":            "there is none",
		"header X-None == a":              "there is none",
		"header X-Two missing":            "there is",
		"body contains blink":             "got ",
		"body !contains h1":               "got ",
		"body ~ ^nothing":                 "got ",
		"body !~ quay":                    "got ",
		"body ~ (":                        "missing closing",
		"selector h1 == Fire":             `got "Fire on the quay"`,
		"selector h2 == Fire":             "there is none",
		"selector li != two":              "got ",
		"selector h1 missing":             "there is",
		"count li == 2":                   "got 3",
		"count li < 3":                    "got 3",
		"count li == many":                "is no number",
		"attr a href == /":                `got "/page/2"`,
		"attr a title exists":             "there is none",
		"redirect == /":                   "answered 200",
		"value a == 1":                    "no JSON",
		`selector "article > p" == smoke`: "got ",
		`selector "main > p" exists`:      "there is none",
	} {
		faults, err := run(site(), "GET /page\n"+check, nil)
		if err != nil {
			t.Errorf("%s: %v", check, err)
		} else if len(faults) != 1 || !strings.Contains(faults[0], want) || !strings.HasPrefix(faults[0], "2: GET /page: ") {
			t.Errorf("%s: %q, want one fault with %q", check, faults, want)
		}
	}
}

func TestScriptsThatCannotBeRead(t *testing.T) {
	for _, text := range []string{
		"",
		"# only a comment",
		"code == 200",
		"GET page\ncode == 200",
		"GET /page",
		"GET /page\ncode",
		"GET /page\ncode ==",
		"GET /page\ncode exists 3",
		"GET /page\ncode 3 == 3",
		"GET /page\nheader == 3",
		"GET /page\nattr a == 3",
		"GET /page\nweather == fine",
		"GET /page\nselector a[ == 3",
		"GET /page\nselector \"a == 3",
		"GET /page\nselector p > em == 3\nselector p:hover == 3",
		"GET /page\ncode == 200\nwith A: b",
		"POST /echo\njson {}\nform a=1\ncode == 201",
		"POST /echo\nwith A\ncode == 201",
		"GET /${WHO}\ncode == 200",
	} {
		if faults, err := run(site(), text, nil); err == nil {
			t.Errorf("%q is taken for a script: %q", text, faults)
		}
	}
}

func TestSelect(t *testing.T) {
	root, err := html.Parse(strings.NewReader(
		`<div id=a class="x y"><p>1<p class=y>2<span lang=kk>3</span></div><div data-a="one two"><p>4</div>`))
	if err != nil {
		t.Fatal(err)
	}
	for selector, want := range map[string]string{
		"p":                   "1 23 4",
		"#a p":                "1 23",
		"div.x.y > p":         "1 23",
		"div>p.y":             "23",
		"body > p":            "",
		"body p span":         "3",
		"p, span":             "1 23 3 4",
		"span,p.y":            "23 3",
		"[lang]":              "3",
		"[lang=kk]":           "3",
		"[lang='kk']":         "3",
		"[data-a~=two] p":     "4",
		"[data-a^=one] > *":   "4",
		"[data-a$=two] *":     "4",
		"[data-a*='e t'] *":   "4",
		"[data-a^=''] *":      "",
		"p:not(.y)":           "1 4",
		"p:first-child":       "1 4",
		"div:not(#a)":         "4",
		"P.y":                 "23",
		"* * * span[lang=kk]": "3",
	} {
		found, err := Select(root, selector)
		if err != nil {
			t.Errorf("%s: %v", selector, err)
		}
		var texts []string
		for _, n := range found {
			texts = append(texts, Text(n))
		}
		if got := strings.Join(texts, " "); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	for _, wrong := range []string{"", ">", "p >", "a,", "p..x", "#", "[", "[x", "[x=", "[x='a]", "p:not(a", "p!", "[x!=y]"} {
		if found, err := Select(root, wrong); err == nil {
			t.Errorf("%q is taken for a selector: %d elements", wrong, len(found))
		}
	}
}
