package app_test

import (
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/lang"
)

// TestOperator: the health page says in three languages what is refused and
// nothing that is not so; figures count what readers ask for; neither is to be
// had where readers are.
func TestOperator(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		site, own := h.app.Handler(), h.app.Operator()
		ask := func(path, want string) string {
			t.Helper()
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("Accept-Language", want)
			w := httptest.NewRecorder()
			own.ServeHTTP(w, r)
			if w.Code != 200 {
				t.Fatalf("%s: %d", path, w.Code)
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s may be kept", path)
			}
			return w.Body.String()
		}

		for _, l := range []string{"en", "ru", "kk"} {
			page, words := ask("/health", l+", de;q=0.5"), lang.Of(l)
			if !strings.Contains(page, `<html lang="`+l+`"`) || !strings.Contains(page, words.T("operator.none_troubled")) ||
				strings.Contains(page, words.T("operator.troubled")) {
				t.Errorf("%s, with nothing amiss: %s", l, page)
			}
			if other := ask("/health?lang="+l, "de"); !strings.Contains(other, `<html lang="`+l+`"`) {
				t.Errorf("?lang=%s is not heeded", l)
			}
		}
		if page := ask("/health", "de"); !strings.Contains(page, `<html lang="en"`) {
			t.Error("who asks for a language that there is not does not get the site's")
		}
		h.set(map[string]string{"robots_txt": "User-agent: x\nDisallow: y"})
		page := ask("/health", "ru")
		if !strings.Contains(page, "1 документ отдаётся не целиком.") || !regexp.MustCompile(`(?s)/robots\.txt</code>.{1,200}Строка 2: y — это не путь`).MatchString(page) {
			t.Errorf("a line of robots.txt that is left out is not told: %s", page)
		}

		// An address without its beginning: nothing that names it is served.
		conf := h.conf
		conf.BaseURL = "lamp.test"
		astray := h.openWith(conf)
		for l, want := range map[string][]string{
			"en": {"feed_url: lamp.test/feed.json is no absolute address.", "NewsArticle.image[0].url: lamp.test/media/card/"},
			"ru": {"channel/link: lamp.test/ru/ — это не абсолютный адрес.", "sitemap[1]/loc: lamp.test/sitemap-pages.xml — это не абсолютный адрес длиной от 12 до 2\u00a0048 байт."},
			"kk": {"feed/link[@rel=&#34;alternate&#34;]/@href: lamp.test/kk/ — абсолютті мекенжай емес.", "url: жоқ немесе бос."},
		} {
			page := get(astray.Operator(), "/health?lang="+l)
			for _, w := range want {
				if !strings.Contains(page, w) {
					t.Errorf("%s: %q is not said", l, w)
				}
			}
			if said := regexp.MustCompile(`<span[^>]* lang="[^"]*"[^>]*>[^<]*`).FindString(page); said != "" {
				t.Errorf("%s: said in another language: %s", l, said)
			}
		}

		figure := func(name string) float64 {
			t.Helper()
			m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(ask("/metrics", ""))
			if m == nil {
				t.Fatalf("no figure %s", name)
			}
			f, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		good, bad, renders := figure(`dateline_http_responses_total{class="2xx"}`), figure(`dateline_http_responses_total{class="4xx"}`), figure("dateline_renderings_total")
		get(site, "/ru/")
		get(site, "/ru/")
		for _, path := range []string{"/health", "/metrics", "/style.css"} {
			w := httptest.NewRecorder()
			site.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			if w.Code != 404 {
				t.Errorf("readers get %d at %s", w.Code, path)
			}
		}
		if n := figure(`dateline_http_responses_total{class="2xx"}`) - good; n != 2 {
			t.Errorf("%v pages were counted of 2", n)
		}
		if n := figure(`dateline_http_responses_total{class="4xx"}`) - bad; n != 3 {
			t.Errorf("%v errors were counted of 3", n)
		}
		if n := figure("dateline_renderings_total") - renders; n < 1 {
			t.Errorf("%v renderings were counted", n)
		}
		if figure("dateline_cache_pages") < 1 || figure("dateline_cache_bytes") < 1000 || figure("go_goroutines") < 1 || figure("process_resident_memory_bytes") < 1e6 {
			t.Error("a figure is missing or wrong")
		}
	})
}

// TestOperatorOfNothing: before there is a publication there is nothing to
// refuse.
func TestOperatorOfNothing(t *testing.T) {
	a := empty(t)
	if page := get(a.Operator(), "/health"); !strings.Contains(page, lang.Of("en").T("operator.none_troubled")) {
		t.Errorf("an empty house: %s", page)
	}
}
