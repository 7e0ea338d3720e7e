package site

import (
	"fmt"
	"strings"
	"testing"

	"dateline/internal/article"
)

// TestTop: what is held stands in front, a long read of it apart; the rest is new,
// and nothing stands twice.
func TestTop(t *testing.T) {
	long := func(id int64) article.Article { return article.Article{ID: id, Words: longRead, LeadID: 1} }
	short := func(ids ...int64) (list []article.Article) {
		for _, id := range ids {
			list = append(list, article.Article{ID: id, Words: 300})
		}
		return list
	}
	pictured := article.Article{ID: 3, Words: 300, LeadID: 1}
	newest := append(short(1, 2), append([]article.Article{pictured}, short(4, 5, 6)...)...)
	for name, c := range map[string]struct {
		held, newest []article.Article
		want         string
	}{
		"nothing":                       {nil, nil, " | "},
		"nothing held":                  {nil, newest, "3 1 2 4 | "},
		"nothing with a picture":        {nil, short(1, 2), "1 2 | "},
		"one held":                      {short(9), newest, "9 1 2 3 | "},
		"one held that is new":          {short(2), newest, "2 1 3 4 | "},
		"four held":                     {short(9, 8, 7, 2), newest, "9 8 7 2 | "},
		"more held than there is room":  {short(9, 8, 7, 2, 11), newest, "9 8 7 2 | "},
		"a long one is the lead":        {[]article.Article{long(9)}, newest, "9 1 2 3 | "},
		"a long one behind the lead":    {append(short(9), long(8)), newest, "9 1 2 3 | 8"},
		"a long one that is new":        {append(short(9), long(1)), newest, "9 2 3 4 | 1"},
		"a long one between":            {[]article.Article{short(9)[0], long(8), short(7)[0]}, newest, "9 7 1 2 | 8"},
		"two long ones behind the lead": {[]article.Article{short(9)[0], long(8), long(7)}, newest, "9 7 1 2 | 8"},
		"a long one after four":         {append(short(9, 8, 7, 6), long(5)), newest, "9 8 7 6 | 5"},
		"a long one without a picture":  {append(short(9), article.Article{ID: 8, Words: longRead}), newest, "9 8 1 2 | "},
	} {
		top, feature := topOf(c.held, c.newest)
		if got := ids(top) + " | " + ids(feature); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func ids(list []article.Article) string {
	var out []string
	for _, a := range list {
		out = append(out, fmt.Sprint(a.ID))
	}
	return strings.Join(out, " ")
}
