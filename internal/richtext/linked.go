package richtext

import (
	"cmp"
	"net/url"
	"path"
	"strings"
)

// A picture may be a link: to a document whose first page it shows, a partner,
// another article. Figures are none, so the link goes into the caption, or
// behind a picture that is not here. Until finish it waits in a field that the
// block does not use: Figure.Href, Card.Credit.

// around is the link that a picture stands in, with its address as written;
// empty: in none, or in one that leads to the picture itself.
func (b *builder) around(src string, media int64) string {
	for i := len(b.inline) - 1; i >= b.top().base; i-- {
		e := &b.inline[i]
		if e.mark&Link == 0 || e.href == "" {
			continue
		}
		if id, ok := mediaRef(e.href); ok && id == media || strings.HasPrefix(e.href, "#") || samePicture(e.raw, src) {
			return ""
		}
		return e.href + "\x00" + e.raw
	}
	return ""
}

// samePicture reports whether two addresses are of one picture in two sizes.
func samePicture(a, b string) bool {
	key := func(s string) string {
		u, err := url.Parse(trimURL(s))
		if err != nil || u.Path == "" {
			return ""
		}
		ext := path.Ext(u.Path)
		switch strings.ToLower(ext) {
		case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg":
		default:
			return ""
		}
		name := strings.TrimSuffix(strings.TrimSuffix(u.Path, ext), "-scaled")
		if i := strings.LastIndexByte(name, '-'); i > 0 && isSize(name[i+1:]) {
			name = name[:i]
		}
		return name
	}
	k := key(a)
	return k != "" && k == key(b)
}

// isSize reports whether s is what the old editor adds to the names of smaller
// pictures: "300x200".
func isSize(s string) bool {
	w, h, ok := strings.Cut(s, "x")
	number := func(s string) bool { return s != "" && len(s) < 6 && strings.Trim(s, "0123456789") == "" }
	return ok && number(w) && number(h)
}

// placeLinks puts the links of pictures where readers find them. One that words
// of the text lead to as well is not missed.
func placeLinks(blocks []Block) []Block {
	if !anyLinked(blocks) {
		return blocks
	}
	used := map[string]bool{}
	eachSpans(blocks, func(spans []Span) {
		for i := range spans {
			used[spans[i].Href] = true
		}
	})
	return place(blocks, used, true)
}

func anyLinked(blocks []Block) bool {
	for i := range blocks {
		k := &blocks[i]
		if k.Kind == Figure && k.Href != "" || k.Kind == Card && k.Credit != "" || anyLinked(k.Children) {
			return true
		}
	}
	return false
}

// place goes through blocks; behind tells whether others may stand behind one.
func place(blocks []Block, used map[string]bool, behind bool) []Block {
	var out []Block
	for i := range blocks {
		k := &blocks[i]
		k.Children = place(k.Children, used, k.Kind == Aside)
		waiting := ""
		switch k.Kind {
		case Figure:
			waiting, k.Href = k.Href, ""
		case Card:
			waiting, k.Credit = k.Credit, ""
		}
		href, raw, _ := strings.Cut(waiting, "\x00")
		if href == "" || used[href] {
			out = append(out, *k)
			continue
		}
		words := []Span{{Text: nameOf(href, raw), Marks: Link, Href: href}}
		switch {
		case k.Kind != Figure && behind && isWeb(href):
			used[href] = true
			out = append(out, *k, newCard(href, ""))
			continue
		case k.Kind != Figure && behind:
			used[href] = true
			out = append(out, *k, Block{Kind: Paragraph, Inline: words})
			continue
		case k.Kind == Figure && !linkWords(k.Caption, href):
			k.Caption = appendLine(k.Caption, words)
		}
		out = append(out, *k)
	}
	return out
}

// linkWords makes a link of a caption that has words and no link of its own.
func linkWords(caption []Span, href string) bool {
	if !hasWords(caption) {
		return false
	}
	for i := range caption {
		if caption[i].Href != "" || caption[i].Kind == NoteRef {
			return false
		}
	}
	for i := range caption {
		caption[i].Href = href
		caption[i].Marks |= Link
	}
	return true
}

// nameOf is what a link is called that has no words: a file by its name, what
// is elsewhere by its host, what is here by its old address, for which the page
// shows what it is called now.
func nameOf(href, raw string) string {
	u, err := url.Parse(trimURL(raw))
	if err != nil {
		u = &url.URL{}
	}
	file := path.Base(u.Path)
	name := ""
	switch {
	case file != "." && file != "/" && (strings.HasPrefix(href, "ref:media/") || path.Ext(file) != "" && strings.Contains(u.Path, "/uploads/")):
		name = file
	case isWeb(href):
		name = hostOf(href)
	case strings.HasPrefix(href, "ref:old/"):
		name = "https://" + strings.TrimPrefix(href, "ref:old/")
	default: // mailto, tel
		_, name, _ = strings.Cut(href, ":")
	}
	return cmp.Or(line(fold(name)), href)
}
