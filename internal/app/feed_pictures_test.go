package app_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/media"
	"dateline/internal/richtext"
)

// photograph is a picture that does not get small by being coded.
func photograph(w, h int) image.Image {
	rng := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(rng.Uint32()), 255})
		}
	}
	return img
}

// TestFeedPictures: feeds give pictures in a size for screens, not what a
// camera made, and say of the file that they name what it is: its type, its
// size in pixels and, once it is known, in bytes.
func TestFeedPictures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		site := h.app.Handler()
		h.set(map[string]string{"dzen": "true"})
		var large, other, small bytes.Buffer
		for _, err := range []error{jpeg.Encode(&large, photograph(2400, 1800), nil), png.Encode(&other, photograph(2000, 800)), jpeg.Encode(&small, photograph(700, 500), &jpeg.Options{Quality: 30})} {
			if err != nil {
				t.Fatal(err)
			}
		}
		smallBytes := small.Len()
		var list []media.Media
		for i, b := range []*bytes.Buffer{&large, &other, &small} {
			m, err := h.app.Media.Take(t.Context(), "sight"+strconv.Itoa(i), b, 0)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, m)
		}
		h.change(func(ctx context.Context, tx *db.Tx) error {
			ids, err := h.app.Media.Put(ctx, tx, h.site.Publication.ID, list)
			if err != nil {
				return err
			}
			e := h.fresh(h.site.Default(), monday)
			e.Content.Headline, e.Content.Lead = "Three sights", &article.MediaRef{ID: ids[0]}
			text := "<p>" + strings.Repeat("What there was to be seen. ", 20) + "</p>"
			for _, id := range ids[1:] {
				e.Content.Media = append(e.Content.Media, article.MediaRef{ID: id, Credit: "A. Kim"})
				text += fmt.Sprintf(`<figure><img src="%d" alt=""></figure>`, id)
			}
			e.Body, _ = richtext.FromHTML(text, richtext.Options{Image: func(src string, _ map[string]string) (int64, bool) {
				id, err := strconv.ParseInt(src, 10, 64)
				return id, err == nil
			}})
			return h.put(ctx, tx, e)
		})
		of := func(path string) string { // the article in a feed
			t.Helper()
			text, _ := h.document(path)
			_, text, _ = strings.Cut(text, "Three sights")
			text, _, _ = strings.Cut(text, map[bool]string{true: "</entry>", false: "</item>"}[strings.Contains(path, "atom")])
			if strings.HasSuffix(path, ".json") {
				text, _, _ = strings.Cut(text, "\n  },")
			}
			return text
		}
		feeds := []string{"/feed.xml", "/atom.xml", "/feed.json", "/feed/dzen.xml"}
		urls := map[string]int{} // of a picture → its bytes
		for _, path := range feeds {
			text := of(path)
			for i, name := range []string{`/1600-[0-9a-f]{8}/sight0\.jpg`, `/1600-[0-9a-f]{8}/sight1\.png`, `/sight2\.jpg`} {
				u := regexp.MustCompile(`http://lamp\.test(/media/[a-z0-9]+` + name + `)["\\]`).FindStringSubmatch(text)
				if u == nil {
					t.Fatalf("%s: no %s in\n%s", path, name, text)
				}
				urls[u[1]] = 0
				if strings.Contains(text, strings.SplitAfterN(u[1], "/", 4)[2]+"sight"+strconv.Itoa(i)+".") != (i == 2) {
					t.Errorf("%s names the original of %s", path, u[1])
				}
			}
		}
		if len(urls) != 3 {
			t.Fatalf("feeds name different files: %v", urls)
		}
		says := func(path, want string) {
			t.Helper()
			if text := of(path); !strings.Contains(text, want) {
				t.Errorf("%s does not say %s:\n%s", path, want, text)
			}
		}
		at := func(name string) string {
			for u := range urls {
				if strings.Contains(u, name) {
					return "http://lamp.test" + u
				}
			}
			return ""
		}
		// Nobody has asked for the large ones yet: nothing is said of their bytes.
		says("/feed.xml", `<enclosure url="`+at("sight0")+`" length="0" type="image/jpeg">`)
		says("/feed.xml", `<media:content url="`+at("sight0")+`" type="image/jpeg" medium="image" width="1600" height="1200">`)
		says("/feed.xml", `<media:content url="`+at("sight1")+`" type="image/png" medium="image" width="1600" height="640">`)
		says("/feed.xml", fmt.Sprintf(`<media:content url="%s" type="image/jpeg" medium="image" fileSize="%d" width="700" height="500">`, at("sight2"), smallBytes))
		says("/feed.xml", `<img src="`+at("sight0")+`" alt="" width="1600" height="1200">`)
		says("/feed/dzen.xml", `<img src="`+at("sight1")+`" alt="" width="1600" height="640">`)
		says("/atom.xml", `<link href="`+at("sight0")+`" rel="enclosure" type="image/jpeg">`)
		for u := range urls {
			r := ask(site, "GET", u)
			for range 30 { // the original is sent to who waits in vain for a slow machine
				if r.Header.Get("Cache-Control") != "no-cache" {
					break
				}
				r = ask(site, "GET", u)
			}
			b, _ := io.ReadAll(r.Body)
			img, format, err := image.Decode(bytes.NewReader(b))
			if err != nil || r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "image/"+format || img.Bounds().Dx() > 1600 {
				t.Errorf("%s: %d %s %v", u, r.StatusCode, format, err)
			}
			urls[u] = len(b)
		}
		size := func(name string) int { return urls[strings.TrimPrefix(at(name), "http://lamp.test")] }
		says("/feed.xml", fmt.Sprintf(`<enclosure url="%s" length="%d" type="image/jpeg">`, at("sight0"), size("sight0")))
		says("/feed.xml", fmt.Sprintf(`<media:content url="%s" type="image/png" medium="image" fileSize="%d" width="1600" height="640">`, at("sight1"), size("sight1")))
		says("/atom.xml", fmt.Sprintf(`<link href="%s" rel="enclosure" type="image/jpeg" length="%d">`, at("sight0"), size("sight0")))
		says("/feed/dzen.xml", fmt.Sprintf(`<enclosure url="%s" length="%d" type="image/png">`, at("sight1"), size("sight1")))
		says("/feed.json", fmt.Sprintf(`"size_in_bytes": %d`, size("sight1")))
	})
}
