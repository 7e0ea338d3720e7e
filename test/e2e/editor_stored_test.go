//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	demofiles "dateline/demo"
	"dateline/internal/app"
	fill "dateline/internal/demo"
	"dateline/internal/richtext"
)

// Every body survives the way through the editor byte for byte: those of the demo,
// those that the sanitiser is tested with, and thousands made at random.
func TestEditorKeepsBodies(t *testing.T) {
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	bodies := slices.Concat(demoBodies(t), sanitisedBodies(t), randomBodies(3000, 1, false))
	const part = 250
	for from := 0; from < len(bodies); from += part {
		some := bodies[from:min(from+part, len(bodies))]
		raw, err := json.Marshal(some)
		if err != nil {
			t.Fatal(err)
		}
		type result struct{ Stored, Text, Fault string }
		got := eval[[]result](t, p, `(bodies => bodies.map(b => { try { return DatelineEditor.through(b); } catch (e) { return { stored: "", text: "", fault: String(e) }; } }))(`+string(raw)+`)`)
		for i, body := range some {
			d, err := richtext.Parse(body)
			if err != nil {
				t.Fatal(err)
			}
			if got[i].Fault != "" || got[i].Stored != body {
				t.Fatalf("a body does not come back (%s): %s\n%s", got[i].Fault, differ(body, got[i].Stored), body)
			}
			// The places of comments and suggestions count in the text that we have of a block.
			var texts []string
			for _, k := range d.Blocks {
				texts = append(texts, richtext.Doc{Blocks: []richtext.Block{k}}.Text())
			}
			if want := strings.Join(texts, "\x1f"); got[i].Text != want {
				t.Fatalf("the text of blocks differs: %s\n%s", differ(want, got[i].Text), body)
			}
		}
	}
	t.Logf("%d bodies", len(bodies))
	p.quiet(t, "editor")
}

// differ shows two texts from shortly before they part.
func differ(was, is string) string {
	at := 0
	for at < len(was) && at < len(is) && was[at] == is[at] {
		at++
	}
	cut := func(s string) string { return s[max(0, at-60):min(len(s), at+60)] }
	return fmt.Sprintf("\nhere   %q\neditor %q", cut(was), cut(is))
}

// demoBodies are those of every revision of the demo.
func demoBodies(t *testing.T) []string {
	t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, app.Config{Data: t.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	rooms := fill.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics, Authors: a.Authors, Media: a.Media,
		Articles: a.Articles, Comments: a.Comments, Corrections: a.Corrections, Front: a.Front, Views: a.Views}
	if err := fill.Fill(ctx, rooms, demofiles.Files); err != nil {
		t.Fatal(err)
	}
	rows, err := a.DB.Query(ctx, "SELECT snapshot FROM revision")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var bodies []string
	for rows.Next() {
		var snapshot string
		if err := rows.Scan(&snapshot); err != nil {
			t.Fatal(err)
		}
		var content struct{ Body string }
		if err := json.Unmarshal([]byte(snapshot), &content); err != nil {
			t.Fatal(err)
		}
		if content.Body != "" {
			bodies = append(bodies, content.Body)
		}
	}
	if rows.Err() != nil || len(bodies) < 50 {
		t.Fatalf("%d bodies, %v", len(bodies), rows.Err())
	}
	return bodies
}

// sanitisedBodies are the golden ones of the sanitiser, and what its fuzzers found.
func sanitisedBodies(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../internal/richtext/testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(raw).Files {
			if f.Name == "stored" {
				bodies = append(bodies, string(f.Data))
			}
		}
	}
	if len(bodies) == 0 {
		t.Fatal("the sanitiser has no golden bodies")
	}
	return bodies
}

// randomBodies makes valid bodies of every kind of block and mark, in their stored
// form, the same ones for the same seed. square: rows of a table have as many cells.
func randomBodies(n int, seed uint64, square bool) []string {
	m := maker{rand.New(rand.NewPCG(seed, 7)), square}
	var out []string
	for len(out) < n {
		var d richtext.Doc
		for range 1 + m.IntN(7) {
			d.Blocks = append(d.Blocks, m.block(true, 0))
		}
		m.names(&d)
		// What the sanitiser leaves of it is in normal form.
		d, _ = richtext.FromHTML(d.Store(), richtext.Options{})
		stored := d.Store()
		if stored == "" {
			continue
		}
		if _, err := richtext.Parse(stored); err != nil {
			panic(fmt.Sprintf("%v: %s", err, stored))
		}
		out = append(out, stored)
	}
	return out
}

type maker struct {
	*rand.Rand
	square bool
}

func (m maker) one(in int) bool { return m.IntN(in) == 0 }

var pieces = []string{"Tasozen", "мост", "Көпір", "қаңтар", "the", "в", "и", "да", "№ 7", "«Лампа»", "“said”", "—", "–", "…", "a&b", "<tag>", `"straight"`, "don’t", "10 000", "3,5", "שלום", "سلام",
	"日本語", "😀", "👩‍🚒", "é", "ё", "й", "Ә", "\u00a0", "x\u00adу", "C++", "50 %", "I", "İ", "ſ", "ﬁ", "\u200d", "-", "'"}

func (m maker) text() string {
	var b strings.Builder
	for i := range 1 + m.IntN(7) {
		if i > 0 && !m.one(4) {
			b.WriteByte(' ')
		}
		b.WriteString(pieces[m.IntN(len(pieces))])
	}
	if m.one(3) {
		b.WriteByte(' ')
	}
	if m.one(5) {
		return " " + b.String()
	}
	return b.String()
}

var (
	hrefs = []string{"https://example.com/", "http://пример.рф/a", "https://example.com/a?b=1&c=2#d", "mailto:a@example.com", "tel:+77001234567", "ref:article/12", "ref:media/45", "ref:old/old.example/2011/?p=3", "#b1", "#b5"}
	langs = []string{"fr", "kk", "ru", "zh-Hant", "sr-Latn-RS", "en-GB"}
)

func (m maker) spans() []richtext.Span {
	var out []richtext.Span
	for range 1 + m.IntN(5) {
		s := richtext.Span{Text: m.text()}
		if m.one(2) {
			for range 1 + m.IntN(3) {
				s.Marks |= 1 << m.IntN(11)
			}
		}
		if s.Marks&richtext.Link != 0 {
			s.Href = hrefs[m.IntN(len(hrefs))]
		}
		if s.Marks&richtext.Language != 0 {
			s.Lang = langs[m.IntN(len(langs))]
		}
		if s.Marks&richtext.Abbr != 0 && !m.one(3) {
			s.Title = strings.TrimSpace(m.text())
		}
		switch m.IntN(9) {
		case 0:
			s.Kind, s.Text = richtext.Break, ""
		case 1:
			s = richtext.Span{Kind: richtext.NoteRef, Text: fmt.Sprintf("b9%d", m.IntN(3)), Marks: s.Marks & (richtext.QuoteMark | richtext.Isolate | richtext.Strong | richtext.Em)}
		}
		out = append(out, s)
	}
	return out
}

func (m maker) maybe() []richtext.Span {
	if m.one(2) {
		return nil
	}
	return m.spans()
}

func (m maker) blocks(depth int, kinds ...richtext.Kind) []richtext.Block {
	var out []richtext.Block
	for range 1 + m.IntN(3) {
		out = append(out, m.kind(kinds[m.IntN(len(kinds))], depth+1))
	}
	return out
}

func (m maker) block(top bool, depth int) richtext.Block {
	kinds := []richtext.Kind{richtext.Paragraph, richtext.Paragraph, richtext.Paragraph, richtext.Heading, richtext.Quote, richtext.Pull, richtext.Aside, richtext.List, richtext.Figure,
		richtext.Gallery, richtext.Table, richtext.Rule, richtext.Code, richtext.Footnote, richtext.Card}
	return m.kind(kinds[m.IntN(len(kinds))], depth)
}

func (m maker) kind(kind richtext.Kind, depth int) richtext.Block {
	k := richtext.Block{Kind: kind}
	switch kind {
	case richtext.Paragraph, richtext.Pull, richtext.Footnote:
		k.Inline = m.spans()
	case richtext.Heading:
		k.Level, k.Inline = 2+m.IntN(3), m.spans()
	case richtext.Quote:
		k.Children, k.By = m.blocks(depth, richtext.Paragraph, richtext.Paragraph, richtext.List), m.maybe()
	case richtext.Aside:
		k.Children = m.blocks(depth, richtext.Paragraph, richtext.Heading, richtext.List, richtext.Quote, richtext.Figure, richtext.Card)
	case richtext.List:
		k.Ordered = m.one(2)
		if k.Ordered {
			k.Level = 1 + m.IntN(2)*m.IntN(40)
		}
		for range 1 + m.IntN(3) {
			item := richtext.Block{Kind: richtext.Item, Inline: m.maybe()}
			if depth < 5 && m.one(3) {
				item.Children = m.blocks(depth, richtext.List)
			}
			k.Children = append(k.Children, item)
		}
	case richtext.Figure:
		k.Media, k.Caption = 1+m.Int64N(1<<62), m.maybe()
		if m.one(2) {
			k.Text = strings.TrimSpace(m.text())
		}
		if m.one(2) {
			k.Credit = strings.TrimSpace(m.text())
		}
	case richtext.Gallery:
		k.Children = []richtext.Block{m.kind(richtext.Figure, depth), m.kind(richtext.Figure, depth)}
		if m.one(3) {
			k.Children = append(k.Children, m.kind(richtext.Figure, depth))
		}
		k.Caption = m.maybe()
	case richtext.Table:
		k.Caption = m.maybe()
		heads, width := m.IntN(3), 1+m.IntN(4)
		for i := range 1 + m.IntN(4) {
			row := richtext.Row{Head: i < heads}
			if !m.square {
				width = 1 + m.IntN(4)
			}
			for range width {
				c := richtext.Cell{Head: m.one(3), Number: m.one(3), Inline: m.maybe()}
				if m.square {
					row.Cells = append(row.Cells, c)
					continue
				}
				if m.one(6) {
					c.ColSpan = 2 + m.IntN(3)
				}
				if m.one(8) {
					c.RowSpan = 2 + m.IntN(2)
				}
				row.Cells = append(row.Cells, c)
			}
			k.Rows = append(k.Rows, row)
		}
	case richtext.Code:
		k.Text = "if " + m.text() + " {\n\t" + m.text() + "\n}"
	case richtext.Card:
		k.Href = "https://example.com/" + fmt.Sprint(m.IntN(9))
		if m.one(2) {
			k.Text = strings.TrimSpace(m.text())
		}
	}
	return k
}

// names gives blocks their ids: notes those that references have, others any.
func (m maker) names(d *richtext.Doc) {
	notes := 0
	for i := range d.Blocks {
		k := &d.Blocks[i]
		k.ID = fmt.Sprintf("b%d", i+1)
		if m.one(3) {
			k.ID = fmt.Sprintf("b%dx%c%d", m.IntN(10), 'a'+rune(m.IntN(26)), i)
		}
		if k.Kind == richtext.Footnote {
			k.ID = fmt.Sprintf("b9%d", notes)
			notes++
		}
	}
}
