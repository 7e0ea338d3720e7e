package house

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The trees in testdata break the rules on purpose; what must be found stands
// in found.txt, check by check.
func TestChecksFind(t *testing.T) {
	text, err := os.ReadFile("testdata/floors.txt")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := ParsePlan(string(text))
	if err != nil {
		t.Fatal(err)
	}
	sources, err := ReadTree(os.DirFS("testdata/tree"))
	if err != nil {
		t.Fatal(err)
	}
	claims, wrong := Claims(sources, plan)
	found := map[string][]string{
		"floors":      Floors(sources, plan),
		"sizes":       Sizes(sources),
		"names":       Names(sources),
		"docs":        Docs(sources, plan),
		"skips":       Skips(sources),
		"inits":       Inits(sources, plan, []Exception{{"flagged", "asks for it"}}),
		"doors":       Doors(sources, plan, doors),
		"conversions": Conversions(sources, plan, html),
		"claims":      wrong,
		"places":      SQLPlaces(sources, plan, sqlOutsideStores),
		"tables":      SQLNames(sources, plan, claims, sqlOutsideStores),
		"unowned": Unowned(map[string]string{"001.sql": "-- create table no (id)\ncreate table article (id $ID);\n" +
			"CREATE VIRTUAL TABLE IF NOT EXISTS orphan using fts5(x);"}, claims),
		"reasons": Reasons(plan, []Exception{{"article", ""}, {"gone", "was here once"}, {"blob", "the door"}}),
	}
	golden, err := os.ReadFile("testdata/found.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(golden), "\n"), strings.Split(list(found), "\n")); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

func list(found map[string][]string) string {
	var b strings.Builder
	for _, check := range []string{
		"floors", "sizes", "names", "docs", "skips", "inits", "doors", "conversions", "claims", "places", "tables", "unowned", "reasons",
	} {
		b.WriteString("# " + check + "\n")
		for _, f := range found[check] {
			b.WriteString(f + "\n")
		}
	}
	return b.String()
}

func TestParsePlanRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no room":              "3",
		"no floor":             "x article",
		"twice":                "3 article\n4 article",
		"door to nowhere":      "3 article words | nobody",
		"door to another":      "3 article words | db\n1 db",
		"circle of doors":      "3 a x | b\n3 b x | a",
		"closet of other room": "3 article words closets edition/x\n3 edition",
	} {
		if _, err := ParsePlan(text); err == nil {
			t.Errorf("%s: %q is taken for a plan", name, text)
		}
	}
}

func TestMayImport(t *testing.T) {
	plan, err := ParsePlan(`
7 cmd  x
6 app  x
4 feed  x
4 channel  x  | feed  closets channel/telegram
3 article  x  closets article/editor
1 db  x
test dbtest  x`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to string
		may      bool
	}{
		{"article", "db", true},
		{"db", "article", false},
		{"channel", "feed", true},
		{"feed", "channel", false},
		{"channel/telegram", "channel", true},
		{"channel/telegram", "feed", true},
		{"channel", "channel/telegram", false},
		{"app", "channel/telegram", true},
		{"cmd/dateline", "channel/telegram", false},
		{"cmd/dateline", "app", true},
		{"app", "cmd/dateline", false},
		{"article", "dbtest", false},
		{"dbtest", "db", true},
	} {
		if why := plan.mayImport(c.from, c.to); (why == "") != c.may {
			t.Errorf("%s imports %s: %q, want allowed = %v", c.from, c.to, why, c.may)
		}
	}
}

func TestIsStatement(t *testing.T) {
	for s, want := range map[string]bool{
		"select id from article":                    true,
		"\n\tSELECT 1":                              true,
		"select count(*) from x":                    true,
		"insert into a(b) values ($1)":              true,
		"update article set slug = $1":              true,
		"update article a set slug = $1":            true,
		"delete from article":                       true,
		"with recent as (select 1) select 2":        true,
		"with recursive t(id) as (select 1)":        true,
		"create unique index a on b(c)":             true,
		"pragma journal_mode":                       true,
		"Select a section":                          false,
		"select":                                    false,
		"update failed, try again":                  false,
		"with the kind permission of the publisher": false,
		"delete from the list what you do not need": true, // the price of a simple rule
		"insert a picture":                          false,
		"create a newsroom":                         false,
		"begin":                                     false,
		"drop the table":                            false,
	} {
		if isStatement(s) != want {
			t.Errorf("isStatement(%q) = %v", s, !want)
		}
	}
}

func TestTablesIn(t *testing.T) {
	for s, want := range map[string]string{
		"select a from article": "article",
		"select a from article x join topic as t on t.id = x.id left join media using (id)": "article topic media",
		"select a from article, topic t, media where 1 = 1":                                 "article topic media",
		"select a from (select b from inside) q":                                            "inside",
		"select extract(year from at), trim(both from x) from article":                      "article",
		"select a from article where a is not distinct from $1":                             "article",
		"select value from json_each($1)":                                                   "",
		"insert into article(id) values ($1) on conflict do update set id = 1":              "article",
		"insert into t select * from s for update skip locked":                              "t s",
		"update article set x = 1 from change where 1 = 1":                                  "article change",
		"delete from article using topic where 1 = 1":                                       "article topic",
		"with q as (select 1 from a), r(x) as (select 2 from q) select * from r, b":         "a b",
		"select 'from nowhere' from article -- from the past\n":                             "article",
		"create table if not exists job (id)":                                               "job",
		`select a from "order"`:                                                             "order",
		" from article_public p, lateral jsonb_each(p.x) e":                                 "article_public",
		"select a from %s where b":                                                          "",
	} {
		if got := strings.Join(TablesIn(s), " "); got != want {
			t.Errorf("TablesIn(%q) = %q, want %q", s, got, want)
		}
	}
}
