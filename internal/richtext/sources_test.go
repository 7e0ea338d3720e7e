package richtext

import "testing"

// A picture comes in the sizes that there are of it, smaller ones in a gallery.
func TestSources(t *testing.T) {
	fig := Block{Kind: Figure, Media: 1}
	doc := Doc{Blocks: []Block{fig, {Kind: Gallery, Children: []Block{fig}}, fig}}
	m := Media{URL: "/a.jpg", Width: 30, Height: 20, Mime: "image/jpeg", Class: "tint tr1"}
	m.Sources = []Source{{"image/avif", "/1.avif 320w", "42rem"}, {"", "/1.jpg 320w", "42rem"}}
	m.Small = []Source{{"", `/2.jpg 160w, /"<.jpg 320w`, "21rem"}}
	got := doc.Render(Resolver{Media: func(int64) (Media, bool) { return m, true }})
	large := `<figure><picture><source type="image/avif" srcset="/1.avif 320w" sizes="42rem"><img src="/a.jpg" srcset="/1.jpg 320w" sizes="42rem"` +
		` alt="" width="30" height="20" class="tint tr1" loading="lazy" decoding="async"></picture></figure>` + "\n"
	small := `<figure class="gallery" aria-label="Gallery"><figure><img src="/a.jpg" srcset="/2.jpg 160w, /&quot;&lt;.jpg 320w" sizes="21rem"` +
		` alt="" width="30" height="20" class="tint tr1" loading="lazy" decoding="async"></figure></figure>` + "\n"
	if want := large + small + large; string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What is said of a picture in another language than the body's says so; what the
// body itself says does not.
func TestForeignMedia(t *testing.T) {
	m := Media{URL: "/a.jpg", Width: 3, Height: 2, Mime: "image/jpeg", Alt: "Арки", Caption: "Мост", Credit: "Фото", Lang: "ru"}
	own := []Span{{Text: "A bridge"}}
	for _, c := range []struct {
		fig  Block
		want string
	}{
		{Block{}, `alt="Арки" lang="ru" width="3" height="2" loading="lazy" decoding="async"><figcaption lang="ru">Мост <span class="credit">Фото</span></figcaption>`},
		{Block{Text: "Arches"}, `alt="Arches" width="3" height="2" loading="lazy" decoding="async"><figcaption lang="ru">Мост <span class="credit">Фото</span></figcaption>`},
		{Block{Caption: own}, `alt="Арки" lang="ru" width="3" height="2" loading="lazy" decoding="async"><figcaption>A bridge <span class="credit">Фото</span></figcaption>`},
	} {
		c.fig.Kind, c.fig.Media = Figure, 1
		got := Doc{Blocks: []Block{c.fig}}.Render(Resolver{Media: func(int64) (Media, bool) { return m, true }})
		if want := `<figure><img src="/a.jpg" ` + c.want + "</figure>\n"; string(got) != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// A picture may be known by its class alone; one that is not known is told of.
func TestPictureByClass(t *testing.T) {
	doc, notes := FromHTML(`<figure class="gallery"><figure><img class="wp-image-7"></figure><figure><img class="wp-image-7"></figure></figure><p>a</p><img class="wp-image-8">`,
		Options{Image: func(src string, a map[string]string) (int64, bool) { return 5, a["class"] == "wp-image-7" }})
	if len(doc.Blocks) != 2 || doc.Blocks[0].Kind != Gallery || doc.Blocks[0].Children[1].Media != 5 {
		t.Errorf("%s", doc.Store())
	}
	if len(notes) != 1 || notes[0].Detail != "a picture without an address, wp-image-8" {
		t.Errorf("%+v", notes)
	}
}
