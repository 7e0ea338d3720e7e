//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// long is a text of some 10,000 words as newsrooms write them: paragraphs, subheads,
// quotations, lists, a table, pictures, notes, links.
func long(words int) string {
	sentence := []string{"Не было ни ленточки, ни оркестра. ", "В 7:46 женщина в оранжевом жилете подняла флажок, тепловоз вздохнул, и четыре вагона, <strong>вымытые накануне</strong>, тронулись. ",
		"На 421 метр поезду понадобилось семь минут, и <a href=\"https://example.com/bridge\">больше никто не обещал</a>. ", "Кто-то сказал «наконец», и чай остыл. "}
	var b strings.Builder
	n := 0
	for i := 1; n < words; i++ {
		switch {
		case i%9 == 0:
			fmt.Fprintf(&b, "<h2 id=\"b%d\">Шагом, часть %d</h2>\n", i, i)
			n += 3
		case i%23 == 0:
			fmt.Fprintf(&b, "<blockquote id=\"b%d\" class=\"q\"><p>%s</p><footer>Ермек Сартбай</footer></blockquote>\n", i, strings.TrimSpace(sentence[0]))
			n += 8
		case i%31 == 0:
			fmt.Fprintf(&b, "<ul id=\"b%d\"><li>раз</li><li>два</li><li>три</li></ul>\n", i)
			n += 3
		case i%37 == 0:
			fmt.Fprintf(&b, "<table id=\"b%d\"><thead><tr><th>Пролёт</th><th class=\"r\">мм</th></tr></thead><tbody><tr><td>Первый</td><td class=\"r\">0,9</td></tr></tbody></table>\n", i)
			n += 4
		case i%41 == 0:
			fmt.Fprintf(&b, "<figure id=\"b%d\"><img src=\"ref:media/%d\"><figcaption>Мост</figcaption></figure>\n", i, 1+i%3)
			n++
		default:
			var p strings.Builder
			for j := range 3 {
				p.WriteString(sentence[(i+j)%len(sentence)])
			}
			note := ""
			if i%29 == 0 {
				note = fmt.Sprintf("<a class=\"fn\" href=\"#b9%d\"></a>", i)
			}
			fmt.Fprintf(&b, "<p id=\"b%d\">%s%s</p>\n", i, strings.TrimSpace(p.String()), note)
			if note != "" {
				fmt.Fprintf(&b, "<aside id=\"b9%d\" class=\"note\">Измерено лабораторией.</aside>\n", i)
			}
			n += 33
		}
	}
	return b.String()
}

// A text of 10,000 words is drawn where it is seen, and written in like any other: what
// stands far away is read out, found, and reached by the caret.
func TestEditorLong(t *testing.T) {
	server := editing(t, long(11_000), "ru", "ru")
	p := edit(t, server, 1280, 900)
	// What is inside of the first and of the last block that has something inside.
	p.do(t, `window.drawn = last => { const all = document.querySelectorAll(".dl-doc > * *"); return all[last ? all.length - 1 : 0].checkVisibility({contentVisibilityAuto: true}); }`)
	p.holds(t, "drawn(false) && !drawn(true)")
	last := eval[string](t, p, `(() => { const d = editor.view.state.doc; let i = d.childCount - 1; while (d.child(i).type.name !== "paragraph") i--; return d.child(i).attrs.id; })()`)
	p.do(t, fmt.Sprintf("editor.select(%q, 0)", last))
	p.holds(t, "drawn(true) && !drawn(false)")
	p.types(t, "Конец: ")
	p.do(t, `editor.getStored().includes("Конец: ")`)
	p.do(t, `editor.find("ленточки") > 50`)
	p.do(t, "(scrollTo(0, 0), true)")
	p.holds(t, "drawn(false)")
	// Short texts are drawn whole.
	p.do(t, `again("<p id=\"b1\">one</p>\n") && !document.querySelector(".dl-long")`)
	p.quiet(t, "a long text")
}
