package media

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Said is what a file says of itself: who made the picture, what is on it and who may
// show it. It is offered to whoever describes the picture, and believed by nobody.
type Said struct {
	Title   string    `json:"title,omitempty"`
	Caption string    `json:"caption,omitempty"`
	Alt     string    `json:"alt,omitempty"`
	Credit  string    `json:"credit,omitempty"`
	Rights  string    `json:"rights,omitempty"`
	Licence string    `json:"licence,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// Empty tells whether it says nothing.
func (s Said) Empty() bool { return s == Said{} }

// String is the form in which it is kept; empty for nothing.
func (s Said) String() string {
	if s.Empty() {
		return ""
	}
	b, err := json.Marshal(s)
	if err != nil {
		return "" // a year beyond 9999, which nobody meant
	}
	return string(b)
}

func readSaid(text string) (s Said) {
	if text == "" || json.Unmarshal([]byte(text), &s) != nil {
		return Said{}
	}
	return s
}

// told are the properties that are looked for, by what they are, each as one of the
// three forms says it.
type told struct {
	title, caption, alt, creator, credit, rights, licence string
	expires                                               time.Time
}

// said brings together what the forms say: XMP before IPTC's datasets before EXIF, as
// the Metadata Working Group has it (Guidelines 2.0 §5).
func (h *heard) said() Said {
	x, i, e := readXMP(h.xmp), readIRBs(h.irbs), readEXIF(h.exif)
	pick := func(values ...string) string {
		for _, v := range values {
			if v = oneLine(v); v != "" {
				return v
			}
		}
		return ""
	}
	s := Said{Title: pick(x.title, i.title), Caption: pick(x.caption, i.caption, e.caption), Alt: pick(x.alt), Rights: pick(x.rights, i.rights, e.rights),
		Licence: pick(x.licence)}
	creator, agency := pick(x.creator, i.creator, e.creator), pick(x.credit, i.credit)
	switch {
	case creator == "" || strings.Contains(agency, creator):
		s.Credit = agency
	case agency == "" || strings.Contains(creator, agency):
		s.Credit = creator
	default:
		s.Credit = creator + " / " + agency
	}
	if s.Expires = x.expires; s.Expires.IsZero() {
		s.Expires = i.expires
	}
	if emptyCaptions[strings.ToLower(s.Caption)] {
		s.Caption = ""
	}
	return s
}

// emptyCaptions are what cameras write into every picture.
var emptyCaptions = map[string]bool{"olympus digital camera": true, "sony dsc": true, "dcim": true, "default": true, "digital camera": true,
	"kodak digital still camera": true, "minolta digital camera": true, "samsung digital camera": true, "untitled": true, "image": true}

// mostSaid is the longest text that is taken over, in letters.
const mostSaid = 1500

// oneLine is a text on one line, without control characters, in normal form C.
func oneLine(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u00ad' && r != '\u200d' && r != '\u200c':
			return -1
		}
		return r
	}, s)
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	if n := 0; len(s) > mostSaid {
		for at := range s {
			if n++; n > mostSaid {
				return s[:at]
			}
		}
	}
	return s
}
