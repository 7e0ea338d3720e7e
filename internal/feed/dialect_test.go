package feed

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

func dzen(t testing.TB) Dialect {
	t.Helper()
	all, err := Dialects()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(d Dialect) bool { return d.Name == "dzen" })
	if i < 0 {
		t.Fatal("no dialect dzen")
	}
	return all[i]
}

var long = "<p>" + strings.Repeat("Сөз бен сөз. ", 40) + "</p>\n"

func forDzen() Feed {
	f := sample()
	wide := Image{URL: "https://lamp.example/media/wide.jpg", Mime: "image/jpeg", Bytes: 9, Width: 1200, Height: 800, Alt: "A & b"}
	narrow := Image{URL: "https://lamp.example/media/narrow.png", Mime: "image/png", Width: 300, Height: 200}
	drawing := Image{URL: "https://lamp.example/media/d.svg", Mime: "image/svg+xml", Width: 1200, Height: 800}
	f.Items = []Item{
		{ID: "tag:lamp.example,2026:article/1", URL: "https://lamp.example/1", Title: "One", Published: noon.Add(-time.Hour), Image: &narrow, Files: []Image{wide, drawing},
			HTML: long + `<h5>Sub</h5><p><strong>x</strong><code>y</code> <mark>z</mark><br>w</p><table><tr><td>a</td><td>b</td></tr></table>` +
				`<figure><img src="/media/wide.jpg" alt="A &amp; b" loading="lazy" srcset="/x 1x"><figcaption>C</figcaption></figure>` +
				`<figure><img src="/media/d.svg" alt=""><figcaption>gone</figcaption></figure><audio src="/a.mp3">no</audio><p class="x" lang="kk"> </p>`},
		{ID: "tag:lamp.example,2026:article/2", URL: "https://lamp.example/2", Title: "Short", Published: noon, HTML: "<p>Too short.</p>"},
		{ID: "tag:lamp.example,2026:article/3", URL: "https://lamp.example/3", Title: "Old", Published: noon.Add(-73 * time.Hour), HTML: long},
		{ID: "tag:lamp.example,2026:article/4", URL: "https://lamp.example/?p=4", Title: "Parameters", Published: noon, HTML: long},
		{ID: "tag:lamp.example,2026:article/5", URL: "https://lamp.example/5", Title: "Five", Published: noon.Add(-72 * time.Hour), HTML: long},
	}
	return f
}

func TestDzen(t *testing.T) {
	d := dzen(t)
	b, left, err := d.Write(forDzen(), noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 || left[0].URL != "https://lamp.example/2" || left[1].URL != "https://lamp.example/?p=4" {
		t.Errorf("left out: %v", left)
	}
	if n := bytes.Count(b, []byte("<item>")); n != 2 {
		t.Errorf("%d items in %s", n, b)
	}
	s := string(b)
	for _, want := range []string{
		"<category>format-article</category>", "<category>index</category>", "<pdalink>https://lamp.example/1</pdalink>",
		`<media:rating scheme="urn:simple">nonadult</media:rating>`, `<h4>Sub</h4><p><b>x</b>y z w</p><p> a  b </p>`,
		`<figure><img src="https://lamp.example/media/wide.jpg" alt="A &amp; b"><figcaption>C</figcaption></figure>`,
	} {
		if !strings.Contains(s, want) {
			t.Errorf("no %s in\n%s", want, s)
		}
	}
	for _, not := range []string{"gone", "audio", ".svg", "class=", "lang=", "Parameters", "Old", "srcset", "<mark", "<table"} {
		if strings.Contains(s, not) {
			t.Errorf("%s in\n%s", not, s)
		}
	}
	// The wide picture becomes the cover.
	if i, j := strings.Index(s, `enclosure url="https://lamp.example/media/wide.jpg"`), strings.Index(s, `enclosure url="https://lamp.example/media/narrow.png"`); i < 0 || j < i {
		t.Errorf("the wide one at %d, the narrow one at %d", i, j)
	}
}

// TestDzenHidden: an article that search engines are kept from is offered as
// one, and its neighbours are not.
func TestDzenHidden(t *testing.T) {
	d, f := dzen(t), forDzen()
	f.Items[0].Hidden = true
	b, _, err := d.Write(f, noon)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"format-article, noindex, comment-all", "format-article, index, comment-all"} {
		var got []string
		for _, part := range strings.Split(strings.Split(string(b), "<item>")[i+1], "<category>")[1:] {
			c, _, _ := strings.Cut(part, "<")
			got = append(got, c)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("item %d: %v, want %s", i+1, got, want)
		}
	}
	d.Hidden = nil
	if b, _, err := d.Write(f, noon); err != nil || bytes.Contains(b, []byte("noindex")) {
		t.Errorf("an aggregator without the word gets it, %v", err)
	}
}

func TestCheckDzen(t *testing.T) {
	d := dzen(t)
	b, _, err := d.Write(forDzen(), noon)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, d.Check(b, noon.Add(24*time.Hour)), "what is too old by then")
	for _, c := range [][2]string{
		{"<pdalink>https://lamp.example/1</pdalink>", ""},
		{"<category>index</category>", "<category>everything</category>"},
		{"<b>x</b>", "<strong>x</strong>"},
		{`alt="A &amp; b"`, `class="x"`},
		{`<media:rating scheme="urn:simple">nonadult</media:rating>`, ""},
		{`<img src="https://lamp.example/media/wide.jpg"`, `<img src="https://lamp.example/media/other.jpg"`},
		{`type="image/jpeg"></enclosure>`, `type="image/svg+xml"></enclosure>`},
		{"<link>https://lamp.example/1</link>", "<link>https://lamp.example/1?utm=x</link>"},
		{"article/1<", "article/5<"},
		{"Сөз бен сөз. ", ""},
	} {
		bad := bytes.ReplaceAll(b, []byte(c[0]), []byte(c[1]))
		if bytes.Equal(bad, b) {
			t.Errorf("no %q in %s", c[0], b)
		}
		refused(t, d.Check(bad, noon), "%q for %q", c[1], c[0])
	}
}

func TestDzenHasAnEnd(t *testing.T) {
	d, f := dzen(t), forDzen()
	f.Items = nil
	for i := range d.Items + 9 {
		n := number(int64(i + 1))
		f.Items = append(f.Items, Item{ID: "tag:x,2026:" + n, URL: "https://lamp.example/" + n, Title: "t", Published: noon, HTML: long})
	}
	b, _, err := d.Write(f, noon)
	if n := bytes.Count(b, []byte("<item>")); err != nil || n != d.Items {
		t.Errorf("%d items, %v", n, err)
	}
}

func TestReadDialect(t *testing.T) {
	const good = `{"name":"x","items":9,"hours":1,"elements":{"p":[]},"rename":{"div":"p"}}`
	if _, err := readDialect([]byte(good)); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{`{}`, `{"name":"x","items":9,"hours":1,"elements":{"p":[]},"rename":{"div":"q"}}`, `{"name":"x","itms":9}`,
		`{"name":"x","items":9,"hours":1,"elements":{"p":[]},"categories":["a"],"known_categories":["b"]}`,
		`{"name":"x","items":9,"hours":1,"elements":{"p":[]},"categories":["a"],"hidden":{"a":"c"},"known_categories":["a"]}`,
		`{"name":"x","items":9,"hours":1,"elements":{"p":[]},"categories":["a"],"hidden":{"b":"a"}}`} {
		if _, err := readDialect([]byte(bad)); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
}

func FuzzDzen(f *testing.F) {
	d := dzen(f)
	f.Add(`<p>a</p><figure><img src="/media/wide.jpg"><figcaption>x</figure>`)
	f.Add(`<figure><figure></figure><audio><p>`)
	f.Add(`&lt;script&gt;<a href="javascript:x">`)
	f.Fuzz(func(t *testing.T, body string) {
		feed := forDzen()
		feed.Items = feed.Items[:1]
		feed.Items[0].HTML = long + body
		b, left, err := d.Write(feed, noon)
		if err != nil || len(left) > 0 {
			t.Fatalf("%v %v of %q: %s", err, left, body, b)
		}
	})
}

func TestWhole(t *testing.T) {
	f := sample()
	f.Items = append(f.Items, Item{ID: "tag:x,2026:1", URL: "/relative", Title: "bad", Published: noon}, f.Items[0])
	for _, k := range kinds {
		b, left, err := Whole(k.write, f)
		if err != nil || len(left) != 2 || left[0].URL != "/relative" || left[1].ID != f.Items[0].ID || Check(k.name, b) != nil {
			t.Errorf("%s: %v, %v", k.name, left, err)
		}
		if _, left, err := Whole(k.write, sample()); err != nil || left != nil {
			t.Errorf("%s: %v, %v", k.name, left, err)
		}
		bad := sample()
		bad.SelfURL = "/x"
		if _, _, err := Whole(k.write, bad); err == nil {
			t.Errorf("%s: a feed without an address passes", k.name)
		}
	}
}

// TestFiles holds what is said of sounds, films and files, and of the hub.
func TestFiles(t *testing.T) {
	f := sample()
	f.Hubs = []string{"https://hub.example/", "hub"}
	f.Items[0].Files = []Image{{URL: "https://lamp.example/media/a.mp3", Mime: "audio/mpeg", Bytes: 77, Caption: "The train", Credit: "A. Kim"},
		{URL: "https://lamp.example/media/plan.pdf", Mime: "application/pdf"}, {URL: "/relative.mp3", Mime: "audio/mpeg"}}
	rss, err := RSS(f)
	if err != nil {
		t.Fatal(err)
	}
	atom, err := Atom(f)
	if err != nil {
		t.Fatal(err)
	}
	js, err := JSON(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, in, want string
	}{
		{"rss", string(rss), `<enclosure url="https://lamp.example/media/a.mp3" length="77" type="audio/mpeg">`},
		{"rss", string(rss), `<media:content url="https://lamp.example/media/plan.pdf" type="application/pdf" medium="document">`},
		{"rss", string(rss), `<media:credit>A. Kim</media:credit>`},
		{"rss", string(rss), `<atom:link href="https://hub.example/" rel="hub">`},
		{"atom", string(atom), `<link href="https://hub.example/" rel="hub">`},
		{"atom", string(atom), `<link href="https://lamp.example/media/a.mp3" rel="enclosure" type="audio/mpeg" length="77">`},
		{"json", string(js), `"mime_type": "audio/mpeg"`},
		{"json", string(js), `"hubs": [`},
	} {
		if !strings.Contains(c.in, c.want) {
			t.Errorf("%s has no %s:\n%s", c.name, c.want, c.in)
		}
	}
	if strings.Contains(string(rss)+string(atom)+string(js), "relative.mp3") {
		t.Error("a relative file")
	}
}
