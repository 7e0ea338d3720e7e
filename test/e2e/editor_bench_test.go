//go:build e2e && bench

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"
)

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
		return true;
	})()`)
	p.costs(b)
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
			p.cost(b)
			b.Logf("%d words in %d blocks; saved %d times", words, blocks, len(server.saves))
		})
	}
}

// costs has the page note what every key costs from now on.
func (p *tab) costs(b *testing.B) {
	b.Helper()
	p.do(b, `(() => {
		window.costs = []; window.long = []; window.seen = [];
		new PerformanceObserver(l => l.getEntries().forEach(e => long.push(e.duration))).observe({ type: "longtask" });
		new PerformanceObserver(l => l.getEntries().forEach(e => { if (e.name === "keydown") seen.push(e.duration); })).observe({ type: "event", durationThreshold: 16 });
		let t0 = 0;
		const doc = document.querySelector(".dl-doc"), port = new MessageChannel();
		addEventListener("keydown", () => t0 = performance.now(), true);
		port.port1.onmessage = () => { void doc.offsetHeight; costs.push(performance.now() - t0); };
		doc.addEventListener("input", () => port.port2.postMessage(0));
		return true;
	})()`)
}

// cost reports what they cost.
func (p *tab) cost(b *testing.B) {
	b.Helper()
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
}
