package wordpress

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"dateline/internal/importer"
)

// TestTablesHold: the tables of a large site know its last files, too: a gallery
// of a new article has its pictures.
func TestTablesHold(t *testing.T) {
	const files, posts = 200_000, 20_000
	tab := newTables()
	words := strings.Repeat("Мэр города на площади. ", 4)
	for i := range files {
		it := rawItem{}
		it.f[eType], it.f[ePostID], it.f[eParent] = "attachment", fmt.Sprint(i+1), fmt.Sprint(1_000_000+i/3)
		it.f[eAttachmentURL] = fmt.Sprintf("https://old.example/wp-content/uploads/2015/03/IMG_2015_foto_%d.jpg", i+1)
		it.f[eExcerpt], it.f[ePostName] = fmt.Sprint(words, i), fmt.Sprintf("foto-%d", i)
		it.meta = []rawMeta{{"_wp_attached_file", fmt.Sprintf("2015/03/IMG_2015_foto_%d.jpg", i+1)}, {"_wp_attachment_image_alt", "Площадь"}}
		tab.add(&it, 0)
	}
	for i := range posts {
		it := rawItem{}
		it.f[eType], it.f[ePostID], it.f[ePostName] = "post", fmt.Sprint(1_000_000+i), fmt.Sprintf("post-%d", i)
		tab.add(&it, 0)
	}
	tab.settle()
	if tab.full {
		t.Fatal("the tables are full")
	}
	for _, id := range []int64{1, files / 2, files} {
		url := fmt.Sprintf("http://cdn.example/wp-content/uploads/2015/03/IMG_2015_foto_%d-300x200.jpg", id)
		if got, ok := tab.find(url); got != id || !ok {
			t.Errorf("%s: %d", url, got)
		}
		if f, ok := tab.file(id); !ok || !strings.HasSuffix(f.URL, fmt.Sprintf("foto_%d.jpg", id)) {
			t.Errorf("file %d: %+v", id, f)
		}
	}
	if f, _ := tab.file(1); f.Caption != oneLine(words+"0") || f.Alt != "Площадь" {
		t.Errorf("words: %+v", f)
	}
	if got := tab.attached(1_000_000 + files/3 - 1); len(got) != 3 {
		t.Errorf("attached: %v", got)
	}
	c := conv{it: &Item{Item: importer.Item{ID: 1_000_000}, export: &Export{tables: tab}}}
	out := c.prepare(fmt.Sprintf(`[gallery ids="%d,%d"]`, files, files-1))
	if strings.Count(out, "<img") != 2 || len(c.notes) > 0 {
		t.Errorf("%s %v", out, c.notes)
	}
}

// TestFullTables: a picture that they have no room for is known by its number;
// nobody says that it is not in the export.
func TestFullTables(t *testing.T) {
	tab := newTables()
	tab.budget = 0
	it := rawItem{}
	it.f[eType], it.f[ePostID], it.f[eAttachmentURL] = "attachment", "7", "https://old.example/wp-content/uploads/a.jpg"
	tab.add(&it, 0)
	tab.settle()
	c := conv{it: &Item{Item: importer.Item{ID: 1}, export: &Export{tables: tab}}}
	out := c.prepare(`[gallery ids="7,8"]`)
	if want := `<figure class="gallery"><figure><img class="wp-image-7"></figure><figure><img class="wp-image-8"></figure></figure>`; strings.TrimSpace(out) != want || len(c.notes) > 0 {
		t.Errorf("%s %v", out, c.notes)
	}
}

// heap is the memory that is in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestHeadHolds: a site may have 150,000 tags; none is dropped, and what is kept
// of them leaves the import the most of its memory.
func TestHeadHolds(t *testing.T) {
	const tags = 150_000
	var b strings.Builder
	for i := range tags {
		fmt.Fprintf(&b, "<wp:tag><wp:term_id>%d</wp:term_id><wp:tag_slug>tag-%d-dlinnoe-imya</wp:tag_slug><wp:tag_name>Тег номер %d с длинным именем</wp:tag_name></wp:tag>\n", i+1, i, i)
	}
	text := export(b.String(), item(1, ""))
	before := heap()
	x := opened(t, Options{}, text)
	grown := heap() - before
	runtime.KeepAlive(text)
	head := x.Head()
	if head.Terms.Len() != tags || len(head.Notes) > 0 {
		t.Errorf("%d tags, notes: %s", head.Terms.Len(), whys(head.Notes))
	}
	if last := head.Terms.At(tags - 1); last.Slug != "tag-149999-dlinnoe-imya" || last.Name != "Тег номер 149999 с длинным именем" || last.ID != tags {
		t.Errorf("%+v", last)
	}
	if grown > 24<<20 {
		t.Errorf("they take %d MiB", grown>>20)
	}
	runtime.KeepAlive(x)
}
