//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"dateline/internal/richtext"
)

// At random somebody selects, types, presses keys and buttons. The text always fits
// the vocabulary, can always be stored, and undoing all of it brings back every byte.
func TestEditorByChance(t *testing.T) {
	p := edit(t, editing(t, "", "ru", "ru"), 1280, 900)
	bodies, err := json.Marshal(randomBodies(80, 3, true))
	if err != nil {
		t.Fatal(err)
	}
	type result struct {
		Was, Again, Fault string
		Stored            []string
		Steps             []string
		IDs               [][]string
	}
	got := eval[[]result](t, p, `(bodies => {
		let seed = 11;
		const random = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
		const names = ["paragraph", "heading2", "heading4", "quote", "pull", "aside", "bullets", "numbered", "codeblock", "table", "rule", "footnote", "strong", "em", "struck", "sub", "sup", "code", "said", "isolate", "plain",
			"indent", "outdent", "up", "down", "leave", "break", "rowBefore", "rowAfter", "rowDelete", "colBefore", "colAfter", "colDelete", "headRow", "headCell", "figures", "merge", "split", "remove", "take"];
		const keys = ["Enter", "Enter", "Backspace", "Backspace", "Delete", "Tab"];
		const words = ["слово", " ", "x ", "«да»", "a&b", "é"];
		return bodies.map(body => {
			const r = { was: body, again: "", fault: "", stored: [], steps: [], ids: [] };
			try {
				again(body);
				const view = editor.view, Text = view.state.selection.constructor.between ? view.state.selection.constructor : null;
				for (let i = 0; i < 25; i++) {
					const size = view.state.doc.content.size;
					if (Text && random(3) > 0) {
						const a = random(size + 1), b = random(3) ? a : Math.min(size, a + random(40));
						view.dispatch(view.state.tr.setSelection(Text.between(view.state.doc.resolve(a), view.state.doc.resolve(b))));
						r.steps.push("select " + a + " " + b);
					}
					const what = random(10);
					if (what < 5) {
						const name = names[random(names.length)];
						r.steps.push(name);
						editor.run(name);
					} else if (what < 8) {
						const key = keys[random(keys.length)];
						r.steps.push(key);
						view.someProp("handleKeyDown", f => f(view, new KeyboardEvent("keydown", { key, bubbles: true })));
					} else {
						const word = words[random(words.length)];
						r.steps.push("'" + word);
						const { from, to, $from } = view.state.selection;
						if ($from.parent.inlineContent) view.dispatch(view.state.tr.insertText(word, from, to));
					}
					view.state.doc.check();
					r.stored.push(editor.getStored());
					r.ids.push(view.state.doc.content.content.map(k => k.attrs.id || ""));
				}
				while (editor.run("undo"));
				view.state.doc.check();
				r.again = editor.getStored();
			} catch (e) { r.fault = String(e.stack || e); }
			return r;
		});
	})(`+string(bodies)+`)`)
	for _, r := range got {
		where := func() string { return strings.Join(r.Steps, "; ") + "\n" + r.Was }
		if r.Fault != "" {
			t.Fatalf("%s\n%s", r.Fault, where())
		}
		if r.Again != r.Was {
			t.Fatalf("undoing everything leaves something: %s\n%s", differ(r.Was, r.Again), where())
		}
		for _, stored := range r.Stored {
			if _, err := richtext.Parse(stored); err != nil {
				t.Fatalf("%v\n%s\n%s", err, stored, where())
			}
			d, _ := richtext.FromHTML(stored, richtext.Options{})
			if again := d.Store(); again != stored {
				t.Fatalf("the sanitiser changes what the editor gives: %s\n%s", differ(stored, again), where())
			}
		}
		// A name that is gone is never given again.
		had, gone := map[string]bool{}, map[string]bool{}
		for _, names := range r.IDs {
			now := map[string]bool{}
			for _, id := range names {
				if id == "" || now[id] || gone[id] {
					t.Fatalf("the name %q: none, twice, or given again: %v\n%s", id, names, where())
				}
				now[id] = true
			}
			for id := range had {
				gone[id] = gone[id] || !now[id]
			}
			had = now
		}
	}
	p.quiet(t, "editor")
}
