package media

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/blob"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

func open(t *testing.T, d *db.DB) *Store {
	t.Helper()
	files, err := blob.OpenDir(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	return New(d, files)
}

func write(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Tx(t.Context(), db.Desk, f); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), query, args...); return err })
}

// publication 1 with edition 1, and an article per state and hour from now.
func rows(t *testing.T, d *db.DB) {
	t.Helper()
	run(t, d, "INSERT INTO publication (id, key, zone, created_at) VALUES (1, 'main', 'UTC', 0)")
	run(t, d, "INSERT INTO edition (id, publication_id, lang, name) VALUES (1, 1, 'en', 'x')")
	run(t, d, "INSERT INTO story (id, publication_id, created_at) VALUES (1, 1, 0)")
}

func article(t *testing.T, d *db.DB, id int64, state string, from time.Time, media int64) {
	t.Helper()
	run(t, d, "INSERT INTO article (id, publication_id, story_id, edition_id, kind, state, visible_from, live_revision_id, created_at, changed_at)"+
		" VALUES ($1, 1, 1, 1, 'article', $2, $3, 1, 0, 0)", id, state, from.UnixMilli())
	run(t, d, "INSERT INTO article_media (article_id, media_id) VALUES ($1, $2)", id, media)
}

func TestPut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), open(t, d)
		rows(t, d)
		var ids []int64
		put := func(list ...Media) {
			t.Helper()
			write(t, d, func(tx *db.Tx) (err error) { ids, err = s.Put(ctx, tx, 1, list); return err })
		}
		lamp := Media{Kind: Image, Mime: "image/png", FileName: "lamp.png", Blob: "b", Bytes: 9, SHA256: "b", Width: 3, Height: 2, Colour: "#ffeedd",
			Rights: "©", SourceURL: "https://old.example/lamp.png", Texts: map[string]Text{"ru": {Title: "Лампа", Alt: "лампа", Caption: "Она горит", Credit: "Ким"}}}
		put(lamp, Media{Kind: File, Mime: "application/pdf", FileName: "a.pdf", Blob: "c", SHA256: "c", Token: "given", FocalX: 1, FocalY: 999, Always: true})
		got, err := s.ByIDs(ctx, append(ids, 999))
		if err != nil || len(got) != 2 {
			t.Fatal(got, err)
		}
		lamp.ID, lamp.Token, lamp.FocalX, lamp.FocalY = ids[0], got[ids[0]].Token, 500, 500
		if diff := cmp.Diff(lamp, got[ids[0]]); diff != "" {
			t.Error(diff)
		}
		if len(lamp.Token) < 26 || lamp.Path() != "/media/"+lamp.Token+"/lamp.png" {
			t.Errorf("path %q", lamp.Path())
		}
		pdf, err := s.ByToken(ctx, "given")
		if err != nil || pdf.ID != ids[1] || !pdf.Always || pdf.FocalY != 999 {
			t.Errorf("%+v %v", pdf, err)
		}
		if same, err := s.BySHA256(ctx, d, 1, "b"); err != nil || len(same) != 1 || same[0].Text("en", "ru").Alt != "лампа" {
			t.Errorf("by content: %+v %v", same, err)
		}
		var changed []string
		d.OnChange(func(tags []string) { changed = tags })
		lamp.Rights, lamp.Token = "CC BY", "ignored"
		lamp.Texts = map[string]Text{"kk": {Alt: "шам"}}
		put(lamp)
		if diff := cmp.Diff([]string{"media:" + strconv.FormatInt(lamp.ID, 10)}, changed); diff != "" {
			t.Error(diff)
		}
		now, err := s.ByIDs(ctx, []int64{lamp.ID})
		if m := now[lamp.ID]; err != nil || m.Rights != "CC BY" || m.Token != got[lamp.ID].Token || len(m.Texts) != 2 {
			t.Errorf("changed: %+v %v", m, err)
		}
		if _, err := s.ByToken(ctx, "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody's token: %v", err)
		}
	})
}

func TestTake(t *testing.T) {
	d := dbtest.New(t)
	ctx, s := t.Context(), open(t, d)
	jpg := photo(t, 40, 30, segment(0xe1, "Exif\x00\x00"+exif(8)))
	svg := svgHead + `<script>alert(1)</script><path d="M0 0"/></svg>`
	for _, c := range []struct {
		name, in   string
		want       Media
		gone, kept string
	}{
		{"C:\\Фото\\Наша Лампа (1).PNG", string(jpg), Media{Kind: Image, Mime: "image/jpeg", FileName: "nasha-lampa-1.jpg", Width: 30, Height: 40}, secret, ""},
		{"../../etc/.svg", "\ufeff<?xml version='1.0'?>\n<!-- x -->" + svg, Media{Kind: Image, Mime: "image/svg+xml", FileName: "file.svg", Width: 300, Height: 150}, "alert", "path"},
		{"x.webp", string(webpPicture(t, 6)), Media{Kind: Image, Mime: "image/webp", FileName: "x.webp", Width: 2, Height: 3}, secret, ""},
		{"x.jpg", string(avifPicture(false, false)), Media{Kind: Image, Mime: "image/avif", FileName: "x.avif", Width: 640, Height: 480}, secret, ""},
		{"a", "GIF89a\x05\x00\x04\x00\x00\x00\x00;", Media{Kind: Image, Mime: "image/gif", FileName: "a.gif", Width: 5, Height: 4}, "", "GIF89a"},
		{"evil.svg", "%PDF-1.4 <svg onload=x>", Media{Kind: File, Mime: "application/pdf", FileName: "evil.pdf"}, "", "%PDF"},
		{"data.csv", "год;сумма\n2022;1\n", Media{Kind: File, Mime: "text/plain; charset=utf-8", FileName: "data.csv"}, "", "сумма"},
		{"talk.mp3", "ID3\x03....", Media{Kind: Audio, Mime: "audio/mpeg", FileName: "talk.mp3"}, "", "ID3"},
		{"film.MOV", "\x00\x00\x00\x14ftypisom\x00\x00\x02\x00mp41" + moov(), Media{Kind: Video, Mime: "video/mp4", FileName: "film.mp4"}, secret, "isom"},
		{"act.docx", "PK\x03\x04............[Content_Types].xml", Media{Kind: File, Mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", FileName: "act.docx"}, "", "PK"},
	} {
		got, err := s.Take(ctx, c.name, iotest.HalfReader(strings.NewReader(c.in)), 0)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		f, err := s.blobs.Get(ctx, got.Blob)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := io.ReadAll(f)
		f.Close()
		if err != nil || int64(len(stored)) != got.Bytes || got.SHA256 != got.Blob {
			t.Errorf("%s: %d bytes stored, %+v, %v", c.name, len(stored), got, err)
		}
		if c.gone != "" && bytes.Contains(stored, []byte(c.gone)) || !bytes.Contains(stored, []byte(c.kept)) {
			t.Errorf("%s: stored %.200q", c.name, stored)
		}
		got.Blob, got.SHA256, got.Bytes, got.FocalX, got.FocalY = "", "", 0, 0, 0
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestTakeRefuses(t *testing.T) {
	d := dbtest.New(t)
	s := open(t, d)
	whole := string(photo(t, 60, 60))
	for name, c := range map[string]struct {
		in   io.Reader
		max  int64
		kind fault.Kind
	}{
		"nothing":     {strings.NewReader(""), 0, fault.Invalid},
		"html":        {strings.NewReader("<!DOCTYPE html><script>alert(1)</script>"), 0, fault.Invalid},
		"xml":         {strings.NewReader("<?xml version='1.0'?><rss/>"), 0, fault.Invalid},
		"program":     {strings.NewReader("MZ\x90\x00"), 0, fault.Invalid},
		"tiff":        {strings.NewReader("II*\x00abcd"), 0, fault.Invalid},
		"heic":        {strings.NewReader("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), 0, fault.Invalid},
		"unknown":     {strings.NewReader("\x00\x01\x02\x03"), 0, fault.Invalid},
		"too long":    {strings.NewReader(whole), int64(len(whole) - 1), fault.TooLarge},
		"short limit": {strings.NewReader(strings.Repeat("a", 9000)), 8999, fault.TooLarge},
		"pixels":      {strings.NewReader("\x89PNG\r\n\x1a\n" + chunk("IHDR", "\x00\x00\x30\x00\x00\x00\x30\x00\x08\x02\x00\x00\x00") + chunk("IDAT", "x") + chunk("IEND", "")), 0, fault.TooLarge},
		"gif":         {strings.NewReader("GIF89a"), 0, fault.Invalid},
		"webp":        {strings.NewReader("RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff"), 0, fault.Invalid},
		"svg":         {strings.NewReader(svgHead + "<g>"), 0, fault.Invalid},
		"breaks":      {io.MultiReader(strings.NewReader(whole[:700]), iotest.ErrReader(errors.New("line cut"))), 0, fault.Internal},
	} {
		m, err := s.Take(t.Context(), name, c.in, c.max)
		if err == nil || fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
	if m, err := s.Take(t.Context(), "exact", strings.NewReader(whole), int64(len(whole))); err != nil || m.Width != 60 {
		t.Errorf("exactly the limit: %v %v", m, err)
	}
}

func TestHandler(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		rows(t, d)
		now := time.Unix(1_700_000_000, 0)
		taken := func(name, in string, always bool) Media {
			t.Helper()
			m, err := s.Take(t.Context(), name, strings.NewReader(in), 0)
			if err != nil {
				t.Fatal(err)
			}
			m.Always = always
			write(t, d, func(tx *db.Tx) error {
				ids, err := s.Put(t.Context(), tx, 1, []Media{m})
				if err == nil {
					m.ID = ids[0]
				}
				return err
			})
			all, err := s.ByIDs(t.Context(), []int64{m.ID})
			if err != nil {
				t.Fatal(err)
			}
			return all[m.ID]
		}
		lamp := taken("lamp.svg", svgHead+"</svg>", false)
		logo := taken("logo.svg", svgHead+"<g></g></svg>", true)
		paper := taken("paper.pdf", "%PDF-1.4 paper", false)
		get := func(method, path string, header ...string) *http.Response {
			t.Helper()
			r := httptest.NewRequest(method, path, nil)
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			w := httptest.NewRecorder()
			s.Handler(func() time.Time { return now }, nil).ServeHTTP(w, r)
			return w.Result()
		}
		status := func(why string, m Media, want int) {
			t.Helper()
			if r := get("GET", m.Path()); r.StatusCode != want {
				t.Errorf("%s: %d, want %d", why, r.StatusCode, want)
			}
		}
		status("no article uses it", lamp, 404)
		status("public always", logo, 200)
		article(t, d, 1, "draft", now.Add(-time.Hour), lamp.ID)
		article(t, d, 2, "approved", now.Add(time.Hour), lamp.ID)
		status("a draft and a scheduled article", lamp, 404)
		article(t, d, 3, "approved", now.Add(-time.Hour), lamp.ID)
		article(t, d, 4, "approved", now, paper.ID)
		status("a public article", lamp, 200)
		r := get("GET", lamp.Path())
		body, _ := io.ReadAll(r.Body)
		h := r.Header
		if string(body) != svgHead+"</svg>" || h.Get("Content-Type") != "image/svg+xml" || h.Get("Cache-Control") != "public, max-age=300" ||
			h.Get("Content-Disposition") != "inline; filename*=UTF-8''lamp.svg" || h.Get("ETag") == "" {
			t.Errorf("%q %v", body, h)
		}
		if r := get("GET", lamp.Path(), "If-None-Match", h.Get("ETag")); r.StatusCode != 304 {
			t.Errorf("asked by its tag: %d", r.StatusCode)
		}
		packed := get("GET", lamp.Path(), "Accept-Encoding", "br, gzip")
		if z, err := gzip.NewReader(packed.Body); err != nil {
			t.Errorf("a drawing is not compressed: %v %v", err, packed.Header)
		} else if b, _ := io.ReadAll(z); !bytes.Equal(b, body) || packed.Header.Get("Vary") != "Accept-Encoding" || packed.Header.Get("ETag") == h.Get("ETag") {
			t.Errorf("compressed: %q %v", b, packed.Header)
		}
		if r := get("GET", lamp.Path(), "Accept-Encoding", "gzip", "If-None-Match", packed.Header.Get("ETag")); r.StatusCode != 304 {
			t.Errorf("compressed, asked by its tag: %d", r.StatusCode)
		}
		if r := get("GET", paper.Path(), "Accept-Encoding", "gzip"); r.Header.Get("Content-Encoding") != "" {
			t.Errorf("a file that is compressed already: %v", r.Header)
		}
		if r := get("GET", paper.Path(), "Range", "bytes=9-"); r.StatusCode != 206 {
			t.Errorf("a part: %d", r.StatusCode)
		} else if b, _ := io.ReadAll(r.Body); string(b) != "paper" || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("a part: %q %v", b, r.Header)
		}
		if r := get("HEAD", lamp.Path()); r.StatusCode != 200 || r.ContentLength == 0 {
			t.Errorf("HEAD: %d %d", r.StatusCode, r.ContentLength)
		}
		if r := get("POST", lamp.Path()); r.StatusCode != 405 || r.Header.Get("Allow") == "" {
			t.Errorf("POST: %d", r.StatusCode)
		}
		for _, p := range []string{"/media/", "/media/" + lamp.Token, "/media/" + lamp.Token + "/", "/media/" + lamp.Token + "/other.svg", "/media/x/lamp.svg", "/media//lamp.svg"} {
			if r := get("GET", p); r.StatusCode != 404 || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d %v", p, r.StatusCode, r.Header)
			}
		}
		run(t, d, "UPDATE article SET state = 'withdrawn' WHERE id = 3")
		status("withdrawn", lamp, 404)
		if err := s.blobs.Delete(t.Context(), logo.Blob); err != nil {
			t.Fatal(err)
		}
		status("its file is lost", logo, 404)
	})
}
