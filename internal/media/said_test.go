package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"dateline/internal/dbtest"
)

// dataset is one of IPTC's.
func dataset(record, set byte, value string) string {
	return string([]byte{0x1c, record, set, byte(len(value) >> 8), byte(len(value))}) + value
}

// irb is an image resource of Photoshop.
func irb(id uint16, data string) string {
	out := binary.BigEndian.AppendUint16([]byte("8BIM"), id)
	out = append(out, 0, 0)
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	out = append(out, data...)
	if len(data)%2 == 1 {
		out = append(out, 0)
	}
	return string(out)
}

func iptc(sets ...string) string {
	return "Photoshop 3.0\x00" + irb(0x0425, "odd") + irb(0x0404, strings.Join(sets, ""))
}

const xmpHead = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"` +
	` xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"`

func xmp(attributes, elements string) string {
	return xmpHead + " " + attributes + ">" + elements + `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

// texted is a TIFF block with a text in its first directory.
func texted(tag uint16, text string) string {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00\x01\x00")
	b = le.AppendUint16(b, tag)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint32(b, uint32(len(text)+1))
	b = le.AppendUint32(b, 26)
	b = append(b, 0, 0, 0, 0)
	return string(b) + text + "\x00"
}

const (
	xap       = "http://ns.adobe.com/xap/1.0/\x00"
	exifStart = "Exif\x00\x00"
)

// What files say of themselves is heard, in each form, in an order, and is in none of
// the bytes that are kept.
func TestSaid(t *testing.T) {
	s := open(t, dbtest.New(t))
	full := xmp(`photoshop:Credit="Steppe Wire"`, `<dc:creator><rdf:Seq><rdf:li>Dana Kim</rdf:li><rdf:li>A. Bek</rdf:li></rdf:Seq></dc:creator>`+
		`<dc:description><rdf:Alt><rdf:li xml:lang="kk">Өзендегі паром</rdf:li><rdf:li xml:lang="x-default">The ferry &amp; the river</rdf:li></rdf:Alt></dc:description>`+
		`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2024 Steppe Wire</rdf:li></rdf:Alt></dc:rights>`+
		`<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Editorial use only</rdf:li></rdf:Alt></xmpRights:UsageTerms>`+
		`<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A white ferry</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>`)
	fullSaid := Said{Caption: "The ferry & the river", Alt: "A white ferry", Credit: "Dana Kim, A. Bek / Steppe Wire", Rights: "© 2024 Steppe Wire", Licence: "Editorial use only"}
	old, err := charmap.Windows1251.NewEncoder().String("Паром на реке")
	if err != nil {
		t.Fatal(err)
	}
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, picture(30, 20)); err != nil {
		t.Fatal(err)
	}
	inPNG := func(kind, data string) []byte {
		return []byte(drawn.String()[:33] + chunk(kind, data) + drawn.String()[33:])
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write([]byte(full))
	z.Close()
	jpg := func(parts ...string) []byte { return photo(t, 30, 20, parts...) }
	for name, c := range map[string]struct {
		in   []byte
		want Said
	}{
		"nothing":  {jpg(), Said{}},
		"xmp":      {jpg(segment(0xe1, xap+full)), fullSaid},
		"png":      {inPNG("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+full), fullSaid},
		"packed":   {inPNG("iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00"+packed.String()), fullSaid},
		"no zlib":  {inPNG("iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00rubbish"), Said{}},
		"png exif": {inPNG("eXIf", texted(0x8298, "Kim 2024")), Said{Rights: "Kim 2024"}},
		"iptc": {jpg(segment(0xed, iptc(dataset(1, 90, "\x1b%G"), dataset(2, 120, "Паром на реке"), dataset(2, 80, "Дана Ким"), dataset(2, 80, "А. Бек"),
			dataset(2, 110, "Степная лента"), dataset(2, 116, "© Степная лента"), dataset(2, 37, "20271231")))),
			Said{Caption: "Паром на реке", Credit: "Дана Ким, А. Бек / Степная лента", Rights: "© Степная лента", Expires: time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC)}},
		"in cp1251": {jpg(segment(0xed, iptc(dataset(2, 120, old)))), Said{Caption: "Паром на реке"}},
		"western":   {jpg(segment(0xed, iptc(dataset(2, 80, "Andr\xe9 Br\xfbl\xe9")))), Said{Credit: "André Brûlé"}},
		"in two":    {jpg(segment(0xed, iptc(dataset(2, 120, "The ferry"))[:40]), segment(0xed, "Photoshop 3.0\x00"+iptc(dataset(2, 120, "The ferry"))[40:])), Said{Caption: "The ferry"}},
		"exif":      {jpg(segment(0xe1, exifStart+texted(0x010e, "A ferry"))), Said{Caption: "A ferry"}},
		"a camera":  {jpg(segment(0xe1, exifStart+texted(0x010e, "OLYMPUS DIGITAL CAMERA         "))), Said{}},
		"the order": {jpg(segment(0xe1, exifStart+texted(0x010e, "from EXIF")), segment(0xed, iptc(dataset(2, 120, "from IPTC"))),
			segment(0xe1, xap+xmp("", `<dc:description>from XMP</dc:description>`))), Said{Caption: "from XMP"}},
		"one credit": {jpg(segment(0xed, iptc(dataset(2, 80, "Kim"), dataset(2, 110, "Kim / Steppe Wire")))), Said{Credit: "Kim / Steppe Wire"}},
		"controls":   {jpg(segment(0xed, iptc(dataset(2, 120, "one\r\n\ttwo\x00\u202ethree")))), Said{Caption: "one twothree"}},
		"breaks off": {jpg(segment(0xe1, xap+full[:len(xmpHead)+70])), Said{Credit: "Steppe Wire"}},
		"webp":       {withXMP(t, full), fullSaid},
	} {
		m, got, err := s.TakeChecked(t.Context(), "ferry", bytes.NewReader(c.in), 0, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if back := readSaid(got.String()); !cmp.Equal(back, got) {
			t.Errorf("%s: kept as %q it reads %+v", name, got.String(), back)
		}
		f, err := s.blobs.Get(t.Context(), m.Blob)
		if err != nil {
			t.Fatal(err)
		}
		var kept bytes.Buffer
		_, _ = kept.ReadFrom(f)
		f.Close()
		for _, word := range []string{"Steppe Wire", "ferry", "Kim", "Паром"} {
			if strings.Contains(kept.String(), word) {
				t.Errorf("%s: what is kept still says %q", name, word)
			}
		}
	}
}

// withXMP is a WebP with a packet behind its pixels.
func withXMP(t testing.TB, packet string) []byte {
	t.Helper()
	in := webpPicture(t, 1)
	if len(packet)%2 == 1 {
		packet += " "
	}
	at := bytes.Index(in, []byte("XMP "))
	if at < 0 {
		t.Fatal("the sample has no XMP")
	}
	old := int(binary.LittleEndian.Uint32(in[at+4:]))
	old += old & 1
	out := append([]byte{}, in[:at+4]...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(packet)))
	out = append(out, packet...)
	out = append(out, in[at+8+old:]...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// A description that grows without end costs what fits and no more.
func TestSaidIsBounded(t *testing.T) {
	var many []string
	for range 40 {
		many = append(many, segment(0xed, "Photoshop 3.0\x00"+strings.Repeat("x", 60_000)))
	}
	var h heard
	if _, _, err := stripHeard(stripJPEG, photo(t, 9, 9, many...), &h); err != nil {
		t.Fatal(err)
	}
	if len(h.irbs) > maxHeard {
		t.Errorf("%d bytes were kept", len(h.irbs))
	}
	var bomb bytes.Buffer
	z := zlib.NewWriter(&bomb)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 50<<20))
	z.Close()
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, picture(9, 9)); err != nil {
		t.Fatal(err)
	}
	h = heard{}
	if _, _, err := stripHeard(stripPNG, []byte(drawn.String()[:33]+chunk("iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00"+bomb.String())+drawn.String()[33:]), &h); err != nil {
		t.Fatal(err)
	}
	if len(h.xmp) > maxHeard {
		t.Errorf("%d bytes were unpacked", len(h.xmp))
	}
	if s := (&heard{xmp: []byte(xmp("", "<dc:description>"+strings.Repeat("long ", 30_000)+"</dc:description>"))}).said(); len([]rune(s.Caption)) > mostSaid {
		t.Errorf("a caption of %d letters", len([]rune(s.Caption)))
	}
	deep := []byte(xmpHead + ">" + strings.Repeat("<dc:description><rdf:Alt>", 5000))
	if s := (&heard{xmp: deep}).said(); !s.Empty() {
		t.Errorf("%+v", s)
	}
}

// Whatever the three forms hold, reading them ends, within bounds.
func FuzzSaid(f *testing.F) {
	f.Add([]byte(xmp(`photoshop:Credit="x"`, `<dc:creator><rdf:Seq><rdf:li>y</rdf:li></rdf:Seq></dc:creator>`)))
	f.Add([]byte(iptc(dataset(2, 120, "x"), dataset(2, 37, "20270101"))[14:]))
	f.Add([]byte(dataset(2, 120, "x")))
	f.Add([]byte("\x1c\x02\x78\x80\x04\xff\xff\xff\xff"))
	f.Add([]byte(texted(0x010e, "x")))
	f.Add([]byte("8BIM\x04\x04\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > maxHeard {
			return
		}
		readIPTC(in)
		s := (&heard{exif: in, xmp: in, irbs: in}).said()
		for _, text := range []string{s.Title, s.Caption, s.Alt, s.Rights, s.Licence} {
			if len([]rune(text)) > mostSaid || text != oneLine(text) {
				t.Fatalf("%q", text)
			}
		}
		if back := readSaid(s.String()); back != s && s.String() != "" {
			t.Fatalf("%+v is kept as %q", s, s.String())
		}
	})
}
