//go:build soak

package soak

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/test/fixtures"
	"dateline/test/gen"
)

func TestMain(m *testing.M) { os.Exit(fixtures.Main(m)) }

func number(t *testing.T, name string, otherwise int) int {
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is no number", name, s)
	}
	return n
}

func kills(t *testing.T) int { return number(t, "SOAK_KILLS", 200) }

func chance(t *testing.T) *rand.Rand {
	seed := number(t, "SOAK_SEED", int(time.Now().UnixNano()&0x7fffffff))
	t.Logf("SOAK_SEED=%d", seed)
	return rand.New(rand.NewPCG(uint64(seed), 1))
}

// brought is the database of a site that an import has filled.
func brought(t *testing.T, s *fixtures.Store) *sql.DB {
	t.Helper()
	path, _ := part(t, t.TempDir(), 0)
	if got := s.Import(t, []string{path}); got.Exit != 0 {
		t.Fatal(got.Said)
	}
	return s.Open(t)
}

// part makes the n-th file of one old site's export.
func part(t *testing.T, dir string, n int) (string, gen.Stats) {
	path := filepath.Join(dir, fmt.Sprintf("part-%04d.xml", n))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := gen.Write(f, gen.Options{Posts: 600, Words: 250, Langs: []string{"en", "ru", "kk"}, Comments: 2, SpanYears: 10,
		Seed: uint64(n + 1), FirstID: 1000 + n*100000})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path, stats
}

// TestImportKilled kills an import at random moments and begins it again; once a
// file is through, the next file of the same site is taken. In the end the
// archive must be what an import without kills makes.
func TestImportKilled(t *testing.T) {
	fixtures.Each(t, func(t *testing.T, s *fixtures.Store) {
		rnd, dir := chance(t), t.TempDir()
		fixtures.Binary(t)
		var files []string
		var posts, finished, killed int
		next := func() {
			path, stats := part(t, dir, len(files))
			files = append(files, path)
			posts += stats.Posts
		}
		next()
		whole := 2 * time.Second // about what a file takes; learned from those that came through
		for killed < kills(t) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			cmd := s.ImportCommand(ctx, t, filepath.Join(dir, "report.json"), files[len(files)-1:])
			began := time.Now()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- cmd.Wait() }()
			select {
			case err := <-done:
				if err != nil {
					t.Fatalf("an import that nobody killed: %v", err)
				}
				whole = (whole + time.Since(began)) / 2
				finished++
				next()
			case <-time.After(time.Duration(rnd.Int64N(int64(whole)))):
				cmd.Process.Kill()
				if err := <-done; err == nil {
					finished++
					next()
				} else if killed++; killed%10 == 0 {
					sound(t, s)
				}
			}
			cancel()
		}
		last := s.Import(t, files)
		if last.Exit != 0 {
			t.Fatalf("the last import: exit %d: %s", last.Exit, last.Said)
		}
		if n := last.Report.Taken.Articles.All(); n != posts {
			t.Errorf("%d articles in the report, %d posts in the files", n, posts)
		}
		if last.Report.Unchanged > posts || finished > 0 && last.Report.Unchanged == 0 {
			t.Errorf("%d of %d unchanged", last.Report.Unchanged, posts)
		}
		t.Logf("%d kills, %d files came through, %d posts; the last run brought %d of them", killed, finished, posts, posts-last.Report.Unchanged)
		sound(t, s)
		d := s.Open(t)
		if n := fixtures.Number(t, d, "SELECT count(*) FROM article"); int(n) != posts {
			t.Errorf("%d articles, %d posts", n, posts)
		}
		again := s.Import(t, files)
		if again.Report.Unchanged != posts {
			t.Errorf("once more: %d of %d unchanged", again.Report.Unchanged, posts)
		}
		clean := &fixtures.Store{Engine: "sqlite", Data: t.TempDir()}
		if got := clean.Import(t, files); got.Exit != 0 {
			t.Fatalf("the import without kills: %s", got.Said)
		}
		if diff := cmp.Diff(contents(t, clean.Open(t)), contents(t, d)); diff != "" {
			t.Errorf("-without kills +with kills:\n%.4000s", diff)
		}
	})
}

// none are queries that must find nothing, whenever the program is killed.
var none = map[string]string{
	"an article without a revision":           "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.article_id = a.id)",
	"an article whose live revision is away":  "SELECT count(*) FROM article a WHERE a.state = 'approved' AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.id = a.live_revision_id AND r.article_id = a.id)",
	"an article that no item brought":         "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM import_item i WHERE i.kind = 'item' AND i.ref_id = a.id)",
	"an item without an article":              "SELECT count(*) FROM import_item i WHERE i.kind = 'item' AND NOT EXISTS (SELECT 1 FROM article a WHERE a.id = i.ref_id)",
	"two items for one article":               "SELECT count(*) FROM (SELECT ref_id FROM import_item WHERE kind = 'item' GROUP BY ref_id HAVING count(*) > 1) x",
	"two articles at one path":                "SELECT count(*) FROM (SELECT edition_id, path FROM article WHERE path <> '' GROUP BY edition_id, path HAVING count(*) > 1) x",
	"an article that is in no list":           "SELECT count(*) FROM article a WHERE a.state = 'approved' AND a.kind = 'article' AND NOT EXISTS (SELECT 1 FROM listing l WHERE l.article_id = a.id AND l.kind = 0)",
	"an article that is on no day":            "SELECT count(*) FROM article a WHERE a.state = 'approved' AND a.kind = 'article' AND NOT EXISTS (SELECT 1 FROM listing_day l WHERE l.article_id = a.id)",
	"a list of what is not there":             "SELECT count(*) FROM listing l WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.id = l.article_id AND a.state = 'approved')",
	"an article without an address":           "SELECT count(*) FROM article a WHERE a.state = 'approved' AND NOT EXISTS (SELECT 1 FROM address d WHERE d.kind = 'article' AND d.ref_id = a.id AND d.current AND d.path = a.path AND d.edition_id = a.edition_id)",
	"two present addresses of one article":    "SELECT count(*) FROM (SELECT ref_id FROM address WHERE kind = 'article' AND current GROUP BY ref_id HAVING count(*) > 1) x",
	"an address of nothing":                   "SELECT count(*) FROM address d WHERE d.kind = 'article' AND NOT EXISTS (SELECT 1 FROM article a WHERE a.id = d.ref_id)",
	"an old address of nothing":               "SELECT count(*) FROM redirect d WHERE d.kind = 'article' AND NOT EXISTS (SELECT 1 FROM article a WHERE a.id = d.ref_id)",
	"an article without its number's address": "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM redirect d WHERE d.kind = 'article' AND d.ref_id = a.id)",
	"a story without an article":              "SELECT count(*) FROM story s WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.story_id = s.id)",
	"a comment that no item brought":          "SELECT count(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM import_item i WHERE i.kind = 'comment' AND i.ref_id = c.id)",
	"a by-line of nothing":                    "SELECT count(*) FROM byline b WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.id = b.article_id)",
	"an article without a by-line":            "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM byline b WHERE b.article_id = a.id)",
	"an article without shelves":              "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM article_topic x WHERE x.article_id = a.id)",
	"an article that was revised":             "SELECT count(*) FROM article WHERE revision <> 1",
}

// sound looks for what is half written.
func sound(t *testing.T, s *fixtures.Store) {
	d := s.Open(t)
	defer d.Close()
	if s.Engine == "sqlite" {
		for _, query := range []string{"PRAGMA integrity_check", "PRAGMA foreign_key_check"} {
			if got := fixtures.Strings(t, d, query); len(got) > 0 && (len(got) != 1 || got[0] != "ok") {
				t.Fatalf("%s: %v", query, got)
			}
		}
	}
	for what, query := range none {
		if n := fixtures.Number(t, d, query); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
	rows, err := d.Query("SELECT number, snapshot, sha256, prev_sha256 FROM revision WHERE number > 0")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	wrong := 0
	for rows.Next() {
		var number int64
		var snapshot, sum, prev string
		if err := rows.Scan(&number, &snapshot, &sum, &prev); err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256([]byte(prev + "\n" + snapshot)); hex.EncodeToString(got[:]) != sum || number == 1 && prev != "" {
			wrong++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if wrong > 0 {
		t.Errorf("%d revisions do not hash to what is kept", wrong)
	}
}

// contents is what an archive says, without the numbers that depend on the order
// in which it came.
func contents(t *testing.T, d *sql.DB) []string {
	rows, err := d.Query(`SELECT e.lang, a.path, a.headline, a.state, a.words, COALESCE(a.visible_from, 0), COALESCE(v.base, 0),
		(SELECT count(*) FROM comment c WHERE c.article_id = a.id), (SELECT count(*) FROM article_topic x WHERE x.article_id = a.id),
		(SELECT count(*) FROM listing l WHERE l.article_id = a.id), (SELECT count(*) FROM redirect r WHERE r.kind = 'article' AND r.ref_id = a.id)
		FROM article a JOIN edition e ON e.id = a.edition_id LEFT JOIN view_total v ON v.article_id = a.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var lang, path, headline, state string
		var n [7]int64
		if err := rows.Scan(&lang, &path, &headline, &state, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6]); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Join([]string{lang, path, headline, state, fmt.Sprint(n)}, "\t"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}
