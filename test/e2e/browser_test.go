//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A browser is one Chromium; each page gets a fresh profile in it.
type browser struct {
	ctx   context.Context
	axe   string
	agent string // what it calls itself; empty: headless, which no counter counts
}

// browsers are those that no test has just now. One that a test is done with is
// taken by the next: to start one takes longer than to look at a page.
var browsers struct {
	mu   sync.Mutex
	idle []*chromiumProcess
}

type chromiumProcess struct {
	ctx  context.Context
	stop func()
}

// startBrowser gives a browser that the test has for itself until its end.
func startBrowser(t testing.TB) *browser {
	t.Helper()
	axe, err := os.ReadFile(npm(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	c := idleBrowser()
	if c == nil {
		if c, err = launch(chromium(t)); err != nil {
			t.Fatalf("starting Chromium: %v", err)
		}
	}
	t.Cleanup(func() {
		browsers.mu.Lock()
		defer browsers.mu.Unlock()
		browsers.idle = append(browsers.idle, c)
	})
	return &browser{ctx: c.ctx, axe: string(axe)}
}

// idleBrowser takes a browser that still answers; nil: there is none.
func idleBrowser() *chromiumProcess {
	for {
		browsers.mu.Lock()
		n := len(browsers.idle)
		if n == 0 {
			browsers.mu.Unlock()
			return nil
		}
		c := browsers.idle[n-1]
		browsers.idle = browsers.idle[:n-1]
		browsers.mu.Unlock()
		if _, err := chromedp.Run(c.ctx, chromedp.Evaluate[int]("1")); err == nil {
			return c
		}
		c.stop()
	}
}

// stopBrowsers ends all of them.
func stopBrowsers() {
	for c := idleBrowser(); c != nil; c = idleBrowser() {
		c.stop()
	}
}

// launch starts a browser; its environment has more in it.
func launch(program string, environment ...string) (*chromiumProcess, error) {
	var folders []string
	for _, name := range []string{"browser", "profile"} { // for what it leaves among temporary files: a short name, as the address of a socket must be short
		dir, err := os.MkdirTemp("", name)
		if err != nil {
			return nil, err
		}
		folders = append(folders, dir)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program),
		chromedp.NoSandbox, // root, as in continuous integration, cannot have one
		chromedp.DisableGPU,
		chromedp.UserDataDir(folders[1]),
		chromedp.Env(append(environment, "TMPDIR="+folders[0])...),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(time.Minute),
		// No name but the site's leads anywhere, so that a page which asks another
		// host is found out without anybody being asked.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
	)
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancelBrowser := chromedp.NewContext(alloc, chromedp.WithErrorf(func(string, ...any) {}))
	c := &chromiumProcess{ctx, func() {
		cancelBrowser()
		cancel()
		for _, dir := range folders {
			os.RemoveAll(dir)
		}
	}}
	if err := chromedp.Do(ctx); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// aside names a folder for what Chromium leaves behind among temporary files: a
// short name, as the address of a socket must be short.
func aside(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return "TMPDIR=" + dir
}

// A tab shows one page and notes what it does.
type tab struct {
	ctx  context.Context
	axe  string
	host string
	self string // the page's address; its own status may be an error

	mu      sync.Mutex
	strange []string // requests to other hosts
	console []string // errors and warnings
}

// open shows a page in a fresh profile. What it did until it was loaded and idle
// is in the tab.
func (b *browser) open(t testing.TB, address string, scripts bool, width, height int64) *tab {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	bounded, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	p := &tab{ctx: bounded, axe: b.axe, host: u.Host, self: address}
	if err := chromedp.Listen(bounded, p.note); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(bounded, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if !scripts {
		if _, err := chromedp.Call(bounded, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
	}
	if b.agent != "" {
		if _, err := chromedp.Call(bounded, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: b.agent}); err != nil {
			t.Fatal(err)
		}
	}
	p.resize(t, width, height)
	if err := chromedp.Do(bounded, chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return p
}

func (p *tab) close() { _ = chromedp.Cancel(p.ctx) }

// note is called for every event of the tab, in order.
func (p *tab) note(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Host != p.host && u.Scheme != "data" && u.Scheme != "blob" && u.Scheme != "about" {
			p.strange = append(p.strange, e.Request.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var words []string
			for _, a := range e.Args {
				words = append(words, fmt.Sprint(string(a.Value))+a.Description)
			}
			p.console = append(p.console, strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		p.console = append(p.console, text)
	case *log.EventEntryAdded:
		// A page that is a 404 says so in the console; that is its business.
		own := e.Entry.Source == log.EntrySourceNetwork && e.Entry.URL == p.self
		if (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) && !own {
			p.console = append(p.console, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

func (p *tab) noted() (strange, console []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.strange), slices.Clone(p.console)
}

func (p *tab) resize(t testing.TB, width, height int64) {
	t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
}

// media shows the page as a reader's settings or a printer ask for.
func (p *tab) media(t testing.TB, media string, features ...*emulation.MediaFeature) {
	t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: features}); err != nil {
		t.Fatal(err)
	}
}

// calm is a scheme, with nothing moving.
func calm(scheme string) []*emulation.MediaFeature {
	return []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
}

// scheme shows the page "light" or "dark", with nothing moving.
func (p *tab) scheme(t testing.TB, scheme string) {
	t.Helper()
	p.media(t, "", calm(scheme)...)
	eval[bool](t, p, "document.fonts.ready.then(() => true)")
}

func eval[T any](t testing.TB, p *tab, js string) T {
	t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", p.self, err)
	}
	return v
}

// axeFaults runs axe-core with all its rules but the experimental ones.
func (p *tab) axeFaults(t testing.TB) []string {
	t.Helper()
	return p.axeRun(t, "")
}

// axeColours runs those of its rules that look at colours. In another scheme, where
// nothing has another place or size, comes or goes, all others say what they said.
func (p *tab) axeColours(t testing.TB) []string {
	t.Helper()
	return p.axeRun(t, `, runOnly: ["color-contrast", "link-in-text-block"]`)
}

// shape is where everything on the page stands, what is seen and what it is to those
// who hear it: all of a page but its colours.
func (p *tab) shape(t testing.TB) string {
	t.Helper()
	return eval[string](t, p, `(() => {
		let all = "";
		for (const e of document.querySelectorAll("*")) {
			const r = e.getBoundingClientRect(), s = getComputedStyle(e);
			all += [e.tagName, r.x, r.y, r.width, r.height, s.display, s.visibility, s.opacity, s.overflow, s.position, s.content, s.pointerEvents, s.textIndent, s.clipPath, e.attributes.length].join() + ";";
		}
		return crypto.subtle ? crypto.subtle.digest("SHA-256", new TextEncoder().encode(all)).then(d => [...new Uint8Array(d)].join()) : all;
	})()`)
}

func (p *tab) axeRun(t testing.TB, options string) []string {
	t.Helper()
	if !eval[bool](t, p, "typeof axe === 'object'") {
		eval[bool](t, p, p.axe+";typeof axe === 'object'")
	}
	return eval[[]string](t, p, `axe.run(document, {resultTypes: ["violations"]`+options+`}).then(r => r.violations.flatMap(v =>
		v.nodes.map(n => v.id + ": " + v.help + ": " + n.target.join(" ") + ": " + n.html.slice(0, 200) +
			" (" + n.any.concat(n.all, n.none).map(c => c.message).join("; ").slice(0, 300) + ")")))`)
}

// wide lists elements that make the page scroll sideways.
func (p *tab) wide(t testing.TB) []string {
	t.Helper()
	return eval[[]string](t, p, `(() => {
		const root = document.scrollingElement, room = root.clientWidth;
		if (root.scrollWidth <= room) return [];
		const inside = e => { for (let a = e.parentElement; a && a !== document.body; a = a.parentElement)
			if (getComputedStyle(a).overflowX !== "visible") return true; return false; };
		return [root.scrollWidth + " px in " + room].concat([...document.body.querySelectorAll("*")]
			.filter(e => e.getBoundingClientRect().right > room + 0.5 && !inside(e)).slice(0, 5)
			.map(e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 40)));
	})()`)
}

// kept lists what the page has left on the device.
func (p *tab) kept(t testing.TB) []string {
	t.Helper()
	got, err := chromedp.Call(p.ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range got.Cookies {
		names = append(names, "cookie "+c.Name)
	}
	return append(names, eval[[]string](t, p,
		`Object.keys(localStorage).map(k => "localStorage " + k).concat(Object.keys(sessionStorage).map(k => "sessionStorage " + k))`)...)
}

// looks are those that a page is looked at in.
var looks = []look{{scheme: "light", width: 1280}, {scheme: "dark", width: 1280}, {scheme: "dark", width: 360}, {scheme: "light", width: 360}}

// thorough looks at every page in every way (make soak). Else ways are combined in
// pairs: over the pages of a kind each language, theme, width and scheme meets each
// other, but not on one page all of them.
var thorough = os.Getenv("DATELINE_LONG") != ""

// twoOf are two of four looks, in turn: light and dark, wide and narrow both.
func twoOf(all []look, n int) []look {
	if thorough {
		return all
	}
	var out []look
	for _, l := range all {
		if (l.scheme == "light") == (l.width > 360) == (n%2 == 0) {
			out = append(out, l)
		}
	}
	return out
}

// as shows the page in a look.
func (p *tab) as(t testing.TB, l look) {
	t.Helper()
	p.resize(t, int64(l.width), 900)
	p.scheme(t, l.scheme)
}

// sound opens a page and holds what is promised of every one: it shuts no reader out,
// nothing scrolls sideways, nobody else is asked, nothing is kept, nothing complains.
func (b *browser) sound(t testing.TB, where, address string, in []look) {
	t.Helper()
	p := b.open(t, address, true, 1280, 900)
	defer p.close()
	p.accessible(t, where, in, func(look) {})
	for _, width := range []int64{1440, 1280, 768, 640, 360, 320} { // 200 % zoom is half as many pixels
		p.resize(t, width, 900)
		each(t, fmt.Sprintf("scrolls sideways at %d px", width), where, p.wide(t))
	}
	// Letters alone twice as large is more. As a reader sets it in the browser: the widths
	// of the layout, in rem, follow.
	p.resize(t, 1280, 900)
	if _, err := chromedp.Call(p.ctx, cdppage.SetFontSizes, cdppage.SetFontSizesParams{FontSizes: &cdppage.FontSizes{Standard: 32, Fixed: 26}}); err != nil {
		t.Fatal(err)
	}
	each(t, "scrolls sideways with letters twice as large", where, p.wide(t))
	each(t, "kept on the device", where, p.kept(t))
	p.quiet(t, where)
}

// accessible holds that a page shuts nobody out in any of the looks; then is called in each.
func (p *tab) accessible(t testing.TB, where string, in []look, then func(look)) {
	t.Helper()
	shapes := map[int]string{}
	for _, l := range in {
		p.as(t, l)
		shape, faults := p.shape(t), p.axeColours
		if shapes[l.width] != shape { // another width, or a scheme that moves something
			shapes[l.width], faults = shape, p.axeFaults
		}
		each(t, fmt.Sprintf("axe, %s, %d px", l.scheme, l.width), where, faults(t))
		then(l)
	}
}

// quiet holds that the page has asked nobody else and complained of nothing.
func (p *tab) quiet(t testing.TB, where string) {
	t.Helper()
	strange, console := p.noted()
	each(t, "request to another host", where, strange)
	each(t, "console", where, console)
}

// keep writes a picture of the whole page.
func (p *tab) keep(t testing.TB, file string) {
	t.Helper()
	if err := os.WriteFile(file, p.shot(t), 0o644); err != nil {
		t.Fatal(err)
	}
}

// shot makes a picture of the whole page.
func (p *tab) shot(t testing.TB) []byte {
	t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("%s: %v", p.self, err)
	}
	return picture
}

// visibleText is what a reader sees of the page, scripts on or off: without soft
// hyphens, which show only where a line breaks.
func visibleText(t testing.TB, p *tab) string {
	t.Helper()
	return strings.ReplaceAll(eval[string](t, p, "document.body?.innerText ?? \"\""), "\u00ad", "")
}
