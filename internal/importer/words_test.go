package importer

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dateline/locales"
)

// unsaid are texts of these packages that no report and no editor is told.
var unsaid = []string{"SELECT ", "INSERT ", "UPDATE ", "DELETE ", " JOIN ", "ON CONFLICT", "<figure", "<aside", "<a class", "source_id, kind", "a batch of the import",
	"an earlier text at the source", "opening an export: %w", "%s: reading", "line %d: %s", "unnamed site", "changed at the source", "^[ \\t]*", "  %-", "  %s: %s"}

// pieces are sentences put together from several texts; one of theirs is enough to know them.
var pieces = map[string]string{
	"cannot be read":  "its file cannot be read: 2014/a.jpg",
	"its file %s: %s": "its file is missing: 2014/a.jpg",
	", %s (%d)":       "the time zone was guessed from the export: UTC+3. 4 of 9 posts are of another time, UTC+4 (4) and show another hour here, some another day, as where clocks change in summer; import again into an empty folder with --zone Europe/Berlin, or whatever the zone is called",
	"the time zone was guessed from the export: %s. %d of %d posts are of another time%s and show another hour here, some another day, as where clocks change in summer; ": "",
	"import again into an empty folder with --zone Europe/Berlin, or whatever the zone is called":                                                                          "",
	"  ":                             "",
	", and readers can see: ":        "2 articles or pages that earlier imports brought are not in this export; they stay here as they are, and readers can see: “A”, “B” …",
	"comments on ":                   "comments on what is not taken, by type: popup: 3",
	"views of ":                      "views of pages of pictures and files, which are none here: 3",
	"it says that it is written in ": "it says that it is written in windows-1251 but it is UTF-8",
	" but it is UTF-8":               "",
	", in the item “":                "elements nested deeper than 60 (<b>), in the item “A”",
	"the value of meta ":             "the value of meta _x is longer than 64 KiB; the rest, 5 bytes, was dropped",
	"%s is longer than %d KiB; the rest, %d bytes, was dropped": "<title> is longer than 64 KiB; the rest, 5 bytes, was dropped",
	"posts of the type %q are %ss, as a mapping file says":      `posts of the type "review" are articles, as a mapping file says: 4`,
	"%s:%d: the letters are not in UTF-8, which the file says or means; name the true encoding in its first line (<?xml version=\"1.0\" encoding=\"windows-1251\"?>), or convert the file": "the letters are not in UTF-8, which the file says or means; name the true encoding in its first line (<?xml version=\"1.0\" encoding=\"windows-1251\"?>), or convert the file",
}

// Every sentence that the importer can tell an editor is told in Russian and Kazakh.
// The sentences are read from the source, so a new one cannot be forgotten.
func TestWords(t *testing.T) {
	verb := regexp.MustCompile(`%[-+0-9]*[a-z]`)
	for _, tag := range []string{"ru", "kk"} {
		words, n := WordsOf(tag), 0
		for _, folder := range []string{".", "wordpress"} {
			files, err := filepath.Glob(folder + "/*.go")
			if err != nil || len(files) == 0 {
				t.Fatal(folder, err)
			}
			for _, file := range files {
				if strings.HasSuffix(file, "_test.go") {
					continue
				}
				set := token.NewFileSet()
				tree, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				ast.Inspect(tree, func(node ast.Node) bool {
					l, ok := node.(*ast.BasicLit)
					if !ok || l.Kind != token.STRING {
						return true
					}
					text, err := strconv.Unquote(l.Value)
					if err != nil {
						t.Fatal(err)
					}
					text = strings.TrimPrefix(text, "\x00")
					if strings.Count(text, " ") < 2 || slices.ContainsFunc(unsaid, func(part string) bool { return strings.Contains(text, part) }) {
						return true
					}
					n++
					if whole, ok := pieces[text]; ok {
						if out := words.Say(whole); out == whole && whole != "" || strings.Contains(out, "import") && strings.Contains(out, "again") {
							t.Errorf("%s: no words for %q", tag, whole)
						}
						return true
					}
					sample := verb.ReplaceAllString(text, "7")
					for _, s := range []string{sample, sample + "7", sample + ": 7", "7 " + sample, "its title for search engines" + sample, "the biography, the address or the portrait" + sample,
						"9" + sample, "<x>" + sample, strings.TrimPrefix(sample, ", ")} {
						if out := words.Say(s); out != s && !strings.Contains(out, sample) {
							return true
						}
					}
					t.Errorf("%s: %s: no words for %q", tag, set.Position(l.Pos()), text)
					return true
				})
			}
		}
		if n < 120 {
			t.Errorf("%s: only %d sentences found", tag, n)
		}
	}
}

// The books have the same sentences, fill in each thing that differs, and stay within
// their language.
func TestWordBooks(t *testing.T) {
	books := map[string]map[string]string{}
	for _, tag := range []string{"ru", "kk"} {
		raw, err := fs.ReadFile(locales.Files, "report/"+tag+".json")
		if err != nil {
			t.Fatal(err)
		}
		var book map[string]string
		if err := json.Unmarshal(raw, &book); err != nil {
			t.Fatal(err)
		}
		books[tag] = book
		for english, other := range book {
			for n := range strings.Count(english, "{}") {
				if !strings.Contains(other, strconv.Itoa(n+1)+"}") {
					t.Errorf("%s: %q leaves {%d} out", tag, other, n+1)
				}
			}
			if !regexp.MustCompile(`\p{Cyrillic}|^\{1\} \(\{2\}`).MatchString(other) {
				t.Errorf("%s: %q is in English: %q", tag, english, other)
			}
		}
	}
	if a, b := slices.Sorted(maps.Keys(books["ru"])), slices.Sorted(maps.Keys(books["kk"])); !slices.Equal(a, b) {
		t.Error("the books differ in what they say")
	}
}

// What is filled in is said, too, where it is a sentence, and left where it is a name;
// headlines stay as they are.
func TestSay(t *testing.T) {
	ru := WordsOf("ru")
	for s, want := range map[string]string{
		"a shortcode that we do not know was left out: author":                                                           "неизвестный шорткод убран: author",
		"a shortcode that we do not know was left out: author: 7":                                                        "неизвестный шорткод убран: author: 7",
		"“it was private; it is a draft now”: it was private; it is a draft now":                                         "«it was private; it is a draft now»: была личной; теперь это черновик",
		"it changed at the source, but was withdrawn here; it stays so":                                                  "изменилась на старом сайте, но здесь она снята с публикации; так и осталось",
		"in the excerpt a page break in the article was left out":                                                        "в отрывке: разрыв страницы внутри статьи убран",
		"and 12 more like this: a shortcode that we do not know was left out":                                            "и ещё таких же 12: неизвестный шорткод убран",
		"and 12 more like this: the id  is there more than once; told apart by type and slug":                            "и ещё таких же 12: номер  встречается не раз; различены по типу и имени в адресе",
		"its title for search engines was made by a template that only the old site could fill, and is not taken: %%x%%": "заголовок для поисковиков: составлено по шаблону, который мог заполнить только старый сайт; не взято: %%x%%",
		"a gallery without pictures was left out (3 times)":                                                              "убрана галерея без фотографий (раз: 3)",
		"nobody knows this": "nobody knows this",
	} {
		if got := ru.Say(s); got != want {
			t.Errorf("%q\n got %q\nwant %q", s, got, want)
		}
		if got := WordsOf("en").Say(s); got != s {
			t.Errorf("in English: %q", got)
		}
	}
}

// A report has no English line in Russian or Kazakh.
func TestReportInWords(t *testing.T) {
	r := &Report{Taken: Taken{Articles: ByState{Published: 3}}, Notes: []Remark{
		{Level: "error", Kind: "post", Item: "17", File: "e.xml", Line: 4, Why: "the item was not closed: </item> is missing"},
		{Level: "left", Kind: "comment", Why: "pingbacks and trackbacks are not comments: 5"}}}
	for _, tag := range []string{"ru", "kk"} {
		var b bytes.Buffer
		r.WriteText(&b, WordsOf(tag))
		for line := range strings.Lines(b.String()) {
			if rest := regexp.MustCompile(`</?item>|e\.xml`).ReplaceAllString(line, ""); regexp.MustCompile(`[A-Za-z]{3}`).MatchString(rest) {
				t.Errorf("%s: %q", tag, line)
			}
		}
	}
}
