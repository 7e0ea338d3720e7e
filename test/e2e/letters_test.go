//go:build e2e

package e2e

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/chromedp"
)

// A machine is what a reader may have: its own letters are what the pages are shown
// in until the site's have come. Files of the same widths stand for those that
// nobody may pass on: Tinos and Arimo for Times New Roman and Arial.
type machine struct {
	name, serif, sans string
	files             []string // below node_modules/@expo-google-fonts; none: what every Linux has
}

var machines = []machine{
	{"desktop", "Tinos", "Arimo", []string{
		"tinos/400Regular", "tinos/700Bold", "tinos/400Regular_Italic", "arimo/400Regular", "arimo/700Bold"}},
	{"android", "Noto Serif", "Roboto", []string{
		"noto-serif/400Regular", "noto-serif/700Bold", "noto-serif/400Regular_Italic", "roboto/400Regular", "roboto/700Bold"}},
	{"linux", "DejaVu Serif", "DejaVu Sans", nil},
}

// browser starts one that knows no letters but the machine's.
func (m machine) browser(t testing.TB) *browser {
	t.Helper()
	type alias struct {
		Family string `xml:"family"`
		Prefer string `xml:"prefer>family"`
	}
	config := struct {
		XMLName xml.Name `xml:"fontconfig"`
		Dirs    []string `xml:"dir"`
		Cache   string   `xml:"cachedir"`
		Aliases []alias  `xml:"alias"`
	}{Cache: t.TempDir(), Aliases: []alias{{"serif", m.serif}, {"sans-serif", m.sans}}}
	for _, file := range m.files {
		config.Dirs = append(config.Dirs, npm(t, "@expo-google-fonts/"+file))
	}
	if m.files == nil {
		config.Dirs = []string{"/usr/share/fonts/truetype/dejavu"}
	}
	text, err := xml.MarshalIndent(config, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "fonts.conf")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	axe, err := os.ReadFile(npm(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := launch(chromium(t), "FONTCONFIG_FILE="+file)
	if err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	t.Cleanup(c.stop)
	return &browser{ctx: c.ctx, axe: string(axe)}
}

// watch is told to a page before it begins: it keeps how high each block of text is
// at the first paint, and adds up what moves.
const watch = `window.seen = {moved: 0, what: [], high: [], first: 0};
new PerformanceObserver(l => { for (const e of l.getEntries()) {
	seen.moved += e.value;
	for (const s of e.sources) if (s.node) seen.what.push([e.value.toFixed(4), Math.round(s.previousRect.left), Math.round(s.previousRect.top), "→", Math.round(s.currentRect.left), Math.round(s.currentRect.top), ""].join(" ") + (s.node.className || s.node.nodeName) + " " + s.node.textContent.trim().slice(0, 40));
} }).observe({type: "layout-shift", buffered: true});
seen.blocks = () => [...document.querySelectorAll("h1,h2,h3,h4,p,li,dt,dd,figcaption,blockquote,nav,caption,td")]
	.filter(e => { const r = e.getBoundingClientRect(); return r.width > 1 && r.top < 2 * innerHeight })
	.map(e => [e, Math.round(e.getBoundingClientRect().height)]);
new PerformanceObserver(l => { for (const e of l.getEntries()) if (e.name === "first-contentful-paint") { seen.first = e.startTime; seen.high = seen.blocks(); } }).observe({type: "paint", buffered: true});
seen.late = () => performance.getEntriesByType("resource").filter(e => e.name.endsWith(".woff2") && e.responseEnd > seen.first).length;
seen.early = () => performance.getEntriesByType("resource").filter(e => e.name.endsWith(".woff2") && e.responseEnd <= seen.first).length;
seen.other = () => { const now = new Map(seen.blocks()); return seen.high.filter(([e, h]) => now.has(e) && Math.abs(now.get(e) - h) > 2)
	.map(([e, h]) => e.nodeName + "." + e.className + " " + h + "→" + now.get(e) + " " + e.textContent.trim().slice(0, 60)); };`

// watched shows a page in a fresh profile, watching it from its beginning.
func (b *browser) watched(t testing.TB, address string, width, height int64, more ...string) *tab {
	t.Helper()
	p := b.open(t, "about:blank", true, width, height)
	p.follow(t, address, more...)
	return p
}

// follow leads a tab to a page and watches it, with more scripts if need be.
func (p *tab) follow(t testing.TB, address string, more ...string) {
	t.Helper()
	source := strings.Join(append([]string{watch}, more...), "\n")
	if _, err := chromedp.Call(p.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: source}); err != nil {
		t.Fatal(err)
	}
	// A test that speaks TLS has a certificate of its own.
	if _, err := chromedp.Call(p.ctx, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(p.ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	p.self = address
	eval[bool](t, p, `document.fonts.ready.then(() => new Promise(r => requestAnimationFrame(() => setTimeout(() => r(true), 100))))`)
}

// mostMoved is what a page may move by, at most: 0.000 is shown for less.
const mostMoved = 0.001

// otherwise is how many of the blocks may have another number of lines: a word that
// only just had room may have none. No headline of a page may.
const otherwise = 0.003

// TestLateLetters: the site's letters may come late, and take the place of the
// machine's without moving what is read.
func TestLateLetters(t *testing.T) {
	t.Parallel()
	for _, m := range machines {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			b := m.browser(t)
			pages, blocks, others := 0, 0, 0
			for _, theme := range themes {
				paths := stills(t)
				// It is these letters that a reader sees until then.
				p := b.open(t, refusing(t, inTheme(t, theme), ".woff2")+paths["kk/report"], true, 1440, 900)
				for name, words := range p.faces(t) {
					if name != m.serif+its && name != m.sans+its {
						t.Errorf("%s: without the site's letters set in %s: %q", theme, name, words)
					}
				}
				p.close()
				for i, e := range editions {
					for j, name := range []string{"front", "report", "month"} {
						for k, width := range []int64{360, 1440} {
							if (i+j+k)%2 == 1 && !thorough {
								continue // another name or language in this width
							}
							p := b.watched(t, afterPaint(t, inTheme(t, theme))+paths[e.lang+"/"+name], width, 900, painted)
							where := fmt.Sprintf("%s %s %s at %d px", theme, e.lang, name, width)
							if n := eval[int](t, p, "seen.late()"); n < 2 {
								t.Errorf("%s: %d files came after the first paint", where, n)
							}
							moved, other := eval[float64](t, p, "seen.moved"), eval[[]string](t, p, "seen.other()")
							pages++
							blocks += eval[int](t, p, "seen.high.length")
							others += len(other)
							if moved >= mostMoved {
								t.Errorf("%s: moves by %.4f:\n%s", where, moved, strings.Join(eval[[]string](t, p, "seen.what"), "\n"))
							}
							for _, o := range other {
								t.Logf("%s: other lines: %s", where, o)
								if strings.HasPrefix(o, "H1") {
									t.Errorf("%s: the headline has more or fewer lines with the site's letters: %s", where, o)
								}
							}
							p.close()
						}
					}
				}
			}
			t.Logf("%d pages; %d of %d blocks have other lines", pages, others, blocks)
			if float64(others) > otherwise*float64(blocks) {
				t.Errorf("too many: %d of %d blocks have other lines", others, blocks)
			}
		})
	}
}

// through is the site as it is reached through something that may answer itself; over
// HTTP/2 if it is to, where one answer that waits keeps no other waiting.
func through(t *testing.T, address string, http2 bool, answers func(w http.ResponseWriter, r *http.Request) bool) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = to.Host }}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answers(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // a browser that does not know the certificate tries twice
	if s.EnableHTTP2 = http2; http2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s.URL
}

// refusing is the site where everything whose path has this in it is lost on the way.
func refusing(t *testing.T, address, part string) string {
	return through(t, address, false, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, part) {
			return false
		}
		http.NotFound(w, r)
		return true
	})
}

// painted tells afterPaint that the page has been seen.
const painted = `new PerformanceObserver(l => { for (const e of l.getEntries()) if (e.name === "first-contentful-paint") setTimeout(() => { new Image().src = "/-/painted.png" }, 200); }).observe({type: "paint", buffered: true});`

// afterPaint is the site, for one page, whose letters come when the page has been seen
// without them, however slow the machine is.
func afterPaint(t *testing.T, address string) string {
	seen := make(chan struct{})
	var once sync.Once
	return through(t, address, true, func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.URL.Path == "/-/painted.png":
			once.Do(func() { close(seen) })
			w.WriteHeader(http.StatusNoContent)
			return true
		case strings.HasSuffix(r.URL.Path, ".woff2"):
			select {
			case <-seen:
			case <-r.Context().Done():
			}
		}
		return false
	})
}

// designed are the faces that a theme's text may be set in.
var designed = []string{"Lamp Serif", "Lamp Sans", "Lamp Display"}

// its marks a family that is the machine's own.
const its = " (the machine's)"

// faces tells which families the words of a page are set in: the words by the
// families' names, for words with a letter or a figure in them.
func (p *tab) faces(t testing.TB) map[string][]string {
	t.Helper()
	// Each word that is new in its style becomes an element, which looks the same.
	eval[bool](t, p, `(() => {
		const seen = new Set(), texts = [];
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) texts.push(walk.currentNode);
		for (const text of texts) {
			const e = text.parentElement;
			if (!e || !e.checkVisibility({visibilityProperty: true}) || e.closest("svg,script,style,noscript,kbd,code,pre,select,textarea")) continue;
			const s = getComputedStyle(e), style = s.fontFamily + s.fontWeight + s.fontStyle;
			const parts = text.data.split(/(\s+)/), all = [];
			// A first letter may be a drawing of its own.
			const block = e.closest("p"), initial = block && getComputedStyle(block, "::first-letter").fontFamily !== getComputedStyle(block).fontFamily
				&& block.textContent.trimStart().startsWith(text.data.trimStart()) && parts.find(p => /\p{L}/u.test(p));
			for (const part of parts) {
				if (!/[\p{L}\p{N}]/u.test(part) || seen.has(style + part) || part === initial) { all.push(part); continue; }
				seen.add(style + part);
				const w = document.createElement("span");
				w.className = "a-word"; w.textContent = part.replaceAll("\u00ad", ""); // which nobody sees
				all.push(w);
			}
			text.replaceWith(...all);
		}
		return true })()`)
	p.whole(t)
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(p.ctx, dom.Enable, dom.EnableParams{}); return err },
		func() error { _, err := chromedp.Call(p.ctx, css.Enable, cdp.Empty{}); return err },
	} {
		if err := enable(); err != nil {
			t.Fatal(err)
		}
	}
	root, err := chromedp.Call(p.ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		t.Fatal(err)
	}
	var found dom.QuerySelectorAllResult
	var words []string
	for range 5 { // a script of the page may write another text between the two
		if found, err = chromedp.Call(p.ctx, dom.QuerySelectorAll, dom.QuerySelectorAllParams{NodeID: root.Root.NodeID, Selector: ".a-word"}); err != nil {
			t.Fatal(err)
		}
		if words = eval[[]string](t, p, `[...document.querySelectorAll(".a-word")].map(e => e.textContent)`); len(found.NodeIDs) == len(words) {
			break
		}
	}
	if len(found.NodeIDs) != len(words) || len(words) < 10 {
		t.Fatalf("%s: %d words, %d elements", p.self, len(words), len(found.NodeIDs))
	}
	gone := 0
	out := map[string][]string{}
	for i, id := range found.NodeIDs {
		got, err := chromedp.Call(p.ctx, css.GetPlatformFontsForNode, css.GetPlatformFontsForNodeParams{NodeID: id})
		if err != nil && strings.Contains(err.Error(), "Could not find node") && gone < 10 {
			gone++ // a script of the page has written another text there
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		letters := float64(utf8.RuneCountInString(words[i])) // beyond these there are marks that nobody sees
		slices.SortStableFunc(got.Fonts, func(a, b *css.PlatformFontUsage) int { return cmp.Compare(b.GlyphCount, a.GlyphCount) })
		for _, f := range got.Fonts {
			if letters <= 0 {
				break
			}
			letters -= float64(f.GlyphCount)
			name := f.FamilyName
			if !f.IsCustomFont {
				name += its
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		key := strings.Join(names, " and ")
		out[key] = append(out[key], words[i])
	}
	return out
}

// foreign is a headline in each language whose letters the themes have, beside those
// that they have words in: what their letters are beside the common ones is in it.
var foreign = map[string]string{
	"tr":      "Ağır yağış İstanbul’da şöförleri çığ gibi sıkıştırdı: ÜÇ GÜNDÜR IŞIK YOK, 25 ₺",
	"az":      "Gəncədə çığırış: İşçilər köhnə körpünü açdı, Əli şad",
	"ky":      "Өзгөн шаарында жаңы көпүрө ачылды, үч миң сом",
	"uz":      "Toshkentda yangi koʻprik ochildi, gʻalaba maʼnosi",
	"uz-Cyrl": "Ўзбекистонда янги кўприк: ҳамма қувонди, ғалаба",
	"tg":      "Пули нави Хуҷанд: ҳама шод, ғайрат, қувва, нерӯ, Ӣд",
	"be":      "Ў Мінску адчынілі новы мост, людзі ў захапленні",
	"uk":      "Їжак з’їв ґудзик, Європа сміється",
	"pl":      "Zażółć gęślą jaźń: Łódź, ŚWIĘTO",
	"cs":      "Příliš žluťoučký kůň úpěl ďábelské ódy",
	"ro":      "Știri din țară: pâinea și înghețata, Ștefan",
}

// TestOneFace: every word that a reader sees is set in one face, which is one of the
// site's own, whatever the language: no letter in it is the machine's.
func TestOneFace(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	paths := stills(t)
	for _, theme := range themes {
		for _, e := range editions {
			for _, name := range []string{"front", "report", "month"} {
				p := b.open(t, inTheme(t, theme)+paths[e.lang+"/"+name], true, 1280, 900)
				p.whole(t)
				for names, words := range p.faces(t) {
					if !slices.Contains(designed, names) {
						t.Errorf("%s %s %s: set in %s: %q", theme, e.lang, name, names, words)
					}
				}
				p.close()
			}
		}
		for lang, headline := range foreign {
			p := b.open(t, inTheme(t, theme)+paths["en/report"], true, 1280, 900)
			p.whole(t)
			eval[bool](t, p, fmt.Sprintf(`(() => { const p = document.createElement("main"); p.lang = %q;
				for (const [name, style] of [["h1", ""], ["p", "font:italic 400 20px var(--serif)"], ["p", "font:400 20px var(--serif)"], ["p", "font:600 15px var(--sans)"]])
					{ const e = document.createElement(name); e.style = style; e.textContent = %q; p.append(e); }
				document.body.replaceChildren(p); return true })()`, lang, headline))
			p.whole(t)
			for names, words := range p.faces(t) {
				if !slices.Contains(designed, names) {
					t.Errorf("%s, %s: set in %s: %q", theme, lang, names, words)
				}
			}
			p.close()
		}
	}
}

// TestOneFaceWhenLettersAreLost: whichever file does not come, no word of Cyrillic
// letters is set half in the site's and half in the machine's.
func TestOneFaceWhenLettersAreLost(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	paths := stills(t)
	for _, theme := range themes {
		for _, lost := range []string{"serif-cyrillic", "serif-common", "serif-latin", "sans-cyrillic", "sans-latin", "display-cyrillic", "display-latin"} {
			if face, _, _ := strings.Cut(lost, "-"); theme == themes[0] && face == "display" || theme != themes[0] && face == "sans" {
				continue
			}
			p := b.open(t, refusing(t, inTheme(t, theme), "/"+lost+".")+paths["kk/report"], true, 1280, 900)
			p.whole(t)
			kazakh, machines := 0, 0
			for names, words := range p.faces(t) {
				for _, w := range words {
					if strings.ContainsFunc(w, func(r rune) bool { return !unicode.Is(unicode.Cyrillic, r) }) {
						continue
					}
					if strings.ContainsAny(w, "әғқңөұүһӘҒҚҢӨҰҮҺ") {
						kazakh++
					}
					if strings.Contains(names, its) {
						machines++
					}
					if strings.Contains(names, " and ") {
						t.Errorf("%s without %s: %q is set in %s", theme, lost, w, names)
					}
				}
			}
			if kazakh < 50 || strings.HasSuffix(lost, "-cyrillic") && machines == 0 {
				t.Errorf("%s without %s: %d Kazakh words, %d words in the machine's letters", theme, lost, kazakh, machines)
			}
			p.close()
		}
	}
}
