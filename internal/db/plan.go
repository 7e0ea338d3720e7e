package db

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var parameter = regexp.MustCompile(`\$(\d+)`)

// Plans tells how SQLite carries out each statement that reads, changes or
// deletes and was asked for so far: the lines of EXPLAIN QUERY PLAN by
// statement. A plan that goes through a table costs the more the more was ever
// published; a test looks for such. Empty on PostgreSQL, whose plans follow
// how full its tables are.
func (d *DB) Plans(ctx context.Context) (map[string][]string, error) {
	out := map[string][]string{}
	for _, kept := range []*sync.Map{&d.read.stmts, &d.desk.stmts, &d.wstmts} {
		var err error
		kept.Range(func(k, _ any) bool {
			query := k.(string)
			if verb, _, _ := strings.Cut(query, " "); verb == "INSERT" {
				return true
			}
			n := 0
			for _, m := range parameter.FindAllStringSubmatch(query, -1) {
				i, _ := strconv.Atoi(m[1])
				n = max(n, i)
			}
			args := make([]any, n)
			for i := range args {
				args[i] = 1
			}
			out[query], err = d.plan(ctx, query, args)
			return err == nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (d *DB) plan(ctx context.Context, query string, args []any) ([]string, error) {
	rows, err := d.read.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		return nil, Wrap(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			return nil, Wrap(err)
		}
		out = append(out, line)
	}
	return out, Wrap(rows.Err())
}
