package site

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Whoever comes to an address where nothing is finds its words in the field for
// searching. All such addresses share one kept page, in which wordsHere stands
// for the words: an invented address must cost no more than a read page.

// wordsHere holds the place: Unicode non-characters, which are no letters, so that
// no address's words contain them.
const wordsHere = "\uFDD2\uFDD3"

const (
	mostWords   = 12
	mostLetters = 120
)

// endings are what addresses of files and pages end in, no word of a headline.
var endings = []string{".html", ".htm", ".shtml", ".php", ".asp", ".aspx", ".jsp", ".xml", ".amp"}

// wordsOf are the words of an address's last part, to search for: letters and
// figures alone. Addresses that say nothing (a number, a day) have none.
func wordsOf(path string) string {
	if strings.HasPrefix(path, "/-/") {
		return "" // no address of a text: a link to a preview has ended, and what it was is nobody's to search for
	}
	path = strings.Trim(path, "/")
	path = "/" + path
	if m := oldPage.FindStringSubmatch(path); m != nil {
		path = m[1]
	}
	path, _ = oldSuffix(path)
	last := path[strings.LastIndexByte(path, '/')+1:]
	// Old systems and chat programs encode what is encoded.
	if again, err := url.PathUnescape(last); err == nil && utf8.ValidString(again) {
		last = again
	}
	for _, e := range endings {
		if cut := len(last) - len(e); cut > 0 && strings.EqualFold(last[cut:], e) {
			last = last[:cut]
			break
		}
	}
	var words []string
	says, letters := false, 0
	for _, w := range strings.FieldsFunc(last, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.Nd, unicode.M) }) {
		n := utf8.RuneCountInString(w)
		if letters += n + 1; len(words) == mostWords || letters > mostLetters {
			break
		}
		words = append(words, w)
		says = says || speaks(w)
	}
	if !says {
		return ""
	}
	return strings.Join(words, " ")
}

// speaks tells a word from a number and from a piece of a hash.
func speaks(word string) bool {
	letters, figures := 0, 0
	for _, r := range word {
		if unicode.IsLetter(r) {
			letters++
		} else if unicode.IsDigit(r) {
			figures++
		}
	}
	return letters > 1 && letters > figures
}

// plain is the same asking without what would have an answer compressed, or left
// out as known.
func plain(r *http.Request) *http.Request {
	out := *r
	out.Method, out.Header = http.MethodGet, http.Header{}
	return &out
}

// holder keeps an answer back until the words stand in it.
type holder struct {
	http.ResponseWriter
	status int
	body   []byte
}

func (h *holder) WriteHeader(status int) { h.status = status }

func (h *holder) Write(b []byte) (int, error) {
	h.body = append(h.body, b...)
	return len(b), nil
}

// send sends the answer with the words in their place, escaped as the theme has
// escaped what stood there.
func (h *holder) send(r *http.Request, words string) {
	body := bytes.ReplaceAll(h.body, []byte(wordsHere), []byte(template.HTMLEscapeString(words)))
	inQuery := strings.ToLower(url.QueryEscape(wordsHere)) // as html/template writes it
	body = bytes.ReplaceAll(body, []byte(inQuery), []byte(url.QueryEscape(words)))
	h.Header().Set("Content-Length", strconv.Itoa(len(body)))
	h.ResponseWriter.WriteHeader(h.status)
	if r.Method != http.MethodHead {
		_, _ = h.ResponseWriter.Write(body) // a reader who left is nobody's error
	}
}
