//go:build unix

package search

import (
	"fmt"
	"testing"

	"dateline/internal/dbtest"
)

// BenchmarkBeginnings is the search, without its page, for beginnings of words:
// of eleven common words, of a hundred names, of more names than are looked for
// (5,000 in 25,000 forms), and these in a phrase, beside a rarer word and left out.
func BenchmarkBeginnings(b *testing.B) {
	for _, n := range []int{20_000, 333_000, 1_000_000} {
		b.Run(fmt.Sprintf("articles=%d", n), func(b *testing.B) {
			s := generated(b, dbtest.New(b), n)
			timed(b, s, []string{"word", "few", "names", "most", "phrase", "beside", "without"}, map[string]func(i int) string{
				"word":    func(i int) string { return fmt.Sprintf("w%d", i%20) },
				"few":     func(i int) string { return fmt.Sprintf("w%d*", 10+i%33) },
				"names":   func(i int) string { return fmt.Sprintf("name%d*", 10+i%40) },
				"most":    func(i int) string { return []string{"nam*", "name*", "name1*", "name2*"}[i%4] },
				"phrase":  func(i int) string { return fmt.Sprintf(`"w%d w%d*"`, i%20, 10+i%33) },
				"beside":  func(i int) string { return fmt.Sprintf("name%d nam*", 1000+i*37%4000) },
				"without": func(i int) string { return fmt.Sprintf("w%d -name%d*", i%20, 10+i%40) },
			})
		})
	}
}
