package stem

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

// by makes a stemmer of one of Snowball's.
func by(algorithm func(*snowballstem.Env) bool) func(string) string {
	return func(word string) string {
		env := snowballstem.NewEnv(word)
		algorithm(env)
		return env.Current()
	}
}

var russianStem, porter = by(russian.Stem), by(english.Stem)

// snowballs are further languages that Snowball knows. Their accents stay until
// the stem is made, since the algorithms need them.
var snowballs = map[string]*Language{
	"da": snowball("da", danish.Stem), "nl": snowball("nl", dutch.Stem), "fi": snowball("fi", finnish.Stem),
	"fr": snowball("fr", french.Stem), "de": snowball("de", german.Stem), "hu": snowball("hu", hungarian.Stem),
	"it": snowball("it", italian.Stem), "nb": snowball("nb", norwegian.Stem), "no": snowball("no", norwegian.Stem),
	"pt": snowball("pt", portuguese.Stem), "ro": snowball("ro", romanian.Stem), "es": snowball("es", spanish.Stem),
	"sv": snowball("sv", swedish.Stem), "tr": snowball("tr", turkish.Stem),
}

func snowball(tag string, algorithm func(*snowballstem.Env) bool) *Language {
	stem := by(algorithm)
	return &Language{tag: tag, fold: foldCommon, stem: func(w string) string { return other.Folded(stem(w)) }}
}

// englishStem is Porter's second stemmer.
func englishStem(word string) string { return unapostrophe(porter(word)) }

func unapostrophe(s string) string {
	for i := range len(s) {
		if s[i] == '\'' {
			b := make([]byte, 0, len(s))
			for j := range len(s) {
				if s[j] != '\'' {
					b = append(b, s[j])
				}
			}
			return string(b)
		}
	}
	return s
}
