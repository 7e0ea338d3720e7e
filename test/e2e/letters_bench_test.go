//go:build e2e && bench

package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// ways are those in which letters can come, as a change of the style sheet.
var ways = []struct {
	name   string
	change func(css string, page []byte, file func(path string) []byte) string
}{
	{"swap, fallbacks as wide", func(css string, _ []byte, _ func(string) []byte) string { return css }},
	{"swap, fallbacks as they are", func(css string, _ []byte, _ func(string) []byte) string {
		return regexp.MustCompile(`@font-face\{[^}]*local\([^}]*\}`).ReplaceAllString(css, "")
	}},
	{"optional", func(css string, _ []byte, _ func(string) []byte) string {
		return strings.ReplaceAll(css, "font-display:swap", "font-display:optional")
	}},
	{"in the style sheet", func(css string, page []byte, file func(string) []byte) string {
		// What a page fetches early stands in the sheet that it waits for.
		for _, m := range regexp.MustCompile(`rel="?preload"? href="?([^" ]*\.woff2)`).FindAllSubmatch(page, -1) {
			path := string(m[1])
			css = strings.ReplaceAll(css, path, "data:font/woff2;base64,"+base64.StdEncoding.EncodeToString(file(path)))
		}
		return css
	}},
}

// changing is the site with its style sheet changed, compressed as the site's is.
func changing(t *testing.T, address, path string, change func(css string, page []byte, file func(path string) []byte) string) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	fetch := func(path string) []byte {
		p, err := get(http.DefaultClient, address, path)
		if err != nil {
			t.Error(err)
			return nil
		}
		return p.body
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = to.Host },
		ModifyResponse: func(r *http.Response) error {
			if !strings.HasSuffix(r.Request.URL.Path, ".css") {
				return nil
			}
			var in io.Reader = r.Body
			if r.Header.Get("Content-Encoding") == "gzip" {
				unpacked, err := gzip.NewReader(r.Body)
				if err != nil {
					return err
				}
				in = unpacked
			}
			css, err := io.ReadAll(in)
			if err != nil {
				return err
			}
			var out bytes.Buffer
			w := gzip.NewWriter(&out)
			io.WriteString(w, change(string(css), fetch(path), fetch))
			w.Close()
			r.Body = io.NopCloser(&out)
			r.Header.Set("Content-Encoding", "gzip")
			r.Header.Set("Content-Length", strconv.Itoa(out.Len()))
			return nil
		}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept-Encoding", "gzip")
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestSlowLine measures the ways over a line of 400 kbit/s on which an answer takes
// 400 ms to begin: when text is first seen, when it is in the site's letters, how
// much then moves.
func TestSlowLine(t *testing.T) {
	b := machines[1].browser(t)
	paths := stills(t)
	for _, e := range editions {
		for _, name := range []string{"front", "report"} {
			for _, way := range ways {
				path := paths[e.lang+"/"+name]
				p := b.open(t, "about:blank", true, 360, 800)
				if _, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
					MatchedNetworkConditions: []*network.Conditions{{Latency: 400, DownloadThroughput: 50_000, UploadThroughput: 50_000}}}); err != nil {
					t.Fatal(err)
				}
				p.follow(t, changing(t, frozen(t), path, way.change)+path)
				first := eval[float64](t, p, "seen.first")
				last := eval[float64](t, p, `performance.getEntriesByType("resource").filter(e => e.name.endsWith(".woff2")).reduce((n, e) => Math.max(n, e.responseEnd), seen.first)`)
				t.Logf("%s %s, %s: text after %.1f s, the last letters after %.1f s; moves by %.4f; %d blocks with other lines",
					e.lang, name, way.name, first/1000, last/1000, eval[float64](t, p, "seen.moved"), len(eval[[]string](t, p, "seen.other()")))
				p.close()
			}
		}
	}
}
