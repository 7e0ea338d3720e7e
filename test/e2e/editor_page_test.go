//go:build e2e

package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	keyboard "github.com/chromedp/chromedp/kb"

	"dateline/assets"
	demofiles "dateline/demo"
	"dateline/internal/richtext"
)

// A bench is a page with the desk's editor on it and a server that keeps what it
// saves, as strict as the desk's pages are: a nonce, Trusted Types, no styles in
// markup, nobody else's files.
type bench struct {
	url string

	mu      sync.Mutex
	stored  string
	version int
	saves   []string
	down    bool                           // the server does not answer
	merge   func(sent, base string) string // what it makes of a text; nil: what was sent
	sent    chan string
}

// editing serves the editor with a body in the article's language; the interface speaks
// that of the words.
func editing(t testing.TB, stored, lang, words string) *bench {
	t.Helper()
	b := &bench{stored: stored, version: 1, sent: make(chan string, 1000)}
	style := tokens(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		options, err := json.Marshal(map[string]any{
			"stored": b.stored, "base": fmt.Sprint(b.version), "lang": lang, "wordsLang": words,
			"words": editorWords(t, words), "typography": typography(t, lang), "key": "article:1",
		})
		if err != nil {
			t.Error(err)
		}
		nonce := rand.Text()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+nonce+"' 'strict-dynamic'; style-src 'self'; img-src 'self'; font-src 'self'; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dateline")
		fmt.Fprintf(w, page0, words, html.EscapeString(string(options)), nonce, nonce, pageScript)
	})
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Write(style)
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /blank", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "nothing") })
	mux.HandleFunc("GET /fonts/", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, assets.Files, strings.TrimPrefix(path.Clean(r.URL.Path), "/"))
	})
	mux.HandleFunc("GET /dist/", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, assets.Files, strings.TrimPrefix(path.Clean(r.URL.Path), "/"))
	})
	mux.HandleFunc("GET /media/{id}", func(w http.ResponseWriter, r *http.Request) {
		name := map[string]string{"1": "bridge", "2": "apricot", "3": "bell"}[r.PathValue("id")]
		if name == "" {
			http.NotFound(w, r)
			return
		}
		http.ServeFileFS(w, r, demofiles.Files, "pictures/"+name+".svg")
	})
	mux.HandleFunc("POST /save", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Stored, Base string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		if _, err := richtext.Parse(in.Stored); err != nil {
			t.Errorf("what the editor saves cannot be stored: %v\n%s", err, in.Stored)
		}
		b.saves = append(b.saves, in.Stored)
		b.stored = in.Stored
		if b.merge != nil {
			b.stored = b.merge(in.Stored, in.Base)
		}
		b.version++
		out := map[string]string{"base": fmt.Sprint(b.version)}
		if b.stored != in.Stored {
			out["stored"] = b.stored
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(out)
		select {
		case b.sent <- in.Stored:
		default:
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	b.url = server.URL + "/"
	return b
}

func (b *bench) set(f func(*bench)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(b)
}

// kept is what the server has.
func (b *bench) kept() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stored
}

const page0 = `<!doctype html>
<html lang="%s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Editor</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main><h1>Article</h1><div id="place" data-options="%s"></div></main>
<button type="button" id="after">After</button>
<script nonce="%s" src="/dist/desk-editor.js"></script>
<script nonce="%s">%s</script>
</body>
</html>
`

const pageScript = `
const place = document.getElementById("place");
const options = JSON.parse(place.dataset.options);
window.told = { states: [], notes: [], decided: [], restored: 0, passages: [] };
const policy = window.trustedTypes ? trustedTypes.createPolicy("dateline", { createHTML: s => s }) : undefined;
window.start = more => window.editor = new DatelineEditor(place, { ...options, policy,
	save: async (stored, base) => {
		const answer = await fetch("/save", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ stored, base }) });
		if (!answer.ok) throw new Error(answer.status);
		return answer.json();
	},
	media: id => id && id < 4 ? { url: "/media/" + id, width: 1200, height: 800, alt: id == 1 ? "A bridge" : "", credit: "Drawing: The Tasozen Lamp", caption: "The old bridge" } : null,
	pickMedia: async () => ({ id: "2", alt: "An apricot tree" }),
	onState: s => told.states.push(s),
	onNote: p => told.notes.push(p),
	onDecide: (id, taken) => told.decided.push([id, taken]),
	onRestored: () => told.restored++,
	onSelect: p => told.passages.push(p),
	...more,
});
// again puts the editor on another text, which goes nowhere.
window.again = (stored, more) => {
	if (window.editor) editor.destroy();
	start({ stored, save: undefined, key: undefined, ...more });
	editor.focus();
	return true;
};
start();
`

var fontFiles = regexp.MustCompile(`asset\(([^)]+)\)`)

// tokens is a style sheet as the desk's pages will have: the theme's letters and
// colours, and the editor's own.
func tokens(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, name := range []string{"10-fonts.css", "20-tokens.css"} {
		raw, err := os.ReadFile("../../themes/default/css/" + name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(fontFiles.ReplaceAll(raw, []byte("url(/$1)")))
	}
	b.WriteString(`*,*::before,*::after{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:400 var(--t-1)/var(--l-1) var(--sans)}
main{max-width:42rem;margin:0 auto;padding:0 1rem}h1{font:600 1.125rem/1.75rem var(--sans)}
`)
	raw, err := assets.Files.ReadFile("dist/desk-editor.css")
	if err != nil {
		t.Fatal(err)
	}
	b.Write(raw)
	return b.Bytes()
}

func editorWords(t testing.TB, lang string) json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile("../../locales/desk/editor." + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func typography(t testing.TB, lang string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile("../../locales/data/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Quotes     []string
		Typography map[string]any
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	out := map[string]any{"quotes": data.Quotes}
	for k, v := range data.Typography {
		out[k] = v
	}
	return out
}

// do runs an expression in the page and wants it to be truthy.
func (p *tab) do(t testing.TB, js string) {
	t.Helper()
	if !eval[bool](t, p, "!!("+js+")") {
		t.Fatalf("%s is not so", js)
	}
}

// stored is the text that the editor would save.
func (p *tab) stored(t testing.TB) string {
	t.Helper()
	return eval[string](t, p, "editor.getStored()")
}

// holds waits until an expression is true.
func (p *tab) holds(t testing.TB, js string) {
	t.Helper()
	ok := eval[bool](t, p, `new Promise(yes => { const until = performance.now() + 15000; const look = () => (`+js+`) ? yes(true) : performance.now() > until ? yes(false) : setTimeout(look, 20); look(); })`)
	if !ok {
		t.Fatalf("%s never came true", js)
	}
}

// keys presses keys one after the other: names as ProseMirror has them, such as
// Mod-Shift-9, Enter, ArrowDown.
func (p *tab) keys(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		parts := strings.Split(name, "-")
		if strings.HasSuffix(name, "--") {
			parts = append(strings.Split(strings.TrimSuffix(name, "--"), "-"), "-")
		}
		key := parts[len(parts)-1]
		var mods keyboard.Modifier
		for _, m := range parts[:len(parts)-1] {
			switch m {
			case "Mod":
				mods |= keyboard.ModifierCtrl
			case "Alt":
				mods |= keyboard.ModifierAlt
			case "Shift":
				mods |= keyboard.ModifierShift
			}
		}
		named := map[string]string{"Enter": keyboard.Enter, "Backspace": keyboard.Backspace, "Delete": keyboard.Delete, "Tab": keyboard.Tab, "Escape": keyboard.Escape, "ArrowUp": keyboard.ArrowUp,
			"ArrowDown": keyboard.ArrowDown, "ArrowLeft": keyboard.ArrowLeft, "ArrowRight": keyboard.ArrowRight, "Home": keyboard.Home, "End": keyboard.End, "F10": keyboard.F10, "F9": keyboard.F9, "F1": keyboard.F1, "Space": " "}
		if k, ok := named[key]; ok {
			key = k
		}
		p.stroke(t, []rune(key)[0], mods)
	}
}

// stroke presses one key as a keyboard does: what a page prevents on its way down writes
// nothing. chromedp's own KeyEvent writes all the same.
func (p *tab) stroke(t testing.TB, r rune, mods keyboard.Modifier) {
	t.Helper()
	down := input.DispatchKeyEventParams{Key: string(r), Text: string(r), UnmodifiedText: string(r)}
	if k := keyboard.Keys[r]; k != nil {
		down = input.DispatchKeyEventParams{Key: k.Key, Code: k.Code, Text: k.Text, UnmodifiedText: k.Unmodified, NativeVirtualKeyCode: k.Native, WindowsVirtualKeyCode: k.Windows}
	}
	down.Type, down.Modifiers = keyboard.KeyDown, int64(mods)
	if mods&^keyboard.ModifierShift != 0 {
		down.Text, down.UnmodifiedText = "", ""
	}
	up := down
	up.Type, up.Text, up.UnmodifiedText = keyboard.KeyUp, "", ""
	for _, e := range []input.DispatchKeyEventParams{down, up} {
		if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, e); err != nil {
			t.Fatal(err)
		}
	}
}

// types types a text, letter by letter.
func (p *tab) types(t testing.TB, text string) {
	t.Helper()
	for _, r := range text {
		p.stroke(t, r, 0)
	}
}

// caret puts the caret into a block, so many code points from its beginning.
func (p *tab) caret(t testing.TB, block string, at ...int) {
	t.Helper()
	p.do(t, fmt.Sprintf("editor.select(%q, %d, %d)", block, at[0], at[len(at)-1]))
}

// edit opens the editor in a browser and sees that it is there.
func edit(t testing.TB, b *bench, width, height int64) *tab {
	t.Helper()
	p := startBrowser(t).open(t, b.url, true, width, height)
	p.scheme(t, "light")
	p.quiet(t, "editor")
	p.do(t, "window.editor")
	return p
}
