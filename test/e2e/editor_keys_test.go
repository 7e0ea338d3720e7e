//go:build e2e

package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"dateline/internal/richtext"
)

var freshID = regexp.MustCompile(`\bb[0-9][0-9a-z]{11}\b`)

// plainIDs writes names that the editor has made as B1, B2 … in their order.
func plainIDs(stored string) string {
	names := map[string]string{}
	return freshID.ReplaceAllStringFunc(stored, func(id string) string {
		if names[id] == "" {
			names[id] = fmt.Sprintf("B%d", len(names)+1)
		}
		return names[id]
	})
}

// sound holds that what the editor gives can be stored, and is what the sanitiser
// would leave alone.
func soundBody(t *testing.T, name, stored string) {
	t.Helper()
	if _, err := richtext.Parse(stored); err != nil {
		t.Errorf("%s: %v\n%s", name, err, stored)
	}
	if d, _ := richtext.FromHTML(stored, richtext.Options{}); d.Store() != stored {
		t.Errorf("%s: the sanitiser changes what the editor gives:\n%s\n%s", name, stored, d.Store())
	}
}

// act is a step of a test of keys: text to type after a blank, keys without one, a
// place of the caret as @block:offset or @block:from-to.
func (p *tab) act(t *testing.T, steps string) {
	t.Helper()
	for _, step := range strings.Split(steps, " | ") {
		switch {
		case strings.HasPrefix(step, "@"):
			block, at, _ := strings.Cut(step[1:], ":")
			var from, to int
			if n, _ := fmt.Sscanf(at, "%d-%d", &from, &to); n < 2 {
				to = from
			}
			p.caret(t, block, from, to)
		case strings.HasPrefix(step, "'"):
			p.types(t, step[1:])
		default:
			p.keys(t, strings.Fields(step)...)
		}
	}
}

// Whatever a key does, the text that is stored says.
func TestEditorKeys(t *testing.T) {
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	for _, c := range []struct{ name, before, steps, want string }{
		{"typing", ``, "'Hello, | Enter | 'there", `<p id="B1">Hello,</p>/<p id="B2">there</p>`},
		{"typing Kazakh", ``, "'Қазақстан әлемі өңірде ғұлама һәм үміт", `<p id="B1">Қазақстан әлемі өңірде ғұлама һәм үміт</p>`},
		{"typing Russian", ``, "'Съешь ещё этих мягких булок", `<p id="B1">Съешь ещё этих мягких булок</p>`},
		{"a split keeps the name with the first half", `<p id="b1">one two</p>`, "@b1:4 | Enter", `<p id="b1">one</p>/<p id="B1">two</p>`},
		{"a split before the first word keeps it with the words", `<p id="b1">one</p>`, "@b1:0 | Enter", `<p id="b1">one</p>`},
		{"a split at the end keeps it with the words", `<p id="b1">one</p>`, "@b1:3 | Enter | 'x", `<p id="b1">one</p>/<p id="B1">x</p>`},
		{"joining", `<p id="b1">one</p>/<p id="b2">two</p>`, "@b2:0 | Backspace", `<p id="b1">onetwo</p>`},
		{"spaces are single and not at the ends", ``, "'  one   two  ", `<p id="B1">one two</p>`},
		{"break", `<p id="b1">onetwo</p>`, "@b1:3 | Shift-Enter", `<p id="b1">one<br>two</p>`},
		{"two breaks are a paragraph", `<p id="b1">onetwo</p>`, "@b1:3 | Shift-Enter | Shift-Enter", `<p id="b1">one</p>/<p id="B1">two</p>`},
		{"bold", `<p id="b1">one two</p>`, "@b1:4-7 | Mod-b", `<p id="b1">one <strong>two</strong></p>`},
		{"bold, italic, struck", `<p id="b1">one two</p>`, "@b1:4-7 | Mod-i Mod-b Mod-Shift-x", `<p id="b1">one <strong><em><s>two</s></em></strong></p>`},
		{"no marks", `<p id="b1">one <strong><em>two</em></strong></p>`, "@b1:0-7 | Mod-\\", `<p id="b1">one two</p>`},
		{"sub, sup, code, quotation", `<p id="b1">abcd</p>`, "@b1:0-1 | Mod-, | @b1:1-2 | Mod-. | @b1:2-3 | Mod-e | @b1:3-4 | Mod-Alt-s", `<p id="b1"><sub>a</sub><sup>b</sup><code>c</code><q>d</q></p>`},
		{"isolate", `<p id="b1">ab</p>`, "@b1:0-1 | Mod-Alt-b", `<p id="b1"><bdi>a</bdi>b</p>`},
		{"subhead keeps the name", `<p id="b1">one</p>`, "@b1:0 | Mod-Alt-2", `<h2 id="b1">one</h2>`},
		{"subhead, third and fourth level", `<p id="b1">one</p>/<p id="b2">two</p>`, "@b1:0 | Mod-Alt-3 | @b2:0 | Mod-Alt-4", `<h3 id="b1">one</h3>/<h4 id="b2">two</h4>`},
		{"paragraph again", `<h2 id="b1">one</h2>`, "@b1:0 | Mod-Alt-0", `<p id="b1">one</p>`},
		{"backspace at a subhead's beginning", `<p id="b1">x</p>/<h2 id="b2">one</h2>`, "@b2:0 | Backspace", `<p id="b1">x</p>/<p id="b2">one</p>`},
		{"after a subhead a paragraph", `<h2 id="b1">one</h2>`, "@b1:3 | Enter | 'two", `<h2 id="b1">one</h2>/<p id="B1">two</p>`},
		{"pull quote", `<p id="b1">one</p>`, "@b1:0 | Mod-Alt-5", `<p id="b1" class="pull">one</p>`},
		{"quotation keeps the name; Enter leads to the speaker and out", `<p id="b1">Words.</p>`, "@b1:6 | Mod-Shift-9 | Enter Enter | 'A. Speaker | Enter | 'after", `<blockquote id="b1" class="q"><p>Words.</p><footer>A. Speaker</footer></blockquote>/<p id="B1">after</p>`},
		{"quotation and back", `<p id="b1">Words.</p>`, "@b1:3 | Mod-Shift-9 | Mod-Shift-9", `<p id="b1">Words.</p>`},
		{"two paragraphs quoted", `<p id="b1">a</p>/<p id="b2">b</p>`, "@b1:0 | Shift-ArrowDown Shift-End | Mod-Shift-9", `<blockquote id="b1" class="q"><p>a</p><p>b</p></blockquote>`},
		{"backspace at a speaker's beginning", `<blockquote id="b1" class="q"><p>Words.</p><footer>Who</footer></blockquote>`, "@b1:9 | Backspace | 'x", `<blockquote id="b1" class="q"><p>Words.x</p><footer>Who</footer></blockquote>`},
		{"aside", `<p id="b1">a</p>`, "@b1:0 | Mod-Alt-6", `<aside id="b1"><p>a</p></aside>`},
		{"out of an aside by an empty line", `<aside id="b1"><p>a</p></aside>`, "@b1:1 | Enter Enter | 'b", `<aside id="b1"><p>a</p></aside>/<p id="B1">b</p>`},
		{"list keeps the name", `<p id="b1">a</p>`, "@b1:1 | Mod-Shift-8 | Enter | 'b", `<ul id="b1"><li>a</li><li>b</li></ul>`},
		{"list and back", `<p id="b1">a</p>`, "@b1:1 | Mod-Shift-8 | Mod-Shift-8", `<p id="b1">a</p>`},
		{"numbers instead of dots", `<ul id="b1"><li>a</li></ul>`, "@b1:0 | Mod-Shift-7", `<ol id="b1"><li>a</li></ol>`},
		{"deeper and back", `<ul id="b1"><li>a</li><li>b</li></ul>`, "@b1:2 | Tab | Enter | 'c | Shift-Tab", `<ul id="b1"><li>a</li><li>cb</li></ul>`},
		{"out of a list by an empty item", `<ul id="b1"><li>a</li></ul>`, "@b1:1 | Enter Enter | 'b", `<ul id="b1"><li>a</li></ul>/<p id="B1">b</p>`},
		{"code", `<p id="b1">a</p>`, "@b1:1 | Mod-Alt-7 | Enter | 'b | Mod-Enter | 'c", "<pre id=\"b1\"><code>a\nb</code></pre>/<p id=\"B1\">c</p>"},
		{"rule", `<p id="b1">a</p>/<p id="b2">b</p>`, "@b1:1 | Mod-Alt--", `<p id="b1">a</p>/<hr id="B1">/<p id="b2">b</p>`},
		{"footnote and back", `<p id="b1">one two</p>`, "@b1:3 | Mod-Alt-f | 'Note. | Enter | '!", `<p id="b1">one<a class="fn" href="#B1"></a>! two</p>/<aside id="B1" class="note">Note.</aside>`},
		{"an empty footnote goes with its reference", `<p id="b1">one</p>`, "@b1:3 | Mod-Alt-f | Backspace | 'x", `<p id="b1">onex</p>`},
		{"table", `<p id="b1">a</p>`, "@b1:1 | Mod-Alt-t | 'Caption | Enter | 'A | Tab | 'B | Tab | '1 | Tab | '2", `<p id="b1">a</p>/<table id="B1"><caption>Caption</caption><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr><tr><td></td><td></td></tr></tbody></table>`},
		{"a new row behind the last cell", `<table id="b1"><tbody><tr><td>a</td><td>b</td></tr></tbody></table>`, "@b1:2 | Tab | 'c", `<table id="b1"><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></tbody></table>`},
		{"Enter goes down a column and out", `<table id="b1"><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>`, "@b1:1 | Enter | 'x | Enter | 'y", `<table id="b1"><tbody><tr><td>a</td></tr><tr><td>bx</td></tr></tbody></table>/<p id="B1">y</p>`},
		{"backspace in an empty cell stays", `<table id="b1"><tbody><tr><td>a</td><td></td></tr></tbody></table>`, "@b1:1 | Tab | Backspace Backspace | 'x", `<table id="b1"><tbody><tr><td>a</td><td>x</td></tr></tbody></table>`},
		{"block up and down", `<p id="b1">a</p>/<p id="b2">b</p>/<p id="b3">c</p>`, "@b3:0 | Alt-ArrowUp Alt-ArrowUp | @b1:0 | Alt-ArrowDown", `<p id="b3">c</p>/<p id="b2">b</p>/<p id="b1">a</p>`},
		{"remove", `<p id="b1">a</p>/<hr id="b2">/<p id="b3">c</p>`, "@b1:0 | Mod-Shift-Backspace", `<hr id="b2">/<p id="b3">c</p>`},
		{"undo and redo", `<p id="b1">a</p>`, "@b1:1 | 'x | Mod-z | Mod-z | Mod-Shift-z", `<p id="b1">ax</p>`},
		{"picture", `<p id="b1">a</p>`, "@b1:1 | Mod-Alt-p | 'Caption | Enter | 'after", `<p id="b1">a</p>/<figure id="B1"><img src="ref:media/2" alt="An apricot tree"><figcaption>Caption</figcaption></figure>/<p id="B2">after</p>`},
		{"gallery of a picture", `<figure id="b1"><img src="ref:media/1"><figcaption>One</figcaption></figure>`, "@b1:0 | Mod-Alt-g", `<figure id="b1" class="gallery"><figure><img src="ref:media/1"><figcaption>One</figcaption></figure><figure><img src="ref:media/2" alt="An apricot tree"></figure></figure>`},
		{"one of two pictures goes", `<figure id="b1" class="gallery"><figure><img src="ref:media/1"></figure><figure><img src="ref:media/3"><figcaption>Two</figcaption></figure></figure>`, "@b1:0 | Mod-Shift-Backspace", `<figure id="b1"><img src="ref:media/1"></figure>`},
		{"link", `<p id="b1">one two</p>`, "@b1:4-7 | Mod-k | 'example.com/a | Enter", `<p id="b1">one <a href="https://example.com/a">two</a></p>`},
		{"link with its own words", `<p id="b1">one</p>`, "@b1:3 | Mod-k | 'example.com | Enter | '.", `<p id="b1">one<a href="https://example.com">example.com</a>.</p>`},
		{"language", `<p id="b1">le mot</p>`, "@b1:3-6 | Mod-Alt-l | 'FR | Enter", `<p id="b1">le <span lang="fr">mot</span></p>`},
		{"abbreviation", `<p id="b1">WHO</p>`, "@b1:0-3 | Mod-Alt-a | 'World Health Organization | Enter", `<p id="b1"><abbr title="World Health Organization">WHO</abbr></p>`},
		{"card", `<p id="b1">a</p>`, "@b1:1 | Mod-Alt-k | 'example.com/film | Tab | 'A film | Enter", `<p id="b1">a</p>/<figure id="B1" class="card"><a href="https://example.com/film">A film</a></figure>`},
		{"an address alone is stored as a card", ``, "'https://example.com/x", `<figure id="B1" class="card"><a href="https://example.com/x">https://example.com/x</a></figure>`},
		{"typography, the offer at the caret", `<p id="b1">He said "yes" - and left...</p>`, "wait | @b1:27 | Alt-Enter | @b1:16 | Alt-Shift-Enter | @b1:16 | Alt-Enter", `<p id="b1">He said "yes” - and left…</p>`},
		{"no block is deleted by joining a table", `<table id="b1"><tbody><tr><td>a</td></tr></tbody></table>/<p id="b2">b</p>`, "@b2:0 | Backspace | @b2:1 | 'x", `<table id="b1"><tbody><tr><td>a</td></tr></tbody></table>/<p id="b2">bx</p>`},
	} {
		stored := strings.ReplaceAll(c.before, "/<", "\n<")
		if stored != "" {
			stored += "\n"
		}
		p.do(t, fmt.Sprintf("again(%q)", stored))
		for _, part := range strings.Split(c.steps, " | ") {
			if part == "wait" { // for the typographer to have looked
				p.holds(t, `document.querySelector(".dl-typo")`)
				continue
			}
			p.act(t, part)
		}
		got := p.stored(t)
		soundBody(t, c.name, got)
		if got := strings.ReplaceAll(strings.TrimSuffix(plainIDs(got), "\n"), "\n<", "/<"); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
	p.quiet(t, "editor")
}
