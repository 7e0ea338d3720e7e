package gen

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

type item struct {
	Title    string `xml:"title"`
	Link     string `xml:"link"`
	ID       int    `xml:"http://wordpress.org/export/1.2/ post_id"`
	Name     string `xml:"http://wordpress.org/export/1.2/ post_name"`
	Date     string `xml:"http://wordpress.org/export/1.2/ post_date"`
	GMT      string `xml:"http://wordpress.org/export/1.2/ post_date_gmt"`
	Status   string `xml:"http://wordpress.org/export/1.2/ status"`
	Type     string `xml:"http://wordpress.org/export/1.2/ post_type"`
	Body     string `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
	Category []struct {
		Domain string `xml:"domain,attr"`
		Slug   string `xml:"nicename,attr"`
	} `xml:"category"`
	Comments []struct {
		ID     int `xml:"comment_id"`
		Parent int `xml:"comment_parent"`
	} `xml:"http://wordpress.org/export/1.2/ comment"`
}

func read(t *testing.T, o Options) ([]item, Stats, []byte) {
	t.Helper()
	var b bytes.Buffer
	stats, err := Write(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Items []item `xml:"channel>item"`
	}
	if err := xml.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if stats.Bytes != int64(b.Len()) || !utf8.Valid(b.Bytes()) {
		t.Errorf("%d bytes counted, %d written, valid UTF-8: %v", stats.Bytes, b.Len(), utf8.Valid(b.Bytes()))
	}
	return doc.Items, stats, b.Bytes()
}

func TestWrite(t *testing.T) {
	o := Options{Posts: 300, Langs: []string{"en", "ru", "kk"}, Words: 200, Seed: 5, Comments: 3, Attachments: true}
	items, stats, _ := read(t, o)
	ids, slugs, years, words := map[int]bool{}, map[string]bool{}, map[string]bool{}, 0
	posts, comments := 0, 0
	for _, it := range items {
		if ids[it.ID] {
			t.Errorf("post id %d twice", it.ID)
		}
		ids[it.ID] = true
		if it.Type != "post" {
			continue
		}
		posts++
		if it.Name != "" && slugs[it.Name] {
			t.Errorf("slug %s twice", it.Name)
		}
		slugs[it.Name] = true
		years[it.Date[:4]] = true
		words += len(strings.Fields(it.Body))
		kinds := map[string]int{}
		for _, c := range it.Category {
			kinds[c.Domain]++
		}
		if kinds["category"] != 3 || kinds["post_tag"] != 3 || kinds["language"] != 1 {
			t.Errorf("post %d has %v", it.ID, kinds)
		}
		local, err := time.Parse(stamp, it.Date)
		if err != nil {
			t.Error(err)
		}
		if gmt, err := time.Parse(stamp, it.GMT); it.Status != "draft" && (err != nil || local.Sub(gmt) != offset) {
			t.Errorf("post %d: %s is not three hours after %s", it.ID, it.Date, it.GMT)
		}
		seen := map[int]bool{0: true}
		for _, c := range it.Comments {
			comments++
			if !seen[c.Parent] {
				t.Errorf("comment %d answers %d, which is not before it", c.ID, c.Parent)
			}
			seen[c.ID] = true
		}
	}
	if posts != 300 || stats.Posts != posts || stats.Attachments != 100 || stats.Comments != comments {
		t.Errorf("%d posts, %d comments, stats %+v", posts, comments, stats)
	}
	if len(years) < 20 {
		t.Errorf("dates in %d years only", len(years))
	}
	if mean := words / posts; mean < 150 || mean > 320 {
		t.Errorf("%d words a post, want about 200", mean)
	}
}

func TestSameSeedSameFile(t *testing.T) {
	o := Options{Posts: 20, Langs: []string{"kk"}, Seed: 9}
	_, _, a := read(t, o)
	_, _, b := read(t, o)
	if !bytes.Equal(a, b) {
		t.Error("two runs differ")
	}
	o.Seed++
	if _, _, c := read(t, o); bytes.Equal(a, c) {
		t.Error("two seeds make the same")
	}
}

func TestSize(t *testing.T) {
	_, stats, _ := read(t, Options{Size: 1 << 20, Langs: []string{"ru"}, Plain: true})
	if stats.Bytes < 1<<20 || stats.Bytes > 1<<20+100_000 || stats.Published != stats.Posts {
		t.Errorf("%+v, want a little over 1 MiB, all published", stats)
	}
}

func TestUnknownLanguage(t *testing.T) {
	if _, err := Write(io.Discard, Options{Langs: []string{"xx"}}); err == nil {
		t.Error("made up a language")
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		s, err := Write(io.Discard, Options{Size: 20 << 20, Langs: []string{"en", "ru", "kk"}})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(s.Bytes)
	}
}
