package demo

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var (
	tags  = regexp.MustCompile(`<[^>]+>`)
	notes = regexp.MustCompile(`(?s)<ol class="notes">.*?</ol>`)
)

// plain is what a reader reads of a body.
func plain(body string) string { return tags.ReplaceAllString(notes.ReplaceAllString(body, ""), " ") }

func daysAgo(t *testing.T, a article) int {
	t.Helper()
	days, _, _ := strings.Cut(a.head["published"], " ")
	n, err := strconv.Atoi(days)
	if err != nil {
		t.Fatalf("%s: %v", a.file, err)
	}
	return n
}

// What the demo must show: every state that a reader can meet is there, in
// each language unless it says otherwise.
func TestEveryStateIsThere(t *testing.T) {
	n, all := room(t), read(t, "articles")
	for _, lang := range languages {
		public, oldest, years := 0, 0, map[int]int{}
		genres, sections, used, series := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
		columns, authors, places, status := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
		has := map[string]int{}
		for _, editions := range all {
			a, ok := editions[lang]
			if !ok {
				continue
			}
			status[a.status()]++
			if a.status() != "public" {
				continue
			}
			public++
			days := daysAgo(t, a)
			oldest = max(oldest, days)
			years[days/365]++
			genres[a.head["genre"]]++
			columns[a.head["column"]]++
			series[a.head["series"]]++
			places[a.head["dateline"]]++
			for _, k := range listed(a.head["sections"]) {
				sections[k]++
			}
			for _, k := range listed(a.head["tags"]) {
				used[k]++
			}
			people := map[string]bool{}
			for _, credit := range strings.Split(a.head["byline"], "; ") {
				who, _, _ := strings.Cut(credit, ": ")
				people[who] = true
			}
			for who := range people {
				authors[who]++
			}
			if len(people) == 10 {
				has["ten authors"]++
			}
			for _, word := range strings.FieldsFunc(a.head["headline"], func(r rune) bool { return !unicode.IsLetter(r) }) {
				if utf8.RuneCountInString(word) == 34 {
					has["a word of 34 letters"]++
				}
			}
			words := len(strings.Fields(plain(a.body)))
			if words > 3000 {
				has["more than 3,000 words"]++
			}
			for _, field := range []string{"picture", "correction", "updated"} {
				if a.head[field] == "" {
					field = "no " + field
				}
				has[field]++
			}
			for what, mark := range map[string]string{"footnotes": `class="notes"`, "table": "<table>", "link card": `class="linkcard"`,
				"verse": "<br>", "another language": ` lang="`, "speaker": "<footer>", "pull quote": `class="pull"`, "box": `class="box"`,
				"gallery": `class="gallery"`, "question": `class="ask"`} {
				if strings.Contains(a.body, mark) {
					has[what]++
				}
			}
		}
		if public < 40 || oldest < 3*365 || oldest > 5*365 {
			t.Errorf("%s: %d public articles, the oldest of %d days ago", lang, public, oldest)
		}
		if len(years) < 4 {
			t.Errorf("%s: articles of only %d years", lang, len(years))
		}
		for _, s := range []string{"draft", "withdrawn", "scheduled"} {
			if status[s] == 0 && (s != "draft" || lang != "kk") {
				t.Errorf("%s: nothing is %s", lang, s)
			}
		}
		for _, g := range n.Genres {
			if genres[g.Key] == 0 {
				t.Errorf("%s: no article of genre %s", lang, g.Key)
			}
		}
		for k := range keys(n.Sections) {
			if sections[k] == 0 {
				t.Errorf("%s: nothing in section %s", lang, k)
			}
		}
		for k := range keys(n.Tags) {
			if used[k] == 0 {
				t.Errorf("%s: tag %s is not used", lang, k)
			}
		}
		counts := slices.Sorted(maps.Values(used))
		if counts[0] != 1 || counts[len(counts)-1] < 5 {
			t.Errorf("%s: tags are used %v times, want one once and one often", lang, counts)
		}
		full := 0
		for _, c := range n.Columns {
			if columns[c.Key] >= 2 {
				full++
			}
		}
		if full < 4 {
			t.Errorf("%s: %d columns have several pieces, want 4", lang, full)
		}
		long := 0
		for _, s := range n.Series {
			if series[s.Key] != len(s.Parts) {
				t.Errorf("%s: series %s has %d parts, want %d", lang, s.Key, series[s.Key], len(s.Parts))
			}
			long = max(long, len(s.Parts))
		}
		if long < 4 {
			t.Errorf("the longest series has %d parts", long)
		}
		few, many := 1000, 0
		for _, c := range n.Contributors {
			if authors[c.Key] == 0 {
				t.Errorf("%s: nothing by %s", lang, c.Key)
			}
			few, many = min(few, authors[c.Key]), max(many, authors[c.Key])
		}
		if few > 2 || many < 8 {
			t.Errorf("%s: authors have from %d to %d pieces", lang, few, many)
		}
		if len(places) < 5 { // one of them is none
			t.Errorf("%s: %d places", lang, len(places))
		}
		for what, want := range map[string]int{"no picture": 3, "correction": 3, "updated": 2, "ten authors": 1, "a word of 34 letters": 1,
			"more than 3,000 words": 1, "footnotes": 3, "table": 4, "link card": 2, "verse": 2, "another language": 1, "speaker": 10,
			"pull quote": 10, "box": 4, "gallery": 2, "question": 3} {
			if has[what] < want {
				t.Errorf("%s: %d articles with %s, want %d", lang, has[what], what, want)
			}
		}
	}
	translated, single := 0, 0
	for _, editions := range all {
		switch len(editions) {
		case len(languages):
			translated++
		case 1:
			single++
		}
	}
	if translated < 40 || single < 3 || translated+single == len(all) {
		t.Errorf("of %d stories %d stand in all languages and %d in one; want 40, 3 and some in two", len(all), translated, single)
	}
	for _, c := range n.Contributors {
		if c.Portrait == "" {
			return
		}
	}
	t.Error("every contributor has a portrait; one should have none")
}

// Places with clocks of their own are named in a dateline.
func TestPlacesElsewhere(t *testing.T) {
	var n struct{ Places []struct{ Key, Zone string } }
	if err := json.Unmarshal([]byte(text(t, "newsroom.json")), &n); err != nil {
		t.Fatal(err)
	}
	datelines := map[string]bool{}
	for _, editions := range read(t, "articles") {
		for _, a := range editions {
			datelines[a.head["dateline"]] = true
		}
	}
	zones := map[string]bool{}
	for _, p := range n.Places {
		if !datelines[p.Key] {
			t.Errorf("nothing is dated %s", p.Key)
		}
		if p.Zone != "" {
			zones[p.Zone] = true
		}
	}
	if len(zones) < 2 {
		t.Errorf("%d zones besides the publication's", len(zones))
	}
}

// Nothing is left in the language it was translated from, and no version is
// a stub of the others.
func TestTranslationsAreWhole(t *testing.T) {
	for _, folder := range []string{"articles", "pages"} {
		for key, editions := range read(t, folder) {
			en, shortest := editions["en"], 1.0
			for _, lang := range []string{"ru", "kk"} {
				a, ok := editions[lang]
				if !ok {
					continue
				}
				checkLetters(t, a)
				if en.body == "" {
					continue
				}
				share := float64(len(strings.Fields(plain(a.body)))) / float64(len(strings.Fields(plain(en.body))))
				shortest = min(shortest, share)
				if a.head["correction"] == "" != (en.head["correction"] == "") || a.head["updated"] == "" != (en.head["updated"] == "") {
					t.Errorf("%s: corrected or updated otherwise than in English", a.file)
				}
				for _, element := range []string{"<h2>", "<table>", "<aside", "<figure data-picture", `class="pull"`, `class="linkcard"`, `class="ask"`, "<sup "} {
					if got, want := strings.Count(a.body, element), strings.Count(en.body, element); got != want {
						t.Errorf("%s: %d × %s, in English %d", a.file, got, element, want)
					}
				}
			}
			if shortest < 0.55 {
				t.Errorf("%s/%s: a translation has %.0f %% of the words of the English text", folder, key, 100*shortest)
			}
		}
	}
}

var (
	foreign  = regexp.MustCompile(`(?s)<(\w+)[^>]* lang="[a-z]+"[^>]*>.*?</\w+>|title="[^"]*"|data-[a-z]+="[^"]*"|href="[^"]*"|https?://\S+|[\w.]+@[\w.]+`)
	latin    = regexp.MustCompile(`[A-Za-z]{2,}`)
	nine     = "әғқңөұүһі"
	russian  = regexp.MustCompile(`(?i)(^|[^а-яё])(что|который|также|этого|чтобы)([^а-яё]|$)`)
	markup   = regexp.MustCompile(`</?[a-z][^>]*>`)
	allLatin = map[string]bool{"Dateline": true}
)

// checkLetters refuses Latin words in a Cyrillic text outside passages that
// name their language, and Russian words in a Kazakh one.
func checkLetters(t *testing.T, a article) {
	t.Helper()
	body := markup.ReplaceAllString(foreign.ReplaceAllString(a.body, " "), " ")
	texts := []string{body}
	for _, k := range []string{"headline", "kicker", "standfirst", "alt", "caption", "credit", "title"} {
		texts = append(texts, a.head[k])
	}
	for _, s := range texts {
		for _, w := range latin.FindAllString(s, -1) {
			if !allLatin[w] {
				t.Errorf("%s: %q is not Cyrillic", a.file, w)
			}
		}
		if a.lang == "kk" {
			if m := russian.FindString(s); m != "" {
				t.Errorf("%s: %q is Russian", a.file, m)
			}
		}
	}
	if has := strings.ContainsAny(strings.ToLower(body), nine); has != (a.lang == "kk") && !strings.Contains(a.body, `lang="kk"`) {
		t.Errorf("%s: letters of another language (Kazakh: %v)", a.file, has)
	}
}

// A letter of the other alphabet inside a word looks right and is not found.
func TestNoMixedAlphabets(t *testing.T) {
	mixed := regexp.MustCompile(`[A-Za-z][А-Яа-яЁёӘ-ӿ]|[А-Яа-яЁёӘ-ӿ][A-Za-z]`)
	for _, folder := range []string{"articles", "pages"} {
		for _, editions := range read(t, folder) {
			for _, a := range editions {
				for _, s := range append(slices.Collect(maps.Values(a.head)), markup.ReplaceAllString(a.body, " ")) {
					if m := mixed.FindString(s); m != "" {
						t.Errorf("%s: %q mixes alphabets", a.file, m)
					}
				}
			}
		}
	}
	for _, name := range []string{"newsroom.json", "comments.json"} {
		if m := mixed.FindString(text(t, name)); m != "" {
			t.Errorf("%s: %q mixes alphabets", name, m)
		}
	}
}

// Readers talk under many articles, in every language: threads, an author who
// answers, places of comments that were taken away.
func TestCommentsAreLively(t *testing.T) {
	var all map[string]map[string][]comment
	if err := json.Unmarshal([]byte(text(t, "comments.json")), &all); err != nil {
		t.Fatal(err)
	}
	for _, lang := range languages {
		under, threads, answers, removed := 0, 0, 0, 0
		var count func(list []comment, depth int)
		count = func(list []comment, depth int) {
			for _, c := range list {
				if c.Removed > 0 {
					removed++
				}
				if depth > 0 && c.Role == "author" {
					answers++
				}
				if len(c.Replies) > 0 {
					threads++
				}
				count(c.Replies, depth+1)
			}
		}
		for _, editions := range all {
			if len(editions[lang]) > 0 {
				under++
			}
			count(editions[lang], 0)
		}
		if under < 15 || threads < 8 || answers < 4 || removed < 1 {
			t.Errorf("%s: comments under %d articles, %d threads, %d answers of authors, %d taken away", lang, under, threads, answers, removed)
		}
	}
}

func TestSmallDrawings(t *testing.T) {
	old := map[string]bool{}
	for _, k := range strings.Fields("letters bridge market ferry bread heat bus chess library") {
		old[k] = true // the first ones are larger
	}
	entries, err := Files.ReadDir("pictures")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		key, ok := strings.CutSuffix(e.Name(), ".svg")
		if info, err := e.Info(); err != nil || ok && !old[key] && info.Size() > 6*1024 {
			t.Errorf("%s: %d bytes, want at most 6 KiB (%v)", path.Join("pictures", e.Name()), info.Size(), err)
		}
	}
}
