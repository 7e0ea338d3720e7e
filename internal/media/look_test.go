package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

// scene is a picture of hills, each seed its own.
func scene(seed float64, w, h int, change func(v float64) float64) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			g := 0.5 + 0.2*math.Sin(7*u*seed+3) + 0.2*math.Cos(9*v*seed-u*5) + 0.1*math.Sin(23*u*v*seed)
			if change != nil {
				g = change(g)
			}
			c := uint8(min(max(g, 0), 1) * 255)
			m.SetRGBA(x, y, color.RGBA{c, uint8(float64(c) * 0.9), uint8(float64(c) * 0.7), 255})
		}
	}
	return m
}

func encoded(t testing.TB, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if quality == 0 {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func looker(t testing.TB, s *Store) *Drawer {
	t.Helper()
	d := NewDrawer(s, nil, nil)
	t.Cleanup(d.Close)
	return d
}

func TestAlike(t *testing.T) {
	d := looker(t, open(t, dbtest.New(t)))
	look := func(mime string, b []byte) Look {
		t.Helper()
		l, err := d.Look(t.Context(), bytes.NewReader(b), mime)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	one := look("image/jpeg", encoded(t, scene(1, 600, 400, nil), 95))
	if !one.Known || one.Colour == "" {
		t.Fatalf("%+v", one)
	}
	marked := scene(1, 600, 400, nil)
	for y := range 30 {
		for x := range 90 {
			marked.SetRGBA(500+x, 360+y, color.RGBA{255, 255, 255, 255})
		}
	}
	for name, b := range map[string][]byte{"small": encoded(t, scene(1, 150, 100, nil), 60), "bright": encoded(t, scene(1, 600, 400, func(g float64) float64 { return g*0.8 + 0.15 }), 80),
		"marked": encoded(t, marked, 80)} {
		if n := Distance(one.Hash, look("image/jpeg", b).Hash); n > Alike {
			t.Errorf("%s differs in %d bits", name, n)
		}
	}
	if n := Distance(one.Hash, look("image/png", encoded(t, scene(1, 600, 400, nil), 0)).Hash); n > Alike {
		t.Errorf("as PNG it differs in %d bits", n)
	}
	turned := append([]byte("\xff\xd8"+segment(0xe1, "Exif\x00\x00"+exif(3))), encoded(t, turn180(scene(1, 600, 400, nil)), 90)[2:]...)
	if n := Distance(one.Hash, look("image/jpeg", turned).Hash); n > Alike {
		t.Errorf("stored upside down, with that said, it differs in %d bits", n)
	}
	for seed := 2.0; seed < 9; seed++ {
		if n := Distance(one.Hash, look("image/jpeg", encoded(t, scene(seed, 600, 400, nil), 90)).Hash); n <= Alike {
			t.Errorf("scene %v differs in %d bits only", seed, n)
		}
	}
	for name, img := range map[string]image.Image{"one tone": image.NewGray(image.Rect(0, 0, 90, 60)), "a wash": wash(), "tiny": scene(1, 6, 6, nil)} {
		if l := look("image/png", encoded(t, img, 0)); l.Known {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func turn180(in *image.RGBA) *image.RGBA {
	out := image.NewRGBA(in.Rect)
	for y := range in.Rect.Dy() {
		for x := range in.Rect.Dx() {
			out.SetRGBA(in.Rect.Dx()-1-x, in.Rect.Dy()-1-y, in.RGBAAt(x, y))
		}
	}
	return out
}

func wash() image.Image {
	m := image.NewGray(image.Rect(0, 0, 200, 100))
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 200)
	}
	return m
}

// What cannot be drawn is refused before it is kept; what decoding would cost is asked
// before it is decoded.
func TestLookRefuses(t *testing.T) {
	d := looker(t, open(t, dbtest.New(t)))
	bomb := "\x89PNG\r\n\x1a\n" + chunk("IHDR", "\x00\x00\x23\x28\x00\x00\x23\x28\x10\x06\x00\x00\x00") + chunk("IDAT", "x") + chunk("IEND", "") // 9,000 × 9,000 × 8 bytes
	for name, c := range map[string]struct {
		mime, in string
		kind     fault.Kind
		word     string
	}{
		"bomb":   {"image/png", bomb, fault.TooLarge, "pictures.wrong.pixels"},
		"broken": {"image/jpeg", string(photo(t, 60, 60)[:400]), fault.Invalid, ""},
		"empty":  {"image/webp", "", fault.Invalid, ""},
	} {
		_, err := d.Look(t.Context(), strings.NewReader(c.in), c.mime)
		if !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
		if f, ok := err.(*fault.Error); c.word != "" && (!ok || f.Word != c.word) {
			t.Errorf("%s: %+v", name, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	d.turn <- struct{}{}
	if _, err := d.Look(ctx, bytes.NewReader(encoded(t, scene(1, 60, 40, nil), 0)), "image/png"); err != context.Canceled {
		t.Errorf("waiting for a turn: %v", err)
	}
	<-d.turn
}

func TestTakeCheckedRefuses(t *testing.T) {
	s := open(t, dbtest.New(t))
	plain := string(photo(t, 60, 40))
	var moving bytes.Buffer
	if err := gif.Encode(&moving, picture(20, 20), nil); err != nil {
		t.Fatal(err)
	}
	kept := func(Media, io.ReadSeeker) error { return nil }
	for name, c := range map[string]struct{ in, word string }{
		"an archive behind":    {plain + "PK\x03\x04evil", "polyglot"},
		"a page behind":        {plain + "\n<!DOCTYPE html><script>alert(1)</script>", "polyglot"},
		"PHP behind a GIF":     {moving.String() + "<?php evil();", "polyglot"},
		"a script":             {svgHead + `<script>alert(1)</script><path d="M0 0"/></svg>`, "script"},
		"a handler":            {svgHead + `<path d="M0 0" onclick="alert(1)"/></svg>`, "script"},
		"an address that runs": {svgHead + `<a href="javascript:alert(1)"><path d="M0 0"/></a></svg>`, "script"},
		"HEIC":                 {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"},
		"TIFF":                 {"II*\x00abcd", "tiff"},
		"a program":            {"MZ\x90\x00", "program"},
		"nothing":              {"", "empty"},
		"a page":               {"<!DOCTYPE html><script>alert(1)</script>", "unknown"},
		"too many pixels":      {"\x89PNG\r\n\x1a\n" + chunk("IHDR", "\x00\x00\x30\x00\x00\x00\x30\x00\x08\x02\x00\x00\x00") + chunk("IDAT", "x") + chunk("IEND", ""), "pixels"},
	} {
		_, _, err := s.TakeChecked(t.Context(), "x", strings.NewReader(c.in), 0, kept)
		if f, ok := err.(*fault.Error); !ok || f.Word != "pictures.wrong."+c.word {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, in := range map[string]string{"plain": plain, "a film behind, as telephones do": plain + "\x00\x00\x00\x18ftypmp42....", "a second picture": plain + plain, "a GIF": moving.String(),
		"a drawing": svgHead + `<path d="M0 0"/></svg>`} {
		m, _, err := s.TakeChecked(t.Context(), "x", strings.NewReader(in), 0, kept)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if m.Bytes > int64(len(plain))+2000 {
			t.Errorf("%s: %d bytes are kept", name, m.Bytes)
		}
	}
}

// A GIF loses what is said in it and behind it, keeps its rounds, and stays a GIF.
func TestStripGIF(t *testing.T) {
	var b bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 9, 7), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{5, 5}, LoopCount: 0}); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	at := strings.Index(whole, "!\xff\x0bNETSCAPE2.0")
	if at < 0 {
		t.Fatal("no rounds in the sample")
	}
	in := whole[:at] + "!\xfe\x10Steppe 43.238N  \x00" + "!\xff\x0bXMP DataXMP\x04secr\x00" + whole[at:] + "PK\x03\x04 43.238N"
	out, _, err := strip(stripGIF, []byte(in))
	if err != nil || string(out) != whole {
		t.Errorf("%q, %v", out, err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(out))
	if err != nil || len(g.Image) != 2 || g.LoopCount != 0 {
		t.Errorf("%+v %v", g, err)
	}
	if out, _, err := strip(stripGIF, []byte(whole[:len(whole)-4])); err != nil || len(out) == 0 {
		t.Errorf("one that breaks off: %v", err)
	}
	if _, _, err := strip(stripGIF, []byte(whole[:15])); !fault.Is(err, fault.Invalid) {
		t.Errorf("one without a picture: %v", err)
	}
}

func TestLibrary(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), open(t, d)
		rows(t, d)
		now := time.UnixMilli(1_700_000_000_000)
		day := 24 * time.Hour
		list := []Media{
			{Kind: Image, FileName: "bare.jpg", SHA256: "1", Blob: "1"},
			{Kind: Image, FileName: "ferry.jpg", SHA256: "2", Blob: "2", Texts: map[string]Text{"ru": {Alt: "Белый ПАРОМ", Caption: "Паром «Терпение»"}, "en": {Credit: "Kim 100%"}}},
			{Kind: Image, FileName: "soon.jpg", SHA256: "3", Blob: "3", Expires: now.Add(10 * day)},
			{Kind: Image, FileName: "late.jpg", SHA256: "4", Blob: "4", Expires: now.Add(-day)},
			{Kind: Image, FileName: "later.jpg", SHA256: "5", Blob: "5", Expires: now.Add(90 * day), Decorative: true},
			{Kind: Image, FileName: "logo.svg", SHA256: "6", Blob: "6", Always: true},
			{Kind: File, FileName: "act.pdf", SHA256: "7", Blob: "7"},
		}
		var ids []int64
		write(t, d, func(tx *db.Tx) (err error) { ids, err = s.Put(ctx, tx, 1, list); return err })
		article(t, d, 1, "draft", now, ids[2])
		article(t, d, 2, "approved", now.Add(time.Hour), ids[3])
		run(t, d, "INSERT INTO working_media (article_id, media_id) VALUES (2, $1)", ids[1])
		run(t, d, "INSERT INTO working_media (article_id, media_id) VALUES (2, $1)", ids[3]) // in both
		find := func(q Query) string {
			t.Helper()
			q.Publication, q.Now = 1, now
			if q.Limit == 0 {
				q.Limit = 20
			}
			got, more, err := s.List(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, m := range got {
				names = append(names, strings.TrimSuffix(m.FileName, ".jpg"))
			}
			return fmt.Sprint(strings.Join(names, " "), " ", more)
		}
		for _, c := range []struct {
			q    Query
			want string
		}{
			{Query{}, "logo.svg later late soon ferry bare false"},
			{Query{Limit: 2}, "logo.svg later true"},
			{Query{Limit: 4, Before: ids[4]}, "late soon ferry bare false"},
			{Query{Sight: SightNoAlt}, "logo.svg late soon bare false"},
			{Query{Sight: SightEnding}, "soon false"},
			{Query{Sight: SightEnded}, "late false"},
			{Query{Sight: SightOffered}, "logo.svg later soon ferry bare false"},
			{Query{Sight: SightUnused}, "later bare false"},
			{Query{Sight: SightFiles}, "act.pdf false"},
			{Query{Text: "паром"}, "ferry false"},
			{Query{Text: "белый терпение"}, "ferry false"},
			{Query{Text: "белый ким"}, " false"},
			{Query{Text: "100%"}, "ferry false"},
			{Query{Text: "10_%"}, " false"},
			{Query{Text: "LOGO"}, "logo.svg false"},
		} {
			if got := find(c.q); got != c.want {
				t.Errorf("%+v: %q, want %q", c.q, got, c.want)
			}
		}
		if _, _, err := s.List(ctx, Query{Sight: "other"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another list: %v", err)
		}
		uses, err := s.Uses(ctx, ids)
		if got := fmt.Sprint(uses[ids[0]], uses[ids[1]], uses[ids[2]], uses[ids[3]]); err != nil || got != "[] [2] [1] [2]" {
			t.Errorf("uses: %s %v", got, err)
		}
		if got, err := s.Ending(ctx, 1, now.Add(20*day), 9); err != nil || len(got) != 1 || got[0].ID != ids[3] {
			t.Errorf("readers see, and rights end: %+v %v", got, err)
		}

		// Described; what the file said is settled.
		write(t, d, func(tx *db.Tx) error { return s.SetSaid(ctx, tx, ids[0], Said{Caption: "From the file"}) })
		if got, _ := s.ByIDs(ctx, ids[:1]); got[ids[0]].Said.Caption != "From the file" || got[ids[0]].Shown(now, "en").Caption != "From the file" {
			t.Errorf("%+v", got)
		}
		var changed []string
		d.OnChange(func(tags []string) { changed = append(changed, tags...) })
		x := Details{FocalX: 250, FocalY: 0, Rights: "© Kim", Licence: "CC BY 4.0", Expires: now.Add(day), Texts: map[string]Text{"en": {Alt: "A heron"}}}
		write(t, d, func(tx *db.Tx) error { return s.Describe(ctx, tx, 1, ids[0], x) })
		got, err := s.ByIDs(ctx, ids[:1])
		if m := got[ids[0]]; err != nil || m.FocalX != 250 || m.FocalY != 0 || m.Licence != "CC BY 4.0" || !m.Expires.Equal(now.Add(day)) || !m.Said.Empty() || m.Texts["en"].Alt != "A heron" {
			t.Errorf("%+v %v", m, err)
		}
		if fmt.Sprint(changed) != fmt.Sprintf("[media:%d]", ids[0]) {
			t.Errorf("changed %v", changed)
		}
		if got := find(Query{Text: "heron"}); got != "bare false" {
			t.Errorf("found by new words: %q", got)
		}
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return s.Describe(ctx, tx, 2, ids[0], x) }); !fault.Is(err, fault.NotFound) {
			t.Errorf("another publication's: %v", err)
		}
		x.Texts = map[string]Text{"en": {Credit: "Kim"}, "ru": {Alt: "Цапля"}, "kk": {}}
		write(t, d, func(tx *db.Tx) error { return s.Describe(ctx, tx, 1, ids[0], x) })
		if got, err = s.ByIDs(ctx, ids[:1]); err != nil {
			t.Fatal(err)
		}
		if m := got[ids[0]]; len(m.Texts) != 2 || m.Text("kk", "ru") != (Text{Alt: "Цапля", Credit: "Kim"}) || m.Text("en").Alt != "" {
			t.Errorf("%+v", m.Texts)
		}
		x.Texts = map[string]Text{"ru": {}}
		write(t, d, func(tx *db.Tx) error { return s.Describe(ctx, tx, 1, ids[0], x) })
		if got, err = s.ByIDs(ctx, ids[:1]); err != nil || len(got[ids[0]].Texts) != 1 {
			t.Errorf("%+v %v", got, err)
		}
		// An import that comes again leaves what the desk has decided.
		m := got[ids[0]]
		m.Licence, m.Expires = "", time.Time{}
		write(t, d, func(tx *db.Tx) error { _, err := s.Put(ctx, tx, 1, []Media{m}); return err })
		if got, _ := s.ByIDs(ctx, ids[:1]); got[ids[0]].Licence != "CC BY 4.0" {
			t.Error("it lost its licence")
		}

		// What was stored before there was a library becomes searchable.
		run(t, d, "UPDATE media_text SET folded = ''")
		if got := find(Query{Text: "паром"}); got != " false" {
			t.Errorf("%q", got)
		}
		n, err := s.foldSome(ctx, 2)
		if err != nil || n != 2 {
			t.Error(n, err)
		}
		if n, err = s.foldSome(ctx, 50); err != nil || n != 1 {
			t.Error(n, err)
		}
		if got := find(Query{Text: "паром"}); got != "ferry false" {
			t.Errorf("%q", got)
		}
	})
}

// Pictures from before are looked at by and by; alike ones are found, the most alike
// first.
func TestLookAtSome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), open(t, d)
		rows(t, d)
		var ids []int64
		for i, b := range [][]byte{encoded(t, scene(1, 300, 200, nil), 95), encoded(t, scene(1, 150, 100, nil), 50), encoded(t, scene(4, 300, 200, nil), 90),
			[]byte(svgHead + "</svg>"), photo(t, 60, 60)[:700]} {
			m, err := s.Take(ctx, fmt.Sprint("p", i), bytes.NewReader(b), 0)
			if err != nil {
				t.Fatal(i, err)
			}
			write(t, d, func(tx *db.Tx) error {
				made, err := s.Put(ctx, tx, 1, []Media{m})
				ids = append(ids, made...)
				return err
			})
		}
		draw := looker(t, s)
		for i, want := range []bool{true, true, false, false} { // two at a time, five in all
			if more, err := draw.LookAtSome(ctx, 2); err != nil || more != want {
				t.Errorf("turn %d: %v %v", i, more, err)
			}
		}
		l, err := s.LookOf(ctx, ids[0])
		if err != nil || !l.Known {
			t.Fatal(l, err)
		}
		like, err := s.Like(ctx, 1, l.Hash, ids[0], 5)
		if err != nil || len(like) != 1 || like[0].ID != ids[1] {
			t.Errorf("%+v %v", like, err)
		}
		like, err = s.Like(ctx, 1, l.Hash, 0, 5)
		if err != nil || len(like) != 2 || like[0].ID != ids[0] {
			t.Errorf("with itself: %+v %v", like, err)
		}
		if other, err := s.Like(ctx, 2, l.Hash, 0, 5); err != nil || len(other) != 0 {
			t.Errorf("another publication's: %+v %v", other, err)
		}
		for _, id := range ids[3:] {
			if l, err := s.LookOf(ctx, id); err != nil || l.Known {
				t.Errorf("medium %d: %+v %v", id, l, err)
			}
		}
		// A file that was taken and is not wanted goes; one that a medium has stays.
		m, err := s.Take(ctx, "x", bytes.NewReader(encoded(t, scene(6, 90, 60, nil), 90)), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			m     Media
			there bool
		}{{m, false}, {like[0], true}} {
			if err := s.Drop(ctx, c.m); err != nil {
				t.Fatal(err)
			}
			if there, err := s.blobs.Has(ctx, c.m.Blob); err != nil || there != c.there {
				t.Errorf("%s: %v %v", c.m.FileName, there, err)
			}
		}
	})
}
