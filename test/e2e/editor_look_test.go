//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Every kind of block, in three languages.
var sample = map[string]string{
	"en": `<p id="b1">There was no ribbon and no band. At 07:46 a woman in an orange vest raised a flag, the engine sighed, and the four wagons, <strong>washed the night before</strong> by the pupils of <a href="https://example.com/school">School No. 7</a>, began to move.<a class="fn" href="#b20"></a></p>
<aside id="b20" class="note">The bearing of the third pier was replaced in August.</aside>
<h2 id="b2">At walking pace</h2>
<p id="b3">The train needed seven minutes for 412 metres. That is 3.6 kilometres an hour - and it was not meant to be more... Between the second and the third pier the engine stopped for forty seconds. Nobody on the bank said a word, and somebody's tea went cold. <q>Quoted</q>, <span lang="fr">mot juste</span>, H<sub>2</sub>O, <abbr title="World Health Organization">WHO</abbr>, <code>x &lt; y</code>.</p>
<blockquote id="b4" class="q"><p>“Iron does not forget. We wanted to hear what it had kept in mind all these years.”</p><footer>Ermek Sartbai, bridge engineer</footer></blockquote>
<p id="b5" class="pull">Iron does not forget. You have to walk slowly and ask nothing.</p>
<figure id="b6"><img src="ref:media/1" alt="A green engine pulls four red wagons"><figcaption>TE-114 on the second span, 07:52. <span class="credit">Drawing: The Tasozen Lamp</span></figcaption></figure>
<ul id="b7"><li>one<ul><li>nested</li></ul></li><li>two</li></ul>
<ol id="b8" start="3"><li>three</li><li>four</li></ol>
<table id="b9"><caption>The old bridge in figures</caption><thead><tr><th>Span</th><th class="r">Length, m</th></tr></thead><tbody><tr><th>First, right bank</th><td class="r">104</td></tr><tr><th>Second</th><td class="r">106</td></tr></tbody></table>
<aside id="b10"><h3>How it is measured</h3><p>In each of them sits a sensor for strain and temperature.</p></aside>
<figure id="b11" class="gallery"><figure><img src="ref:media/2"><figcaption>Apricots</figcaption></figure><figure><img src="ref:media/3"></figure><figcaption>Two drawings</figcaption></figure>
<hr id="b12">
<pre id="b13"><code>if a &lt; b {
	go()
}</code></pre>
<figure id="b14" class="card"><a href="https://example.com/film">A film of the crossing</a></figure>
<p id="b15">The next test is in a fortnight: this time the wagons will be filled with sand.</p>
`,
	"ru": `<p id="b1">Не было ни ленточки, ни оркестра. В 7:46 женщина в оранжевом жилете подняла флажок, тепловоз вздохнул - и четыре вагона, <strong>вымытые накануне</strong> учениками школы № 7, тронулись с места...</p>
<h2 id="b2">Шагом</h2>
<p id="b3">На 412 метров поезду понадобилось семь минут. Газета "Тасозенская лампа" писала об этом в 2015 году.</p>
<blockquote id="b4" class="q"><p>Железо ничего не забывает - оно "помнит".</p><footer>Ермек Сартбай, инженер</footer></blockquote>
<p id="b5">Следующее испытание через две недели.</p>
`,
	"kk": `<p id="b1">Лента да, оркестр те болған жоқ. Сағат 7:46-да қызғылт сары кеудеше киген әйел жалауша көтерді, тепловоз күрсініп қойды - төрт вагон қозғала бастады.</p>
<h2 id="b2">Адым жылдамдығымен</h2>
<p id="b3">412 метр жолға жеті минут кетті. «Тасөзен шамы» газеті бұл туралы 2015 жылы жазған еді ғой.</p>
<p id="b4">Келесі сынақ екі аптадан кейін.</p>
`,
}

// TestEditorShots makes pictures for people to look at, in the folder DATELINE_SHOTS.
func TestEditorShots(t *testing.T) {
	dir := os.Getenv("DATELINE_SHOTS")
	if dir == "" {
		return // nothing to look at was asked for
	}
	b := startBrowser(t)
	for _, l := range []string{"en", "ru", "kk"} {
		p := b.open(t, editing(t, sample[l], l, l).url, true, 1440, 900)
		for _, look := range []look{{scheme: "light", width: 1440}, {scheme: "dark", width: 1440}, {scheme: "light", width: 360}, {scheme: "dark", width: 360}} {
			p.as(t, look)
			p.holds(t, `[...document.images].every(i => i.complete)`)
			name := filepath.Join(dir, fmt.Sprintf("editor-%s-%d-%s.png", l, look.width, look.scheme))
			if err := os.WriteFile(name, p.shot(t), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		p.close()
	}
}
