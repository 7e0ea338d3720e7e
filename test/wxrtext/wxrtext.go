// Package wxrtext reads WordPress exports without parsing XML: what the
// importer is compared with must not share its errors.
package wxrtext

import (
	"cmp"
	"compress/gzip"
	"io"
	"os"
	"regexp"
	"strings"
)

var (
	cdata   = regexp.MustCompile(`(?s)<!\[CDATA\[(.*?)\]\]>`)
	item    = regexp.MustCompile(`(?s)<item(?:\s[^>]*)?>(.*?)</item>`)
	comment = regexp.MustCompile(`(?s)<wp:comment>(.*?)</wp:comment>`)
	meta    = regexp.MustCompile(`(?s)<wp:postmeta>(.*?)</wp:postmeta>`)
)

// ViewKeys are the keys of view counts that the material's own counting script
// knows.
var ViewKeys = map[string]bool{"views": true, "post_views_count": true, "_post_views": true, "pvc_views": true}

// CommentStates are what WordPress calls the states of comments.
var CommentStates = map[string]string{"1": "approved", "0": "pending", "spam": "spam", "trash": "trash", "post-trashed": "trash"}

// Read gives the text of an export, plain or .gz. A '<' inside CDATA, which must
// not be taken for markup, is "\x01".
func Read(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return "", err
		}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	return cdata.ReplaceAllStringFunc(strings.ToValidUTF8(string(raw), "\uFFFD"), func(s string) string {
		return "<![CDATA[" + strings.ReplaceAll(s[9:len(s)-3], "<", "\x01") + "]]>"
	}), nil
}

// Items are the insides of a text's items. What a file has twice, with the same
// number, type and slug (a draft without one: headline), is one.
func Items(text string) (out []string) {
	seen := map[string]bool{}
	for _, it := range insides(item, text) {
		id := Value("wp:post_id", it)
		told := cmp.Or(Value("wp:post_name", it), "\x00"+Value("title", it))
		key := id + "/" + cmp.Or(Value("wp:post_type", it), "post") + "/" + told
		if id != "" && seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, it)
	}
	return out
}

// Comments are the insides of an item's comments.
func Comments(text string) []string { return insides(comment, text) }

// Metas are the insides of an item's custom fields.
func Metas(text string) []string { return insides(meta, text) }

func insides(re *regexp.Regexp, text string) (out []string) {
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// Value is what the first element of a name holds.
func Value(name, s string) string {
	rest, ok := after(s, "<"+name)
	if !ok {
		return ""
	}
	v, _, ok := strings.Cut(rest, "</"+name+">")
	if !ok {
		return ""
	}
	v = strings.TrimSpace(v)
	if parts := cdata.FindAllStringSubmatch(v, -1); parts != nil {
		v = ""
		for _, p := range parts {
			v += p[1]
		}
	}
	return v
}

// after gives what stands behind an opening tag, with or without attributes.
func after(s, open string) (string, bool) {
	for {
		i := strings.Index(s, open)
		if i < 0 {
			return "", false
		}
		if s = s[i+len(open):]; s != "" && (s[0] == '>' || s[0] == ' ') {
			_, rest, ok := strings.Cut(s, ">")
			return rest, ok
		}
	}
}
