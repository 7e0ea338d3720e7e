package media

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
	"dateline/internal/rendition"
)

// flag is a picture of four colours, one a quarter: what is turned or cut
// wrongly shows.
func flag(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 30, 30, 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.RGBA{30, 200, 30, 255}
			case x < w/2 && y >= h/2:
				c = color.RGBA{30, 30, 200, 255}
			case x >= w/2:
				c = color.RGBA{220, 220, 30, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// near reports whether two colours are the same but for the coding.
func near(a, b color.Color) bool {
	ar, ag, ab, aa := a.RGBA()
	br, bg, bb, ba := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x1400 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb) && !far(aa, ba)
}

func asPNG(t *testing.T, m image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func asJPEG(t *testing.T, m image.Image, orientation int) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	s := b.String()
	if orientation > 0 {
		s = s[:2] + segment(0xe1, "Exif\x00\x00"+string(orientationOnly(orientation))) + s[2:]
	}
	return s
}

// drawn takes a file, makes it public always and gives what answers for it.
type drawn struct {
	t    *testing.T
	s    *Store
	d    *Drawer
	m    Media
	now  time.Time
	logs bytes.Buffer
}

func draws(t *testing.T, d *db.DB, name, in string) *drawn {
	t.Helper()
	s := open(t, d)
	m, err := s.Take(t.Context(), name, strings.NewReader(in), 0)
	if err != nil {
		t.Fatal(err)
	}
	x := &drawn{t: t, s: s, now: time.Unix(1_700_000_000, 0)}
	x.d = NewDrawer(s, nil, slog.New(slog.NewTextHandler(&x.logs, nil)))
	x.d.patience = time.Minute
	t.Cleanup(x.d.Close)
	m.Always = true
	x.put(m)
	return x
}

func (x *drawn) put(m Media) {
	x.t.Helper()
	write(x.t, x.s.d, func(tx *db.Tx) error {
		ids, err := x.s.Put(x.t.Context(), tx, 1, []Media{m})
		if err == nil {
			m.ID = ids[0]
		}
		return err
	})
	all, err := x.s.ByIDs(x.t.Context(), []int64{m.ID})
	if err != nil {
		x.t.Fatal(err)
	}
	x.m = all[m.ID]
}

func (x *drawn) get(address string) (*http.Response, []byte) {
	x.t.Helper()
	w := httptest.NewRecorder()
	x.s.Handler(func() time.Time { return x.now }, x.d).ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return w.Result(), b
}

// picture gets a rendition and decodes it.
func (x *drawn) picture(shape rendition.Shape, width int) image.Image {
	x.t.Helper()
	set := x.d.Sizes(x.m)
	r, b := x.get(set.URL(shape, width, set.Default))
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != set.Default.Mime() || r.Header.Get("Cache-Control") != freshness {
		x.t.Fatalf("%q %d: %d %v %s", shape, width, r.StatusCode, r.Header, x.logs.String())
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		x.t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != width || b.Dy() != set.HeightOf(shape, width) {
		x.t.Errorf("%q %d came as %v", shape, width, b)
	}
	return img
}

func TestRenditions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rows(t, d)
		x := draws(t, d, "flag.jpg", asJPEG(t, flag(400, 300), 0))
		if got := x.d.Sizes(x.m).Widths(rendition.Whole, 0, rendition.Max); len(got) != 3 || got[2] != 400 {
			t.Fatalf("widths %v", got)
		}
		small := x.picture(rendition.Whole, 160)
		for p, want := range map[image.Point]color.RGBA{{20, 20}: {200, 30, 30, 255}, {140, 20}: {30, 200, 30, 255}, {20, 100}: {30, 30, 200, 255}, {140, 100}: {220, 220, 30, 255}} {
			if got := small.At(p.X, p.Y); !near(got, want) {
				t.Errorf("at %v: %v, want %v", p, got, want)
			}
		}
		x.picture(rendition.Wide, 320)
		// It is made once, and then read.
		set := x.d.Sizes(x.m)
		first, _ := x.get(set.URL(rendition.Whole, 160, rendition.JPEG))
		run(t, d, "UPDATE rendition SET mime = 'image/x-kept'")
		again, _ := x.get(set.URL(rendition.Whole, 160, rendition.JPEG))
		if again.Header.Get("Content-Type") != "image/x-kept" || again.Header.Get("ETag") != first.Header.Get("ETag") {
			t.Errorf("made anew: %v", again.Header)
		}
		// Its colour came with it, and whoever shows it is told.
		if m, err := x.s.ByToken(t.Context(), x.m.Token); err != nil || m.Colour == "" {
			t.Errorf("colour %q, %v", m.Colour, err)
		}
		// A file store that was emptied is filled again.
		f, err := x.s.found(t.Context(), x.m.Blob, recipe(set, rendition.Whole, 160, rendition.JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if err := x.s.blobs.Delete(t.Context(), f.Blob); err != nil {
			t.Fatal(err)
		}
		if r, _ := x.get(set.URL(rendition.Whole, 160, rendition.JPEG)); r.StatusCode != 200 || r.Header.Get("Cache-Control") != soon {
			t.Errorf("a lost file: %d %v", r.StatusCode, r.Header)
		}
		x.picture(rendition.Whole, 160)
		// Only while the medium itself is public.
		x.m.Always = false
		x.put(x.m)
		if r, _ := x.get(set.URL(rendition.Whole, 160, rendition.JPEG)); r.StatusCode != 404 {
			t.Errorf("of a medium that nobody may see: %d", r.StatusCode)
		}
	})
}

func TestRenditionAddresses(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	x := draws(t, d, "flag.png", asPNG(t, flag(400, 300)))
	set := x.d.Sizes(x.m)
	for _, rest := range []string{"641", "641-" + set.Version + "/flag.png", "160-" + set.Version + "/flag.jpg", "160-" + set.Version + "/x.png",
		"5x7-160-" + set.Version + "/flag.png", "640-" + set.Version + "/flag.png", "160-" + set.Version + "/", "160-zzzzzzzz/flag.png"} {
		if r, _ := x.get(set.Base + rest); r.StatusCode != 404 {
			t.Errorf("%s: %d", rest, r.StatusCode)
		}
	}
	// The address of before leads to the present one.
	before := set.URL(rendition.Square, 160, rendition.PNG)
	x.m.FocalX = 100
	x.put(x.m)
	now := x.d.Sizes(x.m).URL(rendition.Square, 160, rendition.PNG)
	if r, _ := x.get(before); r.StatusCode != 302 || r.Header.Get("Location") != now || before == now {
		t.Errorf("an earlier address: %d %q, want %q", r.StatusCode, r.Header.Get("Location"), now)
	}
}

// The focal point decides what a cut keeps.
func TestFocalCut(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	x := draws(t, d, "flag.png", asPNG(t, flag(900, 300)))
	for _, c := range []struct {
		at          int
		left, right color.RGBA
	}{
		{1, color.RGBA{200, 30, 30, 255}, color.RGBA{200, 30, 30, 255}},
		{500, color.RGBA{200, 30, 30, 255}, color.RGBA{30, 200, 30, 255}},
		{1000, color.RGBA{30, 200, 30, 255}, color.RGBA{30, 200, 30, 255}},
	} {
		x.m.FocalX = c.at
		x.put(x.m)
		img := x.picture(rendition.Square, 160)
		if !near(img.At(10, 10), c.left) || !near(img.At(150, 10), c.right) {
			t.Errorf("at %d: %v and %v", c.at, img.At(10, 10), img.At(150, 10))
		}
	}
}

// All eight orientations show the same picture.
func TestOrientation(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	upright := flag(400, 240)
	for o := 1; o <= 8; o++ {
		way := turningOf(o)
		w, h := way.shown(400, 240) // the inverse of a turn has the same swap
		stored := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range 240 {
			for x := range 400 {
				p := way.stored(image.Rect(x, y, x+1, y+1), 400, 240).Min
				stored.SetRGBA(p.X, p.Y, upright.RGBAAt(x, y))
			}
		}
		x := draws(t, d, "o.jpg", asJPEG(t, stored, o))
		if x.m.Width != 400 || x.m.Height != 240 {
			t.Fatalf("orientation %d: taken as %d × %d", o, x.m.Width, x.m.Height)
		}
		for _, shape := range []rendition.Shape{rendition.Whole, rendition.Square} {
			img := x.picture(shape, 160)
			b := img.Bounds()
			for p, want := range map[image.Point]color.RGBA{{10, 10}: upright.RGBAAt(0, 0), {b.Dx() - 10, 10}: upright.RGBAAt(399, 0),
				{10, b.Dy() - 10}: upright.RGBAAt(0, 239), {b.Dx() - 10, b.Dy() - 10}: upright.RGBAAt(399, 239)} {
				if got := img.At(p.X, p.Y); !near(got, want) {
					t.Errorf("orientation %d, %q, at %v: %v, want %v", o, shape, p, got, want)
				}
			}
		}
	}
}

// What cannot be drawn is sent as it is, and nobody tries again.
func TestRenditionFails(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	whole := asJPEG(t, flag(400, 300), 0)
	for name, c := range map[string]struct{ file, in, log string }{
		"broken": {"a.jpg", whole[:len(whole)/2], "broken picture"},
		"bomb":   {"a.png", "\x89PNG\r\n\x1a\n" + chunk("IHDR", "\x00\x00\x26\x00\x00\x00\x26\x00\x10\x06\x00\x00\x00") + chunk("IDAT", "x") + chunk("IEND", ""), "takes 722 MB"},
		"pixels": {"a.png", asPNG(t, flag(400, 300))[:200] + chunk("IDAT", "rubbish") + chunk("IEND", ""), "broken picture"},
	} {
		x := draws(t, d, c.file, c.in)
		set := x.d.Sizes(x.m)
		address := set.URL(rendition.Whole, 160, set.Default)
		r, b := x.get(address)
		original, all := x.get(x.m.Path())
		if r.StatusCode != 200 || !bytes.Equal(b, all) || r.Header.Get("ETag") != original.Header.Get("ETag") || r.Header.Get("Cache-Control") != freshness {
			t.Errorf("%s: %d %v", name, r.StatusCode, r.Header)
		}
		if !strings.Contains(x.logs.String(), c.log) {
			t.Errorf("%s: the log says %q, not %q", name, x.logs.String(), c.log)
		}
		x.logs.Reset()
		for _, width := range []int{160, 320} {
			if _, err := x.d.rendition(t.Context(), x.m, rendition.Square, width, set.Default); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: once more: %v", name, err)
			}
		}
		if x.logs.Len() > 0 {
			t.Errorf("%s: tried again: %s", name, x.logs.String())
		}
	}
}

// While it is drawn, and when too many wait, readers get the original.
func TestNobodyWaits(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	x := draws(t, d, "flag.jpg", asJPEG(t, flag(400, 300), 0))
	set := x.d.Sizes(x.m)
	address := set.URL(rendition.Whole, 160, set.Default)
	x.d.patience = 0
	x.d.turn <- struct{}{} // somebody else's is being drawn
	_, all := x.get(x.m.Path())
	if r, b := x.get(address); r.StatusCode != 200 || !bytes.Equal(b, all) || r.Header.Get("Cache-Control") != soon {
		t.Errorf("while it is drawn: %d %v", r.StatusCode, r.Header)
	}
	x.d.mu.Lock()
	f := x.d.flights[x.m.Blob+" "+recipe(set, rendition.Whole, 160, rendition.JPEG)]
	for i := range queued {
		x.d.flights[strings.Repeat("x", i+1)] = &flight{}
	}
	x.d.mu.Unlock()
	if r, b := x.get(set.URL(rendition.Square, 160, set.Default)); r.StatusCode != 200 || !bytes.Equal(b, all) {
		t.Errorf("when too many wait: %d", r.StatusCode)
	}
	<-x.d.turn
	<-f.done
	x.picture(rendition.Whole, 160)
}

// Transparent parts stay transparent, have no colour, and no JPEG.
func TestTransparent(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	glass := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	for i := 0; i < len(glass.Pix)/2; i += 4 {
		glass.Pix[i], glass.Pix[i+3] = 200, 255
	}
	x := draws(t, d, "glass.png", asPNG(t, glass))
	img := x.picture(rendition.Whole, 160)
	if _, _, _, a := img.At(80, 100).RGBA(); a != 0 {
		t.Errorf("the lower half has alpha %d", a)
	}
	if m, err := x.s.ByToken(t.Context(), x.m.Token); err != nil || m.Colour != "" {
		t.Errorf("colour %q, %v", m.Colour, err)
	}
}

func TestSizesOf(t *testing.T) {
	d := NewDrawer(&Store{}, nil, nil)
	for _, c := range []struct {
		m    Media
		want rendition.Format
	}{
		{Media{Kind: Image, Mime: "image/jpeg", Width: 9, Height: 9}, rendition.JPEG},
		{Media{Kind: Image, Mime: "image/webp", Width: 9, Height: 9}, rendition.JPEG},
		{Media{Kind: Image, Mime: "image/png", Width: 9, Height: 9}, rendition.PNG},
		{Media{Kind: Image, Mime: "image/svg+xml", Width: 9, Height: 9}, ""},
		{Media{Kind: Image, Mime: "image/gif", Width: 9, Height: 9}, ""},
		{Media{Kind: Image, Mime: "image/avif", Width: 9, Height: 9}, ""},
		{Media{Kind: File, Mime: "image/jpeg", Width: 9, Height: 9}, ""},
		{Media{Kind: Image, Mime: "image/jpeg"}, ""},
	} {
		if got := d.Sizes(c.m).Default; got != c.want {
			t.Errorf("%+v: %q", c.m, got)
		}
	}
	if (*Drawer)(nil).Sizes(Media{Kind: Image, Mime: "image/jpeg", Width: 9, Height: 9}).Some() {
		t.Error("no drawer, and sizes")
	}
}

// A wide colour space goes with its pixels; what every screen supposes does not.
func TestProfile(t *testing.T) {
	profile := func(space, name string) string {
		return strings.Repeat("\x00", 16) + space + strings.Repeat("\x00", 120) + name
	}
	d := dbtest.New(t)
	rows(t, d)
	plain := asJPEG(t, flag(400, 300), 0)
	for _, c := range []struct {
		profile string
		kept    bool
	}{
		{profile("RGB ", "Display P3"), true},
		{profile("RGB ", strings.Repeat("P3", 40000)), true}, // in two segments
		{profile("RGB ", "sRGB IEC61966-2.1"), false},
		{profile("RGB ", "s\x00R\x00G\x00B\x00"), false},
		{profile("CMYK", "Press"), false},
	} {
		in, rest, n := plain[:2], c.profile, 0
		total := (len(rest) + 65000 - 1) / 65000
		for rest != "" {
			n++
			part := rest[:min(65000, len(rest))]
			rest = rest[len(part):]
			in += segment(0xe2, "ICC_PROFILE\x00"+string([]byte{byte(n), byte(total)})+part)
		}
		x := draws(t, d, "p3.jpg", in+plain[2:])
		set := x.d.Sizes(x.m)
		_, b := x.get(set.URL(rendition.Whole, 160, set.Default))
		h, err := readHead(bytes.NewReader(b), "image/jpeg")
		if err != nil || (string(h.profile) == c.profile) != c.kept || !c.kept && len(h.profile) > 0 {
			t.Errorf("%.150q: kept %d bytes, %v", c.profile, len(h.profile), err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
			t.Error(err)
		}
	}
}

func TestDominant(t *testing.T) {
	m := flag(400, 300)
	for i := range 200 * 400 * 4 { // two thirds are of one colour
		m.Pix[i] = []byte{40, 90, 200, 255}[i%4]
	}
	if got := dominant(m); got != "#285ac8" {
		t.Error(got)
	}
}

// The memory that is foretold is what decoding takes, or more.
func TestForetold(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 640, 480))
	deep := image.NewNRGBA64(image.Rect(0, 0, 640, 480))
	deep.Pix[7] = 1
	for name, c := range map[string]struct {
		in, mime string
		want     int64
	}{
		"4:2:0":   {asJPEG(t, flag(640, 480), 0), "image/jpeg", 640 * 480 * 3 / 2},
		"gray":    {asJPEG(t, gray, 0), "image/jpeg", 640 * 480},
		"rgba":    {asPNG(t, flag(640, 480)), "image/png", 640 * 480 * 4},
		"png":     {asPNG(t, gray), "image/png", 640 * 480},
		"16 bits": {asPNG(t, deep), "image/png", 640 * 480 * 8},
	} {
		h, err := readHead(strings.NewReader(c.in), c.mime)
		if err != nil || h.bytes != c.want || h.width != 640 || h.height != 480 {
			t.Errorf("%s: %+v, %v; want %d bytes", name, h, err, c.want)
		}
	}
	progressive := strings.Replace(asJPEG(t, flag(640, 480), 0), "\xff\xc0", "\xff\xc2", 1)
	if h, err := readHead(strings.NewReader(progressive), "image/jpeg"); err != nil || h.bytes != 640*480*3/2*5 {
		t.Errorf("progressive: %+v, %v", h, err)
	}
}

// Whatever a stranger sends, reading its head and decoding it ends in a
// picture of the size that was foretold or in an error.
func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, flag(24, 16), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), byte(0))
	b.Reset()
	if err := png.Encode(&b, flag(24, 16)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), byte(1))
	f.Fuzz(func(t *testing.T, in []byte, kind byte) {
		mime := []string{"image/jpeg", "image/png", "image/webp"}[kind%3]
		if h, err := readHead(bytes.NewReader(in), mime); err != nil || h.bytes > 1<<22 {
			return // the decoders themselves are not what is tried here
		}
		img, h, err := decode(bytes.NewReader(in), mime)
		if err == nil {
			way := turningOf(h.orientation)
			w, hh := way.shown(h.width, h.height)
			if got := cut(img, way, image.Rect(0, 0, w, hh), min(w, 9), min(hh, 9)); got.Rect.Empty() {
				t.Error("an empty picture")
			}
		}
	})
}
