package db_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
)

var update = flag.Bool("update", false, "write the snapshot of the schema anew")

// TestSchema compares the schema that the migrations make with the snapshot
// that is kept: no column changes unseen, and both engines keep the same.
func TestSchema(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		got := schema(t, d)
		const file = "testdata/schema.txt"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("the schema is not the one in %s (go test ./internal/db -run Schema -update writes it) (-kept +made):\n%s", file, diff)
		}
	})
}

// schema describes every table and view: columns with type, whether they may
// be empty, keys and indexes; in words that both engines share.
func schema(t *testing.T, d *db.DB) string {
	t.Helper()
	if d.Engine() == db.SQLite {
		return sqliteSchema(t, d)
	}
	return postgresSchema(t, d)
}

func lines(t *testing.T, d *db.DB, query string, args ...any) []string {
	t.Helper()
	out, err := db.List(context.Background(), d, db.One[string], query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// plainType is a column's type as the migrations write it.
func plainType(s string) string {
	switch s = strings.ToLower(s); s {
	case "integer", "bigint":
		return "bigint"
	case "blob", "bytea":
		return "bytes"
	}
	return s
}

func sqliteSchema(t *testing.T, d *db.DB) string {
	var b strings.Builder
	for _, table := range lines(t, d, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' AND name <> 'schema_version' ORDER BY name") {
		fmt.Fprintf(&b, "%s\n", table)
		view := lines(t, d, "SELECT type FROM sqlite_master WHERE name = $1", table)[0] == "view"
		for _, c := range lines(t, d, "SELECT name || ' ' || type || CASE WHEN \"notnull\" = 1 OR pk > 0 THEN ' not null' ELSE '' END FROM pragma_table_info($1) ORDER BY cid", table) {
			name, rest, _ := strings.Cut(c, " ")
			kind, null, _ := strings.Cut(rest, " ")
			if view {
				null = ""
			}
			fmt.Fprintf(&b, "  %s\n", strings.TrimSpace(name+" "+plainType(kind)+" "+null))
		}
		if pk := lines(t, d, "SELECT coalesce(group_concat(name, ', '), '') FROM (SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk)", table)[0]; pk != "" {
			fmt.Fprintf(&b, "  key (%s)\n", pk)
		}
		var indexes []string
		for _, i := range lines(t, d, "SELECT name || ' ' || \"unique\" || ' ' || origin FROM pragma_index_list($1)", table) {
			f := strings.Fields(i)
			cols := lines(t, d, "SELECT group_concat(coalesce(name, 'computed'), ', ') FROM (SELECT name FROM pragma_index_info($1) ORDER BY seqno)", f[0])[0]
			switch {
			case f[2] == "pk":
			case f[1] == "1":
				indexes = append(indexes, "unique ("+cols+")")
			default:
				indexes = append(indexes, "index ("+cols+")")
			}
		}
		slices.Sort(indexes)
		for _, i := range indexes {
			fmt.Fprintf(&b, "  %s\n", i)
		}
	}
	return b.String()
}

func postgresSchema(t *testing.T, d *db.DB) string {
	var b strings.Builder
	for _, table := range lines(t, d, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'schema_version' ORDER BY table_name COLLATE "C"`) {
		fmt.Fprintf(&b, "%s\n", table)
		for _, c := range lines(t, d, "SELECT column_name || ' ' || data_type || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END"+
			" FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position", table) {
			name, rest, _ := strings.Cut(c, " ")
			kind, null, _ := strings.Cut(rest, " ")
			fmt.Fprintf(&b, "  %s\n", strings.TrimSpace(name+" "+plainType(kind)+" "+null))
		}
		var indexes []string
		for _, i := range lines(t, d, `SELECT (CASE WHEN x.indisprimary THEN 'key' WHEN x.indisunique THEN 'unique' ELSE 'index' END) || ' (' ||
			(SELECT string_agg(coalesce(a.attname, 'computed'), ', ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k(col, n)
			 LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.col) || ')'
			FROM pg_index x WHERE x.indrelid = $1::regclass`, table) {
			if strings.HasPrefix(i, "key") {
				fmt.Fprintf(&b, "  %s\n", i)
				continue
			}
			indexes = append(indexes, i)
		}
		slices.Sort(indexes)
		for _, i := range indexes {
			fmt.Fprintf(&b, "  %s\n", i)
		}
	}
	return b.String()
}
