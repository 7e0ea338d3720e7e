//go:build e2e && bench

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
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

// BenchmarkEditorKeystroke types into a text of 10,000 words, at its beginning, in its
// middle and at its end, with the typographer, colleagues' carets and comments at work
// and the text being saved. A keystroke is what the page's thread does from the key's
// event until the text is laid out anew; what waits for the screen is not in it.
func BenchmarkEditorKeystroke(b *testing.B) {
	body := long(11_000) // 10,083 words as the editor counts them
	server := editing(b, body, "ru", "ru")
	p := startBrowser(b).open(b, server.url, true, 1280, 900)
	p.do(b, "window.editor")
	words := eval[int](b, p, "editor.length().words")
	blocks := strings.Count(body, "\n")
	p.do(b, `(() => {
		const list = [];
		editor.view.state.doc.forEach((k, pos, i) => { if (i % 10 === 3) list.push({ kind: "comment", id: "c" + i, block: k.attrs.id, from: 2, to: 12 }); });
		list.push({ kind: "cursor", id: "u", block: list[2].block, offset: 3, name: "Данияр" });
		editor.setDecorations(list);
		window.costs = []; window.long = []; window.seen = [];
		new PerformanceObserver(l => l.getEntries().forEach(e => long.push(e.duration))).observe({ type: "longtask" });
		new PerformanceObserver(l => l.getEntries().forEach(e => { if (e.name === "keydown") seen.push(e.duration); })).observe({ type: "event", durationThreshold: 16 });
		let t0 = 0;
		editor.view.dom.addEventListener("keydown", () => t0 = performance.now(), true);
		const port = new MessageChannel();
		port.port1.onmessage = () => { void editor.view.dom.offsetHeight; costs.push(performance.now() - t0); };
		editor.view.dom.addEventListener("input", () => port.port2.postMessage(0));
		return true;
	})()`)
	time.Sleep(2 * time.Second) // the first looks are over
	for _, c := range []struct{ name, place string }{
		{"beginning", `editor.select("b1", 10)`},
		{"middle", `(() => { const d = editor.view.state.doc; let i = d.childCount >> 1; while (d.child(i).type.name !== "paragraph") i++; return editor.select(d.child(i).attrs.id, 20); })()`},
		{"end", `(() => { const d = editor.view.state.doc; let i = d.childCount - 1; while (d.child(i).type.name !== "paragraph") i--; return editor.select(d.child(i).attrs.id, 5); })()`},
	} {
		b.Run(c.name, func(b *testing.B) {
			p.do(b, c.place)
			p.do(b, "(costs.length = long.length = seen.length = 0, true)")
			n := 0
			for b.Loop() {
				p.types(b, string([]rune("қазақ тілі и русский, ")[n%22]))
				time.Sleep(60 * time.Millisecond)
				n++
			}
			costs := eval[[]float64](b, p, "costs")
			slices.Sort(costs)
			at := func(share float64) float64 { return costs[min(len(costs)-1, int(share*float64(len(costs))))] }
			late := eval[[]float64](b, p, "long")
			slices.Sort(late)
			longest := 0.0
			if len(late) > 0 {
				longest = late[len(late)-1]
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(at(0.5), "ms-median")
			b.ReportMetric(at(0.95), "ms-p95")
			b.ReportMetric(costs[len(costs)-1], "ms-most")
			b.ReportMetric(float64(len(late)), "tasks>50ms")
			b.ReportMetric(longest, "ms-longest-task")
			b.ReportMetric(float64(len(eval[[]float64](b, p, "seen.filter(d => d > 48)"))), "keys>48ms-to-screen")
			b.Logf("%d words in %d blocks, %d keys, saved %d times", words, blocks, len(costs), len(server.saves))
		})
	}
}
