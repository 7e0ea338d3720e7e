package conduct

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// links finds what leads elsewhere, however it is spelled.
func links(text string) (Finding, bool) {
	var suspect Finding
	found := false
	for _, view := range views(text) {
		f, ok := linksIn(view)
		if ok && f.Sure {
			return f, true
		}
		if ok && !found {
			suspect, found = f, true
		}
	}
	return suspect, found
}

// views are the ways to read a text: as it is, with entities and escapes undone, and
// backwards where it asks to be shown so.
func views(text string) []string {
	out := []string{plain(text)}
	add := func(s string) {
		if s = plain(s); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if strings.ContainsRune(text, '&') {
		add(html.UnescapeString(text))
	}
	if strings.ContainsRune(text, '%') {
		if s, err := url.PathUnescape(text); err == nil && utf8.ValidString(s) {
			add(s)
		} else {
			add(strings.NewReplacer("%2e", ".", "%2E", ".", "%2f", "/", "%2F", "/", "%3a", ":", "%3A", ":").Replace(text))
		}
	}
	if strings.ContainsAny(text, "\u202e\u202d") {
		r := []rune(text)
		slices.Reverse(r)
		add(string(r))
	}
	if s := joined(out[0]); s != "" {
		add(s)
	}
	return out
}

// spaced are single signs with something between: "e x a m p l e . c o m".
var spaced = regexp.MustCompile(`(?:[\p{L}\p{N}.](?:[ _*~|+\-]{1,3})){4,}[\p{L}\p{N}.]`)

var between = regexp.MustCompile(`[ _*~|+\-]+`)

// joined is a text with its spaced words closed up; empty: there are none.
func joined(text string) string {
	if !spaced.MatchString(text) {
		return ""
	}
	return spaced.ReplaceAllStringFunc(text, func(s string) string { return between.ReplaceAllString(s, "") })
}

var (
	scheme  = regexp.MustCompile(`(?:^|[^\p{L}])(?:(?:h(?:t|x|\*|-){2}ps?|ftps?)[ ]?:[ ]?[/\\]{0,3}[^\s/\\]|(?:javascript|vbscript):\S|data:[a-z]+/[a-z]|magnet:\?|about:blank|file:/)`)
	slashes = regexp.MustCompile(`[a-z][a-z0-9+.\-]{1,12}[ ]?:[ ]?[/\\]{2}[ ]?[^\s]`)
	double  = regexp.MustCompile(`(?:^|\s)//[\p{L}\p{N}]`)
	mailto  = regexp.MustCompile(`\b(?:mailto|tel|sms|xmpp|skype)[ ]?:[ ]?[\p{L}\p{N}+]`)
	www     = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])www?w?w[ ]?(?:\.|,|dot|точка)[ ]?[\p{L}\p{N}]`)
	marked  = regexp.MustCompile(`\]\s?\(\s*[^\s()]*[\p{L}/][^\s()]*(?:\s+["'][^)]*)?\s*\)|(?m:^\s{0,3}\[[^\]]+\]:\s*\S)|\[\s?(?:url|link|img)\s?[\]=]`)
	tagged  = regexp.MustCompile(`<\s*a(?:rea)?\s+[a-z:\-]+\s*=[^<]*|<\s*/\s*a\s*>|<[^<>]{0,200}\b(?:src|srcset|action|formaction|data|poster|background|cite|ping|url)\s*=[^<]*|\b(?:xlink:)?href\s*=[^<]*`)
	quad    = regexp.MustCompile(`(?:^|[^\p{N}.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(:\d{1,5}\b|/)?`)
	sixth   = regexp.MustCompile(`\[[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%[a-z0-9]+)?\]`)
	puny    = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])xn--[a-z0-9\-]{2,}`)
	cited   = regexp.MustCompile(`(?:версия|верси[июей]+|version|нұсқа\p{L}*|v|п|пп|ст|пункт\p{L}*|стать\p{L}+|раздел\p{L}*|§|section|clause|art|no|№|рис|табл|бап\p{L}*|тармақ\p{L}*)[. ]{0,2}$`)
)

func linksIn(s string) (Finding, bool) {
	folded := latin(s)
	for _, re := range []*regexp.Regexp{marked, tagged} {
		if m := re.FindString(s); m != "" {
			return Finding{Sure: true, What: cut(m)}, true
		}
	}
	for _, re := range []*regexp.Regexp{scheme, slashes, double, mailto, www, sixth, puny} {
		for _, t := range []string{s, folded} {
			if m := re.FindString(t); m != "" {
				return Finding{Sure: true, What: cut(m)}, true
			}
		}
	}
	suspect, found := Finding{}, false
	for _, m := range quad.FindAllStringSubmatchIndex(s, -1) {
		ok, sure := numbered(s, m)
		if ok && sure {
			return Finding{Sure: true, What: s[m[2]:m[3]]}, true
		}
		if ok {
			suspect, found = Finding{What: s[m[2]:m[3]]}, true
		}
	}
	for _, look := range []func(string) (Finding, bool){named, apart} {
		f, ok := look(s)
		if ok && f.Sure {
			return f, true
		}
		if ok && !found {
			suspect, found = f, true
		}
	}
	return suspect, found
}

// numbered tells an address of the Internet from the number of a clause or a version.
func numbered(s string, m []int) (ok, sure bool) {
	small := true
	for _, n := range strings.Split(s[m[2]:m[3]], ".") {
		v, _ := strconv.Atoi(n)
		if v > 255 || len(n) > 1 && n[0] == '0' {
			return false, false
		}
		small = small && v < 40
	}
	switch {
	case m[4] >= 0:
		return true, true
	case m[3] < len(s) && s[m[3]] == '.' && m[3]+1 < len(s) && s[m[3]+1] >= '0' && s[m[3]+1] <= '9':
		return false, false // a longer number of a clause
	case cited.MatchString(s[:m[2]]):
		return false, false
	}
	return true, !small
}

// strong are ends of addresses that no sentence has: what follows a full stop, with a
// space or without, is an address.
var strong = set("com org net ru kz su info biz io рф қаз рус бел укр онлайн сайт орг ком кз uz kg ua by uk de fr eu dev xyz club shop site top online store icu app gg cc ws onion")

// spelled are ends of addresses in Russian and Kazakh letters, as they are spoken.
var spelled = set("ру ком орг кз инфо су юа бай рф уз кг ио хуз")

// also are words that begin a sentence whose writer forgot the space, and ends of
// addresses too: alone they say nothing.
var also = set(`is it in so no to me my at am be do as us by an or if he we of on up go hi oh ok ai ad al re id im la se es de un et ou il si da ne ni na po pa li mo ma mu va ve ci ca ch ee nu pe pl pm ps pr vi tv
	 you your now new news here how one best life love work world team art city today live fun cool game games show
	company love like land land place play law care cash cheap free for health help house home  int jobs link live
	map media men moe mom name ninja open page photo pics plus pub red rent sale save school search secure sexy  social
	soy space sport style talk tax team tips today  toys trade travel trust video vote wait watch win work works wow yes zero
	android  baby bar beer bet bike bio black blue boo book box buy cab cafe call cam camp car cat center chat church click
	cloud coach codes coffee community cool cricket dad date day deal diet direct dog domains earth eat education email energy
	fail family fan farm fast fit fish fly food foo forum fund fyi garden gift gives glass global gold golf green guide guitars
	guru hair haus host hot hotel hot immo kids kim lat law lease limited lol loan makeup market money monster motorcycles
	next nowruz observer one onl ooo organic partners party pet phone pid pink pizza prof prime pro promo quest read realty
	rest review rip rocks room rugby run sbs science services ski skin solar soccer solutions  stream study sucks surf
	support tattoo tech theater tickets tires training university uno vacations vet villas vip vision vodka weather wedding
	where wiki wine zip мода дети москва католик` + " за со но не на да мы он ты")

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// label is a part of an address between dots.
const label = `[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_\-]{0,61}[\p{L}\p{N}\p{M}])?`

// hostname is labels with dots between and nothing else.
var hostname = regexp.MustCompile(`(` + label + `(?:\.` + label + `)+)\.?(:\d{1,5}\b|[/\\?#][^\s.,;!?)]|@)?`)

// named finds bare names of hosts: "example.com", "пример.рф", "t.me/x".
func named(s string) (Finding, bool) {
	suspect, found := Finding{}, false
	for _, m := range hostname.FindAllStringSubmatchIndex(s, -1) {
		host, goesOn := s[m[2]:m[3]], m[4] >= 0
		mail := m[2] > 0 && s[m[2]-1] == '@'
		labels := strings.Split(host, ".")
		end := ending(labels)
		if end == "" {
			continue
		}
		f := Finding{What: cut(host)}
		switch {
		case goesOn || mail || strong[end] && !also[end]:
			f.Sure = true
		case also[end]:
			if initials(labels) {
				continue
			}
			f.Sure = len(labels) > 2 && !sentence(s, m)
			if !f.Sure && (sentence(s, m) || prose(s, m, labels)) {
				continue
			}
		case prose(s, m, labels):
			// "молоко.Дома": a full stop without its space.
			if !strong[end] {
				continue
			}
		default:
			f.Sure = true
		}
		if f.Sure {
			return f, true
		}
		if !found {
			suspect, found = f, true
		}
	}
	return suspect, found
}

// ending is the top-level domain of labels as the Domain Name System knows it; empty:
// there is none.
func ending(labels []string) string {
	end := labels[len(labels)-1]
	if strong[end] || spelled[end] {
		return end
	}
	name := strings.Join(labels, ".")
	if !ascii(end) && strings.ContainsFunc(name, isLatin) {
		end = latin(end) // of two alphabets: a disguise
	}
	if n := strings.NewReplacer("0", "o", "1", "l").Replace(end); n != end && strong[n] && strings.ContainsFunc(end, unicode.IsLetter) {
		return n
	}
	if utf8.RuneCountInString(end) < 2 || strings.ContainsFunc(end, unicode.IsDigit) {
		return ""
	}
	if strong[end] {
		return end
	}
	if ascii(end) {
		if suffix, known := publicsuffix.PublicSuffix("x." + end); known && suffix == end {
			return end
		}
	}
	return ""
}

// initials are single letters: "U.S", "т.е".
func initials(labels []string) bool {
	for _, l := range labels {
		if utf8.RuneCountInString(l) > 1 {
			return false
		}
	}
	return true
}

// sentence tells two words of a text whose writer forgot the space after a full stop:
// another word follows at once.
func sentence(s string, m []int) bool {
	rest := s[m[1]:]
	if !strings.HasPrefix(rest, " ") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
	return unicode.IsLetter(r)
}

// prose tells words of one alphabet that is not Latin, with an ending that is: no
// address mixes them. And a single letter before a full stop is an initial or an
// abbreviation ("г.Алматы", "A.Kim").
func prose(s string, m []int, labels []string) bool {
	first := labels[len(labels)-2]
	if utf8.RuneCountInString(first) == 1 && len(labels) == 2 && !strings.ContainsFunc(first, unicode.IsDigit) {
		return !strong[labels[1]] && !spelled[labels[1]]
	}
	return false
}

var (
	// word is what stands around a dot that is written out.
	spelledDot = regexp.MustCompile(`(` + label + `)[\s,]*(?:[(\[{<«*_|-]+\s*(?:\.|dot|d0t|dоt|точка|тчк|нүкте)\s*[)\]}>»*_|-]+|\s(?:dot|d0t|точка|тчк|нүкте)(?:\s|$))\s*(` + label + `)`)
	// loose is a dot with spaces about it.
	loose = regexp.MustCompile(`(` + label + `)(\s{1,3}\.\s{0,3}|\.\s{1,3}|\s?[,;]\s?)(` + label + `)`)
)

// apart finds names of hosts whose dots are written in other ways: "example dot com",
// "example (точка) ру", "example . com".
func apart(s string) (Finding, bool) {
	for at := 0; at < len(s); {
		m := spelledDot.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		before, end := s[at+m[2]:at+m[3]], s[at+m[4]:at+m[5]]
		word := strings.Contains(latin(s[at+m[3]:at+m[4]]), "dot") || !strings.ContainsAny(s[at+m[3]:at+m[4]], ".")
		bracket := strings.ContainsAny(s[at+m[3]:at+m[4]], "([{<«*_|")
		last := ending([]string{before, end})
		switch {
		case last == "":
		case bracket && (strong[last] || spelled[last] || !also[last]), strong[last] && last != "net" && !articles[before], spelled[last] && word && !articles[before]:
			return Finding{Sure: true, What: cut(s[at+m[2] : at+m[5]])}, true
		case word && bracket:
			return Finding{Sure: false, What: cut(s[at+m[2] : at+m[5]])}, true
		}
		at += m[4]
	}
	for at := 0; at < len(s); {
		m := loose.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		before, gap, end := s[at+m[2]:at+m[3]], s[at+m[4]:at+m[5]], s[at+m[6]:at+m[7]]
		last := ending([]string{before, end})
		comma := strings.ContainsAny(gap, ",;")
		switch {
		case last == "" || !strong[last] && !spelled[last] || also[last] && last != "net":
		case comma && (strings.Contains(gap, " ") || last == "net" || !strong[last]):
		case !comma && gap[0] == '.' && (last == "net" || spelled[last] || inWords(last)): // "Hello. Net gains"
		case strings.HasPrefix(gap, " ") || comma || gap[0] == '.':
			return Finding{Sure: true, What: cut(s[at+m[2] : at+m[7]])}, true
		}
		at += m[6]
	}
	return Finding{}, false
}

// inWords are strong endings that are words of a sentence, too.
func inWords(end string) bool {
	switch end {
	case "info", "by", "de", "club", "shop", "site", "top", "online", "store", "app", "su", "ru", "uk", "eu", "io", "dev", "онлайн", "сайт", "бел", "рус", "ком":
		return end != "ru"
	}
	return false
}

// articles stand before the name of what is called so: "the dot com years".
var articles = set("the a an of this that those these and or эпоха эпохи эра пузырь крах это или")
