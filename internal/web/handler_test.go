package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/fault"
)

// echo writes what the route was told.
func echo(names ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s", r.Pattern)
		for _, n := range names {
			fmt.Fprintf(w, " %s=%s", n, r.PathValue(n))
		}
	})
}

func testRouter() *Router {
	t := &Router{}
	for _, r := range []Route{
		{Method: "GET", Pattern: "/", Permission: Public, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "resolver %s", r.URL.EscapedPath())
		})},
		{Method: "GET", Pattern: "/-/live", Permission: Public, Handler: Live()},
		{Method: "GET", Pattern: "/-/ready", Permission: Public, Handler: Ready(func(context.Context) error {
			return errors.New("secret host db1 is down")
		}, func(*http.Request) string { return "" })},
		{Method: "POST", Pattern: "/-/views/{id}", Permission: Public, Handler: echo("id")},
		{Method: "GET", Pattern: "/-/views/{id}", Permission: Public, Handler: echo("id")},
		{Method: "GET", Pattern: "/-/views/top", Permission: Public, Handler: echo()},
		{Method: "GET", Pattern: "/media/{token}/{file...}", Permission: Public, Handler: echo("token", "file"), Kind: Media},
		{Method: "GET", Pattern: "/assets/", Permission: Public, Handler: echo(), Kind: Asset},
		{Method: "GET", Pattern: "/robots.txt", Permission: Public, Handler: echo(), Kind: Data},
		{Method: "POST", Pattern: "/-/inbox", Permission: Public, Handler: echo(), Machine: true},
		{Method: "POST", Pattern: "/-/read", Permission: Public, MaxBody: 10, Handler: Func(func(w http.ResponseWriter, r *http.Request) error {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return fmt.Errorf("reading: %w", err)
			}
			_, err = w.Write(b)
			return err
		})},
		{Pattern: "/-/fail/{kind}", Permission: Public, Machine: true, Handler: Func(func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Etag", `"x"`)
			w.Header().Set("Content-Length", "5")
			As(w, Media)
			switch r.PathValue("kind") {
			case "redirect":
				http.Redirect(w, r, "/elsewhere", http.StatusMovedPermanently)
				return nil
			case "panic":
				panic("secret of the house")
			case "toomany":
				return fault.New(fault.TooMany, "slow down")
			case "gone":
				return fmt.Errorf("page: %w", fault.New(fault.Gone, "withdrawn"))
			}
			return errors.New("secret of the house")
		})},
	} {
		t.Handle(r)
	}
	return t
}

func do(h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	var b io.Reader
	if body != "" {
		b = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, b)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var quiet = slog.New(slog.DiscardHandler)

func TestRouting(t *testing.T) {
	h := Handler(testRouter(), Options{Log: quiet})
	for _, tt := range []struct{ path, want string }{
		{"/", "resolver /"},
		{"/2022/02/14/bridge", "resolver /2022/02/14/bridge"},
		{"//-/live", "resolver //-/live"},
		{"/a//b/../c/", "resolver /a//b/../c/"},
		{"/a%2Fb", "resolver /a%2Fb"},
		{"/%2D/live", "resolver /%2D/live"},
		{"/media%2Fx/y", "resolver /media%2Fx/y"},
		{"/%D2%9B", "resolver /%D2%9B"},
		{"/-/live", "live\n"},
		{"/-/views/7", "/-/views/{id} id=7"},
		{"/-/views/top", "/-/views/top"},
		{"/-/views/a%2Fb", "/-/views/{id} id=a/b"},
		{"/-/views/", "404"},
		{"/-/views", "404"},
		{"/-/views/7/8", "404"},
		{"/-//live", "404"},
		{"/-", "404"},
		{"/-/", "404"},
		{"/-/../robots.txt", "404"},
		{"/media/tok/a/b.jpg", "/media/{token}/{file...} token=tok file=a/b.jpg"},
		{"/media/tok/a%2Fb", "/media/{token}/{file...} token=tok file=a/b"},
		{"/media/tok", "404"},
		{"/assets/css/x.css", "/assets/"},
		{"/robots.txt", "/robots.txt"},
		{"/robots.txt/", "404"},
		{"/a%00b", "400"},
		{"/" + strings.Repeat("a", MaxURL), "414"},
		{"/?" + strings.Repeat("a", MaxURL), "414"},
	} {
		w := do(h, "GET", tt.path, "")
		got := w.Body.String()
		if w.Code != 200 {
			got = fmt.Sprint(w.Code)
		}
		if got != tt.want {
			t.Errorf("%.40s: %q, want %q", tt.path, got, tt.want)
		}
	}
}

func TestMethods(t *testing.T) {
	h := Handler(testRouter(), Options{Log: quiet})
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"HEAD", "/-/live", 200, ""},
		{"HEAD", "/anything", 200, ""},
		{"POST", "/-/live", 405, "GET, HEAD"},
		{"DELETE", "/-/views/7", 405, "GET, HEAD, POST"},
		{"GET", "/-/inbox", 405, "POST"},
		{"POST", "/2022/02/14/bridge", 405, "GET, HEAD"},
		{"OPTIONS", "/anything", 405, "GET, HEAD"},
		{"BREW", "/-/fail/gone", 410, ""},
	} {
		w := do(h, tt.method, tt.path, "")
		if w.Code != tt.status || w.Header().Get("Allow") != tt.allow {
			t.Errorf("%s %s: %d, Allow %q", tt.method, tt.path, w.Code, w.Header().Get("Allow"))
		}
	}
}

func TestRoutesAreListedAndTakenOnce(t *testing.T) {
	router := testRouter()
	if n := len(router.Routes()); n != 12 || router.Routes()[0].Pattern != "/" {
		t.Errorf("%d routes, the first %+v", n, router.Routes()[0])
	}
	for _, r := range []Route{
		{Method: "GET", Pattern: "/-/live", Permission: Public, Handler: Live()},
		{Method: "GET", Pattern: "/-/views/{number}", Permission: Public, Handler: Live()},
		{Method: "GET", Pattern: "/{any}/x", Permission: Public, Handler: Live()},
		{Method: "GET", Pattern: "/-/{x", Permission: Public, Handler: Live()},
		{Method: "GET", Pattern: "-/x", Permission: Public, Handler: Live()},
		{Method: "GET", Pattern: "/-/x", Permission: Public},
		{Method: "GET", Pattern: "/-/y", Handler: Live()}, // who may ask?
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s %s was taken", r.Method, r.Pattern)
				}
			}()
			router.Handle(r)
		}()
	}
}

// Every answer, whatever happened, carries the headers of its kind.
func TestHeadersOnEveryAnswer(t *testing.T) {
	h := Handler(testRouter(), Options{BaseURL: "https://news.example", Log: quiet})
	for _, tt := range []struct {
		method, path, body string
		status             int
		kind               Kind
		header             []string
	}{
		{"GET", "/", "", 200, Page, nil},
		{"GET", "/-/live", "", 200, Data, nil},
		{"GET", "/-/ready", "", 503, Page, nil},
		{"GET", "/media/t/a.jpg", "", 200, Media, nil},
		{"GET", "/assets/x", "", 200, Asset, nil},
		{"GET", "/-/fail/redirect", "", 301, Media, nil},
		{"GET", "/%01", "", 400, Page, nil},
		{"POST", "/-/views/1", "", 403, Page, nil},
		{"GET", "/-/none", "", 404, Page, nil},
		{"PUT", "/", "", 405, Page, nil},
		{"GET", "/-/fail/gone", "", 410, Page, nil},
		{"POST", "/-/read", "more than ten bytes", 413, Page, []string{"Sec-Fetch-Site", "same-origin"}},
		{"GET", "/" + strings.Repeat("a", 9000), "", 414, Page, nil},
		{"GET", "/-/fail/toomany", "", 429, Page, nil},
		{"GET", "/-/fail/error", "", 500, Page, nil},
		{"GET", "/-/fail/panic", "", 500, Page, nil},
	} {
		w := do(h, tt.method, tt.path, tt.body, tt.header...)
		if w.Code != tt.status {
			t.Errorf("%s %.20s: %d, want %d", tt.method, tt.path, w.Code, tt.status)
		}
		if got := score(t, w.Header()); got < leastScore[tt.kind] {
			t.Errorf("%s %.20s: %d points: %v", tt.method, tt.path, got, w.Header())
		}
		if got, want := w.Header().Get(fieldPolicy), policySecure[tt.kind][0]; got != want {
			t.Errorf("%s %.20s: policy %q, want %q", tt.method, tt.path, got, want)
		}
		if w.Code >= 400 {
			if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Etag") != "" ||
				w.Header().Get("Content-Length") != "" {
				t.Errorf("%s %.20s: headers of a page that did not come: %v", tt.method, tt.path, w.Header())
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s %.20s: the reader sees %q", tt.method, tt.path, w.Body)
			}
		}
		if (w.Code == 429 || w.Code == 503) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("%s %.20s: %d with Retry-After %q", tt.method, tt.path, w.Code, w.Header().Get("Retry-After"))
		}
	}
}

func TestHeadersOfAPageByScheme(t *testing.T) {
	common := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'none'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
		"trusted-types dateline-sw"
	want := http.Header{
		"Content-Security-Policy": {common}, "X-Content-Type-Options": {"nosniff"},
		"Referrer-Policy":            {"strict-origin-when-cross-origin"},
		"Cross-Origin-Opener-Policy": {"same-origin"}, "Cross-Origin-Resource-Policy": {"same-origin"},
		"Cross-Origin-Embedder-Policy": {"require-corp"},
		"Permissions-Policy": {"camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), " +
			"display-capture=(), browsing-topics=(), interest-cohort=()"},
	}
	h := http.Header{}
	secure(h, nil)
	if d := cmp.Diff(want, h); d != "" {
		t.Errorf("over http (-want +got):\n%s", d)
	}
	want["Strict-Transport-Security"] = []string{"max-age=63072000; includeSubDomains; preload"}
	want["Content-Security-Policy"] = []string{common + "; upgrade-insecure-requests"}
	router := &Router{}
	router.Handle(Route{Pattern: "/", Permission: Public, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})})
	got := do(Handler(router, Options{BaseURL: "https://news.example/", Preload: true}), "GET", "/", "").Header()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("over https (-want +got):\n%s", d)
	}
}

func TestAllowFrames(t *testing.T) {
	w := httptest.NewRecorder()
	secure(w.Header(), nil)
	AllowFrames(w, "https://player.example")
	if p := w.Header().Get(fieldPolicy); !strings.Contains(p, "frame-src https://player.example;") {
		t.Error(p)
	}
	if policyPlain[Page][0] != policies[Page] || w.Header().Get("Cross-Origin-Embedder-Policy") != "" {
		t.Error("the shared slice was changed, or COEP stayed")
	}
}

func TestRequestsOfOtherSites(t *testing.T) {
	// The Host is example.com, as behind a proxy that does not pass the reader's.
	h := Handler(testRouter(), Options{BaseURL: "https://news.example/", Log: quiet})
	for _, tt := range []struct {
		path   string
		header []string
		want   int
	}{
		{"/-/views/1", []string{"Origin", "https://news.example"}, 200},
		{"/-/views/1", []string{"Origin", "http://news.example"}, 403},
		{"/-/views/1", []string{"Origin", "https://news.example.evil.example"}, 403},
		{"/-/views/1", nil, 403},
		{"/-/views/1", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"/-/views/1", []string{"Sec-Fetch-Site", "none"}, 200},
		{"/-/views/1", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"/-/views/1", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"/-/views/1", []string{"Origin", "http://example.com"}, 200},
		{"/-/views/1", []string{"Origin", "http://evil.example"}, 403},
		{"/-/views/1", []string{"Origin", "null"}, 403},
		{"/-/inbox", nil, 200},
		{"/-/inbox", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"/-/inbox", []string{"Origin", "http://evil.example"}, 403},
	} {
		if got := do(h, "POST", tt.path, "", tt.header...).Code; got != tt.want {
			t.Errorf("%s %v: %d, want %d", tt.path, tt.header, got, tt.want)
		}
	}
}

func TestBodyLimits(t *testing.T) {
	h := Handler(testRouter(), Options{Log: quiet})
	for _, tt := range []struct {
		body   string
		length int64
		want   int
	}{
		{"ten bytes.", 10, 200},
		{"ten bytes.x", 11, 413},
		{"ten bytes.x", -1, 413}, // chunked
		{"ten bytes.x", 3, 413},  // a lie; net/http cuts such a body off before us
	} {
		r := httptest.NewRequest("POST", "/-/read", strings.NewReader(tt.body))
		r.ContentLength = tt.length
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%q announced as %d: %d, want %d", tt.body, tt.length, w.Code, tt.want)
		}
	}
}

func TestPanicAfterWritingCutsTheConnection(t *testing.T) {
	router := &Router{}
	router.Handle(Route{Pattern: "/", Permission: Public, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half a page"))
		panic("oh")
	})})
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("recovered %v", v)
		}
	}()
	do(Handler(router, Options{Log: quiet}), "GET", "/", "")
}

func TestErrorPagesAreRenderedByTheApp(t *testing.T) {
	h := Handler(testRouter(), Options{Log: quiet, Error: func(w http.ResponseWriter, r *http.Request, err error) {
		w.WriteHeader(StatusOf(err))
		fmt.Fprintf(w, "page for %v", fault.KindOf(err))
	}})
	if w := do(h, "GET", "/-/fail/gone", ""); w.Code != 410 || w.Body.String() != "page for gone" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(h, "GET", "/-/fail/panic", ""); w.Code != 500 || w.Body.String() != "page for internal" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestStatusOf(t *testing.T) {
	for kind, want := range map[fault.Kind]int{
		fault.NotFound: 404, fault.Invalid: 400, fault.Conflict: 409, fault.Forbidden: 403, fault.Gone: 410,
		fault.TooMany: 429, fault.TooLarge: 413, fault.Unavailable: 503, fault.Internal: 500,
	} {
		if got := StatusOf(fmt.Errorf("w: %w", fault.New(kind, "x"))); got != want {
			t.Errorf("%v: %d, want %d", kind, got, want)
		}
	}
	if StatusOf(errors.New("x")) != 500 || StatusOf(fmt.Errorf("r: %w", &http.MaxBytesError{Limit: 1})) != 413 {
		t.Error("plain errors")
	}
}

func TestClientAddr(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tt := range []struct {
		peer   string
		fields []string
		want   string
	}{
		{"203.0.113.5:80", []string{"198.51.100.7"}, "203.0.113.5"}, // no proxy of ours
		{"10.0.0.1:80", nil, "10.0.0.1"},
		{"10.0.0.1:80", []string{""}, "10.0.0.1"},
		{"10.0.0.1:80", []string{"198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"1.1.1.1, 198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"1.1.1.1, 198.51.100.7, 10.2.3.4"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"198.51.100.7", "10.2.3.4"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"10.9.9.9, 10.2.3.4"}, "10.9.9.9"},
		{"10.0.0.1:80", []string{"198.51.100.7, unknown, 10.2.3.4"}, "10.2.3.4"},
		{"10.0.0.1:80", []string{"198.51.100.7,"}, "10.0.0.1"},
		{"10.0.0.1:80", []string{"198.51.100.7:4711"}, "198.51.100.7"},
		{"[fd00::1]:80", []string{"[2001:db8::7]:4711"}, "2001:db8::7"},
		{"[fd00::1]:80", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"[::ffff:10.0.0.1]:80", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"fe80::1%eth0"}, "10.0.0.1"},
		{"@", nil, "invalid IP"},
	} {
		router := &Router{}
		var got netip.Addr
		router.Handle(Route{Pattern: "/", Permission: Public, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = ClientAddr(r)
		})})
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.peer
		r.Header["X-Forwarded-For"] = tt.fields
		Handler(router, Options{Proxies: proxies}).ServeHTTP(httptest.NewRecorder(), r)
		if got.String() != tt.want {
			t.Errorf("%s, %q: %v, want %s", tt.peer, tt.fields, got, tt.want)
		}
	}
}

// Whatever stands left of what our proxy wrote changes nothing.
func FuzzForwarded(f *testing.F) {
	f.Add("1.2.3.4, unknown, [::1]:80")
	f.Add("\x00,,%,::ffff:1.2.3.4%eth0")
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, invented string) {
		if got := forwarded([]string{invented, "198.51.100.7, 10.0.0.1"}, proxies); got.String() != "198.51.100.7" {
			t.Errorf("%q: %v", invented, got)
		}
		if got := forwarded([]string{invented}, proxies); got.IsValid() && (got.Zone() != "" || got.Is4In6()) {
			t.Errorf("%q: %v", invented, got)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add("/-/views/a%2Fb")
	f.Add("//media//x/%00/..")
	router := testRouter()
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		if e, _ := router.find(u); e == nil && !strings.HasPrefix(u.Path, "/") {
			t.Errorf("%q: no endpoint", path)
		}
	})
}
