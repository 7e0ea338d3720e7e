package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/richtext"
	"dateline/internal/search"
)

// texts are n bodies of 700 words, as often each as words of a language are.
func texts(n int) []richtext.Doc {
	rng := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(rng, 1.15, 8, 60_000)
	out := make([]richtext.Doc, n)
	for i := range out {
		var b strings.Builder
		for j := range 700 {
			k := zipf.Uint64()
			for ; k > 0; k /= 32 {
				b.WriteRune('а' + rune((k*7+k/32)%32))
			}
			b.WriteString([]string{" ", ", ", ". "}[j%3])
			if j%70 == 69 {
				b.WriteString("\n")
			}
		}
		out[i], _ = richtext.FromHTML("<p>"+strings.ReplaceAll(b.String(), "\n", "</p><p>")+"</p>", richtext.Options{})
	}
	return out
}

// BenchmarkText is what a worker of an import does for search.
func BenchmarkText(b *testing.B) {
	s, ed := empty(b)
	docs := texts(64)
	c, err := s.Collect(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		c.Text(ed.ID, docs[i%len(docs)])
	}
}

// BenchmarkIndex is storing one article at the desk, search and all.
func BenchmarkIndex(b *testing.B) {
	d := dbtest.New(b)
	articles := article.New(d, address.New(d))
	search.New(d, articles)
	ed := setUp(b, d)
	docs := texts(64)
	for i := 0; b.Loop(); i++ {
		err := d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
			_, err := articles.Put(context.Background(), tx, []article.Edit{{Publication: 1, Edition: ed.ID, State: article.Approved,
				VisibleFrom: noon, Day: 20261114, Slug: fmt.Sprint("a", i), Body: docs[i%len(docs)], Content: article.Content{Lang: "ru", Kind: article.Text, Headline: "А"}}})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func setUp(b *testing.B, d *db.DB) edition.Edition {
	b.Helper()
	var site edition.Site
	err := d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
		var err error
		site, err = edition.New(d).Setup(context.Background(), tx, edition.PublicationInput{Key: "main", Zone: "UTC", DefaultLang: "ru",
			Editions: []edition.EditionInput{{Lang: "ru", Name: "Лампа"}}})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return site.Editions[0]
}

func empty(b *testing.B) (*search.Store, edition.Edition) {
	d := dbtest.New(b)
	s := search.New(d, article.New(d, address.New(d)))
	return s, setUp(b, d)
}
