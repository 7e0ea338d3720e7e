//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dateline/internal/richtext"
)

// paste puts HTML, or text, on a clipboard and that into the editor.
func (p *tab) paste(t *testing.T, html, text string) {
	t.Helper()
	p.do(t, fmt.Sprintf(`(() => {
		const data = new DataTransfer();
		if (%[1]q) data.setData("text/html", %[1]q);
		if (%[2]q) data.setData("text/plain", %[2]q);
		editor.view.dom.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
		return true;
	})()`, html, text))
}

// What word processors, chats and pages put on the clipboard comes out clean, and
// reading it asks nobody for anything.
func TestEditorPaste(t *testing.T) {
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	files, err := filepath.Glob("testdata/paste/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		a := txtar.Parse(raw)
		part := map[string]string{}
		for _, f := range a.Files {
			part[f.Name] = string(f.Data)
		}
		lang := regexp.MustCompile(`(?m)^lang: (\w+)$`).FindStringSubmatch(string(a.Comment))[1]
		p.do(t, fmt.Sprintf("again(%q, { lang: %q })", "", lang))
		p.paste(t, part["clipboard.html"], part["clipboard.txt"])
		got := p.stored(t)
		soundBody(t, name, got)
		if got := plainIDs(got); got != part["stored"] {
			t.Errorf("%s: %s\n%s", name, differ(part["stored"], got), got)
		}
		if strings.Contains(string(a.Comment), "same: FromHTML") {
			d, _ := richtext.FromHTML(part["clipboard.html"], richtext.Options{Lang: lang, Foreign: true})
			if want := sameIDs(d.Store()); sameIDs(got) != want {
				t.Errorf("%s: the server would read it otherwise: %s", name, differ(want, sameIDs(got)))
			}
		}
	}
	p.quiet(t, "editor")
}

var anyID = regexp.MustCompile(`(id="|href="#)(b[0-9][0-9a-z]*)"`)

// sameIDs numbers the names of blocks in the order in which they are met.
func sameIDs(stored string) string {
	names := map[string]string{}
	return anyID.ReplaceAllStringFunc(stored, func(m string) string {
		part := anyID.FindStringSubmatch(m)
		if names[part[2]] == "" {
			names[part[2]] = fmt.Sprintf("B%d", len(names)+1)
		}
		return part[1] + names[part[2]] + `"`
	})
}

// Where something is pasted matters, and so do names: a copy has its own.
func TestEditorPasteWhere(t *testing.T) {
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	for _, c := range []struct{ name, before, at, html, text, want string }{
		{"into a line", `<p id="b1">one three</p>`, "@b1:4", "<b>two</b> ", "two ", `<p id="b1">one <strong>two</strong>three</p>`},
		{"several paragraphs into one", `<p id="b1">onethree</p>`, "@b1:3", "<p>a</p><p>b</p>", "", `<p id="b1">onea</p>/<p id="B1">bthree</p>`},
		{"into a subhead it is a line", `<h2 id="b1">Head</h2>`, "@b1:4", "<p>a</p><p>b</p>", "", `<h2 id="b1">Heada<br>b</h2>`},
		{"into a cell it is a line", `<table id="b1"><tbody><tr><td>x</td></tr></tbody></table>`, "@b1:1", "<p>a</p><ul><li>b</li></ul>", "", `<table id="b1"><tbody><tr><td>xa<br>b</td></tr></tbody></table>`},
		{"into a caption it is a line", `<figure id="b1"><img src="ref:media/1"><figcaption>C</figcaption></figure>`, "@b1:1", "<p>a</p><p>b</p>", "", `<figure id="b1"><img src="ref:media/1"><figcaption>Ca<br>b</figcaption></figure>`},
		{"into a note it is a line", `<p id="b1">x<a class="fn" href="#b2"></a></p>/<aside id="b2" class="note">N</aside>`, "@b2:1", "<p>a</p><p>b</p>", "", `<p id="b1">x<a class="fn" href="#b2"></a></p>/<aside id="b2" class="note">Na<br>b</aside>`},
		{"into code it is text", "<pre id=\"b1\"><code>x</code></pre>", "@b1:1", "<b>y</b>", "y\nz", "<pre id=\"b1\"><code>xy\nz</code></pre>"},
		{"an address over words links them", `<p id="b1">one two</p>`, "@b1:4-7", "", "https://example.com/a", `<p id="b1">one <a href="https://example.com/a">two</a></p>`},
		{"an address alone is a card", `<p id="b1">one</p>`, "@b1:3 | Enter", "", "https://example.com/a", `<p id="b1">one</p>/<figure id="B1" class="card"><a href="https://example.com/a">https://example.com/a</a></figure>`},
		{"an address within words is a link", `<p id="b1">see </p>`, "@b1:3 | ' ", "", "https://example.com/a", `<p id="b1">see <a href="https://example.com/a">https://example.com/a</a></p>`},
		{"what claims our names has none", `<p id="b1">one</p>`, "@b1:3 | Enter", `<p data-block="b1" id="b1">two</p><h2 data-block="b7">x</h2>`, "", `<p id="b1">one</p>/<p id="B1">two</p>/<h2 id="B2">x</h2>`},
		{"references of ours are not believed", `<p id="b1">one</p>`, "@b1:3 | Enter", `<p><a href="ref:article/7">a</a> <img src="ref:media/3"> <a href="#b1">b</a></p>`, "", `<p id="b1">one</p>/<p id="B1">a b</p>`},
	} {
		before := strings.ReplaceAll(c.before, "/<", "\n<") + "\n"
		p.do(t, fmt.Sprintf("again(%q)", before))
		p.act(t, c.at)
		p.paste(t, c.html, c.text)
		got := p.stored(t)
		soundBody(t, c.name, got)
		if got := strings.ReplaceAll(strings.TrimSuffix(plainIDs(got), "\n"), "\n<", "/<"); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}

	// What is copied here and pasted here is what it was, under new names: notes with
	// their references, pictures, links.
	body := `<p id="b1">one<a class="fn" href="#b2"></a> <a href="ref:article/7">own</a> <span lang="fr">mot</span></p>
<aside id="b2" class="note">Note.</aside>
<figure id="b3"><img src="ref:media/1" alt="A"><figcaption>C <span class="credit">X</span></figcaption></figure>
<table id="b4"><caption>T</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td class="r">1</td></tr></tbody></table>
<figure id="b5" class="card"><a href="https://example.com/">T</a></figure>
<blockquote id="b6" class="q"><p>q</p><ul><li>x</li></ul><footer>w</footer></blockquote>
<figure id="b7" class="gallery"><figure><img src="ref:media/1"></figure><figure><img src="ref:media/2"></figure><figcaption>G</figcaption></figure>
<aside id="b8"><h3>H</h3><p>p</p></aside>
<pre id="b9"><code>a
	b</code></pre>
<ol id="b10" start="3"><li>a<ul><li>b</li></ul></li></ol>
<p id="b11">end</p>
`
	p.do(t, fmt.Sprintf("again(%q)", body))
	p.do(t, `(() => {
		const v = editor.view, data = new DataTransfer();
		const Text = v.state.selection.constructor;
		v.dispatch(v.state.tr.setSelection(Text.create(v.state.doc, 1, v.state.doc.content.size - 1)));
		const copy = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true });
		v.dom.dispatchEvent(copy);
		again("");
		editor.view.dom.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
		return data.getData("text/html").includes("data-dateline");
	})()`)
	got := p.stored(t)
	soundBody(t, "copied", got)
	if sameIDs(got) != sameIDs(body) {
		t.Errorf("copied: %s\n%s", differ(sameIDs(body), sameIDs(got)), got)
	}
	if m := regexp.MustCompile(`id="b[0-9]+"`).FindString(got); m != "" {
		t.Errorf("a copy has the name of what was copied: %s", m)
	}
	p.quiet(t, "editor")
}
