//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dateline/internal/article"
	"dateline/internal/article/editor"
	"dateline/internal/correction/report"
	"dateline/internal/db"
)

// publishes makes an article that readers have.
func (k *atDesk) publishes(lang, headline, body string) (id int64, address string) {
	k.t.Helper()
	ctx := context.Background()
	site, err := k.app.Editions.Site(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
	ed, _ := site.ByLang(lang)
	err = k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
		id, err = k.app.Articles.Begin(ctx, tx, article.Start{Publication: site.Publication.ID, Edition: ed.ID, Kind: article.Text, Staff: k.chief.ID,
			Text: article.Manuscript{Headline: headline, Standfirst: "It is so.", Body: body, Access: "free"}})
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	done, err := k.app.Editor.Publish(ctx, id, editor.Change{Version: 1, Staff: k.chief.ID, Name: k.chief.Name})
	if err != nil {
		k.t.Fatal(err)
	}
	return id, k.url + done.Path
}

// page is what readers get at an address.
func (k *atDesk) page(address string) string {
	k.t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		k.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return string(b)
}

// marks selects words of an article, across whatever stands in them.
func (p *tab) marks(t testing.TB, selector, words string) {
	t.Helper()
	p.do(t, fmt.Sprintf(`(() => {
		const root = document.querySelector(%q), all = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
		let text = "";
		while (walker.nextNode()) for (let i = 0; i < walker.currentNode.length; i++) {
			const c = walker.currentNode.data[i];
			if (c !== "\u00ad") { all.push([walker.currentNode, i]); text += c === "\u00a0" ? " " : c; }
		}
		const at = text.indexOf(%q), end = at + %[2]q.length;
		if (at < 0) return false;
		const range = document.createRange();
		range.setStart(...all[at]);
		range.setEnd(all[end - 1][0], all[end - 1][1] + 1);
		getSelection().removeAllRanges();
		getSelection().addRange(range);
		root.scrollIntoView({block: "center"});
		return true;
	})()`, selector, words))
}

// TestReport goes from a selection to the page that is right, in three languages, with
// signs of several code points, across marks: each with one key at the desk.
func TestReport(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	desk := k.signIn(k.chief)
	for _, c := range []struct{ lang, headline, body, marked, was, is, thanks string }{
		{"en", "A train crosses the bridge", `<p id="b1abc">It needed seven minutes for <strong>412</strong> metres. Nobody said a word.</p>` + "\n",
			"412 metres", "<strong>412</strong> metres", "421 metres", "Thank you! The editors have been told."},
		{"ru", "Поезд снова идёт по мосту", `<p id="b1abc">Поезд шёл семь минут по мосту длиной 412 метров — «никто не сказал ни слова».</p>` + "\n",
			"длиной 412 метров", "412", "длиной 421 метр", "Спасибо! Редакция уже знает."},
		{"kk", "Пойыз көпірден қайта өтті", `<p id="b1abc">Көпірде жүз адам жиналды 👨‍👩‍👧 қуа́нышты болды. Ешкім үндемеді.</p>` + "\n",
			"жүз адам жиналды 👨‍👩‍👧 қуа́нышты", "жүз адам", "екі жүз адам жиналды 👩🏽‍🚒 қуа́нышты", "Рақмет! Редакцияға хабарланды."},
	} {
		_, address := k.publishes(c.lang, c.headline, c.body)
		p := k.b.open(t, address, true, 1280, 900)
		p.marks(t, ".e-content", c.marked)
		p.keys(t, "Mod-Enter")
		p.holds(t, `document.querySelector("dialog.dlg")?.open && document.activeElement?.name === "suggestion"`)
		if got := eval[string](t, p, `document.querySelector(".dlg mark").textContent.replaceAll("\u00a0", " ")`); got != c.marked {
			t.Errorf("%s: the dialog shows %q", c.lang, got)
		}
		for _, l := range []look{{scheme: "light", width: 1280}, {scheme: "dark", width: 360}} {
			p.as(t, l)
			each(t, "axe, "+l.scheme, "the dialog, "+c.lang, p.axeFaults(t))
			each(t, "scrolls sideways", "the dialog, "+c.lang, p.wide(t))
		}
		// What is selected, and where the reader was, stays.
		p.keys(t, "Escape")
		p.holds(t, `!document.querySelector("dialog")`)
		if got := eval[string](t, p, `getSelection().toString().replaceAll("\u00a0", " ").replaceAll("\u00ad", "")`); got != c.marked {
			t.Errorf("%s: after Escape %q is selected", c.lang, got)
		}
		p.keys(t, "Mod-Enter")
		p.holds(t, `document.activeElement?.name === "suggestion"`)
		p.do(t, fmt.Sprintf(`(document.activeElement.value = %q, document.querySelector(".dlg [name=note]").value = "Мен білемін", true)`, c.is))
		p.keys(t, "Mod-Enter")
		p.holds(t, fmt.Sprintf(`document.activeElement?.localName === "h2" && document.activeElement.textContent === %q`, c.thanks))
		each(t, "axe", "the thanks, "+c.lang, p.axeFaults(t))
		status := eval[string](t, p, `document.querySelector(".dlg .follow a").href`)
		if kept := p.kept(t); len(kept) > 0 {
			t.Errorf("kept on the device: %v", kept)
		}
		p.quiet(t, "the dialog, "+c.lang)
		k.b.sound(t, "the status page, "+c.lang, status, twoOf(looks, 0))

		// One key at the desk; the page is right within a second.
		desk.leads(t, func() { desk.goTo(t, k.url+"/desk/reports") })
		began := time.Now()
		desk.leads(t, func() { desk.keys(t, "a") })
		took := time.Since(began)
		body := strings.NewReplacer("\u00a0", " ", "\u00ad", "").Replace(k.page(address))
		if e := c.is; !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(body, "<strong>", ""), "</strong>", ""), e) {
			t.Errorf("%s: the page does not say %q", c.lang, e)
		}
		if took > time.Second {
			t.Errorf("%s: it took %v", c.lang, took)
		}
		t.Logf("%s: the page was right after %v", c.lang, took)
		if got := strings.NewReplacer("\u00a0", " ", "\u00ad", "").Replace(k.page(status)); !strings.Contains(got, "<ins>"+c.is+"</ins>") {
			t.Errorf("%s: the status page does not say what the page says now", c.lang)
		}
		p.close()
	}
	desk.quiet(t, "the queue")
}

// TestReportTouch is the button beside what is marked, where there are no keys.
func TestReportTouch(t *testing.T) {
	k := openDesk(t)
	id, address := k.publishes("en", "A train crosses the bridge", `<p id="b1abc">It needed seven minutes for 412 metres. Nobody said a word.</p>`+"\n")
	p := k.b.open(t, address, true, 360, 740)
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	p.do(t, `matchMedia("(pointer: coarse)").matches`)
	p.marks(t, ".e-content", "412 metres")
	p.holds(t, `document.querySelector(".rep-offer")`)
	box := eval[[]float64](t, p, `(() => { const r = document.querySelector(".rep-offer").getBoundingClientRect(); return [r.left, r.right, r.top, r.bottom, r.width, r.height]; })()`)
	if box[0] < 0 || box[1] > 360 || box[2] < 0 || box[3] > 740 || box[4] < 44 || box[5] < 44 {
		t.Errorf("the button stands at %v", box)
	}
	each(t, "axe", "the button", p.axeFaults(t))
	p.press(t, ".rep-offer")
	p.holds(t, `document.querySelector("dialog.dlg")?.open`)
	if small := eval[[]string](t, p, `[...document.querySelectorAll(".dlg button, .dlg textarea, .dlg input:not([type=hidden])")].filter(e => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; }).map(e => e.outerHTML)`); len(small) > 0 {
		t.Errorf("too small for a finger: %v", small)
	}
	p.do(t, `(document.activeElement.value = "421 metres", true)`)
	p.press(t, ".rep-form [type=submit]")
	p.holds(t, `document.querySelector(".dlg h2").textContent.startsWith("Thank you")`)
	p.quiet(t, "the button")
	if list, err := k.app.Corrections.Remarks(context.Background(), k.app.DB, id, 0); err != nil || len(list) != 1 || list[0].Replacement != "421 metres" {
		t.Errorf("stored as %+v, %v", list, err)
	}
}

// TestReportForm is the form without scripts.
func TestReportForm(t *testing.T) {
	k := openDesk(t)
	_, address := k.publishes("ru", "Поезд снова идёт по мосту", `<p id="b1abc">Поезд шёл по мосту длиной 412 метров.</p>`+"\n")
	p := k.b.open(t, address, false, 360, 740)
	p.leads0(t, ".err .touch a")
	for _, c := range []struct{ exact, want string }{{"413 метров", "Таких слов в статье нет."}, {"412 метров", "Спасибо! Редакция уже знает."}} {
		p.write(t, "#rep-exact", c.exact)
		p.write(t, "#rep-suggestion", "421 метр")
		p.leads0(t, ".rep-form [type=submit]")
		if text := strings.ReplaceAll(visibleText(t, p), "\u00a0", " "); !strings.Contains(text, c.want) {
			t.Errorf("%s: %s", c.exact, text)
		}
	}
	if strange, _ := p.noted(); len(strange) > 0 { // a browser complains of a 422, which is as it is to be
		t.Errorf("others were asked: %v", strange)
	}
	k.b.sound(t, "the form", k.url+"/-/reports?article=1", twoOf(looks, 1))
}

// leads0 presses something on a page that runs no scripts of its own.
func (p *tab) leads0(t testing.TB, selector string) {
	t.Helper()
	was := eval[string](t, p, "performance.timeOrigin+''")
	p.press(t, selector)
	for range 400 {
		if now, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.readyState === 'complete' ? performance.timeOrigin+'' : ''")); err == nil && now != "" && now != was {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%s led nowhere", selector)
}

// TestReportQueue clears twenty reports with at most three keys each.
func TestReportQueue(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	const n = 20
	body := ""
	for i := range n {
		body += fmt.Sprintf("<p id=\"b%dabc\">Paragraph %d has fourty%02d wagons and nothing more to say of it.</p>\n", i, i, i)
	}
	id, address := k.publishes("en", "Twenty mistakes", body)
	for i := range n {
		err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			_, err := k.app.Reports.Add(ctx, tx, report.Sent{Article: id, Exact: fmt.Sprintf("fourty%02d", i), Suggestion: fmt.Sprintf("forty%02d", i), Note: "A word."}, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	p := k.signIn(k.chief)
	p.goTo(t, k.url+"/desk/reports")
	p.holds(t, fmt.Sprintf(`document.querySelectorAll(".rq-list li").length === %d`, n))
	p.deskSound(t, "the queue of reports")
	keys := 0
	press := func(names ...string) { keys += len(names); p.keys(t, names...) }
	for i := range n {
		before := keys
		left := eval[int](t, p, `document.querySelectorAll(".rq-list li").length`)
		switch i % 4 {
		case 0, 1:
			p.leads(t, func() { press("a") })
		case 2:
			p.leads(t, func() { press("q") })
		case 3:
			press("r")
			p.holds(t, `document.querySelector(".rq-no").open`)
			p.leads(t, func() { press("1") })
		}
		if now := eval[int](t, p, `document.querySelectorAll(".rq-list li").length`); now != left-1 || keys-before > 3 {
			t.Fatalf("report %d: %d wait after %d, %d keys", i, now, left, keys-before)
		}
	}
	t.Logf("%d reports with %d keys", n, keys)
	list, err := k.app.Corrections.Remarks(ctx, k.app.DB, id, n)
	if err != nil || len(list) != n {
		t.Fatal(len(list), err)
	}
	page := k.page(address)
	for i := range n {
		if right := strings.Contains(page, fmt.Sprintf("has forty%02d wagons", i)); right != (i%4 != 3) {
			t.Errorf("paragraph %d is right: %v", i, right)
		}
	}
	// E opens the editor there; J and K go through what was answered.
	p.leads(t, func() { p.goTo(t, k.url+"/desk/reports?order=done") })
	p.leads(t, func() { p.keys(t, "j") })
	p.leads(t, func() { p.keys(t, "k") })
	p.deskSound(t, "reports that were answered")
	p.quiet(t, "the queue")
}

// payloads are ways to have a page run what a reader writes (OWASP's filter evasion list
// and the polyglots of others, those that are told apart by where they stand).
var payloads = []string{
	`<script>window.pwned=1</script>`, `"><script>window.pwned=1</script>`, `'><img src=x onerror=window.pwned=1>`, `<svg/onload=window.pwned=1>`,
	`</textarea><img src=x onerror=window.pwned=1>`, `</title><svg onload=window.pwned=1>`, `</script><script>window.pwned=1</script>`,
	`" autofocus onfocus="window.pwned=1`, `javascript:window.pwned=1`, `<a href="javascript:window.pwned=1">x</a>`, `<iframe srcdoc="<script>parent.pwned=1</script>">`,
	`{{constructor.constructor('window.pwned=1')()}}`, `<math><mtext></mtext><mglyph><style><img src=x onerror=window.pwned=1>`, `<details open ontoggle=window.pwned=1>`,
	`<img src="http://elsewhere.example/x.png">`, `<link rel=stylesheet href="//elsewhere.example/x.css">`, `-->'"/></sCript><svG x=">" onload=(co\u006efirm)(window.pwned=1)>`,
	`jaVasCript:/*-/*` + "`" + `/*\` + "`" + `/*'/*"/**/(/* */oNcliCk=window.pwned=1 )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\x3csVg/<sVg/oNloAd=window.pwned=1//>\x3e`,
	"<p style=\"background:url(//elsewhere.example/x)\">", "\u202e<b>turned</b>",
}

// TestReportInert: what readers write is text wherever it is shown.
func TestReportInert(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	body := ""
	for i := range payloads {
		body += fmt.Sprintf("<p id=\"b%dabc\">Paragraph %d has fourty%02d wagons.</p>\n", i, i, i)
	}
	id, address := k.publishes("en", "Many a mistake", body)
	var pages []string
	for i, x := range payloads {
		token := ""
		err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
			token, err = k.app.Reports.Add(ctx, tx, report.Sent{Article: id, Exact: fmt.Sprintf("fourty%02d", i), Suggestion: x, Note: x}, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, k.url+"/-/reports/"+token)
	}
	list, err := k.app.Corrections.Remarks(ctx, k.app.DB, id, 0)
	if err != nil || len(list) != len(payloads) {
		t.Fatal(len(list), err)
	}
	p := k.signIn(k.chief)
	for _, x := range list {
		pages = append(pages, fmt.Sprintf("%s/desk/reports?id=%d", k.url, x.ID))
	}
	pages = append(pages, k.url+"/desk/", fmt.Sprintf("%s/desk/articles/%d", k.url, id))
	look := func() {
		for _, address := range pages {
			p.leads(t, func() { p.goTo(t, address) })
			if eval[bool](t, p, "!!window.pwned") {
				t.Errorf("%s: something was run", address)
			}
		}
	}
	look()
	// Some are published as they are.
	for i := range 6 {
		p.leads(t, func() { p.goTo(t, fmt.Sprintf("%s/desk/reports?id=%d", k.url, list[i].ID)) })
		p.leads(t, func() { p.keys(t, "a") })
	}
	pages = append(pages, address, k.url+"/corrections", k.url+"/desk/reports?order=done")
	look()
	p.quiet(t, "what readers write")
}
