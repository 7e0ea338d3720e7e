package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"dateline/internal/fault"
)

// trak is a track of one kind of samples, with where it was taken written at
// every place where cameras write it.
func trak(sample, more string) string {
	stsd := box("stsd", "\x00\x00\x00\x00\x00\x00\x00\x01", box(sample, "\x00\x00\x00\x00\x00\x00\x00\x01", more))
	return box("trak", box("tkhd", strings.Repeat("t", 84)), box("udta", box("name", secret)), box("meta", secret),
		box("mdia", box("mdhd", "m"), box("hdlr", "h"), box("udta", box("loci", secret)),
			box("minf", box("vmhd", "v"), box("stbl", stsd, box("stco", "\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x02\x00")))))
}

func moov(tracks ...string) string {
	return box("moov", box("mvhd", strings.Repeat("h", 100)), strings.Join(tracks, ""),
		box("udta", box("\xa9xyz", secret), box("loci", secret), "\x00\x00\x00\x00"), box("meta", box("keys", "com.apple.quicktime.location.ISO6709"), box("ilst", secret)),
		box("uuid", "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", secret))
}

// film is one as telephones write them: the head stands behind the picture.
func film(tracks ...string) string {
	return box("ftyp", "qt  ", "\x00\x00\x00\x00") + box("free", secret) + box("mdat", "the picture itself") + moov(tracks...) + box("sefd", secret)
}

func TestStripMP4(t *testing.T) {
	long := "\x00\x00\x00\x01mdat" + string(binary.BigEndian.AppendUint64(nil, 16+7)) + "picture"
	fragments := box("ftyp", "iso5") + box("moov", box("mvhd", "m"), box("mvex", "x")) +
		box("moof", box("mfhd", "m"), box("traf", box("tfhd", "t"), box("meta", secret), box("trun", "r")), box("uuid", secret)) + long
	for name, in := range map[string]string{
		"phone":         film(trak("avc1", "x"), trak("mp4a", "y")),
		"apple":         film(trak("avc1", "x"), trak("mebx", "com.apple.quicktime.detected-face")),
		"fragments":     fragments,
		"to the end":    box("ftyp", "isom") + moov(trak("avc1", "")) + "\x00\x00\x00\x00mdatpicture",
		"xmp to end":    box("ftyp", "isom") + moov() + "\x00\x00\x00\x00uuid" + secret,
		"breaks off":    film(trak("avc1", "x"))[:300],
		"four at end":   box("ftyp", "isom") + moov() + "\x00\x00\x00",
		"head in parts": box("ftyp", "isom") + box("moov", box("mvhd", "m"), "\x00\x00\x00\x00"),
	} {
		out, _, err := strip(stripMP4, []byte(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("location")) {
			t.Errorf("%s: it still says where it was taken: %q", name, out)
		}
		if len(out) > len(in) || len(out) < len(in)-7 {
			t.Errorf("%s: %d bytes became %d", name, len(in), len(out))
		}
		for _, part := range []string{"picture", "stco", "avc1", "mp4a", "tkhd", "trun", "detected-face"} {
			if at := strings.Index(in, part); at >= 0 && (at+len(part) > len(out) || string(out[at:at+len(part)]) != part) {
				t.Errorf("%s: %s does not stand where it stood", name, part)
			}
		}
		if again, _, err := strip(stripMP4, out); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: stripped twice it is another file: %v", name, err)
		}
	}
	for name, in := range map[string]string{
		"GoPro":         film(trak("avc1", "x"), trak("gpmd", "")),
		"camera motion": film(trak("camm", "")),
		"Apple":         film(trak("mebx", "com.apple.quicktime.location.ISO6709")),
		"compressed":    box("ftyp", "qt  ") + box("moov", box("cmov", "z")),
		"no head":       box("ftyp", "isom") + box("mdat", "x"),
		"too long":      box("ftyp", "isom") + box("moov", "\x7f\xff\xff\xffmvhd"),
		"too short":     box("ftyp", "isom") + "\x00\x00\x00\x04moov",
		"no length":     box("ftyp", "isom") + box("moov", "\x00\x00\x00\x00mvhd"+strings.Repeat("x", 10)),
		"bad sample":    box("ftyp", "isom") + box("moov", box("trak", box("mdia", box("minf", box("stbl", box("stsd", "\x00\x00\x00\x00\x00\x00\x00\x01\x7f\xff\xff\xffavc1")))))),
	} {
		if _, _, err := strip(stripMP4, []byte(in)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever comes, it ends, with an error of ours or with a file as long that
// is clean: stripping it again changes nothing.
func FuzzMP4(f *testing.F) {
	f.Add([]byte(film(trak("avc1", "x"), trak("mp4a", "y"))))
	f.Add([]byte(film(trak("gpmd", ""))))
	f.Add([]byte("\x00\x00\x00\x01moov\x00\x00\x00\x00\x00\x00\x00\x18\x00\x00\x00\x00moof"))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, _, err := strip(stripMP4, in)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		if len(out) > len(in) {
			t.Fatalf("%d bytes became %d", len(in), len(out))
		}
		if again, _, err := strip(stripMP4, out); err != nil || !bytes.Equal(again, out) {
			t.Fatalf("stripped twice: %v", err)
		}
		for _, kind := range []string{"udta", "meta", "uuid"} {
			for at := 0; at+8 <= len(out); { // on the top floor, by lengths alone
				n := int(binary.BigEndian.Uint32(out[at:]))
				if string(out[at+4:at+8]) == kind {
					t.Fatalf("a box %q is left", kind)
				}
				if n < 8 {
					break
				}
				at += n
			}
		}
	})
}
