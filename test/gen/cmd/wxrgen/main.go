// Command wxrgen writes a WordPress export of an invented newsroom to standard
// output; package gen says what is in it. What it made goes to standard error.
//
//	go run ./test/gen/cmd/wxrgen -posts 10000 -langs en,ru,kk > archive.xml
//	go run ./test/gen/cmd/wxrgen -size 1GB > large.xml
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"dateline/test/gen"
)

func main() {
	var o gen.Options
	var langs, size string
	flag.IntVar(&o.Posts, "posts", 0, "posts to make; without -posts and -size 100")
	flag.StringVar(&size, "size", "", "bytes to make: 500MB, 1GB")
	flag.StringVar(&langs, "langs", "en", "languages, of en, ru, kk; posts take turns")
	flag.IntVar(&o.Words, "words", 700, "words of an ordinary post")
	flag.IntVar(&o.Sections, "sections", 3, "sections of a post")
	flag.IntVar(&o.Tags, "tags", 3, "tags of a post")
	flag.IntVar(&o.Comments, "comments", 0, "comments of a post, on average")
	flag.IntVar(&o.SpanYears, "span-years", 20, "years from the oldest post to the newest")
	flag.Uint64Var(&o.Seed, "seed", 1, "the same seed makes the same file")
	flag.BoolVar(&o.Attachments, "attachments", false, "every third post has a picture")
	flag.BoolVar(&o.Plain, "plain", false, "published posts alone")
	flag.StringVar(&o.Host, "host", "old.example", "host of the old site")
	flag.IntVar(&o.FirstID, "first-id", 1000, "id of the first post")
	flag.Parse()
	o.Langs = strings.Split(langs, ",")
	var err error
	if o.Size, err = bytes(size); err != nil || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	stats, err := gen.Write(os.Stdout, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "wxrgen:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "%+v\n", stats)
}

// bytes reads 1GB, 20MB, 300kB or a plain number; units are powers of ten.
func bytes(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	unit := int64(1)
	for suffix, n := range map[string]int64{"GB": 1e9, "MB": 1e6, "kB": 1e3} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = rest, n
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n * unit, err
}
